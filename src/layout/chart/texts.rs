//! What is said beside the marks of a strip: who and how much, without saying anything twice. It places nothing.

use super::totals::{ChartMark, OffScale, TotalsStrip};
use crate::data::{Row, Status};
use crate::layout::{one_line, value_text};
use crate::query::Reading;

/// A strip says no more than this many things; the others are told under the pointer.
const TEXTS_MAX: usize = 80;
/// An item longer than this is not said beside the name.
const ITEM_CHARS_MAX: usize = 18;

/// The text of a label.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelText {
    /// Which mark of the strip.
    pub mark: usize,
    /// Who, where it is said.
    pub name: Option<String>,
    /// A narrower kind of what is counted, where the name is said.
    pub item: Option<String>,
    /// How much.
    pub value: String,
    /// How many articles carry it, above one: `×4`.
    pub times: Option<String>,
    /// What else is to be known: `below scale`, `expected`.
    pub word: Option<&'static str>,
    /// Higher ones choose their place first.
    pub weight: u32,
}

/// The labels of a strip: each originator's first and last reading with its name, the others by their value, unchanged values once.
pub fn label_texts(strip: &TotalsStrip, readings: &[Reading], selection: &[Row]) -> Vec<LabelText> {
    let told: Vec<(usize, &ChartMark, &Reading)> = told_marks(strip, readings, selection);
    let mut texts: Vec<LabelText> = Vec::new();
    for (place, (mark_place, mark, reading)) in told.iter().enumerate() {
        let same = |other: &(usize, &ChartMark, &Reading)| other.2.counter == reading.counter && !other.1.is_entering;
        let is_first = !told.iter().take(place).any(same);
        let is_last = !told.iter().skip(place + 1).any(same);
        let is_selected = is_chosen(reading, selection);
        let is_named = is_first || is_last || is_selected || mark.is_entering;
        let word = match (mark.off_scale, reading.status) {
            (Some(OffScale::Below), _) => Some("below scale"),
            (Some(OffScale::Above), _) => Some("above scale"),
            (_, Status::Expected) => Some("expected"),
            (_, Status::Denied) => Some("denied"),
            (_, Status::Retracted) => Some("retracted"),
            (_, Status::Removed) => Some("removed"),
            _ => None,
        };
        let articles = reading.articles.min(20);
        let base = match (is_selected, mark.is_entering) {
            (true, _) => 1_000,
            (false, true) => 0,
            (false, false) => 10,
        };
        texts.push(LabelText {
            mark: *mark_place,
            name: is_named
                .then(|| reading.counter_short.as_deref().or(reading.counter.as_deref()))
                .flatten()
                .map(|text| one_line(text).into_owned()),
            item: is_named
                .then_some(reading.figure.item.as_deref())
                .flatten()
                .map(|text| one_line(text).into_owned())
                .filter(|item| item.chars().count() <= ITEM_CHARS_MAX),
            value: value_text(&reading.figure, true),
            times: (reading.articles > 1).then(|| format!("×{}", reading.articles)),
            word,
            weight: base
                + if is_named && !mark.is_entering { 100 } else { 0 }
                + articles * 5
                + if mark.off_scale.is_some() {
                    300
                } else if word.is_some() {
                    60
                } else {
                    0
                },
        });
    }
    texts.sort_by_key(|text| std::cmp::Reverse(text.weight));
    texts.truncate(TEXTS_MAX);
    texts
}

/// The marks about which something new is to be said.
fn told_marks<'a>(strip: &'a TotalsStrip, readings: &'a [Reading], selection: &[Row]) -> Vec<(usize, &'a ChartMark, &'a Reading)> {
    let mut said: Vec<(u32, String)> = Vec::new();
    let mut told = Vec::new();
    for (place, mark) in strip.marks.iter().enumerate() {
        let Some(reading) = readings.get(mark.reading) else { continue };
        if mark.is_thinned && !is_chosen(reading, selection) {
            continue;
        }
        let value = value_text(&reading.figure, true);
        let is_stepped = reading.counter.is_some() && !mark.is_entering && mark.look.fill == crate::layout::Fill::Solid;
        if is_stepped {
            match said.iter_mut().find(|(line, _)| *line == reading.line) {
                Some((_, before)) if *before == value && !is_chosen(reading, selection) => continue,
                Some((_, before)) => *before = value,
                None => said.push((reading.line, value)),
            }
        }
        told.push((place, mark, reading));
    }
    told
}

/// Is a reading, or one of its carriers, selected?
fn is_chosen(reading: &Reading, selection: &[Row]) -> bool {
    reading.carriers.iter().any(|row| selection.contains(row))
}

impl LabelText {
    /// Shorter ways to say it, the longest first: without the item, without the name.
    pub fn shorter(&self) -> [Option<Self>; 2] {
        let without_item = self.item.is_some().then(|| Self { item: None, ..self.clone() });
        let without_name = self.name.is_some().then(|| Self { name: None, item: None, ..self.clone() });
        [without_item, without_name]
    }
}
