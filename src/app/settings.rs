//! What the program remembers between runs: window size, theme, recent files. Kept in the user's configuration folder.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The most files that are remembered.
const RECENT_MAX: usize = 12;

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    /// Width and height of the window, in points.
    pub window: Option<[f32; 2]>,
    /// `light`, `dark`, or `system`.
    pub theme: String,
    /// Files that were open, the last one first.
    pub recent: Vec<Recent>,
}

/// A file that was open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Recent {
    /// Where it is.
    pub path: PathBuf,
    /// How many records it had.
    #[serde(default)]
    pub records: u64,
}

impl Settings {
    /// Where they are kept; `None` where the system names no folder.
    pub(super) fn path() -> Option<PathBuf> {
        dirs::config_dir().map(|folder| folder.join("dateline").join("settings.json"))
    }

    /// Reads them; what cannot be read counts as never written. A path that begins nowhere names no file for sure.
    pub(super) fn read(path: &Path) -> Self {
        let mut settings: Self = std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        settings.recent.retain(|recent| recent.path.is_absolute());
        settings
    }

    /// Writes them beside and moves them into place, so that they are never half written.
    pub(super) fn write(&self, path: &Path) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let beside = path.with_extension("json.new");
        std::fs::write(&beside, serde_json::to_vec_pretty(self).map_err(std::io::Error::other)?)?;
        std::fs::rename(&beside, path)
    }

    /// Puts a file on top of the recent ones.
    pub(super) fn remember(&mut self, path: &Path, records: u64) {
        self.recent.retain(|recent| recent.path != path);
        self.recent.insert(0, Recent { path: path.to_owned(), records });
        self.recent.truncate(RECENT_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("settings.json");
        let mut settings = Settings { window: Some([1_200.0, 800.0]), theme: "dark".to_owned(), recent: Vec::new() };
        settings.remember(Path::new("/a.csv"), 10);
        settings.remember(Path::new("/b.csv"), 20);
        settings.remember(Path::new("/a.csv"), 11);
        settings.write(&path).unwrap();
        assert_eq!(Settings::read(&path), settings);
        assert_eq!(settings.recent.len(), 2);
        assert_eq!(settings.recent[0].records, 11);
    }

    #[test]
    fn a_recent_path_that_begins_nowhere_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let mut settings = Settings::default();
        let whole = folder.path().join("a.csv");
        settings.remember(Path::new("a.csv"), 1);
        settings.remember(&whole, 1);
        settings.write(&path).unwrap();
        assert_eq!(Settings::read(&path).recent, [Recent { path: whole, records: 1 }]);
    }

    #[test]
    fn broken_settings_count_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        std::fs::write(&path, b"{ not json").unwrap();
        assert_eq!(Settings::read(&path), Settings::default());
    }
}
