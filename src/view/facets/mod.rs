//! The filter panel: lists with counts that follow the other filters, ranges, what is chosen. It counts nothing itself.

mod category;
mod picker;
mod range;

use eframe::egui::{Popup, PopupCloseBehavior, Rect, Role, ScrollArea, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::rows::{click_row, cut_text, right_text};
use super::theme::font;
use super::widgets::{link_button, menu_row};
use super::{Cx, icon};
use crate::data::{Field, FieldInfo, FieldKind};
use crate::layout::number_text;
use crate::query::{Answer, Filter, Query, Schema};
use crate::session::{Edit, Slot};

/// What the panel leaves free on both sides.
const PAD: f32 = 12.0;
/// How far beyond what is seen sections are still drawn.
const DRAWN_BEYOND: f32 = 240.0;

/// Draws it.
pub(super) fn facets_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let Some(schema) = cx.session.schema.clone() else { return };
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    passing_ui(ui, cx, &schema);
    ScrollArea::vertical().id_salt("facets").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        ui.add_space(4.0);
        for (place, field) in cx.session.document.facets.clone().into_iter().enumerate() {
            let Some(info) = schema.info(field) else { continue };
            if place > 0 {
                line(ui, cx);
            }
            section_ui(ui, cx, info);
        }
        for field in [Field::WHEN, Field::AS_OF, Field::PUBLISHED] {
            if let Some(info) = schema.info(field).filter(|info| info.present > 0) {
                line(ui, cx);
                section_ui(ui, cx, info);
            }
        }
        line(ui, cx);
        ui.add_space(6.0);
        picker::picker_ui(ui, cx, &schema);
        ui.add_space(16.0);
    });
}

/// How many records pass, and a way out of the filter. The line stands without a filter too, so that no row moves under the pointer.
fn passing_ui(ui: &mut Ui, cx: &mut Cx<'_>, schema: &Schema) {
    let query = Query::Count { filter: cx.session.document.filter.clone(), window: Some(cx.session.place.window) };
    let (matching, of) = match cx.ask(Slot::Count, query) {
        Some(Answer::Count(count)) => (count.matching, count.of),
        _ => (schema.records, schema.records),
    };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, cx.theme.line));
    let (x, y) = (rect.left() + PAD, rect.center().y);
    if cx.session.document.filter == Filter::All {
        let records = number_text(of as f64);
        let words = if schema.is_complete { format!("All {records} records") } else { format!("{records} records read so far") };
        cut_text(ui, x, y, &words, (font::body(), cx.theme.text2), rect.width() - 2.0 * PAD);
        return;
    }
    ui.painter().rect_filled(rect, 0.0, cx.theme.selection);
    let spot = Rect::from_min_max(pos2(rect.right() - PAD - 32.0, rect.top() + 5.0), pos2(rect.right() - PAD, rect.bottom()));
    let mut child = ui.new_child(eframe::egui::UiBuilder::new().max_rect(spot));
    if link_button(&mut child, cx.theme, "Clear").on_hover_text("Show all records (Ctrl Shift X)").clicked() {
        cx.send(Edit::ClearFilter);
    }
    let words = format!("{} of {} records", number_text(matching as f64), number_text(of as f64));
    cut_text(ui, x, y, &words, (font::semibold(12.0), cx.theme.text1), spot.left() - x - 8.0);
}

fn line(ui: &mut Ui, cx: &Cx<'_>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 9.0), Sense::hover());
    let inner = rect.shrink2(vec2(PAD, 0.0));
    ui.painter().hline(inner.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, cx.theme.line));
}

