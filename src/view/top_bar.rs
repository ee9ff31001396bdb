//! The top bar: file, back and forward, search, lanes, colour, undo, palette, export.

use eframe::egui::{
    Align, Button, Id, Layout, Popup, PopupCloseBehavior, Rect, RichText, ScrollArea, Sense, Stroke, Ui, UiBuilder, Vec2, pos2,
    style::ScrollStyle, vec2,
};

use super::frame::WIDTH_FACETS_BESIDE;
use super::theme::font;
use super::widgets::{icon_button, menu_row, primary_menu_button, ringed};
use super::{Cx, search};
use crate::data::{Field, FieldKind};
use crate::ingest::{EXTENSIONS, stem};
use crate::session::{Action, Command, Dialog, Edit, Navigate, PictureFormat, Show};

/// A field makes lanes or colours in the menus when it has at most this many values.
const MENU_VALUES_MAX: u32 = 400;
/// Below this width chips show their icon and value only.
const WIDTH_WORDS: f32 = 1_180.0;
/// Below this width chips show their icon only.
const WIDTH_CHIPS: f32 = 1_000.0;

/// How wide undo, redo, the palette and Export are together, until it has been seen.
const RIGHT_WIDTH: f32 = 180.0;

/// Draws the top bar.
pub(super) fn top_bar_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let rect = ui.max_rect();
    let line = Stroke::new(1.0, cx.theme.line);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, line);
    let inner = rect.shrink2(vec2(12.0, 0.0));
    let is_open = cx.session.schema.is_some();
    // The left part comes first, so that the keyboard goes from left to right; how wide the right one is was seen in the frame before.
    let seen = Id::unique(("top_bar_right", is_open));
    let right_width = ui.data(|data| data.get_temp(seen)).unwrap_or(if is_open { RIGHT_WIDTH } else { 24.0 });
    let left_end = (inner.right() - right_width - 12.0).max(inner.left() + 80.0);
    let left_rect = Rect::from_min_max(inner.min, pos2(left_end, inner.max.y));
    let mut left = ui.new_child(UiBuilder::new().max_rect(left_rect).layout(Layout::left_to_right(Align::Center)));
    left.spacing_mut().item_spacing.x = 4.0;
    left.set_clip_rect(left_rect.expand2(vec2(4.0, 0.0)));
    left_ui(&mut left, cx, is_open, rect.width());
    let mut right = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)));
    right.spacing_mut().item_spacing.x = 4.0;
    right_ui(&mut right, cx, is_open);
    let width: f32 = inner.right() - right.min_rect().left();
    if width != right_width {
        ui.data_mut(|data| data.insert_temp(seen, width));
        ui.ctx().request_repaint();
    }
    ui.allocate_rect(rect, Sense::hover());
}

fn left_ui(ui: &mut Ui, cx: &mut Cx<'_>, is_open: bool, width: f32) {
    let is_narrow = width < WIDTH_FACETS_BESIDE;
    if is_narrow && is_open {
        let is_shown = cx.session.panels.has_facets_sheet;
        if icon_button(ui, cx.theme, "menu", if is_shown { "Hide the filters" } else { "Show the filters" }, true).clicked() {
            cx.send(Show::FacetsSheet(!is_shown));
        }
    } else {
        logo(ui, cx);
    }
    ui.add_space(8.0);
    file_menu(ui, cx, if is_narrow { 116.0 } else { 280.0 });
    if !is_open {
        return;
    }
    if icon_button(ui, cx.theme, "data_table", "How the file is read (Ctrl I)", true).clicked() {
        cx.send(Show::Reading(Box::new(cx.session.read_with.clone())));
    }
    ui.add_space(8.0);
    if icon_button(ui, cx.theme, "arrow_back", "Back", cx.session.can_go_back()).clicked() {
        cx.send(Navigate::Back);
    }
    if icon_button(ui, cx.theme, "arrow_forward", "Forward", cx.session.can_go_forward()).clicked() {
        cx.send(Navigate::Forward);
    }
    ui.add_space(8.0);
    let chips = if width < WIDTH_CHIPS {
        116.0
    } else if width < WIDTH_WORDS {
        300.0
    } else {
        430.0
    };
    let search_width = (ui.available_width() - chips).clamp(80.0, 460.0);
    search::search_ui(ui, cx, search_width);
    ui.add_space(12.0);
    let lanes = cx.session.document.lane;
    if let Some(Chosen(field)) = field_chip(ui, cx, "view_agenda", "Lanes", lanes, width) {
        cx.send(Edit::Lane(field));
    }
    ui.add_space(4.0);
    let colour = cx.session.document.colour;
    if let Some(Chosen(field)) = field_chip(ui, cx, "palette", "Colour", colour, width) {
        cx.send(Edit::Colour(field));
    }
}

