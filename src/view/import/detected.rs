//! The left side of the import panel: what was detected of the file, each of it to be changed; what was assumed; what is odd as a whole.

use eframe::egui::{Frame, Margin, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::choice::{CONTROL, Look, Offer, button_in, list_ui};
use super::{Cx, assumed, change_mapping, change_reading, draft, files, heading, is_chosen, mapping, note, words};
use crate::data::IssueKind;
use crate::ingest::{ColumnMap, DateStyle, Examined, HeaderRow, Mapping, NumberStyle, Options, OrderOf, RowKind, preset_keys_of};
use crate::time::DateOrder;
use crate::view::rows::{Entry, capital, counted_noun, cut_text, entry_ui};
use crate::view::theme::font;
use crate::view::{Theme, icon};

/// The encodings that are offered; any other WHATWG label can come from a mapping file.
const ENCODINGS: &[(&str, &str)] = &[
    ("utf-8", "Unicode"),
    ("utf-16le", "Unicode"),
    ("utf-16be", "Unicode"),
    ("windows-1252", "Western"),
    ("windows-1250", "Central European"),
    ("iso-8859-2", "Central European"),
    ("windows-1251", "Cyrillic"),
    ("koi8-r", "Russian"),
    ("koi8-u", "Ukrainian"),
    ("iso-8859-5", "Cyrillic"),
    ("ibm866", "Cyrillic, DOS"),
    ("euc-kr", "Korean"),
    ("shift_jis", "Japanese"),
    ("euc-jp", "Japanese"),
    ("gb18030", "Chinese"),
    ("big5", "Chinese"),
    ("windows-1253", "Greek"),
    ("windows-1254", "Turkish"),
    ("windows-1255", "Hebrew"),
    ("windows-1256", "Arabic"),
];
const DELIMITERS: [u8; 8] = [b',', b';', b'\t', b'|', b' ', b'~', b'^', b':'];
/// So many rows can be chosen as the header.
const HEADERS_OFFERED: usize = 16;
/// How wide the names on the left of the choices are.
const NAMES: f32 = 72.0;

/// Draws the side.
pub(super) fn detected_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: Option<&Examined>) {
    ScrollArea::vertical().id_salt("import_detected").auto_shrink([false, false]).show(ui, |ui| {
        Frame::NONE.inner_margin(Margin::symmetric(16, 12)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            files::files_ui(ui, cx);
            heading(ui, cx.theme, "Detected");
            reading_ui(ui, cx, seen);
            let Some(seen) = seen.filter(|seen| seen.can_be_mapped()) else { return };
            values_ui(ui, cx, seen);
            ui.add_space(12.0);
            assumed::assumed_ui(ui, cx, &seen.assumptions);
            remarks_ui(ui, cx, seen);
        });
    });
}

/// A name and the place of its control behind it.
fn row(ui: &mut Ui, theme: &Theme, name: &str) -> Rect {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), CONTROL), Sense::hover());
    cut_text(ui, rect.left(), rect.center().y, name, (font::body(), theme.text2), NAMES);
    Rect::from_min_max(pos2(rect.left() + NAMES, rect.top()), rect.max)
}

/// A name with a choice behind it.
fn choose<T: PartialEq + Clone>(
    ui: &mut Ui,
    theme: &Theme,
    (name, shown, is_own): (&str, &str, bool),
    now: &T,
    offers: &[Offer<T>],
) -> Option<T> {
    let rect = row(ui, theme, name);
    let id = ui.scope_id().with(("detected", name));
    let button = button_in(ui, theme, rect, id, (name, shown), Look::chosen(is_own)).on_hover_text(format!("{name}: {shown}"));
    list_ui(&button, theme, now, offers)
}

fn fixed(ui: &mut Ui, theme: &Theme, name: &str, shown: &str) {
    let rect = row(ui, theme, name);
    cut_text(ui, rect.left() + 8.0, rect.center().y, shown, (font::body(), theme.text1), rect.width() - 8.0);
}

