//! What the import panel calls things: delimiters, ways of writing dates and numbers, records to be.

use crate::data::{Band, Basis, Bound, Measure};
use crate::ingest::{Becomes, DateStyle, Examined, HeaderRow, Mapping, NumberStyle, OrderOf, Part, Role, TitlePart};
use crate::layout::number_text;
use crate::query::Figure;
use crate::time::{DateOrder, Zone, format_when};
use crate::view::rows::{capital, counted_noun, is_text};

/// The ways in which dates can be written.
pub(super) const DATE_STYLES: &[(DateStyle, &str, &str)] = &[
    (DateStyle::Text(DateOrder::DayFirst), "Text, day first", "31/01/2015"),
    (DateStyle::Text(DateOrder::MonthFirst), "Text, month first", "01/31/2015"),
    (DateStyle::Text(DateOrder::YearFirst), "Text, year first", "15/01/31"),
    (DateStyle::Compact, "Eight digits", "20150131"),
    (DateStyle::Year, "A year", "2015"),
    (DateStyle::Epoch(1), "Seconds since 1970", "1422662400"),
    (DateStyle::Epoch(1_000), "Milliseconds since 1970", "…000"),
    (DateStyle::Epoch(1_000_000), "Microseconds since 1970", "…000000"),
    (DateStyle::Epoch(1_000_000_000), "Nanoseconds since 1970", "…000000000"),
    (DateStyle::AnyEpoch, "Since 1970, by size", "…"),
    (DateStyle::Excel, "Days of a spreadsheet", "42035"),
];

/// How the dates of a column are written, in words: the order of day and month is named only where it matters.
pub(super) fn dates(seen: &Examined, column: usize, style: DateStyle) -> &'static str {
    match (style, seen.order_of(column)) {
        (DateStyle::Text(_), OrderOf::YearFirst) => YEAR_FIRST,
        (DateStyle::Text(_), OrderOf::Text) => AS_WRITTEN,
        _ => date_style(style),
    }
}

/// What is said of dates in which the year stands first, and of those that say themselves what is what.
pub(super) const YEAR_FIRST: &str = "Year first (ISO)";
pub(super) const AS_WRITTEN: &str = "Text, as written";

/// A way of writing dates, in words.
pub(super) fn date_style(style: DateStyle) -> &'static str {
    DATE_STYLES.iter().find(|(own, ..)| *own == style).map_or("Text", |(_, words, _)| words)
}

/// A date written so.
pub(super) fn example(style: DateStyle) -> &'static str {
    DATE_STYLES.iter().find(|(own, ..)| *own == style).map_or("", |(_, _, example)| example)
}

/// What a preset is called.
pub(super) fn preset(key: Option<&str>) -> &str {
    match key {
        None | Some("table") => "Plain table",
        Some("dateline") => "Dateline",
        Some("ucdp_ged") => "UCDP GED",
        Some("acled") => "ACLED",
        Some("gdelt") => "GDELT",
        Some("viina") => "VIINA",
        Some("sipri_register") => "SIPRI register",
        Some("oryx") => "Oryx losses",
        Some("daily_totals") => "Daily totals",
        Some("timesketch") => "Timesketch",
        Some("plaso") => "Plaso",
        Some("timelinejs") => "TimelineJS",
        Some("timemap") => "TimeMap",
        Some("stix") => "STIX",
        Some("misp") => "MISP",
        Some("feed") => "Feed",
        Some("jsonld") => "JSON-LD",
        Some(other) => other,
    }
}

/// How numbers are written, in words.
pub(super) fn numbers(style: NumberStyle) -> &'static str {
    match style {
        NumberStyle::Point => "Point, 1,234.5",
        NumberStyle::Comma => "Comma, 1.234,5",
    }
}

