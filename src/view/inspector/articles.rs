//! The record's article and the articles related to it: title, address, publisher, date, and what can be done with them.

use eframe::egui::{CursorIcon, Id, Label, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::words::{bare_address, citation, language_name, middle_cut};
use super::{Cx, PAD, copy, padded, section_ui};
use crate::data::Article;
use crate::layout::legible;
use crate::query::{RecordAnswer, RelatedAnswer, RelatedArticle};
use crate::session::{Dialog, Navigate, Show};
use crate::time::format_when;
use crate::view::rows::{counted_noun, cut_text, icon_spot, inner_ring, right_text, text_width};
use crate::view::theme::font;

const NO_TITLE: &str = "(no title stored)";
const ROW: f32 = 18.0;

/// Draws them.
pub(super) fn articles_ui(ui: &mut Ui, cx: &mut Cx<'_>, record: &RecordAnswer, related: Option<&RelatedAnswer>) {
    let Some(article) = &record.article else {
        section_ui(ui, cx, "Article", "");
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        cut_text(ui, rect.left() + PAD, rect.center().y, "No article is stored.", (font::body(), cx.theme.text3), rect.width() - 2.0 * PAD);
        return;
    };
    let others = article.related.len() as u64;
    let note = if others > 0 { format!("1 own, {others} related") } else { "no related ones".to_owned() };
    section_ui(ui, cx, "Articles", &note);
    let publisher = record.publisher.as_ref().map(|line| line.source.name.as_str());
    own_ui(ui, cx, article, publisher);
    let Some(related) = related else { return };
    for other in &related.related {
        related_ui(ui, cx, other);
    }
    let rest = others.saturating_sub(related.related.len() as u64);
    if rest > 0 {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let words = format!("and {}", counted_noun(rest, "further article", "further articles"));
        cut_text(ui, rect.left() + PAD, rect.center().y, &words, (font::label(), cx.theme.text3), rect.width() - 2.0 * PAD);
    }
}

/// The record's own article, in full.
fn own_ui(ui: &mut Ui, cx: &mut Cx<'_>, article: &Article, publisher: Option<&str>) {
    padded(ui, |ui| {
        let (title, colour) = match &article.title {
            Some(title) => (title.as_str(), cx.theme.text1),
            None => (NO_TITLE, cx.theme.text3),
        };
        ui.add(Label::new(RichText::new(legible(title)).font(font::medium(12.0)).color(colour)).selectable(true).wrap());
    });
    address_ui(ui, cx, article, publisher, true);
    let zone = cx.session.document.zone;
    let date = article.published.as_ref().map(|(text, when)| when.as_ref().map_or_else(|| text.clone(), |when| format_when(when, zone)));
    let language = article.language.as_deref().map(|code| language_name(code).to_owned());
    let parts: Vec<String> = [publisher.map(str::to_owned), date, language].into_iter().flatten().collect();
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let words = parts.join(" · ");
    cut_text(ui, rect.left() + PAD, rect.center().y, &words, (font::label(), cx.theme.text2), rect.width() - 2.0 * PAD);
    if let Some(url) = &article.archive_url {
        link_line(ui, cx, "Archived copy", url, 0.0);
    }
    ui.add_space(4.0);
}

/// A related article in two lines.
fn related_ui(ui: &mut Ui, cx: &mut Cx<'_>, other: &RelatedArticle) {
    let has_records = !other.records.is_empty();
    let sense = if has_records { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), sense);
    if has_records && response.hovered() {
        ui.painter().rect_filled(rect, 0.0, cx.theme.hover);
    }
    inner_ring(ui, cx.theme, &response, rect);
    let y = rect.center().y;
    let tag = if other.is_listed { "listed" } else { "lists this" };
    let tag_left = right_text(ui, rect.right() - PAD, y, tag, (font::label(), cx.theme.text3));
    let x = rect.left() + PAD;
    let (title, colour) = match (&other.article.title, &other.publisher) {
        (Some(title), _) => (title.clone(), cx.theme.text1),
        (None, Some(publisher)) => (format!("{publisher} {NO_TITLE}"), cx.theme.text3),
        (None, None) => (NO_TITLE.to_owned(), cx.theme.text3),
    };
    cut_text(ui, x, y, &title, (font::body(), colour), tag_left - x - 10.0);
    let role = if has_records { Role::Button } else { Role::Label };
    response.widget_info(|| WidgetInfo::labeled(role, true, &title));
    let mut hover = title.clone();
    if let Some(publisher) = &other.publisher {
        hover = format!("{hover}\n{publisher}");
    }
    if has_records {
        hover = format!("{hover}\n{}", counted_noun(other.records.len() as u64, "record: click to select", "records: click to select"));
    }
    let response = response.on_hover_text(hover);
    if has_records && response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
        cx.send(Navigate::Select(other.records.clone()));
    }
    address_ui(ui, cx, &other.article, other.publisher.as_deref(), false);
    ui.add_space(3.0);
}

