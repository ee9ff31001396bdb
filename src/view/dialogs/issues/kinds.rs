//! The kinds of issues that occur, with their counts and how much they matter; one is chosen.

use eframe::egui::{Align2, Color32, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::super::super::rows::{click_row, cut_text, right_text};
use super::super::super::theme::font;
use super::super::super::{Cx, Theme, icon};
use super::{Memory, scroll};
use crate::data::{IssueKind, Severity};
use crate::layout::number_text;
use crate::query::Schema;

/// The kinds that occur, the gravest first.
pub(super) fn kinds_of(schema: &Schema) -> Vec<(IssueKind, u64)> {
    let mut kinds: Vec<(IssueKind, u64)> = schema.issues.iter().filter(|(_, count)| *count > 0).copied().collect();
    kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(kind.severity()), std::cmp::Reverse(*count)));
    kinds
}

/// How an issue of this weight looks: icon, colour, words.
fn face(theme: &Theme, severity: Severity) -> (&'static str, Color32, &'static str) {
    match severity {
        Severity::Row => ("error", theme.error, "something was left out"),
        Severity::Cell => ("error", theme.error, "cells were left empty, their text is kept"),
        Severity::Remark => ("warning", theme.warning, "kept as given"),
    }
}

/// Draws them.
pub(super) fn kinds_ui(ui: &mut Ui, cx: &Cx<'_>, kinds: &[(IssueKind, u64)], memory: &mut Memory) {
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    let total: u64 = kinds.iter().map(|own| own.1).sum();
    let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
    let words = format!(
        "{} {} in {} {}",
        number_text(total as f64),
        if total == 1 { "issue" } else { "issues" },
        kinds.len(),
        if kinds.len() == 1 { "kind" } else { "kinds" }
    );
    cut_text(ui, head.left() + 4.0, head.center().y - 1.0, &words, (font::semibold(12.0), cx.theme.text1), head.width());
    scroll("issue_kinds").show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        for (kind, count) in kinds {
            let is_chosen = memory.kind == Some(*kind);
            let (sign, colour, words) = face(cx.theme, kind.severity());
            let spoken = format!("{}, {}", kind.title(), number_text(*count as f64));
            let (rect, response) = click_row(ui, cx.theme, 28.0, is_chosen, &WidgetInfo::selected(Role::Tab, true, is_chosen, spoken));
            let y = rect.center().y;
            ui.painter().text(pos2(rect.left() + 12.0, y), Align2::CENTER_CENTER, icon(sign), font::icon(16.0), colour);
            let count = number_text(*count as f64);
            let count_left = right_text(ui, rect.right() - 8.0, y, &count, (font::body(), cx.theme.text2));
            let weight = if is_chosen { font::semibold(12.0) } else { font::body() };
            let left = rect.left() + 26.0;
            cut_text(ui, left, y, kind.title(), (weight, cx.theme.text1), count_left - left - 8.0);
            if response.on_hover_text(format!("{}: {words}", kind.title())).clicked() {
                *memory = Memory { kind: Some(*kind), text: std::mem::take(&mut memory.text), wants_focus: true, ..Memory::default() };
            }
        }
    });
}
