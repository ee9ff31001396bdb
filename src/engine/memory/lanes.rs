//! `Query::Lanes` and `Query::Neighbour`: a pass that counts every lane, then a pass over the lanes that are answered.

use rustc_hash::FxHashMap;

use super::bitmap::{Selection, scan};
use super::columns::code_in;
use super::{Memory, words_of};
use crate::data::{Category, Field, Row};
use crate::engine::Stop;
use crate::engine::naive::sort_lanes;
use crate::engine::place::{Side, extent_of, side};
use crate::query::{Cell, Filter, Lane, LanesAnswer, LanesQuery};
use crate::time::Time;
use crate::work::Cancel;

/// The most cells that are counted in a plain table; a finer grid over a longer window is counted in a map.
const TABLE_CELLS_MAX: usize = 1 << 22;

/// Lane of no slot: it is beyond the limit.
const NO_SLOT: u32 = u32::MAX;

/// What the first pass counts of a lane.
#[derive(Clone, Copy, Default)]
struct Tally {
    total: u64,
    before: u64,
    after: u64,
    inside: u64,
    undated: u64,
    first: Option<Time>,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.total += other.total;
        self.before += other.before;
        self.after += other.after;
        self.inside += other.inside;
        self.undated += other.undated;
        self.first = match (self.first, other.first) {
            (Some(own), Some(other)) => Some(own.min(other)),
            (own, other) => own.or(other),
        };
    }
}

/// What the second pass finds: counts by slot and cell, and the rows of lanes that have few.
#[derive(Default)]
struct Found {
    table: Vec<u32>,
    map: FxHashMap<(u32, i64), u32>,
    touching: Vec<(u32, Time, Row)>,
}

/// The lanes by number: those of the codes, then the one without a value.
struct Numbers<'a> {
    column: Option<&'a Category>,
    words: u32,
}

impl Numbers<'_> {
    fn of(&self, row: usize) -> u32 {
        code_in(self.column, row).unwrap_or(self.words)
    }
}

