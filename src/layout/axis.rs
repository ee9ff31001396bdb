//! What stands on an axis of time, and where: whatever is in view, the year can be read. The width of text is an argument.

use super::TimeScale;
use crate::time::{Step, Tick, TickUnit, Time, Zone, format_day, format_tick};

/// From a tick to its text.
const TICK_AIR: f32 = 4.0;
/// From one text to the next.
const TEXT_AIR: f32 = 6.0;
/// How far a text may reach beyond the right end of the axis.
const RIGHT_AIR: f32 = 8.0;

/// A text on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct AxisLabel {
    /// Where it starts, in points.
    pub x: f32,
    /// What it says.
    pub text: String,
    /// Does it start a coarser unit, or say the year?
    pub is_strong: bool,
}

/// The texts of an axis: of each tick, as far as there is room; a text that says the year stands, and others give way to it.
///
/// Where the first tick does not say the year, the year (of days the month too, of times of day the day too) stands at the left end;
/// where there is no room before the first tick, that tick says it.
pub fn axis_labels(scale: &TimeScale, ticks: &[Tick], zone: Zone, width_of: &dyn Fn(&str, bool) -> f32) -> Vec<AxisLabel> {
    let mut labels = Vec::new();
    let mut free_from = f32::NEG_INFINITY;
    let mut known = None;
    let pinned = pinned_text(scale, ticks, zone);
    let first_x = ticks.first().map_or_else(|| scale.right(), |tick| scale.x_from_time(tick.time));
    if let Some(text) = pinned.filter(|text| scale.left + TICK_AIR + width_of(text, true) + TEXT_AIR <= first_x) {
        known = Some(year(scale.window.start, ticks, zone));
        labels.push(AxisLabel { x: scale.left + TICK_AIR, text, is_strong: true });
    }
    for tick in ticks {
        let own_year = year(tick.time, ticks, zone);
        let says_year = has_year(tick);
        let is_new = known != Some(own_year);
        let (text, is_strong) =
            if is_new && !says_year { (text_with_year(tick, zone), true) } else { (format_tick(tick, zone), tick.is_major) };
        let x = scale.x_from_time(tick.time) + TICK_AIR;
        let end = x + width_of(&text, is_strong);
        if x >= free_from && end <= scale.right() + RIGHT_AIR {
            labels.push(AxisLabel { x, text, is_strong });
            free_from = end + TEXT_AIR;
            known = Some(own_year);
        }
    }
    labels
}

/// What stands at the left end unless the first tick says it.
fn pinned_text(scale: &TimeScale, ticks: &[Tick], zone: Zone) -> Option<String> {
    let start = scale.window.start;
    match ticks.first() {
        Some(tick) if has_year(tick) && tick.step.unit == TickUnit::Year => None,
        Some(tick) => Some(match tick.step.unit {
            TickUnit::Year => return None,
            TickUnit::Month => Step::Year.label(start),
            TickUnit::Week | TickUnit::Day => Step::Month.label(start),
            _ => format_day(zone.local(start)),
        }),
        None => Some(format_day(zone.local(start))),
    }
}

/// The year at a moment, as the ticks of the axis reckon it: days in UTC, times of day by the clocks of the zone.
fn year(time: Time, ticks: &[Tick], zone: Zone) -> i32 {
    let is_by_clock = ticks.first().is_some_and(|tick| tick.step.unit < TickUnit::Day);
    if is_by_clock { zone.local(time).ymd().0 } else { time.ymd().0 }
}

/// Does the text of a tick say the year?
fn has_year(tick: &Tick) -> bool {
    tick.step.unit == TickUnit::Year || (tick.step.unit == TickUnit::Month && tick.time.ymd().1 == 1)
}

/// The text of a tick together with its year.
fn text_with_year(tick: &Tick, zone: Zone) -> String {
    match tick.step.unit {
        TickUnit::Year => format_tick(tick, zone),
        TickUnit::Month => Step::Month.label(tick.time),
        TickUnit::Week | TickUnit::Day => format_day(tick.time),
        _ if zone.starts_day(tick.time) => format_day(zone.local(tick.time)),
        _ => format!("{} {}", format_day(zone.local(tick.time)), format_tick(tick, zone)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{span, time};
    use crate::time::{Span, ticks};

    fn texts(window: Span, width: f32) -> Vec<String> {
        let scale = TimeScale::new(window, 0.0, width);
        let ticks = ticks(window, (width / 50.0) as usize, Zone::UTC);
        let labels = axis_labels(&scale, &ticks, Zone::UTC, &|text, _| text.chars().count() as f32 * 6.0);
        for pair in labels.windows(2) {
            assert!(pair[0].x + pair[0].text.chars().count() as f32 * 6.0 < pair[1].x, "{pair:?}");
        }
        labels.into_iter().map(|label| label.text).collect()
    }

    #[test]
    fn the_first_month_says_its_year_and_the_next_year_says_itself() {
        assert_eq!(texts(span("2024-11/2025-03"), 500.0), ["Nov 2024", "Dec", "2025", "Feb", "Mar"]);
    }

    #[test]
    fn where_there_is_room_before_the_first_tick_the_year_stands_there() {
        let window = Span::new(time("2024-10-18"), time("2025-03-01"));
        assert_eq!(texts(window, 500.0), ["2024", "Nov", "Dec", "2025", "Feb"]);
    }

    #[test]
    fn a_text_with_a_year_is_not_left_out_for_want_of_room() {
        let found = texts(Span::new(time("2024-12-03"), time("2024-12-10")), 350.0);
        assert_eq!(found, ["3 Dec 2024", "5 Dec", "6 Dec", "7 Dec", "8 Dec", "9 Dec"]);
    }

    #[test]
    fn among_days_the_year_stands_at_the_left_end_and_where_it_changes() {
        let found = texts(Span::new(time("2024-12-29"), time("2025-01-05")), 600.0);
        assert_eq!(found, ["29 Dec 2024", "30 Dec", "31 Dec", "1 Jan 2025", "2 Jan", "3 Jan", "4 Jan"]);
    }

    #[test]
    fn among_times_of_day_the_day_stands_at_the_left_end() {
        let start = time("2025-01-13").plus_us(9 * 3_600_000_000 + 40 * 60_000_000);
        let found = texts(Span::new(start, start.plus_us(6 * 3_600_000_000)), 900.0);
        assert_eq!(found[0], "13 Jan 2025 10:00");
        assert!(found.iter().skip(1).all(|text| text.contains(':') && text.len() == 5), "{found:?}");
    }

    #[test]
    fn years_say_themselves_and_an_axis_without_ticks_says_its_day() {
        assert_eq!(texts(span("2014/2018"), 300.0), ["2014", "2015", "2016", "2017", "2018"]);
        let start = time("2025-01-13");
        let scale = TimeScale::new(Span::new(start, start.plus_us(10)), 0.0, 200.0);
        assert_eq!(axis_labels(&scale, &[], Zone::UTC, &|_, _| 60.0)[0].text, "13 Jan 2025");
    }
}
