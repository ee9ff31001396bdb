//! The Session: everything that the window shows, and the only function that changes it.

mod command;
mod commands;
mod desk;
mod document;
mod keys;
mod navigate;
mod opening;
mod past;

pub use command::{Action, Command, Dialog, Edit, Navigate, PictureFormat, Show, ThemeChoice};
pub use commands::{COMMANDS, CommandEntry, CommandGroup, command_of_key};
pub use desk::{Answers, Questions, Slot};
pub use document::{Board, BoardKind, ChartMode, Document, LaneName, ValueScale};
pub use keys::{Key, Shortcut};
pub use opening::{CASUALTY_METRICS, fit_window, is_shipment, opening_document, opening_window};

pub use past::{Reread, Turn};

use std::sync::Arc;

use self::past::Past;
use crate::data::Row;
use crate::ingest::Options;
use crate::query::{Beside, Filter, QueryError, Schema, parse_filter};
use crate::time::{Span, Time};

/// The most edits that can be taken back.
pub const UNDO_MAX: usize = 200;
/// The most windows that "back" remembers.
pub const BACK_MAX: usize = 100;

/// Where a person stands: window, selection, brush.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The stretch of time that is shown; bounded.
    pub window: Span,
    /// The selected records, the first one in the inspector.
    pub selection: Vec<Row>,
    /// The brushed span.
    pub brush: Option<Span>,
}

/// Which parts of the window are open.
#[derive(Clone, Debug, PartialEq)]
pub struct Panels {
    /// The filter panel.
    pub has_facets: bool,
    /// The filter panel as a sheet over the timeline, where the window is too narrow for it.
    pub has_facets_sheet: bool,
    /// The panel on the right.
    pub has_inspector: bool,
    /// The table.
    pub has_table: bool,
    /// A dialog over everything.
    pub dialog: Option<Dialog>,
    /// Shall the search box take the keyboard?
    pub wants_search_focus: bool,
    /// A short message.
    pub notice: Option<String>,
    /// Light, dark, or as the system.
    pub theme: ThemeChoice,
    /// The strip that says what was assumed about the file, while nobody has closed it.
    pub has_assumed: bool,
}

/// The search box: what is typed, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// The text.
    pub text: String,
    /// Why it is not the filter.
    pub error: Option<QueryError>,
}

/// Everything that the window shows.
#[derive(Clone, Debug)]
pub struct Session {
    /// What is in the file; `None` while nothing is open.
    pub schema: Option<Arc<Schema>>,
    /// What a person chose to see.
    pub document: Document,
    /// Where a person stands.
    pub place: Place,
    /// The moment under the pointer, shared by all views.
    pub hover: Option<Time>,
    /// The record under the pointer.
    pub hover_row: Option<Row>,
    /// The search box.
    pub search: Search,
    /// What is open.
    pub panels: Panels,
    /// How the open file was read.
    pub read_with: Options,
    /// How it would be read, while the panel is open in which that is chosen.
    pub draft: Options,
    /// Which of several files the panel is about, when a person has chosen one.
    pub draft_file: Option<String>,
    /// When the first selected record was; known once its answer is there.
    pub selected_span: Option<Span>,
    /// A filter, and from when to when the records are that pass it, as finely as the minimap tells; once its answer is there.
    pub hits: Option<(Filter, Span)>,
    /// A wish for the next or previous record in lane, which needs an answer: the record it starts from, and is it the next?
    pub wanted_neighbour: Option<(Beside, bool)>,
    /// Was the last edit one of a filter that a hand is dragging?
    pub(crate) is_filter_dragged: bool,
    /// A wish to go back to how the file was read before, or forth again; only the app reads files.
    pub wanted_turn: Option<Turn>,
    undo: Vec<Past>,
    redo: Vec<Past>,
    pub(crate) back: Vec<Place>,
    pub(crate) forward: Vec<Place>,
}

impl Default for Session {
    fn default() -> Self {
        let document = opening_document(&empty_schema());
        let window = opening_window(&empty_schema());
        Self {
            schema: None,
            document,
            place: Place { window, selection: Vec::new(), brush: None },
            hover: None,
            hover_row: None,
            search: Search::default(),
            panels: Panels {
                has_facets: true,
                has_facets_sheet: false,
                has_inspector: true,
                has_table: false,
                dialog: None,
                wants_search_focus: false,
                notice: None,
                theme: ThemeChoice::System,
                has_assumed: true,
            },
            read_with: Options::default(),
            draft: Options::default(),
            draft_file: None,
            selected_span: None,
            hits: None,
            wanted_neighbour: None,
            is_filter_dragged: false,
            wanted_turn: None,
            undo: Vec::new(),
            redo: Vec::new(),
            back: Vec::new(),
            forward: Vec::new(),
        }
    }
}

