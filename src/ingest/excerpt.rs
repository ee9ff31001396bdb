//! The lines of a file around an issue, read from the file on demand, with the cell that is meant. It takes nothing into a dataset.

use std::io::{self, Read};
use std::path::PathBuf;

use encoding_rs::{Encoding, UTF_8};
use memchr::memchr_iter;

use super::error::LoadError;
use super::feed::{Feed, Input, Utf8};
use super::run::Run;
use super::sniff::{self, HEAD_BYTES};
use super::split::is_cr_only;
use super::table::{self, Block, Plan, Stage};
use super::{Identity, Options};
use crate::data::{Excerpt, ExcerptLine, Listed, Origin};
use crate::work::{Cancel, Progress};

/// Lines before the one that is meant.
const LINES_BEFORE: u64 = 2;
/// Lines behind where the row starts; a row with line breaks in its cells has some.
const LINES_BEHIND: usize = 6;
/// So much of a line is read. A longer one is a document without line breaks.
const LINE_BYTES_MAX: usize = 1 << 20;
/// So much of a line is shown, around what is meant in it.
const LINE_SHOWN_MAX: usize = 600;
/// So much of it stands before what is meant.
const SHOWN_BEFORE: usize = 120;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The issue.
    pub issue: Listed,
    /// How its file was understood.
    pub origin: Origin,
    /// The files, each in the state in which it was read.
    pub sources: Vec<(PathBuf, Identity)>,
    /// How it was read.
    pub options: Options,
}

/// The lines around an issue; none where the file is not made of lines, or it is not known which one it is.
///
/// # Errors
/// When the file can no longer be read.
pub fn excerpt(input: &Input, wanted: &Wanted, cancel: &Cancel) -> Result<Excerpt, LoadError> {
    let Some((input, origin, first_row, options)) = file_of(input, wanted) else { return Ok(Excerpt::default()) };
    if !matches!(origin.format.as_str(), "csv" | "tsv" | "json" | "jsonl") {
        return Ok(Excerpt::default());
    }
    let file = Text { input, origin, cancel, options: &options };
    let plan = if matches!(origin.format.as_str(), "csv" | "tsv") { file.plan()? } else { None };
    let line = match (wanted.issue.line, wanted.issue.row, &plan) {
        (Some(line), ..) => Some(line),
        (None, Some(row), Some(plan)) => file.line_of_row(row.saturating_sub(first_row), plan)?,
        (None, ..) => None,
    };
    let Some(line) = line else { return Ok(Excerpt::default()) };
    let at = column_in_message(&wanted.issue);
    let mut lines = file.lines(line, at)?;
    let column = wanted.issue.column.as_ref().and_then(|name| origin.columns.iter().position(|own| own == name));
    let table = plan.as_ref().map(|plan| (plan.layout.dialect.delimiter, column));
    mark(&mut lines, line, table, (at, &wanted.issue.value));
    let file = if let Input::Packed { archive, .. } = input { archive } else { input };
    let is_changed = matches!(file, Input::Path(path)
        if wanted.sources.iter().any(|(own, identity)| own == path && identity.change(path).is_some()));
    Ok(Excerpt { lines, is_changed })
}

/// The file that an issue is about, the number of its first row, and how it was read.
fn file_of<'a>(input: &'a Input, wanted: &'a Wanted) -> Option<(&'a Input, &'a Origin, u32, Options)> {
    let parts = match input {
        Input::Several { parts, .. } if parts.len() == 1 => {
            return Some((&parts[0].1, &wanted.origin, 0, wanted.options.of_file(&parts[0].0)));
        }
        Input::Several { parts, .. } => parts,
        _ => return Some((input, &wanted.origin, 0, wanted.options.clone())),
    };
    let file = wanted.origin.files.get(wanted.issue.file? as usize)?;
    let part = parts.iter().find(|part| part.0 == file.name)?;
    Some((&part.1, &file.origin, file.first_row, wanted.options.of_file(&file.name)))
}

