//! The preset for events of GDELT, which come without a header: 61 columns in version 2, 58 or 57 in version 1.

use super::sheet::{Part, Sheet};
use super::{Preset, Seen};
use crate::ingest::cells::DateStyle;
use crate::ingest::mapping::{Mapping, Role};

/// The preset.
pub(super) const GDELT: Preset = Preset { key: "gdelt", fits: |seen, _| is_header(seen) || is_shape(seen), apply };

/// The columns of version 2; version 1 has none for the second administrative division, and at first none for the address.
#[rustfmt::skip]
const NAMES: [&str; 61] = [
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate", "Actor1Code", "Actor1Name", "Actor1CountryCode",
    "Actor1KnownGroupCode", "Actor1EthnicCode", "Actor1Religion1Code", "Actor1Religion2Code", "Actor1Type1Code", "Actor1Type2Code",
    "Actor1Type3Code", "Actor2Code", "Actor2Name", "Actor2CountryCode", "Actor2KnownGroupCode", "Actor2EthnicCode",
    "Actor2Religion1Code", "Actor2Religion2Code", "Actor2Type1Code", "Actor2Type2Code", "Actor2Type3Code", "IsRootEvent", "EventCode",
    "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions", "NumSources", "NumArticles", "AvgTone",
    "Actor1Geo_Type", "Actor1Geo_FullName", "Actor1Geo_CountryCode", "Actor1Geo_ADM1Code", "Actor1Geo_ADM2Code", "Actor1Geo_Lat",
    "Actor1Geo_Long", "Actor1Geo_FeatureID", "Actor2Geo_Type", "Actor2Geo_FullName", "Actor2Geo_CountryCode", "Actor2Geo_ADM1Code",
    "Actor2Geo_ADM2Code", "Actor2Geo_Lat", "Actor2Geo_Long", "Actor2Geo_FeatureID", "ActionGeo_Type", "ActionGeo_FullName",
    "ActionGeo_CountryCode", "ActionGeo_ADM1Code", "ActionGeo_ADM2Code", "ActionGeo_Lat", "ActionGeo_Long", "ActionGeo_FeatureID",
    "DATEADDED", "SOURCEURL",
];

/// The root codes of CAMEO, the Conflict and Mediation Event Observations.
const ROOTS: &[(&str, &str)] = &[
    ("01", "make public statement"),
    ("02", "appeal"),
    ("03", "express intent to cooperate"),
    ("04", "consult"),
    ("05", "engage in diplomatic cooperation"),
    ("06", "engage in material cooperation"),
    ("07", "provide aid"),
    ("08", "yield"),
    ("09", "investigate"),
    ("10", "demand"),
    ("11", "disapprove"),
    ("12", "reject"),
    ("13", "threaten"),
    ("14", "protest"),
    ("15", "exhibit military posture"),
    ("16", "reduce relations"),
    ("17", "coerce"),
    ("18", "assault"),
    ("19", "fight"),
    ("20", "use unconventional mass violence"),
];

fn is_header(seen: &Seen<'_>) -> bool {
    seen.has_header && seen.has_any(&["globaleventid", "global_event_id"]) && seen.has("sqldate")
}

/// No header, so many columns, of which the first counts events, the second is a day and a later one repeats its year.
fn is_shape(seen: &Seen<'_>) -> bool {
    let is_number = |cell: &str| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = |cell: &str| cell.len() == 8 && is_number(cell);
    let is_year = |cell: &str| cell.len() == 4 && is_number(cell);
    let all = |column: usize, is: &dyn Fn(&str) -> bool| seen.filled(column).next().is_some() && seen.filled(column).all(is);
    !seen.has_header && matches!(seen.names.len(), 57 | 58 | 61) && all(0, &is_number) && all(1, &is_day) && all(3, &is_year)
}

fn apply(mapping: &mut Mapping, seen: &Seen<'_>) {
    let mut sheet = Sheet::over(mapping, seen);
    if !seen.has_header {
        let is_new = seen.names.len() >= NAMES.len();
        let names: Vec<&str> = NAMES.into_iter().filter(|name| is_new || !name.ends_with("ADM2Code")).collect();
        sheet.name(&names);
    }
    sheet.roles(&[
        (Role::Id, &["globaleventid", "global_event_id"]),
        (Role::From, &["actor1_name", "actor1name"]),
        (Role::To, &["actor2_name", "actor2name"]),
        (Role::Place, &["action_geo_full_name", "action_geo_fullname"]),
        (Role::Lat, &["action_geo_lat"]),
        (Role::Lon, &["action_geo_long"]),
        (Role::Link, &["sourceurl"]),
    ]);
    sheet.words(Role::Category, &["event_root_code", "eventrootcode"], ROOTS);
    sheet.dates(Role::When, &["sqldate"], DateStyle::Compact);
    sheet.dates(Role::Published, &["dateadded"], DateStyle::Compact);
    sheet.title(&[
        Part::Of(&["actor1_name", "actor1name"]),
        Part::Between(" – "),
        Part::Of(&["actor2_name", "actor2name"]),
        Part::Between(": "),
        Part::Of(&["event_root_code", "eventrootcode"]),
        Part::Between(", "),
        Part::Of(&["action_geo_full_name", "action_geo_fullname"]),
    ]);
    sheet.counted_by("GDELT");
}
