//! What is large and no longer wanted, such as an engine or an answer of many marks, goes on a thread of its own: letting go of a hundred
//! thousand texts takes longer than a frame has.

use std::any::Any;
use std::sync::mpsc::{Sender, channel};

use crate::work;

/// Takes in what is no longer wanted.
pub(super) struct Leftovers(Sender<Box<dyn Any + Send>>);

impl Leftovers {
    /// Starts the thread; it ends with this.
    pub(super) fn new() -> Self {
        let (sender, receiver) = channel::<Box<dyn Any + Send>>();
        work::spawn("leftovers", move || receiver.into_iter().for_each(drop));
        Self(sender)
    }

    /// Lets go of something, elsewhere.
    pub(super) fn leave(&self, what: impl Any + Send) {
        // Without the thread, it goes here and now.
        drop(self.0.send(Box::new(what)));
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
}
