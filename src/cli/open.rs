//! Opens a file for a command: reads it to its end and builds the engine over it; it knows no query.

use std::path::Path;
use std::sync::Arc;

use super::Failure;
use super::table::Given;
use crate::data::Dataset;
use crate::engine::Engine;
use crate::engine::memory::Memory;
use crate::ingest::{After, Beside, Input, Options, Shelf, open};
use crate::work::{Cancel, Progress};

/// The presets that a table can be read with.
const PRESETS: [&str; 2] = ["table", "ucdp_ged"];

/// Reads the file that the arguments name.
pub(super) fn dataset(given: &Given<'_>) -> Result<Arc<Dataset>, Failure> {
    let paths = given.paths("file");
    if paths.is_empty() {
        return Err(Failure("no file was named".to_owned()));
    }
    let beside = match given.word("releases")? {
        "yes" => Beside::Releases,
        "no" => Beside::Apart,
        _ => Beside::Guess,
    };
    let (dataset, after) = read_with_copy(&Input::of_paths(paths), given.text("preset")?, beside)?;
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
    read_with_copy(input, preset, Beside::Guess).map(|(dataset, _)| dataset)
}

/// Reads an input to its end, or takes it from its kept copy once all of that is found to be right: nobody is there to be told later.
/// A shell's Ctrl+C ends the program, so that nothing has to cancel here.
fn read_with_copy(input: &Input, preset: Option<&str>, beside: Beside) -> Result<(Arc<Dataset>, After), Failure> {
    if let Some(preset) = preset.filter(|preset| !PRESETS.contains(preset)) {
        return Err(Failure(format!("--preset: there is no preset “{preset}”; there are {}", PRESETS.join(", "))));
    }
    let options = Options { preset: preset.map(str::to_owned), beside, without_snapshots: true, ..Options::default() };
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

/// Files that are read are never written to, by whatever name they are called; nor is any file of a folder that is read.
pub(super) fn refuse_data_file(given: &Given<'_>, out: &Path) -> Result<(), Failure> {
    let Ok(out_path) = std::fs::canonicalize(out) else { return Ok(()) };
    let is_read = |path: &Path| std::fs::canonicalize(path).is_ok_and(|path| out_path.starts_with(path));
    if given.paths("file").iter().any(|path| is_read(path)) {
        return Err(Failure(format!("{}: this is a file that is read; name another one", out.display())));
    }
    Ok(())
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
