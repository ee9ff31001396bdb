//! Reads the program's own source as lines of code, with comments and strings blanked out; it knows no rules.
#![allow(clippy::unwrap_used, reason = "a test that cannot read the source has failed")]

use std::path::{Path, PathBuf};

/// A file of `src`.
pub(crate) struct SourceFile {
    /// From the package's folder, with `/`.
    pub(crate) path: String,
    /// The module at the top: `query` for `src/query/text.rs`, `main` for `src/main.rs`.
    pub(crate) module: String,
    pub(crate) text: String,
    pub(crate) lines: Vec<Line>,
}

/// A line of a file.
pub(crate) struct Line {
    /// From 1.
    pub(crate) number: usize,
    /// As it stands.
    pub(crate) raw: String,
    /// Without comments and without what stands in strings.
    pub(crate) code: String,
    /// Without comments.
    pub(crate) with_strings: String,
    /// Is it part of `#[cfg(test)]`, or of a file of tests?
    pub(crate) is_test: bool,
    /// The modules of the crate that an import or a path on this line names.
    pub(crate) crate_modules: Vec<String>,
}

/// Every Rust file under `src`, sorted by path; read once for all tests.
pub(crate) fn source_files() -> &'static [SourceFile] {
    static FILES: std::sync::OnceLock<Vec<SourceFile>> = std::sync::OnceLock::new();
    FILES.get_or_init(read_all)
}

fn read_all() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join("src"), &mut paths);
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let inside: Vec<String> =
                path.strip_prefix(root).unwrap().components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            SourceFile::new(&inside.join("/"), text)
        })
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            paths.push(path);
        }
    }
}

impl SourceFile {
    fn new(path: &str, text: String) -> Self {
        let module = path.trim_start_matches("src/").split('/').next().unwrap_or("").trim_end_matches(".rs").to_owned();
        let is_test_file = ["/tests.rs", "/testing.rs"].iter().any(|end| path.ends_with(end)) || path.contains("/tests/");
        let (code, with_strings) = (blanked(&text, Keep::Code), blanked(&text, Keep::CodeAndStrings));
        let test_lines = test_lines(&code);
        let modules = crate_modules(&code);
        let lines = text
            .lines()
            .zip(code.lines().zip(with_strings.lines()))
            .enumerate()
            .map(|(index, (raw, (code, with_strings)))| Line {
                number: index + 1,
                raw: raw.to_owned(),
                code: code.to_owned(),
                with_strings: with_strings.to_owned(),
                is_test: is_test_file || test_lines.contains(&index),
                crate_modules: modules.iter().filter(|named| named.0 == index).map(|named| named.1.clone()).collect(),
            })
            .collect();
        Self { path: path.to_owned(), module, text, lines }
    }
}

/// What stays when a text is blanked.
#[derive(Clone, Copy, PartialEq)]
enum Keep {
    Code,
    CodeAndStrings,
}

/// The text with comments (and strings) overwritten by spaces; line breaks stay.
fn blanked(text: &str, keep: Keep) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let (len, is_kept) = match rest {
            ['/', '/', ..] => (rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()), false),
            ['/', '*', ..] => (comment_len(rest), false),
            ['"', ..] => (string_len(rest), keep == Keep::CodeAndStrings),
            ['r', '"' | '#', ..] if at == 0 || !is_name(chars[at - 1]) => match raw_string_len(rest) {
                Some(len) => (len, keep == Keep::CodeAndStrings),
                None => (1, true),
            },
            ['\'', '\\', ..] => (rest.iter().skip(3).position(|c| *c == '\'').map_or(1, |end| end + 4), false),
            ['\'', _, '\'', ..] => (3, false),
            _ => (1, true),
        };
        out.extend(rest.iter().take(len).map(|c| if is_kept || *c == '\n' { *c } else { ' ' }));
        at += len;
    }
    out
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn comment_len(rest: &[char]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => {
                depth += 1;
                at += 2;
            }
            ['*', '/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn string_len(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

fn raw_string_len(rest: &[char]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return None;
    }
    let closing: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let body = 2 + hashes;
    let end = rest[body..].windows(closing.len()).position(|window| window == closing)?;
    Some(body + end + closing.len())
}

/// The lines (from 0) of items under `#[cfg(test)]`.
fn test_lines(code: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    let mut from = 0;
    while let Some(found) = code.get(from..).and_then(|rest| rest.find("#[cfg(test)]")) {
        let start = from + found;
        let rest = &code[start..];
        let end = match (rest.find('{'), rest.find(';')) {
            (Some(brace), semicolon) if semicolon.is_none_or(|semicolon| brace < semicolon) => start + block_end(rest, brace),
            (_, Some(semicolon)) => start + semicolon,
            _ => code.len(),
        };
        let line_of = |at: usize| code[..at].matches('\n').count();
        lines.extend(line_of(start)..=line_of(end));
        from = end.max(start + 1);
    }
    lines
}

fn block_end(text: &str, brace: usize) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < brace) {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// Line (from 0) and name of each module in `crate::x`, `dateline::x` and `crate::{x, y::z}`.
fn crate_modules(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for start in ["crate::", "dateline::"] {
        for (at, _) in code.match_indices(start) {
            if code[..at].chars().next_back().is_some_and(is_name) {
                continue;
            }
            let line = code[..at].matches('\n').count();
            let rest = &code[at + start.len()..];
            match rest.strip_prefix('{') {
                Some(list) => found.extend(names_of_list(list).into_iter().map(|name| (line, name))),
                None => found.push((line, rest.chars().take_while(|c| is_name(*c)).collect())),
            }
        }
    }
    found.retain(|(_, name)| name.starts_with(|c: char| c.is_ascii_lowercase()));
    found
}

/// The first names of the parts of `a, b::{c, d}}`.
fn names_of_list(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = vec![String::new()];
    let mut is_open = true;
    for c in list.chars() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(String::new());
                is_open = true;
            }
            c if depth == 0 && is_open && is_name(c) => names.last_mut().unwrap().push(c),
            c if c.is_whitespace() => {}
            _ => is_open = false,
        }
    }
    names
}

