//! `Query::Rows`: only the asked page of the table is put in order.
//!
//! Rows are counted by bins of their keys, in the order of the keys; then only the rows of the bins in which the page lies are collected
//! and sorted: two passes in parallel, whatever the offset. The first rows by a number come from zones ([`super::zones`]), rows by their
//! event date stand in order already, and texts are collected as a whole.

use std::cmp::Ordering;
use std::ops::Range;

use super::Memory;
use super::bitmap::{CHUNK_ROWS, Selection};
use super::codes::{Numbered, Work, with_numbers};
use super::facets::added;
use super::zones::key_of;
use crate::data::{Column, Field, Row};
use crate::engine::Stop;
use crate::engine::tables::{TableCell, cell};
use crate::query::{RowsAnswer, RowsQuery};
use crate::work::Cancel;

/// Pages that end before this are the first ones of a sort, which zones find.
const FIRST_MAX: u64 = 10_000;
/// Bins of keys.
const BINS: usize = if cfg!(test) { 8 } else { 1 << 16 };
/// Bins of places in the file: few enough for the fastest memory, as they are counted in no order at all.
const FILE_BINS: usize = if cfg!(test) { 8 } else { 1 << 12 };
/// Number of the bin of rows without a value.
const NO_BIN: u32 = u32::MAX;

/// The page of a table: which part of the rows that pass, and in which direction.
#[derive(Clone, Copy)]
struct Page {
    offset: u64,
    limit: u64,
    is_descending: bool,
}

impl Memory {
    pub(super) fn rows(&self, query: &RowsQuery, cancel: &Cancel) -> Result<RowsAnswer, Stop> {
        let selection = self.select_inside(&query.filter, query.window, cancel)?;
        let total = selection.count();
        let limit = u64::from(query.limit).min(total.saturating_sub(query.offset));
        let page = Page { offset: query.offset, limit, is_descending: query.sort.is_some_and(|sort| sort.1) };
        let rows = if limit == 0 { Vec::new() } else { self.page(query.sort.map(|sort| sort.0), &selection, page, cancel)? };
        let rows = rows.into_iter().map(|row| self.facts.table_row(row, &query.fields)).collect();
        Ok(RowsAnswer { offset: query.offset, rows, total })
    }

    fn page(&self, field: Option<Field>, selection: &Selection, page: Page, cancel: &Cancel) -> Result<Vec<Row>, Stop> {
        let records = &self.facts.dataset.records;
        let Some(field) = field else {
            let asked = page.offset as usize..(page.offset + page.limit) as usize;
            if selection.is_all()
                && let Some(places) = records.places_in_file_order(asked)
            {
                let parts = selection.scan(cancel, |rows, found: &mut Vec<Row>| {
                    selection.for_each(rows, |row| {
                        if places.iter().any(|own| own.contains(&records.place(row))) {
                            found.push(row as Row);
                        }
                    });
                })?;
                let mut rows = parts.concat();
                rows.sort_unstable_by_key(|row| records.file_row(*row));
                return Ok(rows);
            }
            // Rows that could not be read have numbers too; beyond the last bin everything is in it.
            let shift = self.len().div_ceil(FILE_BINS).next_power_of_two().ilog2();
            let of = each(|row| (records.file_row(row as Row) >> shift).min(FILE_BINS as u64 - 1) as u32);
            let bins = Bins { len: FILE_BINS, of: &of, are_exact: false, counts: None };
            return page_by(selection, page, &bins, &|a, b| records.file_row(a).cmp(&records.file_row(b)), cancel);
        };
        match records.column(field) {
            Some(Column::Number(column)) => {
                let end = page.offset + page.limit;
                if end <= FIRST_MAX
                    && let Some(first) = self.first_by_number(field, selection, end as usize, page.is_descending, cancel)?
                {
                    return Ok(first.into_iter().skip(page.offset as usize).collect());
                }
                let Some((min, max)) = self.range_of(field, cancel)? else { return Ok(in_order(selection, page.offset, page.limit)) };
                let key = |row: Row| column.get(row as usize).map(key_of);
                let of = each(|row| column.get(row).map_or(NO_BIN, |own| linear_bin(own, min, max)));
                let bins = Bins { len: BINS, of: &of, are_exact: false, counts: None };
                page_by(selection, page, &bins, &|a, b| key(a).cmp(&key(b)), cancel)
            }
            Some(Column::Dates(column)) => {
                let has_open_starts = self.places.grid.row(0) > 0;
                if field == Field::WHEN && !page.is_descending && !has_open_starts {
                    return Ok(in_order(selection, page.offset, page.limit));
                }
                let Some((min, max)) = self.range_of(field, cancel)? else { return self.page_of_all(field, selection, page, cancel) };
                let compare = |a: Row, b: Row| compare_cells(records, field, a, b);
                let point = |row: usize| column.span(row).map(|span| crate::engine::place::point(span).unwrap_or(span.start));
                let of = each(|row| point(row).map_or(NO_BIN, |time| linear_bin(time.0 as f64, min, max)));
                page_by(selection, page, &Bins { len: BINS, of: &of, are_exact: false, counts: None }, &compare, cancel)
            }
            Some(Column::Category(column)) => {
                let mut order: Vec<u32> = (0..column.words()).collect();
                order.sort_unstable_by(|a, b| column.value(*a).cmp(column.value(*b)));
                let mut places = vec![NO_BIN; order.len() + 1];
                (0..).zip(&order).for_each(|(place, code)| places[*code as usize] = place);
                let ranking = self.facts.rankings.get(&field).filter(|_| selection.is_all());
                let counts = ranking.map(|ranking| {
                    let mut counts: Vec<u64> = order.iter().map(|code| ranking.totals[*code as usize]).collect();
                    counts.push(self.len() as u64 - counts.iter().sum::<u64>());
                    counts
                });
                with_numbers(Some(column), ByPlace { selection, page, places: &places, counts, cancel })
            }
            Some(Column::Text(_)) => self.page_of_all(field, selection, page, cancel),
            None => Ok(in_order(selection, page.offset, page.limit)),
        }
    }

