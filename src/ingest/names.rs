//! The names that columns have in the tables of the world, and what they mean; content is judged elsewhere.

use super::mapping::Role;

/// For each role the names that mean it, the surest first.
pub(super) const NAMES: &[(Role, &[&str])] = &[
    (
        Role::Id,
        &[
            "id",
            "record_id",
            "incident_id",
            "event_id_cnty",
            "event_id",
            "eventid",
            "globaleventid",
            "data_id",
            "uid",
            "uuid",
            "guid",
            "entry",
            "entry_id",
            "case_id",
            "ref",
            "reference_number",
            "number_id",
            "key",
        ],
    ),
    (Role::EventId, &["event_id", "eventid", "event_group_id"]),
    (Role::Kind, &["kind"]),
    (
        Role::When,
        &[
            "when",
            "date_start",
            "start_date",
            "event_date",
            "date",
            "datetime",
            "date_time",
            "date_of_event",
            "incident_date",
            "date_of_incident",
            "occurred_at",
            "occurred",
            "occurred_on",
            "event_datetime",
            "start",
            "date_begin",
            "begin_date",
            "begin",
            "from_date",
            "date_from",
            "start_time",
            "begin_time",
            "launch_time",
            "launch_date",
            "attack_date",
            "install_date",
            "sqldate",
            "timestamp",
            "time",
            "time_stamp",
            "event_time",
            "day",
            "created_at",
            "date_recorded",
            "flight_date",
            "order_date",
            "delivery_date",
            "datum",
            "fecha",
            "дата",
            "날짜",
            "日期",
            "日付",
        ],
    ),
    (
        Role::End,
        &[
            "date_end",
            "end_date",
            "end",
            "finish",
            "until",
            "to_date",
            "date_to",
            "end_time",
            "date_finish",
            "ended",
            "ended_at",
            "event_date_end",
            "finish_date",
        ],
    ),
    (Role::Time, &["time", "event_time", "time_of_day", "hour", "local_time", "time_utc"]),
    (
        Role::Year,
        &[
            "year",
            "yr",
            "iyear",
            "start_year",
            "start_date_year",
            "year_start",
            "event_year",
            "construction_start",
            "année",
            "jahr",
            "год",
            "연도",
        ],
    ),
    (Role::EndYear, &["end_year", "year_end", "construction_end", "end_date_year", "eyear"]),
    (Role::Month, &["month", "imonth", "mon", "event_month", "start_date_month"]),
    (Role::Day, &["day", "iday", "event_day", "start_date_day", "day_of_month"]),
    (Role::AsOf, &["as_of", "asof", "as_of_date", "date_as_of", "reporting_date"]),
    (
        Role::Published,
        &[
            "published",
            "date_published",
            "published_at",
            "publication_date",
            "publish_date",
            "pub_date",
            "pubdate",
            "published_date",
            "source_date",
            "report_date",
            "date_reported",
            "reported_date",
            "article_date",
        ],
    ),
    (Role::Metric, &["metric"]),
    (Role::Item, &["item"]),
    (Role::Measure, &["measure"]),
    (Role::Value, &["value"]),
    (Role::Low, &["low"]),
    (Role::High, &["high"]),
    (Role::Qualifier, &["qualifier"]),
    (Role::Basis, &["basis"]),
    (Role::Unit, &["unit"]),
    (
        Role::From,
        &[
            "from",
            "from_actor",
            "side_a",
            "actor1",
            "actor_1",
            "actor1_name",
            "attacker",
            "perpetrator",
            "gname",
            "supplier",
            "exporter",
            "sender",
            "seller",
            "belligerent",
            "operator",
            "actor",
            "launch_authority",
        ],
    ),
    (
        Role::To,
        &[
            "to",
            "to_actor",
            "side_b",
            "actor2",
            "actor_2",
            "actor2_name",
            "defender",
            "victim",
            "target",
            "recipient",
            "importer",
            "receiver",
            "buyer",
            "consignee",
        ],
    ),
    (
        Role::Category,
        &[
            "category",
            "event_type",
            "type_of_violence",
            "incident_type",
            "attack_type",
            "attacktype1_txt",
            "type_of_event",
            "type",
            "event_category",
            "class",
            "kind_of_event",
            "sub_event_type",
            "event_code",
        ],
    ),
    (
        Role::Place,
        &[
            "place",
            "location",
            "place_name",
            "location_name",
            "where_coordinates",
            "city",
            "town_city",
            "town",
            "city_town",
            "settlement",
            "village",
            "municipality",
            "site",
            "facility_name",
            "airport_name",
            "where",
            "venue",
            "asciiname",
            "action_geo_full_name",
            "address",
            "locality",
        ],
    ),
    (Role::Lat, &["lat", "latitude", "lat_dd", "facility_latitude", "action_geo_lat", "y_coord", "geo_lat", "start_lat"]),
    (Role::Lon, &["lon", "long", "lng", "longitude", "lon_dd", "facility_longitude", "action_geo_long", "x_coord", "geo_lon", "start_lon"]),
    (Role::Status, &["status"]),
    (Role::Hedge, &["hedge"]),
    (Role::Likelihood, &["likelihood"]),
    (Role::Credibility, &["credibility"]),
    (
        Role::Link,
        &[
            "url",
            "link",
            "source_url",
            "sourceurl",
            "source_link",
            "article_url",
            "article_link",
            "href",
            "web_link",
            "permalink",
            "reference_url",
            "resources",
            "sources",
            "source",
            "links",
            "urls",
            "reference",
            "media",
            "media_url",
        ],
    ),
    (
        Role::Source,
        &[
            "source",
            "source_name",
            "source_office",
            "outlet",
            "publisher",
            "agency",
            "news_source",
            "reported_by",
            "news_agency",
            "media_outlet",
            "newspaper",
            "sources",
            "originator",
        ],
    ),
    (
        Role::Title,
        &[
            "title",
            "headline",
            "event_title",
            "heading",
            "subject",
            "event_name",
            "text_headline",
            "name",
            "summary",
            "event",
            "message",
            "what",
            "source_headline",
            "source_article",
            "description",
            "brief_description",
            "missile_name",
            "label",
            "text",
            "notes",
            "note",
            "incident",
        ],
    ),
    (
        Role::Note,
        &[
            "note",
            "notes",
            "description",
            "details",
            "brief_description",
            "narrative",
            "comment",
            "comments",
            "remarks",
            "remark",
            "additional_information",
            "text_text",
            "text",
            "content",
            "body",
            "abstract",
        ],
    ),
];

