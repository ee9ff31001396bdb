//! Turns the HTML that people put into titles and descriptions into plain text; it knows nothing of records.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

/// The longest name of an entity, with room to spare.
const ENTITY_BYTES_MAX: usize = 12;

/// The names of the characters 160 to 255, in order.
const LATIN_1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute \
    micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave \
    Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml \
    Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth \
    ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/// The other names of HTML 4, each with its character.
const OTHERS: &str = "quot\" amp& lt< gt> apos' OEligŒ oeligœ ScaronŠ scaronš YumlŸ fnofƒ circˆ tilde˜ AlphaΑ BetaΒ GammaΓ DeltaΔ \
    EpsilonΕ ZetaΖ EtaΗ ThetaΘ IotaΙ KappaΚ LambdaΛ MuΜ NuΝ XiΞ OmicronΟ PiΠ RhoΡ SigmaΣ TauΤ UpsilonΥ PhiΦ ChiΧ PsiΨ OmegaΩ \
    alphaα betaβ gammaγ deltaδ epsilonε zetaζ etaη thetaθ iotaι kappaκ lambdaλ muμ nuν xiξ omicronο piπ rhoρ sigmafς sigmaσ tauτ \
    upsilonυ phiφ chiχ psiψ omegaω thetasymϑ upsihϒ pivϖ ensp\u{2002} emsp\u{2003} thinsp\u{2009} zwnj\u{200c} zwj\u{200d} \
    lrm\u{200e} rlm\u{200f} ndash– mdash— lsquo‘ rsquo’ sbquo‚ ldquo“ rdquo” bdquo„ dagger† Dagger‡ bull• hellip… permil‰ prime′ \
    Prime″ lsaquo‹ rsaquo› oline‾ frasl⁄ euro€ imageℑ weierp℘ realℜ trade™ alefsymℵ larr← uarr↑ rarr→ darr↓ harr↔ crarr↵ lArr⇐ \
    uArr⇑ rArr⇒ dArr⇓ hArr⇔ forall∀ part∂ exist∃ empty∅ nabla∇ isin∈ notin∉ ni∋ prod∏ sum∑ minus− lowast∗ radic√ prop∝ infin∞ \
    ang∠ and∧ or∨ cap∩ cup∪ int∫ there4∴ sim∼ cong≅ asymp≈ ne≠ equiv≡ le≤ ge≥ sub⊂ sup⊃ nsub⊄ sube⊆ supe⊇ oplus⊕ otimes⊗ perp⊥ \
    sdot⋅ lceil⌈ rceil⌉ lfloor⌊ rfloor⌋ lang〈 rang〉 loz◊ spades♠ clubs♣ hearts♥ diams♦";

/// The character of an entity by its name or number, without `&` and `;`.
pub(super) fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        // Numbers of control characters mean what Windows has there, as every browser reads them.
        if let (0x80..=0x9F, Ok(byte)) = (code, u8::try_from(code)) {
            return WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
        }
        return char::from_u32(code).filter(|char| *char != '\0');
    }
    if let Some(place) = LATIN_1.split_ascii_whitespace().position(|known| known == name) {
        return char::from_u32(160 + place as u32);
    }
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    // Two of the characters are white space themselves, so that only blanks part the entries.
    OTHERS.split(' ').find_map(|entry| {
        let mut rest = entry.strip_prefix(name)?.chars();
        rest.next().filter(|char| !char.is_ascii_alphanumeric() && rest.next().is_none())
    })
}

/// A text with its entities as characters; what is no entity stays as it is.
pub(super) fn decode_entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let end = behind.bytes().take(ENTITY_BYTES_MAX).position(|byte| byte == b';');
        if let Some((end, char)) = end.and_then(|end| Some((end, entity(&behind[..end])?))) {
            decoded.push(char);
            rest = &behind[end + 1..];
        } else {
            decoded.push('&');
            rest = behind;
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] =
    &["p", "br", "div", "li", "ul", "ol", "tr", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "section"];
/// Elements whose content is no text.
const UNSEEN: &[&str] = &["script", "style", "head", "template"];

/// The text of HTML without tags, entities as characters, blocks on lines of their own; a text without HTML comes back as it is,
/// but for white space around it.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return Cow::Borrowed(text.trim());
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        shown.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        if let Some(comment) = behind.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let is_tag = behind.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        let Some(end) = behind.find('>').filter(|_| is_tag) else {
            shown.push('<');
            rest = behind;
            continue;
        };
        let tag = &behind[..end];
        rest = &behind[end + 1..];
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("").to_ascii_lowercase();
        if BLOCKS.contains(&name.as_str()) {
            shown.push('\n');
        }
        if UNSEEN.contains(&name.as_str()) && !tag.starts_with('/') && !tag.ends_with('/') {
            rest = behind_closing(rest, &name);
        }
    }
    shown.push_str(rest);
    Cow::Owned(tidied(&decode_entities(&shown)))
}

/// What stands behind the end tag of an element.
fn behind_closing<'a>(text: &'a str, name: &str) -> &'a str {
    let ends = text
        .match_indices("</")
        .find(|(at, _)| text.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)));
    let end = ends.and_then(|(at, _)| text[at..].find('>').map(|end| at + end + 1));
    end.and_then(|end| text.get(end..)).unwrap_or("")
}

/// Lines without white space around them, and no empty ones.
fn tidied(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// The text of HTML on one line.
pub(super) fn plain_line(text: &str) -> String {
    plain(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_blocks_become_lines() {
        assert_eq!(plain("<p>One <b>two</b></p>\n<p>three&nbsp;four<br/>five</p>"), "One two\nthree\u{a0}four\nfive");
        assert_eq!(plain("a<script>alert('<p>')</script>b<!-- c > d -->e"), "abe");
        assert_eq!(plain_line("Ship<br/> sunk"), "Ship sunk");
    }

    #[test]
    fn what_is_no_markup_stays() {
        assert_eq!(plain("5 < 6 & 7 > 2 &unknown; AT&T"), "5 < 6 & 7 > 2 &unknown; AT&T");
        assert_eq!(plain("an open <b"), "an open <b");
        assert!(matches!(plain("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn entities_are_known_by_name_and_by_number() {
        for (name, char) in [("nbsp", '\u{a0}'), ("yuml", 'ÿ'), ("eacute", 'é'), ("hellip", '…'), ("sigma", 'σ'), ("sigmaf", 'ς')] {
            assert_eq!(entity(name), Some(char), "{name}");
        }
        assert_eq!((entity("#8217"), entity("#x2019"), entity("#146"), entity("zwj")), (Some('’'), Some('’'), Some('’'), Some('\u{200d}')));
        assert_eq!((entity("nosuch"), entity("#0"), entity("#xD800"), entity("si"), entity("")), (None, None, None, None, None));
        assert_eq!(LATIN_1.split_ascii_whitespace().count(), 96);
    }
}
