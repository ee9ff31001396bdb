//! Schema.org in JSON-LD, and features of `GeoJSON`.

use expect_test::expect;

use super::{Options, open, read, told};
use crate::ingest::Input;

#[test]
fn articles_reviews_and_events_are_told_apart_in_a_graph() {
    let dataset = read(
        "g.jsonld",
        r#"{"@context":"https://schema.org","@graph":[
 {"@type":"NewsArticle","@id":"https://n.example/1","headline":"A &amp; B","datePublished":"2020-05-01T10:00:00+02:00","dateModified":"2020-05-02","inLanguage":"en",
  "publisher":{"@id":"_:p"},"author":[{"@type":"Person","name":"J. Doe"},{"@type":"Organization","name":"Wire"}],"articleBody":"<p>Text</p>","keywords":["x","y"]},
 {"@type":["ClaimReview"],"url":"https://c.example/2","datePublished":"2020-06-02","claimReviewed":"Ten ships sank","author":{"@id":"_:p"},
  "reviewRating":{"@type":"Rating","ratingValue":1,"bestRating":5,"alternateName":"False"},
  "itemReviewed":{"@type":"Claim","author":{"@type":"Person","name":"Claimant"},"datePublished":"2020-05-20","appearance":[{"@type":"CreativeWork","url":"https://s.example/post"}]}},
 {"@type":"schema:Event","name":"Parade","startDate":"2020-07-01","endDate":"2020-07-03","location":{"@type":"Place","name":"Square","geo":{"latitude":50.5,"longitude":"30.5"}},"organizer":{"name":"City"}},
 {"@type":"NewsMediaOrganization","@id":"_:p","name":"The Paper","url":"https://n.example"},
 {"@type":"Claim","text":"The bridge fell","datePublished":"2020-13-01"},
 {"@type":"WebSite","@id":"https://n.example/#site"}, null]}"#,
    );
    expect![[r"
        json jsonld: 5 rows, 1 rejected, 2 aside
        1 event [https://n.example/1] A & B
            2020-05-01T08:00:00Z “2020-05-01T10:00:00+02:00”, published 2020-05-01T08:00:00Z “2020-05-01T10:00:00+02:00”, said by The Paper (outlet) < Wire (outlet), in https://n.example/1
            category=NewsArticle, note=Text, author=J. Doe; Wire, dateModified=2020-05-02, keywords=x; y
        2 claim [@2] Ten ships sank
            2020-05-20, published 2020-06-02, said by The Paper (outlet) < Claimant (person), in https://c.example/2
            category=ClaimReview, status=denied, itemReviewed.@type=Claim, rating=False, reviewRating.@type=Rating, reviewRating.ratingValue=1, reviewRating.bestRating=5, @type=ClaimReview
        3 event [@3] Parade
            2020-07-01/2020-07-03
            category=Event, place=Square, lat=50.5, lon=30.5, location.@type=Place, organizer.name=City
        4 claim [@4] The bridge fell
            undated “2020-13-01”, published undated “2020-13-01”
            category=Claim
        article https://n.example/1 | A & B | The Paper | 2020-05-01T08:00:00Z “2020-05-01T10:00:00+02:00” | en
        article https://c.example/2 | Ten ships sank | The Paper | 2020-06-02 -> https://s.example/post
        article https://s.example/post | Claimant - https://c.example/2
        issue invalid_date 9 datePublished “2020-13-01”: no such date: 13: months run from 01 to 12, seasons from 21 to 41; undated; the text is kept
        issue rejected_row 10 @graph “null”: a node must be an object; left out
        issue assumption - @type “1 NewsMediaOrganization, 1 WebSite”: nodes that are neither articles nor claims nor events; not shown as records
    "]].assert_eq(&told(&dataset));
}

#[test]
fn one_node_a_list_and_a_feed_of_reviews_are_read() {
    let node = r#"{"@context":"http://schema.org/","@type":"NewsArticle","headline":"H","datePublished":"2020-01-01"}"#;
    let review = r#"{"@type":"ClaimReview","claimReviewed":"C","datePublished":"2020-01-02"}"#;
    let feed = format!(
        r#"{{"@context":"https://schema.org","@type":"DataFeed","dataFeedElement":[{{"@type":"DataFeedItem","item":[{review}]}},{{"@type":"DataFeedItem","item":{review}}}]}}"#
    );
    let blog = r#"{"@context":"https://schema.org","@type":"LiveBlogPosting","headline":"Live","liveBlogUpdate":[{"@type":"BlogPosting","headline":"One","datePublished":"2020-01-01T10:00:00Z"}]}"#;
    for (text, count) in [(node.to_owned(), 1), (format!("[{node},{node}]"), 2), (feed, 2), (blog.to_owned(), 2)] {
        let dataset = read("n.json", &text);
        assert_eq!(dataset.origin.preset.as_deref(), Some("jsonld"), "{text}");
        assert_eq!((dataset.records.len(), dataset.origin.rows), (count, count as u64), "{text}");
    }
}

#[test]
fn a_graph_of_other_things_is_a_table() {
    let text = r#"[{"@context":"https://schema.org","@type":"Person","name":"A","birthDate":"1970-01-01"},{"@type":"Person","name":"B"}]"#;
    let dataset = read("p.json", text);
    assert_eq!((dataset.origin.preset.as_deref(), dataset.records.len()), (None, 2));
    let input = Input::Bytes { name: "p.json".to_owned(), bytes: text.as_bytes().into() };
    let asked = open(&input, &Options { preset: Some("jsonld".to_owned()), ..Options::default() });
    assert!(asked.unwrap_err().to_string().contains("no articles"));
}

#[test]
fn features_are_rows_and_shapes_lie_at_their_centres() {
    let dataset = read(
        "f.json",
        r#"{"type":"FeatureCollection","links":[{"rel":"self"}],"bbox":[0,0,9,9],"features":[
 {"type":"Feature","id":"f1","bbox":[1,2,1,2],"geometry":{"type":"Point","coordinates":[1.5,2.5,100]},"properties":{"date":"2020-01-01","name":"A","id":7,"killed":3}},
 {"type":"Feature","id":"f2","geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,2],[0,0]]]},"properties":{"date":"2020-01-02","name":"B","tags":["x","y"]},"foreign":{"k":true}},
 {"type":"Feature","id":"f3","geometry":null,"properties":null},
 {"type":"Feature","id":"f4","geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,1]},{"type":"Point","coordinates":[3,5]}]},"properties":{"date":"2020-01-03","latitude":9}},
 {"type":"Feature","id":"f5","geometry":{"type":"Point","coordinates":[200,95]},"properties":{"date":"2020-01-04"}}]}"#,
    );
    expect![[r#"
        geojson table: 5 rows, 0 rejected, 0 aside
        note list: features
        note type: FeatureCollection
        note links: [{"rel":"self"}]
        note bbox: [0,0,9,9]
        1 event [f1] A
            2020-01-01
            metric=killed, measure=count, value=3, basis=increment, unit=persons, lat=2.5, lon=1.5, height=100, bbox=1; 2; 1; 2, properties.id=7
        2 event [f2] B
            2020-01-02
            lat=1, lon=2, geometry.type=Polygon, geometry.coordinates=[[[0,0],[4,0],[4,2],[0,0]]], tags=x; y, foreign.k=true
        3 event [f3] -
            undated
        4 event [f4] -
            2020-01-03
            lat=3, lon=2, geometry.type=GeometryCollection, geometry.geometries=[{"type":"Point","coordinates":[1,1]},{"type":"Point","coordinates":[3,5]}], properties.latitude=9
        5 event [f5] -
            2020-01-04
            longitude (as given)=200, latitude (as given)=95
        issue invalid_coordinate 6 latitude “95”: beyond 90 degrees; left empty; the text is kept beside
        issue invalid_coordinate 6 longitude “200”: beyond 180 degrees; left empty; the text is kept beside
        issue assumption 5 geometry “GeometryCollection”: a place that is no point; 1 of this kind; shown at the centre of its bounds; the shape is kept as text
        issue assumption 3 geometry “Polygon”: a place that is no point; 1 of this kind; shown at the centre of its bounds; the shape is kept as text
    "#]].assert_eq(&told(&dataset));
}

#[test]
fn one_feature_features_by_lines_and_bare_shapes_are_geojson() {
    let feature = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"date":"2020-01-01"}}"#;
    let shapes = r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}"#;
    for (name, text, count) in [
        ("f.json", feature.to_owned(), 1),
        ("f.geojsonl", format!("{feature}\n{feature}\n"), 2),
        ("f.json", format!("[{feature}]"), 1),
        ("f.json", shapes.to_owned(), 1),
        ("f.json", r#"{"type":"LineString","coordinates":[[0,0],[2,4]]}"#.to_owned(), 1),
    ] {
        let dataset = read(name, &text);
        assert_eq!((dataset.origin.format.as_str(), dataset.records.len()), ("geojson", count), "{text}");
        assert_eq!(dataset.records.number(crate::data::Field::LON).and_then(|column| column.get(0)), Some(1.0), "{text}");
    }
}

#[test]
fn a_preset_that_was_asked_for_wins_over_the_build() {
    let text = r#"{"events":[{"start_date":{"year":"2020"},"text":{"headline":"H"}}]}"#;
    let input = Input::Bytes { name: "t.json".to_owned(), bytes: text.as_bytes().into() };
    let with = |preset: &str| open(&input, &Options { preset: Some(preset.to_owned()), ..Options::default() });
    assert_eq!(with("table").unwrap().origin.preset, None);
    assert_eq!(with("timelinejs").unwrap().records.dated(), 1);
    assert!(with("stix").is_err() || with("stix").unwrap().origin.rejected == 1);
    assert!(with("timemap").unwrap().records.dated() == 0);
    let table = Input::Bytes { name: "t.csv".to_owned(), bytes: (*b"date,title\n2020-01-01,x\n").into() };
    let refused = open(&table, &Options { preset: Some("stix".to_owned()), ..Options::default() });
    assert!(refused.unwrap_err().to_string().contains("this file is a table"));
}
