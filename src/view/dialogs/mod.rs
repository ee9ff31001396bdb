//! Dialogs and the states without a picture: palette, keys, issues, open, link, export, go to, columns; empty, loading, failed.

mod columns;
mod export;
mod goto;
mod issues;
mod keys;
mod link;
mod open;
mod palette;
mod paths;
mod states;

pub(super) use states::{empty_ui, loading_ui, notice_ui};

use eframe::egui::{Frame, Id, Margin, Modal, RichText, Stroke, Ui, vec2};

use super::theme::font;
use super::widgets::icon_button;
use super::{Cx, Theme};
use crate::session::{Dialog, Show};

/// Draws the open dialog, if one is.
pub(super) fn dialogs_ui(ui: &Ui, cx: &mut Cx<'_>) {
    let Some(dialog) = cx.session.panels.dialog.clone() else { return };
    match dialog {
        Dialog::Palette => palette::palette_ui(ui, cx),
        Dialog::Keys => modal(ui, cx, "All keys", 720.0, keys::keys_ui),
        Dialog::Issues => modal(ui, cx, "What could not be taken as it stood", 980.0, issues::issues_ui),
        Dialog::Open => modal(ui, cx, "Open event records", 560.0, open::open_ui),
        Dialog::Link(address) => modal(ui, cx, "Open this address in the browser?", 560.0, |ui, cx| link::link_ui(ui, cx, &address)),
        Dialog::Export => modal(ui, cx, "Export a picture", 480.0, export::export_ui),
        Dialog::GoTo => modal(ui, cx, "Go to a date", 420.0, goto::goto_ui),
        Dialog::Reading => super::import::import_ui(ui, cx),
        Dialog::Compare => modal(ui, cx, "Compare with a newer release", 560.0, paths::compare_ui),
        Dialog::SaveRejected => modal(ui, cx, "Save rejected rows", 560.0, paths::rejected_ui),
        Dialog::Columns => modal(ui, cx, "Columns of the table", 420.0, columns::columns_ui),
    }
}

/// A dialog in the middle of the window, with a title and a way out.
fn modal(ui: &Ui, cx: &mut Cx<'_>, title: &str, width: f32, content: impl FnOnce(&mut Ui, &mut Cx<'_>)) {
    let width = width.min(ui.ctx().content_rect().width() - 48.0);
    let response = Modal::new(Id::unique("dialog")).frame(card(cx.theme)).backdrop_color(cx.theme.backdrop()).show(ui.ctx(), |ui| {
        ui.set_width(width);
        ui.horizontal(|ui| {
            ui.label(RichText::new(title).font(font::semibold(15.0)).color(cx.theme.text1));
            ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
                if icon_button(ui, cx.theme, "close", "Close (Esc)", true).clicked() {
                    cx.send(Show::Dialog(None));
                }
            });
        });
        ui.add_space(8.0);
        content(ui, cx);
    });
    if response.backdrop_response.clicked() {
        cx.send(Show::Dialog(None));
    }
}

/// The frame of floating cards.
fn card(theme: &Theme) -> Frame {
    Frame::NONE
        .fill(theme.raised)
        .stroke(Stroke::new(1.0, theme.line2))
        .corner_radius(6.0)
        .inner_margin(Margin::same(16))
        .shadow(eframe::egui::Shadow { offset: [2, 3], blur: 0, spread: 0, color: theme.shade.gamma_multiply(0.10) })
}

/// The content at which a dialog scrolls.
fn content_height(ui: &Ui) -> f32 {
    (ui.ctx().content_rect().height() - 180.0).max(160.0)
}

/// A text field that dialogs share; takes the keyboard when the dialog opens.
fn first_field(ui: &mut Ui, cx: &Cx<'_>, id: Id, text: &mut String, hint: &str) -> eframe::egui::Response {
    let edit = eframe::egui::TextEdit::singleline(text)
        .id(id)
        .font(font::body())
        .hint_text(RichText::new(hint).color(cx.theme.text3))
        .desired_width(f32::INFINITY)
        .margin(vec2(8.0, 6.0));
    let response = ui.add(edit);
    if has_opened(ui, id) {
        response.request_focus();
    }
    response
}

/// Is something drawn that was not there a pass ago? To be asked once a pass.
fn has_opened(ui: &Ui, id: Id) -> bool {
    let seen = id.with("seen");
    let now = ui.ctx().cumulative_pass_nr();
    let before: Option<u64> = ui.data(|data| data.get_temp(seen));
    ui.data_mut(|data| data.insert_temp(seen, now));
    before.is_none_or(|before| before + 1 < now)
}

/// Forgets what a dialog kept while it was open.
fn forget(ui: &Ui, id: Id) {
    ui.data_mut(|data| {
        data.remove::<String>(id);
        data.remove::<usize>(id);
    });
}
