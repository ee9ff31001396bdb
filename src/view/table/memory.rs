//! What the table remembers between frames, and how it moves: whole rows, so that ten million of them are no different from ten.

use std::collections::BTreeMap;

use crate::data::{Field, Row};
use crate::time::Span;

/// The height of a row.
pub(super) const ROW: f32 = 22.0;

/// What the table remembers.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// The first row that is seen.
    pub(super) top: u64,
    /// Points of the wheel that do not make a row yet.
    pub(super) rest: f32,
    /// How far the columns are moved to the left.
    pub(super) left: f32,
    /// The widths of columns.
    pub(super) widths: BTreeMap<Field, f32>,
    /// All records rather than those in view?
    pub(super) is_all: bool,
    /// The row that the keyboard is on.
    pub(super) cursor: u64,
    /// Shall the cursor's record be selected as soon as its page is there?
    pub(super) is_pending: bool,
    /// Where a range of rows starts.
    pub(super) anchor: Option<u64>,
    /// Did the keyboard come by the keys rather than by a click?
    pub(super) is_by_keys: bool,
    /// Has the table said which record is under the pointer?
    pub(super) is_hovering: bool,
    /// Shall the selected rows be copied as soon as they are there?
    pub(super) wants_copy: bool,
    /// The first selected record that the table has seen.
    pub(super) seen: Option<Row>,
    /// The window that was asked about last, and when.
    pub(super) asked: Option<(Span, f64)>,
}

/// While the window moves, the table follows ten times a second: rows that change sixty times a second cannot be read, and cost.
const FOLLOW_SECS: f64 = 0.1;

impl Memory {
    /// The window to ask about at this moment, and how long until it is the one that is shown.
    pub(super) fn follow(&mut self, shown: Span, now: f64) -> (Span, Option<f64>) {
        match self.asked {
            Some((asked, since)) if asked != shown && (0.0..FOLLOW_SECS).contains(&(now - since)) => {
                (asked, Some(FOLLOW_SECS - (now - since)))
            }
            Some((asked, _)) if asked == shown => (shown, None),
            _ => {
                self.asked = Some((shown, now));
                (shown, None)
            }
        }
    }

    /// Moves by points of the wheel, in whole rows.
    pub(super) fn wheel(&mut self, points: f32) {
        self.rest += points;
        let rows = (self.rest / ROW).trunc();
        self.rest -= rows * ROW;
        self.top = if rows < 0.0 { self.top.saturating_sub(-rows as u64) } else { self.top.saturating_add(rows as u64) };
    }

    /// Keeps the first row such that the last page is full.
    pub(super) fn clamp(&mut self, total: u64, visible: u64) {
        self.top = self.top.min(total.saturating_sub(visible));
        self.cursor = self.cursor.min(total.saturating_sub(1));
    }

    /// Moves the cursor by rows and keeps it in sight; its record is to be selected.
    pub(super) fn step(&mut self, rows: i64, total: u64, visible: u64) {
        let last = total.saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(rows).min(last);
        self.is_pending = true;
        self.anchor = Some(self.cursor);
        self.reveal(self.cursor, visible);
    }

    /// Brings a row in sight.
    pub(super) fn reveal(&mut self, row: u64, visible: u64) {
        if row < self.top {
            self.top = row;
        } else if row >= self.top + visible.max(1) {
            self.top = row + 1 - visible.max(1);
        }
    }
}

/// Which rows are asked for: what is seen and a screen on each side, from a multiple of the screen, so that small moves ask the same.
pub(super) fn page(top: u64, visible: u64) -> (u64, u32) {
    let screen = visible.max(1);
    let offset = (top / screen).saturating_sub(1) * screen;
    (offset, (screen * 4).min(u64::from(u32::MAX)) as u32)
}

/// Where the thumb of a scroll bar lies on its track: its start and its length.
pub(super) fn thumb(top: u64, visible: u64, total: u64, track: f32) -> (f32, f32) {
    let length = (track * (visible as f64 / total.max(1) as f64).min(1.0) as f32).max(24.0).min(track);
    let part = top as f64 / total.saturating_sub(visible).max(1) as f64;
    ((track - length) * part.min(1.0) as f32, length)
}

/// The first row when the thumb starts here.
pub(super) fn top_of_thumb(start: f32, visible: u64, total: u64, track: f32) -> u64 {
    let (_, length) = thumb(0, visible, total, track);
    let part = f64::from(start / (track - length).max(1.0)).clamp(0.0, 1.0);
    (part * total.saturating_sub(visible) as f64).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_covers_what_is_seen_and_a_screen_around_it() {
        for top in [0, 1, 9, 10, 11, 25, 9_999_990] {
            let (offset, limit) = page(top, 10);
            assert!(offset <= top.saturating_sub(9) && offset + u64::from(limit) >= top + 20, "{top}: {offset} {limit}");
        }
        assert_eq!(page(31, 10), page(38, 10));
    }

    #[test]
    fn the_thumb_reaches_both_ends_of_ten_million_rows() {
        let total = 10_000_000;
        assert_eq!(thumb(0, 10, total, 200.0), (0.0, 24.0));
        assert_eq!(thumb(total - 10, 10, total, 200.0).0, 176.0);
        assert_eq!(top_of_thumb(176.0, 10, total, 200.0), total - 10);
        assert_eq!(top_of_thumb(0.0, 10, total, 200.0), 0);
    }

    #[test]
    fn the_cursor_stays_in_sight_and_in_the_table() {
        let mut memory = Memory::default();
        memory.step(15, 20, 10);
        assert_eq!((memory.cursor, memory.top), (15, 6));
        memory.step(99, 20, 10);
        assert_eq!((memory.cursor, memory.top), (19, 10));
        memory.step(-99, 20, 10);
        assert_eq!((memory.cursor, memory.top), (0, 0));
    }

    #[test]
    fn the_table_follows_a_moving_window_now_and_then_and_reaches_it() {
        let mut memory = Memory::default();
        let window = |start: i64| Span::new(crate::time::Time(start), crate::time::Time(start + 10));
        let asked: Vec<i64> = (0..30).map(|frame| memory.follow(window(frame), frame as f64 / 60.0).0.start.0).collect();
        let distinct = asked.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!((3..=5).contains(&distinct), "{asked:?}");
        assert!(memory.follow(window(29), 0.5).1.is_some());
        assert_eq!(memory.follow(window(29), 0.7), (window(29), None));
    }

    #[test]
    fn the_wheel_moves_whole_rows_and_keeps_the_rest() {
        let mut memory = Memory::default();
        for _ in 0..4 {
            memory.wheel(11.0);
        }
        assert_eq!((memory.top, memory.rest), (2, 0.0));
        memory.wheel(-66.0);
        assert_eq!(memory.top, 0);
    }
}
