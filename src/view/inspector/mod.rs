//! The inspector: the selected record, its chain, carriers and related articles. It asks three questions and judges nothing itself.

mod articles;
mod carriers;
mod chain;
mod fields;
mod figure;
mod lines;
mod release;
mod words;

use eframe::egui::{Area, Frame, Id, Order, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, Vec2, pos2, vec2};

use super::Cx;
use super::rows::{cut_text, text_width};
use super::theme::font;
use super::widgets::icon_button;
use crate::data::{Field, Row, Vocabulary as _};
use crate::query::{Answer, ProvenanceAnswer, Query, RecordAnswer, RelatedAnswer};
use crate::session::{Action, Navigate, Show, Slot};

/// What the inspector leaves free on both sides.
const PAD: f32 = 16.0;
/// The most lines that lists of records and articles ask for.
const LIST_MAX: u32 = 12;

/// Draws it.
pub(super) fn inspector_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let Some(row) = cx.session.place.selection.first().copied() else { return };
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    let rows = cx.session.place.selection.clone();
    let found = cx.ask(Slot::Record, Query::Record { row });
    cx.ask(Slot::Provenance, Query::Provenance { rows, limit: LIST_MAX });
    cx.ask(Slot::Related, Query::Related { row, limit: LIST_MAX });
    let record = match found {
        Some(Answer::Record(Some(record))) => Some(record.as_ref()),
        _ => None,
    };
    head_ui(ui, cx, record);
    let Some(record) = record else { return };
    let shown = record.line.row;
    let provenance = provenance_of(cx, shown);
    let related = related_of(cx, shown);
    ScrollArea::vertical().id_salt(("inspector", shown)).auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        if cx.session.place.selection.len() > 1 {
            lines::selection_ui(ui, cx, provenance.map(|answer| answer.origins));
        }
        figure::figure_ui(ui, cx, record);
        release::release_ui(ui, cx, record);
        chain::chain_ui(ui, cx, record);
        if let Some(provenance) = provenance {
            carriers::carriers_ui(ui, cx, record, provenance);
        }
        articles::articles_ui(ui, cx, record, related);
        if let Some(provenance) = provenance {
            lines::near_ui(ui, cx, record, provenance);
        }
        fields::fields_ui(ui, cx, record);
        ui.add_space(16.0);
    });
}

/// Who stands behind the record that is shown, not behind one that was shown before.
fn provenance_of<'a>(cx: &Cx<'a>, shown: Row) -> Option<&'a ProvenanceAnswer> {
    match cx.answers.get_with_query(&Slot::Provenance)? {
        (Query::Provenance { rows, .. }, Answer::Provenance(answer)) if rows.first() == Some(&shown) => Some(answer),
        _ => None,
    }
}

fn related_of<'a>(cx: &Cx<'a>, shown: Row) -> Option<&'a RelatedAnswer> {
    match cx.answers.get_with_query(&Slot::Related)? {
        (Query::Related { row, .. }, Answer::Related(answer)) if *row == shown => Some(answer),
        _ => None,
    }
}

/// Draws it as a sheet over the timeline, from below, where the window is narrow.
pub(super) fn inspector_sheet_ui(ui: &Ui, cx: &mut Cx<'_>) {
    let screen = ui.ctx().content_rect();
    let (top, bottom) = (screen.top() + 40.0, screen.bottom() - 24.0);
    let height = ((bottom - top) * 0.5).clamp(180.0, 360.0);
    let rect = Rect::from_min_max(pos2(screen.left(), bottom - height), pos2(screen.right(), bottom));
    let area = Area::new(Id::unique("inspector_sheet")).order(Order::Middle).fixed_pos(rect.min).constrain(false);
    area.sense(Sense::click()).show(ui.ctx(), |ui| {
        let shade = cx.theme.shade.gamma_multiply(0.10);
        ui.painter().rect_filled(rect.translate(vec2(-3.0, -2.0)), 0.0, shade);
        ui.painter().rect_filled(rect, 0.0, cx.theme.panel);
        let edge = Stroke::new(1.0, cx.theme.line2);
        ui.painter().hline(rect.x_range(), rect.top() + 0.5, edge);
        Frame::NONE.show(ui, |ui| {
            ui.set_min_size(rect.size());
            let mut child = ui.new_child(UiBuilder::new().max_rect(rect));
            child.set_clip_rect(rect.intersect(ui.clip_rect()));
            inspector_ui(&mut child, cx);
        });
    });
}

