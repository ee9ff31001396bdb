//! The menus of a board's head: which metrics, originators and actors, and how they are drawn. Every choice is an edit of the board.

use eframe::egui::{CursorIcon, Popup, PopupCloseBehavior, Rect, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::data::{Field, FieldKind, display_value};
use crate::layout::number_text;
use crate::query::{Answer, DateKind, FacetQuery, Filter, Has, MetricInfo, Query};
use crate::session::{Board, BoardKind, CASUALTY_METRICS, ChartMode, Edit, Slot, ValueScale, is_shipment};
use crate::time::Step;
use crate::view::Cx;
use crate::view::icons::icon;
use crate::view::theme::font;
use crate::view::widgets::{focus_ring, text_line};

/// The width of a menu.
const WIDTH: f32 = 232.0;
/// The greatest height of a menu's list.
const HEIGHT_MAX: f32 = 380.0;
/// The height of a row.
const ROW: f32 = 24.0;
/// The most originators or actors that a menu lists.
const VALUES_MAX: u32 = 300;

/// A menu of a board's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Menu {
    /// Which strips, in which order.
    Metrics,
    /// Totals, per period, cumulative.
    Mode,
    /// Log or linear.
    Scale,
    /// Which date.
    Date,
    /// Which calendar bucket, and is an increment shared out.
    Step,
    /// One series for each value of a field.
    Group,
    /// Which originators.
    Counters,
    /// Which actors.
    Actors,
}

impl Menu {
    /// What it is for.
    pub(super) fn tip(self) -> &'static str {
        match self {
            Self::Metrics => "Which strips are shown, and in which order",
            Self::Mode => "Reported totals, sums per period, or running sums",
            Self::Scale => "The value axis",
            Self::Date => "Which date places a record on the axis",
            Self::Step => "The calendar bucket",
            Self::Group => "One series for each value of a field",
            Self::Counters => "Whose claims are shown",
            Self::Actors => "Whose people or goods, from or to",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Metrics => "Metrics",
            Self::Mode => "Show",
            Self::Scale => "Scale",
            Self::Date => "Date",
            Self::Step => "Per",
            Self::Group => "Groups",
            Self::Counters => "Originators",
            Self::Actors => "Actors",
        }
    }
}

/// The menu under a button.
pub(super) fn popup(cx: &mut Cx<'_>, index: usize, board: &Board, menu: Menu, button: &Response) {
    Popup::menu(button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).width(WIDTH).show(|ui| {
        list(ui, |ui| menu_ui(ui, cx, index, board, menu));
    });
}

/// The button of the last menu, which holds the menus without room.
pub(super) fn more_button(ui: &Ui, cx: &mut Cx<'_>, index: usize, board: &Board, menus: &[(Menu, String)], hit: Rect) {
    let response = ui.interact(hit, ui.scope_id().with(("board menus", index)), Sense::click());
    if response.hovered() {
        ui.painter().rect_filled(hit.shrink2(vec2(0.0, 1.0)), 3.0, cx.theme.hover);
    }
    focus_ring(ui, cx.theme, &response, hit.shrink(3.0), 3.0);
    text_line(ui, hit.left() + 4.0, hit.center().y, icon("tune"), font::icon(16.0), cx.theme.text2, 20.0);
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("{}: more", board.kind.title())));
    let response = response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text("More choices");
    Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside).width(WIDTH).show(|ui| {
        list(ui, |ui| {
            for (menu, _) in menus {
                head_row(ui, cx, menu.title());
                menu_ui(ui, cx, index, board, *menu);
            }
        });
    });
}

fn list(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    ScrollArea::vertical().max_height(HEIGHT_MAX).min_scrolled_height(HEIGHT_MAX).show(ui, |ui| {
        ui.set_min_width(WIDTH);
        content(ui);
    });
}

