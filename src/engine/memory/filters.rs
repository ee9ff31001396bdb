//! Filters as bitmaps: each clause is looked up once and kept; composing them is a pass over words of bits.

use std::sync::{Arc, Mutex, PoisonError};

use super::Memory;
use super::bitmap::{Bitmap, Selection};
use crate::claims::Standing;
use crate::data::{Category, Column, Dates, Field, Row};
use crate::engine::Stop;
use crate::engine::clause::{Wanted, number_of};
use crate::query::{Filter, Has};
use crate::time::Span;
use crate::work::Cancel;

/// The most clauses whose bitmaps are kept: 4 MB for a million records.
const CLAUSES_KEPT_MAX: usize = 32;

/// The bitmaps of the clauses that were asked for last, the latest at the end.
#[derive(Debug, Default)]
pub(super) struct Clauses(Mutex<Vec<(Filter, Arc<Bitmap>)>>);

impl Clauses {
    fn get(&self, clause: &Filter) -> Option<Arc<Bitmap>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(own, _)| own == clause)?;
        let entry = kept.remove(place);
        let bits = Arc::clone(&entry.1);
        kept.push(entry);
        Some(bits)
    }

    fn put(&self, clause: &Filter, bits: &Arc<Bitmap>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= CLAUSES_KEPT_MAX {
            kept.remove(0);
        }
        kept.push((clause.clone(), Arc::clone(bits)));
    }
}

impl Memory {
    /// The rows that pass a filter.
    pub(super) fn select(&self, filter: &Filter, cancel: &Cancel) -> Result<Selection, Stop> {
        let len = self.len();
        match filter {
            Filter::All => Ok(Selection::all(len)),
            Filter::And(terms) => {
                let mut both: Option<Bitmap> = None;
                for term in terms {
                    let own = self.select(term, cancel)?;
                    match &mut both {
                        _ if own.is_all() => {}
                        Some(both) => both.and(&own.into_bitmap()),
                        None => both = Some(own.into_bitmap()),
                    }
                }
                Ok(both.map_or_else(|| Selection::all(len), |bits| Selection::of(len, Arc::new(bits))))
            }
            Filter::Or(terms) => {
                let mut any = Bitmap::none(len);
                for term in terms {
                    any.or(&self.select(term, cancel)?.into_bitmap());
                }
                Ok(Selection::of(len, Arc::new(any)))
            }
            Filter::Not(term) => {
                let mut bits = self.select(term, cancel)?.into_bitmap();
                bits.not(len);
                Ok(Selection::of(len, Arc::new(bits)))
            }
            clause => {
                if let Some(bits) = self.clauses.get(clause) {
                    return Ok(Selection::of(len, bits));
                }
                let bits = Arc::new(self.clause(clause, cancel)?);
                self.clauses.put(clause, &bits);
                Ok(Selection::of(len, bits))
            }
        }
    }

    /// The bitmap of a single clause.
    fn clause(&self, clause: &Filter, cancel: &Cancel) -> Result<Bitmap, Stop> {
        let len = self.len();
        let records = &self.facts.dataset.records;
        match clause {
            Filter::Text(text) => self.text_clause(text, cancel),
            Filter::Is(field, values) => self.is_clause(*field, values, cancel),
            Filter::Present(field) => match records.column(*field) {
                Some(column) => Bitmap::of(len, cancel, |row| !column.is_null(row)),
                None => Ok(Bitmap::none(len)),
            },
            Filter::Compare(field, comparison, number) => self.number_clause(*field, cancel, |own| comparison.holds(own, *number)),
            Filter::Between(field, low, high) => self.number_clause(*field, cancel, |own| *low <= own && own <= *high),
            Filter::Has(Has::Quantity) => {
                Bitmap::of(len, cancel, |row| self.standing(row).is_some_and(|standing| standing != Standing::NoFigure))
            }
            Filter::Has(Has::Article) => Bitmap::of(len, cancel, |row| records.article(row as Row).is_some()),
            Filter::Has(Has::Note) => Bitmap::of(len, cancel, |row| records.str(Field::NOTE, row as Row).is_some()),
            Filter::After(field, time) => self.span_clause(*field, cancel, |span| span.start >= *time),
            Filter::Before(field, time) => self.span_clause(*field, cancel, |span| span.end <= *time),
            Filter::During(field, other) => self.span_clause(*field, cancel, |span| span.overlaps(*other)),
            Filter::Known(time) => self.span_clause(Field::PUBLISHED, cancel, |span| span.end <= *time),
            Filter::Rows(rows) => {
                let mut bits = Bitmap::none(len);
                rows.iter().filter(|row| (**row as usize) < len).for_each(|row| bits.insert(*row));
                Ok(bits)
            }
            Filter::All | Filter::And(_) | Filter::Or(_) | Filter::Not(_) => Ok(self.select(clause, cancel)?.into_bitmap()),
        }
    }

