//! Finds out from the first bytes what a file is: text or not, in which encoding, and of which format.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::error::LoadError;

/// How many bytes are looked at: enough for thousands of rows, read in a millisecond.
pub(super) const HEAD_BYTES: usize = 1 << 20;

/// How a text is to be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Charset {
    pub(super) encoding: &'static Encoding,
    /// Nothing but ASCII was seen yet, so what comes later may still be in another encoding.
    pub(super) is_only_ascii: bool,
}

/// What the text is, by its first characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One JSON document.
    Json,
    /// JSON values one after another.
    JsonLines,
    /// A document with tags.
    Xml,
    /// Delimited text.
    Table,
}

const MAGIC: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "an archive within an archive"),
    (b"\x1f\x8b", "an archive within an archive"),
    (b"\x28\xb5\x2f\xfd", "an archive within an archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"FEA1", "a Feather file of the first version"),
    (b"\x89HDF", "an HDF5 file"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
];

/// The encoding of a text, or why it is none.
pub(super) fn charset(path: &str, head: &[u8]) -> Result<Charset, LoadError> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(LoadError::Unsupported { path: path.to_owned(), what });
    }
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(Charset { encoding, is_only_ascii: false });
    }
    let binary = |what: String| LoadError::Binary { path: path.to_owned(), what };
    if let Some(encoding) = utf16_by_zeros(head) {
        return Ok(Charset { encoding, is_only_ascii: false });
    }
    let controls = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    if controls > 4 && controls * 20 > head.len() {
        return Err(binary(format!("{controls} control characters in the first {} bytes", head.len())));
    }
    if head.is_ascii() {
        return Ok(Charset { encoding: UTF_8, is_only_ascii: true });
    }
    if is_utf8_head(head) {
        return Ok(Charset { encoding: UTF_8, is_only_ascii: false });
    }
    let encoding = legacy(head);
    let (text, _, _) = encoding.decode(head);
    let (mut chars, mut odd) = (0_usize, 0_usize);
    for char in text.chars() {
        chars += 1;
        odd += usize::from(char == char::REPLACEMENT_CHARACTER || matches!(char, '\u{80}'..='\u{9f}'));
    }
    if odd > 4 && odd * 10 > chars {
        return Err(binary("bytes that fit no encoding".to_owned()));
    }
    let faults = utf8_faults(head);
    if faults.wrong * 4 < faults.right {
        return Ok(Charset { encoding: UTF_8, is_only_ascii: false });
    }
    Ok(Charset { encoding, is_only_ascii: false })
}

/// The encoding that an XML declaration names, unless its bytes speak against it.
pub(super) fn xml_charset(head: &[u8]) -> Option<Charset> {
    const LABEL_BYTES_MAX: usize = 200;
    let start = head.strip_prefix(b"<?xml")?;
    let end = start.iter().take(LABEL_BYTES_MAX).position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(&start[..end]).ok()?;
    let label = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let label = label.strip_prefix(['"', '\''])?.split(['"', '\'']).next()?;
    // A declaration that can be read as ASCII is no UTF-16, whatever it says.
    let encoding = Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())?;
    let is_utf8 = is_utf8_head(head);
    let fits = if encoding == UTF_8 { is_utf8 } else { head.is_ascii() || !is_utf8 };
    fits.then_some(Charset { encoding, is_only_ascii: false })
}

/// The most likely encoding of bytes that are not UTF-8.
pub(super) fn legacy(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-8 up to the last character, which may be cut.
fn is_utf8_head(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && head.len() >= HEAD_BYTES,
    }
}

struct Faults {
    right: usize,
    wrong: usize,
}

/// How many characters beyond ASCII are right UTF-8, and how many faults there are.
fn utf8_faults(bytes: &[u8]) -> Faults {
    let mut faults = Faults { right: 0, wrong: 0 };
    for chunk in bytes.utf8_chunks() {
        faults.right += chunk.valid().chars().filter(|char| !char.is_ascii()).count();
        faults.wrong += usize::from(!chunk.invalid().is_empty());
    }
    faults
}

