//! Several files as one dataset: each is read by itself, by its own detection, and all of them are put together.
//!
//! What cannot be read is an issue with the file's name. Two files that look like two releases of one dataset are compared
//! instead of being counted twice.

mod folder;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use super::error::LoadError;
use super::feed::Input;
use super::run::next_generation;
use super::{Beside, Event, Options};
use crate::data::{Comparison, Dataset, Issue, IssueKind, Origin, Together};
use crate::work::{Cancel, Progress};

pub(super) use folder::resolve;

/// A picture of what was read so far comes no earlier than this, then at doubling intervals.
const FIRST_SNAPSHOT: Duration = Duration::from_millis(500);
/// So many files are looked at as releases of one dataset; all of them are held until it is known that they are none.
const RELEASES_MAX: usize = 8;
/// So many names are listed in a message.
const NAMES_LISTED_MAX: usize = 8;

/// What was found while files were looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A limit was reached.
    Limit(String),
    /// Files that are no tables by their names.
    PassedOver(Vec<String>),
    /// Archives within an archive.
    Archives(Vec<String>),
    /// Two releases that cannot be compared.
    Incomparable,
    /// Files that look like releases of one dataset, beside others that do not.
    Doubled(Vec<String>),
    /// Older releases than the two that are compared.
    Older(Vec<String>),
}

impl Input {
    /// Several files or folders, named by what they have in common. One alone is itself.
    pub fn of_paths(mut paths: Vec<std::path::PathBuf>) -> Self {
        if paths.len() == 1 {
            return Self::Path(paths.remove(0));
        }
        let names = short_names(&paths);
        let first = paths.first().map(|path| path.display().to_string()).unwrap_or_default();
        let name = format!("{first} and {} more", paths.len().saturating_sub(1));
        let parts = names.into_iter().zip(paths.into_iter().map(Self::Path)).collect();
        Self::Several { name, parts, said: Vec::new() }
    }
}

/// The input itself, or the first file of several: what is asked of one file is answered by that one.
pub(super) fn first_file(input: &Input) -> Result<Input, LoadError> {
    match resolve(input)? {
        Input::Several { parts, name, .. } => {
            parts.into_iter().next().map(|(_, first)| first).ok_or(LoadError::NoReadableFile { path: name })
        }
        one => Ok(one),
    }
}

/// The files that an input stands for, by their names among each other; none when it is one file.
///
/// # Errors
/// When there is no file that can be read.
pub fn parts(input: &Input) -> Result<Vec<(String, Input)>, LoadError> {
    Ok(if let Input::Several { parts, .. } = resolve(input)? { parts } else { Vec::new() })
}

/// The shortest ends of paths by which they can be told apart, but for folders, which stand for what is in them.
fn short_names(paths: &[std::path::PathBuf]) -> Vec<String> {
    let parts: Vec<Vec<String>> = paths.iter().map(|path| path.iter().map(|part| part.to_string_lossy().into_owned()).collect()).collect();
    let longest = parts.iter().map(Vec::len).max().unwrap_or(1);
    let named = |len: usize| -> Vec<String> { parts.iter().map(|parts| parts[parts.len().saturating_sub(len)..].join("/")).collect() };
    (1..=longest).map(named).find(|names| names.iter().enumerate().all(|(place, name)| !names[..place].contains(name))).unwrap_or_else(
        || {
            let whole = named(longest);
            whole.iter().enumerate().map(|(place, name)| format!("{name} ({})", place + 1)).collect()
        },
    )
}

/// Reads one file, of this name among the several, to its end.
type Load<'l> = dyn Fn((&str, &Input), &mut (dyn FnMut(Event) + Send), &Progress) -> Result<Dataset, LoadError> + 'l;

/// Several files being read.
struct Reading<'r> {
    origin: Origin,
    together: Together,
    /// The files so far, while they may turn out to be releases of one dataset.
    held: Vec<(String, Dataset)>,
    left_out: Vec<(String, LoadError)>,
    said: Vec<Said>,
    watch: &'r mut (dyn FnMut(Event) + Send),
    has_snapshots: bool,
    started: Instant,
    next_snapshot: Duration,
}

