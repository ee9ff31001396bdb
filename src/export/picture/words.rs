//! The words around a picture: title, subtitle, sources, cautions, dates, filter and file. It draws nothing.

use std::fmt::Write as _;

use super::choose::PictureView;
use super::legend::{COLOURS_MAX, stands_aside};
use crate::data::{Field, IssueKind, Severity};
use crate::layout::{is_by_day, number_text};
use crate::query::{Answer, Aside, CountAnswer, FacetQuery, Filter, LanesAnswer, Mark, Query, Reading, Schema};
use crate::session::{Answers, Board, ChartMode, Document, Session, Slot};
use crate::time::{Span, Step, Time, Zone, format_day, format_span, format_when};
use crate::view::{Cx, PictureContent};

/// How many originators the sources line names; the others are counted.
const SOURCES_NAMED: usize = 9;
/// How many originators are asked for at most.
const SOURCES_ASKED: u32 = 200;

/// What a picture shows, gathered from the answers at hand.
pub(super) struct Facts<'a> {
    pub(super) schema: &'a Schema,
    pub(super) document: &'a Document,
    pub(super) window: Span,
    pub(super) view: PictureView,
    pub(super) strips: Vec<Strip<'a>>,
    pub(super) lanes: Option<&'a LanesAnswer>,
    pub(super) colours: Option<&'a Answer>,
    sources: Option<&'a Answer>,
    count: Option<&'a CountAnswer>,
}

/// A strip of a board with its answer.
pub(super) struct Strip<'a> {
    pub(super) metric: &'a str,
    pub(super) mode: ChartMode,
    board: &'a Board,
    asked: Option<&'a Query>,
    answer: Option<&'a Answer>,
}

impl<'a> Strip<'a> {
    /// The readings that are drawn in a window.
    pub(super) fn readings(&self, window: Span) -> impl Iterator<Item = &'a Reading> {
        let readings = match self.answer {
            Some(Answer::Claims(claims)) => claims.readings.as_slice(),
            _ => &[],
        };
        readings.iter().filter(move |reading| reading.date.span.overlaps(window))
    }

    pub(super) fn has_points(&self) -> bool {
        matches!(self.answer, Some(Answer::Series(series)) if series.groups.iter().any(|group| !group.points.is_empty()))
    }

    fn series(&self) -> usize {
        if let Some(Answer::Series(series)) = self.answer { series.groups.len() } else { 0 }
    }

    /// The calendar bucket, in a word.
    fn period(&self) -> &'static str {
        match self.asked {
            Some(Query::Series(series)) => series.by.name(),
            _ => self.board.by.map_or("period", Step::name),
        }
    }

    fn aside(&self) -> Aside {
        match self.answer {
            Some(Answer::Claims(claims)) => claims.aside,
            Some(Answer::Series(series)) => series.aside,
            _ => Aside::default(),
        }
    }
}

impl<'a> Facts<'a> {
    /// What the answers at hand say.
    pub(super) fn gather(schema: &'a Schema, session: &'a Session, view: PictureView, answers: &'a Answers) -> Self {
        let boards = session.document.boards.iter().enumerate();
        let strips = boards.flat_map(|(index, board)| {
            board.metrics.iter().map(move |metric| {
                let at_hand = answers.get_with_query(&Slot::Strip(index, metric.clone()));
                Strip { metric, mode: board.mode, board, asked: at_hand.map(|(query, _)| query), answer: at_hand.map(|(_, answer)| answer) }
            })
        });
        let has_lanes = view.content() != PictureContent::Boards;
        Self {
            schema,
            document: &session.document,
            window: session.place.window,
            view,
            strips: strips.collect(),
            lanes: answers
                .get(&Slot::Lanes)
                .filter(|_| has_lanes)
                .and_then(|answer| if let Answer::Lanes(lanes) = answer { Some(lanes) } else { None }),
            colours: answers.get(&Slot::Legend),
            sources: answers.get(&Slot::Sources),
            count: answers.get(&Slot::Count).and_then(|answer| if let Answer::Count(count) = answer { Some(count) } else { None }),
        }
    }

    /// How the screen writes a field.
    pub(super) fn label_of(&self, field: Field) -> String {
        self.schema.info(field).map_or_else(|| "Colour".to_owned(), |info| info.label.clone())
    }

