//! A strip of reported totals: where each reading lies, the step line of each count, what stands outside the scale.

use super::PlotFrame;
use super::axis::{Reach, value_axis, value_ticks};
use crate::data::{Band, Basis, Bound, Kind, Status};
use crate::layout::dates::place;
use crate::layout::{MarkLook, ValueAxis, mark_look};
use crate::query::{Figure, Reading};
use crate::session::ValueScale;
use crate::time::{DAY_US, Flags, Precision, Span, Time, When};

/// For how many days after its date a reading is current; its line is dotted after that.
pub const CURRENT_DAYS: i64 = 31;
/// Half of the hairline of an approximate day, in points.
const ABOUT_PX: f32 = 10.0;
/// The length of the hairline of an open date, in points.
const OPEN_PX: f32 = 40.0;
/// How far from the left edge the label of a line that runs into the window starts.
const ENTERING_PX: f32 = 6.0;
/// Marks of one line that lie closer than this are thinned out: the line says it.
const THIN_PX: f32 = 3.0;

/// How a piece of a step line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// The reading is current.
    Current,
    /// No newer reading, but not current any more.
    Stale,
    /// From a stale level to the next reading.
    Riser,
    /// A total falls.
    Fall,
}

/// A piece of a step line: a polyline of moments and values.
#[derive(Clone, Debug, PartialEq)]
pub struct StepPath {
    /// How it is drawn.
    pub kind: StepKind,
    /// The colour rank of its readings.
    pub colour: Option<u32>,
    /// Its corners.
    pub points: Vec<(Time, f64)>,
}

/// A level that is a range: no single line is drawn in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepBand {
    /// While it is current.
    pub span: Span,
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// The colour rank.
    pub colour: Option<u32>,
}

/// On which side of the scale a mark sits on the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OffScale {
    /// Above the highest value of the axis.
    Above,
    /// Below the lowest.
    Below,
    /// Zero, which a log scale does not have.
    Zero,
}

/// The mark of a reading.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartMark {
    /// Which reading, by its place in the answer.
    pub reading: usize,
    /// Across, in points.
    pub x: f32,
    /// Down, in points.
    pub y: f32,
    /// Its form and fill.
    pub look: MarkLook,
    /// The colour rank.
    pub colour: Option<u32>,
    /// The places of the low and the high bound, where they differ.
    pub beam: Option<(f32, f32)>,
    /// Is the band open upwards?
    pub is_open_above: bool,
    /// Is the band open downwards?
    pub is_open_below: bool,
    /// Does it sit on the frame?
    pub off_scale: Option<OffScale>,
    /// The hairline of a date that is not a day: from, to, and has it brackets?
    pub hairline: Option<(f32, f32, bool)>,
    /// Is it left out because its line is too dense for marks?
    pub is_thinned: bool,
    /// Does it lie before the window, so that only its line runs into it? Then it stands for the line at the left edge, unpainted.
    pub is_entering: bool,
}

/// A strip of reported totals, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct TotalsStrip {
    /// The value axis.
    pub axis: ValueAxis,
    /// Its ticks.
    pub ticks: Vec<f64>,
    /// Step lines, back to front.
    pub paths: Vec<StepPath>,
    /// Levels that are ranges.
    pub bands: Vec<StepBand>,
    /// Those whose lines run into the window, then marks in view, by date.
    pub marks: Vec<ChartMark>,
    /// The unit that is drawn.
    pub unit: Option<String>,
    /// Readings in other units, which have no place on this axis.
    pub other_units: u64,
    /// Readings before the window, and the last of them.
    pub before: (u64, Option<Time>),
    /// Readings after the window, and the first of them.
    pub after: (u64, Option<Time>),
    /// Is nothing to be seen, neither a mark nor a line that runs through the window?
    pub is_empty: bool,
}

/// The moment at which a reading is drawn: where the timeline draws a record of this date.
pub fn reading_time(date: &When) -> Time {
    place(date)
}

