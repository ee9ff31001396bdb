//! One strip: its column of names, its grid, what is drawn by its mode, and what every strip shares over it (brush, hover, selected date).

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::plot::dotted_down;
use super::{Desk, aside::LeftOut, bars, lines, questions, totals};
use crate::data::{Field, display_value};
use crate::layout::chart::PlotFrame;
use crate::layout::{LANE_GUTTER, ValueAxis, number_axis};
use crate::query::Answer;
use crate::session::{Board, ChartMode, Navigate, ValueScale};
use crate::view::Cx;
use crate::view::axis::{hairline, paint_time_grid};
use crate::view::stale::is_long_stale;
use crate::view::theme::font;
use crate::view::widgets::{link_button, text_line};

/// Where the names of strips start, from the left edge.
const NAME_INDENT: f32 = 12.0;
/// The lines of the column of names: the first one's middle, and how far the next ones lie below; closer in a low strip.
const LINES: (f32, f32) = (11.0, 12.0);
const LINES_LOW: (f32, f32) = (9.0, 10.0);
/// Below this height the lines are closer.
const HEIGHT_LOW: f32 = 50.0;

/// A strip as it is drawn.
pub(super) struct Strip<'a> {
    /// Which board.
    pub(super) index: usize,
    /// The board as it is.
    pub(super) board: &'a Board,
    /// What is counted.
    pub(super) metric: &'a str,
    /// The whole strip.
    pub(super) rect: Rect,
    /// Where the plot lies.
    pub(super) plot: Rect,
    /// The time scale and ticks.
    pub(super) desk: &'a Desk<'a>,
}

impl Strip<'_> {
    /// The frame for the geometry.
    pub(super) fn frame(&self) -> PlotFrame {
        PlotFrame { time: self.desk.scale, top: self.plot.top(), bottom: self.plot.bottom() }
    }

    /// The metric as the screen writes it.
    pub(super) fn name(&self) -> String {
        display_value(Field::METRIC, self.metric)
    }
}

/// What the column of names says.
#[derive(Default)]
pub(super) struct Gutter {
    /// The unit of the axis.
    pub(super) unit: Option<String>,
    /// `28 claims`, `11 originators` …
    pub(super) lines: Vec<String>,
    /// What is not drawn.
    pub(super) left_out: LeftOut,
}

/// Draws a strip.
pub(super) fn strip_ui(ui: &mut Ui, cx: &mut Cx<'_>, desk: &Desk<'_>, (index, board, metric): (usize, &Board, &String), rect: Rect) {
    let plot = Rect::from_x_y_ranges(desk.scale.left..=desk.scale.right(), rect.top() + 1.0..=rect.bottom() - 1.0);
    let strip = Strip { index, board, metric, rect, plot, desk };
    let (answer, is_current) = questions::ask_strip(cx, &desk.scale, index, board, metric);
    let painter = ui.painter_at(plot.expand2([0.0, 1.0].into()));
    paint_time_grid(&painter, cx.theme, &desk.scale, desk.ticks, rect.y_range());
    let painter = ui.painter();
    painter.vline(hairline(painter, desk.scale.left), rect.y_range(), Stroke::new(1.0, cx.theme.line));
    match answer {
        _ if !desk.has_dates => {
            gutter_ui(ui, cx, &strip, None, &[], &Gutter::default());
            message_ui(ui, cx, &strip, "no record has a date to stand at");
        }
        Some(Answer::Claims(claims)) if board.mode == ChartMode::Totals => totals::totals_ui(ui, cx, &strip, claims),
        Some(Answer::Series(series)) if board.mode == ChartMode::PerPeriod => bars::bars_ui(ui, cx, &strip, series),
        Some(Answer::Series(series)) if board.mode == ChartMode::Cumulative => lines::lines_ui(ui, cx, &strip, series),
        Some(_) | None => {
            let gutter = Gutter::default();
            gutter_ui(ui, cx, &strip, None, &[], &gutter);
            message_ui(ui, cx, &strip, "loading …");
        }
    }
    let stale_id = eframe::egui::Id::unique(("stale strip", index, metric));
    if !cx.around.is_still && is_long_stale(ui, stale_id, is_current || answer.is_none()) {
        let at = pos2(plot.right() - 4.0, plot.top() + 3.0);
        ui.painter().text(at, Align2::RIGHT_TOP, "updating …", font::micro(), cx.theme.text3);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, cx.theme.line));
}

