//! The list of roles that a column can have, in groups.

use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::text_edit::TextEditState;
use eframe::egui::{
    Align, Id, Key, Layout, Popup, PopupCloseBehavior, Response, RichText, Role as Access, ScrollArea, TextEdit, Ui, WidgetInfo, vec2,
};

use super::choice::list_row;
use super::keys::{Keyed, Memory, find, has_word, typed};
use super::{Cx, change_mapping};
use crate::ingest::{Examined, Mapping, Part, ROLE_GROUPS, Role};
use crate::view::Theme;
use crate::view::theme::font;

/// Draws the list under its button; what is chosen goes into the draft. It is found by typing, by arrows, or by the pointer.
pub(super) fn roles_ui(button: &Response, cx: &mut Cx<'_>, seen: &Examined, mapping: &Mapping, column: usize) {
    let Some(now) = mapping.columns.get(column).map(|map| map.role) else { return };
    let theme = cx.theme;
    let mut chosen = None;
    Popup::menu(button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        super::choice::over_the_panel(ui);
        let screen = ui.ctx().content_rect();
        ui.spacing_mut().item_spacing.y = 0.0;
        let side = ((screen.width() - 48.0) / 2.0).min(SIDE);
        ui.set_width(2.0 * side + ui.spacing().item_spacing.x);
        let (found, keyed) = search_ui(ui, theme, button, now);
        chosen = keyed.at.filter(|_| keyed.is_chosen).map(|at| found[at]);
        let most = screen.height() - 104.0;
        ScrollArea::vertical().max_height(most).min_scrolled_height(most.min(HEIGHT)).auto_shrink([false, true]).show(ui, |ui| {
            if found.is_empty() {
                ui.add_space(8.0);
                ui.label(RichText::new("No meaning is called so.").font(font::body()).color(theme.text3));
            }
            // What was looked for stands in one column, from the top.
            let is_whole = found.len() == found_by("").len();
            let sides = if is_whole { vec![&ROLE_GROUPS[..LEFT_GROUPS], &ROLE_GROUPS[LEFT_GROUPS..]] } else { vec![ROLE_GROUPS] };
            let side = if is_whole { side } else { ui.available_width() };
            ui.horizontal_top(|ui| {
                for groups in sides {
                    ui.allocate_ui_with_layout(vec2(side, 0.0), Layout::top_down(Align::Min), |ui| {
                        ui.set_width(side);
                        chosen = list_ui(ui, (theme, mapping), (now, groups), (&found, &keyed)).or(chosen);
                    });
                }
            });
        });
        if chosen.is_some() {
            ui.close();
        }
    });
    if let Some(role) = chosen.filter(|role| *role != now) {
        change_mapping(cx, seen, |mapping| set_role(mapping, column, role));
    }
}

/// Opens the list for the rows, which have the keyboard and get it back: with what was typed over them.
pub(super) fn open_roles(ui: &Ui, button: &Response, typed: String) {
    Popup::open_id(ui.ctx(), Popup::default_response_id(button));
    ui.data_mut(|data| data.insert_temp(button.id.with("roles_begin"), (typed, Some(super::cells::body_id()))));
}

/// How a list was opened: with what in its field, and what has the keyboard after it, when that is not its button.
type Begin = (String, Option<Id>);

/// The field in which a role is looked for; it has the keyboard while the list is open. Returns what is found, and what the keys do in it.
fn search_ui(ui: &mut Ui, theme: &Theme, button: &Response, now: Role) -> (Vec<Role>, Keyed) {
    let id = button.id.with("roles");
    let (mut memory, is_new) = Memory::load(ui, id);
    let begun = if is_new { button.id.with("roles_begin") } else { id };
    let (mut text, back): Begin = ui.data_mut(|data| data.remove_temp(begun)).unwrap_or_default();
    let field_id = id.with("field");
    // What is typed before the field has the keyboard is meant for it all the same.
    let ahead = if ui.memory(|memory| memory.has_focus(field_id)) { String::new() } else { typed(ui) };
    text.push_str(if text.is_empty() { ahead.trim_start() } else { &ahead });
    let edit = TextEdit::singleline(&mut text)
        .id(field_id)
        .font(font::body())
        .hint_text(RichText::new("Type what it means").font(font::body()).color(theme.text3))
        .margin(vec2(8.0, 4.0))
        .desired_width(f32::INFINITY);
    let field = ui.add(edit);
    field.widget_info(|| {
        let mut info = WidgetInfo::labeled(Access::TextInput, true, "Find a meaning");
        info.current_text_value = Some(text.clone());
        info
    });
    ui.add_space(6.0);
    if is_new || !ahead.is_empty() {
        field.request_focus();
        put_cursor_last(ui, field_id, &text);
    }
    let found = found_by(&text);
    let mut keyed = Keyed { at: None, has_moved: is_new, is_chosen: false };
    if is_new {
        memory.at = if text.is_empty() { found.iter().position(|role| *role == now) } else { best(&found, &text) };
    } else if field.changed() || !ahead.is_empty() {
        (memory.at, keyed.has_moved) = (best(&found, &text), true);
    } else {
        keyed.has_moved = memory.move_by_arrows(ui, found.len());
    }
    let has_enter = !is_new && field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    keyed.is_chosen = has_enter && memory.at.is_some();
    keyed.at = memory.at;
    if keyed.is_chosen || ui.input(|input| input.key_pressed(Key::Escape)) {
        ui.memory_mut(|memory| memory.request_focus(back.unwrap_or(button.id)));
    } else if has_enter {
        field.request_focus();
    }
    ui.data_mut(|data| data.insert_temp(id, (text, back)));
    memory.store(ui, id);
    (found, keyed)
}

