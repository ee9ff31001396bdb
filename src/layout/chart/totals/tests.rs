//! Tests of reported totals as step lines and marks.

use super::*;
use crate::data::{Measure, Qualifier};
use crate::layout::TimeScale;
use crate::testing::{span, time, when};

/// 2025, one day a point.
fn frame(height: f32) -> PlotFrame {
    PlotFrame { time: TimeScale::new(span("2025"), 0.0, 365.0), top: 0.0, bottom: height }
}

fn reading(row: u32, line: u32, date: &str, qualifier: Qualifier, value: f64) -> Reading {
    let at = Bound::At(value);
    let band = match qualifier {
        Qualifier::AtLeast => Band { low: at, high: Bound::Open },
        Qualifier::AtMost => Band { low: Bound::Open, high: at },
        _ => Band { low: at, high: at },
    };
    Reading {
        row,
        id: format!("r{row}"),
        line,
        counter: Some(format!("counter {line}")),
        counter_short: None,
        figure: Figure {
            metric: "killed".to_owned(),
            item: None,
            measure: Measure::Count,
            value: Some(value),
            band: Some(band),
            qualifier: Some(qualifier),
            basis: Some(Basis::Total),
            unit: None,
        },
        from: None,
        to: None,
        place: None,
        date: when(date),
        status: Status::Reported,
        colour: Some(line),
        carriers: vec![row],
        articles: 1,
        has_drift: false,
    }
}

fn exact(row: u32, line: u32, date: &str, value: f64) -> Reading {
    reading(row, line, date, Qualifier::Exact, value)
}

fn laid(readings: &[Reading]) -> TotalsStrip {
    totals_strip(readings, ValueScale::Linear, &frame(100.0), 10.0)
}

#[test]
fn a_reading_is_current_for_31_days_and_then_dotted_to_the_next_one() {
    let strip = laid(&[exact(1, 0, "2025-01-01", 100.0), exact(2, 0, "2025-06-01", 300.0)]);
    let kinds: Vec<StepKind> = strip.paths.iter().map(|path| path.kind).collect();
    assert_eq!(kinds, vec![StepKind::Stale, StepKind::Riser, StepKind::Current, StepKind::Current]);
    assert_eq!(strip.paths[0].points, vec![(time("2025-02-01"), 100.0), (time("2025-06-01"), 100.0)]);
    assert_eq!(strip.paths[1].points, vec![(time("2025-06-01"), 100.0), (time("2025-06-01"), 300.0)]);
    assert_eq!(strip.paths[3].points.last(), Some(&(time("2025-07-02"), 300.0)));
}

#[test]
fn a_step_within_31_days_is_one_line_with_its_riser_at_the_later_reading() {
    let strip = laid(&[exact(1, 0, "2025-01-01", 100.0), exact(2, 0, "2025-01-21", 300.0)]);
    assert_eq!(strip.paths.len(), 1);
    let corners = [("2025-01-01", 100.0), ("2025-01-21", 100.0), ("2025-01-21", 300.0), ("2025-02-21", 300.0)];
    assert_eq!(strip.paths[0].points, corners.map(|(day, value)| (time(day), value)).to_vec());
}

#[test]
fn rule_4_a_total_that_falls_has_a_riser_of_its_own_and_a_level_may_fall() {
    let mut readings = [exact(1, 0, "2025-01-01", 300.0), exact(2, 0, "2025-01-21", 100.0)];
    assert!(laid(&readings).paths.iter().any(|path| path.kind == StepKind::Fall));
    for reading in &mut readings {
        reading.figure.basis = Some(Basis::Level);
    }
    assert!(laid(&readings).paths.iter().all(|path| path.kind == StepKind::Current));
}

#[test]
fn rule_1_readings_of_different_counters_are_different_lines() {
    let strip = laid(&[exact(1, 0, "2025-01-01", 100.0), exact(2, 1, "2025-01-11", 300.0)]);
    assert!(strip.paths.iter().all(|path| path.points.windows(2).all(|pair| pair[0].1 == pair[1].1)));
}

#[test]
fn rule_12_an_expected_reading_is_a_hollow_mark_and_in_no_step() {
    let mut expected = exact(2, 0, "2025-01-11", 300.0);
    expected.status = Status::Expected;
    let strip = laid(&[exact(1, 0, "2025-01-01", 100.0), expected]);
    assert_eq!(strip.marks.len(), 2);
    assert_eq!(strip.marks[1].look.fill, crate::layout::Fill::Hollow);
    assert!(strip.paths.iter().all(|path| path.points.iter().all(|point| point.1 == 100.0)));
}

#[test]
fn readings_that_nobody_in_particular_gave_are_not_joined() {
    let mut readings = [exact(1, 0, "2025-01-01", 100.0), exact(2, 0, "2025-01-11", 300.0)];
    for reading in &mut readings {
        reading.counter = None;
    }
    assert_eq!(laid(&readings).paths.len(), 2);
}

#[test]
fn rule_7_an_open_bound_has_an_arrow_and_no_end() {
    let strip = laid(&[reading(1, 0, "2025-01-01", Qualifier::AtLeast, 100.0), reading(2, 1, "2025-01-01", Qualifier::AtMost, 50.0)]);
    assert!(strip.marks[0].is_open_above && !strip.marks[0].is_open_below && strip.marks[0].beam.is_none());
    assert!(strip.marks[1].is_open_below && !strip.marks[1].is_open_above);
}

