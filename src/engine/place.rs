//! Where a record stands on the axis of time; it knows nothing of lanes or pixels.

use crate::data::{Field, Kind, Records, Row};
use crate::query::Beside;
use crate::time::{Span, Time};

/// The moment that stands for a span: its start; of one with an open start the last moment before its end; `None` when both are open.
pub(super) fn point(span: Span) -> Option<Time> {
    if span.start.is_bounded() {
        Some(span.start)
    } else if span.end.is_bounded() {
        Some(span.end.plus_us(-1))
    } else {
        None
    }
}

/// Where a record is drawn: of a claim with an as-of date that date's point, else the point of its event date.
pub fn anchor(records: &Records, row: Row) -> Option<Time> {
    let as_of = if records.kind(row) == Kind::Claim { records.span(Field::AS_OF, row).and_then(point) } else { None };
    as_of.or_else(|| records.span(Field::WHEN, row).and_then(point))
}

/// The hull of a record's event date and its anchor, the moment of the anchor included; `None` without an anchor.
pub fn extent(records: &Records, row: Row) -> Option<Span> {
    anchor(records, row).map(|anchor| extent_of(records, row, anchor))
}

/// The same where the anchor is known already.
pub(super) fn extent_of(records: &Records, row: Row, anchor: Time) -> Span {
    let moment = Span::new(anchor, anchor.plus_us(1));
    records.span(Field::WHEN, row).map_or(moment, |when| when.hull(moment))
}

/// Where the search for a neighbour starts, and in which lanes; `None` from a record without an anchor.
///
/// A moment stands between the records before it and those at or after it.
pub(super) fn start_of(
    from: Beside,
    lane: Option<Field>,
    is_next: bool,
    anchor: impl Fn(Row) -> Option<Time>,
) -> Option<((Time, Row), Option<Field>)> {
    match from {
        Beside::Row(row) => anchor(row).map(|anchor| ((anchor, row), lane)),
        Beside::Moment(moment) if is_next => Some(((moment.plus_us(-1), Row::MAX), None)),
        Beside::Moment(moment) => Some(((moment, 0), None)),
    }
}

/// How an extent lies to a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Entirely before it.
    Before,
    /// They touch.
    Inside,
    /// Entirely after it.
    After,
}

/// How an extent lies to a window.
pub(super) fn side(extent: Span, window: Span) -> Side {
    if extent.overlaps(window) {
        Side::Inside
    } else if extent.start < window.start {
        Side::Before
    } else {
        Side::After
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{World, claim, event, span, time};

    #[test]
    fn a_claim_is_drawn_at_its_as_of_date_and_reaches_over_both_dates() {
        let dataset = World::new()
            .with(&claim("a").when("2024-10-01/2025-01-01").total("2025-01-13"))
            .with(&event("b").when("2025-02").as_of("2025-01-13"))
            .with(&claim("c").total("2025-03-01"))
            .build();
        let records = &dataset.records;
        assert_eq!(anchor(records, 0), Some(time("2025-01-13")));
        assert_eq!(extent(records, 0), Some(Span::new(time("2024-10-01"), time("2025-01-13").plus_us(1))));
        assert_eq!(anchor(records, 1), Some(time("2025-02-01")));
        assert_eq!(extent(records, 1), Some(span("2025-02")));
        assert_eq!(anchor(records, 2), Some(time("2025-03-01")));
    }

    #[test]
    fn an_open_start_gives_way_to_the_last_moment() {
        let dataset = World::new().with(&event("a").when("../2025-01-31")).with(&event("b").when("../..")).build();
        assert_eq!(anchor(&dataset.records, 0), Some(time("2025-02-01").plus_us(-1)));
        assert_eq!(extent(&dataset.records, 0), Some(span("../2025-01-31")));
        assert_eq!(anchor(&dataset.records, 1), None);
    }

    #[test]
    fn every_extent_lies_before_inside_or_after_a_window() {
        let window = span("2025-02");
        assert_eq!(side(span("2025-01"), window), Side::Before);
        assert_eq!(side(span("2025-01-31/2025-02-01"), window), Side::Inside);
        assert_eq!(side(span("2025-03"), window), Side::After);
        assert_eq!(side(span("../.."), window), Side::Inside);
    }
}
