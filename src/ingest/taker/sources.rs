//! Who said a row, and where it can be read: outlets, originators, reports and addresses become sources, chains and articles.

use rustc_hash::FxHashSet;

use super::super::cells::trim;
use super::super::mapping::Role;
use super::dates::Dated;
use super::reports::{Report, reports};
use super::{Row, Taker, Taking};
use crate::data::{Article, ArticleId, ChainId, DatasetBuilder, Dictionary, IssueKind, Source, SourceId};
use crate::time::{When, parse_ymd_fast};

/// What stands between reports, and between outlets, where the mapping does not say.
const SEPARATOR: char = ';';

/// The source that a cell names, and the chain of it alone.
type Said = (Option<SourceId>, Option<ChainId>);

/// What cells say that name one source or none, as nearly all do: they are looked at once, and then known.
#[derive(Default)]
pub(super) struct SaidBefore {
    cells: Dictionary,
    said: Vec<Said>,
}

impl SaidBefore {
    /// So many different cells are kept.
    const MAX: usize = 1 << 16;

    fn get(&self, cell: &str) -> Option<Said> {
        self.said.get(self.cells.find(cell)? as usize).copied()
    }

    fn keep(&mut self, cell: &str, said: Said) -> Said {
        if self.said.len() < Self::MAX {
            self.cells.code(cell, 0);
            self.said.push(said);
        }
        said
    }
}

/// What a row says of its sources.
#[derive(Debug, Default)]
pub(super) struct Links {
    pub(super) chain: Option<ChainId>,
    pub(super) article: Option<ArticleId>,
    /// The latest date of the reports.
    pub(super) published: Option<When>,
}

/// What the articles of a row have of it.
pub(super) struct About<'r> {
    pub(super) title: Option<&'r str>,
    pub(super) published: &'r Dated,
    /// The number of the row among those of data.
    pub(super) file_row: u32,
}

/// Texts in their order, each once. Nearly every row has a few; a set is made only for more.
#[derive(Default)]
struct Once<'a> {
    list: Vec<&'a str>,
    seen: FxHashSet<&'a str>,
}

impl<'a> Once<'a> {
    /// Up to so many are looked through one by one.
    const FEW: usize = 16;

    fn add(&mut self, text: &'a str) {
        let is_known = if self.list.len() < Self::FEW {
            self.list.contains(&text)
        } else {
            if self.seen.is_empty() {
                self.seen.extend(&self.list);
            }
            !self.seen.insert(text)
        };
        if !is_known {
            self.list.push(text);
        }
    }
}

impl Taker {
    /// Does any column say where a row comes from?
    pub(super) fn has_links(&self) -> bool {
        let is_given = |role: Role| self.columns.get(role).is_some();
        [Role::Source, Role::Link, Role::Originator, Role::Reports].into_iter().any(is_given)
    }

    /// Says that sources and their articles were put into the dataset under the ids by which rows name them.
    pub(in crate::ingest) fn find_sources_by_id(&mut self) {
        self.has_described = true;
    }

    /// The sources of a row. The first article is the record's, and the others are related to it. The chain runs from the publisher
    /// of the first one, else from the first outlet, to the originator.
    pub(super) fn links(&mut self, builder: &mut DatasetBuilder, taking: &mut Taking<'_>, about: &About<'_>) -> Links {
        if self.is_plainly_sourced() {
            let cell = self.link_columns.first().map_or("", |column| trim(taking.row.get(*column)));
            let url = url_at(cell, 0).filter(|url| url.len() == cell.len());
            if url.is_some() || !cell.contains("://") {
                let (publisher, chain) = self.chain(builder, taking);
                if url.is_none() && !self.marks.says_nothing(cell) {
                    self.keep_given(taking, self.link_columns[0]);
                }
                let article = url.map(|url| self.article(builder, url, about.title, (publisher, Some(about.published))));
                return Links { chain, article, published: None };
            }
        }
        self.all_links(builder, taking, about)
    }

    /// Is there at most one column of outlets and one of addresses, and nothing more?
    pub(super) fn is_plainly_sourced(&self) -> bool {
        let has_list =
            |columns: &[usize]| columns.len() > 1 || columns.iter().any(|column| self.mapping.columns[*column].separator.is_some());
        let is_given = |role: Role| self.columns.get(role).is_some();
        !self.has_described
            && !has_list(&self.source_columns)
            && !has_list(&self.link_columns)
            && !is_given(Role::Originator)
            && !is_given(Role::Reports)
    }

