//! The card under the pointer: the record in short, once the pointer rests. It takes no clicks and never lies under the pointer.

use eframe::egui::{Area, Context, Id, Order, Painter, Pos2, Rect, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use super::Cx;
use super::theme::{Theme, font};
pub(super) use super::timeline::Hit;
use super::timeline::PROVENANCE_LINES;
use super::widgets::text_line;
use crate::data::{Field, Kind, RELEASE, Releases, Row, display_value};
use crate::layout::value_text;
use crate::query::{Answer, ProvenanceAnswer, Query, RecordAnswer};
use crate::session::Slot;
use crate::time::{Zone, format_when};

/// How long the pointer rests before the card comes.
const REST_SECS: f64 = 0.12;
/// The width of the card.
const WIDTH: f32 = 352.0;
/// The width of the column of words on the left.
const WORDS_WIDTH: f32 = 68.0;
/// The height of a row.
const ROW_HEIGHT: f32 = 18.0;
/// Between the mark and the card.
const DISTANCE: f32 = 16.0;

/// Since when the pointer rests on a record.
#[derive(Clone, Copy, Debug)]
struct Rest {
    row: Row,
    since: f64,
}

/// Says which record is under the pointer of a view that is drawn before the one that draws the card.
pub(super) fn offer(ctx: &Context, hit: Hit) {
    ctx.data_mut(|data| data.insert_temp(Id::unique(OFFER), hit));
}

/// Where the record under another view's pointer is kept until the card is drawn.
const OFFER: &str = "hover-card offer";

/// Draws the card of the record under the pointer, here or where another view said it is, when it has rested there.
pub(super) fn hover_card_ui(ui: &Ui, cx: &mut Cx<'_>, hit: Option<Hit>) {
    let ctx = ui.ctx();
    let hit = hit.or_else(|| ctx.data(|data| data.get_temp::<Hit>(Id::unique(OFFER))));
    ctx.data_mut(|data| data.remove::<Hit>(Id::unique(OFFER)));
    let id = Id::unique("hover-card");
    let is_covered = cx.session.panels.dialog.is_some();
    let is_busy = cx.around.is_still || is_covered || ui.input(|input| input.pointer.any_down()) || eframe::egui::Popup::is_any_open(ctx);
    let Some(hit) = hit.filter(|_| !is_busy) else {
        ctx.data_mut(|data| data.remove::<Rest>(id));
        return;
    };
    let now = ui.input(|input| input.time);
    let rest = ctx.data(|data| data.get_temp::<Rest>(id)).filter(|rest| rest.row == hit.row).unwrap_or(Rest { row: hit.row, since: now });
    ctx.data_mut(|data| data.insert_temp(id, rest));
    let record_query = Query::Record { row: hit.row };
    let provenance_query = Query::Provenance { rows: vec![hit.row], limit: PROVENANCE_LINES };
    cx.questions.ask(Slot::HoverRecord, record_query.clone());
    cx.questions.ask(Slot::HoverProvenance, provenance_query.clone());
    let waited = now - rest.since;
    if waited < REST_SECS {
        ctx.request_repaint_after_secs((REST_SECS - waited) as f32);
        return;
    }
    let record = match cx.answers.get_with_query(&Slot::HoverRecord) {
        Some((own, Answer::Record(Some(record)))) if *own == record_query => record.as_ref(),
        _ => return,
    };
    let provenance = match cx.answers.get_with_query(&Slot::HoverProvenance) {
        Some((own, Answer::Provenance(provenance))) if *own == provenance_query => Some(provenance),
        _ => None,
    };
    let releases = cx.session.schema.as_ref().and_then(|schema| schema.origin.releases.as_ref());
    let card = Card::of(record, provenance, (cx.session.document.zone, releases));
    let pointer = ui.input(|input| input.pointer.hover_pos()).unwrap_or(hit.at);
    show(ctx, cx.theme, &card, card_rect(ctx.content_rect(), hit.at, pointer, card.height()));
}

/// What the card says.
#[derive(Clone, Debug, PartialEq)]
struct Card {
    figure: Option<String>,
    metric: String,
    id: String,
    title: Option<String>,
    rows: Vec<(&'static str, String)>,
}

impl Card {
    fn of(record: &RecordAnswer, provenance: Option<&ProvenanceAnswer>, (zone, releases): (Zone, Option<&Releases>)) -> Self {
        let line = &record.line;
        let figure = line.figure.as_ref();
        let has_number = figure.is_some_and(|figure| figure.band.is_some());
        let metric = figure.map(|figure| {
            let name = display_value(Field::METRIC, &figure.metric).to_lowercase();
            let unit = figure.unit.as_deref().filter(|unit| !matches!(*unit, "persons" | "pieces" | "percent"));
            [Some(name), figure.item.clone(), unit.map(str::to_owned)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        });
        let kind = if line.kind == Kind::Event { "event" } else { "claim" };
        Self {
            figure: figure.filter(|_| has_number).map(|figure| value_text(figure, false)),
            metric: metric.map_or_else(|| kind.to_owned(), |metric| if has_number { metric } else { format!("{metric}, no figure") }),
            id: line.id.clone(),
            title: line.title.clone(),
            rows: removed(record, releases).into_iter().chain(rows(record, provenance, zone)).collect(),
        }
    }

    fn height(&self) -> f32 {
        let title = if self.title.is_some() { 20.0 } else { 0.0 };
        48.0 + title + self.rows.len() as f32 * ROW_HEIGHT + 10.0
    }
}

/// That a record is gone comes before everything else about it.
fn removed(record: &RecordAnswer, releases: Option<&Releases>) -> Option<(&'static str, String)> {
    let newer = &releases?.newer;
    let standing = record.fields.iter().find(|(info, _)| info.key == RELEASE)?;
    (standing.1 == "removed").then(|| ("Removed", format!("in {newer}: it is in no sum")))
}

fn rows(record: &RecordAnswer, provenance: Option<&ProvenanceAnswer>, zone: Zone) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    let text = |date: &Option<crate::time::When>| date.map(|when| format_when(&when, zone));
    match (text(&record.as_of.1), text(&record.when.1)) {
        (Some(as_of), when) => {
            let same_day = record.published.1.is_some_and(|published| record.as_of.1.is_some_and(|as_of| as_of.span == published.span));
            rows.push(("As of", if same_day { format!("{as_of} · published the same day") } else { as_of.clone() }));
            if let Some(when) = when.filter(|when| *when != as_of) {
                rows.push(("Covers", when));
            }
        }
        (None, Some(when)) => rows.push(("Date", when)),
        (None, None) => rows.push(("Date", "undated".to_owned())),
    }
    let name = |line: &crate::query::SourceLine| line.source.short.clone().unwrap_or_else(|| line.source.name.clone());
    if let Some(originator) = record.chain.last() {
        let country = originator.source.country.as_ref().map_or_else(String::new, |country| format!(" ({country})"));
        rows.push(("Says", format!("{}{country}", originator.source.name)));
        let through: Vec<String> = record.chain.iter().rev().skip(1).map(name).collect();
        if !through.is_empty() {
            rows.push(("Through", through.join(", ")));
        }
    }
    if let Some(carriers) = provenance.and_then(carriers_text) {
        rows.push(("Printed by", carriers));
    }
    let own = |field: Field| record.fields.iter().find(|(info, _)| info.field == field).map(|(_, value)| display_value(field, value));
    let place: Vec<String> = [own(Field::CATEGORY), own(Field::PLACE)].into_iter().flatten().collect();
    if !place.is_empty() {
        rows.push(("In", place.join(" · ")));
    }
    let actors = match (&record.from, &record.to) {
        (Some(from), Some(to)) => Some(format!("{from} → {to}")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    };
    rows.extend(actors.map(|actors| ("Actors", actors)));
    rows
}

/// How many articles carry the claim, and whether all say the same.
fn carriers_text(provenance: &ProvenanceAnswer) -> Option<String> {
    if provenance.carriers_total < 2 {
        return None;
    }
    let qualifier = |line: &crate::query::RecordLine| line.figure.as_ref().and_then(|figure| figure.qualifier);
    let first = provenance.carriers.first().map(qualifier);
    let others = provenance.carriers.iter().filter(|line| Some(qualifier(line)) != first).count();
    let drift = match (provenance.has_drift, others) {
        (true, 1) => "; 1 differs in its qualifier".to_owned(),
        (true, others) if others > 1 => format!("; {others} differ in their qualifier"),
        (true, _) => "; qualifiers differ".to_owned(),
        (false, _) => String::new(),
    };
    Some(format!("{} articles, one origin{drift}", provenance.carriers_total))
}

/// Below the mark, or above where there is no room; on the screen, and never over the pointer.
fn card_rect(screen: Rect, mark: Pos2, pointer: Pos2, height: f32) -> Rect {
    let size = vec2(WIDTH, height);
    let below = mark.y.max(pointer.y) + DISTANCE;
    let above = mark.y.min(pointer.y) - DISTANCE - height;
    let left = (mark.x - 60.0).clamp(screen.left() + 4.0, (screen.right() - WIDTH - 4.0).max(screen.left() + 4.0));
    if below + height <= screen.bottom() - 4.0 {
        return Rect::from_min_size(pos2(left, below), size);
    }
    if above >= screen.top() + 4.0 {
        return Rect::from_min_size(pos2(left, above), size);
    }
    let top = (mark.y - height / 2.0).clamp(screen.top() + 4.0, (screen.bottom() - height - 4.0).max(screen.top() + 4.0));
    let right = mark.x.max(pointer.x) + DISTANCE;
    let left = if right + WIDTH <= screen.right() - 4.0 { right } else { mark.x.min(pointer.x) - DISTANCE - WIDTH };
    Rect::from_min_size(pos2(left, top), size)
}

fn show(ctx: &Context, theme: &Theme, card: &Card, rect: Rect) {
    let area = Area::new(Id::unique("hover-card-area")).order(Order::Tooltip).interactable(false).fixed_pos(rect.min);
    area.show(ctx, |ui| {
        ui.allocate_exact_size(rect.size(), eframe::egui::Sense::hover());
        ground(ui.painter(), theme, rect);
        let (left, right) = (rect.left() + 14.0, rect.right() - 14.0);
        let id = ui.painter().layout_no_wrap(card.id.clone(), font::label(), theme.text3);
        let id_width = id.size().x.min(90.0);
        let y = rect.top() + 25.0;
        text_line(ui, right - id_width, y, &card.id, font::label(), theme.text3, id_width + 1.0);
        let mut from = left;
        if let Some(figure) = &card.figure {
            from = text_line(ui, left, y, figure, font::semibold(20.0), theme.text1, right - left - id_width - 60.0) + 10.0;
        }
        text_line(
            ui,
            from,
            y + if card.figure.is_some() { 3.0 } else { 0.0 },
            &card.metric,
            font::semibold(13.0),
            theme.text1,
            right - id_width - 8.0 - from,
        );
        let mut y = rect.top() + 52.0;
        if let Some(title) = &card.title {
            text_line(ui, left, y, title, font::medium(12.0), theme.text1, right - left);
            y += 20.0;
        }
        for (word, text) in &card.rows {
            text_line(ui, left, y, word, font::label(), theme.text3, WORDS_WIDTH);
            text_line(ui, left + WORDS_WIDTH, y, text, font::label(), theme.text1, right - left - WORDS_WIDTH);
            y += ROW_HEIGHT;
        }
    });
}

fn ground(painter: &Painter, theme: &Theme, rect: Rect) {
    painter.rect_filled(rect.translate(Vec2::new(2.0, 3.0)), 6.0, theme.shade.gamma_multiply(0.10));
    painter.rect(rect, 6.0, theme.raised, Stroke::new(1.0, theme.line2), StrokeKind::Inside);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Rect = Rect { min: Pos2 { x: 0.0, y: 0.0 }, max: Pos2 { x: 1_000.0, y: 600.0 } };

    #[test]
    fn the_card_stays_on_the_screen_and_off_the_pointer_wherever_the_mark_is() {
        for x in [2.0, 400.0, 998.0] {
            for y in [2.0, 250.0, 300.0, 598.0] {
                for height in [80.0, 200.0, 420.0] {
                    let at = pos2(x, y);
                    let rect = card_rect(SCREEN, at, at, height);
                    assert!(SCREEN.contains_rect(rect), "{at:?} {rect:?}");
                    assert!(!rect.contains(at), "{at:?} {rect:?}");
                }
            }
        }
    }
}
