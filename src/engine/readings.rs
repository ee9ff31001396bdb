//! How records of totals and levels become readings: the assembly of `Query::Claims`, the same for both engines; it chooses no records.

use rustc_hash::FxHashMap;

use super::facts::Facts;
use super::place::point;
use crate::claims::{CountKey, count_key, counter, counter_name, counter_short};
use crate::data::{Basis, Field, Quantity, Row, Status};
use crate::query::{Aside, ClaimsAnswer, ClaimsQuery, Reading};
use crate::time::Time;

/// Is the record a reading at all: a total or a level with a number? If not, it is counted aside.
pub(super) fn is_reading(quantity: &Quantity<'_>, aside: &mut Aside) -> bool {
    aside.records += 1;
    if !quantity.has_figure() {
        aside.no_figure += 1;
        return false;
    }
    let is_reading = matches!(quantity.basis, Some(Basis::Total | Basis::Level));
    aside.other_basis += u64::from(!is_reading);
    is_reading
}

/// The readings of records that pass, have the metric and are readings, in ascending order of rows.
///
/// All carriers of one statement are one reading, at the date of the first carrier that has the date asked for, by date, then row;
/// a statement of which no carrier has that date is undated. Expected, denied, retracted and removed readings are answered and counted aside as well.
pub(super) fn readings(facts: &Facts, query: &ClaimsQuery, rows: &[Row], mut aside: Aside) -> ClaimsAnswer {
    let records = &facts.dataset.records;
    let mut statements: Vec<Vec<Row>> = Vec::new();
    let mut place_of_group: FxHashMap<u32, usize> = FxHashMap::default();
    for row in rows {
        match records.status(*row) {
            Status::Expected => aside.expected += 1,
            Status::Denied => aside.denied += 1,
            Status::Retracted => aside.retracted += 1,
            Status::Removed => aside.removed += 1,
            Status::Reported | Status::Assessed | Status::Confirmed => {}
        }
        let place = facts.repeats.group(*row).map_or(statements.len(), |group| *place_of_group.entry(group).or_insert(statements.len()));
        match statements.get_mut(place) {
            Some(carriers) => carriers.push(*row),
            None => statements.push(vec![*row]),
        }
    }
    let mut dated: Vec<(Time, Row, Vec<Row>)> = Vec::new();
    for carriers in statements {
        let date = |row: &Row| Some((records.span(query.date.field(), *row).and_then(point)?, *row));
        match carriers.iter().filter_map(date).min() {
            Some((time, row)) => {
                aside.repeats += carriers.len() as u64 - 1;
                dated.push((time, row, carriers));
            }
            None => aside.undated += carriers.len() as u64,
        }
    }
    dated.sort_unstable();
    let left_out = dated.len().saturating_sub(query.readings_max as usize) as u64;
    dated.truncate(query.readings_max as usize);
    let mut line_of: FxHashMap<(Option<CountKey>, Option<Basis>), u32> = FxHashMap::default();
    let readings = dated
        .into_iter()
        .filter_map(|(_, row, carriers)| {
            let next = line_of.len() as u32;
            let basis = records.quantity(row).and_then(|quantity| quantity.basis);
            let line = *line_of.entry((count_key(&facts.dataset, row), basis)).or_insert(next);
            reading(facts, query, line, row, &carriers)
        })
        .collect();
    ClaimsAnswer { readings, left_out, aside }
}

fn reading(facts: &Facts, query: &ClaimsQuery, line: u32, row: Row, carriers: &[Row]) -> Option<Reading> {
    let records = &facts.dataset.records;
    let who = counter(&facts.dataset, row);
    let mut all = vec![row];
    all.extend(carriers.iter().copied().filter(|other| *other != row));
    Some(Reading {
        row,
        id: records.address(row),
        line,
        counter: counter_name(&facts.dataset, who).map(str::to_owned),
        counter_short: counter_short(&facts.dataset, who).map(str::to_owned),
        figure: facts.figure(row)?,
        from: facts.text(Field::FROM, row),
        to: facts.text(Field::TO, row),
        place: facts.text(Field::PLACE, row),
        date: records.when(query.date.field(), row)?,
        status: records.status(row),
        colour: facts.colour(query.colour, row),
        articles: facts.articles_of(&all),
        has_drift: facts.has_drift(&all),
        carriers: all,
    })
}