    fn all_links(&mut self, builder: &mut DatasetBuilder, taking: &mut Taking<'_>, about: &About<'_>) -> Links {
        let row = taking.row;
        let reports = self.reports(row);
        // Reports name their agencies themselves.
        let has_agency = reports.first().is_some_and(|report| report.agency.is_some());
        let names = if has_agency { Vec::new() } else { self.outlets(taking) };
        let mut published: Option<When> = None;
        let mut articles: Vec<(ArticleId, Option<SourceId>)> = Vec::new();
        for report in &reports {
            let source = report.agency.map(|name| self.source(builder, name).0);
            let when = report.date.and_then(|date| parse_ymd_fast(date.as_bytes()));
            if when.is_some_and(|when| published.is_none_or(|latest| when.span.end > latest.span.end)) {
                published = when;
            }
            articles.push((report_article(builder, report, source, when), source));
        }
        let outlets: Vec<SourceId> = names.iter().map(|name| self.source(builder, name).0).collect();
        if self.has_described {
            articles.append(&mut self.described_articles(builder, taking, (&names, &outlets)));
        }
        let urls = self.urls(taking);
        for (place, url) in urls.iter().enumerate() {
            let is_one_each = outlets.len() == urls.len() || place == 0;
            let publisher = outlets.get(place).copied().filter(|_| is_one_each);
            let title = about.title.filter(|_| place == 0);
            let own = (place == 0).then_some(about.published);
            articles.push((self.article(builder, url, title, (publisher, own)), publisher));
        }
        if articles.is_empty() && names.len() > 1 {
            articles = self.unnamed_articles(builder, (&names, &outlets), row, about);
        }
        for other in articles.iter().skip(1) {
            builder.relate(articles[0].0, other.0, false);
        }
        let publisher = articles.first().and_then(|(_, source)| *source).or_else(|| outlets.first().copied());
        let originator = self.columns.get(Role::Originator).and_then(|column| self.plain(row, column));
        let originator = originator.map(|name| self.source(builder, name).0).filter(|originator| Some(*originator) != publisher);
        let chain: Vec<SourceId> = publisher.into_iter().chain(originator).collect();
        Links { chain: builder.chain(&chain), article: articles.first().map(|(article, _)| *article), published }
    }

    /// Who said it, of one column with one outlet; of several names in it the first.
    pub(super) fn chain(&mut self, builder: &mut DatasetBuilder, taking: &mut Taking<'_>) -> Said {
        let Some(column) = self.source_columns.first().copied() else { return Said::default() };
        let cell = taking.row.get(column);
        if let Some(said) = self.said.get(cell) {
            return said;
        }
        let Some(said) = self.plain(taking.row, column) else { return self.said.keep(cell, Said::default()) };
        if !said.contains(SEPARATOR) {
            let (source, chain) = self.source(builder, said);
            return self.said.keep(cell, (Some(source), chain));
        }
        let first = said.split(SEPARATOR).map(str::trim).find(|name| !name.is_empty()).unwrap_or(said);
        if first.len() < said.len() {
            self.keep_given(taking, column);
        }
        let (source, chain) = self.source(builder, first);
        (Some(source), chain)
    }

    /// The names in all columns of outlets, each once. Without a separator a cell is one outlet, or the first of several.
    fn outlets<'a>(&self, taking: &mut Taking<'a>) -> Vec<&'a str> {
        let mut names = Once::default();
        for column in &self.source_columns {
            let Some(said) = self.plain(taking.row, *column) else { continue };
            let separator = self.mapping.columns[*column].separator;
            for name in said.split(separator.unwrap_or(SEPARATOR)).map(str::trim).filter(|name| !self.marks.says_nothing(name)) {
                names.add(name);
                if separator.is_none() {
                    if name.len() < said.len() {
                        self.keep_given(taking, *column);
                    }
                    break;
                }
            }
        }
        names.list
    }

    /// The addresses in all columns of links, each once.
    fn urls<'a>(&self, taking: &mut Taking<'a>) -> Vec<&'a str> {
        let mut urls = Once::default();
        for column in &self.link_columns {
            let cell = trim(taking.row.get(*column));
            let (found, is_all) = urls_of(cell);
            if !is_all && !self.marks.says_nothing(cell) {
                self.keep_given(taking, *column);
            }
            for url in found {
                urls.add(url);
            }
        }
        urls.list
    }

    fn reports<'a>(&self, row: Row<'a>) -> Vec<Report<'a>> {
        let Some(column) = self.columns.get(Role::Reports) else { return Vec::new() };
        let separator = self.mapping.columns[column].separator.unwrap_or(SEPARATOR);
        self.plain(row, column).map(|cell| reports(cell, separator)).unwrap_or_default()
    }

    #[allow(clippy::unused_self, reason = "reads like the other steps of taking a row")]
    fn article(
        &self,
        builder: &mut DatasetBuilder,
        url: &str,
        title: Option<&str>,
        (publisher, published): (Option<SourceId>, Option<&Dated>),
    ) -> ArticleId {
        builder.find_article(url).unwrap_or_else(|| {
            builder.article(Article {
                id: url.to_owned(),
                title: title.map(str::to_owned),
                url: Some(url.to_owned()),
                publisher,
                published: published.and_then(Dated::text),
                ..Article::default()
            })
        })
    }

    /// Reports of which only the outlets are known: one article each, of this row alone.
    fn unnamed_articles(
        &self,
        builder: &mut DatasetBuilder,
        (names, outlets): (&[&str], &[SourceId]),
        row: Row<'_>,
        about: &About<'_>,
    ) -> Vec<(ArticleId, Option<SourceId>)> {
        let id = self.columns.get(Role::Id).and_then(|column| self.plain(row, column));
        let address = id.map_or_else(|| format!("@{}", u64::from(about.file_row) + 1), str::to_owned);
        let article = |builder: &mut DatasetBuilder, name: &str, outlet: SourceId| {
            builder.article(Article { id: format!("{address}, {name}"), publisher: Some(outlet), ..Article::default() })
        };
        names.iter().zip(outlets).map(|(name, outlet)| (article(builder, name, *outlet), Some(*outlet))).collect()
    }

    /// The articles of sources that are named by their ids. An id that nobody described is said, and is an outlet like any other.
    fn described_articles(
        &self,
        builder: &DatasetBuilder,
        taking: &mut Taking<'_>,
        (names, outlets): (&[&str], &[SourceId]),
    ) -> Vec<(ArticleId, Option<SourceId>)> {
        let mut articles = Vec::new();
        for (name, outlet) in names.iter().zip(outlets) {
            if let Some(article) = builder.find_article(name) {
                articles.push((article, Some(*outlet)));
                continue;
            }
            let column = self.source_columns.first().map_or("", |column| self.name(*column));
            let message = "no source has this id".to_owned();
            taking.issue(column, name, IssueKind::DanglingSource, message, "shown by its id");
        }
        articles
    }

    fn source(&mut self, builder: &mut DatasetBuilder, name: &str) -> (SourceId, Option<ChainId>) {
        let code = self.names.code(name, 0) as usize;
        if let Some(known) = self.sources.get(code) {
            return *known;
        }
        // Names that differ only in upper and lower case are one source, called as it is called first.
        let known = *self.sources_by_lower.entry(name.to_lowercase()).or_insert_with(|| {
            let source = builder.source(Source {
                id: name.to_owned(),
                name: name.to_owned(),
                short: None,
                kind: None,
                country: None,
                reliability: None,
            });
            (source, builder.chain(&[source]))
        });
        self.sources.push(known);
        known
    }
}

