//! Dates as they are shown, by section 9 of the design tokens; it reads no text.
//!
//! Ends are exclusive in the data and inclusive in the text. Dates of whole days are the same in every zone.

use super::units::{
    Season, end_precision, is_one_unit, month_name, range_precisions, season_from, season_of, season_until, start_precision, unit_before,
    year_block, year_power,
};
use super::{DAY_US, Flags, HOUR_US, MINUTE_US, Precision, SECOND_US, Span, Step, Tick, TickUnit, Time, When, Zone};

/// A span shorter than this is shown with times of day, a longer one by its days.
const CLOCK_SPAN_US: i64 = 2 * DAY_US;
/// Durations from here on are given in years.
const YEARS_FROM_DAYS: i64 = 731;

/// The text of a tick: `2025`, `Feb`, `13 Jan`, `13:05`, `13:05:20`.
///
/// A month that starts a year is the year, a time that starts a day is the day.
pub fn format_tick(tick: &Tick, zone: Zone) -> String {
    let (year, month, day) = tick.time.ymd();
    let local = zone.local(tick.time);
    let (hour, minute, second, us) = local.hms();
    match tick.step.unit {
        TickUnit::Year => format_year(year),
        TickUnit::Month if month == 1 => format_year(year),
        TickUnit::Month => month_name(month).to_owned(),
        TickUnit::Week | TickUnit::Day => format!("{day} {}", month_name(month)),
        _ if zone.starts_day(tick.time) => {
            let (_, month, day) = local.ymd();
            format!("{day} {}", month_name(month))
        }
        TickUnit::Hour | TickUnit::Minute => format!("{hour:02}:{minute:02}"),
        TickUnit::Second => format!("{hour:02}:{minute:02}:{second:02}"),
        TickUnit::Millisecond => format!("{hour:02}:{minute:02}:{second:02}.{:03}", us / 1_000),
        TickUnit::Microsecond => format!("{hour:02}:{minute:02}:{second:02}.{us:06}"),
    }
}

/// A day in UTC: `13 Jan 2025`; `no start` or `no end` for an open end.
pub fn format_day(time: Time) -> String {
    if !time.is_bounded() {
        return open_end(time).to_owned();
    }
    let (year, month, day) = time.ymd();
    format!("{day} {} {}", month_name(month), format_year(year))
}

/// A day in UTC in ISO form: `2025-01-13`; empty for an open end. Years beyond four digits have a sign.
pub fn format_iso_day(time: Time) -> String {
    if !time.is_bounded() {
        return String::new();
    }
    let (year, month, day) = time.ymd();
    match year {
        0..=9_999 => format!("{year:04}-{month:02}-{day:02}"),
        ..0 => format!("-{:04}-{month:02}-{day:02}", -i64::from(year)),
        _ => format!("+{year}-{month:02}-{day:02}"),
    }
}

/// A moment in full: `13 Jan 2025 13:05 UTC`, with seconds and their parts where there are any.
pub fn format_time(time: Time, zone: Zone) -> String {
    if !time.is_bounded() {
        return open_end(time).to_owned();
    }
    let local = zone.local(time);
    let precision = match local.hms() {
        (_, _, 0, 0) => Precision::Minute,
        (_, _, _, 0) => Precision::Second,
        _ => Precision::Subsecond,
    };
    format!("{} {} {}", format_day(local), clock(local, precision), zone.abbreviation(time))
}

