//! Densities: what part of the cells is in view, when a lane is too crowded for marks, and what lies left and right of the view.

use super::figures::number_text;
use crate::query::{Cell, Lane, Schema};
use crate::time::{Bucket, DAY_US, Span, Time, format_days};

/// More records than this in eight points are a crowd.
const CROWD_PER_CELL: f32 = 3.0;
/// The width that a crowd is counted in.
pub const CELL_PX: f32 = 8.0;

/// The cells that touch a window.
pub(super) fn cells_in(cells: &[Cell], bucket: Bucket, window: Span) -> &[Cell] {
    let first = bucket.index(window.start);
    let last = bucket.index(window.end);
    let from = cells.partition_point(|cell| cell.index < first);
    let to = cells.partition_point(|cell| cell.index <= last);
    &cells[from..to.max(from)]
}

/// How columns of cells compare, and where they stand. Where dates are whole days, a cell of a fixed length holds now more, now fewer of
/// them: then the records a day compare, since the records alone would show a comb of peaks that is none; and a column stands over the
/// days that begin in its cell, so that no gap of a part of a day is shown where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    bucket: Bucket,
    is_by_day: bool,
}

impl Columns {
    /// Of the cells of a bucket, in a file of this precision.
    pub fn new(bucket: Bucket, schema: Option<&Schema>) -> Self {
        Self { bucket, is_by_day: schema.is_some_and(is_by_day) }
    }

    /// How many days begin in a cell.
    fn days(self, index: i64) -> i64 {
        let [start, end] = [index, index + 1].map(|index| midnight_from(self.bucket.start(index)));
        end - start
    }

    /// The stretch of time over which a column stands. Those of cells that follow each other do so too.
    pub fn span(self, index: i64) -> Span {
        let cell = Span::new(self.bucket.start(index), self.bucket.start(index + 1));
        if !self.is_by_day {
            return cell;
        }
        // No day begins in some cells of a part of a day: what is in them belongs to the day around them.
        let (first, days) = (midnight_from(cell.start), self.days(index));
        let first = if days == 0 { first - 1 } else { first };
        Span::new(Time(first.saturating_mul(DAY_US)), Time((first + days.max(1)).saturating_mul(DAY_US)))
    }

    /// The cells whose columns touch a window.
    pub fn within(self, cells: &[Cell], window: Span) -> &[Cell] {
        let from = cells.partition_point(|cell| self.span(cell.index).end <= window.start);
        let to = cells.partition_point(|cell| self.span(cell.index).start <= window.end);
        &cells[from..to.max(from)]
    }

    /// The cell whose column stands over a moment.
    pub fn at(self, cells: &[Cell], time: Time) -> Option<&Cell> {
        let place = cells.partition_point(|cell| self.span(cell.index).end <= time);
        cells.get(place).filter(|cell| self.span(cell.index).start <= time)
    }

    /// How high a column is, in a unit that is the same for all of them.
    pub fn height(self, cell: &Cell) -> f32 {
        let days = if self.is_by_day { self.days(cell.index).max(1) } else { 1 };
        cell.count as f32 / days as f32
    }

    /// The height of the highest column, at least of one record in one cell.
    pub fn highest(self, cells: &[Cell]) -> f32 {
        let highest = cells.iter().map(|cell| self.height(cell)).fold(0.0, f32::max);
        if highest > 0.0 { highest } else { 1.0 }
    }

    /// What the highest column stands for: the records that are in it, and the days that begin in it, both whole.
    pub fn peak_text(self, cells: &[Cell]) -> String {
        let most = self.highest(cells);
        if self.is_by_day {
            let days = |cell: &Cell| self.days(cell.index).max(1);
            // Of columns of one height the one of fewest days says it best.
            let rank = |one: &&Cell, other: &&Cell| self.height(one).total_cmp(&self.height(other)).then(days(other).cmp(&days(one)));
            let (count, days) = cells.iter().max_by(rank).map_or((0, 1), |cell| (cell.count, days(cell)));
            let count = number_text(f64::from(count));
            return if days == 1 { format!("peak {count} a day") } else { format!("peak {count} in {days} days") };
        }
        let cell = Span::new(Time(0), Time(self.bucket.width_us()));
        format!("peak {} in {}", number_text(f64::from(most)), format_days(cell))
    }
}

/// The first day that begins at a moment or later, counted from 1970.
fn midnight_from(time: Time) -> i64 {
    time.0.saturating_add(DAY_US - 1).div_euclid(DAY_US)
}

