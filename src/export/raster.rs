//! A software rasteriser for egui's tessellated output: same triangles, same pixels, no GPU and no display.
//! It knows triangles, textures and clip rectangles, and nothing of what they show.
//!
//! Positions are 24.8 fixed point and edges follow the top-left rule, so that neighbouring triangles neither
//! overlap nor leave a gap. Colours are premultiplied and blended in gamma space, as egui's own shaders do.
//! Axis-aligned quads (panels, cells, glyphs) take a path by rows; other triangles are cut into one span a row,
//! so the cost follows the pixels covered and not the bounding boxes.

pub(super) mod blend;
mod texture;
mod triangle;

pub use texture::Textures;

use eframe::egui;
use eframe::egui::epaint::{ClippedPrimitive, Mesh, Primitive, Vertex};
use eframe::egui::{Color32, ColorImage, Pos2, Rect};

/// Fixed point: this many steps a pixel.
const STEPS: i64 = 256;
/// Corners farther out than this many pixels are moved in to it, so that products of two positions fit 64 bits.
const FAR_PX: f32 = 1_048_576.0;

/// What the pixels are painted on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Width and height of the image in pixels.
    pub size_px: [usize; 2],
    /// Pixels for each of egui's points.
    pub pixels_per_point: f32,
    /// What shows where nothing is painted.
    pub background: Color32,
}

/// Paints tessellated shapes, in order. Callbacks, and meshes whose texture is not in `textures`, are left out.
pub fn paint(primitives: &[ClippedPrimitive], textures: &Textures, frame: Frame) -> ColorImage {
    let [width, height] = frame.size_px;
    let mut image = ColorImage::filled([width, height], frame.background);
    for ClippedPrimitive { clip_rect, primitive } in primitives {
        let Primitive::Mesh(mesh) = primitive else { continue };
        let Some(texture) = textures.get(mesh.texture_id) else { continue };
        let clip = Area::of_clip(*clip_rect, frame);
        if !clip.is_empty() {
            paint_mesh(&mut Target { pixels: &mut image.pixels, width, clip }, mesh, texture, frame.pixels_per_point);
        }
    }
    image
}

/// A half-open rectangle of whole pixels.
#[derive(Clone, Copy, Debug)]
struct Area {
    x0: i64,
    y0: i64,
    x1: i64,
    y1: i64,
}

impl Area {
    fn of_clip(clip: Rect, frame: Frame) -> Self {
        let pixel = |points: f32, limit: usize| (points * frame.pixels_per_point).round().clamp(0.0, limit as f32) as i64;
        let [width, height] = frame.size_px;
        Self { x0: pixel(clip.min.x, width), y0: pixel(clip.min.y, height), x1: pixel(clip.max.x, width), y1: pixel(clip.max.y, height) }
    }

    fn is_empty(self) -> bool {
        self.x0 >= self.x1 || self.y0 >= self.y1
    }

    fn intersect(self, other: Self) -> Self {
        Self { x0: self.x0.max(other.x0), y0: self.y0.max(other.y0), x1: self.x1.min(other.x1), y1: self.y1.min(other.y1) }
    }
}

/// The pixels, and the part of them that may be written.
struct Target<'a> {
    pixels: &'a mut [Color32],
    width: usize,
    clip: Area,
}

impl Target<'_> {
    /// One row of pixels from `x0` up to `x1`; the caller has clipped.
    fn row(&mut self, y: i64, x0: i64, x1: i64) -> &mut [Color32] {
        let start = y as usize * self.width;
        &mut self.pixels[start + x0 as usize..start + x1 as usize]
    }
}

/// A corner: its place in fixed point, its colour and its place in the texture.
#[derive(Clone, Copy)]
struct Corner {
    x: i64,
    y: i64,
    color: Color32,
    uv: Pos2,
}

impl Corner {
    /// `None` when the place is not a number.
    fn of(vertex: &Vertex, pixels_per_point: f32) -> Option<Self> {
        let fixed = |points: f32| {
            let pixels = points * pixels_per_point;
            (!pixels.is_nan()).then(|| (pixels.clamp(-FAR_PX, FAR_PX) * STEPS as f32).round() as i64)
        };
        Some(Self { x: fixed(vertex.pos.x)?, y: fixed(vertex.pos.y)?, color: vertex.color, uv: vertex.uv })
    }
}

