//! Holds the rules of the house: who may use what, from a table of allowed names per module. It reads the source as text.

#[path = "tidy/source.rs"]
mod source;

use source::{Line, SourceFile, has_word, source_files};

/// The longest file: when one grows past, it wants to be two ideas.
const LINES_MAX: usize = 550;

/// The files that do what no type can prove sound: one maps files into memory, one asks the allocator to give memory back.
const UNSAFE: [&str; 2] = ["src/ingest/kept/map.rs", "src/work/give_back.rs"];

/// Words that only some modules may say, and what to do instead.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    ("egui", &["view", "export", "app"], "egui stays in view, export and app: give them plain values"),
    ("eframe", &["view", "export", "app"], "eframe stays in view, export and app: give them plain values"),
    ("brotli_decompressor", &["view", "ingest"], "the bundled fonts and pages of Parquet files are unpacked by it, and nothing else"),
    ("egui_plot", &["view", "export", "app"], "charts are drawn in view"),
    ("chrono", &["time"], "only time knows the calendar library: use time::Time, Span and Step"),
    ("chrono_tz", &["time"], "only time knows the zones library: use time::Zone"),
    ("std::thread", &["work"], "only work starts threads: use work::spawn or work::map_parts"),
    ("memmap2", &["ingest"], "only ingest maps files, and only those of kept copies"),
    ("libc", &["work"], "only work asks the C library, and only for what nothing else can do"),
    ("flatbuffers", &["ingest"], "only kept copies are Arrow files"),
    ("rustix", &["app", "ingest", "work"], "what only the system knows is asked in few places"),
    ("clap", &["cli"], "only cli reads arguments"),
    ("std::fs", &["ingest", "export", "app", "cli", "time", "jobs", "work"], "a pure module or a view does not touch the disk"),
    ("File::open", &["ingest", "export", "app", "cli"], "a pure module or a view does not touch the disk"),
    ("std::net", &[], "no sockets, ever"),
    ("std::process::exit", &[], "return an ExitCode from main instead"),
];

/// Which modules of the crate a module may name. A module that is not listed may name none.
const ARROWS: &[(&str, &[&str])] = &[
    ("main", &["app", "cli"]),
    ("app", &["data", "engine", "export", "ingest", "jobs", "layout", "query", "sample", "session", "time", "view", "work"]),
    ("cli", &["app", "data", "engine", "export", "ingest", "query", "sample", "session", "time", "view", "work"]),
    ("export", &["data", "engine", "layout", "query", "session", "time", "view"]),
    ("view", &["data", "ingest", "layout", "query", "session", "time"]),
    ("jobs", &["data", "engine", "ingest", "query", "time", "work"]),
    ("engine", &["claims", "data", "query", "time", "work"]),
    ("session", &["data", "ingest", "query", "time"]),
    ("ingest", &["data", "time", "work"]),
    ("layout", &["data", "query", "session", "time"]),
    ("claims", &["data", "query", "time"]),
    ("query", &["data", "time"]),
    ("data", &["time", "work"]),
    ("sample", &[]),
    ("testing", &["data", "time"]),
    ("work", &[]),
    ("time", &[]),
];

/// What a program that must not fall over does not say.
const FALLS: &[(&str, &str)] = &[
    (".unwrap()", "handle the absence, or say `unwrap_or`"),
    (".expect(\"", "return an error that says what, where and what to do"),
    ("todo!", "finish it, or leave it out"),
    ("unimplemented!", "finish it, or leave it out"),
    ("panic!", "bad input gives data and issues, never a panic"),
];

/// Checks every line and hands back what broke a rule.
fn check_lines(files: &[SourceFile], rule: impl Fn(&SourceFile, &Line) -> Option<String>) -> Vec<String> {
    let at = |file: &SourceFile, line: &Line, message: String| format!("{}:{}: {message}", file.path, line.number);
    files
        .iter()
        .flat_map(|file| file.lines.iter().filter_map(|line| rule(file, line).map(|message| at(file, line, message))).collect::<Vec<_>>())
        .collect()
}

#[track_caller]
fn assert_tidy(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}: {} place(s)\n  {}\n", broken.len(), broken.join("\n  "));
}