fn menu_ui(ui: &mut Ui, cx: &mut Cx<'_>, index: usize, board: &Board, menu: Menu) {
    match menu {
        Menu::Metrics => metrics_ui(ui, cx, index, board),
        Menu::Mode => choices(ui, cx, ChartMode::ALL.map(|mode| (mode, mode.label().to_owned())), board.mode, |cx, mode| {
            cx.send(Edit::Board(index, in_mode(board, mode)));
        }),
        Menu::Scale => {
            let scales = [(ValueScale::Linear, "Linear: equal steps".to_owned()), (ValueScale::Log, "Log: equal ratios".to_owned())];
            choices(ui, cx, scales, board.scale, |cx, scale| cx.send(Edit::Board(index, Board { scale, ..board.clone() })));
        }
        Menu::Date => choices(ui, cx, DateKind::ALL.map(|date| (date, date.label().to_owned())), board.date, |cx, date| {
            cx.send(Edit::Board(index, Board { date, ..board.clone() }));
        }),
        Menu::Step => step_ui(ui, cx, index, board),
        Menu::Group => group_ui(ui, cx, index, board),
        Menu::Counters => counters_ui(ui, cx, index, board),
        Menu::Actors => actors_ui(ui, cx, index, board),
    }
}

/// The board in another mode, with the date and scale that suit it where they were those of the mode before.
fn in_mode(board: &Board, mode: ChartMode) -> Board {
    let suits = |mode: ChartMode| if mode == ChartMode::Totals { DateKind::AsOf } else { DateKind::Event };
    let date = if board.date == suits(board.mode) { suits(mode) } else { board.date };
    let is_log = board.kind == BoardKind::Casualties && mode == ChartMode::Totals;
    let scale = match (mode == ChartMode::Totals, board.mode == ChartMode::Totals) {
        (true, false) if is_log => ValueScale::Log,
        (false, true) => ValueScale::Linear,
        _ => board.scale,
    };
    Board { mode, scale, date, ..board.clone() }
}

fn step_ui(ui: &mut Ui, cx: &mut Cx<'_>, index: usize, board: &Board) {
    let steps = Step::ALL.into_iter().filter(|step| (Step::Day..=Step::Decade).contains(step));
    let list: Vec<(Option<Step>, String)> =
        std::iter::once((None, "Auto, by the zoom".to_owned())).chain(steps.map(|step| (Some(step), sentence(step.name())))).collect();
    choices(ui, cx, list, board.by, |cx, by| cx.send(Edit::Board(index, Board { by, ..board.clone() })));
    line(ui, cx);
    if row(ui, cx, Tick::when(board.is_spread), "Share out over buckets", "").clicked() {
        cx.send(Edit::Board(index, Board { is_spread: !board.is_spread, ..board.clone() }));
    }
}

fn group_ui(ui: &mut Ui, cx: &mut Cx<'_>, index: usize, board: &Board) {
    let Some(schema) = cx.session.schema.clone() else { return };
    let is_useful = |distinct: Option<u32>| distinct.is_some_and(|count| (2..=200).contains(&count));
    let fields =
        schema.fields.iter().filter(|info| info.kind == FieldKind::Category && is_useful(info.distinct) && info.field != Field::METRIC);
    let list: Vec<(Option<Field>, String)> =
        std::iter::once((None, "No groups".to_owned())).chain(fields.map(|info| (Some(info.field), info.label.clone()))).collect();
    choices(ui, cx, list, board.group, |cx, group| cx.send(Edit::Board(index, Board { group, ..board.clone() })));
}

/// The strips: those shown, in their order, then what else belongs to the board, then everything else that has figures.
fn metrics_ui(ui: &mut Ui, cx: &mut Cx<'_>, index: usize, board: &Board) {
    let Some(schema) = cx.session.schema.clone() else { return };
    for (place, metric) in board.metrics.iter().enumerate() {
        let count = schema.metrics.iter().find(|info| info.metric == *metric).map_or(0, |info| drawn(info, board.mode));
        let response = row(ui, cx, Tick::On, &display_value(Field::METRIC, metric), &number_text(count as f64));
        let mut metrics = board.metrics.clone();
        if let Some(by) = order_buttons(ui, cx, &response, place, board.metrics.len()) {
            metrics.swap(place, place.saturating_add_signed(by));
            cx.send(Edit::Board(index, Board { metrics, ..board.clone() }));
        } else if response.clicked() {
            metrics.remove(place);
            cx.send(Edit::Board(index, Board { metrics, ..board.clone() }));
        }
    }
    let belongs = |info: &MetricInfo| match board.kind {
        BoardKind::Casualties => CASUALTY_METRICS.contains(&info.metric.as_str()),
        BoardKind::Shipments => is_shipment(info),
    };
    let free = |info: &&MetricInfo| !board.metrics.contains(&info.metric) && info.increments + info.totals + info.levels > 0;
    let (own, others): (Vec<&MetricInfo>, Vec<&MetricInfo>) = schema.metrics.iter().filter(free).partition(|info| belongs(info));
    for (title, list) in [("", own), ("Others", others)] {
        if list.is_empty() {
            continue;
        }
        line(ui, cx);
        if !title.is_empty() {
            head_row(ui, cx, title);
        }
        for info in list {
            let count = drawn(info, board.mode);
            let tick = if count > 0 { Tick::Off } else { Tick::Disabled };
            if row(ui, cx, tick, &display_value(Field::METRIC, &info.metric), &number_text(count as f64)).clicked() {
                let mut metrics = board.metrics.clone();
                metrics.push(info.metric.clone());
                cx.send(Edit::Board(index, Board { metrics, ..board.clone() }));
            }
        }
    }
}