    fn is_clause(&self, field: Field, values: &[String], cancel: &Cancel) -> Result<Bitmap, Stop> {
        let len = self.len();
        let dataset = &self.facts.dataset;
        let wanted = Wanted::new(dataset, field, values);
        let mut bits = match dataset.records.column(field) {
            Some(Column::Category(column)) => self.code_clause(column, cancel, |word| wanted.has_word(word))?,
            Some(Column::Text(column)) => Bitmap::of(len, cancel, |row| column.get(row).is_some_and(|text| wanted.has_word(text)))?,
            Some(Column::Number(column)) => {
                Bitmap::of(len, cancel, |row| column.get(row).is_some_and(|own| wanted.numbers.contains(&own)))?
            }
            Some(Column::Dates(column)) => Bitmap::of(len, cancel, |row| {
                column.when(row).is_some_and(|own| wanted.whens.contains(&own))
                    || column.kept_text(row).is_some_and(|text| wanted.has_word(text))
            })?,
            None => Bitmap::none(len),
        };
        wanted.rows.iter().for_each(|row| bits.insert(*row));
        Ok(bits)
    }

    /// The rows whose word passes: each word is asked once.
    pub(super) fn code_clause(&self, column: &Category, cancel: &Cancel, holds: impl Fn(&str) -> bool) -> Result<Bitmap, Stop> {
        let codes: Vec<bool> = (0..column.words()).map(|code| holds(column.value(code))).collect();
        if !codes.contains(&true) {
            return Ok(Bitmap::none(self.len()));
        }
        Bitmap::of_words(self.len(), cancel, |rows, words| {
            let first = rows.start;
            column.for_each_code(rows, |row, code| {
                let holds = code.is_some_and(|code| codes[code as usize]);
                words[(row - first) / 64] |= u64::from(holds) << (row % 64);
            });
        })
    }

    fn number_clause(&self, field: Field, cancel: &Cancel, holds: impl Fn(f64) -> bool + Sync) -> Result<Bitmap, Stop> {
        let len = self.len();
        match self.facts.dataset.records.column(field) {
            Some(Column::Number(column)) => Bitmap::of(len, cancel, |row| column.get(row).is_some_and(&holds)),
            Some(Column::Category(column)) => self.code_clause(column, cancel, |word| number_of(word).is_some_and(&holds)),
            Some(Column::Text(column)) => Bitmap::of(len, cancel, |row| column.get(row).and_then(number_of).is_some_and(&holds)),
            Some(Column::Dates(_)) | None => Ok(Bitmap::none(len)),
        }
    }

    fn span_clause(&self, field: Field, cancel: &Cancel, holds: impl Fn(Span) -> bool + Sync) -> Result<Bitmap, Stop> {
        let column: Option<&Dates> = self.facts.dataset.records.dates(field);
        match column {
            Some(column) => Bitmap::of(self.len(), cancel, |row| column.span(row).is_some_and(&holds)),
            None => Ok(Bitmap::none(self.len())),
        }
    }
}