/// A delimiter, in words.
pub(super) fn delimiter(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "Tab".to_owned(),
        b',' => "Comma ,".to_owned(),
        b';' => "Semicolon ;".to_owned(),
        b'|' => "Bar |".to_owned(),
        b' ' => "Space".to_owned(),
        b'~' => "Tilde ~".to_owned(),
        b'^' => "Caret ^".to_owned(),
        b':' => "Colon :".to_owned(),
        other => char::from(other).to_string(),
    }
}

/// Where the header stands, in words.
pub(super) fn header(seen: &Examined) -> String {
    match seen.header {
        Some(HeaderRow::Row(row)) => match seen.rows.get(row as usize) {
            Some(row) => line_of(seen, row.line),
            None => format!("Row {}", row + 1),
        },
        Some(HeaderRow::Absent) | None => "None".to_owned(),
    }
}

/// What a number covers, in words.
pub(super) fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Increment => "Happened in that time",
        Basis::Total => "Running total",
        Basis::Level => "Level at that time",
    }
}

/// Which number of a metric, in words.
pub(super) fn part(part: Part) -> &'static str {
    match part {
        Part::Value => "The number",
        Part::Low => "The lowest",
        Part::High => "The highest",
    }
}

/// The rows that were looked at: `all 12 rows`, `1 row`, `the first 200 rows`.
pub(super) fn rows_read(seen: &Examined, whose: &str) -> String {
    let rows = counted_noun(seen.rows_read, "row", "rows");
    match (seen.is_whole, seen.rows_read) {
        (true, 1) => rows,
        (true, _) => format!("all {rows}"),
        (false, 1) => format!("{whose} first row"),
        (false, _) => format!("{whose} first {rows}"),
    }
}

/// What was detected, in a few words.
pub(super) fn facts(seen: &Examined) -> String {
    let preset = preset(seen.preset.as_deref());
    let read = rows_read(seen, "its");
    let mut facts = vec![seen.format.to_uppercase()];
    facts.extend(seen.table.clone());
    facts.push(preset.to_owned());
    if has_encoding(seen) {
        facts.push(seen.encoding.clone());
    }
    if !seen.is_fixed {
        facts.push(read);
    }
    facts.join("  ·  ")
}

/// Is it text, which can be of several encodings?
pub(super) fn has_encoding(seen: &Examined) -> bool {
    is_text(&seen.format)
}

/// What rows of the file are counted by: lines of text, rows of anything else.
pub(super) fn line_noun(seen: &Examined) -> &'static str {
    crate::view::rows::line_noun(&seen.format)
}

/// What a row of the file is called.
pub(super) fn line_of(seen: &Examined, line: u64) -> String {
    format!("{} {line}", line_noun(seen))
}

/// What a column's role says in the head of the rows, and what else there is to say of it.
pub(super) fn role(seen: &Examined, mapping: &Mapping, column: usize) -> (String, String) {
    let Some(map) = mapping.columns.get(column) else { return (String::new(), String::new()) };
    if let Some((place, which)) = mapping.measured_by(column) {
        let measured = &mapping.measured[place];
        let low_or_high = match which {
            Part::Value => "",
            Part::Low => ", low",
            Part::High => ", high",
        };
        let covers = match measured.basis {
            Basis::Increment => "increment",
            Basis::Total => "running total",
            Basis::Level => "level",
        };
        return (format!("{}{low_or_high}", capital(&measured.metric.replace('_', " "))), covers.to_owned());
    }
    let hint = match map.role {
        role if role.is_date() => dates(seen, column, map.dates).to_owned(),
        Role::Listed => mapping.listed_in(column).map(|list| format!("one of {}", list.name)).unwrap_or_default(),
        Role::Qualifier => {
            let measured = mapping.measured.iter().find(|measured| measured.qualifier == Some(column));
            measured.map(|measured| format!("of {}", measured.metric.replace('_', " "))).unwrap_or_default()
        }
        Role::Extra if map.is_numeric => "numbers".to_owned(),
        Role::Ignored => "no field is made of it".to_owned(),
        _ => map.separator.map(|char| format!("a list, by {char}")).unwrap_or_default(),
    };
    let shown = match map.role {
        Role::Extra => "Field",
        Role::When => "Date",
        Role::Listed => "List",
        role => role.label(),
    };
    (shown.to_owned(), hint)
}

