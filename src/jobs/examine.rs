//! A look at the beginning of a file in the background: the latest wish wins, an older one is cancelled.

use std::sync::Arc;

use super::once::Once;
use crate::ingest::{Examined, Input, LoadError, Mapping, Options, examine, parts};
use crate::work::{Cancel, walled};

/// Where no file is named, so many are tried for one that can be read.
const TRIED_MAX: usize = 24;

/// What came of a look.
#[derive(Debug)]
pub struct Look {
    /// The file that was looked at, and all files, by their names; none where there is one only.
    pub file: Option<String>,
    /// All files.
    pub files: Vec<String>,
    /// What was seen of it.
    pub seen: Result<Arc<Examined>, LoadError>,
    /// What its columns were taken to mean before anybody chose; `None` where that is not known.
    pub detected: Option<Arc<Mapping>>,
}

/// What is looked at.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The file, or several.
    pub input: Input,
    /// Which of several; the first one that can be read when none is named.
    pub file: Option<String>,
    /// How they are read.
    pub options: Options,
    /// What was detected without any choice, where that is known from an earlier look.
    pub detected: Option<Arc<Mapping>>,
}

/// A look under way. Dropping it cancels it.
pub struct ExamineJob {
    /// Which file was wished for, and how it is read.
    pub wish: Wish,
    work: Once<Look>,
}

impl ExamineJob {
    /// Starts to look; `notify` is called when it is done.
    pub fn start(wish: Wish, notify: impl Fn() + Send + 'static) -> Self {
        let own = wish.clone();
        let work = move |cancel: &Cancel| {
            let Wish { input, file, detected, .. } = own.clone();
            let mistaken =
                |message| Look { file, files: Vec::new(), seen: Err(LoadError::Mistake { path: input.name(), message }), detected };
            walled(|| look(own, cancel)).unwrap_or_else(mistaken)
        };
        Self { wish, work: Once::start("look", work, notify) }
    }

    /// What came of it, once.
    pub fn poll(&self) -> Option<Look> {
        self.work.poll()
    }
}

fn look(wish: Wish, cancel: &Cancel) -> Look {
    let Wish { input, file, options, detected } = wish;
    let parts = match parts(&input) {
        Ok(parts) => parts,
        Err(error) => return Look { file, files: Vec::new(), seen: Err(error), detected },
    };
    let files: Vec<String> = parts.iter().map(|part| part.0.clone()).collect();
    let look_at = |part: &(String, Input)| {
        let own = options.of_file(&part.0);
        (examine(&part.1, &own, cancel).map(Arc::new), own)
    };
    let named = file.as_ref().and_then(|file| parts.iter().find(|part| part.0 == *file));
    let readable = |part: &(String, Input)| look_at(part).0.is_ok();
    let place = named.or_else(|| parts.iter().take(TRIED_MAX).find(|part| readable(part))).or_else(|| parts.first());
    let (file, input, (seen, options)) = match place {
        Some(part) => (Some(part.0.clone()), part.1.clone(), look_at(part)),
        None => (None, input.clone(), (examine(&input, &options, cancel).map(Arc::new), options.clone())),
    };
    let detected = detected.or_else(|| {
        let plain = options.without_choice();
        let is_plain = plain == options;
        let own = if is_plain { seen.as_ref().ok().cloned() } else { examine(&input, &plain, cancel).ok().map(Arc::new) };
        own.map(|own| Arc::new(own.mapping.clone()))
    });
    Look { file, files, seen, detected }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::data::Otherwise;

    fn look_at(input: Input, file: Option<&str>, options: Options) -> Look {
        let wish = Wish { input, file: file.map(str::to_owned), options, detected: None };
        let job = ExamineJob::start(wish, || {});
        let start = Instant::now();
        loop {
            match job.poll() {
                Some(look) => return look,
                None if start.elapsed() > Duration::from_secs(20) => panic!("no look"),
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        }
    }

    fn bytes(name: &str, text: &str) -> Input {
        Input::Bytes { name: name.to_owned(), bytes: text.as_bytes().into() }
    }

    #[test]
    fn a_look_comes_back_with_what_it_was_asked_for_and_what_was_detected() {
        let options = Options { delimiter: Some(b';'), ..Options::default() };
        let options = options.with(Otherwise::DecimalComma("n".to_owned(), true));
        let look = look_at(bytes("a.csv", "day;n\n2020-01-02;3\n"), None, options);
        let seen = look.seen.unwrap();
        assert_eq!((seen.header_names(), look.file, look.files), (vec!["day".to_owned(), "n".to_owned()], None, Vec::new()));
        let comma = |mapping: &Mapping| mapping.columns[1].numbers == crate::ingest::NumberStyle::Comma;
        assert!(comma(&seen.mapping) && !comma(&look.detected.unwrap()));
    }

    #[test]
    fn of_several_files_the_one_that_is_named_is_looked_at_in_its_own_way() {
        let several = || Input::Several {
            name: "both".to_owned(),
            parts: vec![
                ("readme.txt".to_owned(), bytes("readme.txt", "no columns\n")),
                ("b.csv".to_owned(), bytes("b.csv", "day~n\n2020-01-02~3\n")),
            ],
            said: Vec::new(),
        };
        let own = Options { delimiter: Some(b'~'), ..Options::default() };
        let look = look_at(several(), Some("b.csv"), Options::default().with_file("b.csv", &own));
        assert_eq!((look.file.as_deref(), look.files), (Some("b.csv"), vec!["readme.txt".to_owned(), "b.csv".to_owned()]));
        assert_eq!(look.seen.unwrap().header_names(), ["day", "n"]);
        let named = |options: Options| look_at(several(), None, options).file;
        assert_eq!(named(Options::default().with_file("b.csv", &own)).as_deref(), Some("b.csv"), "a read-me is not shown first");
    }
}
