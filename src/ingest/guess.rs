//! Guesses what the columns of a table mean, from their names and from what stands in the first rows.

mod years;

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::cells::{self, DateStyle, NumberStyle, is_missing};
use super::codes;
use super::mapping::{ColumnMap, Mapping, Measured, Role, TitlePart};
use super::names::{self, NAMES, Part};
use super::thousands;
use super::totals::{Days, Growth, Series};
use crate::data::{Basis, Credibility, Likelihood, Measure, Qualifier, Status, Vocabulary};
use crate::time::DateOrder;

/// How many cells of a column are judged.
pub(super) const JUDGED_MAX: usize = 1_000;

/// The first cells of every column.
pub(super) type Sample = Vec<Vec<String>>;

/// What stands in a column.
#[derive(Clone, Debug, Default)]
struct Profile {
    filled: usize,
    numeric: usize,
    /// Numbers, or figures such as `about 300` and `10-20`.
    figures: usize,
    dates: usize,
    links: usize,
    distinct: usize,
    chars: usize,
    style: DateStyle,
    numbers: NumberStyle,
    is_order_known: bool,
}

impl Profile {
    fn of(cells: &[String]) -> Self {
        let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !is_missing(cell)).take(JUDGED_MAX).collect();
        let numbers = cells::number_style(cells.iter().copied().filter(|cell| cell.starts_with(|c: char| c.is_ascii_digit() || c == '-')));
        let (style, is_order_known) = date_style(&cells);
        Self {
            filled: cells.len(),
            numeric: cells.iter().filter(|cell| cells::number(cell, numbers).is_ok()).count(),
            figures: cells.iter().filter(|cell| cells::figure(cell, numbers).is_ok()).count(),
            dates: cells.iter().filter(|cell| cells::date(cell, style).is_ok()).count(),
            links: cells.iter().filter(|cell| cell.starts_with("http://") || cell.starts_with("https://")).count(),
            distinct: cells.iter().copied().collect::<FxHashSet<&str>>().len(),
            chars: cells.iter().map(|cell| cell.len()).sum(),
            style,
            numbers,
            is_order_known,
        }
    }

    fn part(&self, count: usize) -> f64 {
        if self.filled == 0 { 0.0 } else { count as f64 / self.filled as f64 }
    }

    fn is_numeric(&self) -> bool {
        self.filled > 0 && self.part(self.numeric) >= 0.9
    }

    fn is_words(&self) -> bool {
        self.filled == 0 || (self.part(self.numeric) < 0.5 && self.part(self.links) < 0.5)
    }
}

/// How the dates of a column are written, and whether that is known rather than assumed.
fn date_style(cells: &[&str]) -> (DateStyle, bool) {
    // A number has one point at most: `01.02.2021` is none.
    let whole_part = |cell: &&str| {
        let (whole, part) = cell.split_once('.').unwrap_or((cell, ""));
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| whole.parse().ok()).flatten()
    };
    let whole: Vec<i64> = cells.iter().filter_map(whole_part).collect();
    if !cells.is_empty() && whole.len() == cells.len() {
        let all = |low: i64, high: i64| whole.iter().all(|number| (low..=high).contains(number));
        let is_zero_based = |unit: i64| all(0, i64::MAX) && whole.iter().any(|number| *number > 100_000_000 * unit / 10);
        let looks_compact = cells.iter().all(|cell| cells::date(cell, DateStyle::Compact).is_ok_and(|_| matches!(cell.len(), 8 | 12 | 14)));
        let style = match () {
            () if looks_compact => DateStyle::Compact,
            () if all(-9_999, 2_999) => DateStyle::Year,
            () if all(10_000, 80_000) => DateStyle::Excel,
            () if all(100_000_000, 9_999_999_999) => DateStyle::Epoch(1),
            () if all(100_000_000_000, 9_999_999_999_999) => DateStyle::Epoch(1_000),
            () if all(100_000_000_000_000, 9_999_999_999_999_999) => DateStyle::Epoch(1_000_000),
            () if is_zero_based(1_000_000_000) => DateStyle::Epoch(1_000_000_000),
            () => DateStyle::Text(DateOrder::DayFirst),
        };
        return (style, true);
    }
    let evidence = |order| cells.iter().filter(|cell| cells::order_evidence(cell) == Some(order)).count();
    let (day_first, month_first) = (evidence(DateOrder::DayFirst), evidence(DateOrder::MonthFirst));
    let order = if month_first > day_first { DateOrder::MonthFirst } else { DateOrder::DayFirst };
    (DateStyle::Text(order), day_first + month_first > 0)
}

