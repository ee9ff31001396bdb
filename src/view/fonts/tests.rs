//! The bundled fonts are whole, come when they are asked for, and stand before those of the computer.

use eframe::egui::{Color32, FontId, Galley, RawInput};

use super::*;

/// A context as the window has it, but with no fonts of the computer.
fn context() -> Context {
    let context = Context::default();
    install(&context);
    context
}

/// The text as one frame lays it out.
fn laid_out(context: &Context, text: &str, family: &FontFamily) -> Arc<Galley> {
    let font = FontId::new(13.0, family.clone());
    let mut galley = None;
    let output = context.run_ui(RawInput::default(), |ui| {
        galley = Some(ui.fonts_mut(|fonts| fonts.layout_no_wrap(text.to_owned(), font.clone(), Color32::WHITE)));
    });
    output.drop_without_applying_deltas();
    galley.unwrap()
}

/// Where each letter lies, and how large its picture is.
fn letters(galley: &Galley) -> Vec<impl PartialEq + std::fmt::Debug + use<>> {
    let letters = galley.rows.iter().flat_map(|row| row.glyphs.iter());
    letters.map(|letter| (letter.chr, letter.pos, letter.advance_width, letter.uv_rect.offset, letter.uv_rect.size)).collect()
}

fn families() -> [FontFamily; 5] {
    let named = |name: &str| FontFamily::Name(name.into());
    [FontFamily::Proportional, FontFamily::Monospace, named("inter-500"), named("inter-600"), named("inter-700")]
}

/// The names of the fonts of a family that have this letter, the first one asked first.
fn fonts_with(context: &Context, letter: char, family: &FontFamily) -> Vec<String> {
    let mut names = Vec::new();
    let output = context.run_ui(RawInput::default(), |ui| {
        names = ui.fonts_mut(|fonts| fonts.characters(family).get(&letter).cloned().unwrap_or_default());
    });
    output.drop_without_applying_deltas();
    names
}

fn stands_behind_inter(context: &Context) -> bool {
    context.fonts(|fonts| fonts.definitions().font_data.contains_key(NOTO))
}

#[test]
fn every_packed_font_is_whole() {
    let (inter, noto) = (inter().unwrap(), noto().unwrap());
    assert_eq!((inter.len(), &inter[..4]), (676_464, b"ttcf".as_slice()));
    assert_eq!(inter[8..12], [0, 0, 0, 4], "the weights of the collection");
    assert_eq!((noto.len(), &noto[..4]), (3_950_860, b"OTTO".as_slice()));
    assert_eq!(ICONS[..4], [0, 1, 0, 0]);
}

#[test]
fn a_damaged_font_is_none() {
    let half = &INTER_PACKED[..INTER_PACKED.len() / 2];
    assert_eq!(unpacked(half), None);
    assert_eq!(unpacked(b"no font at all"), None);
}

#[test]
fn the_weights_of_inter_differ_and_grow() {
    let context = context();
    let widths = ["inter-500", "inter-600", "inter-700"].map(|name| FontFamily::Name(name.into()));
    let widths = widths.map(|family| laid_out(&context, "Documents", &family).size().x);
    let regular = laid_out(&context, "Documents", &FontFamily::Proportional).size().x;
    assert!(regular < widths[0] && widths[0] < widths[1] && widths[1] < widths[2], "{regular} {widths:?}");
}

#[test]
fn letters_that_inter_has_ask_for_no_other_font() {
    let context = context();
    for family in families() {
        laid_out(&context, "Kyiv, Київ, Αθήνα, Đà Nẵng, 1 ≤ 2, ⌘F, \u{200b}\u{300}\n\t", &family);
    }
    laid_out(&context, "", &FontFamily::Proportional);
    assert!(!stands_behind_inter(&context));
    assert!(context.fonts(|fonts| fonts.discovered_fonts().is_empty()));
}

#[test]
fn korean_japanese_and_chinese_look_alike_in_their_first_frame_and_later() {
    let text = "a 김정은, がっこう か\u{3099}, 朝鲜 g";
    for family in families() {
        let fresh = context();
        let first = letters(&laid_out(&fresh, text, &family));
        assert_eq!(fresh.fonts(|fonts| fonts.discovered_fonts().len()), 1, "{family:?}");
        let later = letters(&laid_out(&fresh, text, &family));
        assert!(stands_behind_inter(&fresh));

        let whole = Context::default();
        whole.set_fonts(definitions(noto()));
        let wanted = letters(&laid_out(&whole, text, &family));
        assert_eq!(first, wanted, "{family:?}");
        assert_eq!(later, wanted, "{family:?}");
    }
}

/// A font of a computer that has all letters of Noto Sans KR and one more.
struct Wide;

const ONE_MORE: char = '\u{20ba0}';

impl Wide {
    fn font() -> Vec<u8> {
        // The last range of characters in the font's table is a single one: it becomes two.
        let last = [0x00_02_0b_9f_u32.to_be_bytes(); 2].concat();
        let mut font = noto().unwrap().to_vec();
        let at = font.windows(last.len()).position(|bytes| bytes == last).unwrap();
        font[at + 4..at + 8].copy_from_slice(&u32::from(ONE_MORE).to_be_bytes());
        font
    }
}

impl FontProvider for Wide {
    fn font_for(&self, _: &FallbackRequest<'_>) -> Option<FontInsert> {
        Some(FontInsert::new("wide", FontData::from_owned(Self::font()), Vec::new()))
    }
}

#[test]
fn korean_is_drawn_with_the_bundled_font_whatever_the_computer_has() {
    for family in families() {
        let context = context();
        context.add_font_provider(Arc::new(Wide));
        laid_out(&context, "한", &family);
        assert_eq!(fonts_with(&context, '한', &family), [NOTO]);
    }
}

#[test]
fn a_font_of_the_computer_that_was_found_first_does_not_take_over_korean() {
    for family in families() {
        let context = context();
        context.add_font_provider(Arc::new(Wide));
        laid_out(&context, &ONE_MORE.to_string(), &family);
        assert!(context.fonts(|fonts| fonts.discovered_fonts().iter().any(|font| font.name == "wide")), "the letter is found at once");
        laid_out(&context, &format!("한{ONE_MORE}"), &family);
        assert_eq!(fonts_with(&context, '한', &family), [NOTO, "wide"]);
        assert_eq!(fonts_with(&context, ONE_MORE, &family), ["wide"]);
    }
}
