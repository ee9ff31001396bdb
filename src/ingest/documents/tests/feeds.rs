//! Feeds in XML and JSON.

use expect_test::expect;

use super::{read, told, try_bytes};
use crate::data::{Field, IssueKind};

#[test]
fn items_are_articles_and_events_at_their_publication() {
    let dataset = read(
        "f.xml",
        r#"<?xml version="1.0" encoding="utf-8"?>
<!-- a comment --><!DOCTYPE rss [<!ENTITY own "aaaaaaaaaa"><!ENTITY big "&own;&own;">]>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:georss="http://www.georss.org/georss" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
<item><title>First &amp; only <![CDATA[<b>bold</b>]]></title><link>https://n.example/1</link><guid isPermaLink="false">g1</guid>
 <pubDate>Thu, 01 Jan 2004 19:48:21 +0200</pubDate><description>One &lt;a href="x"&gt;link&lt;/a&gt; &big; caf&eacute;</description>
 <category>War</category><category domain="d">Sea</category><dc:creator>J. Doe</dc:creator><source url="https://w.example/feed">Wire</source>
 <georss:point>50.1 30.2</georss:point><enclosure url="https://n.example/a.mp3" length="5" type="audio/mpeg"/></item>
<item><title>No date</title><link>/2</link><pubDate>yesterday</pubDate></item>
<item><guid>https://n.example/3</guid><dc:date>2004-02</dc:date></item>
<title>The Paper</title><link>https://n.example/</link><language>uk</language>
</channel></rss>"#,
    );
    expect![[r#"
        xml feed: 3 rows, 0 rejected, 0 aside
        note title: The Paper
        note link: https://n.example/
        note language: uk
        1 event [g1] First & only bold
            2004-01-01T17:48:21Z “Thu, 01 Jan 2004 19:48:21 +0200”, published 2004-01-01T17:48:21Z “Thu, 01 Jan 2004 19:48:21 +0200”, said by The Paper (outlet) < Wire (outlet), in https://n.example/1
            category=War, lat=50.1, lon=30.2, note=One link &big; café, title (as given)=First & only <b>bold</b>, description (as given)=One <a href="x">link</a> &big; café, categories=War; Sea, author=J. Doe, category_column=Sea, category.domain=d, enclosure.url=https://n.example/a.mp3, enclosure.length=5, enclosure.type=audio/mpeg
        2 event [@2] No date
            undated “yesterday”, published undated “yesterday”, said by The Paper (outlet), in https://n.example/2
        3 event [https://n.example/3] -
            2004-02, published 2004-02, said by The Paper (outlet), in https://n.example/3
        article https://n.example/1 | First & only bold | The Paper | 2004-01-01T17:48:21Z “Thu, 01 Jan 2004 19:48:21 +0200” | uk
        article https://n.example/2 | No date | The Paper | undated “yesterday” | uk
        article https://n.example/3 | The Paper | 2004-02 | uk
        issue invalid_date 9 pubDate “yesterday”: not a date in any form that is known; undated; the text is kept
        issue invalid_text 6 - “&big;”: line 6, column 102: no character has this name; kept as it is written
    "#]].assert_eq(&told(&dataset));
}

#[test]
fn entries_of_atom_say_what_is_markup() {
    let dataset = read(
        "f.atom",
        r#"<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://n.example/x/" xml:lang="de">
<a:title>Blatt</a:title><a:link href="/"/><a:link rel="self" href="f.atom"/>
<a:entry><a:id>tag:1</a:id><a:title>5 &lt; 6</a:title><a:link href="one"/><a:link rel="related" href="https://o.example/r"/>
 <a:published>2003-12-13T08:29:29-04:00</a:published><a:updated>2003-12-14</a:updated><a:author><a:name>N</a:name><a:email>n@n.example</a:email></a:author>
 <a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Para <b>bold</b></p><p>two</p></div></a:content><a:category term="t" label="Topic"/></a:entry>
<a:entry><a:title type="html">&lt;i&gt;html&lt;/i&gt;</a:title><a:updated>2003-12-15T00:00:00Z</a:updated><a:source><a:id>tag:s</a:id><a:title>Elsewhere</a:title></a:source></a:entry>
</a:feed>"#,
    );
    expect![[r"
        xml feed: 2 rows, 0 rejected, 0 aside
        note title: Blatt
        1 event [tag:1] 5 < 6
            2003-12-13T12:29:29Z “2003-12-13T08:29:29-04:00”, published 2003-12-13T12:29:29Z “2003-12-13T08:29:29-04:00”, said by Blatt (outlet), in https://n.example/x/one
            category=Topic, note=Para bold⏎two, content (as given)=<div><p>Para <b>bold</b></p><p>two</p></div>, author=N, updated=2003-12-14, author.name=N, author.email=n@n.example
        2 event [@2] html
            2003-12-15T00:00:00Z, published 2003-12-15T00:00:00Z, said by Blatt (outlet) < Elsewhere (outlet)
            title (as given)=<i>html</i>, source.id=tag:s, source.title=Elsewhere
        article https://n.example/x/one | 5 < 6 | Blatt | 2003-12-13T12:29:29Z “2003-12-13T08:29:29-04:00” | de -> https://o.example/r
        article https://o.example/r - https://n.example/x/one
    "]].assert_eq(&told(&dataset));
}

#[test]
fn rdf_and_old_rss_are_feeds() {
    let rdf = read(
        "f.rdf",
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://n.example/"><title>R</title><link>https://n.example/</link><items><rdf:Seq><rdf:li resource="https://n.example/1"/></rdf:Seq></items></channel>
<item rdf:about="https://n.example/1"><title>One</title><dc:date>2004-01-01T00:00Z</dc:date></item></rdf:RDF>"#,
    );
    expect![[r"
        xml feed: 1 rows, 0 rejected, 0 aside
        note title: R
        note link: https://n.example/
        1 event [https://n.example/1] One
            2004-01-01T00:00Z, published 2004-01-01T00:00Z, said by R (outlet), in https://n.example/1
        article https://n.example/1 | One | R | 2004-01-01T00:00Z
    "]]
    .assert_eq(&told(&rdf));
    let old = read("f.xml", "<rss><channel><title>O</title><item><title>t&nbsp;1</title></item></channel></rss>");
    assert_eq!(old.records.title(0), Some("t 1"));
}

#[test]
fn a_feed_that_breaks_keeps_the_items_before() {
    let text = "<rss><channel><title>O</title>\n<item><title>1</title></item>\n<item><title>2</titel></item>\n<item/></channel></rss>";
    expect![[r"
        xml feed: 2 rows, 1 rejected, 0 aside
        note title: O
        1 event [@1] 1
            undated, said by O (outlet)
        issue invalid_xml 3 - “”: line 3, column 15: ill-formed document: expected `</title>`, but `</titel>` was found; reading stopped here; the items before are kept
    "]].assert_eq(&told(&read("f.xml", text)));
    let text = "<rss><channel><title>O</title>\n<item><title>1</title></item>\n<item><title>2";
    expect![[r"
        xml feed: 2 rows, 1 rejected, 0 aside
        note title: O
        1 event [@1] 1
            undated, said by O (outlet)
        issue truncated 3 - “”: line 3, column 15: the file ends where the end of an element should come; the records before are kept
    "]]
    .assert_eq(&told(&read("f.xml", text)));
    assert!(try_bytes("f.xml", b"<rss><channel><title>O</title></channel></rss>").unwrap_err().to_string().contains("no items"));
    assert!(try_bytes("f.xml", b"<!DOCTYPE html><html><p>x</html>").unwrap_err().to_string().contains("HTML page"));
    assert!(try_bytes("f.xml", b"<?xml version='1.0'?><kml/>").unwrap_err().to_string().contains("no feed"));
}

#[test]
fn the_encoding_is_the_declared_one_unless_the_bytes_speak_against_it() {
    let text = "<?xml version=\"1.0\" encoding=\"LABEL\"?><rss><channel><item><title>Взрыв на складе</title></item></channel></rss>";
    for label in ["koi8-r", "windows-1251", "utf-8"] {
        let text = text.replace("LABEL", label);
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        let dataset = try_bytes("f.xml", &encoding.encode(&text).0).unwrap();
        assert_eq!((dataset.records.title(0), dataset.issues.total()), (Some("Взрыв на складе"), 0), "{label}");
    }
    let wrong = read("f.xml", &text.replace("LABEL", "koi8-r"));
    assert_eq!(wrong.records.title(0), Some("Взрыв на складе"));
    assert!(told(&wrong).contains("“koi8-r”: the file says that it is in this encoding"), "{}", told(&wrong));
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.replace("LABEL", "utf-16").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(try_bytes("f.xml", &wide).unwrap().records.title(0), Some("Взрыв на складе"));
}

#[test]
fn nothing_in_a_feed_can_grow_or_nest_without_bound() {
    let deep =
        format!("<rss><channel><item><description>{}x{}</description></item></channel></rss>", "<b>".repeat(20_000), "</b>".repeat(20_000));
    assert_eq!(read("f.xml", &deep).records.len(), 1);
    let lines = format!("<rss><channel><item><description>{}</description></item></channel></rss>", "\n".repeat(3 << 20));
    assert_eq!(read("f.xml", &lines).records.len(), 1);
    let long = format!("<rss><channel>\n<item><title>t</title><description>{}</description></item></channel></rss>", "ä".repeat(1 << 20));
    let dataset = read("f.xml", &long);
    assert_eq!(dataset.records.display(Field::NOTE, 0).map(|note| note.len()), Some(1 << 20));
    let issue = &dataset.issues.list[0];
    assert_eq!((issue.kind, issue.line, issue.column.as_deref()), (IssueKind::CellTooLong, Some(2), Some("description")));
}

#[test]
fn a_json_feed_is_a_feed() {
    let dataset = read(
        "f.json",
        r#"{"items":[{"id":"2","title":"Two","content_html":"<p>Text</p>","url":"https://n.example/2","date_published":"2020-02-03T04:05:06+01:00","tags":["a","b"],
  "attachments":[{"url":"https://n.example/a.mp4","mime_type":"video/mp4"}]},
 {"id":1,"content_text":"Short","external_url":"https://o.example/","date_modified":"2020-02-01","authors":[{"name":"You"}]},"x"],
 "version":"https://jsonfeed.org/version/1.1","title":"Feed","home_page_url":"https://n.example/","language":"en","author":{"name":"Me"}}"#,
    );
    expect![[r#"
        json feed: 3 rows, 1 rejected, 0 aside
        note version: https://jsonfeed.org/version/1.1
        note title: Feed
        note home_page_url: https://n.example/
        note language: en
        note author: {"name":"Me"}
        1 event [2] Two
            2020-02-03T03:05:06Z “2020-02-03T04:05:06+01:00”, published 2020-02-03T03:05:06Z “2020-02-03T04:05:06+01:00”, said by Feed (outlet), in https://n.example/2
            category=a, note=Text, tags=a; b, author=Me, attachments=[{"url":"https://n.example/a.mp4","mime_type":"video/mp4"}]
        2 event [1] -
            2020-02-01, published 2020-02-01, said by Feed (outlet), in https://o.example/
            note=Short, author=You, authors=[{"name":"You"}]
        article https://n.example/2 | Two | Feed | 2020-02-03T03:05:06Z “2020-02-03T04:05:06+01:00” | en
        article https://o.example/ | Feed | 2020-02-01 | en
        issue rejected_row 3 items “"x"”: an item must be an object; left out
    "#]].assert_eq(&told(&dataset));
}
