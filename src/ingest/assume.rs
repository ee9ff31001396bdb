//! What has to be assumed about a table because its cells do not tell: day or month first, seconds or milliseconds, increments or
//! totals, point or comma. Each comes as a value with its reason and the other reading; what somebody chose is no assumption.

use std::collections::BTreeMap;

use super::Options;
use super::cells::{self, DateStyle, NumberStyle, is_missing};
use super::codes;
use super::guess::{Sample, of_metrics};
use super::mapping::{At, Mapping, Measured, Role};
use super::taker::{FIRST_YEAR, OrderSeen};
use crate::data::{Assumption, Basis, Issue, IssueKind, Otherwise};
use crate::time::{DateOrder, Time, format_iso_day, parse_ymd_fast};

/// So many days make a course of numbers by which totals are told from increments.
const DAYS_MIN: usize = 12;
/// What the two readings of a basis are called.
const TOTALS: &str = "running totals";
const INCREMENTS: &str = "what happened each day";

/// What the first rows leave open. `headless` is the first full row of a text in which no header was found. A known dataset
/// (`is_known`) says itself how its dates and numbers are written.
pub(super) fn from_sample(
    mapping: &Mapping,
    sample: &Sample,
    options: &Options,
    (headless, is_known): (Option<u32>, bool),
) -> Vec<Assumption> {
    let mut found = Vec::new();
    if headless.is_some() && options.header.is_none() {
        found.push(Assumption {
            column: None,
            assumed: "no header".to_owned(),
            why: "the first row is data; the table has no header".to_owned(),
            other: "the first row as header".to_owned(),
            change: Otherwise::Header(headless),
        });
    }
    if options.mapping.is_some() {
        return found;
    }
    for (column, map) in mapping.columns.iter().enumerate().filter(|_| !is_known) {
        let Some(cells) = sample.get(column) else { continue };
        if let (DateStyle::Epoch(per_second), true) = (map.dates, map.role.is_date()) {
            found.extend(epoch(&map.name, cells, per_second));
        }
        if map.role.is_number() && !matches!(map.role, Role::Lat | Role::Lon) {
            found.extend(decimal_sign(&map.name, cells, map.numbers));
        }
    }
    found.extend(codes::assumed(mapping, sample));
    found.extend(mapping.measured.iter().filter_map(|measured| basis(mapping, measured, sample)));
    found.extend(bases(mapping, sample, options));
    found.retain(|assumption| !options.changes.iter().any(|chosen| chosen.is_about_same(&assumption.change)));
    found
}

/// What all rows leave open about the order of day and month, and about years of two digits.
pub(super) fn from_dates(mapping: &Mapping, seen: &BTreeMap<usize, OrderSeen>) -> Vec<Assumption> {
    let mut found = Vec::new();
    for (column, seen) in seen {
        let Some(map) = mapping.columns.get(*column) else { continue };
        if let DateStyle::Text(order) = map.dates
            && seen.ambiguous > 0
            && !map.is_order_known
        {
            found.extend(order_assumed(&map.name, order, seen));
        }
        if seen.two_digit > 0 && map.first_year.is_none() {
            let dates = if seen.two_digit == 1 { "date has" } else { "dates have" };
            found.push(Assumption {
                column: Some(map.name.clone()),
                assumed: format!("years from {FIRST_YEAR} to {}", FIRST_YEAR + 99),
                why: format!("{} {dates} a year of two digits", seen.two_digit),
                other: "years from 1900 to 1999".to_owned(),
                change: Otherwise::FirstYear(map.name.clone(), 1_900),
            });
        }
    }
    found
}

fn order_assumed(name: &str, order: DateOrder, seen: &OrderSeen) -> Option<Assumption> {
    let why = match (seen.against, seen.for_it) {
        (Some(_), _) => "some dates can only be read as day first, others as month first".to_owned(),
        (None, Some(_)) => return None,
        (None, None) if seen.ambiguous == 1 => "its one date could be either".to_owned(),
        (None, None) => format!("none of its dates tells day and month apart; {} could be either", seen.ambiguous),
    };
    let other = if order == DateOrder::DayFirst { DateOrder::MonthFirst } else { DateOrder::DayFirst };
    Some(Assumption {
        column: Some(name.to_owned()),
        assumed: order_words(order).to_owned(),
        why,
        other: order_words(other).to_owned(),
        change: Otherwise::Order(name.to_owned(), other),
    })
}

