//! The preset for lists of equipment losses by photographic evidence, as Oryx keeps them.

use super::sheet::{Part, Sheet};
use super::{Preset, Seen};
use crate::ingest::mapping::{Mapping, Role};

/// The preset.
pub(super) const ORYX: Preset = Preset { key: "oryx", fits: |seen, _| is_header(seen), apply };

fn is_header(seen: &Seen<'_>) -> bool {
    seen.has_all(&["country", "system", "status", "date_recorded", "url"])
}

/// The date is that on which a loss was put on the list, not on which it happened.
fn apply(mapping: &mut Mapping, seen: &Seen<'_>) {
    let mut sheet = Sheet::over(mapping, seen);
    sheet.roles(&[
        (Role::Id, &["mat_id", "matid"]),
        (Role::Published, &["date_recorded"]),
        (Role::From, &["country"]),
        (Role::Category, &["status"]),
        (Role::Link, &["url"]),
    ]);
    sheet.title(&[Part::Of(&["system"]), Part::Between(", "), Part::Of(&["status"])]);
    sheet.counted_by("Oryx");
}
