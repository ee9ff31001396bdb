//! One painted shape to SVG elements. Places are snapped to pixels where egui's own tessellation snaps them.

use eframe::egui;
use eframe::egui::emath::{GuiRounding as _, Rot2};
use eframe::egui::epaint::{
    BandShape, CircleShape, ColorMode, CubicBezierShape, EllipseShape, PathShape, PathStroke, QuadraticBezierShape, RectShape,
};
use eframe::egui::{Color32, Pos2, Rect, Shape, Stroke, StrokeKind};

use super::writer::{Writer, box_of, stroke_attributes};
use super::{mesh, number, paint, text};

/// Writes a shape, unless nothing of it is visible.
pub(super) fn write(writer: &mut Writer, shape: &Shape, visible: Rect) {
    if let Shape::Vec(shapes) = shape {
        for shape in shapes {
            write(writer, shape, visible);
        }
        return;
    }
    if !shape.visual_bounding_rect().intersects(visible) {
        return;
    }
    match shape {
        Shape::Rect(rect) => rectangle(writer, rect),
        Shape::Circle(circle) => self::circle(writer, circle),
        Shape::Ellipse(ellipse) => self::ellipse(writer, ellipse),
        Shape::LineSegment { points, stroke } => line(writer, *points, *stroke),
        Shape::Path(path) => self::path(writer, path),
        Shape::Band(band) => self::band(writer, band),
        Shape::Text(text) => text::write(writer, text),
        Shape::Mesh(mesh) => mesh::write(writer, mesh),
        Shape::QuadraticBezier(curve) => quadratic(writer, curve),
        Shape::CubicBezier(curve) => cubic(writer, curve),
        Shape::Noop | Shape::Callback(_) | Shape::Vec(_) => {}
    }
}

/// `x,y x,y …`
pub(super) fn points(points: &[Pos2]) -> String {
    points.iter().map(|point| format!("{},{}", number(point.x), number(point.y))).collect::<Vec<_>>().join(" ")
}

fn at(point: Pos2) -> String {
    format!("{} {}", number(point.x), number(point.y))
}

fn rectangle(writer: &mut Writer, shape: &RectShape) {
    let stroke = if shape.stroke.is_empty() { Stroke::NONE } else { shape.stroke };
    if shape.fill == Color32::TRANSPARENT && stroke == Stroke::NONE {
        return;
    }
    let outline = outline_of(shape, stroke, writer.scale);
    let mut attributes = format!("{}{}", paint("fill", shape.fill), stroke_attributes(stroke));
    if shape.angle != 0.0 {
        let centre = shape.rect.center();
        attributes.push_str(&format!(" transform=\"rotate({} {})\"", number(shape.angle.to_degrees()), at(centre)));
    }
    if shape.blur_width > 0.0 {
        // egui fades over the whole width; two deviations to either side of the edge look the same.
        let deviation = number(shape.blur_width / 4.0);
        let filter = format!(
            "<filter id=\"{{id}}\" x=\"-50%\" y=\"-50%\" width=\"200%\" height=\"200%\"><feGaussianBlur stdDeviation=\"{deviation}\"/></filter>"
        );
        let id = writer.define(&filter);
        attributes.push_str(&format!(" filter=\"url(#d{id})\""));
    }
    let radius = shape.corner_radius;
    let grown = if stroke == Stroke::NONE { 0.0 } else { (outline.width() - shape.rect.width()) / 2.0 };
    let radii = [radius.nw, radius.ne, radius.se, radius.sw].map(|radius| {
        let limit = outline.size().min_elem() / 2.0;
        if radius == 0 { 0.0 } else { (f32::from(radius) + grown).clamp(0.0, limit.max(0.0)) }
    });
    let element = if radii.iter().all(|radius| *radius == radii[0]) {
        let rounding = if radii[0] > 0.0 { format!(" rx=\"{}\"", number(radii[0])) } else { String::new() };
        format!("<rect{}{rounding}{attributes}/>", box_of(outline))
    } else {
        format!("<path d=\"{}\"{attributes}/>", rounded(outline, radii))
    };
    writer.element(&element);
}

/// The rectangle through the middle of the stroke, snapped to pixels as on the screen.
fn outline_of(shape: &RectShape, stroke: Stroke, scale: f32) -> Rect {
    let rect = shape.rect;
    let snaps = shape.round_to_pixels.unwrap_or(true) && shape.angle == 0.0;
    let snapped = match shape.stroke_kind {
        _ if !snaps => rect,
        StrokeKind::Middle if stroke != Stroke::NONE => {
            let (mut min, mut max) = (rect.min, rect.max);
            for coordinate in [&mut min.x, &mut min.y, &mut max.x, &mut max.y] {
                stroke.round_center_to_pixel(scale, coordinate);
            }
            Rect::from_min_max(min, max)
        }
        // A hairline rectangle would vanish: it keeps one pixel.
        _ => {
            let rounded = rect.round_to_pixels(scale);
            let pixel = 1.0 / scale;
            let size = egui::vec2(
                if rect.width() > 0.0 { rounded.width().max(pixel.min(rect.width())) } else { rounded.width() },
                if rect.height() > 0.0 { rounded.height().max(pixel.min(rect.height())) } else { rounded.height() },
            );
            Rect::from_min_size(rounded.min, size)
        }
    };
    match shape.stroke_kind {
        StrokeKind::Inside => snapped.shrink(stroke.width / 2.0),
        StrokeKind::Middle => snapped,
        StrokeKind::Outside => snapped.expand(stroke.width / 2.0),
    }
}

