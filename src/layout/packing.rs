//! Packs marks into the rows of a lane so that no mark lies on another. It knows extents in points, not what they stand for.

/// What has to find a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PackItem {
    /// The mark with its badge, from left to right: nothing else may lie here.
    pub body: (f32, f32),
    /// What reaches out from it: better not crossed.
    pub tail: Option<(f32, f32)>,
    /// Up to where a label would like to stand.
    pub wish: f32,
    /// The heaviest choose first.
    pub weight: u32,
}

/// A little price for each row down, so that rows fill from the top.
const ROW_PRICE: f32 = 3.0;
/// A tail over a tail or over a mark, per point.
const CROSSING_PRICE: f32 = 1.0;
/// Room taken from a label, per point.
const LABEL_PRICE: f32 = 0.3;

/// The row of each item, or none where all rows are taken; heavier items choose first, equal ones from left to right.
///
/// Bodies never overlap. Tails and the room for labels are kept free where another row is.
pub(super) fn pack(items: &[PackItem], rows_max: usize) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|a, b| {
        let (one, other) = (&items[*a], &items[*b]);
        other.weight.cmp(&one.weight).then(one.body.0.total_cmp(&other.body.0)).then(a.cmp(b))
    });
    let packed: Vec<Packed> = items.iter().map(|item| Packed::of(*item)).collect();
    let grid = Grid::over(&packed);
    let mut rows: Vec<Row<'_>> = (0..rows_max).map(|_| Row { grid: &grid, all: &packed, cells: vec![Vec::new(); grid.cells] }).collect();
    let mut found = vec![None; items.len()];
    for index in order {
        let item = packed[index];
        let prices = rows.iter().enumerate().filter_map(|(row, taken)| Some((row, taken.price(&item)? + row as f32 * ROW_PRICE)));
        let best = prices.min_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
        if let Some((row, _)) = best {
            rows[row].push(index);
            found[index] = Some(row);
        }
    }
    found
}

/// An item and all that it touches, from left to right: most pairs are told apart by that alone.
#[derive(Clone, Copy)]
struct Packed {
    item: PackItem,
    reach: (f32, f32),
}

impl Packed {
    fn of(item: PackItem) -> Self {
        let (from, to) = item.tail.unwrap_or(item.body);
        Self { item, reach: (item.body.0.min(from), item.body.1.max(to).max(item.wish)) }
    }
}

/// The width of a cell of the grid, in points: about that of a mark with the room for its label.
const CELL: f32 = 128.0;
/// The most cells: what lies farther out is in the last one.
const CELLS_MAX: usize = 1_024;

/// Divides the width into cells, so that an item is compared with its neighbours alone.
struct Grid {
    left: f32,
    cells: usize,
}

impl Grid {
    fn over(items: &[Packed]) -> Self {
        let left = items.iter().map(|item| item.reach.0).fold(f32::MAX, f32::min);
        let right = items.iter().map(|item| item.reach.1).fold(f32::MIN, f32::max);
        let cells = ((right - left) / CELL).max(0.0) as usize + 1;
        Self { left, cells: cells.min(CELLS_MAX) }
    }

    fn cell(&self, place: f32) -> usize {
        (((place - self.left) / CELL).max(0.0) as usize).min(self.cells - 1)
    }
}

/// What a row has taken, by cell; an item stands in every cell that it touches.
struct Row<'g> {
    grid: &'g Grid,
    all: &'g [Packed],
    cells: Vec<Vec<u32>>,
}

impl Row<'_> {
    fn push(&mut self, index: usize) {
        let reach = self.all[index].reach;
        for cell in self.grid.cell(reach.0)..=self.grid.cell(reach.1) {
            self.cells[cell].push(index as u32);
        }
    }

    /// What a place in the row costs; `None` where a body is in the way.
    fn price(&self, item: &Packed) -> Option<f32> {
        let first = self.grid.cell(item.reach.0);
        let mut price = 0.0;
        for cell in first..=self.grid.cell(item.reach.1) {
            for other in self.cells[cell].iter().map(|index| &self.all[*index as usize]) {
                // A pair that shares several cells is priced in the first of them.
                if cell == first || self.grid.cell(other.reach.0) == cell {
                    price += pair_price(item, other)?;
                }
            }
        }
        Some(price)
    }
}

/// What two items in one row cost; `None` where their bodies overlap.
fn pair_price(packed: &Packed, other: &Packed) -> Option<f32> {
    if other.reach.1 < packed.reach.0 || other.reach.0 > packed.reach.1 {
        return Some(0.0);
    }
    let (item, other) = (&packed.item, &other.item);
    if shared(item.body, other.body) > 0.0 {
        return None;
    }
    let mut price = 0.0;
    if let Some(tail) = other.tail {
        price += shared(item.body, tail) * CROSSING_PRICE;
        price += item.tail.map_or(0.0, |own| shared(own, tail)) * CROSSING_PRICE;
    }
    price += item.tail.map_or(0.0, |own| shared(own, other.body)) * CROSSING_PRICE;
    price += label_room_taken(item, other) + label_room_taken(other, item);
    Some(price)
}

