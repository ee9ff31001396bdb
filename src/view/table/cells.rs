//! How the cells of the table are written, and how wide its columns are.

use eframe::egui::Ui;

use super::memory::Memory;
use crate::data::{Field, FieldInfo, FieldKind, display_value};
use crate::layout::{number_text, one_line};
use crate::query::TableRow;
use crate::time::{Zone, format_when, parse_edtf};
use crate::view::rows::text_width;
use crate::view::theme::font;

const WIDTH_MIN: f32 = 44.0;
const WIDTH_FIRST_MAX: f32 = 260.0;
/// What stays free on both sides of a cell's text, together.
pub(super) const AIR: f32 = 16.0;
/// How many rows of a page decide how wide a column is.
const MEASURED: usize = 60;

/// A column of the table.
pub(super) struct Column<'a> {
    pub(super) info: &'a FieldInfo,
    /// Its cell among those that were answered; `None` while an older answer lacks it.
    pub(super) place: Option<usize>,
    /// Its left edge from the left edge of the first column.
    pub(super) left: f32,
    pub(super) width: f32,
}

impl Column<'_> {
    pub(super) fn is_number(&self) -> bool {
        self.info.kind == FieldKind::Number
    }
}

/// A cell as the screen writes it.
pub(super) fn cell_text(info: &FieldInfo, raw: &str, zone: Zone) -> String {
    match info.kind {
        FieldKind::Number if matches!(info.field, Field::LAT | Field::LON) => raw.to_owned(),
        FieldKind::Number => raw.parse::<f64>().map_or_else(|_| raw.to_owned(), number_text),
        FieldKind::Date => parse_edtf(raw).map_or_else(|_| raw.to_owned(), |when| format_when(&when, zone)),
        FieldKind::Category => display_value(info.field, raw),
        FieldKind::Text => one_line(raw).into_owned(),
    }
}

/// The columns with their widths: as a person set them, else as wide as what is seen needs; titles take the room that is left.
pub(super) fn columns<'a>(
    ui: &Ui,
    infos: &[&'a FieldInfo],
    answered: Option<(&[Field], &[TableRow])>,
    memory: &mut Memory,
    (room, zone): (f32, Zone),
) -> Vec<Column<'a>> {
    let mut columns = Vec::with_capacity(infos.len());
    for info in infos {
        let place = answered.and_then(|(fields, _)| fields.iter().position(|field| *field == info.field));
        let known = memory.widths.get(&info.field).copied();
        let width = known.unwrap_or_else(|| {
            let rows = answered.map_or(&[][..], |(_, rows)| rows);
            let width = fitting(ui, info, rows, place, zone);
            if place.is_some() && !rows.is_empty() {
                memory.widths.insert(info.field, width);
            }
            width
        });
        columns.push(Column { info, place, left: 0.0, width });
    }
    let rest = room - columns.iter().map(|column| column.width).sum::<f32>();
    if rest > 0.0 {
        let widest = columns.iter().position(|column| column.info.field == Field::TITLE);
        let place = widest.unwrap_or_else(|| columns.len().saturating_sub(1));
        if let Some(column) = columns.get_mut(place).filter(|column| !column.is_number()) {
            column.width += rest;
        }
    }
    let mut left = 0.0;
    for column in &mut columns {
        column.left = left;
        left += column.width;
    }
    columns
}

/// As wide as the head and the first rows of a page need.
pub(super) fn fitting(ui: &Ui, info: &FieldInfo, rows: &[TableRow], place: Option<usize>, zone: Zone) -> f32 {
    let head = text_width(ui, &info.label, font::semibold(11.0)) + AIR + 18.0;
    let texts = rows.iter().take(MEASURED).filter_map(|row| row.cells.get(place?)?.as_deref());
    let widest = texts.map(|raw| text_width(ui, &short(&cell_text(info, raw, zone)), font::body())).fold(0.0, f32::max);
    let swatch = if info.kind == FieldKind::Category { 16.0 } else { 0.0 };
    (widest + AIR + swatch).max(head).clamp(WIDTH_MIN, WIDTH_FIRST_MAX)
}

/// The beginning of a text: no column opens wider than that.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(field: Field, kind: FieldKind) -> FieldInfo {
        FieldInfo { field, key: "k".to_owned(), label: "K".to_owned(), kind, present: 1, distinct: None }
    }

    #[test]
    fn cells_are_written_as_everywhere_else() {
        let zone = Zone::UTC;
        assert_eq!(cell_text(&info(Field::VALUE, FieldKind::Number), "11000", zone), "11,000");
        assert_eq!(cell_text(&info(Field::LAT, FieldKind::Number), "51.7500", zone), "51.7500");
        assert_eq!(cell_text(&info(Field::AS_OF, FieldKind::Date), "2025-01-13", zone), "13 Jan 2025");
        assert_eq!(cell_text(&info(Field::AS_OF, FieldKind::Date), "mid-January", zone), "mid-January");
        assert_eq!(cell_text(&info(Field::QUALIFIER, FieldKind::Category), "at_least", zone), "At least");
        assert_eq!(cell_text(&info(Field::TITLE, FieldKind::Text), "a\n b", zone), "a b");
    }
}
