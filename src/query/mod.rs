//! The contract between what asks and what answers: plain values, bounded by pixels and limits, never by the number of records.
//!
//! Nothing here may assume that rows are in memory. Each variant of [`Query`] states the SQL that its answer must equal,
//! over a table `records` with one column per field and the columns
//! `anchor` (where a record is drawn: of a claim with an as-of date that date's start, else the start of its event date;
//! an open start gives way to the end) and `extent` (the hull of event date and anchor).

mod answer;
mod complete;
mod dates;
mod filter;
mod number_axis;
mod parse;
mod record_answer;
mod text;

pub use answer::{
    Answer, Aside, Cell, ClaimsAnswer, CountAnswer, FacetAnswer, FacetValue, Figure, HistogramAnswer, IncrementTotal, IssuesAnswer, Lane,
    LanesAnswer, Mark, MetricInfo, MetricTotals, Reading, RowsAnswer, Schema, SeriesAnswer, SeriesGroup, SeriesPoint, TableRow,
    TotalsAnswer,
};
pub use complete::{Completion, completions};
pub use dates::{known_by, span_of};
pub use filter::{Comparison, Filter, Has};
pub use number_axis::{Crowd, NumberAxis};
pub use parse::{QUERY_BYTES_MAX, QUERY_DEPTH_MAX, QueryError, any_of_words, near_matches, parse_filter};
pub use record_answer::{Origins, ProvenanceAnswer, RecordAnswer, RecordLine, RelatedAnswer, RelatedArticle, SourceLine};

use crate::data::{Field, IssueKind, Row};
use crate::time::{Bucket, Span, Step, Time};

/// Which date places a record on the time axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DateKind {
    /// When it happened.
    #[default]
    Event,
    /// Up to when it was counted.
    AsOf,
    /// When it was published.
    Published,
}

impl DateKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Event, Self::AsOf, Self::Published];

    /// The field that holds it.
    pub fn field(self) -> Field {
        match self {
            Self::Event => Field::WHEN,
            Self::AsOf => Field::AS_OF,
            Self::Published => Field::PUBLISHED,
        }
    }

    /// How the command line writes it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::AsOf => "as_of",
            Self::Published => "published",
        }
    }

    /// How the screen writes it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Event => "Event date",
            Self::AsOf => "As-of date",
            Self::Published => "Publication date",
        }
    }
}

/// In which order lanes come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LaneSort {
    /// Most records first.
    #[default]
    Count,
    /// Earliest first record first.
    First,
    /// By name.
    Name,
}

/// What a series adds up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SeriesMode {
    /// What happened in each bucket.
    #[default]
    Increments,
    /// The running sum of increments.
    Cumulative,
}

/// From where a neighbour is looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Beside {
    /// From a record, in its lane.
    Row(Row),
    /// From a moment, in all lanes.
    Moment(Time),
}

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// What is in the file. `select count(*), … from records` and the distinct values of the small columns.
    Schema,
    /// How many records pass.
    ///
    /// `select count(*), count(anchor), count(*) filter (where extent && :window) from records where :filter`
    Count {
        /// Which records.
        filter: Filter,
        /// Only those that touch this.
        window: Option<Span>,
    },
    /// Densities and, where few enough, single marks, lane by lane.
    Lanes(LanesQuery),
    /// Sums of increments per calendar bucket.
    Series(SeriesQuery),
    /// Reported totals and levels as readings.
    Claims(ClaimsQuery),
    /// Values of a category with counts.
    Facet(FacetQuery),
    /// Counts of a number or date field in bins that are equal on its axis: in equal steps, but drawn apart where three of four
    /// numbers of the whole file lie in the lowest twenty-fifth of it. With `a = ln(1 + (n - min) / unit)`:
    ///
    /// `select width_bucket(:field, min, max, :bins), count(*) from records where :filter group by 1`, or
    /// `select width_bucket(a(:field), 0, a(max), :bins), …`, unit being the second smallest number less the smallest, at least
    /// a millionth of the whole
    Histogram {
        /// Which field.
        field: Field,
        /// Which records.
        filter: Filter,
        /// How many bins.
        bins: u32,
    },
    /// A page of the table.
    Rows(RowsQuery),
    /// Everything about one record. `select * from records where row = :row`
    Record {
        /// Which record.
        row: Row,
    },
    /// The row of an address. `select row from records where id = :id`
    Find {
        /// Its address.
        id: String,
    },
    /// Who stands behind the selected records.
    ///
    /// Repeats: `select * from records where (count key, basis, value, low, high, as-of) = those of :row` with rule 3's allowances;
    /// origins: `select count(distinct originator) from records where row in :rows`.
    Provenance {
        /// The selected records.
        rows: Vec<Row>,
        /// The most lines of a list.
        limit: u32,
    },
    /// What belongs to a record's article and originator.
    ///
    /// `select * from articles where id in (select other from related where article = :article)`;
    /// `select * from records where article = :article`; `… where originator = :originator order by abs(anchor - :anchor) limit :limit`
    Related {
        /// Which record.
        row: Row,
        /// The most lines of a list.
        limit: u32,
    },
    /// Totals of what touches a window, metric by metric, as the rules of arithmetic allow.
    ///
    /// Increments: `select metric, unit, counter, sum(value), sum(low), sum(high) from records where :filter and extent && :window
    /// and basis = 'increment' group by 1, 2, 3` (repeats counted once); totals and levels: `min(low), max(high)`, a hull and never a sum.
    Totals {
        /// Which records.
        filter: Filter,
        /// Only those that touch this.
        window: Option<Span>,
        /// The most metrics.
        metrics_max: u32,
    },
    /// The next or previous record in the same lane, by anchor, then row; from a moment, of any lane.
    ///
    /// `select row from records where :filter and lane = :lane and (anchor, row) > (:anchor, :row) order by anchor, row limit 1`;
    /// from a moment: `select row from records where :filter and anchor >= :moment order by anchor, row limit 1`, and backwards
    /// `anchor < :moment order by anchor desc, row desc`
    Neighbour {
        /// From where.
        from: Beside,
        /// The lane field.
        lane: Option<Field>,
        /// Which records.
        filter: Filter,
        /// Forwards, or backwards?
        is_next: bool,
    },
    /// The record of a row of the file; the first one where it became several.
    /// `select row from records where file_row = :file_row order by row limit 1`
    OfFileRow {
        /// Which row of data, from 1.
        file_row: u64,
    },
    /// The rows that could not be read, as far as they are kept. `select * from rejected order by file, line`
    Rejected,
    /// A page of the issues. `select * from issues where (kind = :kind or :kind is null) and
    /// concat(file, line, column, value, message, action) ilike '%' || :text || '%' offset :offset limit :limit`
    Issues {
        /// Only this kind.
        kind: Option<IssueKind>,
        /// Only those with this text; letter case does not matter.
        text: String,
        /// Where the page starts.
        offset: u64,
        /// The most lines of a list.
        limit: u32,
    },
}