#[test]
fn a_range_is_a_beam_and_a_band_and_no_line_in_its_middle() {
    let mut range = exact(1, 0, "2025-01-01", 0.0);
    range.figure.qualifier = Some(Qualifier::Range);
    range.figure.value = None;
    range.figure.band = Some(Band { low: Bound::At(4_000.0), high: Bound::At(6_000.0) });
    let strip = laid(&[range]);
    assert!(strip.paths.is_empty());
    assert_eq!((strip.bands[0].low, strip.bands[0].high), (4_000.0, 6_000.0));
    let (low, high) = strip.marks[0].beam.unwrap();
    assert!(low > high && strip.marks[0].y > high && strip.marks[0].y < low);
}

#[test]
fn a_month_is_a_hairline_with_brackets_and_its_mark_in_the_middle() {
    let strip = laid(&[exact(1, 0, "2025-02", 100.0)]);
    let (from, to, has_brackets) = strip.marks[0].hairline.unwrap();
    assert!(has_brackets && (from - 31.0).abs() < 0.1 && (to - 59.0).abs() < 0.1);
    assert!((strip.marks[0].x - 45.0).abs() < 0.1);
}

#[test]
fn rule_2_only_one_unit_is_drawn_and_the_others_are_counted() {
    let mut barrels = exact(3, 2, "2025-03-01", 1e6);
    barrels.figure.unit = Some("barrels".to_owned());
    let strip = laid(&[exact(1, 0, "2025-01-01", 100.0), exact(2, 1, "2025-02-01", 120.0), barrels]);
    assert_eq!((strip.marks.len(), strip.other_units, strip.unit), (2, 1, None));
}

#[test]
fn zero_sits_on_the_frame_of_a_log_scale() {
    let readings = [exact(1, 0, "2025-01-01", 0.0), exact(2, 1, "2025-02-01", 120.0)];
    let strip = totals_strip(&readings, ValueScale::Log, &frame(100.0), 10.0);
    assert_eq!(strip.marks[0].off_scale, Some(OffScale::Zero));
    assert!(strip.marks[0].y <= 100.0);
}

#[test]
fn what_lies_before_and_after_the_window_is_counted_with_the_way_there() {
    let readings = [exact(1, 0, "2023-01-01", 1.0), exact(2, 0, "2024-01-01", 2.0), exact(3, 1, "2027-01-01", 3.0)];
    let strip = laid(&readings);
    assert!(strip.marks.is_empty() && strip.is_empty);
    assert_eq!(strip.before, (2, Some(time("2024-01-01"))));
    assert_eq!(strip.after, (1, Some(time("2027-01-01"))));
}

#[test]
fn a_line_with_more_readings_than_points_keeps_its_first_and_last_mark() {
    let readings: Vec<Reading> = (0..200).map(|n| exact(n, 0, &format!("2025-01-{:02}", n / 8 + 1), f64::from(n))).collect();
    let strip = laid(&readings);
    let shown = strip.marks.iter().filter(|mark| !mark.is_thinned).count();
    assert_eq!((strip.marks.len(), shown), (200, 2));
}

#[test]
fn each_originator_is_named_at_its_first_and_last_reading_and_nothing_is_said_twice() {
    let readings = [
        exact(1, 0, "2025-01-01", 100.0),
        exact(2, 0, "2025-02-01", 100.0),
        exact(3, 0, "2025-03-01", 200.0),
        exact(4, 0, "2025-04-01", 300.0),
    ];
    let strip = laid(&readings);
    let mut said: Vec<(usize, bool, String)> = crate::layout::chart::label_texts(&strip, &readings, &[])
        .into_iter()
        .map(|text| (text.mark, text.name.is_some(), text.value))
        .collect();
    said.sort();
    let expected = [(0, true, "100"), (2, false, "200"), (3, true, "300")];
    assert_eq!(said, expected.map(|(mark, is_named, value)| (mark, is_named, value.to_owned())).to_vec());
}

#[test]
fn a_line_that_runs_into_the_window_is_named_at_the_left_edge() {
    let readings = [
        exact(1, 0, "2024-12-20", 100.0),
        exact(2, 1, "2024-06-01", 200.0),
        exact(3, 1, "2025-06-01", 300.0),
        exact(4, 2, "2024-06-01", 250.0),
    ];
    let strip = laid(&readings);
    let told: Vec<(usize, bool)> = strip.marks.iter().map(|mark| (mark.reading, mark.is_entering)).collect();
    assert_eq!(told, [(0, true), (1, true), (2, false)], "current, dotted to the next one, in view; the last one’s line has ended");
    assert!(strip.marks.iter().filter(|mark| mark.is_entering).all(|mark| mark.x < 10.0));
    let texts = crate::layout::chart::label_texts(&strip, &readings, &[]);
    let names: Vec<Option<&str>> = (0..3).map(|mark| texts.iter().find(|text| text.mark == mark).unwrap().name.as_deref()).collect();
    assert_eq!(names, [Some("counter 0"), Some("counter 1"), Some("counter 1")]);
}

#[test]
fn a_strip_into_which_only_ended_lines_could_run_is_empty() {
    let strip = laid(&[exact(1, 0, "2024-06-01", 100.0)]);
    assert!(strip.is_empty && strip.marks.is_empty());
}
