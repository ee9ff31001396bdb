//! Brings columns from places into the order of the rows, many at once.
//!
//! Whoever reads one value here and one there waits for memory at each of them. So the values of several columns are laid side by side
//! first, 16 bytes a record: one look at a place then finds all of them. Both ways are taken tile by tile, which stays in the cache of
//! a core. It costs 16 bytes a record for as long as it takes, whatever the number of columns; but all of them stand in memory by place
//! meanwhile, so whoever has many brings a few at a time.

use std::vec::IntoIter;

use arrow_buffer::{ArrowNativeType, Buffer, ScalarBuffer};

use crate::work::{map_each, threads};

/// How many bytes of a record are brought into order at once.
const WIDTH: usize = 16;
/// How many rows are taken from one way into the other at once.
const TILE: usize = if cfg!(test) { 8 } else { 1 << 10 };

/// Several for each thread: none waits long for another that was held up.
const PARTS_PER_THREAD: usize = 4;

/// One value a record.
struct Lane {
    values: Values,
    /// Are they by place? Else they are in the order of the rows already.
    is_by_place: bool,
}

/// Values by their width alone.
enum Values {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
    Eight(Vec<u64>),
}

/// Does the same with values, whatever their width.
macro_rules! with {
    ($kind:ident, $lane:expr, $values:ident => $does:expr) => {
        match $lane {
            $kind::One($values) => $does,
            $kind::Two($values) => $does,
            $kind::Four($values) => $does,
            $kind::Eight($values) => $does,
        }
    };
}

impl Lane {
    /// How many bytes a record are still by place.
    fn waiting_width(&self) -> usize {
        if self.is_by_place { self.values.width() } else { 0 }
    }
}

impl Values {
    fn of<T: ArrowNativeType>(values: Vec<T>) -> Self {
        let buffer = Buffer::from_vec(values);
        match size_of::<T>() {
            1 => Self::One(vec_of(buffer)),
            2 => Self::Two(vec_of(buffer)),
            4 => Self::Four(vec_of(buffer)),
            _ => Self::Eight(vec_of(buffer)),
        }
    }

    fn into_buffer<T: ArrowNativeType>(self) -> ScalarBuffer<T> {
        with!(Self, self, values => Buffer::from_vec(values).into())
    }

    fn width(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Two(_) => 2,
            Self::Four(_) => 4,
            Self::Eight(_) => 8,
        }
    }

    /// Lays those of places from `first` on into rows, at one place of each.
    fn lay(&self, first: usize, rows: &mut [[u8; WIDTH]], at: usize) {
        with!(Self, self, values => lay(&values[first..first + rows.len()], rows, at));
    }

    /// In parts of one length.
    fn parts(&mut self, len: usize) -> Vec<Part<'_>> {
        match self {
            Self::One(values) => values.chunks_mut(len).map(Part::One).collect(),
            Self::Two(values) => values.chunks_mut(len).map(Part::Two).collect(),
            Self::Four(values) => values.chunks_mut(len).map(Part::Four).collect(),
            Self::Eight(values) => values.chunks_mut(len).map(Part::Eight).collect(),
        }
    }
}

/// A vector is taken apart and put together without a copy: its values only change their name.
fn vec_of<T: ArrowNativeType>(buffer: Buffer) -> Vec<T> {
    buffer.into_vec().unwrap_or_else(|buffer| buffer.typed_data().to_vec())
}