fn speaks<V: Vocabulary>(cells: &[String]) -> bool {
    let filled = cells.iter().filter(|cell| !is_missing(cell)).count();
    let known = cells.iter().filter(|cell| V::parse(cell).is_some()).count();
    filled > 0 && known * 5 >= filled * 4
}

/// Does the content allow the role?
fn fits(role: Role, profile: &Profile, cells: &[String], name: &str) -> bool {
    if cells.is_empty() {
        // Not one whole row was seen, because the first is very long: names must do.
        return true;
    }
    let has_dates = profile.part(profile.dates) >= 0.5 && profile.filled > 0;
    let is_count = matches!(profile.style, DateStyle::Year | DateStyle::Excel | DateStyle::Epoch(_));
    match role {
        Role::When | Role::End | Role::AsOf | Role::Published => {
            let may_count =
                name.contains("date") || name.contains("time") || name.contains("start") || name.contains("end") || name == "when";
            let is_likely_year =
                profile.style != DateStyle::Year || cells.iter().filter(|cell| !is_missing(cell)).all(|cell| cell.trim().len() == 4);
            has_dates && is_likely_year && (!is_count || (may_count && (profile.style != DateStyle::Excel || name.contains("date"))))
        }
        Role::Time => {
            cells.iter().filter(|cell| !is_missing(cell)).take(50).all(|cell| cells::time_of_day(cell).is_some()) && profile.filled > 0
        }
        Role::Year | Role::EndYear => profile.style == DateStyle::Year && profile.filled > 0,
        Role::Value | Role::Low | Role::High => profile.part(profile.figures) >= 0.5 && profile.filled > 0,
        Role::Month | Role::Day => profile.part(profile.numeric) >= 0.5 && profile.filled > 0,
        Role::Lat => in_range(profile, cells, 90.0),
        Role::Lon => in_range(profile, cells, 180.0),
        Role::Link => profile.part(profile.links) >= 0.3,
        Role::Id => profile.filled > 0 && profile.distinct * 2 > profile.filled && profile.chars / profile.filled <= 80,
        Role::Status => speaks::<Status>(cells),
        Role::Likelihood => speaks::<Likelihood>(cells),
        Role::Credibility => speaks::<Credibility>(cells),
        Role::Measure => speaks::<Measure>(cells),
        Role::Qualifier => speaks::<Qualifier>(cells),
        Role::Basis => speaks::<Basis>(cells),
        Role::Kind => speaks::<crate::data::Kind>(cells),
        Role::Title | Role::Note => profile.is_words() && profile.filled > 0 && !has_dates,
        Role::From | Role::To | Role::Place | Role::Source => profile.is_words() && profile.filled > 0 && !has_dates && !is_flag(cells),
        Role::Category => profile.filled > 0 && profile.distinct <= 200.max(profile.filled / 2) && !is_flag(cells),
        // The others are guessed from names alone, or by presets only.
        _ => profile.filled > 0,
    }
}

fn is_flag(cells: &[String]) -> bool {
    cells.iter().all(|cell| is_missing(cell) || matches!(cell.to_ascii_lowercase().as_str(), "true" | "false" | "yes" | "no"))
}

fn in_range(profile: &Profile, cells: &[String], most: f64) -> bool {
    let is_inside = |cell: &String| cells::number(cell, profile.numbers).is_ok_and(|number| number.abs() <= most);
    let inside = cells.iter().filter(|cell| !is_missing(cell)).take(JUDGED_MAX).filter(|cell| is_inside(cell)).count();
    profile.filled > 0 && profile.part(inside) >= 0.5
}

