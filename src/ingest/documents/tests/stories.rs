//! Timelines of `TimelineJS` and exports of `TimeMap`.

use expect_test::expect;

use super::{Options, open, read, told};
use crate::ingest::Input;

#[test]
fn a_timeline_has_its_dates_at_their_precision_and_its_texts_without_markup() {
    let dataset = read(
        "t.json",
        r#"{"title":{"text":{"headline":"Two <b>rivers</b>","text":"<p>Intro</p>"}},"scale":"human",
 "events":[
  {"unique_id":"e1","start_date":{"year":"1999","month":"5","display_date":"Late spring"},
   "text":{"headline":"Bridge<br/>opened","text":"<p>By the <a href=\"https://b.example\">mayor</a>.</p>"},
   "media":{"url":"https://m.example/a.jpg","credit":"A. Person","caption":"The <i>bridge</i>","thumbnail":"t.jpg"},"group":"Town"},
  {"start_date":{"year":1999,"month":5,"day":7,"hour":14,"minute":5},"end_date":{"year":"1999","month":"05","day":"09"},
   "text":{"headline":"Fair"},"background":{"color":"red"},"autolink":false},
  {"start_date":{"year":"2001","month":"13","day":"1"},"text":{"headline":"No such month"}},
  {"start_date":{"year":"2001","month":"5"},"end_date":{"year":"2000"},"text":{"headline":"Backwards"}},
  {"start_date":{"year":"-44","month":""},"text":{"headline":["not","a text"]}},
  7],
 "eras":[{"start_date":{"year":"1990"},"end_date":{"year":"1999"},"text":{"headline":"The nineties"}}]}"#,
    );
    expect![[r#"
        json timelinejs: 7 rows, 1 rejected, 0 aside
        note title: Two rivers
        note text: Intro
        note scale: human
        1 event [e1] Bridge opened
            1999-05, in https://m.example/a.jpg
            category=Town, note=By the mayor., headline (as given)=Bridge<br/>opened, text (as given)=<p>By the <a href="https://b.example">mayor</a>.</p>, media.credit=A. Person, media.caption=The <i>bridge</i>, media.thumbnail=t.jpg, start_date.display_date=Late spring
        2 event [@2] Fair
            1999-05-07T14:05Z/1999-05-09
            background.color=red, autolink=false
        3 event [@3] No such month
            undated “2001-13-1”
        4 event [@4] Backwards
            2001-05 “2001-05/2000”
        5 event [@5] -
            -0044
            text.headline=not; a text
        7 event [@7] The nineties
            1990/1999
            category=era
        article https://m.example/a.jpg | The bridge | A. Person
        issue invalid_date 8 start_date “2001-13-1”: no such date: 13: months run from 01 to 12, seasons from 21 to 41; undated; the text is kept
        issue reversed_dates 9 end_date “2001-05/2000”: the end lies before the start; the start is used; the text is kept
        issue wrong_type 10 text.headline “["not","a text"]”: not a text; kept as a field
        issue rejected_row 11 events “7”: an element of the timeline must be an object; left out
    "#]].assert_eq(&told(&dataset));
}

#[test]
fn a_cosmological_timeline_reaches_beyond_the_calendar() {
    let dataset = read(
        "t.json",
        r#"{"scale":"cosmological","events":[{"start_date":{"year":-13800000000},"text":{"headline":"Big bang"}},{"start_date":{"year":-65000},"text":{"headline":"Ice"}}]}"#,
    );
    expect![[r"
        json timelinejs: 2 rows, 0 rejected, 0 aside
        note scale: cosmological
        1 event [@1] Big bang
            undated “-13800000000”
        2 event [@2] Ice
            Y-65000
        issue date_out_of_range 1 start_date “-13800000000”: beyond the years -262143 to 262142; undated; the text is kept
    "]]
    .assert_eq(&told(&dataset));
}

#[test]
fn the_older_timeline_is_read_too() {
    let dataset = read(
        "t.json",
        r#"{"timeline":{"headline":"Old","type":"default","text":"Intro","date":[
 {"startDate":"2011,12,3","endDate":"2011,12,5","headline":"A <em>thing</em>","text":"T","tag":"x","asset":{"media":"//m.example/b","credit":"C","caption":""}},
 {"startDate":"2012","headline":"A year"},{"startDate":"12/31/2012","headline":"A day"},{"startDate":"2012,1,26,14,30","headline":"A minute"}],
 "era":[{"startDate":"2011","endDate":"2012","headline":"Then"}]}}"#,
    );
    expect![[r"
        json timelinejs: 5 rows, 0 rejected, 0 aside
        note title: Old
        note text: Intro
        1 event [@1] A thing
            2011-12-03/2011-12-05, in https://m.example/b
            category=x, note=T, headline (as given)=A <em>thing</em>, asset.credit=C
        2 event [@2] A year
            2012
        3 event [@3] A day
            2012-12-31 “12/31/2012”
        4 event [@4] A minute
            2012-01-26T14:30Z
        5 event [@5] Then
            2011/2012
            category=era
        article https://m.example/b | C
    "]]
    .assert_eq(&told(&dataset));
}

const EVENTS: &str = r#"[
 {"id":"1","description":"Shots at the gate","date":"2/3/2021","time":"14:05","location":"North gate","latitude":"50.1","longitude":"30.2",
  "category":"shooting","sources":["v1","n1"],"associations":["a1","a2"],"stars":3},
 {"id":2,"description":"Quiet","date":"02/13/2021","time":"00:00","location":"","latitude":"95","longitude":"","sources":["zz"],"associations":[]},
 {"id":3,"title":"Titled","description":"Long","date":"02/30/2021","time":"noon","sources":[{"path":"https://w.example/1","description":"A post"}],"filters":[{"key":"Weapon","value":"Mortar"}],"location":"X"}]"#;
const SOURCES: &str = r#"{"v1":{"id":"v1","title":"Video of the gate","url":"https://v.example/1","parent":"p1","author":"Channel One"},
 "p1":{"id":"p1","title":"Phone of a witness","parent":"p0"},"p0":{"id":"p0","title":"Witness","parent":"v1"},
 "n1":{"id":"n1","title":"A report","paths":["https://n.example/2"],"date":"2/4/2021"}}"#;

