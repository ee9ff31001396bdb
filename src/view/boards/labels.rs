//! The labels of a strip of reported totals: laid out once for each zoom, kept while nothing changes, painted over the marks.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Id, Painter, Pos2, Rect, Stroke, Ui, pos2, vec2};

use super::marks::{is_selected, radius};
use super::strip::Strip;
use crate::data::Row;
use crate::layout::chart::{
    Area, ChartMark, LabelBox, LabelText, Obstacles, PlacedLabel, PlotFrame, StepKind, TotalsStrip, label_texts, place_labels, totals_strip,
};
use crate::query::{ClaimsAnswer, Reading};
use crate::session::{Slot, ValueScale};
use crate::view::Cx;
use crate::view::theme::{Theme, font};

/// What a strip keeps free above and below for marks, arrows and labels.
const AIR: f32 = 12.0;

/// A label with its text and its place.
#[derive(Clone, Debug)]
pub(super) struct Label {
    text: LabelText,
    is_chosen: bool,
    placed: PlacedLabel,
}

/// A strip laid out, with its labels.
#[derive(Clone)]
pub(super) struct Laid {
    /// Marks and lines.
    pub(super) strip: Arc<TotalsStrip>,
    /// Labels.
    pub(super) labels: Arc<Vec<Label>>,
}

/// All that a strip's geometry depends on.
#[derive(Clone, PartialEq)]
struct Key {
    /// Which answer.
    stamp: u64,
    frame: PlotFrame,
    scale: ValueScale,
    selection: Vec<Row>,
    pixels_per_point: f32,
}

impl Key {
    /// May labels be carried along from there, for as long as time moves? Not where the window is another one altogether.
    fn is_moved_from(&self, placed: &Self) -> bool {
        let (own, other) = (self.frame.time, placed.frame.time);
        let stretch = other.us_per_point() / own.us_per_point();
        let by = (own.x_from_time(other.window.start) - own.left).abs();
        STRETCH.contains(&stretch)
            && by < own.width * MOVED_MAX
            && Self { frame: PlotFrame { time: other, ..self.frame }, ..self.clone() } == *placed
    }
}

/// While time moves, labels go along with their marks, up to this much of a zoom, and of a width; then they are placed again.
const STRETCH: std::ops::RangeInclusive<f64> = 0.8..=1.25;
const MOVED_MAX: f32 = 0.3;

/// What is kept of a strip between frames.
struct Kept {
    /// The strip of the last frame.
    key: Key,
    laid: Laid,
    /// When labels were placed, and where they stood from their marks: by their readings.
    placed_key: Key,
    placed: Arc<Vec<((usize, bool), Label)>>,
}

/// The geometry of a strip: the one at hand while nothing that it depends on has changed.
pub(super) fn laid_out(ui: &Ui, cx: &Cx<'_>, strip: &Strip<'_>, answer: &ClaimsAnswer) -> Laid {
    let slot = Slot::Strip(strip.index, strip.metric.to_owned());
    let key = Key {
        stamp: cx.answers.stamp(&slot),
        frame: strip.frame(),
        scale: strip.board.scale,
        selection: cx.session.place.selection.clone(),
        pixels_per_point: ui.ctx().pixels_per_point(),
    };
    let id = Id::unique(("laid out strip", strip.index, strip.metric));
    let kept = ui.data(|data| data.get_temp::<Arc<Kept>>(id));
    if let Some(kept) = kept.as_ref().filter(|kept| kept.key == key && kept.placed_key == key) {
        return kept.laid.clone();
    }
    let air = AIR.min(strip.plot.height() / 3.0);
    let marks = totals_strip(&answer.readings, strip.board.scale, &strip.frame(), air);
    let carried = kept.filter(|kept| {
        let may_be_carried = !cx.around.is_still && key.is_moved_from(&kept.placed_key);
        may_be_carried && (kept.key != key || !takes_turn(ui))
    });
    let (labels, placed_key, placed) = if let Some(kept) = carried {
        // Once time rests, every label finds its best place again.
        ui.ctx().request_repaint();
        (carried_labels(strip, &marks, &kept.placed), kept.placed_key.clone(), Arc::clone(&kept.placed))
    } else {
        let labels = placed_labels(ui, cx, strip, &marks, &answer.readings);
        let from_marks = labels.iter().filter_map(|label| {
            let mark = marks.marks.get(label.text.mark)?;
            Some(((mark.reading, mark.is_entering), Label { placed: moved(label.placed, (-mark.x, -mark.y)), ..label.clone() }))
        });
        let placed = Arc::new(from_marks.collect());
        (labels, key.clone(), placed)
    };
    let laid = Laid { strip: Arc::new(marks), labels: Arc::new(labels) };
    let kept = Kept { key, laid: laid.clone(), placed_key, placed };
    ui.data_mut(|data| data.insert_temp(id, Arc::new(kept)));
    laid
}

