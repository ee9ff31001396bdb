//! `Query::Neighbour`: rows are in the order of their anchors but for strays, so that the next one of a lane is found by looking on from here.

use super::Memory;
use super::bitmap::{CHUNK_ROWS, Selection};
use super::lanes::Numbers;
use crate::data::{Field, Row};
use crate::engine::Stop;
use crate::engine::place::start_of;
use crate::query::{Beside, Filter};
use crate::time::Time;
use crate::work::Cancel;

impl Memory {
    pub(super) fn neighbour(
        &self,
        from: Beside,
        lane: Option<Field>,
        filter: &Filter,
        is_next: bool,
        cancel: &Cancel,
    ) -> Result<Option<Row>, Stop> {
        let Some((here, lane)) = start_of(from, lane, is_next, |row| self.anchor(row as usize)) else {
            return self.lane_numbers(lane).map(|_| None);
        };
        let numbers = self.lane_numbers(lane)?;
        let selection = self.select(filter, cancel)?;
        let (anchor, row) = here;
        let Some(strays) = self.places.strays() else { return self.neighbour_apart(here, &numbers, &selection, is_next, cancel) };
        let lane = numbers.of(row as usize);
        let is_wanted = |there: (Time, Row)| {
            let is_beyond = if is_next { there > here } else { there < here };
            is_beyond && selection.contains(there.1) && numbers.of(there.1 as usize) == lane
        };
        let is_stray = |row: usize| strays.binary_search_by_key(&(row as Row), |stray| stray.0).is_ok();
        let regular = |row: &usize| {
            let start = self.anchor_of_start(*row).filter(|_| !is_stray(*row));
            start.is_some_and(|start| is_wanted((start, *row as Row)))
        };
        // Rows of one moment stand side by side: what is drawn where this row is drawn may stand on either side of it.
        let (first, beyond) = (self.places.row_at(anchor), self.places.row_at(anchor.plus_us(1)));
        let dated = self.places.dated();
        let mut found = None;
        let mut done = 0;
        let reach = if is_next { dated - first } else { beyond };
        while found.is_none() && done < reach {
            if cancel.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            let chunk = done..(done + CHUNK_ROWS).min(reach);
            done = chunk.end;
            found = if is_next {
                (first + chunk.start..first + chunk.end).find(regular)
            } else {
                (beyond - chunk.end..beyond - chunk.start).rev().find(regular)
            };
        }
        let regular = found.and_then(|row| Some((self.anchor_of_start(row)?, row as Row)));
        let apart = strays.iter().map(|(row, anchor)| (*anchor, *row)).filter(|there| there.0.is_bounded() && is_wanted(*there));
        let all = apart.chain(regular);
        Ok((if is_next { all.min() } else { all.max() }).map(|(_, row)| row))
    }

    /// The same where records may be drawn anywhere.
    fn neighbour_apart(
        &self,
        here: (Time, Row),
        numbers: &Numbers<'_>,
        selection: &Selection,
        is_next: bool,
        cancel: &Cancel,
    ) -> Result<Option<Row>, Stop> {
        let lane = numbers.of(here.1 as usize);
        let parts = selection.scan(cancel, |rows, best: &mut Option<(Time, Row)>| {
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
