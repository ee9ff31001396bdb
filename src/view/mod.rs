//! The window's panels: each draws from the Session and from answers, and returns commands and questions.
//! A view never reads a dataset, an engine or the disk, and never changes the Session.

mod assumed;
mod axis;
mod boards;
mod dialogs;
mod facets;
mod frame;
mod hover_card;
mod icons;
mod import;
mod inspector;
mod marks;
mod picture;
mod rows;
mod search;
mod selected;
mod stale;
mod standing;
mod status_bar;
mod table;
mod timeline;
mod top_bar;
mod widgets;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub mod fonts;
pub mod theme;

pub use axis::{AXIS_HEIGHT, paint_time_axis, paint_time_grid, time_ticks};
pub use frame::window_ui;
pub use icons::icon;
pub use marks::{MarkPaint, RADIUS_BOARD, RADIUS_EXPORT, RADIUS_TIMELINE, mark_shapes, open_arrow, paint_mark};
pub use picture::{PictureContent, picture_ui};
pub use rows::{counted_noun, sentence};
pub use theme::Theme;

use std::path::PathBuf;
use std::sync::Arc;

use crate::data::{Excerpt, Listed};
use crate::ingest::{Examined, Mapping, Options};
use crate::query::{Answer, Query};
use crate::session::{Action, Answers, Command, Questions, Session, Slot};

/// What a file is doing, for the loading and failed states.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum FileState {
    /// Nothing is open.
    #[default]
    Empty,
    /// A file is being read: its name, and how far.
    Loading(LoadingState),
    /// A file is open.
    Ready,
    /// A file could not be opened: its name and why.
    Failed {
        /// The file.
        name: String,
        /// What was wrong, and what to do.
        message: String,
        /// May another way of reading it help?
        can_be_read_otherwise: bool,
    },
}

/// How far loading has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadingState {
    /// The file's name.
    pub name: String,
    /// Bytes read.
    pub bytes: u64,
    /// Bytes in all; 0 when unknown.
    pub bytes_total: u64,
    /// Records read.
    pub rows: u64,
    /// Issues found.
    pub issues: u64,
    /// Has a first picture been shown?
    pub has_picture: bool,
}

/// A file that was open before.
#[derive(Clone, Debug, PartialEq)]
pub struct RecentFile {
    /// Where it is.
    pub path: PathBuf,
    /// How many records it had.
    pub records: u64,
    /// Is it still there?
    pub exists: bool,
}

/// What is to be said of the open file until somebody has seen it.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// What it is.
    pub text: String,
    /// What can be done.
    pub offer: Offer,
    /// Is something wrong?
    pub is_warning: bool,
}

/// Something that can be done with one click.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// What the button says.
    pub label: &'static str,
    /// What it does.
    pub action: Action,
}

/// The lines of a file around an issue, as far as they are looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// The issue.
    pub issue: Listed,
    /// The lines.
    pub found: LookedUp,
}

/// What looking up came to.
#[derive(Clone, Debug, PartialEq)]
pub enum LookedUp {
    /// It is under way.
    Looking,
    /// The lines.
    Found(Arc<Excerpt>),
    /// Why there are none.
    Failed(String),
}

/// One of several files.
#[derive(Clone, Debug, PartialEq)]
pub struct FileSeen {
    /// Its name among the several.
    pub name: String,
    /// `csv`, `json` …; empty where that is not known.
    pub format: String,
    /// Its rows of data.
    pub rows: u64,
    /// Its columns by their names; none where it has none.
    pub columns: Vec<String>,
    /// What has become of it.
    pub fate: FileFate,
}

impl FileSeen {
    /// A file of which nothing but its name is known.
    pub fn named(name: String) -> Self {
        Self { name, format: String::new(), rows: 0, columns: Vec::new(), fate: FileFate::Unknown }
    }
}

/// What has become of one of several files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFate {
    /// Its records are there.
    Read,
    /// It could not be read, and why.
    NotRead(String),
    /// It is no table, and how that is known.
    PassedOver(String),
    /// None of the files has been read.
    Unknown,
}

