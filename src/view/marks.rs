//! Marks: the one language of forms in timeline, charts, table, filters and legends.

use eframe::egui::{Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::theme::Theme;
use crate::layout::{Fill, Form, MarkLook};

/// Radius of marks on the timeline.
pub const RADIUS_TIMELINE: f32 = 3.6;
/// Radius of marks on boards.
pub const RADIUS_BOARD: f32 = 4.0;
/// Radius of marks in exports.
pub const RADIUS_EXPORT: f32 = 5.5;

/// The rim around a filled mark, in the colour of the plot.
const RIM: f32 = 1.0;
/// A hollow mark's stroke lies within the outline that a filled one has.
const HOLLOW_INSET: f32 = 0.6;

/// How a mark is painted.
#[derive(Clone, Copy, Debug)]
pub struct MarkPaint {
    /// Form and fill.
    pub look: MarkLook,
    /// Its radius.
    pub radius: f32,
    /// The colour of its category.
    pub colour: Color32,
    /// Is it under the pointer?
    pub is_hovered: bool,
    /// Is it selected?
    pub is_selected: bool,
}

/// Paints a mark.
pub fn paint_mark(painter: &Painter, theme: &Theme, at: Pos2, mark: &MarkPaint) {
    painter.extend(mark_shapes(theme, at, mark));
}

/// The shapes of a mark, back to front.
pub fn mark_shapes(theme: &Theme, at: Pos2, mark: &MarkPaint) -> Vec<Shape> {
    let radius = if mark.is_hovered { mark.radius + 1.0 } else { mark.radius };
    let mut shapes = Vec::with_capacity(3);
    if mark.is_selected {
        shapes.push(Shape::circle_filled(at, radius + 4.0, theme.panel));
        shapes.push(Shape::circle_stroke(at, radius + 4.0, Stroke::new(2.0, theme.accent)));
    }
    let colour = if mark.look.fill == Fill::HollowStruck { theme.faded(mark.colour, 0.7) } else { mark.colour };
    match mark.look.fill {
        Fill::Solid | Fill::Struck => shapes.push(outline(mark.look.form, at, radius, colour, Stroke::new(RIM, theme.panel))),
        Fill::Hollow | Fill::HollowStruck => {
            shapes.push(outline(mark.look.form, at, radius - HOLLOW_INSET, theme.panel, Stroke::new(1.5, colour)));
        }
    }
    if matches!(mark.look.fill, Fill::Struck | Fill::HollowStruck) {
        let reach = radius + 2.5;
        let ends = [at + vec2(-reach, reach), at + vec2(reach, -reach)];
        // On a thin form the gap beside the stroke would leave nothing of the form.
        if !matches!(mark.look.form, Form::Bar | Form::Beam) {
            shapes.push(Shape::line_segment(ends, Stroke::new(2.5, theme.panel)));
        }
        shapes.push(Shape::line_segment(ends, Stroke::new(1.25, colour)));
    }
    shapes
}

fn outline(form: Form, at: Pos2, radius: f32, fill: Color32, edge: Stroke) -> Shape {
    let rect = |half: Vec2| {
        Shape::Rect(eframe::egui::epaint::RectShape::new(
            Rect::from_center_size(at, half * 2.0),
            CornerRadius::ZERO,
            fill,
            edge,
            StrokeKind::Middle,
        ))
    };
    let polygon = |points: &[(f32, f32)]| {
        Shape::convex_polygon(points.iter().map(|(x, y)| pos2(at.x + x * radius, at.y + y * radius)).collect(), fill, edge)
    };
    match form {
        Form::Square => rect(Vec2::splat(radius * 0.88)),
        Form::Circle => Shape::Circle(eframe::egui::epaint::CircleShape { center: at, radius, fill, stroke: edge }),
        Form::TriangleUp => polygon(&[(0.0, -1.12), (1.1, 0.86), (-1.1, 0.86)]),
        Form::TriangleDown => polygon(&[(0.0, 1.12), (-1.1, -0.86), (1.1, -0.86)]),
        Form::Beam => beam(at, radius, fill, edge),
        Form::Bar => rect(vec2(1.75, radius)),
        Form::Diamond => {
            let reach = (radius + 1.2) / radius;
            polygon(&[(0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0)])
        }
    }
}

/// An upright I-beam with caps: how a range looks where it has no scale to span.
fn beam(at: Pos2, radius: f32, fill: Color32, edge: Stroke) -> Shape {
    let colour = if edge.width > 1.25 { edge.color } else { fill };
    let line = Stroke::new(2.0, colour);
    let reach = radius + 0.6;
    let segment = |from: Vec2, to: Vec2| Shape::line_segment([at + from, at + to], line);
    Shape::Vec(vec![
        segment(vec2(0.0, -reach), vec2(0.0, reach)),
        segment(vec2(-radius, -reach), vec2(radius, -reach)),
        segment(vec2(-radius, reach), vec2(radius, reach)),
    ])
}

/// An arrow from an open bound: 7 points long, up or down.
pub fn open_arrow(tip_base: Pos2, is_up: bool, colour: Color32) -> Vec<Shape> {
    let sign = if is_up { -1.0 } else { 1.0 };
    let tip = tip_base + vec2(0.0, 7.0 * sign);
    let stroke = Stroke::new(1.25, colour);
    vec![
        Shape::line_segment([tip_base, tip], stroke),
        Shape::line_segment([tip, tip + vec2(-2.5, -3.0 * sign)], stroke),
        Shape::line_segment([tip, tip + vec2(2.5, -3.0 * sign)], stroke),
    ]
}
