//! The questions by which engines are measured: what a person asks while looking at a file, varied a little each time
//! so that no answer that was kept can serve. It measures nothing itself.

use super::{Ask, Engine, Stop};
use crate::data::{Field, FieldKind};
use crate::query::{
    Answer, Beside, Comparison, DateKind, FacetQuery, Filter, LaneSort, LanesQuery, Query, RowsQuery, Schema, SeriesMode, SeriesQuery,
};
use crate::time::{Bucket, DAY_US, Span, Step, Time};

/// A kind of question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Lanes over the whole extent.
    Lanes,
    /// Lanes over a tenth of the extent.
    LanesWindow,
    /// Lanes over a few days, with marks.
    LanesMarks,
    /// Lanes over the whole extent under a filter on a small category and on the value.
    LanesFiltered,
    /// Running weekly sums of everything.
    Series,
    /// Running weekly sums under a filter on the value.
    SeriesFiltered,
    /// A facet with all records.
    Facet,
    /// A facet under a filter.
    FacetFiltered,
    /// Records in equal bins of the value under a filter.
    Histogram,
    /// Totals of a window.
    Totals,
    /// How many records pass and touch a window.
    Count,
    /// The hundred largest of a window.
    Largest,
    /// A page deep in the table, in the order of the file.
    Page,
    /// A page of the table by a category.
    PageByWord,
    /// The next record of the lane.
    Neighbour,
    /// A brush on the value and a moved window: lanes, series, facets, totals, count and histogram.
    Brush,
    /// A word in all text: count and lanes.
    Search,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::Lanes,
        Self::LanesWindow,
        Self::LanesMarks,
        Self::LanesFiltered,
        Self::Series,
        Self::SeriesFiltered,
        Self::Facet,
        Self::FacetFiltered,
        Self::Histogram,
        Self::Totals,
        Self::Count,
        Self::Largest,
        Self::Page,
        Self::PageByWord,
        Self::Neighbour,
        Self::Brush,
        Self::Search,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lanes => "lanes",
            Self::LanesWindow => "lanes_window",
            Self::LanesMarks => "lanes_marks",
            Self::LanesFiltered => "lanes_filtered",
            Self::Series => "series",
            Self::SeriesFiltered => "series_filtered",
            Self::Facet => "facet",
            Self::FacetFiltered => "facet_filtered",
            Self::Histogram => "histogram",
            Self::Totals => "totals",
            Self::Count => "count",
            Self::Largest => "largest",
            Self::Page => "page",
            Self::PageByWord => "page_by_word",
            Self::Neighbour => "neighbour",
            Self::Brush => "brush",
            Self::Search => "search",
        }
    }
}

/// Words that are searched for, one after the other.
const WORDS: [&str; 10] =
    ["airstrike", "ambush", "convoy", "hospital", "shelling", "spokesman", "village", "wounded", "unverified", "militants"];
/// Lanes that are answered.
const LANES: u32 = 20;
/// Cells across a window, at least half of them.
const CELLS: i64 = 1_600;
/// A lane category is best with about so many values.
const LANE_VALUES: f64 = 100.0;

/// The questions of one file.
pub struct Probe {
    schema: Schema,
    lane: Option<Field>,
    small: Option<(Field, String)>,
    large: Option<Field>,
    number: Field,
    extent: Span,
}

impl Probe {
    /// Looks at what an engine knows of its file.
    ///
    /// # Errors
    /// What the engine says when it cannot be asked.
    pub fn new(engine: &dyn Engine) -> Result<Self, Stop> {
        let Answer::Schema(schema) = engine.answer(&Query::Schema, &Ask::plainly())? else {
            return Err(Stop::Refused("no schema".to_owned()));
        };
        let mut categories: Vec<(u32, Field)> =
            schema.fields.iter().filter_map(|info| Some((info.distinct.filter(|distinct| *distinct > 1)?, info.field))).collect();
        categories.sort_unstable();
        let distance = |distinct: u32| (f64::from(distinct) / LANE_VALUES).ln().abs();
        let lane = categories.iter().min_by(|a, b| distance(a.0).total_cmp(&distance(b.0))).map(|(_, field)| *field);
        let small = match categories.first() {
            None => None,
            Some((_, field)) => {
                let query = FacetQuery { field: *field, filter: Filter::All, search: String::new(), limit: 1 };
                let Answer::Facet(facet) = engine.answer(&Query::Facet(query), &Ask::plainly())? else {
                    return Err(Stop::Refused("no facet".to_owned()));
                };
                facet.values.first().map(|value| (*field, value.value.clone()))
            }
        };
        let has_value = schema.fields.iter().any(|info| info.field == Field::VALUE);
        let other = schema.fields.iter().find(|info| info.kind == FieldKind::Number).map(|info| info.field);
        let number = if has_value { Field::VALUE } else { other.unwrap_or(Field::VALUE) };
        let extent = schema.extent.unwrap_or_else(|| Span::new(Time(0), Time(DAY_US)));
        Ok(Self { lane, small, large: categories.last().map(|(_, field)| *field), number, extent, schema: *schema })
    }

