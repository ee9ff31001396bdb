//! Takes the rows of a table into a dataset by a mapping: a bad cell never rejects its row, and nothing is dropped without an issue.

use rustc_hash::FxHashMap;

use super::cells::{self, DateFault, DateStyle, NumberFault, is_missing};
use super::mapping::{Mapping, Role};
use super::ucdp;
use crate::data::{
    Article, ArticleId, Basis, ChainId, Credibility, DatasetBuilder, DateDraft, Draft, Field, Issue, IssueKind, Kind, Likelihood, Measure,
    Qualifier, Source, SourceId, Status, Vocabulary, measure_from_unit,
};
use crate::time::{DAY_US, DateOrder, Flags, Precision, Span, When, edtf_from_when};

/// How much of a cell an issue shows.
const SHOWN_CHARS_MAX: usize = 120;

/// A row of text cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    /// The line on which it starts.
    pub(super) line: u64,
    /// All cells in one text.
    pub(super) text: &'a str,
    /// Where each cell ends.
    pub(super) ends: &'a [u32],
}

impl<'a> Row<'a> {
    /// A cell; empty beyond the last one.
    pub(super) fn get(self, index: usize) -> &'a str {
        let end = self.ends.get(index).map_or(0, |end| *end as usize);
        let start = if index == 0 { 0 } else { self.ends.get(index - 1).map_or(0, |end| *end as usize) };
        self.text.get(start..end).unwrap_or_default()
    }
}

/// The order of day and month was assumed wrongly; the file must be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reorder {
    pub(super) column: usize,
    pub(super) order: DateOrder,
}

/// What was seen of the order of day and month in a column of dates.
#[derive(Clone, Debug, Default)]
struct OrderSeen {
    ambiguous: u64,
    first: Option<(u64, String)>,
    two_digit: u64,
    has_against: bool,
    has_for: bool,
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
    is_ucdp: bool,
    rows: u64,
}

/// A number with its bounds, as one metric of a row has it.
#[derive(Clone, Copy, Debug, Default)]
struct Number {
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    qualifier: Option<Qualifier>,
    is_given: bool,
}

/// A date in the making.
#[derive(Clone, Debug, Default)]
struct Dated {
    when: Option<When>,
    keep: Option<String>,
}

