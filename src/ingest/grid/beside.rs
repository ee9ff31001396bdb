//! The sheet of a workbook that describes the sources which the events of another sheet name by their ids.

use super::page::Page;
use super::take::{Held, is_blank};
use super::{Book, Fault, Flow, Sink};
use crate::data::{Article, DatasetBuilder, Source};
use crate::ingest::cells::{DateStyle, date};
use crate::ingest::names::plain_name;
use crate::ingest::taker::Row;
use crate::time::DateOrder;

/// The preset whose events name their sources by ids.
pub(super) const PRESET: &str = "timemap";
/// So many sources are read: they are held in memory.
const ROWS_MAX: usize = 100_000;

/// The sources that a sheet describes.
#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    sheet: String,
    sources: Vec<Publication>,
}

/// A source: who says something, and where it can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Publication {
    id: String,
    title: Option<String>,
    publisher: Option<String>,
    url: Option<String>,
    date: Option<String>,
}

/// Reads the sheet whose name is that of a table of events with `sources` in the place of `events`.
pub(super) fn sources(book: &mut dyn Book, events: usize) -> Result<Option<Described>, Fault> {
    let wanted = |table: &super::Table| table.name.to_lowercase().replace("events", "sources");
    let Some(wanted) = book.tables().get(events).map(wanted) else { return Ok(None) };
    let Some(place) =
        book.tables().iter().position(|table| !table.is_view && table.name.to_lowercase() == wanted).filter(|place| *place != events)
    else {
        return Ok(None);
    };
    let (mut held, mut rows) = (Held::default(), 0);
    let looked = book.pages(
        place,
        &mut Sink(&mut |page: &mut Page, _| {
            rows += page.len();
            held.hold(page);
            Ok(if rows < ROWS_MAX { Flow::Go } else { Flow::Stop })
        }),
    );
    match looked {
        // What is broken in another sheet is no reason to leave out the events.
        Ok(()) | Err(Fault::Damaged(_)) => {}
        Err(fault) => return Err(fault),
    }
    let table = &book.tables()[place];
    let head = held.head(table.columns.as_deref(), None);
    let names: Vec<String> = head.names.iter().map(|name| plain_name(name)).collect();
    let before = if table.columns.is_some() { 0 } else { head.preamble + usize::from(head.has_header) };
    let sources: Vec<Publication> =
        held.rows().filter(|row| !is_blank(*row)).skip(before).filter_map(|row| publication(&names, row)).collect();
    Ok((!sources.is_empty()).then(|| Described { sheet: table.name.clone(), sources }))
}

fn publication(names: &[String], row: Row<'_>) -> Option<Publication> {
    let filled = |column: usize| Some(row.get(column).trim()).filter(|cell| !cell.is_empty());
    let text = |wanted: &[&str]| {
        let of = |name: &&str| names.iter().position(|known| known == name).and_then(filled);
        wanted.iter().find_map(of).map(str::to_owned)
    };
    let is_address = |cell: &&str| cell.starts_with("http://") || cell.starts_with("https://");
    let is_path = |name: &str| name == "url" || name.starts_with("path");
    let mut paths = (0..names.len()).filter(|column| is_path(&names[*column])).filter_map(filled);
    Some(Publication {
        id: text(&["id"])?,
        title: text(&["title", "description"]),
        publisher: text(&["publisher", "author"]),
        url: paths.find(is_address).map(str::to_owned),
        date: text(&["date", "published", "pub_date"]),
    })
}

impl Described {
    /// Puts the sources into a dataset before the events that name them.
    pub(super) fn register(&self, builder: &mut DatasetBuilder) {
        for known in &self.sources {
            let name = known.publisher.as_ref().or(known.title.as_ref()).unwrap_or(&known.id).clone();
            let source = builder.source(Source { id: known.id.clone(), name, short: None, kind: None, country: None, reliability: None });
            let when = |text: &str| date(text, DateStyle::Text(DateOrder::MonthFirst)).ok().map(|read| read.when);
            builder.article(Article {
                id: known.id.clone(),
                title: known.title.clone(),
                url: known.url.clone(),
                publisher: Some(source),
                published: known.date.as_ref().map(|text| (text.clone(), when(text))),
                ..Article::default()
            });
        }
        builder.origin.notes.push(("sources from".to_owned(), self.sheet.clone()));
    }
}
