//! Which marks get a label, how much of its text, and where the rest is counted. The width of text is an argument.

use std::borrow::Cow;

use crate::data::{Kind, Status};
use crate::layout::figure_text;
use crate::query::Mark;

/// A label shows its full text or at least this many characters.
pub(super) const LABEL_CHARS_MIN: usize = 17;
/// No label is wider than this.
pub(super) const LABEL_WIDTH_MAX: f32 = 300.0;
/// No line shows more characters than this.
const LINE_CHARS_MAX: usize = 600;
/// More labels than this are not drawn: the eye reads no more, and each costs time.
pub const LABELS_MAX: usize = 500;

/// The width of text in points: the sum of the widths of its letters.
pub type TextWidth<'a> = &'a dyn Fn(&str) -> f32;

/// How much a mark deserves a row and a label: articles, then event, then a number, then how it stands.
pub fn mark_weight(mark: &Mark) -> u32 {
    let status = match mark.status {
        Status::Confirmed => 4,
        Status::Assessed => 3,
        Status::Reported => 2,
        Status::Expected => 1,
        Status::Denied | Status::Retracted | Status::Removed => 0,
    };
    let has_value = mark.figure.as_ref().is_some_and(|figure| figure.band.is_some());
    let article_weight = mark.articles.min(10_000).saturating_mul(3 * 100);
    article_weight + if mark.kind == Kind::Event { 200 } else { 0 } + if has_value { 100 } else { 0 } + status
}

/// What a label says: the title, else the figure.
pub fn mark_title(mark: &Mark) -> Option<Cow<'_, str>> {
    let title = mark.title.as_deref().map(one_line).filter(|title| !title.is_empty());
    title.or_else(|| mark.figure.as_ref().map(|figure| Cow::Owned(figure_text(figure))))
}

/// Text for one line: one space for every break and other gap, nothing at its ends, cut where no line could show more.
///
/// Whatever comes from a file and stands in a row goes through here: a break in it would be drawn over the rows below.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let is_gap = |letter: char| letter.is_whitespace() || letter.is_control();
    let is_plain = text.len() <= LINE_CHARS_MAX && !text.contains("  ") && !text.contains(|letter| letter != ' ' && is_gap(letter));
    if is_plain {
        return Cow::Borrowed(text);
    }
    let mut line = String::new();
    for letter in text.chars().take(LINE_CHARS_MAX).map(meant) {
        if !is_gap(letter) {
            line.push(letter);
        } else if !line.is_empty() && !line.ends_with(' ') {
            line.push(' ');
        }
    }
    line.truncate(line.trim_end().len());
    Cow::Owned(line)
}

/// Text over several lines, with the letters that are meant.
pub fn legible(text: &str) -> Cow<'_, str> {
    let is_plain = !text.chars().any(|letter| meant(letter) != letter);
    if is_plain { Cow::Borrowed(text) } else { Cow::Owned(text.chars().map(meant).collect()) }
}

/// The letter that a control sign of the block U+0080 to U+009F stands for, where there is one; others are what they are.
///
/// No text means these signs. They come from texts in Windows-1252 that somebody took for Latin-1, as in `Ta’izz` with U+0092 in it, and
/// browsers read them the same way. The data keep what the file says.
fn meant(letter: char) -> char {
    const LETTERS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•',
        '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let place = (letter as usize).checked_sub(0x80);
    place.and_then(|place| LETTERS.get(place)).copied().unwrap_or(letter)
}

/// The text, or as much of it as fits, cut after a whole letter with `…`; `None` when less than [`LABEL_CHARS_MIN`] letters would stay.
pub fn fit_text(text: &str, room: f32, width_of: TextWidth<'_>) -> Option<(String, f32)> {
    let room = room.min(LABEL_WIDTH_MAX);
    let ellipsis = width_of("…");
    let (mut letters, mut width) = (0, 0.0);
    // The end and the width of the last letter that may stand before an ellipsis, and of the last such that fits.
    let mut last = (0, 0.0);
    let mut cut = None;
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        width += width_of(&text[at..end]);
        letters += 1;
        if !letter.is_whitespace() && !",;:–-(".contains(letter) {
            last = (end, width);
        }
        if letters >= LABEL_CHARS_MIN && last.1 + ellipsis <= room {
            cut = Some(last);
        }
        if width > room && letters > LABEL_CHARS_MIN {
            break;
        }
    }
    if width <= room {
        return Some((text.to_owned(), width));
    }
    let (end, width) = cut.filter(|_| letters > LABEL_CHARS_MIN)?;
    Some((format!("{}…", &text[..end]), width + ellipsis))
}

/// Something in a row that a label has to keep clear of, and a mark that wants one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LabelPlace {
    /// The row.
    pub row: usize,
    /// The mark with its badge.
    pub body: (f32, f32),
    /// What reaches out from it.
    pub tail: Option<(f32, f32)>,
}

