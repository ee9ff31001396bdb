//! Measures how a file comes back from its kept copy: `cargo bench --bench reopen -- FILE`. It measures and decides nothing.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement prints, and ends where it cannot go on")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use dateline::ingest::{After, Input, Options, Shelf, open};
use dateline::work::{Cancel, Progress};

/// How often the copy is opened.
const RUNS: usize = 7;

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let Some(path) = args.next().map(PathBuf::from) else { return };
    let folder = args.next().map_or_else(|| std::env::temp_dir().join("dateline-reopen"), PathBuf::from);
    let shelf = Shelf::new(&folder);
    let options = Options { without_snapshots: true, ..Options::default() };
    let input = Input::Path(path.clone());
    let (cancel, progress) = (Cancel::default(), Progress::default());
    let opened = || open(&input, &options, Some(&shelf), &mut |_| {}, &cancel, &progress).unwrap();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let start = Instant::now();
    let first = opened();
    println!("first opening {:.1} ms, {} records, memory {}", ms(start.elapsed()), first.dataset.records.len(), memory());
    if matches!(first.after, After::Keep(_)) {
        let start = Instant::now();
        let outcome = first.after.run(&first.dataset, &cancel);
        println!("writing the copy {:.1} ms: {outcome:?}, memory {}", ms(start.elapsed()), memory());
    }
    drop(first);
    println!("let go: memory {}", memory());
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            let again = opened();
            let time = start.elapsed();
            assert!(matches!(again.after, After::Check(_)));
            time
        })
        .collect();
    times.sort();
    let again = opened();
    println!(
        "from the copy {:.2} ms (least {:.2}, most {:.2}), memory {}",
        ms(times[RUNS / 2]),
        ms(times[0]),
        ms(times[RUNS - 1]),
        memory()
    );
    let start = Instant::now();
    let outcome = again.after.run(&again.dataset, &cancel);
    println!("checking copy and file {:.1} ms: {outcome:?}, memory {}", ms(start.elapsed()), memory());
}

/// Memory of this process: all, and that which is not mapped from files.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map_or("?", str::trim).to_owned();
    format!("{} (own {}, most {})", field("VmRSS:"), field("RssAnon:"), field("VmHWM:"))
}
