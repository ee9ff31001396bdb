//! The panel in which it is seen and chosen how a file is read: what was detected, the rows as they stand with what their columns mean,
//! and the records that they become. It changes nothing until it is told to read so; every choice goes into the Session's draft.

mod assumed;
mod becomes;
mod cells;
mod choice;
mod column;
mod detected;
mod files;
mod foot;
mod keys;
mod metrics;
mod odd;
mod roles;
mod words;

use eframe::egui::{
    Align, Event, Frame, Id, Key, Layout, Margin, Modal, Rect, RichText, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::rows::{cut_text, sentence};
use super::theme::font;
use super::widgets::{icon_button, link_button};
use super::{Cx, Theme, icon};
use crate::ingest::{Examined, Mapping, Options};
use crate::session::{Action, Show};

/// The panel fills the window up to this size, and leaves so much of it free.
const SIZE_MAX: [f32; 2] = [1_640.0, 1_040.0];
const FREE: [f32; 2] = [32.0, 40.0];
const HEAD: f32 = 44.0;
const FOOT: f32 = 44.0;
const LEFT: f32 = 244.0;
const RIGHT: f32 = 236.0;
/// Below this width what is detected gives way to the chosen column.
const WIDTH_THREE: f32 = 960.0;
/// The records take this part of the height.
const BECOMES_PART: f32 = 0.42;
/// Words take this part of the height above the records of a format that has fields of its own.
const FIXED_PART: f32 = 0.3;

/// What the panel remembers while it is open.
#[derive(Clone, Debug, Default, PartialEq)]
struct Memory {
    /// The chosen column.
    column: Option<usize>,
    /// Does the right side list metrics instead of the chosen column?
    has_metrics: bool,
    /// Is the right side shown where there is room for one side only?
    is_right_up: bool,
    /// Shall the chosen column come into sight?
    wants_sight: bool,
    /// What was typed over the rows: the meanings of the chosen column open with it.
    wants_roles: Option<String>,
    /// Had a field the keyboard, or was a list open, when the last frame ended? Enter is for those then.
    was_busy: bool,
}

/// Draws the panel.
pub(super) fn import_ui(ui: &Ui, cx: &mut Cx<'_>) {
    let screen = ui.ctx().content_rect();
    let size = vec2((screen.width() - FREE[0]).min(SIZE_MAX[0]), (screen.height() - FREE[1]).min(SIZE_MAX[1]));
    let frame = Frame::NONE.fill(cx.theme.panel).stroke(Stroke::new(1.0, cx.theme.line2)).corner_radius(6.0).inner_margin(Margin::ZERO);
    let modal = Modal::new(Id::unique("import")).frame(frame).backdrop_color(cx.theme.backdrop());
    let response = modal.show(ui.ctx(), |ui| {
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        panel_ui(ui, cx, rect);
    });
    if response.backdrop_response.clicked() {
        cx.send(Show::Dialog(None));
    }
}

fn child(ui: &mut Ui, rect: Rect) -> Ui {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    child
}

fn panel_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect) {
    let id = Id::unique("import_panel");
    let mut memory: Memory = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let before = memory.clone();
    let line = Stroke::new(1.0, cx.theme.line);
    let (head, body, foot) = (rect.top() + HEAD, rect.top() + HEAD..=rect.bottom() - FOOT, rect.bottom() - FOOT);
    ui.painter().hline(rect.x_range(), head, line);
    ui.painter().hline(rect.x_range(), foot, line);
    let has_three = rect.width() >= WIDTH_THREE;
    let is_right_up = has_three || memory.is_right_up;
    let left = if has_three || !memory.is_right_up { rect.left() + LEFT } else { rect.left() };
    let seen = cx.around.look.seen.clone();
    // A format with fields of its own has no columns to be chosen.
    let has_right = is_right_up && !seen.as_ref().is_some_and(|seen| seen.is_fixed);
    let right = if has_right { rect.right() - RIGHT } else { rect.right() };
    head_ui(&mut child(ui, Rect::from_min_max(rect.min, pos2(rect.right(), head)).shrink2(vec2(16.0, 0.0))), cx, seen.as_deref());
    if left > rect.left() {
        ui.painter().vline(left, body.clone(), line);
        let place = Rect::from_min_max(pos2(rect.left(), head), pos2(left, foot));
        detected::detected_ui(&mut child(ui, place), cx, seen.as_deref());
    }
    let middle = Rect::from_min_max(pos2(left + 0.5, head + 0.5), pos2(right - 0.5, foot - 0.5));
    if let Some(seen) = seen.as_deref().filter(|seen| seen.can_be_mapped()) {
        let split = head + ((foot - head) * (1.0 - BECOMES_PART)).round();
        let (above, below) = middle.split_top_bottom_at_y(split);
        cells::cells_ui(&mut child(ui, above), cx, seen, &mut memory);
        ui.painter().hline(middle.x_range(), split, line);
        becomes::becomes_ui(&mut child(ui, below), cx, seen);
    } else {
        let records = seen.as_deref().filter(|seen| seen.is_fixed && !seen.becomes.is_empty() && cx.around.look.error.is_none());
        let split = if records.is_some() { head + ((foot - head) * FIXED_PART).round() } else { middle.bottom() };
        let (above, below) = middle.split_top_bottom_at_y(split);
        without_ui(&mut child(ui, above), cx, seen.as_deref());
        if let Some(seen) = records {
            ui.painter().hline(middle.x_range(), split, line);
            becomes::becomes_ui(&mut child(ui, below), cx, seen);
        }
    }
    if is_right_up && let Some(seen) = seen.as_deref().filter(|seen| seen.can_be_mapped()) {
        ui.painter().vline(right, body, line);
        let place = Rect::from_min_max(pos2(right, head), pos2(rect.right(), foot));
        right_ui(&mut child(ui, place), cx, seen, &mut memory, has_three);
    }
    foot::foot_ui(&mut child(ui, Rect::from_min_max(pos2(rect.left(), foot), rect.max).shrink2(vec2(16.0, 0.0))), cx, seen.as_deref());
    apply_by_key(ui, cx, memory.was_busy);
    memory.was_busy = ui.ctx().text_edit_focused() || eframe::egui::Popup::is_any_open(ui.ctx());
    if memory != before {
        // What was drawn before the change in this frame is drawn anew.
        ui.ctx().request_repaint();
    }
    ui.data_mut(|data| data.insert_temp(id, memory));
}

