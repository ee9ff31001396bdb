//! What a person does with the boards, through names and gestures: a session, an engine and the view in one loop.

use std::sync::Arc;

use eframe::egui::{Event, Modifiers, MouseWheelUnit, TouchPhase, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::boards_ui;
use crate::data::{Field, Qualifier};
use crate::engine::naive::Naive;
use crate::engine::{Ask, Engine as _};
use crate::layout::{LANE_GUTTER, PLOT_RIGHT, TimeScale};
use crate::query::{Answer, DateKind, Query};
use crate::session::{Answers, Board, BoardKind, ChartMode, Command, Edit, Navigate, Session, ValueScale, update};
use crate::testing::{World, claim, event, span, time};
use crate::time::{Span, Step};
use crate::view::testing::Desk;
use crate::view::{fonts, theme};

const SIZE: Vec2 = Vec2 { x: 1_000.0, y: 340.0 };

impl Desk {
    fn board(&self, index: usize) -> &Board {
        &self.session.document.boards[index]
    }
}

fn world() -> World {
    let total = |id: &str, metric: &str, day: &str, value: f64, who: &str| {
        claim(id).when(day).total(day).counts(metric, value).said_by(&[who]).from("DPRK").to("Russia")
    };
    World::new()
        .source("nis", "National Intelligence Service", Some("NIS"), Some("KR"))
        .with(&total("k1", "killed", "2025-03-01", 300.0, "nis").qualified(Qualifier::About))
        .with(&total("k2", "killed", "2025-07-01", 600.0, "nis"))
        .with(&total("k3", "killed", "2025-05-01", 4_000.0, "Zelenskyy").qualified(Qualifier::AtLeast))
        .with(&total("w1", "wounded", "2023-07-01", 900.0, "nis"))
        .with(&total("c1", "containers", "2025-04-01", 13_000.0, "nis"))
        .with(&event("i1").when("2025-06-10").counts("killed", 40.0).increment().said_by(&["nis"]))
        .with(&event("i2").when("2025-06-20").counts("killed", 2.0).increment().said_by(&["nis"]))
}

/// The year 2025 fills the plot.
fn desk() -> Harness<'static, Desk> {
    let engine = Naive::new(world().build());
    let Ok(Answer::Schema(schema)) = engine.answer(&Query::Schema, &Ask::plainly()) else { panic!("no schema") };
    let mut session = Session::default();
    session.receive_schema(Arc::new(*schema), true);
    let casualties = Board {
        kind: BoardKind::Casualties,
        is_open: true,
        metrics: vec!["killed".to_owned(), "wounded".to_owned()],
        mode: ChartMode::Totals,
        scale: ValueScale::Log,
        by: None,
        date: DateKind::AsOf,
        group: None,
        is_spread: true,
        counters: Vec::new(),
        actors: Vec::new(),
    };
    let shipments =
        Board { kind: BoardKind::Shipments, metrics: vec!["containers".to_owned()], scale: ValueScale::Linear, ..casualties.clone() };
    session.document.boards = vec![casualties, shipments];
    update(&mut session, &Navigate::Window(span("2025")).into());
    let mut harness = Harness::builder()
        .with_size(SIZE)
        .with_context_setup(|context| {
            fonts::install(context);
            theme::apply(context);
        })
        .build_ui_state(
            |ui, desk: &mut Desk| desk.frame(ui),
            Desk { engine, session, answers: Answers::default(), sent: Vec::new(), draw: boards_ui, given: Vec::new() },
        );
    harness.run();
    harness.state_mut().sent.clear();
    harness
}

fn row(desk: &Harness<'_, Desk>, id: &str) -> u32 {
    match desk.state().engine.answer(&Query::Find { id: id.to_owned() }, &Ask::plainly()) {
        Ok(Answer::Row(Some(row))) => row,
        other => panic!("{id}: {other:?}"),
    }
}

/// Where the plots stand: the harness keeps a margin around what it shows.
fn scale() -> TimeScale {
    const MARGIN: f32 = 8.0;
    TimeScale::new(span("2025"), MARGIN + LANE_GUTTER, SIZE.x - 2.0 * MARGIN - LANE_GUTTER - PLOT_RIGHT)
}

fn edit(desk: &mut Harness<'_, Desk>, board: Board) {
    update(&mut desk.state_mut().session, &Edit::Board(0, board).into());
    desk.run();
}

