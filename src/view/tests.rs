//! What a person does with filters, inspector, table and issues, through names: a session, an engine and a panel in one loop.

use std::sync::Arc;

use eframe::egui::{Key, Modifiers, Ui, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::{Cx, dialogs, facets, fonts, inspector, table, theme};
use crate::data::{Dataset, DatasetBuilder, Draft, Field, Issue, IssueKind, Origin, Qualifier, Status};
use crate::engine::naive::Naive;
use crate::engine::{Ask, Engine as _};
use crate::query::{Answer, Filter, IssuesAnswer, Query, Schema};
use crate::session::{Action, Answers, Command, Dialog, Navigate, Session, Show, Slot, update};
use crate::testing::{World, claim, event};

use super::testing::Desk;

type Draw = fn(&mut Ui, &mut Cx<'_>);

impl Desk {
    fn copied(&self) -> Option<&str> {
        self.sent.iter().rev().find_map(|command| match command {
            Command::Action(Action::CopyText(text)) => Some(text.as_str()),
            _ => None,
        })
    }
}

/// Three carriers of one claim, a rival, and an event.
fn world() -> World {
    let killed = |id: &str, article: &str, by: &[&str]| {
        claim(id)
            .title("About 300 soldiers killed")
            .counts("killed", 300.0)
            .qualified(Qualifier::About)
            .total("2025-01-13")
            .from("North Korea")
            .category("casualties")
            .article(article)
            .said_by(by)
    };
    World::new()
        .source("nis", "National Intelligence Service", Some("NIS"), Some("KR"))
        .source("hur", "Defence Intelligence", Some("HUR"), Some("UA"))
        .source("kbs", "KBS", None, Some("KR"))
        .article("a1", "Seoul says 300 were killed", Some("2025-01-13"))
        .article("a2", "Some three hundred dead", Some("2025-01-14"))
        .article("a3", "Third", Some("2025-01-15"))
        .related("a1", "a2")
        .with_all(&[
            killed("r1", "a1", &["kbs", "nis"]).hedge("approximately").note("A remark."),
            killed("r2", "a2", &["kbs", "nis"]),
            killed("r3", "a3", &["kbs", "nis"]).qualified(Qualifier::Exact),
            claim("r4")
                .title("Over 4,000 killed")
                .counts("killed", 4_000.0)
                .qualified(Qualifier::AtLeast)
                .total("2025-01-21")
                .category("casualties")
                .said_by(&["hur"]),
            event("e1").title("Treaty signed").when("2024-06-19").category("diplomacy").status(Status::Confirmed).cell("Region", "East"),
        ])
}

fn desk_of(world: World, size: Vec2, draw: Draw) -> Harness<'static, Desk> {
    desk_with(world.build(), size, draw)
}

fn desk_with(dataset: Arc<Dataset>, size: Vec2, draw: Draw) -> Harness<'static, Desk> {
    let engine = Naive::new(dataset);
    let mut session = Session::default();
    if let Ok(Answer::Schema(schema)) = engine.answer(&Query::Schema, &Ask::plainly()) {
        session.receive_schema(Arc::from(schema), true);
    }
    let desk = Desk { engine, session, answers: Answers::default(), sent: Vec::new(), draw, given: Vec::new() };
    let set_up = |ctx: &eframe::egui::Context| {
        fonts::install(ctx);
        theme::apply(ctx);
    };
    let frame = |ui: &mut Ui, desk: &mut Desk| desk.frame(ui);
    let mut harness = Harness::builder().with_size(size).with_max_steps(40).with_context_setup(set_up).build_ui_state(frame, desk);
    harness.run();
    harness
}

fn panel() -> Harness<'static, Desk> {
    desk_of(world(), vec2(224.0, 900.0), facets::facets_ui)
}

/// The inspector with these records selected.
fn inspected(ids: &[&str]) -> Harness<'static, Desk> {
    let mut harness = desk_of(world(), vec2(312.0, 1_400.0), inspector::inspector_ui);
    let rows = ids.iter().map(|id| row_of(&harness, id)).collect();
    update(&mut harness.state_mut().session, &Navigate::Select(rows).into());
    harness.run();
    harness.run();
    harness
}

fn row_of(harness: &Harness<'_, Desk>, id: &str) -> u32 {
    match harness.state().engine.answer(&Query::Find { id: id.to_owned() }, &Ask::plainly()) {
        Ok(Answer::Row(Some(row))) => row,
        other => panic!("{id}: {other:?}"),
    }
}

fn filter(harness: &Harness<'_, Desk>) -> Filter {
    harness.state().session.document.filter.clone()
}

