//! What bars and running sums share: names and colours of series, sums in words, the legend.

use eframe::egui::{Align2, Color32, Painter, Rect, Ui, pos2, vec2};

use super::aside::{LeftOut, counted};
use super::strip::{Gutter, Strip};
use crate::data::{Amount, display_value};
use crate::layout::{number_axis, number_text};
use crate::query::{SeriesAnswer, SeriesGroup, SeriesPoint};
use crate::view::Cx;
use crate::view::theme::{Theme, font};
use crate::view::widgets::elided;

/// The height of the legend's row, in points.
pub(super) const LEGEND: f32 = 14.0;

/// The name of a series; `None` when it is the only one.
pub(super) fn series_name(strip: &Strip<'_>, answer: &SeriesAnswer, group: &SeriesGroup) -> Option<String> {
    let unit = group.unit.as_deref().filter(|_| group.has_unit_in_label);
    let key = match (group.short.as_ref().or(group.key.as_ref()), strip.board.group) {
        (Some(key), Some(field)) => Some(display_value(field, key)),
        (Some(key), None) => Some(key.clone()),
        (None, Some(_)) => Some("not recorded".to_owned()),
        (None, None) => (answer.groups.len() > 1).then(|| "nobody named".to_owned()),
    };
    match (key, unit) {
        (Some(key), Some(unit)) => Some(format!("{key}, {unit}")),
        (Some(key), None) => Some(key),
        (None, unit) => unit.map(str::to_owned),
    }
}

/// The colour of a series: that of its value; a series alone has no colour of its own.
pub(super) fn series_colour(theme: &Theme, answer: &SeriesAnswer, group: &SeriesGroup) -> Color32 {
    if answer.groups.len() <= 1 { theme.density[3] } else { theme.category(group.colour) }
}

/// A sum in words: `1,204`, `1,204 (1,100–1,500)`, `≥ 300`, `40–60`.
pub(super) fn sum_text(point: &SeriesPoint, is_short: bool) -> String {
    let write = |amount: Amount| {
        let number = shown(amount.to_number());
        if is_short { number_axis(number) } else { number_text(number) }
    };
    let value = point.value.map(write);
    let low = point.low.map(write);
    let high = point.high.map(write);
    match (value, low, high) {
        (Some(value), Some(low), Some(high)) if low == value && high == value => value,
        (Some(value), Some(low), Some(high)) => format!("{value} ({low}–{high})"),
        (Some(value), Some(low), None) if low == value => format!("≥ {value}"),
        (Some(value), Some(low), None) => format!("{value} (≥ {low})"),
        (Some(value), None, Some(high)) if high == value => format!("≤ {value}"),
        (Some(value), None, Some(high)) => format!("{value} (≤ {high})"),
        (Some(value), None, None) => format!("~{value}"),
        (None, Some(low), Some(high)) => format!("{low}–{high}"),
        (None, Some(low), None) => format!("≥ {low}"),
        (None, None, Some(high)) => format!("≤ {high}"),
        (None, None, None) => "–".to_owned(),
    }
}

/// A sum as it is shown: what was shared out over buckets has parts that nobody claimed, and is rounded to what can be told apart.
pub(super) fn shown(number: f64) -> f64 {
    let places = match number.abs() {
        size if size >= 100.0 => 1.0,
        size if size >= 10.0 => 10.0,
        _ => 100.0,
    };
    (number * places).round() / places
}

/// The column of names of a strip of sums.
pub(super) fn series_gutter(strip: &Strip<'_>, answer: &SeriesAnswer, unit: Option<String>, other_units: u64) -> Gutter {
    // Large numbers in full would not fit beside those of the axis.
    let mut lines = vec![match answer.aside.records {
        records @ ..100_000 => counted(records, "record"),
        records @ ..999_500 => format!("{} k records", (records + 500) / 1_000),
        records => format!("{} records", number_axis(records as f64)),
    }];
    if strip.board.group.is_none() && answer.groups.len() > 1 {
        lines.push(counted(answer.groups.len() as u64 + answer.groups_left_out, "counter"));
    }
    Gutter { unit, lines, left_out: LeftOut::of_series(&answer.aside, answer.groups_left_out + other_units) }
}

/// Why a strip of sums has nothing at all.
pub(super) fn nothing_text(answer: &SeriesAnswer) -> String {
    match (answer.aside.undated, answer.aside.other_basis) {
        (1.., _) => format!("nothing with this date · {} without it", counted(answer.aside.undated, "record")),
        (_, 0) => "nothing to add up".to_owned(),
        (_, count) => format!("nothing to add up · {}: see reported totals", counted(count, "total")),
    }
}

/// The names of the series with their colours, along the top of the plot.
pub(super) fn legend_ui(ui: &Ui, cx: &Cx<'_>, strip: &Strip<'_>, answer: &SeriesAnswer, groups: &[usize]) {
    if groups.len() < 2 {
        return;
    }
    let painter = ui.painter_at(strip.plot);
    let mut left = strip.plot.left() + 8.0;
    let middle = strip.plot.top() + LEGEND * 0.5 + 1.0;
    for (place, group) in groups.iter().filter_map(|group| answer.groups.get(*group)).enumerate() {
        let name = series_name(strip, answer, group).unwrap_or_default();
        let text = elided(ui, &name, font::micro(), cx.theme.text2, 140.0);
        if left + 12.0 + text.size().x > strip.plot.right() - 40.0 {
            let more = format!("+{}", groups.len() - place);
            painter.text(pos2(left, middle), Align2::LEFT_CENTER, more, font::micro(), cx.theme.text3);
            return;
        }
        swatch(&painter, pos2(left + 4.0, middle), series_colour(cx.theme, answer, group));
        let width = text.size().x;
        painter.galley(pos2(left + 12.0, middle - text.size().y / 2.0), text, cx.theme.text2);
        left += 12.0 + width + 14.0;
    }
}

/// A small square in the colour of a series.
pub(super) fn swatch(painter: &Painter, at: eframe::egui::Pos2, colour: Color32) {
    painter.rect_filled(Rect::from_center_size(at, vec2(8.0, 8.0)), 2.0, colour);
}

/// Does a metric have one counter in the whole file, so that the parts of its sum may stand on each other?
pub(super) fn has_one_counter(cx: &Cx<'_>, metric: &str) -> bool {
    let schema = cx.session.schema.as_ref();
    schema.and_then(|schema| schema.metrics.iter().find(|info| info.metric == metric)).is_some_and(|info| info.counters <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Time;

    #[test]
    fn a_sum_says_its_bounds_only_where_they_say_more() {
        let amount = |number: f64| Some(Amount::from_number(number));
        let text = |value, low, high| sum_text(&SeriesPoint { start: Time(0), value, low, high, records: 1 }, false);
        assert_eq!(text(amount(1_204.0), amount(1_204.0), amount(1_204.0)), "1,204");
        assert_eq!(text(amount(1_204.0), amount(1_100.0), amount(1_500.0)), "1,204 (1,100–1,500)");
        assert_eq!(text(amount(300.0), amount(300.0), None), "≥ 300");
        assert_eq!(text(None, amount(40.0), amount(60.0)), "40–60");
        assert_eq!(text(None, None, None), "–");
    }
}
