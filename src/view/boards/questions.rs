//! What the strips ask: one question for each strip, stable while the window moves a little.

use crate::data::Field;
use crate::layout::TimeScale;
use crate::layout::chart::auto_step;
use crate::query::{Answer, ClaimsQuery, Filter, Query, SeriesMode, SeriesQuery};
use crate::session::{Board, ChartMode, Slot};
use crate::time::{Bucket, Span, Step, Time};
use crate::view::Cx;

/// The most readings of a strip; what is beyond is counted.
const READINGS_MAX: u32 = 5_000;
/// The most series of a strip; what is beyond is counted.
const GROUPS_MAX: u32 = 8;
/// The most counters of a strip: they stand side by side.
const COUNTERS_MAX: u32 = 5;
/// A running sum is asked for from its beginning where that takes at most this many buckets.
const BUCKETS_MAX: i64 = 6_000;
/// The least width of a bucket that follows the zoom, in points.
const BUCKET_PX: f32 = 10.0;

/// Puts the question of a strip and gives the answer at hand, and says whether it is the one to this question.
pub(super) fn ask_strip<'a>(cx: &mut Cx<'a>, scale: &TimeScale, index: usize, board: &Board, metric: &str) -> (Option<&'a Answer>, bool) {
    let query = match board.mode {
        ChartMode::Totals => claims_query(cx, board, metric),
        ChartMode::PerPeriod | ChartMode::Cumulative => series_query(cx, scale, board, metric),
    };
    let slot = Slot::Strip(index, metric.to_owned());
    let is_current = cx.answers.is_current(&slot, &query, cx.session.generation());
    (cx.ask(slot, query), is_current)
}

fn claims_query(cx: &Cx<'_>, board: &Board, metric: &str) -> Query {
    Query::Claims(ClaimsQuery {
        metric: metric.to_owned(),
        filter: board_filter(cx, board),
        date: board.date,
        colour: cx.session.document.colour,
        readings_max: READINGS_MAX,
    })
}

fn series_query(cx: &Cx<'_>, scale: &TimeScale, board: &Board, metric: &str) -> Query {
    Query::Series(SeriesQuery {
        metric: metric.to_owned(),
        filter: board_filter(cx, board),
        by: step_of(board, scale),
        date: board.date,
        group: board.group,
        mode: if board.mode == ChartMode::Cumulative { SeriesMode::Cumulative } else { SeriesMode::Increments },
        is_spread: board.is_spread,
        window: Some(window_of(cx, board, scale)),
        groups_max: if board.group.is_some() { GROUPS_MAX } else { COUNTERS_MAX },
    })
}

/// The calendar bucket of a board: the one chosen, else by the zoom, finer for lines than for bars.
pub(super) fn step_of(board: &Board, scale: &TimeScale) -> Step {
    let least_px = if board.mode == ChartMode::Cumulative { BUCKET_PX / 3.0 } else { BUCKET_PX };
    board.by.unwrap_or_else(|| auto_step(scale, least_px))
}

/// The buckets that are asked for: those in view and around it, of a running sum also those before.
fn window_of(cx: &Cx<'_>, board: &Board, scale: &TimeScale) -> Span {
    let near = around(scale.window);
    let extent = cx.session.schema.as_ref().and_then(|schema| schema.extent).and_then(Span::width_us).unwrap_or(0);
    let is_short = extent / step_of(board, scale).approx_us() <= BUCKETS_MAX;
    if board.mode == ChartMode::Cumulative && is_short { Span::new(Time::OPEN_START, near.end) } else { near }
}

/// The window with as much again on each side, on a coarse grid: panning a little asks nothing new.
fn around(window: Span) -> Span {
    let width = window.width_us().unwrap_or(1).max(1);
    let grid = Bucket((width as u64).ilog2().min(61) as u8);
    let start = grid.floor(window.start.plus_us(-width));
    Span::new(start, grid.floor(window.end.plus_us(width)).plus_us(grid.width_us()))
}

/// The document's filter with the board's own choice of counters and actors.
pub(super) fn board_filter(cx: &Cx<'_>, board: &Board) -> Filter {
    let mut filter = cx.session.document.filter.clone();
    if !board.counters.is_empty() {
        filter = filter.and(Filter::Is(Field::ORIGINATOR, board.counters.clone()));
    }
    if !board.actors.is_empty() {
        let either = [Field::FROM, Field::TO].map(|field| Filter::Is(field, board.actors.clone()));
        filter = filter.and(Filter::Or(either.into()));
    }
    filter
}
