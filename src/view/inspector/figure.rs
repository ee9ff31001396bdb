//! The upper part of the inspector: the figure as it was claimed, its dates and grades, what it says, where.

use eframe::egui::{Label, RichText, Sense, Ui, pos2, vec2};

use super::words::{
    counted, credibility_words, date_words, likelihood_words, metric_word, qualifier_line, reliability_words, sign_and_number,
};
use super::{Cx, PAD, padded};
use crate::data::{Field, Kind, Vocabulary as _, display_value};
use crate::layout::{legible, value_text};
use crate::query::{Figure, RecordAnswer};
use crate::view::rows::{cut_text, text_width};
use crate::view::theme::font;

/// What stands in a place that has no value.
const NOT_RECORDED: &str = "not recorded";
const NOT_RATED: &str = "Not rated";
const GRID_ROW: f32 = 18.0;

/// Draws it.
pub(super) fn figure_ui(ui: &mut Ui, cx: &Cx<'_>, record: &RecordAnswer) {
    ui.add_space(10.0);
    if let Some(figure) = &record.line.figure {
        if figure.band.is_some() {
            number_ui(ui, cx, figure, record);
        } else {
            no_number_ui(ui, cx, figure, record);
        }
        ui.add_space(6.0);
    }
    let is_lead = record.line.figure.is_none();
    if let Some(title) = &record.line.title {
        let face = if is_lead { font::semibold(15.0) } else { font::medium(12.0) };
        text_ui(ui, RichText::new(legible(title)).font(face).color(cx.theme.text1));
    }
    if is_lead && let Some(hedge) = &record.hedge {
        text_ui(ui, RichText::new(format!("“{hedge}”")).font(font::body()).color(cx.theme.text2));
    }
    ui.add_space(6.0);
    grid_ui(ui, cx, record);
    place_ui(ui, cx, record);
    if let Some(note) = &record.note {
        ui.add_space(4.0);
        text_ui(ui, RichText::new(legible(note)).font(font::body()).color(cx.theme.text2));
    }
}

/// A paragraph over the whole width, that can be selected.
fn text_ui(ui: &mut Ui, text: RichText) {
    padded(ui, |ui| ui.add(Label::new(text).selectable(true).wrap()));
}

/// The number with its sign, and beside it what it counts; the number gives way to the place that there is.
fn number_ui(ui: &mut Ui, cx: &Cx<'_>, figure: &Figure, record: &RecordAnswer) {
    let text = value_text(figure, false);
    let (sign, number) = sign_and_number(&text);
    let metric = metric_word(&figure.metric);
    let counted = counted(figure, record);
    let inner = ui.available_width() - 2.0 * PAD;
    let beside = text_width(ui, &metric, font::semibold(15.0)).max(text_width(ui, &counted, font::body())).min(150.0) + 14.0;
    // A space after ≥ and ≤, none after ~.
    let gap = if sign == "~" { 0.09 } else { 0.24 };
    let width_of = |size: f32| {
        let sign_width = if sign.is_empty() { 0.0 } else { text_width(ui, sign, font::medium(size * 34.0 / 44.0)) + size * gap };
        sign_width + text_width(ui, number, font::semibold(size))
    };
    let sizes = [44.0, 34.0, 28.0, 20.0];
    let is_beside = width_of(28.0) + beside <= inner;
    let room = if is_beside { inner - beside } else { inner };
    let size = sizes.into_iter().find(|size| width_of(*size) <= room).unwrap_or(20.0);
    let height = size * 52.0 / 44.0;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let spoken = format!("{text} {metric} {counted}");
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, &spoken));
    let y = rect.center().y;
    let mut x = rect.left() + PAD;
    if !sign.is_empty() {
        let drop = if sign == "~" { size * 0.09 } else { 0.0 };
        x = cut_text(ui, x, y + drop, sign, (font::medium(size * 34.0 / 44.0), cx.theme.text3), inner).right + size * gap;
    }
    let end = cut_text(ui, x - size * 0.04, y, number, (font::semibold(size), cx.theme.text1), rect.right() - PAD - x).right;
    if is_beside {
        let (upper, lower) = if counted.is_empty() { (y, y) } else { (y - 9.0, y + 9.0) };
        let x = end + 12.0;
        cut_text(ui, x, upper, &metric, (font::semibold(15.0), cx.theme.text1), rect.right() - PAD - x);
        cut_text(ui, x, lower, &counted, (font::body(), cx.theme.text2), rect.right() - PAD - x);
    } else {
        metric_line(ui, cx, &metric, &counted);
    }
    qualifier_ui(ui, cx, figure, record);
}

