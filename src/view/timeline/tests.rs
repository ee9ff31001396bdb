//! What a person does with the timeline, through names and gestures: a session, an engine and the view in one loop.

use std::sync::Arc;

use eframe::egui::{Event, Modifiers, MouseWheelUnit, Pos2, TouchPhase, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::timeline_ui;
use crate::data::{Field, Qualifier};
use crate::engine::naive::Naive;
use crate::engine::{Ask, Engine as _};
use crate::query::{Answer, Filter, Query};
use crate::session::{Answers, Command, Edit, Navigate, Session, Slot, update};
use crate::testing::{World, claim, event, span, time};
use crate::view::testing::Desk;
use crate::view::{fonts, theme};

const SIZE: Vec2 = Vec2 { x: 1_000.0, y: 420.0 };

/// A day of 2025 is about 2.4 points wide; the year fills the plot.
fn desk() -> Harness<'static, Desk> {
    let mut sheets = vec![
        claim("k1")
            .title("About 300 soldiers killed")
            .category("Losses")
            .when("2025-03-01")
            .total("2025-03-01")
            .counts("killed", 300.0)
            .qualified(Qualifier::About)
            .said_by(&["NIS"]),
        claim("k2")
            .title("Some 900 wounded")
            .category("Losses")
            .when("2025-07-01")
            .total("2025-07-01")
            .counts("wounded", 900.0)
            .said_by(&["NIS"]),
        event("e1").title("Treaty signed").category("Diplomacy").when("2025-05-01"),
        event("e2").title("Treaty ratified").category("Diplomacy").when("2025-05-10/2025-06-20"),
        event("e0").title("An earlier visit").category("Diplomacy").when("2023-05-10"),
    ];
    sheets.push(event("e9").title("Last day").category("Diplomacy").when("2025-12-31"));
    desk_of(&sheets)
}

