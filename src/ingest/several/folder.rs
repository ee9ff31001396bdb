//! Which files of a folder are read: those of the folder and of the folders in it, by their names, as far as the limits go.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use crate::ingest::error::LoadError;
use crate::ingest::feed::Input;
use crate::ingest::is_readable_name;
use crate::ingest::packed::members;
use crate::ingest::several::Said;

/// Folders within folders are looked into so deep.
const DEPTH_MAX: u32 = 8;
/// So many files are read together; a dataset of more is one that belongs into fewer files.
const FILES_MAX: usize = 2_000;
/// So many names are looked at before a folder counts as too large, such as somebody's home.
const NAMES_MAX: usize = 100_000;

/// What is in a folder.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Files to read with their names relative to the folder, in the order of their names.
    pub(super) files: Vec<(String, PathBuf)>,
    /// Files whose names say that they are no tables, such as pictures.
    pub(super) passed_over: Vec<String>,
    /// Which limits were reached, and which folders cannot be looked into.
    pub(super) limits: Vec<String>,
    names: usize,
    is_too_deep: bool,
}

/// Looks through a folder.
pub(super) fn list(folder: &Path) -> Result<Listing, LoadError> {
    let mut listing = Listing::default();
    listing.walk(folder, "", 0).map_err(|error| LoadError::from_io(&folder.display().to_string(), &error))?;
    listing.files.sort_by(|one, other| by_name(&one.0, &other.0));
    listing.passed_over.sort_by(|one, other| by_name(one, other));
    if listing.files.len() > FILES_MAX {
        listing.limits.push(format!("the folder has {} files; the first {FILES_MAX} are read", listing.files.len()));
        listing.files.truncate(FILES_MAX);
    }
    Ok(listing)
}

impl Listing {
    fn walk(&mut self, folder: &Path, prefix: &str, depth: u32) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            self.names += 1;
            if self.names > NAMES_MAX {
                if self.names == NAMES_MAX + 1 {
                    self.limits.push(format!("the folder has more than {NAMES_MAX} names; the rest was not looked at"));
                }
                return Ok(());
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_beside = name.ends_with(".meta.json") || name.ends_with(".mapping.json");
            if name.starts_with('.') || is_beside {
                continue;
            }
            let (path, name) = (entry.path(), format!("{prefix}{name}"));
            // A link to a folder could lead back to where it stands: such links are not followed, links to files are.
            if entry.file_type()?.is_dir() {
                if depth >= DEPTH_MAX {
                    if !std::mem::replace(&mut self.is_too_deep, true) {
                        self.limits.push(format!("folders deeper than {DEPTH_MAX} were not looked into, such as {name}"));
                    }
                } else if let Err(error) = self.walk(&path, &format!("{name}/"), depth + 1) {
                    self.limits.push(format!("{name}: {error}"));
                }
            } else if path.is_file() {
                if is_readable_name(&name) { self.files.push((name, path)) } else { self.passed_over.push(name) }
            }
        }
        Ok(())
    }
}

/// By name as people count: `v9` before `v10`, letters whatever their case.
pub(super) fn by_name(one: &str, other: &str) -> Ordering {
    let parts = |text: &str| -> Vec<(u64, String)> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let letters = rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |at| digits + at);
            parts.push((rest[..digits].parse().unwrap_or(u64::MAX), rest[digits..letters].to_lowercase()));
            rest = &rest[letters..];
        }
        parts
    };
    parts(one).cmp(&parts(other)).then_with(|| one.cmp(other))
}

/// Which file or files an input stands for: a folder for those in it, an archive of several files for these, one file for itself. One file
/// of which nothing is to be said is itself.
pub(in crate::ingest) fn resolve(input: &Input) -> Result<Input, LoadError> {
    let (name, parts, said) = match input {
        Input::Several { name, parts, said } => (name.clone(), parts.clone(), said.clone()),
        one => (one.name(), vec![(String::new(), one.clone())], Vec::new()),
    };
    let mut found = Found { files: Vec::new(), said };
    for (part, input) in parts {
        found.add(&part, input)?;
    }
    let Found { mut files, said } = found;
    match files.len() {
        0 => Err(LoadError::NoReadableFile { path: name }),
        1 if said.is_empty() => Ok(files.swap_remove(0).1),
        _ => Ok(Input::Several { name, parts: files, said }),
    }
}

