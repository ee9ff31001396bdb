//! The faces of the window without a picture: empty, loading, failed; a file over the window; a short message.

use eframe::egui::{
    Align, Align2, Area, Id, LayerId, Layout, Order, ProgressBar, Rect, RichText, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, pos2,
    vec2,
};

use super::super::rows::counted_noun;
use super::super::theme::font;
use super::super::widgets::{icon_button, plain_button, primary_button};
use super::super::{Cx, FileState, LoadingState, icon};
use super::{card, open};
use crate::layout::size_text;
use crate::session::{Action, Dialog, Show};

/// Draws the state without a file: what can be opened, or why it could not be.
pub(in crate::view) fn empty_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let rect = ui.max_rect();
    let width = 420.0_f32.min(rect.width() - 48.0);
    let top = rect.top() + (rect.height() * 0.5 - 220.0).max(24.0);
    let column = Rect::from_min_size(pos2(rect.center().x - width / 2.0, top), vec2(width, rect.bottom() - top));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(column).layout(Layout::top_down(Align::Center)));
    if matches!(cx.around.file, FileState::Loading(_)) {
        return;
    }
    emblem(&mut ui, cx);
    ui.add_space(24.0);
    if let FileState::Failed { name, message, can_be_read_otherwise } = cx.around.file.clone() {
        failed_ui(&mut ui, cx, (&name, &message), can_be_read_otherwise);
    } else {
        ui.label(RichText::new("Drop a file or folder of records here").font(font::semibold(15.0)).color(cx.theme.text1));
        ui.label(
            RichText::new("Dateline JSON, CSV, TSV, Excel, ODS, Parquet, Arrow, SQLite, JSON, JSON lines. Only ever read.")
                .font(font::body())
                .color(cx.theme.text3),
        );
    }
    ui.add_space(12.0);
    buttons_ui(&mut ui, cx, width);
    ui.add_space(28.0);
    ui.with_layout(Layout::top_down(Align::Min), |ui| open::recent_ui(ui, cx));
    ui.add_space(16.0);
    ui.label(RichText::new("Nothing you open leaves this computer.").font(font::label()).color(cx.theme.text3));
}

fn buttons_ui(ui: &mut Ui, cx: &mut Cx<'_>, width: f32) {
    ui.horizontal(|ui| {
        ui.add_space((width - 200.0).max(0.0) / 2.0);
        if primary_button(ui, cx.theme, "Open…").clicked() {
            cx.send(Show::Dialog(Some(Dialog::Open)));
        }
        if plain_button(ui, cx.theme, "Open the sample").clicked() {
            cx.send(Action::OpenSample);
        }
    });
}

/// A timeline without records.
fn emblem(ui: &mut Ui, cx: &Cx<'_>) {
    let (rect, _) = ui.allocate_exact_size(vec2(260.0, 40.0), Sense::hover());
    let painter = ui.painter();
    let y = rect.center().y + 2.0;
    let stroke = Stroke::new(1.0, cx.theme.line2);
    painter.hline(rect.x_range(), y, stroke);
    for place in 0..=6 {
        let x = rect.left() + rect.width() * place as f32 / 6.0;
        painter.vline(x, y - 5.0..=y + 5.0, stroke);
    }
    for (x, up, width) in [(50.0, -16.0, 42.0), (138.0, -16.0, 84.0), (100.0, 10.0, 22.0), (232.0, 10.0, 28.0)] {
        painter.rect_filled(Rect::from_min_size(pos2(rect.left() + x, y + up), vec2(width, 5.0)), 0.0, cx.theme.density[0]);
    }
}

fn failed_ui(ui: &mut Ui, cx: &mut Cx<'_>, (name, message): (&str, &str), can_be_read_otherwise: bool) {
    let width = ui.available_width();
    eframe::egui::Frame::NONE.fill(cx.theme.error_ground).inner_margin(12.0).show(ui, |ui| {
        ui.set_width(width - 24.0);
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            let head = if name.is_empty() { "The file could not be opened.".to_owned() } else { format!("{name} could not be opened.") };
            ui.horizontal(|ui| {
                ui.label(RichText::new(icon("error")).font(font::icon(16.0)).color(cx.theme.error));
                ui.label(RichText::new(head).font(font::semibold(13.0)).color(cx.theme.text1));
            });
            ui.label(RichText::new(message).font(font::body()).color(cx.theme.text1));
            if can_be_read_otherwise && super::super::widgets::link_button(ui, cx.theme, "Choose how it is read…").clicked() {
                cx.send(Show::Reading(Box::new(cx.session.read_with.clone())));
            }
            if super::super::widgets::link_button(ui, cx.theme, "Copy details").clicked() {
                cx.send(Action::CopyText(format!("{name}: {message}")));
            }
        });
    });
}