/// Reads all of them.
pub(super) fn load(
    (name, parts, said): (&str, &[(String, Input)], &[Said]),
    options: &Options,
    watch: &mut (dyn FnMut(Event) + Send),
    cancel: &Cancel,
    progress: &Progress,
    load_one: &Load<'_>,
) -> Result<Dataset, LoadError> {
    progress.set_bytes_total(parts.iter().map(|(_, input)| input.bytes()).sum());
    let mut reading = Reading {
        origin: Origin { path: name.to_owned(), ..Origin::default() },
        together: Together::default(),
        held: Vec::new(),
        left_out: Vec::new(),
        said: said.to_vec(),
        watch,
        has_snapshots: !options.without_snapshots,
        started: Instant::now(),
        next_snapshot: FIRST_SNAPSHOT,
    };
    let mut may_be_releases = (2..=RELEASES_MAX).contains(&parts.len()) && options.beside != Beside::Apart;
    let parts = numbered(parts);
    for (place, (part, input)) in parts.iter().enumerate() {
        let of_part = progress.part();
        let read = load_one((part, input), &mut |Event::Snapshot(dataset)| reading.show(Some((part, &dataset))), &of_part);
        match read {
            Err(LoadError::Cancelled) => return Err(LoadError::Cancelled),
            // What is too large for the memory is too large together with the rest.
            Err(error @ LoadError::Memory { .. }) => return Err(error),
            Err(error) => reading.left_out.push((part.clone(), error)),
            Ok(dataset) if may_be_releases => {
                // Two files are compared once, at the end.
                let are_two = parts.len() == 2;
                let (older, newer) = (reading.held.last(), (part.as_str(), &dataset));
                may_be_releases = are_two || older.is_none_or(|(name, older)| compared((name, older), newer, options.beside).is_some());
                if may_be_releases {
                    reading.held.push((part.clone(), dataset));
                } else {
                    reading.let_go(options.beside);
                    reading.together.add(part, &dataset);
                }
            }
            Ok(dataset) => reading.together.add(part, &dataset),
        }
        if cancel.is_cancelled() {
            return Err(LoadError::Cancelled);
        }
        if place + 1 < parts.len() {
            reading.show(None);
        }
    }
    let held = std::mem::take(&mut reading.held);
    if let [older @ .., before, newest] = by_age(&held).as_slice() {
        if let Some(comparison) = compared((&before.0, &before.1), (&newest.0, &newest.1), options.beside) {
            let older = older.iter().map(|release| release.0.clone()).collect();
            return Ok(reading.finish_releases(comparison, older, newer_because(newest, before)));
        }
        if options.beside == Beside::Releases {
            reading.said.push(Said::Incomparable);
        }
    }
    reading.held = held;
    reading.finish(name)
}

/// The files in the order in which they are read: where their names differ in numbers alone, by these.
fn numbered(parts: &[(String, Input)]) -> Vec<(String, Input)> {
    let mut parts = parts.to_vec();
    if parts.windows(2).all(|pair| letters(&pair[0].0) == letters(&pair[1].0)) {
        parts.sort_by(|one, other| folder::by_name(&one.0, &other.0));
    }
    parts
}

/// The releases from the oldest to the newest; where nothing tells, as they were named.
fn by_age(held: &[(String, Dataset)]) -> Vec<&(String, Dataset)> {
    let mut sorted: Vec<&(String, Dataset)> = Vec::with_capacity(held.len());
    for release in held {
        let place = sorted.iter().position(|other| is_newer(other, release) == Some(true)).unwrap_or(sorted.len());
        sorted.insert(place, release);
    }
    sorted
}

/// A name without its numbers.
fn letters(name: &str) -> String {
    name.chars().filter(|char| !char.is_ascii_digit()).collect()
}

/// What a release is newer by: the numbers in names that are otherwise the same, else its last record. Where neither tells, the one that
/// was named later is newer.
fn is_newer(one: &(String, Dataset), other: &(String, Dataset)) -> Option<bool> {
    if letters(&one.0) == letters(&other.0) && one.0 != other.0 {
        return Some(folder::by_name(&one.0, &other.0).is_gt());
    }
    let last = |dataset: &Dataset| dataset.extent().map(|extent| extent.end);
    let (own, others) = (last(&one.1)?, last(&other.1)?);
    (own != others).then_some(own > others)
}

/// Why one release was taken for newer than another, in words.
fn newer_because(one: &(String, Dataset), other: &(String, Dataset)) -> &'static str {
    match is_newer(one, other) {
        Some(true) if letters(&one.0) == letters(&other.0) => "its name has the higher number",
        Some(true) => "its records go on for longer",
        _ => "it was named later",
    }
}

/// The two files beside each other, if they are releases of one dataset.
fn compared<'a>(older: (&'a str, &'a Dataset), newer: (&'a str, &'a Dataset), beside: Beside) -> Option<Comparison<'a>> {
    Comparison::of(older, newer).filter(|comparison| beside == Beside::Releases || comparison.is_likely())
}