/// When time comes to rest, a few strips in each frame have their labels placed, not all at once.
const PLACED_PER_FRAME: u32 = 2;

/// Is it this strip's turn?
fn takes_turn(ui: &Ui) -> bool {
    let frame = ui.ctx().cumulative_frame_nr();
    ui.data_mut(|data| {
        let turns = data.get_temp_mut_or(Id::unique("labels placed in a frame"), (frame, 0_u32));
        if turns.0 != frame {
            *turns = (frame, 0);
        }
        turns.1 += 1;
        turns.1 <= PLACED_PER_FRAME
    })
}

fn moved(label: PlacedLabel, by: (f32, f32)) -> PlacedLabel {
    let area = label.area;
    PlacedLabel {
        area: Area::new(area.left + by.0, area.top + by.1, area.right + by.0, area.bottom + by.1),
        leader: label.leader.map(|ends| ends.map(|end| (end.0 + by.0, end.1 + by.1))),
        ..label
    }
}

/// The labels as they stood from their marks, where those are in the plot.
fn carried_labels(strip: &Strip<'_>, laid: &TotalsStrip, placed: &[((usize, bool), Label)]) -> Vec<Label> {
    let key = |mark: &ChartMark| (mark.reading, mark.is_entering);
    let mut marks: Vec<((usize, bool), usize)> = laid.marks.iter().enumerate().map(|(place, mark)| (key(mark), place)).collect();
    marks.sort_unstable();
    let carried = |(reading, label): &((usize, bool), Label)| {
        let place = marks.binary_search_by_key(reading, |(own, _)| *own).ok().and_then(|found| marks.get(found)).map(|own| own.1)?;
        let mark = laid.marks.get(place).filter(|mark| strip.plot.x_range().contains(mark.x) && !mark.is_thinned)?;
        let text = LabelText { mark: place, ..label.text.clone() };
        Some(Label { text, is_chosen: label.is_chosen, placed: moved(label.placed, (mark.x, mark.y)) })
    };
    placed.iter().filter_map(carried).collect()
}

/// Chooses a place for every label of the strip.
fn placed_labels(ui: &Ui, cx: &Cx<'_>, strip: &Strip<'_>, laid: &TotalsStrip, readings: &[Reading]) -> Vec<Label> {
    let mut boxes = Vec::new();
    let mut texts = Vec::new();
    let mut widths = Widths::take(ui);
    for text in label_texts(laid, readings, &cx.session.place.selection) {
        let Some(mark) = laid.marks.get(text.mark) else { continue };
        let is_chosen = readings.get(mark.reading).is_some_and(|reading| is_selected(cx, reading));
        let mut width = |text: &LabelText| widths.of(ui, label_job(cx.theme, text, is_chosen), is_chosen);
        let [without_item, without_name] = text.shorter();
        let grown = if is_chosen { 4.0 } else { 0.0 };
        let (above, below) = if mark.is_entering { (1.0, 1.0) } else { reaches(mark, radius(cx)) };
        let side = if mark.is_entering { 3.0 } else { radius(cx) };
        boxes.push(LabelBox {
            x: mark.x,
            y: mark.y,
            above: above + grown,
            below: below + grown,
            side: side + grown,
            width: width(&text),
            shorter: [without_item.as_ref().map(&mut width), without_name.as_ref().map(&mut width)],
            height: 12.0,
            weight: text.weight,
        });
        texts.push((text, is_chosen));
    }
    widths.keep(ui);
    let obstacles = obstacles(strip, laid, radius(cx));
    let frame = Area::new(strip.plot.left() + 2.0, strip.plot.top(), strip.plot.right() + 8.0, strip.plot.bottom());
    let mut labels = Vec::with_capacity(texts.len());
    for ((text, is_chosen), placed) in texts.into_iter().zip(place_labels(&boxes, frame, &obstacles)) {
        let Some(placed) = placed else { continue };
        let shorter = placed.variant.checked_sub(1).and_then(|place| text.shorter().into_iter().nth(place).flatten());
        labels.push(Label { text: shorter.unwrap_or(text), is_chosen, placed });
    }
    labels
}

/// The widths of labels that were measured before: most are asked for again and again while time moves, and few of them are drawn.
#[derive(Clone, Default)]
struct Widths {
    pixels_per_point: f32,
    known: rustc_hash::FxHashMap<(String, usize, bool), f32>,
}

/// Beyond so many, all are forgotten.
const WIDTHS_MAX: usize = 4_000;

