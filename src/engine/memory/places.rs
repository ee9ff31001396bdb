//! Where each row stands on the axis of time: which rows start in a window, which reach into it, which stand apart. It knows no filters.
//!
//! Rows are sorted by the start of their event date, so that a stretch of time is a range of rows ([`Grid`]), and those that reach into it
//! from before are found by their ends ([`Forest`]). Rows that are drawn elsewhere (claims at their as-of date, dates with an open start)
//! are strays. While they are few, they are a list of 12 bytes each, and everything else is ranges; where they are many,
//! every row keeps its anchor (8 bytes a record), and a window is looked up row by row, in parallel.

use std::ops::Range;
use std::sync::Arc;

use super::bitmap::{Bitmap, Look, Selection, scan};
use super::forest::Forest;
use super::grid::Grid;
use crate::data::{Dataset, Dates, Field, Records, Row};
use crate::engine::Stop;
use crate::engine::place::{Side, anchor, extent_of, side};
use crate::time::{Span, Time};
use crate::work::Cancel;

/// Up to one stray of so many rows, strays are a list.
const ROWS_PER_STRAY: usize = if cfg!(test) { 6 } else { 64 };
/// So many strays are a list in any case.
const STRAYS_FREE: usize = if cfg!(test) { 8 } else { 256 };

/// Rows on the axis of time.
pub(super) struct Places {
    dataset: Arc<Dataset>,
    /// The starts of event dates.
    pub(super) grid: Grid,
    /// The ends of event dates.
    forest: Forest,
    anchors: Anchors,
}

/// Where rows are drawn; [`Time::OPEN_START`] stands for no place at all.
enum Anchors {
    /// Each at its start but these, in ascending order.
    Starts(Vec<(Row, Time)>),
    /// Any of them anywhere.
    Each(Vec<Time>),
}

/// The rows that start in a window, and what lies around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Around {
    /// Those that start inside.
    pub(super) starting: Range<usize>,
    /// Those from before that touch it, in ascending order; no strays.
    pub(super) reaching: Vec<usize>,
}

/// What one thread finds out.
#[derive(Default)]
struct Part {
    strays: Vec<(Row, Time)>,
    anchors: Vec<Time>,
    latest: Vec<Time>,
}

impl Places {
    pub(super) fn build(dataset: &Arc<Dataset>, cancel: &Cancel) -> Result<Self, Stop> {
        let records = &dataset.records;
        let dates = records.dates(Field::WHEN);
        let (len, dated) = (records.len(), records.dated());
        let has_claims = records.dates(Field::AS_OF).is_some();
        let parts = scan(len, cancel, |rows, part: &mut Part| {
            if let Some(dates) = dates {
                let own = rows.start..rows.end.min(dated).max(rows.start);
                latest_ends(dates, own.clone(), &mut part.latest);
                let is_stray = |span: Option<Span>| span.is_none_or(|span| !span.start.is_bounded());
                if !has_claims {
                    dates.for_each_span(own, |row, span| {
                        if is_stray(span) {
                            part.strays.push((row as Row, anchor(records, row as Row).unwrap_or(Time::OPEN_START)));
                        }
                    });
                }
            }
            if has_claims {
                part.take(records, rows, dated);
            }
        })?;
        let strays: usize = parts.iter().map(|part| part.strays.len()).sum();
        let latest: Vec<Time> = parts.iter().flat_map(|part| part.latest.iter().copied()).collect();
        let anchors = if strays <= STRAYS_FREE.max(len / ROWS_PER_STRAY) {
            Anchors::Starts(parts.into_iter().flat_map(|part| part.strays).collect())
        } else if has_claims {
            Anchors::Each(parts.into_iter().flat_map(|part| part.anchors).collect())
        } else {
            Anchors::Each((0..len).map(|row| anchor(records, row as Row).unwrap_or(Time::OPEN_START)).collect())
        };
        Ok(Self { dataset: Arc::clone(dataset), grid: Grid::new(dates, dated), forest: Forest::new(dated, latest), anchors })
    }

    fn records(&self) -> &Records {
        &self.dataset.records
    }

    fn dates(&self) -> Option<&Dates> {
        self.records().dates(Field::WHEN)
    }

    fn len(&self) -> usize {
        self.records().len()
    }

    /// Rows with an event date: the first ones.
    pub(super) fn dated(&self) -> usize {
        self.records().dated()
    }

    /// The rows that are not drawn at their start, in ascending order, while these are few; else `None`: windows are no ranges of rows.
    pub(super) fn strays(&self) -> Option<&[(Row, Time)]> {
        match &self.anchors {
            Anchors::Starts(strays) => Some(strays),
            Anchors::Each(_) => None,
        }
    }

    fn is_stray(&self, row: usize) -> bool {
        self.strays().is_some_and(|strays| strays.binary_search_by_key(&(row as Row), |stray| stray.0).is_ok())
    }

