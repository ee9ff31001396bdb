//! Tests of the texts of dates.

use super::super::{DAY_US, Flags, HOUR_US, MINUTE_US, Precision, SECOND_US, Span, Time, When, Zone, parse_edtf, parse_loose};
use super::{format_day, format_days, format_iso_day, format_span, format_time, format_when};
use proptest::prelude::*;

fn at(year: i32, month: u32, day: u32) -> Time {
    Time::from_ymd(year, month, day).unwrap()
}

fn kyiv() -> Zone {
    Zone::parse("Europe/Kyiv").unwrap()
}

fn shown(edtf: &str) -> String {
    format_when(&parse_edtf(edtf).unwrap(), Zone::UTC)
}

#[test]
fn dates_are_shown_as_finely_as_they_are_known() {
    for (edtf, text) in [
        ("2025-01-13", "13 Jan 2025"),
        ("2025-01", "Jan 2025"),
        ("2025", "2025"),
        ("201X", "2010s"),
        ("190X", "1900 – 1909"),
        ("19XX", "1900s"),
        ("2XXX", "2000s"),
        ("XXXX", "year unknown"),
        ("XXXX?", "year unknown"),
        ("2025-21", "spring 2025"),
        ("2025-22", "summer 2025"),
        ("2025-23", "autumn 2025"),
        ("2025-24", "winter 2025–26"),
        ("1999-24", "winter 1999–00"),
        ("2025-33", "Q1 2025"),
        ("2025-38", "May – Aug 2025"),
        ("2025-40", "Jan – Jun 2025"),
        ("2004-1X", "Oct – Dec 2004"),
        ("2004-06-1X", "10 – 19 Jun 2004"),
        ("-0500", "501 BC"),
        ("0000-03-15", "15 Mar 1 BC"),
        ("-05XX", "600 – 501 BC"),
        ("Y-12000", "12001 BC"),
        ("Y23456", "23456"),
    ] {
        assert_eq!(shown(edtf), text, "{edtf}");
    }
}

#[test]
fn marks_are_kept() {
    assert_eq!(shown("2025-01-15~"), "~15 Jan 2025");
    assert_eq!(shown("2025-01-13?"), "13 Jan 2025?");
    assert_eq!(shown("2025%"), "~2025?");
    assert_eq!(shown("2024-12~/2025-01"), "~Dec 2024 – Jan 2025");
    assert_eq!(shown("2024-11-01?/.."), "1 Nov 2024? onwards");
    assert_eq!(shown("../2024-11-01~"), "until ~1 Nov 2024");
}

#[test]
fn ranges_say_what_their_ends_share_once() {
    for (edtf, text) in [
        ("2024-12-14/2025-01-31", "14 Dec 2024 – 31 Jan 2025"),
        ("2025-01-14/2025-03-31", "14 Jan – 31 Mar 2025"),
        ("2025-01-14/2025-01-31", "14 – 31 Jan 2025"),
        ("2025-01-14/2025-01-14", "14 Jan 2025"),
        ("2025-01/2025-03", "Jan – Mar 2025"),
        ("2024-12/2025-01", "Dec 2024 – Jan 2025"),
        ("2025-01/2025-12", "Jan – Dec 2025"),
        ("2014/2021", "2014 – 2021"),
        ("-0004/-0001", "5 – 2 BC"),
        ("-0004/0001", "5 BC – 1"),
        ("2014/2021-03-05", "2014 – 5 Mar 2021"),
        ("2025-01-03/2025-01", "3 – 31 Jan 2025"),
        ("2025-02/2025", "Feb – Dec 2025"),
        ("2025-02-03/2025-04", "3 Feb – Apr 2025"),
        ("2025-02/2025-04-03", "Feb – 3 Apr 2025"),
        ("201X/202X", "2010s – 2020s"),
        ("2014-22/2015-24", "summer 2014 – winter 2015–16"),
        ("[1667,1670..1672]", "1667 … 1672"),
        ("[1667]", "1667"),
    ] {
        assert_eq!(shown(edtf), text, "{edtf}");
    }
}

#[test]
fn open_ends_are_said_in_words() {
    assert_eq!(shown("2024-11-01/.."), "1 Nov 2024 onwards");
    assert_eq!(shown("../2024-11-01"), "until 1 Nov 2024");
    assert_eq!(shown("../2024"), "until 2024");
    assert_eq!(shown("2024-11/"), "Nov 2024, end unknown");
    assert_eq!(shown("/2024-11"), "until Nov 2024, start unknown");
    assert_eq!(shown("../.."), "at any time");
    assert_eq!(shown("/.."), "time unknown");
}

#[test]
fn times_of_day_are_shown_in_the_zone_and_days_are_not_moved() {
    let shown = |edtf: &str| format_when(&parse_edtf(edtf).unwrap(), kyiv());
    for (edtf, text) in [
        ("2025-01-13T23:05Z", "14 Jan 2025 01:05 EET"),
        ("2025-07-13T13:05:20Z", "13 Jul 2025 16:05:20 EEST"),
        ("2025-01-13T13:05:20.250Z", "13 Jan 2025 15:05:20.250 EET"),
        ("2025-01-13T13:05:20.123456Z", "13 Jan 2025 15:05:20.123456 EET"),
        ("2025-01-13T13Z", "13 Jan 2025 15:00 EET"),
        ("2025-01-13", "13 Jan 2025"),
        ("2025-01-13T13:05Z/2025-01-13T14:10Z", "13 Jan 2025 15:05 – 16:10 EET"),
        ("2025-01-13T13:05Z/2025-01-13T22:10Z", "13 Jan 2025 15:05 – 14 Jan 2025 00:10 EET"),
        ("2025-03-30T00:00Z/2025-03-30T02:00Z", "30 Mar 2025 02:00 EET – 30 Mar 2025 05:00 EEST"),
        ("2025-01-13T13:05Z/..", "13 Jan 2025 15:05 EET onwards"),
    ] {
        assert_eq!(shown(edtf), text, "{edtf}");
    }
}

