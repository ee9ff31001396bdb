//! The command palette: every command, every field for lanes and colours, and records, by typing.

use eframe::egui::{Align2, Color32, Id, Key, Modal, Rect, RichText, ScrollArea, Sense, Stroke, Ui, pos2, text::LayoutJob, vec2};

use super::super::theme::font;
use super::super::widgets::key_cap;
use super::super::{Cx, icon};
use super::{card, forget, has_opened};
use crate::data::{Field, FieldKind};
use crate::query::{Answer, Filter, Query, RowsQuery};
use crate::session::{COMMANDS, Command, Edit, Navigate, Show, Slot};

/// The most rows of the list; typing on narrows it down.
const ROWS_MAX: usize = 60;
/// The most records found.
const RECORDS_MAX: u32 = 12;

/// One row of the list.
struct Row {
    icon: &'static str,
    name: String,
    detail: String,
    caps: Vec<String>,
    command: Command,
    /// Better matches first.
    rank: u32,
    matched: Vec<usize>,
}

/// Draws the palette.
pub(super) fn palette_ui(ui: &Ui, cx: &mut Cx<'_>) {
    let screen = ui.ctx().content_rect();
    let width = 520.0_f32.min(screen.width() - 32.0);
    let id = Id::unique("palette");
    let area = Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, 64.0));
    let frame = card(cx.theme).inner_margin(0.0);
    let response = Modal::new(id).area(area).frame(frame).backdrop_color(cx.theme.backdrop()).show(ui.ctx(), |ui| {
        ui.set_width(width);
        content_ui(ui, cx);
    });
    if response.backdrop_response.clicked() {
        cx.send(Show::Dialog(None));
    }
}

fn content_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let id = Id::unique("palette_text");
    if has_opened(ui, id) {
        // What was typed the last time, and left by Escape or a click beside it, is not what is looked for now.
        forget(ui, id);
    }
    let mut text: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let mut place: usize = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.add_space(12.0);
        ui.label(RichText::new(icon("search")).font(font::icon(16.0)).color(cx.theme.text3));
        let edit = eframe::egui::TextEdit::singleline(&mut text).id(id).font(font::regular(15.0)).frame(eframe::egui::Frame::NONE);
        let hint = RichText::new("A command, a field, or words from a record").color(cx.theme.text3);
        let field = ui.add(edit.hint_text(hint).desired_width(ui.available_width() - 16.0));
        field.request_focus();
        if field.changed() {
            place = 0;
        }
    });
    ui.add_space(4.0);
    line(ui, cx);
    let rows = rows(cx, text.trim());
    let (up, down, enter) =
        ui.input(|input| (input.key_pressed(Key::ArrowUp), input.key_pressed(Key::ArrowDown), input.key_pressed(Key::Enter)));
    let has_moved = up || down;
    if down {
        place += 1;
    }
    place = if up { place.saturating_sub(1) } else { place }.min(rows.len().saturating_sub(1));
    let mut run: Option<Command> = enter.then(|| rows.get(place).map(|row| row.command.clone())).flatten();
    ScrollArea::vertical().max_height(380.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (index, row) in rows.iter().enumerate() {
            let response = row_ui(ui, cx, row, index == place);
            if index == place && has_moved {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                run = Some(row.command.clone());
            }
        }
        if rows.is_empty() {
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                ui.add_space(16.0);
                ui.label(RichText::new("Nothing of that name.").font(font::body()).color(cx.theme.text3));
            });
            ui.add_space(8.0);
        }
    });
    line(ui, cx);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::hover());
    let words = "↑ ↓ choose     Enter run     Esc close";
    ui.painter().text(pos2(rect.left() + 16.0, rect.center().y), Align2::LEFT_CENTER, words, font::label(), cx.theme.text3);
    ui.data_mut(|data| {
        data.insert_temp(id, text);
        data.insert_temp(id, place);
    });
    if let Some(command) = run {
        forget(ui, id);
        cx.send(Show::Dialog(None));
        cx.send(command);
    }
}

fn line(ui: &mut Ui, cx: &Cx<'_>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, cx.theme.line));
}

fn row_ui(ui: &mut Ui, cx: &Cx<'_>, row: &Row, is_chosen: bool) -> eframe::egui::Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::click());
    let ground = if is_chosen {
        cx.theme.selection
    } else if response.hovered() {
        cx.theme.hover
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect.shrink2(vec2(4.0, 0.0)), 3.0, ground);
    if !row.icon.is_empty() {
        ui.painter().text(
            pos2(rect.left() + 22.0, rect.center().y),
            Align2::CENTER_CENTER,
            icon(row.icon),
            font::icon(16.0),
            cx.theme.text2,
        );
    }
    let mut right = rect.right() - 12.0;
    for cap in row.caps.iter().rev() {
        right -= key_cap(ui, cx.theme, pos2(right, rect.center().y), cap) + 4.0;
    }
    let mut job = LayoutJob::default();
    for (place, char) in row.name.chars().enumerate() {
        let is_match = row.matched.contains(&place);
        let (font_id, color) = if is_match { (font::bold(12.0), cx.theme.accent) } else { (font::body(), cx.theme.text1) };
        job.append(&char.to_string(), 0.0, eframe::egui::TextFormat { font_id, color, ..Default::default() });
    }
    let detail = eframe::egui::TextFormat { font_id: font::label(), color: cx.theme.text3, ..Default::default() };
    job.append(&row.detail, 10.0, detail);
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width((right - rect.left() - 48.0).max(40.0));
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let at = Rect::from_min_size(pos2(rect.left() + 40.0, rect.center().y - galley.size().y / 2.0), galley.size());
    ui.painter().galley(at.min, galley, cx.theme.text1);
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, true, &row.name));
    response
}