/// What was seen of the beginning of a file, for the panel in which it is chosen how the file is read.
#[derive(Clone, Debug, Default)]
pub struct LookState {
    /// What the file, or several together, are called.
    pub name: String,
    /// All files, where there are several.
    pub files: Vec<FileSeen>,
    /// Which of them was looked at last.
    pub file: Option<String>,
    /// The last look that came back.
    pub seen: Option<Arc<Examined>>,
    /// What its columns were taken to mean before anybody chose.
    pub detected: Option<Arc<Mapping>>,
    /// Why the file cannot be read as it is wished now.
    pub error: Option<String>,
    /// Is a newer look under way?
    pub is_working: bool,
}

impl LookState {
    /// How the file that is shown is read by a draft.
    pub fn options_of(&self, draft: &Options) -> Options {
        self.file.as_ref().map_or_else(|| draft.clone(), |file| draft.of_file(file))
    }

    /// A draft by which the file that is shown is read otherwise.
    pub fn draft_with(&self, draft: &Options, options: &Options) -> Options {
        self.file.as_ref().map_or_else(|| options.clone(), |file| draft.with_file(file, options))
    }

    /// The other files that have the columns of the one that is shown.
    pub fn alike(&self) -> impl Iterator<Item = &FileSeen> {
        let shown = self.files.iter().find(|file| Some(&file.name) == self.file.as_ref() && !file.columns.is_empty());
        let is_alike = move |file: &&FileSeen| shown.is_some_and(|shown| shown.columns == file.columns && shown.name != file.name);
        self.files.iter().filter(is_alike)
    }

    /// A draft by which the columns of the file that is shown, and of those with the same columns, mean this.
    pub fn draft_with_mapping(&self, draft: &Options, mapping: &Mapping) -> Options {
        let with = |options: Options| Options { mapping: Some(mapping.clone()), changes: Vec::new(), ..options };
        let draft_of_shown = self.draft_with(draft, &with(self.options_of(draft)));
        self.alike().fold(draft_of_shown, |draft, file| draft.with_file(&file.name, &with(draft.of_file(&file.name))))
    }
}

/// What is said of how the open file was read, and the way back.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadNote {
    /// What it is.
    pub text: String,
    /// What the button says.
    pub offer: &'static str,
    /// How the button reads the file.
    pub options: Options,
}

/// What the app tells the views beside the Session.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// What the file is doing.
    pub file: FileState,
    /// The lines around the issue that is looked at.
    pub excerpt: Option<Looked>,
    /// What is to be said of the open file.
    pub standing: Option<Standing>,
    /// How the open file came to be read.
    pub read_note: Option<ReadNote>,
    /// What was seen of the beginning of the file.
    pub look: LookState,
    /// Files that were open before, the last one first.
    pub recent: Vec<RecentFile>,
    /// Is a file being dragged over the window?
    pub is_drop_hovered: bool,
    /// Slots whose answer at hand is not yet the one to the latest question.
    pub is_stale: bool,
    /// Is this an export or a test: no hover, no focus ring?
    pub is_still: bool,
    /// Is it drawn for an export: no controls, no minimap, marks at the size of exports?
    pub is_picture: bool,
}

/// What a view draws from, and where it puts what it wants.
pub struct Cx<'a> {
    /// The state; read only.
    pub session: &'a Session,
    /// The answers at hand.
    pub answers: &'a Answers,
    /// What the app tells beside the Session.
    pub around: &'a Surroundings,
    /// The colours.
    pub theme: &'a Theme,
    /// Questions for the next frame.
    pub questions: &'a mut Questions,
    /// What a person asked for in this frame.
    pub commands: &'a mut Vec<Command>,
}

impl<'a> Cx<'a> {
    /// Puts a question and gives the answer at hand, be it to an older question of the same slot.
    pub fn ask(&mut self, slot: Slot, query: Query) -> Option<&'a Answer> {
        let answer = self.answers.get(&slot);
        self.questions.ask(slot, query);
        answer
    }

    /// Asks for something to be done.
    pub fn send(&mut self, command: impl Into<Command>) {
        self.commands.push(command.into());
    }
}
