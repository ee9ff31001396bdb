//! The scene: the answer at hand, laid out, and the places of its parts on the screen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use eframe::egui::{Rangef, Ui, pos2};

use super::letters::Letters;
use super::memory::Memory;
use super::{Cx, Rooms};
use crate::data::{Row, display_value};
use crate::layout::{
    CELL_PX, Columns, LanePicture, PlacedLabel, PlacedMark, ROW_HEIGHT, TailLine, TimeScale, TimelineInput, TimelinePicture, UNSEEN_APART,
    lay_out, window_asked,
};
use crate::query::{Answer, Lane, LanesAnswer, LanesQuery, Mark, Query};
use crate::session::{Document, LaneName, Session, Slot};
use crate::time::Bucket;

/// The most lanes asked for; the others are counted.
const LANES_MAX: u32 = 200;
/// The most marks asked for in one lane; above, it is drawn as a density.
const MARKS_MAX: u32 = 400;

/// While the zoom moves, a picture is drawn narrower or wider than it was laid out, up to this; then it is laid out again.
const STRETCH: std::ops::RangeInclusive<f64> = 0.8..=1.5;

/// Records that reach into the view unseen are counted so far from its left edge.
const UNSEEN_EDGE: f32 = 16.0;

/// The question of the timeline.
pub(super) fn lanes_query(session: &Session, scale: &TimeScale) -> LanesQuery {
    let document = &session.document;
    let width_us = scale.window.width_us().unwrap_or(1);
    LanesQuery {
        lane: document.lane,
        colour: document.colour,
        filter: document.filter.clone(),
        window: window_asked(scale.window),
        bucket: Bucket::for_pixels(width_us, scale.width, CELL_PX),
        sort: document.lane_sort,
        lanes_max: LANES_MAX,
        marks_max: MARKS_MAX,
        has_folded_repeats: true,
    }
}

/// What is drawn, and where.
pub(super) struct Scene<'a> {
    /// The answer at hand.
    pub answer: &'a LanesAnswer,
    /// Its question.
    pub query: &'a LanesQuery,
    /// The answer laid out.
    pub picture: Arc<TimelinePicture>,
    /// Time across.
    pub scale: TimeScale,
    /// Where the parts of the timeline are.
    pub rooms: Rooms,
    /// What has to be added to a place of the picture to have it on the screen, once it is stretched.
    pub shift: f32,
    /// By how much the picture is wider than it was laid out.
    pub stretch: f32,
    /// How far the lanes are scrolled.
    pub scroll: f32,
    /// How columns compare.
    pub columns: Columns,
    /// How wide letters are.
    pub letters: Arc<Letters>,
}

/// A picture with all that it depends on but the zoom.
#[derive(Debug)]
pub(super) struct Kept {
    picture: Arc<TimelinePicture>,
    stamp: u64,
    size: [f32; 2],
    pixels_per_point: f32,
    selection: Vec<Row>,
    sets: [BTreeSet<LaneName>; 4],
}

impl Kept {
    /// Is it a picture of the answer at hand, with the same lanes chosen and records selected, in the same room?
    fn is_of(&self, ui: &Ui, session: &Session, stamp: u64, size: [f32; 2]) -> bool {
        self.stamp == stamp
            && self.size == size
            && self.pixels_per_point == ui.ctx().pixels_per_point()
            && self.selection == session.place.selection
            && self.sets.iter().zip(sets(&session.document)).all(|(own, other)| own == other)
    }
}

/// What a person chose about single lanes.
fn sets(document: &Document) -> [&BTreeSet<LaneName>; 4] {
    [&document.collapsed, &document.expanded, &document.hidden, &document.pinned]
}

impl<'a> Scene<'a> {
    /// The scene of the answer at hand; `None` while there is none.
    pub(super) fn at_hand(ui: &Ui, cx: &Cx<'a>, rooms: &Rooms, scale: TimeScale, memory: &mut Memory) -> Option<Self> {
        let (Query::Lanes(query), Answer::Lanes(answer)) = cx.answers.get_with_query(&Slot::Lanes)? else { return None };
        let letters = memory.letters.take().filter(|letters| letters.fits(ui)).unwrap_or_else(|| Arc::new(Letters::new(ui)));
        memory.letters = Some(Arc::clone(&letters));
        let (stamp, size) = (cx.answers.stamp(&Slot::Lanes), [scale.width, rooms.lanes.height()]);
        let us_per_point = scale.us_per_point();
        let is_zooming = std::mem::replace(&mut memory.us_per_point, us_per_point) != us_per_point && !cx.around.is_still;
        let kept = memory.kept.as_ref().filter(|kept| kept.is_of(ui, cx.session, stamp, size)).map(|kept| Arc::clone(&kept.picture));
        let kept = kept.filter(|kept| {
            let stretch = kept.us_per_point / us_per_point;
            kept.us_per_point == us_per_point || (is_zooming && STRETCH.contains(&stretch))
        });
        let input = TimelineInput {
            answer,
            query,
            document: &cx.session.document,
            selection: &cx.session.place.selection,
            us_per_point: kept.as_ref().map_or(us_per_point, |kept| kept.us_per_point),
            view_width: scale.width,
            height: rooms.lanes.height() - 1.0,
            is_scrolled: !cx.around.is_picture,
            label_width: &|text| letters.label(ui, text, false),
            bold_width: &|text| letters.label(ui, text, true),
            badge_width: &|text| letters.badge(ui, text),
        };
        let picture = kept.unwrap_or_else(|| {
            let picture = Arc::new(lay_out(&input));
            memory.kept = Some(Arc::new(Kept {
                picture: Arc::clone(&picture),
                stamp,
                size,
                pixels_per_point: ui.ctx().pixels_per_point(),
                selection: cx.session.place.selection.clone(),
                sets: sets(&cx.session.document).map(BTreeSet::clone),
            }));
            picture
        });
        if picture.us_per_point != us_per_point {
            // Once the zoom rests, everything finds its best place again.
            ui.ctx().request_repaint();
        }
        let overflow = (picture.height + super::gutter::foot_height(&picture, answer) - rooms.lanes.height()).max(0.0);
        memory.scroll = memory.scroll.clamp(0.0, overflow);
        let start = query.window.start.0.saturating_sub(scale.window.start.0);
        let shift = scale.left + (start as f64 / us_per_point) as f32;
        let stretch = (picture.us_per_point / us_per_point) as f32;
        let scene = Self {
            answer,
            query,
            picture,
            scale,
            rooms: *rooms,
            shift,
            stretch,
            scroll: memory.scroll.round(),
            columns: Columns::new(query.bucket, cx.session.schema.as_deref()),
            letters: Arc::clone(&letters),
        };
        for (picture, _) in scene.lanes_in_view() {
            picture.place(&input);
        }
        Some(scene)
    }