impl Dated {
    fn draft(&self) -> DateDraft<'_> {
        DateDraft { when: self.when, keep: self.keep.as_deref() }
    }

    /// The text for an article.
    fn text(&self) -> Option<(String, Option<When>)> {
        let text = self.keep.clone().or_else(|| self.when.as_ref().map(edtf_from_when))?;
        Some((text, self.when))
    }
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
            is_ucdp,
            rows: 0,
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

    /// How many rows were taken.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Does the date of the row say nothing?
    pub(super) fn is_undated(&self, cell: impl Fn(usize) -> bool) -> bool {
        self.columns.get(Role::When).is_some_and(cell)
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

    /// Takes a row.
    pub(super) fn take(&mut self, builder: &mut DatasetBuilder, row: Row<'_>) -> Result<(), Reorder> {
        let file_row = u32::try_from(self.rows).unwrap_or(u32::MAX);
        self.rows += 1;
        let mut taking = Taking { builder, row, extra: Vec::with_capacity(self.extras.len() + 2) };
        for (column, field, is_numeric) in &self.extras {
            let cell = row.get(*column);
            if !cell.is_empty() && !(*is_numeric && is_missing(cell)) {
                taking.extra.push((*field, cell));
            }
        }
        self.take_surplus(&mut taking);
        let when = self.when(&mut taking)?;
        let as_of = self.date(&mut taking, Role::AsOf)?;
        let mut published = self.date(&mut taking, Role::Published)?;
        let mut title = self.word(row, Role::Title);
        let composed = self.is_ucdp.then(|| ucdp::title(row, &self.mapping)).flatten();
        title = title.or(composed.as_deref());
        let (chain, article) = if self.is_ucdp {
            let sources = ucdp::sources(row, &self.mapping, taking.builder);
            published = Dated { when: sources.published, keep: None };
            (sources.chain, sources.article)
        } else {
            self.provenance(&mut taking, title, &published)
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
            lat: self.coordinate(&mut taking, Role::Lat, 90.0),
            lon: self.coordinate(&mut taking, Role::Lon, 180.0),
            hedge: self.word(row, Role::Hedge),
            note: self.word(row, Role::Note),
            chain,
            article,
            ..Draft::default()
        };
        draft.kind = self.vocabulary::<Kind>(&mut taking, Role::Kind);
        draft.status = self.vocabulary::<Status>(&mut taking, Role::Status);
        draft.likelihood = self.vocabulary::<Likelihood>(&mut taking, Role::Likelihood);
        draft.credibility = self.vocabulary::<Credibility>(&mut taking, Role::Credibility);
        if self.columns.get(Role::Metric).is_some() {
            self.tidy(&mut taking, &mut draft);
        }
        self.push(taking, draft, file_row);
        Ok(())
    }

    /// Pushes the record, or one record per metric that the row has a figure for.
    fn push(&self, mut taking: Taking<'_, '_>, draft: Draft<'_>, file_row: u32) {
        let figures: Vec<(usize, Number)> = (0..self.mapping.measured.len())
            .map(|index| (index, self.measured(&mut taking, index)))
            .filter(|(_, number)| number.is_given)
            .collect();
        let Taking { builder, row, extra } = taking;
        let draft = Draft { extra: &extra, ..draft };
        if figures.is_empty() {
            builder.at_file_row(file_row);
            builder.push(&draft);
            return;
        }
        let (id, event_id, as_of) = (draft.id, draft.event_id, draft.as_of);
        let row_name = format!("@{}", u64::from(file_row) + 1);
        let shared = event_id.or(id).unwrap_or(&row_name);
        let is_melted = figures.len() > 1;
        let mut own_id = String::new();
        for (place, (index, number)) in figures.iter().enumerate() {
            let measured = &self.mapping.measured[*index];
            let mut record = Draft {
                metric: Some(&measured.metric),
                measure: Some(measure_from_unit(measured.unit.as_deref())),
                value: number.value,
                low: number.low,
                high: number.high,
                qualifier: number.qualifier,
                basis: Some(measured.basis),
                unit: measured.unit.as_deref(),
                event_id: if is_melted { Some(shared) } else { event_id },
                ..draft
            };
            if measured.basis == Basis::Total && as_of.when.is_none() {
                record.as_of = draft.when;
            }
            if place > 0 {
                own_id.clear();
                own_id.push_str(id.unwrap_or(&row_name));
                own_id.push(':');
                own_id.push_str(&measured.metric);
                record.id = Some(&own_id);
            }
            if let Some(kind) = bounds_issue(number) {
                let culprit = if kind == IssueKind::ValueAboveHigh { measured.value } else { measured.low };
                let column = culprit.or(measured.high).unwrap_or(0);
                builder.issue(bounds_remark(row.line, self.name(column), number, kind));
            }
            builder.at_file_row(file_row);
            builder.push(&record);
        }
    }

    fn take_surplus(&mut self, taking: &mut Taking<'_, '_>) {
        let width = self.mapping.columns.len();
        for column in width..taking.row.ends.len() {
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

    fn number(&self, taking: &mut Taking<'_, '_>, column: usize) -> Number {
        let cell = taking.row.get(column).trim();
        if is_missing(cell) && !cell.eq_ignore_ascii_case("nan") {
            return Number::default();
        }
        let fault = match cells::figure(cell, self.mapping.columns[column].numbers) {
            Ok(figure) if figure.value == Some(-99.0) => return Number::default(),
            Ok(figure) => {
                return Number { value: figure.value, low: figure.low, high: figure.high, qualifier: figure.qualifier, is_given: true };
            }
            Err(fault) => fault,
        };
        self.number_issue(taking, column, fault);
        Number { is_given: true, ..Number::default() }
    }

    fn number_issue(&self, taking: &mut Taking<'_, '_>, column: usize, fault: NumberFault) {
        let (kind, message) = match fault {
            NumberFault::NotANumber => (IssueKind::InvalidNumber, "not a number"),
            NumberFault::NotFinite => (IssueKind::NotFinite, "not a finite number"),
        };
        taking.issue(self.name(column), taking.row.get(column), kind, message.to_owned(), "left empty; the text is kept beside");
        self.keep_given(taking, column);
    }

    /// The figure of a metric with columns of its own.
    fn measured(&self, taking: &mut Taking<'_, '_>, index: usize) -> Number {
        let measured = &self.mapping.measured[index];
        let mut read = |column: Option<usize>| column.map(|column| self.number(taking, column)).unwrap_or_default();
        let (value, low, high) = (read(measured.value), read(measured.low), read(measured.high));
        Number {
            value: value.value,
            low: low.value.or(value.low),
            high: high.value.or(value.high),
            qualifier: value.qualifier,
            is_given: value.is_given || low.is_given || high.is_given,
        }
    }

    fn coordinate(&self, taking: &mut Taking<'_, '_>, role: Role, most: f64) -> Option<f64> {
        let column = self.columns.get(role)?;
        let cell = taking.row.get(column).trim();
        if is_missing(cell) {
            return None;
        }
        match cells::number(cell, self.mapping.columns[column].numbers) {
            Ok(number) if number.abs() <= most => Some(number),
            Ok(_) => {
                let message = format!("beyond {most} degrees");
                taking.issue(self.name(column), cell, IssueKind::InvalidCoordinate, message, "left empty; the text is kept beside");
                self.keep_given(taking, column);
                None
            }
            Err(fault) => {
                self.number_issue(taking, column, fault);
                None
            }
        }
    }

    /// The quantity of a table that has one column each for metric, value, unit …
    fn tidy<'a>(&self, taking: &mut Taking<'a, '_>, draft: &mut Draft<'a>) {
        let row = taking.row;
        draft.metric = self.word(row, Role::Metric);
        draft.item = self.word(row, Role::Item);
        draft.unit = self.word(row, Role::Unit);
        draft.measure = self.vocabulary::<Measure>(taking, Role::Measure).or_else(|| draft.metric.map(|_| measure_from_unit(draft.unit)));
        let mut read = |role: Role| self.columns.get(role).map(|column| self.number(taking, column)).unwrap_or_default();
        let (value, low, high) = (read(Role::Value), read(Role::Low), read(Role::High));
        (draft.value, draft.low, draft.high) = (value.value, low.value.or(value.low), high.value.or(value.high));
        draft.qualifier = self.vocabulary::<Qualifier>(taking, Role::Qualifier).or(value.qualifier);
        draft.basis = self.vocabulary::<Basis>(taking, Role::Basis);
        let number = Number { value: draft.value, low: draft.low, high: draft.high, ..Number::default() };
        if let Some(kind) = bounds_issue(&number) {
            let remark = bounds_remark(row.line, if kind == IssueKind::ValueAboveHigh { "value" } else { "low" }, &number, kind);
            taking.builder.issue(remark);
        }
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

    fn date(&mut self, taking: &mut Taking<'_, '_>, role: Role) -> Result<Dated, Reorder> {
        match self.columns.get(role) {
            None => Ok(Dated::default()),
            Some(column) => self.date_in(taking, column).map(|date| date.unwrap_or_default()),
        }
    }

    /// The date of a cell; `None` when the cell says that there is none. What cannot be read keeps its text.
    fn date_in(&mut self, taking: &mut Taking<'_, '_>, column: usize) -> Result<Option<Dated>, Reorder> {
        let cell = taking.row.get(column).trim();
        if is_missing(cell) {
            return Ok(None);
        }
        let style = self.mapping.columns[column].dates;
        if let DateStyle::Text(order) = style
            && !cell.as_bytes().get(4).is_some_and(|b| *b == b'-')
        {
            self.see_order(column, cell, order)?;
        }
        match cells::date(cell, style) {
            Ok(read) => {
                if read.is_ambiguous || read.has_two_digit_year {
                    let seen = self.orders.entry(column).or_default();
                    seen.ambiguous += u64::from(read.is_ambiguous);
                    seen.two_digit += u64::from(read.has_two_digit_year);
                    seen.first.get_or_insert_with(|| (taking.row.line, cell.to_owned()));
                }
                Ok(Some(Dated { when: Some(read.when), keep: read.keeps_text.then(|| cell.to_owned()) }))
            }
            Err(fault) => {
                let (kind, message) = match fault {
                    DateFault::Invalid(reason) => (IssueKind::InvalidDate, reason),
                    DateFault::OutOfRange => (IssueKind::DateOutOfRange, "beyond the years that dates can have".to_owned()),
                };
                taking.issue(self.name(column), cell, kind, message, "undated; the text is kept");
                Ok(Some(Dated { when: None, keep: Some(cell.to_owned()) }))
            }
        }
    }

    /// A column whose order was only assumed is decided by the first date that tells; when that comes late, the file is read again.
    fn see_order(&mut self, column: usize, cell: &str, order: DateOrder) -> Result<(), Reorder> {
        let Some(evidence) = cells::order_evidence(cell) else { return Ok(()) };
        let is_known = self.mapping.columns[column].is_order_known;
        let seen = self.orders.entry(column).or_default();
        if evidence == order {
            seen.has_for = true;
        } else if !is_known && !seen.has_for {
            return Err(Reorder { column, order: evidence });
        } else {
            seen.has_against = true;
        }
        Ok(())
    }

    /// The event date: of one column, of a first and a last day, of a date and a time, or of year, month and day.
    fn when(&mut self, taking: &mut Taking<'_, '_>) -> Result<Dated, Reorder> {
        let Some(column) = self.columns.get(Role::When) else {
            let dated = self.when_from_parts(taking);
            return if dated.when.is_none() && self.columns.get(Role::Year).is_none() {
                self.date(taking, Role::Published)
            } else {
                Ok(dated)
            };
        };
        let start = self.date_in(taking, column)?;
        let end = match self.columns.get(Role::End) {
            Some(column) => self.date_in(taking, column)?.map(|end| (column, end)),
            None => None,
        };
        Ok(match (start, end) {
            (None, None) => Dated::default(),
            (Some(start), None) => self.with_time(taking, start),
            (None, Some((_, end))) => ending(end),
            (Some(start), Some((end_column, end))) => self.interval(taking, start, end, end_column),
        })
    }

    fn interval(&self, taking: &mut Taking<'_, '_>, start: Dated, end: Dated, end_column: usize) -> Dated {
        let (Some(first), Some(last)) = (start.when, end.when) else {
            self.keep_given(taking, end_column);
            return if start.when.is_some() || start.keep.is_some() { start } else { end };
        };
        if last.span.end <= first.span.start {
            let value = taking.row.get(end_column);
            taking.issue(
                self.name(end_column),
                value,
                IssueKind::ReversedDates,
                "lies before the start".to_owned(),
                "only the start is used; the text is kept beside",
            );
            self.keep_given(taking, end_column);
            return start;
        }
        if first.span == last.span {
            return self.with_time(taking, start);
        }
        let keep = (start.keep.is_some() || end.keep.is_some()).then(|| {
            let text = |dated: &Dated| dated.keep.clone().or_else(|| dated.when.as_ref().map(edtf_from_when)).unwrap_or_default();
            format!("{}/{}", text(&start), text(&end))
        });
        let span = Span::new(first.span.start, last.span.end);
        let flags = first.flags.with(last.flags).with(Flags::INTERVAL);
        let mut when = When { span, precision: first.precision.min(last.precision), flags };
        if self.is_ucdp
            && let Some(vague) = ucdp::vague(taking.row, &self.mapping, span)
        {
            when = vague;
        }
        Dated { when: Some(when), keep }
    }

    /// A day with the time of day of another column.
    fn with_time(&self, taking: &mut Taking<'_, '_>, mut dated: Dated) -> Dated {
        let Some(column) = self.columns.get(Role::Time) else { return dated };
        let cell = taking.row.get(column).trim();
        let Some(when) = dated.when.filter(|when| when.precision == Precision::Day && when.span.width_us() == Some(DAY_US)) else {
            if !is_missing(cell) {
                self.keep_given(taking, column);
            }
            return dated;
        };
        if is_missing(cell) {
            return dated;
        }
        if let Some((from_us, width_us, precision)) = cells::time_of_day(cell) {
            let start = when.span.start.plus_us(from_us);
            dated.when = Some(When { span: Span::new(start, start.plus_us(width_us)), precision, flags: when.flags });
            dated.keep = None;
        } else {
            taking.issue(
                self.name(column),
                cell,
                IssueKind::InvalidDate,
                "not a time of day".to_owned(),
                "only the day is used; the text is kept beside",
            );
            self.keep_given(taking, column);
        }
        dated
    }

    fn when_from_parts(&self, taking: &mut Taking<'_, '_>) -> Dated {
        let Some(year_column) = self.columns.get(Role::Year) else { return Dated::default() };
        let part = |role: Role| self.columns.get(role).map(|column| taking.row.get(column).trim()).filter(|cell| !is_missing(cell));
        let (Some(year), month, day) = (part(Role::Year), part(Role::Month), part(Role::Day)) else { return Dated::default() };
        let whole = |cell: &str| cell.strip_suffix(".0").unwrap_or(cell).parse::<i64>().ok();
        let month_number = month.and_then(|month| whole(month).or_else(|| month_of_name(month)));
        let day_number = day.and_then(whole);
        let text = match (whole(year), month_number.filter(|month| *month > 0), day_number.filter(|day| *day > 0)) {
            (None, ..) => None,
            (Some(year), None, _) => Some(year_text(year)),
            (Some(year), Some(month), None) => Some(format!("{}-{month:02}", year_text(year))),
            (Some(year), Some(month), Some(day)) => Some(format!("{}-{month:02}-{day:02}", year_text(year))),
        };
        let is_understood = (month.is_none() || month_number.is_some()) && (day.is_none() || day_number.is_some());
        if let Some(when) = text.as_ref().filter(|_| is_understood).and_then(|text| crate::time::parse_edtf(text).ok()) {
            let dated = Dated { when: Some(when), keep: None };
            return self.with_time(taking, dated);
        }
        let given = [Some(year), month, day].into_iter().flatten().collect::<Vec<_>>().join("-");
        taking.issue(
            self.name(year_column),
            &given,
            IssueKind::InvalidDate,
            "year, month and day make no date".to_owned(),
            "undated; the text is kept",
        );
        Dated { when: None, keep: Some(given) }
    }

    /// Says what had to be assumed about whole columns.
    pub(super) fn finish(&self, builder: &mut DatasetBuilder) {
        let mut columns: Vec<(&usize, &OrderSeen)> = self.orders.iter().collect();
        columns.sort_by_key(|(column, _)| **column);
        for (column, seen) in columns {
            let map = &self.mapping.columns[*column];
            let (line, value) = seen.first.clone().map_or((None, String::new()), |(line, value)| (Some(line), value));
            let mut say = |message: String, action: &str| {
                builder.issue(Issue {
                    line,
                    column: Some(map.name.clone()),
                    value: shown(&value),
                    kind: IssueKind::AmbiguousDate,
                    message,
                    action: action.to_owned(),
                });
            };
            let is_month_first = map.dates == DateStyle::Text(DateOrder::MonthFirst);
            let order = if is_month_first { "month first" } else { "day first" };
            if seen.has_against {
                say(
                    format!(
                        "some dates of the column can only be read as day first, others as month first; {} could be either",
                        seen.ambiguous
                    ),
                    &format!("{order} was assumed for those"),
                );
            } else if seen.ambiguous > 0 && !map.is_order_known && !seen.has_for {
                say(
                    format!("no date of the column tells day and month apart; {} could be either", seen.ambiguous),
                    &format!("{order} was assumed"),
                );
            }
            if seen.two_digit > 0 {
                say(format!("{} dates have a year of two digits", seen.two_digit), "1970 to 2069 was assumed");
            }
        }
    }
}

/// A date of which only the end is known.
fn ending(end: Dated) -> Dated {
    let when = end.when.map(|when| When {
        span: Span::new(crate::time::Time::OPEN_START, when.span.end),
        precision: when.precision,
        flags: when.flags.with(Flags::INTERVAL).with(Flags::UNKNOWN_END),
    });
    Dated { when, keep: end.keep.map(|text| format!("/{text}")) }
}

fn year_text(year: i64) -> String {
    if (0..=9_999).contains(&year) { format!("{year:04}") } else { year.to_string() }
}

fn month_of_name(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = text.to_lowercase();
    MONTHS.iter().position(|month| lower.starts_with(month)).map(|place| place as i64 + 1)
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

/// Which of the bounds are out of order.
fn bounds_issue(number: &Number) -> Option<IssueKind> {
    let above = |one: Option<f64>, other: Option<f64>| one.zip(other).is_some_and(|(one, other)| one > other);
    if above(number.low, number.value) {
        Some(IssueKind::LowAboveValue)
    } else if above(number.value, number.high) {
        Some(IssueKind::ValueAboveHigh)
    } else if above(number.low, number.high) {
        Some(IssueKind::LowAboveHigh)
    } else {
        None
    }
}

fn bounds_remark(line: u64, column: &str, number: &Number, kind: IssueKind) -> Issue {
    let text = |number: Option<f64>| number.map_or_else(|| "nothing".to_owned(), |number| number.to_string());
    let (value, low, high) = (text(number.value), text(number.low), text(number.high));
    Issue {
        line: Some(line),
        column: Some(column.to_owned()),
        value: match kind {
            IssueKind::ValueAboveHigh => value.clone(),
            _ => low.clone(),
        },
        kind,
        message: format!("low {low}, best {value}, high {high}"),
        action: "kept as given".to_owned(),
    }
}