/// UTF-16 without a mark. Text has no zeros but those of letters, digits, delimiters and line ends beyond which it is Latin, whose other
/// byte is zero; so nearly all zeros stand at the same place of their pairs, and what the bytes say that way round is text with lines.
fn utf16_by_zeros(head: &[u8]) -> Option<&'static Encoding> {
    /// Scripts without spaces have few: the delimiters of a table, at least.
    const ZEROS_MIN: usize = 50;
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let pairs = head.len() / 2;
    // A short text with an even number of bytes and one stray zero is no UTF-16, which has a zero at least in its delimiter and its line end.
    if pairs < 4 || even + odd < 2 || (even + odd) * ZEROS_MIN < pairs {
        return None;
    }
    let encoding = match () {
        () if odd > 8 * even => UTF_16LE,
        () if even > 8 * odd => UTF_16BE,
        () => return None,
    };
    let (text, _) = encoding.decode_without_bom_handling(&head[..pairs * 2]);
    let is_odd = |char: char| char == char::REPLACEMENT_CHARACTER || (char.is_control() && !char.is_whitespace());
    let wrong = text.chars().filter(|char| is_odd(*char)).count();
    (text.contains(['\n', '\r', '{']) && wrong * 100 <= pairs).then_some(encoding)
}

/// What a text in UTF-8 is. `is_whole` when nothing follows.
pub(super) fn shape(path: &str, head: &str) -> Shape {
    let text = head.trim_start();
    let is_table_name = matches!(extension(path).as_str(), "csv" | "tsv" | "tab" | "psv");
    let opens_tag =
        text.strip_prefix('<').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '?' | '!')));
    if opens_tag && !is_table_name {
        return Shape::Xml;
    }
    let extension = extension(path);
    let is_json_name = matches!(extension.as_str(), "json" | "geojson" | "jsonl" | "ndjson");
    let first = text.chars().next();
    let rest = first.and_then(|first| text.get(first.len_utf8()..)).map_or("", str::trim_start);
    let opens = match first {
        Some('{') => rest.is_empty() || rest.starts_with(['"', '}']),
        Some('[') => {
            let starts_value = rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '{' | '[' | '"' | ']' | '-'));
            rest.is_empty() || starts_value || ["true", "false", "null"].iter().any(|word| rest.starts_with(word))
        }
        _ => false,
    };
    if !opens && !is_json_name {
        return Shape::Table;
    }
    let is_lines_name = matches!(extension.as_str(), "jsonl" | "ndjson");
    if first == Some('{') && (has_value_per_line(text) || (is_lines_name && !is_spread_over_lines(text))) {
        return Shape::JsonLines;
    }
    Shape::Json
}

/// Does the text say that it is the native format?
pub(super) fn is_native(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    text.match_indices("\"format\"").any(|(at, key)| {
        let rest = text[at + key.len()..].trim_start();
        rest.strip_prefix(':').is_some_and(|rest| rest.trim_start().starts_with("\"dateline\""))
    })
}

/// Is the first line a whole object, and does another one follow?
fn has_value_per_line(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_object = |line: &str| serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(line).is_ok();
    lines.next().is_some_and(is_object) && lines.next().is_some_and(|line| line.trim_start().starts_with('{'))
}

/// Is the first object written over several lines?
fn is_spread_over_lines(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().is_some_and(|line| line.trim_end().ends_with(['{', ',', '[']));
    first && !lines.next().is_some_and(|line| line.trim_start().starts_with('{'))
}