/// The lines of the value axis, behind everything.
pub(super) fn value_grid(ui: &Ui, cx: &Cx<'_>, strip: &Strip<'_>, axis: &ValueAxis, ticks: &[f64]) {
    let painter = ui.painter_at(strip.plot);
    for tick in ticks {
        let y = hairline(&painter, axis.y_from_value(*tick));
        painter.hline(strip.plot.x_range(), y, Stroke::new(1.0, cx.theme.grid));
    }
}

/// The column of names with the ticks' numbers at its right edge.
pub(super) fn gutter_ui(ui: &Ui, cx: &Cx<'_>, strip: &Strip<'_>, axis: Option<&ValueAxis>, ticks: &[f64], gutter: &Gutter) {
    let (rect, theme) = (strip.rect, cx.theme);
    let mut tick_width = 0.0_f32;
    if let Some(axis) = axis {
        for tick in ticks {
            let y = axis.y_from_value(*tick).clamp(rect.top() + 6.0, rect.bottom() - 6.0);
            let text = number_axis(*tick);
            let drawn = ui.painter().text(pos2(strip.plot.left() - 5.0, y), Align2::RIGHT_CENTER, text, font::micro(), theme.text3);
            tick_width = tick_width.max(drawn.width());
        }
    }
    let left = rect.left() + NAME_INDENT;
    let width = LANE_GUTTER - NAME_INDENT - 8.0 - tick_width - if tick_width > 0.0 { 6.0 } else { 0.0 };
    let (first_down, line_down) = if rect.height() < HEIGHT_LOW { LINES_LOW } else { LINES };
    let first = rect.top() + first_down;
    text_line(ui, left, first, &strip.name(), font::semibold(12.0), theme.text1, width);
    let scale = (strip.board.scale == ValueScale::Log).then_some("log");
    let unit: Vec<&str> = scale.into_iter().chain(gutter.unit.as_deref()).collect();
    let mut lines: Vec<String> = if unit.is_empty() { Vec::new() } else { vec![unit.join(" · ")] };
    let room = (((rect.height() - first_down - 6.5) / line_down) as usize).max(1);
    let rest: Vec<String> = gutter.lines.iter().cloned().chain(gutter.left_out.short()).collect();
    if lines.len() + rest.len() <= room {
        lines.extend(rest);
    } else if let Some(short) = gutter.left_out.short() {
        lines.truncate(room.saturating_sub(1));
        lines.extend(gutter.lines.iter().take(room.saturating_sub(lines.len() + 1)).cloned());
        lines.push(short);
    } else {
        lines.extend(rest.into_iter().take(room.saturating_sub(lines.len())));
    }
    for (place, line) in lines.iter().enumerate() {
        let y = first + 1.0 + line_down * (place + 1) as f32;
        text_line(ui, left, y, line, font::micro(), theme.text3, width);
    }
    describe(ui, strip, gutter);
}

/// Does somebody listen to names? Then single bars have nodes of their own. True only after the column of names has been drawn.
pub(super) fn is_read_out(ui: &Ui, strip: &Strip<'_>) -> bool {
    ui.ctx().has_accesskit_node(names_id(ui, strip))
}

fn names_id(ui: &Ui, strip: &Strip<'_>) -> eframe::egui::Id {
    ui.scope_id().with(("names", strip.index, strip.metric))
}

/// What the pointer over the names, and a screen reader, are told.
fn describe(ui: &Ui, strip: &Strip<'_>, gutter: &Gutter) {
    let names = Rect::from_min_max(strip.rect.min, pos2(strip.plot.left(), strip.rect.bottom()));
    let response = ui.interact(names.intersect(ui.clip_rect()), names_id(ui, strip), Sense::hover());
    let words = |separator: &str| {
        let mut parts = vec![strip.name()];
        parts.extend(gutter.unit.iter().map(|unit| format!("in {unit}")));
        parts.extend(gutter.lines.iter().cloned());
        if gutter.left_out.count() > 0 {
            parts.push(format!("not drawn: {}", gutter.left_out.sentence()));
        }
        parts.join(separator)
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, format!("{}, {}", strip.board.mode.label(), words(", "))));
    response.on_hover_ui(|ui| {
        ui.label(words("\n"));
    });
}