fn metric_line(ui: &mut Ui, cx: &Cx<'_>, metric: &str, counted: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    let x = rect.left() + PAD;
    let y = rect.center().y;
    let end = cut_text(ui, x, y, metric, (font::semibold(15.0), cx.theme.text1), rect.width() - 2.0 * PAD).right;
    cut_text(ui, end + 8.0, y + 1.0, counted, (font::body(), cx.theme.text2), rect.right() - PAD - end - 8.0);
}

/// A metric without a number: its words, never a zero.
fn no_number_ui(ui: &mut Ui, cx: &Cx<'_>, figure: &Figure, record: &RecordAnswer) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::hover());
    let (words, colour) = match &record.hedge {
        Some(hedge) => (format!("“{hedge}”"), cx.theme.text1),
        None => ("No figure".to_owned(), cx.theme.text3),
    };
    cut_text(ui, rect.left() + PAD, rect.center().y, &words, (font::semibold(20.0), colour), rect.width() - 2.0 * PAD);
    metric_line(ui, cx, &metric_word(&figure.metric), &counted(figure, record));
    let basis = super::words::basis_words(figure.basis);
    let words = if record.hedge.is_some() { ["no figure", basis] } else { ["", basis] };
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if !words.is_empty() {
        text_ui(ui, RichText::new(words.join(" · ")).font(font::body()).color(cx.theme.text2));
    }
}

fn qualifier_ui(ui: &mut Ui, cx: &Cx<'_>, figure: &Figure, record: &RecordAnswer) {
    let (word, rest) = qualifier_line(figure, record.hedge.as_deref());
    if word.is_empty() && rest.is_empty() {
        return;
    }
    let mut job = eframe::egui::text::LayoutJob::default();
    let format = |font_id, color| eframe::egui::TextFormat { font_id, color, ..Default::default() };
    job.append(&word, 0.0, format(font::semibold(12.0), cx.theme.text1));
    job.append(&rest, 0.0, format(font::body(), cx.theme.text2));
    padded(ui, |ui| ui.add(Label::new(job).wrap()));
}

/// A name and its value; `None` is written as what is missing.
struct Entry {
    name: &'static str,
    value: Option<String>,
    missing: &'static str,
}

fn entry(name: &'static str, value: Option<String>, missing: &'static str) -> Entry {
    Entry { name, value, missing }
}

