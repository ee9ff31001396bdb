//! The Document: what a person chose to see. Small, clonable, undoable; it holds no records.

use std::collections::BTreeSet;

use crate::data::Field;
use crate::query::{DateKind, Filter, LaneSort};
use crate::time::{Step, Zone};

/// What a person chose to see.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Which records.
    pub filter: Filter,
    /// The timeline has a lane for each value of this field.
    pub lane: Option<Field>,
    /// The order of lanes.
    pub lane_sort: LaneSort,
    /// Lanes that are folded to their density.
    pub collapsed: BTreeSet<LaneName>,
    /// Lanes that show every row they need.
    pub expanded: BTreeSet<LaneName>,
    /// Lanes that are not shown; they are counted.
    pub hidden: BTreeSet<LaneName>,
    /// Lanes that stay on top.
    pub pinned: BTreeSet<LaneName>,
    /// Marks are coloured by this field.
    pub colour: Option<Field>,
    /// The charts under the timeline.
    pub boards: Vec<Board>,
    /// The fields of the filter panel, from the top.
    pub facets: Vec<Field>,
    /// The columns of the table.
    pub columns: Vec<Field>,
    /// The table's order: field, and is the largest first.
    pub table_sort: Option<(Field, bool)>,
    /// In which zone times of day are written.
    pub zone: Zone,
    /// A title for exports; empty for the one that the program makes.
    pub title: String,
}

/// The value of a lane; `None` is "not recorded".
pub type LaneName = Option<String>;

/// Which board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoardKind {
    /// Killed, wounded, missing, captured, casualties.
    Casualties,
    /// What went from one actor to another, one strip per metric, since units differ.
    Shipments,
}

impl BoardKind {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Casualties => "Casualties",
            Self::Shipments => "Shipments",
        }
    }
}

/// What the strips of a board show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChartMode {
    /// Totals and levels as reported: points and steps.
    Totals,
    /// Increments per calendar bucket: bars with low-high whiskers.
    PerPeriod,
    /// The running sum of increments.
    Cumulative,
}

impl ChartMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Totals, Self::PerPeriod, Self::Cumulative];

    /// How the screen writes it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Totals => "Reported totals",
            Self::PerPeriod => "Per period",
            Self::Cumulative => "Cumulative",
        }
    }
}

/// A value axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueScale {
    /// Equal steps.
    Linear,
    /// Equal ratios.
    Log,
}

/// A board: strips of one kind under a head.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// Which.
    pub kind: BoardKind,
    /// Is it unfolded?
    pub is_open: bool,
    /// Its strips, from the top.
    pub metrics: Vec<String>,
    /// What the strips show.
    pub mode: ChartMode,
    /// The value axis.
    pub scale: ValueScale,
    /// The calendar bucket; `None` follows the zoom.
    pub by: Option<Step>,
    /// Which date.
    pub date: DateKind,
    /// One series for each value of this field.
    pub group: Option<Field>,
    /// Are increments over several buckets shared out?
    pub is_spread: bool,
    /// Counters that are shown; all when empty.
    pub counters: Vec<String>,
    /// Actors (from or to) that are shown; all when empty.
    pub actors: Vec<String>,
}
