//! What the recording does: pointer and wheel, frame for frame, at places that are found by their names.

use eframe::egui::accesskit::{Role, TreeUpdate};
use eframe::egui::{Event, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, Rect, TouchPhase, pos2, vec2};

/// The movements, in the order in which they are first seen.
#[cfg(test)]
pub(super) const SCENES: [&str; 10] = ["zoom in", "pan", "hover", "zoom out", "brush", "brush edge", "value", "range", "table", "minimap"];

/// One frame.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Which movement it belongs to.
    pub(super) scene: &'static str,
    /// What a person does.
    pub(super) events: Vec<Event>,
    /// Is the way to the answers of this step measured?
    pub(super) is_measured: bool,
}

/// Where the parts of the window are; a part that is not there is not touched.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Places {
    axis: Option<Rect>,
    minimap: Option<Rect>,
    table: Option<Rect>,
    value: Option<Rect>,
    range: Option<Rect>,
}

impl Places {
    /// The parts in sight, by their roles and names.
    pub(super) fn of(update: Option<&TreeUpdate>, screen: Rect) -> Self {
        let mut places = Self::default();
        for (_, node) in update.iter().flat_map(|update| &update.nodes) {
            let Some(bounds) = node.bounds() else { continue };
            let rect = Rect::from_min_max(pos2(bounds.x0 as f32, bounds.y0 as f32), pos2(bounds.x1 as f32, bounds.y1 as f32));
            let name = node.label().unwrap_or_default();
            let is_here = screen.contains_rect(rect) && rect.area() > 1.0;
            let place = match node.role() {
                Role::Slider if name.starts_with("Time axis") => &mut places.axis,
                Role::Slider if name.starts_with("Minimap") => &mut places.minimap,
                Role::Table => &mut places.table,
                Role::CheckBox if name.ends_with("records") => &mut places.value,
                Role::Canvas if name.ends_with("histogram") => &mut places.range,
                _ => continue,
            };
            if is_here && rect.bottom() < screen.bottom() - 24.0 {
                place.get_or_insert(rect);
            }
        }
        places
    }

    /// A part of the lanes: what lies below the axis.
    fn lanes(&self) -> Option<Rect> {
        let axis = self.axis?;
        Some(Rect::from_min_size(axis.left_bottom(), vec2(axis.width(), 160.0)))
    }
}

/// The whole session.
pub(super) fn session(places: &Places) -> Vec<Step> {
    let mut steps = Vec::new();
    if let (Some(lanes), Some(axis)) = (places.lanes(), places.axis) {
        let at = |across: f32, down: f32| lanes.min + vec2(lanes.width() * across, lanes.height() * down);
        let on_axis = |across: f32| pos2(axis.left() + axis.width() * across, axis.center().y);
        wheel(&mut steps, "zoom in", at(0.3, 0.5), 1.0, 60);
        drag(&mut steps, "pan", at(0.7, 0.5), at(0.25, 0.5), 30);
        drag(&mut steps, "pan", at(0.3, 0.5), at(0.6, 0.5), 20);
        wheel(&mut steps, "zoom in", at(0.65, 0.4), 1.0, 45);
        drag(&mut steps, "pan", at(0.2, 0.5), at(0.8, 0.5), 30);
        sweep(&mut steps, "hover", at(0.05, 0.1), at(0.95, 0.9), 50);
        wheel(&mut steps, "zoom out", at(0.5, 0.5), -1.0, 54);
        wheel(&mut steps, "zoom out", at(0.2, 0.5), -1.0, 54);
        drag(&mut steps, "brush", on_axis(0.3), on_axis(0.75), 45);
        drag(&mut steps, "brush edge", on_axis(0.75), on_axis(0.5), 25);
    }
    if let Some(value) = places.value {
        for _ in 0..2 {
            click(&mut steps, "value", pos2(value.left() + 40.0, value.center().y), 8);
        }
    }
    if let Some(range) = places.range {
        let at = |across: f32| pos2(range.left() + range.width() * across, range.center().y);
        drag(&mut steps, "range", at(0.1), at(0.7), 36);
        click(&mut steps, "range", at(0.9), 6);
    }
    if let Some(table) = places.table {
        wheel(&mut steps, "table", table.center(), -1.0, 30);
        wheel(&mut steps, "table", table.center(), 1.0, 15);
    }
    if let Some(minimap) = places.minimap {
        let at = |across: f32| pos2(minimap.left() + minimap.width() * across, minimap.center().y);
        click(&mut steps, "minimap", at(0.4), 4);
        drag(&mut steps, "minimap", at(0.4), at(0.6), 36);
    }
    if let Some(axis) = places.axis {
        click(&mut steps, "brush", axis.center(), 2);
    }
    steps
}