    /// The page when keys have no bins: all rows are collected.
    fn page_of_all(&self, field: Field, selection: &Selection, page: Page, cancel: &Cancel) -> Result<Vec<Row>, Stop> {
        let records = &self.facts.dataset.records;
        let parts = selection.scan(cancel, |rows, (keys, without): &mut (Vec<(u64, Row)>, Vec<Row>)| {
            selection.for_each(rows, |row| match cell(records, field, row as Row) {
                Some(cell) => keys.push((first_key(&cell), row as Row)),
                None => without.push(row as Row),
            });
        })?;
        let (mut keys, mut without) = (Vec::new(), Vec::new());
        for (with, none) in parts {
            keys.extend(with);
            without.extend(none);
        }
        let (offset, limit) = (page.offset as usize, page.limit as usize);
        let with = keys.len();
        let found = page_of(&mut keys, offset, limit, |a, b| {
            let order = a.0.cmp(&b.0).then_with(|| compare_cells(records, field, a.1, b.1));
            (if page.is_descending { order.reverse() } else { order }).then(a.1.cmp(&b.1))
        });
        let mut rows: Vec<Row> = found.iter().map(|(_, row)| *row).collect();
        let rest = limit - rows.len();
        rows.extend(without.into_iter().skip(offset.saturating_sub(with)).take(rest));
        Ok(rows)
    }
}

/// Bins of keys, whose numbers go with the order of the rows' keys.
struct Bins<'a> {
    len: usize,
    /// Says the bin of each of some rows.
    of: &'a (dyn Fn(&[Row], &mut [u32]) + Sync),
    /// Have all rows of a bin the same key?
    are_exact: bool,
    /// How many rows each bin has, and last those without a value, where this is known.
    counts: Option<Vec<u64>>,
}

/// So many rows are asked for their bins at once: one call for all of them, and the bins stay in the fastest memory.
const HANDFUL: usize = 256;

/// Asks row by row.
fn each(bin: impl Fn(usize) -> u32 + Sync) -> impl Fn(&[Row], &mut [u32]) + Sync {
    move |rows, bins| rows.iter().zip(bins).for_each(|(row, own)| *own = bin(*row as usize))
}