/// The lanes of these records, in the year 2025.
fn desk_of(sheets: &[crate::testing::Sheet]) -> Harness<'static, Desk> {
    let engine = Naive::new(World::new().with_all(sheets).build());
    let Ok(Answer::Schema(schema)) = engine.answer(&Query::Schema, &Ask::plainly()) else { panic!("no schema") };
    let mut session = Session::default();
    session.receive_schema(Arc::new(*schema), true);
    update(&mut session, &Edit::Lane(Some(Field::CATEGORY)).into());
    update(&mut session, &Navigate::Window(span("2025")).into());
    let mut harness = Harness::builder()
        .with_size(SIZE)
        .with_context_setup(|context| {
            fonts::install(context);
            theme::apply(context);
        })
        .build_ui_state(
            |ui, desk: &mut Desk| desk.frame(ui),
            Desk { engine, session, answers: Answers::default(), sent: Vec::new(), draw: timeline_ui, given: Vec::new() },
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

fn drag(desk: &mut Harness<'_, Desk>, from: Pos2, to: Pos2, modifiers: Modifiers) {
    desk.event(Event::ModifiersChanged(modifiers));
    desk.hover_at(from);
    desk.run();
    desk.drag_at(from);
    desk.run();
    for step in 1..=4 {
        desk.hover_at(from + (to - from) * (step as f32 / 4.0));
        desk.run();
    }
    desk.drop_at(to);
    desk.event(Event::ModifiersChanged(Modifiers::NONE));
    desk.run();
}

fn wheel(desk: &mut Harness<'_, Desk>, at: Pos2, points: f32, modifiers: Modifiers) {
    desk.hover_at(at);
    desk.run();
    let source = eframe::egui::MouseWheelSource::Wheel;
    let event = Event::MouseWheel { unit: MouseWheelUnit::Point, delta: vec2(0.0, points), phase: TouchPhase::Move, source, modifiers };
    desk.event_modifiers(event, modifiers);
    // The wheel runs on for some frames, and the picture is laid out again when it rests.
    desk.run_steps(8);
    desk.run();
}

const MIDDLE: Pos2 = Pos2 { x: 560.0, y: 300.0 };

#[test]
fn the_timeline_tells_its_lanes_and_its_time() {
    let desk = desk();
    desk.get_by_label("Timeline, 2 lanes, 2025");
    desk.get_by_label("Diplomacy, 4 records");
    desk.get_by_label("Losses, 2 records");
}

#[test]
fn a_click_on_the_time_of_a_record_selects_it_also_where_its_mark_is_out_of_view() {
    let mut desk = desk();
    update(&mut desk.state_mut().session, &Navigate::Window(span("2025-06-01/2025-06-10")).into());
    desk.run();
    desk.run();
    let lane = desk.get_by_label("Diplomacy, 4 records").rect();
    let bar = pos2(MIDDLE.x, lane.top() + 9.0);
    desk.hover_at(bar);
    desk.drag_at(bar);
    desk.drop_at(bar);
    desk.run();
    assert_eq!(desk.state().session.place.selection, vec![row(&desk, "e2")]);
}

#[test]
fn a_click_on_a_mark_selects_it_and_a_click_beside_lets_it_go() {
    let mut desk = desk();
    desk.get_by_label("About 300 soldiers killed, ~300 killed").click();
    desk.run();
    assert_eq!(desk.state().session.place.selection, vec![row(&desk, "k1")]);
    desk.hover_at(MIDDLE);
    desk.drag_at(MIDDLE);
    desk.drop_at(MIDDLE);
    desk.run();
    assert!(desk.state().session.place.selection.is_empty());
}

#[test]
fn a_click_with_shift_adds_to_the_selection() {
    let mut desk = desk();
    desk.get_by_label("About 300 soldiers killed, ~300 killed").click();
    desk.run();
    desk.get_by_label("Treaty signed").click_modifiers(Modifiers::SHIFT);
    desk.run();
    assert_eq!(desk.state().session.place.selection, vec![row(&desk, "k1"), row(&desk, "e1")]);
}

#[test]
fn a_click_on_a_label_selects_its_mark() {
    let mut desk = desk();
    let mark = desk.get_by_label("Treaty signed").rect().center();
    let label = mark + vec2(30.0, 0.0);
    for event in [true, false] {
        desk.hover_at(label);
        if event { desk.drag_at(label) } else { desk.drop_at(label) }
    }
    desk.run();
    assert_eq!(desk.state().session.place.selection, vec![row(&desk, "e1")]);
}

#[test]
fn a_drag_pans_with_the_hand() {
    let mut desk = desk();
    let before = desk.state().session.place.window;
    drag(&mut desk, MIDDLE, MIDDLE + vec2(85.4, 0.0), Modifiers::NONE);
    let after = desk.state().session.place.window;
    assert_eq!(after.width_us(), before.width_us());
    let moved = (before.start.0 - after.start.0) as f64 / before.width_us().unwrap() as f64;
    assert!((moved - 0.1).abs() < 0.002, "{moved}");
}

#[test]
fn the_wheel_zooms_about_the_pointer_and_with_shift_pans() {
    let mut desk = desk();
    let before = desk.state().session.place.window;
    wheel(&mut desk, MIDDLE, 120.0, Modifiers::NONE);
    let closer = desk.state().session.place.window;
    assert!(closer.width_us() < before.width_us() && before.start < closer.start && closer.end < before.end);
    wheel(&mut desk, MIDDLE, 120.0, Modifiers::SHIFT);
    let aside = desk.state().session.place.window;
    assert_ne!(aside.start, closer.start);
    assert!((aside.width_us().unwrap() - closer.width_us().unwrap()).abs() < 10);
}

#[test]
fn a_drag_with_shift_zooms_to_the_box() {
    let mut desk = desk();
    let window = desk.state().session.place.window;
    drag(&mut desk, pos2(136.0 + 213.5, 300.0), pos2(136.0 + 427.0, 320.0), Modifiers::SHIFT);
    let after = desk.state().session.place.window;
    let quarter = window.width_us().unwrap() / 4;
    assert!((after.width_us().unwrap() - quarter).abs() < quarter / 50, "{after:?}");
}

#[test]
fn a_drag_on_the_axis_brushes_whole_days_and_the_strip_counts_what_touches_them() {
    let mut desk = desk();
    let axis = desk.get_by_label_contains("Time axis").rect();
    let from = pos2(axis.left() + 854.0 * 0.25, axis.center().y);
    drag(&mut desk, from, pos2(axis.left() + 854.0 * 0.6, axis.center().y), Modifiers::NONE);
    let brush = desk.state().session.place.brush.unwrap();
    assert!(brush.start.is_midnight() && brush.end.is_midnight());
    assert!(brush.contains(time("2025-05-01")) && !brush.contains(time("2025-12-01")));
    assert!(matches!(desk.state().answers.get(&Slot::Totals), Some(Answer::Totals(totals)) if totals.inside == 3));
    desk.get_by_label("Keep as filter").click();
    desk.run();
    assert!(matches!(&desk.state().session.document.filter, Filter::During(Field::WHEN, own) if *own == brush));
}

#[test]
fn an_edge_of_the_brush_can_be_dragged() {
    let mut desk = desk();
    update(&mut desk.state_mut().session, &Navigate::Brush(Some(span("2025-04-01/2025-04-30"))).into());
    desk.run();
    let edge = desk.get_by_label("End of the brush").rect().center();
    drag(&mut desk, edge, edge + vec2(100.0, 0.0), Modifiers::NONE);
    let brush = desk.state().session.place.brush.unwrap();
    assert_eq!(brush.start, time("2025-04-01"));
    assert!(brush.end > time("2025-06-01"));
}

#[test]
fn the_head_of_a_lane_folds_it_and_its_menu_hides_it() {
    let mut desk = desk();
    desk.get_by_label("Losses, 2 records").click();
    desk.run();
    assert!(desk.state().session.document.collapsed.contains(&Some("Losses".to_owned())));
    assert!(desk.query_by_label("Some 900 wounded, 900 wounded").is_none());
    desk.get_by_label("Losses, 2 records").click_secondary();
    desk.run();
    desk.get_by_label("Hide this lane").click();
    desk.run();
    assert!(desk.query_by_label("Losses, 2 records").is_none());
    desk.get_by_label("Show hidden lanes").click();
    desk.run();
    desk.get_by_label("Losses, 2 records");
}

#[test]
fn what_lies_left_of_the_view_is_counted_and_reached() {
    let mut desk = desk();
    let before = desk.state().session.place.window;
    desk.get_by_label("1 earlier").click();
    desk.run();
    assert!(desk.state().session.place.window.start < before.start);
}

#[test]
fn what_goes_on_all_day_is_counted_where_its_beginning_is_out_of_view() {
    let many = (0..60).map(|n| event(&format!("e{n}")).title(&format!("Visit {n}")).category("Diplomacy").when("2025-05-01/2025-05-30"));
    let mut desk = desk_of(&many.collect::<Vec<_>>());
    let unseen = |desk: &Harness<'static, Desk>| {
        let words = desk.get_by_label_contains(" more: ").accesskit_node().label().unwrap_or_default();
        words.split(' ').next().and_then(|number| number.parse::<u64>().ok()).unwrap()
    };
    let at_start = unseen(&desk);
    assert!((1..60).contains(&at_start));
    update(&mut desk.state_mut().session, &Navigate::Window(span("2025-05-10")).into());
    desk.run();
    assert!((1..60).contains(&unseen(&desk)));
    desk.get_by_label_contains(" more: show all rows").click();
    desk.run();
    assert!(desk.state().session.document.expanded.contains(&Some("Diplomacy".to_owned())));
}