/// A brush that grows and shrinks, each move of it measured.
pub(super) fn brush_ticks(places: &Places, count: usize) -> Vec<Step> {
    let Some(axis) = places.axis else { return Vec::new() };
    let at = |across: f32| pos2(axis.left() + axis.width() * across, axis.center().y);
    let mut steps = Vec::new();
    drag(&mut steps, "brush", at(0.2), at(0.8), count);
    let moves = steps.len();
    for (place, step) in steps.iter_mut().enumerate() {
        step.is_measured = place > 2 && place + 1 < moves;
    }
    click(&mut steps, "brush", axis.center(), 2);
    steps
}

/// Clicks on a value, off and on, each measured.
pub(super) fn value_clicks(places: &Places, count: usize) -> Vec<Step> {
    let Some(value) = places.value else { return Vec::new() };
    let mut steps = Vec::new();
    for _ in 0..count {
        let first = steps.len();
        click(&mut steps, "value", pos2(value.left() + 40.0, value.center().y), 1);
        if let Some(release) = steps.get_mut(first + 1) {
            release.is_measured = true;
        }
    }
    steps
}

fn step(scene: &'static str, events: Vec<Event>) -> Step {
    Step { scene, events, is_measured: false }
}

/// Turning the wheel at a place: the pointer and lines of the wheel, up when positive.
pub(super) fn wheel_events(at: Pos2, lines: f32) -> Vec<Event> {
    let turned = Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, lines),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    };
    vec![Event::PointerMoved(at), turned]
}

/// A notch of the wheel every third frame, and the pointer a little off, as hands are.
fn wheel(steps: &mut Vec<Step>, scene: &'static str, at: Pos2, lines: f32, frames: usize) {
    for place in 0..frames {
        let at = at + vec2((place % 7) as f32, (place % 3) as f32);
        let events = if place % 3 == 0 { wheel_events(at, lines) } else { vec![Event::PointerMoved(at)] };
        steps.push(step(scene, events));
    }
}

fn sweep(steps: &mut Vec<Step>, scene: &'static str, from: Pos2, to: Pos2, frames: usize) {
    for place in 0..frames {
        // Three moves and a rest, so that what comes up over a resting pointer comes up too.
        let part = (place - place % 4) as f32 / frames as f32;
        steps.push(step(scene, vec![Event::PointerMoved(from.lerp(to, part))]));
    }
}

fn button(at: Pos2, pressed: bool) -> Event {
    Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}

fn drag(steps: &mut Vec<Step>, scene: &'static str, from: Pos2, to: Pos2, frames: usize) {
    steps.push(step(scene, vec![Event::PointerMoved(from)]));
    steps.push(step(scene, vec![button(from, true)]));
    for place in 1..=frames {
        steps.push(step(scene, vec![Event::PointerMoved(from.lerp(to, place as f32 / frames as f32))]));
    }
    steps.push(step(scene, vec![button(to, false)]));
}

/// Presses, lets go, and waits.
fn click(steps: &mut Vec<Step>, scene: &'static str, at: Pos2, frames_after: usize) {
    steps.push(step(scene, vec![Event::PointerMoved(at), button(at, true)]));
    steps.push(step(scene, vec![button(at, false)]));
    for _ in 0..frames_after {
        steps.push(step(scene, Vec::new()));
    }
}
