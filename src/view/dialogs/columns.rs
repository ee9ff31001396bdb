//! Which columns the table has, and in which order.

use eframe::egui::{Checkbox, RichText, ScrollArea, Ui};

use super::super::Cx;
use super::super::theme::font;
use super::super::widgets::icon_button;
use super::content_height;
use crate::data::Field;
use crate::session::Edit;

/// Draws the dialog.
pub(super) fn columns_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let Some(schema) = cx.session.schema.clone() else { return };
    let columns = cx.session.document.columns.clone();
    let rest = schema.fields.iter().map(|info| info.field).filter(|field| !columns.contains(field));
    let all: Vec<Field> = columns.iter().copied().chain(rest).collect();
    let mut changed = columns.clone();
    ScrollArea::vertical().max_height(content_height(ui).min(520.0)).auto_shrink([false, true]).show(ui, |ui| {
        for field in all {
            let Some(info) = schema.info(field) else { continue };
            ui.horizontal(|ui| {
                let place = columns.iter().position(|own| *own == field);
                let mut is_shown = place.is_some();
                if ui.add(Checkbox::new(&mut is_shown, RichText::new(&info.label).font(font::body()))).changed() {
                    match place {
                        Some(place) => drop(changed.remove(place)),
                        None => changed.push(field),
                    }
                }
                ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
                    let Some(place) = place else { return };
                    if icon_button(ui, cx.theme, "expand_more", &format!("Move {} down", info.label), place + 1 < columns.len()).clicked() {
                        changed.swap(place, place + 1);
                    }
                    if icon_button(ui, cx.theme, "expand_less", &format!("Move {} up", info.label), place > 0).clicked() {
                        changed.swap(place - 1, place);
                    }
                });
            });
        }
    });
    if changed != columns {
        cx.send(Edit::Columns(changed));
    }
}
