//! The one table of commands and flags: the parser and the help come from it; it runs nothing itself.

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches};

use super::{Ended, Failure};

/// A command of the command line.
pub(super) struct CommandSpec {
    /// How it is called.
    pub(super) name: &'static str,
    /// What it does, in one line.
    pub(super) help: &'static str,
    /// What may follow.
    pub(super) args: &'static [&'static ArgSpec],
    /// Does it.
    pub(super) run: fn(&Given<'_>) -> Result<Ended, Failure>,
}

/// How an argument is given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Its place tells which it is; it must be there.
    Positional,
    /// The same, once or more often.
    Several,
    /// `--name VALUE`
    Option,
    /// `--name VALUE`, which must be there, even when it has choices.
    Required,
    /// `--name`
    Switch,
}

/// An argument of a command.
pub(super) struct ArgSpec {
    /// The long name, without hyphens.
    pub(super) name: &'static str,
    /// A short form, such as `o`.
    pub(super) short: Option<char>,
    /// How it is given.
    pub(super) shape: Shape,
    /// What the help calls its value.
    pub(super) value: &'static str,
    /// The only values that are taken; the first one is the default. Any value is, when the list is empty.
    pub(super) choices: &'static [&'static str],
    /// What it does.
    pub(super) help: &'static str,
}

impl ArgSpec {
    /// `--name VALUE`, with any value.
    pub(super) const fn option(name: &'static str, value: &'static str, help: &'static str) -> Self {
        Self { name, short: None, shape: Shape::Option, value, choices: &[], help }
    }

    /// `--name VALUE`, with one of these values, the first by default.
    pub(super) const fn choice(name: &'static str, choices: &'static [&'static str], help: &'static str) -> Self {
        Self { name, short: None, shape: Shape::Option, value: "WORD", choices, help }
    }

    /// `--name`
    pub(super) const fn switch(name: &'static str, help: &'static str) -> Self {
        Self { name, short: None, shape: Shape::Switch, value: "", choices: &[], help }
    }

    /// An argument by its place.
    pub(super) const fn positional(name: &'static str, value: &'static str, help: &'static str) -> Self {
        Self { name, short: None, shape: Shape::Positional, value, choices: &[], help }
    }

    /// Arguments by their place, at least one.
    pub(super) const fn several(name: &'static str, value: &'static str, help: &'static str) -> Self {
        Self { name, short: None, shape: Shape::Several, value, choices: &[], help }
    }

    /// The same, but it must be given.
    #[must_use]
    pub(super) const fn required(self) -> Self {
        Self { shape: Shape::Required, ..self }
    }

    /// The same, with a short form.
    #[must_use]
    pub(super) const fn with_short(self, short: char) -> Self {
        Self { short: Some(short), ..self }
    }

    fn arg(&self) -> Arg {
        let arg = Arg::new(self.name).help(self.help);
        let arg = match self.shape {
            Shape::Switch => return arg.long(self.name).action(ArgAction::SetTrue),
            Shape::Positional => arg.required(true),
            Shape::Several => arg.required(true).num_args(1..),
            Shape::Required => arg.required(true).long(self.name),
            Shape::Option => arg.long(self.name),
        };
        let arg = if let Some(short) = self.short { arg.short(short) } else { arg };
        let arg =
            arg.value_parser(clap::value_parser!(OsString)).allow_hyphen_values(!matches!(self.shape, Shape::Positional | Shape::Several));
        match self.choices {
            [] => arg.value_name(self.value),
            [default, ..] => {
                arg.value_name(self.value).value_parser(clap::builder::PossibleValuesParser::new(self.choices)).default_value(*default)
            }
        }
    }
}

/// What was given to a command.
pub(super) struct Given<'a> {
    matches: &'a ArgMatches,
    later: RefCell<Vec<Box<dyn FnOnce()>>>,
}

impl<'a> Given<'a> {
    /// From what clap found.
    pub(super) fn new(matches: &'a ArgMatches) -> Self {
        Self { matches, later: RefCell::new(Vec::new()) }
    }

    /// Puts off work until the command has given its results.
    pub(super) fn later(&self, work: impl FnOnce() + 'static) {
        self.later.borrow_mut().push(Box::new(work));
    }

    /// Does what was put off.
    pub(super) fn finish(&self) {
        for work in self.later.take() {
            work();
        }
    }

    /// The value of an argument as the system gave it, such as a path.
    pub(super) fn path(&self, name: &str) -> Option<&'a OsString> {
        self.matches.try_get_one::<OsString>(name).ok().flatten()
    }

    /// The values of an argument that may be given more than once.
    pub(super) fn paths(&self, name: &str) -> Vec<PathBuf> {
        self.matches.try_get_many::<OsString>(name).ok().flatten().into_iter().flatten().map(PathBuf::from).collect()
    }

    /// The value of an argument.
    ///
    /// # Errors
    /// When it is not valid Unicode.
    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Failure> {
        if let Ok(Some(choice)) = self.matches.try_get_one::<String>(name) {
            return Ok(Some(choice.as_str()));
        }
        match self.path(name) {
            None => Ok(None),
            Some(value) => value.to_str().map(Some).ok_or_else(|| Failure(format!("--{name}: the value is not valid UTF-8"))),
        }
    }

    /// The value of an argument that has one in any case.
    ///
    /// # Errors
    /// When it is not valid Unicode.
    pub(super) fn word(&self, name: &str) -> Result<&'a str, Failure> {
        Ok(self.text(name)?.unwrap_or(""))
    }

    /// Was the switch given?
    pub(super) fn has(&self, name: &str) -> bool {
        self.matches.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or(false)
    }
}

/// The parser of the whole command line.
pub(super) fn parser(commands: &[CommandSpec]) -> clap::Command {
    let files = Arg::new("files")
        .value_name("FILE|FOLDER")
        .help("Opens the window with these; without any, with the bundled sample")
        .num_args(0..)
        .value_parser(clap::value_parser!(OsString));
    let parser = clap::Command::new("dateline")
        .about("A viewer of event records: timelines, casualty and shipment charts, and who said each number")
        .version(env!("CARGO_PKG_VERSION"))
        .after_help(AFTER_HELP)
        .disable_help_subcommand(true)
        .args_conflicts_with_subcommands(true)
        .arg(files);
    commands.iter().fold(parser, |parser, command| {
        let sub = clap::Command::new(command.name).about(command.help);
        parser.subcommand(command.args.iter().fold(sub, |sub, spec| sub.arg(spec.arg())))
    })
}

const AFTER_HELP: &str = "Queries (--where, and the search box): words and \"phrases\" search all text; field:value, field:a,b, field:*, \
field>10, field:10..20, after:2024-10, before:2025-02-11, during:2024, known:2025-01-20, has:quantity; OR, NOT or -, parentheses.

Exit status: 0 done; 1 done, but a row was rejected or a cell dropped; 2 nothing could be done.";

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_makes_a_sound_parser() {
        super::parser(super::super::COMMANDS).debug_assert();
    }
}
