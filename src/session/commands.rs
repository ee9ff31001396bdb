//! The table of commands: one line each, which menus, palette, keys and the help page are made of.

use super::document::BoardKind;
use super::keys::{Key, Shortcut};
use super::{Action, Command, Dialog, Edit, Navigate, PictureFormat, Session, Show, ThemeChoice};
use crate::query::LaneSort;

/// Where a command stands in lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandGroup {
    /// Opening and leaving.
    File,
    /// Moving in time.
    Time,
    /// Records and selection.
    Records,
    /// Filter and search.
    Filter,
    /// Lanes and colours.
    View,
    /// Pictures and copies.
    Export,
}

impl CommandGroup {
    /// Every group, in the order of lists.
    pub const ALL: [Self; 6] = [Self::File, Self::Time, Self::Records, Self::Filter, Self::View, Self::Export];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Time => "Time",
            Self::Records => "Records",
            Self::Filter => "Filter",
            Self::View => "View",
            Self::Export => "Export",
        }
    }
}

/// One command.
pub struct CommandEntry {
    /// What it is called.
    pub name: &'static str,
    /// What it does, where the name does not say it all.
    pub help: &'static str,
    /// Where it stands.
    pub group: CommandGroup,
    /// The icon's name.
    pub icon: &'static str,
    /// Its keys; the first one is shown.
    pub keys: &'static [Shortcut],
    /// Can it be done now?
    pub is_available: fn(&Session) -> bool,
    /// What it means now.
    pub make: fn(&Session) -> Command,
}

const fn key(char: char) -> Shortcut {
    Shortcut::plain(Key::Char(char))
}

const fn ctrl(char: char) -> Shortcut {
    Shortcut::ctrl(Key::Char(char))
}

fn always(_: &Session) -> bool {
    true
}

fn is_open(session: &Session) -> bool {
    session.schema.is_some()
}

fn has_rejected(session: &Session) -> bool {
    session.schema.as_ref().is_some_and(|schema| schema.origin.rejected > 0)
}

macro_rules! commands {
    ($($name:literal, $help:literal, $group:ident, $icon:literal, [$($keys:expr),*], $when:expr, $make:expr;)+) => {
        /// Every command.
        pub const COMMANDS: &[CommandEntry] = &[$(CommandEntry {
            name: $name, help: $help, group: CommandGroup::$group, icon: $icon, keys: &[$($keys),*],
            is_available: $when, make: $make,
        },)+];
    };
}

