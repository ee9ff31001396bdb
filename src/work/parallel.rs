//! Loops in parallel. What starts threads and waits for them is there once, whatever is done and whatever comes of it.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// How many threads parallel loops use.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(16)
}

/// Runs one piece of work per part of `0..len`, in parallel, and returns the results in order.
pub fn map_parts<T: Send>(len: usize, parts: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let parts = parts.clamp(1, len.max(1));
    let results: Vec<Slot<T>> = (0..parts).map(|_| Slot::default()).collect();
    in_parallel(parts, &|part| results[part].put(work(part * len / parts..(part + 1) * len / parts)));
    results.into_iter().filter_map(Slot::into_inner).collect()
}

/// Works through jobs of unequal length, each thread taking the next one when it is done, and returns the results in order.
pub fn map_each<J: Send, T: Send>(jobs: Vec<J>, work: impl Fn(J) -> T + Sync) -> Vec<T> {
    let slots: Vec<(Slot<J>, Slot<T>)> = jobs.into_iter().map(|job| (Slot::of(job), Slot::default())).collect();
    let next = AtomicUsize::new(0);
    in_parallel(threads().min(slots.len()), &|_| {
        while let Some((job, result)) = slots.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Some(job) = job.take() {
                result.put(work(job));
            }
        }
    });
    slots.into_iter().filter_map(|(_, result)| result.into_inner()).collect()
}

/// Runs the parts of some work, each on a thread of its own and the first on this one.
fn in_parallel(parts: usize, work: &(dyn Fn(usize) + Sync)) {
    if parts <= 1 {
        return (0..parts).for_each(work);
    }
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..parts).map(|part| scope.spawn(move || work(part))).collect();
        work(0);
        for other in others {
            if let Err(panic) = other.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
}

/// Something that one thread leaves for another.
struct Slot<T>(Mutex<Option<T>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Slot<T> {
    fn of(value: T) -> Self {
        Self(Mutex::new(Some(value)))
    }

    fn put(&self, value: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }

    fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn into_inner(self) -> Option<T> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_work() {
        for (len, parts) in [(0, 3), (1, 3), (2, 3), (1_000, 3), (1_000, 1)] {
            let ranges = map_parts(len, parts, |range| range);
            assert_eq!(ranges.iter().cloned().flatten().collect::<Vec<_>>(), (0..len).collect::<Vec<_>>());
            assert_eq!(ranges.len(), parts.min(len.max(1)));
        }
        for len in [0, 1, 2, 1_000] {
            let jobs: Vec<usize> = (0..len).collect();
            assert_eq!(map_each(jobs, |job| job * 2), (0..len).map(|job| job * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    #[should_panic(expected = "of part 500")]
    fn a_panic_of_any_thread_is_one_of_the_caller() {
        map_parts(1_000, 2, |range| assert!(range.start == 0, "of part {}", range.start));
    }
}
