//! Things by key in the order of their first mention, which several builders can join again.

use std::borrow::Borrow;
use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Things by key, numbered as they came.
#[derive(Debug)]
pub(super) struct Register<K, T> {
    pub(super) items: Vec<T>,
    /// The row of the file that mentioned each first.
    firsts: Vec<u32>,
    index: FxHashMap<K, u32>,
}

impl<K, T> Default for Register<K, T> {
    fn default() -> Self {
        Self { items: Vec::new(), firsts: Vec::new(), index: FxHashMap::default() }
    }
}

impl<T> Register<String, T> {
    /// The keys by number.
    pub(super) fn keys(&self) -> Vec<&str> {
        let mut keys = vec![""; self.items.len()];
        let mut pairs: Vec<(&String, &u32)> = self.index.iter().collect();
        pairs.sort_unstable_by_key(|(_, number)| **number);
        for (key, number) in pairs {
            keys[*number as usize] = key;
        }
        keys
    }
}

impl<K: Hash + Eq, T> Register<K, T> {
    /// The number of a key.
    pub(super) fn find<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<u32>
    where
        K: Borrow<Q>,
    {
        self.index.get(key).copied()
    }

    /// Adds a new thing.
    pub(super) fn add(&mut self, key: K, item: T, file_row: u32) -> u32 {
        let number = self.items.len() as u32;
        self.index.insert(key, number);
        self.items.push(item);
        self.firsts.push(file_row);
        number
    }
}

/// The things of several registers in the order of the file, the same key once, as first mentioned: for each its
/// register and number there, and for each register the new numbers of its things.
pub(super) struct Joined {
    pub(super) items: Vec<(usize, u32)>,
    pub(super) maps: Vec<Vec<u32>>,
}

impl Joined {
    /// Joins registers. `key` gives what makes two things of different registers one.
    pub(super) fn of<'a, K: Hash + Eq, T, Q: Hash + Eq>(all: &[&'a Register<K, T>], key: impl Fn(usize, u32, &'a T) -> Q) -> Self {
        if let [one] = all {
            let numbers = 0..one.items.len() as u32;
            return Self { items: numbers.clone().map(|number| (0, number)).collect(), maps: vec![numbers.collect()] };
        }
        let mut order: Vec<(u32, usize, u32)> = Vec::new();
        for (place, one) in all.iter().enumerate() {
            order.extend((0..).zip(&one.firsts).map(|(number, first)| (*first, place, number)));
        }
        order.sort_by_key(|(first, _, _)| *first);
        let mut joined = Self { items: Vec::new(), maps: all.iter().map(|one| vec![0; one.items.len()]).collect() };
        let mut index: FxHashMap<Q, u32> = FxHashMap::default();
        for (_, place, number) in order {
            let next = joined.items.len() as u32;
            let joined_number = *index.entry(key(place, number, &all[place].items[number as usize])).or_insert(next);
            if joined_number == next {
                joined.items.push((place, number));
            }
            joined.maps[place][number as usize] = joined_number;
        }
        joined
    }
}
