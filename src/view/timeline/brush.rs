//! The brush: its edges and flag over the lanes, and the strip below with what touches it.

use eframe::egui::{Align2, CursorIcon, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::memory::Memory;
use super::{Cx, Rooms, overlays};
use crate::data::{Band, Bound, Field, display_value};
use crate::layout::{TimeScale, number_text, snapped};
use crate::query::{Answer, Filter, IncrementTotal, MetricTotals, Query, TotalsAnswer};
use crate::session::{Edit, Navigate, Slot};
use crate::time::{DAY_US, Span, format_days, format_span};
use crate::view::axis::hairline;
use crate::view::theme::font;
use crate::view::widgets::{link_button, text_line};

/// The height of the strip.
pub(super) const STRIP_HEIGHT: f32 = 108.0;
/// The least width of a cell of the strip.
const CELL_WIDTH: f32 = 172.0;
/// Room for the count of cells that are left out.
const MORE_WIDTH: f32 = 56.0;
/// The most metrics asked for.
const METRICS_MAX: u32 = 12;

/// The edges of the brush, to be dragged, and its flag.
pub(super) fn brush_edges_ui(ui: &Ui, cx: &mut Cx<'_>, rooms: &Rooms, scale: &TimeScale, _memory: &mut Memory) {
    let Some(brush) = cx.session.place.brush else { return };
    let painter = ui.painter_at(rooms.plot.expand2(vec2(4.0, 0.0)));
    for is_start in [true, false] {
        let time = if is_start { brush.start } else { brush.end };
        let x = scale.x_from_time(time);
        if !rooms.plot.x_range().expand(2.0).contains(x) {
            continue;
        }
        painter.vline(hairline(&painter, x), rooms.plot.y_range(), Stroke::new(1.5, cx.theme.accent));
        let grip = Rect::from_center_size(pos2(x, rooms.plot.top() + 8.0), vec2(5.0, 12.0));
        painter.rect_filled(grip, 2.0, cx.theme.accent);
        if cx.around.is_still {
            continue;
        }
        let edge = Rect::from_x_y_ranges(x - 5.0..=x + 5.0, rooms.axis.top()..=rooms.plot.bottom());
        let response = ui.interact(edge, ui.scope_id().with(("brush-edge", is_start)), Sense::DRAG);
        let name = if is_start { "Start of the brush" } else { "End of the brush" };
        response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, name));
        if response.hovered() || response.dragged() {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
        if let (true, Some(at)) = (response.dragged(), response.interact_pointer_pos()) {
            let moved = snapped(scale.time_from_x(at.x.clamp(rooms.plot.left(), rooms.plot.right())), scale.us_per_point());
            let span = if is_start { Span::new(moved, brush.end) } else { Span::new(brush.start, moved) };
            if span.start < span.end && span != brush {
                cx.send(Navigate::Brush(Some(span)));
            }
        }
    }
}

/// The flag of the brush on the axis.
pub(super) fn brush_flag(ui: &Ui, cx: &Cx<'_>, rooms: &Rooms, scale: &TimeScale) {
    let Some(brush) = cx.session.place.brush else { return };
    let middle = f32::midpoint(scale.x_from_time(brush.start), scale.x_from_time(brush.end));
    let x = middle.clamp(rooms.plot.left(), rooms.plot.right());
    let room = Rect::from_min_max(pos2(rooms.plot.left() - 40.0, rooms.axis.top()), rooms.axis.max);
    overlays::flag(&ui.painter_at(rooms.axis.expand(4.0)), cx.theme, x, room, &brush_text(cx, brush));
}

fn brush_text(cx: &Cx<'_>, brush: Span) -> String {
    let zone = cx.session.document.zone;
    format!("{} · {}", format_span(brush, zone), format_days(brush))
}

/// How long the brush is, in words.
fn length_text(brush: Span) -> String {
    match brush.width_us().unwrap_or(0) / DAY_US {
        1 if is_whole_days(brush) => "this day".to_owned(),
        days if days > 1 && is_whole_days(brush) => format!("these {} days", number_text(days as f64)),
        _ => format!("these {}", format_days(brush)),
    }
}

