//! Tests of EDTF, with vectors of our own for every kind of date.

use super::super::{Flags, Precision, Span, Time, When};
use super::{EdtfError, edtf_from_when, parse_edtf};
use proptest::prelude::*;

fn at(year: i32, month: u32, day: u32) -> Time {
    Time::from_ymd(year, month, day).unwrap()
}

fn read(text: &str) -> When {
    parse_edtf(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The first day and the last day (included) as ISO text, and the precision.
fn days(text: &str) -> (String, String, Precision) {
    let when = read(text);
    let day = super::super::format_iso_day;
    (day(when.span.start), day(when.span.end.plus_us(-1)), when.precision)
}

#[track_caller]
fn assert_days(text: &str, first: &str, last: &str, precision: Precision) {
    assert_eq!(days(text), (first.to_owned(), last.to_owned(), precision), "{text}");
}

#[track_caller]
fn assert_syntax(text: &str, at: usize) {
    match parse_edtf(text) {
        Err(EdtfError::Syntax { at: found, .. }) => assert_eq!(found, at, "{text}"),
        other => panic!("{text}: {other:?}"),
    }
}

#[track_caller]
fn assert_impossible(text: &str, part: &str) {
    match parse_edtf(text) {
        Err(EdtfError::Impossible { part: found, .. }) => assert_eq!(found, part, "{text}"),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn whole_dates_span_their_unit() {
    assert_days("2025-02-11", "2025-02-11", "2025-02-11", Precision::Day);
    assert_days("2024-02", "2024-02-01", "2024-02-29", Precision::Month);
    assert_days("1969", "1969-01-01", "1969-12-31", Precision::Year);
    assert_days("0000", "0000-01-01", "0000-12-31", Precision::Year);
    assert_days("-0044-03-15", "-0044-03-15", "-0044-03-15", Precision::Day);
    assert_days("-0001", "-0001-01-01", "-0001-12-31", Precision::Year);
    assert_eq!(read("2025-02-11").flags, Flags::default());
}

#[test]
fn times_are_moments_in_utc() {
    let noon = at(2025, 2, 11).0 + 12 * super::super::HOUR_US;
    let span = |text: &str| (read(text).span.start.0 - noon, read(text).span.width_us(), read(text).precision);
    assert_eq!(span("2025-02-11T12:00:00"), (0, Some(1_000_000), Precision::Second));
    assert_eq!(span("2025-02-11T12:00:00Z"), (0, Some(1_000_000), Precision::Second));
    assert_eq!(span("2025-02-11T14:00:00+02"), (0, Some(1_000_000), Precision::Second));
    assert_eq!(span("2025-02-11T06:30:00-05:30"), (0, Some(1_000_000), Precision::Second));
    assert_eq!(span("2025-02-12T01:00:00+13:00"), (0, Some(1_000_000), Precision::Second));
    assert_eq!(span("2025-02-11T12:00:00.25Z"), (250_000, Some(10_000), Precision::Subsecond));
    assert_eq!(span("2025-02-11T12:00:00,123456789"), (123_456, Some(1), Precision::Subsecond));
    assert_eq!(span("2025-02-11T12:00"), (0, Some(60_000_000), Precision::Minute));
    assert_eq!(span("2025-02-11T12Z"), (0, Some(3_600_000_000), Precision::Hour));
    assert_eq!(read("2025-02-11T24:00:00").span.start, at(2025, 2, 12));
    assert_eq!(read("2016-12-31T23:59:60Z").span.start, at(2017, 1, 1));
    assert_eq!(read("2025-02-11T12:00:00Z~").flags, Flags::APPROXIMATE);
}

#[test]
fn marks_are_found_on_the_whole_and_on_any_part() {
    let both = Flags::UNCERTAIN.with(Flags::APPROXIMATE);
    for (text, flags) in [
        ("1939?", Flags::UNCERTAIN),
        ("1939-09~", Flags::APPROXIMATE),
        ("1939-09-01%", both),
        ("?1939", Flags::UNCERTAIN),
        ("1939?-09-01", Flags::UNCERTAIN),
        ("1939-~09-01", Flags::APPROXIMATE),
        ("1939-09-%01", both),
        ("?1939-09-~01", both),
        ("1939?-09~-01", both),
        ("?-0099-09", Flags::UNCERTAIN),
        ("1939-22~", Flags::APPROXIMATE),
        ("Y-12000?", Flags::UNCERTAIN),
        ("1930S3~", Flags::APPROXIMATE),
    ] {
        assert_eq!(read(text).flags, flags, "{text}");
    }
    assert_eq!(read("1939~").span, read("1939").span);
    assert_syntax("1939??", 5);
    assert_syntax("-?1939", 1);
}

#[test]
fn years_beyond_four_digits_start_with_a_y() {
    assert_days("Y12345", "+12345-01-01", "+12345-12-31", Precision::Year);
    assert_days("Y-12345", "-12345-01-01", "-12345-12-31", Precision::Year);
    assert_days("Y-17E3", "-17000-01-01", "-17000-12-31", Precision::Year);
    assert_days("Y23E3S2", "+23000-01-01", "+23999-12-31", Precision::Century);
    assert_days("1950S2", "1900-01-01", "1999-12-31", Precision::Century);
    assert_days("1954S3", "1950-01-01", "1959-12-31", Precision::Decade);
    assert_days("1954S4", "1954-01-01", "1954-12-31", Precision::Year);
    assert_days("1954S9", "1954-01-01", "1954-12-31", Precision::Year);
    assert_days("1954S1", "1000-01-01", "1999-12-31", Precision::Century);
    assert_days("-0753S3", "-0759-01-01", "-0750-12-31", Precision::Decade);
    assert_days("-0053S2", "-0099-01-01", "-0001-12-31", Precision::Century);
    assert_syntax("Y1954", 5);
    assert_syntax("12345", 4);
    assert_syntax("1954S", 5);
    assert_impossible("1954S0", "0");
    assert_syntax("195XS2", 4);
}

#[test]
fn a_year_beyond_the_range_is_out_of_range_and_not_a_fault_of_the_text() {
    for text in ["Y-13800000000", "Y262143", "Y-262144", "Y9E9999999999999", "Y300000S1", "Y-13800000000/2025", "[Y999999..]"] {
        assert_eq!(parse_edtf(text), Err(EdtfError::OutOfRange), "{text}");
    }
    assert_eq!(read("Y262142").span.end.plus_us(-1), Time::LAST);
    assert_eq!(read("Y-262143").span.start, Time::FIRST);
    assert_syntax("Y-13800000000/x", 14);
}

#[test]
fn digits_left_open_span_all_that_they_can_stand_for() {
    assert_days("194X", "1940-01-01", "1949-12-31", Precision::Decade);
    assert_days("19XX", "1900-01-01", "1999-12-31", Precision::Century);
    assert_days("XXXX", "0000-01-01", "9999-12-31", Precision::Century);
    assert_days("-194X", "-1949-01-01", "-1940-12-31", Precision::Decade);
    assert_days("-XXXX", "-9999-01-01", "-0001-12-31", Precision::Century);
    assert_days("1941-XX", "1941-01-01", "1941-12-31", Precision::Year);
    assert_days("1941-XX-XX", "1941-01-01", "1941-12-31", Precision::Year);
    assert_days("1941-06-XX", "1941-06-01", "1941-06-30", Precision::Month);
    assert_days("1941-1X", "1941-10-01", "1941-12-31", Precision::Year);
    assert_days("1941-X2", "1941-02-01", "1941-12-31", Precision::Year);
    assert_days("1941-06-2X", "1941-06-20", "1941-06-29", Precision::Month);
    assert_days("194X-06-22", "1940-06-22", "1949-06-22", Precision::Decade);
    assert_days("1941-XX-31", "1941-01-31", "1941-12-31", Precision::Year);
    assert_days("1941-XX-30", "1941-01-30", "1941-12-30", Precision::Year);
    assert_days("195X-02-29", "1952-02-29", "1956-02-29", Precision::Decade);
    assert_days("1X41-X1-X1", "1041-01-01", "1941-11-21", Precision::Century);
    assert_days("XXXX-06-XX", "0000-06-01", "9999-06-30", Precision::Century);
    assert_days("194X-21", "1940-03-01", "1949-05-31", Precision::Decade);
    assert!(read("194X").flags.has(Flags::UNSPECIFIED));
    assert_eq!(read("194X~").flags, Flags::UNSPECIFIED.with(Flags::APPROXIMATE));
    assert_impossible("1X01-02-29", "1X01-02-29");
    assert_impossible("1941-2X", "2X");
    assert_impossible("1941-06-4X", "1941-06-4X");
    assert_syntax("194x", 3);
    assert_syntax("194X-06-22T10:00:00", 10);
}

#[test]
fn seasons_are_whole_months_by_the_north() {
    assert_days("2024-21", "2024-03-01", "2024-05-31", Precision::Season);
    assert_days("2024-22", "2024-06-01", "2024-08-31", Precision::Season);
    assert_days("2024-23", "2024-09-01", "2024-11-30", Precision::Season);
    assert_days("2023-24", "2023-12-01", "2024-02-29", Precision::Season);
    assert_eq!(read("2024-25"), read("2024-21"));
    assert_eq!(read("2024-28"), read("2024-24"));
    assert_eq!(read("2024-29"), read("2024-23"));
    assert_eq!(read("2024-30"), read("2024-24"));
    assert_eq!(read("2024-31"), read("2024-21"));
    assert_days("2024-33", "2024-01-01", "2024-03-31", Precision::Season);
    assert_days("2024-36", "2024-10-01", "2024-12-31", Precision::Season);
    assert_days("2024-38", "2024-05-01", "2024-08-31", Precision::Season);
    assert_days("2024-41", "2024-07-01", "2024-12-31", Precision::Season);
    assert_impossible("2024-42", "42");
    assert_impossible("2024-20", "20");
    assert_impossible("2024-22-01", "22");
}

#[test]
fn intervals_run_from_the_start_of_the_first_to_the_end_of_the_last() {
    assert_days("2014-04/2015-02-18", "2014-04-01", "2015-02-18", Precision::Month);
    assert_days("2014-04-06/2014", "2014-04-06", "2014-12-31", Precision::Year);
    assert_days("-0099/0100", "-0099-01-01", "0100-12-31", Precision::Year);
    assert_days("2014-22/2015-24", "2014-06-01", "2016-02-29", Precision::Season);
    assert_days("201X/2022", "2010-01-01", "2022-12-31", Precision::Decade);
    let marks = Flags::INTERVAL.with(Flags::APPROXIMATE).with(Flags::UNCERTAIN);
    assert_eq!(read("2014-04~/2015?").flags, marks);
    assert_eq!(read("2014-04-06T10:00:00Z/2014-04-06T11:30:00Z").span.width_us(), Some(5_401_000_000));
}

#[test]
fn ends_of_an_interval_may_be_open_or_unknown() {
    let open = read("2022-02-24/..");
    assert_eq!(open.span, Span::new(at(2022, 2, 24), Time::OPEN_END));
    assert_eq!((open.flags, open.precision), (Flags::INTERVAL, Precision::Day));
    assert_eq!(read("../2022-02").span, Span::new(Time::OPEN_START, at(2022, 3, 1)));
    assert_eq!(read("2022/").flags, Flags::INTERVAL.with(Flags::UNKNOWN_END));
    assert_eq!(read("/2022").flags, Flags::INTERVAL.with(Flags::UNKNOWN_END));
    assert_eq!(read("../..").span, Span::ALL);
    assert_eq!(read("/..").flags, Flags::INTERVAL.with(Flags::UNKNOWN_END));
    assert_syntax("/", 1);
    assert_syntax("..", 2);
    assert_syntax("2022//", 5);
    assert_syntax("2022/2023/2024", 9);
}

#[test]
fn an_interval_that_ends_before_it_starts_is_reversed() {
    for text in ["2015/2014", "2014-03-02/2014-03-01", "0001/-0001", "2014-24/2014-21", "2015-01/2014-XX", "{2015..2014}"] {
        assert_eq!(parse_edtf(text), Err(EdtfError::Reversed), "{text}");
    }
    assert_days("2014-03-02/2014-03", "2014-03-02", "2014-03-31", Precision::Month);
    assert_days("2014-03-02/2014-XX-01", "2014-03-02", "2014-12-01", Precision::Year);
}

#[test]
fn of_a_set_the_hull_is_kept() {
    assert_days("{1914,1918-11,1916}", "1914-01-01", "1918-11-30", Precision::Year);
    assert_days("[1914-07..1914-08]", "1914-07-01", "1914-08-31", Precision::Month);
    assert_days("[1914-07-28]", "1914-07-28", "1914-07-28", Precision::Day);
    assert_eq!(read("[1914?,1915]").flags, Flags::SET.with(Flags::UNCERTAIN));
    assert_eq!(read("{..1914}").span, Span::new(Time::OPEN_START, at(1915, 1, 1)));
    assert_eq!(read("[1914,1916..]").span, Span::new(at(1914, 1, 1), Time::OPEN_END));
    assert_eq!(read("[..1914,1916..]").span, Span::ALL);
    assert_syntax("[]", 1);
    assert_syntax("[1914}", 5);
    assert_syntax("[1914, 1915]", 6);
    assert_syntax("[1914", 5);
    assert_syntax("[1914]x", 6);
    assert_syntax("[1914..,1916]", 7);
    assert_syntax("[1914,..1916]", 6);
    assert_syntax("[..]", 3);
}

#[test]
fn dates_that_cannot_be_are_named() {
    assert_impossible("2025-02-30", "2025-02-30");
    assert_impossible("2023-02-29", "2023-02-29");
    assert_impossible("2025-13", "13");
    assert_impossible("2025-00", "00");
    assert_impossible("2025-04-00", "2025-04-00");
    assert_impossible("2025-04-31/2025-05", "2025-04-31");
    assert_impossible("2024-01/2025-04-31", "2025-04-31");
    assert_impossible("2025-02-11T25:00:00", "25:00:00");
    assert_impossible("2025-02-11T23:60:00", "23:60:00");
    assert_impossible("2025-02-11T24:00:01", "24:00:01");
    assert_impossible("2025-02-11T12:30:60", "12:30:60");
    assert_impossible("2025-02-11T12:30:00+24:00", "+24:00");
    assert_impossible("-0000", "-0000");
    assert_impossible("-0000S4", "-0000S4");
    assert_impossible("Y-00000", "-00000");
}

#[test]
fn a_fault_of_the_text_is_shown_where_it_is() {
    for (text, at) in [
        ("", 0),
        (" 2025", 0),
        ("2025 ", 4),
        ("20 25", 2),
        ("+2025", 0),
        ("202", 3),
        ("2025-", 5),
        ("2025-1", 6),
        ("2025-01-1", 9),
        ("2025-01-01 ", 10),
        ("2025-01-01 10:00:00", 10),
        ("2025-01-01T", 11),
        ("2025-01-01T1:00:00", 12),
        ("2025-01-01t10:00:00", 10),
        ("2025-01-01T10:00:00z", 19),
        ("2025-01-01T10:00:00+2", 21),
        ("2025-01-01T10:00:00Z02", 20),
        ("2025-01-01T10:00:00.", 20),
        ("2025-01-01/P1M", 11),
        ("2025\u{2013}01", 4),
        ("д2025", 0),
    ] {
        assert_syntax(text, at);
    }
}

#[test]
fn the_canonical_text_is_the_short_plain_one() {
    for (text, canonical) in [
        ("2025-02-11", "2025-02-11"),
        ("?2025-02", "2025-02?"),
        ("2025~-%02", "2025-02%"),
        ("2025-02-11T12:30:05+02:00", "2025-02-11T10:30:05Z"),
        ("2025-02-11T12:30", "2025-02-11T12:30Z"),
        ("2025-02-11T12:30:05.120", "2025-02-11T12:30:05.120Z"),
        ("2025-26", "2025-22"),
        ("2025-35", "2025-35"),
        ("1954S2", "1900S2"),
        ("-0753S3", "-0750S3"),
        ("Y23456S1", "Y20000S1"),
        ("194X", "194X"),
        ("-19XX", "-19XX"),
        ("1941-XX-XX", "1941-XX"),
        ("1941-06-XX?", "1941-06-XX?"),
        ("1941-1X", "[1941-10..1941-12]"),
        ("2014-04-06/2014", "2014-04-06/2014"),
        ("2014-04-01/2014-12-31", "2014-04-01/2014-12-31"),
        ("2014-23/2015-03-01", "2014-23/2015-03-01"),
        ("/2025~", "/2025~"),
        ("2025/..", "2025/.."),
        ("{1914,1918-11,1916}", "[1914..1918-11]"),
        ("{1914}", "[1914]"),
        ("[..1914]", "[..1914]"),
    ] {
        assert_eq!(edtf_from_when(&read(text)), canonical, "{text}");
    }
}

#[test]
fn a_span_that_is_no_unit_is_written_as_one_of_its_days() {
    let week = When { span: Span::new(at(2025, 2, 10), at(2025, 2, 17)), precision: Precision::Week, flags: Flags::default() };
    assert_eq!(edtf_from_when(&week), "[2025-02-10..2025-02-16]");
    let open = When { span: Span::new(at(2025, 2, 10), Time::OPEN_END), precision: Precision::Day, flags: Flags::default() };
    assert_eq!(edtf_from_when(&open), "[2025-02-10..]");
}

/// A time of day, to the hour, minute, second or less.
fn clock_text() -> impl Strategy<Value = String> {
    (0..24, 0..60, 0..60, 0..1_000_000, 0..10_usize, -12..=14_i32).prop_map(|(hour, minute, second, us, kind, offset)| match kind {
        0 => format!("{hour:02}{offset:+03}"),
        1 => format!("{hour:02}:{minute:02}"),
        2 => format!("{hour:02}:{minute:02}:{second:02}Z"),
        3 => format!("{hour:02}:{minute:02}:{second:02}{offset:+03}:30"),
        digits => format!("{hour:02}:{minute:02}:{second:02}.{}", &format!("{us:06}")[..digits - 3]),
    })
}

/// Texts of single dates without open digits.
fn date_text() -> impl Strategy<Value = String> {
    let year = (-9_999..=9_999_i32).prop_map(|year| if year < 0 { format!("-{:04}", -year) } else { format!("{year:04}") });
    let dated = (year, 1..=12, 1..=28, 21..=41, clock_text(), 0..9).prop_map(|(year, month, day, season, clock, kind)| match kind {
        0 => year,
        1 => format!("{year}-{month:02}"),
        2..=4 => format!("{year}-{month:02}-{day:02}"),
        5 => format!("{year}-{season}"),
        6 => format!("{year}S{}", month % 5 + 1),
        _ => format!("{year}-{month:02}-{day:02}T{clock}"),
    });
    let long = (10_000..262_000_i32, prop::bool::ANY, 0..7).prop_map(|(year, is_negative, count)| {
        let sign = if is_negative { "-" } else { "" };
        if count == 0 { format!("Y{sign}{year}") } else { format!("Y{sign}{year}S{count}") }
    });
    let bare = prop_oneof![5 => dated, 1 => long];
    (bare, prop::sample::select(vec!["", "", "?", "~", "%"])).prop_map(|(date, mark)| format!("{date}{mark}"))
}

fn edtf_text() -> impl Strategy<Value = String> {
    prop_oneof![
        date_text(),
        (date_text(), date_text()).prop_map(|(first, last)| format!("{first}/{last}")),
        (date_text(), prop::sample::select(vec!["", ".."])).prop_map(|(first, last)| format!("{first}/{last}")),
        (date_text(), prop::sample::select(vec!["", ".."])).prop_map(|(last, first)| format!("{first}/{last}")),
        (date_text(), date_text()).prop_map(|(first, last)| format!("[{first}..{last}]")),
        date_text().prop_map(|last| format!("{{..{last}}}")),
        date_text().prop_map(|first| format!("{{{first}..}}")),
        date_text().prop_map(|date| format!("[{date}]")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_the_canonical_text_gives_the_same_date(text in edtf_text()) {
        if let Ok(when) = parse_edtf(&text) {
            let canonical = edtf_from_when(&when);
            prop_assert_eq!(parse_edtf(&canonical), Ok(when), "{} as {}", text, canonical);
        }
    }

    #[test]
    fn a_single_date_is_read(text in date_text()) {
        let result = parse_edtf(&text);
        let is_read = matches!(result, Ok(_) | Err(EdtfError::OutOfRange | EdtfError::Impossible { .. }));
        prop_assert!(is_read, "{}: {:?}", text, result);
    }

    #[test]
    fn any_text_gives_a_date_or_an_error(text in "\\PC{0,24}") {
        if let Ok(when) = parse_edtf(&text) {
            prop_assert!(!edtf_from_when(&when).is_empty());
        }
    }

    #[test]
    fn any_text_of_the_signs_of_edtf_gives_a_date_in_range_or_an_error(text in "[-0-9XYESTZ?~%./,:+\\[\\]{}]{0,24}") {
        if let Ok(when) = parse_edtf(&text) {
            prop_assert!(when.span.start < when.span.end);
            prop_assert!(!edtf_from_when(&when).is_empty());
        }
    }

    #[test]
    fn any_span_can_be_written(start in any::<i64>(), end in any::<i64>(), precision in 0..11_u8, flags in 0..64_u8) {
        let when = When { span: Span::new(Time(start), Time(end)), precision: Precision::from_code(precision), flags: Flags(flags) };
        prop_assert!(!edtf_from_when(&when).is_empty());
    }
}