/// What the columns mean.
pub(super) fn guess(header: &[String], sample: &Sample) -> Mapping {
    let plain: Vec<String> = header.iter().map(|name| names::plain_name(name)).collect();
    let codes = codes::find(&plain, sample);
    let clean = codes::without(sample, &codes);
    let sample = clean.as_ref().unwrap_or(sample);
    let empty = Vec::new();
    let cells = |column: usize| sample.get(column).unwrap_or(&empty);
    let profiles: Vec<Profile> = (0..header.len()).map(|column| Profile::of(cells(column))).collect();
    let words = |column: usize| codes.get(column).into_iter().flatten().map(|code| (code.clone(), String::new())).collect();
    let mut mapping = Mapping {
        columns: header
            .iter()
            .zip(&profiles)
            .enumerate()
            .map(|(column, (name, profile))| ColumnMap {
                name: name.clone(),
                role: Role::Extra,
                dates: profile.style,
                numbers: profile.numbers,
                is_numeric: profile.is_numeric(),
                is_order_known: profile.is_order_known,
                words: words(column),
                ..ColumnMap::default()
            })
            .collect(),
        ..Mapping::default()
    };
    let is_tidy = plain.iter().any(|name| name == "metric") && plain.iter().any(|name| name == "value");
    if !is_tidy {
        find_metrics(&mut mapping, &plain, &profiles, sample);
    }
    let fit = |role: Role, column: usize| fits(role, &profiles[column], cells(column), &plain[column]);
    for (role, known) in NAMES {
        let is_tidy_role = matches!(
            role,
            Role::Metric | Role::Item | Role::Measure | Role::Value | Role::Low | Role::High | Role::Qualifier | Role::Basis | Role::Unit
        );
        if (is_tidy_role && !is_tidy) || mapping.column(*role).is_some() {
            continue;
        }
        let free = |column: usize, mapping: &Mapping| mapping.columns[column].role == Role::Extra;
        let found = known
            .iter()
            .find_map(|name| (0..plain.len()).find(|column| plain[*column] == *name && free(*column, &mapping) && fit(*role, *column)));
        if let Some(column) = found {
            mapping.columns[column].role = *role;
        }
    }
    find_flows(&mut mapping, &plain, &profiles);
    settle_dates(&mut mapping, &plain, &profiles);
    years::find(&mut mapping, header, &plain, &profiles);
    if !is_tidy && mapping.measured.is_empty() {
        find_value(&mut mapping, &plain, &fit);
    }
    thousands::settle(&mut mapping, sample, false);
    settle_id(&mut mapping, &plain);
    settle_title(&mut mapping, &plain);
    settle_lists(&mut mapping, sample);
    find_totals(&mut mapping, sample);
    mapping
}

/// Columns of killed, wounded …, with their bounds.
fn find_metrics(mapping: &mut Mapping, plain: &[String], profiles: &[Profile], sample: &Sample) {
    let is_number = |column: usize| {
        let (profile, is_unseen) = (&profiles[column], sample.get(column).is_none_or(Vec::is_empty));
        is_unseen || (profile.filled > 0 && profile.part(profile.figures) >= 0.5)
    };
    // What is destroyed or damaged beside is no person.
    let is_of_equipment = plain.iter().any(|name| name == "destroyed" || name == "damaged");
    let place = |mapping: &mut Mapping, metric: &str, part: Part, column: usize| {
        let index = mapping.measured.iter().position(|measured| measured.metric == metric).unwrap_or_else(|| {
            let unit = (!is_of_equipment).then(|| "persons".to_owned());
            mapping.measured.push(Measured { metric: metric.to_owned(), unit, ..Measured::default() });
            mapping.measured.len() - 1
        });
        let measured = &mut mapping.measured[index];
        let slot = match part {
            Part::Value => &mut measured.value,
            Part::Low => &mut measured.low,
            Part::High => &mut measured.high,
        };
        if slot.is_none() {
            *slot = Some(column);
            mapping.columns[column].role = Role::Measured;
        }
    };
    // One of these alone may say anything.
    let counts_fates = (0..plain.len()).filter(|column| names::fate_of(&plain[*column]).is_some() && is_number(*column)).count() >= 2;
    for (column, name) in plain.iter().enumerate() {
        let fate = || names::fate_of(name).filter(|_| counts_fates).map(|metric| (metric, Part::Value));
        if is_number(column)
            && let Some((metric, part)) = names::metric_of(name).or_else(fate)
        {
            place(mapping, metric, part, column);
        }
    }
    if mapping.measured.len() == 1 {
        let metric = mapping.measured[0].metric.clone();
        for (column, name) in plain.iter().enumerate() {
            if let Some(part) = names::bare_part(name).filter(|part| *part != Part::Value)
                && is_number(column)
                && mapping.columns[column].role == Role::Extra
            {
                place(mapping, &metric, part, column);
            }
        }
    }
    mapping.measured.retain(|measured| measured.value.is_some() || (measured.low.is_some() && measured.high.is_some()));
    for column in 0..mapping.columns.len() {
        let is_used = mapping.measured.iter().any(|m| [m.value, m.low, m.high].contains(&Some(column)));
        if mapping.columns[column].role == Role::Measured && !is_used {
            mapping.columns[column].role = Role::Extra;
        }
    }
}

