//! Reads cells that list reports, each with agency, date and headline.

use crate::time::parse_ymd_fast;

/// One report: agency, date and headline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Report<'a> {
    pub(super) text: &'a str,
    pub(super) agency: Option<&'a str>,
    pub(super) date: Option<&'a str>,
    pub(super) headline: Option<&'a str>,
}

/// The reports of a cell: `"agency,date,headline";"agency,date,headline"`.
pub(super) fn reports(cell: &str, separator: char) -> Vec<Report<'_>> {
    let mut parts = Vec::new();
    let (mut start, mut is_quoted) = (0, false);
    for (at, char) in cell.char_indices() {
        if char == '"' {
            is_quoted = !is_quoted;
        } else if char == separator && !is_quoted {
            parts.push(&cell[start..at]);
            start = at + char.len_utf8();
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
        let cell = "\"Agency A,2017-01-30,Two killed; three hurt\";\"Radio, North,2017-01-31,Shelling\";\"No date here\"";
        let found = reports(cell, ';');
        assert_eq!(found.len(), 3);
        assert_eq!(
            (found[0].agency, found[0].date, found[0].headline),
            (Some("Agency A"), Some("2017-01-30"), Some("Two killed; three hurt"))
        );
        assert_eq!((found[1].agency, found[1].date), (Some("Radio, North"), Some("2017-01-31")));
        assert_eq!((found[2].agency, found[2].date, found[2].headline), (Some("No date here"), None, None));
    }
}