#[test]
fn every_module_uses_only_the_libraries_that_it_may() {
    let broken = check_lines(source_files(), |file, line| {
        let (word, _, advice) = ONLY_IN.iter().find(|(word, modules, _)| {
            let is_free =
                modules.contains(&file.module.as_str()) || (line.is_test && matches!(*word, "std::thread" | "std::fs" | "File::open"));
            !is_free && has_word(&line.code, word)
        })?;
        Some(format!("`{word}` in `{}`: {advice}", file.module))
    });
    assert_tidy("libraries have their modules", &broken);
}

#[test]
fn modules_know_only_the_modules_below_them() {
    let broken = check_lines(source_files(), |file, line| {
        let allowed = ARROWS.iter().find(|(module, _)| *module == file.module).map_or(&[] as &[&str], |arrow| arrow.1);
        let wrong = line.crate_modules.iter().find(|named| **named != file.module && !allowed.contains(&named.as_str()))?;
        (!line.is_test && file.module != "lib")
            .then(|| format!("`{}` names `crate::{wrong}`; it may name {allowed:?} (see the map in src/lib.rs)", file.module))
    });
    assert_tidy("arrows between modules point down", &broken);
}

/// What of `ingest` views and the Session do not name: they know by what values a file is read, and read none.
const READERS: [&str; 9] = ["examine", "load", "open", "Input", "Shelf", "SavedMappings", "Event", "write_native", "sha256_of"];

#[test]
fn views_and_the_session_know_how_a_file_is_read_but_read_none() {
    let broken = check_lines(source_files(), |file, line| {
        let is_bound = matches!(file.module.as_str(), "view" | "session") && !line.is_test && line.code.contains("ingest::");
        let word = READERS.iter().find(|word| is_bound && has_word(&line.code, word))?;
        Some(format!("`ingest::{word}` in `{}`: only plain values of ingest are known there", file.module))
    });
    assert_tidy("views read no files", &broken);
}

#[test]
fn every_module_stands_in_the_table_of_arrows() {
    let files = source_files();
    let mut missing: Vec<&str> = files
        .iter()
        .map(|file| file.module.as_str())
        .filter(|module| *module != "lib" && !ARROWS.iter().any(|arrow| arrow.0 == *module))
        .collect();
    missing.dedup();
    assert!(missing.is_empty(), "add to ARROWS in tests/tidy.rs, and to the map in src/lib.rs: {missing:?}");
}

#[test]
fn colours_are_named_in_the_theme_alone() {
    let broken = check_lines(source_files(), |file, line| {
        let is_literal = source::has_colour_of_digits(&line.code) || source::has_hex_colour(&line.with_strings);
        let is_free = file.path.starts_with("src/view/theme") || line.is_test;
        (is_literal && !is_free).then(|| "a colour literal: name it in src/view/theme.rs and use the name".to_owned())
    });
    assert_tidy("colours live in the theme", &broken);
}

#[test]
fn nothing_falls_over_outside_tests() {
    let broken = check_lines(source_files(), |_, line| {
        let (word, advice) = FALLS.iter().find(|(word, _)| !line.is_test && line.with_strings.contains(word))?;
        Some(format!("`{word}`: {advice}"))
    });
    assert_tidy("no panics", &broken);
}

#[test]
fn nothing_is_unsafe_but_two_files_that_say_why_they_are_sound() {
    let broken = check_lines(source_files(), |file, line| {
        (has_word(&line.code, "unsafe") && !UNSAFE.contains(&file.path.as_str()))
            .then(|| format!("unsafe: only {UNSAFE:?} may have it, which say why it is sound"))
    });
    assert_tidy("no unsafe", &broken);
}

#[test]
fn every_file_opens_with_a_sentence_about_itself() {
    let broken: Vec<String> = source_files()
        .iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| format!("{}:1: starts without `//! `: say what the file is for and what it must not know", file.path))
        .collect();
    assert_tidy("files introduce themselves", &broken);
}

#[test]
fn files_are_short() {
    let broken: Vec<String> = source_files()
        .iter()
        .filter(|file| file.lines.len() > LINES_MAX)
        .map(|file| format!("{}: {} lines, at most {LINES_MAX}: it wants to be two ideas", file.path, file.lines.len()))
        .collect();
    assert_tidy("files are short", &broken);
}

#[test]
fn no_file_remembers_how_it_was_made() {
    let broken = check_lines(source_files(), |_, line| {
        let word = ["TODO", "FIXME", "XXX:", "HACK"].iter().find(|word| line.raw.contains(**word))?;
        Some(format!("`{word}`: do it, or leave it out"))
    });
    assert_tidy("no notes to self", &broken);
}