/// Format, table, preset, encoding, delimiter, header.
fn reading_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: Option<&Examined>) {
    let draft = draft(cx);
    if let Some(seen) = seen {
        fixed(ui, cx.theme, "Format", &seen.format.to_uppercase());
        if seen.tables.len() > 1 {
            let offers: Vec<Offer<Option<String>>> = seen.tables.iter().map(|name| Offer::new(Some(name.clone()), name)).collect();
            let shown = seen.table.clone().unwrap_or_default();
            if let Some(table) = choose(ui, cx.theme, ("Table", &shown, draft.table.is_some()), &seen.table, &offers) {
                change_reading(cx, |options| *options = Options { table, ..Options::default() });
            }
        }
        preset_ui(ui, cx, seen, &draft);
    }
    if seen.is_none_or(words::has_encoding) {
        encoding_ui(ui, cx, seen, &draft);
    }
    if seen.is_none_or(|seen| seen.delimiter.is_some()) {
        delimiter_ui(ui, cx, seen, &draft);
    }
    if seen.is_none_or(|seen| seen.header.is_some()) {
        header_ui(ui, cx, seen, &draft);
    }
}

fn preset_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, draft: &Options) {
    if !seen.can_be_mapped() {
        fixed(ui, cx.theme, "Preset", words::preset(seen.preset.as_deref()));
        return;
    }
    let mut offers = vec![Offer::new(None, "As detected")];
    offers.extend(preset_keys_of(&seen.format).into_iter().map(|key| Offer::new(Some(key.to_owned()), words::preset(Some(key)))));
    let shown = words::preset(seen.preset.as_deref());
    if let Some(preset) = choose(ui, cx.theme, ("Preset", shown, draft.preset.is_some()), &draft.preset, &offers) {
        change_reading(cx, |options| options.preset = preset);
    }
}

fn encoding_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: Option<&Examined>, draft: &Options) {
    let mut offers = vec![Offer::new(None, "As detected")];
    offers.extend(ENCODINGS.iter().map(|(label, words)| Offer::new(Some((*label).to_owned()), *label).with(*words)));
    let shown = draft.encoding.clone().or_else(|| seen.map(|seen| seen.encoding.clone())).unwrap_or_else(|| "as detected".to_owned());
    if let Some(encoding) = choose(ui, cx.theme, ("Encoding", &shown, draft.encoding.is_some()), &draft.encoding, &offers) {
        change_reading(cx, |options| options.encoding = encoding);
    }
}

fn delimiter_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: Option<&Examined>, draft: &Options) {
    let mut offers = vec![Offer::new(None, "As detected")];
    offers.extend(DELIMITERS.map(|delimiter| Offer::new(Some(delimiter), words::delimiter(delimiter))));
    let now = draft.delimiter.or_else(|| seen.and_then(|seen| seen.delimiter));
    let shown = now.map_or_else(|| "as detected".to_owned(), words::delimiter);
    if let Some(delimiter) = choose(ui, cx.theme, ("Delimiter", &shown, draft.delimiter.is_some()), &draft.delimiter, &offers) {
        change_reading(cx, |options| (options.delimiter, options.header) = (delimiter, None));
    }
}

fn header_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: Option<&Examined>, draft: &Options) {
    let mut offers = vec![Offer::new(None, "As detected"), Offer::new(Some(HeaderRow::Absent), "There is none")];
    let rows = seen.into_iter().flat_map(|seen| seen.rows.iter().map(move |row| (seen, row)));
    for (place, (seen, row)) in rows.enumerate().take(HEADERS_OFFERED) {
        let filled = row.cells.iter().map(|cell| words::one_line(cell)).filter(|cell| !cell.is_empty());
        let start: String = filled.collect::<Vec<_>>().join(", ").chars().take(48).collect();
        offers.push(Offer::new(Some(HeaderRow::Row(place as u32)), words::line_of(seen, row.line)).with(start));
    }
    let shown = seen.map_or_else(|| "as detected".to_owned(), words::header);
    if let Some(header) = choose(ui, cx.theme, ("Header", &shown, draft.header.is_some()), &draft.header, &offers) {
        change_reading(cx, |options| options.header = header);
    }
    if let Some(seen) = seen {
        let count = seen.rows.iter().filter(|row| row.kind == RowKind::Preamble).count();
        if count > 0 {
            let noun = if words::has_encoding(seen) { "line" } else { "row" };
            let verb = if count == 1 { "is" } else { "are" };
            note(ui, cx.theme, &format!("{} before it {verb} left out", counted_noun(count as u64, noun, &format!("{noun}s"))));
        }
    }
}

