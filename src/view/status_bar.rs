//! The status bar: how many of how many, issues, window, precision, zone.

use eframe::egui::{Align2, CursorIcon, Id, Key, Popup, Pos2, Rect, Role, ScrollArea, Sense, Stroke, TextEdit, Ui, WidgetInfo, pos2, vec2};

use super::theme::font;
use super::widgets::menu_row;
use super::{Cx, icon};
use crate::layout::number_text;
use crate::query::{Answer, CountAnswer, Query, Schema};
use crate::session::{Dialog, Edit, Show, Slot};
use crate::time::{Zone, format_span};

/// The most zones in the list at once.
const ZONES_MAX: usize = 60;
/// The words where nothing is wrong with the file, and the room of the sign before and the air behind what is said of issues.
const NO_ISSUES: &str = "No issues";
const ISSUES_ROOM: f32 = 26.0;

/// Draws the status bar.
pub(super) fn status_bar_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let rect = ui.max_rect();
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, cx.theme.line));
    ui.allocate_rect(rect, Sense::hover());
    let Some(schema) = cx.session.schema.clone() else { return };
    let query = Query::Count { filter: cx.session.document.filter.clone(), window: Some(cx.session.place.window) };
    let count = match cx.ask(Slot::Count, query) {
        Some(Answer::Count(count)) => *count,
        _ => CountAnswer::default(),
    };
    let right = zone_ui(ui, cx, rect);
    let issues = issues_words(&schema);
    let issues_width = ui.painter().layout_no_wrap(issues.clone(), font::medium(11.0), cx.theme.text1).size().x + ISSUES_ROOM;
    let mut x = rect.left() + 12.0;
    let mut put = |ui: &Ui, text: &str, is_strong: bool| {
        let font = if is_strong { font::semibold(11.0) } else { font::label() };
        let colour = if is_strong { cx.theme.text1 } else { cx.theme.text2 };
        let galley = ui.painter().layout_no_wrap(text.to_owned(), font, colour);
        // What is wrong with the file is always said.
        if x + galley.size().x + 16.0 + issues_width < right {
            ui.painter().galley(pos2(x, rect.center().y - galley.size().y / 2.0), std::sync::Arc::clone(&galley), colour);
            x += galley.size().x + 16.0;
        }
    };
    let n = |number: u64| number_text(number as f64);
    // What is not all yet says so: records of a file that is being read, hits of a search under way.
    let (hits, records) =
        (if cx.answers.searched().is_some() { " found so far" } else { "" }, if schema.is_complete { "" } else { " read" });
    put(ui, &format!("Showing {}{hits} of {}{records}", n(count.matching), n(count.of.max(schema.records))), true);
    let outside = count.matching.saturating_sub(count.undated).saturating_sub(count.inside);
    let unknown = if count.unknown_publication > 0 {
        format!(" · {} of unknown publication left out", n(count.unknown_publication))
    } else {
        String::new()
    };
    let outside = if schema.extent.is_some() { format!(" · {} outside the view", n(outside)) } else { String::new() };
    if let Some(releases) = schema.origin.releases.as_ref().filter(|releases| releases.removed > 0) {
        put(ui, &format!("{} of them removed in {}", n(releases.removed), releases.newer), true);
    }
    put(ui, &format!("{} undated{outside}{unknown}", n(count.undated)), false);
    let x = issues_ui(ui, cx, &issues, pos2(x, rect.center().y));
    let right = window_text(ui, cx, &schema, pos2(right - 16.0, rect.center().y), x);
    let is_all = count.matching >= count.of.max(schema.records);
    contents_text(ui, cx, &schema, (pos2(x, rect.center().y), right), is_all);
}

fn issues_words(schema: &Schema) -> String {
    match schema.issues.iter().map(|(_, count)| count).sum() {
        0_u64 => NO_ISSUES.to_owned(),
        1 => "1 issue".to_owned(),
        total => format!("{} issues", number_text(total as f64)),
    }
}

/// Issues: how many, and a way to them; returns where it ends.
fn issues_ui(ui: &Ui, cx: &mut Cx<'_>, text: &str, at: Pos2) -> f32 {
    let (sign, colour) = if text == NO_ISSUES { ("check", cx.theme.ok) } else { ("warning", cx.theme.warning) };
    let galley = ui.painter().layout_no_wrap(text.to_owned(), font::medium(11.0), cx.theme.text1);
    let spot = Rect::from_min_size(pos2(at.x, at.y - 11.0), vec2(galley.size().x + ISSUES_ROOM, 22.0));
    let response = ui.interact(spot, Id::unique("status_issues"), Sense::click());
    if response.hovered() {
        ui.painter().rect_filled(spot, 3.0, cx.theme.hover);
    }
    ui.painter().text(pos2(at.x + 8.0, at.y), Align2::CENTER_CENTER, icon(sign), font::icon(14.0), colour);
    ui.painter().galley(pos2(at.x + 20.0, at.y - galley.size().y / 2.0), galley, cx.theme.text1);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text));
    if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
        cx.send(Show::Dialog(Some(Dialog::Issues)));
    }
    spot.right() + 16.0
}

