//! When a view says that its answer is late: not at once, since most answers come before anybody could read the word.

use eframe::egui::{Id, Ui};

/// An answer that is late by more than this is called so.
const STALE_SHOWN_SECS: f64 = 0.25;

/// Has the answer been another one than that to the question for so long that it should be said? To be asked once in every frame.
pub(super) fn is_long_stale(ui: &Ui, id: Id, is_current: bool) -> bool {
    if is_current {
        ui.data_mut(|data| data.remove_temp::<f64>(id));
        return false;
    }
    let now = ui.input(|input| input.time);
    let since = ui.data_mut(|data| *data.get_temp_mut_or(id, now));
    let left = STALE_SHOWN_SECS - (now - since);
    if left > 0.0 {
        ui.ctx().request_repaint_after_secs(left as f32);
    }
    left <= 0.0
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Context, RawInput};

    use super::*;

    #[test]
    fn an_answer_is_called_late_after_a_while_and_no_longer_once_it_is_there() {
        let ctx = Context::default();
        let mut told = Vec::new();
        for (time, is_current) in [(1.0, true), (1.1, false), (1.2, false), (1.4, false), (1.5, true), (1.6, false)] {
            let input = RawInput { time: Some(time), ..RawInput::default() };
            ctx.run_ui(input, |ui| told.push((time, is_long_stale(ui, Id::unique("answer"), is_current)))).textures_delta.clear();
        }
        told.dedup();
        assert_eq!(told, [(1.0, false), (1.1, false), (1.2, false), (1.4, true), (1.5, false), (1.6, false)]);
    }
}
