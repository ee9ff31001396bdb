//! Engines answer queries about one snapshot of a dataset: blocking, one method, plain values in and out.

mod clause;
mod facts;
mod fold;
mod lines;
pub mod memory;
pub mod naive;
mod place;
pub mod probe;
mod readings;
mod schema;
mod series;
mod stories;
mod tables;
mod uniform;
mod wordless;

use crate::query::{Answer, Query};
use crate::work::{Cancel, map_parts, threads};

pub use fold::fold;
pub use place::{anchor, extent};

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
    /// Receives answers that come in pieces, such as the first results of a search, each with the share that was looked at, from 0 to 1.
    pub partial: &'a (dyn Fn(Answer, f32) + Sync),
}

impl Ask<'_> {
    /// Asks without a way to cancel and without pieces.
    pub fn plainly() -> Self {
        Ask { cancel: Cancel::default(), partial: &|_, _| {} }
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

/// Rows between two looks at whether the work was cancelled.
const ROWS_PER_LOOK: u32 = 4096;

/// Up to so many rows are looked at by one thread: starting another takes longer.
const ROWS_ALONE_MAX: usize = if cfg!(test) { 100 } else { 1 << 15 };

/// Looks at `0..len` in parallel, a range of rows for each thread; the results come in order.
fn in_parts<T: Send>(len: usize, work: impl Fn(std::ops::Range<usize>) -> Result<T, Stop> + Sync) -> Result<Vec<T>, Stop> {
    map_parts(len, if len > ROWS_ALONE_MAX { threads() } else { 1 }, work).into_iter().collect()
}

/// Stops cancelled work, now and then.
fn look(cancel: &Cancel, row: u32) -> Result<(), Stop> {
    if row.is_multiple_of(ROWS_PER_LOOK) && cancel.is_cancelled() { Err(Stop::Cancelled) } else { Ok(()) }
}
