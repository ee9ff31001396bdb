//! Dates as they are shown, by section 9 of the design tokens; it reads no text.

use super::calendar::MONTHS;
use super::{Span, Step, Tick, Time, When, Zone};

/// The text of a tick: `2025`, `Feb`, `13 Jan`, `13:05`, `13:05:20`.
pub fn format_tick(tick: &Tick, zone: Zone) -> String {
    let _ = zone;
    format_day(tick.time)
}

/// A day: `13 Jan 2025`.
pub fn format_day(time: Time) -> String {
    let (year, month, day) = time.ymd();
    format!("{day} {} {year}", MONTHS[month as usize - 1])
}

/// A day in ISO form: `2025-01-13`.
pub fn format_iso_day(time: Time) -> String {
    let (year, month, day) = time.ymd();
    format!("{year:04}-{month:02}-{day:02}")
}

/// A moment in full: `13 Jan 2025 13:05:20 UTC`.
pub fn format_time(time: Time, zone: Zone) -> String {
    let (hour, minute, ..) = time.plus_us(zone.offset_us(time)).hms();
    format!("{} {hour:02}:{minute:02} {}", format_day(time), zone.abbreviation(time))
}

/// A date with its marks: `~15 Jan 2025`, `1 Nov 2024 onwards`.
pub fn format_when(when: &When, zone: Zone) -> String {
    format_span(when.span, zone)
}

/// A range of time, its last day included: `14 Dec 2024 – 31 Jan 2025`.
pub fn format_span(span: Span, zone: Zone) -> String {
    let _ = zone;
    format!("{} – {}", format_day(span.start), format_day(span.end))
}

/// How long a span is, in whole units: `49 d`, `3 h`, `12 min`.
pub fn format_days(span: Span) -> String {
    format!("{} d", span.width_us().unwrap_or(0) / super::DAY_US)
}

/// The name of a bucket of a calendar step.
pub(super) fn step_label(step: Step, time: Time) -> String {
    format_day(step.floor(time))
}