    /// The place across, on the screen.
    pub(super) fn x(&self, place: f32) -> f32 {
        place * self.stretch + self.shift
    }

    /// Where a label starts on the screen: as far from its mark as it was laid out.
    pub(super) fn label_x(&self, label: &PlacedLabel) -> f32 {
        self.x(label.mark_x) + label.x - label.mark_x
    }

    /// Top and bottom of a lane on the screen.
    pub(super) fn lane_range(&self, lane: &LanePicture) -> Rangef {
        let top = self.rooms.lanes.top() + lane.top - self.scroll;
        Rangef::new(top, top + lane.height)
    }

    /// The middle of a row of a lane on the screen.
    pub(super) fn row_y(&self, lane: &LanePicture, row: usize) -> f32 {
        self.lane_range(lane).min + 2.5 + (row as f32 + 0.5) * ROW_HEIGHT
    }

    /// Where a mark is.
    pub(super) fn mark_pos(&self, lane: &LanePicture, mark: &PlacedMark) -> eframe::egui::Pos2 {
        pos2(self.x(mark.x), self.row_y(lane, mark.row))
    }

    /// The lanes that are not scrolled away.
    pub(super) fn lanes_in_view(&self) -> impl Iterator<Item = (&LanePicture, &'a Lane)> {
        let (top, bottom) = (self.rooms.lanes.top(), self.rooms.lanes.bottom());
        let lanes = self.picture.lanes.iter().filter_map(|picture| Some((picture, self.answer.lanes.get(picture.lane)?)));
        lanes.filter(move |(picture, _)| {
            let range = self.lane_range(picture);
            range.max > top && range.min < bottom
        })
    }

    /// The mark of the answer.
    pub(super) fn mark(&self, lane: &LanePicture, mark: usize) -> Option<&'a Mark> {
        self.answer.lanes.get(lane.lane)?.marks.as_ref()?.get(mark)
    }

    /// Counts of records that nobody sees, where they stand on the screen: those that found no row and, at the left edge of the view, those
    /// that stand out of view and reach into it without a row, or behind another in theirs.
    pub(super) fn unseen(&self, picture: &LanePicture) -> Vec<(f32, u64)> {
        let placed = picture.placed();
        let (left, right) = (self.rooms.plot.left(), self.rooms.plot.right());
        let [from, to] = [left, right].map(|x| (x - self.shift) / self.stretch);
        let dropped = placed.dropped.iter().filter(|(at, _)| (from..=to).contains(at)).map(|(at, count)| (self.x(*at), u64::from(*count)));
        let without_row = placed.dropped_ends.touching(from, to).saturating_sub(dropped.clone().map(|(_, count)| count).sum());
        let reaches = |mark: &&PlacedMark| {
            let (start, end) = mark.tail.map_or((mark.x, mark.x), TailLine::extent);
            !(from..=to).contains(&mark.x) && start <= to && end >= from
        };
        // Of those in one row the last one is seen.
        let (mut behind, mut seen) = (0, BTreeMap::new());
        for mark in placed.marks.iter().filter(reaches) {
            let records = self.mark(picture, mark.mark).map_or(1, Mark::records);
            behind += seen.insert(mark.row, records).unwrap_or(0);
        }
        let reaching = without_row + behind;
        let mut counts: Vec<(f32, u64)> = (reaching > 0).then_some((left + UNSEEN_EDGE, reaching)).into_iter().collect();
        for (x, count) in dropped {
            match counts.last_mut() {
                Some(last) if x - last.0 < UNSEEN_APART => last.1 += count,
                _ => counts.push((x, count)),
            }
        }
        counts
    }

    /// Where the records of a lane are, seen from the view.
    pub(super) fn sides(&self, picture: &LanePicture, lane: &Lane) -> crate::layout::Sides {
        let place = |x: f32| (x - self.shift) / self.stretch;
        let seen = (place(self.scale.left), place(self.scale.right()));
        crate::layout::sides(lane, self.columns, self.scale.window, &picture.placed().ends, seen)
    }
}

/// The name of a lane as the screen writes it.
pub(super) fn lane_name(session: &Session, lane: &Lane) -> String {
    match (&lane.value, session.document.lane) {
        (_, None) => "All records".to_owned(),
        (None, Some(_)) => "Not recorded".to_owned(),
        (Some(value), Some(field)) => display_value(field, value),
    }
}