/// Are the dates of a file whole days, or coarser?
pub fn is_by_day(schema: &Schema) -> bool {
    !["hour", "minute", "second", "subsecond"].iter().any(|unit| schema.precision.starts_with(unit))
}

/// Are there more than three records in eight points over more than half of the view's width?
pub fn is_crowded(cells: &[Cell], cell_px: f32, view_px: f32) -> bool {
    let limit = (CROWD_PER_CELL * cell_px / CELL_PX).max(1.0);
    let crowded = cells.iter().filter(|cell| cell.count as f32 > limit).count();
    crowded as f32 * cell_px > view_px / 2.0
}

/// Where the drawings of a lane's marks start and end, sorted, each with the records up to there: what lies left and right of a view is
/// found by halving. Sixteen bytes and a little for each mark.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MarkEnds {
    starts: Vec<(f32, u64)>,
    ends: Vec<(f32, u64)>,
}

impl MarkEnds {
    /// Of no marks.
    pub const NONE: Self = Self { starts: Vec::new(), ends: Vec::new() };

    /// Of the extents of marks, each with the records that it stands for.
    pub fn of(marks: impl Iterator<Item = ((f32, f32), u64)>) -> Self {
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        for ((from, to), records) in marks {
            starts.push((from, records));
            ends.push((to, records));
        }
        for list in [&mut starts, &mut ends] {
            list.sort_by(|one, other| one.0.total_cmp(&other.0));
            let mut sum = 0;
            for (_, records) in list.iter_mut() {
                sum += *records;
                *records = sum;
            }
        }
        Self { starts, ends }
    }

    /// Records of all marks.
    pub fn all(&self) -> u64 {
        self.starts.last().map_or(0, |last| last.1)
    }

    /// Records of the marks that start at a place or right of it.
    pub fn after(&self, place: f32) -> u64 {
        self.all() - Self::up_to(&self.starts, place)
    }

    /// Records of the marks that end left of a place.
    pub fn before(&self, place: f32) -> u64 {
        Self::up_to(&self.ends, place)
    }

    /// Records of the marks that are between two places, or reach there.
    pub fn touching(&self, from: f32, to: f32) -> u64 {
        self.all().saturating_sub(self.after(to.next_up()) + self.before(from))
    }

    fn up_to(list: &[(f32, u64)], place: f32) -> u64 {
        let count = list.partition_point(|(own, _)| *own < place);
        count.checked_sub(1).and_then(|last| list.get(last)).map_or(0, |own| own.1)
    }
}

/// Records of a lane left of the view, in it, and right of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    /// Entirely before.
    pub before: u64,
    /// Touching the view.
    pub inside: u64,
    /// Entirely after.
    pub after: u64,
}

