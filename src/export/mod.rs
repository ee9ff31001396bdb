//! A view drawn off-screen, as PNG or SVG: pixels and text only, never the questions behind them.
//!
//! One drawing serves every output: the shapes that the view painted become SVG as they are, and pixels by
//! tessellation and a software rasteriser. No display and no GPU are needed.

mod offscreen;
mod png;
pub mod raster;
mod svg;
#[cfg(test)]
pub(crate) mod testing;

pub use self::offscreen::{Drawn, PASSES_MAX, draw};
pub use self::png::{PngError, PngInfo, decode_png, encode_png};
pub use self::svg::{SvgInfo, svg_from_shapes};