impl Session {
    /// Takes a schema in: the first one of a file sets up the Document, later ones of the same file only tell more.
    pub fn receive_schema(&mut self, schema: Arc<Schema>, is_new_file: bool) {
        if is_new_file {
            self.document = opening_document(&schema);
            self.place = Place { window: opening_window(&schema), selection: Vec::new(), brush: None };
            self.search = Search::default();
            self.hover_row = None;
            self.panels.has_assumed = true;
            self.selected_span = None;
            self.hits = None;
            self.undo.clear();
            self.redo.clear();
            self.back.clear();
            self.forward.clear();
        } else if self.is_untouched() {
            let theirs = std::mem::replace(&mut self.document, opening_document(&schema));
            self.document.title = theirs.title;
            self.place.window = opening_window(&schema);
        }
        self.schema = Some(schema);
    }

    /// Nothing is open any more.
    pub fn close(&mut self) {
        let panels = self.panels.clone();
        *self = Self { panels, ..Self::default() };
    }

    /// Can an edit be taken back?
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Can it be done again?
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Is there a window before?
    pub fn can_go_back(&self) -> bool {
        !self.back.is_empty()
    }

    /// Is there a window after?
    pub fn can_go_forward(&self) -> bool {
        !self.forward.is_empty()
    }

    /// The snapshot that is shown.
    pub fn generation(&self) -> u64 {
        self.schema.as_ref().map_or(0, |schema| schema.generation)
    }
}

/// Obeys a command. Actions are the app's; they change nothing here.
pub fn update(session: &mut Session, command: &Command) {
    match command {
        Command::Edit(edit) => {
            let before = session.document.clone();
            apply_edit(session, edit);
            let is_dragged = matches!(edit, Edit::DragFilter(_));
            let goes_on = std::mem::replace(&mut session.is_filter_dragged, is_dragged) && is_dragged;
            if session.document != before && !goes_on {
                past::remember(session, before.into());
            }
        }
        Command::Navigate(navigate) => navigate::apply(session, navigate),
        Command::Show(show) => apply_show(session, show),
        Command::Undo => past::turn(session, Turn::Back),
        Command::Redo => past::turn(session, Turn::Forth),
        Command::Action(_) => {}
    }
}

fn toggle<T: Ord + Clone>(set: &mut std::collections::BTreeSet<T>, value: &T) {
    if !set.remove(value) {
        set.insert(value.clone());
    }
}

fn apply_edit(session: &mut Session, edit: &Edit) {
    let document = &mut session.document;
    match edit {
        Edit::Filter(filter) | Edit::DragFilter(filter) => document.filter = filter.clone(),
        Edit::ToggleValue(field, value) => document.filter = document.filter.toggled(*field, value),
        Edit::OnlyValue(field, value) => {
            document.filter = document.filter.without(*field).and(Filter::Is(*field, vec![value.clone()]));
        }
        Edit::ClearFilter => document.filter = Filter::All,
        Edit::Lane(field) => {
            document.lane = *field;
            for set in [&mut document.collapsed, &mut document.expanded, &mut document.hidden, &mut document.pinned] {
                set.clear();
            }
        }
        Edit::LaneSort(sort) => document.lane_sort = *sort,
        Edit::ToggleCollapsed(lane) => toggle(&mut document.collapsed, lane),
        Edit::ToggleExpanded(lane) => toggle(&mut document.expanded, lane),
        Edit::CollapseOnly(lanes) => document.collapsed = lanes.iter().cloned().collect(),
        Edit::Hide(lane) => {
            document.hidden.insert(lane.clone());
        }
        Edit::ShowAllLanes => document.hidden.clear(),
        Edit::TogglePinned(lane) => toggle(&mut document.pinned, lane),
        Edit::Colour(field) => document.colour = *field,
        Edit::Board(index, board) => {
            if let Some(own) = document.boards.get_mut(*index) {
                *own = board.clone();
            } else if *index == document.boards.len() {
                document.boards.push(board.clone());
            }
        }
        Edit::Facets(fields) => document.facets.clone_from(fields),
        Edit::Columns(fields) => document.columns.clone_from(fields),
        Edit::TableSort(sort) => document.table_sort = *sort,
        Edit::Zone(zone) => document.zone = *zone,
        Edit::Title(title) => document.title.clone_from(title),
    }
    if matches!(edit, Edit::Filter(_) | Edit::DragFilter(_) | Edit::ToggleValue(..) | Edit::OnlyValue(..) | Edit::ClearFilter) {
        write_search(session);
    }
}

