//! A picture of the view: title, form, size, scale, and where it goes.

use std::path::{Path, PathBuf};

use eframe::egui::{Id, Key, Response, RichText, Role, Ui, WidgetInfo};

use super::super::Cx;
use super::super::theme::font;
use super::super::widgets::{plain_button, primary_button};
use super::{first_field, has_opened, paths};
use crate::session::{Action, Edit, PictureFormat, Show};

const SIZES: [(&str, [f32; 2]); 4] = [
    ("1600 × 900", [1_600.0, 900.0]),
    ("1600 × 1200", [1_600.0, 1_200.0]),
    ("1200 × 1200", [1_200.0, 1_200.0]),
    ("2400 × 1350", [2_400.0, 1_350.0]),
];

/// The highest number that is put behind a name; beyond it the name that is taken stays, and is asked about again.
const NUMBERS_MAX: u32 = 1_000;

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
    let is_wanted = is_entered(ui, &field);
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
    label(ui, cx, "Pixels per point, of a PNG");
    // It keeps its place where it means nothing: nothing moves under the pointer.
    ui.add_enabled_ui(!choice.is_svg, |ui| {
        ui.horizontal(|ui| {
            for scale in [1.0, 2.0, 4.0] {
                ui.selectable_value(&mut choice.scale, scale, format!("{scale}x"));
            }
        });
    });
    ui.data_mut(|data| data.insert_temp(id, choice));
    let format =
        PictureFormat { is_svg: choice.is_svg, scale: choice.scale, size: SIZES.get(choice.size).map_or(SIZES[0].1, |size| size.1) };
    place_ui(ui, cx, format, is_wanted);
    ui.add_space(4.0);
    let words = "Legend, sources, dates, filter and the file’s name are written into the picture.";
    ui.label(RichText::new(words).font(font::label()).color(cx.theme.text3));
}

/// Where it goes, and the buttons. A file that is there already is replaced only when that is said.
fn place_ui(ui: &mut Ui, cx: &mut Cx<'_>, format: PictureFormat, mut is_wanted: bool) {
    let (path_id, asked_id) = (Id::unique("export_path"), Id::unique("export_in_the_way"));
    if has_opened(ui, path_id) {
        ui.data_mut(|data| data.remove::<PathBuf>(asked_id));
    }
    let mut text: String = ui.data(|data| data.get_temp(path_id)).unwrap_or_default();
    label(ui, cx, "Path, if no dialog of the desktop shall ask");
    let hint = format!("/home/me/briefing.{}", format.ending());
    let edit = eframe::egui::TextEdit::singleline(&mut text).hint_text(RichText::new(hint).color(cx.theme.text3));
    let field = ui.add(edit.id(path_id).desired_width(f32::INFINITY).margin(eframe::egui::vec2(8.0, 6.0)));
    field.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::TextInput, true, "Path");
        info.current_text_value = Some(text.clone());
        info
    });
    is_wanted |= is_entered(ui, &field);
    let path = paths::typed(&text).map(|typed| format.path(&typed));
    // The path that is in the way, as long as it is the one that is meant.
    let in_the_way = ui.data(|data| data.get_temp::<PathBuf>(asked_id)).filter(|asked| path.as_ref() == Some(asked));
    let name = path.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (words, colour) = match (&path, &in_the_way) {
        (None, _) => ("The desktop asks where.".to_owned(), cx.theme.text3),
        (Some(_), None) => (format!("Written as {name}"), cx.theme.text3),
        (Some(_), Some(_)) => (format!("{name} is there already."), cx.theme.error),
    };
    ui.label(RichText::new(words).font(font::label()).color(colour));
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        if let Some(path) = in_the_way {
            // Enter, which has asked, does not answer as well.
            if primary_button(ui, cx.theme, "Replace").clicked() {
                export(cx, format, Some(path));
            } else if plain_button(ui, cx.theme, "Another name").clicked() {
                text = free_path(&path).display().to_string();
                field.request_focus();
            }
            return;
        }
        if primary_button(ui, cx.theme, "Export").clicked() || is_wanted {
            if let Some(taken) = path.clone().filter(|path| path.exists()) {
                ui.data_mut(|data| data.insert_temp(asked_id, taken));
            } else {
                export(cx, format, path);
            }
        }
        if plain_button(ui, cx.theme, "Copy picture").clicked() {
            cx.send(Show::Dialog(None));
            cx.send(Action::CopyImage);
        }
    });
    ui.data_mut(|data| data.insert_temp(path_id, text));
}

/// Exports to a path, or where the desktop's dialog says.
fn export(cx: &mut Cx<'_>, format: PictureFormat, path: Option<PathBuf>) {
    cx.send(Show::Dialog(None));
    cx.send(path.map_or(Action::Export(format), |path| Action::ExportTo(format, path)));
}

/// The first name of this kind that nothing has: `briefing-2.png`.
fn free_path(path: &Path) -> PathBuf {
    let word = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
    let (stem, ending) = (word(path.file_stem()), word(path.extension()));
    let numbered = |number: u32| path.with_file_name(format!("{stem}-{number}.{ending}"));
    (2..NUMBERS_MAX).map(numbered).find(|path| !path.exists()).unwrap_or_else(|| path.to_owned())
}

/// Was a field left by Enter?
fn is_entered(ui: &Ui, field: &Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

fn label(ui: &mut Ui, cx: &Cx<'_>, text: &str) {
    ui.add_space(6.0);
    ui.label(RichText::new(text).font(font::semibold(11.0)).color(cx.theme.text2));
}
