//! `Query::Lanes` where records are not drawn in the order of rows: a pass in parallel that looks at each of them and counts every lane,
//! then, where there are many cells, a pass over the lanes that are answered.

use rustc_hash::FxHashMap;

use super::Memory;
use super::bitmap::Selection;
use super::lanes::{Numbers, Tally, cells_of, lanes_of};
use crate::data::Row;
use crate::engine::Stop;
use crate::engine::naive::sort_lanes;
use crate::engine::place::{Side, extent_of, side};
use crate::query::{Cell, Lane, LanesAnswer, LanesQuery};
use crate::time::Time;
use crate::work::Cancel;

/// The most cells that are counted in a plain table; a finer grid over a longer window is counted in a map.
const TABLE_CELLS_MAX: usize = 1 << 22;

/// Up to so many cells, of all lanes together, one pass counts lanes and cells at once; above, a second pass counts only what is answered.
const SINGLE_PASS_CELLS_MAX: usize = if cfg!(test) { 1 << 6 } else { 1 << 18 };

/// Lane of no slot: it is beyond the limit.
const NO_SLOT: u32 = u32::MAX;

/// What a pass does beside looking at every row that passes.
struct Plan {
    /// Where the cells and marks of each lane number go; empty when the pass only counts lanes.
    slots: Vec<u32>,
    /// How many slots there are.
    slots_len: usize,
    /// Does it count lanes?
    counts_lanes: bool,
    /// Cells a slot, when they are counted in a table; else they are counted in a map.
    table_width: Option<usize>,
}

/// What a pass finds: lanes by number, counts by slot and cell, and the first rows of each slot that touch the window.
#[derive(Default)]
struct Found {
    tallies: Vec<Tally>,
    table: Vec<u32>,
    map: FxHashMap<(u32, i64), u32>,
    touching: Vec<(u32, Time, Row)>,
    touched: Vec<u32>,
}

impl Found {
    fn merge(&mut self, other: Self) {
        self.tallies.resize(other.tallies.len().max(self.tallies.len()), Tally::default());
        self.tallies.iter_mut().zip(&other.tallies).for_each(|(own, other)| own.add(other));
        self.table.resize(other.table.len().max(self.table.len()), 0);
        self.table.iter_mut().zip(&other.table).for_each(|(own, other)| *own += other);
        other.map.into_iter().for_each(|(cell, count)| *self.map.entry(cell).or_default() += count);
        self.touching.extend(other.touching);
    }
}

impl Memory {
    /// The lanes of records that may be drawn anywhere.
    pub(super) fn lanes_apart(
        &self,
        query: &LanesQuery,
        numbers: &Numbers<'_>,
        selection: &Selection,
        cancel: &Cancel,
    ) -> Result<LanesAnswer, Stop> {
        let numbers_len = numbers.words as usize + 1;
        let width = cells_of(query);
        let is_small = width.saturating_mul(numbers_len) <= SINGLE_PASS_CELLS_MAX;
        let every = if is_small { (0..numbers_len as u32).collect() } else { Vec::new() };
        let slots_len = every.len();
        let mut plan = Plan { slots: every, slots_len, counts_lanes: true, table_width: is_small.then_some(width) };
        let mut found = self.pass(query, numbers, selection, &plan, cancel)?;
        let mut tallies = std::mem::take(&mut found.tallies);
        tallies.resize(numbers_len, Tally::default());
        let mut lanes = lanes_of(query, numbers, &tallies);
        let lanes_total = lanes.len() as u64;
        let undated = lanes.iter().map(|(_, lane)| lane.undated).sum();
        sort_lanes(&mut lanes, query.sort, |(_, lane)| lane);
        lanes.truncate(query.lanes_max as usize);
        if !is_small {
            let mut slots = vec![NO_SLOT; tallies.len()];
            (0..).zip(&lanes).for_each(|(slot, (number, _))| slots[*number as usize] = slot);
            let has_table = width.saturating_mul(lanes.len()) <= TABLE_CELLS_MAX;
            plan = Plan { slots, slots_len: lanes.len(), counts_lanes: false, table_width: has_table.then_some(width) };
            found = self.pass(query, numbers, selection, &plan, cancel)?;
        }
        self.fill(query, &mut lanes, &tallies, &plan, found);
        let lanes = lanes.into_iter().map(|(_, lane)| lane).collect();
        Ok(LanesAnswer { lanes, lanes_total, matching: selection.count(), undated })
    }

