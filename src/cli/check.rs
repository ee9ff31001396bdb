//! `check`: what is in a file and what could not be read as it stood, for people or as one JSON object.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::ask::Opened;
use super::convert::{in_memory, put};
use super::open::refuse_data_file;
use super::out::{aligned, counted, decimal, grouped, json_amount, json_day, json_last_day, print, print_json};
use super::table::Given;
use super::{Ended, Failure, complain};
use crate::data::{Assumption, Dataset, FileOrigin, Listed, Origin, Releases};
use crate::export::write_atomically;
use crate::ingest::{Input, SavedMapping, examine, write_rejected};
use crate::query::MetricInfo;
use crate::time::format_iso_day;
use crate::work::Cancel;

/// The most issues that are listed without `--all`: a report that is read, not scrolled.
const ISSUES_LISTED_MAX: usize = 100;
/// The most issues of one kind that people are shown without `--all`.
const EXAMPLES_MAX: usize = 3;

pub(super) fn run(given: &Given<'_>) -> Result<Ended, Failure> {
    let out = given.path("rejected").map(PathBuf::from);
    if let Some(out) = &out {
        refuse_data_file(given, out)?;
    }
    let opened = Opened::new(given)?;
    if let Some(out) = &out {
        save_rejected(&opened.dataset, out)?;
    }
    if let Some(path) = given.path("mapping-out") {
        write_mapping(given, &opened, Path::new(path))?;
    }
    if given.has("json") { print_json(opened.ended(), &report(&opened, given.has("all"))) } else { tell(&opened, given.has("all")) }
}

/// Writes the rows that could not be read.
fn save_rejected(dataset: &Dataset, out: &Path) -> Result<(), Failure> {
    let rows = &dataset.issues.rejected;
    put(out, in_memory(|bytes| write_rejected(rows, &dataset.origin, bytes)))?;
    let left_out = dataset.origin.rejected.saturating_sub(rows.len() as u64);
    if left_out > 0 {
        let words =
            format!("{}: the first {} rejected rows are there, {} more are counted only", out.display(), rows.len(), grouped(left_out));
        complain(&words);
    }
    Ok(())
}

/// The object of `check --json`.
fn report(opened: &Opened, lists_all: bool) -> Value {
    let (schema, origin, issues) = (&opened.schema, &opened.dataset.origin, &opened.dataset.issues);
    let metrics: Map<String, Value> = schema.metrics.iter().map(|info| (info.metric.clone(), metric(info))).collect();
    let by_kind: Map<String, Value> = issues.counts.iter().map(|(kind, count)| (kind.key().to_owned(), json!(count))).collect();
    let most = if lists_all { usize::MAX } else { ISSUES_LISTED_MAX };
    let skips: Map<String, Value> = origin.skips.iter().map(|(what, count)| (what.key().to_owned(), json!(count))).collect();
    let mut report = json!({
        "file": origin.path,
        "format": origin.format,
        "preset": origin.preset,
        "encoding": origin.encoding,
        "rows": origin.rows,
        "taken": origin.taken(),
        "skipped": origin.skipped,
        "skipped_by": skips,
        "rejected": origin.rejected,
        "records": schema.records,
        "events": schema.events,
        "claims": schema.claims,
        "undated": schema.undated,
        "first": schema.extent.map_or(Value::Null, |extent| json_day(extent.start)),
        "last": schema.extent.map_or(Value::Null, |extent| json_last_day(extent.end)),
        "metrics": metrics,
        "sources": schema.sources,
        "articles": schema.articles,
        "assumptions": origin.assumptions.iter().map(assumption).collect::<Vec<_>>(),
        "issues": {"total": issues.total(), "by_kind": by_kind},
        "issue_list": issues.list.iter().take(most).map(|listed| issue(listed, origin)).collect::<Vec<_>>(),
    });
    if !origin.files.is_empty() {
        report["files"] = origin.files.iter().map(file).collect();
    }
    if let Some(releases) = &origin.releases {
        report["releases"] = json!({
            "older": releases.older,
            "newer": releases.newer,
            "added": releases.added,
            "changed": releases.changed,
            "removed": releases.removed,
            "same": releases.same,
            "columns_apart": releases.columns_apart,
        });
    }
    report
}

