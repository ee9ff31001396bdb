//! Latest question wins: each slot has at most one question under way; a new one cancels it, and its late answer is thrown away.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex};

use crate::engine::{Ask, Engine, Stop};
use crate::query::{Answer, Query};
use crate::work::{self, Cancel};

/// How many questions are answered at once; each may use further threads of its own.
const WORKERS: usize = 2;

/// Answers questions in the background, slot by slot.
pub struct Slots<K> {
    engine: Option<Arc<dyn Engine>>,
    under_way: BTreeMap<K, UnderWay>,
    /// The number of the latest question of each slot that has been answered.
    answered: BTreeMap<K, u64>,
    queue: Arc<Queue<K>>,
    delivered: Arc<Mutex<Vec<Delivery<K>>>>,
    next_number: u64,
}

struct UnderWay {
    number: u64,
    query: Query,
    generation: u64,
    cancel: Cancel,
}

/// An answer with the question that it answers.
pub struct Delivery<K> {
    /// Where it belongs.
    pub slot: K,
    /// What was asked.
    pub query: Query,
    /// About which snapshot.
    pub generation: u64,
    /// The answer, or why there is none.
    pub answer: Result<Arc<Answer>, Stop>,
    /// Of an answer before the last one: the share of the records that was looked at, from 0 to 1.
    pub share: Option<f32>,
    /// Was its question replaced before it came?
    pub is_late: bool,
    number: u64,
}

struct Task<K> {
    slot: K,
    query: Query,
    number: u64,
    cancel: Cancel,
    engine: Arc<dyn Engine>,
}

struct Queue<K> {
    tasks: Mutex<(VecDeque<Task<K>>, bool)>,
    filled: Condvar,
}

impl<K: Ord + Clone + Send + Sync + 'static> Slots<K> {
    /// Starts the workers; `notify` is called whenever an answer has come.
    pub fn new(notify: impl Fn() + Send + Sync + 'static) -> Self {
        let queue = Arc::new(Queue { tasks: Mutex::new((VecDeque::new(), false)), filled: Condvar::new() });
        let delivered = Arc::new(Mutex::new(Vec::new()));
        let notify: Arc<dyn Fn() + Send + Sync> = Arc::new(notify);
        for _ in 0..WORKERS {
            let (queue, delivered, notify) = (Arc::clone(&queue), Arc::clone(&delivered), Arc::clone(&notify));
            work::spawn("answers", move || {
                while let Some(task) = queue.take() {
                    run(&task, &delivered, notify.as_ref());
                }
            });
        }
        Self { engine: None, under_way: BTreeMap::new(), answered: BTreeMap::new(), queue, delivered, next_number: 0 }
    }

    /// Questions are answered by this engine from now on; everything under way is cancelled.
    pub fn set_engine(&mut self, engine: Option<Arc<dyn Engine>>) {
        for under_way in self.under_way.values() {
            under_way.cancel.cancel();
        }
        self.under_way.clear();
        self.engine = engine;
    }

    /// Asks; the same question that is under way already is left alone.
    pub fn ask(&mut self, slot: K, query: Query) {
        let Some(engine) = self.engine.clone() else { return };
        let generation = engine.generation();
        if let Some(old) = self.under_way.get(&slot) {
            if old.query == query && old.generation == generation {
                return;
            }
            old.cancel.cancel();
        }
        self.next_number += 1;
        let cancel = Cancel::default();
        let under_way = UnderWay { number: self.next_number, query: query.clone(), generation, cancel: cancel.clone() };
        self.under_way.insert(slot.clone(), under_way);
        self.queue.put(Task { slot, query, number: self.next_number, cancel, engine });
    }

    /// The answers that have come, without those that are no longer wanted.
    ///
    /// An answer that was ready before its question was replaced is still newer than what is shown: without it, a hand that asks something
    /// new in every frame would see nothing until it rests.
    pub fn receive(&mut self) -> Vec<Delivery<K>> {
        let all = self.delivered.lock().map(|mut list| std::mem::take(&mut *list)).unwrap_or_default();
        let generation = self.engine.as_ref().map_or(0, |engine| engine.generation());
        let mut wanted = Vec::new();
        for delivery in all {
            let is_own = self.under_way.get(&delivery.slot).is_some_and(|own| own.number == delivery.number);
            let is_newer = self.answered.get(&delivery.slot).is_none_or(|last| *last < delivery.number);
            let is_whole = delivery.share.is_none();
            if is_own && is_whole {
                self.under_way.remove(&delivery.slot);
            }
            if is_own || (is_newer && is_whole && delivery.answer.is_ok() && delivery.generation == generation) {
                self.answered.insert(delivery.slot.clone(), delivery.number);
                let delivery = Delivery { is_late: !is_own, ..delivery };
                wanted.push(delivery);
            }
        }
        wanted
    }

    /// Is any question under way?
    pub fn is_busy(&self) -> bool {
        !self.under_way.is_empty()
    }
}

