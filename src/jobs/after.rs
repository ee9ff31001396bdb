//! What is done behind the first picture of a file: its kept copy is made, or checked against the file.

use std::sync::Arc;

use super::once::Once;
use crate::data::Dataset;
use crate::ingest::{After, Outcome};
use crate::work;

/// Work on a kept copy. Dropping it cancels the work; a copy that is half made is removed.
pub type AfterJob = Once<Outcome>;

/// Starts it; `notify` is called when it is done.
pub fn look_after(after: After, dataset: Arc<Dataset>, notify: impl Fn() + Send + 'static) -> AfterJob {
    Once::start(
        "kept copy",
        move |cancel| {
            work::step_back();
            let came = after.run(&dataset, cancel);
            // What is large is let go before anybody hears of it.
            drop(dataset);
            came
        },
        notify,
    )
}