/// Asks for lanes.
///
/// Cells: `select lane, bucket(anchor), count(*) from records where :filter and anchor in :window group by 1, 2`.
/// Marks: `select * from records where :filter and extent && :window order by anchor, row` of each lane that has at most `marks_max`
/// of them. With `has_folded_repeats`, of the repeats of one claim in one lane only the first is a mark, and it carries the number of articles.
/// Counts: `count(*)`, `count(*) filter (where extent ends before :window)`, the same after, and undated.
#[derive(Clone, Debug, PartialEq)]
pub struct LanesQuery {
    /// A lane for each value of this field; one lane of everything without it.
    pub lane: Option<Field>,
    /// Marks carry the colour rank of this field.
    pub colour: Option<Field>,
    /// Which records.
    pub filter: Filter,
    /// Which stretch of time; bounded.
    pub window: Span,
    /// The cells of the density.
    pub bucket: Bucket,
    /// The order of lanes.
    pub sort: LaneSort,
    /// The most lanes that are answered; the others are counted.
    pub lanes_max: u32,
    /// The most marks of one lane; above that it has none, only cells.
    pub marks_max: u32,
    /// Is a claim with many carriers one mark?
    pub has_folded_repeats: bool,
}

/// Asks for sums of increments.
///
/// `select bucket(:date), :group, sum(value), sum(low), sum(high), count(*) from records where :filter and metric = :metric
/// and basis = 'increment' and measure in ('count', 'amount') and status not in ('expected', 'denied', 'retracted', 'removed') group by 1, 2`,
/// repeats counted once, one group per unit, and one per counter when no group is asked for and there are several.
/// With `is_spread`, a record whose date covers several buckets is shared out in proportion to time, the last taking the remainder.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesQuery {
    /// What is counted.
    pub metric: String,
    /// Which records.
    pub filter: Filter,
    /// The calendar bucket.
    pub by: Step,
    /// Which date.
    pub date: DateKind,
    /// One series for each value of this field.
    pub group: Option<Field>,
    /// Per bucket or running.
    pub mode: SeriesMode,
    /// Is an increment over several buckets shared out?
    pub is_spread: bool,
    /// Only buckets that touch this; running sums still start at the beginning.
    pub window: Option<Span>,
    /// The most groups; the largest are kept and the others counted.
    pub groups_max: u32,
}

/// Asks for reported totals and levels.
///
/// `select * from records where :filter and metric = :metric and basis in ('total', 'level') and :date is not null
/// order by :date, row`, repeats folded into their first carrier.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimsQuery {
    /// What is counted.
    pub metric: String,
    /// Which records.
    pub filter: Filter,
    /// Which date.
    pub date: DateKind,
    /// Readings carry the colour rank of this field.
    pub colour: Option<Field>,
    /// The most readings; the rest is counted.
    pub readings_max: u32,
}

/// Asks for the values of a category.
///
/// `select :field, count(*) from records where :filter group by 1 order by 2 desc, 1 limit :limit`; `total` is the same without the filter,
/// and values that the filter empties are kept with a count of zero.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetQuery {
    /// Which category.
    pub field: Field,
    /// The other filters: the caller leaves out the field's own.
    pub filter: Filter,
    /// Only values that contain this text, whatever its case and accents.
    pub search: String,
    /// The most values.
    pub limit: u32,
}

/// Asks for a page of the table.
///
/// `select row, :fields from records where :filter and extent && :window order by :sort, row offset :offset limit :limit`
#[derive(Clone, Debug, PartialEq)]
pub struct RowsQuery {
    /// Which records.
    pub filter: Filter,
    /// Only those that touch this.
    pub window: Option<Span>,
    /// By which field, and is it the largest first; file order without one. Records without a value come last.
    pub sort: Option<(Field, bool)>,
    /// Where the page starts.
    pub offset: u64,
    /// How long it is.
    pub limit: u32,
    /// Which cells.
    pub fields: Vec<Field>,
}
