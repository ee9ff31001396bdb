//! Where an axis of time gets its ticks, and in which step; it knows nothing of pixels or text.

use super::calendar::{YEARS, month_start, year_start};
use super::{DAY_US, HOUR_US, MINUTE_US, SECOND_US, Span, Step, Time, Zone};

/// More ticks than this are never given, whatever is asked for.
const TICKS_MAX: usize = 10_000;

/// The unit of a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TickUnit {
    /// Microseconds.
    Microsecond,
    /// Milliseconds.
    Millisecond,
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks, from Monday.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// How far ticks are apart: a unit and how many of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TickStep {
    /// The unit.
    pub unit: TickUnit,
    /// How many units.
    pub multiple: u32,
}

/// One tick of an axis of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tick {
    /// Where it stands.
    pub time: Time,
    /// The step of its axis.
    pub step: TickStep,
    /// Does it start a coarser unit too? January among months, the 1st among days, midnight among hours, a decade among years.
    pub is_major: bool,
}

/// The multiples that each unit is stepped in, from fine to coarse.
///
/// Two days are the odd days of a month up to the 29th. Weeks start on Monday.
const LADDER: [(TickUnit, &[u32]); 9] = [
    (TickUnit::Microsecond, &[1, 2, 5, 10, 20, 50, 100, 200, 500]),
    (TickUnit::Millisecond, &[1, 2, 5, 10, 20, 50, 100, 200, 500]),
    (TickUnit::Second, &[1, 5, 15, 30]),
    (TickUnit::Minute, &[1, 5, 15, 30]),
    (TickUnit::Hour, &[1, 3, 6, 12]),
    (TickUnit::Day, &[1, 2]),
    (TickUnit::Week, &[1]),
    (TickUnit::Month, &[1, 3, 6]),
    (
        TickUnit::Year,
        &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000],
    ),
];

/// The ticks from the start of a span up to, without, its end: at most `ticks_max`, in the finest step that keeps to it.
///
/// Days and coarser units start at midnight UTC, as the dates do; finer ones go by the clocks of the zone, through its changes of
/// offset too. An open end is where dates end.
pub fn ticks(span: Span, ticks_max: usize, zone: Zone) -> Vec<Tick> {
    let ticks_max = ticks_max.min(TICKS_MAX);
    let span = Span::new(span.start.max(Time::FIRST), span.end.min(Time::LAST));
    let width_us = span.end.0.saturating_sub(span.start.0);
    if width_us <= 0 || ticks_max == 0 {
        return Vec::new();
    }
    let steps =
        LADDER.into_iter().flat_map(|(unit, multiples)| multiples.iter().map(move |multiple| TickStep { unit, multiple: *multiple }));
    steps
        .filter(|step| width_us / step.approx_us() <= ticks_max as i64 + 1)
        .find_map(|step| step.ticks(span, ticks_max, zone))
        .unwrap_or_default()
}

impl TickStep {
    /// About how long it is, in microseconds.
    pub fn approx_us(self) -> i64 {
        let unit_us = match self.unit {
            TickUnit::Microsecond => 1,
            TickUnit::Millisecond => 1_000,
            TickUnit::Second => SECOND_US,
            TickUnit::Minute => MINUTE_US,
            TickUnit::Hour => HOUR_US,
            TickUnit::Day => DAY_US,
            TickUnit::Week => 7 * DAY_US,
            TickUnit::Month => Step::Month.approx_us(),
            TickUnit::Year => Step::Year.approx_us(),
        };
        unit_us.saturating_mul(i64::from(self.multiple))
    }

    /// All its ticks in a span; `None` when they are more than `ticks_max`.
    fn ticks(self, span: Span, ticks_max: usize, zone: Zone) -> Option<Vec<Tick>> {
        let mut found = Vec::new();
        let mut time = span.start.plus_us(-1);
        loop {
            let next = self.next(time, zone);
            if next >= span.end || next <= time {
                return Some(found);
            }
            if found.len() == ticks_max {
                return None;
            }
            found.push(Tick { time: next, step: self, is_major: self.is_major(next, zone) });
            time = next;
        }
    }

    /// The first tick after `time`.
    fn next(self, time: Time, zone: Zone) -> Time {
        let (year, month, day) = time.ymd();
        let (year, multiple) = (i64::from(year), i64::from(self.multiple));
        match self.unit {
            TickUnit::Year => {
                let next = (year.div_euclid(multiple) + 1) * multiple;
                if next > *YEARS.end() { Time::LAST } else { year_start(next) }
            }
            TickUnit::Month => month_start(year, (i64::from(month) - 1) / multiple * multiple + multiple + 1),
            TickUnit::Week => Step::Week.next(time),
            TickUnit::Day => {
                let tomorrow = Step::Day.next(time);
                let is_odd = tomorrow.ymd().2 % 2 == 1 && tomorrow.ymd().2 < 31;
                if multiple == 1 || is_odd {
                    tomorrow
                } else if day < 29 {
                    Step::Day.next(tomorrow)
                } else {
                    Step::Month.next(time)
                }
            }
            _ => self.next_on_clock(time, zone),
        }
    }

    /// The next moment at which the zone's clocks show a multiple of the step.
    ///
    /// Where the offset changes before it, it is the moment by the new offset if the clocks do show the multiple then; a multiple that
    /// the clocks jump over falls on the change itself.
    fn next_on_clock(self, time: Time, zone: Zone) -> Time {
        let step_us = self.approx_us();
        let offset_us = zone.offset_us(time);
        let local_us = time.0.saturating_add(offset_us);
        let next_us = (local_us.div_euclid(step_us) + 1).saturating_mul(step_us);
        let by_old = Time(next_us.saturating_sub(offset_us));
        let new_us = zone.offset_us(by_old);
        if new_us == offset_us || (by_old.0 + new_us) % step_us == 0 {
            return by_old;
        }
        let by_new = Time(next_us.saturating_sub(new_us));
        if by_new > time && zone.offset_us(by_new) == new_us { by_new } else { by_old }
    }

    fn is_major(self, time: Time, zone: Zone) -> bool {
        let (year, month, day) = time.ymd();
        match self.unit {
            TickUnit::Year => {
                let coarser = 10_i64.pow(self.multiple.checked_ilog10().unwrap_or(0) + 1);
                i64::from(year).rem_euclid(coarser) == 0
            }
            TickUnit::Month => month == 1,
            TickUnit::Week => day <= 7,
            TickUnit::Day => day == 1,
            TickUnit::Hour => zone.starts_day(time),
            TickUnit::Minute => (time.0 + zone.offset_us(time)).rem_euclid(HOUR_US) == 0,
            TickUnit::Second => time.0.rem_euclid(MINUTE_US) == 0,
            TickUnit::Millisecond => time.0.rem_euclid(SECOND_US) == 0,
            TickUnit::Microsecond => time.0.rem_euclid(1_000) == 0,
        }
    }
}

#[cfg(test)]
mod tests;
