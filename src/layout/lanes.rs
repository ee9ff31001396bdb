//! How high each lane is: rows go where most marks would otherwise find none. It knows counts, not marks.

/// Height of a row of marks.
pub const ROW_HEIGHT: f32 = 13.0;
/// Height of a lane's lower edge: the rug and air.
pub const LANE_EDGE: f32 = 11.0;
/// Height of a folded lane.
pub const FOLDED_HEIGHT: f32 = 24.0;
/// The height of the line below the lanes that counts those which are not shown.
pub const FOOT_HEIGHT: f32 = 24.0;
/// The most rows that a lane gets for the sake of labels.
pub(super) const LABELLED_ROWS_MAX: usize = 9;
/// The most rows that a lane gets where lanes are scrolled anyway.
pub(super) const SCROLLED_ROWS_MAX: usize = 3;
/// The most rows of an expanded lane; what finds none is counted.
pub(super) const ROWS_EXPANDED_MAX: usize = 28;
/// The most rows that a histogram is high.
pub(super) const HISTOGRAM_ROWS_MAX: usize = 12;
/// The rows that a histogram has before lanes of marks get theirs.
const HISTOGRAM_ROWS_MIN: usize = 2;

/// What a lane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneForm {
    /// Its name and its density.
    Folded,
    /// Marks in rows.
    Marks,
    /// Columns: too many records for marks.
    Histogram,
}

/// What a lane needs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LaneNeed {
    /// What it shows.
    pub form: LaneForm,
    /// Shall it show all rows?
    pub is_expanded: bool,
    /// How many marks each further row would take in.
    pub marks: Vec<u32>,
    /// How many marks with room for a label each further row would take in.
    pub labelled: Vec<u32>,
}

/// The height of a lane.
pub(super) fn lane_height(form: LaneForm, rows: usize) -> f32 {
    match form {
        LaneForm::Folded => FOLDED_HEIGHT,
        LaneForm::Marks | LaneForm::Histogram => rows as f32 * ROW_HEIGHT + LANE_EDGE,
    }
}

/// The rows of each lane in a height: one for each, then one by one to the lane where it takes in most. Lanes may need more height than
/// there is; then each has up to three, expanded ones all, and the whole is scrolled.
pub(super) fn share_rows(needs: &[LaneNeed], height: f32) -> Vec<usize> {
    let mut rows: Vec<usize> = needs.iter().map(first_rows).collect();
    let used: f32 = needs.iter().zip(&rows).map(|(need, rows)| lane_height(need.form, *rows)).sum();
    if used > height {
        for (need, rows) in needs.iter().zip(&mut rows).filter(|(need, _)| need.form == LaneForm::Marks) {
            *rows = (*rows).max(need.marks.len().min(SCROLLED_ROWS_MAX));
        }
        return rows;
    }
    let mut free = ((height - used) / ROW_HEIGHT).floor().max(0.0) as usize;
    while free > 0 {
        let gains = needs.iter().zip(&rows).map(|(need, rows)| gain(need, *rows)).enumerate();
        let Some((lane, _)) = gains.filter(|(_, gain)| *gain > 0).max_by_key(|(lane, gain)| (*gain, std::cmp::Reverse(*lane))) else {
            break;
        };
        rows[lane] += 1;
        free -= 1;
    }
    rows
}

/// How many of the lanes have room without scrolling, with one row each; where some have none, the foot takes its room too.
pub(super) fn lanes_within(needs: &[LaneNeed], height: f32) -> usize {
    let fits = |height: f32| {
        let mut bottom = 0.0;
        let below = |need: &&LaneNeed| {
            bottom += lane_height(need.form, first_rows(need));
            bottom <= height
        };
        needs.iter().take_while(below).count()
    };
    if fits(height) == needs.len() { needs.len() } else { fits(height - FOOT_HEIGHT).max(1) }
}

fn first_rows(need: &LaneNeed) -> usize {
    match need.form {
        LaneForm::Folded => 0,
        LaneForm::Histogram if need.is_expanded => HISTOGRAM_ROWS_MAX,
        LaneForm::Histogram => HISTOGRAM_ROWS_MIN,
        LaneForm::Marks if need.is_expanded => need.marks.len().max(need.labelled.len()).clamp(1, ROWS_EXPANDED_MAX),
        LaneForm::Marks => 1,
    }
}

/// What one more row would bring.
fn gain(need: &LaneNeed, rows: usize) -> u32 {
    let at = |filled: &[u32]| filled.get(rows).copied().unwrap_or(0);
    match need.form {
        LaneForm::Histogram if rows < HISTOGRAM_ROWS_MAX => 24 / (rows as u32 + 1),
        LaneForm::Marks if rows < LABELLED_ROWS_MAX => at(&need.marks) * 6 + at(&need.labelled),
        LaneForm::Marks => at(&need.marks) * 6,
        LaneForm::Folded | LaneForm::Histogram => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(marks: &[u32]) -> LaneNeed {
        LaneNeed { form: LaneForm::Marks, is_expanded: false, marks: marks.to_vec(), labelled: Vec::new() }
    }

    #[test]
    fn lanes_that_cannot_be_scrolled_to_leave_room_for_their_count() {
        let needs = vec![lane(&[9, 9, 9]), lane(&[9]), lane(&[9, 9])];
        assert_eq!(lanes_within(&needs, 72.0), 3);
        assert_eq!(lanes_within(&needs, 71.0), 1);
        assert_eq!(lanes_within(&needs, 0.0), 1);
        assert_eq!(lanes_within(&[], 10.0), 0);
    }

    #[test]
    fn a_lane_is_thirteen_a_row_and_eleven_for_its_edge() {
        assert_eq!(lane_height(LaneForm::Marks, 5), 76.0);
    }

    #[test]
    fn the_crowded_lane_gets_the_rows() {
        assert_eq!(share_rows(&[lane(&[9, 8, 7, 6]), lane(&[3, 1])], 24.0 * 2.0 + 13.0 * 3.0), vec![4, 1]);
    }

    #[test]
    fn nobody_gets_more_rows_than_it_fills() {
        assert_eq!(share_rows(&[lane(&[9, 8]), lane(&[3])], 1_000.0), vec![2, 1]);
    }

    #[test]
    fn lanes_that_are_scrolled_anyway_have_up_to_three_rows() {
        assert_eq!(share_rows(&vec![lane(&[5, 5]); 40], 300.0), vec![2; 40]);
        assert_eq!(share_rows(&vec![lane(&[5; 9]); 40], 300.0), vec![3; 40]);
        assert_eq!(share_rows(&vec![lane(&[]); 40], 300.0), vec![1; 40]);
    }

    #[test]
    fn an_expanded_lane_has_all_its_rows_up_to_a_limit() {
        let expanded = |rows: usize| LaneNeed { is_expanded: true, ..lane(&vec![3; rows]) };
        assert_eq!(share_rows(&[expanded(12)], 100.0), vec![12]);
        assert_eq!(share_rows(&[expanded(90)], 100.0), vec![ROWS_EXPANDED_MAX]);
    }

    #[test]
    fn a_folded_lane_takes_no_rows() {
        let folded = LaneNeed { form: LaneForm::Folded, ..lane(&[9, 9]) };
        assert_eq!(share_rows(&[folded], 500.0), vec![0]);
    }
}
