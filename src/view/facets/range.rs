//! The range of a number or a date in the filter panel: a histogram to drag over, and fields for its two ends.

use eframe::egui::{Align2, CursorIcon, Id, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{Head, PAD, head_ui, without_own};
use crate::data::{Field, FieldInfo, FieldKind};
use crate::layout::{number_axis, number_text};
use crate::query::{Answer, Comparison, Filter, HistogramAnswer, NumberAxis, Query};
use crate::session::{Edit, Slot};
use crate::time::{DAY_US, Span, Step, Time, format_iso_day, format_span, parse_edtf};
use crate::view::rows::{Entry, counted_noun, cut_text, entry_ui, icon_spot, right_text, text_width};
use crate::view::theme::font;
use crate::view::{Cx, Theme};

const BINS: u32 = 50;
const HEIGHT: f32 = 40.0;
/// How near an edge a drag takes that edge, in points.
const EDGE: f32 = 7.0;

/// The range that a filter sets: its ends on the axis; an end that is not set is infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Range {
    low: f64,
    high: f64,
}

impl Range {
    const ALL: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };
}

/// Draws the section of a number or a date.
pub(super) fn range_ui(ui: &mut Ui, cx: &mut Cx<'_>, info: &FieldInfo) {
    let is_date = info.kind == FieldKind::Date;
    let range = range_of(&cx.session.document.filter, info.field);
    let is_open_first = !is_date || info.field == Field::WHEN || range.is_some();
    let head = Head { info, count: String::new(), used: if is_date { "dates" } else { "range" }, is_open_first };
    if !head_ui(ui, cx, &head) {
        return;
    }
    let filter = without_own(&cx.session.document.filter, info.field);
    let query = Query::Histogram { field: info.field, filter, bins: BINS };
    match cx.ask(Slot::Range(info.field), query) {
        Some(Answer::Histogram(answer)) if !answer.bins.is_empty() => histogram_ui(ui, cx, info, answer, range),
        _ => ui.add_space(HEIGHT + 16.0),
    }
    fields_ui(ui, cx, info, range);
}

fn histogram_ui(ui: &mut Ui, cx: &mut Cx<'_>, info: &FieldInfo, answer: &HistogramAnswer, range: Option<Range>) {
    let (outer, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT + 16.0), Sense::hover());
    let plot = Rect::from_min_size(pos2(outer.left() + PAD, outer.top()), vec2(outer.width() - 2.0 * PAD, HEIGHT));
    let scale = Scale { plot, axis: answer.axis };
    let response = ui.interact(plot.expand2(vec2(4.0, 0.0)), Id::unique(("facet_range", info.field)), Sense::DRAG | Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, format!("{} histogram", info.label)));
    let dragged = drag(ui, &scale, &response, range);
    let shown = dragged.or(range);
    paint_bars(ui, cx.theme, &scale, answer, shown);
    let is_date = info.kind == FieldKind::Date;
    paint_ends(ui, cx.theme, &scale, is_date, dragged.map(|range| rounded(range, &scale, is_date)));
    if let Some(range) = dragged {
        // While it is dragged, every view follows; the whole drag is one edit.
        let filter = filter_with(cx, info, Some(rounded(range, &scale, is_date)));
        if filter != cx.session.document.filter {
            cx.send(Edit::DragFilter(filter.clone()));
        }
        if response.drag_stopped() {
            cx.send(Edit::Filter(filter));
        }
    } else if response.clicked() && range.is_some() {
        send(cx, info, None);
    }
    hover(response, cx, &scale, answer, is_date);
}

/// The two ends of the axis, and round numbers between them where it is drawn apart; while a range is dragged, its ends instead.
fn paint_ends(ui: &Ui, theme: &Theme, scale: &Scale, is_date: bool, dragged: Option<Range>) {
    let NumberAxis { min, max, .. } = scale.axis;
    let (low, high) = dragged.map_or((min, max), |range| (range.low.max(min), range.high.min(max)));
    let face = (font::micro(), if dragged.is_some() { theme.accent } else { theme.text3 });
    let (plot, y) = (scale.plot, scale.plot.bottom() + 9.0);
    let words = |number: f64| if is_date { format_iso_day(Time(number as i64)) } else { number_axis(number) };
    let mut free = cut_text(ui, plot.left(), y, &words(low), face.clone(), plot.width() / 2.0).right + 8.0;
    let end = right_text(ui, plot.right(), y, &words(high), face) - 8.0;
    for number in scale.round_numbers() {
        let (x, text) = (scale.x(number), number_axis(number));
        let width = text_width(ui, &text, font::micro());
        ui.painter().vline(x, plot.bottom()..=plot.bottom() + 3.0, Stroke::new(1.0, theme.line2));
        if x - width / 2.0 >= free && x + width / 2.0 <= end && dragged.is_none() {
            free = cut_text(ui, x - width / 2.0, y, &text, (font::micro(), theme.text3), width + 2.0).right + 8.0;
        }
    }
}