/// The names of numbers of what goes from one to another.
pub(super) const FLOWS: &[&str] = &["value", "amount", "quantity", "volume", "tonnes"];

/// What part of a quantity a column gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Value,
    Low,
    High,
}

const METRICS: &[(&str, &[&str])] = &[
    (
        "killed",
        &[
            "deaths",
            "fatalities",
            "killed",
            "dead",
            "death_toll",
            "death",
            "fatality",
            "nkill",
            "number_killed",
            "num_killed",
            "n_killed",
            "people_killed",
            "persons_killed",
            "kia",
        ],
    ),
    (
        "wounded",
        &[
            "wounded",
            "injured",
            "injuries",
            "nwound",
            "number_injured",
            "num_injured",
            "n_injured",
            "number_wounded",
            "people_injured",
            "wia",
        ],
    ),
    ("missing", &["missing", "number_missing", "people_missing", "mia"]),
    ("captured", &["captured", "number_captured", "prisoners", "pow"]),
];

/// What becomes of equipment, as tables of losses count it.
const FATES: [&str; 4] = ["destroyed", "damaged", "abandoned", "captured"];

/// The metric that a column's plain name means in a table of losses of equipment.
pub(super) fn fate_of(name: &str) -> Option<&'static str> {
    FATES.into_iter().find(|fate| *fate == name)
}

const PARTS: &[(&str, Part)] = &[
    ("best", Part::Value),
    ("best_estimate", Part::Value),
    ("estimate", Part::Value),
    ("total", Part::Value),
    ("count", Part::Value),
    ("number", Part::Value),
    ("low", Part::Low),
    ("low_estimate", Part::Low),
    ("min", Part::Low),
    ("minimum", Part::Low),
    ("lower", Part::Low),
    ("high", Part::High),
    ("high_estimate", Part::High),
    ("max", Part::High),
    ("maximum", Part::High),
    ("upper", Part::High),
];

/// The metric and part that a column's plain name means, such as `deaths_low`.
pub(super) fn metric_of(name: &str) -> Option<(&'static str, Part)> {
    for (metric, stems) in METRICS {
        for stem in *stems {
            if name == *stem {
                return Some((metric, Part::Value));
            }
            let rest = name
                .strip_prefix(stem)
                .and_then(|rest| rest.strip_prefix('_'))
                .or_else(|| name.strip_suffix(stem).and_then(|rest| rest.strip_suffix('_')));
            if let Some((_, part)) = rest.and_then(|rest| PARTS.iter().find(|(word, _)| *word == rest)) {
                return Some((metric, *part));
            }
        }
    }
    None
}

/// The part that a bare `low` or `high` gives.
pub(super) fn bare_part(name: &str) -> Option<Part> {
    match name {
        "best" | "best_estimate" => Some(Part::Value),
        "low" | "low_estimate" => Some(Part::Low),
        "high" | "high_estimate" => Some(Part::High),
        _ => None,
    }
}

/// A name in lower case with underscores: `eventDate`, `Event Date` and `event-date` are `event_date`.
pub(super) fn plain_name(name: &str) -> String {
    let mut plain = String::with_capacity(name.len() + 4);
    let mut before_is_lower = false;
    for char in name.trim().chars() {
        if !char.is_alphanumeric() {
            before_is_lower = false;
            if !plain.is_empty() && !plain.ends_with('_') {
                plain.push('_');
            }
            continue;
        }
        if char.is_uppercase() && before_is_lower {
            plain.push('_');
        }
        before_is_lower = char.is_lowercase() || char.is_ascii_digit();
        plain.extend(char.to_lowercase());
    }
    plain.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_spaces_and_humps() {
        assert_eq!(plain_name("eventDate"), "event_date");
        assert_eq!(plain_name(" Town/City "), "town_city");
        assert_eq!(plain_name("EVENT_DATE"), "event_date");
        assert_eq!(plain_name("Long_"), "long");
    }

    #[test]
    fn fatality_columns_are_known_with_their_bounds() {
        assert_eq!(metric_of("deaths_best"), Some(("killed", Part::Value)));
        assert_eq!(metric_of("min_fatalities"), Some(("killed", Part::Low)));
        assert_eq!(metric_of("injured"), Some(("wounded", Part::Value)));
        assert_eq!(metric_of("deaths_civilians"), None);
    }
}
