//! The window by its labels, without a display: what people do with it, clicked and typed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dateline::app::{Shell, prepare};
use dateline::session::{Action, Navigate, update};
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

fn settle(harness: &mut Harness<'_, Bench>) {
    for _ in 0..6 {
        harness.step();
    }
}

/// Selects the record of an id.
fn select(harness: &mut Harness<'_, Bench>, id: &str) {
    let row = harness.state().shell.engine().and_then(|engine| {
        let query = dateline::query::Query::Find { id: id.to_owned() };
        match engine.answer(&query, &dateline::engine::Ask::plainly()) {
            Ok(dateline::query::Answer::Row(row)) => row,
            _ => None,
        }
    });
    update(&mut harness.state_mut().shell.session, &Navigate::Select(row.into_iter().collect()).into());
    settle(harness);
    assert!(row.is_some(), "there is no record {id}");
}

/// The window on the bundled sample.
fn window() -> Harness<'static, Bench> {
    window_with(Shell::open_sample)
}

/// The window on files.
fn window_on(paths: Vec<std::path::PathBuf>) -> Harness<'static, Bench> {
    window_with(|shell| shell.open_all(paths, dateline::ingest::Beside::Guess))
}

/// The window, once what is opened in it is there.
fn window_with(open: impl FnOnce(&mut Shell)) -> Harness<'static, Bench> {
    let mut shell = Shell::new(Arc::new(|| {}));
    open(&mut shell);
    let start = Instant::now();
    while shell.around.file != FileState::Ready || shell.session.schema.is_none() {
        assert!(start.elapsed() < Duration::from_mins(1), "it did not open: {:?}", shell.around.file);
        shell.receive();
        std::thread::sleep(Duration::from_millis(5));
    }
    let bench = Bench { shell, actions: Vec::new() };
    let mut harness =
        Harness::builder().with_size(vec2(1_600.0, 1_000.0)).with_max_steps(24).with_context_setup(prepare).build_ui_state(frame, bench);
    settle(&mut harness);
    harness
}

/// Steps until something is there.
fn wait_for(harness: &mut Harness<'_, Bench>, label: &str) {
    let start = Instant::now();
    while harness.query_by_label_contains(label).is_none() {
        assert!(start.elapsed() < Duration::from_secs(30), "{label} did not come");
        std::thread::sleep(Duration::from_millis(5));
        harness.step();
    }
}

#[test]
fn the_lines_of_the_file_around_an_issue_are_shown_also_when_it_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flawed.csv");
    std::fs::write(&path, "id,date,event\n1,2024-01-01,first\n2,2024-02-30,second\n3,2024-01-03,third\n").unwrap();
    let mut harness = window_on(vec![path.clone()]);
    harness.get_by_label("1 issue").click();
    wait_for(&mut harness, "In the file: 2,2024-02-30,second");
    std::fs::write(&path, "id,date,event\n1,2024-01-01,first\n2,2024-02-28,mended\n").unwrap();
    harness.state_mut().shell.around.excerpt = None;
    wait_for(&mut harness, "In the file: 2,2024-02-28,mended");
    harness.get_by_label_contains("The file has changed since it was read");
    harness.get_by_label("Show record").click();
    settle(&mut harness);
    assert_eq!(harness.state().shell.session.place.selection.len(), 1);
}

#[test]
fn a_newer_release_is_summed_up_in_the_strip_and_told_in_the_inspector() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, rows: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("id,date,event,killed\n{rows}")).unwrap();
        path
    };
    let old = put("v1.csv", "1,2024-01-01,a,3\n2,2024-01-02,b,4\n3,2024-01-03,c,5\n");
    let new = put("v2.csv", "2,2024-01-02,b,4\n3,2024-01-03,c,7\n4,2024-01-04,d,1\n");
    let mut harness = window_on(vec![old.clone(), new.clone()]);
    harness.get_by_label("v2.csv is a newer release of v1.csv: 1 added, 1 changed, 1 removed, 1 the same.");
    select(&mut harness, "3");
    harness.get_by_label("value: 5 \u{2192} 7");
    select(&mut harness, "1");
    harness.get_by_label("No longer in v2.csv: it enters no sum.");
    harness.get_by_label("Keep them apart").click();
    let start = Instant::now();
    while harness.state().shell.session.schema.as_ref().unwrap().records != 6 {
        assert!(start.elapsed() < Duration::from_secs(30), "they are still compared");
        std::thread::sleep(Duration::from_millis(5));
        harness.step();
    }
    wait_for(&mut harness, "The files are kept apart");
    harness.get_by_label("Compare them").click();
    wait_for(&mut harness, "v2.csv is a newer release of v1.csv: 1 added, 1 changed, 1 removed, 1 the same.");
}

