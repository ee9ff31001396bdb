//! What is large and no longer wanted, such as an engine or an answer of many marks, goes on a thread of its own: letting go of a hundred
//! thousand texts takes longer than a frame has.

use std::any::Any;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::work;

/// Memory is given back to the system when nothing has come for so long: not while views are being filled.
const QUIET: Duration = Duration::from_millis(500);

/// Takes in what is no longer wanted.
pub(super) struct Leftovers(Sender<Left>);

/// Something that is no longer wanted, and whether it was large.
struct Left {
    what: Box<dyn Any + Send>,
    was_large: bool,
}

impl Leftovers {
    /// Starts the thread; it ends with this.
    pub(super) fn new() -> Self {
        let (sender, receiver) = channel();
        work::spawn("leftovers", move || clear(&receiver, work::give_back));
        Self(sender)
    }

    /// Lets go of something, elsewhere.
    pub(super) fn leave(&self, what: impl Any + Send) {
        // Without the thread, it goes here and now.
        drop(self.0.send(Left { what: Box::new(what), was_large: false }));
    }

    /// Lets go of the engine and the records of a file, or of the place where they would have been: a new file has been read, and
    /// what reading it took is free too. All that goes back to the system as soon as it is quiet.
    pub(super) fn leave_file(&self, what: impl Any + Send) {
        drop(self.0.send(Left { what: Box::new(what), was_large: true }));
    }
}

/// Drops what comes, until nobody sends any more.
fn clear(leftovers: &Receiver<Left>, give_back: impl Fn()) {
    let mut has_much = false;
    loop {
        let next = if has_much { leftovers.recv_timeout(QUIET) } else { leftovers.recv().map_err(RecvTimeoutError::from) };
        match next {
            Ok(Left { what, was_large }) => {
                drop(what);
                has_much |= was_large;
            }
            Err(RecvTimeoutError::Timeout) => {
                has_much = false;
                give_back();
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_left_goes_on_another_thread() {
        struct Left(Sender<std::thread::ThreadId>);
        impl Drop for Left {
            fn drop(&mut self) {
                self.0.send(std::thread::current().id()).unwrap();
            }
        }
        let (sender, receiver) = channel();
        Leftovers::new().leave(Arc::new(Left(sender)));
        let thread = receiver.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_ne!(thread, std::thread::current().id());
    }

    #[test]
    fn memory_goes_back_once_when_a_file_was_left_and_it_is_quiet() {
        let (sender, leftovers) = channel();
        let (told, given_back) = channel();
        let thread = std::thread::spawn(move || clear(&leftovers, || told.send(()).unwrap()));
        for was_large in [false, true, false] {
            sender.send(Left { what: Box::new(0), was_large }).unwrap();
        }
        given_back.recv_timeout(Duration::from_secs(10)).unwrap();
        sender.send(Left { what: Box::new(0), was_large: false }).unwrap();
        given_back.recv_timeout(QUIET * 2).unwrap_err();
        drop(sender);
        thread.join().unwrap();
    }
}
