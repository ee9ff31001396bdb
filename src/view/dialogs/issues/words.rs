//! What the dialog of issues says: places, the account of all rows, the list as text; it draws nothing.

use crate::data::{Listed, Origin};
use crate::layout::{number_text, one_line};
use crate::view::rows::{capital, line_noun};

/// The file of an issue, where there are several: one that was read, or one that was left out.
pub(super) fn file<'a>(issue: &'a Listed, origin: &'a Origin) -> Option<&'a str> {
    let read = issue.file.filter(|_| !origin.files.is_empty()).map(|file| origin.file_name_of(Some(file)));
    read.or_else(|| issue.file_left_out())
}

/// The column of an issue.
pub(super) fn column(issue: &Listed) -> Option<&str> {
    issue.column.as_deref().filter(|_| issue.file_left_out().is_none())
}

/// Where an issue stands: its file where there are several, the line or the row, the column.
pub(super) fn place(issue: &Listed, origin: Option<&Origin>) -> String {
    let owned = |text: &str| one_line(text).into_owned();
    let file = origin.and_then(|origin| file(issue, origin)).map(owned);
    let own = issue.file.zip(origin).and_then(|(file, origin)| Some(&origin.files.get(file as usize)?.origin)).or(origin);
    let line = issue.line.zip(own).map(|(line, own)| capital(&one_line(&own.line_words(line))));
    let spot = line.or_else(|| spot(issue, origin, ""));
    let parts: Vec<String> = file.into_iter().chain(spot).chain(column(issue).map(owned)).collect();
    if parts.is_empty() { "The whole file".to_owned() } else { parts.join(", ") }
}

/// The line or the row of an issue: the number that the reader gave, or the place among the rows of data. `understood` is the word that
/// stands over the list already.
pub(super) fn spot(issue: &Listed, origin: Option<&Origin>, understood: &str) -> Option<String> {
    if let Some(line) = issue.line {
        let noun = origin.map_or("Line", |origin| line_noun(format_of(issue, origin)));
        let number = number_text(line as f64);
        return Some(if noun == understood { number } else { format!("{noun} {number}") });
    }
    issue.row.map(|row| format!("Data row {}", number_text(own_row(issue, row, origin) as f64)))
}

/// What the numbers of an open file, or of all of several, are called.
pub(super) fn spot_noun(origin: &Origin) -> &'static str {
    let mut nouns = origin.files.iter().map(|file| line_noun(&file.origin.format));
    let Some(first) = nouns.next() else { return line_noun(&origin.format) };
    if nouns.all(|other| other == first) { first } else { "Place" }
}

/// The format of the file that an issue is about.
fn format_of<'a>(issue: &Listed, origin: &'a Origin) -> &'a str {
    let file = issue.file.and_then(|file| origin.files.get(file as usize));
    file.map_or(&origin.format, |file| &file.origin.format)
}

/// The number of a row in its file, from 1.
fn own_row(issue: &Listed, row: u32, origin: Option<&Origin>) -> u32 {
    let file = issue.file.zip(origin).and_then(|(file, origin)| origin.files.get(file as usize));
    row.saturating_sub(file.map_or(0, |file| file.first_row)) + 1
}

/// What has become of every row: those of data, then the lines that are none.
pub(super) fn account(origin: &Origin) -> String {
    let n = |count: u64| number_text(count as f64);
    let files = match origin.files.len() {
        0 => String::new(),
        count => format!(" in {count} files"),
    };
    let noun = if origin.rows == 1 { "row" } else { "rows" };
    let rows = format!("{} {noun}{files} = {} taken + {} rejected", n(origin.rows), n(origin.taken()), n(origin.rejected));
    let skips: Vec<String> = origin.skips.iter().map(|(what, count)| format!("{} {}", n(*count), what.words(*count))).collect();
    if skips.is_empty() { rows } else { format!("{rows}. Besides: {}", skips.join(", ")) }
}

