//! The preset for the Georeferenced Event Dataset of the Uppsala Conflict Data Program (UCDP GED), by its code book.

use super::Preset;
use crate::data::{Article, ArticleId, Basis, ChainId, DatasetBuilder, Source, SourceId};
use crate::ingest::mapping::{Mapping, Measured, Role};
use crate::ingest::names::plain_name;
use crate::ingest::taker::Row;
use crate::time::{DAY_US, Flags, Precision, Span, When, parse_ymd_fast};

/// The preset.
pub(in crate::ingest) const UCDP: Preset = Preset { key: "ucdp_ged", counter: Some("UCDP GED"), fits: is_header, apply };

const NEEDED: [&str; 5] = ["date_prec", "type_of_violence", "best", "low", "high"];

const ROLES: &[(&str, Role)] = &[
    ("id", Role::Id),
    ("date_start", Role::When),
    ("date_end", Role::End),
    ("side_a", Role::From),
    ("side_b", Role::To),
    ("type_of_violence", Role::Category),
    ("where_coordinates", Role::Place),
    ("latitude", Role::Lat),
    ("longitude", Role::Lon),
];

/// Is this its header?
fn is_header(header: &[String]) -> bool {
    let has = |name: &str| header.iter().any(|column| plain_name(column) == name);
    NEEDED.iter().all(|name| has(name)) && (has("date_start") || has("date_end"))
}

/// Sets what its columns mean.
fn apply(mapping: &mut Mapping) {
    for column in &mut mapping.columns {
        let name = plain_name(&column.name);
        column.role = ROLES.iter().find(|(known, _)| *known == name).map_or(Role::Extra, |(_, role)| *role);
    }
    let find = |mapping: &Mapping, name: &str| mapping.columns.iter().position(|column| plain_name(&column.name) == name);
    let (value, low, high) = (find(mapping, "best"), find(mapping, "low"), find(mapping, "high"));
    for column in [value, low, high].into_iter().flatten() {
        mapping.columns[column].role = Role::Measured;
    }
    mapping.measured =
        vec![Measured { metric: "killed".to_owned(), unit: Some("persons".to_owned()), basis: Basis::Increment, value, low, high }];
}

fn cell<'a>(row: Row<'a>, mapping: &Mapping, name: &str) -> Option<&'a str> {
    let column = mapping.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))?;
    Some(row.get(column).trim()).filter(|cell| !cell.is_empty())
}

/// The words of `type_of_violence`.
pub(in crate::ingest) fn violence(code: &str) -> &str {
    match code {
        "1" => "state-based",
        "2" => "non-state",
        "3" => "one-sided",
        other => other,
    }
}

/// `{side_a} – {side_b}, {where}`, else the dyad's name.
pub(in crate::ingest) fn title(row: Row<'_>, mapping: &Mapping) -> Option<String> {
    let sides = match (cell(row, mapping, "side_a"), cell(row, mapping, "side_b")) {
        (Some(a), Some(b)) => format!("{a} – {b}"),
        (one, other) => one.or(other).or_else(|| cell(row, mapping, "dyad_name"))?.to_owned(),
    };
    Some(match cell(row, mapping, "where_coordinates") {
        Some(place) => format!("{sides}, {place}"),
        None => sides,
    })
}

/// The province or country where the place itself is not given.
pub(in crate::ingest) fn wider_place<'a>(row: Row<'a>, mapping: &Mapping) -> Option<&'a str> {
    cell(row, mapping, "adm_1").or_else(|| cell(row, mapping, "country"))
}

/// An event known only to its month or year: one moment within it, not a time that it lasted.
pub(in crate::ingest) fn vague(row: Row<'_>, mapping: &Mapping, span: Span) -> Option<When> {
    let precision = match cell(row, mapping, "date_prec")? {
        "4" => Precision::Month,
        "5" => Precision::Year,
        _ => return None,
    };
    let (year, month, day) = span.start.ymd();
    let (year_after, month_after, day_after) = span.end.ymd();
    let is_unit = match precision {
        Precision::Month => day == 1 && day_after == 1 && year_after * 12 + month_after as i32 == year * 12 + month as i32 + 1,
        _ => (month, day, month_after, day_after) == (1, 1, 1, 1) && year_after == year + 1,
    };
    (is_unit && span.width_us().is_some_and(|width| width > DAY_US)).then_some(When { span, precision, flags: Flags::default() })
}

/// What a row says of its sources.
pub(in crate::ingest) struct Sources {
    pub(in crate::ingest) chain: Option<ChainId>,
    pub(in crate::ingest) article: Option<ArticleId>,
    pub(in crate::ingest) published: Option<When>,
}

