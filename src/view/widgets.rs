//! Small controls that every panel shares: icon buttons, chips, section heads, elided labels.

use eframe::egui::{
    Align2, Button, Color32, CornerRadius, CursorIcon, FontId, Galley, Rect, Response, RichText, Role, Sense, Stroke, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};
use std::sync::Arc;

use super::icons::icon;
use super::theme::{Theme, font};
use crate::layout::one_line;

/// A square button with an icon, a tooltip and an accessible name.
pub(super) fn icon_button(ui: &mut Ui, theme: &Theme, name: &str, tip: &str, is_enabled: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(24.0), if is_enabled { Sense::click() } else { Sense::hover() });
    let colour = if is_enabled { theme.text2 } else { theme.disabled };
    if response.hovered() && is_enabled {
        ui.painter().rect_filled(rect, 4.0, theme.hover);
    }
    focus_ring(ui, theme, &response, rect, 4.0);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, icon(name), font::icon(16.0), colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, is_enabled, tip));
    response.on_hover_text(tip).on_hover_cursor(CursorIcon::PointingHand)
}

/// The ring around what the keyboard is on.
pub(super) fn focus_ring(ui: &Ui, theme: &Theme, response: &Response, rect: Rect, radius: f32) {
    if response.has_focus() {
        let ring = rect.expand(3.0);
        let corner = CornerRadius::same((radius + 2.0) as u8);
        ui.painter().rect_stroke(ring, corner, Stroke::new(2.0, theme.accent), eframe::egui::StrokeKind::Inside);
    }
}

/// A button in the accent colour: the one thing that a dialog is about.
pub(super) fn primary_button(ui: &mut Ui, theme: &Theme, label: &str) -> Response {
    let text = RichText::new(label).font(font::semibold(12.0)).color(theme.on_accent);
    ringed(ui, theme, Button::new(text).fill(theme.accent).stroke(Stroke::NONE).min_size(vec2(0.0, 24.0)).corner_radius(4.0))
}

/// Adds a button of the toolkit, with the ring of the keyboard around it.
pub(super) fn ringed(ui: &mut Ui, theme: &Theme, button: Button<'_>) -> Response {
    let response = ui.add(button);
    focus_ring(ui, theme, &response, response.rect, 4.0);
    response
}

/// A plain button.
pub(super) fn plain_button(ui: &mut Ui, theme: &Theme, label: &str) -> Response {
    let text = RichText::new(label).font(font::body()).color(theme.text1);
    ringed(ui, theme, Button::new(text).min_size(vec2(0.0, 24.0)).corner_radius(4.0))
}

/// Text that acts like a link.
pub(super) fn link_button(ui: &mut Ui, theme: &Theme, label: &str) -> Response {
    let galley = ui.painter().layout_no_wrap(label.to_owned(), font::body(), theme.accent);
    link_of(ui, theme, label, &galley)
}

/// A link that goes on in further lines where one has no room for it.
pub(super) fn link_lines(ui: &mut Ui, theme: &Theme, label: &str) -> Response {
    let galley = ui.painter().layout(label.to_owned(), font::body(), theme.accent, ui.available_width());
    link_of(ui, theme, label, &galley)
}

fn link_of(ui: &mut Ui, theme: &Theme, label: &str, galley: &Arc<Galley>) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, galley.size().y.max(20.0)), Sense::click());
    let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    if response.hovered() {
        let y = at.y + galley.size().y - 1.0;
        ui.painter().hline(rect.x_range(), y, Stroke::new(1.0, theme.accent));
    }
    ui.painter().galley(at, Arc::clone(galley), theme.accent);
    focus_ring(ui, theme, &response, rect, 3.0);
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, label));
    response.on_hover_cursor(CursorIcon::PointingHand)
}

/// Text laid out on one line and cut with `…` after a whole word or letter when it is wider than `width`.
pub(super) fn elided(ui: &Ui, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = eframe::egui::text::LayoutJob::simple_singleline(one_line(text).into_owned(), font, colour);
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(width.max(8.0));
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// Paints text on one line, cut to `width`, its left edge at `left`, its middle at `middle_y`; returns where it ends.
pub(super) fn text_line(ui: &Ui, left: f32, middle_y: f32, text: &str, font: FontId, colour: Color32, width: f32) -> f32 {
    let galley = elided(ui, text, font, colour, width);
    let size = galley.size();
    ui.painter().galley(pos2(left, middle_y - size.y / 2.0), galley, colour);
    left + size.x
}

/// A row of a menu: icon, label, and what stands on the right in a quieter colour.
pub(super) fn menu_row(ui: &mut Ui, theme: &Theme, icon_name: &str, label: &str, right: &str) -> Response {
    let width = ui.available_width().max(160.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 24.0), Sense::click());
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 3.0, theme.hover);
    }
    if !icon_name.is_empty() {
        let at = pos2(rect.left() + 14.0, rect.center().y);
        ui.painter().text(at, Align2::CENTER_CENTER, icon(icon_name), font::icon(16.0), theme.text2);
    }
    let right_galley = ui.painter().layout_no_wrap(right.to_owned(), font::label(), theme.text3);
    let right_width = right_galley.size().x;
    let right_at = pos2(rect.right() - 8.0 - right_width, rect.center().y - right_galley.size().y / 2.0);
    ui.painter().galley(right_at, right_galley, theme.text3);
    text_line(ui, rect.left() + 30.0, rect.center().y, label, font::body(), theme.text1, rect.width() - 46.0 - right_width);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    response.on_hover_cursor(CursorIcon::PointingHand)
}

/// A button in the accent colour with an icon, that opens a menu.
pub(super) fn primary_menu_button(ui: &mut Ui, theme: &Theme, icon_name: &str, label: &str) -> Response {
    let mut job = eframe::egui::text::LayoutJob::default();
    let format =
        |font_id| eframe::egui::TextFormat { font_id, color: theme.on_accent, valign: eframe::egui::Align::Center, ..Default::default() };
    job.append(icon(icon_name), 0.0, format(font::icon(16.0)));
    job.append(label, 6.0, format(font::semibold(12.0)));
    job.append(icon("expand_more"), 4.0, format(font::icon(14.0)));
    let button = Button::new(job).fill(theme.accent).stroke(Stroke::NONE).min_size(vec2(0.0, 24.0)).corner_radius(4.0);
    let response = ringed(ui, theme, button);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    response.on_hover_cursor(CursorIcon::PointingHand)
}

/// A key cap; returns its width.
pub(super) fn key_cap(ui: &Ui, theme: &Theme, right_middle: eframe::egui::Pos2, text: &str) -> f32 {
    let galley = ui.painter().layout_no_wrap(text.to_owned(), font::micro(), theme.text2);
    let size = vec2(galley.size().x.max(8.0) + 8.0, 16.0);
    let rect = Rect::from_min_size(pos2(right_middle.x - size.x, right_middle.y - 8.0), size);
    ui.painter().rect(rect, 3.0, theme.raised, Stroke::new(1.0, theme.line2), eframe::egui::StrokeKind::Inside);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, theme.text2);
    size.x
}
