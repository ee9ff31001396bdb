//! Kept copies: a file that was read once, or several that are one dataset, is kept as Arrow files in the user's cache folder, and mapped
//! when it is opened again.
//!
//! A copy is found by what is in the file: its size and some places of it, together with everything else that decides how it is read. It
//! is believed at once when the file is in a state (device, inode, size, times) in which all of it has been seen; in any other state all of
//! the file is read and compared first. Behind the first picture all of it is compared in any case, and the copy is checked as well.
//! A copy that is not right in every respect counts as none, and is removed.

mod files;
mod ipc;
mod map;
mod shelf;
mod sums;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

pub use self::shelf::Shelf;

use self::files::{Fault, Sheet, TEXTS};
use super::documents::state_beside;
use super::error::LoadError;
use super::feed::Input;
use super::identity::{Change, Identity};
use super::load::{load, stem};
use super::memory::Memory;
use super::packed::bare_name;
use super::several::resolve;
use super::sniff::extension;
use super::{Event, Options};
use crate::data::{Dataset, Issue, IssueKind};
use crate::work::{Cancel, Progress};

/// Smaller files are read sooner than a person notices.
const KEPT_BYTES_MIN: u64 = 8 << 20;
/// In so many states of a file its copy is believed without reading all of it.
const STATES_MAX: usize = 16;
/// What was noted about a copy since it was made.
const SEEN: &str = "seen.json";

/// A file that was opened.
#[derive(Debug)]
pub struct Opened {
    /// What is in it.
    pub dataset: Dataset,
    /// What is to be done behind the first picture.
    pub after: After,
    /// Which file or files were opened.
    pub input: Input,
    /// Each of them and the state in which it was read; nothing of what is no file.
    pub sources: Vec<(PathBuf, Identity)>,
}

/// What is to be done in the background when a file has been opened.
#[derive(Clone, Debug)]
pub enum After {
    /// Nothing.
    Nothing,
    /// Its copy is to be made.
    Keep(Arc<Place>),
    /// It came from a copy, which is to be checked against the file.
    Check(Arc<Place>),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is as it should be, or there is nothing to say about it.
    Fine,
    /// A copy was made: it has so many bytes.
    Kept(u64),
    /// No copy could be made in this folder, and why.
    NotKept(PathBuf, String),
    /// The copy was damaged and is gone: the file is to be read.
    Damaged,
    /// The copy was one of another content and is gone: the file is to be read.
    Outdated,
}

/// A file, or several that are one dataset, and where the copy is.
#[derive(Clone, Debug)]
pub struct Place {
    shelf: Shelf,
    name: String,
    /// What is opened, in words.
    label: String,
    /// Each file in the state in which it is read.
    sources: Vec<(PathBuf, Identity)>,
    /// Is it one file, whose name and place may change?
    is_one: bool,
}

/// What was noted about a copy since it was made. When the note was written says when the copy was last used.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Seen {
    /// SHA-256 of the file, when somebody has reckoned it.
    sha256: Option<String>,
    /// States of the file, or of all the files, that have the content of the copy.
    states: Vec<Vec<Identity>>,
}

