//! The preset for the Georeferenced Event Dataset of the Uppsala Conflict Data Program (UCDP GED), by its code book.

use super::sheet::{Part, Sheet};
use super::{Preset, Seen};
use crate::data::Basis;
use crate::ingest::mapping::{Mapping, Role};

/// The preset.
pub(super) const UCDP: Preset = Preset { key: "ucdp_ged", fits: |seen, _| is_header(seen), apply };

const NEEDED: [&str; 5] = ["date_prec", "type_of_violence", "best", "low", "high"];

fn is_header(seen: &Seen<'_>) -> bool {
    seen.has_all(&NEEDED) && seen.has_any(&["date_start", "date_end"])
}

fn apply(mapping: &mut Mapping, seen: &Seen<'_>) {
    let mut sheet = Sheet::over(mapping, seen);
    sheet.roles(&[
        (Role::Id, &["id"]),
        (Role::When, &["date_start"]),
        (Role::End, &["date_end"]),
        (Role::From, &["side_a"]),
        (Role::To, &["side_b"]),
        (Role::Place, &["where_coordinates"]),
        (Role::Region, &["adm_1"]),
        (Role::Country, &["country"]),
        (Role::Lat, &["latitude"]),
        (Role::Lon, &["longitude"]),
        (Role::Originator, &["source_original"]),
    ]);
    sheet.words(Role::Category, &["type_of_violence"], &[("1", "state-based"), ("2", "non-state"), ("3", "one-sided")]);
    // Codes 2 and 3 (a few days, a week) say nothing that first and last day do not say.
    sheet.words(Role::Precision, &["date_prec"], &[("1", "day"), ("4", "month"), ("5", "year")]);
    sheet.list(Role::Reports, &["source_article"], ';');
    sheet.list(Role::Source, &["source_office"], ';');
    let columns = ["best", "low", "high"].map(|name| sheet.find(&[name]));
    sheet.measured(("killed", Some("persons")), Basis::Increment, columns);
    sheet.title(&[
        Part::Of(&["side_a"]),
        Part::Between(" – "),
        Part::Of(&["side_b"]),
        Part::Otherwise(&["dyad_name"]),
        Part::Between(", "),
        Part::Of(&["where_coordinates"]),
    ]);
    sheet.counted_by("UCDP GED");
}
