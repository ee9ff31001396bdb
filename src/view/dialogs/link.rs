//! Before a link is opened: its full address, and a choice.

use eframe::egui::{Label, RichText, Ui};

use super::super::Cx;
use super::super::theme::font;
use super::super::widgets::{plain_button, primary_button};
use crate::session::{Action, Show};

/// Draws the dialog.
pub(super) fn link_ui(ui: &mut Ui, cx: &mut Cx<'_>, address: &str) {
    let lower = address.to_ascii_lowercase();
    let is_web = lower.starts_with("http://") || lower.starts_with("https://");
    let host = address.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or("");
    let mut job = eframe::egui::text::LayoutJob::default();
    let format = |font_id, color| eframe::egui::TextFormat { font_id, color, ..Default::default() };
    let (before, after) = match (host.is_empty(), address.find(host)) {
        (false, Some(place)) => (&address[..place], &address[place + host.len()..]),
        _ => (address, ""),
    };
    job.append(before, 0.0, format(font::regular(13.0), cx.theme.text3));
    job.append(if after.is_empty() && before == address { "" } else { host }, 0.0, format(font::semibold(13.0), cx.theme.text1));
    job.append(after, 0.0, format(font::regular(13.0), cx.theme.text2));
    job.wrap.break_anywhere = true;
    job.wrap.max_width = ui.available_width();
    ui.add(Label::new(job).selectable(true));
    ui.add_space(8.0);
    let words = if is_web { "The browser opens it; Dateline itself uses no network." } else { "Only http and https addresses are opened." };
    ui.label(RichText::new(words).font(font::label()).color(cx.theme.text3));
    ui.add_space(12.0);
    ui.horizontal(|ui| {
        if is_web {
            let open = primary_button(ui, cx.theme, "Open in browser");
            if ui.memory(|memory| memory.focused().is_none()) {
                open.request_focus();
            }
            if open.clicked() {
                cx.send(Action::OpenLink(address.to_owned()));
                cx.send(Show::Dialog(None));
            }
        }
        if plain_button(ui, cx.theme, "Copy address").clicked() {
            cx.send(Action::CopyText(address.to_owned()));
            cx.send(Show::Dialog(None));
        }
        if plain_button(ui, cx.theme, "Cancel").clicked() {
            cx.send(Show::Dialog(None));
        }
    });
}