fn right_ui(ui: &mut Ui, cx: &mut Cx<'_>, is_open: bool) {
    if is_open {
        export_menu(ui, cx);
        ui.add_space(8.0);
    }
    if icon_button(ui, cx.theme, "keyboard_command_key", "Command palette (Ctrl K)", true).clicked() {
        cx.send(Show::Dialog(Some(Dialog::Palette)));
    }
    if is_open {
        if icon_button(ui, cx.theme, "redo", "Redo (Ctrl Shift Z)", cx.session.can_redo()).clicked() {
            cx.send(Command::Redo);
        }
        if icon_button(ui, cx.theme, "undo", "Undo (Ctrl Z)", cx.session.can_undo()).clicked() {
            cx.send(Command::Undo);
        }
    }
}

/// Three lines of different lengths on a stem: a timeline in small.
fn logo(ui: &mut Ui, cx: &Cx<'_>) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(20.0), Sense::hover());
    let painter = ui.painter();
    let bar = |x: f32, y: f32, width: f32, colour| {
        painter.rect_filled(Rect::from_min_size(rect.min + vec2(x, y), vec2(width, 3.0)), 0.0, colour);
    };
    painter.rect_filled(Rect::from_min_size(rect.min + vec2(1.0, 1.0), vec2(2.5, 18.0)), 0.0, cx.theme.text1);
    bar(5.5, 3.0, 8.0, cx.theme.text1);
    bar(8.5, 8.5, 10.5, cx.theme.accent);
    bar(5.5, 14.0, 6.0, cx.theme.text1);
}

/// The file's name; a click shows what can be opened.
fn file_menu(ui: &mut Ui, cx: &mut Cx<'_>, width: f32) {
    let name = cx.session.schema.as_ref().map_or_else(|| "Dateline".to_owned(), |schema| schema.origin.file_name().to_owned());
    let (stem, ending) = stem_and_ending(&name);
    let mut job = eframe::egui::text::LayoutJob::default();
    let format = |font, colour| eframe::egui::TextFormat { font_id: font, color: colour, ..Default::default() };
    job.append(stem, 0.0, format(font::semibold(13.0), cx.theme.text1));
    job.append(ending, 0.0, format(font::regular(13.0), cx.theme.text2));
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(width - 22.0);
    // A button would lay a job out anew, to its own width.
    let name = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let arrow = RichText::new(super::icon("expand_more")).font(font::icon(14.0)).color(cx.theme.text3);
    let button = Button::new((name, arrow)).frame(false).min_size(vec2(0.0, 24.0));
    let response = ringed(ui, cx.theme, button).on_hover_text(file_hint(cx));
    Popup::menu(&response).show(|ui| {
        ui.set_width(280.0);
        if menu_row(ui, cx.theme, "folder_open", "Open a file…", "Ctrl O").clicked() {
            cx.send(Show::Dialog(Some(Dialog::Open)));
        }
        if menu_row(ui, cx.theme, "folder_open", "Open a folder…", "").clicked() {
            cx.send(Action::OpenFolderDialog);
        }
        if cx.session.schema.is_some() && menu_row(ui, cx.theme, "compare_arrows", "Compare with a newer release…", "").clicked() {
            cx.send(Show::Dialog(Some(Dialog::Compare)));
        }
        if menu_row(ui, cx.theme, "data_table", "How the file is read…", "Ctrl I").clicked() {
            cx.send(Show::Reading(Box::new(cx.session.read_with.clone())));
        }
        if menu_row(ui, cx.theme, "description", "Open the sample", "").clicked() {
            cx.send(Action::OpenSample);
        }
        let recent: Vec<_> = cx.around.recent.iter().filter(|file| file.exists).take(8).cloned().collect();
        if !recent.is_empty() {
            ui.separator();
        }
        for file in recent {
            let label = file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if menu_row(ui, cx.theme, "history", &label, "").on_hover_text(file.path.display().to_string()).clicked() {
                cx.send(Action::Open(file.path));
            }
        }
    });
}

/// A file's name and its endings, as far as they are those of files that can be read: a folder `v1.2` has none.
fn stem_and_ending(name: &str) -> (&str, &str) {
    let is_known = name.rsplit_once('.').is_some_and(|(_, ending)| EXTENSIONS.contains(&ending.to_ascii_lowercase().as_str()));
    name.split_at(if is_known { stem(name).len() } else { name.len() })
}

