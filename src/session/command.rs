//! Commands: everything that a person can ask for, as plain values. Views make them; only `update` and the app obey them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::document::{Board, LaneName};
use crate::data::{Field, Listed, Row};
use crate::ingest::{Options, SavedMapping};
use crate::query::{Filter, LaneSort};
use crate::time::{Span, Time, Zone};

/// What a person asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Changes the Document; undoable.
    Edit(Edit),
    /// Moves about; back and forward, no undo.
    Navigate(Navigate),
    /// Opens or closes a part of the window.
    Show(Show),
    /// An effect that only the app performs.
    Action(Action),
    /// Takes the last edit back.
    Undo,
    /// Does it again.
    Redo,
}

/// A change of the Document.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// The whole filter.
    Filter(Filter),
    /// The whole filter, while a hand drags it: all such changes in a row are one edit.
    DragFilter(Filter),
    /// Chooses a value of a field, or no longer.
    ToggleValue(Field, String),
    /// Only this value of a field.
    OnlyValue(Field, String),
    /// Everything passes.
    ClearFilter,
    /// Lanes by this field.
    Lane(Option<Field>),
    /// The order of lanes.
    LaneSort(LaneSort),
    /// Folds a lane to its density, or unfolds it.
    ToggleCollapsed(LaneName),
    /// A lane shows every row it needs, or as many as fit.
    ToggleExpanded(LaneName),
    /// Folds these lanes, and no others.
    CollapseOnly(Vec<LaneName>),
    /// Takes a lane away.
    Hide(LaneName),
    /// Brings all lanes back.
    ShowAllLanes,
    /// Keeps a lane on top, or no longer.
    TogglePinned(LaneName),
    /// Colours by this field.
    Colour(Option<Field>),
    /// A board as it shall be; a further one when the place is that after the last.
    Board(usize, Board),
    /// The fields of the filter panel.
    Facets(Vec<Field>),
    /// The columns of the table.
    Columns(Vec<Field>),
    /// The table's order.
    TableSort(Option<(Field, bool)>),
    /// The zone of times of day.
    Zone(Zone),
    /// The title of exports.
    Title(String),
}

/// A move.
#[derive(Clone, Debug, PartialEq)]
pub enum Navigate {
    /// Shows this stretch of time.
    Window(Span),
    /// Zooms by a factor (above 1 shows less time) about a moment, or about the middle.
    Zoom(f64, Option<Time>),
    /// Moves by a part of the window, to later times when positive.
    Pan(f64),
    /// Shows everything.
    Fit,
    /// Shows the selection closely; once more: everything.
    Focus,
    /// Brings the selection into view, where nothing of it is.
    IntoView,
    /// Selects these records, instead of what was selected.
    Select(Vec<Row>),
    /// Adds a record to the selection, or takes it out.
    ToggleSelected(Row),
    /// Selects nothing.
    Deselect,
    /// Brushes a span, or no longer.
    Brush(Option<Span>),
    /// The pointer is at this moment.
    Hover(Option<Time>),
    /// The pointer is on this record.
    HoverRow(Option<Row>),
    /// The next record in the same lane.
    NextInLane,
    /// The previous one.
    PreviousInLane,
    /// The window before.
    Back,
    /// The window after that.
    Forward,
}

/// A part of the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Show {
    /// The filter panel.
    Facets(bool),
    /// The filter panel as a sheet, in narrow windows.
    FacetsSheet(bool),
    /// The panel on the right.
    Inspector(bool),
    /// The table.
    Table(bool),
    /// A dialog over everything, or none.
    Dialog(Option<Dialog>),
    /// What is typed into the search box; it becomes the filter when it can be understood.
    SearchText(String),
    /// Puts the keyboard into the search box.
    FocusSearch,
    /// Closes the topmost thing: dialog, brush, selection.
    Escape,
    /// A short message; `None` takes it away.
    Notice(Option<String>),
    /// Light, dark, or as the system.
    Theme(ThemeChoice),
    /// How the file would be read, in the panel where that is chosen, which opens.
    Reading(Box<Options>),
    /// Which of several files the panel is about; the first one that was read when it is none.
    ReadingFile(Option<String>),
    /// The strip that says what was assumed about the file.
    Assumed(bool),
}

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// A dialog.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// Every command, by typing.
    Palette,
    /// All keys.
    Keys,
    /// What could not be taken as it stood.
    Issues,
    /// Files: recent ones and a path field.
    Open,
    /// The full address of a link, before it is opened.
    Link(String),
    /// Picture, size, scale.
    Export,
    /// A date to go to.
    GoTo,
    /// Which columns the table has.
    Columns,
    /// How the file is read: what was understood of it, and what its rows become.
    Reading,
    /// A newer release of the open file, to be compared with it.
    Compare,
    /// Where the rows that could not be read are written to.
    SaveRejected,
}

