//! How high boards and their strips are, and which board folds when the window is low.

use crate::session::{BoardKind, ChartMode};

/// The height of a board's head, in points.
pub const BOARD_HEAD: f32 = 24.0;
/// The height of the axis below the last board.
const AXIS: f32 = 24.0;
/// The part of the centre that boards take at most.
const PART_MAX: f32 = 0.55;
/// What the timeline keeps, in points.
const TIMELINE_MIN: f32 = 220.0;
/// How far strips shrink before a board folds or scrolls.
const SHRINK: f32 = 0.8;
/// How far strips grow where there is much room.
const GROW: f32 = 1.8;
/// With less room for strips than this, boards that do not fit fold rather than scroll: about what a window of 1000 points has.
const STRIPS_FOR_BOTH: f32 = 420.0;
/// A strip of small numbers with more readings than this is crowded, and is higher by a part of a point for each further one.
const CROWDED_FROM: u64 = 20;
const CROWDED_MAX: u64 = 60;
const CROWDED_POINTS: f32 = 0.5;
/// With less room than this no strip is shown at all.
const STRIP_MIN: f32 = 40.0;

/// What a board would like to show.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardWish {
    /// Which board.
    pub kind: BoardKind,
    /// Is it unfolded?
    pub is_open: bool,
    /// What its strips show.
    pub mode: ChartMode,
    /// Its strips.
    pub metrics: Vec<String>,
    /// How many readings each strip has; without any where it is not known.
    pub readings: Vec<u64>,
}

/// What a board gets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardRoom {
    /// The height of each strip; none when the board is folded.
    pub strips: Vec<f32>,
    /// The height of all strips that can be seen at once: less than their sum when they scroll.
    pub visible: f32,
    /// Is it folded for want of room although it is open?
    pub gave_way: bool,
}

/// What boards take of a centre this high; 0 without boards.
pub fn boards_height(wishes: &[BoardWish], available: f32) -> f32 {
    if wishes.is_empty() {
        return 0.0;
    }
    let heads = BOARD_HEAD * wishes.len() as f32;
    let limit = (available * PART_MAX).min(available - TIMELINE_MIN) - heads - AXIS;
    let sum = wanted(wishes, &open_boards(wishes, limit));
    if sum <= 0.0 || limit < STRIP_MIN {
        return heads;
    }
    let growth = (1.0 + (limit / sum - 1.0) * 0.5).min(GROW);
    let strips = if limit >= sum { sum * growth } else { limit };
    (heads + strips + AXIS).floor()
}

/// The room of each board in an area this high, which the strips fill.
pub fn board_rooms(wishes: &[BoardWish], height: f32) -> Vec<BoardRoom> {
    let mut rooms: Vec<BoardRoom> = wishes.iter().map(|_| BoardRoom::default()).collect();
    let limit = height - BOARD_HEAD * wishes.len() as f32 - AXIS;
    let open = open_boards(wishes, limit);
    let sum = wanted(wishes, &open);
    for (place, (wish, room)) in wishes.iter().zip(&mut rooms).enumerate() {
        room.gave_way = wish.is_open && !wish.metrics.is_empty() && (!open.contains(&place) || limit < STRIP_MIN);
    }
    if sum <= 0.0 || limit < STRIP_MIN {
        return rooms;
    }
    let factor = (limit / sum).max(SHRINK);
    let scrolls = sum * factor > limit + 1.0;
    let mut left = limit.floor();
    for (turn, place) in open.iter().enumerate() {
        let (Some(wish), Some(room)) = (wishes.get(*place), rooms.get_mut(*place)) else { continue };
        let heights = base_heights(wish);
        let part = (limit * heights.iter().sum::<f32>() / sum).floor();
        room.visible = if turn + 1 == open.len() { left } else { part };
        left -= room.visible;
        room.strips = heights.into_iter().map(|height| (height * factor).floor()).collect();
        let missing = room.visible - room.strips.iter().sum::<f32>();
        for strip in room.strips.iter_mut().rev().take(if scrolls { 0 } else { missing.max(0.0) as usize }) {
            *strip += 1.0;
        }
    }
    rooms
}

