//! Laid-out text to SVG: one `<text>` a row, one `<tspan>` a run of one look, every letter kept.

use std::ops::Range;

use eframe::egui::emath::GuiRounding as _;
use eframe::egui::epaint::TextShape;
use eframe::egui::epaint::text::{Glyph, PlacedRow, TextFormat};
use eframe::egui::{Color32, FontFamily, Pos2, Rect, Stroke};

use super::letters::{Sign, together};
use super::writer::{Writer, box_of, stroke_attributes};
use super::{escaped, number, paint};

/// The families of ordinary text: the bundled ones, then what resembles them on common systems.
pub(super) const FAMILIES: &str = "Inter, 'Noto Sans KR', 'Noto Sans CJK KR', 'Noto Sans', 'Apple SD Gothic Neo', 'Malgun Gothic', \
                                   'Helvetica Neue', 'Segoe UI', Arial, sans-serif";
/// The family of the icons.
const ICON_FAMILY: &str = "'Material Symbols Rounded'";

/// Letters of one look, side by side in a row.
struct Run {
    glyphs: Range<usize>,
    letters: String,
    section: usize,
}

/// Writes a text shape, row by row.
pub(super) fn write(writer: &mut Writer, shape: &TextShape) {
    if shape.opacity_factor <= 0.0 {
        return;
    }
    let origin = shape.pos.round_to_pixels(writer.scale);
    let turn = if shape.angle == 0.0 {
        String::new()
    } else {
        format!(" transform=\"rotate({} {} {})\"", number(shape.angle.to_degrees()), number(origin.x), number(origin.y))
    };
    let text: Vec<(usize, char)> = shape.galley.job.text.char_indices().collect();
    let (mut place, mut section) = (0, 0);
    for row in &shape.galley.rows {
        let runs = runs_of(shape, row, &text, &mut place, &mut section);
        place += usize::from(row.ends_with_newline);
        write_row(writer, shape, row, &runs, origin, &turn);
    }
}

/// The runs of a row, whose letters begin at a place of the text; moves place and section on.
fn runs_of(shape: &TextShape, row: &PlacedRow, text: &[(usize, char)], place: &mut usize, section: &mut usize) -> Vec<Run> {
    let sections = &shape.galley.job.sections;
    let sign = |glyph: &Glyph| Sign { letter: glyph.chr, is_wide: glyph.advance_width > 0.0 };
    let signs: Vec<Sign> = row.glyphs.iter().map(sign).collect();
    let letters: Vec<char> = text.iter().skip(*place).take(signs.len()).map(|(_, letter)| *letter).collect();
    let mut runs: Vec<Run> = Vec::new();
    let (mut at, mut read) = (0, 0);
    while at < signs.len() {
        // The ellipsis of cut text has no letter behind it: it looks like the letter before.
        if let Some((byte, _)) = text.get(*place + read) {
            while *section + 1 < sections.len() && sections[*section].byte_range.end.0 <= *byte {
                *section += 1;
            }
        }
        let (glyphs, own) = together(&signs[at..], letters.get(read..).unwrap_or_default());
        let told: String = match own {
            1 => signs[at].letter.to_string(),
            _ => letters.iter().skip(read).take(own).collect(),
        };
        match runs.last_mut() {
            Some(run) if run.section == *section => {
                run.glyphs.end = at + glyphs;
                run.letters.push_str(&told);
            }
            _ => runs.push(Run { glyphs: at..at + glyphs, letters: told, section: *section }),
        }
        at += glyphs;
        read += own;
    }
    *place = (*place + read).min(text.len());
    runs
}

fn write_row(writer: &mut Writer, shape: &TextShape, row: &PlacedRow, runs: &[Run], origin: Pos2, turn: &str) {
    let offset = origin + row.pos.to_vec2();
    let looks: Vec<(&Run, &TextFormat)> =
        runs.iter().filter_map(|run| shape.galley.job.sections.get(run.section).map(|section| (run, &section.format))).collect();
    for (run, format) in &looks {
        decorate(writer, shape, row, run, format, offset, turn);
    }
    let spans: Vec<String> =
        looks.iter().filter_map(|(run, format)| span(shape, run, &row.glyphs[run.glyphs.clone()], format, offset)).collect();
    match spans.as_slice() {
        [] => {}
        [only] => writer.element(&format!("<text{}{turn}>{}</text>", attributes_of(only), content_of(only))),
        several => writer
            .element(&format!("<text{turn}>{}</text>", several.iter().map(|span| format!("<tspan{span}</tspan>")).collect::<String>())),
    }
}

