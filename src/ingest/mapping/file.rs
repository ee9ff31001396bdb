//! Mapping files: JSON in which columns go by their names, with everything of a mapping and what was chosen about reading the file.
//!
//! What is wrong with a file is said with its place; nothing in it is passed over in silence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{At, ColumnMap, Listed, Mapping, Measured, Role, TitlePart};
use crate::data::{Basis, Vocabulary as _};
use crate::ingest::cells::{DateStyle, NumberStyle};
use crate::ingest::{HeaderRow, Options};
use crate::time::{DateOrder, parse_edtf};

/// The version that is written and understood.
const VERSION: u32 = 1;
/// A larger file is no mapping.
pub const BYTES_MAX: u64 = 4 << 20;

/// Why a mapping file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// It cannot be read at all.
    #[error("it could not be read: {0}")]
    Unreadable(String),
    /// It is no JSON, or not built as a mapping.
    #[error("line {line}, column {column}: {message}")]
    Broken {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// It is of another version of the program.
    #[error("it is of version {0}, this program understands {VERSION}; save it anew from the import panel")]
    Version(u32),
    /// A word that is none of those that can stand there.
    #[error("{place}: `{word}` is not known{}", near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Word {
        /// Where it stands.
        place: String,
        /// The word.
        word: String,
        /// What may be meant.
        near: Option<&'static str>,
    },
    /// Two things contradict each other.
    #[error("{0}")]
    Contradiction(String),
}

/// A mapping with what was chosen about reading.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedMapping {
    /// What a person calls it.
    pub name: String,
    /// What was chosen, with the mapping.
    pub options: Options,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    dateline_mapping: u32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default)]
    reading: Reading,
    columns: Vec<FileColumn>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    quantities: Vec<FileQuantity>,
    /// What the numbers of metrics cover that have no columns of their own, and what those of single ones do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    basis: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    bases: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    title: Vec<FilePart>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lists: Vec<FileList>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counter: Option<String>,
}

