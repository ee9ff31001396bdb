//! What tests of drawings need: the fonts, and a camera for test harnesses that needs no GPU.

use std::sync::{Arc, Mutex};

use eframe::egui;
use eframe::egui::{ColorImage, Context, FullOutput, TexturesDelta};
use egui_kittest::{Harness, TestRenderer};

use super::raster::{Frame, Textures, paint};

/// Fonts and colours as in the window.
pub(crate) fn set_up(context: &Context) {
    crate::view::fonts::install(context);
    crate::view::theme::apply(context);
}

/// Takes pictures of a harness: give a clone to `HarnessBuilder::renderer`, keep the other.
#[derive(Clone, Default)]
pub(crate) struct Camera(Arc<Mutex<Textures>>);

impl TestRenderer for Camera {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.0.lock().unwrap().apply(delta);
    }
}

impl Camera {
    /// What the harness shows now.
    pub(crate) fn picture<State>(&self, harness: &Harness<'_, State>) -> ColorImage {
        self.picture_of(&harness.ctx, harness.output())
    }

    fn picture_of(&self, context: &Context, output: &FullOutput) -> ColorImage {
        let (area, pixels_per_point) = (context.content_rect(), output.pixels_per_point);
        let size_px = [area.width(), area.height()].map(|points| (points * pixels_per_point).round() as usize);
        let primitives = context.tessellate(output.shapes.clone(), pixels_per_point);
        let background = context.global_style().visuals.panel_fill;
        paint(&primitives, &self.0.lock().unwrap(), Frame { size_px, pixels_per_point, background })
    }
}

#[test]
fn a_harness_is_photographed_without_a_gpu() {
    let camera = Camera::default();
    let mut harness = Harness::builder()
        .with_size(egui::vec2(120.0, 40.0))
        .with_pixels_per_point(2.0)
        .with_context_setup(set_up)
        .renderer(camera.clone())
        .build_ui(|ui| drop(ui.button("Open…")));
    harness.run();
    let picture = camera.picture(&harness);
    assert_eq!(picture.size, [240, 80]);
    let background = picture.pixels[picture.pixels.len() - 1];
    assert!(picture.pixels.iter().any(|pixel| *pixel != background));
}
