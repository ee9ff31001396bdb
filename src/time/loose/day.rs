//! Reads the date part of a date of a table: a day, a week, a month or a quarter.

use super::super::calendar::MONTHS;
use super::super::units::season;
use super::super::{Flags, Precision, Span, Step, Time, When};
use super::{DateOrder, LooseError};

/// The days of the week, by their first letters.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// The months in full.
const MONTHS_LONG: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
/// Two-digit years below this are of the 21st century.
const PIVOT: i32 = 70;
/// What stands between the parts of a date.
const SEPARATORS: [char; 5] = ['/', '-', '.', ',', ' '];

/// The date part, and what was doubtful about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) when: When,
    pub(super) ambiguous_order: bool,
    pub(super) two_digit_year: bool,
}

impl Day {
    fn sure(when: When) -> Self {
        Self { when, ambiguous_order: false, two_digit_year: false }
    }
}

/// One part of a date.
#[derive(Clone, Copy)]
enum Part<'a> {
    /// A number and how many digits it is written with.
    Number(u32, usize),
    /// A month by its name.
    Month(u32),
    Word(&'a str),
}

impl<'a> Part<'a> {
    fn new(text: &'a str) -> Self {
        let count = text.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, behind) = text.split_at_checked(count).unwrap_or((text, ""));
        let is_ordinal = ["st", "nd", "rd", "th"].iter().any(|ending| ending.eq_ignore_ascii_case(behind));
        match digits.parse() {
            Ok(number) if count <= 8 && (behind.is_empty() || is_ordinal) => Self::Number(number, count),
            _ => month_of(text).map_or(Self::Word(text), Self::Month),
        }
    }
}

/// The number of a month by its name or the first three letters of it (or `Sept`).
fn month_of(word: &str) -> Option<u32> {
    let short = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(word));
    let long = MONTHS_LONG.iter().position(|name| name.eq_ignore_ascii_case(word));
    let september = word.eq_ignore_ascii_case("sept").then_some(8);
    Some(short.or(long).or(september)? as u32 + 1)
}

/// What follows the day of the week, when the text starts with one.
fn without_weekday(text: &str) -> &str {
    let end = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, rest) = text.split_at_checked(end).unwrap_or(("", text));
    let is_start = |name: &&str| name.get(..end).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if end >= 3 && WEEKDAYS.iter().any(is_start) { rest.trim_start_matches(['.', ',', ' ']) } else { text }
}

/// Are three numbers parted by the same sign, as in `1/2/2015` or `1. 2. 2015`, and not as in `10-12 2015`?
fn is_evenly_parted(text: &str, separator: char) -> bool {
    let count = text.matches(separator).count();
    let has_others = text.contains(|letter| SEPARATORS.contains(&letter) && letter != separator && letter != ' ');
    count == 2 && !has_others
}

/// Reads the date part.
///
/// # Errors
/// See [`super::parse_loose`].
pub(super) fn day(text: &str, order: DateOrder) -> Result<Day, LooseError> {
    let text = without_weekday(text);
    let is_closed = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    if !is_closed(text.chars().next()) || !is_closed(text.chars().next_back()) {
        return Err(LooseError::Unknown);
    }
    let mut texts = text.split(SEPARATORS).filter(|part| !part.is_empty());
    let parts = [texts.next(), texts.next(), texts.next(), texts.next()].map(|part| part.map(Part::new));
    let separator = text.chars().find(|letter| SEPARATORS.contains(letter)).unwrap_or(' ');
    match parts {
        [Some(first), None, None, None] => one(text, first),
        [Some(first), Some(second), None, None] => two(text, separator, first, second),
        [Some(first), Some(second), Some(third), None] => three(text, separator, order, [first, second, third]),
        _ => Err(LooseError::Unknown),
    }
}

/// `20150131`, `2015W05` or `2015Q1`.
fn one(text: &str, part: Part<'_>) -> Result<Day, LooseError> {
    match part {
        Part::Number(number, 8) => whole_day(text, (number / 10_000) as i32, number / 100 % 100, number % 100),
        Part::Word(word) => {
            let (year, behind) = word.split_at_checked(4).ok_or(LooseError::Unknown)?;
            two(text, '-', Part::new(year), Part::Word(behind))
        }
        _ => Err(LooseError::Unknown),
    }
}

/// A month, a week or a quarter with its year.
fn two(text: &str, separator: char, first: Part<'_>, second: Part<'_>) -> Result<Day, LooseError> {
    match (first, second) {
        (Part::Number(year, 4), Part::Month(month)) | (Part::Month(month), Part::Number(year, 4)) => whole_month(text, year as i32, month),
        (Part::Number(year, 4), Part::Number(month, 1 | 2)) | (Part::Number(month, 1 | 2), Part::Number(year, 4))
            if matches!(separator, '/' | '-') =>
        {
            whole_month(text, year as i32, month)
        }
        (Part::Number(year, 4), Part::Word(word)) | (Part::Word(word), Part::Number(year, 4)) => match word.split_at_checked(1) {
            Some(("Q" | "q", quarter)) => whole_quarter(year as i32, quarter),
            Some(("W" | "w", week)) => whole_week(text, year as i32, week),
            _ => Err(LooseError::Unknown),
        },
        _ => Err(LooseError::Unknown),
    }
}

