//! The right side of the import panel when it is about the chosen column: what it means, and how its dates, numbers and lists are written.

use eframe::egui::{Checkbox, Label, RichText, Role as Access, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::choice::{CONTROL, Look, Offer, button_in, choice_ui, field_ui, label_ui};
use super::roles::roles_ui;
use super::{Cx, Memory, change_mapping, is_chosen, link, mapping, note, words};
use crate::data::{Basis, Vocabulary as _};
use crate::ingest::{At, ColumnMap, DateStyle, Examined, Mapping, NumberStyle, OrderOf, Part, ROLE_GROUPS, Role, RowKind, TitlePart};
use crate::view::rows::{click_row, cut_text};
use crate::view::theme::font;

/// How many of a column's values are shown.
const EXAMPLES: usize = 4;

/// Draws the side.
pub(super) fn column_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, memory: &mut Memory) {
    let own = mapping(cx, seen);
    let Some((column, map)) = memory.column.and_then(|column| Some((column, own.columns.get(column)?))) else {
        overview_ui(ui, cx, seen, &own, memory);
        return;
    };
    if link(ui, cx.theme, "All meanings").clicked() {
        memory.column = None;
    }
    ScrollArea::vertical().id_salt("import_column").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        ui.add(Label::new(RichText::new(words::one_line(&map.name)).font(font::semibold(13.0)).color(cx.theme.text1)).wrap());
        examples_ui(ui, cx, seen, column);
        ui.add_space(4.0);
        label_ui(ui, cx.theme, "Means");
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), CONTROL), Sense::hover());
        let id = ui.scope_id().with(("means", column));
        let is_own = is_chosen(cx, &own, |mapping| mapping.columns.get(column).map(|map| map.role));
        let button = button_in(ui, cx.theme, rect, id, ("Meaning of the column", map.role.label()), Look::chosen(is_own));
        roles_ui(&button, cx, seen, &own, column);
        if map.role.is_date() {
            dates_ui(ui, cx, seen, column, map);
        }
        if map.role == Role::Measured {
            quantity_ui(ui, cx, seen, &own, column);
        }
        if map.role == Role::Listed {
            list_ui(ui, cx, seen, &own, column);
        }
        if map.role.is_number() {
            numbers_ui(ui, cx, seen, column, map.numbers);
        }
        if matches!(map.role, Role::Source | Role::Originator | Role::Link | Role::Reports | Role::From | Role::To | Role::Place) {
            separator_ui(ui, cx, seen, column, map.separator);
        }
        if !map.words.is_empty() {
            label_ui(ui, cx.theme, "Its codes");
            let codes = map
                .words
                .iter()
                .map(|(code, word)| format!("{code} is {}", if word.is_empty() { "nothing" } else { word }))
                .collect::<Vec<_>>()
                .join(", ");
            note(ui, cx.theme, &codes);
        }
        title_ui(ui, cx, seen, &own, column);
        ignored_ui(ui, cx, map.role);
    });
}

/// Which columns mean something; a click goes to one.
fn overview_ui(ui: &mut Ui, cx: &Cx<'_>, seen: &Examined, own: &Mapping, memory: &mut Memory) {
    note(
        ui,
        cx.theme,
        "What the columns mean. Choose one, here or over the rows, to change it: there by arrows, and by typing what it means, too.",
    );
    ui.add_space(4.0);
    let has_meaning = |column: &usize| !matches!(own.columns[*column].role, Role::Extra | Role::Ignored);
    let mut columns: Vec<usize> = (0..own.columns.len()).filter(has_meaning).collect();
    let place = |role: Role| ROLE_GROUPS.iter().flat_map(|(_, roles)| *roles).position(|own| *own == role);
    // Lists are beside what the model knows.
    columns.sort_by_key(|column| (own.columns[*column].role == Role::Listed, place(own.columns[*column].role)));
    ScrollArea::vertical().id_salt("import_overview").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for column in columns {
            let name = words::one_line(&own.columns[column].name);
            let (role, _) = words::role(seen, own, column);
            let info = WidgetInfo::labeled(Access::Button, true, format!("{role}: {name}"));
            let (rect, response) = click_row(ui, cx.theme, 40.0, false, &info);
            let width = rect.width() - 8.0;
            cut_text(ui, rect.left() + 4.0, rect.top() + 12.0, &role, (font::label(), cx.theme.text2), width);
            cut_text(ui, rect.left() + 4.0, rect.top() + 28.0, &name, (font::medium(12.0), cx.theme.text1), width);
            if response.clicked() {
                (memory.column, memory.wants_sight) = (Some(column), true);
            }
        }
        ui.add_space(6.0);
        if !own.title.is_empty() && own.column(Role::Title).is_none() {
            note(ui, cx.theme, &words::title(own));
            ui.add_space(6.0);
        }
        if let Some(counter) = &own.counter {
            note(ui, cx.theme, &format!("The rows are distinct events, counted by {counter}."));
            ui.add_space(6.0);
        }
        note(ui, cx.theme, "Year, month, day and time in columns of their own make one date. Several columns can make one title.");
    });
}