fn is_whole_days(span: Span) -> bool {
    span.start.is_midnight() && span.end.is_midnight()
}

/// What touches the brush: how many records, and what may be said of their numbers.
pub(super) fn brush_strip_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect) {
    let Some(brush) = cx.session.place.brush else { return };
    let theme = cx.theme;
    ui.painter().rect_filled(rect, 0.0, theme.panel);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, theme.line2));
    let query = Query::Totals { filter: cx.session.document.filter.clone(), window: Some(brush), metrics_max: METRICS_MAX };
    let answer = match cx.ask(Slot::Totals, query) {
        Some(Answer::Totals(answer)) => Some(answer),
        _ => None,
    };
    let links = links_ui(ui, cx, rect, brush);
    let line_y = rect.top() + 18.0;
    let Some(answer) = answer else {
        text_line(ui, rect.left() + 12.0, line_y, "Counting…", font::body(), theme.text3, 200.0);
        return;
    };
    let head =
        format!("{} of {} records touch {}", number_text(answer.inside as f64), number_text(answer.matching as f64), length_text(brush));
    text_line(ui, rect.left() + 12.0, line_y, &head, font::semibold(13.0), theme.text1, links - rect.left() - 24.0);
    cells_ui(ui, cx, rect.with_min_y(rect.top() + 34.0), answer);
}

/// The links on the right; returns where they start.
fn links_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect, brush: Span) -> f32 {
    let room = Rect::from_min_max(pos2(rect.left() + 40.0, rect.top() + 8.0), pos2(rect.right() - 12.0, rect.top() + 28.0));
    let layout = eframe::egui::Layout::right_to_left(eframe::egui::Align::Center);
    let mut child = ui.new_child(eframe::egui::UiBuilder::new().id_salt("brush-links").max_rect(room).layout(layout));
    child.spacing_mut().item_spacing.x = 14.0;
    if link_button(&mut child, cx.theme, "Esc").on_hover_text("Let the brush go").clicked() {
        cx.send(Navigate::Brush(None));
    }
    if link_button(&mut child, cx.theme, "Zoom to it").clicked() {
        cx.send(Navigate::Window(brush));
    }
    if link_button(&mut child, cx.theme, "Keep as filter").clicked() {
        cx.send(Edit::Filter(cx.session.document.filter.clone().and(Filter::During(Field::WHEN, brush))));
    }
    child.min_rect().left()
}

/// A cell of the strip: what is counted, the number, how it came about.
struct TotalCell {
    what: String,
    number: String,
    by: String,
    rule: String,
}

fn cells_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, answer: &TotalsAnswer) {
    let theme = cx.theme;
    let cells: Vec<TotalCell> = answer.metrics.iter().flat_map(total_cells).collect();
    if cells.is_empty() {
        text_line(ui, rect.left() + 12.0, rect.top() + 12.0, "No numbers among them", font::body(), theme.text3, rect.width() - 24.0);
        return;
    }
    let fit = |room: f32| (room / CELL_WIDTH).floor().max(1.0) as usize;
    let has_more = cells.len() > fit(rect.width() - 24.0);
    let room = rect.width() - 24.0 - if has_more { MORE_WIDTH } else { 0.0 };
    let shown = cells.len().min(fit(room));
    let width = (room / shown as f32).min(CELL_WIDTH * 1.4);
    for (place, cell) in cells.iter().take(shown).enumerate() {
        let left = rect.left() + 12.0 + place as f32 * width;
        let room = width - 20.0;
        if place > 0 {
            let x = hairline(ui.painter(), left - 12.0);
            ui.painter().vline(x, rect.top()..=rect.bottom() - 10.0, Stroke::new(1.0, theme.line));
        }
        text_line(ui, left, rect.top() + 6.0, &cell.what, font::label(), theme.text3, room);
        text_line(ui, left, rect.top() + 25.0, &cell.number, font::semibold(15.0), theme.text1, room);
        text_line(ui, left, rect.top() + 43.0, &cell.by, font::label(), theme.text2, room);
        text_line(ui, left, rect.top() + 57.0, &cell.rule, font::label(), theme.text2, room);
    }
    if cells.len() > shown {
        let text = format!("+{} more", cells.len() - shown);
        let at = pos2(rect.right() - 12.0, rect.top() + 25.0);
        ui.painter().text(at, Align2::RIGHT_CENTER, text, font::label(), theme.text3);
    }
}

