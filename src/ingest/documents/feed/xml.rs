//! Reads XML element by element, with lines and columns, in bounded memory; it knows nothing of feeds.
//!
//! Entities that a document defines itself are never put in for their names: they stay as they are written, so that no text can
//! grow beyond what the file holds. Nothing outside the file is looked up.

use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::{BytesStart, Event};

use super::super::html::{decode_entities, entity};
use crate::ingest::error::CancelledRead;
use crate::ingest::feed::BLOCK_BYTES;
use crate::ingest::scan::{Fault, Place};
use crate::ingest::split::CELL_BYTES_MAX;

/// The most that stands between two tags, or in one: what is longer ends the reading.
const PIECE_BYTES_MAX: u64 = 64 << 20;
/// How many beginnings of lines are known before the present place.
const STARTS_MAX: usize = 1 << 16;
/// How deep elements are told apart; the text of deeper ones belongs to the last that is.
const DEPTH_MAX: usize = 64;
/// The most that one element is held in memory, its texts and names together.
const NODE_BYTES_MAX: usize = 64 << 20;

/// An element with all that is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Node {
    /// The name, with a well-known prefix of its namespace; see [`Names`].
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    /// The text of the element itself, without that of the elements in it.
    pub(super) text: String,
    pub(super) inner: Vec<Self>,
    /// The content as it is written, where it holds further elements: what of XHTML must be kept.
    pub(super) markup: String,
}

impl Node {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The first element of a name in it.
    pub(super) fn first(&self, name: &str) -> Option<&Self> {
        self.inner.iter().find(|node| node.name == name)
    }

    /// The text, when there is any.
    pub(super) fn words(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }

    /// Writes it as markup.
    fn write(&self, out: &mut String) {
        let tag = self.name.strip_prefix("xhtml:").unwrap_or(&self.name);
        out.push('<');
        out.push_str(tag);
        for (name, value) in self.attributes.iter().filter(|(name, _)| !name.starts_with("xmlns")) {
            out.extend([" ", name, "=\"", &value.replace('&', "&amp;").replace('"', "&quot;"), "\""]);
        }
        out.extend([">", &self.markup, "</", tag, ">"]);
    }

    /// All text in it, that of the elements in it too.
    pub(super) fn whole_text(&self) -> String {
        if self.inner.is_empty() { self.text.clone() } else { self.markup.clone() }
    }
}

/// What comes next.
pub(super) enum Step {
    /// An element begins here; what is in it follows, or [`Xml::node`] takes all of it.
    Start(Node, Place),
    /// The innermost open element ends.
    End,
    /// Text that belongs to the innermost open element.
    Text(String),
    /// The document ends.
    Over,
}

/// Namespaces of feeds and the prefix by which their elements are known here; an empty one is that of feeds themselves.
const NAMESPACES: &[(&str, &str)] = &[
    ("http://www.w3.org/2005/Atom", ""),
    ("http://purl.org/atom/ns#", ""),
    ("http://purl.org/rss/1.0/", ""),
    ("http://my.netscape.com/rdf/simple/0.9/", ""),
    ("http://channel.netscape.com/rdf/simple/0.9/", ""),
    ("http://backend.userland.com/rss", ""),
    ("http://backend.userland.com/RSS2", ""),
    ("http://blogs.law.harvard.edu/tech/rss", ""),
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://purl.org/dc/elements/1.0/", "dc"),
    ("http://purl.org/dc/terms/", "dcterms"),
    ("http://purl.org/rss/1.0/modules/content/", "content"),
    ("http://search.yahoo.com/mrss", "media"),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"),
    ("http://www.w3.org/2003/01/geo/wgs84_pos#", "geo"),
    ("http://www.georss.org/georss", "georss"),
    ("http://www.opengis.net/gml", "gml"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"),
    ("http://www.w3.org/1999/xhtml", "xhtml"),
    ("http://www.w3.org/XML/1998/namespace", "xml"),
];

/// Which namespace each prefix stands for, from the outermost element inwards.
#[derive(Default)]
struct Names {
    /// The depth of the element that declares it, the prefix, and what it is known by.
    declared: Vec<(usize, String, String)>,
}

impl Names {
    /// Takes the declarations of an element, which hold for all in it.
    fn declare(&mut self, depth: usize, attributes: &[(String, String)]) {
        for (name, uri) in attributes {
            let prefix = if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") };
            let Some(prefix) = prefix else { continue };
            let uri = uri.trim().trim_end_matches('/');
            let known = NAMESPACES.iter().find(|(known, _)| known.trim_end_matches('/').eq_ignore_ascii_case(uri));
            // A namespace that nobody knows goes by its prefix.
            let known = known.map_or_else(|| prefix.to_owned(), |(_, known)| (*known).to_owned());
            self.declared.push((depth, prefix.to_owned(), known));
        }
    }

    /// Forgets what elements below a depth have declared.
    fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|(declared, _, _)| *declared > depth) {
            self.declared.pop();
        }
    }

    fn known(&self, name: &str) -> String {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let found = self.declared.iter().rev().find(|(_, declared, _)| declared == prefix);
        let known = found.map_or(prefix, |(_, _, known)| known.as_str());
        if known.is_empty() { local.to_owned() } else { format!("{known}:{local}") }
    }
}