/// Air between a mark and its label.
pub(super) const LABEL_AIR: f32 = 4.0;
/// A label stands behind its own tail when that is no longer than this, else it stands on it.
const TAIL_PASSED_MAX: f32 = 64.0;
/// A label may stand on a foreign tail that is longer than the label by this.
const TAIL_SHOWN_MIN: f32 = 24.0;

/// Where labels may stand: asks with `wants` for each place in order, and keeps clear of marks, and of labels placed before.
///
/// `text_of` gives the label for a place and a width, as [`fit_text`] does. Returns place, left edge, text and width.
pub(super) fn place_labels(
    places: &[LabelPlace],
    order: &[usize],
    text_of: &mut dyn FnMut(usize, f32) -> Option<(String, f32)>,
) -> Vec<(usize, f32, String, f32)> {
    let rows = places.iter().map(|place| place.row + 1).max().unwrap_or(0);
    let mut taken: Vec<Vec<(f32, f32)>> = vec![Vec::new(); rows];
    let mut tails: Vec<Vec<(usize, f32, f32)>> = vec![Vec::new(); rows];
    for (index, place) in places.iter().enumerate() {
        taken[place.row].push(place.body);
        if let Some((from, to)) = place.tail {
            tails[place.row].push((index, from, to));
        }
    }
    let mut found = Vec::new();
    for &index in order {
        if found.len() >= LABELS_MAX {
            break;
        }
        let place = &places[index];
        let left = label_left(place);
        let clear = room_right(&taken[place.row], place.body, left);
        let short = tails[place.row].iter().filter(|(own, from, _)| *own != index && *from >= place.body.1);
        let up_to_tail = short.map(|(_, from, _)| from - left - LABEL_AIR).fold(clear, f32::min);
        let mut text = text_of(index, up_to_tail);
        if text.is_none() && up_to_tail < clear {
            text = text_of(index, clear).filter(|(_, width)| leaves_tails(&tails[place.row], index, left, left + width));
        }
        if let Some((text, width)) = text.filter(|(_, width)| leaves_tails(&tails[place.row], index, left, left + width)) {
            taken[place.row].push((left, left + width + LABEL_AIR));
            found.push((index, left, text, width));
        }
    }
    found
}

/// Where the label of a mark starts.
pub(super) fn label_left(place: &LabelPlace) -> f32 {
    let passed =
        place.tail.map_or(place.body.1, |(_, to)| if to - place.body.1 <= TAIL_PASSED_MAX { to.max(place.body.1) } else { place.body.1 });
    passed + LABEL_AIR
}

fn room_right(taken: &[(f32, f32)], own: (f32, f32), left: f32) -> f32 {
    let next = taken.iter().filter(|other| other.1 > own.1 && **other != own).map(|other| other.0).fold(f32::MAX, f32::min);
    next - left - LABEL_AIR
}

/// Does a label between these leave enough of each foreign tail to be seen?
fn leaves_tails(tails: &[(usize, f32, f32)], own: usize, left: f32, right: f32) -> bool {
    tails.iter().all(|(index, from, to)| {
        let hidden = (right.min(*to) - left.max(*from)).max(0.0);
        *index == own || hidden <= 0.0 || to - from - hidden >= TAIL_SHOWN_MIN
    })
}

