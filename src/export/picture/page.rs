//! The page of a picture: title, legend and footer around the view, at print sizes.

use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{Align, Galley, Rect, Stroke, Ui, UiBuilder, pos2, vec2};
use std::sync::Arc;

use super::legend::Legend;
use super::words::Texts;
use crate::view::theme::font;
use crate::view::{Cx, PictureContent, picture_ui};

/// At full size, picture pixels for each point: the views' labels of 10.5 points become 13 pixels.
const ZOOM: f32 = 1.25;
/// Small pictures shrink their text to this part and no further.
const SHRINK_MIN: f32 = 0.8;
/// The size that the type is made for, in pixels.
const FULL_PX: [f32; 2] = [1600.0, 900.0];
/// Sizes in points; times the zoom: 30, 15 and 12 pixels.
const TITLE_PT: f32 = 24.0;
const SUBTITLE_PT: f32 = 12.0;
const FOOTER_PT: f32 = 9.6;
const MARGIN_X: f32 = 38.0;
const MARGIN_TOP: f32 = 28.0;
const MARGIN_BOTTOM: f32 = 18.0;
/// The column of the footer's headings.
const HEADINGS_PT: f32 = 84.0;
/// The most lines of one part of the footer.
const FOOTER_ROWS_MAX: usize = 2;
/// The view keeps at least this part of the page; the footer is cut before it.
const VIEW_PART_MIN: f32 = 0.4;

/// Picture pixels at scale 1 for each point.
pub(super) fn zoom(size_px: [u32; 2]) -> f32 {
    let fitting = (size_px[0] as f32 / FULL_PX[0]).min(size_px[1] as f32 / FULL_PX[1]);
    ZOOM * fitting.clamp(SHRINK_MIN, 1.0)
}

/// Draws the page into the whole of `ui`.
pub(super) fn page_ui(ui: &mut Ui, cx: &mut Cx<'_>, content: PictureContent, texts: &Texts, legend: &Legend) {
    let page = ui.max_rect();
    ui.painter().rect_filled(page, 0.0, cx.theme.panel);
    let area = Rect::from_min_max(page.min + vec2(MARGIN_X, MARGIN_TOP), page.max - vec2(MARGIN_X, MARGIN_BOTTOM));
    let top = head(ui, cx, area, texts, legend);
    let bottom = footer(ui, cx, area, texts, page.height() * VIEW_PART_MIN, top);
    let view = Rect::from_min_max(pos2(area.left(), top), pos2(area.right(), bottom));
    if view.is_positive() {
        let mut inside = ui.new_child(UiBuilder::new().max_rect(view).id_salt("picture"));
        inside.set_clip_rect(view);
        picture_ui(&mut inside, cx, content);
    }
}

/// Title, subtitle and legend; says where the view starts.
fn head(ui: &Ui, cx: &Cx<'_>, area: Rect, texts: &Texts, legend: &Legend) -> f32 {
    let painter = ui.painter();
    painter.rect_filled(Rect::from_min_size(area.min, vec2(32.0, 3.0)), 0.0, cx.theme.accent);
    let mut y = area.top() + 11.0;
    for (text, face, colour, rows) in
        [(&texts.title, font::semibold(TITLE_PT), cx.theme.text1, 2), (&texts.subtitle, font::regular(SUBTITLE_PT), cx.theme.text2, 2)]
    {
        if !text.is_empty() {
            let galley = wrapped(ui, text, TextFormat::simple(face, colour), area.width(), rows);
            let height = galley.size().y;
            painter.galley(pos2(area.left(), y), galley, colour);
            y += height + 3.0;
        }
    }
    y += 6.0;
    y += legend.draw(ui, cx.theme, Rect::from_min_max(pos2(area.left(), y), area.max));
    y += 7.0;
    painter.hline(area.x_range(), y, Stroke::new(1.0, cx.theme.line2));
    y + 1.0
}

/// What stands below, laid out upwards from the bottom; says where the view ends.
fn footer(ui: &Ui, cx: &Cx<'_>, area: Rect, texts: &Texts, view_height_min: f32, top: f32) -> f32 {
    let painter = ui.painter();
    let width = area.width() - HEADINGS_PT;
    let format = |face| TextFormat { line_height: Some(12.5), valign: Align::Center, ..TextFormat::simple(face, cx.theme.text2) };
    let lines: Vec<(&str, Arc<Galley>)> = texts
        .footer
        .iter()
        .map(|(heading, text)| (*heading, wrapped(ui, text, format(font::regular(FOOTER_PT)), width, FOOTER_ROWS_MAX)))
        .collect();
    let height: f32 = lines.iter().map(|(_, galley)| galley.size().y).sum();
    let start = (area.bottom() - height).max(top + view_height_min + 8.0);
    let mut y = start;
    for (heading, galley) in lines {
        let name = wrapped(ui, heading, format(font::semibold(FOOTER_PT)), HEADINGS_PT, 1);
        painter.galley(pos2(area.left(), y), name, cx.theme.text1);
        let rows = galley.size().y;
        painter.galley(pos2(area.left() + HEADINGS_PT, y), galley, cx.theme.text2);
        y += rows;
    }
    painter.hline(area.x_range(), start - 5.0, Stroke::new(1.0, cx.theme.line));
    start - 9.0
}

/// Text in lines of a width, cut with `…` after the last line allowed.
fn wrapped(ui: &Ui, text: &str, format: TextFormat, width: f32, rows: usize) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.wrap = TextWrapping { max_width: width, max_rows: rows, break_anywhere: rows == 1, ..TextWrapping::default() };
    ui.painter().layout_job(job)
}
