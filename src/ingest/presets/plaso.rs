//! The preset for timelines that Plaso (log2timeline) writes: l2tcsv, dynamic, JSON and TLN.

use super::sheet::Sheet;
use super::timesketch::ZEROS;
use super::{Preset, Seen};
use crate::ingest::cells::DateStyle;
use crate::ingest::mapping::{Mapping, Role};
use crate::time::DateOrder;

/// The preset.
pub(super) const PLASO: Preset =
    Preset { key: "plaso", fits: |seen, _| is_l2tcsv(seen) || is_dynamic(seen) || is_json(seen) || is_tln(seen), apply };

const TLN: [&str; 7] = ["Time", "Source", "Host", "User", "Description", "TZ", "Notes"];

/// So many seconds after 1970 no system was yet that is looked into: smaller numbers count something else, such as rows.
const SECONDS_MIN: u32 = 100_000_000;

fn is_l2tcsv(seen: &Seen<'_>) -> bool {
    seen.has_all(&["date", "time", "timezone", "macb", "sourcetype"])
}

fn is_dynamic(seen: &Seen<'_>) -> bool {
    seen.has_all(&["datetime", "timestamp_desc", "source", "source_long", "message", "parser"]) && !seen.has("timestamp")
}

fn is_json(seen: &Seen<'_>) -> bool {
    seen.has_all(&["container_type", "timestamp", "timestamp_desc", "message"])
}

/// Five fields, or seven with time zone and notes, of which the first counts seconds; with a header or without.
fn is_tln(seen: &Seen<'_>) -> bool {
    let width = seen.names.len();
    if seen.has_header {
        return seen.names.starts_with(&["time", "source", "host", "user", "description"].map(str::to_owned));
    }
    let is_seconds = |cell: &str| cell.len() <= 10 && cell.parse::<u32>().is_ok_and(|count| count == 0 || count >= SECONDS_MIN);
    let is_short_word = |cell: &str| cell.len() <= 20 && !cell.starts_with(|first: char| first.is_ascii_digit());
    matches!(width, 5 | 7) && seen.filled(0).count() > 0 && seen.filled(0).all(is_seconds) && seen.filled(1).all(is_short_word)
}

fn apply(mapping: &mut Mapping, seen: &Seen<'_>) {
    let mut sheet = Sheet::over(mapping, seen);
    sheet.missing(&ZEROS);
    if is_tln(seen) {
        if !seen.has_header {
            sheet.name(&TLN);
        }
        sheet.dates(Role::When, &["time"], DateStyle::Epoch(1));
        sheet.roles(&[(Role::Title, &["description"]), (Role::Category, &["source"]), (Role::Note, &["notes"])]);
        return;
    }
    if is_l2tcsv(seen) {
        sheet.dates(Role::When, &["date"], DateStyle::Text(DateOrder::MonthFirst));
        sheet.roles(&[
            (Role::Time, &["time"]),
            (Role::Zone, &["timezone"]),
            (Role::Title, &["short", "desc"]),
            (Role::Category, &["type"]),
            (Role::Note, &["desc"]),
        ]);
        sheet.missing(&["00/00/0000", "--:--:--"]);
        return;
    }
    sheet.roles(&[(Role::When, &["datetime"]), (Role::Title, &["message"]), (Role::Category, &["timestamp_desc"])]);
    sheet.dates(Role::OtherWhen, &["timestamp"], DateStyle::Epoch(1_000_000));
    sheet.missing(&["Not set"]);
}