const KILLED: &str = "National Intelligence Service, ~300 killed, 1 Mar 2025";

#[test]
fn the_boards_tell_their_strips_and_readings() {
    let desk = desk();
    desk.get_by_label("Reported totals, Killed, 3 claims, 2 originators, not drawn: 2 increments not shown");
    desk.get_by_label("Zelenskyy, ≥ 4,000 killed, 1 May 2025");
    desk.get_by_label("Fold Casualties");
}

#[test]
fn a_reading_stands_where_the_timeline_has_its_date() {
    let desk = desk();
    let at = desk.get_by_label(KILLED).rect().center();
    assert!((at.x - scale().x_from_time(time("2025-03-01"))).abs() < 0.6, "{at:?}");
}

#[test]
fn a_click_selects_a_reading_and_a_double_click_goes_closer() {
    let mut desk = desk();
    desk.get_by_label(KILLED).click();
    desk.run();
    assert_eq!(desk.state().session.place.selection, vec![row(&desk, "k1")]);
    desk.get_by_label("Zelenskyy, ≥ 4,000 killed, 1 May 2025").click_modifiers(Modifiers::SHIFT);
    desk.run();
    assert_eq!(desk.state().session.place.selection, vec![row(&desk, "k1"), row(&desk, "k3")]);
}

#[test]
fn the_pointer_tells_the_moment_and_the_record_and_forgets_them_when_it_leaves() {
    let mut desk = desk();
    let at = desk.get_by_label(KILLED).rect().center();
    desk.hover_at(at);
    desk.run();
    assert_eq!(desk.state().session.hover_row, Some(row(&desk, "k1")));
    let hover = desk.state().session.hover.unwrap();
    assert!((hover.0 - time("2025-03-01").0).abs() < 86_400_000_000 * 2);
    desk.hover_at(pos2(500.0, 900.0));
    desk.run();
    assert_eq!((desk.state().session.hover, desk.state().session.hover_row), (None, None));
}

#[test]
fn the_wheel_zooms_about_the_pointer_and_dragging_pans() {
    let mut desk = desk();
    let at = pos2(scale().x_from_time(time("2025-04-01")), 60.0);
    desk.hover_at(at);
    desk.run();
    let source = eframe::egui::MouseWheelSource::Wheel;
    let wheel =
        |delta| Event::MouseWheel { unit: MouseWheelUnit::Point, delta, phase: TouchPhase::Move, source, modifiers: Modifiers::NONE };
    desk.event(wheel(vec2(0.0, 120.0)));
    for _ in 0..20 {
        desk.step();
    }
    let window = desk.state().session.place.window;
    assert!(window.width_us() < span("2025").width_us(), "{window:?}");
    let under = TimeScale { window, ..scale() }.time_from_x(at.x);
    assert!((under.0 - time("2025-04-01").0).abs() < 86_400_000_000, "{under:?}");
    desk.drag_at(at);
    desk.run();
    desk.hover_at(at + vec2(100.0, 0.0));
    desk.run();
    desk.drop_at(at + vec2(100.0, 0.0));
    desk.run();
    assert!(desk.state().session.place.window.start < window.start);
}

#[test]
fn a_metric_without_totals_in_view_says_so_and_leads_to_them() {
    let mut desk = desk();
    desk.get_by_label("‹ 1 earlier").click();
    desk.run();
    assert!(desk.state().session.place.window.contains(time("2023-07-01")));
}

#[test]
fn a_menu_changes_the_board_and_undo_takes_it_back() {
    let mut desk = desk();
    desk.get_by_label("Casualties: Log").click();
    desk.run();
    desk.get_by_label("Linear: equal steps").click();
    desk.run();
    assert_eq!(desk.state().board(0).scale, ValueScale::Linear);
    update(&mut desk.state_mut().session, &Command::Undo);
    assert_eq!(desk.state().board(0).scale, ValueScale::Log);
}

#[test]
fn originators_are_chosen_by_name() {
    let mut desk = desk();
    desk.get_by_label("Casualties: All originators").click();
    desk.run();
    desk.get_by_label("Zelenskyy").click();
    desk.run();
    assert_eq!(desk.state().board(0).counters, vec!["Zelenskyy".to_owned()]);
    assert!(desk.query_by_label(KILLED).is_none());
}

