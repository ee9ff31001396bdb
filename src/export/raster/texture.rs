//! The textures that egui hands over, kept up to date from its changes, and looking a colour up in them.

use eframe::egui::epaint::{ImageData, ImageDelta};
use eframe::egui::{Color32, Pos2, TextureFilter, TextureId, TextureOptions, TextureWrapMode, TexturesDelta};
use rustc_hash::FxHashMap;

use super::{STEPS, blend};

/// Every live texture of one egui context. Costs four bytes a texel.
#[derive(Clone, Debug, Default)]
pub struct Textures {
    by_id: FxHashMap<TextureId, Texture>,
    /// Freed by the last changes, but still wanted to paint the output that came with them.
    retired: Vec<TextureId>,
}

impl Textures {
    /// Takes over the changes of one pass and leaves `delta` empty. Call it for every pass, in order.
    pub fn apply(&mut self, delta: &mut TexturesDelta) {
        for id in self.retired.drain(..) {
            self.by_id.remove(&id);
        }
        delta.set.drain().for_each(|(id, changes)| {
            for change in changes {
                self.change(id, &change);
            }
        });
        self.retired.extend(delta.free.drain());
    }

    fn change(&mut self, id: TextureId, change: &ImageDelta) {
        let ImageData::Color(image) = &change.image;
        let Some([left, top]) = change.pos else {
            self.by_id.insert(id, Texture { size: image.size, pixels: image.pixels.clone(), options: change.options });
            return;
        };
        let Some(texture) = self.by_id.get_mut(&id) else { return };
        let [width, height] = texture.size;
        let [part_width, part_height] = image.size;
        if left + part_width > width || top + part_height > height || part_width == 0 {
            return;
        }
        for (row, part) in image.pixels.chunks_exact(part_width).enumerate() {
            let start = (top + row) * width + left;
            texture.pixels[start..start + part_width].copy_from_slice(part);
        }
    }

    pub(super) fn get(&self, id: TextureId) -> Option<&Texture> {
        self.by_id.get(&id).filter(|texture| !texture.pixels.is_empty())
    }
}

/// One texture; never without a pixel when it comes from [`Textures::get`].
#[derive(Clone, Debug)]
pub(super) struct Texture {
    size: [usize; 2],
    pixels: Vec<Color32>,
    options: TextureOptions,
}

impl Texture {
    pub(super) fn size(&self) -> [usize; 2] {
        self.size
    }

    /// The colour at one place of the texture (0 to 1 across), multiplied by a tint.
    pub(super) fn tinted(&self, uv: Pos2, tint: Color32) -> Color32 {
        let (texel, tint) = (self.at(uv), blend::floats(tint));
        blend::color_of(std::array::from_fn(|channel| texel[channel] * tint[channel]))
    }

    /// The colour at one place of the texture, 0 to 1 across.
    pub(super) fn at(&self, uv: Pos2) -> [f32; 4] {
        self.at_texel(uv.x * self.size[0] as f32 - 0.5, uv.y * self.size[1] as f32 - 0.5)
    }

    /// The colour at a place counted in texels from the centre of the first one.
    pub(super) fn at_texel(&self, u: f32, v: f32) -> [f32; 4] {
        if self.options.magnification == TextureFilter::Nearest {
            return blend::floats(self.texel(u.round() as i64, v.round() as i64));
        }
        let (left, top) = (u.floor(), v.floor());
        let (across, down) = (u - left, v - top);
        let (left, top) = (left as i64, top as i64);
        if across == 0.0 && down == 0.0 {
            return blend::floats(self.texel(left, top));
        }
        let corners = [(left, top), (left + 1, top), (left, top + 1), (left + 1, top + 1)].map(|(x, y)| self.texel(x, y).to_array());
        std::array::from_fn(|channel| {
            let [nw, ne, sw, se] = corners.map(|corner| f32::from(corner[channel]));
            let (north, south) = (nw + (ne - nw) * across, sw + (se - sw) * across);
            (north + (south - north) * down) / 255.0
        })
    }

    fn texel(&self, x: i64, y: i64) -> Color32 {
        let [width, height] = self.size;
        let (x, y) = (self.wrapped(x, width), self.wrapped(y, height));
        self.pixels[y * width + x]
    }

    fn wrapped(&self, at: i64, count: usize) -> usize {
        let count = count as i64;
        let inside = match self.options.wrap_mode {
            TextureWrapMode::ClampToEdge => at.clamp(0, count - 1),
            TextureWrapMode::Repeat => at.rem_euclid(count),
            TextureWrapMode::MirroredRepeat => {
                let there_and_back = at.rem_euclid(2 * count);
                there_and_back.min(2 * count - 1 - there_and_back)
            }
        };
        inside as usize
    }
}

/// How far this is from a whole texel and still taken as one: glyphs lie on whole texels but for float noise.
const WHOLE_TEXEL: f32 = 1.0 / 64.0;

/// From pixels to texels along one side of an upright quad.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    origin: f32,
    step: f32,
    first: i64,
}

impl Axis {
    /// From the ends of the side: each its place in fixed point and its place in the texture, 0 to 1.
    pub(super) fn of(low: (i64, f32), high: (i64, f32), texels: usize) -> Self {
        let first = super::first_pixel(low.0);
        let length_px = (high.0 - low.0) as f32 / STEPS as f32;
        let step = (high.1 - low.1) * texels as f32 / length_px;
        let into_first_px = (first * STEPS + STEPS / 2 - low.0) as f32 / STEPS as f32;
        let origin = low.1 * texels as f32 + into_first_px * step - 0.5;
        let is_one_to_one = (step - 1.0).abs() * length_px < WHOLE_TEXEL && (origin - origin.round()).abs() < WHOLE_TEXEL;
        if is_one_to_one { Self { origin: origin.round(), step: 1.0, first } } else { Self { origin, step, first } }
    }

    pub(super) fn texel(self, pixel: i64) -> f32 {
        self.origin + (pixel - self.first) as f32 * self.step
    }
}
