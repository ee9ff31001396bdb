//! A strip of reported totals: lines by `egui_plot`, marks and labels painted over them.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, CursorIcon, Galley, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::{PlotPoints, PlotTransform, Polygon};

use super::aside::{LeftOut, counted};
use super::gestures::plot_gestures;
use super::plot::{dotted_across, place, plain_line, plot_point, plot_ui};
use super::strip::{Gutter, Strip, elsewhere_ui, gutter_ui, over_marks, under_marks, value_grid};
use crate::layout::chart::{
    Area, ChartMark, LabelBox, LabelText, Obstacles, OffScale, PlacedLabel, StepKind, StepPath, TotalsStrip, label_texts, place_labels,
    totals_strip,
};
use crate::layout::{Fill, Form, figure_text};
use crate::query::{ClaimsAnswer, Reading};
use crate::session::Navigate;
use crate::time::format_when;
use crate::view::Cx;
use crate::view::axis::hairline;
use crate::view::marks::{MarkPaint, RADIUS_BOARD, open_arrow, paint_mark};
use crate::view::theme::{Theme, font};

/// What a strip keeps free above and below for marks, arrows and labels.
const AIR: f32 = 12.0;
/// How far from a mark the pointer still means it.
const REACH: f32 = 8.0;
/// The most readings of a strip that a screen reader is told one by one.
const NODES_MAX: usize = 200;

/// Draws a strip of reported totals.
pub(super) fn totals_ui(ui: &mut Ui, cx: &mut Cx<'_>, strip: &Strip<'_>, answer: &ClaimsAnswer) {
    let laid = totals_strip(&answer.readings, strip.board.scale, &strip.frame(), AIR.min(strip.plot.height() / 3.0));
    let gutter = gutter_of(answer, &laid);
    let has_any = !laid.is_empty;
    gutter_ui(ui, cx, strip, has_any.then_some(&laid.axis), if has_any { &laid.ticks } else { &[] }, &gutter);
    let response = plot_gestures(ui, cx, ui.scope_id().with(("totals", strip.index, strip.metric)), strip.plot, &strip.desk.scale);
    if has_any {
        value_grid(ui, cx, strip, &laid.axis, &laid.ticks);
    }
    under_marks(ui, cx, strip);
    let transform = lines_ui(ui, cx, strip, &laid);
    let painter = ui.painter_at(strip.plot);
    if let Some(transform) = &transform {
        dotted_lines(&painter, cx.theme, strip, &laid, transform);
    }
    let hovered = hovered_mark(ui, cx, &laid, &response);
    let labels = placed_labels(ui, cx, strip, &laid, &answer.readings);
    paint_marks(&painter, cx, &laid, &answer.readings, hovered);
    paint_labels(&ui.painter_at(strip.plot.expand2(vec2(8.0, 0.0))), cx.theme, &labels);
    over_marks(ui, cx, strip);
    if !has_any {
        let text = if answer.readings.is_empty() { nothing_text(answer) } else { "no totals in this stretch".to_owned() };
        elsewhere_ui(ui, cx, strip, &text, laid.before, laid.after);
    }
    point_ui(ui, cx, strip, &laid, &answer.readings, (&response, hovered));
}

/// Why a strip has nothing at all.
fn nothing_text(answer: &ClaimsAnswer) -> String {
    match answer.aside.other_basis {
        0 => "no totals".to_owned(),
        count => format!("no totals · {}: see per period", counted(count, "increment")),
    }
}

fn gutter_of(answer: &ClaimsAnswer, laid: &TotalsStrip) -> Gutter {
    let claims: u64 = answer.readings.iter().map(|reading| reading.carriers.len() as u64).sum();
    let mut counters: Vec<&str> = answer.readings.iter().filter_map(|reading| reading.counter.as_deref()).collect();
    counters.sort_unstable();
    counters.dedup();
    Gutter {
        unit: laid.unit.clone(),
        lines: vec![counted(claims, "claim"), counted(counters.len() as u64, "originator")],
        left_out: LeftOut::of_totals(&answer.aside, answer.left_out, laid.other_units),
    }
}