fn paint_mesh(target: &mut Target<'_>, mesh: &Mesh, texture: &texture::Texture, pixels_per_point: f32) {
    let corner = |index: u32| mesh.vertices.get(index as usize).and_then(|vertex| Corner::of(vertex, pixels_per_point));
    let mut indices = mesh.indices.as_slice();
    while let [a, b, c, rest @ ..] = indices {
        indices = rest;
        let (Some(first), Some(second), Some(third)) = (corner(*a), corner(*b), corner(*c)) else { continue };
        if let [d, e, f, after @ ..] = rest
            && let Some((fourth, apex)) = fourth_of_quad([*a, *b, *c], [*d, *e, *f])
            && let Some(fourth) = corner(fourth)
            && let Some(quad) = Quad::of([first, second, third], apex, fourth)
        {
            indices = after;
            quad.paint(target, texture);
            continue;
        }
        triangle::paint(target, [first, second, third], texture);
    }
}

/// The vertex that the second triangle adds, when both share an edge, and which of the first triangle's corners
/// is not on that edge.
fn fourth_of_quad(first: [u32; 3], second: [u32; 3]) -> Option<(u32, usize)> {
    let mut added = second.into_iter().filter(|index| !first.contains(index));
    let fourth = added.next()?;
    let mut apexes = (0..3).filter(|&at| !second.contains(&first[at]));
    let apex = apexes.next()?;
    (added.next().is_none() && apexes.next().is_none()).then_some((fourth, apex))
}

/// An upright rectangle of one colour, with a texture that lies along its edges.
struct Quad {
    /// Its corners with the least and the greatest x and y.
    low: Corner,
    high: Corner,
}

impl Quad {
    /// The rectangle that two triangles make, when they make one.
    fn of(triangle: [Corner; 3], apex: usize, fourth: Corner) -> Option<Self> {
        let tip = triangle[apex];
        let (left, right) = (triangle[(apex + 1) % 3], triangle[(apex + 2) % 3]);
        let is_flat = tip.color == fourth.color && tip.color == left.color && tip.color == right.color;
        // Seen from the tip, one neighbour lies along x and the other along y; the fourth corner completes both.
        let (along_x, along_y) = if left.y == tip.y { (left, right) } else { (right, left) };
        let is_upright = along_x.y == tip.y && along_y.x == tip.x && fourth.x == along_x.x && fourth.y == along_y.y;
        let is_mapped = along_x.uv.y == tip.uv.y && along_y.uv.x == tip.uv.x && fourth.uv.x == along_x.uv.x && fourth.uv.y == along_y.uv.y;
        if !(is_flat && is_upright && is_mapped) {
            return None;
        }
        let pick = |from_tip_x: bool, from_tip_y: bool| {
            let (of_x, of_y) = (if from_tip_x { tip } else { fourth }, if from_tip_y { tip } else { fourth });
            Corner { x: of_x.x, y: of_y.y, color: tip.color, uv: egui::pos2(of_x.uv.x, of_y.uv.y) }
        };
        let (tip_left, tip_above) = (tip.x <= fourth.x, tip.y <= fourth.y);
        Some(Self { low: pick(tip_left, tip_above), high: pick(!tip_left, !tip_above) })
    }

    fn paint(&self, target: &mut Target<'_>, texture: &texture::Texture) {
        let (low, high) = (self.low, self.high);
        let area = Area { x0: first_pixel(low.x), y0: first_pixel(low.y), x1: first_pixel(high.x), y1: first_pixel(high.y) };
        let area = area.intersect(target.clip);
        if area.is_empty() || low.color == Color32::TRANSPARENT {
            return;
        }
        if low.uv == high.uv {
            let color = texture.tinted(low.uv, low.color);
            for y in area.y0..area.y1 {
                blend::fill(target.row(y, area.x0, area.x1), color);
            }
            return;
        }
        let [columns, rows] = texture.size();
        let across = texture::Axis::of((low.x, low.uv.x), (high.x, high.uv.x), columns);
        let down = texture::Axis::of((low.y, low.uv.y), (high.y, high.uv.y), rows);
        let tint = blend::floats(low.color);
        for y in area.y0..area.y1 {
            let v = down.texel(y);
            let row = target.row(y, area.x0, area.x1);
            for (pixel, x) in row.iter_mut().zip(area.x0..) {
                let texel = texture.at_texel(across.texel(x), v);
                if texel[3] > 0.0 || texel[..3] != [0.0; 3] {
                    blend::over_floats(pixel, std::array::from_fn(|channel| texel[channel] * tint[channel]));
                }
            }
        }
    }
}

/// The first pixel whose centre is at or right of (below) a place in fixed point.
fn first_pixel(fixed: i64) -> i64 {
    (fixed - STEPS / 2).div_euclid(STEPS) + i64::from((fixed - STEPS / 2).rem_euclid(STEPS) != 0)
}

#[cfg(test)]
mod tests;