/// What the second item takes from the room for the first one's label.
fn label_room_taken(item: &PackItem, by: &PackItem) -> f32 {
    if by.body.0 >= item.body.1 && by.body.0 < item.wish { (item.wish - by.body.0) * LABEL_PRICE } else { 0.0 }
}

fn shared(one: (f32, f32), other: (f32, f32)) -> f32 {
    (one.1.min(other.1) - one.0.max(other.0)).max(0.0)
}

/// How many extents fall into each row when each takes the first row that is free, from left to right: the fewest rows that hold all.
pub(super) fn rows_filled(mut extents: Vec<(f32, f32)>, rows_max: usize) -> Vec<u32> {
    extents.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut ends: Vec<f32> = Vec::new();
    let mut filled: Vec<u32> = Vec::new();
    for (start, end) in extents {
        match ends.iter().position(|taken| *taken <= start) {
            Some(row) => {
                ends[row] = end;
                filled[row] += 1;
            }
            None if ends.len() < rows_max => {
                ends.push(end);
                filled.push(1);
            }
            None => {}
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mark(at: f32) -> PackItem {
        PackItem { body: (at - 4.0, at + 4.0), tail: None, wish: at + 4.0, weight: 0 }
    }

    #[test]
    fn marks_apart_share_the_first_row() {
        assert_eq!(pack(&[mark(10.0), mark(20.0), mark(30.0)], 3), vec![Some(0), Some(0), Some(0)]);
    }

    #[test]
    fn a_mark_on_a_mark_goes_one_row_down() {
        assert_eq!(pack(&[mark(10.0), mark(12.0)], 3), vec![Some(0), Some(1)]);
    }

    #[test]
    fn the_heaviest_stays_when_rows_run_out() {
        let heavy = PackItem { weight: 9, ..mark(12.0) };
        assert_eq!(pack(&[mark(10.0), heavy], 1), vec![None, Some(0)]);
    }

    #[test]
    fn a_mark_avoids_the_tail_of_another_while_there_are_rows() {
        let long = PackItem { tail: Some((0.0, 200.0)), weight: 1, ..mark(200.0) };
        assert_eq!(pack(&[long, mark(100.0)], 2), vec![Some(0), Some(1)]);
        assert_eq!(pack(&[long, mark(100.0)], 1), vec![Some(0), Some(0)]);
    }

    #[test]
    fn a_label_is_given_room_while_there_are_rows() {
        let named = PackItem { wish: 120.0, weight: 1, ..mark(10.0) };
        assert_eq!(pack(&[named, mark(30.0)], 2), vec![Some(0), Some(1)]);
    }

    #[test]
    fn the_fewest_rows_are_as_many_as_lie_over_one_place() {
        assert_eq!(rows_filled(vec![(0.0, 10.0), (5.0, 15.0), (10.0, 20.0)], 9), vec![2, 1]);
        assert_eq!(rows_filled(vec![(0.0, 10.0); 5], 2), vec![1, 1]);
    }

    proptest! {
        #[test]
        fn bodies_in_one_row_never_overlap_and_what_finds_no_row_is_told(
            places in proptest::collection::vec((0.0_f32..300.0, 0.0_f32..60.0, 0_u32..4), 0..60), rows_max in 1_usize..6
        ) {
            let items: Vec<PackItem> = places.iter().map(|(at, reach, weight)| PackItem {
                tail: Some((at - reach, at + reach)), weight: *weight, ..mark(*at)
            }).collect();
            let rows = pack(&items, rows_max);
            prop_assert_eq!(rows.len(), items.len());
            for a in 0..items.len() {
                for b in a + 1..items.len() {
                    if rows[a].is_some() && rows[a] == rows[b] {
                        prop_assert!(shared(items[a].body, items[b].body) <= 0.0);
                    }
                }
            }
            let needed = rows_filled(items.iter().map(|item| item.body).collect(), 99).len();
            if needed <= 1 {
                prop_assert!(rows.iter().all(Option::is_some));
            }
        }

        #[test]
        fn a_row_asks_the_same_of_neighbours_as_of_everybody(
            places in proptest::collection::vec((-20_000.0_f32..20_000.0, 0.0_f32..3_000.0, 0.0_f32..120.0), 1..60)
        ) {
            let items: Vec<Packed> = places.iter().map(|(at, reach, wish)| Packed::of(PackItem {
                tail: (*reach > 100.0).then_some((at - reach, at + reach)), wish: at + 4.0 + wish, ..mark(*at)
            })).collect();
            let grid = Grid::over(&items);
            let mut row = Row { grid: &grid, all: &items, cells: vec![Vec::new(); grid.cells] };
            for (index, item) in items.iter().enumerate() {
                let plain = items[..index].iter().map(|other| pair_price(item, other)).sum::<Option<f32>>();
                match (row.price(item), plain) {
                    (Some(own), Some(plain)) => prop_assert!((own - plain).abs() <= 0.01 + plain * 1e-4, "{own} {plain}"),
                    (own, plain) => prop_assert_eq!(own, plain),
                }
                row.push(index);
            }
        }
    }
}
