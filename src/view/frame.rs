//! The window: where each panel stands, and what it gives way to when there is little room.

use eframe::egui::{Area, CentralPanel, Frame, Id, Order, Panel, Stroke, Ui, pos2};

use super::{Cx, FileState, assumed, boards, dialogs, facets, inspector, standing, status_bar, table, timeline, top_bar};

/// Below this width the inspector is as narrow as it may be.
const WIDTH_INSPECTOR_WIDE: f32 = 1280.0;
/// Below this width the inspector and the filters lie over the timeline.
pub(super) const WIDTH_FACETS_BESIDE: f32 = 900.0;

/// Draws the whole window.
pub fn window_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let plain = |fill| Frame::NONE.fill(fill);
    let width = ui.available_width();
    Panel::top("top_bar").exact_size(40.0).frame(plain(cx.theme.panel)).show(ui, |ui| top_bar::top_bar_ui(ui, cx));
    Panel::bottom("status_bar").exact_size(24.0).frame(plain(cx.theme.band)).show(ui, |ui| status_bar::status_bar_ui(ui, cx));
    standing::standing_ui(ui, cx);
    assumed::assumed_ui(ui, cx);
    let is_open = cx.session.schema.is_some();
    if is_open && cx.session.panels.has_facets && width >= WIDTH_FACETS_BESIDE {
        Panel::left("facets")
            .resizable(true)
            .default_size(224.0)
            .size_range(180.0..=320.0)
            .frame(plain(cx.theme.panel))
            .show(ui, |ui| facets::facets_ui(ui, cx));
    }
    let has_inspector = is_open && cx.session.panels.has_inspector && !cx.session.place.selection.is_empty();
    if has_inspector && width >= WIDTH_FACETS_BESIDE {
        let is_wide = width >= WIDTH_INSPECTOR_WIDE;
        // Each has a width of its own, so that a window made narrow for a while changes none.
        Panel::right(if is_wide { "inspector" } else { "inspector_narrow" })
            .resizable(true)
            .default_size(if is_wide { 312.0 } else { 280.0 })
            .size_range(280.0..=if is_wide { 440.0 } else { 320.0 })
            .frame(plain(cx.theme.panel))
            .show(ui, |ui| inspector::inspector_ui(ui, cx));
    }
    CentralPanel::default().frame(plain(cx.theme.panel)).show(ui, |ui| {
        if is_open {
            centre_ui(ui, cx);
        } else {
            dialogs::empty_ui(ui, cx);
        }
    });
    if has_inspector && width < WIDTH_FACETS_BESIDE {
        inspector::inspector_sheet_ui(ui, cx);
    }
    if is_open && cx.session.panels.has_facets_sheet && width < WIDTH_FACETS_BESIDE {
        facets_sheet_ui(ui, cx);
    }
    dialogs::dialogs_ui(ui, cx);
    dialogs::notice_ui(ui, cx);
    if matches!(cx.around.file, FileState::Loading(_)) {
        dialogs::loading_ui(ui, cx);
    }
}

/// The filters over the timeline, from the left edge.
fn facets_sheet_ui(ui: &Ui, cx: &mut Cx<'_>) {
    let screen = ui.ctx().content_rect();
    let height = screen.height() - 64.0;
    Area::new(Id::unique("facets_sheet")).order(Order::Foreground).fixed_pos(pos2(screen.left(), screen.top() + 40.0)).show(
        ui.ctx(),
        |ui| {
            Frame::NONE.fill(cx.theme.panel).stroke(Stroke::new(1.0, cx.theme.line2)).show(ui, |ui| {
                ui.set_width(260.0);
                ui.set_height(height);
                facets::facets_ui(ui, cx);
            });
        },
    );
}

/// Table below, boards above it, timeline on top.
fn centre_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    table::table_panel_ui(ui, cx);
    let boards_height = boards::height_wanted(cx, ui.available_height());
    if boards_height > 0.0 {
        Panel::bottom("boards").exact_size(boards_height).frame(Frame::NONE.fill(cx.theme.panel)).show(ui, |ui| boards::boards_ui(ui, cx));
    }
    CentralPanel::default().frame(Frame::NONE.fill(cx.theme.panel)).show(ui, |ui| timeline::timeline_ui(ui, cx));
}
