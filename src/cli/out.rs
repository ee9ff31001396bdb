//! Results on standard output: CSV cells, JSON numbers, and a reader that leaves early; it knows no commands.

use std::io::{self, Write};

use serde_json::{Number, Value};

use super::{Ended, Failure};
use crate::data::Amount;
use crate::time::{Time, format_iso_day};

/// Writes to standard output in blocks. Somebody who stops reading (`| head`) has what they wanted: that is no failure.
///
/// # Errors
/// When the output cannot be written, such as on a full disk.
pub(super) fn print(ended: Ended, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<Ended, Failure> {
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Ok(()) => Ok(ended),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ended),
        Err(error) => Err(Failure(format!("standard output: {error}"))),
    }
}

/// Prints a JSON value over several lines.
///
/// # Errors
/// When the output cannot be written.
pub(super) fn print_json(ended: Ended, value: &Value) -> Result<Ended, Failure> {
    print(ended, |out| {
        serde_json::to_writer_pretty(&mut *out, value)?;
        out.write_all(b"\n")
    })
}

/// A line of a CSV.
///
/// # Errors
/// When the output cannot be written.
pub(super) fn csv_line<'a>(out: &mut dyn Write, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        out.write_all(csv_cell(cell).as_bytes())?;
    }
    out.write_all(b"\n")
}

/// A cell of a CSV: quoted where needed, and with an apostrophe before what a spreadsheet would run. Numbers stay numbers.
pub(super) fn csv_cell(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
    let would_run = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
    let safe = if would_run { format!("'{text}") } else { text.to_owned() };
    if safe.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

/// An amount as a plain decimal; nothing for what is not known.
pub(super) fn decimal(amount: Option<Amount>) -> String {
    amount.map(|amount| amount.to_string()).unwrap_or_default()
}

/// An amount as a JSON number: whole ones without a point.
pub(super) fn json_amount(amount: Option<Amount>) -> Value {
    amount.and_then(|amount| amount.to_string().parse::<Number>().ok()).map_or(Value::Null, Value::Number)
}

/// A number as JSON: whole ones without a point.
pub(super) fn json_number(number: Option<f64>) -> Value {
    let text = number.filter(|number| number.is_finite()).map(|number| number.to_string());
    text.and_then(|text| text.parse::<Number>().ok()).map_or(Value::Null, Value::Number)
}

/// The ISO day of a moment; null for an open end.
pub(super) fn json_day(time: Time) -> Value {
    if time.is_bounded() { Value::String(format_iso_day(time)) } else { Value::Null }
}

/// The last ISO day before the end of a span.
pub(super) fn json_last_day(end: Time) -> Value {
    json_day(end.plus_us(-1))
}

/// `16,566`
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `2 rows`
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// Columns of text, each as wide as its widest cell; the first ones to the left, numbers to the right.
pub(super) fn aligned(rows: &[Vec<String>], left: usize) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, width))| if column < left { format!("{cell:<width$}") } else { format!("{cell:>width$}") })
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_defused_and_numbers_stay_numbers() {
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("@x,y"), "\"'@x,y\"");
        assert_eq!(csv_cell("-5.25"), "-5.25");
        assert_eq!(csv_cell("-inf"), "'-inf");
        assert_eq!(csv_cell("say \"x\""), "\"say \"\"x\"\"\"");
    }

    #[test]
    fn whole_amounts_are_whole_numbers() {
        assert_eq!(json_amount(Some(Amount::from_number(7882.0))).to_string(), "7882");
        assert_eq!(json_amount(Some(Amount::from_number(0.5))).to_string(), "0.5");
        assert_eq!(json_amount(None), Value::Null);
        assert_eq!(json_number(Some(3.0)).to_string(), "3");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_016_566), "1,016,566");
        assert_eq!(counted(1, "row", "rows"), "1 row");
    }

    #[test]
    fn columns_line_up() {
        let rows = vec![vec!["a".to_owned(), "1".to_owned()], vec!["bcd".to_owned(), "100".to_owned()]];
        assert_eq!(aligned(&rows, 1), ["a      1", "bcd  100"]);
    }
}
