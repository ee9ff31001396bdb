//! A look at the beginning of a file: what was understood of it, its first rows as they stand, and the records that they become.
//!
//! It reads by the very readers that read the whole, only not as far; so what it shows is what will be.

use super::cells::{self, is_missing};
use super::error::LoadError;
use super::feed::Input;
use super::load::{load_in, set_totals_apart};
use super::mapping::{Mapping, Role};
use super::run::Run;
use super::several::first_file;
use super::write::rows_in_file_order;
use super::{HeaderRow, Options, presets};
use crate::data::{Assumption, Basis, Dataset, Field, Issue, IssueKind, Origin, Otherwise, Qualifier, Row};
use crate::time::When;
use crate::work::{Cancel, Progress};

/// How many rows are shown as they stand.
pub(super) const SHOWN_ROWS: usize = 60;
/// How many rows are read: enough that rare oddities show, few enough to be read on every change.
const READ_ROWS: u32 = 1_000;

/// What was understood of a file by its beginning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Examined {
    /// The path as given, or the name.
    pub path: String,
    /// `csv`, `json` …
    pub format: String,
    /// The preset in use; `None` for a plain table.
    pub preset: Option<String>,
    /// The WHATWG label of the encoding.
    pub encoding: String,
    /// The sheets or tables that the file has, where it can have several.
    pub tables: Vec<String>,
    /// The one that is read.
    pub table: Option<String>,
    /// The delimiter, of delimited text.
    pub delimiter: Option<u8>,
    /// Where the header stands, of delimited text.
    pub header: Option<HeaderRow>,
    /// Are the fields those of the format, so that there is nothing to choose?
    pub is_fixed: bool,
    /// What the columns mean; none has any in a format whose fields are fixed.
    pub mapping: Mapping,
    /// The first rows as they stand, those before the header too.
    pub rows: Vec<RawRow>,
    /// The records that they become.
    pub becomes: Vec<Becomes>,
    /// What was odd in the rows that were read.
    pub issues: Vec<Issue>,
    /// What had to be assumed.
    pub assumptions: Vec<Assumption>,
    /// How many rows of data were read.
    pub rows_read: u64,
    /// How many records these become.
    pub records: u64,
    /// Is that all of the file?
    pub is_whole: bool,
}

/// A row as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawRow {
    /// Its first line, from 1.
    pub line: u64,
    /// What it is.
    pub kind: RowKind,
    /// Its cells.
    pub cells: Vec<String>,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// Before the header.
    Preamble,
    /// The header.
    Header,
    /// Tags under the header.
    Tags,
    /// Data.
    Data,
}

/// A record that a row becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Becomes {
    /// Its row, by its place among those that are shown; `None` when that is not shown.
    pub row: Option<usize>,
    /// Its date.
    pub when: Option<When>,
    /// The text of the date, where nothing was understood.
    pub when_text: Option<String>,
    /// Up to when it was counted.
    pub as_of: Option<When>,
    /// When it was published.
    pub published: Option<When>,
    /// Its title.
    pub title: Option<String>,
    /// What is counted.
    pub metric: Option<String>,
    /// The number.
    pub value: Option<f64>,
    /// The lowest number.
    pub low: Option<f64>,
    /// The highest number.
    pub high: Option<f64>,
    /// Exact, about …
    pub qualifier: Option<Qualifier>,
    /// What the number covers.
    pub basis: Option<Basis>,
    /// The unit.
    pub unit: Option<String>,
    /// Actors.
    pub from: Option<String>,
    /// Actors.
    pub to: Option<String>,
    /// The kind of event.
    pub category: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Who said so, publisher first.
    pub sources: Vec<String>,
    /// Where it can be read.
    pub link: Option<String>,
}

/// How year, month and day are told apart in the dates of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderOf {
    /// By the order that is chosen or assumed: `01/02/2015`.
    Chosen,
    /// The year stands first in all of them: `2015-02-01`.
    YearFirst,
    /// By the text itself: `1 February 2015`, or there is none.
    Text,
}

/// What a reader tells of a table of which it reads the beginning.
#[derive(Clone, Debug, Default)]
pub(super) struct Understood {
    /// The tables of the file, where it can have several, and the one that is read.
    pub(super) tables: Vec<String>,
    pub(super) table: Option<String>,
    pub(super) mapping: Mapping,
    pub(super) preset: Option<String>,
    pub(super) delimiter: Option<u8>,
    pub(super) header: Option<HeaderRow>,
    pub(super) rows: Vec<RawRow>,
}