/// Dates on the left, grades on the right; one under the other where a value is too long for that.
fn grid_ui(ui: &mut Ui, cx: &Cx<'_>, record: &RecordAnswer) {
    let zone = cx.session.document.zone;
    let is_claim = record.line.kind == Kind::Claim;
    let as_of = date_words(&record.as_of, zone);
    let mut dates = Vec::new();
    if is_claim || as_of.is_some() {
        dates.push(entry("As of", as_of, NOT_RECORDED));
    }
    dates.push(entry("Happened", date_words(&record.when, zone), "undated"));
    dates.push(entry("Published", date_words(&record.published, zone), NOT_RECORDED));
    dates.push(entry("Retrieved", date_words(&record.retrieved, zone), NOT_RECORDED));
    let originator = record.chain.last();
    let mut grades = vec![entry("Status", Some(display_value(Field::STATUS, record.line.status.key())), NOT_RECORDED)];
    if let Some(likelihood) = record.likelihood {
        grades.push(entry("Likelihood", Some(likelihood_words(likelihood)), NOT_RATED));
    }
    grades.push(entry("Reliability", originator.and_then(|line| line.source.reliability).map(reliability_words), NOT_RATED));
    grades.push(entry("Credibility", record.credibility.map(credibility_words), NOT_RATED));
    let inner = ui.available_width() - 2.0 * PAD;
    let columns = Columns::fitting(ui, inner, &dates, &grades);
    let rows = if columns.is_double { dates.len().max(grades.len()) } else { dates.len() + grades.len() };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), rows as f32 * GRID_ROW), Sense::hover());
    let draw = |place: usize, column: f32, name_width: f32, entry: &Entry| {
        let at = pos2(rect.left() + PAD + column, rect.top() + (place as f32 + 0.5) * GRID_ROW);
        cut_text(ui, at.x, at.y, entry.name, (font::label(), cx.theme.text3), name_width);
        let (text, face) = match &entry.value {
            Some(value) => (value.as_str(), (font::body(), cx.theme.text1)),
            None => (entry.missing, (font::body(), cx.theme.text3)),
        };
        cut_text(ui, at.x + name_width, at.y, text, face, rect.right() - PAD - at.x - name_width);
    };
    for (place, entry) in dates.iter().enumerate() {
        draw(place, 0.0, columns.name, entry);
    }
    for (place, entry) in grades.iter().enumerate() {
        let (place, column) = if columns.is_double { (place, columns.second) } else { (place + dates.len(), 0.0) };
        draw(place, column, columns.name, entry);
    }
}

/// Where the two columns of the grid stand.
struct Columns {
    is_double: bool,
    name: f32,
    second: f32,
}

impl Columns {
    fn fitting(ui: &Ui, width: f32, dates: &[Entry], grades: &[Entry]) -> Self {
        let widest = |entries: &[Entry]| {
            let value = |entry: &Entry| text_width(ui, entry.value.as_deref().unwrap_or(entry.missing), font::body());
            entries.iter().map(value).fold(0.0, f32::max)
        };
        let name = 66.0;
        let first = name + widest(dates) + 12.0;
        let is_double = first + name + widest(grades) <= width;
        Self { is_double, name, second: first.max(width - name - widest(grades)).min(first + 28.0) }
    }
}

/// From whom to whom, and where.
fn place_ui(ui: &mut Ui, cx: &Cx<'_>, record: &RecordAnswer) {
    let text_of = |field: Field| record.fields.iter().find(|own| own.0.field == field).map(|own| own.1.as_str());
    let mut lines = Vec::new();
    match (&record.from, &record.to) {
        (Some(from), Some(to)) => lines.push(("Actors", format!("{from} → {to}"))),
        // Beside a number it is said already whose it is.
        (Some(_), None) if record.line.figure.is_some() => {}
        (Some(from), None) => lines.push(("From", from.clone())),
        (None, Some(to)) => lines.push(("To", to.clone())),
        (None, None) => {}
    }
    let coordinates = text_of(Field::LAT).zip(text_of(Field::LON)).map(|(lat, lon)| format!("{lat}, {lon}"));
    match (text_of(Field::PLACE), coordinates) {
        (Some(place), Some(coordinates)) => lines.push(("Place", format!("{place}  ({coordinates})"))),
        (Some(place), None) => lines.push(("Place", place.to_owned())),
        (None, Some(coordinates)) => lines.push(("Place", coordinates)),
        (None, None) => {}
    }
    for (name, value) in lines {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), GRID_ROW), Sense::hover());
        let x = rect.left() + PAD;
        let y = rect.center().y;
        cut_text(ui, x, y, name, (font::label(), cx.theme.text3), 66.0);
        let painted = cut_text(ui, x + 66.0, y, &value, (font::body(), cx.theme.text1), rect.right() - PAD - x - 66.0);
        if painted.is_cut {
            response.on_hover_text(value);
        }
    }
}
