//! The preset for VIINA (Violent Incident Information from News Articles, Ukraine): reports, their places and predicted labels.

use super::sheet::Sheet;
use super::{Preset, Seen};
use crate::ingest::cells::DateStyle;
use crate::ingest::mapping::{Mapping, Role};

/// The preset.
pub(super) const VIINA: Preset = Preset { key: "viina", fits: |seen, _| is_header(seen), apply };

fn is_header(seen: &Seen<'_>) -> bool {
    let has_id = seen.has_any(&["event_id", "event_id_1pd", "viinaid"]);
    let has_labels = seen.has_any(&["t_mil", "t_mil_b", "a_ukr", "a_ukr_b"]) && seen.has_any(&["a_rus", "a_rus_b"]);
    has_id && seen.has("date") && (seen.has("report_id") || has_labels)
}

/// Date and time are those of the report: nobody says when it happened.
fn apply(mapping: &mut Mapping, seen: &Seen<'_>) {
    let mut sheet = Sheet::over(mapping, seen);
    sheet.roles(&[
        (Role::Id, &["event_id_1pd", "event_id", "viinaid"]),
        (Role::PublishedTime, &["time"]),
        (Role::Title, &["representative_text", "text"]),
        (Role::Place, &["asciiname", "location", "address"]),
        (Role::Region, &["adm1_name"]),
        (Role::Lat, &["latitude"]),
        (Role::Lon, &["longitude"]),
    ]);
    sheet.dates(Role::Published, &["date"], DateStyle::Compact);
    sheet.list(Role::Source, &["sources_matching", "source", "sources"], '|');
    sheet.list(Role::Link, &["source_urls", "url", "urls"], '|');
    sheet.counted_by("VIINA");
}
