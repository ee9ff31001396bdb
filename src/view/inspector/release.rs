//! What became of the selected record from one release of its dataset to the next: added, removed, or field by field what changed.

use eframe::egui::{Label, RichText, Ui};

use super::{Cx, padded, section_ui};
use crate::data::{CHANGES, RELEASE};
use crate::query::RecordAnswer;
use crate::view::theme::font;

/// Draws it, where the files are two releases and the record is not the same in both.
pub(super) fn release_ui(ui: &mut Ui, cx: &Cx<'_>, record: &RecordAnswer) {
    let Some(releases) = cx.session.schema.as_ref().and_then(|schema| schema.origin.releases.clone()) else { return };
    let field = |key: &str| record.fields.iter().find(|(info, _)| info.key == key).map(|(_, text)| text.as_str());
    let (title, words) = match field(RELEASE) {
        Some("added") => ("Added", format!("Not yet in {}.", releases.older)),
        Some("removed") => ("Removed", format!("No longer in {}: it enters no sum.", releases.newer)),
        Some("changed") => ("Changed", String::new()),
        _ => return,
    };
    section_ui(ui, cx, title, &format!("in {}", releases.newer));
    padded(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        if !words.is_empty() {
            ui.add(Label::new(RichText::new(words).font(font::body()).color(cx.theme.text2)).wrap());
        }
        for change in field(CHANGES).into_iter().flat_map(|changes| changes.split("; ")) {
            ui.add(Label::new(RichText::new(change).font(font::body()).color(cx.theme.text1)).selectable(true).wrap());
        }
    });
}
