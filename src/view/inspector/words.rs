//! The inspector's words: qualifiers, grades, citations, short addresses. Pure text; it draws nothing.

use crate::data::{Article, Basis, Bound, Credibility, Field, Likelihood, Qualifier, Reliability, Vocabulary as _, display_value};
use crate::layout::{number_text, value_text};
use crate::query::{Figure, RecordAnswer, RecordLine, SourceLine};
use crate::time::{When, Zone, format_when};

/// The sign before a number, and the number without it: `~300` is `~` and `300`.
pub(super) fn sign_and_number(text: &str) -> (&str, &str) {
    for sign in ["~", "≥", "≤"] {
        if let Some(rest) = text.strip_prefix(sign) {
            return (sign, rest.trim_start());
        }
    }
    ("", text)
}

/// How a number was qualified, in one word or two.
pub(super) fn qualifier_word(qualifier: Option<Qualifier>) -> &'static str {
    match qualifier {
        Some(Qualifier::Exact) => "Exact",
        Some(Qualifier::About) => "About",
        Some(Qualifier::AtLeast) => "At least",
        Some(Qualifier::AtMost) => "At most",
        Some(Qualifier::Range) => "Range",
        None => "",
    }
}

/// What a number covers.
pub(super) fn basis_words(basis: Option<Basis>) -> &'static str {
    match basis {
        Some(Basis::Total) => "running total",
        Some(Basis::Increment) => "in this time",
        Some(Basis::Level) => "present then",
        None => "",
    }
}

/// The line under a figure: the qualifier, and behind it the hedge as written, bounds and what it covers.
pub(super) fn qualifier_line(figure: &Figure, hedge: Option<&str>) -> (String, String) {
    let word = qualifier_word(figure.qualifier);
    let mut parts = Vec::new();
    if let (Some(value), Some(band)) = (figure.value, figure.band) {
        let end = |bound: Bound, name: &str| match bound {
            Bound::At(number) if number != value => Some(format!("{name} {}", number_text(number))),
            _ => None,
        };
        parts.extend([end(band.low, "low"), end(band.high, "high")].into_iter().flatten());
    }
    parts.push(basis_words(figure.basis).to_owned());
    let rest = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let hedged = hedge.map(|hedge| format!("(“{hedge}”)")).unwrap_or_default();
    let between = if rest.is_empty() || (word.is_empty() && hedged.is_empty()) { "" } else { " · " };
    let gap = if hedged.is_empty() || word.is_empty() { "" } else { " " };
    (word.to_owned(), format!("{gap}{hedged}{between}{rest}"))
}

/// What is counted beside its metric: item, whose, in which unit.
pub(super) fn counted(figure: &Figure, record: &RecordAnswer) -> String {
    let has_both = record.from.is_some() && record.to.is_some();
    let from = record.from.as_deref().filter(|_| !has_both);
    let unit = figure.unit.as_deref().filter(|unit| *unit != figure.metric && *unit != "percent");
    [figure.item.as_deref(), from, unit].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A metric as the screen writes it inside a line.
pub(super) fn metric_word(metric: &str) -> String {
    metric.replace('_', " ")
}

/// A date in words, the text as given where it could not be understood, or nothing.
pub(super) fn date_words(date: &(Option<String>, Option<When>), zone: Zone) -> Option<String> {
    date.1.as_ref().map(|when| format_when(when, zone)).or_else(|| date.0.clone())
}

/// A likelihood in the words of ICD 203, with its percent.
pub(super) fn likelihood_words(likelihood: Likelihood) -> String {
    let (low, high) = likelihood.percent();
    format!("{}, {low}–{high}%", display_value(Field::LIKELIHOOD, likelihood.key()))
}

/// A grade of a source, with its code.
pub(super) fn reliability_words(reliability: Reliability) -> String {
    format!("{} – {}", reliability.key().to_uppercase(), reliability.words())
}

/// A grade of a record, with its code.
pub(super) fn credibility_words(credibility: Credibility) -> String {
    format!("{} – {}", credibility.key(), credibility.words())
}

/// How many others carry what the article of a record says, and whether the article is no page but a name in a list of outlets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Beside {
    others: usize,
    is_name_only: bool,
}

impl Beside {
    /// What stands beside the article of a record.
    pub(super) fn of(article: Option<&Article>) -> Self {
        article.map_or_else(Self::default, |article| Self {
            others: article.related.len(),
            is_name_only: article.url.is_none() && article.title.is_none(),
        })
    }
}

