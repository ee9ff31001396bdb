//! What the elements of a feed and of its items mean; it knows nothing of how they are read.

use super::super::desk::{Dated, Desk, Record};
use super::super::html::{plain, plain_line};
use super::xml::Node;
use crate::data::{Article, SourceId, SourceKind};
use crate::time::DateOrder;

/// Elements that say when an item was published, best first; those of the second list say when it was last changed.
const PUBLISHED: &[&str] = &["pubDate", "published", "issued", "dc:date", "dcterms:issued", "dcterms:created", "created"];
const UPDATED: &[&str] = &["updated", "modified", "dcterms:modified", "lastBuildDate"];
const TITLES: &[&str] = &["title", "dc:title", "media:title"];
const TEXTS: &[&str] = &["description", "summary", "content", "content:encoded", "dc:description", "itunes:summary"];

/// What all items of a feed share.
#[derive(Default)]
pub(super) struct Channel {
    pub(super) is_atom: bool,
    /// What stands beside the items.
    pub(super) nodes: Vec<Node>,
    base: Option<String>,
    language: Option<String>,
}

/// The text of an element that may hold HTML, as plain text.
pub(super) fn text_of_node(node: &Node, is_atom: bool) -> String {
    let kind = node.attribute("type").unwrap_or("");
    let mode = node.attribute("mode").unwrap_or("");
    if !node.inner.is_empty() {
        return plain(&node.markup).into_owned();
    }
    // Atom says what is HTML; of RSS everything may be.
    let is_plain = is_atom && mode != "escaped" && matches!(kind, "" | "text" | "text/plain") || kind == "text/plain";
    if is_plain { node.text.trim().to_owned() } else { plain(&node.text).into_owned() }
}

impl Channel {
    /// An element around the items begins.
    pub(super) fn open(&mut self, node: &Node) {
        self.is_atom |= node.name == "feed";
        if let Some(base) = node.attribute("xml:base") {
            self.base = Some(joined(self.base.as_deref(), base));
        }
        self.language = node.attribute("xml:lang").map(str::to_owned).or_else(|| self.language.take());
    }

    pub(super) fn add(&mut self, node: Node) {
        self.nodes.push(node);
    }

    pub(super) fn has_title(&self) -> bool {
        self.first(&["title"]).is_some()
    }

    fn first(&self, names: &[&str]) -> Option<&Node> {
        names.iter().find_map(|name| self.nodes.iter().find(|node| node.name == *name))
    }

    fn line(&self, names: &[&str]) -> Option<String> {
        self.first(names).map(|node| plain_line(&text_of_node(node, self.is_atom))).filter(|line| !line.is_empty())
    }

    /// Where the site of the feed is.
    fn home(&self) -> Option<String> {
        let links = || self.nodes.iter().filter(|node| node.name == "link");
        let of_atom = links().find(|link| link.attribute("href").is_some() && is_alternate(link)).and_then(|link| link.attribute("href"));
        let link = links().find_map(Node::words).or(of_atom)?;
        Some(joined(self.base.as_deref(), link))
    }

    fn publisher(&self, desk: &mut Desk<'_>) -> Option<SourceId> {
        let name = self.line(TITLES).or_else(|| self.home())?;
        let id = self.home().unwrap_or_else(|| name.clone());
        Some(desk.source(&id, &name, Some(SourceKind::Outlet), None))
    }

    /// Takes an item as a record.
    pub(super) fn take(&self, desk: &mut Desk<'_>, node: &Node) {
        desk.next_row();
        let mut item = Item { node, taken: Vec::new(), is_atom: self.is_atom || node.name == "entry" };
        let base = node.attribute("xml:base").map(|base| joined(self.base.as_deref(), base)).or_else(|| self.base.clone());
        let mut record = Record { id: item.text(&["guid", "id"]), ..Record::default() };
        let about = node.attribute("rdf:about").or_else(|| node.attribute("about"));
        record.id = record.id.or_else(|| about.map(str::to_owned));
        record.title = item.words(desk, TITLES, &mut record).map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
        record.note = item.words(desk, TEXTS, &mut record);
        let published = item.date(desk, PUBLISHED);
        record.published = if published.is_absent() { item.date(desk, UPDATED) } else { published };
        record.when = record.published.clone();
        item.categories(desk, &mut record);
        if let Some(author) = item.author() {
            desk.extra(&mut record, "author", &author);
        }
        item.place(desk, &mut record);
        let publisher = self.publisher(desk);
        let origin = item.origin(desk);
        record.chain = desk.chain(&[publisher, origin]);
        let home = self.home();
        let (url, others) = item.links(base.as_deref().or(home.as_deref()), about);
        let own_language = item.text(&["dc:language"]).or_else(|| node.attribute("xml:lang").map(str::to_owned));
        record.article = desk.article(Article {
            title: record.title.clone(),
            url: url.clone(),
            publisher,
            published: record.published.of_article(),
            language: own_language.or_else(|| self.line(&["language", "dc:language"])).or_else(|| self.language.clone()),
            ..Article::default()
        });
        for other in others {
            let other = desk.article(Article { url: Some(other), ..Article::default() });
            if let (Some(one), Some(other)) = (record.article, other) {
                desk.builder.relate(one, other, true);
            }
        }
        item.rest(desk, &mut record);
        desk.push(&record);
    }
}