/// Reads XML.
pub(super) struct Xml<R> {
    reader: Reader<Lines<R>>,
    buffer: Vec<u8>,
    names: Names,
    depth: usize,
    /// The end of an element that was written as empty is still to come.
    ends_next: bool,
    /// Names of entities that nobody defines, and where they stood.
    pub(super) unknown: Vec<(Place, String)>,
    /// Texts that were longer than a cell may be: where they stood, and the names of their elements.
    pub(super) cut: Vec<(Place, String)>,
    /// The encoding that the document says it has.
    pub(super) declared: Option<String>,
}

impl<R: Read> Xml<R> {
    pub(super) fn new(input: R) -> Self {
        let mut reader = Reader::from_reader(Lines::new(input));
        reader.config_mut().allow_dangling_amp = true;
        Self {
            reader,
            buffer: Vec::new(),
            names: Names::default(),
            depth: 0,
            ends_next: false,
            unknown: Vec::new(),
            cut: Vec::new(),
            declared: None,
        }
    }

    /// What is left of the input.
    pub(super) fn into_input(self) -> R {
        self.reader.into_inner().input
    }

    /// How many places were not text in the encoding.
    pub(super) fn malformed(&self) -> u64 {
        self.reader.get_ref().malformed
    }

    /// What comes next.
    pub(super) fn step(&mut self) -> Result<Step, Fault> {
        if std::mem::take(&mut self.ends_next) {
            return Ok(self.end());
        }
        loop {
            let place = self.reader.get_ref().place();
            self.reader.get_mut().begin_piece();
            self.buffer.clear();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => {
                    let lines = self.reader.get_ref();
                    return Err(lines.fault(error, self.reader.error_position()));
                }
            };
            match event {
                Event::Start(start) => {
                    let attributes = attributes(&start);
                    let name = start.name().0.to_owned();
                    return Ok(self.start(&name, attributes, place));
                }
                Event::Empty(start) => {
                    let attributes = attributes(&start);
                    let name = start.name().0.to_owned();
                    self.ends_next = true;
                    return Ok(self.start(&name, attributes, place));
                }
                Event::End(_) => return Ok(self.end()),
                Event::Text(text) => return Ok(Step::Text(text.into_inner().into_owned())),
                Event::CData(text) => return Ok(Step::Text(text.into_inner().into_owned())),
                Event::GeneralRef(name) => {
                    let name = name.into_inner().into_owned();
                    return Ok(Step::Text(if let Some(char) = entity(&name) {
                        char.to_string()
                    } else {
                        let written = format!("&{name};");
                        self.unknown.push((place, written.clone()));
                        written
                    }));
                }
                Event::Decl(declaration) => {
                    self.declared = declaration.encoding().and_then(Result::ok).map(std::borrow::Cow::into_owned);
                }
                Event::Eof if self.depth > 0 => return Err(Fault::Ends(self.reader.get_ref().place(), "the end of an element")),
                Event::Eof => return Ok(Step::Over),
                Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    fn start(&mut self, name: &str, attributes: Vec<(String, String)>, place: Place) -> Step {
        self.depth += 1;
        self.names.declare(self.depth, &attributes);
        let known = |(name, value): (String, String)| {
            let is_plain = !name.contains(':') || name.starts_with("xmlns");
            (if is_plain { name } else { self.names.known(&name) }, value)
        };
        let attributes: Vec<(String, String)> = attributes.into_iter().map(known).collect();
        Step::Start(Node { name: self.names.known(name), attributes, ..Node::default() }, place)
    }

    fn end(&mut self) -> Step {
        self.depth = self.depth.saturating_sub(1);
        self.names.leave(self.depth);
        Step::End
    }

    /// All of an element that has begun.
    pub(super) fn node(&mut self, start: Node) -> Result<Node, Fault> {
        let mut open = vec![start];
        // Elements below those that are told apart.
        let mut deeper = 0_usize;
        let mut bytes = 0_usize;
        loop {
            let step = self.step()?;
            let Some(last) = open.last_mut() else { return Ok(Node::default()) };
            match step {
                Step::Start(node, _) => {
                    bytes += node.name.len() + node.attributes.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() + 64;
                    if open.len() >= DEPTH_MAX { deeper += 1 } else { open.push(node) }
                }
                Step::Text(text) => {
                    let room = CELL_BYTES_MAX.saturating_sub(last.text.len());
                    if text.len() > room && self.cut.last().is_none_or(|(_, name)| *name != last.name) {
                        self.cut.push((self.reader.get_ref().place(), last.name.clone()));
                    }
                    let text = &text[..text.floor_char_boundary(room)];
                    bytes += text.len() * 2;
                    last.text.push_str(text);
                    last.markup.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
                }
                Step::End if deeper > 0 => deeper -= 1,
                Step::End => {
                    let Some(done) = open.pop() else { return Ok(Node::default()) };
                    let Some(around) = open.last_mut() else { return Ok(done) };
                    done.write(&mut around.markup);
                    bytes += done.markup.len();
                    around.inner.push(done);
                }
                Step::Over => return Ok(open.swap_remove(0)),
            }
            if bytes > NODE_BYTES_MAX {
                let place = self.reader.get_ref().place();
                return Err(Fault::Syntax(place, format!("the element is longer than {NODE_BYTES_MAX} bytes")));
            }
        }
    }
}

/// The attributes of a tag; broken ones are left out, as browsers do.
fn attributes(start: &BytesStart<'_>) -> Vec<(String, String)> {
    start
        .html_attributes()
        .with_checks(false)
        .flatten()
        .map(|attribute| (attribute.key.0.to_owned(), decode_entities(&attribute.value).into_owned()))
        .collect()
}

/// Text that is surely UTF-8, read line by line with their beginnings known.
struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    is_over: bool,
    /// Bytes of a character that is not whole yet.
    cut: Vec<u8>,
    malformed: u64,
    /// How many bytes have been handed out before the buffer.
    passed: u64,
    line: u64,
    /// Where lines begin, from that of the piece on: number and offset.
    starts: Vec<(u64, u64)>,
    piece_start: u64,
}

impl<R: Read> Lines<R> {
    fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            at: 0,
            is_over: false,
            cut: Vec::new(),
            malformed: 0,
            passed: 0,
            line: 1,
            starts: vec![(1, 0)],
            piece_start: 0,
        }
    }

    fn offset(&self) -> u64 {
        self.passed + self.at as u64
    }

    /// Where the next byte stands.
    fn place(&self) -> Place {
        self.place_of(self.offset())
    }

    /// Where a byte of the present piece stands.
    fn place_of(&self, offset: u64) -> Place {
        let start = self.starts.iter().rev().find(|(_, start)| *start <= offset).or_else(|| self.starts.first());
        let (line, start) = start.copied().unwrap_or((self.line, offset));
        Place { line, column: offset.saturating_sub(start) + 1 }
    }

    /// Another piece of the document begins here: a tag or the text between two.
    fn begin_piece(&mut self) {
        self.piece_start = self.offset();
        let last = self.starts.len().saturating_sub(1);
        self.starts.drain(..last);
    }

    fn fault(&self, error: Error, offset: u64) -> Fault {
        let place = self.place_of(offset);
        match error {
            Error::Io(error) => match error.get_ref() {
                Some(inner) if inner.is::<TooLong>() => Fault::Syntax(self.place_of(self.piece_start), TooLong.to_string()),
                Some(inner) if inner.is::<CancelledRead>() => Fault::Io(io::Error::other(CancelledRead)),
                _ => Fault::Io(io::Error::new(error.kind(), error.to_string())),
            },
            Error::IllFormed(IllFormedError::MissingEndTag(_)) => Fault::Ends(self.place(), "the end of an element"),
            Error::Syntax(error) if self.is_over && self.at == self.buffer.len() => {
                Fault::Syntax(place, error.to_string().replace(" before end of input", ""))
            }
            other => Fault::Syntax(place, other.to_string()),
        }
    }

    /// Reads the next block, with what is no UTF-8 replaced.
    fn fill(&mut self) -> io::Result<()> {
        self.passed += self.buffer.len() as u64;
        self.at = 0;
        let mut raw = std::mem::take(&mut self.cut);
        let kept = raw.len();
        raw.resize(kept + BLOCK_BYTES, 0);
        let count = loop {
            match self.input.read(&mut raw[kept..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.is_over = count == 0;
        raw.truncate(kept + count);
        self.buffer.clear();
        let mut chunks = raw.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            self.buffer.extend_from_slice(chunk.valid().as_bytes());
            let broken = chunk.invalid();
            // Only the last piece can be the beginning of a character that goes on in the next block.
            if !broken.is_empty()
                && chunks.peek().is_none()
                && !self.is_over
                && std::str::from_utf8(broken).is_err_and(|error| error.error_len().is_none())
            {
                self.cut = broken.to_vec();
            } else if !broken.is_empty() {
                self.malformed += 1;
                self.buffer.extend_from_slice("\u{fffd}".as_bytes());
            }
        }
        Ok(())
    }
}

/// Ends the reading of a piece that is too long to be held.
#[derive(Debug, thiserror::Error)]
#[error("a tag or a text is longer than 64 MB")]
struct TooLong;

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Lines<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.buffer.len() && !self.is_over {
            self.fill()?;
        }
        if self.offset().saturating_sub(self.piece_start) > PIECE_BYTES_MAX {
            return Err(io::Error::other(TooLong));
        }
        Ok(&self.buffer[self.at..])
    }

    fn consume(&mut self, count: usize) {
        let end = (self.at + count).min(self.buffer.len());
        for at in memchr::memchr_iter(b'\n', &self.buffer[self.at..end]) {
            self.line += 1;
            self.starts.push((self.line, self.passed + (self.at + at) as u64 + 1));
        }
        self.at = end;
        if self.starts.len() > 2 * STARTS_MAX {
            // Places are asked for at the beginning of a piece and near its end.
            let surplus = self.starts.len() - STARTS_MAX;
            self.starts.drain(1..surplus);
        }
    }
}
