//! Bundles of STIX and events of MISP.

use expect_test::expect;

use super::{read, told};

#[test]
fn a_bundle_becomes_what_was_seen_said_and_published() {
    let dataset = read(
        "b.json",
        r#"{"type":"bundle","id":"bundle--1","objects":[
 {"type":"report","id":"report--1","created":"2020-02-01T00:00:00.000Z","modified":"2020-02-02T00:00:00Z","created_by_ref":"identity--1","name":"On a thing",
  "published":"2020-01-31T12:00:00Z","confidence":72,"object_refs":["malware--1"],"object_marking_refs":["marking-definition--1"],
  "external_references":[{"source_name":"Paper","url":"https://p.example/1","description":"The paper"},{"source_name":"Other","url":"https://o.example/2"},{"source_name":"cve","external_id":"CVE-1"}]},
 {"type":"sighting","id":"sighting--1","created":"2020-03-01T00:00:00Z","first_seen":"2020-01-01T00:00:00Z","last_seen":"2020-01-02T00:00:00Z","count":12,
  "sighting_of_ref":"malware--1","where_sighted_refs":["identity--2"],"created_by_ref":"identity--1"},
 {"type":"observed-data","id":"observed-data--1","created":"2020-03-01T00:00:00Z","first_observed":"2020-01-05T00:00:00Z","last_observed":"2020-01-05T00:00:00Z","number_observed":3,"object_refs":["ipv4-addr--1"]},
 {"type":"incident","id":"incident--1","created":"2020-03-01T00:00:00Z","name":"A break-in","revoked":true,"confidence":130,"created_by_ref":"identity--9"},
 {"type":"malware","id":"malware--1","created":"2020-03-01T00:00:00Z","name":"Tool","malware_types":["a","b"]},
 {"type":"relationship","id":"relationship--1","relationship_type":"attributed-to","source_ref":"malware--1","target_ref":"report--1"},
 {"type":"ipv4-addr","id":"ipv4-addr--1","value":"192.0.2.1"},
 {"type":"marking-definition","id":"marking-definition--1","definition_type":"tlp","definition":{"tlp":"green"}},
 {"type":"identity","id":"identity--1","name":"Maker","identity_class":"organization"},
 {"type":"identity","id":"identity--2","name":"Seer","identity_class":"individual"},
 {"id":"x"}, 5]}"#,
    );
    expect![[r#"
        json stix: 9 rows, 2 rejected, 3 aside
        note bundle: bundle--1
        1 event [report--1] On a thing
            2020-01-31T12:00:00Z, published 2020-01-31T12:00:00Z, said by Maker, in https://p.example/1
            category=report, credibility=2, external_id=CVE-1, external_references=cve, marking=tlp:green, modified=2020-02-02T00:00:00Z, confidence=72, object_refs=malware--1
        2 claim [sighting--1] Sighting of Tool
            2020-01-01T00:00:00Z/2020-01-02T00:00:00Z, published 2020-03-01T00:00:00Z, said by Maker < Seer (person)
            metric=sightings, measure=count, value=12, basis=increment, category=sighting, sighting_of_ref=malware--1
        3 event [observed-data--1] Observed: 192.0.2.1
            2020-01-05T00:00:00Z, published 2020-03-01T00:00:00Z
            metric=observations, measure=count, value=3, basis=increment, category=observed-data, object_refs=ipv4-addr--1
        4 event [incident--1] A break-in
            2020-03-01T00:00:00Z, published 2020-03-01T00:00:00Z, said by identity--9
            category=incident, status=retracted, confidence=130, revoked=true
        5 event [malware--1] Tool
            undated, published 2020-03-01T00:00:00Z
            category=malware, malware_types=a; b
        6 event [relationship--1] Tool attributed to On a thing
            undated
            category=relationship, relationship_type=attributed-to, source_ref=malware--1, target_ref=report--1
        7 event [ipv4-addr--1] 192.0.2.1
            undated
            category=ipv4-addr, value_column=192.0.2.1
        article https://p.example/1 | The paper | Paper | 2020-01-31T12:00:00Z -> https://o.example/2
        article https://o.example/2 | Other - https://p.example/1
        issue invalid_number 8 confidence “130”: not from 0 to 100; kept as a field
        issue dangling_source 8 identity “identity--9”: no identity has this id; shown by its id
        issue rejected_row 15 type “{"id":"x"}”: an object without a type; left out
        issue rejected_row 15 objects “5”: an object of a bundle must be a JSON object; left out
    "#]].assert_eq(&told(&dataset));
}

#[test]
fn one_object_and_objects_by_lines_are_stix_too() {
    let one = r#"{"type":"campaign","id":"campaign--1","created":"2020-01-01T00:00:00Z","name":"C","first_seen":"2019-05-01T00:00:00Z"}"#;
    for (name, text) in
        [("o.json", one.to_owned()), ("o.jsonl", format!("{one}\n{}\n", one.replace("--1", "--2"))), ("o.json", format!("[{one}]"))]
    {
        let dataset = read(name, &text);
        assert_eq!(dataset.origin.preset.as_deref(), Some("stix"), "{text}");
        assert_eq!(dataset.records.dated() as u64, dataset.origin.rows, "{text}");
    }
}

const EVENT: &str = r#"{"Event":{"uuid":"ev-1","info":"A campaign","date":"2021-05-04","threat_level_id":"2","analysis":"1","published":true,
 "timestamp":"1620200000","publish_timestamp":"1620300000","Org":{"uuid":"o-1","name":"Server"},"Orgc":{"uuid":"o-2","name":"Maker"},
 "Tag":[{"name":"admiralty-scale:source-reliability=\"b\""},{"name":"admiralty-scale:information-credibility=\"2\""},{"name":"tlp:white"}],
 "Attribute":[
  {"uuid":"at-1","type":"link","category":"External analysis","value":"https://a.example/report","timestamp":"1620200001","comment":"The report","to_ids":false},
  {"uuid":"at-2","type":"ip-dst","category":"Network activity","value":"192.0.2.7","timestamp":"1620200002","first_seen":"2021-05-01T00:00:00+00:00","last_seen":"2021-05-03T00:00:00+00:00",
   "Tag":[{"name":"estimative-language:likelihood-probability=\"very-likely\""}],"Sighting":[{"uuid":"si-1","type":"0","date_sighting":"1620250000","Organisation":{"uuid":"o-3","name":"Seer"}},{"uuid":"si-2","type":"1","date_sighting":"1620250001"}]},
  {"uuid":"at-3","type":"url","category":"External analysis","value":"https://b.example/more","timestamp":"soon"}],
 "Object":[{"uuid":"ob-1","name":"file","meta-category":"file","first_seen":"2021-04-30","Attribute":[{"uuid":"at-4","type":"filename","category":"Payload delivery","object_relation":"filename","value":"x.doc","timestamp":"0"}]}]}}"#;