/// Marks that found no row, counted where they would stand: place and count, not closer than `apart`.
pub(super) fn merge_dropped(mut places: Vec<f32>, apart: f32) -> Vec<(f32, u32)> {
    places.sort_by(f32::total_cmp);
    let mut merged: Vec<(f32, u32)> = Vec::new();
    for at in places {
        match merged.last_mut() {
            Some((mean, count)) if at - *mean < apart => {
                *mean += (at - *mean) / (*count + 1) as f32;
                *count += 1;
            }
            _ => merged.push((at, 1)),
        }
    }
    let mut spaced: Vec<(f32, u32)> = Vec::new();
    for (at, count) in merged {
        match spaced.last_mut() {
            Some(last) if at - last.0 < apart => last.1 += count,
            _ => spaced.push((at, count)),
        }
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One character is six points wide.
    fn six(text: &str) -> f32 {
        text.chars().count() as f32 * 6.0
    }

    #[test]
    fn a_text_with_breaks_stands_on_one_line() {
        assert_eq!(one_line("  Two lines\r\nof a\ttitle\u{2028} \n"), "Two lines of a title");
        assert!(matches!(one_line("As it is"), Cow::Borrowed("As it is")));
        assert_eq!(one_line(&"a b ".repeat(10_000)).chars().count(), LINE_CHARS_MAX - 1);
        assert_eq!(one_line("\n"), "");
    }

    #[test]
    fn control_signs_that_stand_for_letters_are_shown_as_these() {
        assert_eq!(one_line("Ta\u{92}izz, \u{93}so\u{94} \u{96} \u{80}5"), "Ta’izz, “so” – €5");
        assert_eq!(legible("Ta\u{92}izz\nand more"), "Ta’izz\nand more");
        assert_eq!(legible("\u{9f}\u{7f}\u{a0}\u{81}"), "Ÿ\u{7f}\u{a0}\u{81}");
    }

    #[test]
    fn a_text_that_fits_is_whole() {
        assert_eq!(fit_text("4,100 injured", 100.0, &six), Some(("4,100 injured".to_owned(), 78.0)));
    }

    #[test]
    fn a_long_text_is_cut_after_a_whole_letter_and_keeps_seventeen() {
        let text = "Russia's chief of staff acknowledges the troops";
        let (cut, width) = fit_text(text, 150.0, &six).unwrap();
        assert_eq!(cut, "Russia's chief of staff…");
        assert!(width <= 150.0);
        assert_eq!(fit_text(text, 100.0, &six), None);
    }

    #[test]
    fn a_short_text_is_never_cut() {
        assert_eq!(fit_text("About 1,200 dead", 60.0, &six), None);
    }

    #[test]
    fn a_cut_leaves_no_space_or_comma_at_its_end() {
        let (cut, _) = fit_text("Ammunition, shells, missiles and more", 19.0 * 6.0, &six).unwrap();
        assert_eq!(cut, "Ammunition, shells…");
        assert_eq!(fit_text("북한군은 쿠르스크에서 약 삼백 명을 잃었다고 국정원이", 20.0 * 6.0, &six).unwrap().0.chars().count(), 20);
    }

    fn at(row: usize, x: f32) -> LabelPlace {
        LabelPlace { row, body: (x - 4.0, x + 4.0), tail: None }
    }

    #[test]
    fn a_label_ends_before_the_next_mark_of_its_row() {
        let places = [at(0, 10.0), at(0, 150.0)];
        let texts = ["A title of twenty-six chars", "Second"];
        let found = place_labels(&places, &[0, 1], &mut |index, room| fit_text(texts[index], room, &six));
        let (_, left, text, width) = &found[0];
        assert_eq!(text, "A title of twenty-s…");
        assert!(left + width <= 146.0, "{}", left + width);
        assert_eq!(found[1].2, "Second");
    }

    #[test]
    fn a_mark_between_two_close_marks_has_no_label() {
        let places = [at(0, 10.0), at(0, 30.0)];
        let found = place_labels(&places, &[0, 1], &mut |_, room| fit_text("A longer title here", room, &six));
        assert_eq!(found.iter().map(|label| label.0).collect::<Vec<_>>(), vec![1]);
    }

    #[test]
    fn a_label_stands_behind_the_arrow_of_its_mark() {
        let place = LabelPlace { tail: Some((10.0, 54.0)), ..at(0, 10.0) };
        assert_eq!(label_left(&place), 58.0);
        let far = LabelPlace { tail: Some((10.0, 500.0)), ..at(0, 10.0) };
        assert_eq!(label_left(&far), 18.0);
    }

    #[test]
    fn a_label_never_hides_a_short_bar() {
        let bar = LabelPlace { tail: Some((60.0, 90.0)), ..at(0, 200.0) };
        let found = place_labels(&[at(0, 10.0), bar], &[0], &mut |_, room| fit_text("A longer title here", room, &six));
        assert!(found.is_empty());
    }

    #[test]
    fn every_dropped_mark_is_counted_once() {
        let merged = merge_dropped(vec![1.0, 2.0, 3.0, 100.0, 110.0, 300.0], 26.0);
        assert_eq!(merged.iter().map(|badge| badge.1).sum::<u32>(), 6);
        assert_eq!(merged.len(), 3);
        assert!(merged.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 26.0));
    }

    proptest::proptest! {
        #[test]
        fn a_cut_keeps_as_many_letters_as_fit(text in "[a-zA-Zäé한, ;:.–()-]{0,60}", room in 0.0_f32..420.0) {
            let letters: Vec<char> = text.chars().collect();
            let cut = |count: usize| {
                let kept: String = letters[..count].iter().collect();
                format!("{}…", kept.trim_end_matches(|char: char| char.is_whitespace() || ",;:–-(".contains(char)))
            };
            let limit = room.min(LABEL_WIDTH_MAX);
            let plain = if six(&text) <= limit {
                Some(text.clone())
            } else {
                (LABEL_CHARS_MIN..letters.len()).rev().map(cut).find(|text| six(text) <= limit)
            };
            let found = fit_text(&text, room, &six);
            proptest::prop_assert_eq!(found.as_ref().map(|found| &found.0), plain.as_ref());
            proptest::prop_assert!(found.is_none_or(|(text, width)| (six(&text) - width).abs() < 0.01));
        }
    }
}
