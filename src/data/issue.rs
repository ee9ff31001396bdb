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
    ($($(#[$doc:meta])* $name:ident = $key:literal, $title:literal, [$one:literal, $several:literal], $severity:ident;)+) => {
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

            /// The words behind a count: `1 date cannot be read`, `44 rows that stand twice`.
            pub fn counted(self, count: u64) -> &'static str {
                match (self, count) { $((Self::$name, 1) => $one, (Self::$name, _) => $several,)+ }
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
    InvalidDate = "invalid_date", "Date cannot be read", ["date cannot be read", "dates cannot be read"], Cell;
    /// Further away than the calendar reaches.
    DateOutOfRange = "date_out_of_range", "Date out of range", ["date out of range", "dates out of range"], Cell;
    /// The end lies before the start.
    ReversedDates = "reversed_dates", "End before start", ["end before start", "ends before their starts"], Remark;
    /// Day-first or month-first could not be decided, a two-digit year.
    AmbiguousDate = "ambiguous_date", "Date order assumed", ["date order assumed", "date orders assumed"], Remark;
    /// Not a number.
    InvalidNumber = "invalid_number", "Number not understood", ["number not understood", "numbers not understood"], Cell;
    /// NaN or infinite.
    NotFinite = "not_finite", "Number not finite", ["number not finite", "numbers not finite"], Cell;
    /// A count below zero, or a number that nothing can have.
    ImplausibleNumber = "implausible_number", "Number not plausible", ["number not plausible", "numbers not plausible"], Cell;
    /// A formula of a workbook that gives no value.
    NoResult = "no_result", "Formula without a result", ["formula without a result", "formulas without a result"], Cell;
    /// Low above the value.
    LowAboveValue = "low_above_value", "Low above best", ["low above best", "lows above best"], Remark;
    /// Value above high.
    ValueAboveHigh = "value_above_high", "Best above high", ["best value above high", "best values above high"], Remark;
    /// Low above high.
    LowAboveHigh = "low_above_high", "Low above high", ["low above high", "lows above high"], Remark;
    /// An id that stands twice.
    DuplicateId = "duplicate_id", "Repeated id", ["repeated id", "repeated ids"], Remark;
    /// A source id that nothing defines; it is shown by its id.
    DanglingSource = "dangling_source", "Source not found", ["source not found", "sources not found"], Remark;
    /// An article id that nothing defines; it is shown by its id.
    DanglingArticle = "dangling_article", "Article not found", ["article not found", "articles not found"], Remark;
    /// A word that the vocabulary lacks.
    UnknownWord = "unknown_word", "Word not understood", ["word not understood", "words not understood"], Cell;
    /// A value of the wrong JSON type.
    WrongType = "wrong_type", "Wrong type", ["wrong type", "wrong types"], Cell;
    /// A coordinate outside the globe.
    InvalidCoordinate = "invalid_coordinate", "Coordinate out of range", ["coordinate out of range", "coordinates out of range"], Cell;
    /// Bytes that are not text in the file's encoding.
    InvalidText = "invalid_text", "Text not readable in this encoding", ["text not readable in this encoding", "texts not readable in this encoding"], Remark;
    /// A cell longer than the limit; cut.
    CellTooLong = "cell_too_long", "Cell too long", ["cell too long", "cells too long"], Cell;
    /// More columns than the limit.
    TooManyColumns = "too_many_columns", "Too many columns", ["time too many columns", "times too many columns"], Cell;
    /// Fewer or more cells than the header.
    RaggedRow = "ragged_row", "Row with too few or too many cells", ["row with too few or too many cells", "rows with too few or too many cells"], Remark;
    /// A row that could not be read.
    RejectedRow = "rejected_row", "Row cannot be read", ["row cannot be read", "rows cannot be read"], Row;
    /// JSON that ends early or breaks its own rules.
    InvalidJson = "invalid_json", "JSON cannot be read", ["piece of JSON cannot be read", "pieces of JSON cannot be read"], Row;
    /// XML that breaks its own rules.
    InvalidXml = "invalid_xml", "XML cannot be read", ["piece of XML cannot be read", "pieces of XML cannot be read"], Row;
    /// Data that ends in the middle.
    Truncated = "truncated", "File ends early", ["file ends early", "files end early"], Row;
    /// One of several files that could not be read; the others were.
    FileNotRead = "file_not_read", "File could not be read", ["file could not be read", "files could not be read"], Row;
    /// One of several files that is no list of records, such as a read-me or a picture.
    FilePassedOver = "file_passed_over", "File passed over", ["file passed over", "files passed over"], Remark;
    /// A row that is the same in every column as one before it.
    DuplicateRow = "duplicate_row", "Row that stands twice", ["row that stands twice", "rows that stand twice"], Remark;
    /// The same header once more.
    RepeatedHeader = "repeated_header", "Repeated header", ["repeated header", "repeated headers"], Remark;
    /// A field that the format does not have; kept as a column.
    UnknownField = "unknown_field", "Unknown field kept", ["unknown field kept", "unknown fields kept"], Remark;
    /// The reader had to assume something about the whole file.
    Assumption = "assumption", "Assumed", ["assumption", "assumptions"], Remark;
    /// A limit of the program was reached.
    LimitReached = "limit_reached", "Limit reached", ["limit reached", "limits reached"], Row;
    /// A quoted cell that goes on over lines which look like rows of the table.
    SwallowedRows = "swallowed_rows", "Rows inside a quoted cell", ["quoted cell with rows inside", "quoted cells with rows inside"], Row;
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

/// An issue and where it belongs: readers say what was wrong, those who put the dataset together know where.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Listed {
    /// What was wrong.
    pub issue: Issue,
    /// The row of data, from 0, that it is about: of all files together where there are several.
    pub row: Option<u32>,
    /// The number of the file among several ([`super::Origin::files`]).
    pub file: Option<u32>,
}

impl std::ops::Deref for Listed {
    type Target = Issue;

    fn deref(&self) -> &Issue {
        &self.issue
    }
}

impl From<Issue> for Listed {
    fn from(issue: Issue) -> Self {
        Self { issue, row: None, file: None }
    }
}

impl Listed {
    /// The name of a file that was left out; of no other issue.
    pub fn file_left_out(&self) -> Option<&str> {
        let is_left_out = matches!(self.issue.kind, IssueKind::FileNotRead | IssueKind::FilePassedOver);
        self.issue.column.as_deref().filter(|_| is_left_out)
    }

    /// Issues stand in the order of files, then of lines.
    pub(super) fn place(&self) -> (Option<u32>, Option<u64>) {
        (self.file, self.issue.line)
    }
}

/// A row whose structure could not be read, as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rejected {
    /// The line on which it starts, from 1.
    pub line: u64,
    /// Why it was left out.
    pub reason: String,
    /// Its text, cut when very long.
    pub text: String,
    /// The number of the file among several.
    pub file: Option<u32>,
}

/// The longest text of a rejected row that is kept: a page of text is shorter.
pub const REJECTED_TEXT_MAX: usize = 64 << 10;
/// So many bytes of all rejected rows are kept; of further ones only line and reason.
const REJECTED_TEXTS_MAX: usize = 16 << 20;

/// The issues of a dataset: all counted, the first of them listed.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Issues {
    /// How many of each kind.
    pub counts: BTreeMap<IssueKind, u64>,
    /// The first [`ISSUES_LISTED_MAX`].
    pub list: Vec<Listed>,
    /// The first [`ISSUES_LISTED_MAX`] of the rejected rows.
    pub rejected: Vec<Rejected>,
    /// How many bytes the texts of these have.
    rejected_bytes: usize,
}