    /// The questions of a kind that are asked together, a little different each round.
    pub fn questions(&self, kind: Kind, round: u32) -> Vec<Query> {
        let moved = i64::from(round) * 13 * DAY_US;
        let tenth = self.part(0.55, 0.1, moved);
        let by_number = Filter::Between(self.number, f64::from(1 + round % 7), f64::from(200 + round));
        match kind {
            Kind::Lanes => vec![self.lanes(Filter::All, self.part(0.0, 1.0, i64::from(round) * DAY_US), 20)],
            Kind::LanesWindow => vec![self.lanes(Filter::All, tenth, 20)],
            Kind::LanesMarks => vec![self.lanes(Filter::All, self.part(0.6, 0.0005, moved), 400)],
            Kind::LanesFiltered => {
                let filter = self.small_filter().and(Filter::Compare(self.number, Comparison::AtLeast, f64::from(2 + round % 50)));
                vec![self.lanes(filter, self.part(0.0, 1.0, i64::from(round) * DAY_US), 20)]
            }
            Kind::Series => vec![self.series(Filter::All, Some(self.part(0.0, 1.0, moved)))],
            Kind::SeriesFiltered => vec![self.series(Filter::Compare(self.number, Comparison::AtLeast, f64::from(round % 50)), None)],
            Kind::Facet => vec![facet(self.lane, Filter::All, 10 + round)],
            Kind::FacetFiltered => vec![facet(self.large, by_number, 20)],
            Kind::Histogram => vec![Query::Histogram { field: self.number, filter: self.small_filter(), bins: 40 + round }],
            Kind::Totals => vec![Query::Totals { filter: Filter::All, window: Some(tenth), metrics_max: 8 }],
            Kind::Count => vec![Query::Count { filter: by_number, window: Some(tenth) }],
            Kind::Largest => vec![self.page(Filter::All, Some(tenth), Some((self.number, true)), 0)],
            Kind::Page => {
                let offset = self.schema.records / 3 + u64::from(round) * 977;
                vec![self.page(Filter::All, None, None, offset)]
            }
            Kind::PageByWord => {
                let sort = self.lane.map(|field| (field, false));
                vec![self.page(Filter::All, None, sort, self.schema.records / 2 + u64::from(round) * 977)]
            }
            Kind::Neighbour => {
                let row = (self.schema.records / 2 + u64::from(round) * 991).min(self.schema.records.saturating_sub(1)) as u32;
                vec![Query::Neighbour { from: Beside::Row(row), lane: self.lane, filter: Filter::All, is_next: round.is_multiple_of(2) }]
            }
            Kind::Brush => self.brush(round),
            Kind::Search => {
                // Each time another text: the words, then the words without their last letters.
                let (word, left_out) = (WORDS[round as usize % WORDS.len()], round as usize / WORDS.len() % 4);
                let filter = Filter::Text(word[..word.len() - left_out].to_owned());
                vec![Query::Count { filter: filter.clone(), window: None }, self.lanes(filter, self.part(0.0, 1.0, moved), 20)]
            }
        }
    }

    /// A step of a brush over the values of a window: everything that is linked to it.
    fn brush(&self, round: u32) -> Vec<Query> {
        let span = self.part(0.55, 0.4, i64::from(round) * DAY_US);
        let filter = Filter::Between(self.number, f64::from(1 + round % 4), f64::from(200 + round)).and(Filter::During(Field::WHEN, span));
        vec![
            self.lanes(filter.clone(), self.part(0.0, 1.0, 0), 20),
            self.series(filter.clone(), None),
            facet(self.small.as_ref().map(|small| small.0), filter.clone(), 20),
            facet(self.large, filter.clone(), 20),
            Query::Totals { filter: filter.clone(), window: Some(self.part(0.0, 1.0, 0)), metrics_max: 8 },
            Query::Count { filter: filter.clone(), window: Some(self.part(0.0, 1.0, 0)) },
            Query::Histogram { field: self.number, filter: Filter::During(Field::WHEN, span), bins: 40 },
        ]
    }

    fn small_filter(&self) -> Filter {
        self.small.as_ref().map_or(Filter::All, |(field, value)| Filter::Is(*field, vec![value.clone()]))
    }

    /// A part of the extent, moved.
    fn part(&self, from: f64, share: f64, moved_us: i64) -> Span {
        let width = self.extent.width_us().unwrap_or(DAY_US) as f64;
        let start = self.extent.start.plus_us((width * from) as i64 + moved_us);
        Span::new(start, start.plus_us(((width * share) as i64).max(1)))
    }

    fn lanes(&self, filter: Filter, window: Span, marks_max: u32) -> Query {
        let cell_us = window.width_us().unwrap_or(DAY_US) / CELLS;
        let bucket = Bucket(cell_us.max(1).ilog2() as u8);
        let (lane, colour) = (self.lane, self.small.as_ref().map(|small| small.0));
        let sort = LaneSort::Count;
        Query::Lanes(LanesQuery { lane, colour, filter, window, bucket, sort, lanes_max: LANES, marks_max, has_folded_repeats: true })
    }

    fn series(&self, filter: Filter, window: Option<Span>) -> Query {
        Query::Series(SeriesQuery {
            metric: self.schema.metrics.first().map_or_else(String::new, |metric| metric.metric.clone()),
            filter,
            by: Step::Week,
            date: DateKind::Event,
            group: None,
            mode: SeriesMode::Cumulative,
            is_spread: true,
            window,
            groups_max: 8,
        })
    }

    fn page(&self, filter: Filter, window: Option<Span>, sort: Option<(Field, bool)>, offset: u64) -> Query {
        let fields = self.schema.fields.iter().map(|info| info.field).collect();
        Query::Rows(RowsQuery { filter, window, sort, offset, limit: 100, fields })
    }
}

fn facet(field: Option<Field>, filter: Filter, limit: u32) -> Query {
    Query::Facet(FacetQuery { field: field.unwrap_or(Field::KIND), filter, search: String::new(), limit })
}
