//! Looks up the lines of a file around an issue in the background: a large file takes a second.

use super::once::Once;
use crate::data::Excerpt;
use crate::ingest::{Input, LoadError, Wanted, excerpt};

/// Lines being looked up.
pub type ExcerptJob = Once<Result<Excerpt, LoadError>>;

/// Starts to look; `notify` is called when it is done.
pub fn look_up(input: Input, wanted: Wanted, notify: impl Fn() + Send + 'static) -> ExcerptJob {
    Once::start("excerpt", move |cancel| excerpt(&input, &wanted, cancel), notify)
}
