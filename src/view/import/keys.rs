//! Lists by keys: while a list is open it has the keyboard, arrows move in it, letters go to what begins with them, Enter chooses.

use eframe::egui::{Event, EventFilter, Id, Key, Modifiers, Rect, Response, Sense, Ui};

/// Letters that come within so many seconds belong to one word.
const WORD_SECS: f64 = 1.0;

/// What a list remembers while it is open.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// The entry that the keyboard is on.
    pub(super) at: Option<usize>,
    /// What was typed, and when the last letter of it came.
    typed: String,
    typed_at: f64,
    /// The last frame in which the list was open.
    pass: Option<u64>,
}

impl Memory {
    /// What the list of this id remembers; nothing when it was closed since. The second is whether it has just opened: the key that
    /// opened it is not meant for it.
    pub(super) fn load(ui: &Ui, id: Id) -> (Self, bool) {
        let now = ui.ctx().cumulative_pass_nr();
        let kept: Option<Self> = ui.data(|data| data.get_temp(id));
        let kept = kept.filter(|kept| kept.pass.is_some_and(|pass| pass + 1 >= now));
        let is_new = kept.is_none();
        (Self { pass: Some(now), ..kept.unwrap_or_default() }, is_new)
    }

    /// The keyboard is on this entry.
    pub(super) fn on(at: Option<usize>) -> Self {
        Self { at, ..Self::default() }
    }

    pub(super) fn store(self, ui: &Ui, id: Id) {
        ui.data_mut(|data| data.insert_temp(id, self));
    }

    /// Moves among so many entries by arrows, Home and End; says whether it moved.
    pub(super) fn move_by_arrows(&mut self, ui: &Ui, count: usize) -> bool {
        let Some(last) = count.checked_sub(1) else { return false };
        let before = self.at;
        let pressed = |key: Key| ui.input(|input| input.num_presses(key));
        let (up, down) = (pressed(Key::ArrowUp), pressed(Key::ArrowDown));
        if up + down > 0 {
            // From no entry, down goes to the first one.
            let from = self.at.map_or(0, |at| at + 1);
            self.at = Some((from + down).saturating_sub(up + 1).min(last));
        }
        if pressed(Key::Home) > 0 {
            self.at = Some(0);
        }
        if pressed(Key::End) > 0 {
            self.at = Some(last);
        }
        self.at != before
    }

    /// Goes to the entry that begins with what was typed, or has a word that does; says whether it moved.
    fn move_by_letters(&mut self, ui: &Ui, labels: &[&str]) -> bool {
        let now = ui.input(|input| input.time);
        let new = typed(ui);
        if new.is_empty() {
            return false;
        }
        if now - self.typed_at > WORD_SECS {
            self.typed.clear();
        }
        self.typed_at = now;
        self.typed.push_str(&new.to_lowercase());
        // The same letter once more goes on to the next entry that begins with it.
        let first = self.typed.chars().next();
        let is_repeated = self.typed.chars().count() > 1 && self.typed.chars().all(|letter| Some(letter) == first);
        let from = if is_repeated { self.at.map_or(0, |at| at + 1) } else { 0 };
        let start: String = if is_repeated { first.into_iter().collect() } else { self.typed.clone() };
        if let Some(found) = find(labels, &start, from) {
            let has_moved = self.at != Some(found);
            self.at = Some(found);
            return has_moved;
        }
        false
    }
}

/// What is typed in this frame.
pub(super) fn typed(ui: &Ui) -> String {
    ui.input(|input| {
        let letters = input.events.iter().filter_map(|event| if let Event::Text(text) = event { Some(text.as_str()) } else { None });
        letters.collect()
    })
}

/// The entry that begins with a text, from a place on and round; else one with a word that does.
pub(super) fn find(labels: &[&str], start: &str, from: usize) -> Option<usize> {
    let order = || (from..labels.len()).chain(0..from.min(labels.len()));
    let begins = |place: &usize| labels[*place].to_lowercase().starts_with(start);
    let has_word = |place: &usize| has_word(labels[*place], start);
    order().find(begins).or_else(|| order().find(has_word))
}

/// Has a text a word that begins so?
pub(super) fn has_word(text: &str, start: &str) -> bool {
    let text = text.to_lowercase();
    text.starts_with(start) || text.match_indices(start).any(|(at, _)| text[..at].ends_with(|before: char| !before.is_alphanumeric()))
}

/// Is this key meant for the list? It is then meant for nothing else.
pub(super) fn takes(ui: &Ui, key: Key) -> bool {
    ui.input_mut(|input| input.consume_key(Modifiers::NONE, key))
}

/// What the keyboard does in a list of such entries.
pub(super) struct Keyed {
    /// The entry that it is on.
    pub(super) at: Option<usize>,
    /// Shall that come into sight?
    pub(super) has_moved: bool,
    /// Was that chosen?
    pub(super) is_chosen: bool,
}

/// Gives the keyboard to a list that is open, `now` being the entry that holds; gives it back to the button when the list is left.
pub(super) fn list_keys(ui: &Ui, button: &Response, labels: &[&str], now: Option<usize>) -> Keyed {
    let id = button.id.with("list_keys");
    let (mut memory, is_new) = Memory::load(ui, id);
    let holder =
        ui.interact(Rect::from_min_size(ui.min_rect().min, eframe::egui::Vec2::ZERO), id.with("holder"), Sense::focusable_noninteractive());
    let mut keyed = Keyed { at: None, has_moved: is_new, is_chosen: false };
    if is_new {
        memory.at = now;
        holder.request_focus();
        // What was typed in one go behind the key that opened the list.
        keyed.has_moved |= memory.move_by_letters(ui, labels);
    } else {
        let filter = EventFilter { tab: true, vertical_arrows: true, horizontal_arrows: true, escape: false };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(holder.id, filter));
        keyed.has_moved = memory.move_by_arrows(ui, labels.len()) | memory.move_by_letters(ui, labels);
        keyed.is_chosen = memory.at.is_some() && takes(ui, Key::Enter);
    }
    keyed.at = memory.at;
    if keyed.is_chosen || ui.input(|input| input.key_pressed(Key::Escape)) {
        button.request_focus();
    }
    memory.store(ui, id);
    keyed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_find_what_begins_with_them_before_words_that_do() {
        let labels = ["Actor, from", "Last day", "Day of the month", "Date, or first day"];
        assert_eq!(find(&labels, "da", 0), Some(2));
        assert_eq!(find(&labels, "da", 3), Some(3));
        assert_eq!(find(&labels, "first", 0), Some(3));
        assert_eq!(find(&labels, "rom", 0), None, "in the middle of a word is not where people look");
        assert_eq!(find(&labels, "a", 9), Some(0), "and it goes round");
    }
}
