//! How wide letters are: looked up once for all texts of all pictures, since nobody kerns. It knows fonts, not what they write.

use eframe::egui::{FontId, Ui};

use crate::view::theme::font;

/// Letters of Latin scripts.
const LATIN: u32 = 0x250;
/// Dashes, quotation marks, the ellipsis.
const MARKS: std::ops::Range<u32> = 0x2010..0x2040;
/// Those of them that Inter lacks: nobody looks for other fonts before one of these is written.
const ELSEWHERE: [char; 5] = ['\u{ad}', 'ŉ', 'Ǆ', '\u{2028}', '\u{2029}'];
const KNOWN: usize = (LATIN + MARKS.end - MARKS.start) as usize;

/// The widths of letters in the faces of the lanes.
#[derive(Debug)]
pub(super) struct Letters {
    pixels_per_point: f32,
    label: Face,
    bold: Face,
    badge: Face,
    name: Face,
    micro: Face,
}

impl Letters {
    /// The widths at the scale of the screen.
    pub(super) fn new(ui: &Ui) -> Self {
        let face = |font| Face::new(ui, font);
        Self {
            pixels_per_point: ui.ctx().pixels_per_point(),
            label: face(font::label()),
            bold: face(font::semibold(11.0)),
            badge: face(font::regular(9.0)),
            name: face(font::medium(12.0)),
            micro: face(font::micro()),
        }
    }

    /// Are these the widths at the scale of the screen?
    pub(super) fn fits(&self, ui: &Ui) -> bool {
        self.pixels_per_point == ui.ctx().pixels_per_point()
    }

    /// The width of a label; of a selected mark's with `is_bold`.
    pub(super) fn label(&self, ui: &Ui, text: &str, is_bold: bool) -> f32 {
        if is_bold { self.bold.width(ui, text) } else { self.label.width(ui, text) }
    }

    /// The width of the small text beside a mark.
    pub(super) fn badge(&self, ui: &Ui, text: &str) -> f32 {
        self.badge.width(ui, text)
    }

    /// The width of the name of a lane.
    pub(super) fn name(&self, ui: &Ui, text: &str) -> f32 {
        self.name.width(ui, text)
    }

    /// The width of a count beside a lane.
    pub(super) fn micro(&self, ui: &Ui, text: &str) -> f32 {
        self.micro.width(ui, text)
    }
}

#[derive(Debug)]
struct Face {
    font: FontId,
    /// By place; not a number where the letter is looked up each time.
    widths: Box<[f32; KNOWN]>,
}

impl Face {
    fn new(ui: &Ui, font: FontId) -> Self {
        let letters = (0..LATIN).chain(MARKS);
        let mut widths = Box::new([f32::NAN; KNOWN]);
        ui.fonts_mut(|fonts| {
            for (width, letter) in widths.iter_mut().zip(letters) {
                let letter = char::from_u32(letter).filter(|letter| !ELSEWHERE.contains(letter));
                *width = letter.map_or(f32::NAN, |letter| fonts.glyph_width(&font, letter));
            }
        });
        Self { font, widths }
    }

    fn width(&self, ui: &Ui, text: &str) -> f32 {
        let letter = |letter: char| {
            let code = letter as u32;
            let place = if code < LATIN { Some(code) } else { MARKS.contains(&code).then(|| code - MARKS.start + LATIN) };
            match place.and_then(|place| self.widths.get(place as usize)) {
                Some(width) if !width.is_nan() => *width,
                _ => ui.fonts_mut(|fonts| fonts.glyph_width(&self.font, letter)),
            }
        };
        text.chars().map(letter).sum()
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Context, RawInput};

    use super::*;
    use crate::view::fonts;

    #[test]
    fn letters_are_looked_up_ahead_without_another_font_and_with_it_when_they_are_written() {
        let context = Context::default();
        fonts::install(&context);
        let mut widths = Vec::new();
        let mut has_other_font = |text: &str| {
            let output = context.run_ui(RawInput::default(), |ui| widths.push(Letters::new(ui).label(ui, text, false)));
            output.drop_without_applying_deltas();
            context.fonts(|fonts| fonts.definitions().font_data.contains_key("noto-sans-kr-400"))
        };
        assert!(!has_other_font("Kyiv…"));
        assert!(!has_other_font("Ky\tiv…"));
        assert!(has_other_font("Ky\u{ad}iv…"));
        let [plain, spread, hyphened] = widths[..] else { panic!("{widths:?}") };
        assert!(plain > 0.0 && spread > plain && hyphened >= plain && hyphened.is_finite(), "{widths:?}");
    }
}
