//! Records as lines of the inspector: the selection, records of the same article, originator and metric.

use eframe::egui::{Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::words::{figure_words, metric_word};
use super::{Cx, PAD, line_colour, section_ui};
use crate::data::Field;
use crate::layout::{mark_look, number_text, value_text};
use crate::query::{Answer, Filter, Origins, ProvenanceAnswer, Query, RecordAnswer, RecordLine, RowsQuery};
use crate::session::{Edit, Navigate, Slot};
use crate::time::{Flags, Precision, format_time, format_when, parse_edtf};
use crate::view::rows::{click_row, counted_noun, cut_text, right_text, text_width};
use crate::view::theme::font;
use crate::view::widgets::link_button;
use crate::view::{MarkPaint, paint_mark};

const ROW: f32 = 20.0;
/// How many records of a list are shown before "more".
const SHOWN: usize = 5;
/// The most selected records that are listed.
const SELECTED_MAX: u32 = 40;
/// The least and the greatest width of dates at the end of a row.
const DATE: (f32, f32) = (40.0, 148.0);

/// How the dates of a list are written: the year that the inspector's head gives is left out.
#[derive(Clone, Copy)]
pub(super) struct Dates {
    year: Option<i32>,
    width: f32,
}

impl Dates {
    /// The dates of these records beside the record that is shown.
    pub(super) fn of(ui: &Ui, cx: &Cx<'_>, record: &RecordAnswer, lines: &[RecordLine]) -> Self {
        let shown = record.as_of.1.or(record.when.1).map(|when| when.span.start).filter(|time| time.is_bounded());
        let mut dates = Self { year: shown.map(|time| time.ymd().0), width: DATE.0 };
        let widest = lines.iter().map(|line| text_width(ui, &dates.text(cx, line), font::label())).fold(0.0, f32::max);
        dates.width = widest.ceil().clamp(DATE.0, DATE.1);
        dates
    }

    fn text(self, cx: &Cx<'_>, line: &RecordLine) -> String {
        let Some(when) = &line.date else { return "undated".to_owned() };
        let zone = cx.session.document.zone;
        if when.precision > Precision::Day && when.span.start.is_bounded() && !when.flags.has(Flags::INTERVAL) {
            // The zone stands in the status bar, seconds that are none stand nowhere.
            let text = format_time(when.span.start, zone);
            let text = text.strip_suffix(&format!(" {}", zone.abbreviation(when.span.start))).unwrap_or(&text);
            return self.year.map_or_else(|| text.to_owned(), |year| text.replacen(&format!(" {year} "), " ", 1));
        }
        let text = format_when(when, zone);
        let ending = self.year.map(|year| format!(" {year}")).unwrap_or_default();
        match text.strip_suffix(&ending) {
            Some(short) if !short.contains('–') && !short.is_empty() => short.to_owned(),
            _ => text,
        }
    }
}

/// What a row says beside number and date.
pub(super) struct RowText {
    pub(super) lead: String,
    pub(super) middle: Option<String>,
    pub(super) is_selected: bool,
}

/// Draws a record as a row; a click selects it.
pub(super) fn row_ui(ui: &mut Ui, cx: &mut Cx<'_>, line: &RecordLine, text: &RowText, dates: Dates) {
    let date = dates.text(cx, line);
    let value = line.figure.as_ref().map(|figure| value_text(figure, false)).unwrap_or_default();
    let spoken = format!("{} {} {value} {date}", line.id, text.lead);
    let info = WidgetInfo::selected(Role::Button, true, text.is_selected, spoken);
    let (rect, response) = click_row(ui, cx.theme, ROW, text.is_selected, &info);
    let y = rect.center().y;
    let look = mark_look(line.kind, line.figure.as_ref(), line.status);
    let colour = line_colour(cx, line.colour);
    let mark = MarkPaint { look, radius: 3.6, colour, is_hovered: false, is_selected: false };
    paint_mark(ui.painter(), cx.theme, pos2(rect.left() + PAD + 5.0, y), &mark);
    let date_left = rect.right() - PAD - dates.width;
    let date_face = (font::label(), if line.date.is_some() { cx.theme.text2 } else { cx.theme.text3 });
    let date_cut = if text_width(ui, &date, font::label()) <= dates.width + 0.5 {
        right_text(ui, rect.right() - PAD, y, &date, date_face);
        false
    } else {
        cut_text(ui, date_left, y, &date, date_face, dates.width).is_cut
    };
    let right = right_text(ui, date_left - 8.0, y, &value, (font::semibold(12.0), cx.theme.text1)) - 8.0;
    let left = rect.left() + PAD + 18.0;
    let share = if text.middle.is_some() { 0.58 } else { 1.0 };
    let weight = if text.is_selected { font::medium(12.0) } else { font::body() };
    let lead = cut_text(ui, left, y, &text.lead, (weight, cx.theme.text1), (right - left) * share);
    let middle_left = lead.right.max(left + (right - left) * 0.5) + 6.0;
    let middle =
        text.middle.as_deref().map(|middle| cut_text(ui, middle_left, y, middle, (font::label(), cx.theme.text2), right - middle_left));
    let is_cut = date_cut || lead.is_cut || middle.is_some_and(|middle| middle.is_cut);
    let mut response = response;
    if is_cut || line.title.is_some() {
        let whole = line.date.as_ref().map_or(date, |when| format_when(when, cx.session.document.zone));
        response = response.on_hover_text(hover_words(line, text, &whole));
    }
    if response.clicked() {
        select(ui, cx, line.row);
    }
}

/// Selects a record; with Ctrl it joins the selection.
fn select(ui: &Ui, cx: &mut Cx<'_>, row: crate::data::Row) {
    if ui.input(|input| input.modifiers.command) {
        cx.send(Navigate::ToggleSelected(row));
    } else {
        cx.send(Navigate::Select(vec![row]));
    }
}

fn hover_words(line: &RecordLine, text: &RowText, date: &str) -> String {
    let number = line.figure.as_ref().map(figure_words);
    let who = [Some(text.lead.clone()), text.middle.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let title = line.title.clone().filter(|title| *title != text.lead);
    [title, Some(who), number, Some(date.to_owned())].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// The whole selection, when it is more than one record.
pub(super) fn selection_ui(ui: &mut Ui, cx: &mut Cx<'_>, origins: Option<Origins>) {
    let selection = cx.session.place.selection.clone();
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::hover());
    let mut words = counted_noun(selection.len() as u64, "record", "records");
    let mut tail = String::new();
    if let Some(origins) = origins {
        words = format!(
            "{words}, {}, {}",
            counted_noun(origins.articles, "article", "articles"),
            counted_noun(origins.independent, "independent origin", "independent origins")
        );
        if origins.unknown > 0 {
            tail = format!("{} without a source", number_text(origins.unknown as f64));
        }
    }
    let x = rect.left() + PAD;
    let head = cut_text(ui, x, rect.center().y, &words, (font::semibold(12.0), cx.theme.text1), rect.width() - 2.0 * PAD);
    cut_text(ui, head.right + 8.0, rect.center().y, &tail, (font::label(), cx.theme.text3), rect.right() - PAD - head.right - 8.0);
    let fields = vec![Field::TITLE, Field::METRIC, Field::VALUE, Field::AS_OF, Field::WHEN];
    let query = RowsQuery { filter: Filter::Rows(selection.clone()), window: None, sort: None, offset: 0, limit: SELECTED_MAX, fields };
    if let Some(Answer::Rows(answer)) = cx.ask(Slot::Selected, Query::Rows(query)) {
        for row in &answer.rows {
            selected_row_ui(ui, cx, row, &selection);
        }
        let rest = answer.total.saturating_sub(answer.rows.len() as u64);
        if rest > 0 {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
            let words = format!("and {} more", number_text(rest as f64));
            cut_text(ui, rect.left() + PAD, rect.center().y, &words, (font::label(), cx.theme.text3), rect.width() - 2.0 * PAD);
        }
    }
    ui.add_space(6.0);
    crate::view::rows::divider(ui, cx.theme);
}

/// A selected record; a click brings it to the front and keeps the others selected.
fn selected_row_ui(ui: &mut Ui, cx: &mut Cx<'_>, row: &crate::query::TableRow, selection: &[crate::data::Row]) {
    let cell = |place: usize| row.cells.get(place).and_then(Option::as_deref);
    let lead = cell(0).map_or_else(|| cell(1).map_or_else(|| row.id.clone(), metric_word), str::to_owned);
    let zone = cx.session.document.zone;
    let date = cell(3).or_else(|| cell(4)).map(|text| parse_edtf(text).map_or_else(|_| text.to_owned(), |when| format_when(&when, zone)));
    let is_front = selection.first() == Some(&row.row);
    let spoken = format!("Selected: {} {lead}", row.id);
    let (rect, response) = click_row(ui, cx.theme, ROW, is_front, &WidgetInfo::selected(Role::Button, true, is_front, spoken));
    let y = rect.center().y;
    let date_left = right_text(ui, rect.right() - PAD, y, date.as_deref().unwrap_or("undated"), (font::label(), cx.theme.text2));
    let value = cell(2).and_then(|text| text.parse::<f64>().ok()).map(number_text).unwrap_or_default();
    let right = right_text(ui, date_left.min(rect.right() - PAD - 70.0) - 8.0, y, &value, (font::semibold(12.0), cx.theme.text1));
    let left = rect.left() + PAD;
    let painted = cut_text(ui, left, y, &lead, (font::body(), cx.theme.text1), right - left - 8.0);
    let is_clicked = response.clicked();
    if painted.is_cut {
        response.on_hover_text(&lead);
    }
    if is_clicked {
        let mut rows = vec![row.row];
        rows.extend(selection.iter().copied().filter(|own| *own != row.row));
        cx.send(Navigate::Select(rows));
    }
}

/// Records of the same article, originator and metric; further carriers of the same claim are not listed again.
pub(super) fn near_ui(ui: &mut Ui, cx: &mut Cx<'_>, record: &RecordAnswer, provenance: &ProvenanceAnswer) {
    let others = |list: &(Vec<RecordLine>, u64)| -> (Vec<RecordLine>, u64) {
        let is_carrier = |line: &&RecordLine| provenance.carriers.iter().any(|own| own.row == line.row);
        let lines: Vec<RecordLine> = list.0.iter().filter(|line| !is_carrier(line)).cloned().collect();
        (lines, list.1.saturating_sub(provenance.carriers_total.saturating_sub(1)))
    };
    let article = List { head: "Same article", note: String::new(), filter: None, lead: title_of };
    list_ui(ui, cx, record, &article, &provenance.same_article);
    let originator = record.chain.last().map(|line| line.source.name.clone()).or_else(|| record.line.originator.clone());
    let note = record.chain.last().map(|line| line.source.label().to_owned()).unwrap_or_default();
    let filter = originator.map(|name| Filter::Is(Field::ORIGINATOR, vec![name]));
    let same = List { head: "Same originator", note, filter, lead: title_of };
    list_ui(ui, cx, record, &same, &others(&provenance.same_originator));
    let metric = record.line.figure.as_ref().map(|figure| figure.metric.clone());
    let note = metric.as_deref().map(metric_word).unwrap_or_default();
    let filter = metric.map(|metric| Filter::Is(Field::METRIC, vec![metric]));
    list_ui(ui, cx, record, &List { head: "Same metric", note, filter, lead: said_by }, &others(&provenance.same_metric));
}

fn title_of(line: &RecordLine) -> String {
    let metric = || line.figure.as_ref().map(|figure| metric_word(&figure.metric));
    line.title.clone().or_else(metric).unwrap_or_else(|| line.id.clone())
}

fn said_by(line: &RecordLine) -> String {
    line.originator.clone().or_else(|| line.outlet.clone()).unwrap_or_else(|| title_of(line))
}

/// A list of records under a head, and the filter that shows all of them.
struct List {
    head: &'static str,
    note: String,
    filter: Option<Filter>,
    lead: fn(&RecordLine) -> String,
}

fn list_ui(ui: &mut Ui, cx: &mut Cx<'_>, record: &RecordAnswer, list: &List, (lines, total): &(Vec<RecordLine>, u64)) {
    if lines.is_empty() {
        return;
    }
    let count = number_text(*total as f64);
    let note = if list.note.is_empty() { count } else { format!("{} · {count} more", list.note) };
    section_ui(ui, cx, list.head, &note);
    let shown = if list.filter.is_some() { SHOWN.min(lines.len()) } else { lines.len() };
    let shown_lines = lines.get(..shown).unwrap_or_default();
    let dates = Dates::of(ui, cx, record, shown_lines);
    for line in shown_lines {
        row_ui(ui, cx, line, &RowText { lead: (list.lead)(line), middle: None, is_selected: false }, dates);
    }
    let rest = total.saturating_sub(shown as u64);
    let Some(filter) = list.filter.clone().filter(|_| rest > 0) else { return };
    ui.horizontal(|ui| {
        ui.add_space(PAD);
        let words = format!("+{} more", number_text(rest as f64));
        let link = link_button(ui, cx.theme, &words).on_hover_text("Filter by this");
        link.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("{}: {words}", list.head)));
        if link.clicked() {
            cx.send(Edit::Filter(filter));
        }
    });
}
