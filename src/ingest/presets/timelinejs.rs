//! The preset for the spreadsheet of `TimelineJS`.

use super::sheet::Sheet;
use super::{Preset, Seen};
use crate::ingest::mapping::{Mapping, Role};

/// The preset.
pub(super) const TIMELINEJS: Preset = Preset { key: "timelinejs", fits: |seen, _| is_header(seen), apply };

fn is_header(seen: &Seen<'_>) -> bool {
    seen.has_all(&["year", "headline"]) && seen.has_any(&["text", "media", "display_date", "end_year"])
}

/// A title slide is a row without a date; an era is a row that lasts. `Type` says which is which and stays a field.
fn apply(mapping: &mut Mapping, seen: &Seen<'_>) {
    let mut sheet = Sheet::over(mapping, seen);
    sheet.roles(&[
        (Role::Year, &["year"]),
        (Role::Month, &["month"]),
        (Role::Day, &["day"]),
        (Role::Time, &["time"]),
        (Role::EndYear, &["end_year"]),
        (Role::EndMonth, &["end_month"]),
        (Role::EndDay, &["end_day"]),
        (Role::EndTime, &["end_time"]),
        (Role::Display, &["display_date"]),
        (Role::Title, &["headline"]),
        (Role::Note, &["text"]),
        (Role::Link, &["media"]),
        (Role::Category, &["group", "tag"]),
    ]);
}
