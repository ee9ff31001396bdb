//! Answers: plain values, ready to be drawn or printed.

use super::{NumberAxis, ProvenanceAnswer, RecordAnswer, RelatedAnswer};
use crate::data::{Amount, Band, Basis, Field, FieldInfo, IssueKind, Kind, Listed, Measure, Origin, Qualifier, Rejected, Row, Status};
use crate::time::{Span, Time, When};

/// An answer; each variant belongs to the query of its name.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "answers live behind an Arc, one at a time")]
pub enum Answer {
    /// To `Query::Schema`.
    Schema(Box<Schema>),
    /// To `Query::Count`.
    Count(CountAnswer),
    /// To `Query::Lanes`.
    Lanes(LanesAnswer),
    /// To `Query::Series`.
    Series(SeriesAnswer),
    /// To `Query::Claims`.
    Claims(ClaimsAnswer),
    /// To `Query::Facet`.
    Facet(FacetAnswer),
    /// To `Query::Histogram`.
    Histogram(HistogramAnswer),
    /// To `Query::Rows`.
    Rows(RowsAnswer),
    /// To `Query::Record`.
    Record(Option<Box<RecordAnswer>>),
    /// To `Query::Find` and `Query::Neighbour`.
    Row(Option<Row>),
    /// To `Query::Provenance`.
    Provenance(ProvenanceAnswer),
    /// To `Query::Related`.
    Related(RelatedAnswer),
    /// To `Query::Totals`.
    Totals(TotalsAnswer),
    /// To `Query::Rejected`.
    Rejected(Vec<Rejected>),
    /// To `Query::Issues`.
    Issues(IssuesAnswer),
}

/// What is in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// The snapshot that answered.
    pub generation: u64,
    /// Has the whole file been read?
    pub is_complete: bool,
    /// The file and how it was understood.
    pub origin: Origin,
    /// Records.
    pub records: u64,
    /// Of them events.
    pub events: u64,
    /// Of them claims.
    pub claims: u64,
    /// Of them without an event date.
    pub undated: u64,
    /// The span of all anchors and bounded extents.
    pub extent: Option<Span>,
    /// The span of all anchors but the few earliest and latest.
    pub bulk: Option<Span>,
    /// The start that a quarter of the records do not reach.
    pub first_quartile: Option<Time>,
    /// The last anchor.
    pub last_anchor: Option<Time>,
    /// The fields that some record has.
    pub fields: Vec<FieldInfo>,
    /// Those of them whose words tell no groups apart: addresses, markup, numbers, sentences, names of which each stands once.
    pub wordless: Vec<Field>,
    /// What is counted, most records first.
    pub metrics: Vec<MetricInfo>,
    /// Sources.
    pub sources: u64,
    /// Articles.
    pub articles: u64,
    /// Distinct originators of the claims; of the events where there are no claims.
    pub originators: u64,
    /// The coarsest precision that most dated records reach, as a word for the status bar.
    pub precision: &'static str,
    /// Issues by kind.
    pub issues: Vec<(IssueKind, u64)>,
}

impl Schema {
    /// The field of a key; letter case does not matter.
    pub fn field(&self, key: &str) -> Option<&FieldInfo> {
        let own = Field::own(&key.to_ascii_lowercase());
        self.fields
            .iter()
            .find(|info| info.key == key)
            .or_else(|| self.fields.iter().find(|info| info.key.eq_ignore_ascii_case(key) || Some(info.field) == own))
    }

    /// What is known of a field.
    pub fn info(&self, field: Field) -> Option<&FieldInfo> {
        self.fields.iter().find(|info| info.field == field)
    }
}

/// One metric, as charts choose among them. Sums cover increments that rules 11 and 12 allow, repeats counted once.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricInfo {
    /// Its key.
    pub metric: String,
    /// Its most frequent unit.
    pub unit: Option<String>,
    /// How many units it has.
    pub units: u32,
    /// The measure of most of its records.
    pub measure: Measure,
    /// Records with this metric.
    pub records: u64,
    /// Of them increments with a figure.
    pub increments: u64,
    /// Of them totals with a figure.
    pub totals: u64,
    /// Of them levels with a figure.
    pub levels: u64,
    /// Of them without a figure.
    pub without_figure: u64,
    /// Of them with both actors.
    pub between_actors: u64,
    /// Distinct counters.
    pub counters: u64,
    /// The sum of the increments; `None` when there are several counters or units.
    pub value: Option<Amount>,
    /// The sum of their low bounds; `None` also when one is open.
    pub low: Option<Amount>,
    /// The sum of their high bounds.
    pub high: Option<Amount>,
}

