//! Copies the selected rows as tab-separated text, as they stand in the file.

use eframe::egui::Ui;

use super::memory::Memory;
use crate::data::Field;
use crate::layout::number_text;
use crate::query::{Answer, Filter, Query, RowsQuery, Schema, TableRow};
use crate::session::{Action, Show, Slot};
use crate::view::Cx;

/// The most rows that are copied at once: what a spreadsheet takes without trouble.
const COPIED_MAX: u32 = 100_000;

/// Asks for the rows when they are wanted, and copies them when they are there.
pub(super) fn copy_ui(ui: &Ui, cx: &mut Cx<'_>, memory: &mut Memory) {
    if !memory.wants_copy {
        return;
    }
    let selection = cx.session.place.selection.clone();
    let (Some(schema), false) = (cx.session.schema.clone(), selection.is_empty()) else {
        memory.wants_copy = false;
        return;
    };
    let document = &cx.session.document;
    let query = Query::Rows(RowsQuery {
        filter: Filter::Rows(selection),
        window: None,
        sort: document.table_sort,
        offset: 0,
        limit: COPIED_MAX,
        fields: document.columns.clone(),
    });
    let is_there = cx.answers.is_current(&Slot::Copied, &query, schema.generation);
    let answer = cx.ask(Slot::Copied, query);
    match answer {
        Some(Answer::Rows(answer)) if is_there => {
            memory.wants_copy = false;
            let fields = cx.session.document.columns.clone();
            cx.send(Action::CopyText(table_text(&schema, &fields, &answer.rows)));
            let count = answer.rows.len();
            let words = if count == 1 { "1 row copied".to_owned() } else { format!("{} rows copied", number_text(count as f64)) };
            let rest = answer.total.saturating_sub(count as u64);
            let rest = if rest > 0 { format!(", {} left out", number_text(rest as f64)) } else { String::new() };
            cx.send(Show::Notice(Some(format!("{words}{rest}"))));
        }
        _ => ui.ctx().request_repaint(),
    }
}

/// A line of keys and a line for each row; breaks and tabs inside cells become spaces.
fn table_text(schema: &Schema, fields: &[Field], rows: &[TableRow]) -> String {
    let keys: Vec<&str> = fields.iter().map(|field| schema.info(*field).map_or("", |info| info.key.as_str())).collect();
    let mut text = keys.join("\t");
    for row in rows {
        text.push('\n');
        for (place, cell) in row.cells.iter().enumerate() {
            if place > 0 {
                text.push('\t');
            }
            text.extend(
                cell.as_deref().unwrap_or_default().chars().map(|char| if matches!(char, '\t' | '\n' | '\r') { ' ' } else { char }),
            );
        }
    }
    text.push('\n');
    text
}
