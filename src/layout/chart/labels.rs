//! Places labels beside their marks so that nothing covers anything; a label that finds no place is left out. It measures no text.

/// A rectangle in points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub left: f32,
    /// Its top.
    pub top: f32,
    /// Its right edge.
    pub right: f32,
    /// Its bottom.
    pub bottom: f32,
}

impl Area {
    /// From its edges.
    pub fn new(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        Self { left, top, right, bottom }
    }

    /// Around a place.
    pub fn around(x: f32, y: f32, reach: f32) -> Self {
        Self::new(x - reach, y - reach, x + reach, y + reach)
    }

    /// Larger on each side.
    #[must_use]
    pub fn grown(self, across: f32, down: f32) -> Self {
        Self::new(self.left - across, self.top - down, self.right + across, self.bottom + down)
    }

    /// Do the two share a part?
    pub fn overlaps(self, other: Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// Does the other lie wholly inside?
    pub fn holds(self, other: Self) -> bool {
        other.left >= self.left && other.right <= self.right && other.top >= self.top && other.bottom <= self.bottom
    }

    /// Does the segment between two places touch it?
    pub fn is_crossed_by(self, from: (f32, f32), to: (f32, f32)) -> bool {
        let (mut first, mut last) = (0.0_f32, 1.0_f32);
        let (across, down) = (to.0 - from.0, to.1 - from.1);
        for (step, gap_low, gap_high) in
            [(across, self.left - from.0, self.right - from.0), (down, self.top - from.1, self.bottom - from.1)]
        {
            if step.abs() < 1e-6 {
                if gap_low > 0.0 || gap_high < 0.0 {
                    return false;
                }
                continue;
            }
            let (enter, leave) = if step > 0.0 { (gap_low / step, gap_high / step) } else { (gap_high / step, gap_low / step) };
            first = first.max(enter);
            last = last.min(leave);
        }
        first <= last
    }
}

/// A label that wants a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelBox {
    /// Where its mark is.
    pub x: f32,
    /// Where its mark is.
    pub y: f32,
    /// How far its mark reaches up.
    pub above: f32,
    /// How far its mark reaches down.
    pub below: f32,
    /// How far its mark reaches to each side.
    pub side: f32,
    /// The width of its text.
    pub width: f32,
    /// The widths of shorter texts, for want of room, the longest first.
    pub shorter: [Option<f32>; 2],
    /// The height of its text.
    pub height: f32,
    /// Higher ones choose first.
    pub weight: u32,
}

/// What labels keep off.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Obstacles {
    /// Marks, their own among them: no label covers one or stands level beside another's.
    pub marks: Vec<Area>,
    /// Lines that no label covers.
    pub lines: Vec<Area>,
    /// Faint lines that a label covers only where there is no better place.
    pub faint: Vec<Area>,
    /// Text that stands already.
    pub texts: Vec<Area>,
}

/// A label with its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlacedLabel {
    /// Where the text stands.
    pub area: Area,
    /// A line from the mark to the text, where it stands apart.
    pub leader: Option<[(f32, f32); 2]>,
    /// Which text stands there: 0 is the whole one, 1 and 2 are the shorter ones.
    pub variant: usize,
}

/// What saying less costs, compared with a place further away.
const SHORT_COST: f32 = 35.0;
/// A label keeps this far from a mark of another at its level, in points.
const LEVEL_GAP: f32 = 12.0;
/// Two labels on one level keep this far apart, in points.
const TEXT_GAP: f32 = 7.0;
/// The longest leader, in points.
const LEADER_MAX: f32 = 160.0;
/// The air between a mark and its label.
const AIR: f32 = 4.0;

/// Places labels, the heaviest first; those without a place get `None`.
pub fn place_labels(labels: &[LabelBox], frame: Area, obstacles: &Obstacles) -> Vec<Option<PlacedLabel>> {
    let mut placed: Vec<Option<PlacedLabel>> = vec![None; labels.len()];
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(labels.get(*place).map_or(0, |label| label.weight)));
    let mut taken = Taken { texts: obstacles.texts.clone(), leaders: Vec::new() };
    for place in order {
        let Some(label) = labels.get(place) else { continue };
        let around = Area::new(label.x, label.y, label.x, label.y).grown(LEADER_MAX + label.width, frame.bottom - frame.top);
        let near = near_obstacles(obstacles, around);
        let widths = label.shorter.into_iter().zip(1..).filter_map(|(width, variant)| Some((width?, variant)));
        let shorter = widths.flat_map(|(width, variant)| {
            let all = candidates(&LabelBox { width, ..*label }).into_iter();
            all.map(move |(candidate, cost)| (PlacedLabel { variant, ..candidate }, cost + SHORT_COST * variant as f32))
        });
        let best = candidates(label)
            .into_iter()
            .chain(shorter)
            .filter(|(candidate, _)| frame.holds(candidate.area))
            .filter_map(|(candidate, cost)| Some((candidate, cost + taken.penalty(label, &candidate, &near)?)))
            .min_by(|one, other| one.1.total_cmp(&other.1));
        if let Some((candidate, _)) = best {
            taken.texts.push(candidate.area);
            taken.leaders.extend(candidate.leader);
            if let Some(slot) = placed.get_mut(place) {
                *slot = Some(candidate);
            }
        }
    }
    placed
}

