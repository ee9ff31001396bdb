//! How long a file takes to open, and how long one frame takes to lay out and tessellate, without a window:
//! `cargo bench --bench frames -- FILE`. Without a file: the bundled sample.

#![allow(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dateline::app::{Shell, prepare};
use dateline::session::{Navigate, Show, update};
use dateline::view::FileState;
use eframe::egui::{self, Context, RawInput, Rect, pos2, vec2};

/// Frames of the session: zooming in, panning, zooming out, again and again.
const FRAMES: usize = 600;

fn main() {
    let file = std::env::args().skip(1).find(|arg| !arg.starts_with("--")).map(PathBuf::from);
    let ctx = Context::default();
    prepare(&ctx);
    let start = Instant::now();
    let mut shell = Shell::new(Arc::new(|| {}));
    match &file {
        Some(path) => shell.open(path),
        None => shell.open_sample(),
    }
    let mut first_picture = None;
    while shell.around.file != FileState::Ready || shell.is_busy() {
        shell.receive();
        if first_picture.is_none() && shell.session.schema.is_some() {
            first_picture = Some(start.elapsed());
        }
        if let FileState::Failed { message, .. } = &shell.around.file {
            println!("{message}");
            return;
        }
        frame(&ctx, &mut shell);
        std::thread::sleep(Duration::from_millis(2));
    }
    let records = shell.session.schema.as_ref().map_or(0, |schema| schema.records);
    println!("records {records}");
    println!("first picture {} ms", first_picture.unwrap_or_default().as_millis());
    println!("every view usable {} ms", start.elapsed().as_millis());
    update(&mut shell.session, &Show::Table(true).into());
    update(&mut shell.session, &Navigate::Select(vec![0]).into());
    let mut layout = Vec::with_capacity(FRAMES);
    let mut tessellation = Vec::with_capacity(FRAMES);
    for number in 0..FRAMES {
        let navigate = match number % 120 {
            0..40 => Navigate::Zoom(1.06, None),
            40..60 => Navigate::Pan(0.03),
            60..80 => Navigate::Pan(-0.03),
            _ => Navigate::Zoom(1.0 / 1.06, None),
        };
        update(&mut shell.session, &navigate.into());
        shell.receive();
        let (lay, tess) = frame(&ctx, &mut shell);
        layout.push(lay);
        tessellation.push(tess);
        std::thread::sleep(Duration::from_millis(4));
    }
    let both: Vec<f64> = layout.iter().zip(&tessellation).map(|(lay, tess)| lay + tess).collect();
    for (name, mut times) in [("layout", layout), ("tessellation", tessellation), ("frame", both)] {
        times.sort_by(f64::total_cmp);
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
        println!("{name:<12} p50 {:.2} ms  p99 {:.2} ms  max {:.2} ms", at(0.5), at(0.99), at(1.0));
    }
}

/// Draws a frame; the milliseconds of layout and of tessellation.
fn frame(ctx: &Context, shell: &mut Shell) -> (f64, f64) {
    let input = RawInput { screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1_600.0, 1_000.0))), ..RawInput::default() };
    let begin = Instant::now();
    let mut output = ctx.run_ui(input, |ui: &mut egui::Ui| drop(shell.frame(ui)));
    let middle = Instant::now();
    output.textures_delta.clear();
    let primitives = ctx.tessellate(output.shapes, output.pixels_per_point);
    let tessellation = middle.elapsed();
    drop(primitives);
    ((middle - begin).as_secs_f64() * 1e3, tessellation.as_secs_f64() * 1e3)
}
