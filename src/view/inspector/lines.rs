//! Records as lines of the inspector: the selection, records of the same article, originator and metric.

use eframe::egui::{Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::words::{counted_noun, figure_words, metric_word};
use super::{Cx, PAD, line_colour, section_ui};
use crate::data::Field;
use crate::layout::{mark_look, number_text, value_text};
use crate::query::{Answer, Filter, Origins, ProvenanceAnswer, Query, RecordAnswer, RecordLine, RowsQuery};
use crate::session::{Edit, Navigate, Slot};
use crate::time::{format_when, parse_edtf};
use crate::view::rows::{click_row, cut_text, right_text};
use crate::view::theme::font;
use crate::view::widgets::link_button;
use crate::view::{MarkPaint, paint_mark};

const ROW: f32 = 20.0;
/// How many records of a list are shown before "more".
const SHOWN: usize = 5;
/// The most selected records that are listed.
const SELECTED_MAX: u32 = 40;
/// The width of dates at the end of a row.
const DATE: f32 = 70.0;

/// What a row says beside number and date.
pub(super) struct RowText {
    pub(super) lead: String,
    pub(super) middle: Option<String>,
    pub(super) is_selected: bool,
}

/// Draws a record as a row; a click selects it.
pub(super) fn row_ui(ui: &mut Ui, cx: &mut Cx<'_>, line: &RecordLine, text: &RowText) {
    let zone = cx.session.document.zone;
    let date = line.date.as_ref().map_or_else(|| "undated".to_owned(), |when| format_when(when, zone));
    let value = line.figure.as_ref().map(|figure| value_text(figure, false)).unwrap_or_default();
    let spoken = format!("{} {} {value} {date}", line.id, text.lead);
    let info = WidgetInfo::selected(Role::Button, true, text.is_selected, spoken);
    let (rect, response) = click_row(ui, cx.theme, ROW, text.is_selected, info);
    let y = rect.center().y;
    let look = mark_look(line.kind, line.figure.as_ref(), line.status);
    let colour = line_colour(cx, line.colour);
    let mark = MarkPaint { look, radius: 3.6, colour, is_hovered: false, is_selected: false };
    paint_mark(ui.painter(), cx.theme, pos2(rect.left() + PAD + 5.0, y), &mark);
    let date_left = rect.right() - PAD - DATE;
    let date_face = (font::label(), if line.date.is_some() { cx.theme.text2 } else { cx.theme.text3 });
    let date_cut = if crate::view::rows::text_width(ui, &date, font::label()) <= DATE {
        right_text(ui, rect.right() - PAD, y, &date, date_face);
        false
    } else {
        cut_text(ui, date_left, y, &date, date_face, DATE).is_cut
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
        response = response.on_hover_text(hover_words(line, text, &date));
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
    let (rect, response) = click_row(ui, cx.theme, ROW, is_front, WidgetInfo::selected(Role::Button, true, is_front, spoken));
    let y = rect.center().y;
    let date_left = right_text(ui, rect.right() - PAD, y, date.as_deref().unwrap_or("undated"), (font::label(), cx.theme.text2));
    let value = cell(2).and_then(|text| text.parse::<f64>().ok()).map(number_text).unwrap_or_default();
    let right = right_text(ui, date_left.min(rect.right() - PAD - DATE) - 8.0, y, &value, (font::semibold(12.0), cx.theme.text1));
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

/// Records of the same article, originator and metric.
pub(super) fn near_ui(ui: &mut Ui, cx: &mut Cx<'_>, record: &RecordAnswer, provenance: &ProvenanceAnswer) {
    let of_figure = |line: &RecordLine| {
        let title = || line.title.clone().unwrap_or_else(|| line.id.clone());
        line.figure.as_ref().map_or_else(title, |figure| metric_word(&figure.metric))
    };
    let title = |line: &RecordLine| line.title.clone().unwrap_or_else(|| of_figure(line));
    list_ui(ui, cx, "Same article", "", &provenance.same_article, None, &title);
    let originator = record.chain.last().map(|line| line.source.name.clone()).or_else(|| record.line.originator.clone());
    let label = record.chain.last().map(|line| line.source.label().to_owned()).unwrap_or_default();
    let filter = originator.map(|name| Filter::Is(Field::ORIGINATOR, vec![name]));
    list_ui(ui, cx, "Same originator", &label, &provenance.same_originator, filter, &title);
    let metric = record.line.figure.as_ref().map(|figure| figure.metric.clone());
    let word = metric.as_deref().map(metric_word).unwrap_or_default();
    let filter = metric.map(|metric| Filter::Is(Field::METRIC, vec![metric]));
    let said_by = |line: &RecordLine| line.originator.clone().or_else(|| line.outlet.clone()).unwrap_or_else(|| title(line));
    list_ui(ui, cx, "Same metric", &word, &provenance.same_metric, filter, &said_by);
}

fn list_ui(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    head: &str,
    note: &str,
    list: &(Vec<RecordLine>, u64),
    filter: Option<Filter>,
    lead: &dyn Fn(&RecordLine) -> String,
) {
    let (lines, total) = list;
    if lines.is_empty() {
        return;
    }
    let count = number_text(*total as f64);
    let note = if note.is_empty() { count } else { format!("{note} · {count} more") };
    section_ui(ui, cx, head, &note);
    let shown = if filter.is_some() { SHOWN } else { lines.len() };
    for line in lines.iter().take(shown) {
        row_ui(ui, cx, line, &RowText { lead: lead(line), middle: None, is_selected: false });
    }
    let rest = total.saturating_sub(shown.min(lines.len()) as u64);
    let Some(filter) = filter.filter(|_| rest > 0) else { return };
    ui.horizontal(|ui| {
        ui.add_space(PAD);
        let words = format!("+{} more", number_text(rest as f64));
        let link = link_button(ui, cx.theme, &words).on_hover_text("Filter by this");
        link.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("{head}: {words}")));
        if link.clicked() {
            cx.send(Edit::Filter(filter));
        }
    });
}