fn examples_ui(ui: &mut Ui, cx: &Cx<'_>, seen: &Examined, column: usize) {
    let mut found: Vec<String> = Vec::new();
    for row in seen.rows.iter().filter(|row| row.kind == RowKind::Data) {
        let text = row.cells.get(column).map(|cell| words::one_line(cell)).unwrap_or_default();
        if !text.is_empty() && !found.contains(&text) {
            found.push(text);
        }
        if found.len() == EXAMPLES {
            break;
        }
    }
    let text = if found.is_empty() { "empty in the rows that are shown".to_owned() } else { found.join("  ·  ") };
    let shown: String = text.chars().take(140).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    note(ui, cx.theme, &format!("{shown}{more}"));
}

fn dates_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, column: usize, map: &ColumnMap) {
    ui.add_space(4.0);
    label_ui(ui, cx.theme, "Dates are written as");
    // Where the text itself tells, the three orders are one way of writing.
    let shown = words::dates(seen, column, map.dates);
    let has_order = seen.order_of(column) == OrderOf::Chosen;
    let is_offered = |style: &DateStyle| has_order || !matches!(style, DateStyle::Text(_));
    let plain = match map.dates {
        DateStyle::Text(_) => Offer::new(map.dates, shown),
        _ => Offer::new(DateStyle::default(), words::AS_WRITTEN).with("2015-01-31"),
    };
    let mut offers: Vec<Offer<DateStyle>> = if has_order { Vec::new() } else { vec![plain] };
    let styles = words::DATE_STYLES.iter().filter(|(style, ..)| is_offered(style));
    offers.extend(styles.map(|(style, label, example)| Offer::new(*style, *label).with(*example)));
    let is_own = is_chosen(cx, &mapping(cx, seen), |mapping| mapping.columns.get(column).map(|map| (map.dates, map.is_order_known)));
    if let Some(style) = choice_ui(ui, cx.theme, ("Dates are written as", shown), is_own, (&map.dates, &offers)) {
        change_mapping(cx, seen, |mapping| {
            (mapping.columns[column].dates, mapping.columns[column].is_order_known) = (style, true);
        });
    }
    if let DateStyle::Text(_) = map.dates {
        label_ui(ui, cx.theme, "Years of two digits are");
        let offers = [
            Offer::new(None, "1970 to 2069"),
            Offer::new(Some(1_900), "1900 to 1999"),
            Offer::new(Some(1_930), "1930 to 2029"),
            Offer::new(Some(2_000), "2000 to 2099"),
        ];
        let first = map.first_year.unwrap_or(1_970);
        let shown = format!("{first} to {}", first + 99);
        if let Some(year) = choice_ui(ui, cx.theme, ("Years of two digits are", &shown), false, (&map.first_year, &offers)) {
            change_mapping(cx, seen, |mapping| mapping.columns[column].first_year = year);
        }
    }
}

fn numbers_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, column: usize, now: NumberStyle) {
    label_ui(ui, cx.theme, "Decimals are written with");
    let offers = [NumberStyle::Point, NumberStyle::Comma].map(|style| Offer::new(style, words::numbers(style)));
    let is_own = is_chosen(cx, &mapping(cx, seen), |mapping| mapping.columns.get(column).map(|map| map.numbers));
    if let Some(style) = choice_ui(ui, cx.theme, ("Decimals are written with", words::numbers(now)), is_own, (&now, &offers)) {
        change_mapping(cx, seen, |mapping| mapping.columns[column].numbers = style);
    }
}

