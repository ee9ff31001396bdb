//! What could not be taken as it stood: by kind, with line, column, value, reason and what was done.

use eframe::egui::{
    Align2, Color32, EventFilter, Id, Key, Label, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::super::rows::{click_row, cut_text, right_text};
use super::super::theme::font;
use super::super::widgets::link_button;
use super::super::{Cx, Theme, icon};
use super::content_height;
use crate::data::{ISSUES_LISTED_MAX, Issue, IssueKind, Severity};
use crate::layout::number_text;
use crate::query::{Answer, IssuesAnswer, Query, Schema};
use crate::session::{Action, Show, Slot};

/// A page asks for this many issues; pages begin at multiples of half of it.
const PAGE: u64 = 400;
const ROW: f32 = 24.0;
/// The height of the full text of the chosen issue.
const DETAIL: f32 = 118.0;

/// What the dialog remembers while it is open.
#[derive(Clone, Default)]
struct Memory {
    kind: Option<IssueKind>,
    chosen: u64,
    first_seen: u64,
    is_copying: bool,
    wants_focus: bool,
}

/// Draws the list.
pub(super) fn issues_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let Some(schema) = cx.session.schema.clone() else { return };
    let kinds = kinds_of(&schema);
    if kinds.is_empty() {
        none_ui(ui, cx);
        return;
    }
    let id = Id::unique("issues_dialog");
    let mut memory: Memory = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    if memory.kind.is_none_or(|kind| kinds.iter().all(|own| own.0 != kind)) {
        memory = Memory { kind: kinds.first().map(|own| own.0), wants_focus: true, ..Memory::default() };
    }
    let height = content_height(ui).min(480.0);
    let (outer, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let list_width = (outer.width() * 0.3).clamp(150.0, 232.0);
    let left = Rect::from_min_size(outer.min, vec2(list_width, height));
    let right = Rect::from_min_max(pos2(left.right() + 16.0, outer.top()), outer.max);
    ui.painter().vline(left.right() + 8.0, outer.y_range(), Stroke::new(1.0, cx.theme.line));
    let mut child = ui.new_child(UiBuilder::new().max_rect(left));
    kinds_ui(&mut child, cx, &kinds, &mut memory);
    let mut child = ui.new_child(UiBuilder::new().max_rect(right));
    issues_of_kind_ui(&mut child, cx, &kinds, &mut memory);
    copy(ui, cx, &mut memory);
    ui.data_mut(|data| data.insert_temp(id, memory));
}

/// The kinds that occur, the gravest first.
fn kinds_of(schema: &Schema) -> Vec<(IssueKind, u64)> {
    let mut kinds: Vec<(IssueKind, u64)> = schema.issues.iter().filter(|(_, count)| *count > 0).copied().collect();
    kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(kind.severity()), std::cmp::Reverse(*count)));
    kinds
}

fn none_ui(ui: &mut Ui, cx: &Cx<'_>) {
    ui.add_space(24.0);
    ui.vertical_centered(|ui| {
        ui.label(RichText::new(icon("check")).font(font::icon(28.0)).color(cx.theme.ok));
        ui.label(RichText::new("No issues").font(font::semibold(15.0)).color(cx.theme.text1));
        ui.label(RichText::new("Every row and every cell was taken as it stood.").font(font::body()).color(cx.theme.text2));
    });
    ui.add_space(24.0);
}

/// How an issue of this weight looks: icon, colour, words.
fn face(theme: &Theme, severity: Severity) -> (&'static str, Color32, &'static str) {
    match severity {
        Severity::Row => ("error", theme.error, "rows were left out"),
        Severity::Cell => ("error", theme.error, "cells were left empty, their text is kept"),
        Severity::Remark => ("warning", theme.warning, "kept as given"),
    }
}