#[test]
fn releases_in_a_folder_are_kept_apart_and_compared_again_as_they_were_read() {
    let folder = tempfile::tempdir().unwrap();
    for (name, rows) in [("v1.csv", "1,2024-01-01,a\n2,2024-01-02,b\n"), ("v2.csv", "2,2024-01-02,b\n3,2024-01-03,c\n")] {
        std::fs::write(folder.path().join(name), format!("id,date,event\n{rows}")).unwrap();
    }
    let mut harness = window_on(vec![folder.path().to_owned()]);
    let chosen = dateline::ingest::Options { delimiter: Some(b','), ..Default::default() };
    harness.state_mut().shell.read_with(chosen);
    wait_for(&mut harness, "Read it as before");
    harness.get_by_label("Keep them apart").click();
    wait_for(&mut harness, "The files are kept apart");
    assert_eq!(harness.state().shell.session.read_with.delimiter, Some(b','), "what was chosen holds");
    harness.get_by_label("Compare them").click();
    wait_for(&mut harness, "v2.csv is a newer release of v1.csv: 1 added, 0 changed, 1 removed, 1 the same.");
}

#[test]
fn a_newer_release_is_chosen_by_a_typed_path() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, rows: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("id,date,event\n{rows}")).unwrap();
        path
    };
    let (old, new) = (put("v1.csv", "1,2024-01-01,a\n2,2024-01-02,b\n"), put("v2.csv", "2,2024-01-02,b\n3,2024-01-03,c\n"));
    let mut harness = window_on(vec![old]);
    let compare = dateline::session::Dialog::Compare;
    update(&mut harness.state_mut().shell.session, &dateline::session::Show::Dialog(Some(compare)).into());
    settle(&mut harness);
    harness.event(egui::Event::Text(new.display().to_string()));
    settle(&mut harness);
    harness.key_press(Key::Enter);
    wait_for(&mut harness, "v2.csv is a newer release of v1.csv: 1 added, 0 changed, 1 removed, 1 the same.");
}

#[test]
fn rejected_rows_are_saved_to_a_path_that_is_offered_beside_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.b.jsonl");
    std::fs::write(&path, "{\"date\": \"2024-01-01\", \"event\": \"a\"}\n{\"date\": \"2024-01-02\", event}\n").unwrap();
    let mut harness = window_on(vec![path]);
    harness.get_by_label("1 issue").click();
    settle(&mut harness);
    harness.get_by_label("Save rejected rows…").click();
    settle(&mut harness);
    harness.get_by_label("Save").click();
    settle(&mut harness);
    assert_eq!(harness.state().actions.last(), Some(&Action::SaveRejectedTo(folder.path().join("a.b.rejected.csv"))));
    assert!(harness.state().shell.session.panels.dialog.is_none());
}

#[test]
fn a_file_without_dates_has_no_axis_and_its_records_are_in_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plain.csv");
    std::fs::write(&path, "name,weight\nalpha,3\n").unwrap();
    let mut harness = window_on(vec![path]);
    harness.key_press(Key::Escape);
    settle(&mut harness);
    harness.get_by_label("No record has a date");
    harness.get_by_label("1 record is in the table.");
    assert!(harness.query_by_label_contains("Timeline,").is_none(), "there is no axis");
    harness.get_by_label("Show the table").click();
    settle(&mut harness);
    harness.get_by_label_contains("alpha");
    harness.get_by_label("Choose the dates…").click();
    settle(&mut harness);
    assert_eq!(harness.state().shell.session.panels.dialog, Some(dateline::session::Dialog::Reading));
}