/// A part of values.
enum Part<'v> {
    One(&'v mut [u8]),
    Two(&'v mut [u16]),
    Four(&'v mut [u32]),
    Eight(&'v mut [u64]),
}

impl Part<'_> {
    /// Takes values from rows, at one place of each.
    fn take(&mut self, first: usize, rows: &[[u8; WIDTH]], at: usize) {
        with!(Self, self, values => take(&mut values[first..first + rows.len()], rows, at));
    }
}

fn lay<T: Value>(values: &[T], rows: &mut [[u8; WIDTH]], at: usize) {
    for (value, row) in values.iter().zip(rows) {
        value.put(&mut row[at..]);
    }
}

fn take<T: Value>(values: &mut [T], rows: &[[u8; WIDTH]], at: usize) {
    for (value, row) in values.iter_mut().zip(rows) {
        *value = T::get(&row[at..]);
    }
}

/// A value as bytes.
trait Value {
    fn put(&self, bytes: &mut [u8]);
    fn get(bytes: &[u8]) -> Self;
}

macro_rules! value {
    ($($width:ident)+) => {
        $(impl Value for $width {
            fn put(&self, bytes: &mut [u8]) {
                bytes[..size_of::<$width>()].copy_from_slice(&self.to_ne_bytes());
            }

            fn get(bytes: &[u8]) -> Self {
                let (mut value, len) = ([0; size_of::<$width>()], size_of::<$width>());
                value.copy_from_slice(&bytes[..len]);
                Self::from_ne_bytes(value)
            }
        })+
    };
}

value!(u8 u16 u32 u64);

/// What becomes of values that are still by place, once they are in the order of the rows.
pub(super) struct ByPlace<T> {
    lanes: Vec<Lane>,
    build: Build<T>,
}

/// Takes its lanes, which come first, and makes something of them.
type Build<T> = Box<dyn FnOnce(&mut IntoIter<Lane>) -> T + Send>;

impl<T: 'static> ByPlace<T> {
    /// What has nothing that must be brought into order.
    pub(super) fn ready(value: T) -> Self
    where
        T: Send,
    {
        Self { lanes: Vec::new(), build: Box::new(|_| value) }
    }

    pub(super) fn map<U>(self, work: impl FnOnce(T) -> U + Send + 'static) -> ByPlace<U> {
        let Self { lanes, build } = self;
        ByPlace { lanes, build: Box::new(move |lanes| work(build(lanes))) }
    }

    pub(super) fn and<U: 'static>(self, other: ByPlace<U>) -> ByPlace<(T, U)> {
        let Self { mut lanes, build } = self;
        let ByPlace { lanes: others, build: build_other } = other;
        lanes.extend(others);
        ByPlace { lanes, build: Box::new(move |lanes| (build(lanes), build_other(lanes))) }
    }

    /// How many bytes a record are still by place.
    pub(super) fn waiting_width(&self) -> usize {
        self.lanes.iter().map(Lane::waiting_width).sum()
    }

    /// What is built of the values as they are.
    pub(super) fn build(self) -> T {
        (self.build)(&mut self.lanes.into_iter())
    }
}

impl<T: ArrowNativeType> ByPlace<ScalarBuffer<T>> {
    /// One value a record.
    pub(super) fn of(values: Vec<T>) -> Self {
        let build = |lanes: &mut IntoIter<Lane>| lanes.next().map(|lane| lane.values.into_buffer()).unwrap_or_default();
        Self { lanes: vec![Lane { values: Values::of(values), is_by_place: true }], build: Box::new(build) }
    }
}

/// Where values of several columns lie side by side; its memory is used again for the next ones.
#[derive(Default)]
pub(super) struct Beside(Vec<[u8; WIDTH]>);

/// Brings values into the order of the rows, of which `order` has the place of each. When `may_wait`, those that alone would not fill
/// a look are left by place, for others to share it with.
pub(super) fn to_rows<'t, T: 't>(all: impl Iterator<Item = &'t mut ByPlace<T>>, order: &[u32], beside: &mut Beside, may_wait: bool) {
    let mut lanes: Vec<&mut Lane> = all.flat_map(|one| &mut one.lanes).filter(|lane| lane.is_by_place).collect();
    // The widest first, so that as many as possible share a look.
    lanes.sort_by_key(|lane| std::cmp::Reverse(lane.values.width()));
    if beside.0.len() != order.len() {
        beside.0 = vec![[0; WIDTH]; order.len()];
    }
    while !lanes.is_empty() {
        let (mut group, mut left, mut width) = (Vec::new(), Vec::new(), 0);
        for lane in lanes {
            let at = width;
            if at + lane.values.width() <= WIDTH {
                width += lane.values.width();
                group.push((lane, at));
            } else {
                left.push(lane);
            }
        }
        if may_wait && width < WIDTH {
            return;
        }
        together(&mut group, order, &mut beside.0);
        lanes = left;
    }
}

