//! Finds the numbers that code books write where there is no value, such as -99 or 9999: only those that the rest of the column shows to be
//! no value of it. What is found is an assumption with its reason.

use std::collections::BTreeMap;

use super::cells::{NumberStyle, is_missing, short_number, trim};
use super::guess::{JUDGED_MAX, Sample};
use super::mapping::{Mapping, Role};
use super::names::NAMES;
use crate::data::{Assumption, Otherwise};

/// A code below zero stands in a column at least so often: one number below zero may be what was counted.
const NEGATIVE_MIN: usize = 2;
/// A code above all other numbers stands there at least so often, and is so many times the largest of them.
const ABOVE_MIN: usize = 2;
const ABOVE_TIMES: f64 = 10.0;
/// What may be a year. Other whole numbers of four digits are counts, among which 7777 is one too.
const YEARS: std::ops::RangeInclusive<f64> = 1_500.0..=2_100.0;
/// West and east of Greenwich no longitude is beyond.
const LONGITUDE_MAX: i64 = 180;
/// So many columns are named in a reason.
const NAMED_MAX: usize = 3;

/// The code of a cell: sevens, eights or nines, two to five of them below zero, three to five above.
fn code_of(cell: &str) -> Option<i64> {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let digits = digits.strip_suffix(".0").unwrap_or(digits);
    let first = digits.bytes().next().filter(|first| matches!(first, b'7'..=b'9'))?;
    let least = if cell.starts_with('-') { 2 } else { 3 };
    let is_code = (least..=5).contains(&digits.len()) && digits.bytes().all(|digit| digit == first);
    is_code.then(|| digits.parse().ok().map(|number: i64| if cell.starts_with('-') { -number } else { number })).flatten()
}

/// What stands in a column beside the codes.
#[derive(Debug, Default)]
struct Rest {
    filled: usize,
    numeric: usize,
    years: usize,
    low: f64,
    high: f64,
}

/// The codes of each column, from its first cells.
pub(super) fn find(plain: &[String], sample: &Sample) -> Vec<Vec<String>> {
    let named = |role: Role, name: &str| NAMES.iter().any(|(own, names)| *own == role && names.contains(&name));
    let place = |role: Role| plain.iter().position(|name| named(role, name));
    let (lat, lon) = (place(Role::Lat), place(Role::Lon));
    let mut found: Vec<Vec<i64>> = sample.iter().enumerate().map(|(column, cells)| of_column(cells, lat == Some(column))).collect();
    // Where no latitude is known beside it, a longitude is taken as it stands, whatever its column is called.
    let is_longitude = |name: &str| name.split('_').any(|part| matches!(part, "x" | "lon" | "lng" | "long" | "longitude"));
    for (codes, _) in found.iter_mut().zip(plain).filter(|(_, name)| is_longitude(name)) {
        codes.retain(|code| code.abs() > LONGITUDE_MAX);
    }
    // West of Greenwich -99 is a longitude; where it never stands without the same in the latitude it is a code.
    if let Some((lat, lon)) = lat.zip(lon).filter(|(lat, lon)| sample.len() > *lat.max(lon)) {
        let is_paired = |code: &i64| {
            let of = |column: usize, row: usize| sample[column].get(row).and_then(|cell| code_of(trim(cell))) == Some(*code);
            let rows = || (0..sample[lon].len()).filter(|row| of(lon, *row));
            rows().count() >= NEGATIVE_MIN && rows().all(|row| of(lat, row))
        };
        found[lon] = found[lat].iter().copied().filter(is_paired).collect();
    }
    found.iter().map(|codes| codes.iter().map(i64::to_string).collect()).collect()
}

fn of_column(cells: &[String], is_latitude: bool) -> Vec<i64> {
    let cells = || cells.iter().map(|cell| trim(cell)).filter(|cell| !is_missing(cell)).take(JUDGED_MAX);
    let mut codes: BTreeMap<i64, usize> = BTreeMap::new();
    cells().filter_map(code_of).for_each(|code| *codes.entry(code).or_insert(0) += 1);
    if codes.is_empty() {
        return Vec::new();
    }
    let mut rest = Rest { low: f64::INFINITY, high: f64::NEG_INFINITY, ..Rest::default() };
    for cell in cells().filter(|cell| code_of(cell).is_none()) {
        rest.filled += 1;
        if let Some(number) = short_number(cell, NumberStyle::Point) {
            rest.numeric += 1;
            rest.years += usize::from(YEARS.contains(&number) && number.fract() == 0.0);
            rest.low = rest.low.min(number);
            rest.high = rest.high.max(number);
        }
    }
    let negative: usize = codes.range(..0).map(|(_, count)| count).sum();
    let is_code = |code: i64, count: usize| {
        let (size, is_numeric) = (code as f64, rest.numeric * 10 >= rest.filled * 9);
        match code {
            _ if rest.filled == 0 => false,
            // Words have no numbers among them, whatever the sign.
            ..0 if rest.numeric * 10 <= rest.filled => negative >= NEGATIVE_MIN,
            ..0 => negative >= NEGATIVE_MIN && is_numeric && (rest.low >= 0.0 || (is_latitude && size < -90.0)),
            // No year comes near, so that one is enough: of nines, or of what stands beside another code.
            _ if is_numeric && rest.years == rest.numeric => size >= 3_000.0 && (code % 10 == 9 || count > 1 || codes.len() > 1),
            _ => count >= ABOVE_MIN && is_numeric && rest.low >= 0.0 && size >= rest.high.max(1.0) * ABOVE_TIMES,
        }
    };
    codes.iter().filter(|(code, count)| is_code(**code, **count)).map(|(code, _)| *code).collect()
}

