//! The page of all keys, made of the table of commands.

use eframe::egui::{Align2, RichText, ScrollArea, Sense, Ui, pos2, vec2};

use super::super::Cx;
use super::super::theme::font;
use super::super::widgets::{key_cap, text_line};
use super::content_height;
use crate::session::{COMMANDS, CommandGroup};

/// What the mouse does.
const MOUSE: &[(&str, &str)] = &[
    ("Wheel on the timeline", "Zoom about the pointer"),
    ("Shift wheel, sideways wheel", "Pan"),
    ("Wheel beside the lanes", "Scroll lanes"),
    ("Drag on the timeline", "Pan"),
    ("Shift drag on the timeline", "Zoom to the box"),
    ("Drag on the axis", "Brush a span"),
    ("Click, Shift or Ctrl click", "Select, add to the selection"),
    ("Double click", "Focus"),
    ("Right click", "What can be done here"),
];

/// Draws the page.
pub(super) fn keys_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    ScrollArea::vertical().max_height(content_height(ui)).min_scrolled_height(content_height(ui).min(560.0)).show(ui, |ui| {
        ui.columns(2, |columns| {
            for (place, group) in CommandGroup::ALL.into_iter().enumerate() {
                group_ui(&mut columns[usize::from(place >= 3)], cx, group);
            }
            mouse_ui(&mut columns[1], cx);
        });
    });
}

fn head(ui: &mut Ui, cx: &Cx<'_>, title: &str) {
    ui.add_space(8.0);
    ui.label(RichText::new(title).font(font::semibold(11.0)).color(cx.theme.text2));
}

fn group_ui(ui: &mut Ui, cx: &Cx<'_>, group: CommandGroup) {
    head(ui, cx, group.title());
    for entry in COMMANDS.iter().filter(|entry| entry.group == group && !entry.keys.is_empty()) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
        let mut right = rect.right() - 8.0;
        for (place, shortcut) in entry.keys.iter().enumerate().rev() {
            for cap in shortcut.caps().iter().rev() {
                right -= key_cap(ui, cx.theme, pos2(right, rect.center().y), cap) + 4.0;
            }
            if place > 0 {
                ui.painter().text(pos2(right, rect.center().y), Align2::RIGHT_CENTER, "or", font::micro(), cx.theme.text3);
                right -= 18.0;
            }
        }
        text_line(ui, rect.left(), rect.center().y, entry.name, font::body(), cx.theme.text1, right - rect.left() - 8.0);
    }
}

fn mouse_ui(ui: &mut Ui, cx: &Cx<'_>) {
    head(ui, cx, "Mouse");
    for (gesture, what) in MOUSE {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
        text_line(ui, rect.left(), rect.center().y, what, font::body(), cx.theme.text1, rect.width() * 0.48);
        let left = rect.left() + rect.width() * 0.5;
        text_line(ui, left, rect.center().y, gesture, font::body(), cx.theme.text2, rect.right() - left);
    }
}