/// What went from one to another: the number of a table that has both sides, and no metric.
fn find_flows(mapping: &mut Mapping, plain: &[String], profiles: &[Profile]) {
    let has_sides = mapping.column(Role::From).is_some() && mapping.column(Role::To).is_some();
    if !has_sides || !mapping.measured.is_empty() || mapping.column(Role::Value).is_some() {
        return;
    }
    let is_free = |column: &usize| mapping.columns[*column].role == Role::Extra && profiles[*column].is_numeric();
    let found = names::FLOWS.iter().find_map(|name| (0..plain.len()).filter(is_free).find(|column| plain[*column] == *name));
    if let Some(column) = found {
        mapping.columns[column].role = Role::Measured;
        mapping.measured.push(Measured { metric: plain[column].clone(), value: Some(column), ..Measured::default() });
    }
}

/// A column called `value` without any metric counts by its own name; what stands beside belongs to it. Bare numbers count nothing.
fn find_value(mapping: &mut Mapping, plain: &[String], fit: &dyn Fn(Role, usize) -> bool) {
    if plain.len() < 2 {
        return;
    }
    for role in [Role::Value, Role::Low, Role::High, Role::Unit, Role::Basis, Role::Qualifier] {
        let is_free = |column: &usize| mapping.columns[*column].role == Role::Extra && fit(role, *column);
        let called = |column: &usize| NAMES.iter().any(|(own, names)| *own == role && names.contains(&plain[*column].as_str()));
        match (0..plain.len()).filter(called).find(is_free) {
            Some(column) => mapping.columns[column].role = role,
            None if role == Role::Value => return,
            None => {}
        }
    }
}

/// Year, month and day columns count only without a whole date; a table without a named date takes the first column of dates.
fn settle_dates(mapping: &mut Mapping, plain: &[String], profiles: &[Profile]) {
    let give_up = |mapping: &mut Mapping, role: Role| {
        if let Some(column) = mapping.column(role) {
            mapping.columns[column].role = Role::Extra;
        }
    };
    if mapping.column(Role::When).is_none() && mapping.column(Role::Year).is_none() {
        let by_content = (0..plain.len()).find(|column| {
            let profile = &profiles[*column];
            let is_text = matches!(profile.style, DateStyle::Text(_) | DateStyle::Compact);
            mapping.columns[*column].role == Role::Extra && is_text && profile.filled > 0 && profile.part(profile.dates) >= 0.8
        });
        if let Some(column) = by_content {
            mapping.columns[column].role = Role::When;
        }
    }
    if mapping.column(Role::When).is_some() {
        for role in [Role::Year, Role::Month, Role::Day] {
            give_up(mapping, role);
        }
    }
    if mapping.column(Role::Year).is_none() {
        give_up(mapping, Role::Month);
        give_up(mapping, Role::Day);
    }
    if mapping.column(Role::Month).is_none() {
        give_up(mapping, Role::Day);
    }
    if mapping.column(Role::When).is_none() && mapping.column(Role::Year).is_none() {
        give_up(mapping, Role::Time);
        give_up(mapping, Role::End);
    }
    if mapping.column(Role::Year).is_none() || mapping.column(Role::End).is_some() {
        give_up(mapping, Role::EndYear);
    }
}

/// `event_id` is the id where there is no other one, else what records of one event share.
fn settle_id(mapping: &mut Mapping, plain: &[String]) {
    if mapping.column(Role::Id).is_none()
        && let Some(column) = mapping.column(Role::EventId)
        && plain[column] == "event_id"
    {
        mapping.columns[column].role = Role::EventId;
    }
    // A note that is the only text of the table is its title.
    if mapping.column(Role::Title).is_none()
        && let Some(column) = mapping.column(Role::Note)
    {
        mapping.columns[column].role = Role::Title;
    }
}

/// A facility is what a table tells of, where nothing else in it is a title, and a place besides.
fn settle_title(mapping: &mut Mapping, plain: &[String]) {
    let facility = mapping.column(Role::Place).filter(|column| plain[*column] == "facility_name");
    if let (None, true, Some(column)) = (mapping.column(Role::Title), mapping.title.is_empty(), facility) {
        mapping.title = vec![TitlePart::Column(column)];
    }
}