/// The room of each board of a picture this high: strips are never cut and fill it; boards that would be squeezed give way.
pub fn board_rooms_whole(wishes: &[BoardWish], height: f32) -> Vec<BoardRoom> {
    let limit = (height - BOARD_HEAD * wishes.len() as f32 - AXIS).max(0.0).floor();
    let open = open_boards_whole(wishes, limit);
    let factor = limit / wanted(wishes, &open).max(1.0);
    let mut left = limit;
    let room = |(place, wish): (usize, &BoardWish)| {
        if !open.contains(&place) {
            return BoardRoom { gave_way: wish.is_open && !wish.metrics.is_empty(), ..BoardRoom::default() };
        }
        let mut strips: Vec<f32> = base_heights(wish).into_iter().map(|height| (height * factor).floor()).collect();
        left -= strips.iter().sum::<f32>();
        if let (true, Some(last)) = (open.last() == Some(&place), strips.last_mut()) {
            *last += left;
        }
        BoardRoom { visible: strips.iter().sum(), strips, gave_way: false }
    };
    wishes.iter().enumerate().map(room).collect()
}

/// What boards take of a picture's room: as much as their strips want, more where there is more, and never more than their part.
pub fn boards_height_whole(wishes: &[BoardWish], available: f32) -> f32 {
    if wishes.is_empty() {
        return 0.0;
    }
    let heads = BOARD_HEAD * wishes.len() as f32 + AXIS;
    let limit = available * PART_MAX - heads;
    let wish = wanted(wishes, &open_boards_whole(wishes, limit)) * GROW;
    (heads + wish.min(limit).max(0.0)).floor()
}

/// The open boards of a picture: from the last one on they give way until the others are shrunk no more than strips may be.
fn open_boards_whole(wishes: &[BoardWish], limit: f32) -> Vec<usize> {
    let mut open: Vec<usize> =
        wishes.iter().enumerate().filter(|(_, wish)| wish.is_open && !wish.metrics.is_empty()).map(|(place, _)| place).collect();
    while open.len() > 1 && wanted(wishes, &open) * SHRINK > limit {
        open.pop();
    }
    open
}

/// The open boards for which there is room: where they do not fit and there is little room, Shipments gives way first.
fn open_boards(wishes: &[BoardWish], limit: f32) -> Vec<usize> {
    let is_open = |wish: &BoardWish| wish.is_open && !wish.metrics.is_empty();
    let mut open: Vec<usize> = wishes.iter().enumerate().filter(|(_, wish)| is_open(wish)).map(|(place, _)| place).collect();
    while open.len() > 1 && wanted(wishes, &open) * SHRINK > limit && limit < STRIPS_FOR_BOTH {
        let shipments = open.iter().rposition(|place| wishes.get(*place).is_some_and(|wish| wish.kind == BoardKind::Shipments));
        open.remove(shipments.unwrap_or(open.len() - 1));
    }
    open
}

fn wanted(wishes: &[BoardWish], open: &[usize]) -> f32 {
    open.iter().filter_map(|place| wishes.get(*place)).flat_map(base_heights).sum()
}