commands! {
    "Open a file…", "by path, from recent files, or by dropping it on the window", File, "folder_open", [ctrl('o')], always,
        |_| Show::Dialog(Some(Dialog::Open)).into();
    "Open a folder…", "the files in it become one dataset", File, "folder_open", [], always, |_| Action::OpenFolderDialog.into();
    "Compare with a newer release…", "shows what was added, changed and removed", File, "compare_arrows", [], is_open,
        |_| Show::Dialog(Some(Dialog::Compare)).into();
    "Open the sample", "348 records on North Korea’s aid to Russia", File, "description", [], always, |_| Action::OpenSample.into();
    "Read the file again", "when it has changed on disk; filters and lanes stay", File, "refresh", [Shortcut::plain(Key::F5)], is_open, |_| Action::ReadAgain.into();
    "How the file is read…", "format, columns, dates and numbers, with the records that they become", File, "data_table", [ctrl('i')], always,
        |s| Show::Reading(Box::new(s.read_with.clone())).into();
    "Clear kept copies", "of files that were read, which make them open at once; no file of yours", File, "remove", [], always,
        |_| Action::ClearCopies.into();
    "Show what could not be read", "issues with line, column, value and reason", File, "warning", [], is_open,
        |_| Show::Dialog(Some(Dialog::Issues)).into();
    "Save rejected rows…", "as CSV: file, line, reason, and the row as it stands", File, "warning", [], has_rejected,
        |_| Show::Dialog(Some(Dialog::SaveRejected)).into();
    "Quit", "", File, "close", [ctrl('q')], always, |_| Action::Quit.into();

    "Zoom in", "", Time, "zoom_in", [key('w'), key('+'), key('=')], is_open, |_| Navigate::Zoom(1.5, None).into();
    "Zoom out", "", Time, "zoom_out", [key('s'), key('-')], is_open, |_| Navigate::Zoom(1.0 / 1.5, None).into();
    "Pan to earlier", "", Time, "arrow_back", [key('a'), Shortcut::plain(Key::Left)], is_open, |_| Navigate::Pan(-0.2).into();
    "Pan to later", "", Time, "arrow_forward", [key('d'), Shortcut::plain(Key::Right)], is_open, |_| Navigate::Pan(0.2).into();
    "Focus, then fit", "the selection or the brush, then what the filter leaves, then everything", Time, "fit_screen", [key('f')], is_open, |_| Navigate::Focus.into();
    "Fit everything", "", Time, "fit_screen", [Shortcut::plain(Key::Home)], is_open, |_| Navigate::Fit.into();
    "Go to a date…", "", Time, "calendar_month", [key('g')], is_open, |_| Show::Dialog(Some(Dialog::GoTo)).into();
    "Back", "to the window or selection before", Time, "arrow_back", [Shortcut::plain(Key::Char('['))], Session::can_go_back,
        |_| Navigate::Back.into();
    "Forward", "", Time, "arrow_forward", [Shortcut::plain(Key::Char(']'))], Session::can_go_forward, |_| Navigate::Forward.into();

    "Next record in lane", "without a selection the first in view", Records, "arrow_forward", [key('.')], is_open, |_| Navigate::NextInLane.into();
    "Previous record in lane", "without a selection the last in view", Records, "arrow_back", [key(',')], is_open, |_| Navigate::PreviousInLane.into();
    "Show or hide the table", "", Records, "table_rows", [ctrl('t')], is_open, |s| Show::Table(!s.panels.has_table).into();
    "Choose table columns…", "", Records, "table_rows", [], is_open, |_| Show::Dialog(Some(Dialog::Columns)).into();
    "Show or hide the inspector", "", Records, "info", [key('i')], is_open, |s| Show::Inspector(!s.panels.has_inspector).into();
    "Escape", "closes a dialog, then the brush, then the selection", Records, "close", [Shortcut::plain(Key::Escape)], always,
        |_| Show::Escape.into();

    "Search", "all text, or a query such as metric:killed after:2024-10", Filter, "search", [key('/'), ctrl('f')], is_open,
        |_| Show::FocusSearch.into();
    "Clear the filter", "", Filter, "filter_alt_off", [Shortcut::ctrl_shift(Key::Char('x'))], is_open, |_| Edit::ClearFilter.into();
    "Show or hide the filters", "", Filter, "filter_alt", [ctrl('b')], is_open, |s| Show::Facets(!s.panels.has_facets).into();
    "Keep the brush as a filter", "", Filter, "filter_alt", [key('k')], |s| s.place.brush.is_some(), keep_brush;
    "Undo", "an edit, or another way of reading the file", Filter, "undo", [ctrl('z')], Session::can_undo, |_| Command::Undo;
    "Redo", "", Filter, "redo", [Shortcut::ctrl_shift(Key::Char('z')), ctrl('y')], Session::can_redo, |_| Command::Redo;

    "Sort lanes by count", "", View, "sort", [], is_open, |_| Edit::LaneSort(LaneSort::Count).into();
    "Sort lanes by first date", "", View, "sort", [], is_open, |_| Edit::LaneSort(LaneSort::First).into();
    "Sort lanes by name", "", View, "sort", [], is_open, |_| Edit::LaneSort(LaneSort::Name).into();
    "Unfold all lanes", "", View, "unfold_more", [], |s| !s.document.collapsed.is_empty(), |_| Edit::CollapseOnly(Vec::new()).into();
    "Show hidden lanes", "", View, "visibility", [], |s| !s.document.hidden.is_empty(), |_| Edit::ShowAllLanes.into();
    "Fold or unfold Casualties", "", View, "bar_chart", [], |s| has_board(s, BoardKind::Casualties), |s| fold(s, BoardKind::Casualties);
    "Fold or unfold Shipments", "", View, "bar_chart", [], |s| has_board(s, BoardKind::Shipments), |s| fold(s, BoardKind::Shipments);
    "Light theme", "", View, "light_mode", [], always, |_| Show::Theme(ThemeChoice::Light).into();
    "Dark theme", "", View, "dark_mode", [], always, |_| Show::Theme(ThemeChoice::Dark).into();
    "Theme of the system", "", View, "tune", [], always, |_| Show::Theme(ThemeChoice::System).into();
    "Command palette", "every command, by typing", View, "keyboard_command_key", [ctrl('k')], always,
        |_| Show::Dialog(Some(Dialog::Palette)).into();
    "All keys", "", View, "keyboard", [key('?')], always, |_| Show::Dialog(Some(Dialog::Keys)).into();

    "Export a picture…", "PNG or SVG, with title, sources and filter in it", Export, "ios_share", [ctrl('e')], is_open,
        |_| Show::Dialog(Some(Dialog::Export)).into();
    "Export as PNG, 2x", "", Export, "image", [], is_open, |_| Action::Export(PictureFormat { is_svg: false, scale: 2.0, size: [1600.0, 900.0] }).into();
    "Export as SVG", "", Export, "image", [], is_open, |_| Action::Export(PictureFormat { is_svg: true, scale: 1.0, size: [1600.0, 900.0] }).into();
    "Copy a picture", "of the view, to the clipboard", Export, "content_copy", [Shortcut::ctrl_shift(Key::Char('c'))], is_open,
        |_| Action::CopyImage.into();
}

fn keep_brush(session: &Session) -> Command {
    let during = session.place.brush.map_or(crate::query::Filter::All, |span| crate::query::Filter::During(crate::data::Field::WHEN, span));
    Edit::Filter(session.document.filter.clone().and(during)).into()
}

fn has_board(session: &Session, kind: BoardKind) -> bool {
    session.document.boards.iter().any(|board| board.kind == kind)
}

fn fold(session: &Session, kind: BoardKind) -> Command {
    let found = session.document.boards.iter().enumerate().find(|(_, board)| board.kind == kind);
    match found {
        Some((index, board)) => Edit::Board(index, super::Board { is_open: !board.is_open, ..board.clone() }).into(),
        None => Show::Notice(None).into(),
    }
}

/// The command of a key, when it can be done now.
pub fn command_of_key(session: &Session, shortcut: Shortcut) -> Option<Command> {
    let entry = COMMANDS.iter().find(|entry| entry.keys.contains(&shortcut) && (entry.is_available)(session))?;
    Some((entry.make)(session))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_key() {
        let mut seen: Vec<(Shortcut, &str)> = Vec::new();
        for entry in COMMANDS {
            for shortcut in entry.keys {
                if let Some((_, other)) = seen.iter().find(|(own, _)| own == shortcut) {
                    panic!("{} and {other} share {:?}", entry.name, shortcut.caps());
                }
                seen.push((*shortcut, entry.name));
            }
        }
    }

    #[test]
    fn a_command_that_cannot_be_done_has_no_key() {
        let session = Session::default();
        assert_eq!(command_of_key(&session, ctrl('z')), None);
        assert!(command_of_key(&session, ctrl('k')).is_some());
    }
}