    /// Where a row is drawn.
    pub(super) fn anchor(&self, row: usize) -> Option<Time> {
        let anchor = match &self.anchors {
            Anchors::Each(anchors) => anchors.get(row).copied(),
            Anchors::Starts(strays) => match strays.binary_search_by_key(&(row as Row), |stray| stray.0) {
                Ok(place) => strays.get(place).map(|stray| stray.1),
                Err(_) => self.dates().filter(|_| row < self.dated()).and_then(|dates| dates.span(row)).map(|span| span.start),
            },
        };
        anchor.filter(|anchor| anchor.is_bounded())
    }

    /// The hull of a row's event date and anchor.
    pub(super) fn extent(&self, row: usize) -> Option<Span> {
        self.anchor(row).map(|anchor| extent_of(self.records(), row as Row, anchor))
    }

    /// The first row whose event date starts at a moment or later.
    pub(super) fn row_at(&self, moment: Time) -> usize {
        self.grid.row_at(self.dates(), moment)
    }

    /// Visits the rows before a row whose event date ends after a moment.
    pub(super) fn for_each_reaching(&self, before: usize, moment: Time, visit: impl FnMut(usize)) {
        let Some(dates) = self.dates() else { return };
        self.forest.for_each(before, moment, |row| dates.span(row).is_some_and(|span| span.end > moment), visit);
    }

    /// The rows that start in a window and those that reach into it; strays among the first ones count as what their event date is.
    pub(super) fn around(&self, window: Span) -> Around {
        // An empty window is the moment of its start.
        let end = if window.end > window.start { window.end } else { window.start.plus_us(1) };
        let starting = self.row_at(window.start)..self.row_at(end);
        let starting = starting.start..starting.end.max(starting.start);
        let mut reaching = Vec::new();
        self.for_each_reaching(starting.start, window.start, |row| {
            if !self.is_stray(row) {
                reaching.push(row);
            }
        });
        Around { starting, reaching }
    }

    /// The rows that touch a window; those that have any place at all without one.
    pub(super) fn inside(&self, window: Option<Span>, cancel: &Cancel) -> Result<Selection, Stop> {
        let touches = |row: usize| {
            let extent = self.extent(row);
            extent.is_some_and(|extent| window.is_none_or(|window| side(extent, window) == Side::Inside))
        };
        let len = self.len();
        let Some(strays) = self.strays() else { return Ok(Selection::of(len, Arc::new(Bitmap::of(&Look::whole(len, cancel), touches)?))) };
        let mut bits = Bitmap::none(len);
        let mut hull = 0..self.dated();
        match window {
            None if strays.is_empty() && self.dated() == len => return Ok(Selection::all(len)),
            None => bits.insert_range(0..self.dated()),
            Some(window) => {
                let around = self.around(window);
                if strays.is_empty() && around.starting == (0..len) {
                    return Ok(Selection::all(len));
                }
                let first = around.reaching.first().copied().unwrap_or(around.starting.start);
                hull = first.min(around.starting.start)..around.starting.end;
                bits.insert_range(around.starting);
                around.reaching.iter().for_each(|row| bits.insert(*row as Row));
            }
        }
        if strays.is_empty() {
            return Ok(Selection::within(len, Arc::new(bits), hull));
        }
        for (row, _) in strays {
            if touches(*row as usize) {
                bits.insert(*row);
            } else {
                bits.remove(*row);
            }
        }
        Ok(Selection::of(len, Arc::new(bits)))
    }
}

impl Part {
    /// Looks at the rows of a file with as-of dates one by one.
    fn take(&mut self, records: &Records, rows: Range<usize>, dated: usize) {
        for row in rows {
            let own = anchor(records, row as Row);
            let start = if row < dated { records.span(Field::WHEN, row as Row).map(|span| span.start) } else { None };
            if own != start {
                self.strays.push((row as Row, own.unwrap_or(Time::OPEN_START)));
            }
            self.anchors.push(own.unwrap_or(Time::OPEN_START));
        }
    }
}

/// The latest end of each node's rows.
fn latest_ends(dates: &Dates, rows: Range<usize>, latest: &mut Vec<Time>) {
    let mut start = rows.start;
    while start < rows.end {
        let end = (start + Forest::CHILDREN).min(rows.end);
        let mut most = Time::OPEN_START;
        dates.for_each_span(start..end, |_, span| most = most.max(span.map_or(Time::OPEN_START, |span| span.end)));
        latest.push(most);
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::memory::tests::{dataset, window};

    proptest! {
        #[test]
        fn windows_hold_the_rows_whose_extents_touch_them(dataset in dataset(), windows in proptest::collection::vec(window(), 4)) {
            let places = Places::build(&dataset, &Cancel::default()).unwrap();
            let records = &dataset.records;
            for row in 0..records.len() {
                prop_assert_eq!(places.anchor(row), anchor(records, row as Row));
                prop_assert_eq!(places.extent(row), crate::engine::extent(records, row as Row));
            }
            for window in windows.into_iter().map(Some).chain([None]) {
                let inside = places.inside(window, &Cancel::default()).unwrap();
                for row in 0..records.len() as Row {
                    let extent = crate::engine::extent(records, row);
                    let touches = extent.is_some_and(|extent| window.is_none_or(|window| side(extent, window) == Side::Inside));
                    prop_assert_eq!(inside.contains(row), touches, "{} {:?}", row, window);
                }
            }
        }
    }
}
