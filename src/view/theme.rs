//! Colours, type and spacing: the only place where a colour is written down.

#![allow(clippy::unreadable_literal, reason = "colours are read as six hexadecimal digits")]

use eframe::egui::{Color32, Context, CornerRadius, FontFamily, FontId, Stroke, Style, TextStyle, Theme as EguiTheme, Visuals};

/// The colours of one theme.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Is it the dark one?
    pub is_dark: bool,
    /// Behind panels.
    pub bg: Color32,
    /// Panels and plots.
    pub panel: Color32,
    /// Board heads, status bar, minimap.
    pub band: Color32,
    /// Hover card, menus.
    pub raised: Color32,
    /// Text fields.
    pub field: Color32,
    /// Under the pointer.
    pub hover: Color32,
    /// Dividers.
    pub line: Color32,
    /// Edges of controls.
    pub line2: Color32,
    /// Grid lines.
    pub grid: Color32,
    /// Text to be read first.
    pub text1: Color32,
    /// Text to be read second.
    pub text2: Color32,
    /// The faintest text that is still to be read.
    pub text3: Color32,
    /// What cannot be used now.
    pub disabled: Color32,
    /// Focus, selection, links; never data.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// A selected row.
    pub selection: Color32,
    /// Drift, issues.
    pub warning: Color32,
    /// The ground under a warning.
    pub warning_ground: Color32,
    /// Conflicts, failures.
    pub error: Color32,
    /// The ground under an error.
    pub error_ground: Color32,
    /// All is well.
    pub ok: Color32,
    /// Bands.
    pub envelope: Color32,
    /// Edges of bands.
    pub envelope_edge: Color32,
    /// Density from none to most.
    pub density: [Color32; 5],
    /// Categories by rank.
    pub categorical: [Color32; 10],
    /// Categories beyond those.
    pub others: Color32,
    /// Records without a value.
    pub missing: Color32,
    /// Under floating cards.
    pub shade: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Theme {
    /// The light theme.
    pub fn light() -> Self {
        Self {
            is_dark: false,
            bg: rgb(0xEEF0F2),
            panel: rgb(0xFFFFFF),
            band: rgb(0xF6F7F8),
            raised: rgb(0xFFFFFF),
            field: rgb(0xF1F3F5),
            hover: rgb(0xEEF2F7),
            line: rgb(0xDDE1E6),
            line2: rgb(0xC3C9D1),
            grid: rgb(0xEBEDF0),
            text1: rgb(0x14181D),
            text2: rgb(0x4A535E),
            text3: rgb(0x5F6873),
            disabled: rgb(0x9AA2AC),
            accent: rgb(0x2257C5),
            on_accent: rgb(0xFFFFFF),
            selection: rgb(0xE3ECFB),
            warning: rgb(0x8A5A00),
            warning_ground: rgb(0xFFF3D6),
            error: rgb(0xB3261E),
            error_ground: rgb(0xFDE9E7),
            ok: rgb(0x1B6E3C),
            envelope: rgb(0xDDE2E8),
            envelope_edge: rgb(0x8C96A2),
            density: [rgb(0xE4E8EC), rgb(0xC9D1DA), rgb(0xA3AFBC), rgb(0x75849A), rgb(0x46556B)],
            categorical: [
                rgb(0x2B8FFF),
                rgb(0x9D5D05),
                rgb(0x8234CC),
                rgb(0x3E8C7C),
                rgb(0x992447),
                rgb(0xF151B7),
                rgb(0x3B5A7E),
                rgb(0xA69202),
                rgb(0x292789),
                rgb(0x5C2704),
            ],
            others: rgb(0x7F8791),
            missing: rgb(0x5F6873),
            shade: rgb(0x14181D),
        }
    }

    /// The dark theme.
    pub fn dark() -> Self {
        Self {
            is_dark: true,
            bg: rgb(0x0E1013),
            panel: rgb(0x16191D),
            band: rgb(0x1B1F24),
            raised: rgb(0x22272D),
            field: rgb(0x20252B),
            hover: rgb(0x242A31),
            line: rgb(0x2B3138),
            line2: rgb(0x3D454F),
            grid: rgb(0x23282E),
            text1: rgb(0xE9ECEF),
            text2: rgb(0xB1B8C1),
            text3: rgb(0x8B949F),
            disabled: rgb(0x5F6872),
            accent: rgb(0x86AEFF),
            on_accent: rgb(0x0B1526),
            selection: rgb(0x1D2C48),
            warning: rgb(0xE9B44C),
            warning_ground: rgb(0x33290F),
            error: rgb(0xFF8A80),
            error_ground: rgb(0x3A1B19),
            ok: rgb(0x6CCB8F),
            envelope: rgb(0x2A3037),
            envelope_edge: rgb(0x76818D),
            density: [rgb(0x252B32), rgb(0x37414C), rgb(0x526071), rgb(0x7B8DA3), rgb(0xB4C4D8)],
            categorical: [
                rgb(0x3E99FF),
                rgb(0xFD8605),
                rgb(0x8354E0),
                rgb(0x19E2B0),
                rgb(0xE20345),
                rgb(0xC266AD),
                rgb(0x9DBAED),
                rgb(0xEDD516),
                rgb(0xDEE4FE),
                rgb(0xB49886),
            ],
            others: rgb(0x7E8791),
            missing: rgb(0x8B949F),
            shade: rgb(0x000000),
        }
    }

    /// The theme that egui shows now.
    pub fn of(ctx: &Context) -> Self {
        if ctx.theme() == EguiTheme::Dark { Self::dark() } else { Self::light() }
    }

    /// The colour of a category by its rank; `None` has no value.
    pub fn category(&self, rank: Option<u32>) -> Color32 {
        match rank {
            Some(rank) => self.categorical.get(rank as usize).copied().unwrap_or(self.others),
            None => self.missing,
        }
    }

    /// The step of the density ramp for a count: 0, 1, 2–3, 4–7, 8 and more.
    pub fn density_of(&self, count: u32) -> Color32 {
        let step = match count {
            0 => 0,
            1 => 1,
            2..=3 => 2,
            4..=7 => 3,
            _ => 4,
        };
        self.density[step]
    }

    /// A colour at a part of its strength over the plot, without making it see-through.
    pub fn faded(&self, colour: Color32, part: f32) -> Color32 {
        self.panel.lerp_to_gamma(colour, part)
    }

    /// The veil behind dialogs.
    pub fn backdrop(&self) -> Color32 {
        self.shade.gamma_multiply(if self.is_dark { 0.5 } else { 0.18 })
    }

    /// The veil over what lies outside a brush.
    pub fn veil(&self) -> Color32 {
        self.panel.gamma_multiply(0.62)
    }
}

