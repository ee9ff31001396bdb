//! The records of a dataset: columns by field, and typed access to the model's own.

use std::collections::BTreeMap;
use std::ops::Range;

use arrow_buffer::ScalarBuffer;

use super::lines::Lines;
use super::places::FileRows;
use super::{
    ArticleId, Basis, Category, ChainId, Codes, Column, Credibility, Dates, Field, FieldInfo, FieldKind, Kind, Likelihood, Measure, Number,
    Qualifier, Quantity, Status, Text, Vocabulary,
};
use crate::time::{Span, When};

/// The number of a record in its dataset: its rank by start.
pub type Row = u32;

/// Columns by field. Rows are sorted by start; undated rows come last.
#[derive(Clone, Debug, Default)]
pub struct Records {
    pub(super) len: usize,
    pub(super) dated: usize,
    pub(super) own: Vec<Option<Column>>,
    pub(super) extra: Vec<(FieldInfo, Column)>,
    /// The place of each row where it was read; `None` when rows are places.
    pub(super) order: Option<ScalarBuffer<u32>>,
    /// The row of the file of each place.
    pub(super) file_rows: FileRows,
    /// The line of each row of the file, where it has some.
    pub(super) lines: Lines,
    pub(super) chains: Option<Codes>,
    pub(super) articles: Option<Codes>,
    /// For each repeated id: its rows in file order.
    pub(super) repeats: BTreeMap<String, Vec<Row>>,
}

impl Records {
    /// Number of records.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of records with an event date; they are the rows `0..dated()`.
    pub fn dated(&self) -> usize {
        self.dated
    }

    /// The column of a field, when any record has it.
    pub fn column(&self, field: Field) -> Option<&Column> {
        if field.is_extra() {
            self.extra.get(usize::from(field.0 - Field::EXTRA_FIRST)).map(|extra| &extra.1)
        } else {
            self.own.get(usize::from(field.0)).and_then(Option::as_ref)
        }
    }

    /// The column of a field, if it is a category.
    pub fn category(&self, field: Field) -> Option<&Category> {
        match self.column(field) {
            Some(Column::Category(column)) => Some(column),
            _ => None,
        }
    }

    /// The column of a field, if it is text.
    pub fn text(&self, field: Field) -> Option<&Text> {
        match self.column(field) {
            Some(Column::Text(column)) => Some(column),
            _ => None,
        }
    }

    /// The column of a field, if it is numbers.
    pub fn number(&self, field: Field) -> Option<&Number> {
        match self.column(field) {
            Some(Column::Number(column)) => Some(column),
            _ => None,
        }
    }

    /// The column of a field, if it is dates.
    pub fn dates(&self, field: Field) -> Option<&Dates> {
        match self.column(field) {
            Some(Column::Dates(column)) => Some(column),
            _ => None,
        }
    }

    /// The file's further columns.
    pub fn extra_fields(&self) -> impl Iterator<Item = &FieldInfo> {
        self.extra.iter().map(|extra| &extra.0)
    }

    /// Every field that some record has: the model's own, then the file's.
    pub fn fields(&self) -> Vec<FieldInfo> {
        let own = Field::OWN.iter().filter_map(|(field, key, label, _)| {
            let column = self.column(*field)?;
            Some(FieldInfo {
                field: *field,
                key: (*key).to_owned(),
                label: (*label).to_owned(),
                kind: kind_of(column),
                present: column.present() as u64,
                distinct: distinct_of(column),
            })
        });
        own.chain(self.extra.iter().map(|extra| extra.0.clone())).collect()
    }

    /// The word or text of a row in a category or text field.
    pub fn str(&self, field: Field, row: Row) -> Option<&str> {
        match self.column(field)? {
            Column::Category(column) => column.get(row as usize),
            Column::Text(column) => column.get(row as usize),
            Column::Number(_) | Column::Dates(_) => None,
        }
    }

    /// The value of a row in any field, as text; a date as it was written.
    pub fn display(&self, field: Field, row: Row) -> Option<String> {
        match self.column(field)? {
            Column::Category(column) => column.get(row as usize).map(str::to_owned),
            Column::Text(column) => column.get(row as usize).map(str::to_owned),
            Column::Number(column) => column.get(row as usize).map(|number| number.to_string()),
            Column::Dates(column) => column
                .kept_text(row as usize)
                .map(str::to_owned)
                .or_else(|| column.when(row as usize).map(|when| crate::time::edtf_from_when(&when))),
        }
    }

    fn word<V: Vocabulary>(&self, field: Field, row: Row) -> Option<V> {
        self.category(field).and_then(|column| column.code(row as usize)).and_then(V::from_code)
    }

    fn float(&self, field: Field, row: Row) -> Option<f64> {
        self.number(field).and_then(|column| column.get(row as usize))
    }

    /// Event or claim.
    pub fn kind(&self, row: Row) -> Kind {
        self.word(Field::KIND, row).unwrap_or(Kind::Event)
    }

    /// The title.
    pub fn title(&self, row: Row) -> Option<&str> {
        self.str(Field::TITLE, row)
    }

    /// A date of a row.
    pub fn when(&self, field: Field, row: Row) -> Option<When> {
        self.dates(field).and_then(|column| column.when(row as usize))
    }

    /// The span of a date of a row.
    pub fn span(&self, field: Field, row: Row) -> Option<Span> {
        self.dates(field).and_then(|column| column.span(row as usize))
    }

