//! A view as a picture that speaks for itself: title, legend, the view, sources, filter, file. It asks an engine and
//! draws; it knows no window and writes no file.

mod choose;
mod legend;
mod page;
mod words;

use eframe::egui::{Color32, ColorImage, Context, Theme as EguiTheme, vec2};

use super::offscreen::{Drawn, draw};
use super::png::{PngError, PngInfo, encode_png};
use super::svg::{SvgInfo, svg_from_shapes};
use crate::engine::{Ask, Engine};
use crate::query::Query;
use crate::session::{Answers, Questions, Session};
use crate::view::{Cx, FileState, Surroundings, Theme, fonts, theme};

pub use choose::{PictureView, ViewChoice, choose_view};

/// The most pixels of a picture: 400 MB while it is drawn. Beyond it the picture is refused with a word on what to change.
pub const EXPORT_PIXELS_MAX: u64 = 100_000_000;
/// The longest side of a picture in pixels, its scale counted: what image programs and PNG viewers take everywhere.
pub const EXPORT_SIDE_PX_MAX: u32 = 16_384;
/// The narrowest picture: below it title and legend leave no room for the view.
pub const EXPORT_WIDTH_MIN: u32 = 480;
/// The lowest picture.
pub const EXPORT_HEIGHT_MIN: u32 = 360;
/// The finest scale.
pub const EXPORT_SCALE_MAX: f32 = 4.0;
/// The size that is proposed.
pub const EXPORT_SIZE: [u32; 2] = [1600, 900];
/// The size that is proposed for a timeline over boards.
pub const EXPORT_SIZE_BOARD: [u32; 2] = [1600, 1400];

/// The kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureKind {
    /// Pixels.
    Png,
    /// Shapes and text; its size does not depend on the scale.
    Svg,
}

/// What picture is wanted.
pub struct RenderRequest<'a> {
    /// Answers the views' questions.
    pub engine: &'a dyn Engine,
    /// What is shown: filter, window, lanes, boards, title.
    pub session: &'a Session,
    /// Which of its views.
    pub view: PictureView,
    /// Width and height at scale 1, in pixels.
    pub size_px: [u32; 2],
    /// Pixels for each of those, 1 to 4.
    pub scale: f32,
    /// In the dark theme?
    pub is_dark: bool,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// Nothing is open.
    #[error("there is nothing to draw: no file is open")]
    NothingOpen,
    /// The view has nothing to show.
    #[error("{0}")]
    NothingToShow(String),
    /// Too small to hold a title, a legend and a view.
    #[error("a picture of {0} x {1} is too small: at least {EXPORT_WIDTH_MIN} x {EXPORT_HEIGHT_MIN}")]
    TooSmall(u32, u32),
    /// Too many pixels.
    #[error(
        "a picture of {0} x {1} pixels is too large: at most {EXPORT_SIDE_PX_MAX} on a side and {EXPORT_PIXELS_MAX} in all; \
         choose a smaller size or scale, or SVG"
    )]
    TooLarge(u64, u64),
    /// A scale that makes no sense.
    #[error("a scale of {0} is not possible: 1 to {EXPORT_SCALE_MAX}")]
    Scale(f32),
    /// The engine refused a question.
    #[error("the view's question could not be answered: {0}")]
    Refused(String),
    /// The encoder failed.
    #[error(transparent)]
    Png(#[from] PngError),
}

/// The bytes of a picture file.
pub fn render(request: &RenderRequest<'_>, kind: PictureKind) -> Result<Vec<u8>, RenderError> {
    let picture = Picture::draw(request, kind)?;
    let description = picture.texts.description();
    match kind {
        PictureKind::Png => {
            let info = PngInfo { title: &picture.texts.title, description: &description, scale: request.scale };
            Ok(encode_png(&picture.drawn.image_on(picture.background), &info)?)
        }
        PictureKind::Svg => {
            let info = SvgInfo {
                title: &picture.texts.title,
                description: &description,
                background: picture.background,
                scale: picture.drawn.scale,
                zoom: picture.zoom,
            };
            Ok(svg_from_shapes(&picture.drawn.shapes, picture.drawn.size_pt, &info).into_bytes())
        }
    }
}

