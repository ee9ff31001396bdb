//! `Query::Lanes` and `Query::Neighbour` in plain loops.

use std::collections::BTreeMap;

use super::Naive;
use crate::data::{Field, Row};
use crate::engine::place::{Side, extent, side, start_of};
use crate::engine::{Stop, look};
use crate::query::{Beside, Cell, Filter, Lane, LaneSort, LanesAnswer, LanesQuery};
use crate::time::Time;
use crate::work::Cancel;

#[derive(Default)]
struct Growing {
    lane: Lane,
    cells: BTreeMap<i64, u32>,
    touching: Vec<(Time, Row)>,
}

impl Naive {
    pub(super) fn lanes(&self, query: &LanesQuery, cancel: &Cancel) -> Result<LanesAnswer, Stop> {
        let records = &self.facts.dataset.records;
        let column = match query.lane {
            Some(field) => self.facts.category(field, "lanes")?,
            None => None,
        };
        let rows = self.rows_in(&query.filter, None, cancel)?;
        let mut growing: BTreeMap<Option<&str>, Growing> = BTreeMap::new();
        if query.lane.is_none() {
            growing.insert(None, Growing::default());
        }
        let mut undated = 0;
        for row in &rows {
            look(cancel, *row)?;
            let lane = growing.entry(column.and_then(|column| column.get(*row as usize))).or_default();
            lane.lane.total += 1;
            let Some((anchor, extent)) = self.facts.anchor(*row).zip(extent(records, *row)) else {
                lane.lane.undated += 1;
                undated += 1;
                continue;
            };
            lane.lane.first = Some(lane.lane.first.map_or(anchor, |first| first.min(anchor)));
            match side(extent, query.window) {
                Side::Before => lane.lane.before += 1,
                Side::After => lane.lane.after += 1,
                Side::Inside => lane.touching.push((anchor, *row)),
            }
            if query.window.contains(anchor) {
                *lane.cells.entry(query.bucket.index(anchor)).or_default() += 1;
            }
        }
        let lanes_total = growing.len() as u64;
        let mut lanes: Vec<Lane> = Vec::new();
        for (value, growing) in growing {
            let is_few = growing.touching.len() <= query.marks_max as usize;
            lanes.push(Lane {
                value: value.map(str::to_owned),
                cells: growing.cells.into_iter().map(|(index, count)| Cell { index, count }).collect(),
                marks: is_few.then(|| self.facts.marks(growing.touching, query.colour, query.has_folded_repeats)),
                ..growing.lane
            });
        }
        sort_lanes(&mut lanes, query.sort, |lane| lane);
        lanes.truncate(query.lanes_max as usize);
        Ok(LanesAnswer { lanes, lanes_total, matching: rows.len() as u64, undated })
    }

    pub(super) fn neighbour(
        &self,
        from: Beside,
        lane: Option<Field>,
        filter: &Filter,
        is_next: bool,
        cancel: &Cancel,
    ) -> Result<Option<Row>, Stop> {
        let category = |lane: Option<Field>| lane.map_or(Ok(None), |field| self.facts.category(field, "lanes"));
        let len = self.facts.dataset.records.len();
        let anchor = |row: Row| ((row as usize) < len).then(|| self.facts.anchor(row)).flatten();
        let Some((here, lane)) = start_of(from, lane, is_next, anchor) else { return category(lane).map(|_| None) };
        let column = category(lane)?;
        let value = |row: Row| column.filter(|_| (row as usize) < len).and_then(|column| column.get(row as usize));
        let there = self
            .rows_in(filter, None, cancel)?
            .into_iter()
            .filter(|other| value(*other) == value(here.1))
            .filter_map(|other| Some((self.facts.anchor(other)?, other)));
        let found = if is_next { there.filter(|other| *other > here).min() } else { there.filter(|other| *other < here).max() };
        Ok(found.map(|(_, row)| row))
    }
}

/// Puts lanes in order: equals by name, and records without a value last.
pub(in crate::engine) fn sort_lanes<T>(lanes: &mut [T], sort: LaneSort, lane: impl Fn(&T) -> &Lane) {
    lanes.sort_by(|a, b| {
        let (a, b) = (lane(a), lane(b));
        let by_sort = match sort {
            LaneSort::Count => b.total.cmp(&a.total),
            LaneSort::First => a.first.is_none().cmp(&b.first.is_none()).then(a.first.cmp(&b.first)),
            LaneSort::Name => std::cmp::Ordering::Equal,
        };
        a.value.is_none().cmp(&b.value.is_none()).then(by_sort).then_with(|| a.value.cmp(&b.value))
    });
}