fn order_words(order: DateOrder) -> &'static str {
    match order {
        DateOrder::DayFirst => "day first",
        DateOrder::MonthFirst => "month first",
        DateOrder::YearFirst => "year first",
    }
}

/// The unit of a count since 1970 follows from its size alone.
fn epoch(name: &str, cells: &[String], per_second: i64) -> Option<Assumption> {
    let counts = || cells.iter().filter_map(|cell| cell.trim().split('.').next()?.parse::<i64>().ok());
    let (first, last) = (counts().min()?, counts().max()?);
    let other = if per_second == 1 { 1_000 } else { per_second / 1_000 };
    let days = |per_second: i64| {
        let day = |count: i64| {
            let time = match per_second {
                1 => Time::from_epoch_s(count),
                1_000 => Time::from_epoch_ms(count),
                1_000_000 => Time::from_epoch_us(count),
                _ => Some(Time::from_epoch_ns(count)),
            };
            time.map_or_else(|| "beyond the calendar".to_owned(), format_iso_day)
        };
        format!("{} to {}", day(first), day(last))
    };
    let why = format!("by the size of its numbers: so they run from {}, as {} from {}", days(per_second), unit(other), days(other));
    Some(Assumption {
        column: Some(name.to_owned()),
        assumed: format!("{} since 1970", unit(per_second)),
        why,
        other: format!("as {} since 1970", unit(other)),
        change: Otherwise::Epoch(name.to_owned(), other),
    })
}

fn unit(per_second: i64) -> &'static str {
    match per_second {
        1 => "seconds",
        1_000 => "milliseconds",
        1_000_000 => "microseconds",
        _ => "nanoseconds",
    }
}

/// `1,234` and `1.234` can be more than a thousand or a little more than one.
fn decimal_sign(name: &str, cells: &[String], style: NumberStyle) -> Option<Assumption> {
    let mut example = None;
    for cell in cells.iter().map(|cell| cell.trim()).filter(|cell| !is_missing(cell)) {
        match cells::could_be_thousands(cell) {
            None => continue,
            Some(true) => {}
            Some(false) => return None,
        }
        example.get_or_insert(cell);
    }
    let example = example?;
    let read = |style| cells::number(example, style).map(|number| number.to_string()).unwrap_or_default();
    let (is_comma, other) =
        (style == NumberStyle::Comma, if style == NumberStyle::Comma { NumberStyle::Point } else { NumberStyle::Comma });
    let words = |is_comma: bool| if is_comma { "a comma before decimals" } else { "a point before decimals" };
    Some(Assumption {
        column: Some(name.to_owned()),
        assumed: words(is_comma).to_owned(),
        why: format!("no number of the column tells: {example} is {} so, and {} otherwise", read(style), read(other)),
        other: format!("with {}", words(!is_comma)),
        change: Otherwise::DecimalComma(name.to_owned(), !is_comma),
    })
}

/// Numbers by days, one a day.
struct Course {
    days: usize,
    rises: usize,
    falls: usize,
}

/// The longest course of a metric: of the whole table, or of one place, actor or category where these have rows of their own.
fn course(mapping: &Mapping, value: usize, sample: &Sample) -> Option<Course> {
    let when = mapping.column(Role::When)?;
    let (dates, numbers) = (sample.get(when)?, sample.get(value)?);
    let style = (mapping.columns[when].dates, mapping.columns[value].numbers);
    let group = [Role::Place, Role::From, Role::Category, Role::Region].into_iter().find_map(|role| sample.get(mapping.column(role)?));
    let mut groups: BTreeMap<&str, Vec<(i64, f64)>> = BTreeMap::new();
    for (row, (date, number)) in dates.iter().zip(numbers).enumerate() {
        let read = parse_ymd_fast(date.as_bytes()).or_else(|| cells::date(date, style.0).ok().map(|read| read.when));
        let Some((when, number)) = read.zip(cells::number(number, style.1).ok()) else { continue };
        let name = group.and_then(|group| group.get(row)).map_or("", String::as_str);
        groups.entry(name).or_default().push((when.span.start.0, number));
    }
    let mut points = groups.into_values().max_by_key(Vec::len)?;
    points.sort_by_key(|point| point.0);
    let has_one_a_day = points.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let count = |is: fn(f64, f64) -> bool| points.windows(2).filter(|pair| is(pair[0].1, pair[1].1)).count();
    (has_one_a_day && points.len() >= DAYS_MIN).then(|| Course {
        days: points.len(),
        rises: count(|one, two| one < two),
        falls: count(|one, two| one > two),
    })
}

