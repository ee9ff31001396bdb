//! Pictures of a small file, through an engine that knows its few answers by heart.

use std::sync::Arc;

use super::*;
use crate::data::{Amount, Band, Basis, Bound, Field, FieldInfo, FieldKind, IssueKind, Measure, Origin, Qualifier, Status};
use crate::engine::Stop;
use crate::export::decode_png;
use crate::query::{
    Answer, Aside, ClaimsAnswer, CountAnswer, FacetAnswer, FacetValue, Figure, Filter, LanesAnswer, MetricInfo, Reading, Schema,
    SeriesAnswer, SeriesGroup, SeriesPoint,
};
use crate::session::ChartMode;
use crate::testing::metric_info;
use crate::time::{DAY_US, Span, Time, When};

const DAY_0: i64 = 20_000;

struct ByHeart;

impl Engine for ByHeart {
    fn answer(&self, query: &Query, _ask: &Ask<'_>) -> Result<Answer, Stop> {
        Ok(match query {
            Query::Count { .. } => Answer::Count(CountAnswer { matching: 64, of: 89, undated: 1, inside: 60, unknown_publication: 0 }),
            Query::Facet(facet) if facet.field == Field::ORIGINATOR => Answer::Facet(facet_of(&["NIS", "Zelenskyy", "HUR"])),
            Query::Facet(_) => Answer::Facet(facet_of(&["KR", "UA"])),
            Query::Lanes(_) => Answer::Lanes(LanesAnswer::default()),
            Query::Claims(_) => Answer::Claims(claims()),
            Query::Series(_) => Answer::Series(series()),
            other => return Err(Stop::Refused(format!("not known by heart: {other:?}"))),
        })
    }

    fn generation(&self) -> u64 {
        1
    }
}

fn facet_of(values: &[&str]) -> FacetAnswer {
    let value = |(rank, value): (usize, &&str)| FacetValue {
        value: (*value).to_owned(),
        short: None,
        count: 9 - rank as u64,
        total: 9,
        rank: rank as u32,
    };
    FacetAnswer { values: values.iter().enumerate().map(value).collect(), distinct: values.len() as u64, missing: 0 }
}

fn reading(row: u32, days: i64, qualifier: Qualifier, value: f64, status: Status) -> Reading {
    let figure = Figure {
        metric: "killed".to_owned(),
        item: None,
        measure: Measure::Count,
        value: Some(value),
        band: Some(Band { low: Bound::At(value), high: if qualifier == Qualifier::AtLeast { Bound::Open } else { Bound::At(value) } }),
        qualifier: Some(qualifier),
        basis: Some(Basis::Total),
        unit: Some("soldiers".to_owned()),
    };
    Reading {
        row,
        id: format!("r{row}"),
        line: row % 2,
        counter: Some("NIS".to_owned()),
        counter_short: Some("NIS".to_owned()),
        figure,
        from: None,
        to: None,
        place: None,
        date: When::day(Time((DAY_0 + days) * DAY_US)),
        status,
        colour: Some(row % 2),
        carriers: vec![row],
        articles: 1 + row,
        has_drift: row == 1,
    }
}

fn claims() -> ClaimsAnswer {
    let readings = vec![
        reading(0, 10, Qualifier::About, 300.0, Status::Reported),
        reading(1, 40, Qualifier::AtLeast, 4_000.0, Status::Reported),
        reading(2, 60, Qualifier::Exact, 12_000.0, Status::Expected),
        reading(3, 4_000, Qualifier::AtMost, 1.0, Status::Reported),
    ];
    ClaimsAnswer { readings, left_out: 0, aside: Aside { records: 89, other_basis: 18, no_figure: 5, ..Aside::default() } }
}

fn series() -> SeriesAnswer {
    let amount = Some(Amount::from_number(3.0));
    let point = SeriesPoint { start: Time((DAY_0 + 31) * DAY_US), value: amount, low: amount, high: amount, records: 2 };
    let group = |name: &str, colour| SeriesGroup {
        key: Some(name.to_owned()),
        colour: Some(colour),
        points: vec![point],
        ..SeriesGroup::default()
    };
    SeriesAnswer { groups: vec![group("UCDP", 0), group("ACLED", 1)], groups_left_out: 0, aside: Aside::default() }
}

