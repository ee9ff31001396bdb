//! Text search, shared by all questions that need it at the same time: words of categories, sources and articles once each,
//! then the texts in pieces, in parallel, in the order of the file.
//!
//! Whoever asks takes the next piece until none is left, so that several questions help with one search instead of repeating it, and one
//! that is cancelled leaves after its piece (about a millisecond) without anything being lost: what was searched stays, should the
//! same question come back. O(bytes of text); an eighth of a byte a record and text column while it runs, and the same once for what was found.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Memory;
use super::bitmap::{Bitmap, CHUNK_ROWS, Look, Selection};
use super::filters::code_clause;
use super::needle::Needle;
use crate::data::{Column, Field, Row, Text};
use crate::engine::Stop;
use crate::engine::clause::{article_contains, searched_fields, source_contains, word_contains};
use crate::work::{Cancel, map_parts, threads};

/// How long one who only waits for others waits before looking round.
const LOOK: Duration = Duration::from_millis(3);
/// Searches that are not finished and kept in case they are asked for again.
const SEARCHES_MAX: usize = 4;

/// Is told now and then how a search goes.
pub(super) type Progress<'a> = &'a (dyn Fn(&Search) + Sync);

/// A piece of the work.
#[derive(Clone, Copy)]
enum Piece {
    /// Names of sources and articles.
    Linked,
    /// The words of a category.
    Words(Field),
    /// A chunk of the texts of a column, which is the n-th text column.
    Texts(Field, usize, usize),
}

/// One search.
pub(super) struct Search {
    needle: Needle,
    pieces: Vec<Piece>,
    next: AtomicUsize,
    helpers: AtomicUsize,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// Rows found by words.
    rows: Bitmap,
    /// Found in each column of text, by place in the order of the file.
    places: Vec<Bitmap>,
    done: usize,
    /// Is somebody bringing what was found into the order of rows?
    is_finishing: bool,
    found: Option<Arc<Bitmap>>,
}

/// The searches that are under way, by what they look for.
#[derive(Default)]
pub(super) struct Searches(Mutex<Vec<(String, Arc<Search>)>>);

impl Searches {
    /// The search for a text: the one that is under way, else a new one.
    fn of(&self, memory: &Memory, text: &str) -> Arc<Search> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, search)) = all.iter().find(|(own, _)| own == text) {
            return Arc::clone(search);
        }
        let search = Arc::new(Search::new(memory, text));
        if all.len() >= SEARCHES_MAX {
            all.remove(0);
        }
        all.push((text.to_owned(), Arc::clone(&search)));
        search
    }

    fn forget(&self, text: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(own, _)| own != text);
    }
}

impl Memory {
    /// The rows of which some text contains this, whatever its case and accents. `progress` is called now and then with the search so far.
    pub(super) fn search(&self, text: &str, cancel: &Cancel, progress: Progress<'_>) -> Result<Bitmap, Stop> {
        let search = self.searches.of(self, text);
        let found = search.join(self, cancel, progress)?;
        self.searches.forget(text);
        Ok(Arc::unwrap_or_clone(found))
    }

    /// The rows with a source or an article that contains the folded text.
    fn linked(&self, folded: &str, cancel: &Cancel) -> Result<Bitmap, Stop> {
        let dataset = &self.facts.dataset;
        let sources: Vec<bool> = (0..dataset.sources.len()).map(|source| source_contains(dataset, source, folded)).collect();
        let chains: Vec<bool> = dataset.chains.iter().map(|chain| chain.0.iter().any(|source| is_set(&sources, source.0))).collect();
        let articles: Vec<bool> = (0..dataset.articles.len()).map(|article| article_contains(dataset, article, folded)).collect();
        if !chains.contains(&true) && !articles.contains(&true) {
            return Ok(Bitmap::none(self.len()));
        }
        let records = &dataset.records;
        Bitmap::of(&Look::whole(self.len(), cancel), |row| {
            records.chain(row as Row).is_some_and(|chain| is_set(&chains, chain.0))
                || records.article(row as Row).is_some_and(|article| is_set(&articles, article.0))
        })
    }
}

fn is_set(flags: &[bool], index: u32) -> bool {
    flags.get(index as usize).copied().unwrap_or(false)
}

