//! From the toolkit's key events to the program's own shortcuts.

use eframe::egui::{self, Event, Modifiers};

use crate::session::{Key, Shortcut};

/// The shortcuts pressed in this frame; while text is being typed only those with Ctrl, Escape and F5. A list or a button that has the
/// focus keeps the keys that move in it.
pub(super) fn pressed(ctx: &egui::Context) -> Vec<Shortcut> {
    let is_typing = ctx.text_edit_focused();
    let is_in_list = ctx.egui_wants_keyboard_input();
    // A list that is open has Escape first.
    let is_popup_open = egui::Popup::is_any_open(ctx);
    let is_meant = |shortcut: &Shortcut| match shortcut.key {
        Key::Escape => !is_popup_open,
        Key::F5 => true,
        _ if is_typing => shortcut.is_ctrl && !is_editing(*shortcut),
        Key::Left | Key::Right | Key::Up | Key::Down | Key::Home | Key::Enter => !is_in_list || shortcut.is_ctrl,
        Key::Char(_) => true,
    };
    ctx.input(|input| input.events.iter().filter_map(shortcut_of).filter(is_meant).collect())
}

/// What was typed in one go behind a key that opens a field for text. It is meant for the field, and waits for the frame in which the
/// field has the focus.
#[derive(Default)]
pub(super) struct TypedAhead(Vec<Event>);

impl TypedAhead {
    /// Gives back what has waited, and holds back what comes behind a key that `opens_field`.
    pub(super) fn hold(&mut self, ctx: &egui::Context, events: &mut Vec<Event>, opens_field: impl Fn(Shortcut) -> bool) {
        events.splice(0..0, self.0.drain(..));
        if ctx.text_edit_focused() {
            return;
        }
        let Some(place) = events.iter().position(|event| shortcut_of(event).is_some_and(&opens_field)) else { return };
        // A letter comes as a key and then as text, which is no text for the field.
        let is_key = matches!(events[place], Event::Key { .. });
        let is_same = is_key && matches!(events.get(place + 1), Some(Event::Text(_)));
        self.0 = events.split_off(place + 1 + usize::from(is_same));
        if !self.0.is_empty() {
            ctx.request_repaint();
        }
    }
}

/// Does a text field use this itself?
fn is_editing(shortcut: Shortcut) -> bool {
    matches!(shortcut.key, Key::Char('z' | 'y' | 'a' | 'x' | 'c' | 'v') | Key::Left | Key::Right) && !shortcut.is_shift
}

fn shortcut_of(event: &Event) -> Option<Shortcut> {
    match event {
        Event::Key { key, pressed: true, modifiers, .. } => {
            let key = named(*key).or_else(|| letter(*key))?;
            // Plain signs come as text, so that every keyboard layout finds them.
            let is_sign = matches!(key, Key::Char(char) if !char.is_ascii_alphanumeric());
            (!is_sign || modifiers.command).then(|| with(key, *modifiers))
        }
        Event::Text(text) => {
            let mut chars = text.chars();
            let (char, rest) = (chars.next()?, chars.next());
            let is_sign = !char.is_alphanumeric() && !char.is_whitespace() && rest.is_none();
            is_sign.then_some(Shortcut::plain(Key::Char(char)))
        }
        _ => None,
    }
}

fn with(key: Key, modifiers: Modifiers) -> Shortcut {
    Shortcut { key, is_ctrl: modifiers.command, is_shift: modifiers.shift }
}

fn named(key: egui::Key) -> Option<Key> {
    Some(match key {
        egui::Key::Escape => Key::Escape,
        egui::Key::Enter => Key::Enter,
        egui::Key::ArrowLeft => Key::Left,
        egui::Key::ArrowRight => Key::Right,
        egui::Key::ArrowUp => Key::Up,
        egui::Key::ArrowDown => Key::Down,
        egui::Key::Home => Key::Home,
        egui::Key::F5 => Key::F5,
        _ => return None,
    })
}

fn letter(key: egui::Key) -> Option<Key> {
    let name = key.symbol_or_name();
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(char), None) => Some(Key::Char(char.to_ascii_lowercase())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key: egui::Key) -> Event {
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
    }

    fn text(text: &str) -> Event {
        Event::Text(text.to_owned())
    }

    #[test]
    fn what_is_typed_behind_the_key_of_a_field_waits_for_the_field() {
        let ctx = egui::Context::default();
        let mut ahead = TypedAhead::default();
        let opens_field = |shortcut: Shortcut| matches!(shortcut.key, Key::Char('/' | 'g'));
        let mut events = vec![key(egui::Key::W), text("w"), key(egui::Key::G), text("g"), key(egui::Key::K), text("k")];
        ahead.hold(&ctx, &mut events, opens_field);
        assert_eq!(events, [key(egui::Key::W), text("w"), key(egui::Key::G), text("g")], "and the letter itself is no text of the field");
        let mut next = vec![key(egui::Key::I), text("i")];
        ahead.hold(&ctx, &mut next, opens_field);
        assert_eq!(next, [key(egui::Key::K), text("k"), key(egui::Key::I), text("i")]);
        let mut slash = vec![text("/"), key(egui::Key::K), text("k")];
        ahead.hold(&ctx, &mut slash, opens_field);
        assert_eq!(slash, [text("/")]);
    }
}
