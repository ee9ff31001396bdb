//! The bundled fonts: Inter for text, Noto Sans KR behind it, Material Symbols for icons; behind them those of the computer.

use std::sync::{Arc, OnceLock};

use eframe::egui::epaint::text::{FallbackRequest, FontInsert, FontProvider};
use eframe::egui::{Context, FontData, FontDefinitions, FontFamily};
use egui_system_font_provider::SystemFontProvider;

/// The font files: family name, bytes. The same bytes serve the screen and every export.
pub const FONTS: &[(&str, &[u8])] = &[
    ("inter-400", include_bytes!("../../assets/fonts/inter-400.ttf")),
    ("inter-500", include_bytes!("../../assets/fonts/inter-500.ttf")),
    ("inter-600", include_bytes!("../../assets/fonts/inter-600.ttf")),
    ("inter-700", include_bytes!("../../assets/fonts/inter-700.ttf")),
    ("noto-sans-kr-400", include_bytes!("../../assets/fonts/noto-sans-kr-400.otf")),
    ("icons", include_bytes!("../../assets/fonts/icons.ttf")),
];

/// Makes the bundled fonts the fonts of a context.
pub fn install(ctx: &Context) {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in FONTS {
        fonts.font_data.insert((*name).to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let with_fallback = |name: &str| vec![name.to_owned(), "noto-sans-kr-400".to_owned()];
    fonts.families.insert(FontFamily::Proportional, with_fallback("inter-400"));
    fonts.families.insert(FontFamily::Monospace, with_fallback("inter-400"));
    for name in ["inter-500", "inter-600", "inter-700"] {
        fonts.families.insert(FontFamily::Name(name.into()), with_fallback(name));
    }
    fonts.families.insert(FontFamily::Name("icons".into()), vec!["icons".to_owned()]);
    ctx.set_fonts(fonts);
}

/// Lets a context without a window take letters that no bundled font has from the fonts of the computer, as the window does.
pub fn install_computers(ctx: &Context) {
    ctx.add_font_provider(Arc::new(Computers));
}

/// The fonts of the computer, looked up when the first letter is missing, and once: it takes some tenths of a second.
struct Computers;

impl FontProvider for Computers {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        static FONTS: OnceLock<SystemFontProvider> = OnceLock::new();
        FONTS.get_or_init(SystemFontProvider::new).font_for(request)
    }
}
