//! Every field of the record as it stands in the file, those of the file's further columns too.

use eframe::egui::{Align2, Id, Label, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{Cx, PAD};
use crate::data::{FieldInfo, FieldKind, display_value};
use crate::layout::{legible, number_text};
use crate::query::RecordAnswer;
use crate::time::{format_when, parse_edtf};
use crate::view::icon;
use crate::view::rows::{click_row, cut_text, divider};
use crate::view::theme::font;

const KEYS: f32 = 104.0;

/// Draws them, when they are unfolded.
pub(super) fn fields_ui(ui: &mut Ui, cx: &Cx<'_>, record: &RecordAnswer) {
    ui.add_space(8.0);
    divider(ui, cx.theme);
    let id = Id::unique("inspector_fields");
    let is_open = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(false);
    let info = WidgetInfo::selected(Role::DisclosureTriangle, true, is_open, "All fields");
    let (rect, response) = click_row(ui, cx.theme, 30.0, false, &info);
    let y = rect.center().y;
    let head = cut_text(ui, rect.left() + PAD, y, "All fields", (font::semibold(12.0), cx.theme.text1), 120.0);
    let note = format!("{} · {}", record.fields.len(), place(cx, record));
    cut_text(ui, head.right + 8.0, y + 0.5, &note, (font::label(), cx.theme.text3), rect.right() - PAD - head.right - 30.0);
    let glyph = if is_open { "expand_more" } else { "chevron_right" };
    ui.painter().text(pos2(rect.right() - PAD - 4.0, y), Align2::CENTER_CENTER, icon(glyph), font::icon(16.0), cx.theme.text3);
    if response.clicked() {
        ui.data_mut(|data| data.insert_temp(id, !is_open));
    }
    if !is_open {
        return;
    }
    let mut has_extra = false;
    for (info, text) in &record.fields {
        if info.field.is_extra() && !has_extra {
            has_extra = true;
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
            let words = "Further columns of the file";
            cut_text(ui, rect.left() + PAD, rect.center().y + 2.0, words, (font::semibold(11.0), cx.theme.text2), rect.width() - 2.0 * PAD);
        }
        field_ui(ui, cx, info, text);
    }
}

/// Which row of which file it is.
fn place(cx: &Cx<'_>, record: &RecordAnswer) -> String {
    let origin = cx.session.schema.as_ref().map(|schema| &schema.origin);
    let row = u32::try_from(record.file_row.saturating_sub(1)).unwrap_or(u32::MAX);
    let file = origin.and_then(|origin| origin.files.get(origin.file_of_row(row)? as usize));
    match file {
        Some(file) => format!("row {} of {}", number_text(f64::from(row - file.first_row) + 1.0), file.name),
        None => format!("row {} of the file", number_text(record.file_row as f64)),
    }
}

fn field_ui(ui: &mut Ui, cx: &Cx<'_>, info: &FieldInfo, text: &str) {
    ui.horizontal_top(|ui| {
        ui.add_space(PAD);
        let (rect, response) = ui.allocate_exact_size(vec2(KEYS - 8.0, 18.0), Sense::hover());
        let painted = cut_text(ui, rect.left(), rect.center().y, &info.key, (font::label(), cx.theme.text3), rect.width());
        if painted.is_cut {
            response.on_hover_text(&info.key);
        }
        ui.add_space(8.0);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width() - PAD);
            ui.add(Label::new(RichText::new(legible(text)).font(font::body()).color(cx.theme.text1)).selectable(true).wrap());
            if let Some(words) = readable(cx, info, text) {
                ui.add(Label::new(RichText::new(words).font(font::label()).color(cx.theme.text3)).selectable(true).wrap());
            }
        });
    });
    ui.add_space(2.0);
}

/// What the text means, where the screen writes it otherwise.
fn readable(cx: &Cx<'_>, info: &FieldInfo, text: &str) -> Option<String> {
    let words = match info.kind {
        FieldKind::Date => parse_edtf(text).ok().map(|when| format_when(&when, cx.session.document.zone))?,
        FieldKind::Number => number_text(text.parse::<f64>().ok()?),
        FieldKind::Category => display_value(info.field, text),
        FieldKind::Text => return None,
    };
    (words.to_lowercase() != text.to_lowercase()).then_some(words)
}
