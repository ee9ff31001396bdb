//! `Query::Facet`, `Query::Histogram` and `Query::Rows`: counts by code, and only the asked page of the table in order.

use std::cmp::Ordering;

use super::Memory;
use super::bitmap::{Selection, scan};
use crate::data::{Column, Field, Row};
use crate::engine::Stop;
use crate::engine::clause::word_contains;
use crate::engine::fold::fold;
use crate::engine::tables::{TableCell, bin_of, cell, number_on_axis};
use crate::query::{FacetAnswer, FacetQuery, FacetValue, Filter, HistogramAnswer, RowsAnswer, RowsQuery};
use crate::work::Cancel;

/// Rows that pass, with a number that sorts as their values do as far as it goes, and those without a value.
#[derive(Default)]
struct Keyed {
    keys: Vec<(u64, Row)>,
    without: Vec<Row>,
}

impl Memory {
    pub(super) fn facet(&self, query: &FacetQuery, cancel: &Cancel) -> Result<FacetAnswer, Stop> {
        let selection = self.select(&query.filter, cancel)?;
        let column = self.facts.category(query.field, "a facet")?;
        let Some((column, ranking)) = column.zip(self.facts.rankings.get(&query.field)) else {
            return Ok(FacetAnswer { missing: selection.count(), ..FacetAnswer::default() });
        };
        let counts = if selection.is_all() { ranking.totals.clone() } else { self.code_counts(column, &selection, cancel)? };
        let search = fold(&query.search);
        let mut answer = FacetAnswer::default();
        let shorts = self.facts.short_names(query.field);
        for (rank, code) in (0..).zip(&ranking.order) {
            if !search.is_empty() && !word_contains(query.field, column.value(*code), &search) {
                continue;
            }
            answer.distinct += 1;
            if answer.values.len() < query.limit as usize {
                let (count, total) = (counts[*code as usize], ranking.totals[*code as usize]);
                let value = column.value(*code);
                let short = shorts.get(value).map(|short| (*short).to_owned());
                answer.values.push(FacetValue { value: value.to_owned(), short, count, total, rank });
            }
        }
        answer.missing = selection.count() - counts.iter().sum::<u64>();
        Ok(answer)
    }

    /// How many of the rows have each code.
    fn code_counts(&self, column: &crate::data::Category, selection: &Selection, cancel: &Cancel) -> Result<Vec<u64>, Stop> {
        let words = column.words() as usize;
        let parts = scan(self.len(), cancel, |rows, counts: &mut Vec<u64>| {
            counts.resize(words, 0);
            column.for_each_code(rows, |row, code| {
                if let Some(code) = code {
                    counts[code as usize] += u64::from(selection.contains(row as Row));
                }
            });
        })?;
        let mut counts = vec![0; words];
        for part in parts {
            counts.iter_mut().zip(part).for_each(|(own, other)| *own += other);
        }
        Ok(counts)
    }

    pub(super) fn histogram(&self, field: Field, filter: &Filter, bins: u32, cancel: &Cancel) -> Result<HistogramAnswer, Stop> {
        let records = &self.facts.dataset.records;
        let selection = self.select(filter, cancel)?;
        self.facts.axis_kind(field)?;
        let number = |row: usize| number_on_axis(records, field, row as Row);
        let parts = scan(self.len(), cancel, |rows, range: &mut Option<(f64, f64)>| {
            for own in rows.filter_map(number) {
                *range = Some(range.map_or((own, own), |(min, max)| (own.min(min), own.max(max))));
            }
        })?;
        let Some((min, max)) = parts.into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else {
            return Ok(HistogramAnswer { missing: selection.count(), ..HistogramAnswer::default() });
        };
        let parts = scan(self.len(), cancel, |rows, (counts, missing): &mut (Vec<u64>, u64)| {
            counts.resize(bins.max(1) as usize, 0);
            selection.for_each(rows, |row| match number(row) {
                Some(own) => counts[bin_of(own, min, max, bins)] += 1,
                None => *missing += 1,
            });
        })?;
        let mut answer = HistogramAnswer { min, max, bins: vec![0; bins.max(1) as usize], missing: 0 };
        for (counts, missing) in parts {
            answer.missing += missing;
            answer.bins.iter_mut().zip(counts).for_each(|(own, other)| *own += other);
        }
        Ok(answer)
    }