/// A date with its marks: `13 Jan 2025`, `~15 Jan 2025`, `Jan 2025?`, `14 Dec 2024 – 31 Jan 2025`, `1 Nov 2024 onwards`.
pub fn format_when(when: &When, zone: Zone) -> String {
    let span = when.span;
    let about = if when.flags.has(Flags::APPROXIMATE) { "~" } else { "" };
    let doubt = if when.flags.has(Flags::UNCERTAIN) { "?" } else { "" };
    let is_unknown = when.flags.has(Flags::UNKNOWN_END);
    let marked = |text: &str| format!("{about}{text}{doubt}");
    match (span.start.is_bounded(), span.end.is_bounded()) {
        (false, false) if is_unknown => "time unknown".to_owned(),
        (false, false) => "at any time".to_owned(),
        (true, false) => {
            let text = marked(&End::first(when, zone).text_with_zone(zone));
            if is_unknown { format!("{text}, end unknown") } else { format!("{text} onwards") }
        }
        (false, true) => {
            let text = marked(&End::last(when, zone).text_with_zone(zone));
            if is_unknown { format!("until {text}, start unknown") } else { format!("until {text}") }
        }
        (true, true) if is_any_year(when) => "year unknown".to_owned(),
        (true, true) => marked(&bounded(when, zone)),
    }
}

/// A range of time: `14 Dec 2024 – 31 Jan 2025`, `2014 – 2021`, `13 Jan 2025 13:05 – 14:10 UTC`.
///
/// It is given in the coarsest unit that it starts and ends with. Times of day are given only where it is shorter than two days.
pub fn format_span(span: Span, zone: Zone) -> String {
    let is_on_days = [span.start, span.end].into_iter().all(|end| !end.is_bounded() || end.is_midnight());
    let is_short = span.width_us().is_some_and(|width_us| width_us < CLOCK_SPAN_US);
    if !is_on_days && is_short {
        return format_clock_span(span, zone);
    }
    let (zone, span) = if is_on_days {
        (Zone::UTC, span)
    } else {
        let last = zone.local(span.end.plus_us(-1));
        (zone, Span::new(Step::Day.floor(zone.local(span.start)), Step::Day.next(last)))
    };
    let aligned = |precision| {
        let when = When { span, precision, flags: Flags::default() };
        let is_start = !span.start.is_bounded() || start_precision(&when) == precision;
        (is_start && (!span.end.is_bounded() || end_precision(&when) == precision)).then_some(when)
    };
    let day = When { span, precision: Precision::Day, flags: Flags::default() };
    let when = [Precision::Year, Precision::Month].into_iter().find_map(aligned).unwrap_or(day);
    format_when(&when, zone)
}

/// How long a span is, in whole units rounded down: `49 d`, `3 h`, `12 min`, `30 s`, `250 ms`; from 2 years on `2 y`.
pub fn format_days(span: Span) -> String {
    let Some(width_us) = span.width_us() else { return "open".to_owned() };
    let width_us = width_us.max(0);
    match width_us / DAY_US {
        YEARS_FROM_DAYS.. => format!("{} y", grouped(width_us / Step::Year.approx_us())),
        days @ 1.. => format!("{days} d"),
        _ if width_us >= HOUR_US => format!("{} h", width_us / HOUR_US),
        _ if width_us >= MINUTE_US => format!("{} min", width_us / MINUTE_US),
        _ if width_us >= SECOND_US => format!("{} s", width_us / SECOND_US),
        _ if width_us >= 1_000 => format!("{} ms", width_us / 1_000),
        _ => format!("{width_us} µs"),
    }
}

/// The name of the bucket of a calendar step that holds `time`.
pub(super) fn step_label(step: Step, time: Time) -> String {
    if !time.is_bounded() {
        return open_end(time).to_owned();
    }
    let start = step.floor(time);
    let (year, month, _) = start.ymd();
    match step {
        Step::Minute | Step::Hour => format!("{} {}", format_day(start), clock(start, Precision::Minute)),
        Step::Day => format_day(start),
        Step::Week => {
            let (year, week) = iso_week(start);
            format!("{year}-W{week:02}")
        }
        Step::Month => format!("{} {}", month_name(month), format_year(year)),
        Step::Quarter => format!("Q{} {}", (month - 1) / 3 + 1, format_year(year)),
        Step::Year => format_year(year),
        Step::Decade | Step::Century if year > 0 => format!("{year}s"),
        Step::Decade | Step::Century => {
            let (last, ..) = step.next(start).plus_us(-1).ymd();
            year_range(year, last)
        }
    }
}

