//! The timeline laid out in a world where a microsecond is a point and a letter six.

use super::*;
use crate::data::{Kind, Status};
use crate::query::{Cell, Filter, LaneSort};
use crate::session::Session;
use crate::time::{Bucket, Flags, Precision, When};

/// One microsecond is one point; a character is six points wide.
fn six(text: &str) -> f32 {
    text.chars().count() as f32 * 6.0
}

fn mark(row: Row, at: i64, title: &str) -> Mark {
    let span = Span::new(Time(at), Time(at + 1));
    Mark {
        row,
        kind: Kind::Event,
        anchor: Time(at),
        when: Some(When { span, precision: Precision::Subsecond, flags: Flags::default() }),
        as_of: None,
        title: (!title.is_empty()).then(|| title.to_owned()),
        colour: None,
        figure: None,
        status: Status::Reported,
        articles: 1,
        folded: Vec::new(),
    }
}

fn lane(name: &str, marks: Vec<Mark>) -> Lane {
    let cells = marks.iter().map(|mark| Cell { index: mark.anchor.0 / 8, count: 1 }).collect();
    Lane { value: Some(name.to_owned()), total: marks.len() as u64, cells, marks: Some(marks), ..Lane::default() }
}

fn query() -> LanesQuery {
    LanesQuery {
        lane: None,
        colour: None,
        filter: Filter::All,
        window: Span::new(Time(0), Time(3_000)),
        bucket: Bucket(3),
        sort: LaneSort::Count,
        lanes_max: 9,
        marks_max: 400,
        has_folded_repeats: true,
    }
}

fn input<'a>(answer: &'a LanesAnswer, query: &'a LanesQuery, session: &'a Session, height: f32) -> TimelineInput<'a> {
    TimelineInput {
        answer,
        query,
        document: &session.document,
        selection: &session.place.selection,
        us_per_point: 1.0,
        view_width: 1_000.0,
        height,
        is_scrolled: true,
        label_width: &six,
        bold_width: &six,
        badge_width: &six,
    }
}

fn picture(lanes: Vec<Lane>, height: f32, arrange: impl Fn(&mut Session)) -> TimelinePicture {
    let mut session = Session::default();
    arrange(&mut session);
    let (answer, query) = (LanesAnswer { lanes, lanes_total: 1, matching: 1, undated: 0 }, query());
    let input = input(&answer, &query, &session, height);
    let picture = lay_out(&input);
    for lane in &picture.lanes {
        lane.place(&input);
    }
    picture
}

#[test]
fn every_mark_is_drawn_or_counted() {
    let marks: Vec<Mark> = (0..200).map(|row| mark(row, i64::from(row % 50) * 6 + 1_000, "A title of some length")).collect();
    let picture = picture(vec![lane("one", marks)], 90.0, |_| {});
    let lane = picture.lanes[0].placed();
    let dropped: u32 = lane.dropped.iter().map(|badge| badge.1).sum();
    assert!(dropped > 0 && lane.marks.len() > 20);
    assert_eq!(lane.marks.len() + dropped as usize, 200);
}

#[test]
fn no_label_lies_on_a_mark_or_on_another_label() {
    let marks: Vec<Mark> = (0..60).map(|row| mark(row, i64::from(row * 37 % 60) * 29, "Some title that is rather long")).collect();
    let picture = picture(vec![lane("one", marks)], 200.0, |_| {});
    let lane = picture.lanes[0].placed();
    assert!(lane.labels.len() > 5);
    for label in &lane.labels {
        let (left, right) = (label.x, label.x + label.width);
        let is_free = |from: f32, to: f32| to <= left || from >= right;
        assert!(lane.marks.iter().filter(|mark| mark.row == label.row).all(|mark| is_free(mark.x - 4.0, mark.x + 4.0)));
        let others = lane.labels.iter().filter(|other| other.row == label.row && other.mark != label.mark);
        assert!(others.clone().all(|other| is_free(other.x, other.x + other.width)));
    }
}

