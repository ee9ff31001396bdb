//! How a date that is not a point is drawn: where its mark stands and what reaches out from it. It knows no pixels.

use crate::data::Kind;
use crate::query::Mark;
use crate::time::{DAY_US, Flags, Precision, Span, Time, When};

/// What reaches out from a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Nothing: the date is a point.
    None,
    /// Some time on this day: a point as well, but where a day fills much of the view, somewhere inside of it.
    OnDay(Span),
    /// It lasted: a bar.
    Lasted(Span),
    /// Somewhere inside: a dashed hairline with end brackets.
    Within(Span),
    /// About this day, or in doubt: a short dashed hairline on both sides.
    Near,
    /// Since then, with no end: a hairline with an arrow head.
    Since(Time),
    /// Until then, with no start.
    Until(Time),
}

/// Where a record is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateShape {
    /// The moment of its mark.
    pub at: Time,
    /// What reaches out from it.
    pub tail: Tail,
}

/// The drawing of a record's date: claims stand at their as-of date, others at their date; a vague one in the middle of what it may be.
pub fn date_shape(mark: &Mark) -> DateShape {
    let as_of = mark.as_of.filter(|_| mark.kind == Kind::Claim);
    let tail = match (tail_of(mark.when), tail_of(as_of)) {
        (Tail::None | Tail::OnDay(_) | Tail::Near, of_as_of) if as_of.is_some() => of_as_of,
        (of_when, _) => of_when,
    };
    let at = match (as_of, mark.when) {
        (Some(as_of), _) => place(&as_of),
        (None, Some(when)) => place(&when),
        (None, None) => mark.anchor,
    };
    DateShape { at, tail }
}

fn tail_of(when: Option<When>) -> Tail {
    let Some(when) = when else { return Tail::None };
    let (start, end) = (when.span.start, when.span.end);
    match (start.is_bounded(), end.is_bounded()) {
        (true, false) => Tail::Since(start),
        (false, true) => Tail::Until(end),
        (true, true) if when.flags.has(Flags::INTERVAL) => Tail::Lasted(when.span),
        (true, true) if when.precision < Precision::Day => Tail::Within(when.span),
        (true, true) if when.is_vague_point() => Tail::Near,
        (true, true) if when.precision == Precision::Day => Tail::OnDay(when.span),
        _ => Tail::None,
    }
}

/// The moment of the mark: the end of what lasted, the middle of what lies somewhere inside, else the start.
pub(super) fn place(when: &When) -> Time {
    let Span { start, end } = when.span;
    match (start.is_bounded(), end.is_bounded()) {
        (true, true) if when.flags.has(Flags::INTERVAL) => {
            let has_last_day = end.is_midnight() && end.0.saturating_sub(start.0) > DAY_US;
            if has_last_day { end.plus_us(-DAY_US) } else { end }
        }
        (true, true) if when.precision < Precision::Day => Time(start.0.midpoint(end.0)),
        (false, true) => end,
        _ => start,
    }
}

/// The stretch of time that a record covers: its event date and the place of its mark.
pub fn mark_extent(mark: &Mark) -> Span {
    let at = Span::new(mark.anchor, mark.anchor);
    mark.when.map_or(at, |when| when.span.hull(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Status;
    use crate::testing::{time, when};
    use crate::time::parse_edtf;

    fn mark(kind: Kind, date: &str, as_of: Option<&str>) -> Mark {
        let as_of = as_of.map(when);
        Mark {
            row: 0,
            kind,
            anchor: as_of.unwrap_or_else(|| when(date)).span.start,
            when: Some(when(date)),
            as_of,
            title: None,
            colour: None,
            figure: None,
            status: Status::Reported,
            articles: 1,
            folded: Vec::new(),
        }
    }

    #[test]
    fn a_day_is_a_point() {
        let shape = date_shape(&mark(Kind::Event, "2025-01-13", None));
        assert_eq!(shape, DateShape { at: time("2025-01-13"), tail: Tail::OnDay(when("2025-01-13").span) });
        let exact = parse_edtf("2025-01-13T12:30:00Z").unwrap();
        let shape = date_shape(&Mark { when: Some(exact), ..mark(Kind::Event, "2025-01-13", None) });
        assert_eq!(shape, DateShape { at: exact.span.start, tail: Tail::None });
    }

    #[test]
    fn a_claim_stands_at_its_as_of_date_and_trails_what_it_covers() {
        let shape = date_shape(&mark(Kind::Claim, "2024-10-01/2024-12-31", Some("2025-01-13")));
        assert_eq!(shape.at, time("2025-01-13"));
        assert_eq!(shape.tail, Tail::Lasted(when("2024-10-01/2024-12-31").span));
    }

    #[test]
    fn a_month_is_somewhere_inside_and_its_mark_in_the_middle() {
        let shape = date_shape(&mark(Kind::Event, "2024-11", None));
        assert_eq!(shape.at, time("2024-11-16"));
        assert_eq!(shape.tail, Tail::Within(when("2024-11").span));
    }

    #[test]
    fn what_lasted_has_its_mark_on_its_last_day() {
        assert_eq!(date_shape(&mark(Kind::Event, "2025-02-01/2025-02-07", None)).at, time("2025-02-07"));
    }

    #[test]
    fn an_open_end_reaches_on_and_is_never_closed() {
        let shape = date_shape(&mark(Kind::Event, "2024-11-01/..", None));
        assert_eq!(shape, DateShape { at: time("2024-11-01"), tail: Tail::Since(time("2024-11-01")) });
        let shape = date_shape(&mark(Kind::Event, "../2024-11-01", None));
        assert_eq!(shape.tail, Tail::Until(time("2024-11-02")));
    }

    #[test]
    fn an_approximate_day_is_near_its_day() {
        let mut about = mark(Kind::Event, "2024-11-20", None);
        if let Some(when) = &mut about.when {
            when.flags = Flags::APPROXIMATE;
        }
        assert_eq!(date_shape(&about), DateShape { at: time("2024-11-20"), tail: Tail::Near });
    }
}
