//! The list of a category in the filter panel: swatch or form, name, bar, count, what is chosen.

use eframe::egui::{
    Align2, CursorIcon, Id, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::{Head, PAD, head_ui, is_missing_chosen, missing_term, without_own};
use crate::data::{Field, FieldInfo, Kind, Qualifier, Status, Vocabulary as _, display_value};
use crate::layout::{Form, MarkLook, mark_look, number_text};
use crate::query::{Answer, FacetAnswer, FacetQuery, FacetValue, Query};
use crate::session::{Edit, Slot};
use crate::view::rows::{click_row, counted_noun, cut_text, inner_ring, right_text};
use crate::view::theme::font;
use crate::view::widgets::link_button;
use crate::view::{Cx, MarkPaint, icon, paint_mark};

/// The values of a list that is not opened.
const TOP: usize = 7;
/// A list of at most this many values is shown whole.
const WHOLE: u64 = 10;
/// What a list that is not opened asks for, so that chosen values further down are seen.
const ASKED: u32 = 60;
/// What an opened list asks for; beyond that its search field finds.
const ASKED_OPEN: u32 = 500;
const ROW: f32 = 20.0;
const BAR: f32 = 32.0;

/// Whether a list is opened, and what is typed above it.
#[derive(Clone, Default)]
struct Opened {
    is_open: bool,
    search: String,
}

/// Draws the section of a category.
pub(super) fn category_ui(ui: &mut Ui, cx: &mut Cx<'_>, info: &FieldInfo) {
    let field = info.field;
    let document = &cx.session.document;
    let used = match field {
        _ if document.colour == Some(field) => "colours",
        _ if document.lane == Some(field) => "lanes",
        Field::QUALIFIER | Field::KIND => "shapes",
        _ => "",
    };
    let count = info.distinct.filter(|distinct| u64::from(*distinct) > TOP as u64).map(|n| number_text(f64::from(n))).unwrap_or_default();
    if !head_ui(ui, cx, &Head { info, count, used, is_open_first: true }) {
        return;
    }
    let id = Id::unique(("facet_list", field));
    let mut opened: Opened = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let query = FacetQuery {
        field,
        filter: without_own(&cx.session.document.filter, field),
        search: if opened.is_open { opened.search.clone() } else { String::new() },
        limit: if opened.is_open { ASKED_OPEN } else { ASKED },
    };
    let Some(Answer::Facet(answer)) = cx.ask(Slot::Facet(field), Query::Facet(query)) else {
        let rows = info.distinct.unwrap_or(TOP as u32).min(TOP as u32);
        ui.add_space(ROW * rows as f32);
        return;
    };
    if opened.is_open {
        search_ui(ui, cx, info, &mut opened.search);
    }
    values_ui(ui, cx, field, answer, opened.is_open);
    missing_ui(ui, cx, field, answer);
    let shown = if answer.distinct <= WHOLE { answer.distinct } else { TOP as u64 };
    let rest = u64::from(info.distinct.unwrap_or(0)).max(answer.distinct).saturating_sub(shown);
    if opened.is_open || rest > 0 && answer.distinct > WHOLE {
        let words = if opened.is_open { "Show fewer".to_owned() } else { format!("{} more…", number_text(rest as f64)) };
        ui.horizontal(|ui| {
            ui.add_space(PAD);
            let link = link_button(ui, cx.theme, &words);
            link.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{}: {words}", info.label)));
            if link.clicked() {
                opened = Opened { is_open: !opened.is_open, search: String::new() };
            }
        });
    }
    ui.data_mut(|data| data.insert_temp(id, opened));
}

fn search_ui(ui: &mut Ui, cx: &Cx<'_>, info: &FieldInfo, text: &mut String) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    let hint = RichText::new(format!("Find in {}", info.label.to_lowercase())).font(font::label()).color(cx.theme.text3);
    let edit = TextEdit::singleline(text)
        .id(Id::unique(("facet_search", info.field)))
        .font(font::label())
        .hint_text(hint)
        .margin(vec2(6.0, 4.0))
        .desired_width(rect.width() - 2.0 * PAD);
    let response = ui.put(Rect::from_center_size(rect.center(), vec2(rect.width() - 2.0 * PAD, 22.0)), edit);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, format!("Find in {}", info.label)));
}