impl Bins<'_> {
    /// Visits the selected rows of a range, each with its bin.
    fn visit(&self, selection: &Selection, rows: Range<usize>, mut visit: impl FnMut(Row, u32)) {
        let (mut handful, mut bins) = ([0; HANDFUL], [0; HANDFUL]);
        let mut len = 0;
        let mut hand_on = |handful: &[Row]| {
            let bins = &mut bins[..handful.len()];
            (self.of)(handful, bins);
            handful.iter().zip(bins).for_each(|(row, bin)| visit(*row, *bin));
        };
        selection.for_each(rows, |row| {
            handful[len] = row as Row;
            len += 1;
            if len == HANDFUL {
                hand_on(&handful);
                len = 0;
            }
        });
        hand_on(&handful[..len]);
    }

    /// How many selected rows each bin has, and last those without a value.
    fn count(&self, selection: &Selection, cancel: &Cancel) -> Result<Vec<u64>, Stop> {
        if let Some(counts) = &self.counts {
            return Ok(counts.clone());
        }
        let parts = selection.scan(cancel, |rows, counts: &mut Vec<u32>| {
            counts.resize(self.len + 1, 0);
            self.visit(selection, rows, |_, bin| counts[(bin as usize).min(self.len)] += 1);
        })?;
        Ok(added(parts, self.len + 1))
    }

    /// The selected rows of some bins.
    fn collect(&self, selection: &Selection, wanted: &Range<usize>, cancel: &Cancel) -> Result<Vec<Row>, Stop> {
        let parts = selection.scan(cancel, |rows, found: &mut Vec<Row>| {
            self.visit(selection, rows, |row, bin| {
                if wanted.contains(&(bin as usize)) {
                    found.push(row);
                }
            });
        })?;
        Ok(parts.concat())
    }

    /// Some of the selected rows of a bin, in their own order. Many that are skipped are counted in parallel before.
    fn walk(&self, selection: &Selection, number: u32, skipped: u64, limit: u64, cancel: &Cancel) -> Result<Vec<Row>, Stop> {
        let counts = if skipped > CHUNK_ROWS as u64 {
            selection.scan(cancel, |rows, counts: &mut Vec<u64>| {
                let mut count = 0;
                self.visit(selection, rows, |_, bin| count += u64::from(bin == number));
                counts.push(count);
            })?
        } else {
            Vec::new()
        };
        let counts = counts.concat();
        let (mut left, mut found) = (skipped, Vec::new());
        let hull = selection.hull();
        for (chunk, start) in hull.clone().step_by(CHUNK_ROWS).enumerate() {
            if cancel.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            if found.len() as u64 >= limit {
                break;
            }
            if let Some(count) = counts.get(chunk).filter(|count| **count <= left) {
                left -= count;
                continue;
            }
            self.visit(selection, start..(start + CHUNK_ROWS).min(hull.end), |row, bin| {
                if bin != number || found.len() as u64 >= limit {
                    return;
                }
                if left > 0 {
                    left -= 1;
                } else {
                    found.push(row);
                }
            });
        }
        Ok(found)
    }
}

/// Rows of exact bins beyond this are walked through in their own order instead of being collected.
const COLLECTED_MAX: u64 = if cfg!(test) { 4 } else { 1 << 16 };

/// The page by bins.
fn page_by(
    selection: &Selection,
    page: Page,
    bins: &Bins<'_>,
    compare: &dyn Fn(Row, Row) -> Ordering,
    cancel: &Cancel,
) -> Result<Vec<Row>, Stop> {
    let mut counts = bins.count(selection, cancel)?;
    let without = counts.pop().unwrap_or(0);
    let with = counts.iter().sum::<u64>();
    let (first, last) = (page.offset.min(with), (page.offset + page.limit).min(with));
    let mut rows = Vec::new();
    if last > first {
        let (wanted, before) = bins_of(&counts, first..last, page.is_descending);
        let count = counts[wanted.clone()].iter().sum::<u64>();
        if bins.are_exact && count > COLLECTED_MAX {
            let (mut skipped, mut left) = (first - before, last - first);
            let order: Vec<usize> = if page.is_descending { wanted.rev().collect() } else { wanted.collect() };
            for number in order {
                let found = bins.walk(selection, number as u32, skipped, left, cancel)?;
                skipped = skipped.saturating_sub(counts[number]);
                left -= found.len() as u64;
                rows.extend(found);
            }
        } else {
            let mut found = bins.collect(selection, &wanted, cancel)?;
            let in_order = |a: &Row, b: &Row| {
                let order = compare(*a, *b);
                (if page.is_descending { order.reverse() } else { order }).then(a.cmp(b))
            };
            rows = page_of(&mut found, (first - before) as usize, (last - first) as usize, in_order).to_vec();
        }
    }
    let rest = page.limit - rows.len() as u64;
    if rest > 0 && without > 0 {
        rows.extend(bins.walk(selection, NO_BIN, page.offset.saturating_sub(with), rest, cancel)?);
    }
    Ok(rows)
}

