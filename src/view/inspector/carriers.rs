//! The carriers of a claim: every article that repeats it, which counts once, and how they differ.

use eframe::egui::{Align2, Sense, Ui, pos2, vec2};

use super::lines::{Dates, RowText, row_ui};
use super::words::drift_words;
use super::{Cx, PAD, section_ui};
use crate::layout::number_text;
use crate::query::{ProvenanceAnswer, RecordAnswer};
use crate::view::icon;
use crate::view::rows::{counted_noun, cut_text};
use crate::view::theme::font;

/// Draws them, when there are several.
pub(super) fn carriers_ui(ui: &mut Ui, cx: &mut Cx<'_>, record: &RecordAnswer, provenance: &ProvenanceAnswer) {
    let total = provenance.carriers_total;
    if total < 2 {
        return;
    }
    section_ui(ui, cx, &format!("One origin, {}", counted_noun(total, "carrier", "carriers")), "count once");
    let dates = Dates::of(ui, cx, record, &provenance.carriers);
    for line in &provenance.carriers {
        let lead = line.outlet.clone().or_else(|| line.originator.clone()).unwrap_or_else(|| line.id.clone());
        let via = line.via.as_ref().map(|via| format!("via {via}"));
        row_ui(ui, cx, line, &RowText { lead, middle: via, is_selected: line.row == record.line.row }, dates);
    }
    let rest = total.saturating_sub(provenance.carriers.len() as u64);
    if rest > 0 {
        note_ui(ui, cx, &format!("and {} more", number_text(rest as f64)));
    }
    if provenance.has_drift {
        drift_ui(ui, cx, &drift_words(&provenance.carriers));
    }
}

fn note_ui(ui: &mut Ui, cx: &Cx<'_>, text: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    cut_text(ui, rect.left() + PAD + 18.0, rect.center().y, text, (font::label(), cx.theme.text3), rect.width() - 2.0 * PAD - 18.0);
}

/// That carriers say the same number in different words: a sign of how it changed on its way.
fn drift_ui(ui: &mut Ui, cx: &Cx<'_>, words: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    let at = pos2(rect.left() + PAD + 5.0, rect.center().y);
    ui.painter().text(at, Align2::CENTER_CENTER, icon("compare_arrows"), font::icon(16.0), cx.theme.warning);
    cut_text(ui, at.x + 13.0, at.y, words, (font::body(), cx.theme.warning), rect.right() - PAD - at.x - 13.0);
    response.on_hover_text("Pages carry the same number with different qualifiers.");
}