fn report_article(builder: &mut DatasetBuilder, report: &Report<'_>, publisher: Option<SourceId>, when: Option<When>) -> ArticleId {
    builder.find_article(report.text).unwrap_or_else(|| {
        builder.article(Article {
            id: report.text.to_owned(),
            title: report.headline.map(str::to_owned),
            publisher,
            published: report.date.map(|date| (date.to_owned(), when)),
            ..Article::default()
        })
    })
}

/// The address that starts at a place of a cell.
fn url_at(cell: &str, start: usize) -> Option<&str> {
    let text = cell.get(start..)?;
    if !(text.starts_with("http://") || text.starts_with("https://")) {
        return None;
    }
    let bytes = text.as_bytes();
    let ends = |at: usize, char: char| match char {
        '|' | '"' | '<' | '>' => true,
        // Some addresses have these within.
        ';' | ',' => text[at + 1..].starts_with("http") || bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace),
        other => other.is_whitespace(),
    };
    let end = text.char_indices().find(|(at, char)| ends(*at, *char)).map_or(text.len(), |(at, _)| at);
    Some(&text[..end])
}

/// The addresses in a cell, and whether nothing else stands in it.
fn urls_of(cell: &str) -> (Vec<&str>, bool) {
    let mut urls = Vec::new();
    let (mut at, mut is_all) = (0, true);
    while at < cell.len() {
        if let Some(url) = url_at(cell, at) {
            urls.push(url);
            at += url.len();
            continue;
        }
        let Some(char) = cell[at..].chars().next() else { break };
        is_all &= char.is_whitespace() || matches!(char, '|' | ';' | ',');
        at += char.len_utf8();
    }
    (urls, is_all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_once_however_many_there_are() {
        let texts: Vec<String> = (0..40).chain(0..40).chain([3, 39, 40]).map(|number| format!("t{number}")).collect();
        let mut once = Once::default();
        for text in &texts {
            once.add(text);
        }
        let expected: Vec<String> = (0..=40).map(|number| format!("t{number}")).collect();
        assert_eq!(once.list, expected);
    }

    #[test]
    fn a_cell_gives_all_its_addresses_and_says_whether_they_are_all_of_it() {
        let (one, two) = ("https://a.example/1;x=2,3", "http://b.example/2");
        assert_eq!(urls_of(&format!("{one} ; {two}")), (vec![one, two], true));
        assert_eq!(urls_of(&format!("{one};{two}")), (vec![one, two], true));
        assert_eq!(urls_of(&format!("{one}|{two}|")), (vec![one, two], true));
        assert_eq!(urls_of(&format!("see {one}")), (vec![one], false));
        assert_eq!(urls_of("no address"), (Vec::new(), false));
        assert_eq!(urls_of(""), (Vec::new(), true));
    }
}