/// The rows of a list; an opened one scrolls on its own.
fn values_ui(ui: &mut Ui, cx: &mut Cx<'_>, field: Field, answer: &FacetAnswer, is_opened: bool) {
    let chosen = cx.session.document.filter.chosen(field);
    let is_chosen = |value: &FacetValue| chosen.iter().any(|own| own.eq_ignore_ascii_case(&value.value));
    let top = answer.values.iter().map(|value| value.total).max().unwrap_or(1).max(1);
    let draw = |ui: &mut Ui, cx: &mut Cx<'_>, value: &FacetValue| value_ui(ui, cx, field, value, top, is_chosen(value));
    if !is_opened {
        let whole = if answer.distinct <= WHOLE { WHOLE as usize } else { TOP };
        for (place, value) in answer.values.iter().enumerate() {
            if place < whole || is_chosen(value) {
                draw(ui, cx, value);
            }
        }
        return;
    }
    let scroll = ScrollArea::vertical().id_salt(("facet_values", field)).max_height(ROW * 14.0).auto_shrink([false, true]);
    scroll.show_rows(ui, ROW, answer.values.len(), |ui, range| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        for value in answer.values.get(range).unwrap_or_default() {
            draw(ui, cx, value);
        }
    });
    if answer.distinct > answer.values.len() as u64 {
        let rest = answer.distinct - answer.values.len() as u64;
        note(ui, cx, &format!("{} more: type to find them", number_text(rest as f64)));
    } else if answer.values.is_empty() {
        note(ui, cx, "Nothing of that name");
    }
}

fn note(ui: &mut Ui, cx: &Cx<'_>, text: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    cut_text(ui, rect.left() + PAD, rect.center().y, text, (font::label(), cx.theme.text3), rect.width() - 2.0 * PAD);
}

fn value_ui(ui: &mut Ui, cx: &mut Cx<'_>, field: Field, value: &FacetValue, top: u64, is_chosen: bool) {
    let full = display_value(field, &value.value);
    let name = value.short.clone().unwrap_or_else(|| full.clone());
    let spoken = format!("{name}, {}", counted_noun(value.count, "record", "records"));
    let (rect, response) = click_row(ui, cx.theme, ROW, is_chosen, &WidgetInfo::selected(Role::CheckBox, true, is_chosen, spoken));
    let ink = if value.count == 0 { cx.theme.disabled } else { cx.theme.text1 };
    let is_colour = cx.session.document.colour == Some(field);
    let colour = if is_colour { cx.theme.category(Some(value.rank)) } else { cx.theme.text2 };
    let colour = if value.count == 0 { cx.theme.faded(colour, 0.4) } else { colour };
    let left = sign_ui(ui, cx, field, &value.value, rect, colour);
    let count_left = right_text(ui, rect.right() - PAD, rect.center().y, &number_text(value.count as f64), (font::body(), ink));
    let bar = bar_rect(ui, rect, top);
    let is_near = response.contains_pointer() || response.has_focus();
    if !is_near {
        let fill = if is_colour { colour } else { cx.theme.density[3] };
        bar_ui(ui, cx, bar, (value.count, value.total, top), fill);
    }
    let mut right = bar.left() - 6.0;
    if is_chosen {
        let at = pos2(right - 6.0, rect.center().y);
        ui.painter().text(at, Align2::CENTER_CENTER, icon("check"), font::icon(14.0), cx.theme.accent);
        right -= 16.0;
    }
    let weight = if is_chosen { font::medium(12.0) } else { font::body() };
    let painted = cut_text(ui, left, rect.center().y, &name, (weight, ink), right - left);
    let only = Rect::from_min_max(pos2(bar.left(), rect.top()), pos2(count_left - 4.0, rect.bottom()));
    let is_only = is_near && only_ui(ui, cx, response.id.with("only"), &name, only);
    let with_ctrl = ui.input(|input| input.modifiers.command);
    let is_clicked = response.clicked();
    if painted.is_cut || full != name {
        response.on_hover_text(&full);
    }
    if is_only || (is_clicked && with_ctrl) {
        let filter = without_own(&cx.session.document.filter, field);
        if is_missing_chosen(&cx.session.document.filter, field) {
            cx.send(Edit::Filter(filter));
        }
        cx.send(Edit::OnlyValue(field, value.value.clone()));
    } else if is_clicked {
        toggle(cx, field, &value.value);
    }
}

/// Chooses a value or no longer; a chosen value takes the place of "not recorded".
fn toggle(cx: &mut Cx<'_>, field: Field, value: &str) {
    let filter = &cx.session.document.filter;
    if is_missing_chosen(filter, field) {
        let filter = without_own(filter, field).toggled(field, value);
        cx.send(Edit::Filter(filter));
        return;
    }
    let as_chosen = filter.chosen(field).iter().find(|own| own.eq_ignore_ascii_case(value)).cloned();
    cx.send(Edit::ToggleValue(field, as_chosen.unwrap_or_else(|| value.to_owned())));
}

/// The link that chooses this value alone.
fn only_ui(ui: &Ui, cx: &Cx<'_>, id: Id, name: &str, rect: Rect) -> bool {
    let response = ui.interact(rect, id, Sense::click());
    let colour = if response.hovered() { cx.theme.text1 } else { cx.theme.accent };
    ui.painter().text(pos2(rect.left(), rect.center().y), Align2::LEFT_CENTER, "only", font::label(), colour);
    inner_ring(ui, cx.theme, &response, rect);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Only {name}")));
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}

