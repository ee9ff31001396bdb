//! A view drawn off-screen, as PNG or SVG: pixels and text only, never the questions behind them.
//!
//! One drawing serves every output: the shapes that the view painted become SVG as they are, and pixels by
//! tessellation and a software rasteriser. No display and no GPU are needed.

mod file;
mod offscreen;
mod picture;
mod png;
pub mod raster;
mod svg;
#[cfg(test)]
pub(crate) mod testing;

pub use self::file::write_atomically;
pub use self::offscreen::{Drawn, PASSES_MAX, draw};
pub use self::picture::{
    EXPORT_HEIGHT_MIN, EXPORT_PIXELS_MAX, EXPORT_SCALE_MAX, EXPORT_SIDE_PX_MAX, EXPORT_SIZE, EXPORT_SIZE_BOARD, EXPORT_WIDTH_MIN,
    PictureKind, PictureView, RenderError, RenderRequest, ViewChoice, choose_view, render, render_image,
};
pub use self::png::{PngError, PngInfo, decode_png, encode_png};
pub use self::svg::{SvgInfo, svg_from_shapes};