fn basis(mapping: &Mapping, measured: &Measured, sample: &Sample) -> Option<Assumption> {
    let value = measured.value?;
    let name = mapping.columns.get(value)?.name.clone();
    let found = |assumed: &str, why: String, other: &str, basis: Basis| Assumption {
        column: Some(name.clone()),
        assumed: assumed.to_owned(),
        why,
        other: format!("as {other}"),
        change: Otherwise::Basis(measured.metric.clone(), basis),
    };
    let (totals, increments) = (TOTALS, INCREMENTS);
    if measured.basis == Basis::Total {
        return Some(found(totals, "the numbers hardly ever fall from day to day".to_owned(), increments, Basis::Increment));
    }
    if measured.basis != Basis::Increment {
        return None;
    }
    let lower = name.to_lowercase();
    let says_total = ["cumul", "to_date", "to date", "running"].iter().any(|word| lower.contains(word));
    let course = course(mapping, value, sample);
    let looks_total = course.as_ref().is_some_and(|course| course.falls * 20 <= course.days && course.rises * 4 > course.days);
    let why = match course {
        Some(course) if looks_total && course.falls == 0 => format!("but they never fall in {} days, as totals do", course.days),
        Some(course) if looks_total => format!("but they fall only {} times in {} days, as corrected totals do", course.falls, course.days),
        _ if says_total => "but the column's name speaks of totals".to_owned(),
        _ => return None,
    };
    Some(found(increments, why, totals, Basis::Total))
}

/// What the numbers of a table with one metric a row cover: of each metric that looks otherwise than the rest, and of the rest.
fn bases(mapping: &Mapping, sample: &Sample, options: &Options) -> Vec<Assumption> {
    let Some(value) = mapping.without_basis() else { return Vec::new() };
    let is_chosen = options.changes.iter().any(|chosen| matches!(chosen, Otherwise::OtherBases(_)));
    let (mut found, mut has_others) = (Vec::new(), false);
    for (metric, rows) in of_metrics(mapping, sample) {
        let has_own = mapping.bases.has(&metric);
        has_others |= !has_own;
        if is_chosen && !has_own {
            continue;
        }
        let measured = Measured { basis: mapping.bases.of(&metric), value: Some(value), metric, ..Measured::default() };
        found.extend(basis(mapping, &measured, &rows).map(|assumption| {
            let why = format!("the numbers of `{}`: {}", measured.metric, assumption.why.trim_start_matches("but "));
            Assumption { why, ..assumption }
        }));
    }
    if has_others && mapping.bases.other == Basis::Increment {
        let of_others = if mapping.bases.own.is_empty() { "its numbers" } else { "the numbers of its other metrics" };
        found.push(Assumption {
            column: mapping.columns.get(value).map(|map| map.name.clone()),
            assumed: INCREMENTS.to_owned(),
            why: format!("no column says whether {of_others} are increments or running totals"),
            other: format!("as {TOTALS}"),
            change: Otherwise::OtherBases(Basis::Total),
        });
    }
    found
}

/// What is to be said of a mapping that leaves no other reading.
pub(super) fn remarks(mapping: &Mapping) -> Vec<Issue> {
    let name = |column: Option<usize>| column.and_then(|column| mapping.columns.get(column)).map(|map| map.name.clone());
    let remark = |column: Option<String>, message: String, action: &str| Issue {
        line: None,
        column,
        value: String::new(),
        kind: IssueKind::Assumption,
        message,
        action: action.to_owned(),
    };
    let mut remarks = Vec::new();
    if let (false, Some(column)) = (mapping.has_date(), mapping.column(Role::Published)) {
        let message = "no column says when it happened, only when it was published or recorded".to_owned();
        remarks.push(remark(name(Some(column)), message, "records stand at that date"));
    }
    let years = mapping.measured.iter().filter(|measured| matches!(measured.at, At::Date(_))).count();
    if years > 0 {
        remarks.push(remark(None, format!("{years} columns are called by years"), "each of their numbers stands in its year"));
    }
    for measured in mapping.measured.iter().filter(|measured| measured.basis == Basis::Total) {
        if let Some(until) = &measured.until {
            let message = format!("the total falls to 0 after {until} and stays there");
            remarks.push(remark(name(measured.value), message, "taken as the end of the series; the zeros are no numbers"));
        }
    }
    remarks
}