/// Draws how far loading has come: a strip over the picture that is there already, or a card in the middle.
pub(in crate::view) fn loading_ui(ui: &Ui, cx: &mut Cx<'_>) {
    let FileState::Loading(state) = cx.around.file.clone() else { return };
    let screen = ui.ctx().content_rect();
    let width = 420.0_f32.min(screen.width() - 32.0);
    let at = if state.has_picture || cx.session.schema.is_some() {
        pos2(screen.center().x - width / 2.0, screen.top() + 48.0)
    } else {
        pos2(screen.center().x - width / 2.0, screen.center().y - 60.0)
    };
    Area::new(Id::unique("loading")).order(Order::Foreground).fixed_pos(at).show(ui.ctx(), |ui| {
        card(cx.theme).show(ui, |ui| {
            ui.set_width(width - 32.0);
            progress_ui(ui, cx, &state);
        });
    });
}

fn progress_ui(ui: &mut Ui, cx: &mut Cx<'_>, state: &LoadingState) {
    ui.label(RichText::new(&state.name).font(font::semibold(13.0)).color(cx.theme.text1));
    ui.horizontal(|ui| {
        let part = if state.bytes_total > 0 { (state.bytes as f64 / state.bytes_total as f64) as f32 } else { 0.0 };
        let bar_width = ui.available_width() - 76.0;
        ui.add(
            ProgressBar::new(part.clamp(0.0, 1.0)).desired_width(bar_width).desired_height(6.0).corner_radius(0.0).fill(cx.theme.accent),
        );
        if plain_button(ui, cx.theme, "Cancel").clicked() {
            cx.send(Action::CancelLoad);
        }
    });
    let mut words = Vec::new();
    if state.bytes_total > 0 {
        let percent = (state.bytes as f64 / state.bytes_total as f64 * 100.0).min(100.0);
        words.push(format!("{percent:.0} %"));
        words.push(format!("{} of {}", size_text(state.bytes), size_text(state.bytes_total)));
    }
    words.push(counted_noun(state.rows, "record", "records"));
    if state.issues > 0 {
        words.push(format!("{} so far", counted_noun(state.issues, "issue", "issues")));
    }
    ui.label(RichText::new(words.join("  ·  ")).font(font::label()).color(cx.theme.text2));
}

/// Draws the short message, and the invitation while a file is dragged over the window.
pub(in crate::view) fn notice_ui(ui: &Ui, cx: &mut Cx<'_>) {
    let screen = ui.ctx().content_rect();
    if cx.around.is_drop_hovered {
        let painter = ui.ctx().layer_painter(LayerId::new(Order::Foreground, Id::unique("drop")));
        painter.rect_filled(screen, 0.0, cx.theme.backdrop());
        painter.rect_stroke(screen.shrink(12.0), 6.0, Stroke::new(2.0, cx.theme.accent), StrokeKind::Inside);
        painter.text(screen.center(), Align2::CENTER_CENTER, "Drop to open", font::semibold(28.0), cx.theme.text1);
    }
    let Some(notice) = cx.session.panels.notice.clone() else { return };
    let area = Area::new(Id::unique("notice")).order(Order::Foreground).anchor(Align2::CENTER_BOTTOM, Vec2::new(0.0, -40.0));
    area.show(ui.ctx(), |ui| {
        card(cx.theme).inner_margin(eframe::egui::Margin::symmetric(12, 6)).show(ui, |ui| {
            ui.set_max_width(640.0);
            ui.horizontal(|ui| {
                ui.label(RichText::new(&notice).font(font::body()).color(cx.theme.text1));
                if icon_button(ui, cx.theme, "close", "Close this message", true).clicked() {
                    cx.send(Show::Notice(None));
                }
            });
        });
    });
}