#[test]
fn the_menu_of_a_mark_filters_by_its_metric() {
    let mut desk = desk();
    desk.get_by_label("Some 900 wounded, 900 wounded").click_secondary();
    desk.run();
    desk.get_by_label("Filter: Wounded").click();
    desk.run();
    assert_eq!(desk.state().session.document.filter, Filter::Is(Field::METRIC, vec!["wounded".to_owned()]));
}

#[test]
fn the_pointer_tells_its_moment_and_its_record_and_takes_them_back() {
    let mut desk = desk();
    let mark = desk.get_by_label("Treaty signed").rect().center();
    desk.hover_at(mark);
    desk.run();
    assert_eq!(desk.state().session.hover_row, Some(row(&desk, "e1")));
    let hover = desk.state().session.hover.unwrap();
    assert!((hover.0 - time("2025-05-01").0).abs() < crate::time::DAY_US);
    desk.hover_at(pos2(20.0, 400.0));
    desk.run();
    assert_eq!((desk.state().session.hover, desk.state().session.hover_row), (None, None));
}

#[test]
fn a_filter_that_leaves_nothing_says_so_and_can_be_cleared() {
    let mut desk = desk();
    update(&mut desk.state_mut().session, &Edit::Filter(Filter::Text("no such word".to_owned())).into());
    desk.run();
    desk.get_by_label("Clear filter").click();
    desk.run();
    assert_eq!(desk.state().session.document.filter, Filter::All);
}