impl Memory {
    fn lane_numbers(&self, lane: Option<Field>) -> Result<Numbers<'_>, Stop> {
        let column = match lane {
            Some(field) => self.facts.category(field, "lanes")?,
            None => None,
        };
        Ok(Numbers { column, words: column.map_or(0, words_of) })
    }

    pub(super) fn lanes(&self, query: &LanesQuery, cancel: &Cancel) -> Result<LanesAnswer, Stop> {
        let numbers = self.lane_numbers(query.lane)?;
        let selection = self.select(&query.filter, cancel)?;
        let tallies = self.tallies(query, &numbers, &selection, cancel)?;
        let mut lanes: Vec<(u32, Lane)> = Vec::new();
        for (number, tally) in (0..).zip(&tallies) {
            if tally.total == 0 && (query.lane.is_some() || number != numbers.words) {
                continue;
            }
            let value = numbers.column.filter(|_| number != numbers.words).map(|column| column.value(number).to_owned());
            let Tally { total, before, after, undated, first, .. } = *tally;
            lanes.push((number, Lane { value, total, before, after, undated, first, cells: Vec::new(), marks: None }));
        }
        let lanes_total = lanes.len() as u64;
        let undated = lanes.iter().map(|(_, lane)| lane.undated).sum();
        sort_lanes(&mut lanes, query.sort, |(_, lane)| lane);
        lanes.truncate(query.lanes_max as usize);
        let mut slots = vec![NO_SLOT; tallies.len()];
        for (slot, (number, _)) in (0..).zip(&lanes) {
            slots[*number as usize] = slot;
        }
        let has_few: Vec<bool> = lanes.iter().map(|(number, _)| tallies[*number as usize].inside <= u64::from(query.marks_max)).collect();
        let found = self.found(query, &numbers, &selection, &Slots { slots, has_few: &has_few }, cancel)?;
        let mut lanes: Vec<Lane> = lanes.into_iter().map(|(_, lane)| lane).collect();
        self.fill(query, &mut lanes, &has_few, found);
        Ok(LanesAnswer { lanes, lanes_total, matching: selection.count(), undated })
    }

    fn tallies(&self, query: &LanesQuery, numbers: &Numbers<'_>, selection: &Selection, cancel: &Cancel) -> Result<Vec<Tally>, Stop> {
        let records = &self.facts.dataset.records;
        let count = numbers.words as usize + 1;
        let parts = scan(self.len(), cancel, |rows, tallies: &mut Vec<Tally>| {
            tallies.resize(count, Tally::default());
            selection.for_each(rows, |row| {
                let tally = &mut tallies[numbers.of(row) as usize];
                tally.total += 1;
                let Some(anchor) = self.anchor(row) else {
                    tally.undated += 1;
                    return;
                };
                tally.first = Some(tally.first.map_or(anchor, |first| first.min(anchor)));
                match side(extent_of(records, row as Row, anchor), query.window) {
                    Side::Before => tally.before += 1,
                    Side::After => tally.after += 1,
                    Side::Inside => tally.inside += 1,
                }
            });
        })?;
        let mut tallies = vec![Tally::default(); count];
        for part in parts {
            tallies.iter_mut().zip(&part).for_each(|(own, other)| own.add(other));
        }
        Ok(tallies)
    }

    fn found(
        &self,
        query: &LanesQuery,
        numbers: &Numbers<'_>,
        selection: &Selection,
        slots: &Slots<'_>,
        cancel: &Cancel,
    ) -> Result<Found, Stop> {
        let first_cell = query.bucket.index(query.window.start);
        let width = cells_of(query);
        let cells = width.saturating_mul(slots.has_few.len());
        let has_table = cells <= TABLE_CELLS_MAX;
        let parts = scan(self.len(), cancel, |rows, found: &mut Found| {
            if has_table && found.table.is_empty() {
                found.table.resize(cells, 0);
            }
            selection.for_each(rows, |row| {
                let slot = slots.slots[numbers.of(row) as usize];
                let Some(anchor) = self.anchor(row).filter(|_| slot != NO_SLOT) else { return };
                if query.window.contains(anchor) {
                    let index = query.bucket.index(anchor);
                    if has_table {
                        found.table[slot as usize * width + (index - first_cell) as usize] += 1;
                    } else {
                        *found.map.entry((slot, index)).or_default() += 1;
                    }
                }
                if slots.has_few[slot as usize] && self.touches(row, query.window) {
                    found.touching.push((slot, anchor, row as Row));
                }
            });
        })?;
        let mut all = Found::default();
        for part in parts {
            all.table.resize(part.table.len().max(all.table.len()), 0);
            all.table.iter_mut().zip(&part.table).for_each(|(own, other)| *own += other);
            part.map.into_iter().for_each(|(cell, count)| *all.map.entry(cell).or_default() += count);
            all.touching.extend(part.touching);
        }
        Ok(all)
    }

    /// Writes what was found into the lanes.
    fn fill(&self, query: &LanesQuery, lanes: &mut [Lane], has_few: &[bool], found: Found) {
        let width = cells_of(query);
        let first_cell = query.bucket.index(query.window.start);
        if width > 0 {
            for (lane, counts) in lanes.iter_mut().zip(found.table.chunks(width)) {
                let cells = (first_cell..).zip(counts).filter(|(_, count)| **count > 0);
                lane.cells = cells.map(|(index, count)| Cell { index, count: *count }).collect();
            }
        }
        let mut cells: Vec<((u32, i64), u32)> = found.map.into_iter().collect();
        cells.sort_unstable();
        for ((slot, index), count) in cells {
            lanes[slot as usize].cells.push(Cell { index, count });
        }
        let mut touching: Vec<Vec<(Time, Row)>> = vec![Vec::new(); lanes.len()];
        for (slot, anchor, row) in found.touching {
            touching[slot as usize].push((anchor, row));
        }
        for ((lane, rows), has_few) in lanes.iter_mut().zip(touching).zip(has_few) {
            lane.marks = has_few.then(|| self.facts.marks(rows, query.colour, query.has_folded_repeats));
        }
    }

    pub(super) fn neighbour(
        &self,
        row: Row,
        lane: Option<Field>,
        filter: &Filter,
        is_next: bool,
        cancel: &Cancel,
    ) -> Result<Option<Row>, Stop> {
        let numbers = self.lane_numbers(lane)?;
        let Some(anchor) = self.anchor(row as usize) else { return Ok(None) };
        let selection = self.select(filter, cancel)?;
        let (here, lane) = ((anchor, row), numbers.of(row as usize));
        let parts = scan(self.len(), cancel, |rows, best: &mut Option<(Time, Row)>| {
            selection.for_each(rows, |other| {
                let Some(anchor) = self.anchor(other) else { return };
                let there = (anchor, other as Row);
                let is_nearer = if is_next {
                    there > here && best.is_none_or(|best| there < best)
                } else {
                    there < here && best.is_none_or(|best| there > best)
                };
                if is_nearer && numbers.of(other) == lane {
                    *best = Some(there);
                }
            });
        })?;
        let found = parts.into_iter().flatten();
        let best = if is_next { found.min() } else { found.max() };
        Ok(best.map(|(_, row)| row))
    }
}

/// Where lanes go in the answer.
struct Slots<'a> {
    /// By lane number.
    slots: Vec<u32>,
    /// By slot: few enough for marks?
    has_few: &'a [bool],
}

/// How many cells the window covers; far too many where it is open.
fn cells_of(query: &LanesQuery) -> usize {
    let (first, last) = (query.bucket.index(query.window.start), query.bucket.index(query.window.end.plus_us(-1)));
    let cells = i128::from(last) - i128::from(first) + 1;
    usize::try_from(cells.max(0)).unwrap_or(usize::MAX)
}