/// What is counted, which of its numbers this is, what it covers, and its unit.
fn quantity_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, own: &Mapping, column: usize) {
    let Some((place, part)) = own.measured_by(column) else { return };
    let measured = &own.measured[place];
    ui.add_space(4.0);
    if let Some(metric) = field_ui(ui, cx.theme, ("What it counts", &measured.metric, "killed, wounded, shells …")) {
        let metric = metric.trim().replace(' ', "_");
        if !metric.is_empty() {
            change_mapping(cx, seen, |mapping| mapping.recount(column, &metric, part));
        }
    }
    label_ui(ui, cx.theme, "It is");
    let offers = Part::ALL.map(|part| Offer::new(part, words::part(part)));
    if let Some(part) = choice_ui(ui, cx.theme, ("It is", words::part(part)), false, (&part, &offers)) {
        let metric = measured.metric.clone();
        change_mapping(cx, seen, |mapping| mapping.recount(column, &metric, part));
    }
    let others: Vec<Offer<String>> = own
        .measured
        .iter()
        .filter(|other| other.metric != measured.metric)
        .map(|other| Offer::new(other.metric.clone(), other.metric.replace('_', " ")))
        .collect();
    if !others.is_empty() {
        label_ui(ui, cx.theme, "Or a number of another metric");
        if let Some(metric) = choice_ui(ui, cx.theme, ("Another metric", "choose …"), false, (&measured.metric, &others)) {
            let free = own.measured.iter().find(|other| other.metric == metric);
            let part = match free {
                Some(other) if other.low.is_none() && other.value.is_some() => Part::Low,
                Some(other) if other.high.is_none() && other.value.is_some() => Part::High,
                _ => Part::Value,
            };
            change_mapping(cx, seen, |mapping| mapping.measure(column, &metric, part));
        }
    }
    label_ui(ui, cx.theme, "It covers");
    let offers: Vec<Offer<Basis>> = Basis::ALL.iter().map(|basis| Offer::new(*basis, words::basis(*basis))).collect();
    if let Some(basis) = choice_ui(ui, cx.theme, ("It covers", words::basis(measured.basis)), false, (&measured.basis, &offers)) {
        change_mapping(cx, seen, |mapping| mapping.measured[place].basis = basis);
    }
    if let Some(unit) = field_ui(ui, cx.theme, ("Unit", measured.unit.as_deref().unwrap_or(""), "persons, tonnes, USD …")) {
        let unit = Some(unit.trim().to_owned()).filter(|unit| !unit.is_empty());
        change_mapping(cx, seen, |mapping| mapping.measured[place].unit = unit);
    }
    beside_ui(ui, cx, seen, own, place);
}

/// Where else the row tells of a number: when it was, and how it is meant. Only what a file has columns for is offered.
fn beside_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, own: &Mapping, place: usize) {
    let measured = &own.measured[place];
    let name = |column: usize| own.columns.get(column).map_or_else(String::new, |map| words::one_line(&map.name));
    let of_role = |is: &dyn Fn(Role) -> bool| (0..own.columns.len()).filter(|column| is(own.columns[*column].role)).collect::<Vec<_>>();
    let dates = of_role(&|role| role.is_date() || role == Role::Years);
    let mut offers = vec![Offer::new(At::Row, "The date of the row")];
    offers.extend(
        dates.iter().filter(|column| own.columns[**column].role != Role::When).map(|column| Offer::new(At::Column(*column), name(*column))),
    );
    if let At::Column(_) | At::Date(_) = measured.at
        && !offers.iter().any(|offer| offer.value == measured.at)
    {
        let shown = match &measured.at {
            At::Column(column) => name(*column),
            At::Date(date) => date.clone(),
            At::Row => String::new(),
        };
        offers.push(Offer::new(measured.at.clone(), shown));
    }
    if offers.len() > 1 {
        label_ui(ui, cx.theme, "It was at");
        let shown = offers.iter().find(|offer| offer.value == measured.at).map_or_else(String::new, |offer| offer.label.clone());
        if let Some(at) = choice_ui(ui, cx.theme, ("It was at", &shown), false, (&measured.at, &offers)) {
            change_mapping(cx, seen, |mapping| mapping.measured[place].at = at);
        }
    }
    let mut offers = vec![Offer::new(None, "Nothing")];
    offers.extend(of_role(&|role| role == Role::Qualifier).into_iter().map(|column| Offer::new(Some(column), name(column))));
    if offers.len() > 1 {
        label_ui(ui, cx.theme, "A mark says how it is meant");
        let shown = measured.qualifier.map_or_else(|| "Nothing".to_owned(), name);
        if let Some(column) = choice_ui(ui, cx.theme, ("A mark says how it is meant", &shown), false, (&measured.qualifier, &offers)) {
            change_mapping(cx, seen, |mapping| mapping.measured[place].qualifier = column);
        }
    }
    if let Some(until) = &measured.until {
        note(ui, cx.theme, &format!("The series ends on {until}: zeros behind it are no numbers."));
        if link(ui, cx.theme, "Take them as numbers").clicked() {
            change_mapping(cx, seen, |mapping| mapping.measured[place].until = None);
        }
    }
}

