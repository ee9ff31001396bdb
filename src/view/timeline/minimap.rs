//! The minimap: all of time as one density, and the window on it to be dragged.

use eframe::egui::{Align2, CursorIcon, Mesh, Rangef, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::Cx;
use super::memory::{Drag, Memory};
use crate::layout::{Columns, TimeScale};
use crate::query::{Answer, LaneSort, LanesQuery, Query};
use crate::session::{Navigate, Slot, fit_window};
use crate::time::{Bucket, Span, Step, TickUnit, Time, format_span, format_tick};
use crate::view::axis::{column_edges, hairline, time_ticks};
use crate::view::theme::font;

/// The widest column.
const COLUMN_PX: f32 = 4.0;
/// The row of years at the lower edge.
const YEARS_HEIGHT: f32 = 13.0;
/// How near to an edge of the window a drag takes that edge.
const EDGE_REACH: f32 = 6.0;

/// Draws it.
pub(super) fn minimap_ui(ui: &Ui, cx: &mut Cx<'_>, rect: Rect, scale: &TimeScale, memory: &mut Memory) {
    let theme = cx.theme;
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, theme.band);
    painter.hline(rect.x_range(), hairline(&painter, rect.bottom() - 0.5), Stroke::new(1.0, theme.line));
    let Some(schema) = cx.session.schema.clone() else { return };
    let whole = fit_window(&schema);
    let map = TimeScale::new(whole, scale.left, scale.width);
    painter.text(pos2(rect.left() + 12.0, rect.top() + 15.0), Align2::LEFT_CENTER, "All time", font::semibold(11.0), theme.text2);
    if let Some(extent) = schema.extent {
        let text = short_span(extent, cx.session.document.zone);
        crate::view::widgets::text_line(
            ui,
            rect.left() + 12.0,
            rect.top() + 30.0,
            &text,
            font::micro(),
            theme.text3,
            scale.left - rect.left() - 16.0,
        );
    }
    let room = Rect::from_min_max(pos2(scale.left, rect.top() + 4.0), pos2(scale.right(), rect.bottom() - YEARS_HEIGHT - 1.0));
    years(ui, cx, &map, rect);
    columns(ui, cx, &map, room);
    let left = map.x_from_time(scale.window.start).clamp(room.left(), room.right() - 3.0);
    let right = map.x_from_time(scale.window.end).clamp(left + 3.0, room.right());
    // It ends above the years, whose words its edges would strike through.
    let window = Rect::from_min_max(pos2(left, rect.top() + 2.0), pos2(right, rect.bottom() - YEARS_HEIGHT));
    painter.rect(window, 2.0, theme.accent.gamma_multiply(0.09), Stroke::new(1.5, theme.accent), StrokeKind::Inside);
    let apart = ((12.0 - window.width()) / 2.0).max(0.0);
    for x in [left - apart, right + apart] {
        painter.rect_filled(Rect::from_center_size(pos2(x, window.center().y), vec2(5.0, 12.0)), 2.0, theme.accent);
    }
    if !cx.around.is_still {
        gestures(ui, cx, rect.with_min_x(scale.left - EDGE_REACH), &map, window, memory);
    }
}

/// The extent in months, where it is long; in full, where it is short.
fn short_span(extent: Span, zone: crate::time::Zone) -> String {
    let days = extent.width_us().unwrap_or(0) / crate::time::DAY_US;
    if days < 62 {
        return format_span(extent, zone);
    }
    let step = if days > 366 * 20 { crate::time::Step::Year } else { crate::time::Step::Month };
    format!("{} – {}", step.label(extent.start), step.label(extent.end.plus_us(-1)))
}

fn years(ui: &Ui, cx: &Cx<'_>, map: &TimeScale, rect: Rect) {
    let painter = ui.painter_at(rect);
    let zone = cx.session.document.zone;
    let base = hairline(&painter, rect.bottom() - YEARS_HEIGHT - 0.5);
    painter.hline(map.left..=map.right(), base, Stroke::new(1.0, cx.theme.line));
    let mut free_from = f32::MIN;
    let ticks: Vec<_> = time_ticks(map, zone).into_iter().filter(|tick| tick.step.unit != TickUnit::Month || tick.is_major).collect();
    let mut write = |x: f32, text: String, limit: f32| {
        let galley = painter.layout_no_wrap(text, font::micro(), cx.theme.text3);
        if x >= free_from && x + galley.size().x <= limit {
            free_from = x + galley.size().x + 9.0;
            painter.galley(pos2(x, rect.bottom() - YEARS_HEIGHT - 1.5), galley, cx.theme.text3);
        }
    };
    let is_years = ticks.iter().all(|tick| matches!(tick.step.unit, TickUnit::Year | TickUnit::Month));
    if let Some(first) = ticks.first().filter(|_| is_years) {
        write(map.left + 3.0, Step::Year.label(map.window.start), map.x_from_time(first.time) - 6.0);
    }
    for tick in ticks {
        let x = hairline(&painter, map.x_from_time(tick.time));
        painter.vline(x, base..=rect.bottom(), Stroke::new(1.0, cx.theme.line));
        write(x + 3.0, format_tick(&tick, zone), map.right());
    }
}

