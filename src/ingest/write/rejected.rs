//! Writes the rows that could not be read as CSV: where each stands, why it was left out, and its text.

use std::io::{self, Write};

use super::table::protected;
use crate::data::{Origin, Rejected};

/// Writes them with a header. Text that a spreadsheet would run gets an apostrophe in front.
///
/// # Errors
/// Those of writing.
pub fn write_rejected(rows: &[Rejected], origin: &Origin, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["file", "line", "reason", "text"])?;
    for row in rows {
        let file = origin.file_name_of(row.file);
        writer.write_record([&*protected(file), &row.line.to_string(), &protected(&row.reason), &protected(&row.text)])?;
    }
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_its_place_its_reason_and_its_text() {
        let origin = Origin { path: "/data/a.json".to_owned(), ..Origin::default() };
        let row = Rejected { line: 3, reason: "expected a comma".to_owned(), text: "{\"a\": 1".to_owned(), file: None };
        let mut out = Vec::new();
        write_rejected(&[row.clone(), Rejected { text: "=1+1".to_owned(), ..row }], &origin, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "file,line,reason,text\na.json,3,expected a comma,\"{\"\"a\"\": 1\"\na.json,3,expected a comma,'=1+1\n");
    }
}