fn kinds_ui(ui: &mut Ui, cx: &Cx<'_>, kinds: &[(IssueKind, u64)], memory: &mut Memory) {
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    let total: u64 = kinds.iter().map(|own| own.1).sum();
    let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    let words = format!(
        "{} {} in {} {}",
        number_text(total as f64),
        if total == 1 { "issue" } else { "issues" },
        kinds.len(),
        if kinds.len() == 1 { "kind" } else { "kinds" }
    );
    cut_text(ui, head.left() + 4.0, head.center().y, &words, (font::semibold(12.0), cx.theme.text1), head.width());
    ScrollArea::vertical().id_salt("issue_kinds").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        for (kind, count) in kinds {
            let is_chosen = memory.kind == Some(*kind);
            let (sign, colour, words) = face(cx.theme, kind.severity());
            let spoken = format!("{}, {}", kind.title(), number_text(*count as f64));
            let (rect, response) = click_row(ui, cx.theme, 28.0, is_chosen, &WidgetInfo::selected(Role::Tab, true, is_chosen, spoken));
            let y = rect.center().y;
            ui.painter().text(pos2(rect.left() + 12.0, y), Align2::CENTER_CENTER, icon(sign), font::icon(16.0), colour);
            let count = number_text(*count as f64);
            let count_left = right_text(ui, rect.right() - 8.0, y, &count, (font::body(), cx.theme.text2));
            let weight = if is_chosen { font::semibold(12.0) } else { font::body() };
            let left = rect.left() + 26.0;
            cut_text(ui, left, y, kind.title(), (weight, cx.theme.text1), count_left - left - 8.0);
            if response.on_hover_text(format!("{}: {words}", kind.title())).clicked() {
                *memory = Memory { kind: Some(*kind), wants_focus: true, ..Memory::default() };
            }
        }
    });
}

/// Where the columns of the list start, as parts of its width, and what they say.
const COLUMNS: [(f32, &str); 4] = [(0.0, "Line"), (0.12, "Column"), (0.32, "Value"), (0.58, "What was done")];

fn issues_of_kind_ui(ui: &mut Ui, cx: &mut Cx<'_>, kinds: &[(IssueKind, u64)], memory: &mut Memory) {
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    let total = kinds.iter().find(|own| Some(own.0) == memory.kind).map_or(0, |own| own.1);
    let half = PAGE / 2;
    let offset = (memory.first_seen / half).saturating_sub(u64::from(memory.first_seen % half < half / 4)) * half;
    let query = if memory.is_copying {
        Query::Issues { kind: None, offset: 0, limit: ISSUES_LISTED_MAX as u32 }
    } else {
        Query::Issues { kind: memory.kind, offset, limit: PAGE as u32 }
    };
    cx.ask(Slot::Issues, query);
    let page = page_of(cx, memory);
    head_ui(ui, cx, memory);
    let list = Rect::from_min_max(ui.cursor().min, pos2(ui.max_rect().right(), ui.max_rect().bottom() - DETAIL));
    let mut child = ui.new_child(UiBuilder::new().max_rect(list));
    // Issues beyond the limit of the list are counted only.
    let rows = total.min(ISSUES_LISTED_MAX as u64).min(page.as_ref().map_or(total, |page| page.listed));
    list_ui(&mut child, cx, rows, page.as_ref(), memory);
    let detail = Rect::from_min_max(pos2(list.left(), list.bottom() + 8.0), ui.max_rect().max);
    let mut child = ui.new_child(UiBuilder::new().max_rect(detail));
    let chosen = page.as_ref().and_then(|page| page.get(memory.chosen));
    detail_ui(&mut child, cx, chosen);
}

/// A page at hand, and where it starts.
struct Page<'a> {
    offset: u64,
    answer: &'a IssuesAnswer,
    /// How many can be listed: a page that ends early is the last one.
    listed: u64,
}

impl<'a> Page<'a> {
    fn get(&self, place: u64) -> Option<&'a Issue> {
        place.checked_sub(self.offset).and_then(|place| self.answer.list.get(place as usize))
    }
}

/// The page at hand, when it is one of this kind.
fn page_of<'a>(cx: &Cx<'a>, memory: &Memory) -> Option<Page<'a>> {
    let (query, answer) = cx.answers.get_with_query(&Slot::Issues)?;
    let (Query::Issues { kind, offset, limit }, Answer::Issues(answer)) = (query, answer) else { return None };
    if *kind != memory.kind {
        return None;
    }
    let here = answer.list.len() as u64;
    let listed = if here < u64::from(*limit) { offset + here } else { answer.total };
    Some(Page { offset: *offset, answer, listed })
}