impl Issues {
    /// Counts an issue and lists it while there is room.
    pub fn push(&mut self, issue: impl Into<Listed>) {
        let issue = issue.into();
        *self.counts.entry(issue.kind).or_insert(0) += 1;
        if self.list.len() < ISSUES_LISTED_MAX {
            self.list.push(issue);
        }
    }

    /// Keeps a rejected row while there is room.
    pub fn reject(&mut self, mut row: Rejected) {
        if self.rejected.len() >= ISSUES_LISTED_MAX {
            return;
        }
        if self.rejected_bytes + row.text.len() > REJECTED_TEXTS_MAX {
            row.text.clear();
        }
        self.rejected_bytes += row.text.len();
        self.rejected.push(row);
    }

    /// Counts an issue that is not worth a line of its own.
    pub fn count(&mut self, kind: IssueKind) {
        self.count_many(kind, 1);
    }

    /// Counts so many issues that are not listed.
    pub fn count_many(&mut self, kind: IssueKind, count: u64) {
        if count > 0 {
            *self.counts.entry(kind).or_insert(0) += count;
        }
    }

    /// Counts and lists those of another list behind its own.
    pub fn append(&mut self, other: Self) {
        for (kind, count) in other.counts {
            *self.counts.entry(kind).or_insert(0) += count;
        }
        let room = ISSUES_LISTED_MAX.saturating_sub(self.list.len());
        self.list.extend(other.list.into_iter().take(room));
        other.rejected.into_iter().for_each(|row| self.reject(row));
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