/// From the axis of values to points across.
struct Scale {
    plot: Rect,
    axis: NumberAxis,
}

impl Scale {
    fn x(&self, value: f64) -> f32 {
        self.plot.left() + self.axis.part(value) as f32 * self.plot.width()
    }

    fn value(&self, x: f32) -> f64 {
        self.axis.number(f64::from((x - self.plot.left()) / self.plot.width()))
    }

    /// What a point of the screen can tell near a value.
    fn step(&self, value: f64) -> f64 {
        let point = 1.0 / f64::from(self.plot.width().max(1.0));
        let part = self.axis.part(value).min(1.0 - point);
        self.axis.number(part + point) - self.axis.number(part)
    }

    /// The powers of ten within an axis that is drawn apart.
    fn round_numbers(&self) -> impl Iterator<Item = f64> {
        let NumberAxis { min, max, unit, .. } = self.axis;
        let first = unit.map_or(0, |unit| unit.log10().floor() as i32);
        let powers = unit.map_or(0..0, |_| first..first + 24).map(|power| 10_f64.powi(power));
        powers.filter(move |number| *number > min && *number < max)
    }
}

/// What is being dragged: from where the drag began, or from the other edge, to the pointer.
fn drag(ui: &Ui, scale: &Scale, response: &Response, range: Option<Range>) -> Option<Range> {
    if !(response.dragged() || response.drag_stopped()) {
        return None;
    }
    let (from, to) = ui.input(|input| (input.pointer.press_origin(), input.pointer.latest_pos()));
    let kept = response.id.with("fixed");
    // The filter follows the drag: which end stays is decided once, by the range before it.
    let fixed = match ui.data(|data| data.get_temp::<f64>(kept)).filter(|_| !response.drag_started()) {
        Some(fixed) => fixed,
        None => fixed_end(scale, from?.x, range),
    };
    if response.drag_stopped() {
        ui.data_mut(|data| data.remove_temp::<f64>(kept));
    } else {
        ui.data_mut(|data| data.insert_temp(kept, fixed));
    }
    let to = scale.value(to?.x);
    Some(Range { low: fixed.min(to), high: fixed.max(to) })
}

/// Which end stays when a drag begins: the other one when it takes an edge, else where it begins.
fn fixed_end(scale: &Scale, from: f32, range: Option<Range>) -> f64 {
    match range {
        Some(range) if (scale.x(range.low) - from).abs() <= EDGE => range.high.min(scale.axis.max),
        Some(range) if (scale.x(range.high) - from).abs() <= EDGE => range.low.max(scale.axis.min),
        _ => scale.value(from),
    }
}

fn paint_bars(ui: &Ui, theme: &Theme, scale: &Scale, answer: &HistogramAnswer, range: Option<Range>) {
    let painter = ui.painter();
    let plot = scale.plot;
    painter.hline(plot.x_range(), plot.bottom() - 0.5, Stroke::new(1.0, theme.line2));
    let top = answer.bins.iter().copied().max().unwrap_or(0).max(1) as f32;
    let bins = answer.bins.len();
    let edge = |bin: usize| plot.left() + plot.width() * bin as f32 / bins as f32;
    let (low, high) = range.map_or_else(|| (plot.left(), plot.right()), |range| (scale.x(range.low), scale.x(range.high)));
    for (place, count) in answer.bins.iter().enumerate().filter(|(_, count)| **count > 0) {
        let (left, right) = (edge(place), edge(bar_end(&answer.axis, place, bins)));
        // Roots, so that a lone record is seen beside a crowd.
        let height = ((*count as f32 / top).sqrt() * (HEIGHT - 4.0)).max(2.0);
        let middle = left.midpoint(right);
        let fill = if (low..=high).contains(&middle) { theme.density[3] } else { theme.density[1] };
        let bar =
            Rect::from_min_max(pos2(left, plot.bottom() - 1.0 - height), pos2(left + (right - left - 1.0).max(1.0), plot.bottom() - 1.0));
        painter.rect_filled(bar, 0.0, fill);
    }
    if range.is_some() {
        for x in [low, high] {
            painter.vline(x, plot.y_range(), Stroke::new(1.5, theme.accent));
            painter.rect_filled(Rect::from_center_size(pos2(x, plot.center().y), vec2(5.0, 12.0)), 2.0, theme.accent);
        }
    }
}

