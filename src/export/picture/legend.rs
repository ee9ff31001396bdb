//! The legend: the forms and colours that a picture really uses, found in its answers and drawn in one or two rows.

use std::borrow::Cow;
use std::collections::BTreeSet;

use eframe::egui::{Align2, Color32, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::words::Facts;
use crate::data::{Kind, Qualifier, Status};
use crate::layout::chart::CURRENT_DAYS;
use crate::layout::{Fill, Form, MarkLook, mark_look};
use crate::query::{Answer, Reading};
use crate::session::ChartMode;
use crate::time::When;
use crate::view::theme::font;
use crate::view::{MarkPaint, Theme, mark_shapes};

/// The most colours that are named; the others share one.
pub(super) const COLOURS_MAX: usize = 10;
/// The height of a row.
const ROW_PT: f32 = 16.0;
/// Between two entries.
const GAP_PT: f32 = 18.0;
/// What a sign takes.
const SIGN_PT: f32 = 14.0;

/// What the picture uses.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Legend {
    signs: Vec<Sign>,
    colours: Option<(String, Vec<(Swatch, String)>)>,
}

/// A sign and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Mark(MarkLook, &'static str),
    VagueDate,
    Current,
    Density,
    Bar,
    Step,
}

/// A colour of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Swatch {
    Rank(u32),
    Others,
    Missing,
}

impl Legend {
    /// What the answers at hand use.
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        let mut signs = Vec::new();
        let has_unqualified = qualifiers(facts).any(|qualifier| qualifier.is_none());
        for look in looks(facts) {
            for sign in signs_of(look, has_unqualified) {
                if !signs.contains(&sign) {
                    signs.push(sign);
                }
            }
        }
        signs.sort_by_key(order);
        let readings: Vec<&Reading> = facts.readings().collect();
        let has_vague = readings.iter().any(|reading| reading.date.is_vague_point())
            || facts.marks().any(|mark| mark.as_of.or(mark.when).is_some_and(When::is_vague_point));
        if has_vague {
            signs.push(Sign::VagueDate);
        }
        let mut add = |is_used: bool, sign: Sign| {
            if is_used {
                signs.push(sign);
            }
        };
        add(!readings.is_empty(), Sign::Current);
        let has_series = |mode: ChartMode| facts.strips.iter().any(|strip| strip.mode == mode && strip.has_points());
        add(has_series(ChartMode::PerPeriod), Sign::Bar);
        add(has_series(ChartMode::Cumulative), Sign::Step);
        add(facts.lanes.is_some_and(|answer| !answer.lanes.is_empty()), Sign::Density);
        Self { signs, colours: colours(facts) }
    }

    /// How high it is in a given width.
    pub(super) fn draw(&self, ui: &Ui, theme: &Theme, area: Rect) -> f32 {
        let mut at = area.min;
        for sign in &self.signs {
            at = entry(ui, theme, area, at, sign.width(), &sign.words(), font::regular(10.4), |ui, theme, at| sign.paint(ui, theme, at));
        }
        let mut bottom = if self.signs.is_empty() { area.top() } else { at.y + ROW_PT };
        if let Some((title, colours)) = &self.colours {
            let mut at = pos2(area.left(), bottom + 2.0);
            at = entry(ui, theme, area, at, 0.0, title, font::medium(10.4), |_, _, _| {});
            for (swatch, name) in colours {
                at = entry(ui, theme, area, at, SIGN_PT, name, font::regular(10.4), |ui, theme, at| swatch.paint(ui, theme, at));
            }
            bottom = at.y + ROW_PT;
        }
        bottom - area.top()
    }
}

/// Draws one entry at `at`, or at the start of the next row where it does not fit; says where the next one starts.
#[expect(clippy::too_many_arguments, reason = "one entry is a sign and its words, at a place")]
fn entry(
    ui: &Ui,
    theme: &Theme,
    area: Rect,
    at: Pos2,
    sign_width: f32,
    words: &str,
    face: eframe::egui::FontId,
    paint: impl Fn(&Ui, &Theme, Pos2),
) -> Pos2 {
    let galley = ui.painter().layout_no_wrap(words.to_owned(), face, theme.text2);
    let width = sign_width + galley.size().x;
    let at = if at.x + width > area.right() && at.x > area.left() { pos2(area.left(), at.y + ROW_PT) } else { at };
    let middle = at.y + ROW_PT / 2.0;
    paint(ui, theme, pos2(at.x, middle));
    let text = Align2::LEFT_CENTER.anchor_size(pos2(at.x + sign_width, middle), galley.size());
    ui.painter().galley(text.min, galley, theme.text2);
    pos2(at.x + width + GAP_PT, at.y)
}

