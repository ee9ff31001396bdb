//! Engines answer queries about one snapshot of a dataset: blocking, one method, plain values in and out.

pub mod memory;
pub mod naive;

use crate::query::{Answer, Query};
use crate::work::Cancel;

/// Answers queries about one snapshot.
pub trait Engine: Send + Sync {
    /// The answer to a query. Blocks until it is there, or until it is cancelled.
    fn answer(&self, query: &Query, ask: &Ask<'_>) -> Result<Answer, Stop>;

    /// Which snapshot it answers about.
    fn generation(&self) -> u64;
}

/// How a query is asked.
pub struct Ask<'a> {
    /// Ends the work early.
    pub cancel: Cancel,
    /// Receives answers that come in pieces, such as the first results of a search.
    pub partial: &'a (dyn Fn(Answer) + Sync),
}

impl Ask<'_> {
    /// Asks without a way to cancel and without pieces.
    pub fn plainly() -> Self {
        Ask { cancel: Cancel::default(), partial: &|_| {} }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Stop {
    /// Somebody asked for it to stop.
    #[error("the query was cancelled")]
    Cancelled,
    /// The query makes no sense for this file.
    #[error("{0}")]
    Refused(String),
}