    /// The records that are drawn as marks on the timeline.
    pub(super) fn marks(&self) -> impl Iterator<Item = &'a Mark> {
        let lanes = self.lanes.into_iter().flat_map(|answer| &answer.lanes);
        let window = self.window;
        let touches = move |mark: &&Mark| {
            let dates = [mark.when, mark.as_of];
            window.contains(mark.anchor) || dates.into_iter().flatten().any(|date| date.span.overlaps(window))
        };
        lanes.filter_map(|lane| lane.marks.as_ref()).flatten().filter(touches)
    }

    /// The readings that are drawn on boards.
    pub(super) fn readings(&self) -> impl Iterator<Item = &'a Reading> {
        let window = self.window;
        self.strips.iter().flat_map(move |strip| strip.readings(window))
    }

    fn has(&self, mode: ChartMode) -> bool {
        self.strips.iter().any(|strip| strip.mode == mode)
    }

    /// `killed, wounded and casualties`.
    fn metrics(&self) -> String {
        let names: Vec<String> = self.strips.iter().map(|strip| strip.metric.replace('_', " ")).collect();
        listed(&names)
    }
}

/// Asks what the words need beside the views' own questions.
pub(super) fn ask(cx: &mut Cx<'_>, view: PictureView) {
    let document = &cx.session.document;
    let mut filter = document.filter.clone();
    if view.content() == PictureContent::Boards {
        let metrics = document.boards.iter().flat_map(|board| board.metrics.clone()).collect();
        filter = filter.and(Filter::Is(Field::METRIC, metrics));
    }
    let facet = |field: Field, limit: u32| Query::Facet(FacetQuery { field, filter: filter.clone(), search: String::new(), limit });
    let legend = document.colour.map(|field| facet(field, COLOURS_MAX as u32 * 2));
    let sources = facet(Field::ORIGINATOR, SOURCES_ASKED);
    let window = Some(cx.session.place.window);
    if let Some(legend) = legend {
        cx.questions.ask(Slot::Legend, legend);
    }
    cx.questions.ask(Slot::Sources, sources);
    cx.questions.ask(Slot::Count, Query::Count { filter, window });
}

/// The words of a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Texts {
    pub(super) title: String,
    pub(super) subtitle: String,
    /// What stands below: heading and text.
    pub(super) footer: Vec<(&'static str, String)>,
}

impl Texts {
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        let footer = [
            ("Sources", sources(facts)),
            ("Read with care", cautions(facts)),
            ("As of", as_of(facts)),
            ("Filter", filter(facts)),
            ("Data", data(facts.schema)),
        ];
        Self { title: title(facts), subtitle: subtitle(facts), footer: footer.into_iter().filter(|(_, text)| !text.is_empty()).collect() }
    }

    /// Everything in one text, for those who cannot see the picture.
    pub(super) fn description(&self) -> String {
        let mut text = self.subtitle.clone();
        for (heading, line) in &self.footer {
            write!(text, " {heading}: {line}.").unwrap_or_default();
        }
        text
    }
}

fn title(facts: &Facts<'_>) -> String {
    if !facts.document.title.trim().is_empty() {
        return facts.document.title.trim().to_owned();
    }
    match facts.view.content() {
        PictureContent::Timeline => format!("{}, {}", records(facts), format_span(facts.window, facts.document.zone)),
        PictureContent::Both => {
            let boards: Vec<String> = facts.document.boards.iter().map(|board| board.kind.title().to_lowercase()).collect();
            let with = if boards.is_empty() { String::new() } else { format!(", with {}", listed(&boards)) };
            format!("{}{with}, {}", records(facts), format_span(facts.window, facts.document.zone))
        }
        PictureContent::Boards => {
            let mode = facts.strips.first().map(|strip| strip.mode);
            let what = capitalised(&facts.metrics());
            match mode {
                Some(ChartMode::PerPeriod) => format!("{what} per {}", facts.strips.first().map_or("period", Strip::period)),
                Some(ChartMode::Cumulative) => format!("{what}, added up over time"),
                Some(ChartMode::Totals) | None => format!("{what}: reported totals"),
            }
        }
    }
}

/// `299 records by category`.
fn records(facts: &Facts<'_>) -> String {
    let count = facts.count.map_or(facts.schema.records, |count| count.inside);
    let by = facts.document.lane.map_or_else(String::new, |lane| format!(" by {}", facts.label_of(lane).to_lowercase()));
    format!("{}{by}", counted(count, "record", "records"))
}

fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{} {}", number_text(count as f64), if count == 1 { one } else { several })
}