/// What is in the file; where a filter leaves something out, in words that say so.
fn contents_text(ui: &Ui, cx: &Cx<'_>, schema: &Schema, (at, right): (Pos2, f32), is_all: bool) {
    let words = contents_words(schema);
    let words = if is_all { words } else { format!("in all {words}") };
    let galley = ui.painter().layout_no_wrap(words, font::label(), cx.theme.text2);
    if at.x + galley.size().x < right - 16.0 {
        ui.painter().galley(pos2(at.x, at.y - galley.size().y / 2.0), galley, cx.theme.text2);
    }
}

/// `292 claims by 71 originators, 56 events, 210 articles`: the originators are those of the claims, or of the events where there are no claims.
fn contents_words(schema: &Schema) -> String {
    let counted = |count: u64, one: &str, many: &str| format!("{} {}", number_text(count as f64), if count == 1 { one } else { many });
    let mut parts = Vec::new();
    for (count, one, many) in [(schema.claims, "claim", "claims"), (schema.events, "event", "events")] {
        if count == 0 {
            continue;
        }
        let by = if parts.is_empty() && schema.originators > 0 {
            format!(" by {}", counted(schema.originators, "originator", "originators"))
        } else {
            String::new()
        };
        parts.push(counted(count, one, many) + &by);
    }
    if schema.articles > 0 {
        parts.push(counted(schema.articles, "article", "articles"));
    }
    parts.join(", ")
}

/// The window and the precision, right-aligned, where there is room for it from `start` on; returns where it starts.
fn window_text(ui: &Ui, cx: &Cx<'_>, schema: &Schema, right: Pos2, start: f32) -> f32 {
    // Without a date there is no window, only the word for that.
    let window = if schema.extent.is_some() { format_span(cx.session.place.window, cx.session.document.zone) } else { String::new() };
    let text = if window.is_empty() {
        schema.precision.to_owned()
    } else if schema.precision.is_empty() {
        window
    } else {
        format!("{window}  ·  {}", schema.precision)
    };
    let galley = ui.painter().layout_no_wrap(text, font::label(), cx.theme.text2);
    let left = right.x - galley.size().x;
    if left < start {
        return right.x;
    }
    ui.painter().galley(pos2(left, right.y - galley.size().y / 2.0), galley, cx.theme.text2);
    left
}

/// The zone of times of day, with a menu; returns where it starts.
fn zone_ui(ui: &Ui, cx: &mut Cx<'_>, bar: Rect) -> f32 {
    let name = cx.session.document.zone.name().to_owned();
    let galley = ui.painter().layout_no_wrap(name.clone(), font::semibold(11.0), cx.theme.text1);
    let width = galley.size().x + 24.0;
    let spot = Rect::from_min_size(pos2(bar.right() - 12.0 - width, bar.center().y - 11.0), vec2(width, 22.0));
    let response = ui.interact(spot, Id::unique("status_zone"), Sense::click());
    if response.hovered() {
        ui.painter().rect_filled(spot, 3.0, cx.theme.hover);
    }
    ui.painter().text(pos2(spot.left() + 8.0, spot.center().y), Align2::CENTER_CENTER, icon("schedule"), font::icon(14.0), cx.theme.text2);
    ui.painter().galley(pos2(spot.left() + 20.0, spot.center().y - galley.size().y / 2.0), galley, cx.theme.text1);
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("Time zone {name}")));
    let response = response.on_hover_text("In which zone times of day are written; whole days are the same everywhere");
    Popup::menu(&response).close_behavior(eframe::egui::PopupCloseBehavior::CloseOnClickOutside).show(|ui| zone_menu(ui, cx));
    spot.left()
}

fn zone_menu(ui: &mut Ui, cx: &mut Cx<'_>) {
    ui.set_min_width(240.0);
    let id = Id::unique("zone_search");
    let mut typed: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let field = ui.add(TextEdit::singleline(&mut typed).hint_text("Kyiv, Seoul, UTC …").desired_width(230.0));
    field.request_focus();
    ui.data_mut(|data| data.insert_temp(id, typed.clone()));
    let wanted = typed.to_lowercase().replace(' ', "_");
    let names: Vec<&'static str> = std::iter::once("UTC")
        .chain(Zone::names().filter(|name| *name != "UTC"))
        .filter(|name| name.to_lowercase().contains(&wanted))
        .take(ZONES_MAX)
        .collect();
    let by_enter = ui.input(|input| input.key_pressed(Key::Enter));
    let mut chosen = names.first().copied().filter(|_| by_enter);
    ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for name in &names {
            let mark = if *name == cx.session.document.zone.name() { "check" } else { "" };
            if menu_row(ui, cx.theme, mark, name, "").clicked() {
                chosen = Some(name);
            }
        }
    });
    if let Some(zone) = chosen.and_then(Zone::parse) {
        cx.send(Edit::Zone(zone));
        ui.data_mut(|data| data.remove_temp::<String>(id));
        ui.close();
    }
}