/// Where the records of a lane are, seen from a view inside the window that was asked for; together they are all dated ones.
///
/// `ends` are those of the marks' drawings, `seen` is where the view starts and ends among them: an arrow that ends before the view
/// is before it, however open the date. Without marks, cells decide; records that reach in from outside the asked window count as before.
pub fn sides(lane: &Lane, columns: Columns, view: Span, ends: &MarkEnds, seen: (f32, f32)) -> Sides {
    let dated = lane.total.saturating_sub(lane.undated);
    let mut sides = Sides { before: 0, inside: 0, after: lane.after };
    if lane.marks.is_some() {
        let after = ends.after(seen.1);
        sides.after += after;
        sides.inside = ends.all().saturating_sub(after + ends.before(seen.0));
    } else {
        let records = |cells: &[Cell]| cells.iter().map(|cell| u64::from(cell.count)).sum::<u64>();
        sides.inside = records(columns.within(&lane.cells, view));
        let after = lane.cells.partition_point(|cell| columns.span(cell.index).start <= view.end);
        sides.after += records(&lane.cells[after..]);
    }
    sides.before = dated.saturating_sub(sides.inside + sides.after);
    sides
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_days_follow_each_other_without_a_gap() {
        for exponent in [30, 33, 36, 37, 38, 40] {
            let columns = Columns { bucket: Bucket(exponent), is_by_day: true };
            let first = columns.bucket.index(Time(-3 * DAY_US));
            let spans: Vec<Span> = (first..first + 200).map(|index| columns.span(index)).collect();
            let is_whole = |time: Time| time.0.rem_euclid(DAY_US) == 0;
            for (index, pair) in (first..).zip(spans.windows(2)) {
                assert!(is_whole(pair[0].start) && is_whole(pair[0].end) && pair[0].start < pair[0].end);
                assert!(pair[1].start == pair[0].end || pair[1] == pair[0], "of the same day, or of the next");
                let own = Span::new(columns.bucket.start(index), columns.bucket.start(index + 1));
                assert!(pair[0].start < own.end && own.start < pair[0].end, "it holds days of its own cell");
            }
            let cells: Vec<Cell> = (first..first + 200).step_by(3).map(|index| Cell { index, ..cell(0, 1) }).collect();
            for window in [Span::new(Time(0), Time(DAY_US / 2)), Span::new(Time(DAY_US), Time(4 * DAY_US)), Span::new(Time(7), Time(9))] {
                let touches = |cell: &&Cell| {
                    let span = columns.span(cell.index);
                    span.end > window.start && span.start <= window.end
                };
                assert!(columns.within(&cells, window).iter().eq(cells.iter().filter(touches)));
                assert_eq!(
                    columns.at(&cells, window.start).is_some(),
                    cells.iter().any(|cell| columns.span(cell.index).contains(window.start))
                );
            }
        }
        let exact = Columns { bucket: Bucket(36), is_by_day: false };
        assert_eq!(exact.span(3), Span::new(Bucket(36).start(3), Bucket(36).start(4)));
    }

    #[test]
    fn days_of_equal_records_make_columns_of_equal_height() {
        // Cells of 1.6 days hold one midnight or two, those of 0.8 days one or none.
        for exponent in [36, 37, 38, 40] {
            let bucket = Bucket(exponent);
            let mut cells: Vec<Cell> = Vec::new();
            for day in 0..200 {
                let index = bucket.index(Time(day * DAY_US));
                match cells.last_mut() {
                    Some(last) if last.index == index => last.count += 7,
                    _ => cells.push(Cell { index, count: 7 }),
                }
            }
            let columns = Columns { bucket, is_by_day: true };
            // The last cell may go on behind the last day.
            cells.pop();
            assert!(cells.iter().all(|cell| columns.height(cell) == 7.0), "{exponent}");
            let peak = match exponent {
                36 | 37 => "peak 7 a day",
                38 => "peak 21 in 3 days",
                _ => "peak 84 in 12 days",
            };
            assert_eq!(columns.peak_text(&cells), peak, "what is said was counted, whatever the columns are wide");
        }
    }
    use crate::time::Time;

    fn cell(index: i64, count: u32) -> Cell {
        Cell { index, count }
    }

    #[test]
    fn only_cells_that_touch_the_view_are_taken() {
        let cells = [cell(0, 1), cell(2, 1), cell(3, 1), cell(9, 1)];
        let view = Span::new(Time(2 * 16), Time(4 * 16));
        assert_eq!(cells_in(&cells, Bucket(4), view), &cells[1..3]);
        assert!(cells_in(&cells, Bucket(4), Span::new(Time(1_000), Time(2_000))).is_empty());
    }

    #[test]
    fn a_lane_is_crowded_when_half_of_it_has_more_than_three_in_eight_points() {
        let crowd: Vec<Cell> = (0..60).map(|index| cell(index, 4)).collect();
        assert!(is_crowded(&crowd, 8.0, 800.0));
        assert!(!is_crowded(&crowd[..50], 8.0, 800.0));
        let few: Vec<Cell> = (0..100).map(|index| cell(index, 3)).collect();
        assert!(!is_crowded(&few, 8.0, 800.0));
    }

    #[test]
    fn marks_are_counted_by_where_their_drawings_end() {
        let ends = MarkEnds::of([((0.0, 10.0), 2), ((5.0, 30.0), 1), ((20.0, 20.0), 4)].into_iter());
        assert_eq!((ends.all(), ends.before(10.0), ends.before(10.5), ends.after(20.0), ends.after(5.5)), (7, 0, 2, 4, 4));
        assert_eq!(MarkEnds::NONE.after(0.0), 0);
    }

    #[test]
    fn every_dated_record_is_before_inside_or_after() {
        let lane =
            Lane { total: 100, undated: 5, before: 20, after: 10, cells: vec![cell(0, 30), cell(1, 25), cell(2, 10)], ..Lane::default() };
        let sides = sides(&lane, Columns::new(Bucket(4), None), Span::new(Time(16), Time(31)), &MarkEnds::NONE, (0.0, 0.0));
        assert_eq!(sides, Sides { before: 50, inside: 25, after: 20 });
    }
}