/// The pixels of a picture, for the clipboard.
pub fn render_image(request: &RenderRequest<'_>) -> Result<ColorImage, RenderError> {
    let picture = Picture::draw(request, PictureKind::Png)?;
    Ok(picture.drawn.image_on(picture.background))
}

struct Picture {
    drawn: Drawn,
    texts: words::Texts,
    background: Color32,
    /// Picture pixels at scale 1 for each of egui's points.
    zoom: f32,
}

impl Picture {
    fn draw(request: &RenderRequest<'_>, kind: PictureKind) -> Result<Self, RenderError> {
        check_size(request, kind)?;
        let session = choose::still_session(request.session, request.view)?;
        let schema = session.schema.clone().ok_or(RenderError::NothingOpen)?;
        let zoom = page::zoom(request.size_px);
        let [width, height] = request.size_px.map(|side| side as f32 / zoom);
        let scale = if kind == PictureKind::Svg { zoom } else { request.scale * zoom };
        let colours = if request.is_dark { Theme::dark() } else { Theme::light() };
        let around = Surroundings { file: FileState::Ready, is_still: true, is_picture: true, ..Surroundings::default() };
        let mut desk = Desk { engine: request.engine, answers: Answers::default(), refused: None };
        let mut texts = words::Texts::default();
        let set_up = |context: &Context| {
            fonts::install(context);
            fonts::install_computers(context);
            theme::apply(context);
        };
        let egui_theme = if request.is_dark { EguiTheme::Dark } else { EguiTheme::Light };
        let drawn = draw(vec2(width, height), scale, egui_theme, set_up, |ui| {
            let mut questions = Questions::default();
            let mut commands = Vec::new();
            let facts = words::Facts::gather(&schema, &session, request.view, &desk.answers);
            texts = words::Texts::of(&facts);
            let key = legend::Legend::of(&facts);
            let mut cx = Cx {
                session: &session,
                answers: &desk.answers,
                around: &around,
                theme: &colours,
                questions: &mut questions,
                commands: &mut commands,
            };
            words::ask(&mut cx, request.view);
            page::page_ui(ui, &mut cx, request.view.content(), &texts, &key);
            desk.answer(&mut questions)
        });
        match desk.refused {
            Some(why) => Err(RenderError::Refused(why)),
            None => Ok(Self { drawn, texts, background: colours.panel, zoom }),
        }
    }
}

fn check_size(request: &RenderRequest<'_>, kind: PictureKind) -> Result<(), RenderError> {
    let [width, height] = request.size_px;
    if !(1.0..=EXPORT_SCALE_MAX).contains(&request.scale) {
        return Err(RenderError::Scale(request.scale));
    }
    if width < EXPORT_WIDTH_MIN || height < EXPORT_HEIGHT_MIN {
        return Err(RenderError::TooSmall(width, height));
    }
    let scale = if kind == PictureKind::Svg { 1.0 } else { request.scale };
    let [width, height] = request.size_px.map(|side| (f64::from(side) * f64::from(scale)).round() as u64);
    if width.max(height) > u64::from(EXPORT_SIDE_PX_MAX) || width * height > EXPORT_PIXELS_MAX {
        return Err(RenderError::TooLarge(width, height));
    }
    Ok(())
}

/// Answers questions here and now, between two passes of one drawing.
struct Desk<'a> {
    engine: &'a dyn Engine,
    answers: Answers,
    refused: Option<String>,
}

impl Desk<'_> {
    /// Answers what is not answered yet; says whether there was anything.
    fn answer(&mut self, questions: &mut Questions) -> bool {
        let mut has_new = false;
        for (slot, query) in questions.take() {
            if self.refused.is_none() && !self.answers.is_current(&slot, &query, self.engine.generation()) {
                has_new = true;
                self.answer_one(slot, query);
            }
        }
        has_new && self.refused.is_none()
    }

    fn answer_one(&mut self, slot: crate::session::Slot, query: Query) {
        match self.engine.answer(&query, &Ask::plainly()) {
            Ok(answer) => self.answers.put(slot, query, self.engine.generation(), answer.into()),
            Err(stop) => self.refused = Some(stop.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