/// The order of dates, the decimal sign and missing marks, of all columns together.
fn values_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined) {
    let own = mapping(cx, seen);
    dates_ui(ui, cx, seen, &own);
    let is_number = |column: &ColumnMap| column.role.is_number();
    if own.columns.iter().any(is_number) {
        let now = same(own.columns.iter().filter(|column| is_number(column)).map(|column| column.numbers));
        let offers = [NumberStyle::Point, NumberStyle::Comma].map(|style| Offer::new(Some(style), words::numbers(style)));
        let shown = now.map_or("column by column", words::numbers);
        let numbers = |mapping: &Mapping| mapping.columns.iter().map(|column| column.numbers).collect::<Vec<_>>();
        let is_own = is_chosen(cx, &own, numbers);
        if let Some(Some(style)) = choose(ui, cx.theme, ("Decimals", shown, is_own), &now, &offers) {
            change_mapping(cx, seen, |mapping| {
                mapping.columns.iter_mut().filter(|column| is_number(column)).for_each(|column| column.numbers = style);
            });
        }
    }
    missing_ui(ui, cx, seen, &own);
}

/// The order of day, month and year: a choice where it matters, else only said.
fn dates_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, own: &Mapping) {
    let is_text = |column: &ColumnMap| column.role.is_date() && matches!(column.dates, DateStyle::Text(_));
    let texts: Vec<usize> = (0..own.columns.len()).filter(|column| is_text(&own.columns[*column])).collect();
    let columns: Vec<usize> = texts.iter().copied().filter(|column| seen.order_of(*column) == OrderOf::Chosen).collect();
    if columns.is_empty() {
        if let Some(shown) = same(texts.iter().map(|column| words::dates(seen, *column, own.columns[*column].dates))) {
            fixed(ui, cx.theme, "Dates", &capital(shown.trim_start_matches("Text, ")));
        }
        return;
    }
    let now = same(columns.iter().map(|column| own.columns[*column].dates));
    let orders = [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::YearFirst].map(DateStyle::Text);
    let plain = |style| words::date_style(style).trim_start_matches("Text, ");
    let offers = orders.map(|style| Offer::new(Some(style), capital(plain(style))).with(words::example(style)));
    let shown = capital(now.map_or("column by column", plain));
    let dates = |mapping: &Mapping| mapping.columns.iter().map(|column| (column.dates, column.is_order_known)).collect::<Vec<_>>();
    let is_own = is_chosen(cx, own, dates);
    if let Some(Some(style)) = choose(ui, cx.theme, ("Dates", &shown, is_own), &now, &offers) {
        change_mapping(cx, seen, |mapping| {
            for column in columns {
                (mapping.columns[column].dates, mapping.columns[column].is_order_known) = (style, true);
            }
        });
    }
}

/// What all have in common.
fn same<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

fn missing_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, own: &Mapping) {
    let rect = row(ui, cx.theme, "Missing");
    ui.painter().rect_stroke(rect, 4.0, Stroke::new(1.0, cx.theme.line2), StrokeKind::Inside);
    let shown = own.missing.join("  ");
    let id = ui.scope_id().with("missing");
    let entry = Entry { id, shown: &shown, hint: "further marks", name: "Missing" };
    if let Some(text) = entry_ui(ui, cx.theme, rect, &entry) {
        let marks: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        change_mapping(cx, seen, |mapping| mapping.missing = marks);
    }
    note(ui, cx.theme, "Besides empty cells, NA, -, .., null");
}

/// What is odd about the file as a whole, beyond what was assumed.
fn remarks_ui(ui: &mut Ui, cx: &Cx<'_>, seen: &Examined) {
    let is_told = |kind: IssueKind| matches!(kind, IssueKind::AmbiguousDate);
    let whole: Vec<_> = seen.issues.iter().filter(|issue| issue.line.is_none() && !is_told(issue.kind)).collect();
    let said = |message: &str| seen.assumptions.iter().any(|assumption| assumption.why.ends_with(message));
    let whole: Vec<_> = whole.into_iter().filter(|issue| !said(&issue.message)).collect();
    if whole.is_empty() {
        return;
    }
    ui.add_space(12.0);
    heading(ui, cx.theme, "About the whole file");
    for issue in whole {
        ui.horizontal_top(|ui| {
            ui.label(RichText::new(icon("warning")).font(font::icon(14.0)).color(cx.theme.warning));
            let column = issue.column.as_ref().map(|column| format!("{column}: ")).unwrap_or_default();
            let text = format!("{column}{}; {}", issue.message, issue.action);
            ui.add(eframe::egui::Label::new(RichText::new(text).font(font::label()).color(cx.theme.text1)).wrap());
        });
    }
}
