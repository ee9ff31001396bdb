//! Repeats (rule 3): one statement carried by many records; it knows nothing of filters.

use rustc_hash::FxHashMap;

use super::counters::{CountKey, Counter, count_key};
use crate::data::{Basis, Dataset, Field, Qualifier, Quantity, Row, Status};
use crate::time::{Span, Time};

/// Which records are carriers of one statement: a partition of the whole dataset, the same under every filter.
///
/// Records are alike when counter, metric, unit, from, to, item (of levels also the place), basis, value, low, high and the kind of status
/// (live, expected, denied, retracted, removed) are equal. Alike records are one statement when their times agree:
/// - totals and levels: the spans of the as-of dates are equal. A missing as-of equals any, which is not transitive; so the groups of one
///   exact as-of are made first, and all records without one join the largest of them, of equals the earliest;
/// - increments and numbers without a basis: the times are equal or overlap, which is not transitive either; so in order of start each
///   joins the earliest group whose first record it overlaps. The time is the event date, else the as-of date; without one nothing agrees.
///
/// At least and at most never merge: where both occur in a group, the at most ones are a group of their own.
#[derive(Clone, Debug, Default)]
pub struct Repeats {
    /// The group of each row, or [`ALONE`]; empty when there are no repeats at all.
    group_of: Vec<u32>,
    /// The rows of each group in ascending order, groups by their first row.
    groups: Vec<Box<[Row]>>,
}

const ALONE: u32 = u32::MAX;

/// Rows between two looks at whether to stop.
const ROWS_PER_LOOK: Row = 4096;

#[derive(PartialEq, Eq, Hash)]
struct Alike {
    key: CountKey,
    basis: Option<Basis>,
    numbers: [Option<u64>; 3],
    status: Status,
}

impl Repeats {
    /// Finds the repeats of a dataset; `None` when asked to stop.
    pub fn find(dataset: &Dataset, is_stopped: &dyn Fn() -> bool) -> Option<Self> {
        if dataset.is_coded() || dataset.chains.is_empty() {
            return Some(Self::default());
        }
        let mut index: FxHashMap<Alike, usize> = FxHashMap::default();
        let mut alike: Vec<Vec<Row>> = Vec::new();
        for row in 0..dataset.records.len() as Row {
            if row % ROWS_PER_LOOK == 0 && is_stopped() {
                return None;
            }
            let Some(key) = alike_key(dataset, row) else { continue };
            let place = *index.entry(key).or_insert(alike.len());
            match alike.get_mut(place) {
                Some(rows) => rows.push(row),
                None => alike.push(vec![row]),
            }
        }
        let mut groups: Vec<Box<[Row]>> = Vec::new();
        for rows in alike.into_iter().filter(|rows| rows.len() > 1) {
            if is_stopped() {
                return None;
            }
            groups.extend(statements(dataset, &rows).into_iter().filter(|rows| rows.len() > 1).map(Vec::into_boxed_slice));
        }
        groups.sort_unstable();
        let mut group_of = if groups.is_empty() { Vec::new() } else { vec![ALONE; dataset.records.len()] };
        for (group, rows) in groups.iter().enumerate() {
            for row in rows {
                group_of[*row as usize] = group as u32;
            }
        }
        Some(Self { group_of, groups })
    }

    /// The group of a row; `None` when it is alone.
    pub fn group(&self, row: Row) -> Option<u32> {
        self.group_of.get(row as usize).copied().filter(|group| *group != ALONE)
    }

    /// All carriers of the row's statement in ascending order, itself among them; empty when it is alone.
    pub fn carriers(&self, row: Row) -> &[Row] {
        self.group(row).and_then(|group| self.groups.get(group as usize)).map_or(&[], |rows| rows)
    }

    /// How many statements have several carriers.
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// Is the row the one that stands for its statement, among the carriers that are eligible? It is itself eligible.
    pub fn is_first(&self, row: Row, is_eligible: impl Fn(Row) -> bool) -> bool {
        !self.carriers(row).iter().take_while(|other| **other < row).any(|other| is_eligible(*other))
    }
}

/// Do carriers differ in their qualifier? No qualifier is the same as exact.
pub fn has_drift(dataset: &Dataset, carriers: &[Row]) -> bool {
    let mut qualifiers = carriers.iter().filter_map(|row| dataset.records.quantity(*row)).map(|q| q.qualifier.unwrap_or(Qualifier::Exact));
    let first = qualifiers.next();
    qualifiers.any(|other| Some(other) != first)
}