fn schema() -> Schema {
    let field = |field: Field, key: &str, label: &str| FieldInfo {
        field,
        key: key.to_owned(),
        label: label.to_owned(),
        kind: FieldKind::Category,
        present: 89,
        distinct: Some(3),
    };
    let metric = MetricInfo {
        unit: Some("soldiers".to_owned()),
        units: 1,
        records: 89,
        increments: 18,
        totals: 64,
        without_figure: 5,
        counters: 3,
        ..metric_info("killed")
    };
    let extent = Span::new(Time(DAY_0 * DAY_US), Time((DAY_0 + 100) * DAY_US));
    Schema {
        generation: 1,
        is_complete: true,
        origin: Origin { path: "/tmp/Київ <facts>.json".to_owned(), sha256: "058f5e45".repeat(8).into(), ..Origin::default() },
        records: 89,
        events: 0,
        claims: 89,
        undated: 1,
        extent: Some(extent),
        bulk: Some(extent),
        first_quartile: None,
        last_anchor: Some(extent.end),
        fields: vec![
            field(Field::ORIGINATOR_COUNTRY, "originator_country", "Originator country"),
            field(Field::ORIGINATOR, "originator", "Originator"),
        ],
        wordless: Vec::new(),
        metrics: vec![metric],
        sources: 3,
        articles: 51,
        originators: 3,
        precision: "day",
        issues: Vec::new(),
    }
}

fn session() -> Session {
    let mut session = Session::default();
    session.receive_schema(Arc::new(schema()), true);
    session
}

fn request(session: &Session, view: PictureView) -> RenderRequest<'_> {
    RenderRequest { engine: &ByHeart, session, view, size_px: [800, 500], scale: 1.0, is_dark: false }
}

fn svg_of(request: &RenderRequest<'_>) -> String {
    let svg = String::from_utf8(render(request, PictureKind::Svg).unwrap()).unwrap();
    usvg::Tree::from_str(&svg, &usvg::Options::default()).unwrap_or_else(|error| panic!("{error}\n{svg}"));
    svg
}

fn texts_of(session: &Session, view: PictureView) -> (words::Texts, legend::Legend) {
    let still = choose::still_session(session, view).unwrap();
    let schema = still.schema.clone().unwrap();
    let mut answers = Answers::default();
    for (index, board) in still.document.boards.iter().enumerate() {
        for metric in &board.metrics {
            let answer = if board.mode == ChartMode::Totals { Answer::Claims(claims()) } else { Answer::Series(series()) };
            answers.put(crate::session::Slot::Strip(index, metric.clone()), Query::Schema, 1, answer.into());
        }
    }
    for (slot, query) in questions_of(&still, view) {
        let answer = ByHeart.answer(&query, &Ask::plainly()).unwrap();
        answers.put(slot, query, 1, answer.into());
    }
    let facts = words::Facts::gather(&schema, &still, view, &answers);
    (words::Texts::of(&facts), legend::Legend::of(&facts))
}

fn questions_of(session: &Session, view: PictureView) -> Vec<(crate::session::Slot, Query)> {
    let mut questions = Questions::default();
    let mut cx = Cx {
        session,
        answers: &Answers::default(),
        around: &Surroundings::default(),
        theme: &Theme::light(),
        questions: &mut questions,
        commands: &mut Vec::new(),
    };
    words::ask(&mut cx, view);
    questions.take()
}

fn footer(texts: &words::Texts, heading: &str) -> String {
    texts.footer.iter().find(|(own, _)| *own == heading).map(|(_, text)| text.clone()).unwrap_or_default()
}

