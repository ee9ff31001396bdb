//! The scene: the answer at hand, laid out, and the places of its parts on the screen.

use std::fmt::{self, Write as _};
use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use eframe::egui::{FontId, Rangef, Ui, pos2};

use super::memory::Memory;
use super::{Cx, Rooms};
use crate::data::display_value;
use crate::layout::{CELL_PX, LanePicture, PlacedMark, ROW_HEIGHT, TimeScale, TimelineInput, TimelinePicture, lay_out, window_asked};
use crate::query::{Answer, Lane, LanesAnswer, LanesQuery, Mark, Query};
use crate::session::{Session, Slot};
use crate::time::{Bucket, Span, Time};
use crate::view::theme::font;

/// The most lanes asked for; the others are counted.
const LANES_MAX: u32 = 200;
/// The most marks asked for in one lane; above, it is drawn as a density.
const MARKS_MAX: u32 = 400;

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
    /// What has to be added to a place of the picture to have it on the screen.
    pub shift: f32,
    /// How far the lanes are scrolled.
    pub scroll: f32,
}

impl<'a> Scene<'a> {
    /// The scene of the answer at hand; `None` while there is none.
    pub(super) fn at_hand(ui: &Ui, cx: &Cx<'a>, rooms: &Rooms, scale: TimeScale, memory: &mut Memory) -> Option<Self> {
        let (Query::Lanes(query), Answer::Lanes(answer)) = cx.answers.get_with_query(&Slot::Lanes)? else { return None };
        let key = picture_key((cx.session, cx.answers.generation(&Slot::Lanes)), query, rooms, &scale);
        let picture = match &memory.picture {
            Some((own, picture)) if *own == key => Arc::clone(picture),
            _ => Arc::new(picture(ui, cx, (query, answer), rooms, &scale)),
        };
        memory.picture = Some((key, Arc::clone(&picture)));
        let overflow = (picture.height + super::gutter::foot_height(&picture, answer) - rooms.lanes.height()).max(0.0);
        memory.scroll = memory.scroll.clamp(0.0, overflow);
        let start = query.window.start.0 as i128 - scale.window.start.0 as i128;
        let shift = scale.left + (start as f64 / scale.us_per_point()) as f32;
        Some(Self { answer, query, picture, scale, rooms: *rooms, shift, scroll: memory.scroll.round() })
    }

    /// The place across, on the screen.
    pub(super) fn x(&self, place: f32) -> f32 {
        place + self.shift
    }

    /// The moment at a place of the picture.
    pub(super) fn time(&self, place: f32) -> Time {
        self.query.window.start.plus_us((f64::from(place) * self.scale.us_per_point()) as i64)
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

    /// Where the records of a lane are, seen from the view.
    pub(super) fn sides(&self, picture: &LanePicture, lane: &Lane) -> crate::layout::Sides {
        let extent = |index: usize| {
            let (from, to) = picture.extents.get(index).copied().unwrap_or_default();
            Span::new(self.time(from), self.time(to))
        };
        crate::layout::sides(lane, self.query.bucket, self.scale.window, extent)
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

/// The width of text in a font: the sum of its letters, which costs no layout.
pub(super) fn width_in(ui: &Ui, font: &FontId, text: &str) -> f32 {
    ui.fonts_mut(|fonts| text.chars().map(|char| fonts.glyph_width(font, char)).sum())
}

/// The widths of the letters of a font: most letters are looked up once and for all texts of a picture.
struct LetterWidths<'a> {
    ui: &'a Ui,
    font: FontId,
    ascii: [f32; 128],
}

impl<'a> LetterWidths<'a> {
    fn new(ui: &'a Ui, font: FontId) -> Self {
        let ascii = ui.fonts_mut(|fonts| std::array::from_fn(|code| fonts.glyph_width(&font, char::from(code as u8))));
        Self { ui, font, ascii }
    }

    fn of(&self, text: &str) -> f32 {
        let letter = |char: char| match self.ascii.get(char as usize) {
            Some(width) => *width,
            None => self.ui.fonts_mut(|fonts| fonts.glyph_width(&self.font, char)),
        };
        text.chars().map(letter).sum()
    }
}

fn picture(ui: &Ui, cx: &Cx<'_>, (query, answer): (&LanesQuery, &LanesAnswer), rooms: &Rooms, scale: &TimeScale) -> TimelinePicture {
    let [label, bold, badge] = [font::label(), font::semibold(11.0), font::regular(9.0)].map(|font| LetterWidths::new(ui, font));
    lay_out(&TimelineInput {
        answer,
        query,
        document: &cx.session.document,
        selection: &cx.session.place.selection,
        us_per_point: scale.us_per_point(),
        view_width: scale.width,
        height: rooms.lanes.height() - 1.0,
        is_scrolled: !cx.around.is_picture,
        label_width: &|text| label.of(text),
        bold_width: &|text| bold.of(text),
        badge_width: &|text| badge.of(text),
    })
}

/// What a picture depends on, as one number: question and snapshot stand for the answer; the place of the window is not among it.
fn picture_key((session, generation): (&Session, u64), query: &LanesQuery, rooms: &Rooms, scale: &TimeScale) -> u64 {
    let mut hasher = HashWriter(std::hash::DefaultHasher::new());
    let document = &session.document;
    let chosen = (&document.collapsed, &document.expanded, &document.hidden, &document.pinned);
    // Writing into a hasher cannot fail.
    write!(hasher, "{query:?} {chosen:?}").unwrap_or_default();
    let hash = &mut hasher.0;
    (generation, &session.place.selection, scale.us_per_point().to_bits()).hash(hash);
    (scale.width.to_bits(), rooms.lanes.height().to_bits()).hash(hash);
    hasher.0.finish()
}

/// Hashes what is written, so that a value is hashed without a copy of its text.
struct HashWriter(std::hash::DefaultHasher);

impl fmt::Write for HashWriter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}