/// Where in its line a fault of a document is, which its message says.
fn column_in_message(issue: &Listed) -> Option<usize> {
    let (line, rest) = issue.message.strip_prefix("line ")?.split_once(", column ")?;
    let column = rest.split_once(':')?.0;
    (line.parse().ok() == issue.line).then_some(column)?.parse().ok()
}

/// A file of text.
struct Text<'a> {
    input: &'a Input,
    origin: &'a Origin,
    cancel: &'a Cancel,
    options: &'a Options,
}

impl Text<'_> {
    fn failed(&self, error: &io::Error) -> LoadError {
        LoadError::from_io(&self.input.name(), error)
    }

    fn open(&self) -> Result<Utf8<Feed>, LoadError> {
        let feed = self.input.open(self.cancel)?;
        let meter = feed.meter.clone();
        let encoding = Encoding::for_label(self.origin.encoding.as_bytes()).unwrap_or(UTF_8);
        Ok(Utf8::new(feed, encoding, meter))
    }

    /// How the table is laid out.
    fn plan(&self) -> Result<Option<Plan>, LoadError> {
        let mut head = Vec::new();
        let is_whole = fill(&mut self.open()?, &mut head).map_err(|error| self.failed(&error))?;
        let (progress, mut watch) = (Progress::default(), |_| {});
        let run = Run::new(self.input.name(), false, &mut watch, self.cancel, &progress);
        let name = self.input.open(self.cancel)?.inner_name(&self.input.name());
        Ok(table::plan(&run, &head, &sniff::extension(&name), is_whole, self.options).ok())
    }

    /// The line on which a row of data starts.
    fn line_of_row(&self, row: u32, plan: &Plan) -> Result<Option<u64>, LoadError> {
        let mut stage = Stage::new(self.open()?, plan);
        let mut block = Block::default();
        while stage.next(&mut block).map_err(|error| self.failed(&error))? {
            if stage.rows > row {
                return Ok(block.rows().find(|(number, _)| *number == row).map(|(_, row)| row.line));
            }
        }
        Ok(None)
    }

    /// The lines around one. Of a very long line, the part around a column of it.
    fn lines(&self, line: u64, column: Option<usize>) -> Result<Vec<ExcerptLine>, LoadError> {
        let mut text = self.open()?;
        let mut buffer = Vec::new();
        fill(&mut text, &mut buffer).map_err(|error| self.failed(&error))?;
        let end = if is_cr_only(&buffer) { b'\r' } else { b'\n' };
        let first = line.saturating_sub(LINES_BEFORE).max(1);
        let last = line + LINES_BEHIND as u64;
        let mut lines = vec![ReadLine::new(1)];
        loop {
            for piece in pieces(&buffer, end) {
                match piece {
                    Piece::Text(bytes) => {
                        let own = lines.last_mut().filter(|own| own.number >= first);
                        let from = column.filter(|_| own.as_ref().is_some_and(|own| own.number == line));
                        if let Some(own) = own {
                            own.take(bytes, from);
                        }
                    }
                    Piece::End => {
                        let number = lines.last().map_or(0, |own| own.number) + 1;
                        if number > last {
                            return Ok(shown(lines, first));
                        }
                        if number <= first {
                            lines.clear();
                        }
                        lines.push(ReadLine::new(number));
                    }
                }
            }
            fill(&mut text, &mut buffer).map_err(|error| self.failed(&error))?;
            if buffer.is_empty() {
                return Ok(shown(lines, first));
            }
        }
    }
}