/// The solid lines and the levels that are ranges, by `egui_plot`.
fn lines_ui(ui: &mut Ui, cx: &Cx<'_>, strip: &Strip<'_>, laid: &TotalsStrip) -> Option<PlotTransform> {
    let (scale, axis, theme) = (strip.desk.scale, laid.axis, cx.theme);
    let mut polygons: Vec<Polygon<'static>> = Vec::new();
    for band in &laid.bands {
        let corner = |time, value| plot_point(&scale, &axis, time, value);
        let points = vec![
            corner(band.span.start, band.low),
            corner(band.span.end, band.low),
            corner(band.span.end, band.high),
            corner(band.span.start, band.high),
        ];
        let colour = theme.category(band.colour);
        let polygon =
            Polygon::new("", PlotPoints::from(points)).fill_color(theme.faded(colour, 0.16)).stroke(Stroke::NONE).allow_hover(false);
        polygons.push(polygon);
    }
    let lines: Vec<(Vec<[f64; 2]>, Stroke)> = laid
        .paths
        .iter()
        .filter_map(|path| {
            let points = path.points.iter().map(|(time, value)| plot_point(&scale, &axis, *time, *value)).collect();
            Some((points, path_stroke(theme, path)?))
        })
        .collect();
    plot_ui(ui, ui.scope_id().with(("plot", strip.index, strip.metric)), strip.plot, &scale, &axis, move |plot| {
        for polygon in polygons {
            plot.polygon(polygon);
        }
        for (points, stroke) in lines {
            plot.line(plain_line(points, stroke));
        }
    })
}

fn path_stroke(theme: &Theme, path: &StepPath) -> Option<Stroke> {
    let colour = theme.category(path.colour);
    match path.kind {
        StepKind::Current => Some(Stroke::new(1.75, colour)),
        StepKind::Riser => Some(Stroke::new(1.0, theme.faded(colour, 0.7))),
        StepKind::Fall => Some(Stroke::new(1.75, theme.warning)),
        StepKind::Stale => None,
    }
}

/// The dotted lines: levels that are not current any more.
fn dotted_lines(painter: &Painter, theme: &Theme, strip: &Strip<'_>, laid: &TotalsStrip, transform: &PlotTransform) {
    let at = |time, value| place(transform, &strip.desk.scale, &laid.axis, time, value);
    for path in laid.paths.iter().filter(|path| path.kind == StepKind::Stale) {
        if let [from, to] = path.points.as_slice() {
            let (from, to) = (at(from.0, from.1), at(to.0, to.1));
            dotted_across(painter, from.x, to.x, from.y, theme.category(path.colour));
        }
    }
    for band in &laid.bands {
        let colour = theme.category(band.colour);
        for value in [band.low, band.high] {
            let (from, to) = (at(band.span.start, value), at(band.span.end, value));
            painter.hline(from.x..=to.x, hairline(painter, from.y), Stroke::new(1.0, colour));
        }
    }
}

/// The mark under the pointer.
fn hovered_mark(ui: &Ui, cx: &Cx<'_>, laid: &TotalsStrip, response: &Response) -> Option<usize> {
    if cx.around.is_still || !response.contains_pointer() || response.dragged() {
        return None;
    }
    let at = ui.input(|input| input.pointer.hover_pos())?;
    let far = |mark: &ChartMark| match mark.beam {
        Some((low, high)) if at.y >= high && at.y <= low => (mark.x - at.x).abs(),
        _ => (mark.x - at.x).hypot(mark.y - at.y),
    };
    let near = laid.marks.iter().enumerate().map(|(place, mark)| (place, far(mark))).min_by(|one, other| one.1.total_cmp(&other.1));
    near.filter(|(_, distance)| *distance <= REACH).map(|(place, _)| place)
}

fn is_selected(cx: &Cx<'_>, reading: &Reading) -> bool {
    reading.carriers.iter().any(|row| cx.session.place.selection.contains(row))
}

fn paint_marks(painter: &Painter, cx: &Cx<'_>, laid: &TotalsStrip, readings: &[Reading], hovered: Option<usize>) {
    let theme = cx.theme;
    let is_front =
        |place: usize, mark: &ChartMark| hovered == Some(place) || readings.get(mark.reading).is_some_and(|r| is_selected(cx, r));
    for is_second in [false, true] {
        for (place, mark) in laid.marks.iter().enumerate() {
            let Some(reading) = readings.get(mark.reading) else { continue };
            let is_own_turn = is_front(place, mark) == is_second;
            if !is_own_turn || (mark.is_thinned && !is_second) {
                continue;
            }
            let colour = theme.category(mark.colour);
            date_hairline(painter, mark, colour);
            whisker(painter, theme, mark, colour);
            let is_hovered = hovered == Some(place) || cx.session.hover_row.is_some_and(|row| reading.carriers.contains(&row));
            let paint = MarkPaint { look: mark.look, radius: RADIUS_BOARD, colour, is_hovered, is_selected: is_selected(cx, reading) };
            if mark.look.form != Form::Beam || mark.beam.is_none() {
                paint_mark(painter, theme, pos2(mark.x, mark.y), &paint);
            } else if paint.is_selected {
                painter.circle_stroke(pos2(mark.x, mark.y), RADIUS_BOARD + 4.0, Stroke::new(2.0, theme.accent));
            }
            arrows(painter, mark, colour);
        }
    }
}