/// How many records pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountAnswer {
    /// Records that pass the filter.
    pub matching: u64,
    /// All records.
    pub of: u64,
    /// Of those that pass: without an event date.
    pub undated: u64,
    /// Of those that pass: touching the window (all dated ones without a window).
    pub inside: u64,
    /// Of those that pass a `known:` clause's other terms: left out because no publication date is known.
    pub unknown_publication: u64,
}

/// Lanes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LanesAnswer {
    /// In the order asked for; records without a value make the last lane.
    pub lanes: Vec<Lane>,
    /// How many lanes there are in all.
    pub lanes_total: u64,
    /// Records that pass the filter.
    pub matching: u64,
    /// Of them without any date.
    pub undated: u64,
}

/// One lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    /// The value; `None` is "not recorded".
    pub value: Option<String>,
    /// Records that pass the filter.
    pub total: u64,
    /// Of them entirely before the window.
    pub before: u64,
    /// Of them entirely after the window.
    pub after: u64,
    /// Of them undated.
    pub undated: u64,
    /// The earliest anchor among those that pass.
    pub first: Option<Time>,
    /// Non-empty cells inside the window, in order.
    pub cells: Vec<Cell>,
    /// The records that touch the window, in order; `None` when there are too many.
    pub marks: Option<Vec<Mark>>,
}

/// A cell of a density.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The bucket's index.
    pub index: i64,
    /// Records in it.
    pub count: u32,
}

/// The number of a record, ready to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What is counted.
    pub metric: String,
    /// A narrower kind.
    pub item: Option<String>,
    /// Count, amount …
    pub measure: Measure,
    /// The number; without one and without a band it is "no figure".
    pub value: Option<f64>,
    /// The band; `None` without a figure.
    pub band: Option<Band>,
    /// As qualified.
    pub qualifier: Option<Qualifier>,
    /// What it covers.
    pub basis: Option<Basis>,
    /// The unit.
    pub unit: Option<String>,
}

/// A record on the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Which record.
    pub row: Row,
    /// Event or claim.
    pub kind: Kind,
    /// Where it is drawn.
    pub anchor: Time,
    /// The event date.
    pub when: Option<When>,
    /// The as-of date.
    pub as_of: Option<When>,
    /// One line of text.
    pub title: Option<String>,
    /// The colour rank of the colour field: 0 is the most frequent value of the whole file; `None` has no value.
    pub colour: Option<u32>,
    /// Its number.
    pub figure: Option<Figure>,
    /// How it stands.
    pub status: Status,
    /// How many articles carry this claim; 1 when it is alone.
    pub articles: u32,
    /// The other records that this mark stands for.
    pub folded: Vec<Row>,
}

impl Mark {
    /// How many records it stands for.
    pub fn records(&self) -> u64 {
        1 + self.folded.len() as u64
    }
}

/// What a chart does not draw, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// Records of the metric that pass the filter.
    pub records: u64,
    /// Increments with an open end: in no bucket.
    pub unplaced: u64,
    /// Without the date asked for.
    pub undated: u64,
    /// Not yet happened.
    pub expected: u64,
    /// Denied.
    pub denied: u64,
    /// Taken back.
    pub retracted: u64,
    /// No longer in a newer release.
    pub removed: u64,
    /// A metric without a number.
    pub no_figure: u64,
    /// Of another basis than the chart shows.
    pub other_basis: u64,
    /// Shares, rates and others: never summed.
    pub not_summable: u64,
    /// Further carriers of a claim that is counted already.
    pub repeats: u64,
}

/// Sums per bucket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeriesAnswer {
    /// Largest first.
    pub groups: Vec<SeriesGroup>,
    /// Groups beyond the limit.
    pub groups_left_out: u64,
    /// What is not drawn.
    pub aside: Aside,
}

/// One series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeriesGroup {
    /// The value of the group field, or the counter's name when there are several; `None` when there is one.
    pub key: Option<String>,
    /// The key with the counter's short name, where it names a counter that has one.
    pub short: Option<String>,
    /// The unit.
    pub unit: Option<String>,
    /// Set when the metric has several units, so that a label must tell them apart.
    pub has_unit_in_label: bool,
    /// The colour rank of the group field's value, or the place among counters.
    pub colour: Option<u32>,
    /// Non-empty buckets in order.
    pub points: Vec<SeriesPoint>,
}

