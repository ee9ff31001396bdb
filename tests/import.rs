//! The import panel by its labels, without a display: what people do with it, and what the file is then read as.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dateline::app::{Shell, prepare};
use dateline::data::{Assumption, Field, Otherwise};
use dateline::ingest::{Examined, Options, Role, SavedMappings};
use dateline::query::{Answer, Query, Schema};
use dateline::session::{Action, Dialog, Show, update};
use dateline::time::DateOrder;
use dateline::view::FileState;
use eframe::egui::{self, Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// The shell with what it asked to be done outside.
struct Bench {
    shell: Shell,
    actions: Vec<Action>,
}

/// Draws a frame with every answer at hand.
fn frame(ui: &mut egui::Ui, bench: &mut Bench) {
    bench.shell.receive();
    let mut actions = bench.shell.frame_with_answers(ui);
    bench.actions.append(&mut actions);
}

/// Draws frames until nothing more is to come.
fn settle(harness: &mut Harness<'_, Bench>) {
    let start = Instant::now();
    let mut quiet = 0;
    while quiet < 4 {
        assert!(start.elapsed() < Duration::from_mins(1), "it never settles");
        harness.step();
        let is_busy = harness.state().shell.is_busy();
        quiet = if is_busy { 0 } else { quiet + 1 };
        if is_busy {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// The window with a file of this text.
fn window(name: &str, content: impl AsRef<[u8]>, saved: Option<&Path>) -> Harness<'static, Bench> {
    let mut shell = Shell::new(Arc::new(|| {}));
    shell.saved = saved.map(|folder| SavedMappings::in_folder(folder.to_owned()));
    shell.open_bytes(name, content.as_ref());
    let bench = Bench { shell, actions: Vec::new() };
    let mut harness =
        Harness::builder().with_size(vec2(1_600.0, 1_000.0)).with_max_steps(24).with_context_setup(prepare).build_ui_state(frame, bench);
    settle(&mut harness);
    harness
}

fn schema(harness: &Harness<'_, Bench>) -> Arc<Schema> {
    harness.state().shell.session.schema.clone().unwrap()
}

fn seen(harness: &Harness<'_, Bench>) -> Arc<Examined> {
    harness.state().shell.around.look.seen.clone().unwrap()
}

fn is_open(harness: &Harness<'_, Bench>) -> bool {
    harness.state().shell.session.panels.dialog == Some(Dialog::Reading)
}

fn open_panel(harness: &mut Harness<'_, Bench>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::I);
    settle(harness);
    assert!(is_open(harness));
}

/// Opens a list by the name of its button and takes an entry.
fn take(harness: &mut Harness<'_, Bench>, button: &str, entry: &str) {
    harness.get_by_label(button).click();
    settle(harness);
    harness.get_by_label(entry).click();
    settle(harness);
}

fn click(harness: &mut Harness<'_, Bench>, label: &str) {
    harness.get_by_label(label).click();
    settle(harness);
}

const LOSSES: &str = "day,dead,hurt,spot\n2024-01-02,3,5,Alpha\n2024-01-03,1,x,Beta\n2024-02-01,,2,Alpha\n";
const SLASHES: &str = "date,title\n01/02/2015,One\n05/06/2015,Two\n";

fn metrics(harness: &Harness<'_, Bench>) -> Vec<(String, u64)> {
    schema(harness).metrics.iter().map(|info| (info.metric.clone(), info.records)).collect()
}

#[test]
fn a_file_opens_at_once_and_the_panel_only_when_it_is_asked_for() {
    let mut harness = window("losses.csv", LOSSES, None);
    assert!(!is_open(&harness));
    assert_eq!(schema(&harness).records, 3);
    click(&mut harness, "How the file is read (Ctrl I)");
    assert!(is_open(&harness));
    assert_eq!(seen(&harness).header_names(), ["day", "dead", "hurt", "spot"]);
    harness.key_press(Key::Escape);
    settle(&mut harness);
    assert!(!is_open(&harness), "Escape leaves it without change");
    assert_eq!(harness.state().shell.session.read_with, Options::default());
}

#[test]
fn a_changed_role_changes_the_preview_and_the_file_once_it_is_applied() {
    let mut harness = window("losses.csv", LOSSES, None);
    open_panel(&mut harness);
    assert!(seen(&harness).becomes[0].place.is_none());
    take(&mut harness, "spot means", "Place");
    assert_eq!(seen(&harness).becomes[0].place.as_deref(), Some("Alpha"));
    assert!(schema(&harness).info(Field::PLACE).is_none_or(|info| info.present == 0), "nothing is read before it is said");
    click(&mut harness, "Read it so");
    assert!(!is_open(&harness));
    assert_eq!(schema(&harness).info(Field::PLACE).unwrap().present, 3);
    // The way back is at hand.
    click(&mut harness, "Read it as before");
    assert!(schema(&harness).info(Field::PLACE).is_none_or(|info| info.present == 0));
}

#[test]
fn enter_applies_and_a_column_that_is_left_out_is_no_field() {
    let mut harness = window("losses.csv", LOSSES, None);
    open_panel(&mut harness);
    take(&mut harness, "spot means", "Left out");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    settle(&mut harness);
    assert!(!is_open(&harness));
    assert!(schema(&harness).field("spot").is_none());
    assert!(schema(&harness).origin.notes.contains(&("columns left out".to_owned(), "spot".to_owned())));
}

#[test]
fn a_metric_gets_its_name_in_a_field_and_leaving_the_field_leaves_the_panel_open() {
    let mut harness = window("losses.csv", LOSSES, None);
    open_panel(&mut harness);
    click(&mut harness, "Column dead");
    let field = harness.get_by_label("What it counts");
    field.focus();
    settle(&mut harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("What it counts").type_text("killed in action");
    settle(&mut harness);
    harness.key_press(Key::Escape);
    settle(&mut harness);
    assert!(is_open(&harness));
    assert_eq!(seen(&harness).becomes[0].metric.as_deref(), Some("killed"), "Escape leaves the field as it was");
    harness.get_by_label("What it counts").focus();
    settle(&mut harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("What it counts").type_text("killed in action");
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert_eq!(seen(&harness).becomes[0].metric.as_deref(), Some("killed_in_action"));
    assert!(is_open(&harness), "Enter in a field is for the field");
}

#[test]
fn columns_of_numbers_are_melted_by_ticking_them() {
    let wide = "day,alpha,beta\n2024-01-02,3,5\n2024-01-03,1,7\n";
    let mut harness = window("wide.csv", wide, None);
    assert!(metrics(&harness).is_empty());
    open_panel(&mut harness);
    click(&mut harness, "Metrics");
    click(&mut harness, "alpha");
    click(&mut harness, "beta");
    assert_eq!(seen(&harness).becomes.len(), 4);
    take(&mut harness, "All metrics", "Running total");
    click(&mut harness, "Read it so");
    let mut found = metrics(&harness);
    found.sort();
    assert_eq!(found, [("alpha".to_owned(), 2), ("beta".to_owned(), 2)]);
    assert!(schema(&harness).metrics.iter().all(|info| info.totals == 2));
}

#[test]
fn the_strip_says_what_was_assumed_and_reads_otherwise_by_one_click() {
    let mut harness = window("slashes.csv", SLASHES, None);
    let expected = Otherwise::Order("date".to_owned(), DateOrder::MonthFirst);
    let assumptions: Vec<Assumption> = schema(&harness).origin.assumptions.clone();
    assert_eq!(assumptions.iter().map(|own| &own.change).collect::<Vec<_>>(), [&expected]);
    let first = |harness: &Harness<'_, Bench>| schema(harness).extent.map(|extent| dateline::time::format_iso_day(extent.start));
    assert_eq!(first(&harness).as_deref(), Some("2015-02-01"));
    click(&mut harness, "Read month first");
    assert_eq!(first(&harness).as_deref(), Some("2015-01-02"));
    assert!(schema(&harness).origin.assumptions.is_empty());
    assert!(harness.query_by_label("Read month first").is_none());
}

#[test]
fn a_table_without_dates_opens_the_panel_by_itself_and_year_and_month_make_them() {
    let text = "a,b,c\n1999,3,One\n2001,11,Two\n";
    let mut harness = window("parts.csv", text, None);
    assert!(is_open(&harness), "nothing is dated");
    take(&mut harness, "a means", "Year");
    take(&mut harness, "b means", "Month");
    click(&mut harness, "Read it so");
    assert_eq!(schema(&harness).undated, 0);
    assert!(!is_open(&harness));
}

#[test]
fn text_in_which_no_columns_are_found_can_be_split_by_hand() {
    let text = "day~what\n2024-01-02~Alpha\n2024-01-03~Beta\n";
    let mut harness = window("odd.txt", text, None);
    assert!(is_open(&harness));
    assert!(matches!(harness.state().shell.around.file, FileState::Failed { .. }));
    assert!(harness.state().shell.around.look.error.is_some());
    take(&mut harness, "Delimiter", "Tilde ~");
    assert!(harness.state().shell.around.look.error.is_none());
    click(&mut harness, "Read it so");
    assert_eq!(schema(&harness).records, 2);
}

#[test]
fn a_saved_mapping_is_used_for_the_next_file_with_these_columns_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = window("losses.csv", LOSSES, Some(folder.path()));
    open_panel(&mut harness);
    take(&mut harness, "spot means", "Category");
    click(&mut harness, "Save mapping…");
    click(&mut harness, "Keep for files with these columns");
    harness.key_press(Key::Escape);
    settle(&mut harness);
    drop(harness);

    let other = "spot,day,dead,hurt\nGamma,2023-05-06,3,5\n";
    let mut harness = window("other.csv", other, Some(folder.path()));
    assert_eq!(schema(&harness).info(Field::CATEGORY).unwrap().present, 1);
    harness.get_by_label_contains("Opened with your mapping “losses”");
    click(&mut harness, "Read without it");
    assert!(schema(&harness).info(Field::CATEGORY).is_none_or(|info| info.present == 0));
}

#[test]
fn a_mapping_is_handed_out_to_be_written_and_one_that_does_not_fit_says_why() {
    let mut harness = window("losses.csv", LOSSES, None);
    open_panel(&mut harness);
    click(&mut harness, "Save mapping…");
    click(&mut harness, "Write to a file");
    let written = harness.state_mut().actions.drain(..).find_map(|action| match action {
        Action::WriteMapping(mapping, None) => Some(mapping),
        _ => None,
    });
    let mut mapping = written.unwrap();
    assert_eq!(mapping.options.mapping.as_ref().unwrap().columns[0].role, Role::When);
    if let Some(columns) = &mut mapping.options.mapping {
        columns.columns[0].name = "dayz".to_owned();
    }
    update(&mut harness.state_mut().shell.session, &Show::Reading(Box::new(mapping.options)).into());
    settle(&mut harness);
    let error = harness.state().shell.around.look.error.clone().unwrap();
    assert!(error.contains("no column `dayz` (did you mean `day`?)"), "{error}");
    click(&mut harness, "As detected");
    assert!(harness.state().shell.around.look.error.is_none());
}

#[test]
fn what_was_read_so_is_read_so_again() {
    let mut harness = window("losses.csv", LOSSES, None);
    open_panel(&mut harness);
    take(&mut harness, "spot means", "Place");
    click(&mut harness, "Read it so");
    harness.key_press(Key::F5);
    settle(&mut harness);
    assert_eq!(schema(&harness).info(Field::PLACE).unwrap().present, 3);
    let engine = harness.state().shell.engine().unwrap();
    let find = engine.answer(&Query::Find { id: "@1".to_owned() }, &dateline::engine::Ask::plainly());
    assert!(matches!(find, Ok(Answer::Row(Some(_)))));
}

#[test]
fn the_bundled_sample_has_nothing_to_choose() {
    let mut shell = Shell::new(Arc::new(|| {}));
    shell.open_sample();
    let bench = Bench { shell, actions: Vec::new() };
    let mut harness = Harness::builder().with_size(vec2(1_200.0, 800.0)).with_context_setup(prepare).build_ui_state(frame, bench);
    settle(&mut harness);
    open_panel(&mut harness);
    harness.get_by_label("It is understood as it is");
}

/// A database with a table of events and a longer one of another kind of events.
fn database() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let script = "CREATE TABLE raids(day TEXT, spot TEXT, dead INTEGER);
                  INSERT INTO raids VALUES ('2024-01-02', 'Alpha', 3), ('2024-01-03', 'Beta', 1);
                  CREATE TABLE shipments(day TEXT, port TEXT, tonnes INTEGER);
                  INSERT INTO shipments VALUES ('2023-01-02', 'North', 30), ('2023-01-03', 'South', 10), ('2023-01-04', 'South', 12);";
    connection.execute_batch(script).unwrap();
    drop(connection);
    std::fs::read(path).unwrap()
}

#[test]
fn another_table_of_a_database_is_chosen_and_stays_chosen_when_its_columns_are() {
    let mut harness = window("all.sqlite", database(), None);
    assert_eq!(schema(&harness).records, 3);
    open_panel(&mut harness);
    assert_eq!((seen(&harness).table.clone(), seen(&harness).tables.len()), (Some("shipments".to_owned()), 2));
    take(&mut harness, "Table", "raids");
    assert_eq!(seen(&harness).header_names(), ["day", "spot", "dead"]);
    take(&mut harness, "spot means", "Place");
    assert_eq!(seen(&harness).becomes[0].place.as_deref(), Some("Alpha"));
    click(&mut harness, "Read it so");
    assert_eq!((schema(&harness).records, schema(&harness).info(Field::PLACE).unwrap().present), (2, 2));
    assert!(schema(&harness).origin.notes.contains(&("table".to_owned(), "raids".to_owned())));
}

const REGISTER: &str = "Recipient,Supplier,Year of order,,Number ordered,,Weapon designation,Weapon description,Number delivered,,\
                        Year(s) of delivery,status,Comments\n\
                        Land,Realm,2014,,12,?,T-1,Tank,12,,2015 (4); 2016 (8),New,In two lots\n\
                        Isle,Realm,2020,,3,,S-3,Ship,,,,New,Not yet\n";

#[test]
fn one_thing_changed_in_the_mapping_of_a_preset_leaves_the_rest_of_it() {
    let mut harness = window("register.csv", REGISTER, None);
    let before = (metrics(&harness), schema(&harness).origin.counter.clone(), schema(&harness).extent);
    assert_eq!((before.0.len(), before.1.as_deref()), (2, Some("SIPRI")));
    open_panel(&mut harness);
    let mapping = seen(&harness).mapping.clone();
    take(&mut harness, "Supplier means", "Left out");
    let changed = seen(&harness).mapping.clone();
    assert_eq!((&changed.measured, &changed.title, &changed.counter), (&mapping.measured, &mapping.title, &mapping.counter));
    assert_eq!(seen(&harness).preset.as_deref(), Some("sipri_register"));
    click(&mut harness, "Read it so");
    let after = (metrics(&harness), schema(&harness).origin.counter.clone(), schema(&harness).extent);
    assert_eq!(after, before);
    assert!(schema(&harness).info(Field::FROM).is_none_or(|info| info.present == 0));
}

#[test]
fn a_document_without_dates_opens_without_the_panel_which_has_nothing_to_choose() {
    let text = "<rss version=\"2.0\"><channel><title>All</title><item><title>Raid</title></item></channel></rss>";
    let mut harness = window("a.xml", text, None);
    assert!(!is_open(&harness) && schema(&harness).records == 1);
    open_panel(&mut harness);
    assert!(harness.query_by_label("It is understood as it is").is_some());
    assert_eq!(seen(&harness).becomes[0].title.as_deref(), Some("Raid"));
}

/// The window with files of a folder.
fn window_on(path: &Path) -> Harness<'static, Bench> {
    let mut shell = Shell::new(Arc::new(|| {}));
    shell.open(path);
    let bench = Bench { shell, actions: Vec::new() };
    let mut harness =
        Harness::builder().with_size(vec2(1_600.0, 1_000.0)).with_max_steps(24).with_context_setup(prepare).build_ui_state(frame, bench);
    settle(&mut harness);
    harness
}

/// A folder with a read-me, two tables alike, and one of another kind.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    put("a-readme.txt", "Losses by month.\n");
    put("feb.csv", "day,spot\n2024-02-02,Alpha\n");
    put("jan.csv", "day,spot\n2024-01-02,Alpha\n2024-01-03,Beta\n");
    put("other.csv", "when;what;spot\n2024-03-01;Raid;Gamma\n");
    folder
}

#[test]
fn of_a_folder_the_panel_shows_a_file_that_was_read_and_any_other_that_is_chosen() {
    let folder = folder();
    let mut harness = window_on(folder.path());
    open_panel(&mut harness);
    harness.get_by_label("How feb.csv is read");
    assert_eq!(seen(&harness).header_names(), ["day", "spot"]);
    harness.get_by_label("4 files, 1 left out");
    harness.get_by_label("jan.csv, CSV, 2 rows");
    harness.get_by_label_contains("a-readme.txt, passed over: no records were found");
    click(&mut harness, "other.csv, CSV, 1 row");
    assert_eq!(seen(&harness).header_names(), ["when", "what", "spot"]);
    // By keys from there, up to the one before.
    harness.key_press(Key::ArrowUp);
    settle(&mut harness);
    harness.get_by_label("How jan.csv is read");
}

#[test]
fn what_columns_mean_is_chosen_for_files_alike_and_leaves_the_others_as_they_are() {
    let folder = folder();
    let mut harness = window_on(folder.path());
    assert_eq!(schema(&harness).records, 4);
    open_panel(&mut harness);
    harness.get_by_label("What columns mean is chosen for the 1 other file with the same columns too.");
    take(&mut harness, "spot means", "Place");
    click(&mut harness, "other.csv, CSV, 1 row");
    assert_eq!(seen(&harness).becomes[0].place, None, "a file with other columns is read as it was");
    click(&mut harness, "jan.csv, CSV, 2 rows");
    assert_eq!(seen(&harness).becomes[0].place.as_deref(), Some("Alpha"));
    click(&mut harness, "Read it so");
    assert_eq!((schema(&harness).records, schema(&harness).info(Field::PLACE).unwrap().present), (4, 3));
    open_panel(&mut harness);
    assert_eq!(seen(&harness).becomes[0].place.as_deref(), Some("Alpha"), "and it stays chosen");
}

#[test]
fn a_file_that_was_left_out_is_read_once_it_is_told_how() {
    let folder = folder();
    std::fs::write(folder.path().join("tilde.txt"), "day~what\n2024-05-02~Alpha\n").unwrap();
    let mut harness = window_on(folder.path());
    assert_eq!(schema(&harness).records, 4);
    // The issue leads to the panel about that file.
    click(&mut harness, "2 issues");
    harness.get_by_label_contains("tilde.txt, The whole file").click();
    settle(&mut harness);
    click(&mut harness, "Choose how it is read…");
    harness.get_by_label("How tilde.txt is read");
    harness.get_by_label("It cannot be read so");
    take(&mut harness, "Delimiter", "Tilde ~");
    click(&mut harness, "Read it so");
    assert_eq!(schema(&harness).records, 5);
}

#[test]
fn a_mapping_saved_for_one_of_several_files_leaves_the_others_as_they_are() {
    let saved = tempfile::tempdir().unwrap();
    let mut harness = window("feb.csv", "day,spot\n2024-02-02,Alpha\n", Some(saved.path()));
    open_panel(&mut harness);
    take(&mut harness, "spot means", "Category");
    click(&mut harness, "Save mapping…");
    click(&mut harness, "Keep for files with these columns");
    drop(harness);
    let folder = folder();
    let mut shell = Shell::new(Arc::new(|| {}));
    shell.saved = Some(SavedMappings::in_folder(saved.path().to_owned()));
    shell.open(folder.path());
    let bench = Bench { shell, actions: Vec::new() };
    let mut harness = Harness::builder().with_size(vec2(1_600.0, 1_000.0)).with_context_setup(prepare).build_ui_state(frame, bench);
    settle(&mut harness);
    assert_eq!((schema(&harness).records, schema(&harness).info(Field::CATEGORY).unwrap().present), (4, 3));
    harness.get_by_label_contains("Opened with your mapping “feb”");
}

#[test]
fn a_role_is_found_by_typing_and_taken_by_enter() {
    let mut harness = window("losses.csv", LOSSES, None);
    open_panel(&mut harness);
    harness.get_by_label("spot means").focus();
    settle(&mut harness);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    harness.event(egui::Event::Text("pla".to_owned()));
    settle(&mut harness);
    assert!(harness.query_by_label("Published").is_none(), "what is not meant is not shown");
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert!(is_open(&harness), "Enter is for the list");
    assert_eq!(seen(&harness).becomes[0].place.as_deref(), Some("Alpha"));
    assert!(harness.get_by_label("spot means").is_focused(), "the keyboard goes back to where it was");
    // By arrows, from the role that it has now.
    harness.key_press(Key::Enter);
    settle(&mut harness);
    harness.key_press(Key::ArrowDown);
    settle(&mut harness);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert_eq!(seen(&harness).mapping.columns[3].role, Role::Region);
}

#[test]
fn over_the_rows_arrows_choose_a_column_and_letters_its_meaning() {
    let mut harness = window("losses.csv", LOSSES, None);
    open_panel(&mut harness);
    harness.get_by_label("Rows as they stand").focus();
    settle(&mut harness);
    for _ in 0..4 {
        harness.key_press(Key::ArrowRight);
        settle(&mut harness);
    }
    // A frame for each letter: none is lost before the field has the keyboard.
    for letter in ["p", "l", "a", "c", "e"] {
        harness.event(egui::Event::Text(letter.to_owned()));
        harness.step();
    }
    settle(&mut harness);
    assert_eq!(shown(&harness, "Find a meaning"), "place");
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert_eq!(seen(&harness).mapping.columns[3].role, Role::Place);
    assert!(is_open(&harness) && harness.get_by_label("Rows as they stand").is_focused());
    harness.key_press(Key::ArrowLeft);
    settle(&mut harness);
    harness.event(egui::Event::Text("left".to_owned()));
    settle(&mut harness);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert!(!is_open(&harness), "Enter over the rows reads it so");
    assert!(schema(&harness).field("hurt").is_none());
    assert_eq!(schema(&harness).info(Field::PLACE).unwrap().present, 3);
}

#[test]
fn lists_go_to_what_is_typed() {
    let mut harness = window("losses.csv", LOSSES, None);
    open_panel(&mut harness);
    harness.get_by_label("Encoding").focus();
    settle(&mut harness);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    harness.event(egui::Event::Text("ko".to_owned()));
    settle(&mut harness);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert_eq!(seen(&harness).encoding, "koi8-r");
    harness.key_press(Key::Enter);
    settle(&mut harness);
    harness.key_press(Key::Escape);
    settle(&mut harness);
    assert!(is_open(&harness), "Escape leaves the list first");
    assert_eq!(seen(&harness).encoding, "koi8-r");
}

#[test]
fn another_way_of_reading_is_taken_back_and_done_again() {
    let mut harness = window("slashes.csv", SLASHES, None);
    let first = |harness: &Harness<'_, Bench>| schema(harness).extent.map(|extent| dateline::time::format_iso_day(extent.start));
    update(&mut harness.state_mut().shell.session, &dateline::session::Edit::Title("A title".to_owned()).into());
    click(&mut harness, "Read month first");
    assert_eq!(first(&harness).as_deref(), Some("2015-01-02"));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(first(&harness).as_deref(), Some("2015-02-01"));
    let session = &harness.state().shell.session;
    assert_eq!((session.document.title.as_str(), &session.read_with), ("A title", &Options::default()));
    harness.get_by_label("Read month first");
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    settle(&mut harness);
    assert_eq!(first(&harness).as_deref(), Some("2015-01-02"));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(harness.state().shell.session.document.title, "", "edits before it are taken back too");
}

/// What is shown by a choice of the panel.
fn shown(harness: &Harness<'_, Bench>, name: &str) -> String {
    harness.get_by_label(name).value().unwrap_or_default()
}

#[test]
fn one_choice_is_marked_as_chosen_and_no_other() {
    let text = "date,title,killed\n01/02/2015,One,1\n05/06/2015,Two,2\n";
    let mut harness = window("slashes.csv", text, None);
    open_panel(&mut harness);
    take(&mut harness, "Decimals", "Comma, 1.234,5");
    let look = &harness.state().shell.around.look;
    let (detected, seen) = (look.detected.clone().unwrap(), seen(&harness));
    let chosen: Vec<bool> = detected
        .columns
        .iter()
        .zip(&seen.mapping.columns)
        .map(|(one, other)| (one.dates, one.is_order_known) != (other.dates, other.is_order_known))
        .collect();
    assert_eq!(chosen, [false, false, false]);
    harness.get_by_label("Decimals, chosen");
    assert!(harness.query_by_label("Dates, chosen").is_none());
    harness.get_by_label("Dates");
    assert_eq!(harness.query_all_by_label("Read month first").count(), 2, "it is still assumed, in the panel as in the strip behind it");
}

#[test]
fn dates_in_the_iso_form_have_no_order_to_choose() {
    let mut harness = window("losses.csv", LOSSES, None);
    open_panel(&mut harness);
    assert!(harness.query_by_label("Dates").is_none(), "there is no choice of an order");
    click(&mut harness, "Column day");
    assert_eq!(shown(&harness, "Dates are written as"), "Year first (ISO)");
    click(&mut harness, "Dates are written as");
    assert!(harness.query_by_label("Text, month first").is_none());
    harness.get_by_label("Eight digits");
}

#[test]
fn a_long_file_is_seen_and_read_otherwise_while_it_is_being_read() {
    let row = |row: usize| format!("0{}/0{}/2015,Event {row}\n", row % 9 + 1, row / 9 % 9 + 1);
    let text = "day,title\n".to_owned() + &(0..400_000).map(row).collect::<String>();
    let mut shell = Shell::new(Arc::new(|| {}));
    shell.open_bytes("first.csv", LOSSES.as_bytes());
    let bench = Bench { shell, actions: Vec::new() };
    let mut harness = Harness::builder().with_size(vec2(1_600.0, 1_000.0)).with_context_setup(prepare).build_ui_state(frame, bench);
    settle(&mut harness);
    harness.state_mut().shell.open_bytes("long.csv", text.as_bytes());
    let begun = Instant::now();
    while schema(&harness).origin.path != "long.csv" {
        assert!(begun.elapsed() < Duration::from_mins(1), "nothing of it is shown");
        harness.step();
    }
    harness.key_press_modifiers(Modifiers::COMMAND, Key::I);
    while harness.state().shell.around.look.seen.is_none() {
        assert!(begun.elapsed() < Duration::from_mins(1), "no look: {:?}", harness.state().shell.around.look.error);
        harness.step();
    }
    assert_eq!(seen(&harness).header_names(), ["day", "title"]);
    take(&mut harness, "Dates", "Month first");
    click(&mut harness, "Read it so");
    assert_eq!((schema(&harness).records, schema(&harness).origin.assumptions.len()), (400_000, 0));
    assert_eq!(harness.state().shell.session.read_with.mapping.as_ref().map(|mapping| mapping.columns.len()), Some(2));
}
