//! The menus of the timeline: of a lane, of a mark, of the plot. Items become commands.

use eframe::egui::{Align2, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::Cx;
use crate::data::{Field, display_value};
use crate::layout::{date_shape, mark_title};
use crate::query::{Answer, Lane, LaneSort, Mark, Query, RecordAnswer};
use crate::session::{Action, Command, Edit, Navigate, Slot};
use crate::time::Span;
use crate::view::icons::icon;
use crate::view::theme::{Theme, font};

/// The height of an item.
const ITEM_HEIGHT: f32 = 24.0;
/// The width of a menu.
const MENU_WIDTH: f32 = 228.0;
/// "Zoom here" shows this part of the window.
const ZOOM_HERE: i64 = 8;
/// The most lines that the provenance of a record is asked for.
pub(in crate::view) const PROVENANCE_LINES: u32 = 12;

/// An item of a menu: icon, words, and whether it was chosen.
fn item(ui: &mut Ui, theme: &Theme, sign: &str, words: &str) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(MENU_WIDTH, ITEM_HEIGHT), Sense::click());
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 3.0, theme.hover);
    }
    ui.painter().text(pos2(rect.left() + 14.0, rect.center().y), Align2::CENTER_CENTER, icon(sign), font::icon(16.0), theme.text2);
    crate::view::widgets::text_line(ui, rect.left() + 30.0, rect.center().y, words, font::body(), theme.text1, rect.width() - 38.0);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
    if response.clicked() {
        ui.close();
    }
    response.clicked()
}

fn line(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(MENU_WIDTH, 9.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, eframe::egui::Stroke::new(1.0, theme.line));
}

fn head(ui: &mut Ui, theme: &Theme, words: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(MENU_WIDTH, 22.0), Sense::hover());
    let rect = Rect::from_min_max(rect.min + vec2(8.0, 0.0), rect.max);
    crate::view::widgets::text_line(ui, rect.left(), rect.center().y, words, font::label(), theme.text3, rect.width() - 16.0);
}

/// Items that send a command each.
fn items(ui: &mut Ui, cx: &mut Cx<'_>, list: Vec<(&str, String, Command)>) {
    for (sign, words, command) in list {
        if item(ui, cx.theme, sign, &words) {
            cx.send(command);
        }
    }
}

/// The menu of a lane.
pub(super) fn lane_menu(ui: &mut Ui, cx: &mut Cx<'_>, lane: &Lane, name: &str) {
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    let document = &cx.session.document;
    let value = &lane.value;
    let pick = |has: bool, yes: &'static str, no: &'static str| if has { yes } else { no };
    let (is_folded, is_expanded) = (document.collapsed.contains(value), document.expanded.contains(value));
    let is_pinned = document.pinned.contains(value);
    let (hidden, sort, field) = (document.hidden.len(), document.lane_sort, document.lane);
    head(ui, cx.theme, name);
    let mut list: Vec<(&str, String, Command)> = vec![
        ("unfold_less", pick(is_folded, "Unfold", "Fold to its density").to_owned(), Edit::ToggleCollapsed(value.clone()).into()),
        ("unfold_more", pick(is_expanded, "As many rows as fit", "Show all rows").to_owned(), Edit::ToggleExpanded(value.clone()).into()),
        ("push_pin", pick(is_pinned, "Unpin", "Pin on top").to_owned(), Edit::TogglePinned(value.clone()).into()),
        ("visibility_off", "Hide this lane".to_owned(), Edit::Hide(value.clone()).into()),
    ];
    if let (Some(field), Some(value)) = (field, value) {
        list.push(("filter_alt", "Show only this".to_owned(), Edit::OnlyValue(field, value.clone()).into()));
    }
    items(ui, cx, list);
    line(ui, cx.theme);
    let sorts = [(LaneSort::Count, "Sort by count"), (LaneSort::First, "Sort by first date"), (LaneSort::Name, "Sort by name")];
    let sorts = sorts.map(|(own, words)| (if own == sort { "check" } else { "sort" }, words.to_owned(), Edit::LaneSort(own).into()));
    items(ui, cx, sorts.into());
    if hidden > 0 {
        line(ui, cx.theme);
        items(ui, cx, vec![("visibility", format!("Show {hidden} hidden"), Edit::ShowAllLanes.into())]);
    }
}

