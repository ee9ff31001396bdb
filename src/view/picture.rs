//! What an export shows between its title and its footer: timeline and boards as on the screen, without controls.

use eframe::egui::{CentralPanel, Frame, Panel, Rect, Ui, vec2};

use super::axis::{AXIS_HEIGHT, paint_time_axis, time_ticks};
use super::{Cx, boards, timeline};
use crate::layout::{LANE_GUTTER, PLOT_RIGHT, TimeScale};

/// Which views a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureContent {
    /// The timeline.
    Timeline,
    /// The boards of the Document, over an axis of their own.
    Boards,
    /// Both, as in the window.
    Both,
}

/// Draws the views into the whole of `ui`.
pub fn picture_ui(ui: &mut Ui, cx: &mut Cx<'_>, content: PictureContent) {
    match content {
        PictureContent::Timeline => timeline::timeline_ui(ui, cx),
        PictureContent::Boards => {
            let plain = Frame::NONE.fill(cx.theme.panel);
            Panel::bottom("picture_axis").exact_size(AXIS_HEIGHT).frame(plain).show_separator_line(false).show(ui, |ui| axis_ui(ui, cx));
            CentralPanel::default().frame(plain).show(ui, |ui| boards::boards_ui(ui, cx));
        }
        PictureContent::Both => {
            let plain = Frame::NONE.fill(cx.theme.panel);
            let height = boards::height_wanted(cx, ui.available_height());
            if height > 0.0 {
                Panel::bottom("picture_boards")
                    .exact_size(height)
                    .frame(plain)
                    .show_separator_line(false)
                    .show(ui, |ui| boards::boards_ui(ui, cx));
            }
            CentralPanel::default().frame(plain).show(ui, |ui| timeline::timeline_ui(ui, cx));
        }
    }
}

/// The axis under boards that stand alone.
fn axis_ui(ui: &Ui, cx: &Cx<'_>) {
    let row = ui.max_rect();
    let plot = Rect::from_min_max(row.min + vec2(LANE_GUTTER, 0.0), row.max - vec2(PLOT_RIGHT, 0.0));
    let scale = TimeScale::new(cx.session.place.window, plot.left(), plot.width());
    let zone = cx.session.document.zone;
    paint_time_axis(ui, cx.theme, plot, &scale, &time_ticks(&scale, zone), zone);
}
