//! A picture of the view: title, form, size, scale, and where it goes.

use std::path::PathBuf;

use eframe::egui::{Id, Key, Response, RichText, Role, Ui, WidgetInfo};

use super::super::Cx;
use super::super::theme::font;
use super::super::widgets::{plain_button, primary_button};
use super::first_field;
use crate::session::{Action, Edit, PictureFormat, Show};

const SIZES: [(&str, [f32; 2]); 4] = [
    ("1600 × 900", [1_600.0, 900.0]),
    ("1600 × 1200", [1_600.0, 1_200.0]),
    ("1200 × 1200", [1_200.0, 1_200.0]),
    ("2400 × 1350", [2_400.0, 1_350.0]),
];

/// What is chosen while the dialog is open.
#[derive(Clone, Copy)]
struct Choice {
    is_svg: bool,
    scale: f32,
    size: usize,
}

/// Draws the dialog.
pub(super) fn export_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let id = Id::unique("export_choice");
    let mut choice: Choice = ui.data(|data| data.get_temp(id)).unwrap_or(Choice { is_svg: false, scale: 2.0, size: 0 });
    let mut title = cx.session.document.title.clone();
    label(ui, cx, "Title");
    let field = first_field(ui, cx, Id::unique("export_title"), &mut title, "made from what is shown");
    let mut is_wanted = is_entered(ui, &field);
    if field.changed() {
        cx.send(Edit::Title(title));
    }
    label(ui, cx, "Form");
    ui.horizontal(|ui| {
        ui.selectable_value(&mut choice.is_svg, false, "PNG");
        ui.selectable_value(&mut choice.is_svg, true, "SVG");
    });
    label(ui, cx, "Size in points");
    ui.horizontal_wrapped(|ui| {
        for (place, (name, _)) in SIZES.iter().enumerate() {
            ui.selectable_value(&mut choice.size, place, *name);
        }
    });
    if !choice.is_svg {
        label(ui, cx, "Pixels per point");
        ui.horizontal(|ui| {
            for scale in [1.0, 2.0, 4.0] {
                ui.selectable_value(&mut choice.scale, scale, format!("{scale}x"));
            }
        });
    }
    ui.data_mut(|data| data.insert_temp(id, choice));
    let path_id = Id::unique("export_path");
    let mut path: String = ui.data(|data| data.get_temp(path_id)).unwrap_or_default();
    label(ui, cx, "Path, if no dialog of the desktop shall ask");
    let edit = eframe::egui::TextEdit::singleline(&mut path).hint_text(RichText::new("/home/me/briefing.png").color(cx.theme.text3));
    let field = ui.add(edit.id(path_id).desired_width(f32::INFINITY).margin(eframe::egui::vec2(8.0, 6.0)));
    field.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::TextInput, true, "Path");
        info.current_text_value = Some(path.clone());
        info
    });
    is_wanted |= is_entered(ui, &field);
    ui.data_mut(|data| data.insert_temp(path_id, path.clone()));
    ui.add_space(12.0);
    let format =
        PictureFormat { is_svg: choice.is_svg, scale: choice.scale, size: SIZES.get(choice.size).map_or(SIZES[0].1, |size| size.1) };
    ui.horizontal(|ui| {
        if primary_button(ui, cx.theme, "Export").clicked() || is_wanted {
            cx.send(Show::Dialog(None));
            match path.trim() {
                "" => cx.send(Action::Export(format)),
                typed => cx.send(Action::ExportTo(format, PathBuf::from(typed))),
            }
        }
        if plain_button(ui, cx.theme, "Copy picture").clicked() {
            cx.send(Show::Dialog(None));
            cx.send(Action::CopyImage);
        }
    });
    ui.add_space(4.0);
    let words = "Legend, sources, dates, filter and the file’s name are written into the picture.";
    ui.label(RichText::new(words).font(font::label()).color(cx.theme.text3));
}

/// Was a field left by Enter?
fn is_entered(ui: &Ui, field: &Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

fn label(ui: &mut Ui, cx: &Cx<'_>, text: &str) {
    ui.add_space(6.0);
    ui.label(RichText::new(text).font(font::semibold(11.0)).color(cx.theme.text2));
}
