//! The hand on a plot: the wheel zooms about the pointer, dragging and Shift with the wheel pan, the pointer names a moment.

use eframe::egui::{CursorIcon, Id, Rect, Response, Sense, Ui};

use crate::layout::TimeScale;
use crate::session::Navigate;
use crate::view::Cx;

/// Points of the wheel for a zoom by the factor e.
const WHEEL_PER_E: f64 = 200.0;

/// Takes the gestures on a plot, and tells the moment under the pointer.
pub(super) fn plot_gestures(ui: &Ui, cx: &mut Cx<'_>, id: Id, plot: Rect, scale: &TimeScale) -> Response {
    let response = ui.interact(plot.intersect(ui.clip_rect()), id, Sense::click_and_drag());
    if cx.around.is_still {
        return response;
    }
    if response.dragged() && response.drag_delta().x != 0.0 {
        cx.send(Navigate::Pan(f64::from(-response.drag_delta().x / scale.width)));
    }
    let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|_| response.contains_pointer());
    if let Some(at) = pointer {
        let moment = Some(scale.time_from_x(at.x));
        if cx.session.hover != moment {
            cx.send(Navigate::Hover(moment));
        }
        let (wheel, pinch) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
        if wheel.x != 0.0 {
            cx.send(Navigate::Pan(f64::from(-wheel.x / scale.width)));
        }
        let factor = f64::from(pinch) * (f64::from(wheel.y) / WHEEL_PER_E).exp();
        if factor != 1.0 {
            cx.send(Navigate::Zoom(factor, moment));
        }
    }
    if response.dragged() { response.on_hover_and_drag_cursor(CursorIcon::Grabbing) } else { response }
}
