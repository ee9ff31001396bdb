//! Numbers as the screen writes them: `11,000`, `~300`, `≥ 300`, `4,000–6,000`, `–` for no figure.

use super::one_line;
use crate::data::{Bound, Qualifier};
use crate::query::Figure;

/// A number with thousands separators; up to three places after the point.
pub fn number_text(number: f64) -> String {
    let rounded = (number * 1_000.0).round() / 1_000.0;
    if !rounded.is_finite() || rounded.abs() >= 1e15 {
        return format!("{number:e}");
    }
    let plain = format!("{}", rounded.abs());
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if !part.is_empty() {
        text.push('.');
        text.push_str(part);
    }
    if rounded < 0.0 { format!("−{text}") } else { text }
}

/// So many bytes, in the largest fitting unit.
pub fn size_text(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut number = bytes as f64;
    let mut unit = 0;
    while number >= 999.5 && unit + 1 < UNITS.len() {
        number /= 1_000.0;
        unit += 1;
    }
    if bytes == 1 {
        return "1 byte".to_owned();
    }
    let digits = usize::from(unit > 0 && number < 9.95);
    format!("{number:.digits$} {}", UNITS[unit])
}

/// A number for axes and crowded labels: `10,000`, `4 M`, `2.5 bn`.
pub fn number_axis(number: f64) -> String {
    let short = |by: f64, unit: &str| format!("{} {unit}", number_text((number / by * 100.0).round() / 100.0));
    match number.abs() {
        size if size >= 1e12 => short(1e12, "tn"),
        size if size >= 1e9 => short(1e9, "bn"),
        size if size >= 1e6 => short(1e6, "M"),
        _ => number_text(number),
    }
}

/// The number of a figure as it was claimed; `short` writes millions as `4 M`.
pub fn value_text(figure: &Figure, short: bool) -> String {
    let write = |number: f64| if short { number_axis(number) } else { number_text(number) };
    let Some(band) = figure.band else { return "–".to_owned() };
    let percent = if figure.unit.as_deref() == Some("percent") { "%" } else { "" };
    match (figure.qualifier, figure.value, band.low, band.high) {
        (Some(Qualifier::About), Some(value), ..) => format!("~{}{percent}", write(value)),
        (Some(Qualifier::AtLeast), Some(value), ..) | (_, None, Bound::At(value), Bound::Open) => format!("≥ {}{percent}", write(value)),
        (Some(Qualifier::AtMost), Some(value), ..) | (_, None, Bound::Open, Bound::At(value)) => format!("≤ {}{percent}", write(value)),
        (_, Some(value), ..) => format!("{}{percent}", write(value)),
        (_, None, Bound::At(low), Bound::At(high)) => format!("{}–{}{percent}", write(low), write(high)),
        (_, None, Bound::Open, Bound::Open) => "–".to_owned(),
    }
}

/// The number with what is counted: `~300 killed`.
pub fn figure_text(figure: &Figure) -> String {
    let what = figure.item.clone().unwrap_or_else(|| figure.metric.replace('_', " "));
    format!("{} {}", value_text(figure, false), one_line(&what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Band, Measure};

    fn figure(qualifier: Option<Qualifier>, value: Option<f64>, low: Bound, high: Bound) -> Figure {
        Figure {
            metric: "killed".to_owned(),
            item: None,
            measure: Measure::Count,
            value,
            band: Some(Band { low, high }),
            qualifier,
            basis: None,
            unit: None,
        }
    }

    #[test]
    fn sizes_are_written_in_the_largest_fitting_unit() {
        let sizes = [0, 1, 999, 1_500, 999_600, 12_300_000, 3_106_840_568].map(size_text);
        assert_eq!(sizes, ["0 bytes", "1 byte", "999 bytes", "1.5 kB", "1.0 MB", "12 MB", "3.1 GB"]);
    }

    #[test]
    fn numbers_are_written_as_they_were_claimed() {
        let at = Bound::At;
        assert_eq!(value_text(&figure(Some(Qualifier::About), Some(300.0), at(300.0), at(300.0)), false), "~300");
        assert_eq!(value_text(&figure(Some(Qualifier::AtLeast), Some(300.0), at(300.0), Bound::Open), false), "≥ 300");
        assert_eq!(value_text(&figure(Some(Qualifier::Range), None, at(4e6), at(6e6)), true), "4 M–6 M");
        assert_eq!(value_text(&figure(None, Some(11_000.0), at(11_000.0), at(11_000.0)), false), "11,000");
    }

    #[test]
    fn a_missing_number_is_a_dash_and_never_a_zero() {
        let none = Figure { band: None, value: None, ..figure(None, None, Bound::Open, Bound::Open) };
        assert_eq!(value_text(&none, false), "–");
    }

    #[test]
    fn negative_numbers_and_fractions_are_kept() {
        assert_eq!(number_text(-1_234.5), "−1,234.5");
        assert_eq!(number_text(0.125), "0.125");
    }
}
