//! Pixels to PNG bytes, with what the picture is called and how large it is meant to be. It knows no files.

use eframe::egui::{Color32, ColorImage};
use png::{BitDepth, ColorType, Compression, PixelDimensions, SrgbRenderingIntent, Unit};

/// Pixels a metre for each point of egui: 96 points an inch.
const PIXELS_PER_METRE: f32 = 96.0 / 0.0254;

/// What a PNG says about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct PngInfo<'a> {
    /// The picture's title; left out when empty.
    pub title: &'a str,
    /// What the picture shows, in words; left out when empty.
    pub description: &'a str,
    /// Pixels for each point: a picture drawn at 2 is printed at the same size, twice as fine.
    pub scale: f32,
}

/// Why a picture could not become PNG, or the other way round.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// The image has more pixels on a side than PNG can say.
    #[error("a picture of {0} x {1} pixels is too large for PNG")]
    TooLarge(usize, usize),
    /// The encoder failed.
    #[error("the picture could not be written as PNG: {0}")]
    Encoding(#[from] png::EncodingError),
    /// The bytes are not a PNG that can be read.
    #[error("the picture could not be read as PNG: {0}")]
    Decoding(#[from] png::DecodingError),
    /// The PNG is valid, but of a kind that is never written here.
    #[error("the picture is a PNG of a kind that is not read here")]
    Kind,
}

/// PNG bytes in sRGB. An image without a see-through pixel is written without an alpha channel.
pub fn encode_png(image: &ColorImage, info: &PngInfo<'_>) -> Result<Vec<u8>, PngError> {
    let too_large = |_| PngError::TooLarge(image.width(), image.height());
    let (width, height) = (u32::try_from(image.width()).map_err(too_large)?, u32::try_from(image.height()).map_err(too_large)?);
    let is_opaque = image.pixels.iter().all(Color32::is_opaque);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(if is_opaque { ColorType::Rgb } else { ColorType::Rgba });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    encoder.set_source_srgb(SrgbRenderingIntent::RelativeColorimetric);
    let per_metre = (PIXELS_PER_METRE * info.scale).round() as u32;
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: per_metre, yppu: per_metre, unit: Unit::Meter }));
    encoder.add_text_chunk("Software".to_owned(), concat!("Dateline ", env!("CARGO_PKG_VERSION")).to_owned())?;
    for (keyword, text) in [("Title", info.title), ("Description", info.description)] {
        if !text.is_empty() {
            encoder.add_itxt_chunk(keyword.to_owned(), text.to_owned())?;
        }
    }
    let mut writer = encoder.write_header()?;
    let samples: Vec<u8> = if is_opaque {
        image.pixels.iter().flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()]).collect()
    } else {
        image.pixels.iter().flat_map(Color32::to_srgba_unmultiplied).collect()
    };
    writer.write_image_data(&samples)?;
    writer.finish()?;
    Ok(bytes)
}

/// The pixels of a PNG with eight bits a channel, with or without alpha.
pub fn decode_png(bytes: &[u8]) -> Result<ColorImage, PngError> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info()?;
    let mut samples = vec![0; reader.output_buffer_size().ok_or(PngError::Kind)?];
    let frame = reader.next_frame(&mut samples)?;
    let samples = samples.get(..frame.buffer_size()).ok_or(PngError::Kind)?;
    let size = [frame.width as usize, frame.height as usize];
    match (frame.color_type, frame.bit_depth) {
        (ColorType::Rgb, BitDepth::Eight) => Ok(ColorImage::from_rgb(size, samples)),
        (ColorType::Rgba, BitDepth::Eight) => Ok(ColorImage::from_rgba_unmultiplied(size, samples)),
        _ => Err(PngError::Kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: PngInfo<'_> = PngInfo { title: "Втрати · 김정은", description: "", scale: 2.0 };

    fn picture() -> ColorImage {
        let pixels = (0..12_u8).map(|at| Color32::from_rgb(at * 20, 255 - at, at)).collect();
        ColorImage::new([4, 3], pixels)
    }

    #[test]
    fn a_picture_comes_back_pixel_for_pixel() {
        let image = picture();
        assert_eq!(decode_png(&encode_png(&image, &INFO).unwrap()).unwrap().pixels, image.pixels);
        let mut see_through = picture();
        see_through.pixels[5] = Color32::TRANSPARENT;
        assert_eq!(decode_png(&encode_png(&see_through, &INFO).unwrap()).unwrap().pixels, see_through.pixels);
    }

    #[test]
    fn the_picture_says_its_title_its_maker_and_its_size() {
        let bytes = encode_png(&picture(), &INFO).unwrap();
        let reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let info = reader.info();
        assert_eq!(info.utf8_text[0].get_text().unwrap(), INFO.title);
        assert!(info.uncompressed_latin1_text[0].text.starts_with("Dateline "));
        assert_eq!(info.pixel_dims.unwrap().xppu, 7559);
        assert!(info.srgb.is_some());
    }

    #[test]
    fn cut_off_bytes_are_an_error() {
        let bytes = encode_png(&picture(), &INFO).unwrap();
        assert!(decode_png(&bytes[..bytes.len() / 2]).is_err());
    }
}