/// Are two records carriers of one statement by themselves, without the help of a third?
pub fn is_same_statement(dataset: &Dataset, one: Row, other: Row) -> bool {
    let Some((key, other_key)) = alike_key(dataset, one).zip(alike_key(dataset, other)) else { return false };
    let qualifiers = [one, other].map(|row| dataset.records.quantity(row).and_then(|quantity| quantity.qualifier));
    let is_apart = qualifiers.contains(&Some(Qualifier::AtLeast)) && qualifiers.contains(&Some(Qualifier::AtMost));
    key == other_key && !is_apart && {
        if is_by_as_of(key.basis) {
            let as_ofs = [one, other].map(|row| dataset.records.span(Field::AS_OF, row));
            as_ofs[0].is_none() || as_ofs[1].is_none() || as_ofs[0] == as_ofs[1]
        } else {
            time_of(dataset, one).zip(time_of(dataset, other)).is_some_and(|(one, other)| one.overlaps(other))
        }
    }
}

/// What must be equal; `None` for a record that is never a repeat.
fn alike_key(dataset: &Dataset, row: Row) -> Option<Alike> {
    if dataset.coded(row).is_some() {
        return None;
    }
    let key = count_key(dataset, row).filter(|key| key.counter != Counter::Unnamed)?;
    let quantity = dataset.records.quantity(row).filter(Quantity::has_figure)?;
    let bits = |number: Option<f64>| number.map(|number| (number + 0.0).to_bits());
    let status = match dataset.records.status(row) {
        Status::Reported | Status::Assessed | Status::Confirmed => Status::Reported,
        other => other,
    };
    Some(Alike { key, basis: quantity.basis, numbers: [bits(quantity.value), bits(quantity.low), bits(quantity.high)], status })
}

fn is_by_as_of(basis: Option<Basis>) -> bool {
    matches!(basis, Some(Basis::Total | Basis::Level))
}

/// The time of an increment.
fn time_of(dataset: &Dataset, row: Row) -> Option<Span> {
    dataset.records.span(Field::WHEN, row).or_else(|| dataset.records.span(Field::AS_OF, row))
}

/// The statements that alike records make.
fn statements(dataset: &Dataset, rows: &[Row]) -> Vec<Vec<Row>> {
    let basis = rows.first().and_then(|row| dataset.records.quantity(*row)).and_then(|quantity| quantity.basis);
    let groups = if is_by_as_of(basis) { by_as_of(dataset, rows) } else { by_time(dataset, rows) };
    groups.into_iter().flat_map(|rows| apart(dataset, rows)).collect()
}

fn by_as_of(dataset: &Dataset, rows: &[Row]) -> Vec<Vec<Row>> {
    let mut groups: Vec<((Time, Time), Vec<Row>)> = Vec::new();
    let mut without = Vec::new();
    let mut index: FxHashMap<(Time, Time), usize> = FxHashMap::default();
    for row in rows {
        let Some(span) = dataset.records.span(Field::AS_OF, *row) else {
            without.push(*row);
            continue;
        };
        let place = *index.entry((span.start, span.end)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, rows)) => rows.push(*row),
            None => groups.push(((span.start, span.end), vec![*row])),
        }
    }
    let largest = groups.iter_mut().max_by_key(|(span, rows)| (rows.len(), std::cmp::Reverse(*span)));
    match largest {
        Some((_, rows)) => {
            rows.extend(without);
            rows.sort_unstable();
        }
        None => return vec![without],
    }
    groups.into_iter().map(|(_, rows)| rows).collect()
}

fn by_time(dataset: &Dataset, rows: &[Row]) -> Vec<Vec<Row>> {
    let mut timed: Vec<(Span, Row)> = rows.iter().filter_map(|row| Some((time_of(dataset, *row)?, *row))).collect();
    timed.sort_unstable_by_key(|(span, row)| (span.start, span.end, *row));
    let mut groups: Vec<(Span, Vec<Row>)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (span, row) in timed {
        open.retain(|group| groups[*group].0.end > span.start || groups[*group].0.start == span.start);
        if let Some(group) = open.iter().find(|group| groups[**group].0.overlaps(span)) {
            groups[*group].1.push(row);
        } else {
            open.push(groups.len());
            groups.push((span, vec![row]));
        }
    }
    let mut groups: Vec<Vec<Row>> = groups.into_iter().map(|(_, rows)| rows).collect();
    for rows in &mut groups {
        rows.sort_unstable();
    }
    groups
}