/// Columns that together make one field.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileList {
    name: String,
    columns: Vec<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reading {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    preset: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    table: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delimiter: Option<char>,
    /// The row of the header, from 1; 0 when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    header_row: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileColumn {
    name: String,
    role: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dates: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    is_order_known: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    two_digit_years_from: Option<u16>,
    #[serde(default, skip_serializing_if = "is_false")]
    is_numeric: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    has_decimal_comma: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    separator: Option<char>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "is_false")]
    has_estimates_in_brackets: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(is: &bool) -> bool {
    !is
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileQuantity {
    metric: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    basis: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    low: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    high: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    qualifier: Option<String>,
    /// The column of its date, or of its years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date_column: Option<String>,
    /// The date for which the column stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zero_until: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum FilePart {
    Column(String),
    Text(String),
    Otherwise(String),
}

/// The ways in which dates can be written, by their names in files.
const DATE_STYLES: &[(&str, DateStyle)] = &[
    ("day_first", DateStyle::Text(DateOrder::DayFirst)),
    ("month_first", DateStyle::Text(DateOrder::MonthFirst)),
    ("year_first", DateStyle::Text(DateOrder::YearFirst)),
    ("compact", DateStyle::Compact),
    ("year", DateStyle::Year),
    ("epoch_s", DateStyle::Epoch(1)),
    ("epoch_ms", DateStyle::Epoch(1_000)),
    ("epoch_us", DateStyle::Epoch(1_000_000)),
    ("epoch_ns", DateStyle::Epoch(1_000_000_000)),
    ("epoch", DateStyle::AnyEpoch),
    ("spreadsheet_days", DateStyle::Excel),
];

impl SavedMapping {
    /// As the text of a file; `None` when the options hold no mapping.
    pub fn to_text(&self) -> Option<String> {
        let Options {
            preset,
            mapping,
            encoding,
            table,
            delimiter,
            header,
            changes: _,
            rows_max: _,
            beside: _,
            without_saved: _,
            without_snapshots: _,
            of_files: _,
        } = &self.options;
        let mapping = mapping.as_ref()?;
        let name = |column: Option<usize>| column.and_then(|column| mapping.columns.get(column)).map(|column| column.name.clone());
        let quantity = |measured: &Measured| FileQuantity {
            metric: measured.metric.clone(),
            unit: measured.unit.clone(),
            basis: measured.basis.key().to_owned(),
            value: name(measured.value),
            low: name(measured.low),
            high: name(measured.high),
            qualifier: name(measured.qualifier),
            date_column: if let At::Column(column) = measured.at { name(Some(column)) } else { None },
            date: if let At::Date(date) = &measured.at { Some(date.clone()) } else { None },
            zero_until: measured.until.clone(),
        };
        let part = |part: &TitlePart| match part {
            TitlePart::Column(column) => name(Some(*column)).map(FilePart::Column),
            TitlePart::Between(text) => Some(FilePart::Text(text.clone())),
            TitlePart::Otherwise(column) => name(Some(*column)).map(FilePart::Otherwise),
        };
        let file = File {
            dateline_mapping: VERSION,
            name: self.name.clone(),
            reading: Reading {
                preset: preset.clone(),
                encoding: encoding.clone(),
                table: table.clone(),
                delimiter: delimiter.map(char::from),
                header_row: header.map(|header| match header {
                    HeaderRow::Row(row) => row + 1,
                    HeaderRow::Absent => 0,
                }),
            },
            columns: mapping.columns.iter().map(file_column).collect(),
            quantities: mapping.measured.iter().map(quantity).collect(),
            basis: Some(mapping.bases.other.key().to_owned()).filter(|_| mapping.bases.other != Basis::Increment),
            bases: mapping.bases.own.iter().map(|(metric, basis)| (metric.clone(), basis.key().to_owned())).collect(),
            title: mapping.title.iter().filter_map(part).collect(),
            missing: mapping.missing.clone(),
            lists: mapping.lists.iter().map(|list| file_list(list, mapping)).collect(),
            counter: mapping.counter.clone(),
        };
        serde_json::to_string_pretty(&file).ok().map(|text| text + "\n")
    }

    /// From the text of a file.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn of_text(text: &str) -> Result<Self, MappingError> {
        let file: File = serde_json::from_str(text).map_err(|error| {
            let whole = error.to_string();
            let message = whole.split(" at line ").next().unwrap_or(&whole).to_owned();
            let is_json = serde_json::from_str::<serde_json::Value>(text).is_ok();
            let lacks_mark = is_json && !text.contains("\"dateline_mapping\"");
            let message = if lacks_mark { "this is no mapping file: it has no `dateline_mapping`".to_owned() } else { message };
            MappingError::Broken { line: error.line(), column: error.column(), message }
        })?;
        if file.dateline_mapping != VERSION {
            return Err(MappingError::Version(file.dateline_mapping));
        }
        let delimiter = match file.reading.delimiter {
            None => None,
            Some(char) if char.is_ascii() && !matches!(char, '"' | '\n' | '\r') => Some(char as u8),
            Some(char) => return Err(contradiction(format!("`{char}` cannot be a delimiter"))),
        };
        let options = Options {
            preset: file.reading.preset.clone(),
            mapping: Some(mapping_of(&file)?),
            encoding: file.reading.encoding,
            table: file.reading.table,
            delimiter,
            header: file.reading.header_row.map(|row| row.checked_sub(1).map_or(HeaderRow::Absent, HeaderRow::Row)),
            ..Options::default()
        };
        Ok(Self { name: file.name, options })
    }
}

fn file_list(list: &Listed, mapping: &Mapping) -> FileList {
    let columns = list.columns.iter().filter_map(|column| mapping.columns.get(*column)).map(|column| column.name.clone());
    FileList { name: list.name.clone(), columns: columns.collect() }
}

fn contradiction(message: String) -> MappingError {
    MappingError::Contradiction(message)
}

fn file_column(column: &ColumnMap) -> FileColumn {
    let style = DATE_STYLES.iter().find(|(_, style)| *style == column.dates).map(|(key, _)| (*key).to_owned());
    FileColumn {
        name: column.name.clone(),
        role: column.role.key().to_owned(),
        dates: style.filter(|_| column.role.is_date() || column.dates != DateStyle::default()),
        is_order_known: column.is_order_known,
        two_digit_years_from: column.first_year,
        is_numeric: column.is_numeric,
        has_decimal_comma: column.numbers == NumberStyle::Comma,
        separator: column.separator,
        words: column.words.clone(),
        has_estimates_in_brackets: column.has_estimates_in_brackets,
    }
}

fn column_of(column: &FileColumn) -> Result<ColumnMap, MappingError> {
    let place = || format!("column `{}`", column.name);
    let role = Role::of_key(&column.role).ok_or_else(|| MappingError::Word {
        place: place(),
        word: column.role.clone(),
        near: Role::near(&column.role),
    })?;
    let dates = match &column.dates {
        None => DateStyle::default(),
        Some(word) => DATE_STYLES.iter().find(|(key, _)| key == word).map(|(_, style)| *style).ok_or_else(|| {
            let alike = DATE_STYLES.iter().map(|(key, _)| (strsim::jaro_winkler(key, word), *key));
            let near = alike.filter(|(alike, _)| *alike > 0.75).max_by(|one, two| one.0.total_cmp(&two.0)).map(|(_, key)| key);
            MappingError::Word { place: place(), word: word.clone(), near }
        })?,
    };
    if column.two_digit_years_from.is_some_and(|year| !(1_000..=2_200).contains(&year)) {
        return Err(contradiction(format!("{}: two_digit_years_from must be a year from 1000 to 2200", place())));
    }
    Ok(ColumnMap {
        name: column.name.clone(),
        role,
        dates,
        numbers: if column.has_decimal_comma { NumberStyle::Comma } else { NumberStyle::Point },
        is_numeric: column.is_numeric,
        is_order_known: column.is_order_known,
        first_year: column.two_digit_years_from,
        separator: column.separator,
        words: column.words.clone(),
        has_estimates_in_brackets: column.has_estimates_in_brackets,
    })
}