/// Where the bar of a bin ends: of whole numbers, bins in which none can lie belong to the one before them.
fn bar_end(axis: &NumberAxis, bin: usize, bins: usize) -> usize {
    let has_number = |bin: usize| axis.bounds(bin, bins as u32).0.ceil() < axis.bounds(bin, bins as u32).1;
    let is_apart = axis.is_whole && axis.unit.is_some();
    if is_apart { (bin + 1..bins).find(|next| has_number(*next)).unwrap_or(bins) } else { bin + 1 }
}

fn hover(response: Response, cx: &Cx<'_>, scale: &Scale, answer: &HistogramAnswer, is_date: bool) {
    let Some(at) = response.hover_pos() else { return };
    let axis = scale.axis;
    let mut place = axis.bin(scale.value(at.x), answer.bins.len() as u32);
    while place > 0 && answer.bins.get(place) == Some(&0) && bar_end(&axis, place - 1, answer.bins.len()) > place {
        place -= 1;
    }
    let (start, end) = axis.bounds(place, answer.bins.len() as u32);
    let count = answer.bins.get(place).copied().unwrap_or(0);
    let words = if is_date {
        let floor = |number: f64| Step::Day.floor(Time(number as i64));
        format_span(Span::new(floor(start), floor(end).max(floor(start).plus_us(DAY_US))), cx.session.document.zone)
    } else {
        numbers_text(&axis, start, end)
    };
    let records = counted_noun(count, "record", "records");
    response.on_hover_text_at_pointer(format!("{words}\n{records}")).on_hover_cursor(CursorIcon::ResizeHorizontal);
}

/// The numbers of a bin: whole ones by the first and the last that it holds.
fn numbers_text(axis: &NumberAxis, start: f64, end: f64) -> String {
    let last = if end >= axis.max { axis.max } else { (end - 1.0).ceil() };
    match (axis.is_whole, start.ceil()) {
        (true, first) if first >= last => number_text(first),
        (true, first) => format!("{} – {}", number_text(first), number_text(last)),
        (false, _) => format!("{} – {}", number_text(significant(start, end - start)), number_text(significant(end, end - start))),
    }
}

/// A number rounded to what a step of the axis can tell.
fn significant(number: f64, step: f64) -> f64 {
    if !(step.is_finite() && step > 0.0) {
        return number;
    }
    let unit = 10f64.powf(step.log10().floor());
    (number / unit).round() * unit
}

/// A dragged range, rounded to what a point of the screen can tell: whole days, round numbers.
fn rounded(range: Range, scale: &Scale, is_date: bool) -> Range {
    let NumberAxis { min, max, is_whole, .. } = scale.axis;
    if is_date && max - min > 4.0 * DAY_US as f64 {
        let low = Step::Day.floor(Time(range.low as i64));
        return Range { low: low.0 as f64, high: Step::Day.next(Time(range.high as i64)).0 as f64 };
    }
    if is_date || range == Range::ALL {
        return range;
    }
    let round = |number: f64| {
        let rounded = significant(number, scale.step(number));
        if is_whole { rounded.round() } else { rounded }
    };
    Range { low: round(range.low).max(min), high: round(range.high).min(max) }
}

/// What the filter says about this field.
fn range_of(filter: &Filter, field: Field) -> Option<Range> {
    let mut range = Range::ALL;
    for term in filter.terms() {
        let (low, high) = match term {
            Filter::Between(own, low, high) if *own == field => (*low, *high),
            Filter::Compare(own, comparison, number) if *own == field => match comparison {
                Comparison::More | Comparison::AtLeast => (*number, f64::INFINITY),
                Comparison::Less | Comparison::AtMost => (f64::NEG_INFINITY, *number),
                Comparison::Equal => (*number, *number),
            },
            Filter::During(own, span) if *own == field => (number_of(span.start), number_of(span.end)),
            Filter::After(own, time) if *own == field => (number_of(*time), f64::INFINITY),
            Filter::Before(own, time) if *own == field => (f64::NEG_INFINITY, number_of(*time)),
            _ => continue,
        };
        range = Range { low: range.low.max(low), high: range.high.min(high) };
    }
    (range != Range::ALL).then_some(range)
}