/// Makes the search box say what the filter is.
fn write_search(session: &mut Session) {
    if let Some(schema) = &session.schema {
        session.search = Search { text: session.document.filter.to_text(schema), error: None };
    }
}

fn apply_show(session: &mut Session, show: &Show) {
    let panels = &mut session.panels;
    match show {
        Show::Facets(is_open) => panels.has_facets = *is_open,
        Show::FacetsSheet(is_open) => panels.has_facets_sheet = *is_open,
        Show::Inspector(is_open) => panels.has_inspector = *is_open,
        Show::Table(is_open) => panels.has_table = *is_open,
        Show::Dialog(dialog) => panels.dialog.clone_from(dialog),
        Show::SearchText(text) => search(session, text),
        Show::FocusSearch => panels.wants_search_focus = true,
        Show::Escape => escape(session),
        Show::Notice(notice) => panels.notice.clone_from(notice),
        Show::Theme(theme) => panels.theme = *theme,
        Show::Reading(draft) => {
            panels.dialog = Some(Dialog::Reading);
            session.draft = (**draft).clone();
        }
        Show::ReadingFile(file) => session.draft_file.clone_from(file),
        Show::Assumed(is_open) => panels.has_assumed = *is_open,
    }
}

/// The text becomes the filter when it can be understood; else the filter stays and the box says why.
fn search(session: &mut Session, text: &str) {
    text.clone_into(&mut session.search.text);
    session.panels.wants_search_focus = false;
    let Some(schema) = session.schema.clone() else { return };
    match parse_filter(text, &schema) {
        Ok(filter) => {
            session.search.error = None;
            if filter != session.document.filter {
                let before = session.document.clone();
                session.document.filter = filter;
                past::remember(session, before.into());
            }
        }
        Err(error) => session.search.error = Some(error),
    }
}

fn escape(session: &mut Session) {
    if session.panels.dialog.take().is_some() {
        return;
    }
    if session.panels.notice.take().is_some() {
        return;
    }
    if std::mem::take(&mut session.panels.has_facets_sheet) {
        return;
    }
    if session.place.brush.take().is_some() {
        return;
    }
    session.place.selection.clear();
}

/// The schema of no file.
fn empty_schema() -> Schema {
    Schema {
        generation: 0,
        is_complete: true,
        origin: crate::data::Origin::default(),
        records: 0,
        events: 0,
        claims: 0,
        undated: 0,
        extent: None,
        bulk: None,
        first_quartile: None,
        last_anchor: None,
        fields: Vec::new(),
        wordless: Vec::new(),
        metrics: Vec::new(),
        sources: 0,
        articles: 0,
        originators: 0,
        precision: "",
        issues: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Field;

    #[test]
    fn an_edit_is_taken_back_and_done_again() {
        let mut session = Session::default();
        let before = session.document.clone();
        update(&mut session, &Edit::Lane(Some(Field::STATUS)).into());
        let after = session.document.clone();
        assert_ne!(before, after);
        update(&mut session, &Command::Undo);
        assert_eq!(session.document, before);
        update(&mut session, &Command::Redo);
        assert_eq!(session.document, after);
    }

    #[test]
    fn a_dragged_filter_is_taken_back_as_a_whole() {
        let mut session = Session::default();
        let above = |number: f64| Filter::Compare(Field::VALUE, crate::query::Comparison::More, number);
        for _ in 0..2 {
            for number in [1.0, 2.0, 3.0] {
                update(&mut session, &Edit::DragFilter(above(number)).into());
            }
            update(&mut session, &Edit::Filter(above(3.0)).into());
        }
        update(&mut session, &Command::Undo);
        assert_eq!(session.document.filter, above(3.0), "the second drag is an edit of its own");
        update(&mut session, &Command::Undo);
        assert_eq!(session.document.filter, Filter::All);
        assert!(!session.can_undo());
    }

    #[test]
    fn an_edit_that_changes_nothing_leaves_no_trace() {
        let mut session = Session::default();
        update(&mut session, &Edit::ClearFilter.into());
        assert!(!session.can_undo());
    }

    #[test]
    fn escape_closes_one_thing_at_a_time() {
        let mut session = Session::default();
        session.place.selection = vec![3];
        session.place.brush = Some(session.place.window);
        session.panels.dialog = Some(Dialog::Palette);
        update(&mut session, &Show::Escape.into());
        assert!(session.panels.dialog.is_none() && session.place.brush.is_some());
        update(&mut session, &Show::Escape.into());
        assert!(session.place.brush.is_none() && !session.place.selection.is_empty());
        update(&mut session, &Show::Escape.into());
        assert!(session.place.selection.is_empty());
    }
}
