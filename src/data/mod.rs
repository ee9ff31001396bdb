//! The model: an immutable, columnar snapshot of records, sources, chains, articles and issues.
//!
//! Nothing else in the program holds rows. Columns are Arrow arrays, sorted by the start of the event date,
//! undated records last. A column that no record fills does not exist.

mod alike;
mod amount;
mod article;
mod assemble;
mod assumption;
mod block;
mod builder;
mod column;
mod country;
mod digest;
mod excerpt;
mod field;
mod growing;
mod issue;
mod lines;
mod persist;
mod places;
mod quantity;
mod records;
mod register;
mod releases;
mod size;
mod source;
mod together;
mod total_rows;
mod vocabulary;

pub use amount::Amount;
pub use article::{Article, ArticleId, Related};
pub use assumption::{Assumption, Otherwise};
pub use block::{Block, BlockFigure};
pub use builder::{DatasetBuilder, DateDraft, Draft};
pub use column::{Category, Codes, Column, Dates, Days, Number, Text, TextSlice};
pub use country::country_name;
pub use digest::Digest;
pub use excerpt::{Excerpt, ExcerptLine};
pub use field::{Field, FieldInfo, FieldKind, display_value};
pub(crate) use growing::Dictionary;
pub use issue::{ISSUES_LISTED_MAX, Issue, IssueKind, Issues, Listed, REJECTED_TEXT_MAX, Rejected, Severity};
#[cfg(test)]
pub(crate) use persist::tests::{datasets, difference};
pub use persist::{About, Damaged, Plain};
pub use quantity::{Band, Bound, Quantity, implausible, measure_from_unit};
pub use records::{Records, Row};
pub use releases::{Comparison, Releases};
pub use source::{Chain, ChainId, Source, SourceId};
pub use together::{CHANGES, FILE, RELEASE, Together};
pub use vocabulary::{Basis, Credibility, Kind, Likelihood, Measure, Qualifier, Reliability, SourceKind, Status, Vocabulary};

use crate::time::Span;

/// The most records that one dataset holds: row numbers are 32 bits wide.
pub const RECORDS_MAX: usize = u32::MAX as usize - 1;

/// Where a dataset came from and how it was understood.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// The file's path as given, or the name of the bundled sample.
    pub path: String,
    /// `csv`, `tsv`, `json`, `jsonl` …
    pub format: String,
    /// The preset that mapped it, if one did.
    pub preset: Option<String>,
    /// The WHATWG label of its encoding.
    pub encoding: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, in hexadecimal, as soon as it is known.
    #[serde(skip)]
    pub sha256: Digest,
    /// Data rows in the file: taken and rejected.
    pub rows: u64,
    /// Repeated headers, tag rows, preamble and blank lines.
    pub skipped: u64,
    /// The same by what they were; they add up to it.
    pub skips: Vec<(Skip, u64)>,
    /// Rows whose structure could not be read.
    pub rejected: u64,
    /// Set when the rows are distinct coded events, counted by the dataset itself: its short name (`UCDP GED`).
    pub counter: Option<String>,
    /// Further facts to show, such as the delimiter: name and value.
    pub notes: Vec<(String, String)>,
    /// What had to be assumed, and could be read otherwise.
    #[serde(default)]
    pub assumptions: Vec<Assumption>,
    /// The columns by their names in the file, as far as it has some.
    pub columns: Vec<String>,
    /// The files, where there are several; then the facts above are those of all of them.
    pub files: Vec<FileOrigin>,
    /// What has become of the records, where the files are two releases of one dataset.
    pub releases: Option<Releases>,
}

/// Lines of a file that are no data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Skip {
    /// Lines before the header.
    Preamble,
    /// The header once more.
    RepeatedHeader,
    /// A row of tags such as `#date+start`.
    TagRow,
    /// A line without anything.
    Blank,
    /// An object that records refer to, or that is neither event nor claim.
    Aside,
}

impl Skip {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Preamble, Self::RepeatedHeader, Self::TagRow, Self::Blank, Self::Aside];

    /// The name in reports.
    pub fn key(self) -> &'static str {
        match self {
            Self::Preamble => "preamble",
            Self::RepeatedHeader => "repeated_headers",
            Self::TagRow => "tag_rows",
            Self::Blank => "blank_lines",
            Self::Aside => "objects_aside",
        }
    }

    /// So many of them, in words.
    pub fn words(self, count: u64) -> &'static str {
        match (self, count) {
            (Self::Preamble, 1) => "line before the header",
            (Self::Preamble, _) => "lines before the header",
            (Self::RepeatedHeader, 1) => "repeated header",
            (Self::RepeatedHeader, _) => "repeated headers",
            (Self::TagRow, 1) => "row of tags",
            (Self::TagRow, _) => "rows of tags",
            (Self::Blank, 1) => "blank line",
            (Self::Blank, _) => "blank lines",
            (Self::Aside, 1) => "object that is no record",
            (Self::Aside, _) => "objects that are no records",
        }
    }
}

