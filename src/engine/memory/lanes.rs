//! `Query::Lanes`: cells are ranges of rows, so that only codes are counted, or, without a filter, read from counts made beforehand.
//!
//! Without a filter O(lanes · cells), whatever the number of records ([`super::lane_counts`]). With one, a pass in parallel over the codes
//! of the rows that pass. What reaches into the window from before, and strays, are few and corrected one by one.

use std::ops::Range;
use std::sync::Arc;

use super::Memory;
use super::bitmap::{CHUNK_ROWS, Selection};
use super::codes::{Numbered, Work, with_numbers};
use super::columns::code_in;
use super::facets::PLACES;
use super::lane_counts::LaneCounts;
use super::places::Around;
use crate::data::{Category, Field, Row};
use crate::engine::Stop;
use crate::engine::naive::sort_lanes;
use crate::engine::place::{Side, side};
use crate::query::{Cell, Lane, LanesAnswer, LanesQuery};
use crate::time::Time;
use crate::work::Cancel;

/// Up to so many cells, of all lanes together, one pass counts lanes and cells at once; above, a second pass counts only what is answered.
const SINGLE_PASS_CELLS_MAX: usize = if cfg!(test) { 1 << 6 } else { 1 << 19 };
/// Numbers are counted in several places where a cell has so many rows for each of these.
const APART_WORTH: usize = if cfg!(test) { 2 } else { 16 };
/// Windows of more cells are not counted by ranges.
const CELLS_MAX: usize = 1 << 16;
/// Lane of no slot: it is not answered.
pub(super) const NO_SLOT: u32 = u32::MAX;
/// Stands for "no row yet".
pub(super) const NO_ROW: u32 = u32::MAX;

/// What is counted of a lane.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) total: u64,
    pub(super) before: u64,
    pub(super) after: u64,
    pub(super) inside: u64,
    pub(super) undated: u64,
    pub(super) first: Option<Time>,
}

impl Tally {
    /// Counts a record.
    pub(super) fn count(&mut self, anchor: Option<Time>, side: Option<Side>) {
        self.total += 1;
        *self.of(side) += 1;
        self.first = earlier(self.first, anchor);
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.total += other.total;
        self.before += other.before;
        self.after += other.after;
        self.inside += other.inside;
        self.undated += other.undated;
        self.first = earlier(self.first, other.first);
    }

    /// The records of a side; those without a place without one.
    fn of(&mut self, side: Option<Side>) -> &mut u64 {
        match side {
            None => &mut self.undated,
            Some(Side::Before) => &mut self.before,
            Some(Side::After) => &mut self.after,
            Some(Side::Inside) => &mut self.inside,
        }
    }
}

fn earlier(one: Option<Time>, other: Option<Time>) -> Option<Time> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The lanes by number: those of the codes, then the one without a value.
pub(super) struct Numbers<'a> {
    pub(super) column: Option<&'a Category>,
    pub(super) words: u32,
}

impl Numbers<'_> {
    pub(super) fn of(&self, row: usize) -> u32 {
        code_in(self.column, row).unwrap_or(self.words)
    }

    pub(super) fn len(&self) -> usize {
        self.words as usize + 1
    }
}

/// What a question about lanes needs of the rows.
pub(super) struct View<'a> {
    pub(super) query: &'a LanesQuery,
    pub(super) numbers: &'a Numbers<'a>,
    /// The rows that pass.
    pub(super) selection: &'a Selection,
    /// Of them those that are no strays.
    pub(super) regular: &'a Selection,
    pub(super) around: Around,
    /// The first row of each cell and the first one after the window; of an empty window only its starting rows.
    pub(super) bounds: Vec<usize>,
    /// The number of the first cell.
    pub(super) first_cell: i64,
    /// Does the window have cells?
    pub(super) has_cells: bool,
}

/// Counts of lanes by segments of rows.
struct Counting<'a> {
    selection: &'a Selection,
    /// The first row of each segment and the end of the last one.
    bounds: &'a [usize],
    /// Where each lane number is counted; every number at its own place without it.
    slots: Option<&'a [u32]>,
    slots_len: usize,
    cancel: &'a Cancel,
}

/// By slot, then segment; and the first row of each slot, when every number has its own.
struct Counts {
    table: Vec<u32>,
    firsts: Vec<u32>,
}

