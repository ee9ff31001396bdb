//! Putting one premultiplied colour over another, in gamma space. It knows nothing of places.

use eframe::egui::Color32;

/// A colour as four numbers from 0 to 1, premultiplied.
pub(super) fn floats(color: Color32) -> [f32; 4] {
    color.to_array().map(|channel| f32::from(channel) / 255.0)
}

/// The nearest colour to four numbers from 0 to 1.
pub(super) fn color_of(floats: [f32; 4]) -> Color32 {
    of_bytes(floats.map(|channel| (channel * 255.0 + 0.5) as u8))
}

/// The mean of some colours.
pub(in crate::export) fn mean(colors: &[Color32]) -> Color32 {
    let sum = |channel: usize| colors.iter().map(|color| usize::from(color.to_array()[channel])).sum::<usize>();
    of_bytes(std::array::from_fn(|channel| (sum(channel) / colors.len().max(1)) as u8))
}

fn of_bytes([red, green, blue, alpha]: [u8; 4]) -> Color32 {
    Color32::from_rgba_premultiplied(red, green, blue, alpha)
}

/// Puts one colour over every pixel of a row.
pub(super) fn fill(row: &mut [Color32], color: Color32) {
    match color.a() {
        255 => row.fill(color),
        0 if color == Color32::TRANSPARENT => {}
        alpha => {
            let source = color.to_array();
            let keep = 255 - u32::from(alpha);
            for pixel in row {
                let below = pixel.to_array();
                *pixel = of_bytes(std::array::from_fn(|channel| source[channel].saturating_add(share(u32::from(below[channel]), keep))));
            }
        }
    }
}

/// Puts one colour, given from 0 to 1, over one pixel.
pub(super) fn over_floats(pixel: &mut Color32, source: [f32; 4]) {
    let keep = 1.0 - source[3];
    let below = pixel.to_array();
    *pixel = of_bytes(std::array::from_fn(|channel| (source[channel] * 255.0 + f32::from(below[channel]) * keep + 0.5) as u8));
}

/// `channel · keep / 255`, rounded to the nearest.
fn share(channel: u32, keep: u32) -> u8 {
    let product = channel * keep + 128;
    ((product + (product >> 8)) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_rounded_to_the_nearest_for_every_pair() {
        for channel in 0..=255_u32 {
            for keep in 0..=255_u32 {
                let exact = f64::from(channel * keep) / 255.0;
                assert_eq!(f64::from(share(channel, keep)), exact.round(), "{channel} · {keep}");
            }
        }
    }

    #[test]
    fn half_of_black_over_white_is_grey_and_stays_opaque() {
        let mut row = [Color32::WHITE; 3];
        fill(&mut row, Color32::from_black_alpha(128));
        assert_eq!(row, [Color32::from_rgb(127, 127, 127); 3]);
        let mut pixel = Color32::WHITE;
        over_floats(&mut pixel, floats(Color32::from_black_alpha(128)));
        assert_eq!(pixel, row[0]);
    }
}
