//! Takes the rows of a table into a dataset by a mapping: a bad cell never rejects its row, and nothing is dropped without an issue.

mod dates;
mod numbers;

use rustc_hash::FxHashMap;

use self::dates::{Dated, OrderSeen};
use self::numbers::{Number, bounds_issue, bounds_remark};
use super::cells::is_missing;
use super::mapping::{Mapping, Measured, Role};
use super::ucdp;
use crate::data::{
    Article, ArticleId, Basis, ChainId, Credibility, DatasetBuilder, Draft, Field, Issue, IssueKind, Kind, Likelihood, Source, SourceId,
    Status, Vocabulary, measure_from_unit,
};
use crate::time::DateOrder;

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
    orders: FxHashMap<usize, OrderSeen>,
    has_doubts: bool,
    is_ucdp: bool,
}

/// Where the row stands and what else it gives, while it is taken.
struct Taking<'a, 'b> {
    builder: &'b mut DatasetBuilder,
    row: Row<'a>,
    extra: Vec<(Field, &'a str)>,
}

impl Taking<'_, '_> {
    fn issue(&mut self, column: &str, value: &str, kind: IssueKind, message: String, action: &str) {
        self.builder.issue(Issue {
            line: Some(self.row.line),
            column: Some(column.to_owned()),
            value: shown(value),
            kind,
            message,
            action: action.to_owned(),
        });
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
        let is_ucdp = builder.origin.preset.as_deref() == Some(ucdp::PRESET);
        let mut taker = Self {
            columns: Columns::of(&mapping),
            extras: Vec::new(),
            surplus: Vec::new(),
            sources: FxHashMap::default(),
            orders: FxHashMap::default(),
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

    /// Takes the next row of the file, the `file_row`-th of data.
    pub(super) fn take(&mut self, builder: &mut DatasetBuilder, file_row: u32, row: Row<'_>) {
        self.take_all(builder, std::iter::once((file_row, row)));
    }

    /// Takes rows of the file, each with its number among those of data.
    pub(super) fn take_all<'a>(&mut self, builder: &mut DatasetBuilder, rows: impl Iterator<Item = (u32, Row<'a>)>) {
        let mut extra = Vec::with_capacity(self.extras.len() + 2);
        for (file_row, row) in rows {
            builder.at_file_row(file_row);
            extra.clear();
            let mut taking = Taking { builder, row, extra };
            self.take_row(&mut taking, file_row);
            extra = taking.extra;
        }
    }

    fn take_row<'a>(&mut self, taking: &mut Taking<'a, '_>, file_row: u32) {
        let row = taking.row;
        for (column, field, is_numeric) in &self.extras {
            let cell = row.get(*column);
            let is_absent = cell.is_empty() || (*is_numeric && is_missing(cell));
            if !is_absent {
                taking.extra.push((*field, cell));
            }
        }
        self.take_surplus(taking);
        let when = self.when(taking);
        let as_of = self.date(taking, Role::AsOf);
        let mut published = self.date(taking, Role::Published);
        let mut title = self.word(row, Role::Title);
        let composed = self.is_ucdp.then(|| ucdp::title(row, &self.mapping)).flatten();
        title = title.or(composed.as_deref());
        let (chain, article) = if self.is_ucdp {
            let sources = ucdp::sources(row, &self.mapping, taking.builder);
            published = Dated { when: sources.published, keep: None };
            (sources.chain, sources.article)
        } else {
            self.provenance(taking, title, &published)
        };
        let mut draft = Draft {
            id: self.word(row, Role::Id),
            event_id: self.word(row, Role::EventId),
            title,
            when: when.draft(),
            as_of: as_of.draft(),
            published: published.draft(),
            from: self.word(row, Role::From),
            to: self.word(row, Role::To),
            category: self.category(row),
            place: self.place(row),
            lat: self.coordinate(taking, Role::Lat, 90.0),
            lon: self.coordinate(taking, Role::Lon, 180.0),
            hedge: self.word(row, Role::Hedge),
            note: self.word(row, Role::Note),
            chain,
            article,
            ..Draft::default()
        };
        draft.kind = self.vocabulary::<Kind>(taking, Role::Kind);
        draft.status = self.vocabulary::<Status>(taking, Role::Status);
        draft.likelihood = self.vocabulary::<Likelihood>(taking, Role::Likelihood);
        draft.credibility = self.vocabulary::<Credibility>(taking, Role::Credibility);
        if self.columns.get(Role::Metric).is_some() {
            self.tidy(taking, &mut draft);
        }
        self.push(taking, &draft, file_row);
    }