impl Widths {
    fn id() -> Id {
        Id::unique("widths of labels")
    }

    /// Those at hand, for the scale of the screen.
    fn take(ui: &Ui) -> Self {
        let pixels_per_point = ui.ctx().pixels_per_point();
        let own = ui.data_mut(|data| data.remove_temp::<Self>(Self::id()));
        own.filter(|own| own.pixels_per_point == pixels_per_point && own.known.len() < WIDTHS_MAX)
            .unwrap_or_else(|| Self { pixels_per_point, ..Self::default() })
    }

    fn keep(self, ui: &Ui) {
        ui.data_mut(|data| data.insert_temp(Self::id(), self));
    }

    fn of(&mut self, ui: &Ui, job: LayoutJob, is_chosen: bool) -> f32 {
        let key = (job.text.clone(), job.sections.len(), is_chosen);
        *self.known.entry(key).or_insert_with(|| ui.fonts_mut(|fonts| fonts.layout_job(job)).size().x)
    }
}

/// How far a mark with its arrows reaches up and down.
fn reaches(mark: &ChartMark, radius: f32) -> (f32, f32) {
    let reach = radius + 0.5;
    let (low, high) = mark.beam.unwrap_or((mark.y, mark.y));
    let arrow = |is_open| if is_open { 7.5 } else { 0.0 };
    (mark.y - high + reach + arrow(mark.is_open_above), low - mark.y + reach + arrow(mark.is_open_below))
}

fn obstacles(strip: &Strip<'_>, laid: &TotalsStrip, radius: f32) -> Obstacles {
    let mut all = Obstacles::default();
    for mark in laid.marks.iter().filter(|mark| !mark.is_thinned && !mark.is_entering) {
        let (above, below) = reaches(mark, radius);
        all.marks.push(Area::new(mark.x - radius - 0.5, mark.y - above, mark.x + radius + 0.5, mark.y + below));
        if let Some((from, to, _)) = mark.hairline {
            all.faint.push(Area::new(from, mark.y - 1.0, to, mark.y + 1.0));
        }
    }
    let at = |(time, value): (crate::time::Time, f64)| (strip.desk.scale.x_from_time(time), laid.axis.y_from_value(value));
    for band in &laid.bands {
        let (from, to) = (at((band.span.start, band.low)), at((band.span.end, band.high)));
        all.lines.push(Area::new(from.0, to.1, to.0, from.1).grown(1.0, 1.0));
    }
    for path in &laid.paths {
        for pair in path.points.windows(2) {
            let (from, to) = (at(pair[0]), at(pair[1]));
            let area = Area::new(from.0.min(to.0), from.1.min(to.1), from.0.max(to.0), from.1.max(to.1)).grown(1.0, 1.0);
            match path.kind {
                StepKind::Current | StepKind::Fall => all.lines.push(area),
                StepKind::Riser | StepKind::Stale => all.faint.push(area),
            }
        }
    }
    all
}

/// `NIS ~300 ×4`: the name in the second colour, the value in the first, heavier.
fn label_job(theme: &Theme, text: &LabelText, is_selected: bool) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut add = |text: &str, font, colour| {
        let gap = if job.text.is_empty() { 0.0 } else { 3.5 };
        job.append(text, gap, TextFormat { font_id: font, color: colour, ..TextFormat::default() });
    };
    if let Some(name) = &text.name {
        let (font, colour) = if is_selected { (font::semibold(10.5), theme.text1) } else { (font::chart(), theme.text2) };
        match &text.item {
            Some(item) => add(&format!("{name}, {item}"), font, colour),
            None => add(name, font, colour),
        }
    }
    add(&text.value, font::semibold(10.5), theme.text1);
    if let Some(times) = &text.times {
        add(times, font::regular(9.0), theme.text3);
    }
    if let Some(word) = text.word {
        add(word, font::regular(9.0), theme.text3);
    }
    job
}

/// Paints the labels with their leaders.
pub(super) fn paint_labels(painter: &Painter, theme: &Theme, labels: &[Label]) {
    for label in labels {
        if let Some([from, to]) = label.placed.leader {
            painter.line_segment([Pos2::from(from), Pos2::from(to)], Stroke::new(0.75, theme.envelope_edge));
        }
    }
    for label in labels {
        let area = label.placed.area;
        let rect = Rect::from_min_max(pos2(area.left, area.top), pos2(area.right, area.bottom));
        painter.rect_filled(rect.expand2(vec2(1.0, -1.0)), 0.0, theme.panel.gamma_multiply(0.75));
        let galley = painter.layout_job(label_job(theme, &label.text, label.is_chosen));
        painter.galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, theme.text1);
    }
}
