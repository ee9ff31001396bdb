//! Kept copies as people and scripts meet them: a large file opens again with the same results, and what becomes of it is said.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "cli/run.rs"]
mod run;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dateline::app::Shell;
use dateline::ingest::{Event, Input, Options, Shelf, open};
use dateline::view::FileState;
use dateline::work::{Cancel, Progress};
use run::dateline_with_copies;

/// A table of just more than the smallest size of which a copy is kept, or of fewer rows.
fn table(folder: &Path, rows: u32) -> PathBuf {
    let mut text = String::from("id,date,killed,region,text\n");
    for row in 0..rows {
        writeln!(
            text,
            "e{row},2024-{:02}-{:02},{},Region {},Something happened near the town {row}",
            row % 12 + 1,
            row % 28 + 1,
            row % 9,
            row % 40
        )
        .unwrap();
    }
    let path = folder.join("events.csv");
    std::fs::write(&path, text).unwrap();
    std::thread::sleep(Duration::from_millis(80));
    path
}

/// What names of copies have in them that are still being written.
const UNFINISHED: &str = ".new-";

/// Every file in a folder and below, but for copies that are still being written.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_finished = |path: &PathBuf| !path.is_dir() || path.file_name().is_some_and(|name| !name.to_string_lossy().contains(UNFINISHED));
    entries.filter(is_finished).flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn the_command_line_says_the_same_from_a_copy_and_from_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 140_000);
    let (file, copies) = (path.to_str().unwrap(), folder.path().join("copies"));
    assert!(std::fs::metadata(&path).unwrap().len() > 8 << 20);
    let args = ["series", file, "--metric", "killed", "--where", "region:\"Region 7\" town"];
    let plain = run::dateline(&args);
    assert!(!copies.exists());
    let first = dateline_with_copies(&args, &copies);
    let kept = files(&copies);
    assert_eq!(kept.len(), 4, "{kept:?}");
    let second = dateline_with_copies(&args, &copies);
    // A copy with a wrong byte in a text is found before anything is printed.
    let texts = kept.iter().find(|file| file.ends_with("texts.arrow")).unwrap();
    let mut bytes = std::fs::read(texts).unwrap();
    let at = bytes.len() / 3;
    bytes[at] ^= 1;
    std::fs::write(texts, bytes).unwrap();
    let third = dateline_with_copies(&args, &copies);
    for run in [&first, &second, &third] {
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (plain.code, plain.stdout.as_str(), plain.stderr.as_str()));
    }
    assert!(plain.stdout.lines().count() > 3);
}

fn wait(shell: &mut Shell, mut is_done: impl FnMut(&Shell) -> bool) {
    let start = Instant::now();
    loop {
        shell.receive();
        if is_done(shell) {
            return;
        }
        assert!(start.elapsed() < Duration::from_mins(1), "{:?} {:?}", shell.around.file, shell.session.panels.notice);
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn records(shell: &Shell) -> u64 {
    shell.session.schema.as_ref().map_or(0, |schema| schema.records)
}

fn has_said(shell: &Shell, part: &str) -> bool {
    let standing = shell.around.standing.as_ref().map(|standing| &standing.text);
    shell.session.panels.notice.iter().chain(standing).any(|text| text.contains(part))
}

#[test]
fn the_window_says_what_became_of_a_file_and_reads_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 1_000);
    let copies = folder.path().join("copies");
    let mut shell = Shell::new(Arc::new(|| {}));
    shell.shelf = Some(Shelf::new(&copies).with_limits(0, u64::MAX));
    let is_open = |shell: &Shell, count: u64| shell.around.file == FileState::Ready && records(shell) == count;
    shell.open(&path);
    wait(&mut shell, |shell| is_open(shell, 1_000) && files(&copies).len() == 4);
    shell.session.document.title = "Mine".to_owned();
    table(folder.path(), 1_500);
    shell.look_at_file();
    wait(&mut shell, |shell| has_said(shell, "has changed on disk since it was read"));
    assert_eq!(records(&shell), 1_000);
    shell.read_again();
    wait(&mut shell, |shell| is_open(shell, 1_500));
    assert_eq!(shell.session.document.title, "Mine");
    std::fs::remove_file(&path).unwrap();
    shell.look_at_file();
    wait(&mut shell, |shell| has_said(shell, "no longer where it was"));
    shell.read_again();
    wait(&mut shell, |shell| has_said(shell, "there is no such file"));
    assert!(is_open(&shell, 1_500));
}

#[test]
fn the_window_reads_a_file_anew_whose_copy_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 1_000);
    let copies = folder.path().join("copies");
    let opened = || {
        let mut shell = Shell::new(Arc::new(|| {}));
        shell.shelf = Some(Shelf::new(&copies).with_limits(0, u64::MAX));
        shell.open(&path);
        shell
    };
    wait(&mut opened(), |_| files(&copies).len() == 4);
    let texts = files(&copies).into_iter().find(|file| file.ends_with("texts.arrow")).unwrap();
    let mut bytes = std::fs::read(&texts).unwrap();
    let at = bytes.windows(4).position(|window| window == b"town").unwrap();
    bytes[at] = b'T';
    std::fs::write(&texts, bytes).unwrap();
    let mut shell = opened();
    wait(&mut shell, |shell| has_said(shell, "was damaged"));
    wait(&mut shell, |shell| shell.around.file == FileState::Ready && records(shell) == 1_000 && files(&copies).len() == 4);
    assert!(!std::fs::read(&texts).unwrap().windows(4).any(|window| window == b"Town"));
}

#[test]
fn a_file_whose_reading_was_cancelled_is_never_taken_for_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 400_000);
    let mut shell = Shell::new(Arc::new(|| {}));
    shell.open(&path);
    wait(&mut shell, |shell| records(shell) > 0);
    if shell.around.file == FileState::Ready {
        // It was read before anybody could cancel.
        return;
    }
    shell.cancel_load();
    assert!(has_said(&shell, "Only a part of events.csv was read") && has_said(&shell, "cancelled"));
    assert_eq!(shell.file.as_deref(), Some(path.as_path()));
    assert!(shell.session.schema.as_ref().is_some_and(|schema| !schema.is_complete));
    shell.read_again();
    wait(&mut shell, |shell| shell.around.file == FileState::Ready && records(shell) == 400_000);
    assert!(shell.around.standing.is_none());
}

#[test]
fn what_is_shown_of_a_file_that_is_gone_goes_on_saying_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 1_000);
    let mut shell = Shell::new(Arc::new(|| {}));
    shell.open(&path);
    wait(&mut shell, |shell| shell.around.file == FileState::Ready && records(shell) == 1_000);
    std::fs::remove_file(&path).unwrap();
    shell.read_again();
    wait(&mut shell, |shell| shell.around.standing.as_ref().is_some_and(|standing| standing.text.contains("could not be read again")));
    assert_eq!(records(&shell), 1_000);
}

#[test]
fn a_file_that_shrinks_while_it_is_read_is_said_to_have() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 400_000);
    let mut is_cut = false;
    let mut cut = |_: Event| {
        if !std::mem::replace(&mut is_cut, true) {
            std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(5_000).unwrap();
        }
    };
    let input = Input::Path(path.clone());
    let opened = open(&input, &Options::default(), None, &mut cut, &Cancel::default(), &Progress::default()).unwrap();
    assert!(is_cut, "the file was read before anybody could shorten it");
    let said: Vec<&str> = opened.dataset.issues.list.iter().map(|listed| listed.issue.message.as_str()).collect();
    assert!(said.iter().any(|message| message.contains("while it was read")), "{said:?}");
    assert!(opened.dataset.issues.has_losses());
}