impl Work for Counting<'_> {
    type Out = Result<Counts, Stop>;

    fn run(self, numbers: &impl Numbered) -> Self::Out {
        let segments = self.bounds.len() - 1;
        if let Some(number) = numbers.same() {
            let table = self.of_one(number);
            let firsts = if self.slots.is_none() { self.firsts(numbers, &table)? } else { Vec::new() };
            return Ok(Counts { table, firsts });
        }
        let hull = self.selection.hull();
        let (first, last) = (self.bounds[0], self.bounds[segments]);
        let rows = (hull.start.max(first) / 64 * 64)..hull.end.min(last);
        let parts = super::bitmap::scan_range(rows, self.cancel, |rows, table: &mut Vec<u32>| {
            table.resize(self.slots_len * segments, 0);
            let mut apart = vec![0; self.slots_len * PLACES];
            for (segment, rows) in segments_of(self.bounds, rows) {
                match self.slots {
                    None if rows.len() > apart.len() * APART_WORTH => {
                        self.selection.for_each(rows, |row| apart[numbers.at(row) * PLACES + row % PLACES] += 1);
                        for (number, places) in apart.chunks_exact_mut(PLACES).enumerate() {
                            table[number * segments + segment] += places.iter().sum::<u32>();
                            places.fill(0);
                        }
                    }
                    None => self.selection.for_each(rows, |row| table[numbers.at(row) * segments + segment] += 1),
                    Some(slots) => self.selection.for_each(rows, |row| {
                        let slot = slots[numbers.at(row)] as usize;
                        if slot < self.slots_len {
                            table[slot * segments + segment] += 1;
                        }
                    }),
                }
            }
        })?;
        let mut table = vec![0; self.slots_len * segments];
        for part in parts {
            table.iter_mut().zip(part).for_each(|(own, other)| *own += other);
        }
        let firsts = if self.slots.is_none() { self.firsts(numbers, &table)? } else { Vec::new() };
        Ok(Counts { table, firsts })
    }
}

impl Counting<'_> {
    /// The counts where all rows have one number: only bits are counted.
    fn of_one(&self, number: usize) -> Vec<u32> {
        let segments = self.bounds.len() - 1;
        let mut table = vec![0; self.slots_len * segments];
        let slot = self.slots.map_or(number, |slots| slots[number] as usize);
        let counts = table.get_mut(slot.saturating_mul(segments)..).unwrap_or_default();
        for (count, bounds) in counts.iter_mut().zip(self.bounds.windows(2)) {
            *count = self.selection.count_in(bounds[0]..bounds[1].max(bounds[0])) as u32;
        }
        table
    }

    /// The first row of each number: it stands in the number's first segment that has any, mostly near its begin.
    fn firsts(&self, numbers: &impl Numbered, table: &[u32]) -> Result<Vec<u32>, Stop> {
        let segments = self.bounds.len() - 1;
        let mut firsts = vec![NO_ROW; self.slots_len];
        let mut wanted: Vec<usize> = table.chunks(segments).filter_map(|counts| counts.iter().position(|count| *count > 0)).collect();
        wanted.sort_unstable();
        let hull = self.selection.hull();
        for same in wanted.chunk_by(|one, other| one == other) {
            let (mut left, segment) = (same.len(), same[0]);
            let end = self.bounds[segment + 1].min(hull.end);
            let mut start = self.bounds[segment].max(hull.start);
            while left > 0 && start < end {
                if self.cancel.is_cancelled() {
                    return Err(Stop::Cancelled);
                }
                let rows = start..(start + CHUNK_ROWS).min(end);
                start = rows.end;
                self.selection.for_each(rows, |row| {
                    let first = &mut firsts[numbers.at(row)];
                    if *first == NO_ROW {
                        *first = row as u32;
                        left -= 1;
                    }
                });
            }
        }
        Ok(firsts)
    }
}

/// The segments that a range of rows touches, each with the rows of both.
pub(super) fn segments_of(bounds: &[usize], rows: Range<usize>) -> impl Iterator<Item = (usize, Range<usize>)> + '_ {
    let first = bounds.partition_point(|bound| *bound <= rows.start).saturating_sub(1);
    let pairs = bounds[first..].windows(2).zip(first..).take_while(move |(pair, _)| pair[0] < rows.end);
    let both = pairs.map(move |(pair, segment)| (segment, pair[0].max(rows.start)..pair[1].min(rows.end)));
    both.filter(|(_, rows)| !rows.is_empty())
}

