//! The model: an immutable, columnar snapshot of records, sources, chains, articles and issues.
//!
//! Nothing else in the program holds rows. Columns are Arrow arrays, sorted by the start of the event date,
//! undated records last. A column that no record fills does not exist.

mod amount;
mod article;
mod assemble;
mod assumption;
mod block;
mod builder;
mod column;
mod country;
mod digest;
mod field;
mod growing;
mod issue;
mod persist;
mod places;
mod quantity;
mod records;
mod register;
mod size;
mod source;
mod vocabulary;

pub use amount::Amount;
pub use article::{Article, ArticleId, Related};
pub use assumption::{Assumption, Otherwise};
pub use block::{Block, BlockFigure};
pub use builder::{DatasetBuilder, DateDraft, Draft};
pub use column::{Category, Codes, Column, Dates, Days, Number, Text, TextSlice};
pub use country::country_name;
pub use digest::Digest;
pub use field::{Field, FieldInfo, FieldKind, display_value};
pub(crate) use growing::Dictionary;
pub use issue::{ISSUES_LISTED_MAX, Issue, IssueKind, Issues, Severity};
#[cfg(test)]
pub(crate) use persist::tests::{datasets, difference};
pub use persist::{About, Damaged, Plain};
pub use quantity::{Band, Bound, Quantity, measure_from_unit};
pub use records::{Records, Row};
pub use source::{Chain, ChainId, Source, SourceId};
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
    /// Rows whose structure could not be read.
    pub rejected: u64,
    /// Set when the rows are distinct coded events, counted by the dataset itself: its short name (`UCDP GED`).
    pub counter: Option<String>,
    /// Further facts to show, such as the delimiter: name and value.
    pub notes: Vec<(String, String)>,
    /// What had to be assumed, and could be read otherwise.
    #[serde(default)]
    pub assumptions: Vec<Assumption>,
}

impl Origin {
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

    /// The smallest span that holds every bounded end of every event date; `None` when nothing is dated.
    pub fn extent(&self) -> Option<Span> {
        self.records.dates(Field::WHEN).and_then(Dates::extent)
    }

    /// The row of a record by its id as addressed (`r001`, `r001#2`, `@17`).
    pub fn row_of_id(&self, id: &str) -> Option<Row> {
        self.records.row_of_id(id)
    }
}