fn near_obstacles(obstacles: &Obstacles, around: Area) -> Obstacles {
    let near = |areas: &[Area]| areas.iter().copied().filter(|area| area.grown(1.0, 1.0).overlaps(around)).collect();
    Obstacles { marks: near(&obstacles.marks), lines: near(&obstacles.lines), faint: near(&obstacles.faint), texts: Vec::new() }
}

/// What labels before took.
struct Taken {
    texts: Vec<Area>,
    leaders: Vec<[(f32, f32); 2]>,
}

impl Taken {
    /// How bad a place is; `None` when it cannot be.
    fn penalty(&self, label: &LabelBox, candidate: &PlacedLabel, near: &Obstacles) -> Option<f32> {
        let area = candidate.area;
        let is_own = |mark: &Area| mark.left <= label.x && label.x <= mark.right && mark.top <= label.y && label.y <= mark.bottom;
        let level = area.grown(LEVEL_GAP, -2.0);
        let is_behind = |mark: &Area| (area.right <= label.x && mark.left >= label.x) || (area.left >= label.x && mark.right <= label.x);
        let is_confused = |mark: &Area| !is_own(mark) && !is_behind(mark) && mark.overlaps(level);
        let hits_mark = near.marks.iter().any(|mark| mark.overlaps(area) || is_confused(mark));
        let hits_text = self.texts.iter().any(|text| text.overlaps(area.grown(TEXT_GAP, 0.0)));
        let hits_line = near.lines.iter().any(|line| line.overlaps(area.grown(1.0, -0.5)));
        let is_struck = self.leaders.iter().any(|leader| area.grown(1.0, 0.0).is_crossed_by(leader[0], leader[1]));
        if hits_mark || hits_text || hits_line || is_struck {
            return None;
        }
        let mut cost = 30.0 * near.faint.iter().filter(|line| line.overlaps(area.grown(0.0, -1.0))).count() as f32;
        if let Some([from, to]) = candidate.leader {
            let strikes_mark = near.marks.iter().any(|mark| !is_own(mark) && mark.grown(1.0, 1.0).is_crossed_by(from, to));
            let strikes_text = self.texts.iter().any(|text| text.is_crossed_by(from, to));
            let meets = self.leaders.iter().any(|other| segments_cross(*other, [from, to]));
            let is_along = from.1 == to.1 && near.lines.iter().any(|line| line.is_crossed_by(from, to));
            if strikes_mark || strikes_text || meets || is_along {
                return None;
            }
            cost += 14.0 * near.lines.iter().filter(|line| line.is_crossed_by(from, to)).count() as f32;
        }
        Some(cost)
    }
}

/// The places of a label, with what each costs: left and right at the level of the mark, above, below, then apart with a leader.
fn candidates(label: &LabelBox) -> Vec<(PlacedLabel, f32)> {
    let LabelBox { x, y, width, height, .. } = *label;
    let half = height / 2.0;
    let side = label.side + AIR;
    let at = |left: f32, top: f32| PlacedLabel { area: Area::new(left, top, left + width, top + height), leader: None, variant: 0 };
    let top = y - label.above - 1.0 - height;
    let bottom = y + label.below + 1.0;
    let mut list = vec![
        (at(x - side - width, y - half), 0.0),
        (at(x + side, y - half), 1.0),
        (at(x - label.side, top), 3.0),
        (at(x - width * 0.5, top), 4.0),
        (at(x + label.side - width, top), 5.0),
        (at(x - label.side, bottom), 6.0),
        (at(x - width * 0.5, bottom), 7.0),
        (at(x + label.side - width, bottom), 8.0),
    ];
    for (reach, drop) in LEADERS {
        for (sign_x, sign_y) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
            let end = (x + sign_x * reach, y + sign_y * drop);
            let left = if sign_x < 0.0 { end.0 - width - 2.0 } else { end.0 + 2.0 };
            let length = reach.hypot(drop);
            let start = (x + sign_x * reach / length * (label.side + 1.0), y + sign_y * drop / length * (label.side + 1.0));
            let placed = PlacedLabel { leader: Some([start, end]), ..at(left, end.1 - half) };
            list.push((placed, 10.0 + length * 0.25 + if drop == 0.0 { -2.0 } else { 0.0 }));
        }
    }
    list
}

