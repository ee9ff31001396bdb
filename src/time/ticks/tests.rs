//! Tests of the ticks of an axis.

use super::super::{DAY_US, HOUR_US, MINUTE_US, SECOND_US, Span, Time, Zone, format_tick};
use super::{TickUnit, ticks};
use proptest::prelude::*;

fn at(year: i32, month: u32, day: u32) -> Time {
    Time::from_ymd(year, month, day).unwrap()
}

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

/// The texts of the ticks, the major ones with a star.
fn texts(start: Time, end: Time, ticks_max: usize, zone: Zone) -> String {
    let all = ticks(Span::new(start, end), ticks_max, zone);
    let text = |tick: &super::Tick| format!("{}{}", format_tick(tick, zone), if tick.is_major { "*" } else { "" });
    all.iter().map(text).collect::<Vec<_>>().join(" | ")
}

#[test]
fn the_step_grows_with_the_span() {
    let start = at(2024, 11, 20);
    let within = |width_us: i64| texts(start.plus_us(1), start.plus_us(width_us), 6, Zone::UTC);
    assert_eq!(within(40_000 * 365 * DAY_US), "10000 | 20000 | 30000 | 40000");
    assert_eq!(within(40 * 365 * DAY_US), "2030 | 2040 | 2050 | 2060");
    assert_eq!(within(5 * 366 * DAY_US), "2025 | 2026 | 2027 | 2028 | 2029");
    assert_eq!(within(500 * DAY_US), "2025* | Apr | Jul | Oct | 2026* | Apr");
    assert_eq!(within(150 * DAY_US), "Dec | 2025* | Feb | Mar | Apr");
    assert_eq!(within(40 * DAY_US), "25 Nov | 2 Dec* | 9 Dec | 16 Dec | 23 Dec");
    assert_eq!(within(12 * DAY_US), "21 Nov | 23 Nov | 25 Nov | 27 Nov | 29 Nov | 1 Dec*");
    assert_eq!(within(5 * DAY_US), "21 Nov | 22 Nov | 23 Nov | 24 Nov");
    assert_eq!(within(30 * HOUR_US), "06:00 | 12:00 | 18:00 | 21 Nov*");
    assert_eq!(within(6 * HOUR_US), "01:00 | 02:00 | 03:00 | 04:00 | 05:00");
    assert_eq!(within(70 * MINUTE_US), "00:15 | 00:30 | 00:45 | 01:00*");
    assert_eq!(within(70 * SECOND_US), "00:00:15 | 00:00:30 | 00:00:45 | 00:01:00*");
    assert_eq!(within(50_000), "00:00:00.010 | 00:00:00.020 | 00:00:00.030 | 00:00:00.040");
    assert_eq!(within(5), "00:00:00.000001 | 00:00:00.000002 | 00:00:00.000003 | 00:00:00.000004");
}

#[test]
fn the_first_moment_of_a_span_is_a_tick_and_its_end_is_not() {
    assert_eq!(texts(at(2025, 1, 1), at(2025, 4, 1), 3, Zone::UTC), "2025* | Feb | Mar");
}

#[test]
fn years_before_the_first_are_given_as_bc() {
    assert_eq!(texts(at(-1000, 1, 1), at(1001, 1, 1), 5, Zone::UTC), "1001 BC* | 501 BC | 1 BC* | 500 | 1000*");
    assert_eq!(texts(at(-3, 1, 1), at(3, 1, 1), 8, Zone::UTC), "4 BC | 3 BC | 2 BC | 1 BC* | 1 | 2");
}

#[test]
fn hours_follow_the_clocks_of_the_zone() {
    // Kyiv is two hours ahead: its midnight is at 22:00 UTC.
    let start = at(2025, 1, 14).plus_us(20 * HOUR_US);
    assert_eq!(texts(start, start.plus_us(17 * HOUR_US), 6, zone("Europe/Kyiv")), "15 Jan* | 03:00 | 06:00 | 09:00 | 12:00");
}

#[test]
fn clocks_that_go_forward_leave_out_an_hour() {
    // On 2025-03-30 the clocks of Berlin go from 02:00 to 03:00.
    let start = at(2025, 3, 29).plus_us(23 * HOUR_US);
    let berlin = zone("Europe/Berlin");
    assert_eq!(texts(start, start.plus_us(4 * HOUR_US), 5, berlin), "30 Mar* | 01:00 | 03:00 | 04:00");
    assert_eq!(texts(start, start.plus_us(12 * HOUR_US), 5, berlin), "30 Mar* | 03:00 | 06:00 | 09:00 | 12:00");
}