fn number_of(time: Time) -> f64 {
    match time {
        Time::OPEN_START => f64::NEG_INFINITY,
        Time::OPEN_END => f64::INFINITY,
        Time(us) => us as f64,
    }
}

/// The term of a range; `None` when it lets everything pass.
fn term_of(field: Field, is_date: bool, range: Range) -> Option<Filter> {
    let time = |number: f64| Time(number as i64);
    match (range.low.is_finite(), range.high.is_finite(), is_date) {
        (false, false, _) => None,
        (true, true, true) => Some(Filter::During(field, Span::new(time(range.low), time(range.high)))),
        (true, false, true) => Some(Filter::After(field, time(range.low))),
        (false, true, true) => Some(Filter::Before(field, time(range.high))),
        (true, true, false) => Some(Filter::Between(field, range.low, range.high)),
        (true, false, false) => Some(Filter::Compare(field, Comparison::AtLeast, range.low)),
        (false, true, false) => Some(Filter::Compare(field, Comparison::AtMost, range.high)),
    }
}

fn send(cx: &mut Cx<'_>, info: &FieldInfo, range: Option<Range>) {
    let filter = filter_with(cx, info, range);
    cx.send(Edit::Filter(filter));
}

/// The filter with this range of the field, instead of the one that it has.
fn filter_with(cx: &Cx<'_>, info: &FieldInfo, range: Option<Range>) -> Filter {
    let rest = without_own(&cx.session.document.filter, info.field);
    let term = range.and_then(|range| term_of(info.field, info.kind == FieldKind::Date, range));
    rest.and(term.unwrap_or(Filter::All))
}

