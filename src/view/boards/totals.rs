//! A strip of reported totals: lines by `egui_plot`, marks and labels painted over them.

use eframe::egui::{CursorIcon, Painter, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::{PlotPoints, PlotTransform, Polygon};

use super::aside::{LeftOut, counted};
use super::gestures::plot_gestures;
use super::labels::{laid_out, paint_labels};
use super::marks::{hovered_mark, paint_marks};
use super::plot::{dotted_across, place, plain_line, plot_point, plot_ui};
use super::strip::{Gutter, Strip, elsewhere_ui, gutter_ui, over_marks, under_marks, value_grid};
use crate::layout::chart::{ChartMark, OffScale, StepKind, StepPath, TotalsStrip};
use crate::layout::figure_text;
use crate::query::{ClaimsAnswer, Reading};
use crate::session::Navigate;
use crate::time::format_when;
use crate::view::Cx;
use crate::view::axis::hairline;
use crate::view::hover_card::{self, Hit};
use crate::view::theme::Theme;

/// The most readings of a strip that a screen reader is told one by one.
const NODES_MAX: usize = 200;

/// Draws a strip of reported totals.
pub(super) fn totals_ui(ui: &mut Ui, cx: &mut Cx<'_>, strip: &Strip<'_>, answer: &ClaimsAnswer) {
    let kept = laid_out(ui, cx, strip, answer);
    let laid = &*kept.strip;
    let gutter = gutter_of(answer, laid);
    let has_any = !laid.is_empty;
    gutter_ui(ui, cx, strip, has_any.then_some(&laid.axis), if has_any { &laid.ticks } else { &[] }, &gutter);
    let response = plot_gestures(ui, cx, ui.scope_id().with(("totals", strip.index, strip.metric)), strip.plot, &strip.desk.scale);
    if has_any {
        value_grid(ui, cx, strip, &laid.axis, &laid.ticks);
    }
    under_marks(ui, cx, strip);
    let transform = lines_ui(ui, cx, strip, laid);
    let painter = ui.painter_at(strip.plot);
    if let Some(transform) = &transform {
        dotted_lines(&painter, cx.theme, strip, laid, transform);
    }
    let hovered = hovered_mark(ui, cx, laid, &response);
    paint_marks(&painter, cx, laid, &answer.readings, hovered);
    paint_labels(&ui.painter_at(strip.plot.expand2(vec2(8.0, 0.0))), cx.theme, &kept.labels);
    over_marks(ui, cx, strip);
    if !has_any {
        let text = if answer.readings.is_empty() { nothing_text(answer) } else { "no totals in this stretch".to_owned() };
        elsewhere_ui(ui, cx, strip, &text, laid.before, laid.after);
    }
    point_ui(ui, cx, strip, laid, &answer.readings, (&response, hovered));
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
    let mut is_double = response.double_clicked();
    for (place, mark) in laid.marks.iter().enumerate().take(NODES_MAX) {
        let Some(reading) = readings.get(mark.reading).filter(|_| !mark.is_thinned && !mark.is_entering) else { continue };
        let hit = Rect::from_center_size(pos2(mark.x, mark.y), vec2(12.0, 12.0)).intersect(ui.clip_rect());
        let node = ui.interact(hit, ui.scope_id().with(("reading", strip.index, strip.metric, reading.row)), Sense::CLICK);
        node.widget_info(|| WidgetInfo::labeled(Role::Button, true, reading_text(reading, mark, zone)));
        if node.clicked() {
            clicked = Some(hovered.unwrap_or(place));
        }
        is_double |= node.double_clicked();
        node.on_hover_cursor(CursorIcon::PointingHand);
    }
    if let Some(row) = clicked.and_then(row_of) {
        let adds = ui.input(|input| input.modifiers.shift || input.modifiers.command) && !is_double;
        cx.send(if adds { Navigate::ToggleSelected(row) } else { Navigate::Select(vec![row]) });
        if is_double {
            cx.send(Navigate::Focus);
        }
    }
    if let (Some(row), Some(mark)) = (hovered.and_then(row_of), hovered.and_then(|place| laid.marks.get(place))) {
        hover_card::offer(ui.ctx(), Hit { row, at: pos2(mark.x, mark.y) });
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