impl Memory {
    pub(super) fn lane_numbers(&self, lane: Option<Field>) -> Result<Numbers<'_>, Stop> {
        let column = match lane {
            Some(field) => self.facts.category(field, "lanes")?,
            None => None,
        };
        Ok(Numbers { column, words: column.map_or(0, Category::words) })
    }

    pub(super) fn lanes(&self, query: &LanesQuery, cancel: &Cancel) -> Result<LanesAnswer, Stop> {
        let numbers = self.lane_numbers(query.lane)?;
        let selection = self.select(&query.filter, cancel)?;
        let has_cells = query.window.is_bounded() && query.window.end > query.window.start;
        let cells = if has_cells { cells_of(query) } else { 1 };
        let Some(strays) = self.places.strays().filter(|_| cells <= CELLS_MAX) else {
            return self.lanes_apart(query, &numbers, &selection, cancel);
        };
        let around = self.places.around(query.window);
        let first_cell = query.bucket.index(query.window.start);
        let cell_bounds = (1..cells as i64).map(|cell| self.places.row_at(query.bucket.start(first_cell + cell)));
        let bounds = [around.starting.start].into_iter().chain(cell_bounds).chain([around.starting.end]).collect();
        let regular = without(&selection, strays);
        let view = View { query, numbers: &numbers, selection: &selection, regular: &regular, around, bounds, first_cell, has_cells };
        let counts = if selection.is_all() { self.lane_counts(query, &numbers, cancel)? } else { None };
        let (mut tallies, single) = match &counts {
            Some(counts) => (self.tallies_of(counts, &view, strays), None),
            None => self.tallies(&view, cancel)?,
        };
        self.correct(&view, strays, &mut tallies);
        let mut lanes = lanes_of(query, &numbers, &tallies);
        let lanes_total = lanes.len() as u64;
        sort_lanes(&mut lanes, query.sort, |(_, lane)| lane);
        lanes.truncate(query.lanes_max as usize);
        match &counts {
            Some(counts) if counts.has_cells_of(query.bucket) => counts.cells(&view, strays, &mut lanes),
            _ => write_cells(&view, single, &mut lanes, cancel)?,
        }
        correct_cells(&view, strays, &mut lanes);
        self.add_marks(&view, strays, &tallies, counts.as_deref(), &mut lanes, cancel)?;
        let apart = strays.iter().filter(|(row, anchor)| selection.contains(*row) && !anchor.is_bounded()).count() as u64;
        let undated = regular.count_in(self.places.dated()..self.len()) + apart;
        let lanes = lanes.into_iter().map(|(_, lane)| lane).collect();
        Ok(LanesAnswer { lanes, lanes_total, matching: selection.count(), undated })
    }

    /// The tallies of all lanes by the rows' starts, and the counts of every cell where these are not too many.
    fn tallies(&self, view: &View<'_>, cancel: &Cancel) -> Result<(Vec<Tally>, Option<Vec<u32>>), Stop> {
        let (dated, len) = (self.places.dated(), self.len());
        let slots_len = view.numbers.len();
        let cells = view.bounds.len() - 1;
        let is_single = slots_len * (cells + 3) <= SINGLE_PASS_CELLS_MAX;
        let starting = &view.around.starting;
        let inner = if is_single { view.bounds.clone() } else { vec![starting.start, starting.end] };
        let bounds: Vec<usize> = [0].into_iter().chain(inner).chain([dated, len]).collect();
        let work = Counting { selection: view.regular, bounds: &bounds, slots: None, slots_len, cancel };
        let counts = with_numbers(view.numbers.column, work)?;
        let segments = bounds.len() - 1;
        let tallies = counts.table.chunks(segments).zip(&counts.firsts).map(|(counts, first)| {
            let count = |range: Range<usize>| counts[range].iter().map(|count| u64::from(*count)).sum();
            let first = if (*first as usize) < dated { self.anchor_of_start(*first as usize) } else { None };
            Tally {
                total: count(0..segments),
                before: count(0..1),
                inside: count(1..segments - 2),
                after: count(segments - 2..segments - 1),
                undated: count(segments - 1..segments),
                first,
            }
        });
        Ok((tallies.collect(), is_single.then_some(counts.table)))
    }

    /// The start of a row's event date; `None` when it is open.
    pub(super) fn anchor_of_start(&self, row: usize) -> Option<Time> {
        let start = self.facts.dataset.records.span(Field::WHEN, row as Row).map(|span| span.start);
        start.filter(|start| start.is_bounded())
    }

    /// Puts what reaches into the window, and strays, where they belong.
    fn correct(&self, view: &View<'_>, strays: &[(Row, Time)], tallies: &mut [Tally]) {
        for row in view.around.reaching.iter().filter(|row| view.selection.contains(**row as Row)) {
            if let Some(tally) = tallies.get_mut(view.numbers.of(*row) as usize) {
                tally.before = tally.before.saturating_sub(1);
                tally.inside += 1;
            }
        }
        for (row, anchor) in strays.iter().filter(|(row, _)| view.selection.contains(*row)) {
            let anchor = Some(*anchor).filter(|anchor| anchor.is_bounded());
            let side = self.places.extent(*row as usize).map(|extent| side(extent, view.query.window));
            if let Some(tally) = tallies.get_mut(view.numbers.of(*row as usize) as usize) {
                tally.count(anchor, side);
            }
        }
    }

    /// Adds the marks of lanes that have few records in the window.
    fn add_marks(
        &self,
        view: &View<'_>,
        strays: &[(Row, Time)],
        tallies: &[Tally],
        counts: Option<&LaneCounts>,
        lanes: &mut [(u32, Lane)],
        cancel: &Cancel,
    ) -> Result<(), Stop> {
        let mut places = vec![NO_SLOT; view.numbers.len()];
        let mut wanted = 0;
        for (place, (number, _)) in (0..).zip(lanes.iter()) {
            let inside = tallies.get(*number as usize).map_or(0, |tally| tally.inside);
            if inside <= u64::from(view.query.marks_max) {
                places[*number as usize] = place;
                wanted += inside;
            }
        }
        let mut rows: Vec<Vec<(Time, Row)>> = vec![Vec::new(); lanes.len()];
        let mut add = |row: usize| {
            let place = places.get(view.numbers.of(row) as usize).copied().unwrap_or(NO_SLOT);
            if let Some((rows, anchor)) = rows.get_mut(place as usize).zip(self.anchor(row)) {
                rows.push((anchor, row as Row));
            }
        };
        if wanted > 0 {
            starting_rows(view, &places, counts, cancel)?.into_iter().for_each(&mut add);
            view.around.reaching.iter().copied().filter(|row| view.selection.contains(*row as Row)).for_each(&mut add);
            let touches = |row: usize| self.places.extent(row).is_some_and(|extent| side(extent, view.query.window) == Side::Inside);
            let apart = strays.iter().filter(|(row, _)| view.selection.contains(*row) && touches(*row as usize));
            apart.for_each(|(row, _)| add(*row as usize));
        }
        for ((number, lane), rows) in lanes.iter_mut().zip(rows) {
            let is_few = places[*number as usize] != NO_SLOT;
            lane.marks = is_few.then(|| self.facts.marks(rows, view.query.colour, view.query.has_folded_repeats));
        }
        Ok(())
    }
}

