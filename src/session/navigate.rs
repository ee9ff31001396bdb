//! Moving about: windows, selection, brush, back and forward.

use super::opening::fit_window;
use super::{BACK_MAX, Navigate, Place, Session};
use crate::query::{Beside, Filter};
use crate::time::{DAY_US, Span, Time};

/// The narrowest window: a hundred microseconds.
const WINDOW_US_MIN: i64 = 100;
/// The widest window: about half a million years, all that the calendar reaches.
const WINDOW_US_MAX: i64 = i64::MAX / 2;

pub(super) fn apply(session: &mut Session, navigate: &Navigate) {
    let before = session.place.clone();
    match navigate {
        Navigate::Window(span) => set_window(session, *span),
        Navigate::Zoom(factor, about) => zoom(session, *factor, *about),
        Navigate::Pan(part) => pan(session, *part),
        Navigate::Fit => fit(session),
        Navigate::Focus => focus(session),
        Navigate::IntoView => into_view(session),
        Navigate::Select(rows) => {
            session.place.selection.clone_from(rows);
            session.panels.has_inspector |= !rows.is_empty();
        }
        Navigate::ToggleSelected(row) => match session.place.selection.iter().position(|own| own == row) {
            Some(place) => {
                session.place.selection.remove(place);
            }
            None => session.place.selection.push(*row),
        },
        Navigate::Deselect => session.place.selection.clear(),
        Navigate::Brush(span) => session.place.brush = span.filter(|span| span.start < span.end),
        Navigate::Hover(time) => session.hover = *time,
        Navigate::HoverRow(row) => session.hover_row = *row,
        Navigate::NextInLane => want_neighbour(session, true),
        Navigate::PreviousInLane => want_neighbour(session, false),
        Navigate::Back => step(session, true),
        Navigate::Forward => step(session, false),
    }
    let is_step = matches!(navigate, Navigate::Back | Navigate::Forward);
    if !is_step && before != session.place {
        remember(session, before, navigate);
    }
}

/// Small moves in a row are one step back: panning and zooming by the wheel do not fill the history.
fn remember(session: &mut Session, before: Place, navigate: &Navigate) {
    let is_small = matches!(navigate, Navigate::Zoom(..) | Navigate::Pan(_) | Navigate::Window(_) | Navigate::Brush(_));
    let is_near =
        session.back.last().is_some_and(|last| is_small && last.selection == before.selection && !is_far(last.window, before.window));
    if !is_near {
        session.back.push(before);
        if session.back.len() > BACK_MAX {
            session.back.remove(0);
        }
    }
    session.forward.clear();
}

/// Do two windows share less than half of the larger one?
fn is_far(one: Span, other: Span) -> bool {
    let width = one.width_us().unwrap_or(1).max(other.width_us().unwrap_or(1));
    let shared = one.intersection(other).and_then(Span::width_us).unwrap_or(0);
    shared.saturating_mul(2) < width
}

fn step(session: &mut Session, is_back: bool) {
    let (from, to) = if is_back { (&mut session.back, &mut session.forward) } else { (&mut session.forward, &mut session.back) };
    if let Some(place) = from.pop() {
        to.push(std::mem::replace(&mut session.place, place));
    }
}

fn set_window(session: &mut Session, span: Span) {
    session.place.window = bounded(span);
}

/// The window that shows a span: neither narrower nor wider than windows are.
fn bounded(span: Span) -> Span {
    let middle = span.start.0.midpoint(span.end.0);
    let width = span.end.0.saturating_sub(span.start.0).clamp(WINDOW_US_MIN, WINDOW_US_MAX);
    let start = Time(middle.saturating_sub(width / 2).clamp(-WINDOW_US_MAX, WINDOW_US_MAX));
    Span::new(start, Time(start.0.saturating_add(width)))
}

fn zoom(session: &mut Session, factor: f64, about: Option<Time>) {
    let window = session.place.window;
    let width = window.end.0.saturating_sub(window.start.0) as f64;
    if !(factor.is_finite() && factor > 0.0) {
        return;
    }
    let new_width = (width / factor).clamp(WINDOW_US_MIN as f64, WINDOW_US_MAX as f64);
    let about = about.unwrap_or_else(|| Time(window.start.0.midpoint(window.end.0)));
    let part = (about.0.saturating_sub(window.start.0)) as f64 / width.max(1.0);
    let start = about.plus_us(-((part * new_width) as i64));
    set_window(session, Span::new(start, start.plus_us(new_width as i64)));
}

fn pan(session: &mut Session, part: f64) {
    let window = session.place.window;
    let by = (window.width_us().unwrap_or(0) as f64 * part) as i64;
    set_window(session, Span::new(window.start.plus_us(by), window.end.plus_us(by)));
}

fn fit(session: &mut Session) {
    if let Some(schema) = &session.schema {
        let window = fit_window(schema);
        set_window(session, window);
    }
}