/// The dashed hairline of a date that is not a day.
fn date_hairline(painter: &Painter, mark: &ChartMark, colour: Color32) {
    let Some((from, to, has_brackets)) = mark.hairline else { return };
    let y = hairline(painter, mark.y);
    let stroke = Stroke::new(1.0, colour);
    painter.extend(Shape::dashed_line(&[pos2(from, y), pos2(to, y)], stroke, 2.0, 2.0));
    if has_brackets {
        for x in [from, to] {
            painter.vline(hairline(painter, x), y - 3.0..=y + 3.0, stroke);
        }
    }
}

/// The beam from the lowest to the highest number.
fn whisker(painter: &Painter, theme: &Theme, mark: &ChartMark, colour: Color32) {
    let Some((low, high)) = mark.beam else { return };
    let is_range = mark.look.form == Form::Beam;
    let (width, cap) = if is_range { (2.0, RADIUS_BOARD) } else { (1.25, RADIUS_BOARD - 0.5) };
    let is_hollow = matches!(mark.look.fill, Fill::Hollow | Fill::HollowStruck);
    let draw = |stroke: Stroke, cap: f32| {
        painter.vline(mark.x, high..=low, stroke);
        for y in [low, high] {
            painter.hline(mark.x - cap..=mark.x + cap, y, stroke);
        }
    };
    if is_range {
        draw(Stroke::new(width + 2.0, theme.panel), cap + 1.0);
    }
    draw(Stroke::new(if is_hollow { width + 1.0 } else { width }, colour), cap);
    if is_hollow {
        draw(Stroke::new(1.0, theme.panel), cap - 1.0);
    }
}

fn arrows(painter: &Painter, mark: &ChartMark, colour: Color32) {
    let reach = RADIUS_BOARD * 1.12;
    let (low, high) = mark.beam.unwrap_or((mark.y, mark.y));
    if mark.is_open_above {
        painter.extend(open_arrow(pos2(mark.x, high - reach), true, colour));
    }
    if mark.is_open_below {
        painter.extend(open_arrow(pos2(mark.x, low + reach), false, colour));
    }
}

/// A label with its text and its place.
struct Label {
    galley: Arc<Galley>,
    placed: PlacedLabel,
}

/// Chooses a place for every label of the strip.
fn placed_labels(ui: &Ui, cx: &Cx<'_>, strip: &Strip<'_>, laid: &TotalsStrip, readings: &[Reading]) -> Vec<Label> {
    let texts = label_texts(laid, readings, &cx.session.place.selection);
    let mut boxes = Vec::with_capacity(texts.len());
    let mut galleys = Vec::with_capacity(texts.len());
    for text in &texts {
        let Some(mark) = laid.marks.get(text.mark) else { continue };
        let is_chosen = readings.get(mark.reading).is_some_and(|reading| is_selected(cx, reading));
        let lay = |text: &LabelText| ui.fonts_mut(|fonts| fonts.layout_job(label_job(cx.theme, text, is_chosen)));
        let all = [Some(lay(text))].into_iter().chain(text.shorter().map(|text| text.as_ref().map(lay)));
        let all: Vec<Option<Arc<Galley>>> = all.collect();
        let width = |variant: usize| all.get(variant).and_then(Option::as_ref).map(|galley| galley.size().x);
        let grown = if is_chosen { 4.0 } else { 0.0 };
        let (above, below) = reaches(mark);
        boxes.push(LabelBox {
            x: mark.x,
            y: mark.y,
            above: above + grown,
            below: below + grown,
            side: RADIUS_BOARD + grown,
            width: width(0).unwrap_or(0.0),
            shorter: [width(1), width(2)],
            height: 12.0,
            weight: text.weight,
        });
        galleys.push(all);
    }
    let obstacles = obstacles(strip, laid);
    let frame = Area::new(strip.plot.left() + 2.0, strip.plot.top(), strip.plot.right() + 8.0, strip.plot.bottom());
    let placed = place_labels(&boxes, frame, &obstacles);
    let mut labels = Vec::with_capacity(boxes.len());
    for (variants, placed) in galleys.into_iter().zip(placed) {
        let Some(placed) = placed else { continue };
        if let Some(galley) = variants.into_iter().nth(placed.variant).flatten() {
            labels.push(Label { galley, placed });
        }
    }
    labels
}

