//! One triangle, cut into a span for each row of pixels. It knows nothing of meshes.

use eframe::egui;
use eframe::egui::Color32;

use super::texture::Texture;
use super::{Area, Corner, STEPS, Target, blend, first_pixel};

/// Paints one triangle of either winding.
pub(super) fn paint(target: &mut Target<'_>, mut corners: [Corner; 3], texture: &Texture) {
    let mut double_area = cross(corners[0], corners[1], corners[2].x, corners[2].y);
    if double_area == 0 {
        return;
    }
    if double_area < 0 {
        corners.swap(1, 2);
        double_area = -double_area;
    }
    let [a, b, c] = corners;
    let area = Area {
        x0: first_pixel(a.x.min(b.x).min(c.x)),
        y0: first_pixel(a.y.min(b.y).min(c.y)),
        x1: first_pixel(a.x.max(b.x).max(c.x)) + 1,
        y1: first_pixel(a.y.max(b.y).max(c.y)) + 1,
    };
    let area = area.intersect(target.clip);
    if area.is_empty() {
        return;
    }
    let edges = [Edge::of(b, c, area), Edge::of(c, a, area), Edge::of(a, b, area)];
    let is_flat = a.color == b.color && a.color == c.color;
    let has_one_texel = a.uv == b.uv && a.uv == c.uv;
    if is_flat && has_one_texel {
        let color = texture.tinted(a.uv, a.color);
        if color != Color32::TRANSPARENT {
            for_each_span(edges, area, |y, x0, x1| blend::fill(target.row(y, x0, x1), color));
        }
        return;
    }
    let shade = Shade::of(corners, double_area, area);
    let single = has_one_texel.then(|| texture.at(a.uv));
    for_each_span(edges, area, |y, x0, x1| {
        let mut values = shade.at(x0, y);
        for pixel in target.row(y, x0, x1) {
            let texel = single.unwrap_or_else(|| texture.at(egui::pos2(values[4], values[5])));
            blend::over_floats(pixel, std::array::from_fn(|channel| (values[channel] * texel[channel]).clamp(0.0, 1.0)));
            for (value, step) in values.iter_mut().zip(shade.across) {
                *value += step;
            }
        }
    });
}

/// Twice the area of the triangle from an edge to a place: positive on the inner side.
fn cross(from: Corner, to: Corner, x: i64, y: i64) -> i64 {
    (to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x)
}

/// One edge as a linear function of the pixel: inside where it is not negative.
#[derive(Clone, Copy)]
struct Edge {
    /// Its value at the centre of pixel (0, y0), less one where the edge itself is outside (top-left rule).
    start: i64,
    /// What one pixel to the right adds.
    across: i64,
    /// What one pixel down adds.
    down: i64,
}

impl Edge {
    fn of(from: Corner, to: Corner, area: Area) -> Self {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let is_top_or_left = dy < 0 || (dy == 0 && dx > 0);
        let start = cross(from, to, STEPS / 2, area.y0 * STEPS + STEPS / 2) - i64::from(!is_top_or_left);
        Self { start, across: -dy * STEPS, down: dx * STEPS }
    }

    /// The pixels of one row that lie inside, out of `x0..x1`.
    fn narrow(self, row: i64, x0: i64, x1: i64) -> (i64, i64) {
        let value = self.start + row * self.down;
        match self.across {
            0 if value < 0 => (x0, x0),
            0 => (x0, x1),
            across if across > 0 => (x0.max(-value.div_euclid(across)), x1),
            across => (x0, x1.min(value.div_euclid(-across) + 1)),
        }
    }
}

fn for_each_span(edges: [Edge; 3], area: Area, mut span: impl FnMut(i64, i64, i64)) {
    for y in area.y0..area.y1 {
        let (mut x0, mut x1) = (area.x0, area.x1);
        for edge in edges {
            (x0, x1) = edge.narrow(y - area.y0, x0, x1);
        }
        if x0 < x1 {
            span(y, x0, x1);
        }
    }
}

/// Red, green, blue, alpha, u and v as linear functions of the pixel.
struct Shade {
    origin: (i64, i64),
    start: [f32; 6],
    across: [f32; 6],
    down: [f32; 6],
}

impl Shade {
    fn of(corners: [Corner; 3], double_area: i64, area: Area) -> Self {
        let values = corners.map(|corner| {
            let [red, green, blue, alpha] = blend::floats(corner.color);
            [red, green, blue, alpha, corner.uv.x, corner.uv.y]
        });
        // The weights of the second and third corner: how far a place lies from the edges opposite to them.
        let [first, second, third] = corners;
        let share = |part: i64| (part as f64 / double_area as f64) as f32;
        let mix = |of_second: i64, of_third: i64| {
            let (of_second, of_third) = (share(of_second), share(of_third));
            std::array::from_fn(|at| of_second * (values[1][at] - values[0][at]) + of_third * (values[2][at] - values[0][at]))
        };
        let (left, top) = (area.x0 * STEPS + STEPS / 2, area.y0 * STEPS + STEPS / 2);
        let offset: [f32; 6] = mix(cross(third, first, left, top), cross(first, second, left, top));
        Self {
            origin: (area.x0, area.y0),
            start: std::array::from_fn(|at| values[0][at] + offset[at]),
            across: mix((third.y - first.y) * STEPS, (first.y - second.y) * STEPS),
            down: mix((first.x - third.x) * STEPS, (second.x - first.x) * STEPS),
        }
    }

    fn at(&self, x: i64, y: i64) -> [f32; 6] {
        let (columns, rows) = ((x - self.origin.0) as f32, (y - self.origin.1) as f32);
        std::array::from_fn(|at| self.start[at] + columns * self.across[at] + rows * self.down[at])
    }
}
