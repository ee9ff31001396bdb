//! Which letters of a text the glyphs of a row stand for. It knows glyphs by their letter and width alone.

/// A glyph: the letter that it is said to be, and whether it takes any room.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sign {
    pub(super) letter: char,
    pub(super) is_wide: bool,
}

/// How many glyphs belong together at the start of `signs`, and how many letters at the start of `text` they show.
///
/// One and one, but in a word that is written from right to left: its glyphs come in the order of the eye, from the last letter to
/// the first (of two letters that join into one glyph, for the first alone), and behind them, without any width, all letters but the
/// first in their own order.
pub(super) fn together(signs: &[Sign], text: &[char]) -> (usize, usize) {
    let word = text.iter().take_while(|letter| is_leftward(**letter)).count();
    for letters in (2..=word).rev() {
        let rest = text.get(1..letters).unwrap_or_default();
        let has_rest = |glyphs: &usize| {
            let behind = signs.get(*glyphs..glyphs + rest.len());
            signs.get(glyphs - 1).is_some_and(|sign| Some(&sign.letter) == text.first())
                && behind.is_some_and(|behind| behind.iter().zip(rest).all(|(sign, letter)| !sign.is_wide && sign.letter == *letter))
        };
        if let Some(glyphs) = (1..=letters).find(has_rest) {
            return (glyphs + rest.len(), letters);
        }
    }
    (1, 1)
}

/// A letter or mark of a script that is written from right to left.
fn is_leftward(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{200d}')
        && !matches!(letter, '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(wide: &str, narrow: &str) -> Vec<Sign> {
        let of = |is_wide: bool| move |letter: char| Sign { letter, is_wide };
        wide.chars().map(of(true)).chain(narrow.chars().map(of(false))).collect()
    }

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn a_word_from_right_to_left_is_taken_as_a_whole() {
        assert_eq!(together(&signs("קשמד", "משק"), &letters("דמשק")), (7, 4));
        assert_eq!(together(&signs("אבא", "בא"), &letters("אבא תל")), (5, 3), "also where it reads the same both ways");
    }

    #[test]
    fn letters_that_join_into_one_glyph_are_not_lost() {
        // Lam and alef are one glyph, which is called lam.
        assert_eq!(together(&signs("ملس", "لام"), &letters("سلام")), (6, 4));
    }

    #[test]
    fn everything_else_is_one_and_one() {
        assert_eq!(together(&signs("ab", ""), &letters("ab")), (1, 1));
        assert_eq!(together(&signs("ب", ""), &letters("ب 5")), (1, 1));
        assert_eq!(together(&signs("…", ""), &[]), (1, 1), "the ellipsis of cut text has no letter behind it");
        assert_eq!(together(&signs("٣٢", ""), &letters("٣٢")), (1, 1));
    }
}