/// The files that inputs stand for.
struct Found {
    files: Vec<(String, Input)>,
    said: Vec<Said>,
}

impl Found {
    fn add(&mut self, part: &str, input: Input) -> Result<(), LoadError> {
        let Input::Path(path) = &input else {
            self.add_file(part, input);
            return Ok(());
        };
        if !path.is_dir() {
            self.add_file(part, input);
            return Ok(());
        }
        let listing = list(path)?;
        for (name, path) in listing.files {
            self.add_file(&beneath(part, &name), Input::Path(path));
        }
        self.said.extend(listing.limits.into_iter().map(Said::Limit));
        if !listing.passed_over.is_empty() {
            self.said.push(Said::PassedOver(listing.passed_over));
        }
        Ok(())
    }

    /// A file, or the files in it when it is an archive of several.
    fn add_file(&mut self, part: &str, input: Input) {
        let is_file = matches!(input, Input::Path(_) | Input::Bytes { .. });
        let Some(members) = is_file.then(|| members::members(&input)).flatten() else {
            self.files.push((part.to_owned(), input));
            return;
        };
        let mut files = members.files;
        files.sort_by(|one, other| by_name(&one.0, &other.0));
        if files.len() > FILES_MAX {
            self.said.push(Said::Limit(format!("the archive has {} files; the first {FILES_MAX} are read", files.len())));
            files.truncate(FILES_MAX);
        }
        let archive = Box::new(input);
        self.files.extend(files.into_iter().map(|(name, index)| {
            let member = Input::Packed { archive: archive.clone(), index, name: name.clone() };
            (beneath(part, &name), member)
        }));
        if !members.archives.is_empty() {
            self.said.push(Said::Archives(members.archives));
        }
        if !members.passed_over.is_empty() {
            self.said.push(Said::PassedOver(members.passed_over));
        }
    }
}

/// The name of what is in a folder or an archive.
fn beneath(part: &str, name: &str) -> String {
    if part.is_empty() { name.to_owned() } else { format!("{part}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_in_which_people_count() {
        let mut names = vec!["v10.csv", "v9.csv", "A.csv", "a/2.csv", "a/10.csv", "b"];
        names.sort_by(|one, other| by_name(one, other));
        assert_eq!(names, ["A.csv", "a/2.csv", "a/10.csv", "b", "v9.csv", "v10.csv"]);
    }

    #[test]
    fn folders_are_walked_and_links_that_lead_back_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        };
        for name in ["b.csv", "a/c.tsv", "a/d/e.json", ".hidden.csv", ".git/f.csv", "b.csv.meta.json", "picture.png", "a/readme.md"] {
            put(name);
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/back")).unwrap();
        let listing = list(folder.path()).unwrap();
        let names: Vec<&str> = listing.files.iter().map(|file| file.0.as_str()).collect();
        assert_eq!(names, ["a/c.tsv", "a/d/e.json", "b.csv"]);
        assert_eq!(listing.passed_over, ["a/readme.md", "picture.png"]);
        assert!(listing.limits.is_empty(), "{:?}", listing.limits);
    }

    #[test]
    fn folders_in_folders_end_somewhere() {
        let folder = tempfile::tempdir().unwrap();
        let deep: PathBuf = (0..20).map(|depth| depth.to_string()).collect();
        std::fs::create_dir_all(folder.path().join(&deep)).unwrap();
        std::fs::write(folder.path().join(&deep).join("a.csv"), "x").unwrap();
        std::fs::create_dir_all(folder.path().join("other").join(&deep)).unwrap();
        for number in 0..=FILES_MAX {
            std::fs::write(folder.path().join(format!("{number}.csv")), "x").unwrap();
        }
        let listing = list(folder.path()).unwrap();
        assert_eq!(listing.files.len(), FILES_MAX);
        let [deep, many] = listing.limits.as_slice() else { panic!("each limit is said once: {:?}", listing.limits) };
        assert!(deep.starts_with("folders deeper than 8") && many.starts_with("the folder has 2001 files"), "{:?}", listing.limits);
    }
}