/// Text roles.
pub mod font {
    use super::{FontFamily, FontId};

    fn inter(weight: &str, size: f32) -> FontId {
        FontId::new(size, FontFamily::Name(weight.into()))
    }

    /// Weight 400.
    pub fn regular(size: f32) -> FontId {
        FontId::new(size, FontFamily::Proportional)
    }

    /// Weight 500.
    pub fn medium(size: f32) -> FontId {
        inter("inter-500", size)
    }

    /// Weight 600.
    pub fn semibold(size: f32) -> FontId {
        inter("inter-600", size)
    }

    /// Weight 700.
    pub fn bold(size: f32) -> FontId {
        inter("inter-700", size)
    }

    /// Icons.
    pub fn icon(size: f32) -> FontId {
        inter("icons", size)
    }

    /// Rows, buttons, chain: 12.
    pub fn body() -> FontId {
        regular(12.0)
    }

    /// Timeline labels, axis, status bar: 11.
    pub fn label() -> FontId {
        regular(11.0)
    }

    /// Direct labels of charts: 10.5.
    pub fn chart() -> FontId {
        regular(10.5)
    }

    /// Units, ticks down: 10.
    pub fn micro() -> FontId {
        regular(10.0)
    }
}

/// Sets up both themes; egui chooses between them.
pub fn apply(ctx: &Context) {
    for (which, theme) in [(EguiTheme::Light, Theme::light()), (EguiTheme::Dark, Theme::dark())] {
        let mut style = Style { visuals: visuals(&theme), ..Style::default() };
        style.text_styles = [
            (TextStyle::Small, font::micro()),
            (TextStyle::Body, font::body()),
            (TextStyle::Monospace, font::body()),
            (TextStyle::Button, font::body()),
            (TextStyle::Heading, font::semibold(15.0)),
        ]
        .into();
        style.spacing.item_spacing = [8.0, 4.0].into();
        style.spacing.button_padding = [8.0, 3.0].into();
        style.spacing.interact_size = [20.0, 24.0].into();
        style.spacing.icon_width = 14.0;
        style.spacing.scroll.bar_width = 8.0;
        style.spacing.scroll.floating = true;
        style.animation_time = 0.0;
        style.interaction.tooltip_delay = 0.12;
        style.interaction.selectable_labels = false;
        ctx.set_style_of(which, style);
    }
}

fn visuals(theme: &Theme) -> Visuals {
    let mut visuals = if theme.is_dark { Visuals::dark() } else { Visuals::light() };
    visuals.panel_fill = theme.panel;
    visuals.window_fill = theme.raised;
    visuals.extreme_bg_color = theme.field;
    visuals.faint_bg_color = theme.band;
    visuals.hyperlink_color = theme.accent;
    visuals.warn_fg_color = theme.warning;
    visuals.error_fg_color = theme.error;
    visuals.selection.bg_fill = theme.selection;
    visuals.selection.stroke = Stroke::new(1.0, theme.accent);
    visuals.window_stroke = Stroke::new(1.0, theme.line2);
    visuals.window_corner_radius = CornerRadius::same(6);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.window_shadow = eframe::egui::Shadow { offset: [2, 3], blur: 0, spread: 0, color: theme.shade.gamma_multiply(0.10) };
    visuals.popup_shadow = visuals.window_shadow;
    let widgets = &mut visuals.widgets;
    let set = |state: &mut eframe::egui::style::WidgetVisuals, fill: Color32, edge: Color32, text: Color32| {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.bg_stroke = Stroke::new(1.0, edge);
        state.fg_stroke = Stroke::new(1.0, text);
        state.corner_radius = CornerRadius::same(4);
        state.expansion = 0.0;
    };
    set(&mut widgets.noninteractive, theme.panel, theme.line, theme.text1);
    set(&mut widgets.inactive, theme.panel, theme.line2, theme.text1);
    set(&mut widgets.hovered, theme.hover, theme.line2, theme.text1);
    set(&mut widgets.active, theme.selection, theme.accent, theme.text1);
    set(&mut widgets.open, theme.selection, theme.line2, theme.text1);
    visuals
}