/// The page by the places of words.
struct ByPlace<'a> {
    selection: &'a Selection,
    page: Page,
    /// The place of each number; [`NO_BIN`] of "no value".
    places: &'a [u32],
    /// How many rows each place has, and last those without a value, where this is known.
    counts: Option<Vec<u64>>,
    cancel: &'a Cancel,
}

impl Work for ByPlace<'_> {
    type Out = Result<Vec<Row>, Stop>;

    fn run(self, numbers: &impl Numbered) -> Self::Out {
        let place = |row: usize| self.places[numbers.at(row)];
        // More words than bins share them.
        let shift = self.places.len().div_ceil(BINS).next_power_of_two().ilog2();
        let are_exact = shift == 0;
        // The last place is that of "no value".
        let bins = if are_exact { self.places.len() - 1 } else { (self.places.len() >> shift) + 1 };
        let counts = self.counts.clone().filter(|_| are_exact);
        let of = each(|row| if place(row) == NO_BIN { NO_BIN } else { place(row) >> shift });
        let compare = |a: Row, b: Row| place(a as usize).cmp(&place(b as usize));
        page_by(self.selection, self.page, &Bins { len: bins, of: &of, are_exact, counts }, &compare, self.cancel)
    }
}

/// The bins in which some places of an order lie, and how many rows come before the first of these bins.
fn bins_of(counts: &[u64], places: Range<u64>, is_descending: bool) -> (Range<usize>, u64) {
    let mut seen = 0;
    let (mut first, mut before) = (None, 0);
    let mut last = 0;
    for step in 0..counts.len() {
        let bin = if is_descending { counts.len() - 1 - step } else { step };
        if seen + counts[bin] > places.start && first.is_none() {
            first = Some(bin);
            before = seen;
        }
        last = bin;
        seen += counts[bin];
        if seen >= places.end {
            break;
        }
    }
    let first = first.unwrap_or(last);
    (first.min(last)..first.max(last) + 1, before)
}

/// The bin of a number between others; it never falls when the number rises.
fn linear_bin(number: f64, min: f64, max: f64) -> u32 {
    if max <= min {
        return 0;
    }
    (((number - min) / (max - min) * BINS as f64) as usize).min(BINS - 1) as u32
}

/// Rows in their own order.
fn in_order(selection: &Selection, offset: u64, limit: u64) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut left = offset;
    let hull = selection.hull();
    let mut start = hull.start;
    while start < hull.end && (rows.len() as u64) < limit {
        let chunk = start..(start + CHUNK_ROWS).min(hull.end);
        start = chunk.end;
        let count = selection.count_in(chunk.clone());
        if count <= left {
            left -= count;
            continue;
        }
        selection.for_each(chunk, |row| {
            if left > 0 {
                left -= 1;
            } else if (rows.len() as u64) < limit {
                rows.push(row as Row);
            }
        });
    }
    rows
}

fn compare_cells(records: &crate::data::Records, field: Field, a: Row, b: Row) -> Ordering {
    match (cell(records, field, a), cell(records, field, b)) {
        (Some(TableCell::Word(a)), Some(TableCell::Word(b))) => a.cmp(b),
        (Some(TableCell::Number(a)), Some(TableCell::Number(b))) => a.total_cmp(&b),
        (Some(TableCell::Date(a)), Some(TableCell::Date(b))) => a.cmp(&b),
        _ => Ordering::Equal,
    }
}

/// A number that sorts as values do, as far as it goes: of a text the first eight bytes, of a number its key, of a date its moment.
fn first_key(cell: &TableCell<'_>) -> u64 {
    match cell {
        TableCell::Word(text) => {
            let mut first = [0; 8];
            first.iter_mut().zip(text.bytes()).for_each(|(own, byte)| *own = byte);
            u64::from_be_bytes(first)
        }
        TableCell::Number(number) => key_of(*number),
        TableCell::Date((moment, _)) => moment.0 as u64 ^ (1 << 63),
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
    fn the_bins_of_a_page_are_found_from_either_end() {
        let counts = [2, 0, 3, 5];
        assert_eq!(bins_of(&counts, 0..2, false), (0..1, 0));
        assert_eq!(bins_of(&counts, 1..3, false), (0..3, 0));
        assert_eq!(bins_of(&counts, 2..5, false), (2..3, 2));
        assert_eq!(bins_of(&counts, 0..5, true), (3..4, 0));
        assert_eq!(bins_of(&counts, 7..9, true), (0..3, 5));
    }
}