/// Sources that all stand between commas, as `,ci,nc,`, are lists.
fn settle_lists(mapping: &mut Mapping, sample: &Sample) {
    let is_list = |cell: &&str| cell.len() > 2 && cell.starts_with(',') && cell.ends_with(',');
    for (map, cells) in mapping.columns.iter_mut().zip(sample).filter(|(map, _)| map.role == Role::Source) {
        let mut filled = cells.iter().map(|cell| cell.trim()).filter(|cell| !is_missing(cell)).peekable();
        if filled.peek().is_some() && filled.all(|cell| is_list(&cell)) {
            map.separator = Some(',');
        }
    }
}

/// The rows of each metric of a table with one metric a row.
pub(super) fn of_metrics(mapping: &Mapping, sample: &Sample) -> BTreeMap<String, Sample> {
    if let Some(named) = mapping.names_metric() {
        return BTreeMap::from([(mapping.columns[named].name.clone(), sample.clone())]);
    }
    let mut parts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let metrics = mapping.column(Role::Metric).and_then(|column| sample.get(column));
    for (row, metric) in metrics.into_iter().flatten().enumerate().filter(|(_, metric)| !is_missing(metric)) {
        parts.entry(metric.trim()).or_default().push(row);
    }
    let cells = |rows: &[usize], column: &Vec<String>| rows.iter().map(|row| column.get(*row).cloned().unwrap_or_default()).collect();
    parts.into_iter().map(|(metric, rows)| (metric.to_owned(), sample.iter().map(|column| cells(&rows, column)).collect())).collect()
}

