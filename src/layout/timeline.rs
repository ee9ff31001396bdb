//! The timeline as a list of what to draw where: lanes, rows, marks, labels, counts. Places across are points from the start of the asked
//! window, places down from the top of the first lane. It knows no toolkit; the width of text is an argument.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::dates::{Tail, date_shape};
use super::density::{MarkEnds, cells_in, is_crowded};
use super::labels::{LabelPlace, TextWidth, fit_text, label_left, mark_title, mark_weight, merge_dropped, place_labels};
use super::lanes::{FOOT_HEIGHT, LaneForm, LaneNeed, ROWS_EXPANDED_MAX, SCROLLED_ROWS_MAX, lane_height, lanes_within, share_rows};
use super::packing::{PackItem, pack, rows_filled};
use crate::data::Row;
use crate::query::{Lane, LanesAnswer, LanesQuery, Mark};
use crate::session::Document;
use crate::time::{Span, Time};

/// Half of the room that a mark keeps to itself.
const BODY_HALF: f32 = 4.6;
/// Half of the room of the ring around a selected mark.
const RING_HALF: f32 = 9.0;
/// How long the hairline of an open end is.
const OPEN_REACH: f32 = 40.0;
/// How far an approximate day reaches on both sides.
const NEAR_REACH: f32 = 10.0;
/// A tail shorter than this lies behind its mark and is not drawn.
const TAIL_MIN: f32 = 8.0;
/// A day narrower than this is a point.
const DAY_MIN: f32 = 240.0;
/// Brackets closer together than this crowd the mark between them and are not drawn.
const WITHIN_MIN: f32 = 18.0;
/// The room that a label asks for when rows are chosen: about seventeen characters.
const LABEL_WISH: f32 = 120.0;
/// Records that nobody sees are counted at places at least this far apart.
pub const UNSEEN_APART: f32 = 28.0;
/// Nothing is placed farther out than this beyond the asked window.
const FAR: f32 = 20_000.0;

/// What a timeline is laid out from.
pub struct TimelineInput<'a> {
    /// The answer.
    pub answer: &'a LanesAnswer,
    /// The question that it answers.
    pub query: &'a LanesQuery,
    /// The chosen lanes.
    pub document: &'a Document,
    /// The selected records.
    pub selection: &'a [Row],
    /// Microseconds in one point.
    pub us_per_point: f64,
    /// The width of the view, in points.
    pub view_width: f32,
    /// The height that the lanes may fill.
    pub height: f32,
    /// May lanes reach below that height? Else those that would are hidden, and counted.
    pub is_scrolled: bool,
    /// The width of a label.
    pub label_width: TextWidth<'a>,
    /// The width of the label of a selected mark.
    pub bold_width: TextWidth<'a>,
    /// The width of the small text beside a mark.
    pub badge_width: TextWidth<'a>,
}

/// What reaches out from a mark, from left to right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TailLine {
    /// A bar.
    Bar(f32, f32),
    /// A dashed hairline with brackets.
    Within(f32, f32),
    /// A short dashed hairline.
    Near(f32, f32),
    /// A hairline with an arrow head on the right.
    Since(f32, f32),
    /// A hairline with an arrow head on the left.
    Until(f32, f32),
}

impl TailLine {
    /// From left to right.
    pub fn extent(self) -> (f32, f32) {
        match self {
            Self::Bar(from, to) | Self::Within(from, to) | Self::Near(from, to) | Self::Since(from, to) | Self::Until(from, to) => {
                (from, to)
            }
        }
    }
}

/// A mark in its row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlacedMark {
    /// Which mark of the lane.
    pub mark: usize,
    /// The row, from the top.
    pub row: usize,
    /// Its middle.
    pub x: f32,
    /// What reaches out from it.
    pub tail: Option<TailLine>,
    /// Where its label would start.
    pub label_left: f32,
}

/// A label in its row.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedLabel {
    /// Which mark of the lane.
    pub mark: usize,
    /// The row.
    pub row: usize,
    /// Its left edge.
    pub x: f32,
    /// The middle of its mark.
    pub mark_x: f32,
    /// What it says.
    pub text: String,
    /// How wide it is.
    pub width: f32,
    /// Is its mark selected?
    pub is_selected: bool,
}

/// A lane.
#[derive(Clone, Debug, PartialEq)]
pub struct LanePicture {
    /// Which lane of the answer.
    pub lane: usize,
    /// Its top.
    pub top: f32,
    /// Its height.
    pub height: f32,
    /// What it shows.
    pub form: LaneForm,
    /// Its rows.
    rows: usize,
    /// Its marks and labels, once somebody has looked at it: most of two hundred lanes are scrolled away.
    placed: OnceLock<PlacedLane>,
}