fn rounded(rect: Rect, [nw, ne, se, sw]: [f32; 4]) -> String {
    let arc = |radius: f32, to: Pos2| format!("A{0} {0} 0 0 1 {1}", number(radius), at(to));
    let (min, max) = (rect.min, rect.max);
    format!(
        "M{}L{}{}L{}{}L{}{}L{}{}Z",
        at(egui::pos2(min.x + nw, min.y)),
        at(egui::pos2(max.x - ne, min.y)),
        arc(ne, egui::pos2(max.x, min.y + ne)),
        at(egui::pos2(max.x, max.y - se)),
        arc(se, egui::pos2(max.x - se, max.y)),
        at(egui::pos2(min.x + sw, max.y)),
        arc(sw, egui::pos2(min.x, max.y - sw)),
        at(egui::pos2(min.x, min.y + nw)),
        arc(nw, egui::pos2(min.x + nw, min.y)),
    )
}

fn circle(writer: &mut Writer, shape: &CircleShape) {
    let (x, y) = (number(shape.center.x), number(shape.center.y));
    let (fill, stroke) = (paint("fill", shape.fill), stroke_attributes(shape.stroke));
    writer.element(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"{fill}{stroke}/>", number(shape.radius)));
}

fn ellipse(writer: &mut Writer, shape: &EllipseShape) {
    let (x, y) = (number(shape.center.x), number(shape.center.y));
    let (fill, stroke) = (paint("fill", shape.fill), stroke_attributes(shape.stroke));
    let turn =
        if shape.angle == 0.0 { String::new() } else { format!(" transform=\"rotate({} {x} {y})\"", number(shape.angle.to_degrees())) };
    writer.element(&format!(
        "<ellipse cx=\"{x}\" cy=\"{y}\" rx=\"{}\" ry=\"{}\"{fill}{stroke}{turn}/>",
        number(shape.radius.x),
        number(shape.radius.y)
    ));
}

fn line(writer: &mut Writer, [mut from, mut to]: [Pos2; 2], stroke: Stroke) {
    if stroke.is_empty() {
        return;
    }
    if from.x == to.x {
        stroke.round_center_to_pixel(writer.scale, &mut from.x);
        to.x = from.x;
    } else if from.y == to.y {
        stroke.round_center_to_pixel(writer.scale, &mut from.y);
        to.y = from.y;
    }
    writer.line([from, to], stroke);
}

fn path(writer: &mut Writer, shape: &PathShape) {
    let stroke = solid(&shape.stroke, Rect::from_points(&shape.points));
    if let ([from, to], false) = (shape.points.as_slice(), shape.closed) {
        line(writer, [*from, *to], stroke);
        return;
    }
    let element = if shape.closed { "polygon" } else { "polyline" };
    let (fill, stroke) = (paint("fill", shape.fill), stroke_attributes(stroke));
    writer.element(&format!("<{element} points=\"{}\"{fill}{stroke}/>", points(&shape.points)));
}

/// A stroke of one colour; one that changes along the path gets the colour of its middle.
fn solid(stroke: &PathStroke, bounds: Rect) -> Stroke {
    let color = match &stroke.color {
        ColorMode::Solid(color) => *color,
        ColorMode::UV(color_at) => color_at(bounds, bounds.center()),
    };
    Stroke::new(stroke.width, color)
}

fn band(writer: &mut Writer, shape: &BandShape) {
    let turn = Rot2::from_angle(shape.angle);
    let corner = |x: f32, y: f32| (turn * egui::vec2(x, y)).to_pos2();
    let above = shape.points.iter().map(|point| corner(point.x, point.y.min));
    let below = shape.points.iter().rev().map(|point| corner(point.x, point.y.max));
    let outline: Vec<Pos2> = above.chain(below).collect();
    let (fill, stroke) = (paint("fill", shape.fill), stroke_attributes(shape.stroke));
    writer.element(&format!("<polygon points=\"{}\"{fill}{stroke}/>", points(&outline)));
}

fn quadratic(writer: &mut Writer, shape: &QuadraticBezierShape) {
    let [from, control, to] = shape.points.map(at);
    curve(writer, &format!("M{from}Q{control} {to}"), shape.closed, shape.fill, solid(&shape.stroke, Rect::from_points(&shape.points)));
}

fn cubic(writer: &mut Writer, shape: &CubicBezierShape) {
    let [from, first, second, to] = shape.points.map(at);
    curve(
        writer,
        &format!("M{from}C{first} {second} {to}"),
        shape.closed,
        shape.fill,
        solid(&shape.stroke, Rect::from_points(&shape.points)),
    );
}

fn curve(writer: &mut Writer, path: &str, is_closed: bool, fill: Color32, stroke: Stroke) {
    let end = if is_closed { "Z" } else { "" };
    writer.element(&format!("<path d=\"{path}{end}\"{}{}/>", paint("fill", fill), stroke_attributes(stroke)));
}
