//! The bundled fonts: Inter for text, Noto Sans KR behind it, Material Symbols for icons; behind them those of the computer.
//! What few files need is unpacked or looked up with the first letter that asks for it.

use std::io::Read as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use brotli_decompressor::Decompressor;
use eframe::egui::epaint::text::{FallbackRequest, FontInsert, FontProvider};
use eframe::egui::{Context, FontData, FontDefinitions, FontFamily};
use egui_system_font_provider::SystemFontProvider;

const ICONS: &[u8] = include_bytes!("../../assets/fonts/icons.ttf");
const INTER_PACKED: &[u8] = include_bytes!("../../assets/fonts/inter.ttc.br");
const NOTO_PACKED: &[u8] = include_bytes!("../../assets/fonts/noto-sans-kr-400.otf.br");

/// The weights of Inter, in the order of the collection that holds them.
const INTER: [&str; 4] = ["inter-400", "inter-500", "inter-600", "inter-700"];
const NOTO: &str = "noto-sans-kr-400";

/// Makes the bundled fonts the fonts of a context: Noto Sans KR when it is needed.
pub fn install(ctx: &Context) {
    install_with(ctx, false);
}

/// The same for a window: Noto Sans KR as soon as it is unpacked ([`unpack`]).
pub fn install_ahead(ctx: &Context) {
    install_with(ctx, true);
}

fn install_with(ctx: &Context, is_wanted: bool) {
    let ready = unpacked_noto().filter(|_| is_wanted);
    ctx.set_fonts(definitions(ready));
    let noto = Arc::new(NotoSansKr { is_wanted: is_wanted.into(), is_behind_inter: ready.is_some().into() });
    ctx.add_font_provider(Arc::<NotoSansKr>::clone(&noto));
    ctx.on_end_pass(NOTO, Arc::new(move |ui| noto.settle(ui.ctx())));
}

/// Lets a context take letters that no bundled font has from the fonts of the computer. They are asked after those of `install`.
pub fn install_computers(ctx: &Context) {
    ctx.add_font_provider(Arc::new(Computers));
}

/// Begins to look up the fonts of the computer, on a thread of their own: a window does not want to wait for them in a frame.
pub fn look_up_computers() {
    computers();
}

/// Inter and the icons; and Noto Sans KR behind Inter, where it is given.
fn definitions(noto: Option<&'static [u8]>) -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    fonts.font_data.insert("icons".to_owned(), Arc::new(FontData::from_static(ICONS)));
    fonts.families.insert(FontFamily::Name("icons".into()), vec!["icons".to_owned()]);
    if let Some(bytes) = noto {
        fonts.font_data.insert(NOTO.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let Some(bytes) = inter() else { return fonts };
    for (name, index) in INTER.into_iter().zip(0..) {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData { index, ..FontData::from_static(bytes) }));
        let chain: Vec<String> = [Some(name), noto.map(|_| NOTO)].into_iter().flatten().map(str::to_owned).collect();
        if index == 0 {
            fonts.families.insert(FontFamily::Proportional, chain.clone());
            fonts.families.insert(FontFamily::Monospace, chain);
        } else {
            fonts.families.insert(FontFamily::Name(name.into()), chain);
        }
    }
    fonts
}

fn inter() -> Option<&'static [u8]> {
    static FONT: OnceLock<Option<Vec<u8>>> = OnceLock::new();
    FONT.get_or_init(|| unpacked(INTER_PACKED)).as_deref()
}

static NOTO_FONT: OnceLock<Option<Vec<u8>>> = OnceLock::new();

fn noto() -> Option<&'static [u8]> {
    NOTO_FONT.get_or_init(|| unpacked(NOTO_PACKED)).as_deref()
}

fn unpacked_noto() -> Option<&'static [u8]> {
    NOTO_FONT.get()?.as_deref()
}

/// Unpacks what a later frame may ask for, ahead and on another thread: it takes longer than a frame may.
pub fn unpack() {
    noto();
}

/// So much of a packed font is handed to the decoder at a time.
const PIECE_BYTES: usize = 1 << 16;

/// A font file; nothing when it is damaged, which a test would have told.
fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let mut font = Vec::new();
    Decompressor::new(packed, PIECE_BYTES).read_to_end(&mut font).ok()?;
    Some(font)
}

/// Noto Sans KR for one context, where it comes once it is unpacked, or with the first letter that Inter lacks.
///
/// In the pass of that letter the context takes it from here; from the next one on the font stands behind Inter in every family. Without
/// that, a font of the computer that was found earlier than this one, for whatever letter, would from then on be asked for Korean too.
struct NotoSansKr {
    is_wanted: AtomicBool,
    is_behind_inter: AtomicBool,
}

impl NotoSansKr {
    fn settle(&self, ctx: &Context) {
        if let Some(font) = unpacked_noto().filter(|_| self.is_wanted.load(Ordering::Relaxed))
            && !self.is_behind_inter.swap(true, Ordering::Relaxed)
        {
            ctx.set_fonts(definitions(Some(font)));
            ctx.request_repaint();
        }
    }
}

impl FontProvider for NotoSansKr {
    /// The context sees for itself whether the font has the letter, and asks on if not.
    fn font_for(&self, _: &FallbackRequest<'_>) -> Option<FontInsert> {
        if self.is_behind_inter.load(Ordering::Relaxed) {
            return None;
        }
        self.is_wanted.store(true, Ordering::Relaxed);
        Some(FontInsert::new(NOTO, FontData::from_static(noto()?), Vec::new()))
    }
}

/// The fonts of the computer, which all contexts share: to look them up takes some tenths of a second.
struct Computers;

fn computers() -> &'static SystemFontProvider {
    static FONTS: OnceLock<SystemFontProvider> = OnceLock::new();
    FONTS.get_or_init(SystemFontProvider::new)
}

impl FontProvider for Computers {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        computers().font_for(request)
    }
}

#[cfg(test)]
mod tests;