impl LanePicture {
    /// Its marks and labels; none before it was looked at.
    pub fn placed(&self) -> &PlacedLane {
        static NOTHING: PlacedLane =
            PlacedLane { marks: Vec::new(), labels: Vec::new(), dropped: Vec::new(), dropped_ends: MarkEnds::NONE, ends: MarkEnds::NONE };
        self.placed.get().unwrap_or(&NOTHING)
    }

    /// Places its marks and labels, once; the input must be the one that the picture was laid out from.
    pub fn place(&self, input: &TimelineInput<'_>) {
        self.placed.get_or_init(|| input.answer.lanes.get(self.lane).map(|lane| placed_lane(input, lane, self)).unwrap_or_default());
    }
}

/// What is drawn in a lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlacedLane {
    /// The marks, the heaviest last.
    pub marks: Vec<PlacedMark>,
    /// The labels.
    pub labels: Vec<PlacedLabel>,
    /// Records without a row: where, and how many.
    pub dropped: Vec<(f32, u32)>,
    /// Where the drawing of each of them would start and end, the place where it is counted included.
    pub dropped_ends: MarkEnds,
    /// Where the drawings of the marks of the answer start and end, of dropped ones too.
    pub ends: MarkEnds,
}

/// All lanes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimelinePicture {
    /// The lanes that are shown, from the top.
    pub lanes: Vec<LanePicture>,
    /// Their height together.
    pub height: f32,
    /// Lanes that are hidden.
    pub hidden: usize,
    /// Records in hidden lanes.
    pub hidden_records: u64,
    /// Microseconds in one point of its places.
    pub us_per_point: f64,
}

impl TimelineInput<'_> {
    /// The place of a moment.
    fn x(&self, time: Time) -> f32 {
        let offset = time.0.saturating_sub(self.query.window.start.0) as f64 / self.us_per_point;
        offset.clamp(f64::from(-FAR), self.width() + f64::from(FAR)) as f32
    }

    fn width(&self) -> f64 {
        self.query.window.width_us().unwrap_or(1) as f64 / self.us_per_point
    }

    fn is_selected(&self, mark: &Mark) -> bool {
        is_selected(mark, self.selection)
    }
}

/// Does a mark stand for a selected record?
pub fn is_selected(mark: &Mark, selection: &[Row]) -> bool {
    !selection.is_empty() && (selection.contains(&mark.row) || mark.folded.iter().any(|row| selection.contains(row)))
}

/// One mark before it has a row.
struct Draft {
    x: f32,
    tail: Option<TailLine>,
    /// The mark with its badge.
    body: (f32, f32),
    /// The body with what it must have beside it: of a selected mark, its label.
    packed: (f32, f32),
    wish: f32,
    weight: u32,
}

/// Lays the lanes out: which are shown, what they show, how high they are. Marks find their places when a lane is looked at.
pub fn lay_out(input: &TimelineInput<'_>) -> TimelinePicture {
    let lanes = &input.answer.lanes;
    let is_hidden = |lane: &Lane| input.document.hidden.contains(&lane.value);
    let mut shown: Vec<usize> = (0..lanes.len()).filter(|index| !is_hidden(&lanes[*index])).collect();
    shown.sort_by_key(|index| !input.document.pinned.contains(&lanes[*index].value));
    let forms: Vec<LaneForm> = shown.iter().map(|index| form(input, &lanes[*index])).collect();
    let least: f32 = forms.iter().map(|form| lane_height(*form, 1)).sum();
    // Where lanes are scrolled anyway, nobody asks how many rows a lane would fill beyond the few that it gets.
    let rows_asked = if input.is_scrolled && least > input.height { SCROLLED_ROWS_MAX } else { ROWS_EXPANDED_MAX };
    let needs: Vec<LaneNeed> = shown.iter().zip(&forms).map(|(index, form)| need(input, &lanes[*index], *form, rows_asked)).collect();
    let room = |kept: usize| if kept < lanes.len() && !input.is_scrolled { input.height - FOOT_HEIGHT } else { input.height };
    let kept = if input.is_scrolled { needs.len() } else { lanes_within(&needs, room(needs.len())) };
    let (shown, needs) = (&shown[..kept], &needs[..kept]);
    let rows = share_rows(needs, room(kept));
    let mut is_shown = vec![false; lanes.len()];
    for index in shown {
        is_shown[*index] = true;
    }
    let mut picture = TimelinePicture {
        hidden: lanes.len() - shown.len(),
        hidden_records: lanes.iter().zip(&is_shown).filter(|(_, is_shown)| !**is_shown).map(|(lane, _)| lane.total).sum(),
        us_per_point: input.us_per_point,
        ..TimelinePicture::default()
    };
    for ((index, need), rows) in shown.iter().zip(needs).zip(rows) {
        let height = lane_height(need.form, rows);
        let lane = LanePicture { lane: *index, top: picture.height, height, form: need.form, rows, placed: OnceLock::new() };
        picture.height += height;
        picture.lanes.push(lane);
    }
    picture
}