#[test]
fn weeks_are_shown_by_their_days() {
    let week = parse_loose("2025-W07", super::super::DateOrder::DayFirst).unwrap().when;
    assert_eq!(format_when(&week, Zone::UTC), "10 – 16 Feb 2025");
}

#[test]
fn moments_are_shown_in_full() {
    let time = at(2025, 1, 13).plus_us(13 * HOUR_US + 5 * MINUTE_US);
    assert_eq!(format_time(time, Zone::UTC), "13 Jan 2025 13:05 UTC");
    assert_eq!(format_time(time.plus_us(20 * SECOND_US), Zone::UTC), "13 Jan 2025 13:05:20 UTC");
    assert_eq!(format_time(time.plus_us(20_000), Zone::UTC), "13 Jan 2025 13:05:00.020 UTC");
    assert_eq!(format_time(Time::OPEN_END, Zone::UTC), "no end");
    assert_eq!(format_day(at(2025, 1, 13)), "13 Jan 2025");
    assert_eq!(format_day(Time::OPEN_START), "no start");
    assert_eq!(format_iso_day(at(2025, 1, 3)), "2025-01-03");
    assert_eq!(format_iso_day(at(-44, 3, 15)), "-0044-03-15");
    assert_eq!(format_iso_day(at(12_345, 3, 15)), "+12345-03-15");
    assert_eq!(format_iso_day(Time::OPEN_END), "");
}

#[test]
fn spans_are_shown_in_the_coarsest_unit_that_fits() {
    let shown = |start: Time, end: Time| format_span(Span::new(start, end), kyiv());
    assert_eq!(shown(at(2014, 1, 1), at(2022, 1, 1)), "2014 – 2021");
    assert_eq!(shown(at(2025, 1, 1), at(2026, 1, 1)), "2025");
    assert_eq!(shown(at(2024, 8, 1), at(2026, 1, 1)), "Aug 2024 – Dec 2025");
    assert_eq!(shown(at(2024, 12, 14), at(2025, 2, 1)), "14 Dec 2024 – 31 Jan 2025");
    assert_eq!(shown(at(2025, 1, 13), at(2025, 1, 14)), "13 Jan 2025");
    assert_eq!(shown(at(2025, 1, 13), Time::OPEN_END), "13 Jan 2025 onwards");
    assert_eq!(shown(Time::OPEN_START, at(2025, 1, 1)), "until 2024");
    assert_eq!(format_span(Span::ALL, Zone::UTC), "at any time");
    let noon = at(2025, 1, 13).plus_us(12 * HOUR_US);
    assert_eq!(shown(noon, noon.plus_us(65 * MINUTE_US)), "13 Jan 2025 14:00 – 15:05 EET");
    assert_eq!(shown(noon, noon.plus_us(90 * SECOND_US)), "13 Jan 2025 14:00:00 – 14:01:30 EET");
    assert_eq!(shown(noon, noon.plus_us(20 * DAY_US)), "13 Jan – 2 Feb 2025");
}

#[test]
fn lengths_are_in_whole_units() {
    let length = |width_us: i64| format_days(Span::new(Time(0), Time(width_us)));
    assert_eq!(length(49 * DAY_US), "49 d");
    assert_eq!(length(730 * DAY_US), "730 d");
    assert_eq!(length(731 * DAY_US), "2 y");
    assert_eq!(length(12_000 * 366 * DAY_US), "12,024 y");
    assert_eq!(length(3 * HOUR_US + MINUTE_US), "3 h");
    assert_eq!(length(12 * MINUTE_US), "12 min");
    assert_eq!(length(30 * SECOND_US), "30 s");
    assert_eq!(length(250_000), "250 ms");
    assert_eq!(length(7), "7 µs");
    assert_eq!(length(-7), "0 µs");
    assert_eq!(format_days(Span::ALL), "open");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_span_can_be_shown(start in any::<i64>(), end in any::<i64>(), precision in 0..11_u8, flags in 0..64_u8) {
        let span = Span::new(Time(start), Time(end));
        let when = When { span, precision: Precision::from_code(precision), flags: Flags(flags) };
        prop_assert!(!format_when(&when, kyiv()).is_empty());
        prop_assert!(!format_span(span, kyiv()).is_empty());
        prop_assert!(!format_days(span).is_empty());
        prop_assert!(!format_time(span.start, kyiv()).is_empty());
    }

    #[test]
    fn different_days_are_shown_differently(first in -900_000..2_900_000_i64, second in -900_000..2_900_000_i64) {
        let text = |day: i64| format_day(Time(day * DAY_US));
        prop_assert_eq!(first == second, text(first) == text(second));
    }
}