#[test]
fn strips_are_chosen_and_put_in_order() {
    let mut desk = desk();
    desk.get_by_label("Casualties: Metrics 2").click();
    desk.run();
    desk.get_by_label("Containers").click();
    desk.run();
    assert_eq!(desk.state().board(0).metrics, vec!["killed", "wounded", "containers"]);
    let place = desk.get_by_label("Wounded").rect().center();
    desk.hover_at(place);
    desk.run();
    desk.get_by_label("Further up").click();
    desk.run();
    assert_eq!(desk.state().board(0).metrics, vec!["wounded", "killed", "containers"]);
}

#[test]
fn folding_leaves_the_head() {
    let mut desk = desk();
    desk.get_by_label("Fold Casualties").click();
    desk.run();
    assert!(!desk.state().board(0).is_open);
    desk.get_by_label("Unfold Casualties");
    assert!(desk.query_by_label(KILLED).is_none());
}

#[test]
fn per_period_sums_increments_and_a_click_on_a_bar_brushes_its_bucket() {
    let mut desk = desk();
    let board = desk.state().board(0).clone();
    edit(&mut desk, Board { mode: ChartMode::PerPeriod, by: Some(Step::Month), date: DateKind::Event, scale: ValueScale::Linear, ..board });
    let bar = desk.get_by_label("Jun 2025, 42, 2 records").rect();
    assert!((bar.left() - scale().x_from_time(time("2025-06-01"))).abs() < 2.0, "{bar:?}");
    desk.hover_at(bar.center());
    desk.run();
    desk.drag_at(bar.center());
    desk.drop_at(bar.center());
    desk.run();
    assert_eq!(desk.state().session.place.brush, Some(Span::new(time("2025-06-01"), time("2025-07-01"))));
}

#[test]
fn cumulative_runs_to_the_last_record() {
    let mut desk = desk();
    let board = desk.state().board(0).clone();
    edit(&mut desk, Board { mode: ChartMode::Cumulative, by: Some(Step::Day), date: DateKind::Event, scale: ValueScale::Linear, ..board });
    desk.get_by_label("Killed, up to here 42");
}

#[test]
fn a_group_field_of_one_counter_is_stacked_and_named() {
    let mut desk = desk();
    let board = desk.state().board(0).clone();
    let board = Board { mode: ChartMode::PerPeriod, by: Some(Step::Month), date: DateKind::Event, group: Some(Field::KIND), ..board };
    edit(&mut desk, Board { scale: ValueScale::Linear, ..board });
    desk.get_by_label("Jun 2025, Event 42, 2 records");
}

#[test]
fn labels_go_along_while_time_moves_and_find_their_best_places_once_it_rests() {
    let texts = |desk: &Harness<'_, Desk>| -> Vec<(String, eframe::egui::Pos2)> {
        fn collect(shape: &eframe::egui::Shape, found: &mut Vec<(String, eframe::egui::Pos2)>) {
            match shape {
                eframe::egui::Shape::Text(text) => found.push((text.galley.text().to_owned(), text.pos)),
                eframe::egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        desk.output().shapes.iter().for_each(|shape| collect(&shape.shape, &mut found));
        found.retain(|(text, _)| text.starts_with("NIS") || text.starts_with("Zelenskyy"));
        found
    };
    let mut moving = desk();
    let before = texts(&moving);
    let start = moving.state().session.place.window;
    let day_us = crate::time::DAY_US;
    for step in 1..=3 {
        let window = Span::new(start.start.plus_us(step * 5 * day_us), start.end.plus_us(step * 5 * day_us));
        update(&mut moving.state_mut().session, &Navigate::Window(window).into());
        moving.step();
        let now = texts(&moving);
        assert_eq!(now.len(), before.len(), "no label is lost on the way");
        let by = now[0].1.x - before[0].1.x;
        assert!(by < -3.0 && now.iter().zip(&before).all(|(now, before)| (now.1.x - before.1.x - by).abs() < 1.0), "{now:?}");
    }
    moving.run();
    let mut fresh = desk();
    let window = moving.state().session.place.window;
    update(&mut fresh.state_mut().session, &Navigate::Window(window).into());
    fresh.run();
    assert_eq!(texts(&moving), texts(&fresh));
}
