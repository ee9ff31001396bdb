//! The controls of the import panel: a button that opens a list, a tab, a field with a name over it.

use eframe::egui::{
    Align2, CursorIcon, Id, Popup, PopupCloseBehavior, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

use super::keys::{Keyed, list_keys};
use crate::view::icon;
use crate::view::rows::{Entry, cut_text, entry_ui, text_width};
use crate::view::theme::{Theme, font};
use crate::view::widgets::{focus_ring, menu_row};

/// How wide a list is: at least, and at most.
const LIST: [f32; 2] = [180.0, 480.0];
/// What a row of a list takes beside its words, and what stands between these and the remark.
const MARKS: f32 = 56.0;
const GAP: f32 = 24.0;

/// The height of a control.
pub(super) const CONTROL: f32 = 24.0;

/// How a button that shows a choice looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Plain,
    /// What a person has chosen.
    Chosen,
    /// What matters.
    Strong,
    /// What matters less.
    Quiet,
}

impl Look {
    pub(super) fn chosen(is_chosen: bool) -> Self {
        if is_chosen { Self::Chosen } else { Self::Plain }
    }
}

/// A button that shows a choice and opens a list; `name` is what it is about.
pub(super) fn button_in(ui: &Ui, theme: &Theme, rect: Rect, id: Id, (name, shown): (&str, &str), look: Look) -> Response {
    let response = ui.interact(rect, id, Sense::click());
    let ground = if response.hovered() { theme.hover } else { theme.panel };
    let edge = match look {
        Look::Chosen => theme.accent,
        Look::Plain | Look::Strong => theme.line2,
        Look::Quiet => theme.line,
    };
    ui.painter().rect(rect, 4.0, ground, Stroke::new(1.0, edge), StrokeKind::Inside);
    focus_ring(ui, theme, &response, rect, 4.0);
    let y = rect.center().y;
    let face = match look {
        Look::Chosen | Look::Strong => (font::medium(12.0), theme.text1),
        Look::Plain => (font::body(), theme.text1),
        Look::Quiet => (font::body(), theme.text3),
    };
    cut_text(ui, rect.left() + 8.0, y, shown, face, rect.width() - 28.0);
    ui.painter().text(pos2(rect.right() - 12.0, y), Align2::CENTER_CENTER, icon("expand_more"), font::icon(14.0), theme.text3);
    // What the edge says to the eye: somebody has chosen it.
    let spoken = if look == Look::Chosen { format!("{name}, chosen") } else { name.to_owned() };
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ComboBox, true, &spoken);
        info.current_text_value = Some(shown.to_owned());
        info
    });
    response.on_hover_cursor(CursorIcon::PointingHand)
}

/// A choice as the rows of a list: each with its words and a quieter remark.
pub(super) struct Offer<T> {
    pub(super) value: T,
    pub(super) label: String,
    pub(super) remark: String,
}

impl<T> Offer<T> {
    pub(super) fn new(value: T, label: impl Into<String>) -> Self {
        Self { value, label: label.into(), remark: String::new() }
    }

    pub(super) fn with(self, remark: impl Into<String>) -> Self {
        Self { remark: remark.into(), ..self }
    }
}

/// A choice over the whole width; returns what was chosen anew. `is_own` when a person has chosen what is shown.
pub(super) fn choice_ui<T: PartialEq + Clone>(
    ui: &mut Ui,
    theme: &Theme,
    (name, shown): (&str, &str),
    is_own: bool,
    (now, offers): (&T, &[Offer<T>]),
) -> Option<T> {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), CONTROL), Sense::hover());
    let id = ui.scope_id().with(("choice", name));
    let response = button_in(ui, theme, rect, id, (name, shown), Look::chosen(is_own)).on_hover_text(format!("{name}: {shown}"));
    list_ui(&response, theme, now, offers)
}

/// Puts a list over the panel that it belongs to: a click beside an open list brings the panel to the front.
pub(super) fn over_the_panel(ui: &Ui) {
    ui.ctx().move_to_top(ui.layer_id());
}

