//! Columns called by years: a number of each row for each of these years.

use super::Profile;
use crate::ingest::mapping::{At, Mapping, Measured, Role, TitlePart};

/// So many columns called by years are no chance.
const YEARS_MIN: usize = 3;
/// Names of columns that say in each row what its numbers are: such numbers must not be added.
const MANY_THINGS: [&str; 9] =
    ["indicator", "indicator_name", "indicator_code", "series", "series_name", "series_code", "variable", "metric", "unit"];
/// The years by which columns are called.
const YEARS_NAMED: std::ops::RangeInclusive<u16> = 1_800..=2_100;

/// A table without dates whose columns of numbers are called by years has a number for each of these years. What its rows are about stands
/// in the first column of words: it is their title, and a field of its own by which they can be told apart. Where a row says what its numbers
/// are, and they are not all of one thing, they stay as they are.
pub(super) fn find(mapping: &mut Mapping, header: &[String], plain: &[String], profiles: &[Profile]) {
    if plain.iter().zip(profiles).any(|(name, profile)| MANY_THINGS.contains(&name.as_str()) && profile.distinct > 1) {
        return;
    }
    let is_year = |name: &str| name.len() == 4 && name.parse().is_ok_and(|year: u16| YEARS_NAMED.contains(&year));
    let may_be = |column: &usize| {
        let is_number = profiles[*column].filled == 0 || profiles[*column].is_numeric();
        mapping.columns[*column].role == Role::Extra && is_number && is_year(header[*column].trim())
    };
    let years: Vec<usize> = (0..header.len()).filter(may_be).collect();
    let is_dated = mapping.has_date() || mapping.column(Role::Published).is_some();
    if years.len() < YEARS_MIN || is_dated || !mapping.measured.is_empty() || mapping.column(Role::Value).is_some() {
        return;
    }
    for column in years {
        mapping.columns[column].role = Role::Measured;
        let at = At::Date(header[column].trim().to_owned());
        mapping.measured.push(Measured { metric: "value".to_owned(), value: Some(column), at, ..Measured::default() });
    }
    let is_free = |column: &usize| mapping.columns[*column].role == Role::Extra && profiles[*column].filled > 0;
    let words = (0..header.len()).filter(is_free).find(|column| profiles[*column].is_words());
    if let (None, Some(column)) = (mapping.column(Role::Title), words) {
        mapping.title = vec![TitlePart::Column(column)];
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::guess_of;
    use super::*;

    #[test]
    fn columns_called_by_years_have_the_numbers_of_these_years() {
        let header = ["", "2019", "2020", "2021", "Total"];
        let mapping = guess_of(&header, &[&["Land", "4", "", "7", "11"], &["Isle", "", "1", "2", "3"]]);
        let years: Vec<_> = mapping.measured.iter().map(|measured| (measured.value, measured.at.clone())).collect();
        let year = |column, year: &str| (Some(column), At::Date(year.to_owned()));
        assert_eq!(years, [year(1, "2019"), year(2, "2020"), year(3, "2021")]);
        assert_eq!((mapping.columns[0].role, mapping.columns[4].role), (Role::Extra, Role::Extra));
        assert_eq!(mapping.title, [TitlePart::Column(0)]);
        let dated = guess_of(&["date", "2019", "2020", "2021"], &[&["2024-01-01", "4", "1", "7"]]);
        assert!(dated.measured.is_empty());
        let header = ["Country", "Indicator Name", "2019", "2020", "2021"];
        let of = |other: &str| guess_of(&header, &[&["Land", "Growth", "4", "-1", "7"], &["Isle", other, "2", "1", "2"]]).measured.len();
        assert_eq!((of("People"), of("Growth")), (0, 3), "growth and people are not added");
    }
}