/// What is typed next stands behind what was typed before the field was there.
fn put_cursor_last(ui: &Ui, id: Id, text: &str) {
    let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let end = CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::one(end)));
    state.store(ui.ctx(), id);
}

/// So many letters find the roles of a group.
const GROUP_LETTERS_MIN: usize = 3;

/// The roles that a text finds, in the order in which they are offered: by words of what they are called, of their group, or of their
/// name in mapping files.
fn found_by(text: &str) -> Vec<Role> {
    let wanted = text.trim().to_lowercase();
    let all = ROLE_GROUPS.iter().flat_map(|(group, roles)| roles.iter().map(move |role| (*group, *role)));
    // A letter or two begin words of nearly every group.
    let is_of_group = |group: &str| wanted.len() >= GROUP_LETTERS_MIN && has_word(group, &wanted);
    let fits = |(group, role): &(&str, Role)| has_word(role.label(), &wanted) || has_word(role.key(), &wanted) || is_of_group(group);
    all.filter(fits).map(|(_, role)| role).collect()
}

/// The one of them that is meant first: what it is called begins so, or a word of that, or it is only of a group that does.
fn best(found: &[Role], text: &str) -> Option<usize> {
    let wanted = text.trim().to_lowercase();
    let labels: Vec<&str> = found.iter().map(|role| role.label()).collect();
    find(&labels, &wanted, 0).or(if found.is_empty() { None } else { Some(0) })
}

/// How wide each of the two sides of the list is, and how many groups stand on the left.
const SIDE: f32 = 214.0;
const HEIGHT: f32 = 704.0;
const LEFT_GROUPS: usize = 4;

/// A group: what it is called, and its roles.
type Group = (&'static str, &'static [Role]);

fn list_ui(
    ui: &mut Ui,
    (theme, mapping): (&Theme, &Mapping),
    (now, groups): (Role, &[Group]),
    (found, keyed): (&[Role], &Keyed),
) -> Option<Role> {
    let mut chosen = None;
    let mut is_first = true;
    for (group, roles) in groups {
        let places: Vec<(usize, Role)> = roles.iter().filter_map(|role| Some((found.iter().position(|own| own == role)?, *role))).collect();
        if places.is_empty() {
            continue;
        }
        if !std::mem::take(&mut is_first) {
            ui.add_space(6.0);
        }
        ui.horizontal(|ui| {
            ui.add_space(8.0);
            ui.label(RichText::new(*group).font(font::semibold(11.0)).color(theme.text3));
        });
        for (place, role) in places {
            let mark = if role == now { "check" } else { "" };
            // A role that only one column can have says which has it now.
            let other = mapping.column(role).filter(|_| role.is_single() && role != now);
            let other = other.map(|other| mapping.columns[other].name.chars().take(14).collect::<String>()).unwrap_or_default();
            if list_row(ui, theme, (mark, role.label(), &other), keyed, place).clicked() {
                chosen = Some(role);
            }
        }
    }
    chosen
}

/// Gives a column a role; as a quantity it counts what it is called.
pub(super) fn set_role(mapping: &mut Mapping, column: usize, role: Role) {
    if role == Role::Measured {
        let metric = metric_name(mapping, column);
        mapping.measure(column, &metric, Part::Value);
    } else if role == Role::Listed {
        // Columns of one list are called alike, but for a number at the end.
        let name = metric_name(mapping, column);
        let stem = name.trim_end_matches(|char: char| char.is_ascii_digit() || char == '_');
        mapping.list(column, if stem.is_empty() { &name } else { stem });
    } else {
        mapping.set_role(column, role);
    }
}

/// What a column counts, by its name.
pub(super) fn metric_name(mapping: &Mapping, column: usize) -> String {
    let name = mapping.columns.get(column).map_or("", |map| map.name.as_str());
    let plain: String = name.to_lowercase().chars().map(|char| if char.is_alphanumeric() { char } else { '_' }).collect();
    let plain = plain.trim_matches('_').to_owned();
    if plain.is_empty() { format!("column_{}", column + 1) } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_finds_the_role_that_is_called_so_first() {
        let first = |text: &str| {
            let found = found_by(text);
            best(&found, text).map(|at| found[at])
        };
        assert_eq!(first("pla"), Some(Role::Place));
        assert_eq!(first("left"), Some(Role::Ignored));
        assert_eq!(first("ignore"), Some(Role::Ignored), "the name in mapping files finds it too");
        assert_eq!(first("publ"), Some(Role::Published));
        assert_eq!(first("quan"), Some(Role::Measured));
        assert_eq!(first("zzz"), None);
        assert_eq!(first("w"), Some(Role::Region), "a letter finds words of roles, not of groups");
        assert!(found_by("when").contains(&Role::Published), "a word finds a group");
        assert_eq!(found_by("").len(), ROLE_GROUPS.iter().map(|(_, roles)| roles.len()).sum::<usize>());
    }
}
