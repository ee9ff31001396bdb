//! The parts of a date that stand in columns of their own: year, month and day, time of day, time zone, and how exactly it is known.

use super::super::cells::{self, trim, year_text};
use super::super::mapping::Role;
use super::dates::Dated;
use super::{Row, Taker, Taking};
use crate::data::IssueKind;
use crate::time::{DAY_US, EdtfError, Flags, Precision, Span, Step, Time, When, Zone};

/// The roles of one side of a time that lasted.
pub(super) struct Side {
    date: Role,
    year: Role,
    month: Role,
    day: Role,
}

impl Side {
    pub(super) const START: Self = Self { date: Role::When, year: Role::Year, month: Role::Month, day: Role::Day };
    pub(super) const END: Self = Self { date: Role::End, year: Role::EndYear, month: Role::EndMonth, day: Role::EndDay };
}

impl Taker {
    /// The date of one side, and the column that has it or its year; `None` when it is not given.
    pub(super) fn side(&mut self, taking: &mut Taking<'_>, side: &Side) -> Option<(usize, Dated)> {
        if let Some(column) = self.columns.get(side.date)
            && let Some(dated) = self.date_in(taking, column)
        {
            return Some((column, dated));
        }
        let column = self.columns.get(side.year)?;
        Some((column, self.parts(taking, column, side)?))
    }

    fn parts(&self, taking: &mut Taking<'_>, year_column: usize, side: &Side) -> Option<Dated> {
        let part = |role: Role| self.word(taking.row, role);
        let (year, month, day) = (part(side.year)?, part(side.month), part(side.day));
        let whole = |cell: &str| cell.strip_suffix(".0").unwrap_or(cell).parse::<i64>().ok();
        let month_number = month.and_then(|month| whole(month).or_else(|| month_of_name(month)));
        let day_number = day.and_then(whole);
        let text = match (whole(year), month_number.filter(|month| *month > 0), day_number.filter(|day| *day > 0)) {
            (None, ..) => None,
            (Some(year), None, _) => Some(year_text(year)),
            (Some(year), Some(month), None) => Some(format!("{}-{month:02}", year_text(year))),
            (Some(year), Some(month), Some(day)) => Some(format!("{}-{month:02}-{day:02}", year_text(year))),
        };
        let is_understood = (month.is_none() || month_number.is_some()) && (day.is_none() || day_number.is_some());
        let read = text.filter(|_| is_understood).map(|text| crate::time::parse_edtf(&text));
        let (kind, message) = match read {
            Some(Ok(when)) => return Some(Dated { when: Some(when), keep: None }),
            Some(Err(EdtfError::OutOfRange)) => (IssueKind::DateOutOfRange, "beyond the years that dates can have"),
            _ => (IssueKind::InvalidDate, "year, month and day make no date"),
        };
        let given = [Some(year), month, day].into_iter().flatten().collect::<Vec<_>>().join("-");
        taking.issue(self.name(year_column), &given, kind, message.to_owned(), "undated; the text is kept");
        Some(Dated { when: None, keep: Some(given) })
    }

    /// A start without an end: with its time of day, up to the time of day of the end where there is one, and as exact as it is known.
    /// The column is that of the date.
    pub(super) fn with_end_of_day(&self, taking: &mut Taking<'_>, (column, day): (usize, Dated)) -> Dated {
        let Some(end_time) = self.columns.get(Role::EndTime).filter(|column| self.cell(taking.row, *column).is_some()) else {
            let has_end = self.columns.get(Role::End).is_some_and(|column| self.plain(taking.row, column).is_some());
            let dated = self.with_time(taking, day, Role::Time);
            return if has_end { dated } else { self.widened(taking, dated, column) };
        };
        let end = self.with_time(taking, day.clone(), Role::EndTime);
        let start = self.with_time(taking, day, Role::Time);
        let is_in_order = start.when.zip(end.when).is_some_and(|(start, end)| start.span.start < end.span.end);
        if !is_in_order {
            let value = taking.row.get(end_time);
            let message = "lies before the start".to_owned();
            taking.issue(self.name(end_time), value, IssueKind::ReversedDates, message, "only the start is used; the text is kept beside");
            self.keep_given(taking, end_time);
            return start;
        }
        if start.when == end.when { start } else { self.join(start, &end, taking) }
    }

    /// A day with the time of day of another column.
    pub(super) fn with_time(&self, taking: &mut Taking<'_>, mut dated: Dated, role: Role) -> Dated {
        let Some(column) = self.columns.get(role) else { return dated };
        let Some(cell) = self.cell(taking.row, column).map(str::to_owned) else { return dated };
        let is_day = |when: &When| when.precision == Precision::Day && when.span.width_us() == Some(DAY_US);
        let Some(when) = dated.when.filter(is_day) else {
            self.keep_given(taking, column);
            return dated;
        };
        let Some((from_us, width_us, precision)) = cells::time_of_day(&cell) else {
            taking.issue(
                self.name(column),
                &cell,
                IssueKind::InvalidDate,
                "not a time of day".to_owned(),
                "only the day is used; the text is kept beside",
            );
            self.keep_given(taking, column);
            return dated;
        };
        let start = self.in_utc(taking, when.span.start.plus_us(from_us));
        dated.when = Some(When { span: Span::new(start, start.plus_us(width_us)), precision, flags: when.flags });
        dated.keep = None;
        dated
    }

    /// The moment at which the clocks of the row's time zone show a time; of a zone that is not known, as if it were UTC.
    fn in_utc(&self, taking: &mut Taking<'_>, local: Time) -> Time {
        let Some((column, name)) = self.columns.get(Role::Zone).and_then(|column| Some((column, self.cell(taking.row, column)?))) else {
            return local;
        };
        let Some(zone) = Zone::parse(name) else {
            let name = name.to_owned();
            taking.issue(self.name(column), &name, IssueKind::UnknownWord, "not a known time zone".to_owned(), "read as UTC");
            return local;
        };
        // The offset of a moment is known for UTC only: the second step holds where the clocks change in between.
        let near = local.plus_us(-zone.offset_us(local));
        local.plus_us(-zone.offset_us(near))
    }

    /// How exactly the date of a row is known, where a column says so.
    fn known_to(&self, row: Row<'_>) -> Option<(Precision, Step)> {
        match self.word(row, Role::Precision)? {
            "week" => Some((Precision::Week, Step::Week)),
            "month" => Some((Precision::Month, Step::Month)),
            "year" => Some((Precision::Year, Step::Year)),
            _ => None,
        }
    }

    /// An event known only to its month or year, from the first to the last day of it: one moment within, not a time that it lasted.
    pub(super) fn vague(&self, row: Row<'_>, span: Span) -> Option<When> {
        let (precision, step) = self.known_to(row)?;
        let is_unit = step.floor(span.start) == span.start && step.next(span.start) == span.end;
        is_unit.then_some(When { span, precision, flags: Flags::default() })
    }

    /// A day that stands for its week, month or year.
    fn widened(&self, taking: &mut Taking<'_>, dated: Dated, column: usize) -> Dated {
        let (Some(when), Some((precision, step))) = (dated.when, self.known_to(taking.row)) else { return dated };
        if when.precision != Precision::Day {
            return dated;
        }
        self.keep_given(taking, column);
        let start = step.floor(when.span.start);
        let span = Span::new(start, step.next(start));
        Dated { when: Some(When { span, precision, flags: when.flags }), keep: None }
    }
}

fn month_of_name(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = trim(text).to_lowercase();
    MONTHS.iter().position(|month| lower.starts_with(month)).map(|place| place as i64 + 1)
}
