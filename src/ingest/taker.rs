//! Takes the rows of a table into a dataset by a mapping: a bad cell never rejects its row, and nothing is dropped without an issue.

mod block;
mod dates;
mod numbers;
mod rows;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use self::dates::OrderSeen;
use super::cells::{is_missing, trim};
use super::mapping::{Mapping, Role};
use super::presets::ucdp;
use crate::data::{Article, ArticleId, ChainId, DatasetBuilder, Field, Issue, IssueKind, Source, SourceId, Vocabulary};
use crate::time::{DateOrder, When};

/// How much of a cell an issue shows.
const SHOWN_CHARS_MAX: usize = 120;

/// A row of text cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    /// The line on which it starts.
    pub(super) line: u64,
    /// The text in which all cells are.
    pub(super) text: &'a str,
    /// Where each cell starts and ends.
    pub(super) cells: &'a [(u32, u32)],
}

impl<'a> Row<'a> {
    /// A cell; empty beyond the last one.
    pub(super) fn get(self, index: usize) -> &'a str {
        self.cells.get(index).and_then(|(start, end)| self.text.get(*start as usize..*end as usize)).unwrap_or_default()
    }
}

/// The order of day and month was assumed wrongly; the file must be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reorder {
    pub(super) column: usize,
    pub(super) order: DateOrder,
}

/// The columns of the roles, looked up once.
#[derive(Clone, Debug)]
struct Columns([Option<usize>; 64]);

impl Columns {
    fn of(mapping: &Mapping) -> Self {
        let mut columns = [None; 64];
        for (index, column) in mapping.columns.iter().enumerate() {
            let slot = &mut columns[column.role as usize];
            if slot.is_none() {
                *slot = Some(index);
            }
        }
        Self(columns)
    }

    fn get(&self, role: Role) -> Option<usize> {
        self.0[role as usize]
    }
}

/// Takes rows.
pub(super) struct Taker {
    mapping: Mapping,
    columns: Columns,
    extras: Vec<(usize, Field, bool)>,
    surplus: Vec<Field>,
    sources: FxHashMap<String, (SourceId, Option<ChainId>)>,
    orders: BTreeMap<usize, OrderSeen>,
    has_doubts: bool,
    is_ucdp: bool,
}

/// The row that is being taken, and what there is to say and to keep of it.
#[derive(Debug)]
struct Taking<'a> {
    row: Row<'a>,
    /// Its place among the rows that are taken together.
    place: usize,
    /// What there is to say, each with the place of its row.
    notes: Vec<(usize, Issue)>,
    /// Cells that could not be used, whose text is kept beside: the place of their row, and their column.
    given: Vec<(usize, usize)>,
}

impl<'a> Taking<'a> {
    fn new() -> Self {
        Self { row: Row { line: 0, text: "", cells: &[] }, place: 0, notes: Vec::new(), given: Vec::new() }
    }

    fn at(&mut self, place: usize, row: Row<'a>) {
        (self.place, self.row) = (place, row);
    }

    fn issue(&mut self, column: &str, value: &str, kind: IssueKind, message: String, action: &str) {
        let issue = Issue {
            line: Some(self.row.line),
            column: Some(column.to_owned()),
            value: shown(value),
            kind,
            message,
            action: action.to_owned(),
        };
        self.notes.push((self.place, issue));
    }
}

/// The beginning of a long text.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The name under which a column of the file becomes a field: not one of the model's own.
pub(super) fn field_name(name: &str) -> String {
    let is_own = Field::OWN.iter().any(|own| own.1 == name);
    if is_own { format!("{name}_column") } else { name.to_owned() }
}

impl Taker {
    pub(super) fn new(mapping: Mapping, builder: &mut DatasetBuilder) -> Self {
        let is_ucdp = builder.origin.preset.as_deref() == Some(ucdp::UCDP.key);
        let mut taker = Self {
            columns: Columns::of(&mapping),
            extras: Vec::new(),
            surplus: Vec::new(),
            sources: FxHashMap::default(),
            orders: BTreeMap::new(),
            has_doubts: false,
            is_ucdp,
            mapping: Mapping::default(),
        };
        for (index, column) in mapping.columns.iter().enumerate() {
            if column.role == Role::Extra {
                let field = builder.extra_field(&field_name(&column.name));
                taker.extras.push((index, field, column.is_numeric));
            }
        }
        taker.mapping = mapping;
        taker
    }