/// One of several files.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct FileOrigin {
    /// Its name, relative to the folder; what stands in the field `file`.
    pub name: String,
    /// Its first row among those of all files, from 0.
    pub first_row: u32,
    /// The first file that has the same counter: what one dataset has counted is one count in whatever files it stands.
    pub counted_as: Option<u32>,
    /// How it was understood.
    pub origin: Origin,
}

/// The name of a file without its ending; a name that is nothing but an ending stays.
pub(crate) fn name_without_ending(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

impl Origin {
    /// Does its own name, without endings, stand for who counted, since it names nobody?
    pub fn is_counted_by_name(&self) -> bool {
        let rest = self.counter.as_deref().and_then(|counter| self.file_name().strip_prefix(counter));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// The number of the file that has a row of data (from 0), where there are several.
    pub fn file_of_row(&self, row: u32) -> Option<u32> {
        let next = self.files.partition_point(|file| file.first_row <= row);
        next.checked_sub(1).map(|number| number as u32)
    }

    /// What a line of the file is called: a row where the file is not made of lines.
    pub fn line_word(&self) -> &'static str {
        let has_rows = matches!(self.format.as_str(), "xlsx" | "xlsb" | "xls" | "ods" | "sqlite" | "parquet" | "arrow");
        if has_rows { "row" } else { "line" }
    }

    /// A line of the file as people call it: of a workbook or a database a row, with the name of its sheet or table.
    pub fn line_words(&self, line: u64) -> String {
        let what = if self.format == "sqlite" { "table" } else { "sheet" };
        let name = self.notes.iter().find(|note| note.0 == "table").filter(|_| self.line_word() == "row");
        let word = format!("{} {line}", self.line_word());
        name.map_or_else(|| word.clone(), |(_, name)| format!("{what} “{name}”, {word}"))
    }

    /// Counts lines that are no data.
    pub fn skip(&mut self, what: Skip, count: u64) {
        if count == 0 {
            return;
        }
        self.skipped += count;
        match self.skips.iter_mut().find(|own| own.0 == what) {
            Some(own) => own.1 += count,
            None => self.skips.push((what, count)),
        }
    }

    /// How many rows of data became records.
    pub fn taken(&self) -> u64 {
        self.rows.saturating_sub(self.rejected)
    }

    /// The name of one of several files, else that of the only one.
    pub fn file_name_of(&self, number: Option<u32>) -> &str {
        number.and_then(|number| self.files.get(number as usize)).map_or_else(|| self.file_name(), |file| &file.name)
    }

    /// The file's name without its folders.
    pub fn file_name(&self) -> &str {
        self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path)
    }
}

/// An immutable snapshot of a file.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Which snapshot this is; later snapshots of one session have larger numbers.
    pub generation: u64,
    /// Has the whole file been read?
    pub is_complete: bool,
    /// The file and how it was understood.
    pub origin: Origin,
    /// The records, sorted by start.
    pub records: Records,
    /// Who can say something.
    pub sources: Vec<Source>,
    /// Attributions, publisher first, originator last.
    pub chains: Vec<Chain>,
    /// Publications.
    pub articles: Vec<Article>,
    /// What could not be taken as it stood.
    pub issues: Issues,
}

impl Dataset {
    /// The originator of a record: the last source of its chain.
    pub fn originator(&self, row: Row) -> Option<SourceId> {
        self.records.chain(row).and_then(|chain| self.chains.get(chain.0 as usize)).and_then(|chain| chain.0.last().copied())
    }

    /// The chain of a record, publisher first.
    pub fn chain_sources(&self, row: Row) -> &[SourceId] {
        self.records.chain(row).and_then(|chain| self.chains.get(chain.0 as usize)).map_or(&[], |chain| chain.0.as_slice())
    }

    /// Are the rows distinct coded events, counted by the dataset itself?
    pub fn is_coded(&self) -> bool {
        self.origin.counter.is_some()
    }

    /// Of several files, do some have a counter of their own?
    pub fn has_coded_files(&self) -> bool {
        self.origin.counter.is_none() && self.origin.files.iter().any(|file| file.origin.counter.is_some())
    }

    /// The dataset that counted a record, where its rows are distinct coded events: its number ([`Self::coded_name`]).
    pub fn coded(&self, row: Row) -> Option<u32> {
        if self.is_coded() || self.origin.files.is_empty() {
            return self.origin.counter.as_ref().map(|_| 0);
        }
        let file_row = u32::try_from(self.records.file_row(row) - 1).ok()?;
        let file = self.origin.file_of_row(file_row)?;
        self.origin.files.get(file as usize)?.counted_as
    }

    /// The name of a dataset that counted.
    pub fn coded_name(&self, coded: u32) -> Option<&str> {
        let of_file = || self.origin.files.get(coded as usize).and_then(|file| file.origin.counter.as_deref());
        self.origin.counter.as_deref().or_else(of_file)
    }

    /// The smallest span that holds every bounded end of every event date; `None` when nothing is dated.
    pub fn extent(&self) -> Option<Span> {
        self.records.dates(Field::WHEN).and_then(Dates::extent)
    }

    /// The row of a record by its id as addressed (`r001`, `r001#2`, `@17`).
    pub fn row_of_id(&self, id: &str) -> Option<Row> {
        self.records.row_of_id(id)
    }
}
