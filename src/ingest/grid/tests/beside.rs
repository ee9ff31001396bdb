//! What events of a workbook know of the sources that another sheet of it describes.

use super::*;

fn sheet(rows: &[&[&str]]) -> String {
    rows.iter().enumerate().map(|(place, cells)| sheet_row(place as u32 + 1, cells)).collect()
}

fn events() -> String {
    sheet(&[
        &["description", "date", "time", "location", "association1", "source1", "source2"],
        &["Smoke rises", "02/25/2015", "00:00", "Northtown", "gas", "s1", "s2"],
        &["A shot", "02/26/2015", "00:00", "Northtown", "gun", "s2"],
        &["Silence", "02/27/2015", "00:00", "Northtown", "", "s9"],
    ])
}

const SOURCES: &[&[&str]] = &[
    &["Id", "Title", "Path 1", "Path 2", "Date"],
    &["s1", "A film", "film.mp4", "https-is-not-here"],
    &["s2", "A photo", "photo.jpg", "https://a.example/photo", "02/24/2015"],
];

#[test]
fn sources_of_events_are_found_by_their_ids_in_the_sheet_beside() {
    let dataset = read("map.xlsx", &workbook(&[("Sources", "visible", &sheet(SOURCES)), ("Events", "visible", &events())], ""));
    assert_eq!(dataset.origin.preset.as_deref(), Some("timemap"));
    let article = |row: u32| {
        let article = &dataset.articles[dataset.records.article(row)?.0 as usize];
        let day = article.published.as_ref().and_then(|(_, when)| *when).map(|when| crate::time::format_iso_day(when.span.start));
        Some((article.title.clone()?, article.url.clone(), day, article.related.len()))
    };
    assert_eq!(article(0), Some(("A film".to_owned(), None, None, 1)));
    let url = Some("https://a.example/photo".to_owned());
    assert_eq!(article(1), Some(("A photo".to_owned(), url, Some("2015-02-24".to_owned()), 1)));
    assert_eq!(article(2), None);
    let outlets: Vec<&str> = (0..3).filter_map(|row| dataset.records.str(crate::data::Field::OUTLET, row)).collect();
    assert_eq!(outlets, ["A film", "A photo", "s9"]);
    assert!(dataset.origin.notes.contains(&("sources from".to_owned(), "Sources".to_owned())));
    let said: Vec<(Option<u64>, &str)> = dataset
        .issues
        .list
        .iter()
        .filter(|listed| listed.issue.kind == IssueKind::DanglingSource)
        .map(|listed| (listed.issue.line, listed.issue.value.as_str()))
        .collect();
    assert_eq!(said, [(Some(4), "s9")]);
}

#[test]
fn without_such_a_sheet_ids_are_outlets() {
    let dataset = read("map.xlsx", &workbook(&[("Other", "visible", &sheet(SOURCES)), ("Events", "visible", &events())], ""));
    let outlets: Vec<&str> = (0..3).filter_map(|row| dataset.records.str(crate::data::Field::OUTLET, row)).collect();
    assert_eq!(outlets, ["s1", "s2", "s9"]);
    assert!(dataset.issues.list.iter().all(|listed| listed.issue.kind != IssueKind::DanglingSource));
}
