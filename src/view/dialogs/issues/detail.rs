//! The chosen issue in full: its words, the lines of the file around it with the cell that is meant, and the way to its record.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Frame, Label, Layout, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::super::rows::{right_text, sentence, text_width};
use super::super::super::theme::font;
use super::super::super::widgets::plain_button;
use super::super::super::{Cx, Looked, LookedUp};
use super::{Memory, scroll, words};
use crate::data::{Excerpt, ExcerptLine, IssueKind, Listed};
use crate::layout::number_text;
use crate::query::{Answer, Query};
use crate::session::{Action, Navigate, Show, Slot};

/// The height of a line of the file.
const LINE: f32 = 18.0;
/// What stands left of the mark when it is brought into sight.
const BEFORE_MARK: f32 = 120.0;

/// Draws it.
pub(super) fn detail_ui(ui: &mut Ui, cx: &mut Cx<'_>, issue: Option<&Listed>, memory: &mut Memory) {
    ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
    let top = ui.max_rect();
    ui.painter().hline(top.x_range(), top.top() - 4.5, Stroke::new(1.0, cx.theme.line));
    let Some(issue) = issue else { return };
    head_ui(ui, cx, issue, memory);
    let text = format!("{} {}", sentence(&issue.message), sentence(&issue.action));
    scroll("issue_detail").max_height(48.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.add(Label::new(RichText::new(text).font(font::body()).color(cx.theme.text2)).selectable(true).wrap());
    });
    lines_ui(ui, cx, issue, memory);
}

/// Where it stands, and a way to the record.
fn head_ui(ui: &mut Ui, cx: &mut Cx<'_>, issue: &Listed, memory: &mut Memory) {
    let record = record_of(cx, issue);
    let wants_record = std::mem::take(&mut memory.wants_record);
    ui.horizontal(|ui| {
        let place = words::place(issue, cx.session.schema.as_ref().map(|schema| &schema.origin));
        ui.with_layout(Layout::right_to_left(eframe::egui::Align::Center), |ui| {
            if let Some(row) = record {
                let button = plain_button(ui, cx.theme, "Show record");
                if button.on_hover_text("Selects the record of this line (Enter)").clicked() || wants_record {
                    cx.send(Navigate::Select(vec![row]));
                    cx.send(Navigate::Focus);
                    cx.send(Show::Inspector(true));
                    cx.send(Show::Dialog(None));
                }
            }
            if let Some(file) = issue.file_left_out() {
                let button = plain_button(ui, cx.theme, "Choose how it is read…");
                if button.on_hover_text("Another delimiter, encoding or header row may help").clicked() {
                    cx.send(Show::ReadingFile(Some(file.to_owned())));
                    cx.send(Show::Reading(Box::new(cx.session.read_with.clone())));
                }
            }
            ui.with_layout(Layout::left_to_right(eframe::egui::Align::Center), |ui| {
                let text = RichText::new(place).font(font::semibold(12.0)).color(cx.theme.text1);
                ui.add(Label::new(text).selectable(true).truncate());
            });
        });
    });
}

/// The record of the row that an issue is about.
fn record_of(cx: &mut Cx<'_>, issue: &Listed) -> Option<u32> {
    let wanted = u64::from(issue.row?) + 1;
    cx.ask(Slot::IssueRecord, Query::OfFileRow { file_row: wanted });
    match cx.answers.get_with_query(&Slot::IssueRecord)? {
        (Query::OfFileRow { file_row }, Answer::Row(row)) if *file_row == wanted => *row,
        _ => None,
    }
}

/// The lines of the file, which are looked up when an issue is chosen.
fn lines_ui(ui: &mut Ui, cx: &mut Cx<'_>, issue: &Listed, memory: &mut Memory) {
    if issue.kind == IssueKind::FilePassedOver {
        return;
    }
    if issue.line.is_none() && issue.row.is_none() {
        value_ui(ui, cx, issue);
        return;
    }
    let looked = cx.around.excerpt.as_ref().filter(|looked| looked.issue == *issue);
    let Some(Looked { found, .. }) = looked else {
        cx.send(Action::ShowLines(Box::new(issue.clone())));
        return;
    };
    match found {
        LookedUp::Looking => quiet(ui, cx, "Looking up the lines of the file …"),
        LookedUp::Failed(why) => {
            quiet(ui, cx, &format!("The lines of the file cannot be shown: {why}."));
            value_ui(ui, cx, issue);
        }
        LookedUp::Found(excerpt) if excerpt.lines.is_empty() => value_ui(ui, cx, issue),
        LookedUp::Found(excerpt) => {
            if excerpt.is_changed {
                let text = "The file has changed since it was read: these are the lines that stand there now.";
                ui.label(RichText::new(text).font(font::label()).color(cx.theme.warning));
            }
            excerpt_ui(ui, cx, excerpt, issue, memory);
        }
    }
}

fn quiet(ui: &mut Ui, cx: &Cx<'_>, text: &str) {
    ui.label(RichText::new(text).font(font::label()).color(cx.theme.text3));
}

/// The value as it stood, where the file itself shows nothing more.
fn value_ui(ui: &mut Ui, cx: &Cx<'_>, issue: &Listed) {
    if issue.value.is_empty() {
        return;
    }
    let width = ui.available_width() - 16.0;
    // A value of many lines scrolls in its own place.
    let most = (ui.available_height() - 20.0).max(LINE);
    Frame::NONE.fill(cx.theme.field).corner_radius(3.0).inner_margin(8.0).show(ui, |ui| {
        ui.set_width(width);
        ScrollArea::vertical().id_salt("issue_value").max_height(most).auto_shrink([false, true]).show(ui, |ui| {
            let text = RichText::new(&issue.value).font(font::medium(12.0)).color(cx.theme.text1);
            ui.add(Label::new(text).selectable(true).wrap());
        });
    });
}

