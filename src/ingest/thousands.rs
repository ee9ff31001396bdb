//! Tells by the habits of a file whether the point of a count such as `1.234` groups thousands.

use super::cells::{self, NumberStyle, is_missing};
use super::guess::Sample;
use super::mapping::{Mapping, Role};

/// Counts such as `1.234` are thousands where the habits of the file are those of decimal commas: cells between semicolons, dates with
/// points, or another column with decimal commas.
pub(super) fn settle(mapping: &mut Mapping, sample: &Sample, has_semicolons: bool) {
    let filled = |column: usize| sample.get(column).into_iter().flatten().map(|cell| cell.trim()).filter(|cell| !is_missing(cell));
    let is_dotted = |cell: &str| cell.split('.').count() == 3 && cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let has_habit = |column: usize| {
        let map = &mapping.columns[column];
        let has_dotted_dates = map.role.is_date() && filled(column).next().is_some_and(is_dotted);
        has_dotted_dates || (map.is_numeric && map.numbers == NumberStyle::Comma)
    };
    if !has_semicolons && !(0..mapping.columns.len()).any(has_habit) {
        return;
    }
    let is_open = |column: usize| {
        let mut signs = filled(column).filter_map(cells::could_be_thousands).peekable();
        signs.peek().is_some() && signs.all(|could| could) && !filled(column).any(|cell| cell.contains(','))
    };
    let open: Vec<usize> = (0..mapping.columns.len())
        .filter(|column| matches!(mapping.columns[*column].role, Role::Measured | Role::Value | Role::Low | Role::High) && is_open(*column))
        .collect();
    for column in open {
        mapping.columns[column].numbers = NumberStyle::Comma;
    }
}
