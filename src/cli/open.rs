//! Opens a file for a command: reads it to its end and builds the engine over it; it knows no query.

use std::path::PathBuf;
use std::sync::Arc;

use super::Failure;
use super::table::Given;
use crate::data::Dataset;
use crate::engine::Engine;
use crate::engine::memory::Memory;
use crate::ingest::{After, Input, Options, Shelf, open, preset_keys};
use crate::work::{Cancel, Progress};

/// Reads the file that the arguments name.
pub(super) fn dataset(given: &Given<'_>) -> Result<Arc<Dataset>, Failure> {
    let path = given.path("file").map(PathBuf::from).ok_or_else(|| Failure("no file was named".to_owned()))?;
    let table = given.text("table")?.map(str::to_owned);
    let (dataset, after) = read_with_copy(&Input::Path(path), given.text("preset")?, table)?;
    if matches!(after, After::Keep(_)) {
        let kept = Arc::clone(&dataset);
        given.later(move || {
            after.run_quickly(&kept, &Cancel::default());
        });
    }
    Ok(dataset)
}

/// Reads an input to its end.
pub(super) fn read(input: &Input, preset: Option<&str>) -> Result<Arc<Dataset>, Failure> {
    read_with_copy(input, preset, None).map(|(dataset, _)| dataset)
}

/// Reads an input to its end, or takes it from its kept copy once all of that is found to be right: nobody is there to be told later.
/// A shell's Ctrl+C ends the program, so that nothing has to cancel here.
fn read_with_copy(input: &Input, preset: Option<&str>, table: Option<String>) -> Result<(Arc<Dataset>, After), Failure> {
    if let Some(preset) = preset.filter(|preset| !preset_keys().contains(preset)) {
        return Err(Failure(format!("--preset: there is no preset “{preset}”; there are {}", preset_keys().join(", "))));
    }
    let options = Options { preset: preset.map(str::to_owned), table, without_snapshots: true, ..Options::default() };
    let shelf = Shelf::of_user();
    let opened = || {
        let opened = open(input, &options, shelf.as_ref(), &mut |_| {}, &Cancel::default(), &Progress::default());
        opened.map_err(|error| Failure(error.to_string()))
    };
    let mut from_file = opened()?;
    if !from_file.after.is_copy_right() {
        from_file = opened()?;
    }
    Ok((Arc::new(from_file.dataset), from_file.after))
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