/// Lines with their numbers; the row that is meant is lit, the cell marked.
fn excerpt_ui(ui: &mut Ui, cx: &Cx<'_>, excerpt: &Excerpt, issue: &Listed, memory: &mut Memory) {
    let room = ui.available_rect_before_wrap();
    let height = (LINE * excerpt.lines.len() as f32 + 12.0).min(room.height() - 8.0);
    let outer = Rect::from_min_size(room.min, vec2(room.width(), height));
    let numbers: Vec<String> = excerpt.lines.iter().map(|line| number_text(line.number as f64)).collect();
    let gutter = numbers.iter().map(|number| text_width(ui, number, font::label())).fold(0.0, f32::max) + 20.0;
    // Darker than the dialog in the dark, so that the row that is meant stands out.
    ui.painter().rect_filled(outer, 3.0, if cx.theme.is_dark { cx.theme.bg } else { cx.theme.field });
    let inner = Rect::from_min_max(pos2(outer.left() + gutter, outer.top() + 4.0), outer.max - vec2(4.0, 2.0));
    let galleys: Vec<_> = excerpt.lines.iter().map(|line| ui.painter().layout_job(job(cx, line))).collect();
    let wide = galleys.iter().map(|galley| galley.size().x).fold(0.0, f32::max);
    let mut area = ScrollArea::both().id_salt("issue_lines").auto_shrink([false, false]);
    if memory.scrolled_for.as_ref() != Some(issue) {
        memory.scrolled_for = Some(issue.clone());
        let mark = excerpt.lines.iter().find_map(|line| Some((line, line.mark?.0)));
        let x = mark.map_or(0.0, |(line, at)| text_width(ui, line.text.get(..at).unwrap_or_default(), font::body()));
        let is_in_sight = x + BEFORE_MARK < inner.width();
        area = area.scroll_offset(vec2(if is_in_sight { 0.0 } else { (x - BEFORE_MARK).max(0.0) }, 0.0));
    }
    let mut child = ui.new_child(UiBuilder::new().max_rect(inner));
    let shown = area.show(&mut child, |ui| {
        let size = vec2(wide.max(inner.width() - 8.0) + 8.0, LINE * galleys.len() as f32);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        for (place, (line, galley)) in excerpt.lines.iter().zip(galleys).enumerate() {
            let y = rect.top() + LINE * place as f32;
            if line.is_meant {
                ui.painter().rect_filled(
                    Rect::from_min_size(pos2(rect.left() - 4.0, y), vec2(rect.width() + 8.0, LINE)),
                    2.0,
                    cx.theme.raised,
                );
            }
            ui.painter().galley(pos2(rect.left(), y + (LINE - galley.size().y) / 2.0), galley, cx.theme.text1);
        }
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken(excerpt)));
    });
    let top = inner.top() - shown.state.clamped_offset().y;
    for (place, (line, number)) in excerpt.lines.iter().zip(&numbers).enumerate() {
        let y = top + LINE * (place as f32 + 0.5);
        if y > outer.top() && y < outer.bottom() {
            let colour = if line.is_meant { cx.theme.text1 } else { cx.theme.text3 };
            right_text(ui, inner.left() - 10.0, y, number, (font::label(), colour));
        }
    }
}

/// The text of a line, its marked part on a ground of its own.
fn job(cx: &Cx<'_>, line: &ExcerptLine) -> LayoutJob {
    let colour = if line.is_meant { cx.theme.text1 } else { cx.theme.text3 };
    let plain = TextFormat { font_id: font::body(), color: colour, ..TextFormat::default() };
    let marked = TextFormat { font_id: font::semibold(12.0), background: cx.theme.warning_ground, ..plain.clone() };
    let more = TextFormat { color: cx.theme.text3, ..plain.clone() };
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    job.wrap.max_width = f32::INFINITY;
    let (from, to) = line.mark.filter(|(from, to)| line.text.get(*from..*to).is_some()).unwrap_or((0, 0));
    let parts = [(&line.text[..from], &plain), (&line.text[from..to], &marked), (&line.text[to..], &plain)];
    if line.is_cut[0] {
        job.append("… ", 0.0, more.clone());
    }
    for (place, (text, format)) in parts.into_iter().enumerate() {
        if place == 1 && text.is_empty() && line.mark.is_some() {
            // A cell without anything in it is marked by a gap.
            job.append("\u{2002}", 0.0, format.clone());
        }
        // Tabs and other signs without a form would not be seen.
        let text: String =
            text.chars().map(|letter| if letter == '\t' { '\u{2192}' } else { letter }).filter(|letter| !letter.is_control()).collect();
        job.append(&text, 0.0, format.clone());
    }
    if line.is_cut[1] {
        job.append(" …", 0.0, more);
    }
    job
}

/// The lines that are meant, for those who hear them.
fn spoken(excerpt: &Excerpt) -> String {
    let lines = excerpt.lines.iter().filter(|line| line.is_meant).map(|line| line.text.as_str());
    format!("In the file: {}", lines.collect::<Vec<_>>().join("\n"))
}
