//! Where the first selected record stands on the timeline, for every view that draws a line through it. It is looked up once for each
//! answer: a timeline of two hundred lanes has tens of thousands of marks.

use eframe::egui::{Context, Id};

use super::Cx;
use crate::data::Row;
use crate::layout::date_shape;
use crate::query::Answer;
use crate::session::Slot;
use crate::time::Time;

/// What was found, and in which answer.
#[derive(Clone, Copy)]
struct Found {
    stamp: u64,
    row: Row,
    at: Option<Time>,
}

/// At the record's mark, else at what the app knows of its date.
pub(super) fn selected_time(ctx: &Context, cx: &Cx<'_>) -> Option<Time> {
    let row = *cx.session.place.selection.first()?;
    let stamp = cx.answers.stamp(&Slot::Lanes);
    let id = Id::unique("mark of the selected record");
    let known = ctx.data(|data| data.get_temp::<Found>(id)).filter(|known| known.stamp == stamp && known.row == row);
    let found = known.unwrap_or_else(|| {
        let found = Found { stamp, row, at: mark_time(cx, row) };
        ctx.data_mut(|data| data.insert_temp(id, found));
        found
    });
    found.at.or_else(|| cx.session.selected_span.map(|span| span.start).filter(|time| time.is_bounded()))
}

fn mark_time(cx: &Cx<'_>, row: Row) -> Option<Time> {
    let Some(Answer::Lanes(lanes)) = cx.answers.get(&Slot::Lanes) else { return None };
    let mut marks = lanes.lanes.iter().flat_map(|lane| lane.marks.iter().flatten());
    marks.find(|mark| mark.row == row || mark.folded.contains(&row)).map(|mark| date_shape(mark).at)
}
