//! Go to a date: an EDTF date, said back in words while it is typed.

use eframe::egui::{Id, Key, RichText, Ui};

use super::super::Cx;
use super::super::theme::font;
use super::super::widgets::primary_button;
use super::{first_field, forget};
use crate::session::{Navigate, Show};
use crate::time::{DAY_US, Span, format_when, parse_edtf};

/// Draws the dialog.
pub(super) fn goto_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let id = Id::unique("goto_date");
    let mut text: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let field = first_field(ui, cx, id, &mut text, "2025-02-11, 2024-12, 2024, 2024-10/2025-03");
    ui.data_mut(|data| data.insert_temp(id, text.clone()));
    let read = parse_edtf(text.trim());
    let (words, colour) = match &read {
        _ if text.trim().is_empty() => ("A day, a month, a year, or two of them with / between.".to_owned(), cx.theme.text3),
        Ok(when) => (format_when(when, cx.session.document.zone), cx.theme.text1),
        Err(error) => (error.to_string(), cx.theme.error),
    };
    ui.label(RichText::new(words).font(font::body()).color(colour));
    ui.add_space(8.0);
    let by_enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let go = ui.add_enabled_ui(read.is_ok(), |ui| primary_button(ui, cx.theme, "Go").clicked()).inner;
    if let (true, Ok(when)) = (go || by_enter, read) {
        forget(ui, id);
        cx.send(Show::Dialog(None));
        cx.send(Navigate::Window(around(when.span)));
    }
}

/// The span with as much again on each side, at least ten days.
fn around(span: Span) -> Span {
    let start = if span.start.is_bounded() { span.start } else { span.end.plus_us(-365 * DAY_US) };
    let end = if span.end.is_bounded() { span.end } else { span.start.plus_us(365 * DAY_US) };
    let air = end.0.saturating_sub(start.0).max(10 * DAY_US) / 2;
    Span::new(start.plus_us(-air), end.plus_us(air))
}
