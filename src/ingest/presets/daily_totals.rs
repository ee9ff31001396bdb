//! The preset for tables of daily cumulative totals: one row a day, and columns of numbers that hardly ever fall.

use super::{Preset, Seen};
use crate::data::{Basis, Qualifier, Vocabulary as _};
use crate::ingest::mapping::{Mapping, Measured, Role};
use crate::ingest::names;
use crate::ingest::totals::{Days, Growth, Series};

/// The preset.
pub(super) const DAILY_TOTALS: Preset = Preset { key: "daily_totals", fits, apply };

/// Words beside a number that are not those of the model.
const QUALIFIERS: &[(&str, &str)] = &[("more", "at_least"), ("over", "at_least"), ("less", "at_most"), ("approximately", "about")];

/// Columns that stand beside the dead of an illness, and those beside the dead of a war.
const OF_ILLNESS: &[&str] =
    &["confirmed", "confirmed_cases", "cases", "total_cases", "recovered", "recoveries", "tested", "tests", "vaccinated", "hospitalized"];
const OF_WAR: &[&str] = &["wounded", "captured", "missing", "personnel"];

/// At least two columns are totals, one of them surely.
fn fits(seen: &Seen<'_>, mapping: &Mapping) -> bool {
    let found = totals(seen, mapping);
    found.len() >= 2 && found.iter().any(|(_, growth, _)| *growth == Growth::Steady)
}

/// The columns of totals: how surely they are, and the last day of those that have ended.
fn totals(seen: &Seen<'_>, mapping: &Mapping) -> Vec<(usize, Growth, Option<String>)> {
    let may_be = |column: &usize| {
        let map = &mapping.columns[*column];
        map.is_numeric && matches!(map.role, Role::Extra | Role::Measured | Role::Value)
    };
    let Some(days) = Days::of(mapping, seen.sample) else { return Vec::new() };
    let total = |column: usize| {
        let series = Series::of(&days, mapping, seen.sample, column)?;
        let is_metric = mapping.columns[column].role == Role::Measured;
        // Beside totals, a metric that has only a few numbers is one too. What has no name of a metric may count days or rows.
        let growth = if is_metric && series.may_grow() { Growth::Slow } else { series.growth() };
        (growth != Growth::None && (is_metric || !series.is_index())).then(|| (column, growth, series.until()))
    };
    (0..mapping.columns.len()).filter(may_be).filter_map(total).collect()
}

/// Each total is a metric; one that the mapping knows already keeps its name and unit.
fn apply(mapping: &mut Mapping, seen: &Seen<'_>) {
    for (column, _, until) in totals(seen, mapping) {
        mapping.columns[column].role = Role::Measured;
        let known = mapping.measured.iter().position(|measured| measured.value == Some(column));
        let index = known.unwrap_or_else(|| {
            let metric = names::plain_name(&mapping.columns[column].name);
            mapping.measured.push(Measured { metric, value: Some(column), ..Measured::default() });
            mapping.measured.len() - 1
        });
        let qualifier = qualifier_of(mapping, seen, column);
        let measured = &mut mapping.measured[index];
        (measured.basis, measured.until, measured.qualifier) = (Basis::Total, until, qualifier);
    }
    if is_of_illness(mapping) {
        mapping
            .measured
            .iter_mut()
            .filter(|measured| measured.metric == "killed")
            .for_each(|measured| "deaths".clone_into(&mut measured.metric));
    }
}

/// Do the numbers tell of an illness? Its dead were not killed by anybody.
fn is_of_illness(mapping: &Mapping) -> bool {
    let has = |names: &[&str]| mapping.measured.iter().any(|measured| names.contains(&measured.metric.as_str()));
    has(OF_ILLNESS) && !has(OF_WAR)
}

/// The column of words beside a number: `personnel*` beside `personnel`.
fn qualifier_of(mapping: &mut Mapping, seen: &Seen<'_>, column: usize) -> Option<usize> {
    let starred = format!("{}*", mapping.columns[column].name);
    let found = mapping.columns.iter().position(|other| other.name == starred)?;
    let known = |cell: &str| Qualifier::parse(cell).is_some() || QUALIFIERS.iter().any(|(word, _)| word.eq_ignore_ascii_case(cell));
    if !seen.filled(found).all(known) {
        return None;
    }
    let map = &mut mapping.columns[found];
    map.role = Role::Qualifier;
    map.words = QUALIFIERS.iter().map(|(word, key)| ((*word).to_owned(), (*key).to_owned())).collect();
    Some(found)
}