    /// How the record stands; reported when nothing says otherwise.
    pub fn status(&self, row: Row) -> Status {
        self.word(Field::STATUS, row).unwrap_or(Status::Reported)
    }

    /// The ICD 203 band.
    pub fn likelihood(&self, row: Row) -> Option<Likelihood> {
        self.word(Field::LIKELIHOOD, row)
    }

    /// The Admiralty grade of the record.
    pub fn credibility(&self, row: Row) -> Option<Credibility> {
        self.word(Field::CREDIBILITY, row)
    }

    /// The quantity; `None` when the record has no metric.
    pub fn quantity(&self, row: Row) -> Option<Quantity<'_>> {
        Some(Quantity {
            metric: self.str(Field::METRIC, row)?,
            item: self.str(Field::ITEM, row),
            measure: self.word(Field::MEASURE, row).unwrap_or(Measure::Count),
            value: self.float(Field::VALUE, row),
            low: self.float(Field::LOW, row),
            high: self.float(Field::HIGH, row),
            qualifier: self.word::<Qualifier>(Field::QUALIFIER, row),
            basis: self.word::<Basis>(Field::BASIS, row),
            unit: self.str(Field::UNIT, row),
        })
    }

    /// The chain of a row.
    pub fn chain(&self, row: Row) -> Option<ChainId> {
        self.chains.as_ref()?.code(row as usize).map(ChainId)
    }

    /// Visits the chains of a range of rows.
    pub fn for_each_chain(&self, rows: Range<usize>, mut visit: impl FnMut(usize, Option<ChainId>)) {
        if let Some(chains) = &self.chains {
            chains.for_each(rows, |row, chain| visit(row, chain.map(ChainId)));
        }
    }

    /// The article of a row.
    pub fn article(&self, row: Row) -> Option<ArticleId> {
        self.articles.as_ref()?.code(row as usize).map(ArticleId)
    }

    /// The record's place in the file, from 1.
    pub fn file_row(&self, row: Row) -> u64 {
        let place = self.order.as_ref().and_then(|order| order.get(row as usize)).copied().unwrap_or(row);
        u64::from(self.file_rows.get(place)) + 1
    }

    /// The line on which a row of the file, from 1, starts; of a workbook or database its row there. `None` where it is not known.
    pub fn line_of_file_row(&self, file_row: u64) -> Option<u64> {
        file_row.checked_sub(1).and_then(|row| u32::try_from(row).ok()).and_then(|row| self.lines.get(row))
    }

    /// The record of a row of the file, from 1; the first one where it became several. Looks at every record.
    pub fn row_of_file_row(&self, file_row: u64) -> Option<Row> {
        (0..self.len as Row).find(|row| self.file_row(*row) == file_row)
    }

    /// Where a row stood when the file was read: blocks of the file one behind the other, not always in their order.
    pub fn place(&self, row: usize) -> usize {
        self.order.as_ref().and_then(|order| order.get(row)).map_or(row, |place| *place as usize)
    }

    /// The places of some of the records, counted in the order of the file; `None` where rows of the file hold several records
    /// or stand in too many pieces.
    pub fn places_in_file_order(&self, records: Range<usize>) -> Option<Vec<Range<usize>>> {
        self.file_rows.places_of(records)
    }

    /// The id by which the record is addressed: as given, `ID#n` for the n-th repeat, `@row` without one.
    pub fn address(&self, row: Row) -> String {
        match self.str(Field::ID, row) {
            None => format!("@{}", self.file_row(row)),
            Some(id) => match self.repeats.get(id).and_then(|rows| rows.iter().position(|other| *other == row)) {
                Some(place) if place > 0 => format!("{id}#{}", place + 1),
                _ => id.to_owned(),
            },
        }
    }

    /// What stands behind the number of its own row in a name that was made of that, as `:wounded` in `@3:wounded`; `None` for a name
    /// that the file gives.
    pub(super) fn behind_row_name<'t>(&self, name: &'t str, row: Row) -> Option<&'t str> {
        let rest = name.strip_prefix('@')?.strip_prefix(self.file_row(row).to_string().as_str())?;
        (rest.is_empty() || rest.starts_with(':')).then_some(rest)
    }

    /// The row of an address.
    pub fn row_of_id(&self, address: &str) -> Option<Row> {
        let ids = self.text(Field::ID);
        let exact = ids.and_then(|ids| (0..self.len).find(|row| ids.get(*row) == Some(address)));
        if let Some(row) = exact {
            return Some(self.repeats.get(address).and_then(|rows| rows.first().copied()).unwrap_or(row as Row));
        }
        if let Some((id, place)) = address.rsplit_once('#') {
            let place: usize = place.parse().ok()?;
            return self.repeats.get(id).and_then(|rows| rows.get(place.checked_sub(1)?).copied());
        }
        let file_row: u64 = address.strip_prefix('@')?.parse().ok()?;
        (0..self.len as Row).find(|row| self.file_row(*row) == file_row && self.str(Field::ID, *row).is_none())
    }
}

/// What a column holds.
pub(super) fn kind_of(column: &Column) -> FieldKind {
    match column {
        Column::Category(_) => FieldKind::Category,
        Column::Text(_) => FieldKind::Text,
        Column::Number(_) => FieldKind::Number,
        Column::Dates(_) => FieldKind::Date,
    }
}

/// How many words a category has.
pub(super) fn distinct_of(column: &Column) -> Option<u32> {
    match column {
        Column::Category(category) => Some(category.words()),
        Column::Text(_) | Column::Number(_) | Column::Dates(_) => None,
    }
}