fn subtitle(facts: &Facts<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    if facts.view.content() != PictureContent::Boards {
        let by = |what: &str, field: Option<Field>| {
            field.map_or_else(String::new, |field| format!("; {what} by {}", facts.label_of(field).to_lowercase()))
        };
        let lanes = by("lanes", facts.document.lane);
        let drawn = || facts.lanes.iter().flat_map(|answer| &answer.lanes);
        let (has_marks, has_columns) = (facts.marks().next().is_some(), drawn().any(|lane| lane.marks.is_none()));
        let colours = if has_marks { by("colours", facts.document.colour) } else { String::new() };
        let peak = if drawn().count() > 1 { ", each lane up to a peak of its own" } else { "" };
        let columns =
            if is_by_day(facts.schema) { "are as high as the records a day" } else { "count the records of each stretch of time" };
        parts.push(match (has_marks, has_columns) {
            (true, false) => format!("One mark for each record, at its date or as-of date{lanes}{colours}."),
            (true, true) => format!("Columns {columns}{peak}; few records have one mark each{lanes}{colours}."),
            (false, _) => format!("Columns {columns}{peak}{lanes}."),
        });
    }
    if facts.has(ChartMode::Totals) {
        parts
            .push("Running totals as claimed. Each mark is one claim by one originator; ×n counts the articles that repeat it.".to_owned());
        if facts.strips.len() > 1 && facts.view.content() == PictureContent::Boards {
            parts.push(format!("{} are never added to each other.", capitalised(&facts.metrics())));
        }
    }
    if facts.has(ChartMode::PerPeriod) {
        let period = facts.strips.iter().find(|strip| strip.mode == ChartMode::PerPeriod).map_or("period", Strip::period);
        parts.push(format!("What happened in each {period}, as {} it.", who_counted(facts)));
    }
    if facts.has(ChartMode::Cumulative) {
        parts.push(format!("What happened, added up from the first record on, as {} it.", who_counted(facts)));
    }
    parts.join(" ")
}

fn who_counted(facts: &Facts<'_>) -> String {
    let origin = &facts.schema.origin;
    let counter = if origin.is_counted_by_name() { "the file" } else { origin.counter.as_deref().unwrap_or("each originator") };
    format!("{counter} counted")
}

fn sources(facts: &Facts<'_>) -> String {
    let is_counted_by_name = facts.schema.origin.is_counted_by_name();
    if let Some(counter) = facts.schema.origin.counter.as_ref().filter(|_| !is_counted_by_name) {
        return format!("{counter}: the file's rows are its own coded events");
    }
    let nobody = if is_counted_by_name { "the file; it names no source" } else { "not recorded" };
    if facts.schema.info(Field::ORIGINATOR).is_none_or(|info| info.present == 0) {
        return nobody.to_owned();
    }
    let Some(Answer::Facet(facet)) = facts.sources else { return nobody.to_owned() };
    let mut named: Vec<_> = facet.values.iter().filter(|value| value.count > 0).collect();
    named.sort_by_key(|value| (std::cmp::Reverse(value.count), value.rank));
    if named.is_empty() {
        return nobody.to_owned();
    }
    let names: Vec<&str> = named.iter().take(SOURCES_NAMED).map(|value| value.value.as_str()).collect();
    let more = named.len().saturating_sub(SOURCES_NAMED);
    let mut text = names.join(", ");
    if more > 0 {
        let at_least = if named.len() >= SOURCES_ASKED as usize { "at least " } else { "" };
        write!(text, " and {at_least}{} more", number_text(more as f64)).unwrap_or_default();
    }
    if facet.missing > 0 {
        write!(text, "; {} without a named originator", number_text(facet.missing as f64)).unwrap_or_default();
    }
    if facts.document.filter == Filter::All && facts.view.content() != PictureContent::Boards && facts.schema.articles > 0 {
        write!(text, "; {} articles", number_text(facts.schema.articles as f64)).unwrap_or_default();
    }
    text
}

fn cautions(facts: &Facts<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !facts.schema.is_complete {
        parts.push("the file was not read to its end: everything here is of a part of it".to_owned());
    }
    let drawn = || facts.readings();
    if facts.has(ChartMode::Totals) {
        parts.push("claims, not measurements: rival figures stand side by side, an arrow is an open bound".to_owned());
        let drifting = drawn().filter(|reading| reading.has_drift).count();
        if drifting > 0 {
            parts.push(format!("articles qualify the number of {} differently", counted(drifting as u64, "claim", "claims")));
        }
        let aside = drawn().filter(|reading| stands_aside(reading.status)).count();
        if aside > 0 {
            parts.push(format!("{} expected, denied, retracted or removed, in no line and no band", number_text(aside as f64)));
        }
    }
    let series = || facts.strips.iter().filter(|strip| strip.mode != ChartMode::Totals);
    if series().any(|strip| strip.board.is_spread) {
        parts.push("what lasted over several periods is shared out in proportion to time".to_owned());
    }
    if series().any(|strip| strip.board.group.is_none() && strip.series() > 1) {
        parts.push("what several counters counted is never added together".to_owned());
    }
    let is_assumed = |kind: IssueKind| matches!(kind, IssueKind::Assumption | IssueKind::AmbiguousDate);
    let count = |is_meant: &dyn Fn(IssueKind) -> bool| -> u64 {
        facts.schema.issues.iter().filter(|(kind, _)| is_meant(*kind)).map(|(_, count)| count).sum()
    };
    let assumed = count(&is_assumed);
    if assumed > 0 {
        parts.push(format!("{} about the file", counted(assumed, "assumption", "assumptions")));
    }
    // What was kept as given stands as it stood.
    let issues = count(&|kind| kind.severity() != Severity::Remark);
    if issues > 0 {
        let it = if issues == 1 { "it" } else { "they" };
        parts.push(format!("{} of the file could not be taken as {it} stood", counted(issues, "value", "values")));
    }
    parts.join(" · ")
}

