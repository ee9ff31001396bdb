//! What could not be taken as it stood: by kind, with file, line, column, value, reason, what was done, and the lines of the file themselves.

mod detail;
mod kinds;
mod list;
mod words;

use eframe::egui::{Align, Id, Layout, Rect, RichText, ScrollArea, Sense, Stroke, TextEdit, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};

use super::super::rows::cut_text;
use super::super::theme::font;
use super::super::widgets::link_button;
use super::super::{Cx, icon};
use super::content_height;
use crate::data::{ISSUES_LISTED_MAX, IssueKind, Listed};
use crate::query::{Answer, IssuesAnswer, Query, Schema};
use crate::session::{Action, Dialog, Show, Slot};

/// A page asks for this many issues; pages begin at multiples of half of it.
const PAGE: u64 = 400;
/// The height of the chosen issue: its words, and the lines of the file.
const DETAIL: f32 = 236.0;
/// The height of the line that accounts for all rows.
const ACCOUNT: f32 = 28.0;
/// The most that the dialog is high: a list and what is chosen in it, without much way for the eye between them.
const HEIGHT_MAX: f32 = 640.0;

/// What the dialog remembers while it is open.
#[derive(Clone, Default, PartialEq)]
struct Memory {
    kind: Option<IssueKind>,
    /// Only issues with this text.
    text: String,
    chosen: u64,
    first_seen: u64,
    is_copying: bool,
    wants_focus: bool,
    /// Shall the field in which issues are looked for take the keyboard?
    wants_search: bool,
    /// By so many kinds the keys went on, or back.
    kinds_moved: i32,
    /// The record of the chosen issue is to be shown.
    wants_record: bool,
    /// The issue whose lines were brought into sight.
    scrolled_for: Option<Listed>,
}

/// Draws the list.
pub(super) fn issues_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let Some(schema) = cx.session.schema.clone() else { return };
    let kinds = kinds::kinds_of(&schema);
    if kinds.is_empty() {
        none_ui(ui, cx, &schema);
        return;
    }
    let id = Id::unique("issues_dialog");
    let mut memory: Memory = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let before = memory.clone();
    if memory.kind.is_none_or(|kind| kinds.iter().all(|own| own.0 != kind)) {
        memory = Memory { kind: kinds.first().map(|own| own.0), wants_focus: true, ..Memory::default() };
    }
    move_kind(&kinds, &mut memory);
    let height = content_height(ui).min(HEIGHT_MAX);
    let (outer, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let bottom = outer.bottom() - ACCOUNT;
    let list_width = (outer.width() * 0.26).clamp(150.0, 232.0);
    let left = Rect::from_min_max(outer.min, pos2(outer.left() + list_width, bottom));
    let right = Rect::from_min_max(pos2(left.right() + 16.0, outer.top()), pos2(outer.right(), bottom));
    ui.painter().vline(left.right() + 8.0, left.y_range(), Stroke::new(1.0, cx.theme.line));
    let mut child = ui.new_child(UiBuilder::new().max_rect(left));
    kinds::kinds_ui(&mut child, cx, &kinds, &mut memory);
    let mut child = ui.new_child(UiBuilder::new().max_rect(right));
    issues_of_kind_ui(&mut child, cx, &kinds, &mut memory);
    account_ui(ui, cx, &schema, Rect::from_min_max(pos2(outer.left(), bottom), outer.max));
    copy(ui, cx, &mut memory, &schema);
    if memory != before {
        // What was drawn before the change in this frame is drawn anew.
        ui.ctx().request_repaint();
    }
    ui.data_mut(|data| data.insert_temp(id, memory));
}

/// Goes to another kind when the keys say so.
fn move_kind(kinds: &[(IssueKind, u64)], memory: &mut Memory) {
    let moved = std::mem::take(&mut memory.kinds_moved);
    let Some(at) = kinds.iter().position(|own| Some(own.0) == memory.kind).filter(|_| moved != 0) else { return };
    let at = (at as i32 + moved).clamp(0, kinds.len() as i32 - 1) as usize;
    *memory = Memory { kind: Some(kinds[at].0), text: std::mem::take(&mut memory.text), wants_focus: true, ..Memory::default() };
}

