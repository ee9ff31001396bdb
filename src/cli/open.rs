//! Opens a file for a command: reads it to its end and builds the engine over it; it knows no query.

use std::path::PathBuf;
use std::sync::Arc;

use super::Failure;
use super::table::Given;
use crate::data::Dataset;
use crate::engine::Engine;
use crate::engine::memory::Memory;
use crate::ingest::{Input, Options, load};
use crate::work::{Cancel, Progress};

/// The presets that a table can be read with.
const PRESETS: [&str; 2] = ["table", "ucdp_ged"];

/// Reads the file that the arguments name.
pub(super) fn dataset(given: &Given<'_>) -> Result<Arc<Dataset>, Failure> {
    let path = given.path("file").map(PathBuf::from).ok_or_else(|| Failure("no file was named".to_owned()))?;
    read(&Input::Path(path), given.text("preset")?)
}

/// Reads an input to its end. A shell's Ctrl+C ends the program, so that nothing has to cancel here.
pub(super) fn read(input: &Input, preset: Option<&str>) -> Result<Arc<Dataset>, Failure> {
    if let Some(preset) = preset.filter(|preset| !PRESETS.contains(preset)) {
        return Err(Failure(format!("--preset: there is no preset “{preset}”; there are {}", PRESETS.join(", "))));
    }
    let options = Options { preset: preset.map(str::to_owned), without_snapshots: true, ..Options::default() };
    let dataset = load(input, &options, &mut |_| {}, &Cancel::default(), &Progress::default());
    dataset.map(Arc::new).map_err(|error| Failure(error.to_string()))
}

/// The bundled sample.
pub(super) fn sample() -> Input {
    Input::Bytes { name: crate::sample::SAMPLE_NAME.to_owned(), bytes: Arc::from(crate::sample::bytes()) }
}

/// The engine over a dataset.
pub(super) fn engine(dataset: &Arc<Dataset>) -> Result<Box<dyn Engine>, Failure> {
    match Memory::build(Arc::clone(dataset), &Cancel::default()) {
        Ok(memory) => Ok(Box::new(memory)),
        Err(stop) => Err(Failure(stop.to_string())),
    }
}