/// The cells of the lanes that are answered, from counts of every cell or by a second pass.
fn write_cells(view: &View<'_>, single: Option<Vec<u32>>, lanes: &mut [(u32, Lane)], cancel: &Cancel) -> Result<(), Stop> {
    if !view.has_cells {
        return Ok(());
    }
    let cells = view.bounds.len() - 1;
    let write = |lane: &mut Lane, counts: Option<&[u32]>| {
        let indexed = (view.first_cell..).zip(counts.unwrap_or_default());
        lane.cells = indexed.filter(|(_, count)| **count > 0).map(|(index, count)| Cell { index, count: *count }).collect();
    };
    if let Some(table) = single {
        // Before the cells of a lane stand the rows before the window, behind them those after it and those without a date.
        let segments = cells + 3;
        for (number, lane) in lanes {
            let first = *number as usize * segments + 1;
            write(lane, table.get(first..first + cells));
        }
        return Ok(());
    }
    let mut slots = vec![NO_SLOT; view.numbers.len()];
    (0..).zip(lanes.iter()).for_each(|(slot, (number, _))| slots[*number as usize] = slot);
    let work = Counting { selection: view.regular, bounds: &view.bounds, slots: Some(&slots), slots_len: lanes.len(), cancel };
    let counts = with_numbers(view.numbers.column, work)?;
    for (place, (_, lane)) in lanes.iter_mut().enumerate() {
        write(lane, counts.table.get(place * cells..(place + 1) * cells));
    }
    Ok(())
}

