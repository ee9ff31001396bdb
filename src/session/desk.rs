//! The desk: questions that views put, and the answers at hand. Views read answers and add questions; only the app fetches.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::data::Field;
use crate::query::{Answer, Query};

/// The place of a question: a new question in the same place replaces the old one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// What is in the file.
    Schema,
    /// How many records pass.
    Count,
    /// The density of everything.
    Minimap,
    /// The timeline.
    Lanes,
    /// A strip of a board: board, metric.
    Strip(usize, String),
    /// The counters that a board can choose from.
    Counters(usize),
    /// The actors that a board can choose from: from or to.
    Actors(usize, Field),
    /// A list of the filter panel.
    Facet(Field),
    /// A histogram of the filter panel.
    Range(Field),
    /// The colours' legend.
    Legend,
    /// The table's page.
    Rows,
    /// The selected records as lines.
    Selected,
    /// The rows that are copied from the table.
    Copied,
    /// The first selected record.
    Record,
    /// Who stands behind the selection.
    Provenance,
    /// Related articles of the selection.
    Related,
    /// The record under the pointer.
    HoverRecord,
    /// Who stands behind the record under the pointer.
    HoverProvenance,
    /// Totals of the brush.
    Totals,
    /// The next or previous record.
    Neighbour,
    /// The issues' page.
    Issues,
    /// The record of the issue that is looked at.
    IssueRecord,
    /// Records that the palette finds.
    PaletteRows,
    /// The sources of an export.
    Sources,
}

/// The answers at hand, each with the question that it answers.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    map: BTreeMap<Slot, Answered>,
    put: u64,
}

#[derive(Clone, Debug)]
struct Answered {
    query: Query,
    generation: u64,
    answer: Arc<Answer>,
    /// Of an answer about a part of the records: which share of them.
    share: Option<f32>,
    stamp: u64,
}

impl Answers {
    /// The answer of a slot, whatever it was asked.
    pub fn get(&self, slot: &Slot) -> Option<&Answer> {
        self.map.get(slot).map(|answered| answered.answer.as_ref())
    }

    /// The answer of a slot and the question that it answers.
    pub fn get_with_query(&self, slot: &Slot) -> Option<(&Query, &Answer)> {
        self.map.get(slot).map(|answered| (&answered.query, answered.answer.as_ref()))
    }

    /// Is the answer at hand the whole one to this question, about this snapshot?
    pub fn is_current(&self, slot: &Slot, query: &Query, generation: u64) -> bool {
        let is_own = |answered: &&Answered| answered.generation == generation && answered.query == *query;
        self.map.get(slot).filter(is_own).is_some_and(|answered| answered.share.is_none())
    }

    /// How far the search has come whose first results are at hand, from 0 to 1; `None` when every answer is whole.
    pub fn searched(&self) -> Option<f32> {
        self.map.values().filter_map(|answered| answered.share).reduce(f32::min)
    }

    /// Which answer is at hand, as a number that no other answer ever had; 0 when there is none.
    pub fn stamp(&self, slot: &Slot) -> u64 {
        self.map.get(slot).map_or(0, |answered| answered.stamp)
    }

    /// Puts an answer in its place.
    pub fn put(&mut self, slot: Slot, query: Query, generation: u64, answer: Arc<Answer>) {
        self.replace(slot, query, generation, (answer, None));
    }

    /// The same, also for an answer about a share of the records; returns the answer that stood there, since a large one takes its
    /// time to go.
    pub fn replace(
        &mut self,
        slot: Slot,
        query: Query,
        generation: u64,
        (answer, share): (Arc<Answer>, Option<f32>),
    ) -> Option<Arc<Answer>> {
        self.put += 1;
        let old = self.map.insert(slot, Answered { query, generation, answer, share, stamp: self.put });
        old.map(|old| old.answer)
    }

    /// Forgets everything: another file. Returns what was there.
    pub fn clear(&mut self) -> Vec<Arc<Answer>> {
        std::mem::take(&mut self.map).into_values().map(|answered| answered.answer).collect()
    }
}

/// The questions of one frame.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    list: Vec<(Slot, Query)>,
}

impl Questions {
    /// Puts a question; a later one in the same slot wins.
    pub fn ask(&mut self, slot: Slot, query: Query) {
        match self.list.iter_mut().find(|(own, _)| *own == slot) {
            Some(place) => place.1 = query,
            None => self.list.push((slot, query)),
        }
    }

    /// Takes the questions out.
    pub fn take(&mut self) -> Vec<(Slot, Query)> {
        std::mem::take(&mut self.list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::CountAnswer;

    #[test]
    fn an_answer_about_a_part_is_shown_but_the_question_stays_open() {
        let mut answers = Answers::default();
        let query = Query::Schema;
        let count = |matching| Arc::new(Answer::Count(CountAnswer { matching, ..CountAnswer::default() }));
        answers.replace(Slot::Count, query.clone(), 1, (count(3), Some(0.4)));
        assert!(answers.get(&Slot::Count).is_some() && !answers.is_current(&Slot::Count, &query, 1));
        assert_eq!(answers.searched(), Some(0.4));
        answers.put(Slot::Count, query.clone(), 1, count(9));
        assert!(answers.is_current(&Slot::Count, &query, 1));
        assert_eq!(answers.searched(), None);
    }
}