fn head_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: Option<&Examined>) {
    let rect = ui.max_rect();
    let y = rect.center().y;
    // Of several files, the name tells which folder of the folder it is in.
    let name = cx.around.look.file.as_deref().unwrap_or_else(|| file_name(&cx.around.look.name));
    let title = if name.is_empty() { "How the file is read".to_owned() } else { format!("How {name} is read") };
    let painted = cut_text(ui, rect.left(), y, &title, (font::semibold(15.0), cx.theme.text1), rect.width() * 0.6);
    let named = ui.interact(Rect::from_min_max(rect.min, pos2(painted.right, rect.bottom())), Id::unique("import_title"), Sense::hover());
    named.widget_info(|| WidgetInfo::labeled(eframe::egui::Role::Label, true, &title));
    let words = match seen {
        Some(seen) if cx.around.look.error.is_none() => words::facts(seen),
        _ => String::new(),
    };
    cut_text(ui, painted.right + 12.0, y, &words, (font::body(), cx.theme.text2), rect.right() - painted.right - 60.0);
    let spot = Rect::from_center_size(pos2(rect.right() - 12.0, y), vec2(24.0, 24.0));
    if icon_button(&mut child(ui, spot), cx.theme, "close", "Close without change (Esc)", true).clicked() {
        cx.send(Show::Dialog(None));
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The middle when there is nothing to map: still looking, a format with fields of its own, or an error.
fn without_ui(ui: &mut Ui, cx: &Cx<'_>, seen: Option<&Examined>) {
    let look = &cx.around.look;
    let (sign, colour, head, words) = match (&look.error, seen) {
        (Some(error), _) => {
            let words = format!("{} Another encoding, delimiter or header row may help: choose on the left.", sentence(error));
            ("error", cx.theme.error, "It cannot be read so", words)
        }
        (None, Some(seen)) if seen.is_fixed => {
            let words = "This format says itself what its fields mean: dates, titles, sources and the rest are taken as they are, and there \
                         is nothing to choose.";
            ("check", cx.theme.ok, "It is understood as it is", words.to_owned())
        }
        (None, Some(_)) => {
            let words = "It has no rows. Choose another table on the left, or close this.".to_owned();
            ("info", cx.theme.text3, "This table is empty", words)
        }
        (None, None) => ("schedule", cx.theme.text3, "Looking at the beginning of the file …", String::new()),
    };
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.4 - 40.0).max(16.0));
        ui.label(RichText::new(icon(sign)).font(font::icon(28.0)).color(colour));
        ui.label(RichText::new(head).font(font::semibold(15.0)).color(cx.theme.text1));
        let size = vec2(ui.available_width().min(520.0), 0.0);
        ui.allocate_ui_with_layout(size, Layout::top_down(Align::Center), |ui| {
            ui.add(eframe::egui::Label::new(RichText::new(words).font(font::body()).color(cx.theme.text2)).wrap());
        });
    });
}