impl Seen {
    fn read(folder: &Path) -> Self {
        std::fs::read(folder.join(SEEN)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Writes it anew, in one step.
    fn write(&self, folder: &Path) -> std::io::Result<()> {
        let beside = folder.join(format!("{SEEN}.{}", std::process::id()));
        std::fs::write(&beside, serde_json::to_vec(self)?)?;
        std::fs::rename(&beside, folder.join(SEEN))
    }

    fn add(&mut self, state: Vec<Identity>) {
        self.states.retain(|own| *own != state);
        self.states.insert(0, state);
        self.states.truncate(STATES_MAX);
    }
}

/// What views of so many records may take beside the columns: indexes, answers, the bits of a search.
fn room_for_views(records: usize) -> u64 {
    const AT_LEAST: u64 = 192 << 20;
    const PER_RECORD: u64 = 40;
    AT_LEAST + records as u64 * PER_RECORD
}

/// Opens a file: from its copy on the shelf when there is one that can be believed, else by reading it.
///
/// # Errors
/// Those of [`load`]. Whatever is wrong with the shelf is none.
pub fn open(
    input: &Input,
    options: &Options,
    shelf: Option<&Shelf>,
    watch: &mut (dyn FnMut(Event) + Send),
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Opened, LoadError> {
    let input = resolve(input)?;
    let sources = files(&input);
    let is_settled = !sources.is_empty() && sources.iter().all(|(_, identity)| !identity.is_fresh());
    let place = shelf.filter(|_| is_settled).and_then(|shelf| Place::of(shelf, &input, &sources, options));
    let (place, found) = match place.map(|place| (place.find(cancel), place)) {
        Some((Ok(found), place)) => (Some(place), found),
        // A copy that is there but cannot be had is not made once more.
        Some((Err(error), place)) => {
            log::info!("the kept copy of {} is not used: {error}", place.label);
            (None, None)
        }
        None => (None, None),
    };
    if let Some((place, dataset)) = place.clone().zip(found) {
        progress.set_bytes_total(place.size());
        progress.set(place.size(), dataset.records.len() as u64, dataset.issues.total());
        return Ok(Opened { dataset, after: After::Check(Arc::new(place)), input, sources });
    }
    if cancel.is_cancelled() {
        return Err(LoadError::Cancelled);
    }
    let mut dataset = load(&input, options, watch, cancel, progress)?;
    for (path, change) in sources.iter().filter_map(|(path, identity)| Some((path, identity.change(path)?))) {
        dataset.issues.push(changed_meanwhile(path, change));
    }
    Ok(Opened { dataset, after: place.map_or(After::Nothing, |place| After::Keep(Arc::new(place))), input, sources })
}

/// What is to be said of a file that somebody wrote to while it was read.
fn changed_meanwhile(path: &Path, change: Change) -> Issue {
    let (kind, message) = match change {
        Change::Shrunk(bytes) => (IssueKind::Truncated, format!("the file lost {bytes} bytes while it was read")),
        Change::Grown(bytes) => (IssueKind::Assumption, format!("the file became {bytes} bytes longer while it was read")),
        Change::Rewritten => (IssueKind::Assumption, "the file was written to while it was read".to_owned()),
        Change::Vanished => (IssueKind::Assumption, "the file was taken away while it was read".to_owned()),
    };
    let value = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let action = "what was there at each moment was read; read it again".to_owned();
    Issue { line: None, column: None, value, kind, message, action }
}

/// The files of an input, each in its present state.
fn files(input: &Input) -> Vec<(PathBuf, Identity)> {
    match input {
        Input::Path(path) => Identity::of(path).ok().map(|identity| (path.clone(), identity)).into_iter().collect(),
        Input::Bytes { .. } => Vec::new(),
        Input::Packed { archive, .. } => files(archive),
        Input::Several { parts, .. } => {
            let mut all: Vec<(PathBuf, Identity)> = parts.iter().flat_map(|(_, part)| files(part)).collect();
            // Many parts can be in one archive.
            all.dedup();
            all
        }
    }
}

/// Is all of it in files, which can be looked at again?
fn is_of_files(input: &Input) -> bool {
    match input {
        Input::Path(_) => true,
        Input::Bytes { .. } => false,
        Input::Packed { archive, .. } => is_of_files(archive),
        Input::Several { parts, .. } => parts.iter().all(|(_, part)| is_of_files(part)),
    }
}

/// SHA-256 of a file, in hexadecimal; of bytes in memory none, as it is always known. `None` also when it cannot be read.
pub fn sha256_of(path: &Path) -> Option<String> {
    sums::content_with_sha256(path, &Cancel::default()).ok().flatten().and_then(|content| content.sha256)
}

impl After {
    /// Does it, and makes the SHA-256 of the file known to the dataset where it was not. Nothing that goes wrong on the way is an error
    /// to anybody but this: then there is no copy.
    pub fn run(&self, dataset: &Dataset, cancel: &Cancel) -> Outcome {
        self.run_with(dataset, true, cancel)
    }

    /// The same without SHA-256, which takes a few times as long.
    pub fn run_quickly(&self, dataset: &Dataset, cancel: &Cancel) -> Outcome {
        self.run_with(dataset, false, cancel)
    }

    /// Is the copy that the dataset came from right to the last byte? One that is not is removed.
    pub fn is_copy_right(&self) -> bool {
        match self {
            Self::Nothing | Self::Keep(_) => true,
            Self::Check(place) => place.is_copy_right(&Cancel::default()).unwrap_or_else(|_| {
                place.shelf.remove(&place.name);
                false
            }),
        }
    }

    fn run_with(&self, dataset: &Dataset, wants_sha256: bool, cancel: &Cancel) -> Outcome {
        let (place, result) = match self {
            Self::Nothing => return Outcome::Fine,
            Self::Keep(place) => (place, place.keep(dataset, wants_sha256, cancel)),
            Self::Check(place) => (place, place.check(dataset, wants_sha256, cancel)),
        };
        result.unwrap_or_else(|error| {
            log::info!("{}: no copy is kept: {error}", place.label);
            let is_told = matches!(self, Self::Keep(_)) && !cancel.is_cancelled();
            if is_told { Outcome::NotKept(place.shelf.folder.clone(), error.to_string()) } else { Outcome::Fine }
        })
    }
}

impl Place {
    /// Where the copy of a file, or of several together, is, whether there is one or not; `None` of what is not worth one or cannot be
    /// looked at again.
    fn of(shelf: &Shelf, input: &Input, sources: &[(PathBuf, Identity)], options: &Options) -> Option<Self> {
        let size: u64 = sources.iter().map(|(_, identity)| identity.size()).sum();
        if size < shelf.bytes_min || !is_of_files(input) {
            return None;
        }
        let mut samples = String::new();
        for (path, identity) in sources {
            write!(samples, "{:032x} {} ", sums::samples(path, identity.size()).ok()?, identity.size()).ok()?;
        }
        let Options {
            preset,
            mapping,
            encoding,
            delimiter,
            header,
            changes,
            table,
            rows_max,
            beside,
            without_saved: _,
            without_snapshots: _,
            of_files,
        } = options;
        if rows_max.is_some() {
            return None;
        }
        let reading = format!("{preset:?} {mapping:?} {encoding:?} {delimiter:?} {header:?} {changes:?} {table:?}");
        let choices = match input {
            Input::Path(path) => {
                let name = path.to_string_lossy();
                format!("{reading} {} {} {}", extension(&name), extension(bare_name(&name)), state_beside(path))
            }
            // The names of all files are in the dataset, and what was said of those that were passed over.
            several => {
                let beside_them: Vec<String> = sources.iter().map(|(path, _)| state_beside(path)).collect();
                format!("{reading} {beside:?} {of_files:?} {several:?} {beside_them:?}")
            }
        };
        let all = format!("{} {samples} {choices}", env!("DATELINE_READERS"));
        let is_one = matches!(input, Input::Path(_));
        let name = format!("{:032x}", xxh3_128(all.as_bytes()));
        Some(Self { shelf: shelf.clone(), name, label: input.name(), sources: sources.to_vec(), is_one })
    }

    /// How many bytes the files have.
    fn size(&self) -> u64 {
        self.sources.iter().map(|(_, identity)| identity.size()).sum()
    }

    fn states(&self) -> Vec<Identity> {
        self.sources.iter().map(|source| source.1).collect()
    }

    fn folder(&self) -> PathBuf {
        self.shelf.folder.join(&self.name)
    }

    /// The dataset of the copy, when it can be believed. A damaged one is removed.
    fn find(&self, cancel: &Cancel) -> Result<Option<Dataset>, Fault> {
        let folder = self.folder();
        if !folder.is_dir() {
            return Ok(None);
        }
        let found = files::read_sheet(&folder).and_then(|sheet| {
            let mut seen = Seen::read(&folder);
            if !seen.states.contains(&self.states()) && !self.has_content_of(&sheet, cancel) {
                return Ok(None);
            }
            let is_counter_its_name = sheet.is_counter_its_name;
            let mut dataset = sheet.open(&folder)?;
            // Where addresses are limited, the files of the copy count too, although they are only mapped.
            if let Some(memory) = Memory::now()
                && memory.free < room_for_views(dataset.records.len())
            {
                return Err(
                    std::io::Error::new(std::io::ErrorKind::OutOfMemory, "beside it there is too little room for views of it").into()
                );
            }
            self.name_origin(&mut dataset, is_counter_its_name);
            if let Some(sha256) = seen.sha256.clone() {
                dataset.origin.sha256.set(sha256);
            }
            seen.add(self.states());
            if let Err(error) = seen.write(&folder) {
                log::info!("{}: {error}", folder.display());
            }
            Ok(Some(dataset))
        });
        if let Err(Fault::Damaged(error)) = found {
            log::warn!("the kept copy of {} is damaged and is made anew: {error}", self.label);
            self.shelf.remove(&self.name);
            return Ok(None);
        }
        found
    }

    /// Reads all of the file to find out whether it has the content of the copy.
    fn has_content_of(&self, sheet: &Sheet, cancel: &Cancel) -> bool {
        matches!(self.hash(cancel), Ok(Some(hash)) if hash == sheet.content) && self.is_unchanged()
    }

    /// What all bytes of all files come to; `None` when somebody asked to stop.
    fn hash(&self, cancel: &Cancel) -> std::io::Result<Option<String>> {
        let mut all = Vec::with_capacity(self.sources.len());
        for (path, identity) in &self.sources {
            let Some(content) = sums::content(path, identity.size(), cancel)? else { return Ok(None) };
            all.push(content.hash);
        }
        Ok(Some(all.join("+")))
    }

    fn is_unchanged(&self) -> bool {
        self.sources.iter().all(|(path, identity)| Identity::of(path).is_ok_and(|now| now == *identity))
    }

    /// What depends on the file's name rather than on what is in it.
    fn name_origin(&self, dataset: &mut Dataset, is_counter_its_name: bool) {
        if !self.is_one {
            return;
        }
        dataset.origin.path.clone_from(&self.label);
        if is_counter_its_name {
            dataset.origin.counter = Some(stem(&dataset.origin.path));
        }
    }

    /// Makes the copy of a file that was read.
    fn keep(&self, dataset: &Dataset, wants_sha256: bool, cancel: &Cancel) -> std::io::Result<Outcome> {
        if !dataset.is_complete || dataset.records.is_empty() || !self.is_unchanged() {
            return Ok(Outcome::Fine);
        }
        let plain = dataset.to_plain();
        let bytes = files::size(&plain);
        self.shelf.make_room(bytes)?;
        let beside = self.shelf.begin(&self.name)?;
        let written = files::write_arrays(beside.path(), plain, cancel)?;
        let Some(content) = self.content(dataset, wants_sha256, cancel)? else { return Ok(Outcome::Fine) };
        if !self.is_unchanged() {
            return Ok(Outcome::Fine);
        }
        let is_counter_its_name = self.is_one && dataset.origin.counter.as_deref() == Some(stem(&dataset.origin.path).as_str());
        files::write_about(beside.path(), written, content, is_counter_its_name)?;
        let sha256 = dataset.origin.sha256.is_known().then(|| dataset.origin.sha256.get().to_owned());
        Seen { sha256, states: vec![self.states()] }.write(beside.path())?;
        beside.finish(&self.shelf, &self.name)?;
        Ok(Outcome::Kept(bytes))
    }

    /// What all bytes of the file come to. SHA-256 is made on the way where it is wanted and not known.
    fn content(&self, dataset: &Dataset, wants_sha256: bool, cancel: &Cancel) -> std::io::Result<Option<String>> {
        // Several files have no sum of their own.
        let file = self.sources.first().filter(|_| self.is_one && wants_sha256 && !dataset.origin.sha256.is_known());
        let Some((path, _)) = file else { return self.hash(cancel) };
        let Some(content) = sums::content_with_sha256(path, cancel)? else { return Ok(None) };
        if let Some(sha256) = content.sha256.filter(|_| self.is_unchanged()) {
            dataset.origin.sha256.set(sha256);
        }
        Ok(Some(content.hash))
    }

    /// Is all of the copy as it was written? The columns were checked when it was opened. One that is not is removed.
    fn is_copy_right(&self, cancel: &Cancel) -> std::io::Result<bool> {
        let folder = self.folder();
        // One that another program has removed in the meantime was right when it was opened.
        let Ok(sheet) = files::read_sheet(&folder) else { return Ok(true) };
        let is_right = sheet.texts.fit_file(&folder.join(TEXTS), cancel)? != Some(false);
        if !is_right {
            self.shelf.remove(&self.name);
        }
        Ok(is_right)
    }

    /// Checks the copy that a dataset came from, then whether the file still has the content that was copied.
    fn check(&self, dataset: &Dataset, wants_sha256: bool, cancel: &Cancel) -> std::io::Result<Outcome> {
        let folder = self.folder();
        let Ok(sheet) = files::read_sheet(&folder) else { return Ok(Outcome::Fine) };
        if !self.is_copy_right(cancel)? {
            return Ok(Outcome::Damaged);
        }
        let was_known = dataset.origin.sha256.is_known();
        let Some(content) = self.content(dataset, wants_sha256, cancel)? else { return Ok(Outcome::Fine) };
        if !self.is_unchanged() {
            return Ok(Outcome::Fine);
        }
        if content != sheet.content {
            self.shelf.remove(&self.name);
            return Ok(Outcome::Outdated);
        }
        if !was_known && dataset.origin.sha256.is_known() {
            let seen = Seen { sha256: Some(dataset.origin.sha256.get().to_owned()), ..Seen::read(&folder) };
            seen.write(&folder)?;
        }
        Ok(Outcome::Fine)
    }
}
