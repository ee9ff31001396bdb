//! The issues of one kind, a line each; one is chosen, by mouse or by keys.

use std::borrow::Cow;

use eframe::egui::{Event, EventFilter, Id, Key, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use super::super::super::Cx;
use super::super::super::rows::cut_text;
use super::super::super::theme::font;
use super::words::{column, file, spot, spot_noun};
use super::{Memory, Page, scroll};
use crate::data::{IssueKind, Listed};
use crate::layout::number_text;
use crate::layout::one_line;

const ROW: f32 = 24.0;

/// Where the columns of the list start, as parts of its width, and what they say; the one without a word is that of lines or rows.
const COLUMNS: [(f32, &str); 4] = [(0.0, ""), (0.14, "Column"), (0.33, "Value"), (0.58, "What was done")];
/// The same, of several files.
const COLUMNS_OF_FILES: [(f32, &str); 5] = [(0.0, "File"), (0.2, ""), (0.32, "Column"), (0.48, "Value"), (0.69, "What was done")];

fn columns(cx: &Cx<'_>) -> &'static [(f32, &'static str)] {
    let has_files = cx.session.schema.as_ref().is_some_and(|schema| !schema.origin.files.is_empty());
    if has_files { &COLUMNS_OF_FILES } else { &COLUMNS }
}

/// What stands over the numbers of lines or rows.
fn noun(cx: &Cx<'_>) -> &'static str {
    cx.session.schema.as_ref().map_or("Line", |schema| spot_noun(&schema.origin))
}

/// Draws the heads of the columns.
pub(super) fn head_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    for (part, word) in columns(cx) {
        let left = rect.left() + 8.0 + part * rect.width();
        let word = if word.is_empty() { noun(cx) } else { word };
        cut_text(ui, left, rect.center().y, word, (font::semibold(11.0), cx.theme.text2), 120.0);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, cx.theme.line));
}

/// Draws the list: so many rows, of so many issues.
pub(super) fn list_ui(ui: &mut Ui, cx: &Cx<'_>, (rows, total): (u64, u64), page: Option<&Page<'_>>, memory: &mut Memory) {
    let id = Id::unique("issues_list");
    let rect = ui.max_rect();
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, "Issues of this kind"));
    if memory.wants_focus {
        response.request_focus();
        memory.wants_focus = false;
    }
    if response.has_focus() {
        kinds_by_keys(ui, memory);
        if ui.input(|input| input.events.contains(&Event::Text("/".to_owned()))) {
            memory.wants_search = true;
        }
    }
    if rows == 0 {
        none_ui(ui, cx, page.map(|_| total), memory);
        return;
    }
    let has_moved = response.has_focus() && move_by_keys(ui, id, (rows, (rect.height() / ROW) as u64), memory);
    // The Enter that brought the keyboard here from the field is not meant for the record.
    if response.has_focus() && !response.gained_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        memory.wants_record = true;
    }
    let mut scroll = scroll(("issues", memory.kind.map(IssueKind::key)));
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

/// Says why there is no line: nothing was found, or it is only counted, or the answer has not come yet.
fn none_ui(ui: &Ui, cx: &Cx<'_>, total: Option<u64>, memory: &Memory) {
    let rect = ui.max_rect();
    let words = match (memory.text.trim(), total) {
        (_, None) | ("", Some(0)) => "…".to_owned(),
        ("", Some(total)) => format!("{} of this kind were counted, but not listed one by one.", number_text(total as f64)),
        (text, _) => format!("No issue of this kind has “{text}”."),
    };
    cut_text(ui, rect.left() + 8.0, rect.top() + 16.0, &words, (font::body(), cx.theme.text3), rect.width() - 16.0);
}

/// Left and right go to the kind before and to the next one.
fn kinds_by_keys(ui: &Ui, memory: &mut Memory) {
    let (left, right) = ui.input(|input| (input.num_presses(Key::ArrowLeft), input.num_presses(Key::ArrowRight)));
    memory.kinds_moved = right as i32 - left as i32;
}

fn move_by_keys(ui: &Ui, id: Id, (rows, seen): (u64, u64), memory: &mut Memory) -> bool {
    let filter = EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    let pressed = |key: Key| ui.input(|input| input.key_pressed(key));
    let (before, last, page) = (memory.chosen, rows.saturating_sub(1), seen.max(2) - 1);
    if pressed(Key::ArrowUp) {
        memory.chosen = memory.chosen.saturating_sub(1);
    }
    if pressed(Key::ArrowDown) {
        memory.chosen += 1;
    }
    if pressed(Key::PageUp) {
        memory.chosen = memory.chosen.saturating_sub(page);
    }
    if pressed(Key::PageDown) {
        memory.chosen += page;
    }
    if pressed(Key::Home) {
        memory.chosen = 0;
    }
    if pressed(Key::End) {
        memory.chosen = last;
    }
    memory.chosen = memory.chosen.min(last);
    memory.chosen != before
}

/// Is there a value that tells what was wrong? Of files that were passed over together it is only their number.
fn has_value(issue: &Listed) -> bool {
    !issue.value.is_empty() && issue.kind != IssueKind::FilePassedOver
}

/// Draws one issue; says whether it was clicked.
fn row_ui(ui: &mut Ui, cx: &Cx<'_>, issue: Option<&Listed>, is_chosen: bool) -> bool {
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
    let columns = columns(cx);
    let has_files = columns.len() > COLUMNS.len();
    let origin = cx.session.schema.as_ref().map(|schema| &schema.origin);
    let line = spot(issue, origin, noun(cx)).unwrap_or_else(|| "–".to_owned());
    let file = origin.and_then(|origin| file(issue, origin)).map_or(Cow::Borrowed("–"), one_line);
    let has_value = has_value(issue);
    let value = if has_value { one_line(&issue.value) } else { one_line(&issue.message) };
    let column = column(issue).map_or(Cow::Borrowed("–"), one_line);
    let own = [line.as_str(), column.as_ref(), value.as_ref(), issue.action.as_str()];
    let cells: Vec<&str> = has_files.then_some(file.as_ref()).into_iter().chain(own).collect();
    for (place, text) in cells.iter().enumerate() {
        let left = rect.left() + 8.0 + columns[place].0 * rect.width();
        let right = columns.get(place + 1).map_or_else(|| rect.right(), |next| rect.left() + next.0 * rect.width());
        let is_value = place + 2 == cells.len() && has_value;
        let face = if is_value { (font::medium(12.0), cx.theme.text1) } else { (font::body(), cx.theme.text2) };
        cut_text(ui, left, rect.center().y, text, face, right - left - 4.0);
    }
    let spot = spot(issue, origin, "").unwrap_or_else(|| "The whole file".to_owned());
    let spoken = format!("{spot}, {}, {}, {}", own[1], own[2], own[3]);
    let spoken = if has_files { format!("{file}, {spoken}") } else { spoken };
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &spoken));
    response.clicked()
}