fn as_of(facts: &Facts<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    let latest = facts.readings().max_by_key(|reading| (reading.date.span.start, reading.date.span.end));
    if let Some(latest) = latest {
        parts.push(format!("latest reading {}", format_when(&latest.date, Zone::UTC)));
    }
    parts.push(match known_on(&facts.document.filter) {
        Some(time) => format!("as known on {}", format_day(time.plus_us(-1))),
        None => "as known on: all publication dates".to_owned(),
    });
    parts.push(format!("shown: {}", format_span(facts.window, facts.document.zone)));
    parts.push(if facts.has(ChartMode::Totals) { "claim dates are as-of dates, UTC" } else { "dates in UTC" }.to_owned());
    parts.join(" · ")
}

fn known_on(filter: &Filter) -> Option<Time> {
    filter.terms().iter().find_map(|term| if let Filter::Known(time) = term { Some(*time) } else { None })
}

fn filter(facts: &Facts<'_>) -> String {
    let text = facts.document.filter.to_text(facts.schema);
    let mut parts = vec![if text.is_empty() { "none".to_owned() } else { text }];
    if let Some(count) = facts.count {
        let whole = if facts.view.content() == PictureContent::Boards { "records with these metrics" } else { "records" };
        let of = if facts.view.content() == PictureContent::Boards { count.matching } else { count.of };
        parts.push(format!("{} of {} {whole} in the dates shown", number_text(count.inside as f64), number_text(of as f64)));
        if facts.view.content() != PictureContent::Boards && count.matching < count.of {
            parts.push(format!("{} do not pass the filter", number_text((count.of - count.matching) as f64)));
        }
        if count.unknown_publication > 0 {
            parts.push(format!("{} left out: publication date unknown", number_text(count.unknown_publication as f64)));
        }
        if count.undated > 0 && facts.strips.is_empty() {
            parts.push(format!("{} undated", number_text(count.undated as f64)));
        }
    }
    let left_out = left_out(facts);
    if !left_out.is_empty() {
        parts.push(format!("left out of the charts: {left_out}"));
    }
    if !facts.document.hidden.is_empty() && facts.view.content() != PictureContent::Boards {
        parts.push(format!("{} lanes hidden", facts.document.hidden.len()));
    }
    for board in &facts.document.boards {
        if !board.counters.is_empty() {
            parts.push(format!("only {}", listed(&board.counters)));
        }
        if !board.actors.is_empty() {
            parts.push(format!("only from or to {}", listed(&board.actors)));
        }
    }
    parts.join(" · ")
}

/// What the charts do not draw, summed over their strips.
fn left_out(facts: &Facts<'_>) -> String {
    let asides: Vec<(Aside, ChartMode)> = facts.strips.iter().map(|strip| (strip.aside(), strip.mode)).collect();
    let sum = |pick: fn(&Aside) -> u64| asides.iter().map(|(aside, _)| pick(aside)).sum::<u64>();
    let of_mode = |is_totals: bool| {
        asides.iter().filter(|(_, mode)| (*mode == ChartMode::Totals) == is_totals).map(|(aside, _)| aside.other_basis).sum::<u64>()
    };
    let counts = [
        (of_mode(true), "increments"),
        (of_mode(false), "running totals and levels"),
        (sum(|aside| aside.no_figure), "without a figure"),
        (sum(|aside| aside.undated), "without that date"),
        (sum(|aside| aside.unplaced), "with an open end"),
        (sum(|aside| aside.not_summable), "shares and rates"),
        (sum(|aside| aside.repeats), "repeats, counted once"),
    ];
    let parts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what}", number_text(*count as f64))).collect();
    parts.join(", ")
}

fn data(schema: &Schema) -> String {
    let origin = &schema.origin;
    let mut text = origin.file_name().to_owned();
    if origin.sha256.is_known() {
        write!(text, " · sha256 {}", origin.sha256.get()).unwrap_or_default();
    }
    if !schema.is_complete {
        text.push_str(" · not read to its end");
    }
    write!(text, " · Dateline {}", env!("CARGO_PKG_VERSION")).unwrap_or_default();
    text
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