fn right_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, memory: &mut Memory, has_three: bool) {
    Frame::NONE.inner_margin(Margin::symmetric(16, 10)).show(ui, |ui| {
        ui.horizontal(|ui| {
            if !has_three && icon_button(ui, cx.theme, "chevron_left", "Back to what was detected", true).clicked() {
                memory.is_right_up = false;
            }
            for (word, is_metrics) in [("Column", false), ("Metrics", true)] {
                if choice::tab_ui(ui, cx.theme, word, memory.has_metrics == is_metrics).clicked() {
                    memory.has_metrics = is_metrics;
                }
            }
        });
        ui.add_space(8.0);
        if memory.has_metrics { metrics::metrics_ui(ui, cx, seen) } else { column::column_ui(ui, cx, seen, memory) }
    });
}

/// Enter reads the file so, while nothing else has the keyboard; with Ctrl always.
fn apply_by_key(ui: &Ui, cx: &mut Cx<'_>, was_busy: bool) {
    let has_rows = |focused: Id| focused == cells::body_id();
    let is_free = !was_busy && ui.memory(|memory| memory.focused().is_none_or(has_rows));
    // What was held down beside it is told by the key itself: by the end of a slow frame it may be let go.
    let with_ctrl = |event: &Event| matches!(event, Event::Key { key: Key::Enter, pressed: true, modifiers, .. } if modifiers.command);
    let wants = ui.input(|input| (is_free && input.key_pressed(Key::Enter)) || input.events.iter().any(with_ctrl));
    if wants && can_read(cx) {
        // A list that the same key has opened on its way goes too.
        eframe::egui::Popup::close_all(ui.ctx());
        read_so(cx);
    }
}

/// Can the file be read by the draft, as far as is known? Of several, any may be what was changed.
fn can_read(cx: &Cx<'_>) -> bool {
    let look = &cx.around.look;
    let is_seen = look.error.is_none() && look.seen.as_ref().is_some_and(|seen| seen.can_be_mapped());
    let is_other_changed = !look.files.is_empty() && look.options_of(&cx.session.draft) == look.options_of(&cx.session.read_with);
    is_seen || (is_other_changed && cx.session.draft != cx.session.read_with)
}

fn read_so(cx: &mut Cx<'_>) {
    cx.send(Action::ReadWith(Box::new(cx.session.draft.clone())));
}

/// How the file that is shown would be read.
fn draft(cx: &Cx<'_>) -> Options {
    cx.around.look.options_of(&cx.session.draft)
}

/// The mapping as it is wished now: what the draft says, else what was understood.
fn mapping(cx: &Cx<'_>, seen: &Examined) -> Mapping {
    let own = draft(cx).mapping.filter(|own| has_columns_of(own, &seen.mapping));
    own.unwrap_or_else(|| seen.mapping.clone())
}

fn has_columns_of(own: &Mapping, other: &Mapping) -> bool {
    let is_same = || own.columns.iter().zip(&other.columns).all(|(one, other)| one.name == other.name);
    own.columns.len() == other.columns.len() && is_same()
}

/// Is something of the mapping otherwise than it was detected?
fn is_chosen<T: PartialEq>(cx: &Cx<'_>, own: &Mapping, part: impl Fn(&Mapping) -> T) -> bool {
    let detected = cx.around.look.detected.as_deref().filter(|detected| has_columns_of(own, detected));
    detected.is_some_and(|detected| part(own) != part(detected))
}

/// Wishes for another mapping, of the file that is shown and of those with the same columns.
fn change_mapping(cx: &mut Cx<'_>, seen: &Examined, change: impl FnOnce(&mut Mapping)) {
    let mut changed = mapping(cx, seen);
    change(&mut changed);
    wish(cx, cx.around.look.draft_with_mapping(&cx.session.draft, &changed));
}

/// Wishes for another way of reading the file that is shown; what the columns mean is understood anew.
fn change_reading(cx: &mut Cx<'_>, change: impl FnOnce(&mut Options)) {
    let mut options = draft(cx).without_choice();
    change(&mut options);
    wish(cx, cx.around.look.draft_with(&cx.session.draft, &options));
}

fn wish(cx: &mut Cx<'_>, draft: Options) {
    if draft != cx.session.draft {
        cx.send(Show::Reading(Box::new(draft)));
    }
}

/// A small heading.
fn heading(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.label(RichText::new(text).font(font::semibold(11.0)).color(theme.text2));
}

/// Words under a heading, wrapped.
fn note(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.add(eframe::egui::Label::new(RichText::new(text).font(font::label()).color(theme.text3)).wrap());
}

/// A link on a line of its own.
fn link(ui: &mut Ui, theme: &Theme, text: &str) -> eframe::egui::Response {
    link_button(ui, theme, text)
}