impl Examined {
    /// The names of the columns.
    pub fn header_names(&self) -> Vec<String> {
        self.mapping.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// These options with everything that was found out written down in them: a file with the same columns is read just so.
    pub fn as_chosen(&self, options: &Options) -> Options {
        Options {
            preset: Some(self.preset.clone().unwrap_or_else(|| presets::NONE.to_owned())),
            mapping: self.can_be_mapped().then(|| self.mapping.clone()),
            changes: Vec::new(),
            rows_max: None,
            ..options.clone()
        }
    }

    /// How the dates of a column are told apart, as far as its text tells: by the rows that are shown, and by what had to be assumed.
    pub fn order_of(&self, column: usize) -> OrderOf {
        let Some(map) = self.mapping.columns.get(column) else { return OrderOf::Text };
        let cells = self.rows.iter().filter(|row| row.kind == RowKind::Data).filter_map(|row| row.cells.get(column));
        let mut cells = cells.map(|cell| cell.trim()).filter(|cell| !is_missing(cell)).peekable();
        let is_assumed = |assumption: &Assumption| matches!(&assumption.change, Otherwise::Order(name, _) if *name == map.name);
        let is_told = |issue: &Issue| issue.kind == IssueKind::AmbiguousDate && issue.column.as_ref() == Some(&map.name);
        if self.assumptions.iter().any(is_assumed) || self.issues.iter().any(is_told) || cells.clone().any(cells::has_order) {
            return OrderOf::Chosen;
        }
        if cells.peek().is_some() && cells.all(cells::is_year_first) { OrderOf::YearFirst } else { OrderOf::Text }
    }

    /// Has it columns that can be given a meaning?
    pub fn can_be_mapped(&self) -> bool {
        !self.mapping.columns.is_empty()
    }
}

/// Looks at the beginning of a file as these options read it.
///
/// # Errors
/// Those of [`super::load`].
pub fn examine(input: &Input, options: &Options, cancel: &Cancel) -> Result<Examined, LoadError> {
    let options = Options { rows_max: Some(READ_ROWS), without_snapshots: true, ..options.clone() };
    let progress = Progress::default();
    let mut watch = |_| {};
    let input = &first_file(input)?;
    let mut run = Run::new(input.name(), false, &mut watch, cancel, &progress);
    let mut dataset = load_in(&mut run, input, &options)?;
    let (understood, is_cut) = (run.understood.take(), run.is_cut);
    if !is_cut {
        set_totals_apart(&mut dataset, &options);
    }
    Ok(examined(&dataset, understood, is_cut))
}

fn examined(dataset: &Dataset, understood: Option<Understood>, is_cut: bool) -> Examined {
    let origin = &dataset.origin;
    let is_fixed = understood.is_none();
    let fixed = || Understood { preset: origin.preset.clone(), ..Understood::default() };
    let Understood { tables, table, mapping, preset, delimiter, header, rows } = understood.unwrap_or_else(fixed);
    let data: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].kind == RowKind::Data).collect();
    let shown = rows_in_file_order(dataset).into_iter().take_while(|row| dataset.records.file_row(*row) <= SHOWN_ROWS as u64);
    let becomes = shown.map(|row| becomes(dataset, row, &data)).collect();
    Examined {
        path: origin.path.clone(),
        format: origin.format.clone(),
        preset,
        encoding: origin.encoding.clone(),
        tables,
        table,
        delimiter,
        header,
        is_fixed,
        mapping,
        rows,
        becomes,
        issues: dataset.issues.list.iter().map(|listed| listed.issue.clone()).collect(),
        assumptions: origin.assumptions.clone(),
        rows_read: origin.rows,
        records: dataset.records.len() as u64,
        is_whole: !is_cut && origin.rows < u64::from(READ_ROWS),
    }
}

fn becomes(dataset: &Dataset, row: Row, data: &[usize]) -> Becomes {
    let records = &dataset.records;
    let text = |field: Field| records.str(field, row).map(str::to_owned);
    let quantity = records.quantity(row);
    let chain = records.chain(row).and_then(|chain| dataset.chains.get(chain.0 as usize));
    let name = |source: &crate::data::SourceId| dataset.sources.get(source.0 as usize).map(|source| source.name.clone());
    let article = records.article(row).and_then(|article| dataset.articles.get(article.0 as usize));
    let when = records.when(Field::WHEN, row);
    Becomes {
        row: data.get((records.file_row(row) as usize).saturating_sub(1)).copied(),
        when,
        when_text: if when.is_none() { records.display(Field::WHEN, row) } else { None },
        as_of: records.when(Field::AS_OF, row),
        published: records.when(Field::PUBLISHED, row),
        title: records.title(row).map(str::to_owned),
        metric: quantity.as_ref().map(|quantity| quantity.metric.to_owned()),
        value: quantity.as_ref().and_then(|quantity| quantity.value),
        low: quantity.as_ref().and_then(|quantity| quantity.low),
        high: quantity.as_ref().and_then(|quantity| quantity.high),
        qualifier: quantity.as_ref().and_then(|quantity| quantity.qualifier),
        basis: quantity.as_ref().and_then(|quantity| quantity.basis),
        unit: quantity.as_ref().and_then(|quantity| quantity.unit).map(str::to_owned),
        from: text(Field::FROM),
        to: text(Field::TO),
        category: text(Field::CATEGORY),
        place: text(Field::PLACE),
        sources: chain.into_iter().flat_map(|chain| chain.0.iter()).filter_map(name).collect(),
        link: article.and_then(|article| article.url.clone()),
    }
}