#[test]
fn issues_are_gone_through_by_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flawed.csv");
    std::fs::write(&path, "id,date,event\n1,2024-02-30,a\n1,2024-02-31,b\n2,2024-01-03,c\n3,2024-01-04,d\n4,2024-01-05,e\n").unwrap();
    let mut harness = window_on(vec![path]);
    harness.get_by_label_contains(" issues").click();
    wait_for(&mut harness, "Line 2, date, 2024-02-30");
    harness.key_press(Key::ArrowDown);
    settle(&mut harness);
    harness.get_by_label("Line 3, date");
    harness.key_press(Key::ArrowRight);
    settle(&mut harness);
    assert!(harness.query_by_label("Line 3, date").is_none(), "another kind is shown");
    harness.key_press(Key::ArrowLeft);
    settle(&mut harness);
    harness.get_by_label("Line 2, date");
    harness.event(egui::Event::Text("/".to_owned()));
    settle(&mut harness);
    assert!(harness.get_by_label("Find in the issues").is_focused());
    harness.event(egui::Event::Text("31".to_owned()));
    settle(&mut harness);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    harness.get_by_label("Line 3, date");
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert_eq!(harness.state().shell.session.place.selection.len(), 1, "Enter shows the record");
}

#[test]
fn a_file_with_the_columns_of_the_one_before_is_offered_as_its_release() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, rows: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("id,date,event\n{rows}")).unwrap();
        path
    };
    let (old, new) = (put("v1.csv", "1,2024-01-01,a\n2,2024-01-02,b\n"), put("v2.csv", "2,2024-01-02,b\n3,2024-01-03,c\n"));
    let mut harness = window_on(vec![old]);
    harness.state_mut().shell.open(&new);
    wait_for(&mut harness, "v2.csv has the columns of v1.csv, which was open before. Is it a newer release?");
    harness.get_by_label("Compare them").click();
    wait_for(&mut harness, "v2.csv is a newer release of v1.csv: 1 added, 0 changed, 1 removed, 1 the same.");
}

#[test]
fn the_sample_opens_with_lanes_boards_and_counts() {
    let harness = window();
    let session = &harness.state().shell.session;
    assert_eq!(session.schema.as_ref().unwrap().records, 348);
    assert_eq!(session.document.boards.len(), 2);
    harness.get_by_label("No issues");
    harness.get_by_label_contains("Lanes by Category");
}

#[test]
fn a_query_is_typed_and_taken_back() {
    let mut harness = window();
    harness.key_press(Key::Slash);
    harness.event(egui::Event::Text("/".to_owned()));
    settle(&mut harness);
    harness.get_by_label("Search").type_text("metric:killed");
    settle(&mut harness);
    let text = harness.state().shell.session.search.text.clone();
    assert_eq!(text, "metric:killed", "{:?}", harness.state().shell.session.search.error);
    assert!(harness.state().shell.session.can_undo());
    harness.get_by_label("Clear the filter").click();
    settle(&mut harness);
    assert_eq!(harness.state().shell.session.search.text, "");
}

#[test]
fn a_broken_query_says_why_and_leaves_the_filter_alone() {
    let mut harness = window();
    harness.get_by_label("Search").focus();
    settle(&mut harness);
    harness.get_by_label("Search").type_text("metrc:killed");
    settle(&mut harness);
    let session = &harness.state().shell.session;
    let error = session.search.error.clone().expect("an unknown field is an error");
    assert!(error.near.iter().any(|near| near == "metric"), "{error:?}");
    assert_eq!(session.document.filter, dateline::query::Filter::All);
}

#[test]
fn the_palette_runs_what_is_typed() {
    let mut harness = window();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    settle(&mut harness);
    harness.event(egui::Event::Text("lanes by status".to_owned()));
    settle(&mut harness);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    let session = &harness.state().shell.session;
    assert!(session.panels.dialog.is_none());
    assert_eq!(session.document.lane, Some(dateline::data::Field::STATUS));
}

#[test]
fn the_palette_opens_empty() {
    let mut harness = window();
    for key in [Key::Escape, Key::Enter] {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
        settle(&mut harness);
        harness.event(egui::Event::Text("lanes by status".to_owned()));
        settle(&mut harness);
        harness.key_press(key);
        settle(&mut harness);
    }
    assert_eq!(harness.state().shell.session.document.lane, Some(dateline::data::Field::STATUS));
}

