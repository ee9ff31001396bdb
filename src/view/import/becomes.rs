//! The first records as they would become, with what is odd about each beside it.

use eframe::egui::{Align2, Label, Rect, RichText, ScrollArea, Sense, Stroke, Ui, pos2, vec2};

use super::odd::Odd;
use super::{Cx, child, mapping, words};
use crate::data::{Issue, Severity};
use crate::ingest::{Becomes, Examined};
use crate::view::rows::{counted_noun, cut_text, right_text, text_width};
use crate::view::theme::font;
use crate::view::{Theme, icon};

const TOP: f32 = 30.0;
const HEAD: f32 = 22.0;
const ROW: f32 = 22.0;
const LINE: f32 = 52.0;
/// Dates, and numbers, take at most this part of the room each.
const WHOLE_PART: f32 = 0.38;

/// A column of words is at least so wide, or left out.
const NARROW: f32 = 76.0;

/// More columns than this leave less room for remarks.
const CROWDED: usize = 5;

/// A column of the records: its heading, how wide it wants to be, and what it says.
struct Part {
    name: &'static str,
    share: f32,
    text: fn(&Becomes) -> String,
}

const PARTS: [Part; 7] = [
    Part { name: "Date", share: 1.1, text: |record| words::date(record).0 },
    Part { name: "Title", share: 2.4, text: |record| record.title.clone().unwrap_or_default() },
    Part { name: "Number", share: 1.5, text: words::figure },
    Part { name: "From → to", share: 1.5, text: words::actors },
    Part { name: "Category", share: 1.1, text: |record| record.category.clone().unwrap_or_default() },
    Part { name: "Place", share: 1.1, text: |record| record.place.clone().unwrap_or_default() },
    Part { name: "Source", share: 1.3, text: |record| source(record) },
];

fn source(record: &Becomes) -> String {
    let names = record.sources.join(" ← ");
    match (&record.link, names.is_empty()) {
        (Some(link), true) => link.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.").to_owned(),
        _ => names,
    }
}

/// Draws them.
pub(super) fn becomes_ui(ui: &mut Ui, cx: &Cx<'_>, seen: &Examined) {
    let rect = ui.max_rect();
    let (top, below) = rect.split_top_bottom_at_y(rect.top() + TOP);
    title_ui(ui, cx, seen, top);
    let mut below = below;
    if let Some(warning) = warning(cx, seen) {
        let strip = Rect::from_min_size(below.min, vec2(below.width(), 26.0));
        ui.painter().rect_filled(strip, 0.0, cx.theme.warning_ground);
        ui.painter().text(strip.left_center() + vec2(16.0, 0.0), Align2::LEFT_CENTER, icon("warning"), font::icon(16.0), cx.theme.warning);
        cut_text(ui, strip.left() + 40.0, strip.center().y, &warning, (font::body(), cx.theme.text1), strip.width() - 56.0);
        below.min.y += 26.0;
    }
    let odd = Odd::of(seen);
    let row_of = |record: &Becomes| record.row.and_then(|row| seen.rows.get(row));
    // A column that no record fills takes no room; the date stands in any case.
    let parts: Vec<(&Part, bool)> = PARTS
        .iter()
        .enumerate()
        .map(|(place, part)| (part, place == 0 || seen.becomes.iter().any(|record| !(part.text)(record).is_empty())))
        .filter(|(_, is_filled)| *is_filled)
        .collect();
    let has_remarks = seen.becomes.iter().filter_map(row_of).any(|row| odd.in_row(row).next().is_some());
    let part = if parts.len() > CROWDED { 0.16 } else { 0.24 };
    let remarks = if has_remarks { (below.width() * part).clamp(120.0, 300.0) } else { 0.0 };
    let room = (below.width() - LINE - remarks - 12.0).max(100.0);
    let (places, left) = places(ui, seen, &parts, below.left() + LINE, room);
    let head = Rect::from_min_size(below.min, vec2(below.width(), HEAD));
    let headings = places.iter().map(|(part, left, right)| (part.name, *left, right - left));
    for (name, at, width) in headings.chain(has_remarks.then_some(("Remarks", left, remarks))) {
        cut_text(ui, at + 8.0, head.center().y, name, (font::semibold(11.0), cx.theme.text2), width - 12.0);
    }
    if !seen.rows.is_empty() {
        right_text(ui, head.left() + LINE - 8.0, head.center().y, words::line_noun(seen), (font::micro(), cx.theme.text3));
    }
    ui.painter().hline(head.x_range(), head.bottom() - 0.5, Stroke::new(1.0, cx.theme.line));
    let list = Rect::from_min_max(pos2(below.left(), head.bottom()), below.max);
    let mut ui = child(ui, list);
    // Rows stand one below the other: where each is follows from its number.
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().id_salt("import_becomes").auto_shrink([false, false]).show_rows(
        &mut ui,
        ROW,
        seen.becomes.len(),
        |ui, range| {
            for record in &seen.becomes[range] {
                let row = row_of(record);
                let found: Vec<&Issue> = row.into_iter().flat_map(|row| odd.in_row(row)).collect();
                record_ui(ui, cx.theme, (record, row.map(|row| row.line)), &places, (left, remarks, &found));
            }
        },
    );
}