/// Says which columns were left out because somebody wanted it so.
pub(super) fn note_ignored(origin: &mut Origin, mapping: &Mapping) {
    let names: Vec<&str> =
        mapping.columns.iter().filter(|column| column.role == Role::Ignored).map(|column| column.name.as_str()).collect();
    if !names.is_empty() {
        origin.notes.push(("columns left out".to_owned(), names.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::ingest::{Part, load};
    use crate::time::{DateOrder, format_iso_day};

    fn input(name: &str, text: &str) -> Input {
        Input::Bytes { name: name.to_owned(), bytes: text.as_bytes().into() }
    }

    fn look(text: &str, options: &Options) -> Examined {
        examine(&input("made.csv", text), options, &Cancel::default()).unwrap()
    }

    fn whole(text: &str, options: &Options) -> Dataset {
        load(&input("made.csv", text), options, &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
    }

    const PLAIN: &str = "A report;;\n\nday;deaths;where\n01/02/2015;3;Alpha\n05/06/2015;x;Beta\n";

    #[test]
    fn a_look_tells_what_was_understood_and_what_the_rows_become() {
        let seen = look(PLAIN, &Options::default());
        assert_eq!((seen.delimiter, seen.header, seen.encoding.as_str()), (Some(b';'), Some(HeaderRow::Row(1)), "utf-8"));
        assert_eq!(seen.header_names(), ["day", "deaths", "where"]);
        assert_eq!(
            seen.rows.iter().map(|row| (row.line, row.kind)).collect::<Vec<_>>(),
            [(1, RowKind::Preamble), (3, RowKind::Header), (4, RowKind::Data), (5, RowKind::Data)]
        );
        let first = &seen.becomes[0];
        assert_eq!((first.row, first.when.map(|when| format_iso_day(when.span.start)).as_deref()), (Some(2), Some("2015-02-01")));
        assert_eq!((first.metric.as_deref(), first.value, first.basis), (Some("killed"), Some(3.0), Some(Basis::Increment)));
        assert!(seen.is_whole && seen.issues.iter().any(|issue| issue.line == Some(5) && issue.column.as_deref() == Some("deaths")));
        assert_eq!(seen.assumptions[0].change, Otherwise::Order("day".to_owned(), DateOrder::MonthFirst));
    }

    #[test]
    fn rows_of_delimiters_alone_before_the_header_are_counted_as_they_are_when_the_whole_is_read() {
        let text = "A report,,\n,,\n,,\nMade in May,,\nday,deaths,where\n2015-02-01,3,Alpha\n,,\n2015-02-02,4,Beta\n";
        let seen = look(text, &Options::default());
        let Some(HeaderRow::Row(header)) = seen.header else { panic!("no header") };
        assert_eq!((seen.rows[header as usize].line, seen.rows[header as usize].kind), (5, RowKind::Header));
        let before = seen.rows.iter().filter(|row| row.kind == RowKind::Preamble).count() as u64;
        let dataset = whole(text, &Options::default());
        let skipped = dataset.origin.skips.iter().find(|(why, _)| *why == crate::data::Skip::Preamble);
        assert_eq!((before, skipped.map(|(_, count)| *count)), (4, Some(4)));
        let lines: Vec<u64> = seen.rows.iter().filter(|row| row.kind == RowKind::Data).map(|row| row.line).collect();
        assert_eq!(lines, [6, 8]);
    }

    #[test]
    fn the_other_reading_is_taken_once_it_is_chosen_and_is_no_assumption_then() {
        let seen = look(PLAIN, &Options::default());
        let options = Options::default().with(seen.assumptions[0].change.clone());
        let again = look(PLAIN, &options);
        assert_eq!(again.becomes[0].when.map(|when| format_iso_day(when.span.start)).as_deref(), Some("2015-01-02"));
        assert!(again.assumptions.is_empty());
        let dataset = whole(PLAIN, &options);
        assert_eq!(dataset.records.when(Field::WHEN, 0), again.becomes[0].when);
        assert!(dataset.origin.assumptions.is_empty());
    }

    #[test]
    fn a_changed_mapping_is_what_the_whole_file_is_read_by() {
        let mut mapping = look(PLAIN, &Options::default()).mapping;
        mapping.measure(1, "wounded", Part::Value);
        mapping.set_role(2, Role::Ignored);
        let options = Options { mapping: Some(mapping), ..Options::default() };
        assert_eq!(look(PLAIN, &options).becomes[0].metric.as_deref(), Some("wounded"));
        let dataset = whole(PLAIN, &options);
        assert_eq!(dataset.records.quantity(0).map(|quantity| quantity.metric.to_owned()).as_deref(), Some("wounded"));
        assert!(dataset.records.fields().iter().all(|field| field.key != "where" && field.key != "place"));
        assert!(dataset.origin.notes.contains(&("columns left out".to_owned(), "where".to_owned())));
    }

    #[test]
    fn delimiter_header_and_encoding_are_as_they_are_chosen() {
        let comma = look(PLAIN, &Options { delimiter: Some(b','), ..Options::default() });
        assert_eq!(comma.mapping.columns.len(), 1);
        let absent = look(PLAIN, &Options { header: Some(HeaderRow::Absent), ..Options::default() });
        assert_eq!((absent.header, absent.header_names()[0].as_str()), (Some(HeaderRow::Absent), "column 1"));
        let first = look(PLAIN, &Options { header: Some(HeaderRow::Row(0)), ..Options::default() });
        assert_eq!(first.header_names()[0], "A report");
        let bytes: &[u8] = b"day,where\n2020-01-02,Caf\xe9\n";
        let coded = Input::Bytes { name: "a.csv".to_owned(), bytes: bytes.into() };
        let options = Options { encoding: Some("windows-1251".to_owned()), ..Options::default() };
        let seen = examine(&coded, &options, &Cancel::default()).unwrap();
        assert_eq!((seen.encoding.as_str(), seen.rows[1].cells[1].as_str()), ("windows-1251", "Cafй"));
    }

    #[test]
    fn only_the_beginning_of_a_long_file_is_read() {
        let mut text = "day,deaths\n".to_owned();
        for row in 0..400_000 {
            writeln!(text, "2015-01-{:02},{row}", row % 28 + 1).unwrap();
        }
        let seen = look(&text, &Options::default());
        assert!(!seen.is_whole && seen.rows_read >= 1_000 && seen.rows_read < 200_000, "{}", seen.rows_read);
        assert!(seen.becomes.len() >= 50 && seen.becomes.len() <= 120, "{}", seen.becomes.len());
        let mut lines = String::new();
        for row in 0..5_000 {
            writeln!(lines, "{{\"day\": \"2015-01-02\", \"n\": {row}}}").unwrap();
        }
        let seen = examine(&input("a.jsonl", &lines), &Options::default(), &Cancel::default()).unwrap();
        assert_eq!((seen.rows_read, seen.is_whole, seen.header_names()), (1_000, false, vec!["day".to_owned(), "n".to_owned()]));
    }

    #[test]
    fn a_mapping_of_other_columns_is_refused_in_words() {
        let mut mapping = look(PLAIN, &Options::default()).mapping;
        mapping.columns[0].name = "days".to_owned();
        let options = Options { mapping: Some(mapping), ..Options::default() };
        let error = examine(&input("made.csv", PLAIN), &options, &Cancel::default()).unwrap_err().to_string();
        assert_eq!(error, "mapping: the file has no column `days` (did you mean `day`?)");
    }

    #[test]
    fn the_order_of_day_and_month_matters_only_where_the_text_leaves_it_open() {
        let order = |cells: &[&str]| look(&format!("date,n\n{},1\n", cells.join(",1\n")), &Options::default()).order_of(0);
        assert_eq!(order(&["2022-03-01", "2022-03-02"]), OrderOf::YearFirst);
        assert_eq!(order(&["2022-03-01T10:00:00Z", "2022-03", "2022-02-30"]), OrderOf::YearFirst);
        assert_eq!(order(&["01/02/2022", "03/04/2022"]), OrderOf::Chosen);
        assert_eq!(order(&["31/01/2022", "30/04/2022"]), OrderOf::Chosen, "it is told by the numbers, and said");
        assert_eq!(order(&["2022-03-01", "01/02/2022"]), OrderOf::Chosen);
        assert_eq!(order(&["01.02.2022", "31.03.2022"]), OrderOf::Text, "points stand between day, month and year in this order only");
        assert_eq!(order(&["1 March 2022", "2 March 2022"]), OrderOf::Text);
    }

    #[test]
    fn the_native_format_has_no_columns_to_choose() {
        let text = "{\"format\": \"dateline\", \"version\": 1, \"records\": []}";
        let seen = examine(&input("a.json", text), &Options::default(), &Cancel::default()).unwrap();
        assert!(!seen.can_be_mapped());
        assert_eq!(seen.preset.as_deref(), Some("dateline"));
    }
}
