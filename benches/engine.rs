//! How long each kind of question takes, beside the plain loops that give the same answer:
//! `cargo bench --bench engine -- FILE [--rounds N] [--plain N] [--only KIND] [--each]`. Without a file: synthetic records made here.

#![allow(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::sync::Arc;
use std::time::Instant;

use dateline::data::{Dataset, DatasetBuilder, DateDraft, Draft, Measure, Origin};
use dateline::engine::probe::{Kind, Probe};
use dateline::engine::{Ask, Engine as _, memory::Memory, naive::Naive};
use dateline::ingest::{Input, Options, load};
use dateline::query::{Answer, Query};
use dateline::time::{Time, When};
use dateline::work::{Cancel, Progress, resident};

/// Records that are made when no file is given.
const RECORDS: u32 = 200_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let value_of = |name: &str| args.iter().position(|arg| arg == name).and_then(|place| args.get(place + 1));
    let number_of = |name: &str, or: u32| value_of(name).and_then(|text| text.parse().ok()).unwrap_or(or);
    let only = value_of("--only");
    let file = args.first().filter(|arg| !arg.starts_with("--"));
    let begin = Instant::now();
    let dataset = match file {
        Some(path) => match load(&Input::Path(path.into()), &Options::default(), &mut |_| (), &Cancel::default(), &Progress::default()) {
            Ok(dataset) => Arc::new(dataset),
            Err(error) => return println!("{error}"),
        },
        None => Arc::new(made(RECORDS)),
    };
    println!("records {}, loaded in {:.0} ms", dataset.records.len(), ms(begin));
    let (before, begin) = (resident::bytes(), Instant::now());
    let Ok(memory) = Memory::build(Arc::clone(&dataset), &Cancel::default()) else { return };
    println!("built in {:.1} ms, {} bytes more resident", ms(begin), resident::bytes().saturating_sub(before));
    let naive = Naive::new(dataset);
    let Ok(probe) = Probe::new(&memory) else { return };
    println!("{:<16} {:>10} {:>10} {:>10} {:>10} {:>10} {:>8}", "kind", "median ms", "p99 ms", "cpu ms", "first ms", "plain ms", "ratio");
    for kind in Kind::ALL.into_iter().filter(|kind| only.is_none_or(|only| only == kind.name())) {
        if args.iter().any(|arg| arg == "--each") {
            measure_each(kind, &probe, &memory, number_of("--rounds", 21));
        }
        measure(kind, &probe, &memory, &naive, (number_of("--rounds", 21), number_of("--plain", 1)));
    }
    println!("{} bytes more resident than before the engine was built", resident::bytes().saturating_sub(before));
}

/// The time of each question of a kind; they are asked one after the other.
fn measure_each(kind: Kind, probe: &Probe, memory: &Memory, rounds: u32) {
    let mut spent: Vec<f64> = Vec::new();
    // Other rounds than those that are measured as a whole, whose answers are kept otherwise.
    for round in rounds..rounds * 2 {
        let questions = probe.questions(kind, round);
        spent.resize(questions.len(), 0.0);
        for (spent, query) in spent.iter_mut().zip(&questions) {
            let begin = Instant::now();
            std::hint::black_box(memory.answer(query, &Ask::plainly())).ok();
            *spent += ms(begin);
        }
    }
    let means: Vec<String> = spent.iter().map(|spent| format!("{:.2}", spent / f64::from(rounds))).collect();
    println!("{} each, mean ms: {}", kind.name(), means.join(" "));
}

/// Milliseconds of all processors that this process has used, in steps of ten; 0 where that cannot be read.
fn processor_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0
}

fn measure(kind: Kind, probe: &Probe, memory: &Memory, naive: &Naive, (rounds, plain_rounds): (u32, u32)) {
    let mut times = Vec::new();
    let spent_before = processor_ms();
    for round in 0..rounds {
        let questions = probe.questions(kind, round);
        let begin = Instant::now();
        for query in &questions {
            std::hint::black_box(memory.answer(query, &Ask::plainly())).ok();
        }
        times.push(ms(begin));
    }
    let spent = (processor_ms() - spent_before) / f64::from(rounds.max(1));
    let first = times.first().copied().unwrap_or_default();
    let mut rest: Vec<f64> = times.iter().skip(1).copied().collect();
    rest.sort_by(f64::total_cmp);
    let at = |part: f64| rest.get(((rest.len().max(1) - 1) as f64 * part).round() as usize).copied().unwrap_or_default();
    let mut plain_times = Vec::new();
    let mut same = true;
    for round in 0..plain_rounds {
        let questions = probe.questions(kind, round * 5 + 1);
        let begin = Instant::now();
        let plain: Vec<Option<Answer>> = questions.iter().map(|query| naive.answer(query, &Ask::plainly()).ok()).collect();
        plain_times.push(ms(begin));
        let own: Vec<Option<Answer>> = questions.iter().map(|query: &Query| memory.answer(query, &Ask::plainly()).ok()).collect();
        same = same && own == plain;
    }
    plain_times.sort_by(f64::total_cmp);
    let plain = plain_times.get(plain_times.len() / 2).copied().unwrap_or_default();
    let note = if same { "" } else { "  THE ANSWERS DIFFER" };
    println!(
        "{:<16} {:>10.3} {:>10.3} {spent:>10.1} {first:>10.3} {plain:>10.1} {:>8.0}{note}",
        kind.name(),
        at(0.5),
        at(0.99),
        plain / at(0.5)
    );
}

fn ms(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1e3
}

/// Records of a coded dataset over ten years, a fifth of them several days long.
fn made(records: u32) -> Dataset {
    let mut builder = DatasetBuilder::new(Origin { counter: Some("made".to_owned()), ..Origin::default() });
    let (country, kind) = (builder.extra_field("country"), builder.extra_field("kind_of_event"));
    let mut state = 42_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for row in 0..records {
        let start = Time::from_ymd(2015, 1, 1).unwrap_or(Time(0)).plus_us(random(3_650) as i64 * dateline::time::DAY_US);
        let days = if random(5) == 0 { random(30) as i64 } else { 1 };
        let mut when = When::day(start);
        when.span.end = start.plus_us(days.max(1) * dateline::time::DAY_US);
        let value = (1_000 / (1 + random(1_000))) as f64;
        let title = format!("record {row} of an ambush or an airstrike near village {}", random(500));
        let id = row.to_string();
        builder.push(&Draft {
            id: Some(&id),
            title: Some(&title),
            when: DateDraft { when: Some(when), keep: None },
            metric: Some("killed"),
            measure: Some(Measure::Count),
            value: Some(value),
            low: Some((value / 2.0).floor()),
            high: Some(value * 2.0),
            basis: Some(dateline::data::Basis::Increment),
            extra: &[
                (country, &format!("Country {}", random(100).min(random(100)))),
                (kind, ["battle", "one-sided", "remote"][random(3) as usize]),
            ],
            ..Draft::default()
        });
    }
    builder.snapshot(1, true)
}