fn basis_of(word: &str, what: &str) -> Result<Basis, MappingError> {
    Basis::parse(word).ok_or_else(|| MappingError::Word {
        place: what.to_owned(),
        word: word.to_owned(),
        near: Basis::ALL.iter().map(|basis| basis.key()).find(|key| key.starts_with(word.get(..1).unwrap_or("?"))),
    })
}

/// Adds a quantity to a mapping whose columns are there.
fn add_quantity(
    mapping: &mut Mapping,
    quantity: &FileQuantity,
    find: &dyn Fn(&String, &str) -> Result<usize, MappingError>,
) -> Result<(), MappingError> {
    let what = format!("the quantity `{}`", quantity.metric);
    let at = match (&quantity.date_column, &quantity.date) {
        (Some(_), Some(_)) => return Err(contradiction(format!("{what} has both a `date_column` and a `date`; it can have one"))),
        (Some(name), None) => At::Column(find(name, &what)?),
        (None, Some(date)) => {
            parse_edtf(date).map_err(|error| contradiction(format!("{what}: the date `{date}`: {error}")))?;
            At::Date(date.clone())
        }
        (None, None) => At::Row,
    };
    // One metric may have a column for each of several dates.
    if mapping.measured.iter().any(|measured| measured.metric == quantity.metric && measured.at == at) {
        return Err(contradiction(format!("{what} stands twice")));
    }
    let basis = basis_of(&quantity.basis, &what)?;
    let column = |name: &Option<String>| name.as_ref().map(|name| find(name, &what)).transpose();
    let measured = Measured {
        metric: quantity.metric.clone(),
        unit: quantity.unit.clone(),
        basis,
        value: column(&quantity.value)?,
        low: column(&quantity.low)?,
        high: column(&quantity.high)?,
        qualifier: column(&quantity.qualifier)?,
        at,
        until: quantity.zero_until.clone(),
    };
    for own in [measured.value, measured.low, measured.high].into_iter().flatten() {
        if mapping.columns[own].role != Role::Measured {
            let (name, role) = (&mapping.columns[own].name, mapping.columns[own].role.key());
            return Err(contradiction(format!("{what} counts by the column `{name}`, whose role is `{role}` and must be `quantity`")));
        }
        if mapping.measured_by(own).is_some() {
            return Err(contradiction(format!("the column `{}` is part of two quantities", mapping.columns[own].name)));
        }
    }
    mapping.measured.push(measured);
    Ok(())
}