fn rows(cx: &mut Cx<'_>, text: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for entry in COMMANDS.iter().filter(|entry| (entry.is_available)(cx.session)) {
        let row = Row {
            icon: entry.icon,
            name: entry.name.to_owned(),
            detail: entry.help.to_owned(),
            caps: entry.keys.first().map(|keys| keys.caps()).unwrap_or_default(),
            command: (entry.make)(cx.session),
            rank: 0,
            matched: Vec::new(),
        };
        rows.extend(matched(row, text));
    }
    rows.extend(field_rows(cx).into_iter().filter_map(|row| matched(row, text)));
    rows.sort_by_key(|row| row.rank);
    rows.truncate(ROWS_MAX);
    if text.chars().count() >= 2 && cx.session.schema.is_some() {
        rows.extend(record_rows(cx, text));
    }
    rows
}

fn field_rows(cx: &Cx<'_>) -> Vec<Row> {
    let Some(schema) = &cx.session.schema else { return Vec::new() };
    let row = |icon, word: &str, label: &str, edit: Edit| Row {
        icon,
        name: format!("{word} by {}", label.to_lowercase()),
        detail: String::new(),
        caps: Vec::new(),
        command: edit.into(),
        rank: 0,
        matched: Vec::new(),
    };
    let fields = schema.fields.iter().filter(|info| info.kind == FieldKind::Category);
    fields
        .flat_map(|info| {
            let lanes = row("view_agenda", "Lanes", &info.label, Edit::Lane(Some(info.field)));
            [lanes, row("palette", "Colour", &info.label, Edit::Colour(Some(info.field)))]
        })
        .collect()
}

fn record_rows(cx: &mut Cx<'_>, text: &str) -> Vec<Row> {
    let query = RowsQuery {
        filter: Filter::Text(text.to_owned()),
        window: None,
        sort: None,
        offset: 0,
        limit: RECORDS_MAX,
        fields: vec![Field::TITLE, Field::WHEN],
    };
    let Some(Answer::Rows(found)) = cx.ask(Slot::PaletteRows, Query::Rows(query)) else { return Vec::new() };
    let mut rows: Vec<Row> = Vec::new();
    for row in &found.rows {
        let cell = |place: usize| row.cells.get(place).cloned().flatten();
        rows.push(Row {
            icon: "article",
            name: cell(0).unwrap_or_else(|| row.id.clone()),
            detail: format!("{}  {}", row.id, cell(1).unwrap_or_default()),
            caps: Vec::new(),
            command: Navigate::Select(vec![row.row]).into(),
            rank: 0,
            matched: Vec::new(),
        });
    }
    if found.total > 0 {
        rows.push(Row {
            icon: "search",
            name: format!("Search all text for “{text}”"),
            detail: format!("{} records", crate::layout::number_text(found.total as f64)),
            caps: Vec::new(),
            command: Edit::Filter(Filter::Text(text.to_owned())).into(),
            rank: 0,
            matched: Vec::new(),
        });
    }
    rows
}

/// The row with what matched, when every letter of the text occurs in order; letters in a row and at starts of words rank first.
fn matched(mut row: Row, text: &str) -> Option<Row> {
    let mut wanted = text.chars().filter(|char| !char.is_whitespace()).flat_map(char::to_lowercase).peekable();
    let name: Vec<char> = row.name.to_lowercase().chars().collect();
    if let Some(start) = row.name.to_lowercase().find(&text.to_lowercase()) {
        let first = row.name.to_lowercase()[..start].chars().count();
        row.matched = (first..first + text.chars().count()).collect();
        row.rank = u32::from(first != 0);
        return Some(row);
    }
    let mut gaps = 0;
    let mut last: Option<usize> = None;
    for (place, char) in name.iter().enumerate() {
        if wanted.peek() == Some(char) {
            gaps += u32::from(last.is_some_and(|last| last + 1 != place));
            last = Some(place);
            row.matched.push(place);
            wanted.next();
        }
    }
    row.rank = 2 + gaps;
    if wanted.peek().is_none() {
        return Some(row);
    }
    // The words that explain it are looked through last.
    row.matched.clear();
    row.rank = u32::MAX;
    row.detail.to_lowercase().contains(&text.trim().to_lowercase()).then_some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> Row {
        Row {
            icon: "",
            name: name.to_owned(),
            detail: String::new(),
            caps: Vec::new(),
            command: Command::Undo,
            rank: 0,
            matched: Vec::new(),
        }
    }

    #[test]
    fn letters_match_in_order_and_whole_words_rank_first() {
        let whole = matched(row("Sort lanes by count"), "lane").unwrap();
        let scattered = matched(row("Light theme"), "lte").unwrap();
        assert_eq!(whole.matched, vec![5, 6, 7, 8]);
        assert!(whole.rank < scattered.rank);
        assert!(matched(row("Undo"), "lane").is_none());
    }
}