/// A number per day that never falls over many days is a running total, not what happened on the day.
fn find_totals(mapping: &mut Mapping, sample: &Sample) {
    if let Some(value) = mapping.without_basis() {
        for (metric, rows) in of_metrics(mapping, sample) {
            let series = Days::of(mapping, &rows).and_then(|days| Series::of(&days, mapping, &rows, value));
            if series.is_some_and(|series| series.growth() == Growth::Steady && series.never_falls()) {
                mapping.bases.set(&metric, Basis::Total);
            }
        }
    }
    if mapping.measured.is_empty() {
        return;
    }
    let Some(days) = Days::of(mapping, sample) else { return };
    for index in 0..mapping.measured.len() {
        let series = mapping.measured[index].value.and_then(|value| Series::of(&days, mapping, sample, value));
        if series.is_some_and(|series| series.growth() == Growth::Steady && series.never_falls()) {
            mapping.measured[index].basis = Basis::Total;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn guess_of(header: &[&str], rows: &[&[&str]]) -> Mapping {
        let names: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        let sample =
            (0..header.len()).map(|column| rows.iter().map(|row| (*row.get(column).unwrap_or(&"")).to_owned()).collect()).collect();
        guess(&names, &sample)
    }

    fn role(mapping: &Mapping, name: &str) -> Role {
        mapping.columns.iter().find(|column| column.name == name).unwrap().role
    }

    #[test]
    fn a_table_of_events_with_bounds_is_understood_by_its_names() {
        let header = [
            "id",
            "date_start",
            "date_end",
            "latitude",
            "longitude",
            "country",
            "type_of_violence",
            "side_a",
            "side_b",
            "deaths_best",
            "deaths_low",
            "deaths_high",
            "source_article",
            "source_office",
            "source_date",
        ];
        let row: &[&str] = &[
            "1",
            "2020-01-01",
            "2020-01-03",
            "1.5",
            "30.2",
            "Mali",
            "1",
            "Army",
            "Rebels",
            "3",
            "2",
            "5",
            "Agency, 2020-01-04, three dead",
            "Agency",
            "2020-01-04",
        ];
        let mapping = guess_of(&header, &[row, row]);
        assert_eq!(role(&mapping, "date_start"), Role::When);
        assert_eq!(role(&mapping, "date_end"), Role::End);
        assert_eq!(role(&mapping, "type_of_violence"), Role::Category);
        assert_eq!(role(&mapping, "side_a"), Role::From);
        assert_eq!(role(&mapping, "source_article"), Role::Title);
        assert_eq!(role(&mapping, "source_office"), Role::Source);
        assert_eq!(role(&mapping, "source_date"), Role::Published);
        assert_eq!(role(&mapping, "country"), Role::Extra);
        assert_eq!(mapping.measured.len(), 1);
        assert_eq!((mapping.measured[0].value, mapping.measured[0].low, mapping.measured[0].high), (Some(9), Some(10), Some(11)));
    }

    #[test]
    fn content_decides_where_names_could_mislead() {
        let mapping = guess_of(&["time", "event", "source", "year"], &[&["2004-01-01 00:20:00", "Attack", "https://a.example/1", "2004"]]);
        assert_eq!(role(&mapping, "time"), Role::When);
        assert_eq!(role(&mapping, "event"), Role::Title);
        assert_eq!(role(&mapping, "source"), Role::Link);
        assert_eq!(role(&mapping, "year"), Role::Extra);
    }

    #[test]
    fn dates_with_points_are_dates_and_no_numbers() {
        let mapping = guess_of(&["Datum", "Tote"], &[&["01.02.2021", "3"], &["05.06.2021", "4"]]);
        assert_eq!((role(&mapping, "Datum"), mapping.columns[0].dates), (Role::When, DateStyle::Text(DateOrder::DayFirst)));
        let mapping = guess_of(&["date", "n"], &[&["1422662400.5", "3"], &["1454284800.25", "4"]]);
        assert_eq!(mapping.columns[0].dates, DateStyle::Epoch(1));
    }

    #[test]
    fn day_first_is_told_by_a_day_above_twelve() {
        let mapping = guess_of(&["date"], &[&["01/02/2015"], &["25/02/2015"]]);
        assert!(mapping.columns[0].is_order_known);
        let mapping = guess_of(&["date"], &[&["02/25/2015"], &["01/02/2015"]]);
        assert_eq!(mapping.columns[0].dates, DateStyle::Text(DateOrder::MonthFirst));
    }

    #[test]
    fn what_goes_from_one_to_another_is_a_quantity_and_a_year_of_the_end_an_end() {
        let mapping =
            guess_of(&["supplier", "recipient", "year", "value"], &[&["Realm", "Land", "2021", "11"], &["Realm", "Isle", "2020", "5"]]);
        assert_eq!((mapping.measured[0].metric.as_str(), mapping.measured[0].value), ("value", Some(3)));
        let mapping = guess_of(&["name", "construction_start", "construction_end"], &[&["Hot cell", "1986", "1992"]]);
        assert_eq!((role(&mapping, "construction_start"), role(&mapping, "construction_end")), (Role::Year, Role::EndYear));
        let mapping = guess_of(&["equipment", "destroyed", "captured"], &[&["Tanks", "10", "4"]]);
        assert_eq!(mapping.measured[0].unit, None);
        let fates = ["destroyed", "abandoned", "captured", "damaged"];
        let mapping = guess_of(&[&["equipment"], &fates[..]].concat(), &[&["Tanks", "10", "1", "4", "2"]]);
        let metrics: Vec<(&str, Option<usize>)> = mapping.measured.iter().map(|m| (m.metric.as_str(), m.value)).collect();
        assert_eq!(metrics, [("destroyed", Some(1)), ("abandoned", Some(2)), ("captured", Some(3)), ("damaged", Some(4))]);
        assert!(guess_of(&["house", "destroyed"], &[&["Mill", "1"]]).measured.is_empty(), "it may be a mark of yes or no");
    }

    #[test]
    fn a_facility_is_the_title_where_there_is_no_other() {
        let mapping = guess_of(&["facility_name", "construction_start"], &[&["Hot cell", "1986"]]);
        assert_eq!((role(&mapping, "facility_name"), mapping.title), (Role::Place, vec![TitlePart::Column(0)]));
        let mapping = guess_of(&["facility_name", "missile_name", "date"], &[&["North pad", "Kite-2", "1986-02-03"]]);
        assert_eq!((role(&mapping, "missile_name"), mapping.title), (Role::Title, Vec::new()));
    }

    #[test]
    fn a_count_that_never_falls_is_a_total() {
        let days: Vec<[String; 2]> = (1..=28).map(|day| [format!("2020-02-{day:02}"), format!("{}", day * 3)]).collect();
        let rows: Vec<Vec<&str>> = days.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        assert_eq!(guess_of(&["date", "deaths"], &rows).measured[0].basis, Basis::Total);
    }
}
