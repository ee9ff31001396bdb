//! How long a file takes to open, and what the frames of a recorded session cost the thread that draws, without a window:
//! `cargo bench --bench frames -- [FILE] [--json]`. Without a file: the bundled sample.

#![allow(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dateline::app::recorded::{FrameTimes, Spread, play};
use dateline::app::{Shell, prepare};
use dateline::view::FileState;
use eframe::egui::{self, Context, RawInput, Rect, pos2, vec2};

/// The fewest frames of the recording.
const FRAMES: usize = 600;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let file = arguments.iter().find(|arg| !arg.starts_with("--")).map(PathBuf::from);
    let ctx = Context::default();
    prepare(&ctx);
    let Some(mut shell) = opened(&ctx, file.as_ref()) else { return };
    let times = play(&mut shell, &ctx, FRAMES);
    if arguments.iter().any(|arg| arg == "--json") {
        println!("{}", serde_json::to_string(&times).unwrap_or_default());
    } else {
        print(&times);
    }
}

/// Opens a file as the window does, frame by frame, and says how long it took.
fn opened(ctx: &Context, file: Option<&PathBuf>) -> Option<Shell> {
    let start = Instant::now();
    let mut shell = Shell::new(Arc::new(|| {}));
    match file {
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
            return None;
        }
        let input = RawInput { screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1_600.0, 1_000.0))), ..RawInput::default() };
        ctx.run_ui(input, |ui: &mut egui::Ui| drop(shell.frame(ui))).textures_delta.clear();
        std::thread::sleep(Duration::from_millis(2));
    }
    let records = shell.session.schema.as_ref().map_or(0, |schema| schema.records);
    println!("records {records}");
    println!("first picture {} ms", first_picture.unwrap_or_default().as_millis());
    println!("every view usable {} ms", start.elapsed().as_millis());
    Some(shell)
}

fn print(times: &FrameTimes) {
    let line = |name: &str, spread: &Spread| {
        println!("{name:<16} p50 {:6.2} ms  p99 {:6.2} ms  max {:6.2} ms", spread.p50_ms, spread.p99_ms, spread.max_ms);
    };
    println!("{} frames, {}", times.count, if times.is_cpu_time { "processor time of the thread" } else { "time on the wall" });
    line("receive", &times.receive);
    line("layout", &times.layout);
    line("tessellation", &times.tessellation);
    line("frame", &times.frame);
    for scene in &times.scenes {
        line(&format!("  {}", scene.scene), &scene.frame);
    }
    println!("until every view is right, on the wall");
    line("  brush", &times.brush);
    line("  value", &times.filter);
}