fn is(field: Field, values: &[&str]) -> Filter {
    Filter::Is(field, values.iter().map(|value| (*value).to_owned()).collect())
}

#[test]
fn a_click_on_a_value_filters_and_a_second_click_takes_it_back() {
    let mut harness = panel();
    harness.get_by_label("Casualties, 4 records").click();
    harness.run();
    assert_eq!(filter(&harness), is(Field::CATEGORY, &["casualties"]));
    harness.get_by_label("Diplomacy, 1 record").click();
    harness.run();
    assert_eq!(filter(&harness), is(Field::CATEGORY, &["casualties", "diplomacy"]));
    harness.get_by_label("Casualties, 4 records").click();
    harness.run();
    assert_eq!(filter(&harness), is(Field::CATEGORY, &["diplomacy"]));
}

#[test]
fn counts_follow_the_other_filters_and_empty_values_stay() {
    let mut harness = panel();
    harness.get_by_label("Diplomacy, 1 record").click();
    harness.run();
    harness.get_by_label("Casualties, 4 records");
    harness.get_by_label("About, 0 records");
}

#[test]
fn only_chooses_one_value_alone() {
    let mut harness = panel();
    harness.get_by_label("Casualties, 4 records").click();
    harness.run();
    harness.get_by_label("Diplomacy, 1 record").hover();
    harness.run();
    harness.get_by_label("Only Diplomacy").click();
    harness.run();
    assert_eq!(filter(&harness), is(Field::CATEGORY, &["diplomacy"]));
    harness.get_by_label("Clear").click();
    harness.run();
    assert_eq!(filter(&harness), Filter::All);
}

#[test]
fn records_without_a_value_can_be_chosen_and_give_way_to_a_value() {
    let mut harness = panel();
    let missing = Filter::Not(Box::new(Filter::Present(Field::QUALIFIER)));
    let section = harness.get_by_label("Qualifier filter").rect().bottom();
    let below = |rect: eframe::egui::Rect| rect.top() > section;
    harness.get_all_by_label("Not recorded, 1 record").find(|node| below(node.rect())).unwrap().click();
    harness.run();
    assert_eq!(filter(&harness), missing);
    harness.get_by_label("About, 2 records").click();
    harness.run();
    assert_eq!(filter(&harness), is(Field::QUALIFIER, &["about"]));
}

#[test]
fn a_typed_date_sets_the_range() {
    let mut harness = panel();
    let field = harness.get_by_label("Date from");
    field.focus();
    harness.run();
    harness.get_by_label("Date from").type_text("2024-06");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(filter(&harness), Filter::After(Field::WHEN, crate::testing::time("2024-06-01")));
    harness.get_by_label("Clear the range of Date").click();
    harness.run();
    assert_eq!(filter(&harness), Filter::All);
}

#[test]
fn the_inspector_tells_who_carries_a_claim_and_how_they_differ() {
    let harness = inspected(&["r1"]);
    harness.get_by_label("~300 killed North Korea");
    harness.get_by_label_contains("National Intelligence Service, originator");
    assert_eq!(harness.get_all_by_label_contains("KBS ~300 13 Jan").count(), 2);
    harness.get_by_label_contains("r3 KBS 300 13 Jan");
}

#[test]
fn a_carrier_is_a_click_away() {
    let mut harness = inspected(&["r1"]);
    harness.get_by_label_contains("r2 KBS").click();
    harness.run();
    assert_eq!(harness.state().session.place.selection, [row_of(&harness, "r2")]);
}

#[test]
fn an_address_is_shown_before_it_is_opened_and_a_citation_is_copied() {
    let mut harness = inspected(&["r1"]);
    harness.get_by_label("Open https://example.org/a2").click();
    harness.run();
    let dialog = harness.state().session.panels.dialog.clone();
    assert_eq!(dialog, Some(Dialog::Link("https://example.org/a2".to_owned())));
    harness.get_by_label("Copy a citation of this record").click();
    harness.run();
    let copied = harness.state().copied().unwrap();
    assert!(copied.contains("“Seoul says 300 were killed”") && copied.ends_with("[r1]"), "{copied}");
}

#[test]
fn several_records_are_stepped_through_and_stay_selected() {
    let mut harness = inspected(&["r1", "r4", "e1"]);
    let first = row_of(&harness, "r1");
    harness.get_by_label("Next of the selected").click();
    harness.run();
    let selection = harness.state().session.place.selection.clone();
    assert_eq!(selection.len(), 3);
    assert_ne!(selection[0], first);
    harness.get_by_label("Previous of the selected").click();
    harness.run();
    assert_eq!(harness.state().session.place.selection[0], first);
}

