//! What the roles of columns are called: in mapping files, and for people, in the groups in which they are offered.

use super::Role;

/// The roles as they are offered, group by group.
pub const GROUPS: &[(&str, &[Role])] = &[
    ("The column as it is", &[Role::Extra, Role::Ignored, Role::Listed]),
    (
        "When",
        &[
            Role::When,
            Role::End,
            Role::Time,
            Role::Year,
            Role::Month,
            Role::Day,
            Role::AsOf,
            Role::Published,
            Role::Precision,
            Role::Zone,
            Role::OtherWhen,
            Role::Display,
            Role::EndTime,
            Role::EndYear,
            Role::EndMonth,
            Role::EndDay,
            Role::PublishedTime,
            Role::Years,
        ],
    ),
    ("What", &[Role::Title, Role::Category, Role::Note, Role::Id, Role::EventId, Role::Kind]),
    ("How many", &[Role::Measured]),
    ("Who and where", &[Role::From, Role::To, Role::Place, Role::Region, Role::Country, Role::Lat, Role::Lon]),
    ("Who said so", &[Role::Source, Role::Originator, Role::Link, Role::Reports]),
    ("How sure", &[Role::Status, Role::Hedge, Role::Likelihood, Role::Credibility]),
    (
        "How many, one metric a row",
        &[Role::Metric, Role::Value, Role::Low, Role::High, Role::Unit, Role::Basis, Role::Qualifier, Role::Item, Role::Measure],
    ),
];

impl Role {
    /// Its name in mapping files, and what it is called on screen.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Extra => ("field", "Field of its own"),
            Self::Ignored => ("ignore", "Left out"),
            Self::Id => ("id", "Id"),
            Self::EventId => ("event_id", "Id of the event"),
            Self::Kind => ("kind", "Event or claim"),
            Self::Title => ("title", "Title"),
            Self::When => ("date", "Date, or first day"),
            Self::End => ("end", "Last day"),
            Self::Time => ("time", "Time of day"),
            Self::Year => ("year", "Year"),
            Self::Month => ("month", "Month"),
            Self::Day => ("day", "Day of the month"),
            Self::AsOf => ("as_of", "As of"),
            Self::Published => ("published", "Published"),
            Self::Metric => ("metric", "Name of the metric"),
            Self::Item => ("item", "Item"),
            Self::Measure => ("measure", "Count or amount"),
            Self::Value => ("value", "Number"),
            Self::Low => ("low", "Lowest number"),
            Self::High => ("high", "Highest number"),
            Self::Qualifier => ("qualifier", "Exact, about …"),
            Self::Basis => ("basis", "Increment or total"),
            Self::Unit => ("unit", "Unit"),
            Self::Measured => ("quantity", "Quantity"),
            Self::From => ("from", "Actor, from"),
            Self::To => ("to", "Actor, to"),
            Self::Category => ("category", "Category"),
            Self::Place => ("place", "Place"),
            Self::Lat => ("latitude", "Latitude"),
            Self::Lon => ("longitude", "Longitude"),
            Self::Status => ("status", "Status"),
            Self::Hedge => ("hedge", "Cautious word"),
            Self::Likelihood => ("likelihood", "Likelihood"),
            Self::Credibility => ("credibility", "Credibility"),
            Self::Note => ("note", "Note"),
            Self::Source => ("source", "Source"),
            Self::Link => ("link", "Link"),
            Self::Originator => ("originator", "Originator"),
            Self::Reports => ("reports", "Articles"),
            Self::Region => ("region", "Wider region"),
            Self::Precision => ("date_precision", "How exact the date is"),
            Self::Country => ("country", "Country"),
            Self::OtherWhen => ("other_date", "Date, where there is no other"),
            Self::EndTime => ("end_time", "Time of day of the end"),
            Self::EndYear => ("end_year", "Last year"),
            Self::EndMonth => ("end_month", "Last month"),
            Self::EndDay => ("end_day", "Last day of the month"),
            Self::Zone => ("time_zone", "Time zone"),
            Self::Display => ("display_date", "Date as shown"),
            Self::PublishedTime => ("published_time", "Time of day of the publication"),
            Self::Years => ("years", "Years with numbers"),
            Self::Listed => ("listed", "Part of a list"),
        }
    }

    /// How mapping files write it.
    pub fn key(self) -> &'static str {
        self.names().0
    }

    /// What it is called on screen.
    pub fn label(self) -> &'static str {
        self.names().1
    }

    /// The role of a key.
    pub fn of_key(key: &str) -> Option<Self> {
        GROUPS.iter().flat_map(|(_, roles)| *roles).copied().find(|role| role.key() == key)
    }

    /// The key that is most like what was written.
    pub(super) fn near(written: &str) -> Option<&'static str> {
        let keys = GROUPS.iter().flat_map(|(_, roles)| *roles).map(|role| role.key());
        let alike = keys.map(|key| (strsim::jaro_winkler(key, &written.to_lowercase()), key)).filter(|(alike, _)| *alike > 0.75);
        alike.max_by(|one, two| one.0.total_cmp(&two.0)).map(|(_, key)| key)
    }

    /// Does a column of it hold dates?
    pub fn is_date(self) -> bool {
        matches!(self, Self::When | Self::End | Self::AsOf | Self::Published | Self::OtherWhen)
    }

    /// Does a column of it hold numbers?
    pub fn is_number(self) -> bool {
        matches!(self, Self::Measured | Self::Value | Self::Low | Self::High | Self::Lat | Self::Lon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::names::NAMES;

    #[test]
    fn every_role_that_is_guessed_is_offered_under_a_key_of_its_own() {
        for (role, _) in NAMES {
            assert_eq!(Role::of_key(role.key()), Some(*role), "{role:?}");
        }
        let keys: Vec<&str> = GROUPS.iter().flat_map(|(_, roles)| *roles).map(|role| role.key()).collect();
        for (place, key) in keys.iter().enumerate() {
            assert!(!keys[..place].contains(key), "{key} stands twice");
        }
    }
}