/// Brings lanes into order that fit beside each other, each at its place in a row.
fn together(lanes: &mut [(&mut Lane, usize)], order: &[u32], rows: &mut [[u8; WIDTH]]) {
    let part = order.len().div_ceil(threads() * PARTS_PER_THREAD).max(1);
    map_each(rows.chunks_mut(part).enumerate().collect(), |(number, rows)| {
        for (tile, rows) in rows.chunks_mut(TILE).enumerate() {
            for (lane, at) in lanes.iter() {
                lane.values.lay(number * part + tile * TILE, rows, *at);
            }
        }
    });
    let mut parts: Vec<Vec<(Part<'_>, usize)>> = order.chunks(part).map(|_| Vec::new()).collect();
    for (lane, at) in lanes {
        lane.is_by_place = false;
        parts.iter_mut().zip(lane.values.parts(part)).for_each(|(lanes, values)| lanes.push((values, *at)));
    }
    map_each(order.chunks(part).zip(parts).collect(), |(order, mut lanes)| {
        let mut tile = [[0; WIDTH]; TILE];
        for (number, order) in order.chunks(TILE).enumerate() {
            for (row, place) in tile.iter_mut().zip(order) {
                *row = rows[*place as usize];
            }
            for (lane, at) in &mut lanes {
                lane.take(number * TILE, &tile[..order.len()], *at);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Made-up values of a column, by place.
    fn values(salt: usize, len: usize) -> impl Iterator<Item = u64> {
        (1..=len as u64).map(move |place| place * (salt as u64 * 77 + 13))
    }

    fn column<T: ArrowNativeType + Into<f64>>(salt: usize, len: usize, narrow: fn(u64) -> T) -> ByPlace<Vec<f64>> {
        ByPlace::of(values(salt, len).map(narrow).collect()).map(|values| values.iter().map(|value| (*value).into()).collect())
    }

    proptest! {
        #[test]
        fn values_of_any_width_come_to_their_rows(
            (order, widths) in (0_u32..90).prop_flat_map(|len| {
                (Just((0..len).collect::<Vec<u32>>()).prop_shuffle(), proptest::collection::vec(0_usize..4, 0..12))
            }),
        ) {
            let len = order.len();
            let columns = || widths.iter().enumerate().map(|(salt, width)| match width {
                0 => column(salt, len, |value| value as u8),
                1 => column(salt, len, |value| value as i16),
                2 => column(salt, len, |value| value as u32),
                _ => column(salt, len, |value| value as f64 / 8.0),
            });
            let mut all: Vec<ByPlace<Vec<f64>>> = columns().collect();
            let mut beside = Beside::default();
            // Two before the others, which share what is left of them.
            to_rows(all.iter_mut().take(2), &order, &mut beside, true);
            to_rows(all.iter_mut(), &order, &mut beside, false);
            prop_assert!(all.iter().all(|one| one.waiting_width() == 0));
            for (rows, places) in all.into_iter().map(ByPlace::build).zip(columns().map(ByPlace::build)) {
                prop_assert_eq!(rows, order.iter().map(|place| places[*place as usize]).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn what_fills_no_look_waits_for_others() {
        let mut all = [ByPlace::of(vec![1_u8, 2]).map(|ones| ones.len()), ByPlace::of(vec![1_u64, 2]).map(|eights| eights.len())];
        to_rows(all.iter_mut(), &[1, 0], &mut Beside::default(), true);
        assert_eq!(all.each_ref().map(ByPlace::waiting_width), [1, 8]);
        let mut more = all.into_iter().chain([ByPlace::of(vec![1_u64, 2]).map(|eights| eights.len())]).collect::<Vec<_>>();
        to_rows(more.iter_mut(), &[1, 0], &mut Beside::default(), true);
        assert_eq!(more.iter().map(ByPlace::waiting_width).collect::<Vec<_>>(), [1, 0, 0]);
    }

    #[test]
    fn what_belongs_together_gets_its_own_values() {
        let both = ByPlace::of(vec![10_i32, 20, 30]).and(ByPlace::of(vec![1_u8, 2, 3]).map(|ones| ones.to_vec()));
        let mut all = [both.and(ByPlace::ready("word"))];
        to_rows(all.iter_mut(), &[2, 0, 1], &mut Beside::default(), false);
        let [all] = all;
        let ((tens, ones), word) = all.build();
        assert_eq!((tens.to_vec(), ones, word), (vec![30, 10, 20], vec![3, 1, 2], "word"));
    }
}