fn none_ui(ui: &mut Ui, cx: &Cx<'_>, schema: &Schema) {
    ui.add_space(24.0);
    ui.vertical_centered(|ui| {
        ui.label(RichText::new(icon("check")).font(font::icon(28.0)).color(cx.theme.ok));
        ui.label(RichText::new("No issues").font(font::semibold(15.0)).color(cx.theme.text1));
        ui.label(RichText::new("Every row and every cell was taken as it stood.").font(font::body()).color(cx.theme.text2));
        ui.label(RichText::new(words::account(&schema.origin)).font(font::label()).color(cx.theme.text3));
    });
    ui.add_space(24.0);
}

/// Says what has become of every row of the file, and offers those that were left out.
fn account_ui(ui: &mut Ui, cx: &mut Cx<'_>, schema: &Schema, rect: Rect) {
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, cx.theme.line));
    let mut right = rect.right();
    if schema.origin.rejected > 0 {
        let spot = Rect::from_min_max(pos2(rect.right() - 140.0, rect.top() + 1.0), rect.max);
        let mut child = ui.new_child(UiBuilder::new().max_rect(spot).layout(Layout::right_to_left(Align::Center)));
        let link = link_button(&mut child, cx.theme, "Save rejected rows…");
        if link.on_hover_text("As CSV: file, line, reason, and the row as it stands").clicked() {
            cx.send(Show::Dialog(Some(Dialog::SaveRejected)));
        }
        right = spot.left() - 12.0;
    }
    let words = words::account(&schema.origin);
    let painted =
        cut_text(ui, rect.left() + 4.0, rect.center().y + 1.0, &words, (font::label(), cx.theme.text2), right - rect.left() - 4.0);
    let response = ui.interact(rect.with_max_x(right), Id::unique("issues_account"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(eframe::egui::Role::Label, true, &words));
    if painted.is_cut {
        response.on_hover_text(&words);
    }
}

fn issues_of_kind_ui(ui: &mut Ui, cx: &mut Cx<'_>, kinds: &[(IssueKind, u64)], memory: &mut Memory) {
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    let counted = kinds.iter().find(|own| Some(own.0) == memory.kind).map_or(0, |own| own.1);
    let half = PAGE / 2;
    let offset = (memory.first_seen / half).saturating_sub(u64::from(memory.first_seen % half < half / 4)) * half;
    let text = memory.text.trim().to_owned();
    let query = if memory.is_copying {
        Query::Issues { kind: None, text, offset: 0, limit: ISSUES_LISTED_MAX as u32 }
    } else {
        Query::Issues { kind: memory.kind, text, offset, limit: PAGE as u32 }
    };
    cx.ask(Slot::Issues, query);
    tools_ui(ui, cx, memory);
    let page = page_of(cx, memory);
    let total = if memory.text.trim().is_empty() { counted } else { page.as_ref().map_or(0, |page| page.answer.total) };
    list::head_ui(ui, cx);
    let detail_height = DETAIL.min(ui.max_rect().height() * 0.5);
    let list = Rect::from_min_max(ui.cursor().min, pos2(ui.max_rect().right(), ui.max_rect().bottom() - detail_height));
    let mut child = ui.new_child(UiBuilder::new().max_rect(list));
    // Issues beyond the limit of the list are counted only.
    let rows = total.min(ISSUES_LISTED_MAX as u64).min(page.as_ref().map_or(total, |page| page.listed));
    list::list_ui(&mut child, cx, (rows, total), page.as_ref(), memory);
    let detail = Rect::from_min_max(pos2(list.left(), list.bottom() + 8.0), ui.max_rect().max);
    let mut child = ui.new_child(UiBuilder::new().max_rect(detail));
    let chosen = page.as_ref().and_then(|page| page.get(memory.chosen)).cloned();
    detail::detail_ui(&mut child, cx, chosen.as_ref(), memory);
}

