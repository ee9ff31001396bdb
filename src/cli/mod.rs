//! The command line without a window: one table of commands, results on standard output, messages on standard error.
//!
//! It asks the engine the same questions as the window and decides nothing itself.

mod ask;
mod bench;
mod check;
mod convert;
mod open;
mod out;
mod record;
mod render;
mod rows;
mod series;
mod table;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use table::{ArgSpec, CommandSpec, Given};

/// What the arguments ask for.
pub enum Order {
    /// The window, with these files; without any, with the bundled sample.
    Window(Vec<PathBuf>),
    /// Nothing more: a command has run.
    Done(ExitCode),
}

/// How a command ended when it did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With everything: exit status 0.
    Whole,
    /// A row was rejected or a cell dropped: exit status 1.
    WithLosses,
}

/// Why nothing could be done, in one line: what, where, what to do. Exit status 2.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

const FILE: ArgSpec = ArgSpec::several("file", "FILE|FOLDER", "The file; a folder or several files become one dataset");
const ONE_FILE: ArgSpec = ArgSpec::positional("file", "FILE|FOLDER", "The file; a folder stands for the files in it");
const RELEASES: ArgSpec = ArgSpec::choice(
    "releases",
    &["auto", "yes", "no"],
    "Is the second of two files a newer release of the first? auto: when most of their ids are the same",
);
const PRESET: ArgSpec =
    ArgSpec::option("preset", "PRESET", "How the file is read, instead of what its content suggests; table for a plain one");
const TABLE: ArgSpec =
    ArgSpec::option("table", "NAME", "The sheet of a workbook or the table of a database; else the richest one that has dates");
const MAPPING: ArgSpec =
    ArgSpec::option("mapping", "FILE", "What the columns mean: a mapping file, saved by the import panel or --mapping-out");
const WHERE: ArgSpec = ArgSpec::option("where", "QUERY", "Only records that this query finds");
const KNOWN_ON: ArgSpec = ArgSpec::option("known-on", "DATE", "Only what had been published by the end of this day");

/// Every command, in the order of the help.
const COMMANDS: &[CommandSpec] = &[
    CommandSpec {
        name: "check",
        help: "Tells what is in a file and what could not be read as it stood",
        args: &[
            &FILE,
            &PRESET,
            &TABLE,
            &MAPPING,
            &RELEASES,
            &ArgSpec::switch("json", "Prints one JSON object"),
            &ArgSpec::switch("all", "Lists every issue instead of the first ones"),
            &ArgSpec::option("rejected", "OUT.csv", "Writes the rows that could not be read, each with file, line and reason"),
            &ArgSpec::option("mapping-out", "FILE", "Writes what the columns mean as a mapping file, to be changed and given to --mapping"),
        ],
        run: check::run,
    },
    CommandSpec {
        name: "series",
        help: "Sums a metric over time, or lists its reported totals",
        args: &[
            &FILE,
            &PRESET,
            &TABLE,
            &MAPPING,
            &RELEASES,
            &ArgSpec::option("metric", "METRIC", "What is counted, such as killed").required(),
            &ArgSpec::choice("by", &["month", "day", "week", "quarter", "year", "decade"], "The length of a bucket"),
            &ArgSpec::option(
                "group",
                "FIELD",
                "One series for each value of this field; else one for each counter, when there are several",
            ),
            &ArgSpec::choice(
                "mode",
                &["increments", "cumulative", "totals"],
                "Sums in each bucket, running sums, or reported totals and levels",
            ),
            &ArgSpec::option("date", "event|as_of|published", "Which date places a record: by default the event, of totals the as-of date"),
            &ArgSpec::switch("no-spread", "Puts an increment over several buckets into the one of its start, instead of sharing it out"),
            &WHERE,
            &KNOWN_ON,
            &ArgSpec::choice("format", &["csv", "json"], "How the result is written"),
        ],
        run: series::run,
    },
    CommandSpec {
        name: "record",
        help: "Prints one record with its chain, article, repeats and related articles, as JSON",
        args: &[
            &ONE_FILE,
            &PRESET,
            &TABLE,
            &MAPPING,
            &ArgSpec::positional("id", "ID", "The record's id; ID#2 for the second of that id, @17 for row 17 without one"),
        ],
        run: record::run,
    },
    CommandSpec {
        name: "rows",
        help: "Prints records, one a line",
        args: &[
            &FILE,
            &PRESET,
            &TABLE,
            &MAPPING,
            &RELEASES,
            &WHERE,
            &KNOWN_ON,
            &ArgSpec::option("sort", "FIELD", "By this field, smallest first; -FIELD for the largest first; else as in the file"),
            &ArgSpec::option("limit", "N", "At most so many"),
            &ArgSpec::choice("format", &["csv", "jsonl"], "How the result is written"),
        ],
        run: rows::run,
    },
    CommandSpec {
        name: "convert",
        help: "Writes records as Dateline JSON, CSV, JSONL, Parquet, Arrow or GeoJSON, with how they were chosen",
        args: &[
            &FILE,
            &PRESET,
            &RELEASES,
            &TABLE,
            &ArgSpec::option("out", "FILE", "Where the records go; .json, .csv, .jsonl, .parquet, .arrow or .geojson")
                .required()
                .with_short('o'),
            &MAPPING,
            &WHERE,
            &KNOWN_ON,
        ],
        run: convert::run,
    },
    CommandSpec {
        name: "render",
        help: "Draws a view into a PNG or SVG file; no display is needed",
        args: &[
            &FILE,
            &PRESET,
            &TABLE,
            &MAPPING,
            &RELEASES,
            &ArgSpec::choice("view", &["timeline", "casualties", "shipments", "totals", "board"], "What is drawn"),
            &ArgSpec::option("out", "FILE", "Where the picture goes; .png or .svg").required().with_short('o'),
            &ArgSpec::option("size", "WIDTHxHEIGHT", "In pixels at scale 1; else 1600x900, for the board 1600x1400"),
            &ArgSpec::option("scale", "N", "Pixels for each of those, 1 to 4"),
            &ArgSpec::choice("theme", &["light", "dark"], "Light or dark"),
            &ArgSpec::option("from", "DATE", "The first day that is shown"),
            &ArgSpec::option("to", "DATE", "The last day that is shown"),
            &ArgSpec::option("lane", "FIELD", "A lane for each value of this field; none for one lane"),
            &ArgSpec::option("colour", "FIELD", "Marks are coloured by this field; none for one colour"),
            &ArgSpec::option("metric", "METRIC", "Only this metric"),
            &ArgSpec::option("by", "UNIT", "The length of a bucket: day, week, month, quarter, year, decade"),
            &ArgSpec::option("group", "FIELD", "One series for each value of this field"),
            &WHERE,
            &KNOWN_ON,
            &ArgSpec::option("title", "TEXT", "The title of the picture"),
        ],
        run: render::run,
    },
    CommandSpec {
        name: "bench",
        help: "Measures opening, memory, queries, search and frames on a file",
        args: &[&ONE_FILE, &ArgSpec::switch("json", "Prints one JSON object")],
        run: bench::run,
    },
];

