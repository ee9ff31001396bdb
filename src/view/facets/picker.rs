//! Which fields have a list in the filter panel.

use eframe::egui::{Popup, PopupCloseBehavior, ScrollArea, Ui};

use super::PAD;
use crate::data::{Field, FieldInfo, FieldKind};
use crate::layout::number_text;
use crate::query::Schema;
use crate::session::Edit;
use crate::view::Cx;
use crate::view::widgets::{link_button, menu_row};

/// Draws the link and its menu.
pub(super) fn picker_ui(ui: &mut Ui, cx: &mut Cx<'_>, schema: &Schema) {
    ui.horizontal(|ui| {
        ui.add_space(PAD);
        let link = link_button(ui, cx.theme, "+ Add a filter…");
        Popup::menu(&link).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
            ui.set_min_width(220.0);
            ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
                for info in schema.fields.iter().filter(|info| can_be_listed(info)) {
                    field_ui(ui, cx, info);
                }
            });
        });
    });
}

fn can_be_listed(info: &FieldInfo) -> bool {
    let is_place = matches!(info.field, Field::LAT | Field::LON);
    info.present > 0 && !is_place && matches!(info.kind, FieldKind::Category | FieldKind::Number)
}

fn field_ui(ui: &mut Ui, cx: &mut Cx<'_>, info: &FieldInfo) {
    let fields = &cx.session.document.facets;
    let place = fields.iter().position(|own| *own == info.field);
    let count = info.distinct.map_or_else(|| "range".to_owned(), |distinct| number_text(f64::from(distinct)));
    if menu_row(ui, cx.theme, if place.is_some() { "check" } else { "" }, &info.label, &count).clicked() {
        let mut fields = fields.clone();
        match place {
            Some(place) => {
                fields.remove(place);
            }
            None => fields.push(info.field),
        }
        cx.send(Edit::Facets(fields));
    }
}