    fn pass(&self, query: &LanesQuery, numbers: &Numbers<'_>, selection: &Selection, plan: &Plan, cancel: &Cancel) -> Result<Found, Stop> {
        let records = &self.facts.dataset.records;
        let first_cell = query.bucket.index(query.window.start);
        let parts = selection.scan(cancel, |rows, found: &mut Found| {
            if found.touched.is_empty() {
                found.tallies.resize(if plan.counts_lanes { numbers.words as usize + 1 } else { 0 }, Tally::default());
                found.table.resize(plan.table_width.map_or(0, |width| width * plan.slots_len), 0);
                found.touched.resize(plan.slots_len.max(1), 0);
            }
            selection.for_each(rows, |row| {
                let number = numbers.of(row) as usize;
                let slot = plan.slots.get(number).copied().unwrap_or(NO_SLOT);
                if slot == NO_SLOT && !plan.counts_lanes {
                    return;
                }
                let anchor = self.anchor(row);
                let side = anchor.map(|anchor| side(extent_of(records, row as Row, anchor), query.window));
                if plan.counts_lanes {
                    found.tallies[number].count(anchor, side);
                }
                let Some(anchor) = anchor.filter(|_| slot != NO_SLOT) else { return };
                if query.window.contains(anchor) {
                    let index = query.bucket.index(anchor);
                    match plan.table_width {
                        Some(width) => found.table[slot as usize * width + (index - first_cell) as usize] += 1,
                        None => *found.map.entry((slot, index)).or_default() += 1,
                    }
                }
                if side == Some(Side::Inside) && found.touched[slot as usize] < query.marks_max {
                    found.touched[slot as usize] += 1;
                    found.touching.push((slot, anchor, row as Row));
                }
            });
        })?;
        let mut all = Found::default();
        for part in parts {
            all.merge(part);
        }
        Ok(all)
    }

    /// Writes what was found into the lanes.
    fn fill(&self, query: &LanesQuery, lanes: &mut [(u32, Lane)], tallies: &[Tally], plan: &Plan, found: Found) {
        let first_cell = query.bucket.index(query.window.start);
        let mut place_of_slot = vec![usize::MAX; plan.slots_len];
        for (place, (number, lane)) in lanes.iter_mut().enumerate() {
            let slot = plan.slots[*number as usize] as usize;
            place_of_slot[slot] = place;
            if let Some(width) = plan.table_width {
                let table = found.table.get(slot * width..(slot + 1) * width).unwrap_or_default();
                let counts = (first_cell..).zip(table);
                lane.cells = counts.filter(|(_, count)| **count > 0).map(|(index, count)| Cell { index, count: *count }).collect();
            }
        }
        let mut cells: Vec<((u32, i64), u32)> = found.map.into_iter().collect();
        cells.sort_unstable();
        for ((slot, index), count) in cells {
            if let Some((_, lane)) = lanes.get_mut(place_of_slot[slot as usize]) {
                lane.cells.push(Cell { index, count });
            }
        }
        let mut touching: Vec<Vec<(Time, Row)>> = vec![Vec::new(); lanes.len()];
        for (slot, anchor, row) in found.touching {
            if let Some(rows) = touching.get_mut(place_of_slot[slot as usize]) {
                rows.push((anchor, row));
            }
        }
        for ((number, lane), rows) in lanes.iter_mut().zip(touching) {
            let inside = tallies.get(*number as usize).map_or(0, |tally| tally.inside);
            let is_few = inside <= u64::from(query.marks_max);
            lane.marks = is_few.then(|| self.facts.marks(rows, query.colour, query.has_folded_repeats));
        }
    }
}
