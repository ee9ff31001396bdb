//! How wide letters are: looked up once for all texts of all pictures, since nobody kerns. It knows fonts, not what they write.

use eframe::egui::{FontId, Ui};

use crate::view::theme::font;

/// Letters of Latin scripts.
const LATIN: u32 = 0x250;
/// Dashes, quotation marks, the ellipsis.
const MARKS: std::ops::Range<u32> = 0x2010..0x2040;
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
    widths: Box<[f32; KNOWN]>,
}

impl Face {
    fn new(ui: &Ui, font: FontId) -> Self {
        let letters = (0..LATIN).chain(MARKS);
        let mut widths = Box::new([0.0; KNOWN]);
        ui.fonts_mut(|fonts| {
            for (width, letter) in widths.iter_mut().zip(letters) {
                *width = char::from_u32(letter).map_or(0.0, |letter| fonts.glyph_width(&font, letter));
            }
        });
        Self { font, widths }
    }

    fn width(&self, ui: &Ui, text: &str) -> f32 {
        let letter = |letter: char| {
            let code = letter as u32;
            let place = if code < LATIN { Some(code) } else { MARKS.contains(&code).then(|| code - MARKS.start + LATIN) };
            match place.and_then(|place| self.widths.get(place as usize)) {
                Some(width) => *width,
                None => ui.fonts_mut(|fonts| fonts.glyph_width(&self.font, letter)),
            }
        };
        text.chars().map(letter).sum()
    }
}