#[test]
fn clocks_that_go_back_show_an_hour_twice() {
    // On 2025-10-26 the clocks of Berlin go from 03:00 back to 02:00.
    let start = at(2025, 10, 25).plus_us(22 * HOUR_US);
    let berlin = zone("Europe/Berlin");
    assert_eq!(texts(start, start.plus_us(5 * HOUR_US), 5, berlin), "26 Oct* | 01:00 | 02:00 | 02:00 | 03:00");
    assert_eq!(texts(start, start.plus_us(12 * HOUR_US), 5, berlin), "26 Oct* | 03:00 | 06:00 | 09:00");
}

#[test]
fn a_midnight_that_the_clocks_jump_over_is_a_tick_at_the_jump() {
    // On 2018-11-04 the clocks of São Paulo went from 00:00 to 01:00, which was 03:00 UTC.
    let start = at(2018, 11, 4).plus_us(-2 * HOUR_US);
    let found = ticks(Span::new(start, start.plus_us(24 * HOUR_US)), 6, zone("America/Sao_Paulo"));
    let jump = found.iter().find(|tick| tick.time == at(2018, 11, 4).plus_us(3 * HOUR_US)).unwrap();
    assert!(jump.is_major);
    assert_eq!(format_tick(jump, zone("America/Sao_Paulo")), "4 Nov");
}

#[test]
fn days_are_midnights_utc_in_every_zone() {
    let span = Span::new(at(2025, 1, 13), at(2025, 1, 18));
    assert_eq!(ticks(span, 6, zone("Asia/Seoul")), ticks(span, 6, Zone::UTC));
}

#[test]
fn spans_without_width_have_no_ticks() {
    assert!(ticks(Span::new(Time(5), Time(5)), 10, Zone::UTC).is_empty());
    assert!(ticks(Span::new(Time(5), Time(4)), 10, Zone::UTC).is_empty());
    assert!(ticks(Span::new(Time(0), Time(DAY_US)), 0, Zone::UTC).is_empty());
}

#[test]
fn all_of_time_has_ticks_of_whole_round_years() {
    let found = ticks(Span::ALL, 10, Zone::UTC);
    assert!((3..=10).contains(&found.len()), "{found:?}");
    assert!(found.iter().all(|tick| tick.step.unit == TickUnit::Year));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ticks_are_few_in_order_and_inside(
        start in any::<i64>(),
        width_exponent in 0..63_u32,
        ticks_max in 1..40_usize,
        name in prop::sample::select(vec!["UTC", "Europe/Kyiv", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]),
    ) {
        let span = Span::new(Time(start), Time(start.saturating_add(1 << width_exponent)));
        let found = ticks(span, ticks_max, zone(name));
        prop_assert!(found.len() <= ticks_max);
        prop_assert!(found.windows(2).all(|pair| pair[0].time < pair[1].time));
        prop_assert!(found.iter().all(|tick| span.contains(tick.time)));
    }

    #[test]
    fn ticks_are_many_enough_to_read_the_axis(day in 0..40_000_i64, width_exponent in 10..60_u32, ticks_max in 6..40_usize) {
        let start = Time(day * DAY_US);
        let span = Span::new(start, start.plus_us(1 << width_exponent));
        let found = ticks(span, ticks_max, zone("Europe/Kyiv"));
        // No step of the ladder is more than five times the one before.
        prop_assert!(found.len() + 2 >= ticks_max / 5, "{} of {}", found.len(), ticks_max);
    }

    #[test]
    fn hours_show_round_times_on_the_clock(minutes in 25_000_000..35_000_000_i64, hours in 7..60_i64) {
        let start = Time(minutes * MINUTE_US);
        for name in ["Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "America/Santiago"] {
            let zone = zone(name);
            for tick in ticks(Span::new(start, start.plus_us(hours * HOUR_US)), 12, zone) {
                let (hour, minute, second, us) = zone.local(tick.time).hms();
                let is_round = (minute, second, us) == (0, 0, 0) && hour % tick.step.multiple == 0;
                prop_assert!(is_round || tick.step.unit != TickUnit::Hour || tick.is_major || zone.local(tick.time.plus_us(-1)) != zone.local(tick.time).plus_us(-1));
            }
        }
    }
}