#[test]
fn an_event_without_a_number_shows_its_title_and_every_field() {
    let mut harness = inspected(&["e1"]);
    harness.get_by_label("Treaty signed");
    harness.get_by_label("All fields").click();
    harness.run();
    harness.get_by_label("East");
}

/// The table over all records.
fn opened_table() -> Harness<'static, Desk> {
    let mut harness = desk_of(world(), vec2(1_200.0, 500.0), table::table_panel_ui);
    harness.get_by_label("Open the table").click();
    harness.run();
    harness.get_by_label("Table: all").click();
    harness.run();
    harness
}

#[test]
fn the_head_of_the_table_says_that_it_sorts_until_the_rows_are_sorted() {
    let mut harness = opened_table();
    harness.get_by_label("Title").click();
    harness.step();
    harness.step();
    assert!(harness.query_by_label("Title, rising").is_none(), "the rows at hand are in the old order");
    harness.get_by_label("Title, sorting");
    harness.run();
    harness.get_by_label("Title, rising");
}

#[test]
fn a_row_of_the_table_is_selected_and_keys_move_on() {
    let mut harness = opened_table();
    harness.get_by_label("r1 About 300 soldiers killed").click();
    harness.run();
    assert_eq!(harness.state().session.place.selection, [row_of(&harness, "r1")]);
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert_eq!(harness.state().session.place.selection, [row_of(&harness, "r2")]);
    harness.key_press(Key::PageUp);
    harness.run();
    assert_eq!(harness.state().session.place.selection, [row_of(&harness, "r1")]);
    harness.key_press(Key::End);
    harness.run();
    let last = harness.state().session.place.selection.clone();
    assert!(last != [row_of(&harness, "r1")] && last != [row_of(&harness, "r2")]);
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert_eq!(harness.state().session.place.selection, last, "there is nothing behind the end");
    harness.key_press(Key::Home);
    harness.run();
    assert_eq!(harness.state().session.place.selection, [row_of(&harness, "r1")]);
}

#[test]
fn ctrl_and_shift_select_several_rows_and_they_are_copied_as_text() {
    let mut harness = opened_table();
    harness.get_by_label("r1 About 300 soldiers killed").click();
    harness.run();
    harness.get_by_label("r3 About 300 soldiers killed").click_modifiers(Modifiers::SHIFT);
    harness.run();
    assert_eq!(harness.state().session.place.selection.len(), 3);
    harness.get_by_label("r2 About 300 soldiers killed").click_modifiers(Modifiers::COMMAND);
    harness.run();
    assert_eq!(harness.state().session.place.selection.len(), 2);
    harness.get_by_label("Copy 2 rows").click();
    harness.run();
    let copied = harness.state().copied().unwrap();
    assert_eq!(copied.lines().count(), 3, "{copied}");
    assert!(copied.starts_with("id\t") && copied.contains("\nr3\t"), "{copied}");
}

#[test]
fn a_click_on_a_head_sorts_the_table() {
    let mut harness = opened_table();
    harness.get_by_label("Value").click();
    harness.run();
    assert_eq!(harness.state().session.document.table_sort, Some((Field::VALUE, false)));
    harness.get_by_label("Value, rising").click();
    harness.run();
    let highest = harness.get_by_label("r4 Over 4,000 killed").rect().top();
    assert!(highest < harness.get_by_label("r1 About 300 soldiers killed").rect().top());
}

fn issue(line: u64, kind: IssueKind, value: &str) -> Issue {
    let (message, action) = ("no such day".to_owned(), "kept as text, undated".to_owned());
    Issue { line: Some(line), column: Some("when".to_owned()), value: value.to_owned(), kind, message, action }
}

/// The dialog over a file with these issues.
fn issues(list: &[Issue]) -> Harness<'static, Desk> {
    let mut harness = desk_of(world(), vec2(1_000.0, 700.0), |ui, cx| dialogs::dialogs_ui(ui, cx));
    let desk = harness.state_mut();
    let schema: &Schema = desk.session.schema.as_ref().unwrap();
    let mut counts: Vec<(IssueKind, u64)> = Vec::new();
    for issue in list {
        match counts.iter_mut().find(|own| own.0 == issue.kind) {
            Some(own) => own.1 += 1,
            None => counts.push((issue.kind, 1)),
        }
    }
    desk.session.schema = Some(Arc::new(Schema { issues: counts, ..schema.clone() }));
    desk.given = vec![(
        Slot::Issues,
        Answer::Issues(IssuesAnswer { list: list.iter().cloned().map(Into::into).collect(), total: list.len() as u64 }),
    )];
    update(&mut desk.session, &Show::Dialog(Some(Dialog::Issues)).into());
    harness.run();
    harness
}

