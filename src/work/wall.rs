//! Walls around work that may panic: it ends, and nothing else does.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// How many walls that keep quiet this thread is behind.
    static QUIET: Cell<u32> = const { Cell::new(0) };
}

/// Runs work of our own. A panic is reported as any other, as the mistake of ours that it is; its message comes back.
pub fn walled<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| message(panic.as_ref()))
}

/// Runs a part of a library that panics where its input is damaged. That is no mistake of the program, so nothing is reported.
pub fn walled_quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let report = take_hook();
        set_hook(Box::new(move |panic| {
            if QUIET.get() == 0 {
                report(panic);
            }
        }));
    });
    QUIET.set(QUIET.get() + 1);
    let result = walled(work);
    QUIET.set(QUIET.get() - 1);
    result
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_panics_behind_a_wall_says_why_and_the_rest_goes_on() {
        assert_eq!(walled_quietly(|| 1), Ok(1));
        assert_eq!(walled_quietly(|| -> u8 { panic!("row {}", 7) }), Err("row 7".to_owned()));
        assert_eq!(walled_quietly(|| walled_quietly(|| -> u8 { panic!("inside") })), Ok(Err("inside".to_owned())));
        assert_eq!(QUIET.get(), 0);
        assert_eq!(walled(|| 2), Ok(2));
    }
}
