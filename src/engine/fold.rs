//! Text as searching compares it: lower case, without accents; it knows nothing of records.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Adds text to a buffer in the form that searching compares: lower case, accents stripped, Hangul and kana whole.
pub(super) fn fold_into(text: &str, folded: &mut String) {
    for letter in text.chars() {
        match letter {
            '\0'..='\x7f' => folded.push(letter.to_ascii_lowercase()),
            'а'..='и' | 'к'..='я' | '\u{3000}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => folded.push(letter),
            'А'..='И' | 'К'..='Я' => folded.push(char::from_u32(letter as u32 + 0x20).unwrap_or(letter)),
            _ if is_combining_mark(letter) => {}
            _ => {
                for lower in letter.to_lowercase() {
                    decompose_canonical(lower, |part| {
                        if !is_combining_mark(part) {
                            folded.push(part);
                        }
                    });
                }
            }
        }
    }
}

/// Text in the form that searching compares.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_case_and_accents_do_not_matter() {
        assert_eq!(fold("Café ŻÓŁĆ"), "cafe zołc");
        assert_eq!(fold("Cafe\u{301}"), fold("CAFÉ"));
        assert_eq!(fold("Київ, ЙОГО Ёлка"), fold("київ, його елка"));
    }

    #[test]
    fn korean_and_japanese_stay_whole() {
        assert_eq!(fold("김정은 がっこう"), "김정은 がっこう");
        assert!(!fold("간").contains(&fold("가")));
    }
}