/// Which list the column is a part of.
fn list_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, own: &Mapping, column: usize) {
    let list = own.listed_in(column);
    let shown = list.map_or("", |list| list.name.as_str());
    if let Some(name) = field_ui(ui, cx.theme, ("The list is called", shown, "tags, weapons …")) {
        let name = name.trim().to_owned();
        if !name.is_empty() {
            change_mapping(cx, seen, |mapping| mapping.list(column, &name));
        }
    }
    if let Some(list) = list.filter(|list| list.columns.len() > 1) {
        let others = list.columns.iter().filter_map(|column| own.columns.get(*column)).map(|map| words::one_line(&map.name));
        note(ui, cx.theme, &format!("It is made of {}", others.collect::<Vec<_>>().join(", ")));
    }
}

fn separator_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, column: usize, now: Option<char>) {
    label_ui(ui, cx.theme, "A cell with several is split at");
    let offers = [
        Offer::new(None, "Nothing: it is one"),
        Offer::new(Some(';'), "Semicolon ;"),
        Offer::new(Some(','), "Comma ,"),
        Offer::new(Some('|'), "Bar |"),
        Offer::new(Some('\n'), "Line breaks"),
    ];
    let shown = offers.iter().find(|offer| offer.value == now).map_or_else(String::new, |offer| offer.label.clone());
    if let Some(separator) = choice_ui(ui, cx.theme, ("A cell with several is split at", &shown), false, (&now, &offers)) {
        change_mapping(cx, seen, |mapping| mapping.columns[column].separator = separator);
    }
}

/// Is the column a part of a title that is put together?
fn title_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, own: &Mapping, column: usize) {
    if own.column(Role::Title).is_some() || own.columns[column].role == Role::Ignored {
        return;
    }
    ui.add_space(6.0);
    let mut is_part = own.title.contains(&TitlePart::Column(column));
    if ui.add(Checkbox::new(&mut is_part, RichText::new("A part of the title").font(font::body()))).changed() {
        change_mapping(cx, seen, |mapping| if is_part { add_to_title(mapping, column) } else { take_from_title(mapping, column) });
    }
    if !own.title.is_empty() {
        note(ui, cx.theme, &words::title(own));
        let between = own.title.iter().find_map(|part| match part {
            TitlePart::Between(text) => Some(text.clone()),
            TitlePart::Column(_) | TitlePart::Otherwise(_) => None,
        });
        if let Some(shown) = between
            && let Some(text) = field_ui(ui, cx.theme, ("Between the parts", &shown, ", "))
        {
            change_mapping(cx, seen, |mapping| {
                for part in &mut mapping.title {
                    if let TitlePart::Between(own) = part {
                        own.clone_from(&text);
                    }
                }
            });
        }
    }
}

fn add_to_title(mapping: &mut Mapping, column: usize) {
    if !mapping.title.is_empty() {
        mapping.title.push(TitlePart::Between(", ".to_owned()));
    }
    mapping.title.push(TitlePart::Column(column));
}

fn take_from_title(mapping: &mut Mapping, column: usize) {
    let Some(place) = mapping.title.iter().position(|part| *part == TitlePart::Column(column)) else { return };
    mapping.title.remove(place);
    // What stood between it and its neighbour goes too.
    let between = place.saturating_sub(1);
    if matches!(mapping.title.get(between), Some(TitlePart::Between(_))) {
        mapping.title.remove(between);
    }
}

fn ignored_ui(ui: &mut Ui, cx: &Cx<'_>, role: Role) {
    let words = match role {
        Role::Extra => "It becomes a field of its own, to be searched, filtered and coloured by.",
        Role::Ignored => "Nothing of it comes into the records. The file itself stays as it is.",
        _ => return,
    };
    ui.add_space(4.0);
    note(ui, cx.theme, words);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_put_together_and_taken_apart_without_leftovers() {
        let mut mapping = Mapping { columns: vec![ColumnMap::default(); 3], ..Mapping::default() };
        for column in 0..3 {
            add_to_title(&mut mapping, column);
        }
        assert_eq!(mapping.title.len(), 5);
        take_from_title(&mut mapping, 1);
        assert_eq!(mapping.title, [TitlePart::Column(0), TitlePart::Between(", ".to_owned()), TitlePart::Column(2)]);
        take_from_title(&mut mapping, 0);
        assert_eq!(mapping.title, [TitlePart::Column(2)]);
    }
}