/// Reads the next piece of a text, of about [`HEAD_BYTES`]; has it ended? What decodes text needs room for a few letters.
fn fill(text: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<bool> {
    const ROOM: usize = 64;
    buffer.resize(HEAD_BYTES, 0);
    let mut len = 0;
    while HEAD_BYTES - len >= ROOM {
        match text.read(&mut buffer[len..])? {
            0 => break,
            count => len += count,
        }
    }
    buffer.truncate(len);
    Ok(HEAD_BYTES - len >= ROOM)
}

enum Piece<'b> {
    Text(&'b [u8]),
    End,
}

/// Text and the ends of lines in it.
fn pieces(bytes: &[u8], end: u8) -> impl Iterator<Item = Piece<'_>> {
    let mut start = 0;
    let ends: Vec<usize> = memchr_iter(end, bytes).chain([bytes.len()]).collect();
    ends.into_iter().flat_map(move |at| {
        let text = Piece::Text(&bytes[start..at]);
        start = at + 1;
        [Some(text), (at < bytes.len()).then_some(Piece::End)].into_iter().flatten()
    })
}

/// A line that is being read.
struct ReadLine {
    number: u64,
    bytes: Vec<u8>,
    /// Bytes that came so far.
    passed: usize,
    /// Bytes before those that are kept.
    before: usize,
}

impl ReadLine {
    fn new(number: u64) -> Self {
        Self { number, bytes: Vec::new(), passed: 0, before: 0 }
    }

    /// Takes more of the line; from a column of it on where it is a long one.
    fn take(&mut self, bytes: &[u8], from: Option<usize>) {
        let start = from.map_or(0, |column| column.saturating_sub(LINE_BYTES_MAX / 2));
        let skipped = start.saturating_sub(self.passed).min(bytes.len());
        let room = LINE_BYTES_MAX.saturating_sub(self.bytes.len());
        let kept = &bytes[skipped..];
        self.bytes.extend_from_slice(&kept[..kept.len().min(room)]);
        self.before += skipped;
        self.passed += bytes.len();
    }
}

fn shown(lines: Vec<ReadLine>, first: u64) -> Vec<ExcerptLine> {
    let mut shown: Vec<ExcerptLine> = lines
        .into_iter()
        .filter(|line| line.number >= first)
        .map(|line| {
            let is_cut = [line.before > 0, line.passed > line.before + line.bytes.len()];
            let text = String::from_utf8_lossy(line.bytes.strip_suffix(b"\r").unwrap_or(&line.bytes)).into_owned();
            ExcerptLine { number: line.number, text, is_cut, is_meant: false, mark: None }
        })
        .collect();
    // The end of the last line is no line.
    if shown.last().is_some_and(|line| line.text.is_empty()) {
        shown.pop();
    }
    shown
}

/// Marks the row and the cell that are meant: of a table the cell of a column, of a document the place of its fault, else that of the value.
fn mark(lines: &mut Vec<ExcerptLine>, line: u64, table: Option<(u8, Option<usize>)>, (at, value): (Option<usize>, &str)) {
    let Some(start) = lines.iter().position(|own| own.number == line) else { return };
    let mut rows = 1;
    let mut cell = None;
    if let Some((delimiter, column)) = table {
        let joined = lines[start..].iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
        let cells = cells(&joined, char::from(delimiter));
        let end = cells.last().map_or(0, |cell| cell.1);
        rows = joined[..end].matches('\n').count() + 1;
        cell = column.and_then(|column| cells.get(column).copied());
    }
    rows = rows.min(lines.len() - start);
    for own in &mut lines[start..start + rows] {
        own.is_meant = true;
    }
    if let Some((from, to)) = cell {
        mark_range(&mut lines[start..start + rows], from, to);
    } else if let Some(column) = at.filter(|_| !lines[start].is_cut[0]) {
        let own = &mut lines[start];
        let rest = own.text.get(column.saturating_sub(1)..).unwrap_or_default();
        let from = own.text.len() - rest.len();
        own.mark = Some((from, from + rest.chars().next().map_or(0, char::len_utf8)));
    } else {
        let value = value.trim_end_matches('…');
        let place = lines[start..start + rows].iter_mut().find_map(|own| own.text.find(value).map(|at| (own, at)));
        if let Some((own, at)) = place.filter(|_| !value.is_empty()) {
            own.mark = Some((at, at + value.len()));
        }
    }
    lines.truncate(start + rows + LINES_BEFORE as usize);
    lines.iter_mut().for_each(cut);
}