/// Draws the list or range of a field, unless it is far out of sight: then it asks nothing and keeps its height.
fn section_ui(ui: &mut Ui, cx: &mut Cx<'_>, info: &FieldInfo) {
    let id = eframe::egui::Id::unique(("facet_height", info.field));
    let at = ui.cursor().min;
    if let Some(height) = ui.data(|data| data.get_temp::<f32>(id)) {
        let rect = Rect::from_min_size(at, vec2(ui.available_width(), height));
        if !ui.is_rect_visible(rect.expand(DRAWN_BEYOND)) {
            ui.allocate_rect(rect, Sense::hover());
            return;
        }
    }
    match info.kind {
        FieldKind::Category => category::category_ui(ui, cx, info),
        FieldKind::Number | FieldKind::Date => range::range_ui(ui, cx, info),
        FieldKind::Text => {}
    }
    ui.data_mut(|data| data.insert_temp(id, ui.cursor().min.y - at.y));
}

/// The head of a section.
struct Head<'a> {
    info: &'a FieldInfo,
    /// What stands behind the name, such as the number of values.
    count: String,
    /// What the field is used for.
    used: &'static str,
    /// Is it open before anybody touched it?
    is_open_first: bool,
}

/// Draws the head of a section; says whether the section is open.
fn head_ui(ui: &mut Ui, cx: &mut Cx<'_>, head: &Head<'_>) -> bool {
    let id = eframe::egui::Id::unique(("facet_open", head.info.field));
    let is_open = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(head.is_open_first);
    ui.add_space(2.0);
    let info = WidgetInfo::selected(Role::DisclosureTriangle, true, is_open, format!("{} filter", head.info.label));
    let (rect, response) = click_row(ui, cx.theme, 26.0, false, &info);
    let y = rect.center().y;
    let x = rect.left() + PAD;
    let width = rect.width() - 2.0 * PAD;
    let face = (font::semibold(11.0), cx.theme.text1);
    let name = cut_text(ui, x, y, &head.info.label, face, width - 84.0);
    cut_text(ui, name.right + 6.0, y, &head.count, (font::label(), cx.theme.text3), 60.0);
    if response.contains_pointer() || !is_open || response.has_focus() {
        let glyph = if is_open { "expand_more" } else { "chevron_right" };
        let at = pos2(rect.right() - PAD - 5.0, y);
        ui.painter().text(at, eframe::egui::Align2::CENTER_CENTER, icon(glyph), font::icon(14.0), cx.theme.text3);
    } else {
        right_text(ui, rect.right() - PAD, y, head.used, (font::label(), cx.theme.text3));
    }
    if response.clicked() {
        ui.data_mut(|data| data.insert_temp(id, !is_open));
    }
    head_menu(cx, &response, head.info);
    is_open
}

/// What can be done with a field.
fn head_menu(cx: &mut Cx<'_>, response: &eframe::egui::Response, info: &FieldInfo) {
    Popup::context_menu(response).close_behavior(PopupCloseBehavior::CloseOnClick).show(|ui| {
        ui.set_min_width(180.0);
        if info.kind == FieldKind::Category {
            if menu_row(ui, cx.theme, "palette", "Colour by this", "").clicked() {
                cx.send(Edit::Colour(Some(info.field)));
            }
            if menu_row(ui, cx.theme, "view_agenda", "Lanes by this", "").clicked() {
                cx.send(Edit::Lane(Some(info.field)));
            }
        }
        if cx.session.document.facets.contains(&info.field) && menu_row(ui, cx.theme, "close", "Take this filter away", "").clicked() {
            let fields = cx.session.document.facets.iter().copied().filter(|own| *own != info.field).collect();
            cx.send(Edit::Facets(fields));
        }
    });
}

/// The term that lets only records without a value pass.
fn missing_term(field: Field) -> Filter {
    Filter::Not(Box::new(Filter::Present(field)))
}

/// Does the filter let only records without a value of this field pass?
fn is_missing_chosen(filter: &Filter, field: Field) -> bool {
    filter.terms().contains(&missing_term(field))
}

/// The filter without anything that this field's own section chose.
fn without_own(filter: &Filter, field: Field) -> Filter {
    let missing = missing_term(field);
    Filter::from_terms(filter.without(field).into_terms().into_iter().filter(|term| *term != missing).collect())
}