/// One of several files.
fn file(file: &FileOrigin) -> Value {
    let origin = &file.origin;
    let notes: Map<String, Value> = origin.notes.iter().map(|(name, text)| (name.clone(), json!(text))).collect();
    json!({
        "file": file.name,
        "format": origin.format,
        "preset": origin.preset,
        "encoding": origin.encoding,
        "rows": origin.rows,
        "taken": origin.taken(),
        "skipped": origin.skipped,
        "rejected": origin.rejected,
        "notes": notes,
    })
}

fn metric(info: &MetricInfo) -> Value {
    json!({
        "records": info.records,
        "increments": info.increments,
        "totals": info.totals,
        "levels": info.levels,
        "counters": info.counters,
        "value": json_amount(info.value),
        "low": json_amount(info.low),
        "high": json_amount(info.high),
    })
}

fn assumption(assumption: &Assumption) -> Value {
    json!({
        "column": assumption.column,
        "assumed": assumption.assumed,
        "why": assumption.why,
        "other": assumption.other,
    })
}

/// Writes what the columns mean as a mapping file.
fn write_mapping(given: &Given<'_>, opened: &Opened, path: &Path) -> Result<(), Failure> {
    refuse_data_file(given, path)?;
    let file = given.path("file").map(PathBuf::from).unwrap_or_default();
    let options = super::open::options(given)?;
    let seen = examine(&Input::Path(file), &options, &Cancel::default()).map_err(|error| Failure(error.to_string()))?;
    if !seen.can_be_mapped() {
        return Err(Failure(format!("--mapping-out: {} has no columns to be mapped", opened.dataset.origin.path)));
    }
    let name = seen.path.rsplit(['/', '\\']).next().unwrap_or(&seen.path).to_owned();
    let mapping = SavedMapping { name, options: seen.as_chosen(&options) };
    let text = mapping.to_text().unwrap_or_default();
    write_atomically(path, text.as_bytes()).map_err(|error| Failure(format!("--mapping-out: {}: {error}", path.display())))
}

fn issue(issue: &Listed, origin: &Origin) -> Value {
    let mut object = json!({
        "line": issue.line,
        "column": issue.column,
        "value": issue.value,
        "kind": issue.kind.key(),
        "message": issue.message,
        "action": issue.action,
    });
    if !origin.files.is_empty() {
        object["file"] = json!(issue.file.map(|file| origin.file_name_of(Some(file))).or_else(|| issue.file_left_out()));
    }
    object
}

/// The report for people.
fn tell(opened: &Opened, lists_all: bool) -> Result<Ended, Failure> {
    print(opened.ended(), |out| {
        tell_file(opened, out)?;
        tell_metrics(opened, out)?;
        tell_assumptions(opened, out)?;
        tell_issues(opened, lists_all, out)
    })
}

fn tell_file(opened: &Opened, out: &mut dyn Write) -> io::Result<()> {
    let (schema, origin) = (&opened.schema, &opened.dataset.origin);
    let preset = origin.preset.as_ref().map_or_else(|| "plain table".to_owned(), |preset| format!("preset {preset}"));
    writeln!(out, "{}: {}, {preset}, {}", origin.path, origin.format, origin.encoding)?;
    let mut facts = vec![
        vec![
            "rows".to_owned(),
            format!("{} = {} taken + {} rejected", grouped(origin.rows), grouped(origin.taken()), grouped(origin.rejected)),
        ],
        vec![
            "records".to_owned(),
            format!(
                "{}: {}, {}",
                grouped(schema.records),
                counted(schema.events, "event", "events"),
                counted(schema.claims, "claim", "claims")
            ),
        ],
    ];
    if origin.skipped > 0 {
        let skips = origin.skips.iter().map(|(what, count)| format!("{} {}", grouped(*count), what.words(*count)));
        facts.insert(1, vec!["besides".to_owned(), skips.collect::<Vec<_>>().join(", ")]);
    }
    if let Some(releases) = &origin.releases {
        let Releases { added, changed, removed, same, .. } = releases;
        let [added, changed, removed, same] = [added, changed, removed, same].map(|count| grouped(*count));
        let words = format!("{added} added, {changed} changed, {removed} removed, {same} the same");
        facts.push(vec!["releases".to_owned(), format!("{} after {}: {words}", releases.newer, releases.older)]);
    }
    let undated = if schema.undated > 0 { format!(", {} undated", grouped(schema.undated)) } else { String::new() };
    if let Some(extent) = schema.extent {
        let dates = format!("{} to {}{undated}", format_iso_day(extent.start), format_iso_day(extent.end.plus_us(-1)));
        facts.push(vec!["dates".to_owned(), dates]);
    } else if schema.records > 0 {
        facts.push(vec!["dates".to_owned(), format!("none{undated}")]);
    }
    if schema.sources + schema.articles > 0 {
        let sources = format!("{}, {}", counted(schema.sources, "source", "sources"), counted(schema.articles, "article", "articles"));
        facts.push(vec!["who".to_owned(), sources]);
    }
    facts.extend(origin.notes.iter().map(|(name, value)| vec![name.clone(), shortened(value)]));
    aligned(&facts, 2).iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    tell_files(origin, out)
}