#[test]
fn every_picture_says_what_it_shows_from_where_and_what_it_leaves_out() {
    let mut session = session();
    session.document.filter = Filter::Is(Field::ORIGINATOR, vec!["NIS".to_owned()]).and(Filter::Known(Time((DAY_0 + 50) * DAY_US)));
    let (texts, _) = texts_of(&session, PictureView::Casualties);
    assert_eq!(texts.title, "Killed: reported totals");
    assert_eq!(footer(&texts, "Sources"), "NIS, Zelenskyy, HUR");
    let as_of = footer(&texts, "As of");
    assert!(as_of.starts_with("latest reading 3 Dec 2024 · as known on 22 Nov 2024"), "{as_of}");
    let filter = footer(&texts, "Filter");
    assert!(
        filter.contains("originator:NIS") && filter.contains("60 of 64 records") && filter.contains("18 increments, 5 without a figure"),
        "{filter}"
    );
    assert!(footer(&texts, "Read with care").contains("1 expected, denied, retracted or removed"));
    let data = footer(&texts, "Data");
    assert!(data.starts_with("Київ <facts>.json · sha256 058f5e45058f5e45") && data.ends_with(env!("CARGO_PKG_VERSION")), "{data}");
}

#[test]
fn assumptions_are_no_values_that_could_not_be_taken() {
    let mut schema = schema();
    schema.issues = vec![(IssueKind::Assumption, 2), (IssueKind::DuplicateRow, 44)];
    let care = |schema: &Schema| {
        let mut session = Session::default();
        session.receive_schema(Arc::new(schema.clone()), true);
        footer(&texts_of(&session, PictureView::Casualties).0, "Read with care")
    };
    let words = care(&schema);
    assert!(words.contains("2 assumptions about the file") && !words.contains("could not be taken"), "{words}");
    schema.issues.push((IssueKind::InvalidDate, 1));
    assert!(care(&schema).contains("1 value of the file could not be taken as it stood"), "{}", care(&schema));
}

#[test]
fn a_file_that_names_no_source_is_called_the_file() {
    let mut schema = schema();
    schema.origin.path = "/tmp/losses.csv".to_owned();
    let sources = |counter: &str, schema: &mut Schema| {
        schema.origin.counter = Some(counter.to_owned());
        let mut session = Session::default();
        session.receive_schema(Arc::new(schema.clone()), true);
        footer(&texts_of(&session, PictureView::Casualties).0, "Sources")
    };
    assert!(sources("losses", &mut schema).starts_with("NIS, "), "who is named in it is named under it");
    assert!(sources("ACLED", &mut schema).starts_with("ACLED: "));
    schema.fields.retain(|info| info.field != Field::ORIGINATOR);
    assert_eq!(sources("losses", &mut schema), "the file; it names no source");
}

#[test]
fn the_legend_has_the_forms_in_use_and_no_others() {
    let words = format!("{:?}", texts_of(&session(), PictureView::Casualties).1);
    for used in ["\"exact\"", "\"about\"", "\"at least, open above\"", "\"expected\"", "Current", "\"KR\"", "\"UA\""] {
        assert!(words.contains(used), "{used} is missing: {words}");
    }
    for unused in ["at most", "range", "denied", "Density", "VagueDate", "Bar,"] {
        assert!(!words.contains(unused), "{unused} is not in the picture: {words}");
    }
}

#[test]
fn bars_by_several_counters_are_said_not_to_add_up_and_parts_of_one_are_not() {
    let mut session = session();
    session.document.boards[0].mode = ChartMode::PerPeriod;
    let (texts, legend) = texts_of(&session, PictureView::Casualties);
    let words = format!("{legend:?}");
    assert!(words.contains("Bar") && !words.contains("KR"), "{words}");
    assert!(texts.subtitle.contains("as each originator counted it"), "{}", texts.subtitle);
    assert!(footer(&texts, "Read with care").contains("never added together"));
    session.document.boards[0].group = Some(Field::CATEGORY);
    assert!(!footer(&texts_of(&session, PictureView::Casualties).0, "Read with care").contains("never added together"));
}