/// The two fields under the histogram.
fn fields_ui(ui: &mut Ui, cx: &mut Cx<'_>, info: &FieldInfo, range: Option<Range>) {
    let (outer, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    let inner = outer.shrink2(vec2(PAD, 2.0));
    let has_clear = range.is_some();
    let width = (inner.width() - 16.0 - if has_clear { 22.0 } else { 0.0 }) / 2.0;
    let place = |left: f32| Rect::from_min_size(pos2(left, inner.top() + 1.0), vec2(width, 22.0));
    let current = range.unwrap_or(Range::ALL);
    let is_date = info.kind == FieldKind::Date;
    let error_id = Id::unique(("facet_range_error", info.field));
    let mut change: Option<Result<Range, String>> = None;
    for (is_high, rect) in [(false, place(inner.left())), (true, place(inner.left() + width + 16.0))] {
        let word = if is_high { "to" } else { "from" };
        let shown = end_text(current, info.kind, is_high);
        let hint = if is_date { format!("{word} date") } else { word.to_owned() };
        let name = format!("{} {word}", info.label);
        let id = Id::unique(("facet_range_end", info.field, is_high));
        if let Some(text) = entry_ui(ui, cx.theme, rect, &Entry { id, shown: &shown, hint: &hint, name: &name }) {
            change = Some(end_of(&text, info.kind, is_high, current));
        }
    }
    let dash = pos2(inner.left() + width + 8.0, inner.center().y);
    ui.painter().text(dash, Align2::CENTER_CENTER, "–", font::label(), cx.theme.text3);
    if has_clear {
        let at = pos2(inner.right() - 8.0, inner.center().y);
        let tip = format!("Clear the range of {}", info.label);
        if icon_spot(ui, cx.theme, at, Id::unique(("facet_range_clear", info.field)), "close", &tip).clicked() {
            ui.data_mut(|data| data.remove_temp::<String>(error_id));
            send(cx, info, None);
        }
    }
    match change {
        Some(Ok(range)) => {
            ui.data_mut(|data| data.remove_temp::<String>(error_id));
            send(cx, info, Some(range));
        }
        Some(Err(message)) => {
            ui.data_mut(|data| data.insert_temp(error_id, message));
        }
        None => {}
    }
    if let Some(message) = ui.data(|data| data.get_temp::<String>(error_id)) {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
        cut_text(ui, rect.left() + PAD, rect.center().y, &message, (font::label(), cx.theme.error), rect.width() - 2.0 * PAD);
        response.on_hover_text(message);
    }
}

/// How an end stands in its field: the last day of a range of dates is the day before its end.
fn end_text(range: Range, kind: FieldKind, is_high: bool) -> String {
    let end = if is_high { range.high } else { range.low };
    match (end.is_finite(), kind == FieldKind::Date) {
        (false, _) => String::new(),
        (true, true) => format_iso_day(Time(end as i64).plus_us(-i64::from(is_high))),
        (true, false) => format!("{}", significant(end, (end.abs() / 1e9).max(1e-6))),
    }
}

/// The range with one end as it was typed; an empty text opens it.
fn end_of(text: &str, kind: FieldKind, is_high: bool, range: Range) -> Result<Range, String> {
    let text = text.trim();
    let end = if text.is_empty() {
        if is_high { f64::INFINITY } else { f64::NEG_INFINITY }
    } else if kind == FieldKind::Date {
        let when = parse_edtf(text).map_err(|error| error.to_string())?;
        number_of(if is_high { when.span.end } else { when.span.start })
    } else {
        let plain = text.replace([',', ' ', '\u{a0}'], "").replace('−', "-");
        plain.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(|| format!("“{text}” is not a number"))?
    };
    let changed = if is_high { Range { high: end, ..range } } else { Range { low: end, ..range } };
    if changed.low > changed.high {
        return Err("The end lies before the start.".to_owned());
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_of_whole_numbers_says_which_and_its_bar_reaches_to_the_next() {
        let axis = NumberAxis { min: 0.0, max: 1_500.0, unit: Some(1.0), is_whole: true };
        let bins = [0, 1, 2, 3, 8, 100, 1_500].map(|number| axis.bin(f64::from(number), 50));
        let words = bins.map(|bin| {
            let (start, end) = axis.bounds(bin, 50);
            numbers_text(&axis, start, end)
        });
        assert_eq!(words, ["0", "1", "2", "3", "8 – 9", "93 – 106", "1,296 – 1,500"]);
        assert_eq!(bar_end(&axis, bins[0], 50), bins[1]);
        assert_eq!(bar_end(&axis, bins[1], 50), bins[2]);
        assert_eq!(bar_end(&NumberAxis::even(0.0, 10.0), 3, 50), 4);
    }

    #[test]
    fn a_drag_over_crowded_numbers_is_rounded_to_what_can_be_told_there() {
        let plot = Rect::from_min_size(pos2(0.0, 0.0), vec2(200.0, 40.0));
        let scale = Scale { plot, axis: NumberAxis { min: 0.0, max: 1_500.0, unit: Some(1.0), is_whole: true } };
        let range = rounded(Range { low: 0.8, high: 1_234.567 }, &scale, false);
        assert_eq!((range.low, range.high), (1.0, 1_230.0));
        assert_eq!(scale.round_numbers().collect::<Vec<_>>(), [1.0, 10.0, 100.0, 1_000.0]);
    }

    #[test]
    fn a_typed_end_keeps_the_other_one() {
        let range = Range { low: 10.0, high: 20.0 };
        assert_eq!(end_of("1,500", FieldKind::Number, true, range), Ok(Range { low: 10.0, high: 1_500.0 }));
        assert_eq!(end_of("", FieldKind::Number, false, range), Ok(Range { low: f64::NEG_INFINITY, high: 20.0 }));
        assert!(end_of("many", FieldKind::Number, true, range).is_err());
        assert!(end_of("5", FieldKind::Number, true, range).is_err());
    }

    #[test]
    fn a_typed_month_reaches_to_its_last_day() {
        let range = end_of("2025-01", FieldKind::Date, true, Range::ALL).unwrap();
        assert_eq!(end_text(range, FieldKind::Date, true), "2025-01-31");
    }

    #[test]
    fn a_range_and_its_term_say_the_same() {
        for (is_date, low, high) in
            [(false, 3.0, 40.0), (false, 3.0, f64::INFINITY), (true, 86_400e6, 172_800e6), (true, f64::NEG_INFINITY, 5.0)]
        {
            let field = if is_date { Field::AS_OF } else { Field::VALUE };
            let range = Range { low, high };
            assert_eq!(range_of(&term_of(field, is_date, range).unwrap(), field), Some(range));
        }
        assert_eq!(term_of(Field::VALUE, false, Range::ALL), None);
    }
}
