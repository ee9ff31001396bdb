//! What every command needs: a file opened, an engine over it, filters from flags, and answers of the kind asked for.

use std::sync::Arc;

use super::out::grouped;
use super::table::Given;
use super::{Ended, Failure, complain};
use crate::data::{Dataset, Field, FieldInfo, Issue, IssueKind};
use crate::engine::{Ask, Engine};
use crate::query::{Answer, CountAnswer, Filter, Query, QueryError, Schema, any_of_words, known_by, near_matches, parse_filter};

/// An opened file that answers questions.
pub(super) struct Opened {
    pub(super) dataset: Arc<Dataset>,
    pub(super) schema: Schema,
    engine: Box<dyn Engine>,
}

/// Takes the value of one variant out of an answer.
macro_rules! answered {
    ($opened:expr, $query:expr, $variant:ident) => {
        match $opened.answer($query) {
            Err(failure) => Err(failure),
            Ok($crate::query::Answer::$variant(answer)) => Ok(answer),
            Ok(_) => Err($crate::cli::Failure("the engine answered another question; please report this".to_owned())),
        }
    };
}
pub(super) use answered;

impl Opened {
    /// Reads the file that the arguments name, to its end.
    pub(super) fn new(given: &Given<'_>) -> Result<Self, Failure> {
        Self::of(&super::open::dataset(given)?)
    }

    /// Over a dataset.
    ///
    /// # Errors
    /// Also when the file broke off before its first record: there is nothing to answer about.
    pub(super) fn of(dataset: &Arc<Dataset>) -> Result<Self, Failure> {
        if let Some(fault) = fault_before_all(dataset) {
            let (path, message) = (&dataset.origin.path, &fault.message);
            return Err(Failure(format!("{path}: {message}; no record came before it: mend the file there and try again")));
        }
        let engine = super::open::engine(dataset)?;
        let schema = match engine.answer(&Query::Schema, &Ask::plainly()) {
            Ok(Answer::Schema(schema)) => *schema,
            Ok(_) => return Err(Failure("the engine answered another question; please report this".to_owned())),
            Err(stop) => return Err(Failure(stop.to_string())),
        };
        Ok(Self { dataset: Arc::clone(dataset), schema, engine })
    }

    /// The answer to a question.
    pub(super) fn answer(&self, query: &Query) -> Result<Answer, Failure> {
        self.engine.answer(query, &Ask::plainly()).map_err(|stop| Failure(stop.to_string()))
    }

    /// What answers.
    pub(super) fn engine(&self) -> &dyn Engine {
        self.engine.as_ref()
    }

    /// Was everything in the file taken? Where it was not, standard error says so, since what is printed does not.
    pub(super) fn ended_saying_so(&self) -> Ended {
        let ended = self.ended();
        if ended == Ended::WithLosses {
            let (path, rejected) = (&self.dataset.origin.path, self.dataset.origin.rejected);
            let rows =
                if rejected > 0 { format!("{rejected} of its rows were left out") } else { "not every cell could be taken".to_owned() };
            super::complain(&format!("{path}: {rows}; dateline check lists them"));
        }
        ended
    }

    /// Was everything in the file taken?
    pub(super) fn ended(&self) -> Ended {
        let has_losses = self.dataset.issues.has_losses() || self.dataset.origin.rejected > 0;
        if has_losses { Ended::WithLosses } else { Ended::Whole }
    }

    /// The filter of `--where` and `--known-on`.
    pub(super) fn filter(&self, given: &Given<'_>) -> Result<Filter, Failure> {
        let text = given.word("where")?;
        let filter = parse_filter(text, &self.schema).map_err(|error| pointed_at("--where", text, &error))?;
        let Some(day) = given.text("known-on")? else { return Ok(filter) };
        let known = known_by(day).map_err(|message| Failure(format!("--known-on: {message}")))?;
        Ok(filter.and(Filter::Known(known)))
    }

    /// Says on standard error how many records a filter leaves out because nobody knows when they were published.
    pub(super) fn tell_unknown_publication(&self, filter: &Filter) -> Result<(), Failure> {
        if !filter.terms().iter().any(|term| matches!(term, Filter::Known(_))) {
            return Ok(());
        }
        let count: CountAnswer = answered!(self, &Query::Count { filter: filter.clone(), window: None }, Count)?;
        if count.unknown_publication > 0 && self.schema.info(Field::PUBLISHED).is_none() {
            complain("nothing in this file has a date of publication, so that nothing is known to have been published by then");
        } else if count.unknown_publication > 0 {
            let left_out = count.unknown_publication;
            let are = if left_out == 1 { "record without a date of publication is" } else { "records without a date of publication are" };
            complain(&format!("{} {are} left out", grouped(left_out)));
        }
        Ok(())
    }

    /// The field of a flag.
    pub(super) fn field(&self, flag: &str, key: &str) -> Result<&FieldInfo, Failure> {
        let own = Field::own(&key.to_ascii_lowercase());
        self.schema.field(key).or_else(|| own.and_then(|field| self.schema.info(field))).ok_or_else(|| {
            let near = near_matches(key, self.schema.fields.iter().map(|info| info.key.as_str()));
            let known = || self.schema.fields.iter().map(|info| info.key.clone()).take(12).collect::<Vec<_>>();
            Failure(format!("--{flag}: there is no field “{key}”. {}", advice(&near, "The fields are", &known())))
        })
    }

    /// The metric of this name: exactly, else in another case.
    pub(super) fn metric(&self, name: &str) -> Result<&str, Failure> {
        let metrics = || self.schema.metrics.iter().map(|info| info.metric.as_str());
        let plain = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
        metrics().find(|metric| *metric == name).or_else(|| metrics().find(|metric| plain(metric) == plain(name))).ok_or_else(|| {
            let near = near_matches(name, metrics());
            let known: Vec<String> = metrics().take(12).map(str::to_owned).collect();
            let advice = if known.is_empty() { "It has no numbers.".to_owned() } else { advice(&near, "The metrics are", &known) };
            Failure(format!("--metric: {} has no metric “{name}”. {advice}", self.schema.origin.file_name()))
        })
    }
}

/// What ended the reading of a file that has no record.
fn fault_before_all(dataset: &Dataset) -> Option<&Issue> {
    let ends = |issue: &&Issue| matches!(issue.kind, IssueKind::InvalidJson | IssueKind::InvalidXml | IssueKind::Truncated);
    if dataset.records.is_empty() { dataset.issues.list.iter().map(|listed| &listed.issue).find(ends) } else { None }
}

fn advice(near: &[String], all: &str, known: &[String]) -> String {
    if near.is_empty() { format!("{all} {}.", known.join(", ")) } else { format!("Did you mean {}?", any_of_words(near)) }
}

/// A broken query with its place marked: `--where: There is no field “metrc”. Did you mean metric? (at “metrc”, character 1)`.
fn pointed_at(flag: &str, text: &str, error: &QueryError) -> Failure {
    let place = text.get(..error.at).map_or(0, |before| before.chars().count()) + 1;
    let piece = text.get(error.at..error.at + error.len).unwrap_or("");
    Failure(format!("{flag}: {} (at “{piece}”, character {})", error.message, grouped(place as u64)))
}
