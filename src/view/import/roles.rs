//! The list of roles that a column can have, in groups.

use eframe::egui::{Align, Layout, Popup, PopupCloseBehavior, Response, RichText, ScrollArea, Ui, vec2};

use super::{Cx, change_mapping};
use crate::ingest::{Examined, Mapping, Part, ROLE_GROUPS, Role};
use crate::view::Theme;
use crate::view::theme::font;
use crate::view::widgets::menu_row;

/// Draws the list under its button; what is chosen goes into the draft.
pub(super) fn roles_ui(button: &Response, cx: &mut Cx<'_>, seen: &Examined, mapping: &Mapping, column: usize) {
    let Some(now) = mapping.columns.get(column).map(|map| map.role) else { return };
    let theme = cx.theme;
    let mut chosen = None;
    Popup::menu(button).close_behavior(PopupCloseBehavior::CloseOnClick).show(|ui| {
        super::choice::over_the_panel(ui);
        let screen = ui.ctx().content_rect();
        ui.spacing_mut().item_spacing.y = 0.0;
        let side = ((screen.width() - 48.0) / 2.0).min(SIDE);
        let most = screen.height() - 64.0;
        ScrollArea::vertical().max_height(most).min_scrolled_height(most.min(HEIGHT)).show(ui, |ui| {
            ui.horizontal_top(|ui| {
                for groups in [&ROLE_GROUPS[..LEFT_GROUPS], &ROLE_GROUPS[LEFT_GROUPS..]] {
                    ui.allocate_ui_with_layout(vec2(side, 0.0), Layout::top_down(Align::Min), |ui| {
                        ui.set_width(side);
                        chosen = list_ui(ui, theme, mapping, (now, groups)).or(chosen);
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

/// How wide each of the two sides of the list is, and how many groups stand on the left.
const SIDE: f32 = 214.0;
const HEIGHT: f32 = 704.0;
const LEFT_GROUPS: usize = 4;

/// A group: what it is called, and its roles.
type Group = (&'static str, &'static [Role]);

fn list_ui(ui: &mut Ui, theme: &Theme, mapping: &Mapping, (now, groups): (Role, &[Group])) -> Option<Role> {
    let mut chosen = None;
    for (place, (group, roles)) in groups.iter().enumerate() {
        if place > 0 {
            ui.add_space(6.0);
        }
        ui.horizontal(|ui| {
            ui.add_space(8.0);
            ui.label(RichText::new(*group).font(font::semibold(11.0)).color(theme.text3));
        });
        for role in *roles {
            let mark = if *role == now { "check" } else { "" };
            // A role that only one column can have says which has it now.
            let other = mapping.column(*role).filter(|_| role.is_single() && *role != now);
            let other = other.map(|other| mapping.columns[other].name.chars().take(14).collect::<String>()).unwrap_or_default();
            if menu_row(ui, theme, mark, role.label(), &other).clicked() {
                chosen = Some(*role);
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