/// The filter box and the way to copy the list.
fn tools_ui(ui: &mut Ui, cx: &Cx<'_>, memory: &mut Memory) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
    let spot = Rect::from_min_max(pos2(rect.right() - 54.0, rect.top() + 2.0), pos2(rect.right(), rect.bottom() - 4.0));
    let mut child = ui.new_child(UiBuilder::new().max_rect(spot).layout(Layout::right_to_left(Align::Center)));
    if link_button(&mut child, cx.theme, "Copy list").on_hover_text("Issues of all kinds, as a table for a spreadsheet").clicked() {
        memory.is_copying = true;
    }
    let field = Rect::from_min_max(rect.min + vec2(0.0, 2.0), pos2(spot.left() - 16.0, rect.bottom() - 4.0));
    let edit = TextEdit::singleline(&mut memory.text)
        .id(Id::unique("issues_filter"))
        .font(font::body())
        .hint_text(RichText::new("Find in file, line, column, value or reason").font(font::body()).color(cx.theme.text3))
        .margin(vec2(8.0, 4.0))
        .desired_width(field.width() - 16.0);
    let response = ui.put(field, edit);
    let name = memory.text.clone();
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(eframe::egui::Role::TextInput, true, "Find in the issues");
        info.current_text_value = Some(name.clone());
        info
    });
    if std::mem::take(&mut memory.wants_search) {
        response.request_focus();
    }
    if response.changed() {
        (memory.chosen, memory.first_seen) = (0, 0);
    }
    if response.lost_focus() && ui.input(|input| input.key_pressed(eframe::egui::Key::Enter)) {
        memory.wants_focus = true;
    }
}

/// A page at hand, and where it starts.
struct Page<'a> {
    offset: u64,
    answer: &'a IssuesAnswer,
    /// How many can be listed: a page that ends early is the last one.
    listed: u64,
}

impl<'a> Page<'a> {
    fn get(&self, place: u64) -> Option<&'a Listed> {
        place.checked_sub(self.offset).and_then(|place| self.answer.list.get(place as usize))
    }
}

/// The page at hand, when it is one of this kind.
fn page_of<'a>(cx: &Cx<'a>, memory: &Memory) -> Option<Page<'a>> {
    let (query, answer) = cx.answers.get_with_query(&Slot::Issues)?;
    let (Query::Issues { kind, text, offset, limit }, Answer::Issues(answer)) = (query, answer) else { return None };
    if *kind != memory.kind || text != memory.text.trim() {
        return None;
    }
    let here = answer.list.len() as u64;
    let listed = if here < u64::from(*limit) { offset + here } else { answer.total };
    Some(Page { offset: *offset, answer, listed })
}

/// Copies the whole list once it is at hand.
fn copy(ui: &Ui, cx: &mut Cx<'_>, memory: &mut Memory, schema: &Schema) {
    if !memory.is_copying {
        return;
    }
    let Some((Query::Issues { kind: None, offset: 0, .. }, Answer::Issues(answer))) = cx.answers.get_with_query(&Slot::Issues) else {
        ui.ctx().request_repaint();
        return;
    };
    memory.is_copying = false;
    cx.send(Action::CopyText(words::list_text(&answer.list, &schema.origin)));
    let left_out = answer.total.saturating_sub(answer.list.len() as u64);
    let number = |count: u64| crate::layout::number_text(count as f64);
    let rest = if left_out > 0 { format!("; {} more are counted only", number(left_out)) } else { String::new() };
    cx.send(Show::Notice(Some(format!("{} issues copied{rest}", number(answer.list.len() as u64)))));
}

/// A scroll area that fills its place.
fn scroll(name: impl std::hash::Hash + std::fmt::Debug) -> ScrollArea {
    ScrollArea::vertical().id_salt(name).auto_shrink([false, false])
}
