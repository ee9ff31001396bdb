//! `bench`: measures opening, memory, queries, search and frames on a file, each query beside the plain loops that give the same answer.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::table::Given;
use super::{Ended, Failure, out};
use crate::app::{opened, recorded};
use crate::data::{Column, Dataset};
use crate::engine::memory::Memory;
use crate::engine::naive::Naive;
use crate::engine::probe::{Kind, Probe};
use crate::engine::{Ask, Engine as _};
use crate::ingest::{self, Input, Options, Outcome, Shelf};
use crate::query::{Answer, Filter, Query};
use crate::work::{self, Cancel, Progress, resident};

/// The fewest frames of the recorded session.
const FRAMES: usize = 600;
/// How often each kind of question is asked; the first time warms up and is left out.
const ROUNDS: u32 = 31;
/// How long after a file was opened the memory is at rest: what reading took and no longer needs is given back behind it.
const REST: Duration = Duration::from_secs(2);
/// How often the file is opened from its copy.
const REOPENS: usize = 5;
/// The query kinds of the report and their names there.
const KINDS: [(&str, Kind); 5] = [
    ("lanes", Kind::Lanes),
    ("lanes_filtered", Kind::LanesFiltered),
    ("series", Kind::Series),
    ("facet", Kind::Facet),
    ("rows_top100", Kind::Largest),
];

/// Milliseconds, to the microsecond.
fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

fn mb(bytes: u64) -> f64 {
    (bytes as f64 / 1e5).round() / 10.0
}

pub(super) fn run(given: &Given<'_>) -> Result<Ended, Failure> {
    let path = given.path("file").map(PathBuf::from).ok_or_else(|| Failure("no file was named".to_owned()))?;
    let bytes = std::fs::metadata(&path).map_or(0, |data| data.len());
    let mut report = Map::new();
    report.insert("file".to_owned(), json!(path.display().to_string()));
    let (window, at_rest) = as_window(&path, bytes)?;
    let shelf = Lent::new();
    let (dataset, is_kept) = kept(&path, &shelf)?;
    let engine = engines(&dataset, at_rest)?;
    report.insert("records".to_owned(), json!(dataset.records.len()));
    report.insert("bytes".to_owned(), json!(bytes));
    report.insert("threads".to_owned(), json!(work::threads()));
    report.extend(window);
    report.insert("memory".to_owned(), engine.memory);
    let (queries, brush) = queries(&engine.fast, &dataset)?;
    report.insert("queries".to_owned(), queries);
    report.insert("brush".to_owned(), brush);
    report.insert("search".to_owned(), search(engine.fast, &dataset));
    drop(dataset);
    report.insert("reopen".to_owned(), if is_kept { reopen(&path, &shelf)? } else { Value::Null });
    let report = Value::Object(report);
    out::print(Ended::Whole, |out| if given.has("json") { writeln!(out, "{report:#}") } else { print(out, "", &report) })
}

/// A shelf for the time of the measurement.
struct Lent {
    shelf: Shelf,
    folder: PathBuf,
}

impl Lent {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("dateline-bench-{}", std::process::id()));
        Self { shelf: Shelf::new(&folder).with_limits(0, u64::MAX), folder }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.shelf.clear();
        // What is left there was put there by somebody else.
        std::fs::remove_dir(&self.folder).unwrap_or_default();
    }
}

/// Reads a file and puts its copy on the shelf; was it put there? Small files are not.
fn kept(path: &Path, shelf: &Lent) -> Result<(Arc<Dataset>, bool), Failure> {
    let (cancel, progress) = (Cancel::default(), Progress::default());
    let options = Options { without_snapshots: true, ..Options::default() };
    let opened = ingest::open(&Input::Path(path.to_owned()), &options, Some(&shelf.shelf), &mut |_| {}, &cancel, &progress);
    let opened = opened.map_err(|error| Failure(error.to_string()))?;
    let is_kept = matches!(opened.after.run_quickly(&opened.dataset, &cancel), Outcome::Kept(_));
    Ok((Arc::new(opened.dataset), is_kept))
}