fn beside(files: &[(&str, &str)]) -> crate::data::Dataset {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    open(&Input::Path(folder.path().join(files[0].0)), &Options::default()).unwrap()
}

#[test]
fn a_map_of_events_finds_its_sources_beside_it_and_their_parents_make_the_chain() {
    let associations = r#"[{"id":"a1","title":"Gunfire","mode":"CATEGORY"},{"id":"a2","title":"Night","mode":"FILTER"}]"#;
    let dataset = beside(&[
        ("export_events.json", EVENTS),
        ("export_sources.json", SOURCES),
        ("other_sources.json", "[]"),
        ("export_associations.json", associations),
    ]);
    expect![[r"
        json timemap: 3 rows, 0 rejected, 0 aside
        note sources from: export_sources.json
        note associations from: export_associations.json
        1 event [1] Shots at the gate
            2021-02-03T14:05Z “2/3/2021 14:05”, said by Channel One < Phone of a witness < Witness, in v1
            category=shooting, place=North gate, lat=50.1, lon=30.2, associations=Gunfire; Night, further_sources=A report, stars=3
        2 event [2] Quiet
            2021-02-13 “02/13/2021”, said by zz
            lat (as given)=95
        3 event [3] Titled
            undated “02/30/2021”, said by A post, in https://w.example/1
            place=X, note=Long, Weapon=Mortar
        article v1 | Video of the gate | https://v.example/1 | Channel One - n1
        article p1 | Phone of a witness | Phone of a witness
        article p0 | Witness | Witness
        article n1 | A report | https://n.example/2 | A report | 2021-02-04 “2/4/2021” - v1
        article https://w.example/1 | A post | A post
        issue invalid_coordinate 4 lat “95”: not degrees up to 90; left empty; kept beside
        issue dangling_source 4 sources “zz”: no source has this id; shown by its id
        issue invalid_date 5 time “noon”: not a time of day; the day is used
        issue invalid_date 5 date “02/30/2021”: no such date: 02/30/2021: there is no such day; undated; the text is kept
    "]]
    .assert_eq(&told(&dataset));
}

#[test]
fn sources_that_are_missing_are_said_once_and_the_events_are_there() {
    let dataset = beside(&[("events.json", EVENTS)]);
    expect![[r"
        json timemap: 3 rows, 0 rejected, 0 aside
        1 event [1] Shots at the gate
            2021-02-03T14:05Z “2/3/2021 14:05”, said by v1
            category=shooting, place=North gate, lat=50.1, lon=30.2, associations=a1; a2, further_sources=n1, stars=3
        2 event [2] Quiet
            2021-02-13 “02/13/2021”, said by zz
            lat (as given)=95
        3 event [3] Titled
            undated “02/30/2021”, said by A post, in https://w.example/1
            place=X, note=Long, Weapon=Mortar
        article https://w.example/1 | A post | A post
        issue dangling_source 2 sources “v1”: there is no file with the sources beside this one, such as `sources.json`; sources are shown by their ids
        issue invalid_coordinate 4 lat “95”: not degrees up to 90; left empty; kept beside
        issue invalid_date 5 time “noon”: not a time of day; the day is used
        issue invalid_date 5 date “02/30/2021”: no such date: 02/30/2021: there is no such day; undated; the text is kept
    "]].assert_eq(&told(&dataset));
    let several = beside(&[("map.json", EVENTS), ("a_sources.json", "[]"), ("b_sources.json", "[]")]);
    assert!(told(&several).contains("a_sources.json, b_sources.json"), "{}", told(&several));
    let broken = beside(&[("map.json", EVENTS), ("sources.json", "[{")]);
    assert!(told(&broken).contains("cannot be read: EOF"), "{}", told(&broken));
}

#[test]
fn a_change_of_the_file_beside_is_a_change_of_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let (events, sources) = (folder.path().join("events.json"), folder.path().join("sources.json"));
    let state = |text: &str| {
        std::fs::write(&sources, text).unwrap();
        super::super::state_beside(&events)
    };
    assert_eq!(super::super::state_beside(&events), "");
    assert_ne!(state("[]"), state("[ ]"));
    assert_eq!(super::super::state_beside(&folder.path().join("events.csv")), "");
}

#[test]
fn a_map_may_hold_its_sources_itself_behind_the_events() {
    let text = format!(
        r#"{{"events":{EVENTS},"sources":{SOURCES},"associations":[{{"id":"a1","title":"Gunfire","mode":"CATEGORY"}}],"version":2}}"#
    );
    let dataset = read("map.json", &text);
    assert_eq!(dataset.origin.preset.as_deref(), Some("timemap"));
    assert_eq!((dataset.records.len(), dataset.origin.rows), (3, 3));
    assert!(told(&dataset).contains("said by Channel One < Phone of a witness < Witness"), "{}", told(&dataset));
}