/// Zooms to the brush, else to the surroundings of the selection; where that is shown already, to what passes the filter; then to
/// everything.
fn focus(session: &mut Session) {
    let before = session.place.window;
    let selected = session.selected_span.filter(|_| !session.place.selection.is_empty());
    let chosen = session.place.brush.or_else(|| selected.map(surroundings));
    // The answer may be of a filter before: then nobody knows yet where the hits are.
    let hits = session.hits.as_ref().filter(|(filter, _)| *filter != Filter::All && *filter == session.document.filter);
    let hits = hits.map(|(_, span)| *span);
    let targets: Vec<Span> = chosen.into_iter().chain(hits).map(bounded).collect();
    let next = targets.iter().position(|target| *target == before).map_or(0, |place| place + 1);
    match targets.get(next) {
        Some(target) => session.place.window = *target,
        None => fit(session),
    }
}

/// Moves the window, as wide as it is, to the selection where nothing of that is in it.
fn into_view(session: &mut Session) {
    let window = session.place.window;
    let Some(span) = session.selected_span.filter(|span| !span.overlaps(window)) else { return };
    let moment = if span.start.is_bounded() { span.start } else { span.end };
    let width = window.width_us().unwrap_or(0);
    set_window(session, Span::new(moment.plus_us(-width / 2), moment.plus_us(width - width / 2)));
}

/// Twenty days on each side of a day; as much again on each side of a longer time.
fn surroundings(span: Span) -> Span {
    let start = if span.start.is_bounded() { span.start } else { span.end };
    let end = if span.end.is_bounded() { span.end } else { span.start };
    let air = end.0.saturating_sub(start.0).max(20 * DAY_US);
    Span::new(start.plus_us(-air), end.plus_us(air))
}

fn want_neighbour(session: &mut Session, is_next: bool) {
    // Without a selection the first or the last record in view is the one meant.
    let window = session.place.window;
    let edge = Beside::Moment(if is_next { window.start } else { window.end });
    let from = session.place.selection.first().map_or(edge, |row| Beside::Row(*row));
    session.wanted_neighbour = Some((from, is_next));
}

#[cfg(test)]
mod tests {
    use super::super::{Command, update};
    use super::*;

    fn session() -> Session {
        let mut session = Session::default();
        session.place.window = Span::new(Time(0), Time(1_000_000));
        session
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let mut session = session();
        update(&mut session, &Command::Navigate(Navigate::Zoom(2.0, Some(Time(250_000)))));
        assert_eq!(session.place.window, Span::new(Time(125_000), Time(625_000)));
    }

    #[test]
    fn back_returns_to_the_window_before_and_forward_leaves_it_again() {
        let mut session = session();
        let (first, second) = (session.place.window, Span::new(Time(5_000_000), Time(6_000_000)));
        update(&mut session, &Command::Navigate(Navigate::Window(second)));
        update(&mut session, &Command::Navigate(Navigate::Back));
        assert_eq!(session.place.window, first);
        update(&mut session, &Command::Navigate(Navigate::Forward));
        assert_eq!(session.place.window, second);
    }

    #[test]
    fn a_selection_out_of_view_comes_into_its_middle_and_one_in_view_moves_nothing() {
        let mut session = session();
        session.place.selection = vec![3];
        for (start, middle) in [(900_000, 500_000), (5_000_000, 5_000_000), (4_600_000, 5_000_000)] {
            session.selected_span = Some(Span::new(Time(start), Time(start + 10)));
            update(&mut session, &Command::Navigate(Navigate::IntoView));
            let window = session.place.window;
            assert_eq!((window.start.0.midpoint(window.end.0), window.width_us()), (middle, Some(1_000_000)));
        }
    }

    #[test]
    fn focus_goes_from_the_selection_to_the_hits_to_everything() {
        let mut session = session();
        let (day, hits) = (Span::new(Time(0), Time(DAY_US)), Span::new(Time(-9_000_000_000_000), Time(9_000_000_000_000)));
        session.place.selection = vec![3];
        session.selected_span = Some(day);
        let found = Filter::Text("killed".to_owned());
        session.hits = Some((found.clone(), hits));
        let press = |session: &mut Session| {
            update(session, &Command::Navigate(Navigate::Focus));
            session.place.window
        };
        assert_eq!(press(&mut session), surroundings(day));
        assert_eq!(press(&mut session), surroundings(day), "the hits of another filter are nobody's, and no file is open");
        session.document.filter = found;
        assert_eq!(press(&mut session), hits);
        session.place.selection.clear();
        update(&mut session, &Command::Navigate(Navigate::Window(day)));
        assert_eq!(press(&mut session), hits, "without a selection they come first");
    }

    #[test]
    fn no_zoom_leaves_the_calendar() {
        let mut session = session();
        for factor in [1e-30, 1e30, f64::NAN, 0.0, -1.0] {
            update(&mut session, &Command::Navigate(Navigate::Zoom(factor, None)));
            let width = session.place.window.width_us().unwrap();
            assert!((WINDOW_US_MIN..=WINDOW_US_MAX).contains(&width), "{width}");
        }
    }
}