/// Marks a range of lines that were joined.
fn mark_range(lines: &mut [ExcerptLine], from: usize, to: usize) {
    let mut start = 0;
    for line in lines {
        let end = start + line.text.len();
        if from <= end && to >= start && (from < end || from == to || line.text.is_empty()) {
            line.mark = Some((from.max(start) - start, to.min(end) - start));
        }
        start = end + 1;
    }
}

/// Where the cells of the first row of a text start and end, quotes included.
fn cells(text: &str, delimiter: char) -> Vec<(usize, usize)> {
    let mut cells = Vec::new();
    let (mut start, mut is_quoted) = (0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' if is_quoted => is_quoted = false,
            // A quote opens a cell only at its start; a second one in a row goes on with it.
            '"' if at == start || text[..at].ends_with('"') => is_quoted = true,
            '\n' if !is_quoted => {
                cells.push((start, at));
                return cells;
            }
            letter if letter == delimiter && !is_quoted => {
                cells.push((start, at));
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    cells.push((start, text.len()));
    cells
}

/// Leaves of a long line what stands around the mark.
fn cut(line: &mut ExcerptLine) {
    if line.text.len() <= LINE_SHOWN_MAX {
        return;
    }
    let at = |wanted: usize| (0..=wanted.min(line.text.len())).rev().find(|at| line.text.is_char_boundary(*at)).unwrap_or(0);
    let from = at(line.mark.map_or(0, |mark| mark.0.saturating_sub(SHOWN_BEFORE)));
    let to = at(from + LINE_SHOWN_MAX);
    line.is_cut = [line.is_cut[0] || from > 0, line.is_cut[1] || to < line.text.len()];
    line.mark = line.mark.map(|(start, end)| (start - from, end.min(to) - from));
    line.text = line.text[from..to].to_owned();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Issue, IssueKind};

    fn look(name: &str, text: &[u8], origin: Origin, (line, row): (Option<u64>, Option<u32>), (column, value): (&str, &str)) -> Excerpt {
        let input = Input::Bytes { name: name.to_owned(), bytes: text.into() };
        let issue = Issue {
            line,
            column: Some(column.to_owned()),
            value: value.to_owned(),
            kind: IssueKind::InvalidDate,
            message: String::new(),
            action: String::new(),
        };
        let wanted = Wanted { issue: Listed { issue, row, file: None }, origin, sources: Vec::new(), options: Options::default() };
        excerpt(&input, &wanted, &Cancel::default()).unwrap()
    }

    fn origin(format: &str, encoding: &str, columns: &[&str]) -> Origin {
        Origin {
            format: format.to_owned(),
            encoding: encoding.to_owned(),
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            ..Origin::default()
        }
    }

    /// The numbers of the lines, those that are meant with a star, and what is marked.
    fn told(excerpt: &Excerpt) -> (String, Vec<&str>) {
        let numbers = excerpt.lines.iter().map(|line| format!("{}{}", line.number, if line.is_meant { "*" } else { "" }));
        let marks = excerpt.lines.iter().filter_map(|line| line.mark.map(|(from, to)| &line.text[from..to]));
        (numbers.collect::<Vec<_>>().join(" "), marks.collect())
    }

    const TABLE: &str =
        "id,date,note\n1,2024-01-01,a\n2,2024-02-30,\"b, \"\"so\"\"\ngoes on\"\n3,2024-01-03,c\n4,2024-01-04,d\n5,2024-01-05,e\n";

    #[test]
    fn the_cell_of_a_table_is_marked_in_its_line() {
        let columns = ["id", "date", "note"];
        let excerpt = look("a.csv", TABLE.as_bytes(), origin("csv", "utf-8", &columns), (Some(3), None), ("date", "2024-02-30"));
        assert_eq!(told(&excerpt), ("1 2 3* 4* 5 6".to_owned(), vec!["2024-02-30"]));
        let excerpt = look("a.csv", TABLE.as_bytes(), origin("csv", "utf-8", &columns), (Some(3), None), ("note", "b"));
        assert_eq!(told(&excerpt).1, ["\"b, \"\"so\"\"", "goes on\""]);
    }

    #[test]
    fn a_row_without_a_line_is_found_by_its_number() {
        let text = format!("A report\n\n{TABLE}id,date,note\n6,2024-01-06,f\n");
        let excerpt = look("a.csv", text.as_bytes(), origin("csv", "utf-8", &[]), (None, Some(5)), ("", ""));
        assert_eq!(told(&excerpt).0, "9 10 11*");
    }

    #[test]
    fn a_packed_table_is_laid_out_by_the_name_of_what_is_packed() {
        use std::io::Write as _;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"date\ttitle, place\n2024-01-01\ta, b\n2024-02-30\tc, d\n").unwrap();
        let bytes = packed.finish().unwrap();
        let columns = ["date", "title, place"];
        let excerpt = look("x.tsv.gz", &bytes, origin("tsv", "utf-8", &columns), (Some(3), None), ("title, place", "c, d"));
        assert_eq!(told(&excerpt).1, ["c, d"]);
    }

    #[test]
    fn lines_are_read_in_the_encoding_of_the_file() {
        let russian = "дата,что\n2024-01-02,взрыв\n2024-13-02,склад\n";
        let label = Encoding::for_label(b"windows-1251").unwrap();
        let bytes = label.encode(russian).0;
        let excerpt = look("a.csv", &bytes, origin("csv", "windows-1251", &["дата", "что"]), (Some(3), None), ("что", ""));
        assert_eq!(told(&excerpt).1, ["склад"]);
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(russian.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let excerpt = look("a.csv", &wide, origin("csv", "utf-16le", &["дата", "что"]), (Some(3), None), ("что", ""));
        assert_eq!(told(&excerpt).1, ["склад"]);
    }

    #[test]
    fn of_a_document_on_one_line_the_part_around_the_value_is_shown() {
        let text = format!("[{}{{\"when\": \"2024-02-30\"}}]", "{\"when\": \"2024-01-01\"},".repeat(2_000));
        let excerpt = look("a.json", text.as_bytes(), origin("json", "utf-8", &[]), (Some(1), None), ("when", "2024-02-30"));
        let line = &excerpt.lines[0];
        assert!(line.text.len() <= LINE_SHOWN_MAX && line.is_cut == [true, false], "{line:?}");
        assert_eq!(told(&excerpt).1, ["2024-02-30"]);
    }

    #[test]
    fn the_fault_of_a_document_is_marked_where_it_is() {
        let input = Input::Bytes { name: "a.jsonl".to_owned(), bytes: b"{\"a\": 1}\n{\"a\": }\n".as_slice().into() };
        let message = "line 2, column 7: expected value".to_owned();
        let kind = IssueKind::InvalidJson;
        let issue = Issue { line: Some(2), column: None, value: "{\"a\": }".to_owned(), kind, message, action: String::new() };
        let origin = origin("jsonl", "utf-8", &[]);
        let wanted = Wanted { issue: issue.into(), origin, sources: Vec::new(), options: Options::default() };
        assert_eq!(told(&excerpt(&input, &wanted, &Cancel::default()).unwrap()), ("1 2*".to_owned(), vec!["}"]));
    }

    #[test]
    fn cells_end_where_the_reader_ends_them() {
        let of = |text: &str| -> Vec<String> { cells(text, ',').into_iter().map(|(from, to)| text[from..to].to_owned()).collect() };
        assert_eq!(of("a,\"b,\nc\",d\ne"), ["a", "\"b,\nc\"", "d"]);
        assert_eq!(of("a\"x,b"), ["a\"x", "b"]);
    }
}