fn drawn_extent(draft: &Draft) -> (f32, f32) {
    let (from, to) = draft.tail.map_or((draft.x, draft.x), TailLine::extent);
    (from.min(draft.x), to.max(draft.x))
}

fn drafts(input: &TimelineInput<'_>, lane: &Lane) -> Vec<Draft> {
    lane.marks.iter().flatten().map(|mark| draft(input, mark)).collect()
}

fn placed_lane(input: &TimelineInput<'_>, lane: &Lane, picture: &LanePicture) -> PlacedLane {
    let drafts = drafts(input, lane);
    let records = lane.marks.iter().flatten().map(Mark::records);
    let ends = MarkEnds::of(drafts.iter().map(drawn_extent).zip(records));
    let mut placed = PlacedLane { ends, ..PlacedLane::default() };
    if picture.form == LaneForm::Marks {
        place_marks(input, lane, &drafts, picture.rows, &mut placed);
    }
    placed
}

fn draft(input: &TimelineInput<'_>, mark: &Mark) -> Draft {
    let shape = date_shape(mark);
    let x = input.x(shape.at);
    let tail = tail_line(input, shape.tail, x);
    let is_selected = input.is_selected(mark);
    let (body, packed) = bodies(input, mark, x, is_selected);
    let letters = mark.title.as_ref().map_or_else(|| if mark.figure.is_some() { 12 } else { 0 }, |title| title.chars().take(20).count());
    let wish = body.1 + (letters as f32 * 6.0).min(LABEL_WISH);
    Draft { x, tail, body, packed, wish, weight: if is_selected { u32::MAX } else { mark_weight(mark) } }
}

/// A mark with its badge, and with what it must have beside it: of a selected mark, its label.
fn bodies(input: &TimelineInput<'_>, mark: &Mark, x: f32, is_selected: bool) -> ((f32, f32), (f32, f32)) {
    let half = if is_selected { RING_HALF } else { BODY_HALF };
    let badge = if mark.articles > 1 { (input.badge_width)(&badge_text(mark.articles)) + 1.0 } else { 0.0 };
    let body = (x - half, x + half + badge);
    let mut packed = body;
    if is_selected {
        let wanted = mark_title(mark).map_or(0.0, |title| (input.bold_width)(&title).min(LABEL_WISH * 2.0));
        packed.1 += wanted + 8.0;
    }
    (body, packed)
}

/// How the number of articles is written.
pub fn badge_text(articles: u32) -> String {
    format!("×{articles}")
}

fn tail_line(input: &TimelineInput<'_>, tail: Tail, x: f32) -> Option<TailLine> {
    let ends = |span: Span| (input.x(span.start), input.x(span.end));
    match tail {
        Tail::None => None,
        Tail::Lasted(span) => {
            let (from, to) = ends(span);
            (to - from >= TAIL_MIN).then_some(TailLine::Bar(from, to))
        }
        Tail::Within(span) => {
            let (from, to) = ends(span);
            (to - from >= WITHIN_MIN).then_some(TailLine::Within(from, to))
        }
        Tail::OnDay(span) => {
            let (from, to) = ends(span);
            (to - from >= DAY_MIN).then_some(TailLine::Within(from, to))
        }
        Tail::Near => Some(TailLine::Near(x - NEAR_REACH, x + NEAR_REACH)),
        Tail::Since(start) => {
            let from = input.x(start);
            Some(TailLine::Since(from, from.max(x) + OPEN_REACH))
        }
        Tail::Until(end) => {
            let to = input.x(end);
            Some(TailLine::Until(to.min(x) - OPEN_REACH, to))
        }
    }
}

/// What a lane shows.
fn form(input: &TimelineInput<'_>, lane: &Lane) -> LaneForm {
    let cell_px = (input.query.bucket.width_us() as f64 / input.us_per_point) as f32;
    let is_crowd = || is_crowded(cells_in(&lane.cells, input.query.bucket, input.query.window), cell_px, input.view_width);
    if input.document.collapsed.contains(&lane.value) {
        LaneForm::Folded
    } else if lane.marks.is_none() || (!input.document.expanded.contains(&lane.value) && is_crowd()) {
        LaneForm::Histogram
    } else {
        LaneForm::Marks
    }
}