/// An item, and which of its elements were taken.
struct Item<'n> {
    node: &'n Node,
    taken: Vec<&'n Node>,
    is_atom: bool,
}

impl<'n> Item<'n> {
    /// The first element of these names, the better name first, that holds anything.
    fn take(&mut self, names: &[&str]) -> Option<&'n Node> {
        let has_content = |node: &&Node| node.words().is_some() || !node.inner.is_empty() || node.attribute("href").is_some();
        let found = names.iter().find_map(|name| self.node.inner.iter().filter(has_content).find(|node| node.name == *name))?;
        self.taken.push(found);
        Some(found)
    }

    fn text(&mut self, names: &[&str]) -> Option<String> {
        self.take(names).and_then(Node::words).map(str::to_owned)
    }

    fn date(&mut self, desk: &mut Desk<'_>, names: &[&str]) -> Dated {
        let Some(node) = self.take(names) else { return Dated::default() };
        node.words().map_or_else(Dated::default, |text| desk.date(&node.name, text, DateOrder::DayFirst))
    }

    /// A text of an item without its markup; what is lost with that, such as links, is kept beside.
    fn words(&mut self, desk: &mut Desk<'_>, names: &[&str], record: &mut Record) -> Option<String> {
        let node = self.take(names)?;
        let text = text_of_node(node, self.is_atom);
        let given = node.whole_text();
        if given.trim() != text && given.contains('<') {
            desk.extra(record, &format!("{} (as given)", node.name), given.trim());
        }
        Some(text).filter(|text| !text.is_empty())
    }

    fn categories(&mut self, desk: &mut Desk<'_>, record: &mut Record) {
        let is_category = |node: &&Node| matches!(node.name.as_str(), "category" | "dc:subject" | "itunes:category");
        let name = |node: &Node| {
            let name =
                node.attribute("label").or_else(|| node.attribute("term")).or_else(|| node.words()).or_else(|| node.attribute("text"));
            name.map(plain_line)
        };
        let all: Vec<String> = self.node.inner.iter().filter(is_category).filter_map(name).collect();
        record.category = all.first().cloned();
        for category in all.iter().filter(|_| all.len() > 1) {
            desk.extra(record, "categories", category);
        }
        let has_more = |node: &&Node| node.attributes.iter().all(|(name, _)| matches!(name.as_str(), "term" | "label" | "text"));
        self.taken.extend(self.node.inner.iter().filter(is_category).filter(has_more));
    }

    /// Who wrote it: a name, or what there is instead.
    fn author(&mut self) -> Option<String> {
        let node = self.take(&["author", "dc:creator", "itunes:author", "media:credit"])?;
        if node.inner.len() > 1 {
            // Address and page of an author are kept with the rest.
            self.taken.pop();
        }
        let name = node.first("name").and_then(Node::words).or_else(|| node.words());
        let name = name.or_else(|| node.first("email").and_then(Node::words));
        name.map(plain_line)
    }

    /// Where the feed has the item from, when it says so.
    fn origin(&mut self, desk: &mut Desk<'_>) -> Option<SourceId> {
        let node = self.node.first("source")?;
        let name = node.first("title").and_then(Node::words).or_else(|| node.words()).map(plain_line)?;
        let id = node.attribute("url").or_else(|| node.first("id").and_then(Node::words)).unwrap_or(&name).to_owned();
        if node.inner.is_empty() {
            self.taken.push(node);
        }
        Some(desk.source(&id, &name, Some(SourceKind::Outlet), None))
    }

    /// The address of the item, and those that it names as related.
    fn links(&mut self, base: Option<&str>, about: Option<&str>) -> (Option<String>, Vec<String>) {
        let of_link = |link: &Node| {
            let base = link.attribute("xml:base").map(|own| joined(base, own)).or_else(|| base.map(str::to_owned));
            link.words().or_else(|| link.attribute("href")).map(|address| joined(base.as_deref(), address))
        };
        let links = || self.node.inner.iter().filter(|node| node.name == "link");
        let own = links().find(|link| is_alternate(link) && of_link(link).is_some());
        let related: Vec<&Node> = links().filter(|link| matches!(link.attribute("rel"), Some("related" | "via"))).collect();
        let mut url = own.and_then(of_link);
        if url.is_none() {
            let guid = self.node.first("guid").filter(|guid| guid.attribute("isPermaLink") != Some("false")).and_then(Node::words);
            let is_address = |text: &&str| text.starts_with("http://") || text.starts_with("https://");
            url = guid.filter(is_address).or_else(|| about.filter(is_address)).map(str::to_owned);
        }
        self.taken.extend(own.into_iter().chain(related.iter().copied()));
        (url, related.into_iter().filter_map(of_link).collect())
    }

    /// Where it happened, by the ways in which feeds say so.
    fn place(&mut self, desk: &mut Desk<'_>, record: &mut Record) {
        if let Some(point) = self.text(&["georss:point"]) {
            let mut parts = point.split([' ', ',']).filter(|part| !part.is_empty());
            let (lat, lon) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            return desk.coordinates(record, lat, lon);
        }
        let around = self.node.first("geo:Point").unwrap_or(self.node);
        let degrees = |name: &str| around.first(name).and_then(Node::words).unwrap_or("").to_owned();
        let (lat, lon) = (degrees("geo:lat"), degrees("geo:long"));
        desk.coordinates(record, &lat, &lon);
    }

    /// Keeps every element that was not taken as a field.
    fn rest(&self, desk: &mut Desk<'_>, record: &mut Record) {
        for node in self.node.inner.iter().filter(|node| !self.taken.iter().any(|taken| std::ptr::eq(*taken, *node))) {
            keep(desk, record, &node.name, node);
        }
    }
}