/// Of which columns the title is put together.
pub(super) fn title(mapping: &Mapping) -> String {
    let name = |column: usize| mapping.columns.get(column).map_or("", |map| map.name.as_str());
    // What stands between two cells is told between two cells only.
    let (mut told, mut between) = (String::new(), "");
    for part in &mapping.title {
        let (before, column) = match part {
            TitlePart::Between(text) => {
                between = text;
                continue;
            }
            TitlePart::Column(column) => (between, *column),
            TitlePart::Otherwise(column) => (" or ", *column),
        };
        if !told.is_empty() {
            told.push_str(before);
        }
        told.extend(["‹", name(column), "›"]);
        between = "";
    }
    if told.is_empty() { "There is no title".to_owned() } else { format!("The title is {told}") }
}

/// The date of a record to be, and whether it is one.
pub(super) fn date(record: &Becomes) -> (String, bool) {
    match (&record.when, &record.when_text) {
        (Some(when), _) => (format_when(when, Zone::UTC), true),
        (None, Some(text)) => (text.clone(), false),
        (None, None) => ("undated".to_owned(), false),
    }
}

/// Its number with what is counted; empty without one.
pub(super) fn figure(record: &Becomes) -> String {
    let Some(metric) = record.metric.clone() else { return String::new() };
    let at = |number: Option<f64>| number.map_or(Bound::Open, Bound::At);
    let has_figure = record.value.is_some() || record.low.is_some() || record.high.is_some();
    let band = has_figure.then(|| Band { low: at(record.low), high: at(record.high) });
    let figure = Figure {
        metric: metric.clone(),
        item: None,
        measure: Measure::Count,
        value: record.value,
        band,
        qualifier: record.qualifier,
        basis: record.basis,
        unit: record.unit.clone(),
    };
    let number = crate::layout::value_text(&figure, false);
    let has_bounds = record.value.is_some() && (record.low.is_some() || record.high.is_some());
    let bounds = if has_bounds {
        let end = |number: Option<f64>| number.map_or_else(|| "…".to_owned(), number_text);
        if record.low == record.value && record.high == record.value {
            String::new()
        } else {
            format!(" ({}–{})", end(record.low), end(record.high))
        }
    } else {
        String::new()
    };
    let basis = match record.basis {
        Some(Basis::Total) => ", total",
        Some(Basis::Level) => ", level",
        Some(Basis::Increment) | None => "",
    };
    format!("{number}{bounds} {}{basis}", metric.replace('_', " "))
}

/// From whom to whom.
pub(super) fn actors(record: &Becomes) -> String {
    match (&record.from, &record.to) {
        (Some(from), Some(to)) => format!("{from} → {to}"),
        (Some(from), None) => from.clone(),
        (None, Some(to)) => format!("→ {to}"),
        (None, None) => String::new(),
    }
}

/// Text for one line.
pub(super) fn one_line(text: &str) -> String {
    crate::layout::one_line(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_with_missing_parts_is_told_without_what_would_stand_between() {
        let column = |name: &str| crate::ingest::ColumnMap { name: name.to_owned(), ..Default::default() };
        let told = |parts: Vec<TitlePart>| title(&Mapping { columns: vec![column("a"), column("b")], title: parts, ..Mapping::default() });
        let dash = || TitlePart::Between(" – ".to_owned());
        assert_eq!(told(vec![TitlePart::Column(0), dash(), TitlePart::Column(1)]), "The title is ‹a› – ‹b›");
        assert_eq!(told(vec![dash(), TitlePart::Otherwise(1)]), "The title is ‹b›");
        assert_eq!(told(vec![TitlePart::Column(0), dash(), TitlePart::Otherwise(1)]), "The title is ‹a› or ‹b›");
        assert_eq!(told(vec![dash()]), "There is no title");
    }
}