/// How far apart, across and down, labels with a leader stand.
const LEADERS: [(f32, f32); 21] = [
    (16.0, 0.0),
    (12.0, 10.0),
    (12.0, 16.0),
    (20.0, 12.0),
    (20.0, 24.0),
    (32.0, 0.0),
    (32.0, 16.0),
    (32.0, 30.0),
    (48.0, 0.0),
    (48.0, 12.0),
    (48.0, 24.0),
    (48.0, 40.0),
    (72.0, 0.0),
    (72.0, 16.0),
    (72.0, 32.0),
    (72.0, 50.0),
    (104.0, 0.0),
    (104.0, 20.0),
    (104.0, 40.0),
    (140.0, 0.0),
    (140.0, 28.0),
];

fn segments_cross(one: [(f32, f32); 2], other: [(f32, f32); 2]) -> bool {
    let turn = |a: (f32, f32), b: (f32, f32), c: (f32, f32)| (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0);
    let apart = |a: (f32, f32), b: (f32, f32), c: (f32, f32), d: (f32, f32)| turn(a, b, c) * turn(a, b, d) < 0.0;
    apart(one[0], one[1], other[0], other[1]) && apart(other[0], other[1], one[0], one[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(x: f32, y: f32) -> LabelBox {
        LabelBox { x, y, above: 4.0, below: 4.0, side: 4.0, width: 60.0, shorter: [None; 2], height: 12.0, weight: 1 }
    }

    fn frame() -> Area {
        Area::new(0.0, 0.0, 600.0, 100.0)
    }

    #[test]
    fn a_lone_label_stands_to_the_left_at_the_level_of_its_mark() {
        let placed = place_labels(&[label(300.0, 50.0)], frame(), &Obstacles::default());
        let placed = placed[0].unwrap();
        assert!(placed.area.right < 300.0 && placed.area.top < 50.0 && placed.area.bottom > 50.0 && placed.leader.is_none());
    }

    #[test]
    fn labels_keep_off_marks_lines_and_each_other_and_are_dropped_where_there_is_no_room() {
        let labels: Vec<LabelBox> = (0..40).map(|n| label(20.0 + 14.0 * n as f32, 20.0 + 13.0 * (n % 5) as f32)).collect();
        let marks: Vec<Area> = labels.iter().map(|label| Area::around(label.x, label.y, 4.0)).collect();
        let lines: Vec<Area> = labels.iter().map(|label| Area::new(label.x, label.y - 1.0, label.x + 40.0, label.y + 1.0)).collect();
        let placed = place_labels(&labels, frame(), &Obstacles { marks: marks.clone(), lines: lines.clone(), ..Obstacles::default() });
        let areas: Vec<Area> = placed.iter().flatten().map(|placed| placed.area).collect();
        assert!(!areas.is_empty() && areas.len() < 40);
        for (place, area) in areas.iter().enumerate() {
            assert!(frame().holds(*area));
            assert!(marks.iter().all(|mark| !mark.overlaps(*area)));
            assert!(lines.iter().all(|line| !line.overlaps(area.grown(0.0, -0.5))));
            assert!(areas[place + 1..].iter().all(|other| !other.overlaps(*area)));
        }
        let leaders: Vec<[(f32, f32); 2]> = placed.iter().flatten().filter_map(|placed| placed.leader).collect();
        for [from, to] in &leaders {
            assert!(areas.iter().all(|area| !area.grown(-0.5, -0.5).is_crossed_by(*from, *to)));
        }
    }

    #[test]
    fn the_heavier_label_keeps_its_place() {
        let labels = [label(300.0, 50.0), LabelBox { weight: 9, ..label(304.0, 50.0) }];
        let narrow = Area::new(230.0, 42.0, 380.0, 58.0);
        let marks = vec![Area::around(300.0, 50.0, 4.0), Area::around(304.0, 50.0, 4.0)];
        let placed = place_labels(&labels, narrow, &Obstacles { marks, ..Obstacles::default() });
        assert!(placed[1].is_some());
    }

    #[test]
    fn a_label_says_less_before_it_says_nothing() {
        let wide = LabelBox { width: 200.0, shorter: [Some(120.0), Some(30.0)], ..label(50.0, 50.0) };
        let placed = place_labels(&[wide], Area::new(0.0, 40.0, 100.0, 60.0), &Obstacles::default());
        assert!(placed[0].is_some_and(|placed| placed.variant == 2));
        let placed = place_labels(&[wide], frame(), &Obstacles::default());
        assert!(placed[0].is_some_and(|placed| placed.variant == 0));
    }

    #[test]
    fn a_segment_crosses_an_area_only_where_it_touches_it() {
        let area = Area::new(10.0, 10.0, 20.0, 20.0);
        assert!(area.is_crossed_by((0.0, 0.0), (30.0, 30.0)));
        assert!(area.is_crossed_by((15.0, 0.0), (15.0, 30.0)));
        assert!(!area.is_crossed_by((0.0, 0.0), (9.0, 30.0)));
        assert!(!area.is_crossed_by((0.0, 0.0), (5.0, 5.0)));
    }
}
