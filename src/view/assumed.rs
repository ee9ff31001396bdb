//! The strips under the top bar that say how the open file came to be read, and what had to be assumed: the other reading is one click away.

use eframe::egui::{Align, Frame, Label, Layout, Margin, Panel, RichText, Ui};

use super::theme::font;
use super::widgets::{icon_button, link_button, plain_button};
use super::{Cx, icon};
use crate::session::{Action, Show};

/// The height of a strip.
const HEIGHT: f32 = 34.0;
/// So many other readings are offered in the strip itself.
const OFFERED_MAX: usize = 2;
/// Below this width only one is.
const WIDTH_TWO: f32 = 1_200.0;

/// What was assumed, with its other reading, wants so much room.
const ROOM_MIN: f32 = 260.0;

/// Draws the strips, when there is something to say.
pub(super) fn assumed_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    note_ui(ui, cx);
    let Some(schema) = cx.session.schema.clone() else { return };
    let assumptions = &schema.origin.assumptions;
    if assumptions.is_empty() || !cx.session.panels.has_assumed || !schema.is_complete {
        return;
    }
    let offered = if ui.available_width() < WIDTH_TWO { 1 } else { OFFERED_MAX };
    let frame = Frame::NONE.fill(cx.theme.warning_ground).inner_margin(Margin::symmetric(12, 0));
    Panel::top("assumed").exact_size(HEIGHT).frame(frame).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, cx.theme, "close", "Close: it stays so", true).clicked() {
                cx.send(Show::Assumed(false));
            }
            let more = assumptions.len().saturating_sub(offered);
            let all = if more > 0 { format!("All {}…", assumptions.len()) } else { "How it is read…".to_owned() };
            if plain_button(ui, cx.theme, &all).clicked() {
                cx.send(Show::Reading(Box::new(cx.session.read_with.clone())));
            }
            ui.add_space(8.0);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.label(RichText::new(icon("info")).font(font::icon(16.0)).color(cx.theme.warning));
                ui.label(RichText::new("Assumed").font(font::semibold(12.0)).color(cx.theme.text1));
                for assumption in assumptions.iter().take(offered) {
                    // A reading that finds no room is among all of them in the panel.
                    if ui.available_width() < ROOM_MIN {
                        break;
                    }
                    let column = assumption.column.as_ref().map(|column| format!("{}: ", short(column))).unwrap_or_default();
                    let text = RichText::new(format!("{column}{}", assumption.assumed)).font(font::body()).color(cx.theme.text1);
                    ui.add(Label::new(text).truncate()).on_hover_text(&assumption.why);
                    let link = link_button(ui, cx.theme, &format!("Read {}", assumption.other));
                    if link.on_hover_text(&assumption.why).clicked() {
                        cx.send(Action::ReadWith(Box::new(cx.session.read_with.with(assumption.change.clone()))));
                    }
                    ui.add_space(12.0);
                }
            });
        });
    });
}

fn short(name: &str) -> String {
    const CHARS_MAX: usize = 32;
    match name.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

fn note_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let Some(note) = cx.around.read_note.clone() else { return };
    let frame = Frame::NONE.fill(cx.theme.selection).inner_margin(Margin::symmetric(12, 0));
    Panel::top("read_note").exact_size(HEIGHT).frame(frame).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, cx.theme, "close", "Close this message", true).clicked() {
                cx.send(Action::CloseStanding);
            }
            if plain_button(ui, cx.theme, note.offer).clicked() {
                cx.send(Action::ReadWith(Box::new(note.options.clone())));
            }
            if plain_button(ui, cx.theme, "How it is read…").clicked() {
                cx.send(Show::Reading(Box::new(cx.session.read_with.clone())));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.label(RichText::new(icon("data_table")).font(font::icon(16.0)).color(cx.theme.accent));
                let text = RichText::new(&note.text).font(font::body()).color(cx.theme.text1);
                ui.add(Label::new(text).truncate()).on_hover_text(&note.text);
            });
        });
    });
}