/// The heights of a board's strips where there is neither much nor little room.
fn base_heights(wish: &BoardWish) -> Vec<f32> {
    let crowd = |place: usize| {
        let readings = wish.readings.get(place).copied().unwrap_or(0).min(CROWDED_MAX);
        readings.saturating_sub(CROWDED_FROM) as f32 * CROWDED_POINTS
    };
    let one = |(place, metric): (usize, &String)| match (wish.kind, metric.as_str(), wish.mode) {
        (BoardKind::Casualties, "killed", _) => 100.0,
        (BoardKind::Casualties, "casualties", ChartMode::Totals) => 76.0,
        (BoardKind::Casualties, ..) => 54.0,
        (BoardKind::Shipments, _, ChartMode::Totals) => 38.0 + crowd(place),
        (BoardKind::Shipments, ..) => 46.0,
    };
    let heights: Vec<f32> = wish.metrics.iter().enumerate().map(one).collect();
    match heights.as_slice() {
        [_] if wish.kind == BoardKind::Casualties => vec![130.0],
        [_] => vec![90.0],
        [first, second] => vec![first.max(76.0), second.max(58.0)],
        _ => heights,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(kind: BoardKind, metrics: &[&str]) -> BoardWish {
        BoardWish {
            kind,
            is_open: true,
            mode: ChartMode::Totals,
            metrics: metrics.iter().map(|m| (*m).to_owned()).collect(),
            readings: Vec::new(),
        }
    }

    #[test]
    fn a_picture_cuts_no_strip_and_fills_its_height() {
        for height in [200.0, 317.0, 450.0, 900.0] {
            let rooms = board_rooms_whole(&sample(), height);
            let heads = BOARD_HEAD * rooms.len() as f32 + AXIS;
            assert_eq!(rooms.iter().map(|room| room.visible).sum::<f32>(), height - heads);
            assert!(rooms.iter().all(|room| room.visible == room.strips.iter().sum::<f32>()));
            assert!(!rooms[0].gave_way && !rooms[0].strips.is_empty());
            assert_eq!(rooms[1].gave_way, height < 400.0);
        }
        assert_eq!(boards_height_whole(&[], 500.0), 0.0);
        assert!(boards_height_whole(&sample(), 500.0) <= 0.55 * 500.0);
    }

    fn sample() -> Vec<BoardWish> {
        vec![
            wish(BoardKind::Casualties, &["killed", "wounded", "casualties"]),
            wish(BoardKind::Shipments, &["artillery_pieces", "shells", "containers", "missiles"]),
        ]
    }

    #[test]
    fn boards_leave_the_timeline_enough_room() {
        for available in [200.0, 300.0, 420.0, 600.0, 908.0, 1_400.0] {
            let height = boards_height(&sample(), available);
            let heads = BOARD_HEAD * 2.0;
            assert!(
                height <= heads + AXIS || (height <= available * PART_MAX + 1.0 && available - height >= TIMELINE_MIN - 1.0),
                "{available} {height}"
            );
        }
    }

    #[test]
    fn what_boards_ask_for_is_what_they_fill() {
        for available in [420.0, 640.0, 760.0, 908.0, 1_100.0, 2_000.0] {
            let height = boards_height(&sample(), available);
            let strips: f32 = board_rooms(&sample(), height).iter().map(|room| room.visible).sum();
            let filled = strips + 2.0 * BOARD_HEAD + if strips > 0.0 { AXIS } else { 0.0 };
            assert!(filled <= height && height - filled < 1.0, "{available} {height} {filled}");
        }
    }

    #[test]
    fn shipments_folds_first_when_the_window_is_low() {
        let rooms = board_rooms(&sample(), boards_height(&sample(), 640.0));
        assert!(!rooms[0].gave_way && !rooms[0].strips.is_empty());
        assert!(rooms[1].gave_way && rooms[1].strips.is_empty());
    }

    #[test]
    fn both_boards_stand_whole_in_a_window_of_a_thousand_points() {
        let rooms = board_rooms(&sample(), boards_height(&sample(), 908.0));
        for room in &rooms {
            assert!(!room.gave_way);
            assert!((room.strips.iter().sum::<f32>() - room.visible).abs() < 4.0, "{room:?}");
        }
        assert!(rooms[0].strips[0] >= 90.0);
    }

    #[test]
    fn a_strip_with_many_readings_is_higher_than_its_neighbours_and_both_boards_still_stand() {
        let mut wishes = sample();
        wishes[1].readings = vec![60, 15, 15, 4];
        let rooms = board_rooms(&wishes, boards_height(&wishes, 908.0));
        let strips = &rooms[1].strips;
        assert!(strips[0] > strips[1] * 1.4 && (strips[1] - strips[2]).abs() < 2.0, "{strips:?}");
        assert!(rooms.iter().all(|room| !room.gave_way));
    }

    #[test]
    fn a_folded_board_has_only_its_head() {
        let mut wishes = sample();
        for wish in &mut wishes {
            wish.is_open = false;
        }
        assert_eq!(boards_height(&wishes, 908.0), 2.0 * BOARD_HEAD);
        assert_eq!(boards_height(&[], 908.0), 0.0);
    }

    #[test]
    fn many_strips_scroll_inside_their_board() {
        let many: Vec<String> = (0..20).map(|n| format!("metric_{n}")).collect();
        let wishes =
            [BoardWish { kind: BoardKind::Shipments, is_open: true, mode: ChartMode::Totals, metrics: many, readings: Vec::new() }];
        let rooms = board_rooms(&wishes, boards_height(&wishes, 700.0));
        assert!(rooms[0].visible < rooms[0].strips.iter().sum::<f32>());
    }
}
