//! The head of a board: fold, title, what it shows in words, and the menus that change it.

use eframe::egui::{CursorIcon, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::menus::{self, Menu};
use crate::layout::TimeScale;
use crate::query::{Answer, DateKind};
use crate::session::{Board, BoardKind, ChartMode, Edit, Slot, ValueScale};
use crate::view::Cx;
use crate::view::icons::icon;
use crate::view::theme::font;
use crate::view::widgets::{focus_ring, text_line};

/// Air between two menus.
const MENU_GAP: f32 = 2.0;
/// The words about a board are left out where less than this is left for them.
const WORDS_MIN: f32 = 60.0;

/// Draws the head of a board.
pub(super) fn head_ui(ui: &Ui, cx: &mut Cx<'_>, scale: &TimeScale, index: usize, rect: Rect, gave_way: bool) {
    let Some(board) = cx.session.document.boards.get(index).cloned() else { return };
    let theme = cx.theme;
    ui.painter().rect_filled(rect, 0.0, theme.band);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, theme.line));
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line));
    let is_open = board.is_open && !gave_way;
    let is_picture = cx.around.is_picture;
    let title_end = if is_picture {
        text_line(ui, rect.left() + 12.0, rect.center().y, board.kind.title(), font::semibold(12.0), theme.text1, 160.0)
    } else {
        fold_ui(ui, cx, index, &board, rect, gave_way)
    };
    let menus_start = if is_open && !is_picture { menus_ui(ui, cx, scale, index, &board, rect, title_end) } else { rect.right() - 12.0 };
    let words = if is_open {
        words(cx, scale, index, &board)
    } else {
        folded_words(&board, gave_way.then_some(if is_picture { "no room for it here" } else { "folded: the window is low" }))
    };
    let room = menus_start - title_end - 24.0;
    if room > WORDS_MIN {
        text_line(ui, title_end + 8.0, rect.center().y, &words, font::label(), theme.text3, room);
    }
}

/// The arrow and the title: a click folds or unfolds; gives where the title ends.
fn fold_ui(ui: &Ui, cx: &mut Cx<'_>, index: usize, board: &Board, rect: Rect, gave_way: bool) -> f32 {
    let theme = cx.theme;
    let is_open = board.is_open && !gave_way;
    let arrow = if is_open { "expand_more" } else { "chevron_right" };
    let middle = rect.center().y;
    text_line(ui, rect.left() + 8.0, middle, icon(arrow), font::icon(14.0), theme.text2, 16.0);
    let end = text_line(ui, rect.left() + 24.0, middle, board.kind.title(), font::semibold(12.0), theme.text1, 160.0);
    let hit = Rect::from_min_max(pos2(rect.left() + 4.0, rect.top() + 1.0), pos2(end + 4.0, rect.bottom() - 1.0));
    let response = ui.interact(hit, ui.scope_id().with(("fold board", index)), Sense::click());
    focus_ring(ui, theme, &response, hit.shrink(3.0), 3.0);
    let does = if is_open { "Fold" } else { "Unfold" };
    response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, is_open, format!("{does} {}", board.kind.title())));
    if response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(does).clicked() {
        if gave_way {
            make_room(cx, index);
        } else {
            cx.send(Edit::Board(index, Board { is_open: !board.is_open, ..board.clone() }));
        }
    }
    end
}

/// There is room for one board only: this one takes the place of the others.
fn make_room(cx: &mut Cx<'_>, index: usize) {
    let others: Vec<(usize, Board)> = cx.session.document.boards.iter().cloned().enumerate().filter(|(place, _)| *place != index).collect();
    for (place, board) in others {
        cx.send(Edit::Board(place, Board { is_open: false, ..board }));
    }
}

fn folded_words(board: &Board, why: Option<&str>) -> String {
    let names: Vec<String> = board.metrics.iter().map(|metric| metric.replace('_', " ")).collect();
    why.map_or_else(|| names.join(", "), |why| format!("{} · {why}", names.join(", ")))
}

/// What the board shows, in words.
fn words(cx: &Cx<'_>, scale: &TimeScale, index: usize, board: &Board) -> String {
    match board.mode {
        ChartMode::Totals => {
            let (from, to) = common_actors(cx, index, board);
            let whom = match (board.kind, from, to) {
                (BoardKind::Shipments, Some(from), Some(to)) => format!(", {from} to {to}"),
                (_, Some(from), _) => format!(" of {from}"),
                _ => String::new(),
            };
            match board.kind {
                BoardKind::Casualties => format!("reported totals{whom}, by who said it · never added"),
                BoardKind::Shipments => format!("reported totals{whom} · units differ, so one strip each"),
            }
        }
        ChartMode::PerPeriod => {
            let whiskers = if has_whiskers(cx, index, board) { " · low to high as whiskers" } else { "" };
            format!("per {}{whiskers}", super::questions::step_of(board, scale).name())
        }
        ChartMode::Cumulative => {
            let what = if board.group.is_some() { "one line per value" } else { "one line per counter" };
            format!("cumulative, by {} · {what}", super::questions::step_of(board, scale).name())
        }
    }
}

/// Has a sum of a board a low or a high beside its value?
fn has_whiskers(cx: &Cx<'_>, index: usize, board: &Board) -> bool {
    board.metrics.iter().any(|metric| match cx.answers.get(&Slot::Strip(index, metric.clone())) {
        Some(Answer::Series(series)) => {
            let mut points = series.groups.iter().flat_map(|group| &group.points);
            points.any(|point| point.low != point.value || point.high != point.value)
        }
        _ => false,
    })
}

