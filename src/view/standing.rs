//! The strip under the top bar that says what somebody should know of the open file: only a part of it was read, it has changed since,
//! or it is a newer release of another.

use eframe::egui::{Align, Frame, Layout, Margin, Panel, RichText, Ui};

use super::theme::font;
use super::widgets::{icon_button, plain_button};
use super::{Cx, icon};
use crate::session::Action;

/// The height of the strip.
const HEIGHT: f32 = 34.0;

/// Draws the strip, when there is something to say.
pub(super) fn standing_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let Some(standing) = cx.around.standing.clone() else { return };
    let (ground, glyph, colour) = if standing.is_warning {
        (cx.theme.warning_ground, "warning", cx.theme.warning)
    } else {
        (cx.theme.selection, "description", cx.theme.accent)
    };
    let frame = Frame::NONE.fill(ground).inner_margin(Margin::symmetric(12, 0));
    Panel::top("standing").exact_size(HEIGHT).frame(frame).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, cx.theme, "close", "Close this message", true).clicked() {
                cx.send(Action::CloseStanding);
            }
            if plain_button(ui, cx.theme, standing.offer.label).clicked() {
                cx.send(standing.offer.action.clone());
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.label(RichText::new(icon(glyph)).font(font::icon(16.0)).color(colour));
                let text = RichText::new(&standing.text).font(font::body()).color(cx.theme.text1);
                ui.add(eframe::egui::Label::new(text).truncate()).on_hover_text(&standing.text);
            });
        });
    });
}
