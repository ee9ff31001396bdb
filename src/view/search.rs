//! The search box: the query language, its errors and what could be typed.

use eframe::egui::{
    Align2, Id, Key, Popup, PopupCloseBehavior, Rect, RichText, Sense, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, pos2, text::CCursor,
    text::CCursorRange, vec2,
};

use super::theme::font;
use super::widgets::{icon_button, key_cap, menu_row};
use super::{Cx, icon};
use crate::query::{Completion, completions};
use crate::session::{Edit, Show};

const HINT: &str = "Search, or  metric:killed  after:2024-10  from:DPRK";

/// Draws the box.
pub(super) fn search_ui(ui: &mut Ui, cx: &mut Cx<'_>, width: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(width, 26.0), Sense::hover());
    let id = Id::unique("search_box");
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    let error = cx.session.search.error.as_ref();
    let edge = match (error.is_some(), has_focus) {
        (true, _) => Stroke::new(1.5, cx.theme.error),
        (false, true) => Stroke::new(2.0, cx.theme.accent),
        (false, false) => Stroke::new(1.0, cx.theme.line2),
    };
    ui.painter().rect(rect, 4.0, cx.theme.field, edge, StrokeKind::Inside);
    ui.painter().text(pos2(rect.left() + 15.0, rect.center().y), Align2::CENTER_CENTER, icon("search"), font::icon(16.0), cx.theme.text3);
    if let Some(share) = cx.answers.searched() {
        // How far the search has come whose first results are shown.
        let line = Rect::from_min_max(pos2(rect.left() + 4.0, rect.bottom() - 3.0), pos2(rect.right() - 4.0, rect.bottom() - 1.0));
        let done = line.with_max_x(line.left() + line.width() * share.clamp(0.0, 1.0));
        ui.painter().rect_filled(done, 1.0, cx.theme.accent);
        ui.ctx().request_repaint();
    }
    let has_text = !cx.session.search.text.is_empty();
    let inner = Rect::from_min_max(pos2(rect.left() + 28.0, rect.top()), pos2(rect.right() - 28.0, rect.bottom()));
    let mut text = cx.session.search.text.clone();
    let mut child = ui.new_child(UiBuilder::new().max_rect(inner));
    child.set_clip_rect(inner);
    let edit = TextEdit::singleline(&mut text)
        .id(id)
        .font(font::body())
        .frame(eframe::egui::Frame::NONE)
        .desired_width(inner.width())
        .align(eframe::egui::Align2::LEFT_CENTER)
        .hint_text(RichText::new(HINT).color(cx.theme.text3))
        .min_size(inner.size());
    let output = edit.show(&mut child);
    let response = output.response.response;
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::TextInput, true, "Search"));
    if cx.session.panels.wants_search_focus {
        response.request_focus();
        cx.send(Show::SearchText(text.clone()));
    } else if response.changed() {
        cx.send(Show::SearchText(text.clone()));
    }
    if has_text {
        let spot = Rect::from_center_size(pos2(rect.right() - 15.0, rect.center().y), vec2(24.0, 24.0));
        let mut child = ui.new_child(UiBuilder::new().max_rect(spot));
        if icon_button(&mut child, cx.theme, "close", "Clear the filter", true).clicked() {
            cx.send(Edit::ClearFilter);
            cx.send(Show::SearchText(String::new()));
        }
    } else if !has_focus {
        key_cap(ui, cx.theme, pos2(rect.right() - 6.0, rect.center().y), "/");
    }
    if has_focus && ui.input(|input| input.key_pressed(Key::Escape)) {
        response.surrender_focus();
    }
    let cursor = output.cursor_range.map_or(text.len(), |range| byte_of(&text, range.primary.index.0));
    below_ui(ui, cx, &response, &text, cursor);
}

fn byte_of(text: &str, chars: usize) -> usize {
    text.char_indices().nth(chars).map_or(text.len(), |(place, _)| place)
}

/// What is wrong, or what could be typed, under the box.
fn below_ui(ui: &Ui, cx: &mut Cx<'_>, response: &eframe::egui::Response, text: &str, cursor: usize) {
    let error = cx.session.search.error.clone();
    let offered: Vec<Completion> = match (&cx.session.schema, response.has_focus() && !text.is_empty()) {
        // What is typed already is no offer.
        (Some(schema), true) => {
            let is_new = |offer: &Completion| text.get(offer.range.clone()) != Some(offer.insert.as_str());
            completions(text, cursor, schema).into_iter().filter(is_new).collect()
        }
        _ => Vec::new(),
    };
    let is_open = response.has_focus() && (error.is_some() || !offered.is_empty());
    let mut chosen = None;
    Popup::from_response(response).open(is_open).close_behavior(PopupCloseBehavior::IgnoreClicks).gap(4.0).show(|ui| {
        ui.set_width(response.rect.width().max(320.0));
        if let Some(error) = &error {
            ui.label(RichText::new(&error.message).font(font::body()).color(cx.theme.error));
        }
        for completion in offered.iter().take(8) {
            let label = if completion.label == completion.insert { "" } else { &completion.label };
            if menu_row(ui, cx.theme, "", &completion.insert, label).clicked() {
                chosen = Some(completion.clone());
            }
        }
    });
    let by_tab = response.has_focus() && ui.input(|input| input.key_pressed(Key::Tab));
    if let Some(completion) = chosen.or_else(|| offered.into_iter().next().filter(|_| by_tab)) {
        let mut typed = text.to_owned();
        let end = completion.range.start + completion.insert.len();
        typed.replace_range(completion.range, &completion.insert);
        if let Some(mut state) = TextEdit::load_state(ui.ctx(), response.id) {
            let place = CCursor::new(typed[..end.min(typed.len())].chars().count());
            state.cursor.set_char_range(Some(CCursorRange::one(place)));
            state.store(ui.ctx(), response.id);
        }
        response.request_focus();
        cx.send(Show::SearchText(typed));
    }
}
