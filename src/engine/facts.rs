//! What both engines know of a dataset beforehand: repeats, the colour ranks of values, the fields; it answers nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ROWS_PER_LOOK, Stop, in_parts, look};
use crate::claims::Repeats;
use crate::data::{Category, Codes, Column, Dataset, Field, FieldInfo, FieldKind, Row};
use crate::work::Cancel;

/// What is known of a dataset before any question.
pub(super) struct Facts {
    /// The dataset.
    pub(super) dataset: Arc<Dataset>,
    /// Which records carry one statement.
    pub(super) repeats: Repeats,
    /// The values of each category by count.
    pub(super) rankings: BTreeMap<Field, Ranking>,
    /// The fields that some record has.
    pub(super) fields: Vec<FieldInfo>,
}

/// The values of a category by their counts over the whole file, most first, of equals by value.
pub(super) struct Ranking {
    /// Records by code, over the whole file.
    pub(super) totals: Vec<u64>,
    /// The rank of each code.
    pub(super) ranks: Vec<u32>,
    /// The codes that occur, by rank.
    pub(super) order: Vec<u32>,
}

impl Facts {
    /// The short names of sources by their names, for fields that hold names of sources.
    pub(super) fn short_names(&self, field: Field) -> BTreeMap<&str, &str> {
        if !matches!(field, Field::ORIGINATOR | Field::OUTLET) {
            return BTreeMap::new();
        }
        let named = self.dataset.sources.iter().filter_map(|source| Some((source.name.as_str(), source.short.as_deref()?)));
        named.collect()
    }

    /// Looks through a dataset.
    pub(super) fn build(dataset: Arc<Dataset>, cancel: &Cancel) -> Result<Self, Stop> {
        let repeats = Repeats::find(&dataset, &|| cancel.is_cancelled()).ok_or(Stop::Cancelled)?;
        let mut fields = dataset.records.fields();
        let mut rankings = BTreeMap::new();
        for info in &mut fields {
            if let Some(column) = dataset.records.category(info.field) {
                let ranking = Ranking::of(column, cancel)?;
                info.distinct = Some(ranking.order.len() as u32);
                rankings.insert(info.field, ranking);
            }
        }
        Ok(Self { dataset, repeats, rankings, fields })
    }

    /// Looks through a dataset, whatever happens.
    pub(super) fn build_whole(dataset: Arc<Dataset>) -> Self {
        let nothing = Self { dataset: Arc::clone(&dataset), repeats: Repeats::default(), rankings: BTreeMap::new(), fields: Vec::new() };
        Self::build(dataset, &Cancel::default()).unwrap_or(nothing)
    }

    /// The column whose values make lanes, facets or groups; `None` when no record has a value.
    pub(super) fn category(&self, field: Field, purpose: &str) -> Result<Option<&Category>, Stop> {
        let refuse = |what: &str| {
            let key = Field::OWN.iter().find(|own| own.0 == field).map(|own| own.1);
            let key = key.or_else(|| self.fields.iter().find(|info| info.field == field).map(|info| info.key.as_str()));
            let key = key.unwrap_or("this field");
            Err(Stop::Refused(format!("{key} cannot make {purpose}: it holds {what}; choose a field of categories")))
        };
        match self.dataset.records.column(field) {
            Some(Column::Category(column)) => Ok(Some(column)),
            Some(Column::Text(_)) => refuse("free text"),
            Some(Column::Number(_)) => refuse("numbers"),
            Some(Column::Dates(_)) => refuse("dates"),
            None => match Field::OWN.iter().find(|own| own.0 == field).map(|own| own.3) {
                Some(FieldKind::Category) => Ok(None),
                Some(FieldKind::Text) => refuse("free text"),
                Some(FieldKind::Number) => refuse("numbers"),
                Some(FieldKind::Date) => refuse("dates"),
                None => refuse("nothing in this file"),
            },
        }
    }

    /// The colour rank of a row: the rank of its value in a field.
    pub(super) fn colour(&self, field: Option<Field>, row: Row) -> Option<u32> {
        let field = field?;
        let code = self.dataset.records.category(field)?.code(row as usize)?;
        self.rankings.get(&field)?.ranks.get(code as usize).copied()
    }
}

impl Ranking {
    fn of(column: &Category, cancel: &Cancel) -> Result<Self, Stop> {
        let totals = totals(column, cancel)?;
        let mut order: Vec<u32> = (0..totals.len() as u32).filter(|code| totals[*code as usize] > 0).collect();
        order.sort_unstable_by(|a, b| totals[*b as usize].cmp(&totals[*a as usize]).then_with(|| column.value(*a).cmp(column.value(*b))));
        let mut ranks = vec![u32::MAX; totals.len()];
        for (rank, code) in order.iter().enumerate() {
            ranks[*code as usize] = rank as u32;
        }
        Ok(Self { totals, ranks, order })
    }
}

/// How many records have each code.
fn totals(column: &Category, cancel: &Cancel) -> Result<Vec<u64>, Stop> {
    let words = column.words() as usize;
    if let Codes::Same { code, len } = &column.codes {
        let mut totals = vec![0; words];
        if let Some(total) = totals.get_mut(*code as usize) {
            *total = *len as u64;
        }
        return Ok(totals);
    }
    let parts = in_parts(column.len(), |rows| {
        let mut counts = vec![0_u32; words];
        let mut start = rows.start;
        while start < rows.end {
            look(cancel, 0)?;
            let own = start..(start + ROWS_PER_LOOK as usize).min(rows.end);
            start = own.end;
            column.for_each_code(own, |_, code| {
                if let Some(count) = code.and_then(|code| counts.get_mut(code as usize)) {
                    *count += 1;
                }
            });
        }
        Ok(counts)
    })?;
    let mut totals = vec![0_u64; words];
    for part in parts {
        totals.iter_mut().zip(part).for_each(|(total, count)| *total += u64::from(count));
    }
    Ok(totals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{World, event};

    #[test]
    fn ranks_go_by_count_over_the_whole_file_and_then_by_value() {
        let dataset = World::new()
            .with_all(&[event("1").place("B"), event("2").place("C"), event("3").place("C"), event("4").place("A"), event("5")])
            .build();
        let facts = Facts::build(dataset, &Cancel::default()).unwrap();
        let places = facts.dataset.records.category(Field::PLACE).unwrap();
        let ranking = &facts.rankings[&Field::PLACE];
        let order: Vec<&str> = ranking.order.iter().map(|code| places.value(*code)).collect();
        assert_eq!(order, ["C", "A", "B"]);
        assert_eq!(facts.colour(Some(Field::PLACE), 0), Some(2));
        assert_eq!(facts.colour(Some(Field::PLACE), 4), None);
    }

    #[test]
    fn words_of_a_closed_list_that_nobody_uses_are_not_counted_as_values() {
        let dataset = World::new().with(&event("1")).build();
        let facts = Facts::build(dataset, &Cancel::default()).unwrap();
        assert_eq!(facts.fields.iter().find(|info| info.field == Field::KIND).unwrap().distinct, Some(1));
    }

    #[test]
    fn lanes_of_text_are_refused_with_the_reason() {
        let dataset = World::new().with(&event("1").title("x")).build();
        let facts = Facts::build(dataset, &Cancel::default()).unwrap();
        let Err(Stop::Refused(why)) = facts.category(Field::TITLE, "lanes") else { panic!("not refused") };
        assert_eq!(why, "title cannot make lanes: it holds free text; choose a field of categories");
        assert!(facts.category(Field::FROM, "lanes").unwrap().is_none());
    }
}
