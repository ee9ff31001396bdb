//! Drawing a user interface with no window: an egui context is run until it settles, its shapes are kept.
//! It does not know what is drawn, and takes no input but time.

use eframe::egui::epaint::ClippedShape;
use eframe::egui::{Color32, ColorImage, Context, Pos2, RawInput, Rect, Theme, Ui, Vec2, ViewportId};

use super::raster::{Frame, Textures, paint};

/// The most passes for one drawing. Beyond it the last pass is taken as it is: layouts settle in two or three,
/// the rest is for questions whose answers raise further questions.
pub const PASSES_MAX: usize = 24;
/// Layouts that measure themselves are right from the second pass on.
const PASSES_MIN: usize = 2;
/// The time between two passes: long enough for everything that waits or fades to have ended.
const STEP_SECS: f64 = 1.0;
/// The widest texture that egui may ask for: room for the glyphs of a page at four times their size.
const TEXTURE_SIDE_MAX: usize = 8192;

/// What was drawn: shapes for SVG, pixels on demand.
pub struct Drawn {
    /// What was painted, in order, in points.
    pub shapes: Vec<ClippedShape>,
    /// The size of the drawing in points.
    pub size_pt: Vec2,
    /// Pixels for each point.
    pub scale: f32,
    context: Context,
    textures: Textures,
}

impl Drawn {
    /// The size of the image in pixels.
    pub fn size_px(&self) -> [usize; 2] {
        [(self.size_pt.x * self.scale).round() as usize, (self.size_pt.y * self.scale).round() as usize]
    }

    /// The pixels, on the background of the theme.
    pub fn image(&self) -> ColorImage {
        self.image_on(self.context.global_style().visuals.panel_fill)
    }

    /// The pixels, on a background of one's own.
    pub fn image_on(&self, background: Color32) -> ColorImage {
        let primitives = self.context.tessellate(self.shapes.clone(), self.scale);
        paint(&primitives, &self.textures, Frame { size_px: self.size_px(), pixels_per_point: self.scale, background })
    }
}

/// Draws `ui` at a size in points and a scale, in a context of its own.
///
/// `set_up` gives the context its fonts and colours. `ui` fills the whole area and says whether it wants to be
/// drawn again, for instance because it has asked something that is answered by then. Animations are off.
pub fn draw(size_pt: Vec2, scale: f32, theme: Theme, set_up: impl FnOnce(&Context), mut ui: impl FnMut(&mut Ui) -> bool) -> Drawn {
    let context = Context::default();
    context.set_theme(theme);
    set_up(&context);
    context.all_styles_mut(|style| style.animation_time = 0.0);
    let mut textures = Textures::default();
    let mut shapes = Vec::new();
    for pass in 0..PASSES_MAX {
        let mut wants_more = false;
        let mut output = context.run_ui(input(size_pt, scale, pass), |area| wants_more |= ui(area));
        textures.apply(&mut output.textures_delta);
        shapes = output.shapes;
        let repaints_at_once = output.viewport_output.get(&ViewportId::ROOT).is_some_and(|viewport| viewport.repaint_delay.is_zero());
        if pass + 1 >= PASSES_MIN && !wants_more && !repaints_at_once {
            break;
        }
    }
    Drawn { shapes, size_pt, scale, context, textures }
}

fn input(size_pt: Vec2, scale: f32, pass: usize) -> RawInput {
    let mut input = RawInput {
        screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size_pt)),
        time: Some(pass as f64 * STEP_SECS),
        predicted_dt: STEP_SECS as f32,
        max_texture_side: Some(TEXTURE_SIDE_MAX),
        focused: false,
        ..RawInput::default()
    };
    input.viewports.entry(ViewportId::ROOT).or_default().native_pixels_per_point = Some(scale);
    input
}

#[cfg(test)]
mod tests {
    use eframe::egui;

    use super::*;
    use crate::export::testing;

    fn sample(scale: f32) -> Drawn {
        draw(egui::vec2(200.0, 60.0), scale, Theme::Light, testing::set_up, |ui| {
            ui.painter().rect_filled(Rect::from_min_size(Pos2::ZERO, egui::vec2(200.0, 60.0)), 0.0, Color32::WHITE);
            ui.label("fi ffl Київ 김정은");
            false
        })
    }

    fn dark_pixels(image: &ColorImage) -> usize {
        image.pixels.iter().filter(|pixel| pixel.r() < 128).count()
    }

    #[test]
    fn text_is_drawn_at_every_scale_and_grows_with_it() {
        let dark = [1.0, 2.0, 4.0].map(|scale| dark_pixels(&sample(scale).image()));
        assert!(dark[0] > 100, "{dark:?}");
        assert!(dark[1] > 3 * dark[0] && dark[2] > 3 * dark[1], "{dark:?}");
    }

    #[test]
    fn korean_letters_bring_their_font_and_others_do_without() {
        let has_korean = |drawn: &Drawn| drawn.context.fonts(|fonts| fonts.definitions().font_data.contains_key("noto-sans-kr-400"));
        assert!(has_korean(&sample(1.0)));
        let plain = draw(egui::vec2(200.0, 60.0), 1.0, Theme::Light, testing::set_up, |ui| {
            ui.label("fi ffl Київ");
            false
        });
        assert!(!has_korean(&plain));
    }

    #[test]
    fn two_runs_give_the_same_pixels_and_shapes() {
        let (first, second) = (sample(2.0), sample(2.0));
        assert_eq!(first.image(), second.image());
        assert_eq!(first.shapes.len(), second.shapes.len());
    }

    #[test]
    fn the_image_has_the_size_asked_for() {
        assert_eq!(sample(4.0).image().size, [800, 240]);
        assert_eq!(sample(1.5).image().size, [300, 90]);
    }

    #[test]
    fn a_drawing_that_wants_more_is_drawn_again_but_not_for_ever() {
        let mut passes = 0;
        draw(egui::vec2(20.0, 20.0), 1.0, Theme::Dark, testing::set_up, |_| {
            passes += 1;
            passes < 7
        });
        assert_eq!(passes, 7);
        let mut endless = 0;
        draw(egui::vec2(20.0, 20.0), 1.0, Theme::Dark, testing::set_up, |_| {
            endless += 1;
            true
        });
        assert_eq!(endless, PASSES_MAX);
    }
}
