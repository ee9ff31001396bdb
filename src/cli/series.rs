//! `series`: sums of a metric per bucket, or its reported totals, as CSV or JSON.

use serde_json::{Value, json};

use super::ask::{Opened, answered};
use super::out::{counted, csv_line, decimal, json_amount, json_number, print, print_json};
use super::table::Given;
use super::{Ended, Failure, complain};
use crate::data::{Amount, Field};
use crate::query::{Aside, ClaimsQuery, DateKind, Filter, Query, Reading, SeriesAnswer, SeriesGroup, SeriesMode, SeriesPoint, SeriesQuery};
use crate::time::{Step, edtf_from_when, format_iso_day};

/// The most series that are written; the largest are kept, and the others counted on standard error.
const GROUPS_MAX: u32 = 10_000;
/// The most readings that are written; the others are counted on standard error.
const READINGS_MAX: u32 = 10_000_000;

pub(super) fn run(given: &Given<'_>) -> Result<Ended, Failure> {
    let opened = Opened::new(given)?;
    let metric = opened.metric(given.word("metric")?)?.to_owned();
    let filter = opened.filter(given)?;
    opened.tell_unknown_publication(&filter.clone().and(Filter::Is(Field::METRIC, vec![metric.clone()])))?;
    if given.word("mode")? == "totals" { totals(&opened, given, metric, filter) } else { sums(&opened, given, metric, filter) }
}

fn date(given: &Given<'_>, by_default: DateKind) -> Result<DateKind, Failure> {
    let Some(key) = given.text("date")? else { return Ok(by_default) };
    let plain = key.to_lowercase().replace('-', "_");
    let found = DateKind::ALL.into_iter().find(|kind| kind.key() == plain);
    found.ok_or_else(|| Failure(format!("--date: “{key}” is not one of event, as_of and published")))
}

fn sums(opened: &Opened, given: &Given<'_>, metric: String, filter: Filter) -> Result<Ended, Failure> {
    let group = given.text("group")?.map(|key| opened.field("group", key)).transpose()?.map(|info| info.field);
    let by = given.word("by")?;
    let query = Query::Series(SeriesQuery {
        metric,
        filter,
        by: Step::parse(by).ok_or_else(|| Failure(format!("--by: there is no step “{by}”")))?,
        date: date(given, DateKind::Event)?,
        group,
        mode: if given.word("mode")? == "cumulative" { SeriesMode::Cumulative } else { SeriesMode::Increments },
        is_spread: !given.has("no-spread"),
        window: None,
        groups_max: GROUPS_MAX,
    });
    let answer: SeriesAnswer = answered!(opened, &query, Series)?;
    tell_aside(&answer.aside);
    if answer.groups_left_out > 0 {
        complain(&format!("{} left out: at most {GROUPS_MAX} are written", counted(answer.groups_left_out, "series is", "series are")));
    }
    let is_cumulative = given.word("mode")? == "cumulative";
    let groups = answer.groups.iter().map(|group| (label(group), short(&group.points, is_cumulative)));
    let mut points: Vec<(SeriesPoint, String)> =
        groups.flat_map(|(label, points)| points.into_iter().map(move |point| (point, label.clone()))).collect();
    points.sort_by_key(|(point, _)| point.start);
    if given.word("format")? == "json" {
        return print_json(opened.ended_saying_so(), &points.iter().map(|(point, group)| json_point(point, group)).collect());
    }
    print(opened.ended_saying_so(), |out| {
        csv_line(out, ["bucket", "group", "value", "low", "high", "records"])?;
        points.iter().try_for_each(|(point, group)| {
            let numbers = [decimal(point.value), decimal(point.low), decimal(point.high), point.records.to_string()];
            let first = [format_iso_day(point.start), group.clone()];
            csv_line(out, first.iter().chain(&numbers).map(String::as_str))
        })
    })
}

/// Amounts with more places after the point than this were not given so: they are shares.
const GIVEN_PLACES: u32 = 6;

/// The points with shares cut to what tells them apart: three places after the point, or three digits of small numbers.
///
/// It is the running sum that is rounded, so that the numbers still add up to exactly what the records do.
fn short(points: &[SeriesPoint], is_cumulative: bool) -> Vec<SeriesPoint> {
    let mut points = points.to_vec();
    shorten(points.iter_mut().filter_map(|point| point.value.as_mut()), is_cumulative);
    shorten(points.iter_mut().filter_map(|point| point.low.as_mut()), is_cumulative);
    shorten(points.iter_mut().filter_map(|point| point.high.as_mut()), is_cumulative);
    points
}

fn shorten<'a>(amounts: impl Iterator<Item = &'a mut Amount>, is_cumulative: bool) {
    let mut amounts: Vec<&mut Amount> = amounts.collect();
    if amounts.iter().all(|amount| amount.rounded(GIVEN_PLACES) == **amount) {
        return;
    }
    let largest = amounts.iter().map(|amount| amount.to_number().abs()).fold(0.0, f64::max);
    let places = (2.0 - largest.log10().floor()).clamp(3.0, 9.0) as u32;
    let last = amounts.len().saturating_sub(1);
    let (mut exact, mut told) = (Amount::ZERO, Amount::ZERO);
    for (place, amount) in amounts.iter_mut().enumerate() {
        exact = if is_cumulative { **amount } else { exact + **amount };
        let sum = if place == last { exact } else { exact.rounded(places) };
        **amount = if is_cumulative { sum } else { sum - told };
        told = sum;
    }
}