#[test]
fn the_window_on_the_minimap_is_dragged_and_a_double_click_fits_everything() {
    let mut desk = desk();
    let map = desk.get_by_label_contains("Minimap").rect();
    let before = desk.state().session.place.window;
    let inside = pos2(map.right() - 60.0, map.center().y);
    drag(&mut desk, inside, inside - vec2(100.0, 0.0), Modifiers::NONE);
    let after = desk.state().session.place.window;
    assert!(after.start < before.start);
    assert_eq!(after.width_us(), before.width_us());
}

#[test]
fn a_frame_without_a_hand_changes_nothing() {
    let mut desk = desk();
    desk.run_steps(3);
    assert_eq!(desk.state().sent, Vec::new());
}

#[test]
fn a_right_click_on_a_label_offers_what_its_mark_offers() {
    let mut desk = desk();
    let label = desk.get_by_label("Treaty signed").rect().center() + vec2(30.0, 0.0);
    desk.hover_at(label);
    for pressed in [true, false] {
        desk.event(Event::PointerButton {
            pos: label,
            button: eframe::egui::PointerButton::Secondary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    desk.run();
    desk.get_by_label("Copy title").click();
    desk.run();
    let copied = Command::Action(crate::session::Action::CopyText("Treaty signed".to_owned()));
    assert!(desk.state().sent.contains(&copied), "{:?}", desk.state().sent);
}

#[test]
fn what_found_no_row_is_counted_and_a_click_on_the_count_shows_it() {
    let sheets: Vec<_> = (0..60).map(|at| event(&format!("d{at}")).category("Same").when("2025-05-01")).collect();
    let others = ["2025-01-01", "2025-12-31"].map(|day| event(day).category("Other").when(day));
    let mut desk = desk_of(&[sheets, others.to_vec()].concat());
    // Tall enough that no row is scrolled away: what is not drawn must be counted.
    desk.set_size(vec2(SIZE.x, 700.0));
    update(&mut desk.state_mut().session, &Edit::ToggleCollapsed(Some("Other".to_owned())).into());
    desk.run();
    let found = |desk: &Harness<'_, Desk>| desk.query_all_by_label_contains("Record without a title").count();
    assert!(found(&desk) < 60);
    let label = (1..60).map(|count| format!("{count} more: show all rows")).find(|label| desk.query_by_label(label).is_some()).unwrap();
    desk.get_by_label(&label).click();
    desk.run();
    assert!(desk.state().session.document.expanded.contains(&Some("Same".to_owned())));
    let shown = found(&desk);
    let left = (1..60).find(|count| desk.query_by_label(&format!("{count} more: go closer")).is_some()).unwrap_or(0);
    assert_eq!(shown + left, 60, "{shown} shown, {left} counted");
}

#[test]
fn once_the_zoom_rests_the_picture_is_that_of_a_window_opened_there() {
    let mut zoomed = desk();
    let at = MIDDLE;
    wheel(&mut zoomed, at, 30.0, Modifiers::NONE);
    wheel(&mut zoomed, at, -7.0, Modifiers::NONE);
    let window = zoomed.state().session.place.window;
    let mut fresh = desk();
    update(&mut fresh.state_mut().session, &Navigate::Window(window).into());
    fresh.hover_at(at);
    fresh.run();
    fresh.run();
    let shapes = |desk: &Harness<'_, Desk>| desk.output().shapes.iter().map(|shape| format!("{:?}", shape.shape)).collect::<Vec<_>>();
    let (one, other) = (shapes(&zoomed), shapes(&fresh));
    let differing: Vec<_> = one.iter().zip(&other).filter(|(one, other)| one != other).collect();
    assert_eq!(one.len(), other.len());
    assert!(differing.is_empty(), "{differing:#?}");
}