/// Where the columns stand, and where the last one ends. Dates and numbers are never cut, as long as there is room at all; the rest is
/// shared out.
fn places<'p>(ui: &Ui, seen: &Examined, parts: &[(&'p Part, bool)], start: f32, room: f32) -> (Vec<(&'p Part, f32, f32)>, f32) {
    let wanted = |part: &Part| {
        let font = if part.name == "Number" { font::medium(12.0) } else { font::body() };
        let widths = seen.becomes.iter().map(|record| text_width(ui, &words::one_line(&(part.text)(record)), font.clone()));
        (widths.fold(60.0, f32::max) + 18.0).min(room * WHOLE_PART)
    };
    let is_whole = |part: &Part| matches!(part.name, "Date" | "Number");
    // In a narrow window the last columns are left out rather than all of them cut to nothing.
    let mut parts = parts.to_vec();
    let narrowest = |parts: &[(&Part, bool)]| {
        let fixed: f32 = parts.iter().filter(|(part, _)| is_whole(part)).map(|(part, _)| wanted(part)).sum();
        let shared = || parts.iter().map(|(part, _)| *part).filter(|part| !is_whole(part)).map(|part| part.share);
        shared().fold(f32::INFINITY, f32::min) * (room - fixed) / shared().sum::<f32>().max(1.0)
    };
    while narrowest(&parts) < NARROW
        && parts.iter().filter(|(part, _)| !is_whole(part)).count() > 1
        && let Some(last) = parts.iter().rposition(|(part, _)| !is_whole(part))
    {
        parts.remove(last);
    }
    let fixed: f32 = parts.iter().filter(|(part, _)| is_whole(part)).map(|(part, _)| wanted(part)).sum();
    let shares: f32 = parts.iter().filter(|(part, _)| !is_whole(part)).map(|(part, _)| part.share).sum();
    let mut left = start;
    let mut places = Vec::new();
    for (part, _) in &parts {
        let width = if is_whole(part) { wanted(part) } else { (room - fixed) * part.share / shares };
        places.push((*part, left, left + width));
        left += width;
    }
    (places, start + room)
}

fn title_ui(ui: &Ui, cx: &Cx<'_>, seen: &Examined, top: Rect) {
    let y = top.center().y;
    let title = cut_text(ui, top.left() + 16.0, y, "Becomes", (font::semibold(12.0), cx.theme.text1), 120.0);
    let records = counted_noun(seen.records, "record", "records");
    let odd = seen.issues.iter().filter(|issue| issue.line.is_some()).count() as u64;
    let odd = if odd == 0 { "no issues in them".to_owned() } else { format!("{} in them", counted_noun(odd, "issue", "issues")) };
    let stale = if cx.around.look.is_working { "  ·  looking again …" } else { "" };
    let rows = words::rows_read(seen, "the");
    let words = format!("{records} of {rows}  ·  {odd}{stale}");
    cut_text(ui, title.right + 12.0, y, &words, (font::label(), cx.theme.text2), top.right() - title.right - 24.0);
}

/// What stands in the way of a timeline.
fn warning(cx: &Cx<'_>, seen: &Examined) -> Option<String> {
    if let Some(error) = &cx.around.look.error {
        return Some(format!("As it is chosen now: {error}"));
    }
    let own = mapping(cx, seen);
    if seen.becomes.is_empty() {
        return Some("There is no row of data to make records of.".to_owned());
    }
    if seen.is_fixed || seen.becomes.iter().any(|record| record.when.is_some()) {
        return None;
    }
    Some(if own.has_date() {
        "No date of these rows can be read: see how the dates of the column are written, on the right.".to_owned()
    } else {
        "No column gives a date yet. Choose “Date, or first day” over one, or year, month and day over several.".to_owned()
    })
}

fn record_ui(
    ui: &mut Ui,
    theme: &Theme,
    (record, line): (&Becomes, Option<u64>),
    places: &[(&Part, f32, f32)],
    (left, width, issues): (f32, f32, &[&Issue]),
) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    if response.contains_pointer() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    let y = rect.center().y;
    let line = line.map_or_else(String::new, |line| line.to_string());
    right_text(ui, rect.left() + LINE - 8.0, y, &line, (font::label(), theme.text3));
    let mut full: Vec<String> = Vec::new();
    for (part, from, to) in places {
        let text = words::one_line(&(part.text)(record));
        let is_missing = part.name == "Date" && !words::date(record).1;
        let face = match part.name {
            "Number" => (font::medium(12.0), theme.text1),
            "Date" if is_missing && record.when_text.is_some() => (font::body(), theme.error),
            "Date" if is_missing => (font::body(), theme.text3),
            _ => (font::body(), theme.text1),
        };
        if cut_text(ui, from + 8.0, y, &text, face, to - from - 16.0).is_cut {
            full.push(text);
        }
    }
    if let Some(issue) = issues.first() {
        let (sign, ink) = if issue.kind.severity() == Severity::Remark { ("warning", theme.warning) } else { ("error", theme.error) };
        ui.painter().text(pos2(left + 16.0, y), Align2::CENTER_CENTER, icon(sign), font::icon(14.0), ink);
        let more = if issues.len() > 1 { format!(" +{}", issues.len() - 1) } else { String::new() };
        let column = issue.column.as_ref().map(|column| format!("{column}: ")).unwrap_or_default();
        let text = words::one_line(&format!("{column}{}{more}", issue.message));
        cut_text(ui, left + 28.0, y, &text, (font::label(), ink), width - 32.0);
        full.extend(issues.iter().map(|issue| {
            let column = issue.column.as_ref().map(|column| format!("{column}: ")).unwrap_or_default();
            format!("{column}{}; {}", issue.message, issue.action)
        }));
    }
    if !full.is_empty() {
        response.on_hover_ui_at_pointer(|ui| {
            ui.set_max_width(460.0);
            ui.add(Label::new(RichText::new(full.join("\n")).font(font::body()).color(theme.text1)).wrap());
        });
    }
}
