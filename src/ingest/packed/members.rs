//! The files in a ZIP archive that has several: which of them can be read, and each as bytes of its own.

use std::io::{Cursor, Read, Seek as _, SeekFrom};

use super::{Archive, Entry, UNPACKED_BYTES_MAX, Unpacking, ZIP, is_file_of_somebody, look_into, packed_kind};
use crate::ingest::error::{LoadError, gigabytes};
use crate::ingest::feed::{Input, Meter, Raw, Source};
use crate::ingest::is_readable_name;
use crate::work::Cancel;

/// What must be held in memory to be read at any place, such as a workbook in an archive, may be so large.
const HELD_BYTES_MAX: u64 = 256 << 20;

/// What an archive has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Members {
    /// Files that can be read by their names, each with its number in the archive.
    pub(in crate::ingest) files: Vec<(String, usize)>,
    /// Archives in it.
    pub(in crate::ingest) archives: Vec<String>,
    /// Files that are no tables by their names, and what systems put into archives for themselves.
    pub(in crate::ingest) passed_over: Vec<String>,
}

/// The files of an archive with several; `None` of anything else, and of what is for its reader to complain about.
pub(in crate::ingest) fn members(input: &Input) -> Option<Members> {
    let (mut source, _) = input.source().ok()?;
    let mut start = [0; ZIP.len()];
    source.read_exact(&mut start).ok().filter(|()| start == ZIP)?;
    drop(source);
    let (_, names) = look_into(input).ok()?;
    if packed_kind(&names).is_some() || names.iter().filter(|name| is_file_of_somebody(name)).count() < 2 {
        return None;
    }
    let mut members = Members::default();
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.ends_with('/')) {
        match () {
            () if !is_file_of_somebody(name) || !is_readable_name(name) => members.passed_over.push(name.clone()),
            () if name.to_ascii_lowercase().ends_with(".zip") => members.archives.push(name.clone()),
            () => members.files.push((name.clone(), index)),
        }
    }
    let folder = common_folder(&members.files);
    members.files.iter_mut().for_each(|(name, _)| drop(name.drain(..folder)));
    Some(members)
}

/// How long the folders are in which all files stand.
fn common_folder(files: &[(String, usize)]) -> usize {
    let Some((first, _)) = files.first() else { return 0 };
    let folders = first.match_indices('/').map(|(at, _)| at + 1).rev();
    folders.into_iter().find(|len| files.iter().all(|(name, _)| name.starts_with(&first[..*len]))).unwrap_or(0)
}

/// A file of an archive as a stream of bytes, and how many these are by what the archive says; the meter is told when it breaks off.
pub(in crate::ingest) fn open(
    (archive, index): (&Input, usize),
    path: &str,
    meter: &Meter,
    cancel: &Cancel,
) -> Result<Box<dyn Read + Send>, LoadError> {
    let failed = |error: std::io::Error| LoadError::from_io(path, &error);
    let (mut directory, names) = look_into(archive).map_err(|error| damaged(path, error))?;
    let name = names.get(index).cloned().unwrap_or_default();
    let entry = Entry::at(&mut directory, index, name, path)?;
    let (mut source, _) = archive.source()?;
    source.seek(SeekFrom::Start(entry.start)).map_err(failed)?;
    let raw = Raw::new(source, cancel);
    let packed = raw.meter.clone();
    let decoder = Entry { start: 0, ..entry }.open(Cursor::new(Vec::new()).chain(raw)).map_err(failed)?;
    Ok(Box::new(Unpacking { is_member: true, told: meter.clone(), ..Unpacking::new(decoder, packed) }))
}

/// How many bytes a file of an archive has, by what the archive says.
pub(in crate::ingest) fn bytes(archive: &Input, index: usize) -> u64 {
    let Ok((mut directory, _)) = look_into(archive) else { return 0 };
    directory.by_index_raw(index).map_or(0, |entry| entry.size().min(UNPACKED_BYTES_MAX))
}

/// A file of an archive, to be read at any place: what comes out of it is held in memory.
pub(in crate::ingest) fn whole((archive, index): (&Input, usize), path: &str) -> Result<(Box<dyn Source>, u64), LoadError> {
    let mut all = Vec::new();
    let read = open((archive, index), path, &Meter::default(), &Cancel::default())?;
    read.take(HELD_BYTES_MAX + 1).read_to_end(&mut all).map_err(|error| LoadError::from_io(path, &error))?;
    let len = all.len() as u64;
    if len > HELD_BYTES_MAX {
        let reason = format!("more than {} come out of the archive for one workbook", gigabytes(HELD_BYTES_MAX));
        return Err(LoadError::Expands { path: path.to_owned(), reason });
    }
    Ok((Box::new(Cursor::new(all)), len))
}

/// Is it a workbook? Any other archive within an archive is not opened.
pub(super) fn workbook_only(found: Archive, path: &str) -> Result<Archive, LoadError> {
    match found {
        Archive::Workbook(_) => Ok(found),
        Archive::File(_) => Err(LoadError::Unsupported { path: path.to_owned(), what: "an archive within an archive" }),
    }
}

fn damaged(path: &str, reason: String) -> LoadError {
    LoadError::Damaged { path: path.to_owned(), what: "a ZIP archive", reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_around_all_files_are_left_out_of_their_names() {
        let files = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), 0)).collect::<Vec<_>>();
        assert_eq!(common_folder(&files(&["a/b/x.csv", "a/b/c/y.csv"])), 4);
        assert_eq!(common_folder(&files(&["a/x.csv", "ab/y.csv"])), 0);
        assert_eq!(common_folder(&files(&["x.csv", "y.csv"])), 0);
    }
}
