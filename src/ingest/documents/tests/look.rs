//! A look at a document: it is one whose fields are fixed, and not more than its beginning is read.

use std::fmt::Write as _;

use crate::ingest::{Input, Options, examine, load};
use crate::work::{Cancel, Progress};

const MANY: usize = 40_000;

fn repeated(head: &str, item: impl Fn(usize) -> String, between: &str, tail: &str) -> String {
    let mut text = head.to_owned();
    for number in 0..MANY {
        write!(text, "{}{}", if number > 0 { between } else { "" }, item(number)).unwrap();
    }
    text + tail
}

#[test]
fn a_look_at_a_long_document_reads_its_beginning_and_finds_nothing_to_choose() {
    let words = "words ".repeat(8);
    let rss = repeated(
        "<rss version=\"2.0\"><channel>",
        |number| {
            format!(
                "<item><title>Raid {number}</title><description>{words}</description><pubDate>Sat, 02 Mar 2024 10:00:00 GMT</pubDate></item>"
            )
        },
        "\n",
        "<title>Behind them all</title></channel></rss>",
    );
    let stix = repeated(
        "{\"type\": \"bundle\", \"id\": \"bundle--1\", \"objects\": [",
        |number| {
            format!(
                "{{\"type\": \"report\", \"spec_version\": \"2.1\", \"id\": \"report--{number}\", \"created\": \"2024-03-02T00:00:00Z\", \
                 \"modified\": \"2024-03-02T00:00:00Z\", \"name\": \"Raid {number} {words}\", \"published\": \"2024-03-02T00:00:00Z\", \
                 \"object_refs\": []}}"
            )
        },
        ",\n",
        "]}",
    );
    let timeline = repeated(
        "{\"title\": {\"text\": {\"headline\": \"All\"}}, \"events\": [",
        |number| {
            format!("{{\"start_date\": {{\"year\": \"2024\"}}, \"text\": {{\"headline\": \"Raid {number}\", \"text\": \"{words}\"}}}}")
        },
        ",\n",
        "]}",
    );
    for (name, preset, text) in [("a.xml", "feed", rss), ("a.json", "stix", stix), ("a.json", "timelinejs", timeline)] {
        let input = Input::Bytes { name: name.to_owned(), bytes: text.as_bytes().into() };
        let seen = examine(&input, &Options::default(), &Cancel::default()).unwrap();
        assert!(seen.is_fixed && !seen.can_be_mapped() && !seen.is_whole, "{preset}");
        assert_eq!((seen.preset.as_deref(), seen.rows_read), (Some(preset), 1_000));
        let options = Options { rows_max: Some(1_000), ..Options::default() };
        let dataset = load(&input, &options, &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap();
        assert!(dataset.origin.bytes < text.len() as u64 / 4, "{preset}: {} of {} bytes", dataset.origin.bytes, text.len());
        let whole = load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap();
        assert_eq!(whole.origin.rows, MANY as u64, "{preset}");
    }
}

#[test]
fn a_short_document_is_looked_at_whole() {
    let text = "<rss version=\"2.0\"><channel><title>All</title><item><title>Raid</title></item></channel></rss>";
    let input = Input::Bytes { name: "a.xml".to_owned(), bytes: text.as_bytes().into() };
    let seen = examine(&input, &Options::default(), &Cancel::default()).unwrap();
    assert!(seen.is_fixed && seen.is_whole && seen.becomes[0].title.as_deref() == Some("Raid"));
}