impl Reading<'_> {
    /// Hands out a picture of what was read so far, when it is time.
    fn show(&mut self, part: Option<(&str, &Dataset)>) {
        let passed = self.started.elapsed();
        if !self.has_snapshots || passed < self.next_snapshot {
            return;
        }
        if let Some((name, first)) = self.held.last() {
            // A part of the next file beside all of this one would count twice what is in both.
            let mut only = Together::default();
            only.add(name, first);
            (self.watch)(Event::Snapshot(only.snapshot(None, self.origin.clone(), next_generation())));
        } else if part.is_some() || !self.together.is_empty() {
            (self.watch)(Event::Snapshot(self.together.snapshot(part, self.origin.clone(), next_generation())));
        }
        let cost = self.started.elapsed().saturating_sub(passed);
        self.next_snapshot = (passed * 2).max(passed + cost * 8);
    }

    /// The files that were held are not all of the releases of one dataset: each has records of its own.
    fn let_go(&mut self, beside: Beside) {
        if beside == Beside::Releases {
            self.said.push(Said::Incomparable);
        } else if self.held.len() > 1 {
            self.said.push(Said::Doubled(self.held.iter().map(|(name, _)| name.clone()).collect()));
        }
        for (name, dataset) in std::mem::take(&mut self.held) {
            self.together.add(&name, &dataset);
        }
    }

    fn finish(mut self, name: &str) -> Result<Dataset, LoadError> {
        for (name, dataset) in std::mem::take(&mut self.held) {
            self.together.add(&name, &dataset);
        }
        if self.together.is_empty() {
            let count = self.left_out.len();
            return Err(match self.left_out.into_iter().next() {
                Some((_, first)) => LoadError::NoneReadable { path: name.to_owned(), count, first: first.to_string() },
                None => LoadError::NoReadableFile { path: name.to_owned() },
            });
        }
        let mut dataset = self.together.finish(self.origin, next_generation());
        tell(&mut dataset, &self.left_out, self.said);
        Ok(dataset)
    }

    fn finish_releases(mut self, comparison: Comparison<'_>, older: Vec<String>, why: &str) -> Dataset {
        if !older.is_empty() {
            self.said.push(Said::Older(older));
        }
        let (together, releases) = comparison.together();
        let (newer, before) = (&releases.newer, &releases.older);
        let message = format!("{newer} was taken as a newer release of {before}: most of their ids are the same, and {why}");
        let counts = [(releases.added, "added"), (releases.changed, "changed"), (releases.removed, "removed"), (releases.same, "the same")];
        let counts: Vec<String> = counts.iter().map(|(count, word)| format!("{count} {word}")).collect();
        let action = format!("{}; what was removed enters no sum", counts.join(", "));
        let mut dataset = together.finish(self.origin, next_generation());
        if !releases.columns_apart.is_empty() {
            let message = format!("only one of the releases has these columns: {}", names(&releases.columns_apart));
            dataset.issues.push(remark(IssueKind::Assumption, message, "not compared".to_owned()));
        }
        dataset.issues.push(remark(IssueKind::Assumption, message, action));
        dataset.origin.releases = Some(releases);
        tell(&mut dataset, &self.left_out, self.said);
        dataset
    }
}

/// Says what was found while one file was looked for.
pub(super) fn tell_of_one(dataset: &mut Dataset, said: &[Said]) {
    tell(dataset, &[], said.to_vec());
}

/// Says what was left out.
fn tell(dataset: &mut Dataset, left_out: &[(String, LoadError)], said: Vec<Said>) {
    for (name, error) in left_out {
        // A text without columns among tables is a read-me.
        let is_text = matches!(error, LoadError::NoRecords { .. }) && has_ending(name, "txt");
        let kind = if is_text { IssueKind::FilePassedOver } else { IssueKind::FileNotRead };
        let action = "left out; the other files are there".to_owned();
        // What was left out is none of the files of the dataset: its name stands where else a column does.
        let issue = Issue { column: Some(name.clone()), ..remark(kind, error.reason(), action) };
        dataset.issues.push(issue);
    }
    for said in said {
        dataset.issues.push(match said {
            Said::Limit(message) => remark(IssueKind::LimitReached, message, "the rest was left out".to_owned()),
            Said::Incomparable => {
                let message = "records without ids cannot be compared from one release to the next".to_owned();
                remark(IssueKind::Assumption, message, "the files stand beside each other".to_owned())
            }
            Said::Doubled(files) => {
                let message = format!("these files look like releases of one dataset, but they are not alone: {}", names(&files));
                remark(IssueKind::Assumption, message, "each record counts; open only these to compare them".to_owned())
            }
            Said::Older(files) => {
                let message = format!("older releases of the same dataset: {}", names(&files));
                remark(IssueKind::Assumption, message, "not shown; open two releases to compare just these".to_owned())
            }
            Said::PassedOver(files) => {
                let message = match files.as_slice() {
                    [file] => format!("a file is by its name no table: {file}"),
                    files => format!("files are by their names no tables: {}", names(files)),
                };
                Issue { value: files.len().to_string(), ..remark(IssueKind::FilePassedOver, message, "not opened".to_owned()) }
            }
            Said::Archives(archives) => {
                let message = format!("archives within the archive: {}", names(&archives));
                remark(IssueKind::FileNotRead, message, "not opened; unpack them first".to_owned())
            }
        });
    }
}

fn has_ending(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, own)| own.eq_ignore_ascii_case(ending))
}

fn remark(kind: IssueKind, message: String, action: String) -> Issue {
    Issue { line: None, column: None, value: String::new(), kind, message, action }
}

/// The first of some names, and how many more there are.
fn names(names: &[String]) -> String {
    let listed = names.iter().take(NAMES_LISTED_MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > NAMES_LISTED_MAX { format!("{listed} and {} more", names.len() - NAMES_LISTED_MAX) } else { listed }
}