/// Does the code say this word, not as a part of a longer name?
pub(crate) fn has_word(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(|c| is_name(c) || c == '-') && !after.is_some_and(is_name)
    })
}

/// `Color32::from_rgb(17, …)` and its like: a colour made of digits, not of other colours.
pub(crate) fn has_colour_of_digits(code: &str) -> bool {
    ["Color32::from_", "Rgba::from_", "hex_color!"].iter().any(|start| {
        code.match_indices(start).any(|(at, _)| {
            let arguments = code[at..].split_once('(').map_or("", |(_, arguments)| arguments);
            arguments.trim_start_matches(['[', '"', ' ']).starts_with(|c: char| c.is_ascii_digit() || c == '#')
        })
    })
}

/// `#1a2b3c` or `#1a2b3cff`, with nothing more behind it.
pub(crate) fn has_hex_colour(code: &str) -> bool {
    code.match_indices('#').any(|(at, _)| {
        let digits = code[at + 1..].chars().take_while(char::is_ascii_hexdigit).count();
        matches!(digits, 6 | 8) && !code[at + 1 + digits..].starts_with(is_name)
    })
}

#[test]
fn comments_and_strings_are_no_code() {
    let text = "let a = \"egui \\\" x\"; // chrono\n/* egui /* */ */ let b = 'x'; r#\"std::thread\"#; '\\'' + 'a: 1";
    let file = SourceFile::new("src/query/x.rs", text.to_owned());
    let code: String = file.lines.iter().map(|line| line.code.as_str()).collect();
    assert!(!["egui", "chrono", "std::thread", "x"].iter().any(|word| has_word(&code, word)), "{code}");
    assert!(code.contains("let a") && code.contains("let b") && code.contains("'a: 1"), "{code}");
    assert!(file.lines[0].with_strings.contains("egui") && !file.lines[0].with_strings.contains("chrono"));
}

#[test]
fn code_under_cfg_test_is_known() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\nfn c() {}\n#[cfg(test)]\nmod more;\nfn d() {}\n";
    let file = SourceFile::new("src/data/x.rs", text.to_owned());
    let tests: Vec<usize> = file.lines.iter().filter(|line| line.is_test).map(|line| line.number).collect();
    assert_eq!(tests, [2, 3, 4, 5, 7, 8]);
    assert!(SourceFile::new("src/query/text/tests.rs", "x".to_owned()).lines[0].is_test);
}

#[test]
fn imports_of_every_shape_are_seen() {
    let text = "use crate::data::Row;\nuse crate::{query::{self, Filter}, time};\nlet x = crate::work::spawn;\nlet y = mycrate::view::z;";
    let file = SourceFile::new("src/engine/mod.rs", text.to_owned());
    let named: Vec<&str> = file.lines.iter().flat_map(|line| line.crate_modules.iter().map(String::as_str)).collect();
    assert_eq!(named, ["data", "query", "time", "work"]);
    assert_eq!(file.module, "engine");
}

#[test]
fn colours_in_strings_are_seen() {
    assert!(has_hex_colour("fill=\"#1A2b3c\"") && has_hex_colour("#11223344;"));
    assert!(has_colour_of_digits("Color32::from_rgb(255, 0, 0)") && has_colour_of_digits("Rgba::from_rgb([0.5, 0., 0.])"));
    assert!(!has_colour_of_digits("Color32::from_rgb(r, g, b)") && !has_colour_of_digits("Color32::WHITE"));
    assert!(!has_hex_colour("#date+start") && !has_hex_colour("#[derive") && !has_hex_colour("#1234567"));
}