/// How far a mark with its arrows reaches up and down.
fn reaches(mark: &ChartMark) -> (f32, f32) {
    let reach = RADIUS_BOARD + 0.5;
    let (low, high) = mark.beam.unwrap_or((mark.y, mark.y));
    let arrow = |is_open| if is_open { 7.5 } else { 0.0 };
    (mark.y - high + reach + arrow(mark.is_open_above), low - mark.y + reach + arrow(mark.is_open_below))
}

fn obstacles(strip: &Strip<'_>, laid: &TotalsStrip) -> Obstacles {
    let mut all = Obstacles::default();
    for mark in laid.marks.iter().filter(|mark| !mark.is_thinned) {
        let (above, below) = reaches(mark);
        all.marks.push(Area::new(mark.x - RADIUS_BOARD - 0.5, mark.y - above, mark.x + RADIUS_BOARD + 0.5, mark.y + below));
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

fn paint_labels(painter: &Painter, theme: &Theme, labels: &[Label]) {
    for label in labels {
        if let Some([from, to]) = label.placed.leader {
            painter.line_segment([Pos2::from(from), Pos2::from(to)], Stroke::new(0.75, theme.envelope_edge));
        }
    }
    for label in labels {
        let area = label.placed.area;
        let rect = Rect::from_min_max(pos2(area.left, area.top), pos2(area.right, area.bottom));
        painter.rect_filled(rect.expand2(vec2(1.0, -1.0)), 0.0, theme.panel.gamma_multiply(0.75));
        painter.galley(pos2(rect.left(), rect.center().y - label.galley.size().y / 2.0), Arc::clone(&label.galley), theme.text1);
    }
}

/// Click and double-click, the record under the pointer, and each reading for screen readers.
fn point_ui(
    ui: &Ui,
    cx: &mut Cx<'_>,
    strip: &Strip<'_>,
    laid: &TotalsStrip,
    readings: &[Reading],
    (response, hovered): (&Response, Option<usize>),
) {
    let zone = cx.session.document.zone;
    let row_of = |place: usize| laid.marks.get(place).and_then(|mark| readings.get(mark.reading)).map(|reading| reading.row);
    let mut clicked = response.clicked().then_some(hovered).flatten();
    for (place, mark) in laid.marks.iter().enumerate().take(NODES_MAX) {
        let Some(reading) = readings.get(mark.reading).filter(|_| !mark.is_thinned) else { continue };
        let hit = Rect::from_center_size(pos2(mark.x, mark.y), vec2(12.0, 12.0)).intersect(ui.clip_rect());
        let node = ui.interact(hit, ui.scope_id().with(("reading", strip.index, strip.metric, reading.row)), Sense::CLICK);
        node.widget_info(|| WidgetInfo::labeled(Role::Button, true, reading_text(reading, mark, zone)));
        if node.clicked() {
            clicked = Some(hovered.unwrap_or(place));
        }
        if node.double_clicked() {
            cx.send(Navigate::Focus);
        }
        node.on_hover_cursor(CursorIcon::PointingHand);
    }
    if response.double_clicked() && hovered.is_some() {
        cx.send(Navigate::Focus);
    }
    if let Some(row) = clicked.and_then(row_of) {
        let adds = ui.input(|input| input.modifiers.shift || input.modifiers.command);
        cx.send(if adds { Navigate::ToggleSelected(row) } else { Navigate::Select(vec![row]) });
    }
    if response.contains_pointer() && !cx.around.is_still {
        let row = hovered.and_then(row_of);
        if cx.session.hover_row != row {
            cx.send(Navigate::HoverRow(row));
        }
    }
}

/// A reading in words: `NIS, about 300 killed, 13 Jan 2025`.
fn reading_text(reading: &Reading, mark: &ChartMark, zone: crate::time::Zone) -> String {
    let who = reading.counter.as_deref().unwrap_or("nobody named");
    let off = match mark.off_scale {
        Some(OffScale::Below) => ", below scale",
        Some(OffScale::Above) => ", above scale",
        Some(OffScale::Zero) | None => "",
    };
    let articles = if reading.articles > 1 { format!(", {} articles", reading.articles) } else { String::new() };
    format!("{who}, {}, {}{articles}{off}", figure_text(&reading.figure), format_when(&reading.date, zone))
}
