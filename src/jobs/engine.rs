//! Builds the engine of a snapshot in the background.

use std::sync::{Arc, Mutex};

use crate::data::Dataset;
use crate::engine::{Engine, memory::Memory};
use crate::work::{self, Cancel};

/// An engine under construction.
pub struct EngineJob {
    cancel: Cancel,
    is_new_file: bool,
    result: Arc<Mutex<Option<EngineReady>>>,
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
        let job = Self { cancel: Cancel::default(), is_new_file, result: Arc::new(Mutex::new(None)) };
        let (cancel, result) = (job.cancel.clone(), Arc::clone(&job.result));
        work::spawn("engine", move || {
            let ready = match Memory::build(dataset, &cancel) {
                Ok(engine) => EngineReady::Built { engine: Arc::new(engine), is_new_file },
                Err(_stop) => EngineReady::Cancelled,
            };
            if let Ok(mut place) = result.lock() {
                *place = Some(ready);
            }
            notify();
        });
        job
    }

    /// Is it the first engine of its file?
    pub fn is_new_file(&self) -> bool {
        self.is_new_file
    }

    /// What became of it, once.
    pub fn poll(&self) -> Option<EngineReady> {
        self.result.lock().ok()?.take()
    }
}

impl Drop for EngineJob {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}