impl<K> Drop for Slots<K> {
    fn drop(&mut self) {
        for under_way in self.under_way.values() {
            under_way.cancel.cancel();
        }
        if let Ok(mut tasks) = self.queue.tasks.lock() {
            tasks.1 = true;
        }
        self.queue.filled.notify_all();
    }
}

impl<K: Ord> Queue<K> {
    fn put(&self, task: Task<K>) {
        if let Ok(mut tasks) = self.tasks.lock() {
            tasks.0.retain(|own| own.slot != task.slot);
            tasks.0.push_back(task);
        }
        self.filled.notify_one();
    }

    /// The next task; waits for one, `None` when the end has come.
    fn take(&self) -> Option<Task<K>> {
        let mut tasks = self.tasks.lock().ok()?;
        loop {
            if tasks.1 {
                return None;
            }
            if let Some(task) = tasks.0.pop_front() {
                return Some(task);
            }
            tasks = self.filled.wait(tasks).ok()?;
        }
    }
}

fn run<K: Clone + Send + Sync>(task: &Task<K>, delivered: &Mutex<Vec<Delivery<K>>>, notify: &(dyn Fn() + Send + Sync)) {
    let generation = task.engine.generation();
    let deliver = |answer: Result<Arc<Answer>, Stop>, share: Option<f32>| {
        if let Ok(mut list) = delivered.lock() {
            let (slot, query) = (task.slot.clone(), task.query.clone());
            list.push(Delivery { slot, query, generation, answer, share, is_late: false, number: task.number });
        }
        notify();
    };
    if task.cancel.is_cancelled() {
        return deliver(Err(Stop::Cancelled), None);
    }
    let ask = Ask { cancel: task.cancel.clone(), partial: &|piece, share| deliver(Ok(Arc::new(piece)), Some(share)) };
    let answer = work::walled(|| task.engine.answer(&task.query, &ask).map(Arc::new));
    deliver(answer.unwrap_or_else(|message| Err(Stop::Refused(format!("the program made a mistake: {message}")))), None);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::CountAnswer;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    /// Answers `Issues { offset }` after that many milliseconds, unless it is cancelled.
    struct Slow {
        cancelled: AtomicUsize,
    }

    impl Engine for Slow {
        fn answer(&self, query: &Query, ask: &Ask<'_>) -> Result<Answer, Stop> {
            let Query::Issues { offset, .. } = query else { return Err(Stop::Refused("only issues".to_owned())) };
            let end = Instant::now() + Duration::from_millis(*offset);
            while Instant::now() < end {
                if ask.cancel.is_cancelled() {
                    self.cancelled.fetch_add(1, Ordering::Relaxed);
                    return Err(Stop::Cancelled);
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(Answer::Count(CountAnswer { matching: *offset, ..CountAnswer::default() }))
        }

        fn generation(&self) -> u64 {
            1
        }
    }

    fn issues(ms: u64) -> Query {
        Query::Issues { kind: None, text: String::new(), offset: ms, limit: 0 }
    }

    #[test]
    fn the_latest_question_wins_and_the_older_one_is_cancelled() {
        let engine = Arc::new(Slow { cancelled: AtomicUsize::new(0) });
        let mut slots: Slots<u8> = Slots::new(|| {});
        slots.set_engine(Some(Arc::<Slow>::clone(&engine)));
        slots.ask(1, issues(10_000));
        std::thread::sleep(Duration::from_millis(20));
        slots.ask(1, issues(5));
        let start = Instant::now();
        let mut got = Vec::new();
        while got.is_empty() && start.elapsed() < Duration::from_secs(5) {
            got = slots.receive();
            std::thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(got.len(), 1);
        assert!(matches!(got[0].answer.as_deref(), Ok(Answer::Count(count)) if count.matching == 5));
        while engine.cancelled.load(Ordering::Relaxed) == 0 && start.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(engine.cancelled.load(Ordering::Relaxed), 1);
        assert!(!slots.is_busy());
    }
}