/// Records of a metric that a mode draws.
fn drawn(info: &MetricInfo, mode: ChartMode) -> u64 {
    match mode {
        ChartMode::Totals => info.totals + info.levels,
        ChartMode::PerPeriod | ChartMode::Cumulative => info.increments,
    }
}

/// Two small arrows in a row of the strips: up or down by one.
fn order_buttons(ui: &Ui, cx: &Cx<'_>, row: &Response, place: usize, count: usize) -> Option<isize> {
    let mut by = None;
    let right = row.rect.right() - 44.0;
    for (offset, name, tip, step, can) in
        [(0.0, "expand_less", "Further up", -1, place > 0), (20.0, "expand_more", "Further down", 1, place + 1 < count)]
    {
        if !can || !(row.contains_pointer() || row.has_focus()) {
            continue;
        }
        let hit = Rect::from_min_size(pos2(right - 36.0 + offset, row.rect.top() + 2.0), vec2(20.0, 20.0));
        let response = ui.interact(hit, row.id.with(tip), Sense::click());
        let colour = if response.hovered() { cx.theme.accent } else { cx.theme.text3 };
        text_line(ui, hit.left() + 2.0, hit.center().y, icon(name), font::icon(16.0), colour, 20.0);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, tip));
        if response.on_hover_text(tip).clicked() {
            by = Some(step);
        }
    }
    by
}

fn counters_ui(ui: &mut Ui, cx: &mut Cx<'_>, index: usize, board: &Board) {
    let filter = cx.session.document.filter.without(Field::ORIGINATOR).and(counted(board));
    let values = values_of(cx, Slot::Counters(index), Field::ORIGINATOR, filter);
    let set = |cx: &mut Cx<'_>, counters: Vec<String>| cx.send(Edit::Board(index, Board { counters, ..board.clone() }));
    if row(ui, cx, Tick::when(board.counters.is_empty()), "All", &number_text(values.len() as f64)).clicked() {
        set(cx, Vec::new());
    }
    for top in [3, 5, 10] {
        let first: Vec<String> = values.iter().take(top).map(|value| value.0.clone()).collect();
        if values.len() > top && row(ui, cx, Tick::when(board.counters == first), &format!("The {top} with most claims"), "").clicked() {
            set(cx, first);
        }
    }
    line(ui, cx);
    values_ui(ui, cx, &values, &board.counters, set);
}

fn actors_ui(ui: &mut Ui, cx: &mut Cx<'_>, index: usize, board: &Board) {
    let mut values: Vec<(String, u64)> = Vec::new();
    for field in [Field::FROM, Field::TO] {
        let filter = cx.session.document.filter.without(field).and(counted(board));
        for (value, count) in values_of(cx, Slot::Actors(index, field), field, filter) {
            match values.iter_mut().find(|own| own.0 == value) {
                Some(own) => own.1 += count,
                None => values.push((value, count)),
            }
        }
    }
    values.sort_by_key(|value| std::cmp::Reverse(value.1));
    let set = |cx: &mut Cx<'_>, actors: Vec<String>| cx.send(Edit::Board(index, Board { actors, ..board.clone() }));
    if row(ui, cx, Tick::when(board.actors.is_empty()), "All", &number_text(values.len() as f64)).clicked() {
        set(cx, Vec::new());
    }
    line(ui, cx);
    values_ui(ui, cx, &values, &board.actors, set);
}