/// Each of several files, up to a number that is read rather than scrolled.
fn tell_files(origin: &Origin, out: &mut dyn Write) -> io::Result<()> {
    const FILES_LISTED_MAX: usize = 30;
    if origin.files.is_empty() {
        return Ok(());
    }
    let head = ["file", "rows", "rejected", "skipped", "format", "preset", "encoding"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for file in origin.files.iter().take(FILES_LISTED_MAX) {
        let one = &file.origin;
        let counts = [one.rows, one.rejected, one.skipped].map(grouped);
        let words = [one.format.clone(), one.preset.clone().unwrap_or_else(|| "–".to_owned()), one.encoding.clone()];
        rows.push(std::iter::once(file.name.clone()).chain(counts).chain(words).collect());
    }
    writeln!(out)?;
    aligned(&rows, 1).iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    match origin.files.len().saturating_sub(FILES_LISTED_MAX) {
        0 => Ok(()),
        more => writeln!(out, "  and {} (--json lists them)", counted(more as u64, "more file", "more files")),
    }
}

/// A text that fits on a line.
fn shortened(text: &str) -> String {
    const CHARS_MAX: usize = 100;
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

fn tell_metrics(opened: &Opened, out: &mut dyn Write) -> io::Result<()> {
    if opened.schema.metrics.is_empty() {
        return Ok(());
    }
    let head = ["metric", "records", "increments", "totals", "levels", "counters", "sum", "low", "high"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for info in &opened.schema.metrics {
        let counts = [info.records, info.increments, info.totals, info.levels, info.counters].map(grouped);
        let sums = [info.value, info.low, info.high].map(decimal);
        rows.push(std::iter::once(info.metric.clone()).chain(counts).chain(sums).collect());
    }
    writeln!(out)?;
    aligned(&rows, 1).iter().try_for_each(|line| writeln!(out, "  {line}"))
}

/// What was assumed, a line each.
fn tell_assumptions(opened: &Opened, out: &mut dyn Write) -> io::Result<()> {
    let assumptions = &opened.dataset.origin.assumptions;
    if assumptions.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    for assumption in assumptions {
        let column = assumption.column.as_ref().map(|column| format!("{column}: ")).unwrap_or_default();
        writeln!(out, "  assumed {column}{}; {}; or read {}", assumption.assumed, assumption.why, assumption.other)?;
    }
    Ok(())
}

fn tell_issues(opened: &Opened, lists_all: bool, out: &mut dyn Write) -> io::Result<()> {
    let issues = &opened.dataset.issues;
    if issues.total() == 0 {
        return writeln!(out, "\n  no issues");
    }
    writeln!(out, "\n  {}", counted(issues.total(), "issue", "issues"))?;
    let most = if lists_all { usize::MAX } else { EXAMPLES_MAX };
    for (kind, count) in &issues.counts {
        writeln!(out, "  {} {}", grouped(*count), kind.counted(*count))?;
        for issue in issues.list.iter().filter(|issue| issue.kind == *kind).take(most) {
            let origin = &opened.dataset.origin;
            let own = issue.file.and_then(|file| origin.files.get(file as usize)).map_or(origin, |file| &file.origin);
            let line = issue.line.map(|line| own.line_words(line));
            let file = issue.file.map(|file| opened.dataset.origin.file_name_of(Some(file)).to_owned());
            let place: Vec<String> = file.into_iter().chain(line).chain(issue.column.clone()).collect();
            let colon = if place.is_empty() { "" } else { ": " };
            writeln!(out, "    {}{colon}{}; {}", place.join(", "), issue.message, issue.action)?;
        }
        if *count > most as u64 {
            writeln!(out, "    and {} more (--all lists them)", grouped(*count - most as u64))?;
        }
    }
    Ok(())
}