#[test]
fn an_issue_is_shown_in_full_and_the_list_is_copied() {
    let list = [issue(214, IssueKind::InvalidDate, "2025-02-30"), issue(220, IssueKind::InvalidDate, "2025-13-01")];
    let mut harness = issues(&list);
    harness.get_by_label("Date cannot be read, 2");
    harness.get_by_label("Line 220, when, 2025-13-01, kept as text, undated").click();
    harness.run();
    harness.get_by_label("Line 220, when");
    harness.key_press(Key::ArrowUp);
    harness.run();
    harness.get_by_label("Line 214, when");
    harness.get_by_label("Copy list").click();
    harness.run();
    assert_eq!(harness.state().copied().unwrap().lines().count(), 3);
}

/// A table of which two cells could not be read.
fn flawed() -> Arc<Dataset> {
    let mut builder = DatasetBuilder::new(Origin { rows: 3, ..Origin::default() });
    for (row, value) in ["2025-02-30", "2025-13-01", ""].iter().enumerate() {
        builder.at_file_row(row as u32);
        if !value.is_empty() {
            builder.issue(issue(row as u64 + 2, IssueKind::InvalidDate, value));
        }
        let id = format!("r{}", row + 1);
        builder.push(&Draft { id: Some(&id), ..Draft::default() });
    }
    Arc::new(builder.snapshot(1, true))
}

/// The dialog over it.
fn flawed_dialog() -> Harness<'static, Desk> {
    let mut harness = desk_with(flawed(), vec2(1_100.0, 760.0), |ui, cx| dialogs::dialogs_ui(ui, cx));
    update(&mut harness.state_mut().session, &Show::Dialog(Some(Dialog::Issues)).into());
    harness.run_steps(4);
    harness
}

#[test]
fn the_lines_of_an_issue_are_asked_for_and_its_record_is_shown() {
    let mut harness = flawed_dialog();
    let asked = harness
        .state()
        .sent
        .iter()
        .any(|command| matches!(command, Command::Action(Action::ShowLines(issue)) if issue.line == Some(2) && issue.row == Some(0)));
    assert!(asked, "the lines of the first issue are looked up");
    harness.get_by_label("3 rows = 3 taken + 0 rejected");
    harness.get_by_label("Line 3, when, 2025-13-01, kept as text, undated").click();
    harness.run_steps(4);
    harness.get_by_label("Show record").click();
    harness.run_steps(2);
    assert_eq!(harness.state().session.place.selection, vec![1]);
    assert_eq!(harness.state().session.panels.dialog, None);
}

#[test]
fn typing_finds_issues_and_enter_goes_to_the_record() {
    let mut harness = flawed_dialog();
    harness.get_by_label("Find in the issues").focus();
    harness.run_steps(1);
    harness.get_by_label("Find in the issues").type_text("13-01");
    harness.run_steps(4);
    assert!(harness.query_by_label("Line 2, when, 2025-02-30, kept as text, undated").is_none());
    harness.get_by_label("Line 3, when, 2025-13-01, kept as text, undated");
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(4);
    assert_eq!(harness.state().session.place.selection, vec![1]);
}

#[test]
fn a_file_without_issues_says_so() {
    let harness = issues(&[]);
    harness.get_by_label("No issues");
}

#[test]
fn a_range_filters_while_it_is_dragged_and_the_whole_drag_is_one_edit() {
    let mut harness = desk_of(world(), vec2(224.0, 1_800.0), facets::facets_ui);
    let rect = harness.get_by_label("Value histogram").rect();
    let at = |across: f32| eframe::egui::pos2(rect.left() + rect.width() * across, rect.center().y);
    harness.hover_at(at(0.5));
    harness.run();
    harness.drag_at(at(0.5));
    harness.run();
    let mut filters = vec![filter(&harness)];
    for across in [0.6, 0.7, 0.8] {
        harness.hover_at(at(across));
        harness.run();
        filters.push(filter(&harness));
    }
    harness.drop_at(at(0.8));
    harness.run();
    assert!(filters.windows(2).all(|pair| pair[0] != pair[1]), "each move filters: {filters:?}");
    let lows: Vec<f64> = filters
        .iter()
        .filter_map(|filter| match filter {
            Filter::Between(Field::VALUE, low, _) => Some(*low),
            _ => None,
        })
        .collect();
    assert_eq!(lows, vec![lows[0]; 3], "the end where the drag began stays");
    assert_eq!(filters.last(), Some(&filter(&harness)));
    update(&mut harness.state_mut().session, &Command::Undo);
    assert_eq!(filter(&harness), Filter::All);
    assert!(!harness.state().session.can_undo());
}