fn file_hint(cx: &Cx<'_>) -> String {
    let Some(schema) = &cx.session.schema else { return "Open a file".to_owned() };
    let origin = &schema.origin;
    let preset = origin.preset.as_deref().map(|preset| format!(" · {preset}")).unwrap_or_default();
    format!("{}\n{}{preset} · {}", origin.path, origin.format, origin.encoding)
}

/// What was chosen in the menu of a chip: a field, or none.
struct Chosen(Option<Field>);

/// A chip with a menu of fields; returns the one that was chosen.
fn field_chip(ui: &mut Ui, cx: &Cx<'_>, icon: &str, word: &str, current: Option<Field>, width: f32) -> Option<Chosen> {
    let schema = cx.session.schema.as_ref()?;
    let name = current.and_then(|field| schema.info(field)).map_or("none", |info| info.label.as_str());
    let mut job = eframe::egui::text::LayoutJob::default();
    let format = |font, colour| eframe::egui::TextFormat { font_id: font, color: colour, valign: Align::Center, ..Default::default() };
    job.append(super::icon(icon), 0.0, format(font::icon(16.0), cx.theme.text2));
    if width >= WIDTH_WORDS {
        job.append(word, 6.0, format(font::body(), cx.theme.text2));
    }
    if width >= WIDTH_CHIPS {
        job.append(name, 6.0, format(font::medium(12.0), cx.theme.text1));
        job.append(super::icon("expand_more"), 4.0, format(font::icon(14.0), cx.theme.text3));
    }
    let button =
        ringed(ui, cx.theme, Button::new(job).min_size(vec2(24.0, 24.0)).corner_radius(4.0)).on_hover_text(format!("{word} by {name}"));
    button.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::ComboBox, true, format!("{word} by {name}")));
    let mut chosen: Option<Chosen> = None;
    Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClick).show(|ui| {
        ui.set_width(240.0);
        // A bar that is always there tells that the list goes on.
        ui.spacing_mut().scroll = ScrollStyle::solid();
        ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
            let fits = |info: &&crate::data::FieldInfo| {
                info.kind == FieldKind::Category && info.distinct.is_some_and(|count| (1..=MENU_VALUES_MAX).contains(&count))
            };
            for info in schema.fields.iter().filter(fits) {
                let count = info.distinct.map(|count| count.to_string()).unwrap_or_default();
                let mark = if current == Some(info.field) { "check" } else { "" };
                if menu_row(ui, cx.theme, mark, &info.label, &count).clicked() {
                    chosen = Some(Chosen(Some(info.field)));
                }
            }
            let none = if word == "Lanes" { "One lane of everything" } else { "One colour" };
            if menu_row(ui, cx.theme, if current.is_none() { "check" } else { "" }, none, "").clicked() {
                chosen = Some(Chosen(None));
            }
        });
    });
    chosen
}

fn export_menu(ui: &mut Ui, cx: &mut Cx<'_>) {
    let response = primary_menu_button(ui, cx.theme, "ios_share", "Export");
    Popup::menu(&response).show(|ui| {
        ui.set_width(240.0);
        let png = |scale: f32| PictureFormat { is_svg: false, scale, size: [1_600.0, 900.0] };
        let svg = PictureFormat { is_svg: true, ..png(1.0) };
        for (label, format) in [("PNG, 1x", png(1.0)), ("PNG, 2x", png(2.0)), ("PNG, 4x", png(4.0)), ("SVG", svg)] {
            if menu_row(ui, cx.theme, "image", label, "").clicked() {
                cx.send(Action::Export(format));
            }
        }
        ui.separator();
        if menu_row(ui, cx.theme, "content_copy", "Copy picture", "Ctrl Shift C").clicked() {
            cx.send(Action::CopyImage);
        }
        if menu_row(ui, cx.theme, "tune", "Title, size, path…", "Ctrl E").clicked() {
            cx.send(Show::Dialog(Some(Dialog::Export)));
        }
        ui.label(RichText::new("Sources, filter and file are written into the picture.").font(font::micro()).color(cx.theme.text3));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_where_its_known_endings_begin() {
        let names = ["a.b.c.csv", "x.tar.gz", "losses.csv.zst", "v1.dateline.json", "v1.2", "notes", ".csv"];
        let parts = names.map(stem_and_ending);
        let expected = [
            ("a.b.c", ".csv"),
            ("x", ".tar.gz"),
            ("losses", ".csv.zst"),
            ("v1", ".dateline.json"),
            ("v1.2", ""),
            ("notes", ""),
            (".csv", ""),
        ];
        assert_eq!(parts, expected);
    }
}