impl Sign {
    fn width(self) -> f32 {
        match self {
            Self::Mark(..) => SIGN_PT,
            Self::VagueDate | Self::Density | Self::Bar | Self::Step => 26.0,
            Self::Current => 40.0,
        }
    }

    fn words(self) -> Cow<'static, str> {
        let words = match self {
            Self::Mark(_, words) => words,
            Self::VagueDate => "date known only this well",
            Self::Current => return format!("current {CURRENT_DAYS} days, then stale").into(),
            Self::Density => "number of records",
            Self::Bar => "sum, with low to high where they differ",
            Self::Step => "running sum, with low to high where they differ",
        };
        words.into()
    }

    /// Paints it with its left end at `at`, level with its middle.
    fn paint(self, ui: &Ui, theme: &Theme, at: Pos2) {
        let painter = ui.painter();
        let ink = theme.text2;
        let line = |from: f32, to: f32, stroke: Stroke| [Shape::line_segment([at + vec2(from, 0.0), at + vec2(to, 0.0)], stroke)];
        let box_at = |left: f32, right: f32, half: f32| Rect::from_min_max(at + vec2(left, -half), at + vec2(right, half));
        match self {
            Self::Mark(look, _) => {
                let radius = if look.fill == Fill::Solid { 3.8 } else { 3.2 };
                let mark = MarkPaint { look, radius, colour: ink, is_hovered: false, is_selected: false };
                painter.extend(mark_shapes(theme, at + vec2(4.5, 0.0), &mark));
            }
            Self::VagueDate => {
                painter.extend(Shape::dashed_line(&[at, at + vec2(18.0, 0.0)], Stroke::new(1.0, ink), 2.0, 2.0));
                for x in [0.0, 18.0] {
                    painter.line_segment([at + vec2(x, -3.0), at + vec2(x, 3.0)], Stroke::new(1.0, ink));
                }
            }
            Self::Current => {
                painter.extend(line(0.0, 16.0, Stroke::new(1.75, ink)));
                painter.extend(Shape::dashed_line(&[at + vec2(17.0, 0.0), at + vec2(33.0, 0.0)], Stroke::new(1.0, ink), 1.0, 2.0));
            }
            Self::Density => {
                for (place, colour) in theme.density.iter().skip(1).enumerate() {
                    painter.rect_filled(box_at(place as f32 * 4.5, place as f32 * 4.5 + 4.5, 2.5), 0.0, *colour);
                }
            }
            Self::Bar => {
                painter.rect_filled(Rect::from_min_max(at + vec2(3.0, -2.0), at + vec2(15.0, 6.0)), 0.0, ink);
                painter.line_segment([at + vec2(9.0, -6.0), at + vec2(9.0, 2.0)], Stroke::new(1.0, theme.text1));
            }
            Self::Step => {
                let steps = [vec2(0.0, 4.0), vec2(6.0, 4.0), vec2(6.0, 0.0), vec2(12.0, 0.0), vec2(12.0, -4.0), vec2(18.0, -4.0)];
                painter.add(Shape::line(steps.iter().map(|step| at + *step).collect(), Stroke::new(1.75, ink)));
            }
        }
    }
}

impl Swatch {
    fn paint(self, ui: &Ui, theme: &Theme, at: Pos2) {
        let rect = Rect::from_center_size(at + vec2(4.5, 0.0), vec2(9.0, 9.0));
        let fill = |colour: Color32| ui.painter().rect_filled(rect, 2.0, colour);
        match self {
            Self::Rank(rank) => fill(theme.category(Some(rank))),
            Self::Others => fill(theme.others),
            Self::Missing => ui.painter().rect_stroke(rect, 2.0, Stroke::new(1.5, theme.missing), StrokeKind::Inside),
        };
    }
}