fn mapping_of(file: &File) -> Result<Mapping, MappingError> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut mapping = Mapping { missing: file.missing.clone(), ..Mapping::default() };
    for (place, column) in file.columns.iter().enumerate() {
        if places.insert(&column.name, place).is_some() {
            return Err(contradiction(format!("the column `{}` stands twice", column.name)));
        }
        let map = column_of(column)?;
        if let Some(other) = mapping.column(map.role).filter(|_| map.role.is_single()) {
            let (one, two, role) = (&mapping.columns[other].name, &map.name, map.role.key());
            return Err(contradiction(format!("`{one}` and `{two}` are both `{role}`; only one column can be")));
        }
        mapping.columns.push(map);
    }
    let find = |name: &String, what: &str| {
        let place = places.get(name.as_str()).copied();
        place.ok_or_else(|| contradiction(format!("{what} names the column `{name}`, which is not among the columns of the mapping")))
    };
    for quantity in &file.quantities {
        add_quantity(&mut mapping, quantity, &find)?;
    }
    let loose = (0..mapping.columns.len()).find(|own| mapping.columns[*own].role == Role::Measured && mapping.measured_by(*own).is_none());
    if let Some(loose) = loose {
        return Err(contradiction(format!(
            "the column `{}` has the role `quantity`, but no quantity names it",
            mapping.columns[loose].name
        )));
    }
    if let Some(word) = &file.basis {
        mapping.bases.other = basis_of(word, "the basis of metrics")?;
    }
    for (metric, word) in &file.bases {
        mapping.bases.set(metric, basis_of(word, &format!("the basis of `{metric}`"))?);
    }
    for part in &file.title {
        mapping.title.push(match part {
            FilePart::Column(name) => TitlePart::Column(find(name, "the title")?),
            FilePart::Text(text) => TitlePart::Between(text.clone()),
            FilePart::Otherwise(name) => TitlePart::Otherwise(find(name, "the title")?),
        });
    }
    for list in &file.lists {
        let what = format!("the list `{}`", list.name);
        let columns = list.columns.iter().map(|name| find(name, &what)).collect::<Result<_, _>>()?;
        mapping.lists.push(Listed { name: list.name.clone(), columns });
    }
    mapping.counter.clone_from(&file.counter);
    Ok(mapping)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::mapping::{Bases, Part};

    fn full() -> SavedMapping {
        let column = |name: &str, role| ColumnMap { name: name.to_owned(), role, ..ColumnMap::default() };
        let mut mapping = Mapping {
            columns: vec![
                ColumnMap {
                    dates: DateStyle::Text(DateOrder::MonthFirst),
                    is_order_known: true,
                    first_year: Some(1_900),
                    ..column("day", Role::When)
                },
                ColumnMap { numbers: NumberStyle::Comma, is_numeric: true, ..column("dead", Role::Extra) },
                column("dead max", Role::Extra),
                ColumnMap { separator: Some(';'), ..column("said by", Role::Source) },
                ColumnMap { words: vec![("1".to_owned(), "day".to_owned())], ..column("exact", Role::Precision) },
                column("junk", Role::Ignored),
                ColumnMap { dates: DateStyle::Epoch(1_000), ..column("put out", Role::Published) },
            ],
            title: vec![TitlePart::Column(1), TitlePart::Between(" dead, says ".to_owned()), TitlePart::Column(3)],
            missing: vec!["-99".to_owned()],
            ..Mapping::default()
        };
        mapping.measure(1, "killed", Part::Value);
        mapping.measure(2, "killed", Part::High);
        mapping.measured[0].basis = Basis::Total;
        mapping.measured[0].unit = Some("persons".to_owned());
        mapping.bases = Bases { other: Basis::Level, own: vec![("sent".to_owned(), Basis::Total)] };
        let options = Options {
            preset: Some("table".to_owned()),
            mapping: Some(mapping),
            encoding: Some("windows-1251".to_owned()),
            table: Some("Sheet 2".to_owned()),
            delimiter: Some(b'\t'),
            header: Some(HeaderRow::Row(2)),
            ..Options::default()
        };
        SavedMapping { name: "Losses".to_owned(), options }
    }

    #[test]
    fn a_mapping_comes_back_from_its_file_as_it_was() {
        let whole = full();
        assert_eq!(SavedMapping::of_text(&whole.to_text().unwrap()).unwrap(), whole);
        let absent = SavedMapping { options: Options { header: Some(HeaderRow::Absent), ..whole.options }, ..whole };
        assert_eq!(SavedMapping::of_text(&absent.to_text().unwrap()).unwrap(), absent);
    }

    #[test]
    fn no_change_of_a_file_makes_reading_it_fall() {
        let text = full().to_text().unwrap();
        for at in 0..text.len() {
            for other in ["", "\"", "9", "{", "null", "\u{fffd}"] {
                let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
                if let Ok(mapping) = SavedMapping::of_text(&changed) {
                    assert_eq!(SavedMapping::of_text(&mapping.to_text().unwrap()).unwrap(), mapping, "{changed}");
                }
            }
        }
    }

    fn error(from: &str, to: &str) -> String {
        let text = full().to_text().unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        SavedMapping::of_text(&text.replacen(from, to, 1)).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_with_its_place() {
        assert_eq!(error("\"role\": \"date\"", "\"role\": \"dat\""), "column `day`: `dat` is not known; did you mean `date`?");
        assert_eq!(error("\"role\": \"source\"", "\"role\": \"date\""), "`day` and `said by` are both `date`; only one column can be");
        assert_eq!(error("\"month_first\"", "\"month-first\""), "column `day`: `month-first` is not known; did you mean `month_first`?");
        assert!(error("\"value\": \"dead\"", "\"value\": \"deed\"").contains("names the column `deed`"));
        assert!(error("\"dateline_mapping\": 1", "\"dateline_mapping\": 2").contains("version 2"));
        assert!(error("\"missing\"", "\"mising\"").starts_with("line "));
        assert!(SavedMapping::of_text("{\"a\": 1}").unwrap_err().to_string().contains("no mapping file"));
        assert!(SavedMapping::of_text("[1,").unwrap_err().to_string().starts_with("line 1, column 3"));
    }
}