/// The group as the CSV names it: the counter or the value, and the unit where there are several; nothing when there is only one series.
fn label(group: &SeriesGroup) -> String {
    let unit = group.unit.as_ref().filter(|_| group.has_unit_in_label);
    match (&group.key, unit) {
        (None, None) => String::new(),
        (Some(key), None) => key.clone(),
        (None, Some(unit)) => unit.clone(),
        (Some(key), Some(unit)) => format!("{key} ({unit})"),
    }
}

fn json_point(point: &SeriesPoint, group: &str) -> Value {
    json!({
        "bucket": format_iso_day(point.start),
        "group": if group.is_empty() { Value::Null } else { Value::from(group) },
        "value": json_amount(point.value),
        "low": json_amount(point.low),
        "high": json_amount(point.high),
        "records": point.records,
    })
}

fn totals(opened: &Opened, given: &Given<'_>, metric: String, filter: Filter) -> Result<Ended, Failure> {
    let query = Query::Claims(ClaimsQuery { metric, filter, date: date(given, DateKind::AsOf)?, colour: None, readings_max: READINGS_MAX });
    let answer = answered!(opened, &query, Claims)?;
    tell_aside(&answer.aside);
    if answer.left_out > 0 {
        complain(&format!("{} left out: at most {READINGS_MAX} are written", counted(answer.left_out, "reading is", "readings are")));
    }
    if given.word("format")? == "json" {
        return print_json(opened.ended_saying_so(), &answer.readings.iter().map(json_reading).collect());
    }
    print(opened.ended_saying_so(), |out| {
        csv_line(out, READING_KEYS)?;
        answer.readings.iter().try_for_each(|reading| {
            let object = json_reading(reading);
            let cells = READING_KEYS.map(|key| match &object[key] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            csv_line(out, cells.iter().map(String::as_str))
        })
    })
}

const READING_KEYS: [&str; 9] = ["date", "counter", "basis", "value", "low", "high", "qualifier", "record", "carriers"];

/// A reading; `carriers` is how many articles carry it, and an open bound is null.
fn json_reading(reading: &Reading) -> Value {
    use crate::data::Vocabulary;
    let figure = &reading.figure;
    let (low, high) = figure.band.map_or((None, None), |band| (band.low.number(), band.high.number()));
    json!({
        "date": edtf_from_when(&reading.date),
        "counter": reading.counter,
        "basis": figure.basis.map(Vocabulary::key),
        "value": json_number(figure.value),
        "low": json_number(low),
        "high": json_number(high),
        "qualifier": figure.qualifier.map(Vocabulary::key),
        "record": reading.id,
        "carriers": reading.articles,
    })
}

/// Says on standard error what is in no bucket.
fn tell_aside(aside: &Aside) {
    let kinds = [
        (aside.unplaced, "with an open end (unplaced)"),
        (aside.undated, "undated"),
        (aside.expected, "expected"),
        (aside.denied, "denied"),
        (aside.retracted, "retracted"),
        (aside.removed, "removed in a newer release"),
        (aside.no_figure, "without a figure"),
        (aside.other_basis, "of another basis"),
        (aside.not_summable, "shares or rates, which are never summed"),
        (aside.repeats, "repeats of a claim that is counted"),
    ];
    let said: Vec<String> = kinds.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if !said.is_empty() {
        complain(&format!("of {}, not in the result: {}", counted(aside.records, "record", "records"), said.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Time;

    fn points(values: &[f64]) -> Vec<SeriesPoint> {
        let point =
            |value: &f64| SeriesPoint { start: Time(0), value: Some(Amount::from_number(*value)), low: None, high: None, records: 1 };
        values.iter().map(point).collect()
    }

    fn told(points: &[SeriesPoint], is_cumulative: bool) -> Vec<String> {
        short(points, is_cumulative).iter().map(|point| decimal(point.value)).collect()
    }

    #[test]
    fn shares_are_short_and_still_add_up_to_the_whole() {
        let third = Amount::from_number(10.0).share(1, 3);
        let mut shares = points(&[0.0, 0.0, 0.0]);
        let amounts = [third, third, Amount::from_number(10.0) - third - third];
        shares.iter_mut().zip(amounts).for_each(|(point, amount)| point.value = Some(amount));
        assert_eq!(told(&shares, false), ["3.333", "3.334", "3.333"]);
        let sum: Amount = short(&shares, false).iter().filter_map(|point| point.value).sum();
        assert_eq!(sum, Amount::from_number(10.0));
    }

    #[test]
    fn running_sums_are_rounded_one_by_one_and_small_shares_keep_three_digits() {
        assert_eq!(told(&points(&[3.333_333_333, 6.666_666_666, 10.0]), true), ["3.333", "6.667", "10"]);
        assert_eq!(told(&points(&[0.001_333_333, 0.002_666_667]), false), ["0.00133", "0.00267"]);
    }

    #[test]
    fn numbers_as_they_were_given_stay_as_they_are() {
        assert_eq!(told(&points(&[0.000_125, 7_882.0, 40.5]), false), ["0.000125", "7882", "40.5"]);
    }
}
