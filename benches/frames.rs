//! How long a file takes to open, and what the frames of a recorded session cost the thread that draws, without a window:
//! `cargo bench --bench frames -- [FILE] [--json]`. Without a file: the bundled sample.

#![allow(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::path::PathBuf;

use dateline::app::opened;
use dateline::app::recorded::{FrameTimes, Spread, play};

/// The fewest frames of the recording.
const FRAMES: usize = 600;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let file = arguments.iter().find(|arg| !arg.starts_with("--")).map(PathBuf::from);
    let mut opened = match opened::open(file.as_deref(), None) {
        Ok(opened) => opened,
        Err(message) => return println!("{message}"),
    };
    println!("records {}", opened.shell.session.schema.as_ref().map_or(0, |schema| schema.records));
    println!("first picture {} ms", opened.first_picture.as_millis());
    println!("every view usable {} ms", opened.usable.as_millis());
    let times = play(&mut opened.shell, &opened.ctx, FRAMES);
    if arguments.iter().any(|arg| arg == "--json") {
        println!("{}", serde_json::to_string(&times).unwrap_or_default());
    } else {
        print(&times);
    }
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
