//! Keys as the program names them, apart from any toolkit.

/// A key on the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A letter, digit or sign, in lower case.
    Char(char),
    /// Escape.
    Escape,
    /// Enter.
    Enter,
    /// Left arrow.
    Left,
    /// Right arrow.
    Right,
    /// Up arrow.
    Up,
    /// Down arrow.
    Down,
    /// Home.
    Home,
    /// F5.
    F5,
}

/// A key with what is held down beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shortcut {
    /// The key.
    pub key: Key,
    /// Ctrl, or Command on a Mac.
    pub is_ctrl: bool,
    /// Shift.
    pub is_shift: bool,
}

impl Shortcut {
    /// The key alone.
    pub const fn plain(key: Key) -> Self {
        Self { key, is_ctrl: false, is_shift: false }
    }

    /// With Ctrl.
    pub const fn ctrl(key: Key) -> Self {
        Self { key, is_ctrl: true, is_shift: false }
    }

    /// With Shift.
    pub const fn shift(key: Key) -> Self {
        Self { key, is_ctrl: false, is_shift: true }
    }

    /// With Ctrl and Shift.
    pub const fn ctrl_shift(key: Key) -> Self {
        Self { key, is_ctrl: true, is_shift: true }
    }

    /// Each key cap by its name.
    pub fn caps(self) -> Vec<String> {
        let mut caps = Vec::new();
        if self.is_ctrl {
            caps.push("Ctrl".to_owned());
        }
        if self.is_shift {
            caps.push("Shift".to_owned());
        }
        caps.push(match self.key {
            Key::Char(char) => char.to_uppercase().to_string(),
            Key::Escape => "Esc".to_owned(),
            Key::Enter => "Enter".to_owned(),
            Key::Left => "←".to_owned(),
            Key::Right => "→".to_owned(),
            Key::Up => "↑".to_owned(),
            Key::Down => "↓".to_owned(),
            Key::Home => "Home".to_owned(),
            Key::F5 => "F5".to_owned(),
        });
        caps
    }
}