#[test]
fn keys_zoom_pan_and_fit() {
    let mut harness = window();
    let width = |harness: &Harness<'_, Bench>| harness.state().shell.session.place.window.width_us().unwrap();
    let before = width(&harness);
    harness.key_press(Key::W);
    settle(&mut harness);
    assert!(width(&harness) < before);
    let start = harness.state().shell.session.place.window.start;
    harness.key_press(Key::D);
    settle(&mut harness);
    assert!(harness.state().shell.session.place.window.start > start);
    harness.key_press(Key::F);
    settle(&mut harness);
    assert!(width(&harness) > before);
}

#[test]
fn the_next_record_in_the_lane_is_a_key_away() {
    let mut harness = window();
    update(&mut harness.state_mut().shell.session, &Navigate::Select(vec![10]).into());
    settle(&mut harness);
    harness.key_press(Key::Period);
    harness.event(egui::Event::Text(".".to_owned()));
    settle(&mut harness);
    let next = harness.state().shell.session.place.selection.clone();
    assert_ne!(next, vec![10]);
    harness.event(egui::Event::Text(",".to_owned()));
    settle(&mut harness);
    assert_eq!(harness.state().shell.session.place.selection, vec![10]);
}

#[test]
fn a_link_is_shown_in_full_before_it_is_opened() {
    let mut harness = window();
    let address = "https://example.org/a/long/path?with=query";
    let link = dateline::session::Dialog::Link(address.to_owned());
    update(&mut harness.state_mut().shell.session, &dateline::session::Show::Dialog(Some(link)).into());
    settle(&mut harness);
    assert!(harness.state().actions.is_empty());
    harness.get_by_label_contains("/a/long/path?with=query");
    harness.get_by_label("Open in browser").click();
    settle(&mut harness);
    assert_eq!(harness.state().actions, vec![Action::OpenLink(address.to_owned())]);
}

#[test]
fn escape_leaves_one_thing_at_a_time() {
    let mut harness = window();
    harness.event(egui::Event::Text("?".to_owned()));
    settle(&mut harness);
    assert_eq!(harness.state().shell.session.panels.dialog, Some(dateline::session::Dialog::Keys));
    harness.key_press(Key::Escape);
    settle(&mut harness);
    assert_eq!(harness.state().shell.session.panels.dialog, None);
}

#[test]
fn keys_do_nothing_behind_a_dialog_and_a_reopened_one_takes_them() {
    let mut harness = window();
    let before = harness.state().shell.session.place.window;
    for _ in 0..2 {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
        settle(&mut harness);
        harness.key_press(Key::W);
        harness.event(egui::Event::Text("w".to_owned()));
        settle(&mut harness);
        assert_eq!(harness.state().shell.session.place.window, before);
        harness.key_press(Key::Escape);
        settle(&mut harness);
    }
    assert_eq!(harness.state().shell.session.document.title, "ww");
}

#[test]
fn without_a_selection_the_first_record_in_view_is_next() {
    let mut harness = window();
    harness.event(egui::Event::Text(".".to_owned()));
    settle(&mut harness);
    let first = harness.state().shell.session.place.selection.clone();
    assert_eq!(first.len(), 1);
    let span = harness.state().shell.session.selected_span.expect("the record is shown");
    let window = harness.state().shell.session.place.window;
    assert!(span.overlaps(window), "{span:?} {window:?}");
    update(&mut harness.state_mut().shell.session, &Navigate::Deselect.into());
    settle(&mut harness);
    harness.event(egui::Event::Text(",".to_owned()));
    settle(&mut harness);
    let last = harness.state().shell.session.selected_span.expect("the record is shown");
    assert!(last.start > span.start && last.overlaps(window), "{last:?}");
}

#[test]
fn enter_in_the_path_of_the_export_dialog_exports() {
    let mut harness = window();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    settle(&mut harness);
    harness.get_by_label("Path").focus();
    settle(&mut harness);
    harness.get_by_label("Path").type_text("/tmp/nowhere/board.png");
    settle(&mut harness);
    assert!(harness.state().actions.is_empty());
    harness.key_press(Key::Enter);
    settle(&mut harness);
    let [Action::ExportTo(_, path)] = harness.state().actions.as_slice() else { panic!("{:?}", harness.state().actions) };
    assert_eq!(path, std::path::Path::new("/tmp/nowhere/board.png"));
    assert_eq!(harness.state().shell.session.panels.dialog, None);
}