/// From opening to the whole picture, from a kept copy.
fn reopen(path: &Path, shelf: &Lent) -> Result<Value, Failure> {
    let mut times = Vec::new();
    for _ in 0..REOPENS {
        let opened = opened::open(Some(path), Some(shelf.shelf.clone())).map_err(Failure)?;
        times.push((ms(opened.usable), mb(resident::bytes())));
    }
    times.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (middle, rss_mb) = times[times.len() / 2];
    Ok(json!({"ms": middle, "rss_mb": rss_mb}))
}

/// One line for each figure.
fn print(out: &mut dyn std::io::Write, path: &str, value: &Value) -> std::io::Result<()> {
    match value {
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            print(out, &path, value)
        }),
        value => writeln!(out, "{path:<40} {value}"),
    }
}

/// Opening and frames, as the window has them; and the memory at rest once the file is open.
fn as_window(path: &Path, bytes: u64) -> Result<(Map<String, Value>, u64), Failure> {
    let mut opened = opened::open(Some(path), None).map_err(Failure)?;
    let secs = opened.usable.as_secs_f64();
    let peak = resident::peak_bytes();
    work::pause(REST);
    let at_rest = resident::bytes();
    let mut report = Map::new();
    let mb_per_s = (bytes as f64 / 1e6 / secs).round();
    report.insert(
        "load".to_owned(),
        json!({"secs": (secs * 1e3).round() / 1e3, "mb_per_s": mb_per_s, "first_picture_ms": ms(opened.first_picture), "peak_mb": mb(peak)}),
    );
    report.insert("start".to_owned(), json!({"first_frame_ms": ms(opened.first_frame)}));
    let times = recorded::play(&mut opened.shell, &opened.ctx, FRAMES);
    report.insert(
        "frames".to_owned(),
        json!({
            "count": times.count, "p50_ms": times.frame.p50_ms, "p99_ms": times.frame.p99_ms, "max_ms": times.frame.max_ms,
            "is_cpu_time": times.is_cpu_time, "layout": times.layout, "tessellation": times.tessellation, "receive": times.receive,
            "scenes": times.scenes, "until_brush_is_right": times.brush, "until_facet_click_is_right": times.filter,
        }),
    );
    Ok((report, at_rest))
}

/// The fast engine and what it costs in memory.
struct Engines {
    fast: Arc<Memory>,
    memory: Value,
}

fn engines(dataset: &Arc<Dataset>, at_rest: u64) -> Result<Engines, Failure> {
    let failed = |stop: crate::engine::Stop| Failure(stop.to_string());
    let before = resident::bytes();
    let begin = Instant::now();
    let fast = Arc::new(Memory::build(Arc::clone(dataset), &Cancel::default()).map_err(failed)?);
    let built = begin.elapsed();
    // What is made only when it is asked for belongs to the indexes too.
    let probe = Probe::new(fast.as_ref()).map_err(failed)?;
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Search) {
        for query in probe.questions(kind, 0) {
            fast.answer(&query, &Ask::plainly()).map_err(failed)?;
        }
    }
    let after = resident::bytes();
    let text_bytes = text_bytes(dataset);
    let each = |bytes: u64| (bytes as f64 / dataset.records.len().max(1) as f64 * 10.0).round() / 10.0;
    let columns: Map<String, Value> = dataset.records.sizes().into_iter().map(|(name, bytes)| (name, json!(each(bytes as u64)))).collect();
    let memory = json!({
        "rss_mb": mb(at_rest), "text_bytes": text_bytes, "index_bytes_per_record": each(after.saturating_sub(before)),
        "bytes_per_record_without_text": each(at_rest.saturating_sub(text_bytes)), "bytes_per_record_of_columns": columns,
        "engine_ms": ms(built),
    });
    Ok(Engines { fast, memory })
}