/// The end of a file's name, in lower case.
pub(super) fn extension(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').map_or_else(String::new, |(_, end)| end.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding_of(bytes: &[u8]) -> &'static str {
        charset("x.csv", bytes).unwrap().encoding.name()
    }

    #[test]
    fn encodings_are_told_by_marks_and_by_content() {
        assert_eq!(encoding_of(b"\xef\xbb\xbfa,b"), "UTF-8");
        assert_eq!(encoding_of(b"\xff\xfea\0,\0b\0"), "UTF-16LE");
        assert_eq!(encoding_of(b"a\0,\0b\0\n\0c\0,\0d\0"), "UTF-16LE");
        let russian = "дата,описание\n2024-01-02,взрыв на складе боеприпасов под городом\n";
        for label in ["windows-1251", "koi8-r"] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            assert_eq!(encoding_of(&encoding.encode(russian).0).to_ascii_lowercase().replace('u', "r"), label, "{label}");
        }
    }

    /// The bytes of a text in an encoding; UTF-16 with or without a mark.
    fn encoded(text: &str, label: &str) -> Vec<u8> {
        let units = |mark: bool| mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        match label {
            "utf-16le" | "utf-16le+mark" => units(label.ends_with("mark")).flat_map(u16::to_le_bytes).collect(),
            "utf-16be" | "utf-16be+mark" => units(label.ends_with("mark")).flat_map(u16::to_be_bytes).collect(),
            _ => Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned(),
        }
    }

    #[test]
    fn short_tables_in_any_script_are_read_as_they_were_written() {
        let texts = [
            ("дата;место;описание;убито\n2024-01-02;Северный склад;Взрыв на складе боеприпасов;3\n", &["windows-1251", "koi8-r"][..]),
            ("дата;місце;опис;вбито\n2024-01-02;Північний склад;Вибух на складі боєприпасів;3\n", &["windows-1251", "koi8-u"]),
            ("date;lieu;titre;tués\n2024-01-02;Orléans;Grève générale à l’usine «\u{a0}Été\u{a0}»;3\n", &["windows-1252"]),
            ("날짜,장소,제목,사망\n2024-01-02,평양,미사일 발사 시험,0\n", &["euc-kr"]),
            ("日付,場所,件名,死者\n2024-01-02,東京,ミサイル発射の発表,0\n", &["shift_jis", "euc-jp"]),
            ("日期,地点,标题,死亡\n2024-01-02,北京,导弹试验发射成功,0\n", &["gbk", "gb18030"]),
            ("日期,地點,標題,死亡\n2024-01-02,臺北,飛彈試射演習,0\n", &["big5"]),
        ];
        for (text, labels) in texts {
            for label in labels.iter().copied().chain(["utf-8", "utf-16le", "utf-16be", "utf-16le+mark", "utf-16be+mark"]) {
                let bytes = encoded(text, label);
                let found = charset("x.csv", &bytes).unwrap().encoding;
                let read = found.decode_with_bom_removal(&bytes).0;
                assert_eq!(read, text, "{label} was read as {}", found.name());
            }
        }
    }

    #[test]
    fn archives_and_binary_junk_are_named() {
        assert!(matches!(charset("x", b"BZh91AY"), Err(LoadError::Unsupported { what: "a bzip2 archive", .. })));
        let junk: Vec<u8> = (0..4_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(matches!(charset("x", &junk), Err(LoadError::Binary { .. })));
        for text in [&b"a,b,c\n\0,2,3"[..], b"a,b,c\n\0,2,3\n", b"a,b,c\n\0,2,\0,\n1,2,3\n"] {
            assert_eq!(charset("x", text).unwrap().encoding, UTF_8, "a stray zero is a stray zero");
        }
    }

    #[test]
    fn json_is_told_from_tables_by_its_first_characters() {
        assert_eq!(shape("a.txt", " [ {\"a\": 1}]"), Shape::Json);
        assert_eq!(shape("a.txt", "{\"a\":1}\n{\"a\":2}\n"), Shape::JsonLines);
        assert_eq!(shape("a.csv", "[note],b\n1,2\n"), Shape::Table);
        assert_eq!(shape("a.xml", "<?xml version=\"1.0\"?>"), Shape::Xml);
        assert_eq!(shape("a.csv", "<b>,c\n1,2\n"), Shape::Table);
    }
}