/// The sample without the cells that are codes; `None` where there are none.
pub(super) fn without(sample: &Sample, codes: &[Vec<String>]) -> Option<Sample> {
    codes.iter().any(|codes| !codes.is_empty()).then(|| {
        let mut clean = sample.clone();
        for (cells, codes) in clean.iter_mut().zip(codes).filter(|(_, codes)| !codes.is_empty()) {
            let is_code = |cell: &String| code_of(trim(cell)).is_some_and(|code| codes.contains(&code.to_string()));
            cells.iter_mut().filter(|cell| is_code(cell)).for_each(String::clear);
        }
        clean
    })
}

/// Each code that is taken for no value, with its columns, as something that was assumed.
pub(super) fn assumed(mapping: &Mapping, sample: &Sample) -> Vec<Assumption> {
    let mut found: BTreeMap<i64, (Vec<&str>, usize)> = BTreeMap::new();
    for (map, cells) in mapping.columns.iter().zip(sample) {
        for code in map.words.iter().filter(|(_, word)| word.is_empty()).filter_map(|(code, _)| code_of(code)) {
            let count = cells.iter().filter(|cell| code_of(trim(cell)) == Some(code)).count();
            let (columns, all) = found.entry(code).or_default();
            columns.push(&map.name);
            *all += count;
        }
    }
    found.into_iter().map(|(code, (columns, count))| assumption(code, &columns, count)).collect()
}

fn assumption(code: i64, columns: &[&str], count: usize) -> Assumption {
    let more = columns.len().saturating_sub(NAMED_MAX);
    let named = columns.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join(", ");
    let named = match more {
        0 => named,
        1 => format!("{named} and 1 more column"),
        _ => format!("{named} and {more} more columns"),
    };
    let cells = if count == 1 { "1 of the first cells has it".to_owned() } else { format!("{count} of the first cells have it") };
    let reason = if code < 0 { "beside such codes no number below zero stands in" } else { "no other number comes near it in" };
    Assumption {
        column: if let [column] = columns { Some((*column).to_owned()) } else { None },
        assumed: format!("{code} stands for no value"),
        why: format!("{reason} {named}; {cells}"),
        other: format!("{code} as a number"),
        change: Otherwise::Code(code.to_string(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [i64; 0] = [];

    fn codes(cells: &[&str]) -> Vec<i64> {
        of_column(&cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>(), false)
    }

    #[test]
    fn the_only_numbers_below_zero_are_codes_when_they_are_repeated() {
        assert_eq!(codes(&["3", "-99", "12", "-99", "0"]), [-99]);
        assert_eq!(codes(&["3", "-99", "12", "-77.0", ""]), [-99, -77]);
        assert_eq!(codes(&["3", "-99", "12"]), NONE, "it may be what was counted");
        assert_eq!(codes(&["3", "-99", "-7", "-99"]), NONE, "the column has numbers below zero");
        assert_eq!(codes(&["-99", "-99"]), NONE, "nothing beside it");
        assert_eq!(codes(&["North", "-99", "South", "-99"]), [-99]);
    }

    #[test]
    fn numbers_far_above_all_others_are_codes_and_large_ones_are_not() {
        assert_eq!(codes(&["1986", "9999", "2004", "7777"]), [7_777, 9_999]);
        assert_eq!(codes(&["3", "999", "61", "999"]), [999]);
        assert_eq!(codes(&["3", "999", "610", "999"]), NONE);
        assert_eq!(codes(&["3", "999", "61"]), NONE);
        assert_eq!(codes(&["1", "99", "2", "99"]), NONE, "two digits are a number like any other");
        assert_eq!(codes(&["1500", "2000", "7777", "2800"]), NONE, "these are no years");
        assert_eq!(codes(&["1500", "9999", "1200", "2800"]), NONE, "nor these");
        assert_eq!((codes(&["1986", "8888", "2004"]), codes(&["1986", "9999"])), (NONE.to_vec(), vec![9_999]));
    }

    #[test]
    fn a_longitude_is_a_code_only_where_the_latitude_is() {
        let names = ["latitude".to_owned(), "longitude".to_owned()];
        let cells = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let with = |lon: &[&str]| find(&names, &vec![cells(&["19.4", "-99", "-30", "-99"]), cells(lon)]);
        assert_eq!(with(&["-99.1", "-99", "-58", "-99"]), [["-99"], ["-99"]]);
        assert_eq!(with(&["-99", "-99", "-58", "-99"]), [vec!["-99".to_owned()], Vec::new()]);
        let east = cells(&["-77", "30.5", "-77", "37.25", "-999", "-999"]);
        for name in ["longitude_dd", "x", "geo_long"] {
            assert_eq!(find(&[name.to_owned()], &vec![east.clone()]), [["-999"]], "{name}");
        }
    }
}
