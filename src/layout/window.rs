//! Which stretch of time the timeline asks for: wider than what is seen, and the same one while the view moves a little.

use crate::time::{Span, Time};

/// The window to ask for: some three times what is seen, on a grid of powers of two, so that panning keeps the same question.
pub fn window_asked(seen: Span) -> Span {
    let width_us = seen.end.0.saturating_sub(seen.start.0).max(1);
    let step = 1_i64 << width_us.ilog2().min(59);
    let middle = seen.start.0.midpoint(seen.end.0);
    let grid = middle.div_euclid(step).saturating_mul(step);
    let at = |steps: i64| Time(grid.saturating_add(step.saturating_mul(steps)).clamp(i64::MIN + 1, i64::MAX - 1));
    Span::new(at(-2), at(3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_little_panning_asks_the_same() {
        let asked = window_asked(Span::new(Time(1_000_000), Time(1_900_000)));
        assert_eq!(asked, window_asked(Span::new(Time(1_030_000), Time(1_930_000))));
    }

    proptest! {
        #[test]
        fn what_is_asked_holds_what_is_seen_with_half_a_view_to_spare(start in -1_i64 << 58..1 << 58, width in 100_i64..1 << 57) {
            let seen = Span::new(Time(start), Time(start + width));
            let asked = window_asked(seen);
            prop_assert!(asked.start.0 <= start - width / 2 && asked.end.0 >= start + width + width / 2);
            prop_assert!(asked.width_us().unwrap() <= width * 5);
        }
    }
}