/// Puts strays into the cells of their anchors.
fn correct_cells(view: &View<'_>, strays: &[(Row, Time)], lanes: &mut [(u32, Lane)]) {
    let window = view.query.window;
    for (row, anchor) in strays.iter().filter(|(row, anchor)| view.selection.contains(*row) && anchor.is_bounded()) {
        let number = view.numbers.of(*row as usize);
        if let Some((_, lane)) = lanes.iter_mut().find(|(own, _)| *own == number).filter(|_| window.contains(*anchor)) {
            let index = view.query.bucket.index(*anchor);
            match lane.cells.binary_search_by_key(&index, |cell| cell.index) {
                Ok(place) => lane.cells[place].count += 1,
                Err(place) => lane.cells.insert(place, Cell { index, count: 1 }),
            }
        }
    }
}

/// The rows that start in the window and belong to lanes that have a place.
fn starting_rows(view: &View<'_>, places: &[u32], counts: Option<&LaneCounts>, cancel: &Cancel) -> Result<Vec<usize>, Stop> {
    let ranges = match counts {
        Some(counts) => counts.ranges_with(places, view.around.starting.clone()),
        None => vec![view.around.starting.clone()],
    };
    let mut found = Vec::new();
    for rows in ranges {
        let work = Finding { selection: view.regular, rows, places, cancel };
        found.extend(with_numbers(view.numbers.column, work)?);
    }
    Ok(found)
}

/// Finds the rows of some lanes.
struct Finding<'a> {
    selection: &'a Selection,
    rows: Range<usize>,
    places: &'a [u32],
    cancel: &'a Cancel,
}

impl Work for Finding<'_> {
    type Out = Result<Vec<usize>, Stop>;

    fn run(self, numbers: &impl Numbered) -> Self::Out {
        let parts = super::bitmap::scan_range(self.rows.clone(), self.cancel, |rows, found: &mut Vec<usize>| {
            self.selection.for_each(rows, |row| {
                if self.places[numbers.at(row)] != NO_SLOT {
                    found.push(row);
                }
            });
        })?;
        Ok(parts.concat())
    }
}

/// The rows that are no strays.
fn without(selection: &Selection, strays: &[(Row, Time)]) -> Selection {
    if strays.is_empty() {
        return selection.clone();
    }
    let len = selection.len();
    let mut bits = selection.clone().into_bitmap();
    for (row, _) in strays {
        bits.remove(*row);
    }
    Selection::of(len, Arc::new(bits))
}

/// The lanes that have records, with their numbers; a single lane of everything also without any.
pub(super) fn lanes_of(query: &LanesQuery, numbers: &Numbers<'_>, tallies: &[Tally]) -> Vec<(u32, Lane)> {
    let lane = |(number, tally): (u32, &Tally)| {
        let is_there = tally.total > 0 || (query.lane.is_none() && number == numbers.words);
        let value = numbers.column.filter(|_| number != numbers.words).map(|column| column.value(number).to_owned());
        let Tally { total, before, after, undated, first, inside: _ } = *tally;
        is_there.then(|| (number, Lane { value, total, before, after, undated, first, cells: Vec::new(), marks: None }))
    };
    (0..).zip(tallies).filter_map(lane).collect()
}

/// How many cells the window covers; far too many where it is open.
pub(super) fn cells_of(query: &LanesQuery) -> usize {
    let (first, last) = (query.bucket.index(query.window.start), query.bucket.index(query.window.end.plus_us(-1)));
    let cells = i128::from(last) - i128::from(first) + 1;
    usize::try_from(cells.max(0)).unwrap_or(usize::MAX)
}
