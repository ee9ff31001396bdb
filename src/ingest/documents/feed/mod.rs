//! Reads feeds in XML, RSS of every version and Atom: items as articles, and as events at their publication, one at a time.
//!
//! RSS is read as <https://www.rssboard.org/rss-specification>, RSS 1.0 as <https://web.resource.org/rss/1.0/>, Atom as RFC 4287.

mod item;
mod xml;

use std::io::Read;

use self::item::{Channel, text_of_node};
use self::xml::{Node, Step, Xml};
use super::Stop;
use super::desk::Desk;
use crate::data::{Dataset, DatasetBuilder, Issue, IssueKind, Origin};
use crate::ingest::document::broken;
use crate::ingest::error::LoadError;
use crate::ingest::feed::{Meter, drain};
use crate::ingest::run::Run;
use crate::ingest::scan::{Enough, Fault};
use crate::ingest::split::CELL_BYTES_MAX;
use crate::ingest::taker::shown;

/// The name of the preset.
pub(in crate::ingest) const KEY: &str = "feed";
/// How many facts of the feed itself are kept.
const NOTES_MAX: usize = 40;

/// Elements around items.
fn is_container(name: &str) -> bool {
    matches!(name, "rss" | "feed" | "rdf:RDF" | "RDF" | "channel")
}

fn is_item(name: &str) -> bool {
    matches!(name, "item" | "entry")
}

/// What an XML document is, by its outermost element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum Root {
    Feed,
    Html,
    Other,
}

/// Looks at the first bytes of an XML document.
pub(in crate::ingest) fn root(head: &[u8]) -> Root {
    let mut xml = Xml::new(head);
    loop {
        match xml.step() {
            Ok(Step::Start(node, _)) if is_container(&node.name) || is_item(&node.name) => return Root::Feed,
            Ok(Step::Start(node, _)) if node.name.eq_ignore_ascii_case("html") || node.name == "xhtml:html" => return Root::Html,
            Ok(Step::Text(_)) => {}
            Ok(_) | Err(_) => return Root::Other,
        }
    }
}

/// What all items of a feed share. It may stand behind them, so that it is looked for first.
#[derive(Default)]
pub(in crate::ingest) struct Feed {
    channel: Option<Channel>,
    /// Stops after so many items, each of the two times.
    items_max: Option<u32>,
}

impl Feed {
    pub(in crate::ingest) fn new(items_max: Option<u32>) -> Self {
        Self { channel: None, items_max }
    }

    /// Reads a feed once: the first time it learns what items share and has no dataset, the second time it takes the items.
    pub(in crate::ingest) fn pass<R: Read>(
        &mut self,
        run: &mut Run<'_>,
        origin: Origin,
        (input, meter): (R, &Meter),
    ) -> Result<Option<Dataset>, LoadError> {
        let mut xml = Xml::new(input);
        let Some(channel) = &self.channel else {
            let mut channel = Channel::default();
            // What ends the look early ends the reading too, and is said there.
            let _fault = learn(&mut xml, &mut channel, self.items_max);
            self.channel = Some(channel);
            return Ok(None);
        };
        let mut builder = DatasetBuilder::new(origin);
        builder.origin.preset = Some(KEY.to_owned());
        let mut walk = Walk { run, builder, meter, channel, in_item: false, items_left: self.items_max };
        let stopped = walk.document(&mut xml);
        let Walk { mut builder, in_item, run, .. } = walk;
        match stopped {
            Ok(()) => {}
            Err(Stop::Own(Enough)) => run.is_cut = true,
            Err(Stop::Load(error)) => return Err(error),
            Err(Stop::Fault(fault)) => {
                say_fault(fault, run, &mut builder)?;
                if in_item {
                    builder.origin.rows += 1;
                    let said = builder.issues().list.last().map(|issue| (issue.line.unwrap_or(0), issue.message.clone()));
                    let (line, reason) = said.unwrap_or_default();
                    builder.reject(line, &reason, b"");
                }
            }
        }
        say_texts(&xml, meter, &mut builder);
        keep_notes(channel, &mut builder);
        if run.is_cut {
            return Ok(Some(run.finish(builder, meter)?));
        }
        let mut rest = xml.into_input();
        drain(&mut rest).map_err(|error| run.failed(&error))?;
        let has_faults = [IssueKind::InvalidXml, IssueKind::Truncated].iter().any(|kind| builder.issues().counts.contains_key(kind));
        if builder.is_empty() && !has_faults {
            let advice = "fetch it again when something was published, or choose another feed";
            return Err(LoadError::NoRecords { path: run.path.clone(), reason: "the feed has no items".to_owned(), advice });
        }
        Ok(Some(run.finish(builder, meter)?))
    }
}