/// A short sentence in the middle of an empty plot.
pub(super) fn message_ui(ui: &Ui, cx: &Cx<'_>, strip: &Strip<'_>, text: &str) {
    ui.painter_at(strip.plot).text(strip.plot.center(), Align2::CENTER_CENTER, text, font::label(), cx.theme.text3);
}

/// A sentence in an empty stretch of time, with a way to what lies before and after it.
pub(super) fn elsewhere_ui(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    strip: &Strip<'_>,
    text: &str,
    before: (u64, Option<crate::time::Time>),
    after: (u64, Option<crate::time::Time>),
) {
    message_ui(ui, cx, strip, text);
    let width = cx.session.place.window.width_us().unwrap_or(0);
    let jump =
        |time: crate::time::Time| Navigate::Window(crate::time::Span::new(time.plus_us(-width / 2), time.plus_us(width - width / 2)));
    let places = [
        (before, "‹", "earlier", Align2::LEFT_CENTER, strip.plot.left() + 8.0),
        (after, "›", "later", Align2::RIGHT_CENTER, strip.plot.right() - 8.0),
    ];
    for ((count, time), arrow, word, align, x) in places {
        let Some(time) = time.filter(|_| count > 0) else { continue };
        let label = if word == "earlier" { format!("{arrow} {count} {word}") } else { format!("{count} {word} {arrow}") };
        let width = 90.0;
        let left = if align == Align2::LEFT_CENTER { x } else { x - width };
        let room = Rect::from_min_size(pos2(left, strip.plot.center().y - 10.0), [width, 20.0].into());
        let layout = if align == Align2::LEFT_CENTER {
            eframe::egui::Layout::left_to_right(eframe::egui::Align::Center)
        } else {
            eframe::egui::Layout::right_to_left(eframe::egui::Align::Center)
        };
        let mut child = ui.new_child(eframe::egui::UiBuilder::new().max_rect(room).layout(layout));
        let clicked = link_button(&mut child, cx.theme, &label).clicked();
        if clicked {
            cx.send(jump(time));
        }
    }
}

/// What lies under the marks of every strip: the selected date.
pub(super) fn under_marks(ui: &Ui, cx: &Cx<'_>, strip: &Strip<'_>) {
    let Some(time) = strip.desk.selected.filter(|_| !cx.around.is_still) else { return };
    let x = strip.desk.scale.x_from_time(time);
    if strip.plot.x_range().contains(x) {
        dotted_down(&ui.painter_at(strip.rect), x, strip.rect.top(), strip.rect.bottom(), cx.theme.accent);
    }
}

/// What lies over the marks of every strip: the veil outside the brush, and the moment under the pointer.
pub(super) fn over_marks(ui: &Ui, cx: &Cx<'_>, strip: &Strip<'_>) {
    let painter = ui.painter_at(Rect::from_x_y_ranges(strip.plot.x_range(), strip.rect.y_range()));
    let scale = &strip.desk.scale;
    if let Some(brush) = cx.session.place.brush {
        let (from, to) = (scale.x_from_time(brush.start), scale.x_from_time(brush.end));
        for (left, right) in [(strip.plot.left(), from), (to, strip.plot.right())] {
            if left < right {
                painter.rect_filled(Rect::from_x_y_ranges(left..=right, strip.rect.y_range()), 0.0, cx.theme.veil());
            }
        }
        for x in [from, to] {
            painter.vline(x, strip.rect.y_range(), Stroke::new(1.5, cx.theme.accent));
        }
    }
    if let Some(hover) = cx.session.hover.filter(|_| !cx.around.is_still) {
        dotted_down(&painter, scale.x_from_time(hover), strip.rect.top(), strip.rect.bottom(), cx.theme.line2);
    }
}