fn attributes_of(span: &str) -> &str {
    span.split_once('>').map_or("", |(attributes, _)| attributes)
}

fn content_of(span: &str) -> &str {
    span.split_once('>').map_or("", |(_, content)| content)
}

/// ` attributes>letters` of one run; `None` when it shows nothing.
fn span(shape: &TextShape, run: &Run, glyphs: &[Glyph], format: &TextFormat, offset: Pos2) -> Option<String> {
    let (first, last) = (glyphs.first()?, glyphs.last()?);
    let color = faded(shape, shape.override_text_color.unwrap_or(format.color));
    if run.letters.trim().is_empty() || color.a() == 0 {
        return None;
    }
    let right = glyphs.iter().map(Glyph::max_x).fold(last.max_x(), f32::max);
    let width = right - first.pos.x;
    let mut attributes = format!(" x=\"{}\" y=\"{}\"", number(offset.x + first.pos.x), number(offset.y + first.pos.y));
    attributes.push_str(&format!(" font-size=\"{}\"", number(format.font_id.size)));
    let (family, weight) = face(&format.font_id.family);
    if let Some(family) = family {
        attributes.push_str(&format!(" font-family=\"{family}\""));
    }
    if weight != 400 {
        attributes.push_str(&format!(" font-weight=\"{weight}\""));
    }
    if format.italics {
        attributes.push_str(" font-style=\"italic\"");
    }
    attributes.push_str(&paint("fill", color));
    if glyphs.len() > 1 && width > 0.0 {
        attributes.push_str(&format!(" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"", number(width)));
    }
    Some(format!("{attributes}>{}", escaped(&run.letters)))
}

/// The SVG family, where it is not the ordinary one, and the weight: `inter-600` is Inter at 600.
fn face(family: &FontFamily) -> (Option<&'static str>, u16) {
    match family {
        FontFamily::Name(name) if name.as_ref() == "icons" => (Some(ICON_FAMILY), 400),
        FontFamily::Name(name) => (None, name.rsplit('-').next().and_then(|weight| weight.parse().ok()).unwrap_or(400)),
        FontFamily::Proportional | FontFamily::Monospace => (None, 400),
    }
}

/// What egui paints behind, under and through a run.
fn decorate(writer: &mut Writer, shape: &TextShape, row: &PlacedRow, run: &Run, format: &TextFormat, offset: Pos2, turn: &str) {
    let glyphs = &row.glyphs[run.glyphs.clone()];
    let bounds = glyphs.iter().fold(Rect::NOTHING, |bounds, glyph| bounds.union(glyph.logical_rect())).translate(offset.to_vec2());
    if format.background.a() > 0 {
        let fill = paint("fill", faded(shape, format.background));
        writer.element(&format!("<rect{}{fill}{turn}/>", box_of(bounds.expand(format.expand_bg))));
    }
    let mut rule = |y: f32, stroke: Stroke| {
        if !stroke.is_empty() {
            let stroke = Stroke::new(stroke.width, faded(shape, stroke.color));
            let (left, right, y) = (number(bounds.min.x), number(bounds.max.x), number(y));
            writer.element(&format!("<path d=\"M{left} {y}L{right} {y}\" fill=\"none\"{}{turn}/>", stroke_attributes(stroke)));
        }
    };
    rule(bounds.max.y, shape.underline);
    rule(bounds.max.y, format.underline);
    rule(bounds.center().y, format.strikethrough);
}

fn faded(shape: &TextShape, color: Color32) -> Color32 {
    let color = if color == Color32::PLACEHOLDER { shape.fallback_color } else { color };
    if shape.opacity_factor < 1.0 { color.gamma_multiply(shape.opacity_factor) } else { color }
}