#[test]
fn the_selected_mark_is_never_dropped_and_has_its_label() {
    let marks: Vec<Mark> = (0..80).map(|row| mark(row, 1_000 + i64::from(row % 3), "Always the same title")).collect();
    let picture = picture(vec![lane("one", marks)], 24.0, |session| session.place.selection = vec![77]);
    let label = picture.lanes[0].placed().labels.iter().find(|label| label.is_selected).unwrap();
    assert_eq!((label.mark, label.text.as_str()), (77, "Always the same title"));
}

#[test]
fn a_crowded_lane_becomes_a_histogram_unless_it_is_expanded() {
    let crowd = || {
        let mut crowd = lane("crowd", (0..300).map(|row| mark(row, i64::from(row) * 5, "")).collect());
        crowd.cells = (0..100).map(|index| Cell { index, count: 5 }).collect();
        crowd
    };
    assert_eq!(picture(vec![crowd()], 200.0, |_| {}).lanes[0].form, LaneForm::Histogram);
    let expanded = picture(vec![crowd()], 200.0, |session| {
        session.document.expanded.insert(Some("crowd".to_owned()));
    });
    assert_eq!(expanded.lanes[0].form, LaneForm::Marks);
}

#[test]
fn hidden_lanes_are_counted_and_pinned_ones_come_first() {
    let lanes = vec![lane("a", vec![mark(0, 10, "")]), lane("b", vec![mark(1, 10, ""), mark(2, 20, "")]), lane("c", Vec::new())];
    let picture = picture(lanes, 200.0, |session| {
        session.document.hidden.insert(Some("b".to_owned()));
        session.document.pinned.insert(Some("c".to_owned()));
    });
    assert_eq!(picture.lanes.iter().map(|lane| lane.lane).collect::<Vec<_>>(), vec![2, 0]);
    assert_eq!((picture.hidden, picture.hidden_records), (1, 2));
}

#[test]
fn panning_does_not_move_a_mark_within_its_lane() {
    let marks: Vec<Mark> = (0..40).map(|row| mark(row, i64::from(row) * 31, "Some title that is rather long")).collect();
    let one = picture(vec![lane("one", marks.clone())], 100.0, |session| session.place.window = Span::new(Time(0), Time(1_000)));
    let other = picture(vec![lane("one", marks)], 100.0, |session| session.place.window = Span::new(Time(300), Time(1_300)));
    assert_eq!(one, other);
}

#[test]
fn an_open_end_ends_forty_points_after_its_mark() {
    let mut open = mark(0, 100, "");
    open.when = Some(When { span: Span::new(Time(100), Time::OPEN_END), precision: Precision::Day, flags: Flags::INTERVAL });
    let picture = picture(vec![lane("one", vec![open])], 100.0, |_| {});
    assert_eq!(picture.lanes[0].placed().marks[0].tail, Some(TailLine::Since(100.0, 140.0)));
    let ends = &picture.lanes[0].placed().ends;
    assert_eq!((ends.after(141.0), ends.after(100.0), ends.before(140.0), ends.before(141.0)), (0, 1, 0, 1));
}

#[test]
fn a_lane_that_nobody_has_looked_at_has_a_height_and_no_marks() {
    let marks = |from: Row| (from..from + 40).map(|row| mark(row, i64::from(row % 40) * 4, "A title of some length")).collect::<Vec<_>>();
    let lanes: Vec<Lane> = (0..60).map(|place| lane(&format!("lane {place}"), marks(place * 40))).collect();
    let session = Session::default();
    let query = query();
    let answer = LanesAnswer { lanes, lanes_total: 60, matching: 2_400, undated: 0 };
    let input = input(&answer, &query, &session, 200.0);
    let picture = lay_out(&input);
    assert_eq!(picture.height, 60.0 * lane_height(LaneForm::Marks, 3), "lanes that are scrolled have up to three rows");
    assert!(picture.lanes.iter().all(|lane| lane.placed() == &PlacedLane::default()));
    picture.lanes[7].place(&input);
    assert!(picture.lanes[7].placed().marks.len() > 3);
    let once = picture.lanes[7].placed().clone();
    picture.lanes[7].place(&input);
    assert_eq!(picture.lanes[7].placed(), &once);
    assert!(picture.lanes[8].placed().marks.is_empty());
}
