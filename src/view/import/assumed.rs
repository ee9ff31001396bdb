//! What was assumed about the file, each with its reason and the other reading one click away.

use eframe::egui::{Frame, Label, Margin, RichText, Ui};

use super::{Cx, change_mapping, draft, heading, note, wish};
use crate::data::{Assumption, Otherwise};
use crate::view::theme::font;
use crate::view::widgets::link_lines;

/// Draws the list.
pub(super) fn assumed_ui(ui: &mut Ui, cx: &mut Cx<'_>, assumptions: &[Assumption]) {
    heading(ui, cx.theme, "Assumed");
    if assumptions.is_empty() {
        note(ui, cx.theme, "Nothing: the file tells, or you chose.");
        return;
    }
    for assumption in assumptions {
        Frame::NONE.fill(cx.theme.warning_ground).corner_radius(4.0).inner_margin(Margin::symmetric(8, 6)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 2.0;
            let head = match &assumption.column {
                Some(column) => format!("{column}: {}", assumption.assumed),
                None => crate::view::rows::capital(&assumption.assumed),
            };
            ui.add(Label::new(RichText::new(head).font(font::medium(12.0)).color(cx.theme.text1)).wrap());
            ui.add(Label::new(RichText::new(crate::view::rows::capital(&assumption.why)).font(font::label()).color(cx.theme.text2)).wrap());
            if link_lines(ui, cx.theme, &format!("Read {}", assumption.other)).clicked() {
                read_otherwise(cx, assumption);
            }
        });
    }
}

/// Takes the other reading into the draft.
fn read_otherwise(cx: &mut Cx<'_>, assumption: &Assumption) {
    let seen = cx.around.look.seen.clone();
    let own = draft(cx);
    let has_mapping = own.mapping.is_some() && !matches!(assumption.change, Otherwise::Header(_) | Otherwise::TotalRows(_));
    match seen.filter(|_| has_mapping) {
        Some(seen) => change_mapping(cx, &seen, |mapping| mapping.change(&assumption.change)),
        None => wish(cx, cx.around.look.draft_with(&cx.session.draft, &own.with(assumption.change.clone()))),
    }
}