/// The actors that all readings of a board share.
fn common_actors(cx: &Cx<'_>, index: usize, board: &Board) -> (Option<String>, Option<String>) {
    let mut from: Option<Option<String>> = None;
    let mut to: Option<Option<String>> = None;
    for metric in &board.metrics {
        let Some(Answer::Claims(claims)) = cx.answers.get(&Slot::Strip(index, metric.clone())) else { continue };
        for reading in &claims.readings {
            for (own, other) in [(&mut from, &reading.from), (&mut to, &reading.to)] {
                match own {
                    None => *own = Some(other.clone()),
                    Some(same) if same != other => *same = None,
                    Some(_) => {}
                }
            }
        }
    }
    (from.flatten(), to.flatten())
}

/// The menus from the right; those without room go into a last one. Gives where they start.
fn menus_ui(ui: &Ui, cx: &mut Cx<'_>, scale: &TimeScale, index: usize, board: &Board, rect: Rect, title_end: f32) -> f32 {
    let all = menus_of(cx, scale, board);
    let widths: Vec<f32> = all.iter().map(|(_, label)| menu_width(ui, label)).collect();
    let room = rect.right() - 8.0 - title_end - 16.0;
    let more_width = 28.0;
    let mut kept = all.len();
    let sum =
        |kept: usize| widths.iter().take(kept).sum::<f32>() + MENU_GAP * kept as f32 + if kept < all.len() { more_width } else { 0.0 };
    while kept > 0 && sum(kept) > room {
        kept -= 1;
    }
    let mut left = rect.right() - 8.0 - sum(kept);
    let start = left;
    for ((menu, label), width) in all.iter().zip(&widths).take(kept) {
        let hit = Rect::from_min_size(pos2(left, rect.top() + 1.0), vec2(*width, rect.height() - 2.0));
        menu_button(ui, cx, index, board, *menu, label, hit);
        left += width + MENU_GAP;
    }
    if kept < all.len() {
        let rest: Vec<(Menu, String)> = all.into_iter().skip(kept).collect();
        let hit = Rect::from_min_size(pos2(left, rect.top() + 1.0), Vec2::new(24.0, rect.height() - 2.0));
        menus::more_button(ui, cx, index, board, &rest, hit);
    }
    start
}

/// The menus of a board with what each says, the most used first.
fn menus_of(cx: &Cx<'_>, scale: &TimeScale, board: &Board) -> Vec<(Menu, String)> {
    let mut all = vec![
        (Menu::Metrics, format!("Metrics {}", board.metrics.len())),
        (Menu::Mode, board.mode.label().to_owned()),
        (Menu::Scale, if board.scale == ValueScale::Log { "Log".to_owned() } else { "Linear".to_owned() }),
        (
            Menu::Date,
            match board.date {
                DateKind::Event => "Event date".to_owned(),
                DateKind::AsOf => "As-of date".to_owned(),
                DateKind::Published => "Published".to_owned(),
            },
        ),
    ];
    if board.mode != ChartMode::Totals {
        let step = super::questions::step_of(board, scale).name();
        all.insert(2, (Menu::Step, if board.by.is_none() { format!("By {step}, auto") } else { format!("By {step}") }));
        let group = board.group.and_then(|field| cx.session.schema.as_ref()?.info(field).map(|info| info.label.clone()));
        all.push((Menu::Group, group.map_or_else(|| "No groups".to_owned(), |label| format!("Groups {label}"))));
    }
    all.push((Menu::Counters, chosen_text("Originators", &board.counters)));
    all.push((Menu::Actors, chosen_text("Actors", &board.actors)));
    all
}

fn chosen_text(what: &str, chosen: &[String]) -> String {
    match chosen.len() {
        0 => format!("All {}", what.to_lowercase()),
        count => format!("{what} {count}"),
    }
}

/// What a menu's button needs: its text, the arrow, air.
fn menu_width(ui: &Ui, label: &str) -> f32 {
    let galley = ui.painter().layout_no_wrap(label.to_owned(), font::label(), ui.visuals().text_color());
    galley.size().x + 24.0
}

/// A flat button that opens a menu.
fn menu_button(ui: &Ui, cx: &mut Cx<'_>, index: usize, board: &Board, menu: Menu, label: &str, hit: Rect) -> Response {
    let theme = cx.theme;
    let response = ui.interact(hit, ui.scope_id().with(("board menu", index, menu)), Sense::click());
    let is_open = eframe::egui::Popup::is_id_open(ui.ctx(), eframe::egui::Popup::default_response_id(&response));
    if response.hovered() || is_open {
        ui.painter().rect_filled(hit.shrink2(vec2(0.0, 1.0)), 3.0, if is_open { theme.selection } else { theme.hover });
    }
    focus_ring(ui, theme, &response, hit.shrink(3.0), 3.0);
    let end = text_line(ui, hit.left() + 6.0, hit.center().y, label, font::label(), theme.text2, hit.width());
    text_line(ui, end + 1.0, hit.center().y + 0.5, icon("expand_more"), font::icon(14.0), theme.text3, 16.0);
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("{}: {label}", board.kind.title())));
    let response = response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(menu.tip());
    menus::popup(cx, index, board, menu, &response);
    response
}
