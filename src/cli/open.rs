//! Opens a file for a command: reads it to its end and builds the engine over it; it knows no query.

use std::path::Path;
use std::sync::Arc;

use super::Failure;
use super::table::Given;
use crate::data::Dataset;
use crate::engine::Engine;
use crate::engine::memory::Memory;
use crate::ingest::{After, Beside, Input, LoadError, MAPPING_BYTES_MAX, Options, SavedMapping, Shelf, open, preset_keys};
use crate::work::{Cancel, Progress};

/// Reads the file that the arguments name.
pub(super) fn dataset(given: &Given<'_>) -> Result<Arc<Dataset>, Failure> {
    let paths = given.paths("file");
    if paths.is_empty() {
        return Err(Failure("no file was named".to_owned()));
    }
    let (dataset, after) = read_with_copy(&Input::of_paths(paths), &options(given)?)?;
    if matches!(after, After::Keep(_)) {
        let kept = Arc::clone(&dataset);
        given.later(move || {
            after.run_quickly(&kept, &Cancel::default());
        });
    }
    Ok(dataset)
}

/// How the file is to be read, by `--preset` and `--mapping`. Mappings that the window has saved are not looked for: what a script does
/// depends on its arguments alone.
pub(super) fn options(given: &Given<'_>) -> Result<Options, Failure> {
    let mut options = match given.path("mapping") {
        None => Options::default(),
        Some(path) => mapping_options(Path::new(path))?,
    };
    if let Some(preset) = given.text("preset")? {
        let known = preset_keys();
        if !known.contains(&preset) {
            return Err(Failure(format!("--preset: there is no preset “{preset}”; there are {}", known.join(", "))));
        }
        options.preset = Some(preset.to_owned());
    }
    if let Some(table) = given.text("table")? {
        options.table = Some(table.to_owned());
    }
    options.beside = match given.word("releases")? {
        "yes" => Beside::Releases,
        "no" => Beside::Apart,
        _ => Beside::Guess,
    };
    Ok(Options { without_snapshots: true, ..options })
}

/// What a mapping file says about reading.
fn mapping_options(path: &Path) -> Result<Options, Failure> {
    let failed = |why: String| Failure(format!("--mapping: {}: {why}", path.display()));
    let size = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
    if size > MAPPING_BYTES_MAX {
        return Err(failed("it is too large to be a mapping file".to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    SavedMapping::of_text(&text).map(|mapping| mapping.options).map_err(|error| failed(error.to_string()))
}

/// Reads an input to its end.
pub(super) fn read(input: &Input, preset: Option<&str>) -> Result<Arc<Dataset>, Failure> {
    let options = Options { preset: preset.map(str::to_owned), without_snapshots: true, ..Options::default() };
    read_with_copy(input, &options).map(|(dataset, _)| dataset)
}

/// Reads an input to its end, or takes it from its kept copy once all of that is found to be right: nobody is there to be told later.
/// A shell's Ctrl+C ends the program, so that nothing has to cancel here.
fn read_with_copy(input: &Input, options: &Options) -> Result<(Arc<Dataset>, After), Failure> {
    let shelf = Shelf::of_user();
    let opened = || {
        let read = || open(input, options, shelf.as_ref(), &mut |_| {}, &Cancel::default(), &Progress::default());
        let opened = LoadError::or_mistake(input.name(), read);
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
        return Err(Failure(format!("{}: this is a data file, which is never written to; name another one", out.display())));
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
