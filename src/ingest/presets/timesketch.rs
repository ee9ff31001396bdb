//! The preset for forensic timelines of Timesketch, from CSV or JSON lines.

use super::sheet::Sheet;
use super::{Preset, Seen};
use crate::ingest::cells::DateStyle;
use crate::ingest::mapping::{Mapping, Role};

/// The preset.
pub(super) const TIMESKETCH: Preset = Preset { key: "timesketch", fits: |seen, _| is_header(seen), apply };

/// What systems write where they have no time: the zero of Windows and that of Unix.
pub(super) const ZEROS: [&str; 2] = ["1601-01-01", "1970-01-01"];

fn is_header(seen: &Seen<'_>) -> bool {
    seen.has_all(&["message", "timestamp_desc"]) && seen.has_any(&["datetime", "timestamp"])
}

fn apply(mapping: &mut Mapping, seen: &Seen<'_>) {
    let mut sheet = Sheet::over(mapping, seen);
    sheet.roles(&[(Role::When, &["datetime"]), (Role::Title, &["message"]), (Role::Category, &["timestamp_desc"])]);
    sheet.dates(Role::OtherWhen, &["timestamp"], DateStyle::AnyEpoch);
    sheet.missing(&ZEROS);
}