/// Lays out a strip of reported totals.
pub fn totals_strip(readings: &[Reading], scale: ValueScale, frame: &PlotFrame, air: f32) -> TotalsStrip {
    let unit = main_unit(readings);
    let drawn: Vec<(usize, &Reading)> = readings.iter().enumerate().filter(|(_, reading)| reading.figure.unit == unit).collect();
    let window = frame.time.window;
    let lines = lines(&drawn);
    let axis = value_axis(&visible_values(&drawn, &lines, window), Reach::WithoutFar, scale, frame, air);
    let ticks = value_ticks(&axis);
    let (mut paths, mut bands) = (Vec::new(), Vec::new());
    for line in &lines {
        steps_of_line(line, window, &mut paths, &mut bands);
    }
    paths.sort_by_key(|path| match path.kind {
        StepKind::Stale => 0,
        StepKind::Riser => 1,
        StepKind::Current => 2,
        StepKind::Fall => 3,
    });
    let mut marks: Vec<ChartMark> = drawn.iter().filter_map(|(place, reading)| mark(*place, reading, frame, &axis)).collect();
    thin_out(&mut marks, readings);
    let has_mark = !marks.is_empty();
    marks.splice(0..0, lines.iter().filter_map(|line| entering(line, readings, frame, &axis)));
    let times = drawn.iter().map(|(_, reading)| reading_time(&reading.date));
    let before: Vec<Time> = times.clone().filter(|time| *time < window.start).collect();
    let after: Vec<Time> = times.filter(|time| *time >= window.end).collect();
    let is_seen = |from: Time, to: Time| from < window.end && to > window.start;
    let has_line =
        paths.iter().any(|path| is_seen(path.points.first().map_or(window.end, |p| p.0), path.points.last().map_or(window.start, |p| p.0)));
    TotalsStrip {
        is_empty: !has_mark && !has_line && !bands.iter().any(|band| is_seen(band.span.start, band.span.end)),
        axis,
        ticks,
        paths,
        bands,
        marks,
        other_units: (readings.len() - drawn.len()) as u64,
        unit,
        before: (before.len() as u64, before.iter().copied().max()),
        after: (after.len() as u64, after.iter().copied().min()),
    }
}