/// Text as a cell of a tab-separated list: whole, without breaks and tabs.
fn tab_cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The list as lines of tab-separated cells; with the file where there are several.
pub(super) fn list_text(list: &[Listed], origin: &Origin) -> String {
    let has_files = !origin.files.is_empty();
    let mut text = if has_files { "file\t".to_owned() } else { String::new() };
    text.push_str("line\tcolumn\tvalue\tkind\tmessage\taction\n");
    for issue in list {
        if has_files {
            text.push_str(&tab_cell(file(issue, origin).unwrap_or_default()));
            text.push('\t');
        }
        let data_row = || spot(issue, Some(origin), "").unwrap_or_default();
        let line = issue.line.map_or_else(data_row, |line| line.to_string());
        let column = column(issue).unwrap_or_default();
        let cells = [&line, column, &issue.value, issue.kind.key(), &issue.message, &issue.action].map(tab_cell);
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{FileOrigin, Issue, IssueKind, Skip};
    use crate::view::sentence;

    fn issue() -> Issue {
        Issue {
            line: Some(214),
            column: Some("when".to_owned()),
            value: "2025-02-30".to_owned(),
            kind: IssueKind::InvalidDate,
            message: "no such day".to_owned(),
            action: "kept as text".to_owned(),
        }
    }

    fn two_files() -> Origin {
        let origin = || Origin { format: "csv".to_owned(), ..Origin::default() };
        let file = |name: &str, first_row| FileOrigin { name: name.to_owned(), first_row, counted_as: None, origin: origin() };
        Origin { files: vec![file("a.csv", 0), file("b.csv", 10)], ..Origin::default() }
    }

    #[test]
    fn messages_become_sentences_and_values_stay_on_one_line() {
        assert_eq!(sentence("kept as given"), "Kept as given.");
        assert_eq!(sentence("Is it 3?"), "Is it 3?");
        assert_eq!(tab_cell("a\n b\tc"), "a b c");
    }

    #[test]
    fn the_copied_list_has_a_line_for_each_issue_with_its_file_where_there_are_several() {
        let text = list_text(&[issue().into()], &Origin::default());
        assert_eq!(text.lines().nth(1), Some("214\twhen\t2025-02-30\tinvalid_date\tno such day\tkept as text"));
        let text = list_text(&[Listed { issue: issue(), row: None, file: Some(1) }], &two_files());
        assert_eq!(text.lines().nth(1), Some("b.csv\t214\twhen\t2025-02-30\tinvalid_date\tno such day\tkept as text"));
    }

    #[test]
    fn a_place_names_the_file_and_the_line_or_the_row_in_it() {
        let listed = Listed { issue: issue(), row: Some(12), file: Some(1) };
        assert_eq!(place(&listed, Some(&two_files())), "b.csv, Line 214, when");
        let listed = Listed { issue: Issue { line: None, column: None, ..issue() }, ..listed };
        assert_eq!(place(&listed, Some(&two_files())), "b.csv, Data row 3");
        assert_eq!(place(&Listed { row: None, file: None, ..listed }, None), "The whole file");
    }

    #[test]
    fn lines_are_of_text_and_rows_are_of_sheets_whether_in_the_list_or_below_it() {
        let of = |format: &str| Origin { format: format.to_owned(), ..Origin::default() };
        let listed = Listed { issue: issue(), row: Some(3), file: None };
        let told = |origin: &Origin| (spot_noun(origin), spot(&listed, Some(origin), spot_noun(origin)), place(&listed, Some(origin)));
        assert_eq!(told(&of("csv")), ("Line", Some("214".to_owned()), "Line 214, when".to_owned()));
        assert_eq!(told(&of("xlsx")), ("Row", Some("214".to_owned()), "Row 214, when".to_owned()));
        let mut both = two_files();
        both.files[0].origin.format = "csv".to_owned();
        both.files[1].origin.format = "xlsx".to_owned();
        let listed = Listed { file: Some(1), ..listed };
        assert_eq!((spot_noun(&both), spot(&listed, Some(&both), "Place").as_deref()), ("Place", Some("Row 214")));
        let listed = Listed { issue: Issue { line: None, ..issue() }, row: Some(12), file: Some(1) };
        assert_eq!(spot(&listed, Some(&both), "Place").as_deref(), Some("Data row 3"));
    }

    #[test]
    fn every_row_is_accounted_for() {
        let mut origin = Origin { rows: 2_990, rejected: 1, ..Origin::default() };
        assert_eq!(account(&origin), "2,990 rows = 2,989 taken + 1 rejected");
        origin.skip(Skip::TagRow, 1);
        origin.skip(Skip::Blank, 3);
        assert_eq!(account(&origin), "2,990 rows = 2,989 taken + 1 rejected. Besides: 1 row of tags, 3 blank lines");
    }
}