/// The year and the number of the ISO week that starts on this Monday.
fn iso_week(monday: Time) -> (i32, i64) {
    let thursday = monday.plus_us(3 * DAY_US);
    let year = thursday.ymd().0;
    let day_of_year = thursday.day_number() - Step::Year.floor(thursday).day_number();
    (year, day_of_year / 7 + 1)
}

/// `2025`, and `501 BC` for the year -500.
fn format_year(year: i32) -> String {
    if year > 0 { year.to_string() } else { format!("{} BC", 1 - i64::from(year)) }
}

/// `2014 – 2016`, `2100 – 2001 BC`.
fn year_range(first: i32, last: i32) -> String {
    let is_before = last <= 0;
    let first = if is_before { (1 - i64::from(first)).to_string() } else { format_year(first) };
    format!("{first} – {}", format_year(last))
}

fn open_end(time: Time) -> &'static str {
    if time == Time::OPEN_START { "no start" } else { "no end" }
}

/// Is it a year of which no digit is known?
fn is_any_year(when: &When) -> bool {
    when.flags.has(Flags::UNSPECIFIED) && !when.flags.has(Flags::INTERVAL) && year_power(when.span).is_some_and(|power| power >= 4)
}

/// A number with commas between its thousands.
fn grouped(number: i64) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", grouped(number / 1_000), number % 1_000) }
}

/// A time of day as finely as asked.
fn clock(local: Time, precision: Precision) -> String {
    let (hour, minute, second, us) = local.hms();
    match precision {
        Precision::Subsecond if us % 1_000 == 0 => format!("{hour:02}:{minute:02}:{second:02}.{:03}", us / 1_000),
        Precision::Subsecond => format!("{hour:02}:{minute:02}:{second:02}.{us:06}"),
        Precision::Second => format!("{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{hour:02}:{minute:02}"),
    }
}

/// A span shorter than two days that starts or ends within a day; its end is the moment at which it ends.
fn format_clock_span(span: Span, zone: Zone) -> String {
    let finest = [span.start, span.end].into_iter().map(|time| match time.0 {
        us if us % MINUTE_US == 0 => Precision::Minute,
        us if us % SECOND_US == 0 => Precision::Second,
        _ => Precision::Subsecond,
    });
    let is_wide = span.width_us().is_some_and(|width_us| width_us >= 10 * MINUTE_US);
    let precision = if is_wide { Precision::Minute } else { finest.max().unwrap_or(Precision::Minute) };
    let end = |time: Time| End { local: zone.local(time), moment: time, precision, season: None };
    joined(&end(span.start), &end(span.end), zone)
}

/// The text of a date without open ends, without its marks.
fn bounded(when: &When, zone: Zone) -> String {
    let first = End::first(when, zone);
    let is_vague_set = when.flags.has(Flags::SET) && !is_one_unit(when);
    if is_vague_set {
        return format!("{} … {}", first.text_with_zone(zone), End::last(when, zone).text_with_zone(zone));
    }
    if !is_one_unit(when) {
        return joined(&first, &End::last(when, zone), zone);
    }
    match when.precision {
        Precision::Century | Precision::Decade => block_text(when.span),
        Precision::Season => season_of(when.span).map_or_else(|| first.text(), season_text),
        _ => first.text_with_zone(zone),
    }
}

/// `2010s`, `1900s`; a decade that starts a century and blocks before the year 1 are written out.
fn block_text(span: Span) -> String {
    let (first, last) = (span.start.ymd().0, span.end.plus_us(-1).ymd().0);
    let is_first_decade = first.rem_euclid(100) == 0 && last - first < 10;
    if first > 0 && !is_first_decade { format!("{first}s") } else { year_range(first, last) }
}