fn text_bytes(dataset: &Dataset) -> u64 {
    let fields = dataset.records.fields();
    let bytes = fields.iter().filter_map(|info| match dataset.records.column(info.field) {
        Some(Column::Text(text)) => Some(text.bytes() as u64),
        _ => None,
    });
    bytes.sum()
}

/// Each kind of question, and the brush with its linked views.
fn queries(fast: &Memory, dataset: &Arc<Dataset>) -> Result<(Value, Value), Failure> {
    let failed = |stop: crate::engine::Stop| Failure(stop.to_string());
    let probe = Probe::new(fast).map_err(failed)?;
    let plain = Naive::new(Arc::clone(dataset));
    let measure = |kind: Kind| -> Result<Value, Failure> {
        let mut times = Vec::new();
        for round in 0..ROUNDS {
            let questions = probe.questions(kind, round);
            let begin = Instant::now();
            for query in &questions {
                std::hint::black_box(fast.answer(query, &Ask::plainly()).map_err(failed)?);
            }
            times.push(ms(begin.elapsed()));
        }
        times.remove(0);
        let questions = probe.questions(kind, 1);
        let begin = Instant::now();
        let slow: Vec<Option<Answer>> = questions.iter().map(|query| plain.answer(query, &Ask::plainly()).ok()).collect();
        let plain_ms = ms(begin.elapsed());
        let own: Vec<Option<Answer>> = questions.iter().map(|query| fast.answer(query, &Ask::plainly()).ok()).collect();
        times.sort_by(f64::total_cmp);
        let at = |part: f64| times[((times.len() - 1) as f64 * part).round() as usize];
        Ok(json!({"median_ms": at(0.5), "p99_ms": at(0.99), "plain_ms": plain_ms, "is_equal": own == slow}))
    };
    let mut kinds = Map::new();
    for (name, kind) in KINDS {
        kinds.insert(name.to_owned(), measure(kind)?);
    }
    Ok((Value::Object(kinds), measure(Kind::Brush)?))
}

/// A search for a word: until its first results, until all, and how soon it ends when nobody wants it any more.
fn search(engine: Arc<Memory>, dataset: &Dataset) -> Value {
    let query = |word: &str| Query::Count { filter: Filter::Text(word.to_owned()), window: None };
    let mut rounds: Vec<(f64, f64)> = Vec::new();
    for word in ["airstrike", "hospital", "shelling", "unverified", "militants"] {
        let first = std::sync::Mutex::new(None);
        let begin = Instant::now();
        let note = |_: Answer, _: f32| {
            first.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert_with(|| begin.elapsed());
        };
        let answered = engine.answer(&query(word), &Ask { cancel: Cancel::default(), partial: &note });
        let all = begin.elapsed();
        std::hint::black_box(answered.ok());
        let first = first.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).unwrap_or(all);
        rounds.push((ms(first), ms(all)));
    }
    rounds.sort_by(|one, other| one.1.total_cmp(&other.1));
    let (first_ms, all_ms) = rounds[rounds.len() / 2];
    let gb_per_s = text_bytes(dataset) as f64 / 1e9 / (all_ms / 1e3).max(1e-9);
    json!({"first_ms": first_ms, "all_ms": all_ms, "cancel_ms": cancelled(engine, query("convoy")), "gb_per_s": (gb_per_s * 100.0).round() / 100.0})
}

/// How long a search goes on after it was cancelled.
fn cancelled(engine: Arc<Memory>, query: Query) -> f64 {
    let cancel = Cancel::default();
    let (sender, ended) = channel();
    let own = cancel.clone();
    work::spawn("search", move || {
        std::hint::black_box(engine.answer(&query, &Ask { cancel: own, partial: &|_, _| () }).ok());
        sender.send(Instant::now()).unwrap_or_default();
    });
    std::hint::black_box(ended.recv_timeout(Duration::from_millis(10)).ok());
    let asked = Instant::now();
    cancel.cancel();
    ended.recv().map_or(0.0, |end| ms(end.saturating_duration_since(asked)))
}