/// A day, or `2015-W05-3`.
fn three(text: &str, separator: char, order: DateOrder, parts: [Part<'_>; 3]) -> Result<Day, LooseError> {
    match parts {
        [Part::Number(day, 1 | 2), Part::Month(month), Part::Number(year, digits @ (2 | 4))]
        | [Part::Month(month), Part::Number(day, 1 | 2), Part::Number(year, digits @ (2 | 4))] => {
            let (year, two_digit_year) = full_year(year, digits);
            Ok(Day { two_digit_year, ..whole_day(text, year, month, day)? })
        }
        [Part::Number(..), Part::Number(..), Part::Number(..)] if !is_evenly_parted(text, separator) => Err(LooseError::Unknown),
        [Part::Number(year, 4), Part::Number(month, 1 | 2) | Part::Month(month), Part::Number(day, 1 | 2)] => {
            whole_day(text, year as i32, month, day)
        }
        [Part::Number(first, 1 | 2), Part::Number(second, 1 | 2), Part::Number(third, digits @ (2 | 4))] => {
            numbers(text, separator, order, [first, second, third], digits)
        }
        [Part::Number(year, 4), Part::Word(word), Part::Number(weekday @ 1..=7, 1)] => match word.split_at_checked(1) {
            Some(("W" | "w", week)) => {
                let monday = whole_week(text, year as i32, week)?.when.span.start;
                Ok(Day::sure(When::day(monday.plus_us(i64::from(weekday - 1) * super::DAY_US))))
            }
            _ => Err(LooseError::Unknown),
        },
        _ => Err(LooseError::Unknown),
    }
}

/// A day of three numbers with the year last, or of three short numbers in any order.
pub(super) fn numbers(text: &str, separator: char, order: DateOrder, parts: [u32; 3], digits: usize) -> Result<Day, LooseError> {
    let [first, second, third] = parts;
    let reading = |day: u32, month: u32, year: u32, digits: usize| {
        let (year, two_digit_year) = full_year(year, digits);
        Time::from_ymd(year, month, day).map(|time| Day { two_digit_year, ..Day::sure(When::day(time)) })
    };
    let day_first = reading(first, second, third, digits);
    let month_first = reading(second, first, third, digits).filter(|_| separator != '.');
    let year_first = if digits == 2 && order == DateOrder::YearFirst { reading(third, second, first, 2) } else { None };
    let wanted = match order {
        DateOrder::YearFirst => year_first.or(day_first).or(month_first),
        DateOrder::DayFirst => day_first.or(month_first),
        DateOrder::MonthFirst => month_first.or(day_first),
    };
    let found = wanted.ok_or_else(|| no_such_day(text))?;
    let others = [day_first, month_first, year_first];
    let ambiguous_order = others.into_iter().flatten().any(|other| other.when != found.when);
    Ok(Day { ambiguous_order, ..found })
}

fn full_year(year: u32, digits: usize) -> (i32, bool) {
    let year = year as i32;
    match digits {
        2 if year < PIVOT => (2000 + year, true),
        2 => (1900 + year, true),
        _ => (year, false),
    }
}

fn no_such_day(text: &str) -> LooseError {
    LooseError::Impossible { part: text.to_owned(), reason: "there is no such day" }
}

/// A day by its numbers.
pub(super) fn whole_day(text: &str, year: i32, month: u32, day: u32) -> Result<Day, LooseError> {
    let time = Time::from_ymd(year, month, day).ok_or_else(|| no_such_day(text))?;
    Ok(Day::sure(When::day(time)))
}

fn whole_month(text: &str, year: i32, month: u32) -> Result<Day, LooseError> {
    let impossible = || LooseError::Impossible { part: text.to_owned(), reason: "months run from 1 to 12" };
    let start = Time::from_ymd(year, month, 1).ok_or_else(impossible)?;
    Ok(unit(Span::new(start, Step::Month.next(start)), Precision::Month))
}

fn whole_quarter(year: i32, quarter: &str) -> Result<Day, LooseError> {
    let number = quarter.parse::<u8>().ok().filter(|number| (1..=4).contains(number)).ok_or(LooseError::Unknown)?;
    let season = season(i64::from(year), 32 + number).ok_or(LooseError::Unknown)?;
    Ok(unit(season.span, Precision::Season))
}

/// A week of ISO 8601: week 1 holds the 4th of January.
fn whole_week(text: &str, year: i32, week: &str) -> Result<Day, LooseError> {
    let is_number = week.len() <= 2 && week.bytes().all(|byte| byte.is_ascii_digit());
    let number = week.parse::<i64>().ok().filter(|_| is_number).ok_or(LooseError::Unknown)?;
    let first_week = |year: i32| Time::from_ymd(year, 1, 4).map(|fourth| Step::Week.floor(fourth));
    let (first, next_first) = first_week(year).zip(first_week(year + 1)).ok_or(LooseError::OutOfRange)?;
    let start = first.plus_us((number - 1) * 7 * super::DAY_US);
    if number < 1 || start >= next_first {
        return Err(LooseError::Impossible { part: text.to_owned(), reason: "the year has no such week" });
    }
    Ok(unit(Span::new(start, Step::Week.next(start)), Precision::Week))
}

fn unit(span: Span, precision: Precision) -> Day {
    Day::sure(When { span, precision, flags: Flags::default() })
}