    /// Pushes the record, or one record per metric that the row has a figure for.
    fn push(&self, taking: &mut Taking<'_, '_>, draft: &Draft<'_>, file_row: u32) {
        if let [measured] = self.mapping.measured.as_slice() {
            let number = self.measured(taking, measured);
            let draft = Draft { extra: &taking.extra, ..*draft };
            if number.is_given {
                self.remark_on_bounds(taking.builder, taking.row.line, measured, &number);
                taking.builder.push(&with_figure(&draft, measured, &number));
            } else {
                taking.builder.push(&draft);
            }
            return;
        }
        let figures: Vec<(&Measured, Number)> =
            self.mapping.measured.iter().map(|measured| (measured, self.measured(taking, measured))).filter(|(_, n)| n.is_given).collect();
        let Taking { builder, row, extra } = taking;
        let draft = Draft { extra, ..*draft };
        if figures.is_empty() {
            builder.push(&draft);
            return;
        }
        let (id, event_id) = (draft.id, draft.event_id);
        let row_name = format!("@{}", u64::from(file_row) + 1);
        let shared = event_id.or(id).unwrap_or(&row_name);
        let is_melted = figures.len() > 1;
        let mut own_id = String::new();
        for (place, (measured, number)) in figures.iter().enumerate() {
            let mut record = with_figure(&draft, measured, number);
            record.event_id = if is_melted { Some(shared) } else { event_id };
            if place > 0 {
                own_id.clear();
                own_id.push_str(id.unwrap_or(&row_name));
                own_id.push(':');
                own_id.push_str(&measured.metric);
                record.id = Some(&own_id);
            }
            self.remark_on_bounds(builder, row.line, measured, number);
            builder.at_file_row(file_row);
            builder.push(&record);
        }
    }

    fn remark_on_bounds(&self, builder: &mut DatasetBuilder, line: u64, measured: &Measured, number: &Number) {
        if let Some(kind) = bounds_issue(number) {
            let culprit = if kind == IssueKind::ValueAboveHigh { measured.value } else { measured.low };
            let column = culprit.or(measured.high).unwrap_or(0);
            builder.issue(bounds_remark(line, self.name(column), number, kind));
        }
    }

    fn take_surplus(&mut self, taking: &mut Taking<'_, '_>) {
        let width = self.mapping.columns.len();
        for column in width..taking.row.cells.len() {
            let cell = taking.row.get(column);
            let place = column - width;
            while self.surplus.len() <= place {
                let field = taking.builder.extra_field(&format!("extra {}", self.surplus.len() + 1));
                self.surplus.push(field);
            }
            if !cell.is_empty() {
                taking.extra.push((self.surplus[place], cell));
            }
        }
    }

    /// Keeps the text of a cell that could not be used, in a field beside.
    fn keep_given(&self, taking: &mut Taking<'_, '_>, column: usize) {
        let field = taking.builder.extra_field(&format!("{} (as given)", self.name(column)));
        let cell = taking.row.get(column);
        taking.extra.push((field, cell));
    }

    fn word<'a>(&self, row: Row<'a>, role: Role) -> Option<&'a str> {
        let cell = row.get(self.columns.get(role)?).trim();
        (!is_missing(cell)).then_some(cell)
    }

    fn category<'a>(&self, row: Row<'a>) -> Option<&'a str> {
        let word = self.word(row, Role::Category)?;
        Some(if self.is_ucdp { ucdp::violence(word) } else { word })
    }

    fn place<'a>(&self, row: Row<'a>) -> Option<&'a str> {
        self.word(row, Role::Place).or_else(|| if self.is_ucdp { ucdp::wider_place(row, &self.mapping) } else { None })
    }

    fn vocabulary<V: Vocabulary>(&self, taking: &mut Taking<'_, '_>, role: Role) -> Option<V> {
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

    /// Who said it and where it can be read.
    fn provenance(&mut self, taking: &mut Taking<'_, '_>, title: Option<&str>, published: &Dated) -> (Option<ChainId>, Option<ArticleId>) {
        let row = taking.row;
        let said = self.word(row, Role::Source);
        let source = said.map(|said| {
            let first = said.split(';').map(str::trim).find(|name| !name.is_empty()).unwrap_or(said);
            if first.len() < said.len()
                && let Some(column) = self.columns.get(Role::Source)
            {
                self.keep_given(taking, column);
            }
            self.source(taking.builder, first)
        });
        let article = self.columns.get(Role::Link).and_then(|column| {
            let cell = row.get(column).trim();
            let (url, is_whole) = first_url(cell);
            if !is_whole && !is_missing(cell) {
                self.keep_given(taking, column);
            }
            let url = url?;
            if let Some(known) = taking.builder.find_article(url) {
                return Some(known);
            }
            Some(taking.builder.article(Article {
                id: url.to_owned(),
                title: title.map(str::to_owned),
                url: Some(url.to_owned()),
                publisher: source.map(|(source, _)| source),
                published: published.text(),
                ..Article::default()
            }))
        });
        (source.and_then(|(_, chain)| chain), article)
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

/// The record with the figure of a metric. A total without an as-of date was counted up to the date of the row.
fn with_figure<'a>(draft: &Draft<'a>, measured: &'a Measured, number: &Number) -> Draft<'a> {
    let is_total = measured.basis == Basis::Total && draft.as_of.when.is_none();
    Draft {
        metric: Some(&measured.metric),
        measure: Some(measure_from_unit(measured.unit.as_deref())),
        value: number.value,
        low: number.low,
        high: number.high,
        qualifier: number.qualifier,
        basis: Some(measured.basis),
        unit: measured.unit.as_deref(),
        as_of: if is_total { draft.when } else { draft.as_of },
        ..*draft
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
