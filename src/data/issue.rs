//! Issues: what the reader could not take as it stood.

use std::collections::BTreeMap;

/// The most issues listed one by one; all of them are counted by kind.
pub const ISSUES_LISTED_MAX: usize = 100_000;

/// How much an issue matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Kept as given, with a remark.
    Remark,
    /// A cell was dropped: its value is null and its text is kept.
    Cell,
    /// A row was rejected.
    Row,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $title:literal, $severity:ident;)+) => {
        /// What was wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum IssueKind { $($(#[$doc])* $name,)+ }

        impl IssueKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name in reports.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }

            /// The heading on screen.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// How much it matters.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }
        }
    };
}

kinds! {
    /// 2025-02-30, month 13.
    InvalidDate = "invalid_date", "Date cannot be read", Cell;
    /// Further away than the calendar reaches.
    DateOutOfRange = "date_out_of_range", "Date out of range", Cell;
    /// The end lies before the start.
    ReversedDates = "reversed_dates", "End before start", Remark;
    /// Day-first or month-first could not be decided, a two-digit year.
    AmbiguousDate = "ambiguous_date", "Date order assumed", Remark;
    /// Not a number.
    InvalidNumber = "invalid_number", "Number not understood", Cell;
    /// NaN or infinite.
    NotFinite = "not_finite", "Number not finite", Cell;
    /// Low above the value.
    LowAboveValue = "low_above_value", "Low above best", Remark;
    /// Value above high.
    ValueAboveHigh = "value_above_high", "Best above high", Remark;
    /// Low above high.
    LowAboveHigh = "low_above_high", "Low above high", Remark;
    /// An id that stands twice.
    DuplicateId = "duplicate_id", "Repeated id", Remark;
    /// A source id that nothing defines.
    DanglingSource = "dangling_source", "Source not found", Cell;
    /// An article id that nothing defines.
    DanglingArticle = "dangling_article", "Article not found", Cell;
    /// A word that the vocabulary lacks.
    UnknownWord = "unknown_word", "Word not understood", Cell;
    /// A value of the wrong JSON type.
    WrongType = "wrong_type", "Wrong type", Cell;
    /// A coordinate outside the globe.
    InvalidCoordinate = "invalid_coordinate", "Coordinate out of range", Cell;
    /// Bytes that are not text in the file's encoding.
    InvalidText = "invalid_text", "Text not readable in this encoding", Remark;
    /// A cell longer than the limit; cut.
    CellTooLong = "cell_too_long", "Cell too long", Cell;
    /// More columns than the limit.
    TooManyColumns = "too_many_columns", "Too many columns", Cell;
    /// Fewer or more cells than the header.
    RaggedRow = "ragged_row", "Row with too few or too many cells", Remark;
    /// A row that could not be read.
    RejectedRow = "rejected_row", "Row cannot be read", Row;
    /// JSON that ends early or breaks its own rules.
    InvalidJson = "invalid_json", "JSON cannot be read", Row;
    /// XML that breaks its own rules.
    InvalidXml = "invalid_xml", "XML cannot be read", Row;
    /// Data that ends in the middle.
    Truncated = "truncated", "File ends early", Row;
    /// The same header once more.
    RepeatedHeader = "repeated_header", "Repeated header", Remark;
    /// A field that the format does not have; kept as a column.
    UnknownField = "unknown_field", "Unknown field kept", Remark;
    /// The reader had to assume something about the whole file.
    Assumption = "assumption", "Assumed", Remark;
    /// A limit of the program was reached.
    LimitReached = "limit_reached", "Limit reached", Row;
}

/// One thing that could not be taken as it stood.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Issue {
    /// Line in the file, from 1.
    pub line: Option<u64>,
    /// The column's name, or the path in a document.
    pub column: Option<String>,
    /// The text as it stood, shortened when very long.
    pub value: String,
    /// What was wrong.
    pub kind: IssueKind,
    /// What was wrong, in words.
    pub message: String,
    /// What was done about it.
    pub action: String,
}

/// The issues of a dataset: all counted, the first of them listed.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Issues {
    /// How many of each kind.
    pub counts: BTreeMap<IssueKind, u64>,
    /// The first [`ISSUES_LISTED_MAX`].
    pub list: Vec<Issue>,
}

impl Issues {
    /// Counts an issue and lists it while there is room.
    pub fn push(&mut self, issue: Issue) {
        *self.counts.entry(issue.kind).or_insert(0) += 1;
        if self.list.len() < ISSUES_LISTED_MAX {
            self.list.push(issue);
        }
    }

    /// Counts an issue that is not worth a line of its own.
    pub fn count(&mut self, kind: IssueKind) {
        *self.counts.entry(kind).or_insert(0) += 1;
    }

    /// Counts and lists those of another list behind its own.
    pub fn append(&mut self, other: Self) {
        for (kind, count) in other.counts {
            *self.counts.entry(kind).or_insert(0) += count;
        }
        let room = ISSUES_LISTED_MAX.saturating_sub(self.list.len());
        self.list.extend(other.list.into_iter().take(room));
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Was a cell dropped or a row rejected?
    pub fn has_losses(&self) -> bool {
        self.counts.keys().any(|kind| kind.severity() > Severity::Remark)
    }
}
