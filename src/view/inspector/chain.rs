//! The chain of a record as a path from the page that printed it to the one who said it.

use eframe::egui::{Pos2, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::words::{Beside, source_words};
use super::{Cx, PAD, line_colour, section_ui};
use crate::query::{RecordAnswer, SourceLine};
use crate::view::Theme;
use crate::view::rows::cut_text;
use crate::view::theme::font;

const ROW: f32 = 35.0;
const NODE: f32 = 4.0;

/// Draws it.
pub(super) fn chain_ui(ui: &mut Ui, cx: &Cx<'_>, record: &RecordAnswer) {
    let has_page = record.article.is_some() || record.publisher.is_some();
    let note = if has_page && !record.chain.is_empty() { "as printed by this page" } else { "" };
    section_ui(ui, cx, "Chain", note);
    if record.chain.is_empty() {
        let coded = cx.session.schema.as_ref().and_then(|schema| schema.origin.counter.clone());
        let words = coded.map_or_else(|| "Nobody is named.".to_owned(), |name| format!("Counted by {name}, the dataset itself."));
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
        cut_text(ui, rect.left() + PAD, rect.center().y, &words, (font::body(), cx.theme.text3), rect.width() - 2.0 * PAD);
        return;
    }
    let places = record.chain.len();
    let colour = line_colour(cx, record.line.colour);
    for (place, line) in record.chain.iter().enumerate() {
        node_ui(ui, cx, (line, Beside::of(record.article.as_ref())), (place, places), colour);
    }
}

fn node_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (line, beside): (&SourceLine, Beside),
    (place, places): (usize, usize),
    colour: eframe::egui::Color32,
) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let at = pos2(rect.left() + PAD + 6.0, rect.top() + 10.0);
    let is_last = place + 1 == places;
    if !is_last {
        arrow(ui, cx.theme, at + vec2(0.0, NODE + 2.0), at + vec2(0.0, ROW - NODE - 4.0));
    }
    if is_last {
        ui.painter().circle_filled(at, NODE + 1.0, colour);
    } else {
        ui.painter().circle(at, NODE, cx.theme.panel, Stroke::new(1.5, cx.theme.text3));
    }
    let x = rect.left() + PAD + 22.0;
    let width = rect.right() - PAD - x;
    let words = source_words(line, (place, places), beside);
    let weight = if is_last { font::semibold(12.0) } else { font::medium(12.0) };
    let name = cut_text(ui, x, rect.top() + 10.0, &line.source.name, (weight, cx.theme.text1), width);
    let part = cut_text(ui, x, rect.top() + 25.0, &words, (font::label(), cx.theme.text2), width);
    let spoken = format!("{}, {words}", line.source.name);
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &spoken));
    if name.is_cut || part.is_cut {
        response.on_hover_text(format!("{}\n{words}", line.source.name));
    }
}

/// A line from one node to the next, with a head.
fn arrow(ui: &Ui, theme: &Theme, from: Pos2, to: Pos2) {
    let stroke = Stroke::new(1.25, theme.line2);
    ui.painter().line_segment([from, to], stroke);
    for side in [-2.5, 2.5] {
        ui.painter().line_segment([to, to + vec2(side, -3.0)], stroke);
    }
}