/// The look of every mark in the picture, with repetitions.
fn looks(facts: &Facts<'_>) -> impl Iterator<Item = MarkLook> {
    let of_marks = facts.marks().map(|mark| mark_look(mark.kind, mark.figure.as_ref(), mark.status));
    of_marks.chain(facts.readings().map(|reading| mark_look(Kind::Claim, Some(&reading.figure), reading.status)))
}

/// How the numbers in the picture are qualified, with repetitions.
fn qualifiers(facts: &Facts<'_>) -> impl Iterator<Item = Option<Qualifier>> {
    let figures = facts.marks().filter_map(|mark| mark.figure.as_ref()).chain(facts.readings().map(|reading| &reading.figure));
    figures.filter(|figure| figure.band.is_some()).map(|figure| figure.qualifier)
}

/// The form says how exact, the fill how it stands: each has an entry of its own.
fn signs_of(look: MarkLook, has_unqualified: bool) -> Vec<Sign> {
    let words = match look.form {
        // Of a number that nobody qualified, nobody said that it is exact.
        Form::Square if has_unqualified => "a number, not qualified",
        Form::Square => "exact",
        Form::Circle => "about",
        Form::TriangleUp => "at least, open above",
        Form::TriangleDown => "at most, open below",
        Form::Beam => "range",
        Form::Bar => "no figure",
        Form::Diamond => "event",
    };
    let form = Sign::Mark(MarkLook { form: look.form, fill: Fill::Solid }, words);
    let standing = match look.fill {
        Fill::Solid => return vec![form],
        Fill::Hollow => "expected",
        Fill::Struck => "denied",
        Fill::HollowStruck => "retracted, or removed",
    };
    vec![form, Sign::Mark(MarkLook { form: Form::Circle, fill: look.fill }, standing)]
}

fn order(sign: &Sign) -> usize {
    let Sign::Mark(look, _) = sign else { return usize::MAX };
    let place = |qualifier: Option<Qualifier>| match qualifier {
        Some(Qualifier::Exact) | None => 0,
        Some(Qualifier::About) => 1,
        Some(Qualifier::AtLeast) => 2,
        Some(Qualifier::AtMost) => 3,
        Some(Qualifier::Range) => 4,
    };
    let form = match look.form {
        Form::Square => place(Some(Qualifier::Exact)),
        Form::Circle => place(Some(Qualifier::About)),
        Form::TriangleUp => place(Some(Qualifier::AtLeast)),
        Form::TriangleDown => place(Some(Qualifier::AtMost)),
        Form::Beam => place(Some(Qualifier::Range)),
        Form::Bar => 5,
        Form::Diamond => 6,
    };
    let fill = match look.fill {
        Fill::Solid => 0,
        Fill::Hollow => 1,
        Fill::Struck => 2,
        Fill::HollowStruck => 3,
    };
    fill * 10 + form
}

/// The colours of marks and readings by their field; strips of series name theirs themselves.
fn colours(facts: &Facts<'_>) -> Option<(String, Vec<(Swatch, String)>)> {
    let field = facts.document.colour?;
    let Some(Answer::Facet(facet)) = facts.colours else { return None };
    let drawn: BTreeSet<Option<u32>> =
        facts.marks().map(|mark| mark.colour).chain(facts.readings().map(|reading| reading.colour)).collect();
    let mut used: Vec<_> =
        facet.values.iter().filter(|value| drawn.contains(&Some(value.rank)) && (value.rank as usize) < COLOURS_MAX).collect();
    used.sort_by_key(|value| value.rank);
    let mut list: Vec<(Swatch, String)> =
        used.iter().map(|value| (Swatch::Rank(value.rank), crate::data::display_value(field, &value.value))).collect();
    if drawn.iter().flatten().any(|rank| *rank as usize >= COLOURS_MAX) {
        list.push((Swatch::Others, "all others".to_owned()));
    }
    if drawn.contains(&None) {
        list.push((Swatch::Missing, "not recorded".to_owned()));
    }
    (list.len() > 1).then(|| (facts.label_of(field), list))
}

/// A reading that takes part in no line, band or sum.
pub(super) fn stands_aside(status: Status) -> bool {
    matches!(status, Status::Expected | Status::Denied | Status::Retracted | Status::Removed)
}