/// Parts the at most ones from a group that has at least ones too.
fn apart(dataset: &Dataset, rows: Vec<Row>) -> Vec<Vec<Row>> {
    let is = |row: &Row, qualifier| dataset.records.quantity(*row).is_some_and(|quantity| quantity.qualifier == Some(qualifier));
    if !rows.iter().any(|row| is(row, Qualifier::AtLeast)) || !rows.iter().any(|row| is(row, Qualifier::AtMost)) {
        return vec![rows];
    }
    let (at_most, others) = rows.into_iter().partition(|row| is(row, Qualifier::AtMost));
    vec![others, at_most]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Sheet, World, claim};

    fn groups(sheets: &[Sheet]) -> Vec<Vec<String>> {
        let dataset = World::new().with_all(sheets).build();
        let repeats = Repeats::find(&dataset, &|| false).unwrap();
        repeats.groups.iter().map(|rows| rows.iter().map(|row| dataset.records.address(*row)).collect()).collect()
    }

    fn killed(id: &str) -> Sheet {
        claim(id).counts("killed", 300.0).said_by(&["bbc", "nis"]).basis(Basis::Total)
    }

    #[test]
    fn rule_3_equal_claims_of_one_counter_are_one_claim_with_many_carriers() {
        let found = groups(&[
            killed("a").as_of("2025-01-13"),
            killed("b").as_of("2025-01-13").said_by(&["afp", "yonhap", "nis"]),
            killed("c").as_of("2025-01-13").said_by(&["hur"]),
            killed("d").as_of("2025-01-14"),
            killed("e").as_of("2025-01-13").from("DPRK"),
            killed("f").as_of("2025-01-13").counts("killed", 301.0),
        ]);
        assert_eq!(found, [["a", "b"]]);
    }

    #[test]
    fn rule_3_a_missing_as_of_joins_the_largest_group_and_of_equals_the_earliest() {
        let found =
            groups(&[killed("a1").as_of("2025-01-13"), killed("b1").as_of("2025-01-14"), killed("b2").as_of("2025-01-14"), killed("x")]);
        assert_eq!(found, [vec!["b1", "b2", "x"]]);
        let found = groups(&[killed("b").as_of("2025-01-14"), killed("a").as_of("2025-01-13"), killed("x")]);
        assert_eq!(found, [vec!["a", "x"]]);
        assert_eq!(groups(&[killed("x"), killed("y")]), [["x", "y"]]);
    }

    #[test]
    fn rule_3_increments_are_repeats_when_their_times_overlap() {
        let loss = |id: &str, when: &str| claim(id).counts("killed", 20.0).said_by(&["hur"]).increment().when(when);
        let found =
            groups(&[loss("a", "2025-01-01/2025-01-05"), loss("b", "2025-01-04"), loss("c", "2025-01-06"), loss("d", "2025-01-06")]);
        assert_eq!(found, [["a", "b"], ["c", "d"]]);
        let undated = claim("x").counts("killed", 20.0).said_by(&["hur"]).increment();
        assert!(groups(&[undated.clone(), undated]).is_empty());
    }

    #[test]
    fn rule_3_at_least_and_at_most_never_merge_but_other_qualifiers_drift() {
        let as_of = |id: &str, qualifier| killed(id).as_of("2025-01-13").qualified(qualifier);
        let found = groups(&[
            as_of("a", Qualifier::AtLeast),
            as_of("b", Qualifier::AtMost),
            as_of("c", Qualifier::About),
            as_of("d", Qualifier::AtMost),
        ]);
        assert_eq!(found, [["a", "c"], ["b", "d"]]);
        let dataset = World::new().with_all(&[as_of("a", Qualifier::AtLeast), as_of("c", Qualifier::About)]).build();
        assert!(has_drift(&dataset, &[0, 1]));
        assert!(!has_drift(&dataset, &[0]));
    }

    #[test]
    fn rule_3_without_a_counter_or_a_number_nothing_is_a_repeat() {
        let nobody = claim("a").counts("killed", 300.0).basis(Basis::Total).as_of("2025-01-13");
        assert!(groups(&[nobody.clone(), nobody, killed("c")]).is_empty());
        let none = claim("a").names("killed").said_by(&["nis"]).basis(Basis::Total);
        assert!(groups(&[none.clone(), none]).is_empty());
    }

    #[test]
    fn rule_3_rows_of_coded_datasets_are_never_repeats() {
        let dataset = World::coded("UCDP").with(&killed("a")).with(&killed("b")).build();
        assert_eq!(Repeats::find(&dataset, &|| false).unwrap().groups(), 0);
        assert!(!is_same_statement(&dataset, 0, 1));
    }

    #[test]
    fn a_denial_is_not_a_carrier_of_what_it_denies() {
        let found = groups(&[killed("a"), killed("b").status(Status::Denied), killed("c").status(Status::Confirmed)]);
        assert_eq!(found, [["a", "c"]]);
    }

    #[test]
    fn the_first_eligible_carrier_stands_for_a_statement() {
        let dataset = World::new().with_all(&[killed("a"), killed("b"), killed("c")]).build();
        let repeats = Repeats::find(&dataset, &|| false).unwrap();
        assert!(repeats.is_first(0, |_| true));
        assert!(!repeats.is_first(1, |_| true));
        assert!(repeats.is_first(1, |row| row != 0));
    }
}
