//! Which views a picture shows, and the Session that it is drawn from. It draws nothing.

use super::{EXPORT_SIZE, EXPORT_SIZE_BOARD, RenderError};
use crate::data::Field;
use crate::query::DateKind;
use crate::session::{Board, BoardKind, CASUALTY_METRICS, ChartMode, Session, ValueScale, opening_document};
use crate::time::Step;
use crate::view::PictureContent;

/// A view by the name that the command line gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureView {
    /// Lanes over time.
    Timeline,
    /// The casualties board.
    Casualties,
    /// The shipments board.
    Shipments,
    /// Reported totals.
    Totals,
    /// Timeline over boards, as in the window.
    Board,
}

impl PictureView {
    /// Every view.
    pub const ALL: [Self; 5] = [Self::Timeline, Self::Casualties, Self::Shipments, Self::Totals, Self::Board];

    /// How the command line writes it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Timeline => "timeline",
            Self::Casualties => "casualties",
            Self::Shipments => "shipments",
            Self::Totals => "totals",
            Self::Board => "board",
        }
    }

    /// The view of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.key() == key)
    }

    /// The size that is proposed: the board holds both, so it is higher.
    pub fn size_px(self) -> [u32; 2] {
        if self == Self::Board { EXPORT_SIZE_BOARD } else { EXPORT_SIZE }
    }

    pub(super) fn content(self) -> PictureContent {
        match self {
            Self::Timeline => PictureContent::Timeline,
            Self::Casualties | Self::Shipments | Self::Totals => PictureContent::Boards,
            Self::Board => PictureContent::Both,
        }
    }
}

/// What flags change of a view's charts; what is `None` stays as the Session has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewChoice {
    /// Only this metric.
    pub metric: Option<String>,
    /// The calendar bucket.
    pub by: Option<Step>,
    /// One series for each value of this field.
    pub group: Option<Field>,
}

/// Sets the boards of a Session up for a view, from what its file holds.
///
/// # Errors
/// When no file is open, or when it holds nothing that the view could show.
pub fn choose_view(session: &mut Session, view: PictureView, choice: &ViewChoice) -> Result<(), RenderError> {
    let schema = session.schema.clone().ok_or(RenderError::NothingOpen)?;
    let opening = opening_document(&schema).boards;
    let of_kind = |kind: BoardKind| opening.iter().find(|board| board.kind == kind).cloned();
    let mut boards = match view {
        PictureView::Timeline => return Ok(()),
        PictureView::Board => opening,
        PictureView::Casualties => board_of(of_kind(BoardKind::Casualties), BoardKind::Casualties, choice),
        PictureView::Shipments => board_of(of_kind(BoardKind::Shipments), BoardKind::Shipments, choice),
        PictureView::Totals => {
            let metrics = match &choice.metric {
                Some(metric) => vec![metric.clone()],
                None => metrics_with_totals(session),
            };
            if metrics.is_empty() { Vec::new() } else { vec![totals_board(metrics)] }
        }
    };
    if boards.is_empty() && view != PictureView::Board {
        return Err(RenderError::NothingToShow(nothing_of(view)));
    }
    for board in &mut boards {
        if let Some(metric) = &choice.metric {
            board.metrics = vec![metric.clone()];
        }
        if choice.by.is_some() {
            board.by = choice.by;
        }
        if choice.group.is_some() {
            board.group = choice.group;
        }
        board.is_open = true;
    }
    session.document.boards = boards;
    Ok(())
}

fn nothing_of(view: PictureView) -> String {
    match view {
        PictureView::Casualties => {
            "there are no casualties in this file: try --view shipments, totals or timeline, or name a --metric".to_owned()
        }
        PictureView::Shipments => {
            "there are no shipments in this file: try --view casualties, totals or timeline, or name a --metric".to_owned()
        }
        _ => "there are no reported totals in this file: try --view casualties or timeline".to_owned(),
    }
}

/// The board as the file opens with it; one of one's own when a metric is named.
fn board_of(opening: Option<Board>, kind: BoardKind, choice: &ViewChoice) -> Vec<Board> {
    let own = || choice.metric.clone().map(|metric| Board { kind, mode: ChartMode::PerPeriod, ..totals_board(vec![metric]) });
    opening.or_else(own).into_iter().collect()
}

/// The most strips of a picture of totals.
const STRIPS_MAX: usize = 3;

/// The casualty metrics with totals; without any, the others with the most totals.
fn metrics_with_totals(session: &Session) -> Vec<String> {
    let Some(schema) = &session.schema else { return Vec::new() };
    let mut with_totals: Vec<_> = schema.metrics.iter().filter(|metric| metric.totals + metric.levels > 0).collect();
    with_totals.sort_by_key(|metric| std::cmp::Reverse(metric.totals + metric.levels));
    let most = with_totals.first().map_or(0, |metric| metric.totals + metric.levels);
    let has_enough = |name: &&&str| with_totals.iter().any(|metric| metric.metric == **name && (metric.totals + metric.levels) * 12 > most);
    let casualties: Vec<String> = CASUALTY_METRICS.iter().filter(has_enough).map(|name| (*name).to_owned()).collect();
    if !casualties.is_empty() {
        return casualties;
    }
    with_totals.iter().take(STRIPS_MAX).map(|metric| metric.metric.clone()).collect()
}

fn totals_board(metrics: Vec<String>) -> Board {
    Board {
        kind: BoardKind::Casualties,
        is_open: true,
        metrics,
        mode: ChartMode::Totals,
        scale: ValueScale::Log,
        by: None,
        date: DateKind::AsOf,
        group: None,
        is_spread: true,
        counters: Vec::new(),
        actors: Vec::new(),
    }
}

/// The Session without what belongs to a person at a screen: selection, brush, pointer, dialogs; with the boards of the view only.
pub(super) fn still_session(session: &Session, view: PictureView) -> Result<Session, RenderError> {
    let mut still = session.clone();
    if still.schema.is_none() {
        return Err(RenderError::NothingOpen);
    }
    still.place.selection.clear();
    still.place.brush = None;
    still.hover = None;
    still.hover_row = None;
    still.selected_span = None;
    still.panels.dialog = None;
    still.panels.notice = None;
    let boards = &mut still.document.boards;
    match view {
        PictureView::Timeline => boards.clear(),
        PictureView::Casualties => boards.retain(|board| board.kind == BoardKind::Casualties),
        PictureView::Shipments => boards.retain(|board| board.kind == BoardKind::Shipments),
        PictureView::Totals => boards.retain(|board| board.mode == ChartMode::Totals),
        PictureView::Board => boards.retain(|board| board.is_open),
    }
    if view.content() == PictureContent::Boards {
        boards.truncate(1);
        for board in boards.iter_mut() {
            board.is_open = true;
        }
        if boards.is_empty() {
            return Err(RenderError::NothingToShow(nothing_of(view)));
        }
    }
    Ok(still)
}