/// The density of everything that passes the filter.
fn columns(ui: &Ui, cx: &mut Cx<'_>, map: &TimeScale, room: Rect) {
    let document = &cx.session.document;
    let query = LanesQuery {
        lane: None,
        colour: None,
        filter: document.filter.clone(),
        window: map.window,
        bucket: Bucket::for_pixels(map.window.width_us().unwrap_or(1), map.width, COLUMN_PX),
        sort: LaneSort::Count,
        lanes_max: 1,
        marks_max: 0,
        has_folded_repeats: false,
    };
    cx.questions.ask(Slot::Minimap, Query::Lanes(query));
    let Some((Query::Lanes(own), Answer::Lanes(answer))) = cx.answers.get_with_query(&Slot::Minimap) else { return };
    let Some(lane) = answer.lanes.first() else { return };
    let heights = Columns::new(own.bucket, cx.session.schema.as_deref());
    let most = heights.highest(&lane.cells);
    let window = cx.session.place.window;
    let mut mesh = Mesh::default();
    for cell in &lane.cells {
        let Span { start, end } = heights.span(cell.index);
        let (left, right) = (map.x_from_time(start).max(room.left()), map.x_from_time(end).min(room.right()));
        let tall = (heights.height(cell) / most).sqrt() * room.height();
        let is_inside = end > window.start && start < window.end;
        let colour = if is_inside { cx.theme.density[4] } else { cx.theme.density[2] };
        let y = Rangef::new(room.bottom() - tall.max(2.0), room.bottom());
        mesh.add_colored_rect(Rect::from_x_y_ranges(column_edges(ui.pixels_per_point(), left, right), y), colour);
    }
    ui.painter_at(room).add(Shape::mesh(mesh));
}

fn gestures(ui: &Ui, cx: &mut Cx<'_>, room: Rect, map: &TimeScale, window: Rect, memory: &mut Memory) {
    let response = ui.interact(room, ui.scope_id().with("minimap"), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, "Minimap: all of time"));
    let grip = |x: f32| {
        let (to_left, to_right) = ((x - window.left()).abs(), (x - window.right()).abs());
        if to_left.min(to_right) <= EDGE_REACH {
            Some(Drag::WindowEdge(to_left <= to_right))
        } else {
            window.x_range().contains(x).then_some(Drag::Window)
        }
    };
    if let Some(at) = response.hover_pos() {
        ui.ctx().set_cursor_icon(match grip(at.x) {
            Some(Drag::WindowEdge(_)) => CursorIcon::ResizeHorizontal,
            Some(_) if response.dragged() => CursorIcon::Grabbing,
            Some(_) => CursorIcon::Grab,
            None => CursorIcon::PointingHand,
        });
    }
    let seen = cx.session.place.window;
    let width = seen.width_us().unwrap_or(0);
    let centred = |time: Time| Span::new(time.plus_us(-width / 2), time.plus_us(width - width / 2));
    if response.drag_started()
        && let Some(origin) = ui.input(|input| input.pointer.press_origin())
    {
        memory.drag = Some(grip(origin.x).unwrap_or(Drag::Window));
        if grip(origin.x).is_none() {
            cx.send(Navigate::Window(centred(map.time_from_x(origin.x))));
        }
    }
    let by = (f64::from(response.drag_delta().x) * map.us_per_point()) as i64;
    match (memory.drag, response.interact_pointer_pos()) {
        (Some(Drag::Window), Some(_)) if by != 0 => cx.send(Navigate::Window(Span::new(seen.start.plus_us(by), seen.end.plus_us(by)))),
        (Some(Drag::WindowEdge(is_start)), Some(at)) => {
            let time = map.time_from_x(at.x);
            let least = (map.us_per_point() * 3.0) as i64;
            let span = if is_start {
                Span::new(time.min(seen.end.plus_us(-least)), seen.end)
            } else {
                Span::new(seen.start, time.max(seen.start.plus_us(least)))
            };
            if span != seen {
                cx.send(Navigate::Window(span));
            }
        }
        _ => {}
    }
    if response.drag_stopped() && matches!(memory.drag, Some(Drag::Window | Drag::WindowEdge(_))) {
        memory.drag = None;
    }
    if response.double_clicked() {
        cx.send(Navigate::Fit);
    } else if let (true, Some(at)) = (response.clicked(), response.interact_pointer_pos()) {
        cx.send(Navigate::Window(centred(map.time_from_x(at.x))));
    }
    if response.contains_pointer() {
        let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
        let factor = f64::from(pinch) * f64::from(scroll.y / 200.0).exp();
        if (factor - 1.0).abs() > 1e-6 {
            cx.send(Navigate::Zoom(factor, None));
        }
    }
}
