//! What small documents of each format become: records, sources, articles and issues, as one text.

mod feeds;
mod graphs;
mod intel;
mod look;
mod stories;
mod suite;

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::data::{ArticleId, Dataset, Field, Row, SourceId, Vocabulary as _};
use crate::ingest::{Input, LoadError, Options, load};
use crate::time::{When, edtf_from_when};
use crate::work::{Cancel, Progress};

fn open(input: &Input, options: &Options) -> Result<Dataset, LoadError> {
    load(input, options, &mut |_| {}, &Cancel::default(), &Progress::default())
}

fn try_bytes(name: &str, bytes: &[u8]) -> Result<Dataset, LoadError> {
    open(&Input::Bytes { name: name.to_owned(), bytes: bytes.into() }, &Options::default())
}

fn read(name: &str, text: &str) -> Dataset {
    try_bytes(name, text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn date(when: Option<When>, kept: Option<&str>) -> String {
    let meant = when.map_or_else(|| "undated".to_owned(), |when| edtf_from_when(&when));
    kept.filter(|kept| *kept != meant).map_or_else(|| meant.clone(), |kept| format!("{meant} “{kept}”"))
}

/// Everything that a file became.
fn told(dataset: &Dataset) -> String {
    let origin = &dataset.origin;
    let preset = origin.preset.as_deref().unwrap_or("table");
    assert_eq!(dataset.issues.rejected.len() as u64, origin.rejected, "a row that is left out can be saved");
    assert_eq!(origin.skips.iter().map(|skip| skip.1).sum::<u64>(), origin.skipped, "what was skipped is said by kind");
    let mut text = format!("{} {preset}: {} rows, {} rejected, {} aside\n", origin.format, origin.rows, origin.rejected, origin.skipped);
    for (name, value) in &origin.notes {
        writeln!(text, "note {name}: {value}").unwrap();
    }
    let mut rows: Vec<Row> = (0..dataset.records.len() as Row).collect();
    rows.sort_by_key(|row| dataset.records.file_row(*row));
    for row in rows {
        tell_record(&mut text, dataset, row);
    }
    for (place, article) in dataset.articles.iter().enumerate() {
        write!(text, "article {}", article.id).unwrap();
        let published = article.published.as_ref().map(|(text, when)| date(*when, Some(text)));
        let publisher = article.publisher.map(|id| name(dataset, id).to_owned());
        let url = article.url.clone().filter(|url| *url != article.id);
        for part in [article.title.clone(), url, publisher, published, article.language.clone()].into_iter().flatten() {
            write!(text, " | {part}").unwrap();
        }
        for related in &article.related {
            write!(text, " {} {}", if related.is_listed { "->" } else { "-" }, dataset.articles[related.article.0 as usize].id).unwrap();
        }
        assert!(article.related.iter().all(|related| related.article != ArticleId(place as u32)));
        text.push('\n');
    }
    for issue in &dataset.issues.list {
        let line = issue.line.map_or_else(|| "-".to_owned(), |line| line.to_string());
        let column = issue.column.as_deref().unwrap_or("-");
        writeln!(text, "issue {} {line} {column} “{}”: {}; {}", issue.kind.key(), issue.value, issue.message, issue.action).unwrap();
    }
    text
}

fn name(dataset: &Dataset, id: SourceId) -> &str {
    &dataset.sources[id.0 as usize].name
}

fn tell_record(text: &mut String, dataset: &Dataset, row: Row) {
    let records = &dataset.records;
    writeln!(
        text,
        "{} {} [{}] {}",
        records.file_row(row),
        records.kind(row).key(),
        records.address(row),
        records.title(row).unwrap_or("-")
    )
    .unwrap();
    let when = |field: Field| {
        let dates = records.dates(field)?;
        let (when, kept) = (dates.when(row as usize), dates.kept_text(row as usize));
        (when.is_some() || kept.is_some()).then(|| date(when, kept))
    };
    if let Some(date) = when(Field::WHEN) {
        write!(text, "    {date}").unwrap();
    } else {
        text.push_str("    undated");
    }
    if let Some(date) = when(Field::PUBLISHED) {
        write!(text, ", published {date}").unwrap();
    }
    let chain: Vec<String> = dataset.chain_sources(row).iter().map(|id| told_source(dataset, *id)).collect();
    if !chain.is_empty() {
        write!(text, ", said by {}", chain.join(" < ")).unwrap();
    }
    if let Some(article) = records.article(row) {
        write!(text, ", in {}", dataset.articles[article.0 as usize].id).unwrap();
    }
    text.push('\n');
    let mut fields = Vec::new();
    for info in records.fields() {
        let is_told = matches!(info.field, Field::ID | Field::KIND | Field::TITLE | Field::WHEN | Field::PUBLISHED | Field::ORIGINATOR);
        let is_derived = matches!(info.field, Field::ORIGINATOR_KIND | Field::ORIGINATOR_COUNTRY | Field::OUTLET | Field::LANGUAGE);
        if let Some(value) = records.display(info.field, row).filter(|_| !is_told && !is_derived) {
            fields.push(format!("{}={}", info.key, value.replace('\n', "⏎")));
        }
    }
    if !fields.is_empty() {
        writeln!(text, "    {}", fields.join(", ")).unwrap();
    }
}

fn told_source(dataset: &Dataset, id: SourceId) -> String {
    let source = &dataset.sources[id.0 as usize];
    let kind = source.kind.map_or(String::new(), |kind| format!(" ({})", kind.key()));
    let grade = source.reliability.map_or(String::new(), |grade| format!(" {}", grade.key().to_uppercase()));
    format!("{}{kind}{grade}", source.name)
}

/// Documents of every format, to be broken.
const ALL: &[(&str, &str)] = &[
    (
        "t.json",
        r#"{"events":[{"start_date":{"year":"1999","month":"5"},"end_date":{"year":"2000"},"text":{"headline":"<b>x</b> &amp; y"},"media":{"url":"https://m.example/a"}}],"title":{"text":{"headline":"T"}}}"#,
    ),
    (
        "m.json",
        r#"{"events":[{"id":"1","date":"2/3/2021","time":"14:05","sources":["a"],"associations":["b"]}],"sources":{"a":{"title":"S","parent":"a"}}}"#,
    ),
    (
        "g.json",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1]]]},"properties":{"date":"2020-01-01"}}]}"#,
    ),
    (
        "s.json",
        r#"{"type":"bundle","objects":[{"type":"sighting","id":"sighting--1","first_seen":"2020-01-01T00:00:00Z","count":2,"confidence":50,"created_by_ref":"identity--1"},{"type":"identity","id":"identity--1","name":"N"}]}"#,
    ),
    (
        "e.json",
        r#"{"Event":{"info":"I","date":"2020-01-01","Orgc":{"name":"O"},"Tag":[{"name":"admiralty-scale:source-reliability=\"b\""}],"Attribute":[{"uuid":"1","type":"link","value":"https://a.example","timestamp":"1620200001"}]}}"#,
    ),
    (
        "f.xml",
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss><channel><title>T</title><item><title>a &amp; &eacute;</title><link>https://a.example</link><pubDate>Thu, 01 Jan 2004 19:48:21 GMT</pubDate><description><![CDATA[<p>x</p>]]></description></item></channel></rss>",
    ),
    (
        "j.json",
        r#"{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":"1","date_published":"2020-01-01","tags":["a"],"content_html":"<p>x"}]}"#,
    ),
    (
        "l.json",
        r#"{"@context":"https://schema.org","@graph":[{"@type":"ClaimReview","claimReviewed":"C","datePublished":"2020-01-01","itemReviewed":{"author":{"name":"N"}},"reviewRating":{"alternateName":"False","ratingValue":"1"}}]}"#,
    ),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_bytes_makes_a_document_fall(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        which in 0..ALL.len(),
    ) {
        let (name, text) = ALL[which];
        let mut bytes = text.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        for bytes in [&bytes[..], &text.as_bytes()[..cut.index(text.len())]] {
            if let Ok(dataset) = try_bytes(name, bytes) {
                let origin = &dataset.origin;
                prop_assert!(dataset.is_complete && origin.rows >= origin.rejected);
                prop_assert!(dataset.records.len() as u64 == origin.rows - origin.rejected, "{} of {origin:?}", dataset.records.len());
            }
        }
    }
}