/// One bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesPoint {
    /// The start of the bucket.
    pub start: Time,
    /// The sum of values; `None` when a record in it has none.
    pub value: Option<Amount>,
    /// The sum of low bounds; `None` when one is open.
    pub low: Option<Amount>,
    /// The sum of high bounds; `None` when one is open.
    pub high: Option<Amount>,
    /// Records that touch it.
    pub records: u64,
}

/// Readings of totals and levels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClaimsAnswer {
    /// By date, then row.
    pub readings: Vec<Reading>,
    /// Readings beyond the limit.
    pub left_out: u64,
    /// What is not drawn.
    pub aside: Aside,
}

/// One reading: a claim with all its carriers.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Its first carrier.
    pub row: Row,
    /// That record's address.
    pub id: String,
    /// Readings of one count key and basis have the same number: they make one step line.
    pub line: u32,
    /// Who counted; `None` when nobody is named.
    pub counter: Option<String>,
    /// A short name of the counter for labels.
    pub counter_short: Option<String>,
    /// Its number.
    pub figure: Figure,
    /// From whom.
    pub from: Option<String>,
    /// To whom.
    pub to: Option<String>,
    /// Where; part of the count key of levels only.
    pub place: Option<String>,
    /// The date that was asked for.
    pub date: When,
    /// How it stands.
    pub status: Status,
    /// The colour rank of the colour field.
    pub colour: Option<u32>,
    /// All its carriers, this one first.
    pub carriers: Vec<Row>,
    /// How many articles carry it.
    pub articles: u32,
    /// Do carriers differ in their qualifier?
    pub has_drift: bool,
}

/// Values of a category.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FacetAnswer {
    /// By whole-file rank.
    pub values: Vec<FacetValue>,
    /// Distinct values in all (that the search finds).
    pub distinct: u64,
    /// Records that pass and have no value.
    pub missing: u64,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// A short name for lists, where a source has one.
    pub short: Option<String>,
    /// Records that pass.
    pub count: u64,
    /// Records of the whole file.
    pub total: u64,
    /// Its colour rank: its place by count over the whole file.
    pub rank: u32,
}

/// Counts in bins that are equal on an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistogramAnswer {
    /// The axis: the same whatever the filter.
    pub axis: NumberAxis,
    /// Counts from its lower to its upper end.
    pub bins: Vec<u64>,
    /// Records that pass and have no value.
    pub missing: u64,
}

/// A page of the table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowsAnswer {
    /// Where the page starts.
    pub offset: u64,
    /// The rows.
    pub rows: Vec<TableRow>,
    /// Rows in all.
    pub total: u64,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// Which record.
    pub row: Row,
    /// Its address.
    pub id: String,
    /// The cells asked for; dates as they were written.
    pub cells: Vec<Option<String>>,
}

/// Totals of a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TotalsAnswer {
    /// Records that touch the window.
    pub inside: u64,
    /// Records that pass the filter.
    pub matching: u64,
    /// Metric by metric, most records first.
    pub metrics: Vec<MetricTotals>,
}

/// Totals of one metric and unit.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricTotals {
    /// What is counted.
    pub metric: String,
    /// The unit.
    pub unit: Option<String>,
    /// The hull of the readings of totals and levels that touch the window: never a sum.
    pub hull: Option<Band>,
    /// How many readings, repeats counted once.
    pub readings: u64,
    /// By how many counters.
    pub counters: u64,
    /// The sum of increments of the counter with the most: its name, sum, low, high and records.
    pub increments: Option<IncrementTotal>,
    /// Other counters with increments, that are not added to it.
    pub other_counters: u64,
}

/// The sum of one counter's increments.
#[derive(Clone, Debug, PartialEq)]
pub struct IncrementTotal {
    /// Who counted.
    pub counter: Option<String>,
    /// The sum; `None` when a record has only a range.
    pub value: Option<Amount>,
    /// The sum of low bounds.
    pub low: Option<Amount>,
    /// The sum of high bounds.
    pub high: Option<Amount>,
    /// How many.
    pub records: u64,
}

/// A page of the issues.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IssuesAnswer {
    /// The issues of the page.
    pub list: Vec<Listed>,
    /// How many there are of the kinds asked for.
    pub total: u64,
}