impl Search {
    fn new(memory: &Memory, text: &str) -> Self {
        let dataset = &memory.facts.dataset;
        let len = memory.len();
        let mut pieces = vec![Piece::Linked];
        let mut columns = 0;
        for field in searched_fields(dataset) {
            match dataset.records.column(field) {
                Some(Column::Category(_)) => pieces.insert(1, Piece::Words(field)),
                Some(Column::Text(_)) => {
                    pieces.extend((0..len.div_ceil(CHUNK_ROWS)).map(|chunk| Piece::Texts(field, columns, chunk)));
                    columns += 1;
                }
                Some(Column::Number(_) | Column::Dates(_)) | None => {}
            }
        }
        let places = vec![Bitmap::none(len); columns];
        let state = State { rows: Bitmap::none(len), places, done: 0, is_finishing: false, found: None };
        Self {
            needle: Needle::new(text),
            pieces,
            next: AtomicUsize::new(0),
            helpers: AtomicUsize::new(0),
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How much of it is done, from 0 to 1.
    pub(super) fn share(&self) -> f32 {
        self.state().done as f32 / self.pieces.len() as f32
    }

    /// Helps until all is done, or waits while enough others help.
    fn join(&self, memory: &Memory, cancel: &Cancel, progress: Progress<'_>) -> Result<Arc<Bitmap>, Stop> {
        loop {
            if cancel.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            let state = self.state();
            if let Some(found) = &state.found {
                return Ok(Arc::clone(found));
            }
            let is_all_done = state.done == self.pieces.len();
            if is_all_done && !state.is_finishing {
                self.finish(memory, state, cancel)?;
                continue;
            }
            let has_work = self.next.load(Ordering::Relaxed) < self.pieces.len();
            if has_work && self.helpers.load(Ordering::Relaxed) < threads() {
                drop(state);
                self.help_with_others(memory, cancel, progress)?;
                continue;
            }
            drop(self.changed.wait_timeout(state, LOOK));
            progress(self);
        }
    }

    /// Works on pieces in as many threads as are not working on them yet; this one tells how it goes.
    fn help_with_others(&self, memory: &Memory, cancel: &Cancel, progress: Progress<'_>) -> Result<(), Stop> {
        let free = threads().saturating_sub(self.helpers.load(Ordering::Relaxed)).max(1);
        let results = map_parts(free, free, |part| self.help(memory, cancel, (part.start == 0).then_some(progress)));
        results.into_iter().collect()
    }

    /// Works on pieces until none is left.
    fn help(&self, memory: &Memory, cancel: &Cancel, progress: Option<Progress<'_>>) -> Result<(), Stop> {
        self.helpers.fetch_add(1, Ordering::Relaxed);
        let mut result = Ok(());
        while !cancel.is_cancelled() && result.is_ok() {
            let Some(piece) = self.pieces.get(self.next.fetch_add(1, Ordering::Relaxed)) else { break };
            result = self.work(memory, *piece);
            if let Some(progress) = progress {
                progress(self);
            }
        }
        self.helpers.fetch_sub(1, Ordering::Relaxed);
        result
    }

    /// Does a piece. It is always done to its end: nobody else would do it.
    fn work(&self, memory: &Memory, piece: Piece) -> Result<(), Stop> {
        let records = &memory.facts.dataset.records;
        let never = Cancel::default();
        match piece {
            Piece::Linked => {
                let bits = memory.linked(self.needle.folded(), &never)?;
                self.done(|state| state.rows.or(&bits));
            }
            Piece::Words(field) => {
                let holds = |word: &str| word_contains(field, word, self.needle.folded());
                let bits = match records.category(field) {
                    Some(column) => code_clause(column, &Look::whole(memory.len(), &never), holds)?,
                    None => Bitmap::none(memory.len()),
                };
                self.done(|state| state.rows.or(&bits));
            }
            Piece::Texts(field, column, chunk) => {
                let places = chunk * CHUNK_ROWS..((chunk + 1) * CHUNK_ROWS).min(memory.len());
                let mut found: Vec<Row> = Vec::new();
                for (first, slice) in records.text(field).into_iter().flat_map(|text| text.slices(places.clone())) {
                    self.needle.search(&slice, |index| found.push((first + index) as Row));
                }
                self.done(|state| {
                    if let Some(bits) = state.places.get_mut(column) {
                        for place in found {
                            bits.insert(place);
                        }
                    }
                });
            }
        }
        Ok(())
    }

    fn done(&self, keep: impl FnOnce(&mut State)) {
        let mut state = self.state();
        keep(&mut state);
        state.done += 1;
        if state.done == self.pieces.len() {
            self.changed.notify_all();
        }
    }

    /// Brings what was found into the order of rows; others wait, and one of them does it if this is cancelled.
    fn finish(&self, memory: &Memory, mut state: MutexGuard<'_, State>, cancel: &Cancel) -> Result<(), Stop> {
        state.is_finishing = true;
        let (rows, places) = (state.rows.clone(), state.places.clone());
        drop(state);
        let found = in_rows(memory, rows, &places, cancel);
        let mut state = self.state();
        state.is_finishing = false;
        state.found = Some(Arc::new(found?));
        drop(state);
        self.changed.notify_all();
        Ok(())
    }

    /// The rows found so far.
    pub(super) fn so_far(&self, memory: &Memory, cancel: &Cancel) -> Result<Vec<Row>, Stop> {
        let state = self.state();
        let (rows, places) = (state.rows.clone(), state.places.clone());
        drop(state);
        let bits = in_rows(memory, rows, &places, cancel)?;
        let selection = Selection::of(memory.len(), Arc::new(bits));
        let mut rows = Vec::new();
        selection.for_each(selection.hull(), |row| rows.push(row as Row));
        Ok(rows)
    }
}

/// All rows of what was found: a column of text is searched in the order of the file.
fn in_rows(memory: &Memory, mut rows: Bitmap, places: &[Bitmap], cancel: &Cancel) -> Result<Bitmap, Stop> {
    let dataset = &memory.facts.dataset;
    let columns = searched_fields(dataset).into_iter().filter_map(|field| dataset.records.text(field));
    let mut reordered: Option<(&Text, Bitmap)> = None;
    for (column, found) in columns.zip(places).filter(|(_, found)| found.count() > 0) {
        match &mut reordered {
            _ if !column.is_reordered() => rows.or(found),
            // All columns of a dataset stand in the same order.
            Some((_, all)) => all.or(found),
            None => reordered = Some((column, found.clone())),
        }
    }
    if let Some((column, found)) = reordered {
        rows.or(&Bitmap::of_bytes(&Look::whole(memory.len(), cancel), |rows, bytes| {
            rows.zip(bytes).for_each(|(row, byte)| *byte = u8::from(found.contains(column.place(row) as Row)));
        })?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::data::Dataset;
    use crate::engine::naive::Naive;
    use crate::engine::{Ask, Engine as _};
    use crate::query::{Answer, Filter, Query};
    use crate::testing::{World, event};

    fn dataset() -> Arc<Dataset> {
        let days = ["2025-03-01", "2025-01-01", "2025-02-11"];
        let sheets: Vec<_> = (0..1000_usize)
            .map(|row| {
                event(&row.to_string()).when(days[row % 3]).title(if row % 7 == 0 { "Ambush at Kursk" } else { "quiet" }).note("a note")
            })
            .collect();
        World::new().with_all(&sheets).build()
    }

    fn count() -> Query {
        Query::Count { filter: Filter::Text("kursk".to_owned()), window: None }
    }

    #[test]
    fn questions_that_need_one_search_share_it() {
        let memory = Memory::build(dataset(), &Cancel::default()).unwrap();
        let search = memory.searches.of(&memory, "kursk");
        let answers = map_parts(4, 4, |_| search.join(&memory, &Cancel::default(), &|_| {}).unwrap().count());
        assert_eq!(answers, [143; 4]);
        assert_eq!(search.state().done, search.pieces.len());
    }

    #[test]
    fn a_cancelled_search_keeps_what_it_has_and_goes_on_when_it_is_asked_again() {
        let memory = Memory::build(dataset(), &Cancel::default()).unwrap();
        let cancel = Cancel::default();
        let stop_early = |_: &Search| cancel.cancel();
        assert_eq!(memory.search("kursk", &cancel, &stop_early), Err(Stop::Cancelled));
        let done = memory.searches.of(&memory, "kursk").state().done;
        assert!(done > 0 && done < memory.searches.of(&memory, "kursk").pieces.len(), "{done}");
        assert_eq!(memory.search("kursk", &Cancel::default(), &|_| {}).unwrap().count(), 143);
    }

    #[test]
    fn results_come_as_they_are_found_and_never_fall() {
        let dataset = dataset();
        let memory = Memory::build(Arc::clone(&dataset), &Cancel::default()).unwrap();
        let seen: Mutex<Vec<(u64, f32)>> = Mutex::default();
        let partial = |answer: Answer, share: f32| {
            let Answer::Count(count) = answer else { panic!("another answer") };
            seen.lock().unwrap().push((count.matching, share));
        };
        let answer = memory.answer(&count(), &Ask { cancel: Cancel::default(), partial: &partial });
        assert_eq!(answer, Naive::new(dataset).answer(&count(), &Ask::plainly()));
        let seen = seen.into_inner().unwrap();
        assert!(!seen.is_empty() && seen.is_sorted(), "{seen:?}");
        assert!(seen.iter().all(|(matching, share)| *matching <= 143 && *share <= 1.0));
    }
}
