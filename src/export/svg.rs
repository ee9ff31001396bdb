//! Painted shapes to SVG, with text as text and rectangles as rectangles. It knows no views and no files.
//!
//! Every row of text is one `<text>` whose runs keep their place and width (`textLength`), so that a reader
//! without the bundled fonts sees the same layout; nothing is embedded. Cells of a mesh become rectangles, joined
//! where they touch. Shapes are snapped to the pixels of the scale that they were laid out for, as in the image.
//! Left out, because they have no place in a drawing: callbacks, and meshes or fills made of a picture.

#![expect(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "short pieces, written once; `write!` would add errors that cannot happen"
)]

mod letters;
mod mesh;
mod shape;
mod text;
mod writer;

use eframe::egui::epaint::ClippedShape;
use eframe::egui::{Color32, Pos2, Rect, Vec2};

use writer::Writer;

/// What an SVG says about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct SvgInfo<'a> {
    /// The picture's title; left out when empty.
    pub title: &'a str,
    /// What the picture shows, in words; left out when empty.
    pub description: &'a str,
    /// The colour behind everything.
    pub background: Color32,
    /// The pixels for each point that the shapes were laid out for.
    pub scale: f32,
    /// The picture's own pixels for each point: 1 makes it as wide as `size_pt` says.
    pub zoom: f32,
}

/// An SVG of the given size in points.
pub fn svg_from_shapes(shapes: &[ClippedShape], size_pt: Vec2, info: &SvgInfo<'_>) -> String {
    let page = Rect::from_min_size(Pos2::ZERO, size_pt);
    let mut writer = Writer::new(info.scale);
    for ClippedShape { clip_rect, shape, .. } in shapes {
        let visible = clip_rect.intersect(page);
        if !visible.is_positive() || !shape.visual_bounding_rect().intersects(visible) {
            continue;
        }
        writer.clip_to((!clip_rect.contains_rect(page)).then_some(visible));
        shape::write(&mut writer, shape, visible);
    }
    document(writer, size_pt, info)
}

fn document(writer: Writer, size_pt: Vec2, info: &SvgInfo<'_>) -> String {
    let (width, height) = (number(size_pt.x), number(size_pt.y));
    let (shown_width, shown_height) = (number(size_pt.x * info.zoom), number(size_pt.y * info.zoom));
    let (defs, body) = writer.finish();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{shown_width}\" height=\"{shown_height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"{}\" font-variant-numeric=\"tabular-nums\" text-rendering=\"geometricPrecision\" xml:space=\"preserve\">\n",
        text::FAMILIES
    );
    for (element, content) in [("title", info.title), ("desc", info.description)] {
        if !content.is_empty() {
            svg.push_str(&format!("<{element}>{}</{element}>\n", escaped(content)));
        }
    }
    if !defs.is_empty() {
        svg.push_str(&format!("<defs>\n{defs}</defs>\n"));
    }
    if info.background != Color32::TRANSPARENT {
        svg.push_str(&format!("<rect width=\"{width}\" height=\"{height}\"{}/>\n", paint("fill", info.background)));
    }
    svg.push_str(&body);
    svg.push_str("</svg>\n");
    svg
}

/// A number with at most two decimals and none that is not needed.
fn number(value: f32) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let mut text = format!("{value:.2}");
    while text.ends_with('0') {
        text.pop();
    }
    if text.ends_with('.') {
        text.pop();
    }
    if text == "-0" { "0".to_owned() } else { text }
}

/// ` fill="#rrggbb"`, with ` fill-opacity` when it lets something through; `none` when it is fully transparent.
fn paint(attribute: &str, color: Color32) -> String {
    let [red, green, blue, alpha] = color.to_srgba_unmultiplied();
    match alpha {
        0 => format!(" {attribute}=\"none\""),
        255 => format!(" {attribute}=\"#{red:02x}{green:02x}{blue:02x}\""),
        _ => format!(" {attribute}=\"#{red:02x}{green:02x}{blue:02x}\" {attribute}-opacity=\"{}\"", three_decimals(alpha)),
    }
}

fn three_decimals(alpha: u8) -> String {
    format!("{:.3}", f32::from(alpha) / 255.0).trim_end_matches('0').to_owned()
}

/// Text as XML may carry it. Characters that XML 1.0 forbids become U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests;