/// What an assumption of the first rows is as an issue; those about dates are told by whoever read all of them.
pub(super) fn issue(assumption: &Assumption) -> Issue {
    let action = match &assumption.change {
        Otherwise::Header(_) => "columns are named by their place".to_owned(),
        Otherwise::Code(..) => "its cells count as empty".to_owned(),
        Otherwise::Basis(_, Basis::Increment) | Otherwise::OtherBases(Basis::Increment) => {
            "taken as running totals, which are not added up".to_owned()
        }
        Otherwise::Basis(..) | Otherwise::OtherBases(_) => "taken as what happened each day, which is added up".to_owned(),
        Otherwise::TotalRows(_) | Otherwise::Order(..) | Otherwise::FirstYear(..) | Otherwise::Epoch(..) | Otherwise::DecimalComma(..) => {
            format!("{} assumed", assumption.assumed)
        }
    };
    Issue {
        line: if matches!(assumption.change, Otherwise::Header(_)) { Some(1) } else { None },
        column: assumption.column.clone(),
        value: if let Otherwise::Code(code, _) = &assumption.change { code.clone() } else { String::new() },
        kind: IssueKind::Assumption,
        message: assumption.why.trim_start_matches("but ").to_owned(),
        action,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::guess::guess;

    fn assumed(header: &[&str], rows: &[Vec<String>], options: &Options) -> Vec<Assumption> {
        let names: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        let sample: Sample = (0..header.len()).map(|column| rows.iter().map(|row| row[column].clone()).collect()).collect();
        let mapping = options.mapping_for(guess(&names, &sample)).unwrap();
        from_sample(&mapping, &sample, options, (None, false))
    }

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn a_count_since_1970_could_be_of_another_unit() {
        let rows = [row(&["1422662400", "x"]), row(&["1454284800", "y"])];
        let found = assumed(&["date", "title"], &rows, &Options::default());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].assumed.as_str(), found[0].other.as_str()), ("seconds since 1970", "as milliseconds since 1970"));
        assert!(found[0].why.contains("2015-01-31 to 2016-02-01") && found[0].why.contains("1970-01-17"), "{}", found[0].why);
        let chosen = Options::default().with(found[0].change.clone());
        assert!(assumed(&["date", "title"], &rows, &chosen).is_empty(), "what was chosen is no assumption");
    }

    #[test]
    fn thousands_and_decimals_are_told_apart_by_any_number_that_does() {
        let rows = |numbers: &[&str]| numbers.iter().map(|number| row(&["2024-01-01", number])).collect::<Vec<_>>();
        let found = assumed(&["date", "killed"], &rows(&["1,234", "12"]), &Options::default());
        assert_eq!(found[0].why, "no number of the column tells: 1,234 is 1234 so, and 1.234 otherwise");
        assert_eq!(found[0].change, Otherwise::DecimalComma("killed".to_owned(), true));
        assert!(assumed(&["date", "killed"], &rows(&["1,234", "1,5"]), &Options::default()).is_empty());
        assert!(assumed(&["date", "killed"], &rows(&["1234", "0.125"]), &Options::default()).is_empty());
    }

    fn days(numbers: impl Iterator<Item = u32>) -> Vec<Vec<String>> {
        numbers.enumerate().map(|(day, number)| vec![format!("2020-02-{:02}", day + 1), number.to_string()]).collect()
    }

    #[test]
    fn totals_and_increments_are_offered_for_each_other() {
        let rising = days((1..=28).map(|day| day * 3));
        let found = assumed(&["date", "deaths"], &rising, &Options::default());
        assert_eq!(
            (found[0].assumed.as_str(), &found[0].change),
            ("running totals", &Otherwise::Basis("killed".to_owned(), Basis::Increment))
        );
        let corrected = days((1..=28).map(|day| if day == 10 { 8 } else { day * 3 }));
        let found = assumed(&["date", "deaths"], &corrected, &Options::default());
        assert_eq!(found[0].change, Otherwise::Basis("killed".to_owned(), Basis::Total), "{found:?}");
        let daily = days((1..=28).map(|day| day * 7 % 5));
        assert!(assumed(&["date", "deaths"], &daily, &Options::default()).is_empty());
    }

    #[test]
    fn totals_of_several_places_are_looked_at_place_by_place() {
        let mut rows = Vec::new();
        for day in 1..=14_u32 {
            for (place, factor) in [("North", 2), ("South", 90)] {
                rows.push(vec![format!("2020-02-{day:02}"), place.to_owned(), (day * factor).to_string()]);
            }
        }
        let found = assumed(&["date", "location", "deaths"], &rows, &Options::default());
        assert_eq!(found[0].change, Otherwise::Basis("killed".to_owned(), Basis::Total), "{found:?}");
    }
}