/// Collects what stands beside the items, up to the first item behind the title, or as many items as are wanted.
fn learn<R: Read>(xml: &mut Xml<R>, channel: &mut Channel, items_max: Option<u32>) -> Result<(), Fault> {
    let mut items = 0;
    loop {
        match xml.step()? {
            Step::Start(node, _) if is_item(&node.name) => {
                items += 1;
                if channel.has_title() || items_max.is_some_and(|most| items > most) {
                    return Ok(());
                }
                drop(xml.node(node)?);
            }
            Step::Start(node, _) if is_container(&node.name) => channel.open(&node),
            Step::Start(node, _) => {
                let node = xml.node(node)?;
                channel.add(node);
            }
            Step::Over => return Ok(()),
            Step::End | Step::Text(_) => {}
        }
    }
}

struct Walk<'w, 'r> {
    run: &'w mut Run<'r>,
    builder: DatasetBuilder,
    meter: &'w Meter,
    channel: &'w Channel,
    in_item: bool,
    items_left: Option<u32>,
}

impl Walk<'_, '_> {
    fn document<R: Read>(&mut self, xml: &mut Xml<R>) -> Result<(), Stop> {
        loop {
            match xml.step()? {
                Step::Start(node, place) if is_item(&node.name) => {
                    self.in_item = true;
                    let node: Node = xml.node(node)?;
                    self.in_item = false;
                    let mut desk = Desk { builder: &mut self.builder, line: place.line };
                    self.channel.take(&mut desk, &node);
                    self.run.row(&self.builder, self.meter)?;
                    if let Some(left) = &mut self.items_left {
                        *left = left.saturating_sub(1);
                    }
                    if self.items_left == Some(0) {
                        return Err(Stop::Own(Enough));
                    }
                }
                Step::Start(node, _) if !is_container(&node.name) => drop(xml.node(node)?),
                Step::Over => return Ok(()),
                Step::Start(..) | Step::End | Step::Text(_) => {}
            }
        }
    }
}

fn say_fault(fault: Fault, run: &Run<'_>, builder: &mut DatasetBuilder) -> Result<(), LoadError> {
    let Fault::Syntax(place, message) = fault else { return broken(fault, run, builder) };
    builder.issue(Issue {
        line: Some(place.line),
        column: None,
        value: String::new(),
        kind: IssueKind::InvalidXml,
        message: format!("line {}, column {}: {message}", place.line, place.column),
        action: "reading stopped here; the items before are kept".to_owned(),
    });
    Ok(())
}

/// Says what of the text could not be read as it stood: its encoding, and names of characters that nobody knows.
fn say_texts<R: Read>(xml: &Xml<R>, meter: &Meter, builder: &mut DatasetBuilder) {
    let mut issue = |line: Option<u64>, column: Option<&str>, value: &str, kind: IssueKind, message: String, action: &str| {
        let (column, value) = (column.map(str::to_owned), shown(value));
        builder.issue(Issue { line, column, value, kind, message, action: action.to_owned() });
    };
    let malformed = xml.malformed() + meter.malformed();
    if malformed > 0 {
        let message = "bytes that are no text in the encoding of the file".to_owned();
        issue(None, None, &malformed.to_string(), IssueKind::InvalidText, message, "shown as \u{fffd}");
    }
    for (place, name) in &xml.cut {
        let message = format!("a text ends here that is longer than {CELL_BYTES_MAX} bytes");
        issue(Some(place.line), Some(name), "", IssueKind::CellTooLong, message, "cut; the rest of the row is kept");
    }
    for (place, name) in &xml.unknown {
        let message = format!("line {}, column {}: no character has this name", place.line, place.column);
        issue(Some(place.line), None, name, IssueKind::InvalidText, message, "kept as it is written");
    }
    let Some(declared) = &xml.declared else { return };
    let used = builder.origin.encoding.clone();
    let known = encoding_rs::Encoding::for_label(declared.as_bytes()).map(|encoding| encoding.name().to_ascii_lowercase());
    if known.as_ref() != Some(&used) {
        builder.issue(Issue {
            line: Some(1),
            column: Some("encoding".to_owned()),
            value: shown(declared),
            kind: IssueKind::Assumption,
            message: "the file says that it is in this encoding, but its bytes speak against it".to_owned(),
            action: format!("read as {used}"),
        });
    }
}

fn keep_notes(channel: &Channel, builder: &mut DatasetBuilder) {
    for node in channel.nodes.iter().take(NOTES_MAX) {
        let text = text_of_node(node, channel.is_atom);
        if !text.is_empty() {
            builder.origin.notes.push((shown(&node.name), shown(&text)));
        }
    }
}