/// Id, kind, place in the selection, and what can be done with the record.
fn head_ui(ui: &mut Ui, cx: &mut Cx<'_>, record: Option<&RecordAnswer>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, cx.theme.line));
    let several = cx.session.place.selection.len() > 1;
    let buttons = if several { 4.0 } else { 2.0 };
    let spot = Rect::from_min_max(pos2(rect.right() - 10.0 - buttons * 26.0, rect.top() + 6.0), rect.max);
    let mut child = ui.new_child(UiBuilder::new().max_rect(spot).layout(eframe::egui::Layout::left_to_right(eframe::egui::Align::TOP)));
    child.spacing_mut().item_spacing.x = 2.0;
    buttons_ui(&mut child, cx, record, several);
    let Some(record) = record else { return };
    let x = rect.left() + PAD;
    let y = rect.center().y;
    let of =
        format!("{} · {} of {} selected", record.line.kind.key(), ordinal(&cx.session.place.selection), cx.session.place.selection.len());
    let rest = text_width(ui, &of, font::label()).min((spot.left() - x) * 0.7);
    let id = cut_text(ui, x, y, &record.line.id, (font::semibold(13.0), cx.theme.text1), spot.left() - x - rest - 14.0);
    cut_text(ui, id.right + 8.0, y + 0.5, &of, (font::label(), cx.theme.text3), spot.left() - id.right - 12.0);
}

/// Which of the selected records, by their order in the file, stands first; from 1.
fn ordinal(selection: &[Row]) -> usize {
    let Some(first) = selection.first() else { return 0 };
    selection.iter().filter(|row| *row < first).count() + 1
}

/// The selection with the next or previous record, by their order in the file, in front.
fn stepped(selection: &[Row], is_next: bool) -> Vec<Row> {
    let mut sorted = selection.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let place = selection.first().and_then(|first| sorted.iter().position(|row| row == first)).unwrap_or(0);
    let by = if is_next { place + 1 } else { place + sorted.len().max(1) - 1 };
    let count = sorted.len().max(1);
    sorted.rotate_left(by % count);
    sorted
}

fn buttons_ui(ui: &mut Ui, cx: &mut Cx<'_>, record: Option<&RecordAnswer>, several: bool) {
    if several {
        for (glyph, tip, is_next) in [("chevron_left", "Previous of the selected", false), ("chevron_right", "Next of the selected", true)]
        {
            if icon_button(ui, cx.theme, glyph, tip, true).clicked() {
                let rows = stepped(&cx.session.place.selection, is_next);
                cx.send(Navigate::Select(rows));
            }
        }
    }
    if icon_button(ui, cx.theme, "format_quote", "Copy a citation of this record", record.is_some()).clicked()
        && let Some(record) = record
    {
        copy(cx, words::record_citation(record, cx.session.document.zone), "Citation copied");
    }
    if icon_button(ui, cx.theme, "close", "Close the inspector (I)", true).clicked() {
        cx.send(Show::Inspector(false));
    }
}

/// Copies text and says so.
fn copy(cx: &mut Cx<'_>, text: String, notice: &str) {
    cx.send(Action::CopyText(text));
    cx.send(Show::Notice(Some(notice.to_owned())));
}

/// A hairline, the head of a section, and a quieter word behind it.
fn section_ui(ui: &mut Ui, cx: &Cx<'_>, title: &str, note: &str) {
    ui.add_space(8.0);
    super::rows::divider(ui, cx.theme);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::hover());
    let y = rect.center().y + 1.0;
    let head = cut_text(ui, rect.left() + PAD, y, title, (font::semibold(12.0), cx.theme.text1), rect.width() - 2.0 * PAD);
    cut_text(ui, head.right + 8.0, y + 0.5, note, (font::label(), cx.theme.text3), rect.right() - PAD - head.right - 8.0);
}

/// Content with the inspector's margins.
fn padded<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    Frame::NONE
        .inner_margin(eframe::egui::Margin::symmetric(PAD as i8, 0))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            add(ui)
        })
        .inner
}

/// The colour of a record in lists: that of its category where the picture is coloured by the same field.
fn line_colour(cx: &Cx<'_>, rank: Option<u32>) -> eframe::egui::Color32 {
    let schema = cx.session.schema.as_ref();
    let has_countries = schema.is_some_and(|schema| schema.info(Field::ORIGINATOR_COUNTRY).is_some_and(|info| info.present > 0));
    let field = if has_countries { Field::ORIGINATOR_COUNTRY } else { Field::CATEGORY };
    if cx.session.document.colour == Some(field) { cx.theme.category(rank) } else { cx.theme.text2 }
}
