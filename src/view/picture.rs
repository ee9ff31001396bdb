//! What an export shows between its title and its footer: timeline and boards as on the screen, without controls.

use eframe::egui::{CentralPanel, Frame, Panel, Ui};

use super::{Cx, boards, timeline};

/// Which views a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureContent {
    /// The timeline.
    Timeline,
    /// The boards of the Document, over their own axis.
    Boards,
    /// Both, as in the window.
    Both,
}

/// Draws the views into the whole of `ui`.
pub fn picture_ui(ui: &mut Ui, cx: &mut Cx<'_>, content: PictureContent) {
    match content {
        PictureContent::Timeline => timeline::timeline_ui(ui, cx),
        PictureContent::Boards => boards::boards_ui(ui, cx),
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
