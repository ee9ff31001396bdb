//! The mappings that a person has saved, in the user's configuration folder: one for each header, found again by it.

use std::io;
use std::path::PathBuf;

use xxhash_rust::xxh3::xxh3_128;

use super::file::{BYTES_MAX, SavedMapping};

/// Where saved mappings are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedMappings {
    folder: PathBuf,
}

impl SavedMappings {
    /// Those of the user; `None` where the system names no folder.
    pub fn of_user() -> Option<Self> {
        dirs::config_dir().map(|folder| Self { folder: folder.join("dateline").join("mappings") })
    }

    /// Those of a folder, which need not be there yet.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        std::fs::read_dir(&self.folder).map_or(true, |mut entries| entries.next().is_none())
    }

    fn path(&self, header: &[String]) -> PathBuf {
        let mut names: Vec<&str> = header.iter().map(String::as_str).collect();
        // Columns are found by name, so that their order is all the same.
        names.sort_unstable();
        self.folder.join(format!("{:032x}.json", xxh3_128(names.join("\0").as_bytes())))
    }

    /// The mapping of a header. One that cannot be read counts as none, and is left where it is.
    pub fn find(&self, header: &[String]) -> Option<SavedMapping> {
        let path = self.path(header);
        if std::fs::metadata(&path).ok()?.len() > BYTES_MAX {
            return None;
        }
        let text = std::fs::read_to_string(&path).ok()?;
        SavedMapping::of_text(&text).map_err(|error| log::warn!("{}: {error}", path.display())).ok()
    }

    /// Keeps a mapping for files with this header, instead of the one there was.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn keep(&self, header: &[String], mapping: &SavedMapping) -> io::Result<()> {
        let text = mapping.to_text().ok_or(io::ErrorKind::InvalidInput)?;
        std::fs::create_dir_all(&self.folder)?;
        let path = self.path(header);
        let beside = path.with_extension(format!("new{}", std::process::id()));
        std::fs::write(&beside, text)?;
        std::fs::rename(&beside, &path)
    }

    /// Forgets the mapping of a header.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub fn forget(&self, header: &[String]) -> io::Result<()> {
        match std::fs::remove_file(self.path(header)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{ColumnMap, Mapping, Options};

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_mapping_is_found_again_by_its_header_in_any_order_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let saved = SavedMappings::in_folder(folder.path().join("deep"));
        assert!(saved.is_empty() && saved.find(&header(&["a", "b"])).is_none());
        let columns = ["a", "b"].map(|name| ColumnMap { name: name.to_owned(), ..ColumnMap::default() });
        let options = Options { mapping: Some(Mapping { columns: columns.to_vec(), ..Mapping::default() }), ..Options::default() };
        let mapping = SavedMapping { name: "mine".to_owned(), options };
        saved.keep(&header(&["a", "b"]), &mapping).unwrap();
        assert!(!saved.is_empty());
        assert_eq!(saved.find(&header(&["b", "a"])), Some(mapping));
        assert_eq!(saved.find(&header(&["a", "b", "c"])), None);
        saved.forget(&header(&["b", "a"])).unwrap();
        assert_eq!(saved.find(&header(&["a", "b"])), None);
        saved.forget(&header(&["b", "a"])).unwrap();
    }
}
