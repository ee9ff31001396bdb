//! The right side of the import panel when it is about metrics: which columns of numbers are metrics of their own, so that each row
//! becomes a record for each of them.

use eframe::egui::{Checkbox, RichText, ScrollArea, Ui};

use super::choice::{Offer, choice_ui};
use super::roles::metric_name;
use super::{Cx, change_mapping, heading, mapping, note, words};
use crate::data::{Basis, Vocabulary as _};
use crate::ingest::{Examined, Part, Role};
use crate::view::theme::font;

/// Draws the list.
pub(super) fn metrics_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined) {
    let own = mapping(cx, seen);
    let is_offered = |column: usize| {
        let map = &own.columns[column];
        map.role == Role::Measured || (map.is_numeric && matches!(map.role, Role::Extra | Role::Ignored))
    };
    let columns: Vec<usize> = (0..own.columns.len()).filter(|column| is_offered(*column)).collect();
    note(ui, cx.theme, "A row becomes one record for each metric that it has a number of.");
    ui.add_space(6.0);
    if columns.is_empty() {
        note(ui, cx.theme, "No column is one of numbers.");
        return;
    }
    if !own.measured.is_empty() {
        heading(ui, cx.theme, "All of them are");
        let now = own.measured.first().map(|first| first.basis).filter(|first| own.measured.iter().all(|other| other.basis == *first));
        let offers: Vec<Offer<Option<Basis>>> = Basis::ALL.iter().map(|basis| Offer::new(Some(*basis), words::basis(*basis))).collect();
        let shown = now.map_or("different", words::basis);
        if let Some(Some(basis)) = choice_ui(ui, cx.theme, ("All metrics", shown), false, (&now, &offers)) {
            change_mapping(cx, seen, |mapping| mapping.measured.iter_mut().for_each(|measured| measured.basis = basis));
        }
        ui.add_space(8.0);
    }
    heading(ui, cx.theme, "Columns of numbers");
    ScrollArea::vertical().id_salt("import_metrics").auto_shrink([false, false]).show(ui, |ui| {
        for column in columns {
            let place = own.measured_by(column);
            let mut is_metric = place.is_some();
            let name = &own.columns[column].name;
            let box_ = ui.add(Checkbox::new(&mut is_metric, RichText::new(name.chars().take(40).collect::<String>()).font(font::body())));
            if let Some((place, part)) = place {
                let metric = &own.measured[place].metric;
                let words = if part == Part::Value { metric.clone() } else { format!("{metric}, {}", words::part(part).to_lowercase()) };
                box_.clone().on_hover_text(words);
            }
            if box_.changed() {
                change_mapping(cx, seen, |mapping| {
                    if is_metric {
                        let basis = mapping.measured.first().map(|first| first.basis);
                        let metric = metric_name(mapping, column);
                        mapping.measure(column, &metric, Part::Value);
                        if let Some((measured, basis)) = mapping.measured.last_mut().zip(basis) {
                            measured.basis = basis;
                        }
                    } else {
                        mapping.unmeasure(column);
                    }
                });
            }
        }
    });
}