#[test]
fn the_svg_holds_title_footer_and_file_with_every_letter() {
    let mut session = session();
    session.document.title = "Втрати · 김정은 fi ffl".to_owned();
    for view in [PictureView::Timeline, PictureView::Casualties, PictureView::Totals, PictureView::Board] {
        let svg = svg_of(&request(&session, view));
        for part in [
            "<title>Втрати · 김정은 fi ffl</title>",
            ">Втрати · 김정은 fi ffl</text>",
            ">Sources</text>",
            "Київ &lt;facts&gt;.json · sha256 058f",
            ">Filter</text>",
        ] {
            assert!(svg.contains(part), "{view:?}: {part}\n{svg}");
        }
        assert!(svg.contains("width=\"800\" height=\"500\""), "{}", &svg[..300]);
    }
}

#[test]
fn the_png_has_the_size_and_scale_asked_for_in_both_themes() {
    let session = session();
    for (is_dark, scale) in [(false, 1.0), (true, 2.0)] {
        let bytes = render(&RenderRequest { scale, is_dark, ..request(&session, PictureView::Casualties) }, PictureKind::Png).unwrap();
        let image = decode_png(&bytes).unwrap();
        assert_eq!(image.size, [800, 500].map(|side| (side as f32 * scale) as usize));
        let paper = if is_dark { Theme::dark().panel } else { Theme::light().panel };
        assert_eq!(image.pixels[0], paper);
        assert!(image.pixels.iter().filter(|pixel| **pixel != paper).count() > 2_000);
    }
}

#[test]
fn two_drawings_of_one_session_are_the_same_file() {
    let session = session();
    for kind in [PictureKind::Png, PictureKind::Svg] {
        let request = request(&session, PictureView::Board);
        assert!(render(&request, kind).unwrap() == render(&request, kind).unwrap(), "{kind:?}");
    }
}

#[test]
fn sizes_that_cannot_be_are_refused_with_a_word_on_what_to_do() {
    let session = session();
    let refused = |size_px, scale| {
        let request = RenderRequest { size_px, scale, ..request(&session, PictureView::Timeline) };
        render(&request, PictureKind::Png).unwrap_err().to_string()
    };
    assert!(refused([100, 900], 1.0).contains("at least 480 x 360"));
    assert!(refused([20_000, 900], 1.0).contains("choose a smaller size"));
    assert!(refused([9_000, 9_000], 2.0).contains("18000 x 18000"));
    assert!(refused([1600, 900], 9.0).contains("1 to 4"));
    assert!(refused([1600, 900], f32::NAN).contains("scale"));
}

#[test]
fn a_file_without_the_numbers_is_told_apart_from_no_file() {
    let nothing = Session::default();
    assert!(matches!(render(&request(&nothing, PictureView::Timeline), PictureKind::Svg), Err(RenderError::NothingOpen)));
    let session = session();
    let error = render(&request(&session, PictureView::Shipments), PictureKind::Svg).unwrap_err();
    assert!(error.to_string().contains("no shipments"), "{error}");
}

#[test]
fn flags_choose_metric_bucket_and_group() {
    let mut session = session();
    let choice = ViewChoice { metric: Some("wounded".to_owned()), by: Some(crate::time::Step::Month), group: Some(Field::ORIGINATOR) };
    choose_view(&mut session, PictureView::Totals, &choice).unwrap();
    let board = &session.document.boards[0];
    assert_eq!(
        (board.metrics.as_slice(), board.by, board.group, board.mode),
        (["wounded".to_owned()].as_slice(), choice.by, choice.group, ChartMode::Totals)
    );
    choose_view(&mut session, PictureView::Totals, &ViewChoice::default()).unwrap();
    assert_eq!(session.document.boards[0].metrics, ["killed"]);
    assert!(choose_view(&mut session, PictureView::Shipments, &ViewChoice::default()).is_err());
}

#[test]
fn a_picture_shows_no_selection_and_no_brush() {
    let mut session = session();
    let plain = render(&request(&session, PictureView::Board), PictureKind::Png).unwrap();
    session.place.selection = vec![1];
    session.place.brush = Some(session.place.window);
    session.hover = Some(session.place.window.start);
    assert!(plain == render(&request(&session, PictureView::Board), PictureKind::Png).unwrap());
}