/// Where the bar stands: left of the widest count that the list can have.
fn bar_rect(ui: &Ui, row: Rect, top: u64) -> Rect {
    let widest = crate::view::rows::text_width(ui, &number_text(top as f64), font::body()).max(20.0);
    let right = row.right() - PAD - widest - 8.0;
    let width = (BAR + (row.width() - 224.0) * 0.3).clamp(20.0, 64.0);
    Rect::from_min_max(pos2(right - width, row.center().y - 2.0), pos2(right, row.center().y + 2.0))
}

/// What passes over what the whole file has, both against the largest of the list.
fn bar_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, (count, total, top): (u64, u64, u64), fill: eframe::egui::Color32) {
    let part = |of: u64| rect.width() * (of as f64 / top as f64).min(1.0) as f32;
    let bar = |width: f32| Rect::from_min_size(rect.min, vec2(width, rect.height()));
    ui.painter().rect_filled(bar(rect.width()), 0.0, cx.theme.grid);
    if total > count {
        ui.painter().rect_filled(bar(part(total).max(1.0)), 0.0, cx.theme.density[1]);
    }
    if count > 0 {
        ui.painter().rect_filled(bar(part(count).max(1.0)), 0.0, fill);
    }
}

/// The swatch or form before a name; returns where the name starts.
fn sign_ui(ui: &Ui, cx: &Cx<'_>, field: Field, value: &str, row: Rect, colour: eframe::egui::Color32) -> f32 {
    let x = row.left() + PAD;
    let at = pos2(x + 5.0, row.center().y);
    let look = look_of(field, value);
    if let Some(look) = look {
        paint_mark(ui.painter(), cx.theme, at, &MarkPaint { look, radius: 4.4, colour, is_hovered: false, is_selected: false });
    } else if cx.session.document.colour == Some(field) {
        ui.painter().rect_filled(Rect::from_center_size(at, Vec2::splat(10.0)), 2.0, colour);
    } else {
        return x;
    }
    x + 18.0
}

/// The form that a value gives to marks.
fn look_of(field: Field, value: &str) -> Option<MarkLook> {
    let plain = |form| MarkLook { form, fill: mark_look(Kind::Event, None, Status::Reported).fill };
    match field {
        Field::QUALIFIER => Some(plain(match Qualifier::parse(value)? {
            Qualifier::Exact => Form::Square,
            Qualifier::About => Form::Circle,
            Qualifier::AtLeast => Form::TriangleUp,
            Qualifier::AtMost => Form::TriangleDown,
            Qualifier::Range => Form::Beam,
        })),
        Field::KIND => Some(plain(if Kind::parse(value)? == Kind::Event { Form::Diamond } else { Form::Square })),
        _ => None,
    }
}

/// The row of records without a value.
fn missing_ui(ui: &mut Ui, cx: &mut Cx<'_>, field: Field, answer: &FacetAnswer) {
    let filter = &cx.session.document.filter;
    let is_chosen = is_missing_chosen(filter, field);
    if answer.missing == 0 && !is_chosen {
        return;
    }
    let spoken = format!("Not recorded, {}", counted_noun(answer.missing, "record", "records"));
    let (rect, response) = click_row(ui, cx.theme, ROW, is_chosen, &WidgetInfo::selected(Role::CheckBox, true, is_chosen, spoken));
    let x = rect.left() + PAD;
    let has_sign = cx.session.document.colour == Some(field) || matches!(field, Field::QUALIFIER | Field::KIND);
    if has_sign {
        let swatch = Rect::from_center_size(pos2(x + 5.0, rect.center().y), Vec2::splat(9.0));
        ui.painter().rect_stroke(swatch, 2.0, Stroke::new(1.5, cx.theme.missing), StrokeKind::Inside);
    }
    let left = if has_sign { x + 18.0 } else { x };
    let count_left =
        right_text(ui, rect.right() - PAD, rect.center().y, &number_text(answer.missing as f64), (font::body(), cx.theme.text3));
    let painted = cut_text(ui, left, rect.center().y, "Not recorded", (font::body(), cx.theme.text3), count_left - left - 24.0);
    if is_chosen {
        let at = pos2(painted.right + 12.0, rect.center().y);
        ui.painter().text(at, Align2::CENTER_CENTER, icon("check"), font::icon(14.0), cx.theme.accent);
    }
    if response.clicked() {
        let rest = without_own(filter, field);
        cx.send(Edit::Filter(if is_chosen { rest } else { rest.and(missing_term(field)) }));
    }
}
