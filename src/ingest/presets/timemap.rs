//! The preset for the spreadsheet of `TimeMap` (Forensic Architecture): numbered columns of associations and sources.

use super::sheet::Sheet;
use super::{Preset, Seen};
use crate::ingest::mapping::{Listed, Mapping, Role};

/// The preset.
pub(super) const TIMEMAP: Preset = Preset { key: "timemap", fits: |seen, _| is_header(seen), apply };

fn is_header(seen: &Seen<'_>) -> bool {
    let has_associations = seen.names.iter().any(|name| is_numbered(name, "association"));
    let has_sources = seen.names.iter().any(|name| name == "source" || is_numbered(name, "source"));
    seen.has_all(&["description", "date", "location"]) && has_associations && has_sources
}

/// `source1`, `source_1`, `Source 1`.
fn is_numbered(name: &str, stem: &str) -> bool {
    let number = name.strip_prefix(stem).map(|rest| rest.trim_start_matches('_'));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn apply(mapping: &mut Mapping, seen: &Seen<'_>) {
    let mut sheet = Sheet::over(mapping, seen);
    sheet.roles(&[
        (Role::Id, &["id"]),
        (Role::When, &["date"]),
        (Role::Title, &["description"]),
        (Role::Place, &["location"]),
        (Role::Lat, &["latitude", "lat"]),
        (Role::Lon, &["longitude", "long", "lon"]),
        (Role::Note, &["comments"]),
        (Role::Source, &["source"]),
    ]);
    // Midnight says that the time of day is not known.
    sheet.words(Role::Time, &["time"], &[("00:00", ""), ("0:00", ""), ("00:00:00", "")]);
    for (stem, list, role) in [("association", "associations", Role::Listed), ("source", "sources", Role::Source)] {
        let columns: Vec<usize> = (0..seen.names.len()).filter(|column| is_numbered(&seen.names[*column], stem)).collect();
        for column in &columns {
            sheet.mapping.columns[*column].role = role;
        }
        if !columns.is_empty() {
            sheet.mapping.lists.push(Listed { name: list.to_owned(), columns });
        }
    }
}