/// What a source of a chain is: its part in it, its kind, its country.
pub(super) fn source_words(line: &SourceLine, (place, places): (usize, usize), beside: Beside) -> String {
    let kind = line.source.kind.map(|kind| match kind.key() {
        "ngo" => "NGO".to_owned(),
        key => metric_word(key),
    });
    let is_last = place + 1 == places;
    let part = match (is_last, places) {
        (true, 1) if beside.others > 0 && beside.is_name_only => Some(format!("named first of {} outlets", beside.others + 1)),
        (true, 1) if beside.others > 0 => Some("the only source on this page".to_owned()),
        (true, 1) => Some("the only source".to_owned()),
        (true, _) => Some("originator".to_owned()),
        (false, _) => None,
    };
    let grade = line.source.reliability.map(reliability_words);
    let parts = [part, kind, line.country.clone(), grade];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// An address without its scheme and `www.`.
pub(super) fn bare_address(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.strip_suffix('/').unwrap_or(rest)
}

/// A text cut in its middle until it fits; both ends stay.
pub(super) fn middle_cut(text: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(text) {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let with = |kept: usize| -> String {
        let head = kept * 3 / 5;
        let tail = kept - head;
        chars[..head].iter().chain(['…'].iter()).chain(chars[chars.len() - tail..].iter()).collect()
    };
    let (mut low, mut high) = (0, chars.len().saturating_sub(1));
    while low < high {
        let middle = (low + high).div_ceil(2);
        if fits(&with(middle)) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    with(low)
}

/// How an article is cited: publisher, title, date, address, archived copy, when it was retrieved.
pub(super) fn citation(article: &Article, publisher: Option<&str>, zone: Zone) -> String {
    let date = |date: &Option<(String, Option<When>)>| {
        date.as_ref().map(|(text, when)| when.as_ref().map_or_else(|| text.clone(), |when| format_when(when, zone)))
    };
    let parts = [
        publisher.map(str::to_owned),
        article.title.as_deref().map(|title| format!("“{}”", title.trim_matches(['“', '”', '"']))),
        date(&article.published),
        article.url.clone(),
        article.archive_url.as_deref().map(|url| format!("archived copy {url}")),
        date(&article.retrieved).map(|date| format!("retrieved {date}")),
    ];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if text.is_empty() { article.id.clone() } else { text }
}

/// How a record is cited: what it says, who said it, and its article.
pub(super) fn record_citation(record: &RecordAnswer, zone: Zone) -> String {
    let line = &record.line;
    let says = line.title.clone().or_else(|| line.figure.as_ref().map(figure_words)).unwrap_or_else(|| line.id.clone());
    let date = date_words(&record.as_of, zone).map(|date| format!("as of {date}")).or_else(|| date_words(&record.when, zone));
    let who = record.chain.iter().rev().map(|line| line.source.name.as_str()).collect::<Vec<_>>().join(", via ");
    let publisher = record.publisher.as_ref().map(|line| line.source.name.as_str()).or(line.outlet.as_deref());
    let article = record.article.as_ref().map(|article| citation(article, publisher, zone));
    let aside = [Some(who).filter(|who| !who.is_empty()), date].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let aside = if aside.is_empty() { String::new() } else { format!(" ({aside})") };
    let article = article.map(|article| format!(". {article}")).unwrap_or_default();
    format!("{says}{aside}{article} [{}]", line.id)
}

/// The number and its metric: `~300 killed`, or the metric alone.
pub(super) fn figure_words(figure: &Figure) -> String {
    let metric = metric_word(&figure.metric);
    if figure.band.is_none() { metric } else { format!("{} {metric}", value_text(figure, false)) }
}

/// How carriers differ in their qualifier: `3 about, 1 exact`.
pub(super) fn drift_words(carriers: &[RecordLine]) -> String {
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for figure in carriers.iter().filter_map(|line| line.figure.as_ref()) {
        let word = qualifier_word(figure.qualifier);
        let word = if word.is_empty() { "unqualified" } else { word };
        match counts.iter_mut().find(|own| own.0 == word) {
            Some(own) => own.1 += 1,
            None => counts.push((word, 1)),
        }
    }
    counts.sort_by_key(|own| std::cmp::Reverse(own.1));
    let words: Vec<String> = counts.iter().map(|(word, count)| format!("{count} “{}”", word.to_lowercase())).collect();
    format!("Drift: {}", words.join(", "))
}

/// The name of a language; a code that is not known stays as it is.
pub(super) fn language_name(code: &str) -> &str {
    const NAMES: [(&str, &str); 20] = [
        ("ar", "Arabic"),
        ("bg", "Bulgarian"),
        ("cs", "Czech"),
        ("de", "German"),
        ("en", "English"),
        ("es", "Spanish"),
        ("fa", "Persian"),
        ("fr", "French"),
        ("hu", "Hungarian"),
        ("it", "Italian"),
        ("ja", "Japanese"),
        ("ko", "Korean"),
        ("nl", "Dutch"),
        ("pl", "Polish"),
        ("pt", "Portuguese"),
        ("ro", "Romanian"),
        ("ru", "Russian"),
        ("tr", "Turkish"),
        ("uk", "Ukrainian"),
        ("zh", "Chinese"),
    ];
    NAMES.iter().find(|own| own.0 == code).map_or(code, |own| own.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{ArticleId, Band, Measure, Related, Source};

    fn figure(qualifier: Option<Qualifier>) -> Figure {
        let at = Bound::At(300.0);
        Figure {
            metric: "killed".to_owned(),
            item: None,
            measure: Measure::Count,
            value: Some(300.0),
            band: Some(Band { low: at, high: at }),
            qualifier,
            basis: Some(Basis::Total),
            unit: Some("persons".to_owned()),
        }
    }

    #[test]
    fn a_hedge_stands_in_quotes_behind_the_qualifier() {
        let (word, rest) = qualifier_line(&figure(Some(Qualifier::About)), Some("approximately"));
        assert_eq!(format!("{word}{rest}"), "About (“approximately”) · running total");
        let (word, rest) = qualifier_line(&figure(None), None);
        assert_eq!(format!("{word}{rest}"), "running total");
        let open = Figure { basis: None, ..figure(Some(Qualifier::Exact)) };
        assert_eq!(qualifier_line(&open, None), ("Exact".to_owned(), String::new()));
    }

    #[test]
    fn the_first_of_several_outlets_is_not_called_the_only_source() {
        let source = Source {
            id: "a".to_owned(),
            name: "Radio".to_owned(),
            short: None,
            kind: None,
            country: Some("Land".to_owned()),
            reliability: None,
        };
        let line = SourceLine { source, country: Some("Land".to_owned()) };
        let words = |article: Option<&Article>| source_words(&line, (0, 1), Beside::of(article));
        assert_eq!(words(None), "the only source · Land");
        let related = vec![Related { article: ArticleId(1), is_listed: false }, Related { article: ArticleId(2), is_listed: false }];
        let mut article = Article { id: "@1, Radio".to_owned(), related, ..Article::default() };
        assert_eq!(words(Some(&article)), "named first of 3 outlets · Land");
        article.url = Some("https://a.example/1".to_owned());
        assert_eq!(words(Some(&article)), "the only source on this page · Land");
        article.related.clear();
        assert_eq!(words(Some(&article)), "the only source · Land");
    }

    #[test]
    fn bounds_that_say_more_than_the_value_are_told() {
        let wide = Figure { band: Some(Band { low: Bound::At(250.0), high: Bound::At(400.0) }), basis: None, ..figure(None) };
        assert_eq!(qualifier_line(&wide, None).1, "low 250 · high 400");
    }

    #[test]
    fn addresses_lose_scheme_and_middle_but_no_end() {
        assert_eq!(bare_address("https://www.example.org/a/b/"), "example.org/a/b");
        let cut = middle_cut("example.org/2025/02/11/a-long-headline-1907116.html", |text| text.chars().count() <= 24);
        assert_eq!(cut.chars().count(), 24);
        assert!(cut.starts_with("example.org/") && cut.ends_with("116.html"), "{cut}");
        assert_eq!(middle_cut("北朝鮮の兵士", |text| text.chars().count() <= 3), "北…士");
        assert_eq!(middle_cut("abc", |_| false), "…");
    }

    #[test]
    fn a_citation_has_only_what_is_stored() {
        let article = Article { id: "a1".to_owned(), url: Some("https://example.org/a".to_owned()), ..Article::default() };
        assert_eq!(citation(&article, Some("Example"), Zone::UTC), "Example, https://example.org/a");
        assert_eq!(citation(&Article { id: "a1".to_owned(), ..Article::default() }, None, Zone::UTC), "a1");
    }

    #[test]
    fn signs_stand_apart_from_numbers() {
        assert_eq!(sign_and_number("~300"), ("~", "300"));
        assert_eq!(sign_and_number("≥ 1,200"), ("≥", "1,200"));
        assert_eq!(sign_and_number("4,000–6,000"), ("", "4,000–6,000"));
    }
}