/// Keeps an element, its attributes and the elements in it as fields.
fn keep(desk: &mut Desk<'_>, record: &mut Record, name: &str, node: &Node) {
    if let Some(text) = node.words() {
        desk.extra(record, name, text);
    }
    for (attribute, value) in node.attributes.iter().filter(|(attribute, _)| !attribute.starts_with("xmlns")) {
        desk.extra(record, &format!("{name}.{attribute}"), value.trim());
    }
    for inner in &node.inner {
        keep(desk, record, &format!("{name}.{}", inner.name), inner);
    }
}

/// Is it a link to the thing itself, rather than to something about it?
fn is_alternate(link: &Node) -> bool {
    link.attribute("rel").is_none_or(|rel| matches!(rel, "alternate" | "http://www.iana.org/assignments/relation/alternate"))
}

/// An address as seen from another one (RFC 3986, without dots in paths).
pub(super) fn joined(base: Option<&str>, address: &str) -> String {
    let address = address.trim();
    let scheme = address.find(':').map(|end| &address[..end]);
    let is_whole = scheme.is_some_and(|scheme| scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && !scheme.contains(['/', '?', '#']));
    let Some((scheme, rest)) = base.filter(|_| !is_whole).and_then(|base| base.split_once("://")) else { return address.to_owned() };
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(host_end);
    let path = path.split(['?', '#']).next().unwrap_or("");
    match address.as_bytes() {
        [] => format!("{scheme}://{rest}"),
        [b'/', b'/', ..] => format!("{scheme}:{address}"),
        [b'/', ..] => format!("{scheme}://{host}{address}"),
        [b'?' | b'#', ..] => format!("{scheme}://{host}{path}{address}"),
        _ => {
            let folder = path.rfind('/').map_or("/", |end| &path[..=end]);
            format!("{scheme}://{host}{folder}{}", address.trim_start_matches("./"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_seen_from_their_base() {
        let base = Some("http://a.example/b/c?d");
        for (address, whole) in [
            ("http://x.example/", "http://x.example/"),
            ("mailto:a@b.example", "mailto:a@b.example"),
            ("e", "http://a.example/b/e"),
            ("./e", "http://a.example/b/e"),
            ("/e", "http://a.example/e"),
            ("//x.example/e", "http://x.example/e"),
            ("?e", "http://a.example/b/c?e"),
        ] {
            assert_eq!(joined(base, address), whole, "{address}");
        }
        assert_eq!(joined(Some("http://a.example"), "e"), "http://a.example/e");
        assert_eq!(joined(None, "e"), "e");
    }
}