/// Records that a board's strips could draw.
fn counted(board: &Board) -> Filter {
    Filter::Is(Field::METRIC, board.metrics.clone()).and(Filter::Has(Has::Quantity))
}

/// The values of a field with their counts, those that occur.
fn values_of(cx: &mut Cx<'_>, slot: Slot, field: Field, filter: Filter) -> Vec<(String, u64)> {
    let query = Query::Facet(FacetQuery { field, filter, search: String::new(), limit: VALUES_MAX });
    let Some(Answer::Facet(facet)) = cx.ask(slot, query) else { return Vec::new() };
    let mut values: Vec<(String, u64)> =
        facet.values.iter().map(|value| (value.value.clone(), value.count)).filter(|value| value.1 > 0).collect();
    values.sort_by_key(|value| std::cmp::Reverse(value.1));
    values
}

/// Rows of values: a click chooses one, or no longer.
fn values_ui(ui: &mut Ui, cx: &mut Cx<'_>, values: &[(String, u64)], chosen: &[String], set: impl Fn(&mut Cx<'_>, Vec<String>)) {
    if values.is_empty() {
        row(ui, cx, Tick::Disabled, "none is named", "");
    }
    for (value, count) in values {
        let is_on = chosen.contains(value);
        if row(ui, cx, Tick::when(is_on), value, &number_text(*count as f64)).clicked() {
            let mut list = chosen.to_vec();
            list.retain(|own| own != value);
            if !is_on {
                list.push(value.clone());
            }
            set(cx, list);
        }
    }
}

/// One of several: the one that holds is ticked.
fn choices<T: PartialEq + Copy>(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    list: impl IntoIterator<Item = (T, String)>,
    now: T,
    mut choose: impl FnMut(&mut Cx<'_>, T),
) {
    for (value, label) in list {
        if row(ui, cx, Tick::when(value == now), &label, "").clicked() {
            choose(cx, value);
        }
    }
}

/// How a row of a menu stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tick {
    /// Chosen.
    On,
    /// Not chosen.
    Off,
    /// Cannot be chosen.
    Disabled,
}

impl Tick {
    fn when(is_on: bool) -> Self {
        if is_on { Self::On } else { Self::Off }
    }
}

/// A row of a menu: a tick, a name, a count.
fn row(ui: &mut Ui, cx: &Cx<'_>, tick: Tick, label: &str, count: &str) -> Response {
    let theme = cx.theme;
    let (is_on, is_enabled) = (tick == Tick::On, tick != Tick::Disabled);
    let width = ui.available_width().max(WIDTH);
    let (rect, response) = ui.allocate_exact_size(vec2(width, ROW), if is_enabled { Sense::click() } else { Sense::hover() });
    if is_enabled && (response.hovered() || response.contains_pointer()) {
        ui.painter().rect_filled(rect, 3.0, theme.hover);
    }
    focus_ring(ui, theme, &response, rect.shrink(3.0), 3.0);
    if is_on {
        text_line(ui, rect.left() + 6.0, rect.center().y, icon("check"), font::icon(14.0), theme.accent, 16.0);
    }
    let galley = ui.painter().layout_no_wrap(count.to_owned(), font::label(), theme.text3);
    let right = rect.right() - 8.0 - galley.size().x;
    let face = if is_on { font::medium(12.0) } else { font::body() };
    let colour = if is_enabled { theme.text1 } else { theme.disabled };
    text_line(ui, rect.left() + 26.0, rect.center().y, label, face, colour, right - rect.left() - 34.0);
    ui.painter().galley(pos2(right, rect.center().y - galley.size().y / 2.0), galley, theme.text3);
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemCheckBox, is_enabled, is_on, label));
    if is_enabled { response.on_hover_cursor(CursorIcon::PointingHand) } else { response }
}

/// A heading inside a menu.
fn head_row(ui: &mut Ui, cx: &Cx<'_>, title: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, 22.0), Sense::hover());
    text_line(ui, rect.left() + 8.0, rect.center().y + 1.0, title, font::semibold(11.0), cx.theme.text3, WIDTH);
}

fn line(ui: &mut Ui, cx: &Cx<'_>) {
    let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, 7.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, eframe::egui::Stroke::new(1.0, cx.theme.line));
}

/// A word with a capital.
fn sentence(word: &str) -> String {
    let mut text = word.to_owned();
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}