/// What a lane needs; of a lane that is not expanded no more than `rows_asked` rows, and up to a few rows no wish for labels.
fn need(input: &TimelineInput<'_>, lane: &Lane, form: LaneForm, rows_asked: usize) -> LaneNeed {
    let is_expanded = input.document.expanded.contains(&lane.value);
    if form != LaneForm::Marks {
        return LaneNeed { form, is_expanded, marks: Vec::new(), labelled: Vec::new() };
    }
    if !is_expanded && rows_asked <= SCROLLED_ROWS_MAX {
        let packed = |mark: &Mark| bodies(input, mark, input.x(date_shape(mark).at), input.is_selected(mark)).1;
        let marks = rows_filled(lane.marks.iter().flatten().map(packed).collect(), rows_asked);
        return LaneNeed { form, is_expanded, marks, labelled: Vec::new() };
    }
    let drafts = drafts(input, lane);
    let marks = rows_filled(drafts.iter().map(|draft| draft.packed).collect(), ROWS_EXPANDED_MAX);
    let whole = |draft: &Draft| {
        let (from, to) = draft.tail.map_or(draft.body, TailLine::extent);
        (draft.packed.0.min(from), draft.packed.1.max(draft.wish).max(to))
    };
    let labelled = rows_filled(drafts.iter().map(whole).collect(), ROWS_EXPANDED_MAX);
    LaneNeed { form, is_expanded, marks, labelled }
}

fn place_marks(input: &TimelineInput<'_>, lane: &Lane, drafts: &[Draft], rows: usize, picture: &mut PlacedLane) {
    let items: Vec<PackItem> = drafts
        .iter()
        .map(|draft| PackItem { body: draft.packed, tail: draft.tail.map(TailLine::extent), wish: draft.wish, weight: draft.weight })
        .collect();
    let found = pack(&items, rows);
    let marks = lane.marks.as_deref().unwrap_or(&[]);
    let placed: Vec<(usize, LabelPlace)> = found
        .iter()
        .enumerate()
        .filter_map(|(index, row)| {
            let draft = &drafts[index];
            Some((index, LabelPlace { row: (*row)?, body: draft.body, tail: draft.tail.map(TailLine::extent) }))
        })
        .collect();
    let places: Vec<LabelPlace> = placed.iter().map(|(_, place)| *place).collect();
    let mut order: Vec<usize> = (0..placed.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(drafts[placed[*place].0].weight));
    let titles: Vec<Option<Cow<'_, str>>> = placed.iter().map(|(index, _)| mark_title(&marks[*index])).collect();
    let mut text_of = |place: usize, room: f32| {
        let is_selected = drafts[placed[place].0].weight == u32::MAX;
        let title = titles[place].as_deref()?;
        fit_text(title, room, if is_selected { input.bold_width } else { input.label_width })
    };
    picture.labels = place_labels(&places, &order, &mut text_of)
        .into_iter()
        .map(|(place, x, text, width)| PlacedLabel {
            mark: placed[place].0,
            row: places[place].row,
            x,
            mark_x: drafts[placed[place].0].x,
            text,
            width,
            is_selected: drafts[placed[place].0].weight == u32::MAX,
        })
        .collect();
    order.reverse();
    picture.marks = order
        .iter()
        .map(|place| {
            let (mark, at) = &placed[*place];
            let draft = &drafts[*mark];
            PlacedMark { mark: *mark, row: at.row, x: draft.x, tail: draft.tail, label_left: label_left(at) }
        })
        .collect();
    let each = found.iter().zip(drafts).zip(marks).filter(|((row, _), _)| row.is_none());
    let mut dropped: Vec<&Draft> = each.flat_map(|((_, draft), mark)| std::iter::repeat_n(draft, mark.records() as usize)).collect();
    dropped.sort_by(|one, other| one.x.total_cmp(&other.x));
    picture.dropped = merge_dropped(dropped.iter().map(|draft| draft.x).collect(), UNSEEN_APART);
    // They are counted together from left to right.
    let places = picture.dropped.iter().flat_map(|(at, count)| std::iter::repeat_n(*at, *count as usize));
    picture.dropped_ends = MarkEnds::of(dropped.iter().zip(places).map(|(draft, at)| {
        let (from, to) = drawn_extent(draft);
        ((from.min(at), to.max(at)), 1)
    }));
}

#[cfg(test)]
mod tests;
