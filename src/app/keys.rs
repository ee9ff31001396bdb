//! From the toolkit's key events to the program's own shortcuts.

use eframe::egui::{self, Event, Modifiers};

use crate::session::{Key, Shortcut};

/// The shortcuts pressed in this frame; while text is being typed only those with Ctrl, Escape and F5.
pub(super) fn pressed(ctx: &egui::Context) -> Vec<Shortcut> {
    let is_typing = ctx.egui_wants_keyboard_input();
    // A list that is open has Escape first.
    let is_list_open = egui::Popup::is_any_open(ctx);
    ctx.input(|input| {
        let mut list = Vec::new();
        for event in &input.events {
            let Some(shortcut) = shortcut_of(event) else { continue };
            if is_list_open && shortcut.key == Key::Escape {
                continue;
            }
            if !is_typing || (shortcut.is_ctrl && !is_editing(shortcut)) || matches!(shortcut.key, Key::Escape | Key::F5) {
                list.push(shortcut);
            }
        }
        list
    })
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
