//! The preset for the trade register of the SIPRI Arms Transfers Database: one row per deal, or per deal and year of delivery.

use super::sheet::{Part, Sheet};
use super::{Preset, Seen};
use crate::data::Basis;
use crate::ingest::cells::DateStyle;
use crate::ingest::mapping::{At, Mapping, Role};

/// The preset.
pub(super) const SIPRI: Preset = Preset { key: "sipri_register", fits: |seen, _| is_header(seen), apply };

const DESIGNATION: &[&str] = &["weapon_designation", "designation"];
const DESCRIPTION: &[&str] = &["weapon_description", "description"];
const ORDERED: &[&str] = &["number_ordered", "numbers_ordered", "no_ordered", "ordered"];
const DELIVERED: &[&str] = &["number_delivered", "numbers_delivered", "no_delivered", "no_delivered_produced"];
const ORDER_YEAR: &[&str] = &["year_of_order", "order_date", "year_of_order_licence", "year_s_of_order"];
const YEARS: &[&str] = &["year_s_of_delivery", "year_s_of_deliveries", "years_of_delivery", "years_of_deliveries", "delivery_year"];
/// The marks of an estimate, and those of none.
const ESTIMATES: &[(&str, &str)] =
    &[("?", "about"), ("*", "about"), ("true", "about"), ("yes", "about"), ("1", "about"), ("false", ""), ("no", ""), ("0", "")];

fn is_header(seen: &Seen<'_>) -> bool {
    seen.has_all(&["recipient", "supplier"]) && seen.has_any(DESIGNATION) && seen.has_any(DELIVERED)
}

fn apply(mapping: &mut Mapping, seen: &Seen<'_>) {
    let mut sheet = Sheet::over(mapping, seen);
    sheet.roles(&[
        (Role::From, &["supplier"]),
        (Role::To, &["recipient"]),
        (Role::Item, DESIGNATION),
        (Role::Category, &["armament_category", "weapon_category", "weapon_description", "description"]),
        (Role::Note, &["comments", "comment"]),
    ]);
    sheet.dates(Role::When, ORDER_YEAR, DateStyle::Year);
    sheet.role(Role::Years, YEARS);
    let years = sheet.find(YEARS);
    for (metric, names, at) in [("delivered", DELIVERED, years.map(At::Column)), ("ordered", ORDERED, None)] {
        let Some(column) = sheet.find(names) else { continue };
        sheet.mapping.columns[column].has_estimates_in_brackets = true;
        let qualifier = flag_of(&mut sheet, seen, column);
        if let Some(measured) = sheet.measured((metric, None), Basis::Increment, [Some(column), None, None]) {
            measured.qualifier = qualifier;
            measured.at = at.unwrap_or_default();
        }
    }
    sheet.title(&[Part::Of(DESIGNATION), Part::Between(", "), Part::Of(DESCRIPTION), Part::Between(", "), Part::Of(&["recipient"])]);
    sheet.counted_by("SIPRI");
}

/// The column that marks the numbers of another as estimates: named so, or without a name behind it.
fn flag_of(sheet: &mut Sheet<'_>, seen: &Seen<'_>, column: usize) -> Option<usize> {
    let named = format!("{}_is_estimate", seen.names[column]);
    let flag = match sheet.find(&[&named]) {
        Some(flag) => flag,
        None => Some(column + 1).filter(|next| seen.names.get(*next).is_some_and(|name| *name == format!("column_{}", next + 1)))?,
    };
    let map = &mut sheet.mapping.columns[flag];
    map.role = Role::Qualifier;
    map.words = ESTIMATES.iter().map(|(mark, word)| ((*mark).to_owned(), (*word).to_owned())).collect();
    Some(flag)
}