/// The menu of a mark.
pub(super) fn mark_menu(ui: &mut Ui, cx: &mut Cx<'_>, mark: &Mark) {
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    let title = mark_title(mark).map(std::borrow::Cow::into_owned);
    head(ui, cx.theme, title.as_deref().unwrap_or("Record"));
    let record = match cx.ask(Slot::HoverRecord, Query::Record { row: mark.row }) {
        Some(Answer::Record(Some(record))) if record.line.row == mark.row => Some(record.as_ref()),
        _ => None,
    };
    let carriers = carriers(cx, mark);
    let mut list: Vec<(&str, String, Command)> = Vec::new();
    if carriers.len() > 1 {
        list.push(("group", format!("Select all {} carriers", carriers.len()), Navigate::Select(carriers).into()));
    }
    let at = date_shape(mark).at;
    let reach = cx.session.place.window.width_us().unwrap_or(0) / (2 * ZOOM_HERE);
    list.push(("zoom_in", "Zoom here".to_owned(), Navigate::Window(Span::new(at.plus_us(-reach), at.plus_us(reach))).into()));
    if let Some(title) = title {
        list.push(("content_copy", "Copy title".to_owned(), Action::CopyText(title).into()));
    }
    items(ui, cx, list);
    let values = filter_values(mark, record);
    if !values.is_empty() {
        line(ui, cx.theme);
        let filter = |(field, value): (Field, String)| {
            let words = format!("Filter: {}", display_value(field, &value));
            ("filter_alt", words, Edit::ToggleValue(field, value).into())
        };
        items(ui, cx, values.into_iter().map(filter).collect());
    }
}

/// The records that carry the claim of a mark: its own, and those that provenance finds in other lanes.
fn carriers(cx: &mut Cx<'_>, mark: &Mark) -> Vec<crate::data::Row> {
    let query = Query::Provenance { rows: vec![mark.row], limit: PROVENANCE_LINES };
    cx.questions.ask(Slot::HoverProvenance, query.clone());
    if let Some((own, Answer::Provenance(answer))) = cx.answers.get_with_query(&Slot::HoverProvenance)
        && *own == query
        && answer.carriers_total == answer.carriers.len() as u64
        && !answer.carriers.is_empty()
    {
        return answer.carriers.iter().map(|line| line.row).collect();
    }
    std::iter::once(mark.row).chain(mark.folded.iter().copied()).collect()
}

/// The values of a record that are worth filtering by.
fn filter_values(mark: &Mark, record: Option<&RecordAnswer>) -> Vec<(Field, String)> {
    let originator = record.and_then(|record| record.line.originator.clone()).map(|value| (Field::ORIGINATOR, value));
    let category = record.and_then(|record| record.fields.iter().find(|(info, _)| info.field == Field::CATEGORY));
    let category = category.map(|(_, value)| (Field::CATEGORY, value.clone()));
    let metric = mark.figure.as_ref().map(|figure| (Field::METRIC, figure.metric.clone()));
    [originator, category, metric].into_iter().flatten().filter(|(_, value)| !value.is_empty()).collect()
}

/// The menu of the plot where no mark is.
pub(super) fn plot_menu(ui: &mut Ui, cx: &mut Cx<'_>) {
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    let mut list: Vec<(&str, String, Command)> = vec![
        ("fit_screen", "Fit everything".to_owned(), Navigate::Fit.into()),
        ("arrow_back", "Window before".to_owned(), Navigate::Back.into()),
    ];
    if let Some(brush) = cx.session.place.brush {
        list.push(("zoom_in", "Zoom to the brush".to_owned(), Navigate::Window(brush).into()));
        list.push(("close", "Let the brush go".to_owned(), Navigate::Brush(None).into()));
    }
    if !cx.session.document.hidden.is_empty() {
        list.push(("visibility", "Show hidden lanes".to_owned(), Edit::ShowAllLanes.into()));
    }
    items(ui, cx, list);
}
