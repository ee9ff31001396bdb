//! What was before: edits that can be taken back and done again, and with them the ways in which the file was read. It reads no file:
//! where another reading is wanted, it says so and waits for what comes of it.

use std::sync::Arc;

use super::document::Document;
use super::{Place, Session, UNDO_MAX, write_search};
use crate::ingest::Options;
use crate::query::Schema;

/// Back or forth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// To what was before.
    Back,
    /// To what was after that.
    Forth,
}

/// Why the open file was read once more in another way.
#[derive(Clone, Debug, PartialEq)]
pub struct Reread {
    /// How it was read before.
    pub before: Options,
    /// Did a person go back or forth? Else it is a way of reading that was chosen anew.
    pub turn: Option<Turn>,
}

/// A Document that was, and what else was otherwise then.
#[derive(Clone, Debug)]
pub(super) struct Past {
    document: Document,
    /// How the file was read then and where a person stood, when the file was read in another way since.
    reading: Option<Box<(Options, Place)>>,
}

impl From<Document> for Past {
    fn from(document: Document) -> Self {
        Self { document, reading: None }
    }
}

/// Remembers what was before a change.
pub(super) fn remember(session: &mut Session, past: Past) {
    session.undo.push(past);
    if session.undo.len() > UNDO_MAX {
        session.undo.remove(0);
    }
    session.redo.clear();
}

fn stacks(session: &mut Session, turn: Turn) -> (&mut Vec<Past>, &mut Vec<Past>) {
    match turn {
        Turn::Back => (&mut session.undo, &mut session.redo),
        Turn::Forth => (&mut session.redo, &mut session.undo),
    }
}

/// Takes an edit back, or does it again. Where the file was read in another way, that is only wished for: the stacks stay as they are
/// until it has been read, so that nothing is lost when it cannot be.
pub(super) fn turn(session: &mut Session, turn: Turn) {
    session.is_filter_dragged = false;
    let from = stacks(session, turn).0;
    let Some(past) = from.pop_if(|past| past.reading.is_none()) else {
        if !from.is_empty() {
            session.wanted_turn = Some(turn);
        }
        return;
    };
    let now = std::mem::replace(&mut session.document, past.document);
    stacks(session, turn).1.push(now.into());
    write_search(session);
}

impl Session {
    /// How the file was read before the last step back or forth that changes it, when that is the next one.
    pub fn reading_of(&self, turn: Turn) -> Option<&Options> {
        let stack = if turn == Turn::Back { &self.undo } else { &self.redo };
        stack.last().and_then(|past| past.reading.as_ref()).map(|reading| &reading.0)
    }

    /// Has nobody changed or moved anything since the file was opened, or read in another way?
    pub(super) fn is_untouched(&self) -> bool {
        self.undo.last().is_none_or(|past| past.reading.is_some()) && self.back.is_empty()
    }

    /// Takes in the first schema of the open file as it is read in another way now. Unlike another file, it leaves what was before: edits
    /// and the former way of reading can be taken back.
    pub fn receive_reread(&mut self, schema: Arc<Schema>, reread: Reread) {
        let (mut undo, mut redo) = (std::mem::take(&mut self.undo), std::mem::take(&mut self.redo));
        let place = self.place.clone();
        let now = Past { document: self.document.clone(), reading: Some(Box::new((reread.before, place))) };
        self.receive_schema(schema, true);
        let (from, to) = match reread.turn {
            None => {
                self.undo = undo;
                remember(self, now);
                return;
            }
            Some(Turn::Back) => (&mut undo, &mut redo),
            Some(Turn::Forth) => (&mut redo, &mut undo),
        };
        if let Some(Past { document, reading: Some(reading) }) = from.pop_if(|past| past.reading.is_some()) {
            to.push(now);
            (self.document, self.place) = (document, reading.1);
        }
        (self.undo, self.redo) = (undo, redo);
        write_search(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Field;
    use crate::session::{Command, Edit, update};

    fn reread(session: &mut Session, options: Options, turn: Option<Turn>) {
        let before = std::mem::replace(&mut session.read_with, options);
        let schema = Arc::new(crate::session::empty_schema());
        session.receive_reread(schema, Reread { before, turn });
    }

    fn go(session: &mut Session, turn: Turn) {
        update(session, &if turn == Turn::Back { Command::Undo } else { Command::Redo });
        let wanted = session.wanted_turn.take().expect("it wants another reading");
        let options = session.reading_of(wanted).unwrap().clone();
        reread(session, options, Some(wanted));
    }

    #[test]
    fn another_reading_is_taken_back_with_the_edits_before_it() {
        let mut session = Session::default();
        update(&mut session, &Edit::Lane(Some(Field::STATUS)).into());
        let before = session.document.clone();
        let other = Options { encoding: Some("utf-8".to_owned()), ..Options::default() };
        reread(&mut session, other.clone(), None);
        assert_ne!(session.document, before, "another reading begins anew");
        update(&mut session, &Edit::Title("A title".to_owned()).into());
        let after = session.document.clone();
        update(&mut session, &Command::Undo);
        assert_eq!((session.wanted_turn, session.document.title.as_str()), (None, ""), "the edit since then comes first");

        go(&mut session, Turn::Back);
        assert_eq!((&session.document, &session.read_with), (&before, &Options::default()));
        update(&mut session, &Command::Undo);
        assert_eq!((session.document.lane, session.can_undo()), (None, false));
        update(&mut session, &Command::Redo);
        assert_eq!(session.document, before);
        go(&mut session, Turn::Forth);
        assert_eq!(session.read_with, other);
        update(&mut session, &Command::Redo);
        assert_eq!(session.document, after);
        assert!(!session.can_redo());
    }

    #[test]
    fn a_reading_that_does_not_come_leaves_everything_as_it_is() {
        let mut session = Session::default();
        reread(&mut session, Options { encoding: Some("utf-8".to_owned()), ..Options::default() }, None);
        for _ in 0..2 {
            update(&mut session, &Command::Undo);
            assert_eq!(session.wanted_turn.take(), Some(Turn::Back));
        }
        assert!(session.can_undo() && !session.can_redo());
    }
}