    /// Adds a column that was not in the first rows.
    pub(super) fn add_column(&mut self, name: &str, builder: &mut DatasetBuilder) {
        let field = builder.extra_field(&field_name(name));
        self.extras.push((self.mapping.columns.len(), field, false));
        self.mapping.columns.push(super::mapping::ColumnMap { name: name.to_owned(), ..Default::default() });
    }

    fn name(&self, column: usize) -> &str {
        self.mapping.columns.get(column).map_or("", |column| column.name.as_str())
    }

    /// The name of the field that keeps the text of cells of a column that could not be used.
    fn given_name(&self, column: usize) -> String {
        format!("{} (as given)", self.name(column))
    }

    /// Keeps the text of a cell that could not be used, in a field beside.
    #[allow(clippy::unused_self, reason = "reads like the other steps of taking a row")]
    fn keep_given(&self, taking: &mut Taking<'_>, column: usize) {
        taking.given.push((taking.place, column));
    }

    fn word<'a>(&self, row: Row<'a>, role: Role) -> Option<&'a str> {
        let cell = trim(row.get(self.columns.get(role)?));
        (!is_missing(cell)).then_some(cell)
    }

    fn category<'a>(&self, row: Row<'a>) -> Option<&'a str> {
        let word = self.word(row, Role::Category)?;
        Some(if self.is_ucdp { ucdp::violence(word) } else { word })
    }

    fn place<'a>(&self, row: Row<'a>) -> Option<&'a str> {
        self.word(row, Role::Place).or_else(|| if self.is_ucdp { ucdp::wider_place(row, &self.mapping) } else { None })
    }

    fn vocabulary<V: Vocabulary>(&self, taking: &mut Taking<'_>, role: Role) -> Option<V> {
        let column = self.columns.get(role)?;
        let word = self.word(taking.row, role)?;
        let value = V::parse(word);
        if value.is_none() {
            let known = V::ALL.iter().map(|value| value.key()).collect::<Vec<_>>().join(", ");
            taking.issue(
                self.name(column),
                word,
                IssueKind::UnknownWord,
                format!("not one of {known}"),
                "left empty; the text is kept beside",
            );
            self.keep_given(taking, column);
        }
        value
    }

    /// Who said it.
    fn chain(&mut self, builder: &mut DatasetBuilder, taking: &mut Taking<'_>) -> (Option<SourceId>, Option<ChainId>) {
        let (Some(column), Some(said)) = (self.columns.get(Role::Source), self.word(taking.row, Role::Source)) else { return (None, None) };
        let first = match said.find(';') {
            None => said,
            Some(_) => said.split(';').map(str::trim).find(|name| !name.is_empty()).unwrap_or(said),
        };
        if first.len() < said.len() {
            self.keep_given(taking, column);
        }
        let (source, chain) = self.source(builder, first);
        (Some(source), chain)
    }

    /// Where it can be read.
    fn article(
        &self,
        builder: &mut DatasetBuilder,
        taking: &mut Taking<'_>,
        publisher: Option<SourceId>,
        published: impl FnOnce() -> Option<(String, Option<When>)>,
    ) -> Option<ArticleId> {
        let column = self.columns.get(Role::Link)?;
        let cell = trim(taking.row.get(column));
        let (url, is_whole) = first_url(cell);
        if !is_whole && !is_missing(cell) {
            self.keep_given(taking, column);
        }
        let url = url?;
        if let Some(known) = builder.find_article(url) {
            return Some(known);
        }
        Some(builder.article(Article {
            id: url.to_owned(),
            title: self.word(taking.row, Role::Title).map(str::to_owned),
            url: Some(url.to_owned()),
            publisher,
            published: published(),
            ..Article::default()
        }))
    }

    fn source(&mut self, builder: &mut DatasetBuilder, name: &str) -> (SourceId, Option<ChainId>) {
        if let Some(known) = self.sources.get(name) {
            return *known;
        }
        let source = builder.source(Source {
            id: name.to_owned(),
            name: name.to_owned(),
            short: None,
            kind: None,
            country: None,
            reliability: None,
        });
        let chain = builder.chain(&[source]);
        self.sources.insert(name.to_owned(), (source, chain));
        (source, chain)
    }
}

/// The first address in a cell, and whether it is all of the cell.
fn first_url(cell: &str) -> (Option<&str>, bool) {
    if !(cell.starts_with("http://") || cell.starts_with("https://")) {
        return (None, false);
    }
    let end = cell.find(|c: char| c.is_whitespace() || matches!(c, '|' | '"' | '<' | '>')).unwrap_or(cell.len());
    let url = cell[..end].trim_end_matches([';', ',']);
    (Some(url), url.len() == cell.len())
}
