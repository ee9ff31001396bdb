//! Writes records as CSV that a spreadsheet cannot run, and as one JSON object per line.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::{Map, Value};

use super::{number, set};
use crate::data::{Column, Dataset, FieldInfo, FieldKind, Row};

/// The columns behind the fields: who said it, from the publisher to the originator, and where it can be read.
const LINKS: [&str; 4] = ["chain", "article", "article_title", "article_url"];

/// Writes these records, in this order, with a header. Text that a spreadsheet would run gets an apostrophe in front.
pub fn write_csv(dataset: &Dataset, rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    let fields = dataset.records.fields();
    let names = names(&fields);
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(names.iter().map(|name| protected(name).into_owned()))?;
    for row in rows {
        for info in &fields {
            let text = dataset.records.display(info.field, *row).unwrap_or_default();
            let cell = if info.kind == FieldKind::Number { text } else { protected(&text).into_owned() };
            writer.write_field(cell.as_bytes())?;
        }
        for text in links(dataset, *row) {
            writer.write_field(protected(text.as_deref().unwrap_or_default()).as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

/// Writes these records, in this order, each as an object on a line of its own; what a record does not have is left out.
pub fn write_jsonl(dataset: &Dataset, rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    let fields = dataset.records.fields();
    let names = names(&fields);
    for row in rows {
        let object = object(dataset, &fields, &names, *row);
        serde_json::to_writer(&mut *out, &object)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// What a record has, by the names of its fields; `names` are those of the fields and, behind them, of the links.
pub(super) fn object(dataset: &Dataset, fields: &[FieldInfo], names: &[String], row: Row) -> Map<String, Value> {
    let mut object = Map::new();
    for (info, name) in fields.iter().zip(names) {
        let value = match dataset.records.column(info.field) {
            Some(Column::Number(column)) => column.get(row as usize).map(number),
            _ => dataset.records.display(info.field, row).map(Value::from),
        };
        set(&mut object, name, value);
    }
    for (name, text) in names[fields.len()..].iter().zip(links(dataset, row)) {
        set(&mut object, name, text);
    }
    object
}

/// The names of all columns, each once.
pub(super) fn names(fields: &[FieldInfo]) -> Vec<String> {
    let mut names: Vec<String> = fields.iter().map(|info| info.key.clone()).collect();
    for name in LINKS {
        let mut name = name.to_owned();
        while names.contains(&name) {
            name.push('_');
        }
        names.push(name);
    }
    names
}

pub(super) fn links(dataset: &Dataset, row: Row) -> [Option<String>; 4] {
    let chain: Vec<&str> =
        dataset.chain_sources(row).iter().filter_map(|id| dataset.sources.get(id.0 as usize)).map(|source| source.name.as_str()).collect();
    let article = dataset.records.article(row).and_then(|id| dataset.articles.get(id.0 as usize));
    let published = article.map(|article| article.id.clone());
    let (title, url) = (article.and_then(|article| article.title.clone()), article.and_then(|article| article.url.clone()));
    [(!chain.is_empty()).then(|| chain.join(" > ")), published, title, url]
}

/// Text that a spreadsheet would run, behind an apostrophe; numbers stay numbers, negative ones too.
pub(super) fn protected(text: &str) -> Cow<'_, str> {
    let is_risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_risky && !is_plain_number(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit()) && digits.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Field;
    use crate::ingest::{Input, Options, load};
    use crate::work::{Cancel, Progress};

    fn read(name: &str, text: &[u8]) -> Dataset {
        let input = Input::Bytes { name: name.to_owned(), bytes: text.to_vec().into() };
        load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
    }

    fn csv_of(dataset: &Dataset) -> String {
        let mut bytes = Vec::new();
        write_csv(dataset, &super::super::rows_in_file_order(dataset), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn cells_that_a_spreadsheet_would_run_are_protected_and_numbers_are_not() {
        let dataset = read("t.csv", b"id,date,title,balance,killed\n1,2024-01-01,=1+1,-5,3\n2,2024-01-02,@x,-6.5,4\n");
        let text = csv_of(&dataset);
        assert!(text.contains("'=1+1") && text.contains("'@x"), "{text}");
        assert!(text.contains(",-5") && text.contains(",-6.5"), "{text}");
    }

    #[test]
    fn a_csv_reads_back_with_its_quantities_and_dates() {
        let text = r#"{"format":"dateline","version":1,"sources":[{"id":"s","name":"S"}],"records":[
            {"id":"r1","kind":"claim","title":"T","when":"2024-11/2025-01","as_of":"2025-01-13","quantity":{"metric":"killed","value":300,"qualifier":"at_least","basis":"total","unit":"persons"},"from":"A","chain":["s"]},
            {"id":"r2","kind":"event","title":"U","when":"-0044-03-15","quantity":{"metric":"killed","low":-1,"high":2.5,"basis":"increment"}}]}"#;
        let dataset = read("t.dateline.json", text.as_bytes());
        let again = read("again.csv", csv_of(&dataset).as_bytes());
        for field in [
            Field::ID,
            Field::TITLE,
            Field::WHEN,
            Field::AS_OF,
            Field::METRIC,
            Field::VALUE,
            Field::LOW,
            Field::QUALIFIER,
            Field::BASIS,
            Field::FROM,
        ] {
            for row in 0..2 {
                assert_eq!(again.records.display(field, row), dataset.records.display(field, row), "{field:?} of {row}");
            }
        }
    }

    #[test]
    fn a_line_of_json_has_numbers_as_numbers() {
        let dataset = read("t.csv", b"id,date,killed\n1,2024-01-01,3\n");
        let mut bytes = Vec::new();
        write_jsonl(&dataset, &[0], &mut bytes).unwrap();
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(value["value"], 3);
        assert_eq!(value["when"], "2024-01-01");
        assert!(value.get("article").is_none());
    }
}