fn head_ui(ui: &mut Ui, cx: &Cx<'_>, memory: &mut Memory) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    for (part, word) in COLUMNS {
        let left = rect.left() + 8.0 + part * rect.width();
        cut_text(ui, left, rect.center().y, word, (font::semibold(11.0), cx.theme.text2), 120.0);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, cx.theme.line));
    let spot = Rect::from_min_max(pos2(rect.right() - 54.0, rect.top() + 4.0), rect.max);
    let mut child = ui.new_child(UiBuilder::new().max_rect(spot));
    if link_button(&mut child, cx.theme, "Copy list").on_hover_text("All issues, as a table for a spreadsheet").clicked() {
        memory.is_copying = true;
    }
}

fn list_ui(ui: &mut Ui, cx: &Cx<'_>, rows: u64, page: Option<&Page<'_>>, memory: &mut Memory) {
    let id = Id::unique("issues_list");
    let rect = ui.max_rect();
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, "Issues of this kind"));
    if memory.wants_focus {
        response.request_focus();
        memory.wants_focus = false;
    }
    let has_moved = response.has_focus() && move_by_keys(ui, id, rows, memory);
    let mut scroll = ScrollArea::vertical().id_salt(("issues", memory.kind.map(IssueKind::key))).auto_shrink([false, false]);
    if has_moved {
        let top = memory.chosen as f32 * ROW;
        let seen = (memory.first_seen as f32 * ROW)..=(memory.first_seen as f32 * ROW + rect.height() - ROW);
        if top < *seen.start() {
            scroll = scroll.vertical_scroll_offset(top);
        } else if top > *seen.end() {
            scroll = scroll.vertical_scroll_offset((top - rect.height() + ROW).max(0.0));
        }
    }
    scroll.show_rows(ui, ROW, rows as usize, |ui, range| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        memory.first_seen = range.start as u64;
        for place in range {
            let is_chosen = memory.chosen == place as u64;
            let issue = page.and_then(|page| page.get(place as u64));
            if row_ui(ui, cx, issue, is_chosen) {
                memory.chosen = place as u64;
                memory.wants_focus = true;
            }
        }
    });
    if response.has_focus() {
        ui.painter().rect_stroke(rect, 3.0, Stroke::new(1.0, cx.theme.accent), StrokeKind::Outside);
    }
}

fn move_by_keys(ui: &Ui, id: Id, rows: u64, memory: &mut Memory) -> bool {
    let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    let (up, down) = ui.input(|input| (input.key_pressed(Key::ArrowUp), input.key_pressed(Key::ArrowDown)));
    let before = memory.chosen;
    if up {
        memory.chosen = memory.chosen.saturating_sub(1);
    }
    if down {
        memory.chosen = (memory.chosen + 1).min(rows.saturating_sub(1));
    }
    memory.chosen != before
}

/// Draws one issue; says whether it was clicked.
fn row_ui(ui: &mut Ui, cx: &Cx<'_>, issue: Option<&Issue>, is_chosen: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::CLICK);
    if is_chosen {
        ui.painter().rect_filled(rect, 3.0, cx.theme.selection);
    } else if response.contains_pointer() {
        ui.painter().rect_filled(rect, 3.0, cx.theme.hover);
    }
    let Some(issue) = issue else {
        cut_text(ui, rect.left() + 8.0, rect.center().y, "…", (font::body(), cx.theme.text3), 40.0);
        return false;
    };
    let line = issue.line.map_or_else(|| "–".to_owned(), |line| number_text(line as f64));
    let value = one_line(&issue.value);
    let cells = [line.as_str(), issue.column.as_deref().unwrap_or("–"), value.as_str(), issue.action.as_str()];
    for (place, text) in cells.iter().enumerate() {
        let left = rect.left() + 8.0 + COLUMNS[place].0 * rect.width();
        let right = COLUMNS.get(place + 1).map_or_else(|| rect.right(), |next| rect.left() + next.0 * rect.width());
        let face = if place == 2 { (font::medium(12.0), cx.theme.text1) } else { (font::body(), cx.theme.text2) };
        cut_text(ui, left, rect.center().y, text, face, right - left - 4.0);
    }
    let spoken = format!("Line {}, {}, {}, {}", cells[0], cells[1], cells[2], cells[3]);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &spoken));
    response.clicked()
}