/// `spring 2025`, `winter 2025–26`, `Q1 2025`; the longer parts by their months.
fn season_text(season: Season) -> String {
    let year = format_year(season.year as i32);
    match season.code {
        21 | 25 | 31 => format!("spring {year}"),
        22 | 26 | 32 => format!("summer {year}"),
        23 | 27 | 29 => format!("autumn {year}"),
        24 | 28 | 30 if season.year > 0 => format!("winter {year}–{:02}", (season.year + 1) % 100),
        24 | 28 | 30 => format!("winter {year}"),
        33..=36 => format!("Q{} {year}", season.code - 32),
        _ => {
            let (_, first, _) = season.span.start.ymd();
            let (_, last, _) = season.span.end.plus_us(-1).ymd();
            format!("{} – {} {year}", month_name(first), month_name(last))
        }
    }
}

/// One end of a range, ready to be written.
struct End {
    /// What the clocks show at the start of its unit.
    local: Time,
    moment: Time,
    precision: Precision,
    season: Option<Season>,
}

impl End {
    fn first(when: &When, zone: Zone) -> Self {
        let (precision, _) = range_precisions(when);
        Self::new(when.span.start, precision, season_from(when.span.start), zone)
    }

    fn last(when: &When, zone: Zone) -> Self {
        let end = when.span.end;
        let (_, precision) = range_precisions(when);
        let moment = unit_before(end, precision).map_or_else(|| end.plus_us(-1), |unit| unit.start);
        Self::new(moment, precision, season_until(end), zone)
    }

    fn new(moment: Time, precision: Precision, season: Option<Season>, zone: Zone) -> Self {
        let local = if precision <= Precision::Day { moment } else { zone.local(moment) };
        Self { local, moment, precision, season: season.filter(|_| precision == Precision::Season) }
    }

    fn has_clock(&self) -> bool {
        self.precision > Precision::Day
    }

    /// Its date, and its time of day when it has one.
    fn text(&self) -> String {
        let (year, month, _) = self.local.ymd();
        match (self.precision, self.season) {
            (_, Some(season)) => season_text(season),
            (Precision::Century | Precision::Decade, _) => {
                let size = if self.precision == Precision::Century { 100 } else { 10 };
                let (first, last) = year_block(i64::from(year), size);
                block_text(super::units::years(first, last))
            }
            (Precision::Year, _) => format_year(year),
            (Precision::Season | Precision::Month, _) => format!("{} {}", month_name(month), format_year(year)),
            (Precision::Week | Precision::Day, _) => format_day(self.local),
            (precision, _) => format!("{} {}", format_day(self.local), clock(self.local, precision)),
        }
    }

    fn text_with_zone(&self, zone: Zone) -> String {
        if self.has_clock() { format!("{} {}", self.text(), zone.abbreviation(self.moment)) } else { self.text() }
    }
}

/// A range; what its ends share is given once.
fn joined(first: &End, last: &End, zone: Zone) -> String {
    let ((year, month, day), (last_year, last_month, _)) = (first.local.ymd(), last.local.ymd());
    let is_same_year = year == last_year;
    match (first.precision, last.precision) {
        _ if first.has_clock() && last.has_clock() => {
            let is_same_zone = zone.abbreviation(first.moment) == zone.abbreviation(last.moment);
            let start = if is_same_zone { first.text() } else { first.text_with_zone(zone) };
            if first.local.day_number() == last.local.day_number() && is_same_zone {
                let end = clock(last.local, last.precision);
                format!("{start} – {end} {}", zone.abbreviation(last.moment))
            } else {
                format!("{start} – {}", last.text_with_zone(zone))
            }
        }
        (Precision::Day | Precision::Week, Precision::Day | Precision::Week) if is_same_year && month == last_month => {
            format!("{day} – {}", last.text())
        }
        (Precision::Day | Precision::Week, Precision::Month | Precision::Day | Precision::Week) if is_same_year => {
            format!("{day} {} – {}", month_name(month), last.text())
        }
        (Precision::Month, Precision::Month | Precision::Day) if is_same_year => {
            format!("{} – {}", month_name(month), last.text())
        }
        (Precision::Year, Precision::Year) => year_range(year, last_year),
        _ => format!("{} – {}", first.text_with_zone(zone), last.text_with_zone(zone)),
    }
}

#[cfg(test)]
mod tests;