#[test]
fn a_picture_gets_the_ending_of_its_form_and_replaces_a_file_only_when_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("out.svg"), "kept").unwrap();
    let mut harness = window();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    settle(&mut harness);
    harness.get_by_label("Path").focus();
    settle(&mut harness);
    harness.get_by_label("Path").type_text(&folder.path().join("out.png").display().to_string());
    settle(&mut harness);
    harness.get_by_label("Written as out.png");
    let place = harness.get_by_label("Path").rect();
    harness.get_by_label("SVG").click();
    settle(&mut harness);
    assert_eq!(harness.get_by_label("Path").rect(), place, "nothing moves when another form is chosen");
    harness.get_by_label("Written as out.svg");
    // The top bar has a button of this name as well.
    let export = |harness: &Harness<'_, Bench>| harness.get_all_by_label("Export").last().expect("a button").click();
    export(&harness);
    settle(&mut harness);
    assert!(harness.state().actions.is_empty(), "{:?}", harness.state().actions);
    harness.get_by_label("out.svg is there already.");
    harness.get_by_label("Another name").click();
    settle(&mut harness);
    harness.get_by_label("Written as out-2.svg");
    export(&harness);
    settle(&mut harness);
    let [Action::ExportTo(format, path)] = harness.state().actions.as_slice() else { panic!("{:?}", harness.state().actions) };
    assert!(format.is_svg);
    assert_eq!(path, &folder.path().join("out-2.svg"));
}

#[test]
fn the_keyboard_starts_at_the_left_end_of_the_top_bar() {
    let mut harness = window();
    harness.key_press(Key::Tab);
    settle(&mut harness);
    let file = harness.get_by_label_contains("dprk_russia_facts");
    assert!(file.is_focused(), "the file’s menu comes first");
}

#[test]
fn a_click_beside_the_palette_closes_it_and_means_nothing_else() {
    let mut harness = window();
    update(&mut harness.state_mut().shell.session, &Navigate::Select(vec![10]).into());
    settle(&mut harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    settle(&mut harness);
    let beside = egui::pos2(500.0, 700.0);
    harness.hover_at(beside);
    harness.drag_at(beside);
    harness.drop_at(beside);
    settle(&mut harness);
    assert_eq!(harness.state().shell.session.panels.dialog, None);
    assert_eq!(harness.state().shell.session.place.selection, vec![10], "what lies behind was not clicked");
}

#[test]
fn the_next_record_comes_into_view() {
    let mut harness = window();
    let far = dateline::time::Span::new(dateline::time::Time(0), dateline::time::Time(86_400_000_000));
    update(&mut harness.state_mut().shell.session, &Navigate::Select(vec![10]).into());
    settle(&mut harness);
    update(&mut harness.state_mut().shell.session, &Navigate::Window(far).into());
    settle(&mut harness);
    harness.event(egui::Event::Text(".".to_owned()));
    settle(&mut harness);
    let session = &harness.state().shell.session;
    assert!(session.selected_span.is_some_and(|span| span.overlaps(session.place.window)), "{:?}", session.place.window);
}

#[test]
fn escape_lets_the_brush_go_before_it_ends_the_reading() {
    let mut shell = Shell::new(Arc::new(|| {}));
    shell.open_sample();
    let day = dateline::time::Span::new(dateline::time::Time(0), dateline::time::Time(86_400_000_000));
    update(&mut shell.session, &Navigate::Brush(Some(day)).into());
    // Nothing is received: the file is being read all the time.
    let frame = |ui: &mut egui::Ui, bench: &mut Bench| bench.actions.extend(bench.shell.frame_with_answers(ui));
    let bench = Bench { shell, actions: Vec::new() };
    let mut harness = Harness::builder().with_size(vec2(900.0, 600.0)).with_context_setup(prepare).build_ui_state(frame, bench);
    settle(&mut harness);
    harness.key_press(Key::Escape);
    settle(&mut harness);
    let shell = &harness.state().shell;
    assert!(shell.session.place.brush.is_none() && matches!(shell.around.file, FileState::Loading(_)), "{:?}", shell.around.file);
    harness.key_press(Key::Escape);
    settle(&mut harness);
    let file = &harness.state().shell.around.file;
    assert!(!matches!(file, FileState::Loading(_)), "{file:?}");
}
