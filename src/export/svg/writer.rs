//! Collects SVG elements in painting order: groups them by clip, joins neighbours of one kind. It knows no egui shapes.

use std::fmt::Write as _;

use eframe::egui::{Color32, Pos2, Rect, Stroke};

use super::{number, paint};

/// Elements so far. Linear in what is written; the definitions are searched, there are few.
pub(super) struct Writer {
    /// Pixels for each point, for snapping.
    pub(super) scale: f32,
    /// One entry for each definition, its text without the id; the id is its index.
    definitions: Vec<String>,
    body: String,
    clip: Option<usize>,
    pending: Pending,
}

/// Elements of one kind that are still being collected.
enum Pending {
    Nothing,
    Cells(Color32, Vec<Rect>),
    Lines(Stroke, Vec<[Pos2; 2]>),
}

impl Writer {
    pub(super) fn new(scale: f32) -> Self {
        Self { scale, definitions: Vec::new(), body: String::new(), clip: None, pending: Pending::Nothing }
    }

    /// Everything from here on is cut to this rectangle.
    pub(super) fn clip_to(&mut self, clip: Option<Rect>) {
        let wanted = clip.map(|rect| self.define(&format!("<clipPath id=\"{{id}}\"><rect{}/></clipPath>", box_of(rect))));
        if wanted == self.clip {
            return;
        }
        self.flush();
        if self.clip.is_some() {
            self.body.push_str("</g>\n");
        }
        if let Some(id) = wanted {
            self.body.push_str(&format!("<g clip-path=\"url(#d{id})\">\n"));
        }
        self.clip = wanted;
    }

    /// The number of a definition, which is made when it is new; `{id}` in it stands for its own id.
    pub(super) fn define(&mut self, definition: &str) -> usize {
        if let Some(at) = self.definitions.iter().position(|known| known == definition) {
            return at;
        }
        self.definitions.push(definition.to_owned());
        self.definitions.len() - 1
    }

    /// One whole element.
    pub(super) fn element(&mut self, element: &str) {
        self.flush();
        self.body.push_str(element);
        self.body.push('\n');
    }

    /// A cell of a picture made of cells: drawn without smoothing, joined with a neighbour that continues it.
    pub(super) fn cell(&mut self, rect: Rect, color: Color32) {
        if color.a() == 0 {
            return;
        }
        if !matches!(&self.pending, Pending::Cells(current, _) if *current == color) {
            self.flush();
            self.pending = Pending::Cells(color, Vec::new());
        }
        if let Pending::Cells(_, cells) = &mut self.pending {
            match cells.last_mut().and_then(|last| joined(*last, rect).map(|whole| (last, whole))) {
                Some((last, whole)) => *last = whole,
                None => cells.push(rect),
            }
        }
    }

    /// A straight line; lines of one opaque stroke are collected in one path, so dashes cost little.
    pub(super) fn line(&mut self, points: [Pos2; 2], stroke: Stroke) {
        let is_same = matches!(&self.pending, Pending::Lines(current, _) if *current == stroke && stroke.color.is_opaque());
        if !is_same {
            self.flush();
            self.pending = Pending::Lines(stroke, Vec::new());
        }
        if let Pending::Lines(_, lines) = &mut self.pending {
            lines.push(points);
        }
    }

    fn flush(&mut self) {
        match std::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Nothing => {}
            Pending::Cells(color, cells) => {
                let attributes = format!("{} shape-rendering=\"crispEdges\"", paint("fill", color));
                if let [cell] = cells.as_slice() {
                    self.body.push_str(&format!("<rect{}{attributes}/>\n", box_of(*cell)));
                    return;
                }
                self.body.push_str(&format!("<g{attributes}>"));
                for cell in cells {
                    self.body.push_str(&format!("<rect{}/>", box_of(cell)));
                }
                self.body.push_str("</g>\n");
            }
            Pending::Lines(stroke, lines) => {
                let path: String = lines
                    .iter()
                    .map(|[from, to]| format!("M{} {}L{} {}", number(from.x), number(from.y), number(to.x), number(to.y)))
                    .collect();
                self.body.push_str(&format!("<path d=\"{path}\" fill=\"none\"{}/>\n", stroke_attributes(stroke)));
            }
        }
    }

    /// The definitions and the elements.
    pub(super) fn finish(mut self) -> (String, String) {
        self.clip_to(None);
        self.flush();
        let mut definitions = String::new();
        for (id, definition) in self.definitions.iter().enumerate() {
            // Writing to a string cannot fail.
            writeln!(definitions, "{}", definition.replace("{id}", &format!("d{id}"))).unwrap_or_default();
        }
        (definitions, self.body)
    }
}

/// ` x="" y="" width="" height=""`.
pub(super) fn box_of(rect: Rect) -> String {
    let (x, y) = (number(rect.min.x), number(rect.min.y));
    format!(" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\"", number(rect.width()), number(rect.height()))
}

/// ` stroke="" stroke-width=""`, or nothing when the stroke paints nothing.
pub(super) fn stroke_attributes(stroke: Stroke) -> String {
    if stroke.is_empty() { String::new() } else { format!("{} stroke-width=\"{}\"", paint("stroke", stroke.color), number(stroke.width)) }
}

/// How far apart two edges may lie and still be the same edge, in points.
const SAME_EDGE: f32 = 0.005;

/// One rectangle out of two that share a whole edge.
fn joined(first: Rect, second: Rect) -> Option<Rect> {
    let is_same = |a: f32, b: f32| (a - b).abs() < SAME_EDGE;
    let is_level = is_same(first.min.y, second.min.y) && is_same(first.max.y, second.max.y);
    let is_stacked = is_same(first.min.x, second.min.x) && is_same(first.max.x, second.max.x);
    let touches = (is_level && (is_same(first.max.x, second.min.x) || is_same(second.max.x, first.min.x)))
        || (is_stacked && (is_same(first.max.y, second.min.y) || is_same(second.max.y, first.min.y)));
    touches.then(|| first.union(second))
}
