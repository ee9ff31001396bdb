//! Does a record pass a filter? Looked up one record at a time.

use crate::data::{Column, Dataset, Field, Row};
use crate::engine::clause::{Wanted, article_contains, number_of, searched_fields, source_contains, word_contains};
use crate::engine::fold::fold;
use crate::query::{Comparison, Filter, Has};
use crate::time::{Span, Time};

/// A filter with its words made ready to compare.
pub(super) enum Test {
    All,
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Text(Vec<Field>, String),
    Is(Field, Wanted),
    Present(Field),
    Compare(Field, Comparison, f64),
    Between(Field, f64, f64),
    Has(Has),
    After(Field, Time),
    Before(Field, Time),
    During(Field, Span),
    Known(Time),
    Rows(Vec<Row>),
}

impl Test {
    pub(super) fn new(dataset: &Dataset, filter: &Filter) -> Self {
        let all = |terms: &[Filter]| terms.iter().map(|term| Self::new(dataset, term)).collect();
        match filter {
            Filter::All => Self::All,
            Filter::And(terms) => Self::And(all(terms)),
            Filter::Or(terms) => Self::Or(all(terms)),
            Filter::Not(term) => Self::Not(Box::new(Self::new(dataset, term))),
            Filter::Text(text) => Self::Text(searched_fields(dataset), fold(text)),
            Filter::Is(field, values) => Self::Is(*field, Wanted::new(dataset, *field, values)),
            Filter::Present(field) => Self::Present(*field),
            Filter::Compare(field, comparison, number) => Self::Compare(*field, *comparison, *number),
            Filter::Between(field, low, high) => Self::Between(*field, *low, *high),
            Filter::Has(has) => Self::Has(*has),
            Filter::After(field, time) => Self::After(*field, *time),
            Filter::Before(field, time) => Self::Before(*field, *time),
            Filter::During(field, span) => Self::During(*field, *span),
            Filter::Known(time) => Self::Known(*time),
            Filter::Rows(rows) => Self::Rows(rows.clone()),
        }
    }
}

/// Does a record pass? Clauses on a value that a record does not have do not hold.
pub(super) fn passes(dataset: &Dataset, test: &Test, row: Row) -> bool {
    let records = &dataset.records;
    let span = |field: Field| records.span(field, row);
    match test {
        Test::All => true,
        Test::And(terms) => terms.iter().all(|term| passes(dataset, term, row)),
        Test::Or(terms) => terms.iter().any(|term| passes(dataset, term, row)),
        Test::Not(term) => !passes(dataset, term, row),
        Test::Text(fields, text) => contains(dataset, fields, row, text),
        Test::Is(field, wanted) => is(dataset, *field, row, wanted),
        Test::Present(field) => records.column(*field).is_some_and(|column| !column.is_null(row as usize)),
        Test::Compare(field, comparison, number) => number_in(dataset, *field, row).is_some_and(|own| comparison.holds(own, *number)),
        Test::Between(field, low, high) => number_in(dataset, *field, row).is_some_and(|own| *low <= own && own <= *high),
        Test::Has(Has::Quantity) => records.quantity(row).is_some_and(|quantity| quantity.has_figure()),
        Test::Has(Has::Article) => records.article(row).is_some(),
        Test::Has(Has::Note) => records.str(Field::NOTE, row).is_some(),
        Test::After(field, time) => span(*field).is_some_and(|span| span.start >= *time),
        Test::Before(field, time) => span(*field).is_some_and(|span| span.end <= *time),
        Test::During(field, other) => span(*field).is_some_and(|span| span.overlaps(*other)),
        Test::Known(time) => span(Field::PUBLISHED).is_some_and(|span| span.end <= *time),
        Test::Rows(rows) => rows.contains(&row),
    }
}

fn contains(dataset: &Dataset, fields: &[Field], row: Row, folded: &str) -> bool {
    let in_field = |field: &Field| match dataset.records.column(*field) {
        Some(Column::Category(column)) => column.get(row as usize).is_some_and(|value| word_contains(*field, value, folded)),
        Some(Column::Text(column)) => column.get(row as usize).is_some_and(|text| fold(text).contains(folded)),
        Some(Column::Number(_) | Column::Dates(_)) | None => false,
    };
    fields.iter().any(in_field)
        || dataset.chain_sources(row).iter().any(|source| source_contains(dataset, source.0 as usize, folded))
        || dataset.records.article(row).is_some_and(|article| article_contains(dataset, article.0 as usize, folded))
}

fn is(dataset: &Dataset, field: Field, row: Row, wanted: &Wanted) -> bool {
    let place = row as usize;
    match dataset.records.column(field) {
        Some(Column::Category(column)) => column.get(place).is_some_and(|word| wanted.has_word(word)),
        Some(Column::Text(column)) => column.get(place).is_some_and(|text| wanted.has_word(text)) || wanted.rows.contains(&row),
        Some(Column::Number(column)) => column.get(place).is_some_and(|own| wanted.numbers.contains(&own)),
        Some(Column::Dates(column)) => {
            column.kept_text(place).is_some_and(|text| wanted.has_word(text))
                || column.when(place).is_some_and(|own| wanted.whens.contains(&own))
        }
        None => wanted.rows.contains(&row),
    }
}

/// The number of a row in a number field, or the number that a word or text stands for.
fn number_in(dataset: &Dataset, field: Field, row: Row) -> Option<f64> {
    match dataset.records.column(field)? {
        Column::Number(column) => column.get(row as usize),
        Column::Category(column) => column.get(row as usize).and_then(number_of),
        Column::Text(column) => column.get(row as usize).and_then(number_of),
        Column::Dates(_) => None,
    }
}
