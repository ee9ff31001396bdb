//! Builds the engine of a snapshot in the background.

use std::sync::Arc;

use super::once::Once;
use crate::data::Dataset;
use crate::engine::{Engine, memory::Memory};

/// An engine under construction. Dropping it cancels the work.
pub struct EngineJob {
    work: Once<EngineReady>,
    is_new_file: bool,
}

/// What became of it.
pub enum EngineReady {
    /// It is ready.
    Built {
        /// The engine.
        engine: Arc<dyn Engine>,
        /// Is it the first one of its file?
        is_new_file: bool,
    },
    /// It was cancelled.
    Cancelled,
}

impl EngineJob {
    /// Starts to build; `notify` is called when it is done.
    pub fn start(dataset: Arc<Dataset>, is_new_file: bool, notify: impl Fn() + Send + 'static) -> Self {
        let build = move |cancel: &_| match Memory::build(dataset, cancel) {
            Ok(engine) => EngineReady::Built { engine: Arc::new(engine), is_new_file },
            Err(_stop) => EngineReady::Cancelled,
        };
        Self { work: Once::start("engine", build, notify), is_new_file }
    }

    /// Is it the first engine of its file?
    pub fn is_new_file(&self) -> bool {
        self.is_new_file
    }

    /// What became of it, once.
    pub fn poll(&self) -> Option<EngineReady> {
        self.work.poll()
    }
}
