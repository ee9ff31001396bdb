//! Fields: the names of the columns, the model's own first, then those of the file.

/// Which column. The model's own fields have fixed numbers; a file's further columns follow from [`Field::EXTRA_FIRST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Field(pub u16);

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum FieldKind {
    /// One of not too many words: can make lanes, facets and colours.
    Category,
    /// Free text.
    Text,
    /// A number.
    Number,
    /// A date.
    Date,
}

/// A field of a dataset, as schemas and pickers show it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct FieldInfo {
    /// Which.
    pub field: Field,
    /// How queries and files write it, such as `from`.
    pub key: String,
    /// How the screen writes it, such as `From`.
    pub label: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Records that have it.
    pub present: u64,
    /// Distinct values, for categories.
    pub distinct: Option<u32>,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $key:literal, $label:literal, $kind:ident;)+) => {
        impl Field {
            $($(#[$doc])* pub const $name: Self = Self($number);)+

            /// The model's own fields: field, key, label, kind.
            pub const OWN: &'static [(Self, &'static str, &'static str, FieldKind)] =
                &[$((Self::$name, $key, $label, FieldKind::$kind),)+];
        }
    };
}

fields! {
    /// The record's id as given.
    ID = 0, "id", "Id", Text;
    /// What several records of one event share.
    EVENT_ID = 1, "event_id", "Event id", Text;
    /// Event or claim.
    KIND = 2, "kind", "Kind", Category;
    /// One line of text.
    TITLE = 3, "title", "Title", Text;
    /// The event date.
    WHEN = 4, "when", "Date", Date;
    /// The date up to which it was counted.
    AS_OF = 5, "as_of", "As of", Date;
    /// The date of publication: the record's, else its article's.
    PUBLISHED = 6, "published", "Published", Date;
    /// What is counted.
    METRIC = 7, "metric", "Metric", Category;
    /// A narrower kind within the metric.
    ITEM = 8, "item", "Item", Category;
    /// Count, amount, share, rate, other.
    MEASURE = 9, "measure", "Measure", Category;
    /// The number.
    VALUE = 10, "value", "Value", Number;
    /// The lowest number given.
    LOW = 11, "low", "Low", Number;
    /// The highest number given.
    HIGH = 12, "high", "High", Number;
    /// Exact, about, at least, at most, range.
    QUALIFIER = 13, "qualifier", "Qualifier", Category;
    /// Increment, total, level.
    BASIS = 14, "basis", "Basis", Category;
    /// The unit as given.
    UNIT = 15, "unit", "Unit", Category;
    /// Whose people or goods.
    FROM = 16, "from", "From", Category;
    /// Who receives.
    TO = 17, "to", "To", Category;
    /// The kind of event.
    CATEGORY = 18, "category", "Category", Category;
    /// Where.
    PLACE = 19, "place", "Place", Category;
    /// Latitude in degrees.
    LAT = 20, "lat", "Latitude", Number;
    /// Longitude in degrees.
    LON = 21, "lon", "Longitude", Number;
    /// Reported, assessed, confirmed, denied, expected, retracted, removed.
    STATUS = 22, "status", "Status", Category;
    /// The cautious word of the text.
    HEDGE = 23, "hedge", "Hedge", Category;
    /// An ICD 203 band.
    LIKELIHOOD = 24, "likelihood", "Likelihood", Category;
    /// An Admiralty grade of the record.
    CREDIBILITY = 25, "credibility", "Credibility", Category;
    /// Remarks.
    NOTE = 26, "note", "Note", Text;
    /// Derived: the name of the last source of the chain.
    ORIGINATOR = 27, "originator", "Originator", Category;
    /// Derived: the country of the originator.
    ORIGINATOR_COUNTRY = 28, "originator_country", "Originator country", Category;
    /// Derived: the kind of the originator.
    ORIGINATOR_KIND = 29, "originator_kind", "Originator kind", Category;
    /// Derived: the first source of the chain, else the publisher of the article.
    OUTLET = 30, "outlet", "Outlet", Category;
    /// Derived: the language of the article.
    LANGUAGE = 31, "language", "Language", Category;
}

impl Field {
    /// The first number of a file's further columns.
    pub const EXTRA_FIRST: u16 = 64;

    /// Is it a column of the file rather than of the model?
    pub fn is_extra(self) -> bool {
        self.0 >= Self::EXTRA_FIRST
    }

    /// The model's field of a key; `from_actor`, `to_actor` and `date` are understood too.
    pub fn own(key: &str) -> Option<Self> {
        let key = match key {
            "from_actor" => "from",
            "to_actor" => "to",
            "date" => "when",
            "country" => "originator_country",
            other => other,
        };
        Self::OWN.iter().find(|own| own.1 == key).map(|own| own.0)
    }
}

/// A value as the screen writes it: the keys of the model become words (`at_least` is `At least`), anything else stays as given.
pub fn display_value(field: Field, value: &str) -> String {
    let is_key = matches!(
        field,
        Field::KIND
            | Field::METRIC
            | Field::MEASURE
            | Field::QUALIFIER
            | Field::BASIS
            | Field::CATEGORY
            | Field::STATUS
            | Field::LIKELIHOOD
            | Field::ORIGINATOR_KIND
    );
    if !is_key || !value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return value.to_owned();
    }
    if value == "ngo" {
        return "NGO".to_owned();
    }
    let mut words = value.replace('_', " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}
