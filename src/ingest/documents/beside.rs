//! Finds and reads the JSON files that belong to another one in its folder, such as the sources of an export.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::ingest::Input;

/// The largest file beside another one that is read: it is held as a whole.
const BYTES_MAX: u64 = 64 << 20;
/// What the files hold that may stand beside others.
pub(super) const SOURCES: &str = "sources";
pub(super) const ASSOCIATIONS: &str = "associations";

/// What was found beside a file.
pub(super) enum Beside {
    /// There is none.
    None,
    /// There are several, and no name tells which one belongs to the file.
    Several(Vec<String>),
    /// The one that belongs to it cannot be read: its name, and why.
    Unread(String, String),
    /// Its name and its content.
    Read(String, Value),
}

/// Reads the file beside an input whose name says that it holds `what`.
pub(super) fn read(input: &Input, what: &str) -> Beside {
    let Input::Path(path) = input else { return Beside::None };
    let all = candidates(path, what);
    let found = match (own(path, &all, what), all.as_slice()) {
        (Some(found), _) => found,
        (None, []) => return Beside::None,
        (None, [only]) => only.clone(),
        (None, several) => return Beside::Several(several.iter().map(|path| name(path)).collect()),
    };
    match value(&found) {
        Ok(value) => Beside::Read(name(&found), value),
        Err(reason) => Beside::Unread(name(&found), reason),
    }
}

/// The state of every file that might be read beside this one, so that a kept copy is not believed when one of them has changed.
pub(in crate::ingest) fn state(path: &Path) -> String {
    let mut all = candidates(path, SOURCES);
    all.extend(candidates(path, ASSOCIATIONS));
    let state = |path: &PathBuf| {
        let metadata = std::fs::metadata(path).ok()?;
        Some(format!("{} {} {:?}", path.display(), metadata.len(), metadata.modified().ok()))
    };
    all.iter().filter_map(state).collect::<Vec<_>>().join("|")
}

/// The JSON files of the same folder with `what` in their names, sorted.
fn candidates(path: &Path, what: &str) -> Vec<PathBuf> {
    let is_json = |path: &Path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    if !is_json(path) {
        return Vec::new();
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|other| is_json(other) && other.file_name() != path.file_name() && name(other).to_lowercase().contains(what))
        .filter(|other| other.is_file())
        .collect();
    found.sort();
    found
}

/// The one whose name is that of the file with `what` in the place of `events`.
fn own(path: &Path, all: &[PathBuf], what: &str) -> Option<PathBuf> {
    let wanted = name(path).to_lowercase().replace("events", what);
    all.iter().find(|other| name(other).to_lowercase() == wanted).cloned()
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn value(path: &Path) -> Result<Value, String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(format!("it is larger than {} MB", BYTES_MAX >> 20));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    serde_json::from_slice(text).map_err(|error| error.to_string())
}