/// The size and form of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PictureFormat {
    /// SVG instead of PNG.
    pub is_svg: bool,
    /// Pixels per point, for PNG.
    pub scale: f32,
    /// Points across and down.
    pub size: [f32; 2],
}

impl PictureFormat {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        if self.is_svg { "svg" } else { "png" }
    }

    /// The path with the ending of this form: that of the other form gives way to it, any other ending is part of the name.
    pub fn path(self, path: &Path) -> PathBuf {
        let ending = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
        match ending.as_deref() {
            Some(own) if own == self.ending() => path.to_owned(),
            Some("svg" | "png") => path.with_extension(self.ending()),
            _ => {
                let mut name = path.as_os_str().to_owned();
                name.push(".");
                name.push(self.ending());
                PathBuf::from(name)
            }
        }
    }
}

/// An effect.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Opens a file or folder.
    Open(PathBuf),
    /// Opens files and folders as one dataset.
    OpenAll {
        /// Where they are.
        paths: Vec<PathBuf>,
        /// Is the second of two a newer release of the first? Without an answer, when it looks so.
        is_release: Option<bool>,
    },
    /// Asks the desktop for a file or several.
    OpenDialog,
    /// Asks the desktop for a folder.
    OpenFolderDialog,
    /// Asks the desktop for a newer release of the open file.
    CompareDialog,
    /// Looks up the lines of the file around an issue.
    ShowLines(Box<Listed>),
    /// Compares the open file with a newer release of it.
    CompareWith(PathBuf),
    /// Writes the rows that could not be read, asking the desktop where.
    SaveRejected,
    /// Writes them there; never over a file.
    SaveRejectedTo(PathBuf),
    /// Opens the bundled sample.
    OpenSample,
    /// Takes away what is said of the open file.
    CloseStanding,
    /// Reads the open file again.
    ReadAgain,
    /// Reads the file anew in this way; the one that could not be opened, if one was tried.
    ReadWith(Box<Options>),
    /// Keeps a mapping for files with the same columns.
    KeepMapping(Box<SavedMapping>),
    /// Forgets the mapping of files with these columns.
    ForgetMapping(Vec<String>),
    /// Writes a mapping to a file, asking where when no path is given.
    WriteMapping(Box<SavedMapping>, Option<PathBuf>),
    /// Takes a mapping from a file into the panel, asking which when no path is given.
    TakeMapping(Option<PathBuf>),
    /// Removes the kept copies of files.
    ClearCopies,
    /// Ends the loading.
    CancelLoad,
    /// Writes a picture, asking where.
    Export(PictureFormat),
    /// Writes a picture there.
    ExportTo(PictureFormat, PathBuf),
    /// Copies a picture of the view.
    CopyImage,
    /// Copies text.
    CopyText(String),
    /// Opens an address in the browser; only http and https.
    OpenLink(String),
    /// Ends the program.
    Quit,
}

impl From<Edit> for Command {
    fn from(edit: Edit) -> Self {
        Self::Edit(edit)
    }
}

impl From<Navigate> for Command {
    fn from(navigate: Navigate) -> Self {
        Self::Navigate(navigate)
    }
}

impl From<Show> for Command {
    fn from(show: Show) -> Self {
        Self::Show(show)
    }
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Action(action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_a_picture_is_that_of_its_form() {
        let png = PictureFormat { is_svg: false, scale: 1.0, size: [1.0; 2] };
        let svg = PictureFormat { is_svg: true, ..png };
        for (format, typed, path) in [
            (svg, "/a/out.png", "/a/out.svg"),
            (svg, "/a/out.SVG", "/a/out.SVG"),
            (png, "/a/out.svg", "/a/out.png"),
            (png, "/a/v1.2", "/a/v1.2.png"),
            (svg, "/a.b/out", "/a.b/out.svg"),
        ] {
            assert_eq!(format.path(Path::new(typed)), PathBuf::from(path), "{typed}");
        }
    }
}