/// Up to two cells of a metric: the hull of claims, and the sum of one counter's increments. They are never added to each other.
fn total_cells(totals: &MetricTotals) -> Vec<TotalCell> {
    let name = display_value(Field::METRIC, &totals.metric);
    let unit = totals.unit.as_ref().filter(|unit| !is_plain_unit(unit)).map_or_else(String::new, |unit| format!(" ({unit})"));
    let mut cells = Vec::new();
    if let Some(band) = totals.hull {
        cells.push(TotalCell {
            what: format!("{name}{unit}, as reported"),
            number: band_text(band),
            by: format!("{}, {}", plural(totals.readings, "reading"), plural(totals.counters, "originator")),
            rule: "hull of claims, not a sum".to_owned(),
        });
    }
    if let Some(sum) = &totals.increments {
        let by = sum.counter.as_deref().unwrap_or("nobody named");
        cells.push(TotalCell {
            what: format!("{name}{unit}, in increments"),
            number: sum_text(sum),
            by: format!("sum of {} by {by}", number_text(sum.records as f64)),
            rule: match totals.other_counters {
                // What only touches the brush is not shared out here as it is in a chart.
                0 => "each counted whole".to_owned(),
                others => format!("each whole, {} not added", plural(others, "other counter")),
            },
        });
    }
    cells
}

/// Counts of people or pieces need no unit.
fn is_plain_unit(unit: &str) -> bool {
    matches!(unit, "persons" | "pieces" | "people" | "units")
}

fn plural(count: u64, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{} {word}s", number_text(count as f64)) }
}

/// A band in words: an open end stays open.
fn band_text(band: Band) -> String {
    match (band.low, band.high) {
        (Bound::At(low), Bound::At(high)) if low == high => number_text(low),
        (Bound::At(low), Bound::At(high)) => format!("{}–{}", number_text(low), number_text(high)),
        (Bound::At(low), Bound::Open) => format!("{} or more", number_text(low)),
        (Bound::Open, Bound::At(high)) => format!("up to {}", number_text(high)),
        (Bound::Open, Bound::Open) => "–".to_owned(),
    }
}

fn sum_text(sum: &IncrementTotal) -> String {
    let number = |amount: crate::data::Amount| number_text(amount.to_number());
    match (sum.value, sum.low, sum.high) {
        (Some(value), ..) => number(value),
        (None, Some(low), Some(high)) => format!("{}–{}", number(low), number(high)),
        (None, Some(low), None) => format!("≥ {}", number(low)),
        (None, None, Some(high)) => format!("≤ {}", number(high)),
        (None, None, None) => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_end_of_a_hull_stays_open() {
        assert_eq!(band_text(Band { low: Bound::At(300.0), high: Bound::Open }), "300 or more");
        assert_eq!(band_text(Band { low: Bound::At(2_700.0), high: Bound::At(3_000.0) }), "2,700–3,000");
    }

    #[test]
    fn a_metric_with_totals_and_increments_has_two_cells_that_are_not_added() {
        let totals = MetricTotals {
            metric: "killed".to_owned(),
            unit: Some("persons".to_owned()),
            hull: Some(Band { low: Bound::At(300.0), high: Bound::Open }),
            readings: 8,
            counters: 5,
            increments: Some(IncrementTotal { counter: Some("Ukr. SOF".to_owned()), value: None, low: None, high: None, records: 3 }),
            other_counters: 2,
        };
        let cells = total_cells(&totals);
        assert_eq!(cells.len(), 2);
        assert_eq!(cells[0].by, "8 readings, 5 originators");
        assert_eq!(cells[1].rule, "each whole, 2 other counters not added");
        assert_eq!(cells[1].number, "–");
    }
}