/// The list of a button.
pub(super) fn list_ui<T: PartialEq + Clone>(button: &Response, theme: &Theme, now: &T, offers: &[Offer<T>]) -> Option<T> {
    let mut chosen = None;
    Popup::menu(button).close_behavior(PopupCloseBehavior::CloseOnClick).show(|ui| {
        over_the_panel(ui);
        let width = |offer: &Offer<T>| {
            let remark = text_width(ui, &offer.remark, font::label());
            text_width(ui, &offer.label, font::body()) + remark + if offer.remark.is_empty() { 0.0 } else { GAP }
        };
        let widest = offers.iter().map(width).fold(0.0, f32::max) + MARKS;
        ui.set_width(widest.clamp(button.rect.width().max(LIST[0]), LIST[1]));
        let labels: Vec<&str> = offers.iter().map(|offer| offer.label.as_str()).collect();
        let keyed = list_keys(ui, button, &labels, offers.iter().position(|offer| offer.value == *now));
        ScrollArea::vertical().max_height(380.0).show(ui, |ui| {
            for (place, offer) in offers.iter().enumerate() {
                let mark = if offer.value == *now { "check" } else { "" };
                let row = list_row(ui, theme, (mark, &offer.label, &offer.remark), &keyed, place);
                if row.clicked() || (keyed.is_chosen && keyed.at == Some(place)) {
                    chosen = Some(offer.value.clone());
                    // Enter chooses too, which is no click.
                    ui.close();
                }
            }
        });
    });
    chosen.filter(|chosen| chosen != now)
}

/// A row of a list, lit while the keyboard is on it.
pub(super) fn list_row(ui: &mut Ui, theme: &Theme, (mark, label, remark): (&str, &str, &str), keyed: &Keyed, place: usize) -> Response {
    let is_on = keyed.at == Some(place);
    if is_on {
        let rect = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), 24.0));
        ui.painter().rect_filled(rect, 3.0, theme.hover);
    }
    let row = menu_row(ui, theme, mark, label, remark);
    if is_on && keyed.has_moved {
        row.scroll_to_me(None);
    }
    row
}

/// A name over a control.
pub(super) fn label_ui(ui: &mut Ui, theme: &Theme, text: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 16.0), Sense::hover());
    cut_text(ui, rect.left(), rect.center().y, text, (font::label(), theme.text2), rect.width());
}

/// A text field over the whole width, with a name over it; returns what was entered.
pub(super) fn field_ui(ui: &mut Ui, theme: &Theme, (name, shown, hint): (&str, &str, &str)) -> Option<String> {
    label_ui(ui, theme, name);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), CONTROL), Sense::hover());
    ui.painter().rect_stroke(rect, 4.0, Stroke::new(1.0, theme.line2), StrokeKind::Inside);
    entry_ui(ui, theme, rect, &Entry { id: ui.scope_id().with(("entry", name)), shown, hint, name })
}

/// One of the words at the head of a side.
pub(super) fn tab_ui(ui: &mut Ui, theme: &Theme, word: &str, is_chosen: bool) -> Response {
    let face = (if is_chosen { font::semibold(12.0) } else { font::body() }, if is_chosen { theme.text1 } else { theme.text2 });
    let galley = ui.painter().layout_no_wrap(word.to_owned(), face.0, face.1);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 8.0, CONTROL), Sense::click());
    ui.painter().galley(pos2(rect.left() + 4.0, rect.center().y - galley.size().y / 2.0), galley, face.1);
    if is_chosen {
        ui.painter().hline(rect.left() + 4.0..=rect.right() - 4.0, rect.bottom() - 1.0, Stroke::new(2.0, theme.accent));
    } else if response.hovered() {
        ui.painter().hline(rect.left() + 4.0..=rect.right() - 4.0, rect.bottom() - 1.0, Stroke::new(2.0, theme.line2));
    }
    focus_ring(ui, theme, &response, rect, 3.0);
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_chosen, word));
    response.on_hover_cursor(CursorIcon::PointingHand)
}