/// The articles of `source_article`, the chain from the first agency to `source_original`, and the latest date.
pub(in crate::ingest) fn sources(row: Row<'_>, mapping: &Mapping, builder: &mut DatasetBuilder) -> Sources {
    let original = cell(row, mapping, "source_original");
    let reports = cell(row, mapping, "source_article").map(reports).unwrap_or_default();
    let mut first: Option<(ArticleId, Option<SourceId>)> = None;
    let mut published: Option<When> = None;
    for report in &reports {
        let source = report.agency.map(|name| source(builder, name));
        let when = report.date.and_then(|date| parse_ymd_fast(date.as_bytes()));
        if when.is_some_and(|when| published.is_none_or(|latest| when.span.end > latest.span.end)) {
            published = when;
        }
        let article = match builder.find_article(report.text) {
            Some(article) => article,
            None => builder.article(Article {
                id: report.text.to_owned(),
                title: report.headline.map(str::to_owned),
                publisher: source,
                published: report.date.map(|date| (date.to_owned(), when)),
                ..Article::default()
            }),
        };
        match first {
            Some((one, _)) => builder.relate(one, article, false),
            None => first = Some((article, source)),
        }
    }
    let office = || cell(row, mapping, "source_office").and_then(|offices| offices.split(';').map(str::trim).find(|name| !name.is_empty()));
    let publisher = first.and_then(|(_, source)| source).or_else(|| office().map(|name| source(builder, name)));
    let originator = original.map(|name| source(builder, name)).filter(|originator| Some(*originator) != publisher);
    let chain: Vec<SourceId> = publisher.into_iter().chain(originator).collect();
    Sources { chain: builder.chain(&chain), article: first.map(|(article, _)| article), published }
}

fn source(builder: &mut DatasetBuilder, name: &str) -> SourceId {
    builder.find_source(name).unwrap_or_else(|| {
        builder.source(Source { id: name.to_owned(), name: name.to_owned(), short: None, kind: None, country: None, reliability: None })
    })
}

/// One report: agency, date and headline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Report<'a> {
    text: &'a str,
    agency: Option<&'a str>,
    date: Option<&'a str>,
    headline: Option<&'a str>,
}

/// The reports of a cell: `"agency,date,headline";"agency,date,headline"`.
fn reports(cell: &str) -> Vec<Report<'_>> {
    let mut parts = Vec::new();
    let (mut start, mut is_quoted) = (0, false);
    for (at, byte) in cell.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b';' if !is_quoted => {
                parts.push(&cell[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&cell[start..]);
    parts.into_iter().map(|part| part.trim().trim_matches('"').trim()).filter(|part| !part.is_empty()).map(report).collect()
}

fn report(text: &str) -> Report<'_> {
    let full = |part: &'_ str| !part.trim().is_empty();
    let dated = text.match_indices(',').find_map(|(at, _)| {
        let rest = &text[at + 1..];
        let end = rest.find(',').unwrap_or(rest.len());
        let date = rest[..end].trim();
        parse_ymd_fast(date.as_bytes()).map(|_| (at, date, rest.get(end + 1..)))
    });
    let (agency, date, headline) = match dated {
        Some((at, date, headline)) => (&text[..at], Some(date), headline),
        None => match text.split_once(',') {
            Some((agency, headline)) => (agency, None, Some(headline)),
            None => (text, None, None),
        },
    };
    Report {
        text,
        agency: Some(agency.trim()).filter(|part| full(part)),
        date,
        headline: headline.map(str::trim).filter(|part| full(part)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_split_outside_quotes_and_by_their_dates() {
        let found = reports("\"Agency A,2017-01-30,Two killed; three hurt\";\"Radio, North,2017-01-31,Shelling\";\"No date here\"");
        assert_eq!(found.len(), 3);
        assert_eq!(
            (found[0].agency, found[0].date, found[0].headline),
            (Some("Agency A"), Some("2017-01-30"), Some("Two killed; three hurt"))
        );
        assert_eq!((found[1].agency, found[1].date), (Some("Radio, North"), Some("2017-01-31")));
        assert_eq!((found[2].agency, found[2].date, found[2].headline), (Some("No date here"), None, None));
    }

    #[test]
    fn only_a_table_with_best_low_and_high_is_ged() {
        let header = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(is_header(&header(&["id", "type_of_violence", "date_prec", "date_start", "low", "best", "high"])));
        assert!(!is_header(&header(&["id", "type_of_violence", "date_prec", "date_start", "deaths_low", "deaths_best", "deaths_high"])));
    }
}