/// The unit of most readings.
fn main_unit(readings: &[Reading]) -> Option<String> {
    let mut counts: Vec<(&Option<String>, usize)> = Vec::new();
    for reading in readings {
        match counts.iter_mut().find(|(unit, _)| *unit == &reading.figure.unit) {
            Some(place) => place.1 += 1,
            None => counts.push((&reading.figure.unit, 1)),
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).and_then(|(unit, _)| unit.clone())
}

/// The level of a figure: its lowest and highest number, the same when it is one; `None` without a number.
fn level(figure: &Figure) -> Option<(f64, f64)> {
    let band = figure.band?;
    match (figure.value, band.low, band.high) {
        (Some(value), ..) => Some((value, value)),
        (None, Bound::At(low), Bound::At(high)) => Some((low, high)),
        (None, Bound::At(one), Bound::Open) | (None, Bound::Open, Bound::At(one)) => Some((one, one)),
        (None, Bound::Open, Bound::Open) => None,
    }
}

/// A reading as a part of a step line.
#[derive(Clone, Copy, Debug)]
struct Stand {
    /// By its place in the answer.
    reading: usize,
    time: Time,
    until: Time,
    level: (f64, f64),
    colour: Option<u32>,
    is_level: bool,
}

/// The step lines: readings of one count, in order. What is expected, denied or retracted, or counted by nobody in particular, is in none.
fn lines(drawn: &[(usize, &Reading)]) -> Vec<Vec<Stand>> {
    let mut lines: Vec<(u32, Vec<Stand>)> = Vec::new();
    for (place, reading) in drawn {
        let is_live = matches!(reading.status, Status::Reported | Status::Assessed | Status::Confirmed);
        let Some(level) = level(&reading.figure).filter(|_| is_live) else { continue };
        let time = reading_time(&reading.date);
        let last = if reading.date.span.end.is_bounded() { reading.date.span.end.plus_us(-DAY_US).max(time) } else { time };
        let stand = Stand {
            reading: *place,
            time,
            until: last.plus_us(CURRENT_DAYS * DAY_US),
            level,
            colour: reading.colour,
            is_level: reading.figure.basis == Some(Basis::Level),
        };
        let line = lines.iter_mut().find(|(line, _)| *line == reading.line && reading.counter.is_some());
        match line {
            Some((_, stands)) => stands.push(stand),
            None => lines.push((if reading.counter.is_some() { reading.line } else { u32::MAX }, vec![stand])),
        }
    }
    let mut lines: Vec<Vec<Stand>> = lines.into_iter().map(|(_, stands)| stands).collect();
    for line in &mut lines {
        line.sort_by_key(|stand| stand.time);
    }
    lines
}

/// Every number that is drawn in the window: of the marks in it, and of the lines that run into it.
fn visible_values(drawn: &[(usize, &Reading)], lines: &[Vec<Stand>], window: Span) -> Vec<f64> {
    let is_in = |time: Time| window.start <= time && time <= window.end;
    let mut values = Vec::new();
    for (_, reading) in drawn.iter().filter(|(_, reading)| is_in(reading_time(&reading.date))) {
        let band = reading.figure.band;
        let bounds = band.map_or([None, None], |band| [band.low.number(), band.high.number()]);
        values.extend([reading.figure.value, bounds[0], bounds[1]].into_iter().flatten());
    }
    for line in lines {
        let before = line.iter().rposition(|stand| stand.time < window.start);
        if let Some(place) = before
            && let Some(stand) = line.get(place)
            && (stand.until > window.start || line.len() > place + 1)
        {
            values.extend([stand.level.0, stand.level.1]);
        }
    }
    values
}

/// The pieces of one step line that touch the window.
fn steps_of_line(line: &[Stand], window: Span, paths: &mut Vec<StepPath>, bands: &mut Vec<StepBand>) {
    let near = near_window(window);
    let mut open: Option<StepPath> = None;
    for (place, stand) in line.iter().enumerate() {
        let next = line.get(place + 1);
        let end = next.map_or(stand.until, |next| next.time.min(stand.until));
        let level = single(stand);
        if let (None, Some(band)) = (level, Span::new(stand.time, end).intersection(near)) {
            bands.push(StepBand { span: band, low: stand.level.0, high: stand.level.1, colour: stand.colour });
        }
        let Some(level) = level else {
            flush(&mut open, near, paths);
            continue;
        };
        let path = match &mut open {
            Some(path) if path.colour == stand.colour => path,
            _ => {
                flush(&mut open, near, paths);
                open.insert(StepPath { kind: StepKind::Current, colour: stand.colour, points: vec![(stand.time, level)] })
            }
        };
        path.points.push((end, level));
        let Some(next) = next else { continue };
        let is_stale = stand.until < next.time;
        if is_stale {
            flush(&mut open, near, paths);
            let points = vec![(stand.until, level), (next.time, level)];
            push(StepPath { kind: StepKind::Stale, colour: stand.colour, points }, near, paths);
        }
        let Some(above) = single(next) else { continue };
        let falls = above < level && !next.is_level;
        let points = vec![(next.time, level), (next.time, above)];
        if falls {
            flush(&mut open, near, paths);
            push(StepPath { kind: StepKind::Fall, colour: next.colour, points }, near, paths);
        } else if is_stale || next.colour != stand.colour {
            flush(&mut open, near, paths);
            push(StepPath { kind: StepKind::Riser, colour: next.colour, points }, near, paths);
        } else if let Some(path) = &mut open {
            path.points.push((next.time, above));
        }
    }
    flush(&mut open, near, paths);
}

/// The level of a stand that is one number.
fn single(stand: &Stand) -> Option<f64> {
    (stand.level.0 == stand.level.1).then_some(stand.level.0)
}

fn flush(open: &mut Option<StepPath>, near: Span, paths: &mut Vec<StepPath>) {
    if let Some(path) = open.take() {
        push(path, near, paths);
    }
}

/// Keeps a path that touches the surroundings of the window, cut to them.
fn push(mut path: StepPath, near: Span, paths: &mut Vec<StepPath>) {
    let (Some(first), Some(last)) = (path.points.first(), path.points.last()) else { return };
    if last.0 < near.start || first.0 > near.end {
        return;
    }
    let from = path.points.iter().rposition(|point| point.0 < near.start).unwrap_or(0);
    let to = path.points.iter().position(|point| point.0 > near.end).unwrap_or_else(|| path.points.len().saturating_sub(1));
    path.points = path.points.drain(from..=to.max(from)).collect();
    for point in &mut path.points {
        point.0 = point.0.clamp(near.start, near.end);
    }
    paths.push(path);
}

/// The window with as much again on each side: what is drawn is cut there, so that no offset grows large.
fn near_window(window: Span) -> Span {
    let width = window.width_us().unwrap_or(DAY_US);
    Span::new(window.start.plus_us(-width), window.end.plus_us(width))
}

/// The mark of a reading; `None` when it lies outside the window or has no number.
fn mark(place: usize, reading: &Reading, frame: &PlotFrame, axis: &ValueAxis) -> Option<ChartMark> {
    let figure = &reading.figure;
    let (low, high) = level(figure)?;
    let Band { low: bound_low, high: bound_high } = figure.band?;
    let x = frame.time.x_from_time(reading_time(&reading.date));
    if x < frame.time.left - 0.5 || x > frame.time.right() + 0.5 {
        return None;
    }
    let (low_y, high_y) = (axis.y_from_value(low), axis.y_from_value(high));
    let (y, off_scale) = on_frame(low_y.midpoint(high_y), low, axis);
    let beam = match (bound_low, bound_high) {
        (Bound::At(low), Bound::At(high)) if low < high => {
            let clamp = |value: f64| axis.y_from_value(value).clamp(axis.top, axis.bottom);
            Some((clamp(low), clamp(high)))
        }
        _ => None,
    };
    Some(ChartMark {
        reading: place,
        x,
        y,
        look: mark_look(Kind::Claim, Some(figure), reading.status),
        colour: reading.colour,
        beam,
        is_open_above: bound_high == Bound::Open,
        is_open_below: bound_low == Bound::Open && bound_high != Bound::Open,
        off_scale,
        hairline: hairline(&reading.date, x, frame),
        is_thinned: false,
        is_entering: false,
    })
}

/// Stands for a line that runs into the window from before it, at the left edge; `None` where it ends before, or is off the scale.
fn entering(line: &[Stand], readings: &[Reading], frame: &PlotFrame, axis: &ValueAxis) -> Option<ChartMark> {
    let start = frame.time.window.start;
    let place = line.iter().rposition(|stand| stand.time < start)?;
    let stand = line.get(place).filter(|stand| stand.until > start || line.len() > place + 1)?;
    let value = single(stand).filter(|value| axis.scale == ValueScale::Linear || *value > 0.0)?;
    let y = axis.y_from_value(value);
    let reading = readings.get(stand.reading).filter(|_| (axis.top..=axis.bottom).contains(&y))?;
    Some(ChartMark {
        reading: stand.reading,
        x: frame.time.left + ENTERING_PX,
        y,
        look: mark_look(Kind::Claim, Some(&reading.figure), reading.status),
        colour: reading.colour,
        beam: None,
        is_open_above: false,
        is_open_below: false,
        off_scale: None,
        hairline: None,
        is_thinned: false,
        is_entering: true,
    })
}

/// A place on the axis, or on its frame with the reason.
fn on_frame(y: f32, value: f64, axis: &ValueAxis) -> (f32, Option<OffScale>) {
    const INSET: f32 = 4.0;
    if axis.scale == ValueScale::Log && value <= 0.0 {
        return (axis.bottom - INSET, Some(OffScale::Zero));
    }
    if y > axis.bottom + 0.5 {
        (axis.bottom - INSET, Some(OffScale::Below))
    } else if y < axis.top - 0.5 {
        (axis.top + INSET, Some(OffScale::Above))
    } else {
        (y, None)
    }
}

/// The dashed hairline of a date that is not a day.
fn hairline(date: &When, x: f32, frame: &PlotFrame) -> Option<(f32, f32, bool)> {
    let span = date.span;
    match (span.start.is_bounded(), span.end.is_bounded()) {
        (true, false) => return Some((x, x + OPEN_PX, false)),
        (false, true) => return Some((x - OPEN_PX, x, false)),
        (false, false) => return None,
        (true, true) => {}
    }
    let (from, to) = (frame.time.x_from_time(span.start), frame.time.x_from_time(span.end));
    if date.flags.has(Flags::INTERVAL) || date.precision < Precision::Day {
        return (to - from > 8.0).then_some((from, to, true));
    }
    (date.flags.has(Flags::APPROXIMATE) || date.flags.has(Flags::UNCERTAIN)).then_some((x - ABOUT_PX, x + ABOUT_PX, false))
}

/// Thins out the marks of lines that have more of them than points to draw them on; the first and the last of a line stay.
fn thin_out(marks: &mut [ChartMark], readings: &[Reading]) {
    let mut lines: Vec<(u32, Vec<usize>)> = Vec::new();
    for (place, mark) in marks.iter().enumerate() {
        let Some(reading) = readings.get(mark.reading).filter(|reading| reading.counter.is_some()) else { continue };
        match lines.iter_mut().find(|(line, _)| *line == reading.line) {
            Some((_, places)) => places.push(place),
            None => lines.push((reading.line, vec![place])),
        }
    }
    for (_, places) in lines {
        let (Some(first), Some(last)) = (places.first(), places.last()) else { continue };
        let width = marks.get(*last).map_or(0.0, |mark| mark.x) - marks.get(*first).map_or(0.0, |mark| mark.x);
        if places.len() < 8 || width / places.len() as f32 >= THIN_PX {
            continue;
        }
        for place in places.iter().filter(|place| *place != first && *place != last) {
            if let Some(mark) = marks.get_mut(*place) {
                mark.is_thinned = mark.look.fill == crate::layout::Fill::Solid;
            }
        }
    }
}

#[cfg(test)]
mod tests;
