//! The lines of the open files around an issue: looked up in the background when somebody wants to see them.

use std::path::PathBuf;
use std::sync::Arc;

use super::shell::Notify;
use crate::data::{Listed, Origin};
use crate::ingest::{Identity, Input, Options, Wanted};
use crate::jobs::excerpt::{ExcerptJob, look_up};
use crate::jobs::load::Rest;
use crate::view::{Looked, LookedUp};

/// What is needed to look lines up, and the work under way.
#[derive(Default)]
pub(super) struct Lines {
    open: Option<Open>,
    job: Option<(Listed, ExcerptJob)>,
}

/// The files that are open.
struct Open {
    input: Input,
    sources: Vec<(PathBuf, Identity)>,
    origin: Origin,
    /// How they were read.
    options: Options,
}

impl Lines {
    /// Other files are open now.
    pub(super) fn open(&mut self, rest: &Rest, origin: &Origin) {
        self.job = None;
        self.open =
            Some(Open { input: rest.input.clone(), sources: rest.sources.clone(), origin: origin.clone(), options: rest.options.clone() });
    }

    /// Begins to look for the lines around an issue; what was looked for before is no longer wanted.
    pub(super) fn look(&mut self, issue: Listed, notify: &Notify) -> Looked {
        let Some(open) = &self.open else {
            return Looked { issue, found: LookedUp::Failed("The file is still being read.".to_owned()) };
        };
        let wanted =
            Wanted { issue: issue.clone(), origin: open.origin.clone(), sources: open.sources.clone(), options: open.options.clone() };
        let wake = Arc::clone(notify);
        self.job = Some((issue.clone(), look_up(open.input.clone(), wanted, move || wake())));
        Looked { issue, found: LookedUp::Looking }
    }

    /// What was found, once.
    pub(super) fn poll(&mut self) -> Option<Looked> {
        let found = self.job.as_ref()?.1.poll()?;
        let (issue, _) = self.job.take()?;
        let found = match found {
            Ok(excerpt) => LookedUp::Found(Arc::new(excerpt)),
            Err(error) => LookedUp::Failed(error.reason()),
        };
        Some(Looked { issue, found })
    }
}