/// Reads the arguments (the program's own name first) and runs the command that they name, if they name one.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Order {
    let matches = match table::parser(COMMANDS).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => {
            let printed = out::print(Ended::Whole, |out| write!(out, "{}", error.render()));
            return Order::Done(code(&printed));
        }
        Err(error) => {
            complain(&in_one_line(&error.render().to_string()));
            return Order::Done(ExitCode::from(2));
        }
    };
    if let Some((name, given)) = matches.subcommand() {
        let ended = match COMMANDS.iter().find(|command| command.name == name) {
            Some(command) => {
                let given = Given::new(given);
                let ended = (command.run)(&given);
                given.finish();
                ended
            }
            None => Err(Failure(format!("there is no command {name}"))),
        };
        return Order::Done(code(&ended));
    }
    let files: Vec<PathBuf> = matches.get_many::<OsString>("files").into_iter().flatten().map(PathBuf::from).collect();
    if has_display() { Order::Window(files) } else { Order::Done(code(&render::pictures(&files))) }
}

/// Is there a screen to open a window on? Only Linux tells beforehand.
fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// The exit status; what went wrong goes to standard error.
fn code(ended: &Result<Ended, Failure>) -> ExitCode {
    match ended {
        Ok(Ended::Whole) => ExitCode::SUCCESS,
        Ok(Ended::WithLosses) => ExitCode::from(1),
        Err(failure) => {
            complain(&failure.0);
            ExitCode::from(2)
        }
    }
}

/// Says something on standard error. Where even that is gone, nobody is left to be told.
pub fn complain(message: &str) {
    writeln!(std::io::stderr().lock(), "dateline: {message}").unwrap_or_default();
}

/// The parser's message without its layout: what, then the tip, then where to read on.
fn in_one_line(message: &str) -> String {
    let lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    let said: Vec<&str> = lines.take_while(|line| !line.starts_with("Usage:")).collect();
    let said = said.join("; ").replace("; For more information, try '--help'.", "").replace(":; ", ": ").replace("; --", ", --");
    let usage = message.lines().find_map(|line| line.trim().strip_prefix("Usage: ")).map(|usage| format!("; usage: {usage}"));
    format!("{}{}", said.strip_prefix("error: ").unwrap_or(&said), usage.unwrap_or_default())
}