/// The chosen issue in full.
fn detail_ui(ui: &mut Ui, cx: &Cx<'_>, issue: Option<&Issue>) {
    ui.spacing_mut().item_spacing.y = 4.0;
    let top = ui.max_rect();
    ui.painter().hline(top.x_range(), top.top() - 4.5, Stroke::new(1.0, cx.theme.line));
    let Some(issue) = issue else { return };
    let place = match (issue.line, &issue.column) {
        (Some(line), Some(column)) => format!("Line {}, {column}", number_text(line as f64)),
        (Some(line), None) => format!("Line {}", number_text(line as f64)),
        (None, Some(column)) => column.clone(),
        (None, None) => "The whole file".to_owned(),
    };
    ScrollArea::vertical().id_salt("issue_detail").auto_shrink([false, false]).show(ui, |ui| {
        ui.add(Label::new(RichText::new(place).font(font::semibold(12.0)).color(cx.theme.text1)).selectable(true));
        let words = format!("{} {}", sentence(&issue.message), sentence(&issue.action));
        ui.add(Label::new(RichText::new(words).font(font::body()).color(cx.theme.text2)).selectable(true).wrap());
        if !issue.value.is_empty() {
            let width = ui.available_width() - 16.0;
            eframe::egui::Frame::NONE.fill(cx.theme.field).corner_radius(3.0).inner_margin(8.0).show(ui, |ui| {
                ui.set_width(width - 8.0);
                let text = RichText::new(&issue.value).font(font::medium(12.0)).color(cx.theme.text1);
                ui.add(Label::new(text).selectable(true).wrap());
            });
        }
    });
}

/// A message as a sentence: a large letter first, a stop at the end.
fn sentence(text: &str) -> String {
    let mut chars = text.trim().chars();
    let Some(first) = chars.next() else { return String::new() };
    let stop = if text.trim_end().ends_with(['.', '!', '?', '”']) { "" } else { "." };
    format!("{}{}{stop}", first.to_uppercase(), chars.as_str())
}

/// Text without breaks, for one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Copies the whole list once it is at hand.
fn copy(ui: &Ui, cx: &mut Cx<'_>, memory: &mut Memory) {
    if !memory.is_copying {
        return;
    }
    let Some((Query::Issues { kind: None, offset: 0, .. }, Answer::Issues(answer))) = cx.answers.get_with_query(&Slot::Issues) else {
        ui.ctx().request_repaint();
        return;
    };
    memory.is_copying = false;
    cx.send(Action::CopyText(list_text(&answer.list)));
    let left_out = answer.total.saturating_sub(answer.list.len() as u64);
    let rest = if left_out > 0 { format!("; {} more are counted only", number_text(left_out as f64)) } else { String::new() };
    cx.send(Show::Notice(Some(format!("{} issues copied{rest}", number_text(answer.list.len() as f64)))));
}

/// The list as lines of tab-separated cells.
fn list_text(list: &[Issue]) -> String {
    let mut text = "line\tcolumn\tvalue\tkind\tmessage\taction\n".to_owned();
    for issue in list {
        let line = issue.line.map(|line| line.to_string()).unwrap_or_default();
        let column = issue.column.as_deref().unwrap_or_default();
        let cells = [&line, column, &issue.value, issue.kind.key(), &issue.message, &issue.action].map(one_line);
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_become_sentences_and_values_stay_on_one_line() {
        assert_eq!(sentence("kept as given"), "Kept as given.");
        assert_eq!(sentence("Is it 3?"), "Is it 3?");
        assert_eq!(one_line("a\n b\tc"), "a b c");
    }

    #[test]
    fn the_copied_list_has_a_line_for_each_issue() {
        let issue = Issue {
            line: Some(214),
            column: Some("when".to_owned()),
            value: "2025-02-30".to_owned(),
            kind: IssueKind::InvalidDate,
            message: "no such day".to_owned(),
            action: "kept as text".to_owned(),
        };
        let text = list_text(&[issue]);
        assert_eq!(text.lines().nth(1), Some("214\twhen\t2025-02-30\tinvalid_date\tno such day\tkept as text"));
    }
}
