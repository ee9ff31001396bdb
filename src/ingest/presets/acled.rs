//! The preset for exports of the Armed Conflict Location & Event Data Project (ACLED), by its code book.

use super::sheet::{Part, Sheet};
use super::{Preset, Seen};
use crate::data::Basis;
use crate::ingest::mapping::{Mapping, Role};

/// The preset.
pub(super) const ACLED: Preset = Preset { key: "acled", fits: |seen, _| is_header(seen), apply };

/// Older exports have no sub-events, and trimmed ones no ids.
fn is_header(seen: &Seen<'_>) -> bool {
    seen.has_all(&["event_date", "event_type", "fatalities"]) && seen.has_any(&["event_id_cnty", "data_id", "sub_event_type"])
}

fn apply(mapping: &mut Mapping, seen: &Seen<'_>) {
    let mut sheet = Sheet::over(mapping, seen);
    sheet.roles(&[
        (Role::Id, &["event_id_cnty", "data_id"]),
        (Role::When, &["event_date"]),
        (Role::From, &["actor1"]),
        (Role::To, &["actor2"]),
        (Role::Category, &["event_type"]),
        (Role::Place, &["location"]),
        (Role::Region, &["admin1"]),
        (Role::Country, &["country"]),
        (Role::Lat, &["latitude"]),
        (Role::Lon, &["longitude"]),
        (Role::Note, &["notes"]),
    ]);
    // The day that stands for a week or a month is one of its days.
    sheet.words(Role::Precision, &["time_precision"], &[("1", "day"), ("2", "week"), ("3", "month")]);
    sheet.list(Role::Source, &["source"], ';');
    let fatalities = sheet.find(&["fatalities"]);
    sheet.measured(("killed", Some("persons")), Basis::Increment, [fatalities, None, None]);
    sheet.title(&[
        Part::Of(&["actor1"]),
        Part::Between(" – "),
        Part::Of(&["actor2"]),
        Part::Otherwise(&["sub_event_type", "event_type"]),
        Part::Between(", "),
        Part::Of(&["location"]),
    ]);
    sheet.counted_by("ACLED");
}
