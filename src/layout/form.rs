//! The form of a mark: sharp is exact, round is about, pointed is an open bound. One language everywhere.

use crate::data::{Kind, Qualifier, Status};
use crate::query::Figure;

/// The outline of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Exact: a square.
    Square,
    /// About: a circle.
    Circle,
    /// At least: a triangle that points up.
    TriangleUp,
    /// At most: a triangle that points down.
    TriangleDown,
    /// A range: an I-beam.
    Beam,
    /// A metric without a figure: an upright bar.
    Bar,
    /// An event: a diamond.
    Diamond,
}

/// How a mark is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fill {
    /// Filled: reported, assessed, confirmed.
    Solid,
    /// Hollow: expected.
    Hollow,
    /// Filled, with a stroke through it: denied.
    Struck,
    /// Hollow, pale, with a stroke through it: retracted or removed.
    HollowStruck,
}

/// Form and fill together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkLook {
    /// The outline.
    pub form: Form,
    /// How it is filled.
    pub fill: Fill,
}

/// The look of a record's mark.
pub fn mark_look(kind: Kind, figure: Option<&Figure>, status: Status) -> MarkLook {
    let form = match figure {
        None if kind == Kind::Event => Form::Diamond,
        None => Form::Bar,
        Some(figure) if figure.band.is_none() => {
            if kind == Kind::Event {
                Form::Diamond
            } else {
                Form::Bar
            }
        }
        Some(figure) => match figure.qualifier {
            Some(Qualifier::About) => Form::Circle,
            Some(Qualifier::AtLeast) => Form::TriangleUp,
            Some(Qualifier::AtMost) => Form::TriangleDown,
            Some(Qualifier::Range) => Form::Beam,
            Some(Qualifier::Exact) | None => Form::Square,
        },
    };
    let fill = match status {
        Status::Reported | Status::Assessed | Status::Confirmed => Fill::Solid,
        Status::Expected => Fill::Hollow,
        Status::Denied => Fill::Struck,
        Status::Retracted | Status::Removed => Fill::HollowStruck,
    };
    MarkLook { form, fill }
}
