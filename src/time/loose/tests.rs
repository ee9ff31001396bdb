//! Tests of the dates of tables.

use super::super::{Precision, Time, edtf_from_when};
use super::{DateOrder, Loose, LooseError, parse_loose, parse_ymd_fast};
use proptest::prelude::*;

fn read(text: &str, order: DateOrder) -> Loose {
    parse_loose(text, order).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The canonical text of what is read, day first.
fn text_of(text: &str) -> String {
    edtf_from_when(&read(text, DateOrder::DayFirst).when)
}

#[test]
fn a_day_is_read_however_it_is_written() {
    for text in [
        "2015-01-31",
        " 2015-01-31 ",
        "2015/01/31",
        "2015/1/31",
        "2015.01.31",
        "2015 01 31",
        "20150131",
        "31 January 2015",
        "31-January-2015",
        "31-Jan-2015",
        "31 jan 2015",
        "31st January 2015",
        "JANUARY 31, 2015",
        "Jan. 31, 2015",
        "Jan 31 2015",
        "2015 Jan 31",
        "2015-Jan-31",
        "Sat, 31 Jan 2015",
        "Saturday 31 January 2015",
        "31.01.2015",
        "31. 1. 2015",
        "31/01/2015",
        "01/31/2015",
        "31-01-2015",
        "2015-W05-6",
        "2015W056",
    ] {
        if text == "2015W056" {
            assert_eq!(parse_loose(text, DateOrder::DayFirst), Err(LooseError::Unknown));
        } else {
            assert_eq!(text_of(text), "2015-01-31", "{text}");
        }
    }
}

#[test]
fn coarser_dates_are_read() {
    for (text, edtf) in [
        ("Jan 2015", "2015-01"),
        ("January-2015", "2015-01"),
        ("2015 January", "2015-01"),
        ("01/2015", "2015-01"),
        ("2015/1", "2015-01"),
        ("Q1 2015", "2015-33"),
        ("2015-Q4", "2015-36"),
        ("2015q2", "2015-34"),
        ("2015", "2015"),
        ("2015-01~", "2015-01~"),
        ("2015/2016", "2015/2016"),
        ("2015-W01", "[2014-12-29..2015-01-04]"),
        ("2020-W53", "[2020-12-28..2021-01-03]"),
        ("2015W05", "[2015-01-26..2015-02-01]"),
    ] {
        assert_eq!(text_of(text), edtf, "{text}");
    }
    assert_eq!(read("2015-W05", DateOrder::DayFirst).when.precision, Precision::Week);
}

#[test]
fn a_time_of_day_may_follow_the_day() {
    for (text, edtf) in [
        ("2015-01-31 12:30", "2015-01-31T12:30Z"),
        ("2015-01-31T12:30:05", "2015-01-31T12:30:05Z"),
        ("2015-01-31 12:30:05.123456", "2015-01-31T12:30:05.123456Z"),
        ("2015-01-31 12:30:05.1234567", "2015-01-31T12:30:05.123456Z"),
        ("2015-01-31 12:30:05 UTC", "2015-01-31T12:30:05Z"),
        ("2015-01-31 12:30:05Z", "2015-01-31T12:30:05Z"),
        ("2015-01-31 12:30:05+02:00", "2015-01-31T10:30:05Z"),
        ("2015-01-31T12:30:05+0200", "2015-01-31T10:30:05Z"),
        ("2015-01-31 12:30:05 -05", "2015-01-31T17:30:05Z"),
        ("31/01/2015 12:30", "2015-01-31T12:30Z"),
        ("31/01/2015, 3:05 PM", "2015-01-31T15:05Z"),
        ("31/01/2015 3:05:09pm", "2015-01-31T15:05:09Z"),
        ("1/31/2015 12:05 AM", "2015-01-31T00:05Z"),
        ("1/31/2015 12 pm", "2015-01-31T12Z"),
        ("Sat, 31 Jan 2015 12:30:05 +0000", "2015-01-31T12:30:05Z"),
        ("Sat, 31 Jan 2015 12:30:05 GMT", "2015-01-31T12:30:05Z"),
        ("Sat, 31 Jan 2015 12:30:05 EST", "2015-01-31T17:30:05Z"),
        ("20150131T123005Z", "2015-01-31T12:30:05Z"),
        ("20150131123005", "2015-01-31T12:30:05Z"),
        ("201501311230", "2015-01-31T12:30Z"),
        ("2015/01/31 24:00", "2015-02-01T00:00Z"),
    ] {
        assert_eq!(text_of(text), edtf, "{text}");
    }
}

#[test]
fn the_order_decides_only_what_the_numbers_leave_open() {
    let date = |text: &str, order| {
        let loose = read(text, order);
        (edtf_from_when(&loose.when), loose.ambiguous_order, loose.two_digit_year)
    };
    let plain = |text: &str| text.to_owned();
    assert_eq!(date("03/04/2015", DateOrder::DayFirst), (plain("2015-04-03"), true, false));
    assert_eq!(date("03/04/2015", DateOrder::MonthFirst), (plain("2015-03-04"), true, false));
    assert_eq!(date("03/04/2015", DateOrder::YearFirst), (plain("2015-04-03"), true, false));
    assert_eq!(date("04/04/2015", DateOrder::DayFirst), (plain("2015-04-04"), false, false));
    assert_eq!(date("13/04/2015", DateOrder::MonthFirst), (plain("2015-04-13"), false, false));
    assert_eq!(date("04/13/2015", DateOrder::DayFirst), (plain("2015-04-13"), false, false));
    assert_eq!(date("03.04.2015", DateOrder::MonthFirst), (plain("2015-04-03"), false, false));
    assert_eq!(date("03/04/15", DateOrder::MonthFirst), (plain("2015-03-04"), true, true));
    assert_eq!(date("31/12/69", DateOrder::DayFirst), (plain("2069-12-31"), false, true));
    assert_eq!(date("31-Dec-70", DateOrder::DayFirst), (plain("1970-12-31"), false, true));
    assert_eq!(date("15/01/31", DateOrder::YearFirst), (plain("2015-01-31"), true, true));
    assert_eq!(date("32/01/15", DateOrder::YearFirst), (plain("2032-01-15"), false, true));
    assert_eq!(date("2015/03/04", DateOrder::MonthFirst), (plain("2015-03-04"), false, false));
}

#[test]
fn midnight_is_told_so_that_a_column_of_midnights_can_be_days() {
    for text in ["2011-03-15 00:00:00.000", "2011-03-15T00:00:00Z", "15/03/2011 12:00 AM", "2011-03-15 02:00:00+02:00"] {
        let loose = read(text, DateOrder::DayFirst);
        assert!(loose.midnight, "{text}");
        assert_eq!(edtf_from_when(&loose.when.as_day()), "2011-03-15", "{text}");
    }
    for text in ["2011-03-15", "2011-03-15 00:00:01", "2011-03-15 00:00:00+02:00"] {
        assert!(!read(text, DateOrder::DayFirst).midnight, "{text}");
    }
}

#[test]
fn what_is_no_date_is_refused_with_its_reason() {
    assert_eq!(parse_loose("  ", DateOrder::DayFirst), Err(LooseError::Empty));
    assert_eq!(parse_loose("2015/2014", DateOrder::DayFirst), Err(LooseError::Reversed));
    assert_eq!(parse_loose("Y-13800000000", DateOrder::DayFirst), Err(LooseError::OutOfRange));
    for text in [
        "2015-02-30",
        "2015-13-01",
        "31/02/2015",
        "13/13/2015",
        "30 February 2015",
        "20150230",
        "13/2015",
        "01.31.2015",
        "2015-W54",
        "2021-W53",
        "31/01/2015 25:00",
        "31/01/2015 13:00 PM",
        "2015-01-31 10:61",
        "2015-01-31 10:00:60",
    ] {
        let result = parse_loose(text, DateOrder::DayFirst);
        assert!(matches!(result, Err(LooseError::Impossible { .. })), "{text}: {result:?}");
    }
    for text in [
        "n/a",
        "-",
        "..",
        "12",
        "123456",
        "1.5",
        "2015.5",
        "-20150131",
        "2015-01-",
        "10-12 2015",
        "14-16 Jan 2015",
        "January",
        "5 May",
        "May 5",
        "Mon",
        "12:30",
        "T12:30",
        "PM",
        "31/01/2015 5",
        "Jan 2015 12:30",
        "31/01/2015 12:30 CEST",
        "1/2/3/4",
        "192.168.1.1",
        "15 січня 2015",
        "2015-01-31 12:30:05.",
        "2015-01-31 PM",
        "3000000000",
        "2015-W5-9",
        "1/1/1",
    ] {
        assert_eq!(parse_loose(text, DateOrder::DayFirst), Err(LooseError::Unknown), "{text}");
    }
    let long = "1".repeat(200);
    assert_eq!(parse_loose(&long, DateOrder::DayFirst), Err(LooseError::Unknown));
}

#[test]
fn the_fast_path_leaves_what_it_does_not_know() {
    assert!(parse_ymd_fast(b"2015-01-31").is_some());
    assert!(parse_ymd_fast(b"2024-02-29 23:59:59.999Z").is_some());
    for text in [
        "2015-1-31",
        "2015-02-29",
        "2015-00-01",
        "2015-01-32",
        "2015-13-01",
        "2015-01-31 ",
        "2015-01-31 1",
        "2015-01-31 24:00",
        "2015-01-31 10:00:00.",
        "2015-01-31 10:00:00.Z",
        "2015-01-31 10:00:00+02",
        "2015-01-31 10:60",
        "2015-01-31x10:00",
        "201X-01-31",
        "2015-01/2016",
        "",
    ] {
        assert_eq!(parse_ymd_fast(text.as_bytes()), None, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fast_path_equals_edtf(seconds in -62_167_219_200_i64..253_402_300_800, is_day in any::<bool>()) {
        let time = Time(seconds * 1_000_000);
        let ((year, month, day), (hour, minute, second, _)) = (time.ymd(), time.hms());
        let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        let text = if is_day { &text[..10] } else { &text };
        let fast = parse_ymd_fast(text.as_bytes());
        // With a mark behind it the same text takes the slow path.
        let slow = super::super::parse_edtf(&format!("{text}~")).ok().map(|when| super::When { flags: super::super::Flags::default(), ..when });
        prop_assert!(fast.is_some());
        prop_assert_eq!(fast, slow);
        prop_assert_eq!(fast.map(|when| when.span.start), Some(if is_day { Time(time.day_number() * super::DAY_US) } else { time }));
    }

    #[test]
    fn any_text_gives_a_date_or_an_error(text in "\\PC{0,30}", order in prop::sample::select(vec![DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::YearFirst])) {
        if let Ok(loose) = parse_loose(&text, order) {
            prop_assert!(loose.when.span.start < loose.when.span.end);
        }
    }

    #[test]
    fn any_text_of_the_signs_of_dates_gives_a_date_in_range_or_an_error(text in "[0-9 /:.,TZWQ+-]{0,20}( ?(Jan|May|PM|am|st|UTC|Sat,) ?[0-9 :/]{0,9})?") {
        if let Ok(loose) = parse_loose(&text, DateOrder::MonthFirst) {
            prop_assert!(loose.when.span.start < loose.when.span.end);
        }
    }

    #[test]
    fn any_bytes_are_safe_on_the_fast_path(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        prop_assert!(parse_ymd_fast(&bytes).is_none_or(|when| when.span.start < when.span.end));
    }
}