/// The address of an article with what can be done with it; `is_own` shows the buttons always.
fn address_ui(ui: &mut Ui, cx: &mut Cx<'_>, article: &Article, publisher: Option<&str>, is_own: bool) {
    let zone = cx.session.document.zone;
    let Some(url) = &article.url else {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let end = cut_text(ui, rect.left() + PAD, rect.center().y, "no address stored", (font::label(), cx.theme.text3), 160.0);
        let id = Id::unique(("article_cite", &article.id, is_own));
        if icon_spot(ui, cx.theme, pos2(end.right + 16.0, rect.center().y), id, "format_quote", "Copy citation").clicked() {
            copy(cx, citation(article, publisher, zone), "Citation copied");
        }
        return;
    };
    let rect = link_line(ui, cx, "", url, 66.0);
    let is_near = is_own || ui.rect_contains_pointer(rect);
    let spots = [("open_in_new", "Open in the browser"), ("link", "Copy link"), ("format_quote", "Copy citation")];
    for (place, (glyph, tip)) in spots.into_iter().enumerate() {
        if place > 0 && !is_near {
            break;
        }
        let at = pos2(rect.right() - PAD - 8.0 - 22.0 * place as f32, rect.center().y);
        let id = Id::unique(("article_spot", &article.id, is_own, place));
        if icon_spot(ui, cx.theme, at, id, glyph, tip).clicked() {
            match place {
                0 => cx.send(Show::Dialog(Some(Dialog::Link(url.clone())))),
                1 => copy(cx, url.clone(), "Link copied"),
                _ => copy(cx, citation(article, publisher, zone), "Citation copied"),
            }
        }
    }
}

/// An address as a link, cut in its middle; returns the whole line.
fn link_line(ui: &mut Ui, cx: &mut Cx<'_>, before: &str, url: &str, kept_right: f32) -> Rect {
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let y = line.center().y;
    let mut x = line.left() + PAD;
    if !before.is_empty() {
        x = cut_text(ui, x, y, before, (font::label(), cx.theme.text3), 90.0).right + 6.0;
    }
    let width = line.right() - PAD - kept_right - x;
    let key = Id::unique(("short_address", url, width as i32));
    let short = ui.data(|data| data.get_temp::<String>(key)).unwrap_or_else(|| {
        let short = middle_cut(bare_address(url), |text| text_width(ui, text, font::label()) <= width);
        ui.data_mut(|data| data.insert_temp(key, short.clone()));
        short
    });
    let right = x + text_width(ui, &short, font::label());
    let spot = Rect::from_min_max(pos2(x, line.top()), pos2(right, line.bottom()));
    let response = ui.interact(spot, Id::unique(("article_link", url, line.top() as i32)), Sense::click());
    cut_text(ui, x, y, &short, (font::label(), cx.theme.accent), width + 4.0);
    if response.hovered() {
        ui.painter().hline(x..=right, y + 7.0, Stroke::new(1.0, cx.theme.accent));
    }
    inner_ring(ui, cx.theme, &response, spot.expand2(vec2(2.0, 0.0)));
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("Open {url}")));
    if response.on_hover_text(url).on_hover_cursor(CursorIcon::PointingHand).clicked() {
        cx.send(Show::Dialog(Some(Dialog::Link(url.to_owned()))));
    }
    line
}