#[test]
fn an_event_its_attributes_objects_and_sightings_are_records_of_one_event() {
    expect![[r#"
        json misp: 7 rows, 0 rejected, 0 aside
        1 event [ev-1] A campaign
            2021-05-04, published 2021-05-06T11:20:00Z, said by Server < Maker B, in https://a.example/report
            event_id=ev-1, category=event, credibility=2, tags=admiralty-scale:source-reliability="b"; admiralty-scale:information-credibility="2"; tlp:white, threat_level=medium, analysis_stage=ongoing, threat_level_id=2, analysis=1, published_column=true, timestamp=1620200000
        2 event [at-1] https://a.example/report
            2021-05-05T07:33:21Z, published 2021-05-05T07:33:21Z, said by Server < Maker B, in https://a.example/report
            event_id=ev-1, category=External analysis, credibility=2, note=The report, type=link, to_ids=false
        3 event [at-2] 192.0.2.7
            2021-05-01T00:00:00Z/2021-05-03T00:00:00Z “2021-05-01T00:00:00+00:00/2021-05-03T00:00:00+00:00”, published 2021-05-05T07:33:22Z, said by Server < Maker B, in https://a.example/report
            event_id=ev-1, category=Network activity, hedge=very likely, likelihood=very_likely, credibility=2, tags=estimative-language:likelihood-probability="very-likely", type=ip-dst
        4 claim [si-1] Sighting of 192.0.2.7
            2021-05-05T21:26:40Z, published 2021-05-05T21:26:40Z, said by Seer
            event_id=ev-1, metric=sightings, measure=count, value=1, basis=increment, category=sighting, type=0
        5 claim [si-2] False positive: 192.0.2.7
            2021-05-05T21:26:41Z, published 2021-05-05T21:26:41Z
            event_id=ev-1, metric=sightings, measure=count, value=1, basis=increment, category=sighting, status=denied, type=1
        6 event [at-3] https://b.example/more
            2021-05-04, published undated “soon”, said by Server < Maker B, in https://b.example/more
            event_id=ev-1, category=External analysis, credibility=2, type=url
        7 event [at-4] x.doc
            2021-04-30, said by Server < Maker B, in https://a.example/report
            event_id=ev-1, category=Payload delivery, credibility=2, type=filename, object.uuid=ob-1, object.name=file, object.meta-category=file, object.first_seen=2021-04-30, object_relation=filename
        article https://a.example/report -> https://b.example/more
        article https://b.example/more - https://a.example/report
        issue assumption 5 timestamp “”: attributes without `first_seen` have only a timestamp, of when they were last edited; taken as their date
        issue invalid_date 8 timestamp “soon”: not a count of seconds since 1970; undated; the text is kept
    "#]].assert_eq(&told(&read("m.json", EVENT)));
}

#[test]
fn events_come_in_lists_and_in_answers_of_a_search() {
    let bare = EVENT.strip_prefix(r#"{"Event":"#).and_then(|rest| rest.strip_suffix('}')).unwrap();
    let other = EVENT.replace("ev-1", "ev-2").replace("\"at-", "\"bt-").replace("\"si-", "\"ti-");
    let texts = [
        (bare.to_owned(), 1),
        (format!("[{EVENT},{other}]"), 2),
        (format!("{{\"response\":[{EVENT},{other}]}}"), 2),
        (format!("{{\"response\":{EVENT}}}"), 1),
        (format!("[{bare}]"), 1),
    ];
    let dated = |text: &str| read("m.json", text).records.dated();
    for (text, events) in texts {
        let dataset = read("m.json", &text);
        assert_eq!(dataset.origin.preset.as_deref(), Some("misp"), "{text}");
        // The event, four attributes and two sightings.
        assert_eq!((dataset.records.len(), dataset.origin.rows), (7 * events, 7 * events as u64), "{text}");
        assert_eq!(dataset.records.dated(), dated(EVENT) * events, "{text}");
        assert_eq!(dataset.articles.len(), 2, "{text}");
    }
    let bare = read("m.json", r#"{"Event":{"info":"I","date":"2020-01-01","threat_level_id":"1","Attribute":[],"Object":[]}}"#);
    assert_eq!(bare.records.dated(), 1);
    let index = read(
        "m.json",
        r#"{"ev-1":{"info":"I","date":"2020-01-01","Orgc":{"name":"O"}},"ev-2":{"info":"J","date":"2020-01-02","Orgc":{"name":"O"}}}"#,
    );
    assert_eq!((index.records.dated(), index.records.address(1)), (2, "ev-2".to_owned()));
    let found = r#"{"response":{"Attribute":[{"id":"5","event_id":"9","type":"ip-src","value":"192.0.2.9","timestamp":"1620200002","Event":{"uuid":"ev-9","Orgc":{"name":"Maker"}}}]}}"#;
    let dataset = read("m.json", found);
    assert_eq!((dataset.records.len(), dataset.origin.rows), (1, 1));
    assert!(told(&dataset).contains("event_id=ev-9"), "{}", told(&dataset));
}

#[test]
fn a_sighting_that_is_no_object_is_rejected_and_said() {
    let dataset = read(
        "e.json",
        r#"{"Event":{"info":"A thing","date":"2020-01-01","Attribute":[{"uuid":"a1","type":"domain","category":"Network activity","value":"x.example",
 "timestamp":"1577836800","Sighting":["seen",{"uuid":"s1","date_sighting":"1577836801"}]}]}}"#,
    );
    assert_eq!((dataset.origin.rows, dataset.origin.rejected, dataset.records.len()), (4, 1, 3));
    let issue = dataset.issues.list.iter().find(|issue| issue.kind == crate::data::IssueKind::RejectedRow).unwrap();
    assert_eq!((issue.column.as_deref(), issue.message.as_str()), (Some("Sighting"), "a sighting must be a JSON object"));
}