    pub(super) fn rows(&self, query: &RowsQuery, cancel: &Cancel) -> Result<RowsAnswer, Stop> {
        let records = &self.facts.dataset.records;
        let selection = self.select(&query.filter, cancel)?;
        let key = self.sort_key(query.sort.map(|(field, _)| field));
        let parts = scan(self.len(), cancel, |rows, keyed: &mut Keyed| {
            selection.for_each(rows, |row| {
                if query.window.is_none_or(|window| self.touches(row, window)) {
                    match key(row) {
                        Some(key) => keyed.keys.push((key, row as Row)),
                        None => keyed.without.push(row as Row),
                    }
                }
            });
        })?;
        let mut all = Keyed::default();
        for part in parts {
            all.keys.extend(part.keys);
            all.without.extend(part.without);
        }
        let total = (all.keys.len() + all.without.len()) as u64;
        let (offset, limit) = (usize::try_from(query.offset).unwrap_or(usize::MAX), query.limit as usize);
        let is_descending = query.sort.is_some_and(|(_, is_descending)| is_descending);
        let rest = |a: Row, b: Row| query.sort.map_or(Ordering::Equal, |(field, _)| self.compare_rest(field, a, b));
        let with = all.keys.len();
        let page = page_of(&mut all.keys, offset, limit, |a, b| {
            let order = a.0.cmp(&b.0).then_with(|| rest(a.1, b.1));
            (if is_descending { order.reverse() } else { order }).then(a.1.cmp(&b.1))
        });
        let mut rows: Vec<Row> = page.iter().map(|(_, row)| *row).collect();
        let without = all.without.into_iter().skip(offset.saturating_sub(with)).take(limit - rows.len());
        rows.extend(without);
        debug_assert!(rows.iter().all(|row| (*row as usize) < records.len()));
        let rows = rows.into_iter().map(|row| self.facts.table_row(row, &query.fields)).collect();
        Ok(RowsAnswer { offset: query.offset, rows, total })
    }

    /// A number that sorts as the values of a field do, as far as it goes; file order without a field.
    fn sort_key(&self, field: Option<Field>) -> Box<dyn Fn(usize) -> Option<u64> + Sync + '_> {
        let records = &self.facts.dataset.records;
        let Some(field) = field else { return Box::new(|row| Some(records.file_row(row as Row))) };
        match records.column(field) {
            Some(Column::Category(column)) => {
                let mut order: Vec<u32> = (0..column.words()).collect();
                order.sort_unstable_by(|a, b| column.value(*a).cmp(column.value(*b)));
                let mut places = vec![0_u64; order.len()];
                (0..).zip(&order).for_each(|(place, code)| places[*code as usize] = place);
                Box::new(move |row| column.code(row).map(|code| places[code as usize]))
            }
            Some(_) => Box::new(move |row| cell(records, field, row as Row).map(|cell| first_key(&cell))),
            None => Box::new(|_| None),
        }
    }

    /// The order of two values whose numbers are equal.
    fn compare_rest(&self, field: Field, a: Row, b: Row) -> Ordering {
        let records = &self.facts.dataset.records;
        match records.column(field) {
            Some(Column::Text(column)) => column.get(a as usize).cmp(&column.get(b as usize)),
            Some(Column::Dates(column)) => {
                let end = |row: Row| column.span(row as usize).map(|span| span.end);
                end(a).cmp(&end(b))
            }
            Some(Column::Category(_) | Column::Number(_)) | None => Ordering::Equal,
        }
    }
}

/// Of a text the first eight bytes, of a number its place among all numbers, of a date its moment.
fn first_key(cell: &TableCell<'_>) -> u64 {
    const SIGN: u64 = 1 << 63;
    match cell {
        TableCell::Word(text) => {
            let mut first = [0; 8];
            first.iter_mut().zip(text.bytes()).for_each(|(own, byte)| *own = byte);
            u64::from_be_bytes(first)
        }
        TableCell::Number(number) => {
            let bits = number.to_bits();
            if bits & SIGN == 0 { bits | SIGN } else { !bits }
        }
        TableCell::Date((moment, _)) => moment.0 as u64 ^ SIGN,
    }
}

/// The entries from `offset` on in order, without putting the others in order.
fn page_of<T>(entries: &mut [T], offset: usize, limit: usize, compare: impl Fn(&T, &T) -> Ordering) -> &[T] {
    if offset >= entries.len() || limit == 0 {
        return &[];
    }
    if offset > 0 {
        entries.select_nth_unstable_by(offset, &compare);
    }
    let rest = &mut entries[offset..];
    let limit = limit.min(rest.len());
    if limit < rest.len() {
        rest.select_nth_unstable_by(limit - 1, &compare);
    }
    let page = &mut rest[..limit];
    page.sort_unstable_by(compare);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_what_a_full_sort_would_show_there() {
        let entries: Vec<u32> = (0..1000).map(|n| n * 7919 % 1000).collect();
        for (offset, limit) in [(0, 10), (990, 50), (500, 1), (1000, 3), (0, 1000), (0, 0)] {
            let mut own = entries.clone();
            let expected: Vec<u32> = (0..1000).skip(offset).take(limit).collect();
            assert_eq!(page_of(&mut own, offset, limit, Ord::cmp), expected);
        }
    }

    #[test]
    fn keys_of_numbers_sort_as_the_numbers_do() {
        let numbers = [-1e9, -2.5, -0.0, 0.0, 1e-9, 3.0, 1e12];
        assert!(numbers.map(|number| first_key(&TableCell::Number(number))).is_sorted());
    }
}
