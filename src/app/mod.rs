//! The window: receives finished work, draws, applies commands, performs effects.

mod behind;
mod desktop;
mod effects;
mod keys;
mod leftovers;
mod lines;
pub mod opened;
mod pictures;
mod reading;
pub mod recorded;
mod settings;
mod shell;

pub use shell::{Notify, Shell};

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{self, Context, Ui, ViewportCommand};

use self::effects::Dialogs;
use self::settings::Settings;
use crate::ingest::{Beside, SavedMappings, Shelf};
use crate::session::{Show, ThemeChoice, update};
use crate::view::{self, FileState, RecentFile};

/// The smallest window.
const WINDOW_MIN: [f32; 2] = [720.0, 480.0];
/// The window of the first run.
const WINDOW_FIRST: [f32; 2] = [1_440.0, 900.0];
/// How long a short message stays: time to read two lines.
const NOTICE_SHOWN: Duration = Duration::from_secs(8);

/// Why the window could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// The toolkit says why.
    #[error(
        "the window could not be opened: {0}. On Debian the packages libgl1 libegl1 libxkbcommon-x11-0 libx11-xcb1 libxcursor1 libxi6 are needed"
    )]
    Toolkit(String),
}

/// Opens the window on files, or on the bundled sample; returns when it is closed.
///
/// # Errors
/// When no window can be made.
pub fn run(paths: Vec<PathBuf>) -> Result<(), WindowError> {
    let settings_path = Settings::path();
    let settings = settings_path.as_deref().map(Settings::read).unwrap_or_default();
    let size = settings.window.filter(|size| size.iter().all(|side| side.is_finite())).unwrap_or(WINDOW_FIRST);
    let viewport = egui::ViewportBuilder::default()
        .with_title("Dateline")
        .with_app_id("dateline")
        .with_inner_size(size)
        .with_min_inner_size(WINDOW_MIN);
    // The fonts of the computer are asked behind the bundled ones: `view::fonts` sees to it.
    let options = eframe::NativeOptions { viewport, system_font_fallback: false, ..Default::default() };
    let result = eframe::run_native(
        "Dateline",
        options,
        Box::new(move |creation| Ok(Box::new(App::new(&creation.egui_ctx, paths, settings, settings_path)))),
    );
    result.map_err(|error| WindowError::Toolkit(error.to_string()))
}

/// The program in its window.
struct App {
    shell: Shell,
    dialogs: Dialogs,
    settings: Settings,
    settings_path: Option<PathBuf>,
    title: String,
    theme: Option<ThemeChoice>,
    /// The message that is shown, and since when.
    notice: Option<(String, Instant)>,
}

/// Sets up fonts and themes.
pub fn prepare(ctx: &Context) {
    view::fonts::install_ahead(ctx);
    crate::work::spawn("fonts", view::fonts::unpack);
    view::theme::apply(ctx);
}

impl App {
    fn new(ctx: &Context, paths: Vec<PathBuf>, settings: Settings, settings_path: Option<PathBuf>) -> Self {
        prepare(ctx);
        view::fonts::install_computers(ctx);
        view::fonts::look_up_computers();
        let wake = ctx.clone();
        let notify: Notify = Arc::new(move || wake.request_repaint());
        let mut shell = Shell::new(Arc::clone(&notify));
        shell.shelf = Shelf::of_user();
        shell.saved = SavedMappings::of_user();
        shell.session.panels.theme = match settings.theme.as_str() {
            "light" => ThemeChoice::Light,
            "dark" => ThemeChoice::Dark,
            _ => ThemeChoice::System,
        };
        if paths.is_empty() {
            shell.open_sample();
        } else {
            // Recent files are opened from other folders too.
            let whole = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
            shell.open_all(paths.into_iter().map(whole).collect(), Beside::Guess);
        }
        let mut app =
            Self { shell, dialogs: Dialogs::new(notify), settings, settings_path, title: String::new(), theme: None, notice: None };
        app.list_recent();
        app
    }

    fn list_recent(&mut self) {
        let recent = self.settings.recent.iter();
        self.shell.around.recent =
            recent.map(|recent| RecentFile { path: recent.path.clone(), records: recent.records, exists: recent.path.exists() }).collect();
    }

    /// Remembers a file once it has been read, and keeps the settings.
    fn remember(&mut self) {
        let Some(path) = self.shell.file.clone() else { return };
        if self.shell.around.file != FileState::Ready {
            return;
        }
        let records = self.shell.session.schema.as_ref().map_or(0, |schema| schema.records);
        let is_known = self.settings.recent.first().is_some_and(|recent| recent.path == path && recent.records == records);
        if !is_known {
            self.settings.remember(&path, records);
            self.list_recent();
            self.keep_settings();
        }
    }

    fn keep_settings(&self) {
        if let Some(path) = &self.settings_path
            && let Err(error) = self.settings.write(path)
        {
            log::warn!("the settings could not be kept at {}: {error}", path.display());
        }
    }

    fn follow_theme(&mut self, ctx: &Context) {
        let wanted = self.shell.session.panels.theme;
        if self.theme == Some(wanted) {
            return;
        }
        let (preference, key) = match wanted {
            ThemeChoice::System => (egui::ThemePreference::System, "system"),
            ThemeChoice::Light => (egui::ThemePreference::Light, "light"),
            ThemeChoice::Dark => (egui::ThemePreference::Dark, "dark"),
        };
        ctx.set_theme(preference);
        if self.theme.is_some() {
            key.clone_into(&mut self.settings.theme);
            self.keep_settings();
        }
        self.theme = Some(wanted);
    }

    fn take_dropped_files(&mut self, ctx: &Context) {
        let (dropped, is_hovered) = ctx.input(|input| (input.raw.dropped_files.clone(), !input.raw.hovered_files.is_empty()));
        self.shell.around.is_drop_hovered = is_hovered;
        let paths: Vec<PathBuf> = dropped.iter().map(|file| file.path().to_path_buf()).collect();
        if !paths.is_empty() {
            // What was open over the window was about something else.
            update(&mut self.shell.session, &Show::Dialog(None).into());
            self.shell.open_all(paths, Beside::Guess);
        }
    }

    /// Takes a short message away when it has been there for a while.
    fn follow_notice(&mut self, ctx: &Context) {
        let Some(text) = self.shell.session.panels.notice.clone() else {
            self.notice = None;
            return;
        };
        match &self.notice {
            Some((own, since)) if *own == text => {
                if since.elapsed() >= NOTICE_SHOWN {
                    update(&mut self.shell.session, &Show::Notice(None).into());
                }
            }
            _ => self.notice = Some((text, Instant::now())),
        }
        ctx.request_repaint_after(Duration::from_millis(500));
    }

    fn follow_title(&mut self, ctx: &Context) {
        let name = self.shell.session.schema.as_ref().map(|schema| schema.origin.file_name().to_owned());
        let title = name.map_or_else(|| "Dateline".to_owned(), |name| format!("{name} – Dateline"));
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.follow_theme(ctx);
        self.take_dropped_files(ctx);
        if ctx.input(|input| input.events.contains(&egui::Event::WindowFocused(true))) {
            self.shell.look_at_file();
        }
        self.shell.receive();
        self.dialogs.receive(ctx, &mut self.shell);
        self.remember();
        self.follow_title(ctx);
        self.follow_notice(ctx);
        if matches!(self.shell.around.file, FileState::Loading(_)) {
            ctx.request_repaint_after(Duration::from_millis(50));
        }
        let size = ctx.content_rect().size();
        self.settings.window = Some([size.x, size.y]);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        for action in self.shell.frame(ui) {
            self.dialogs.perform(ui.ctx(), &mut self.shell, action);
        }
    }

    fn raw_input_hook(&mut self, ctx: &Context, input: &mut egui::RawInput) {
        self.shell.hold_typed_ahead(ctx, &mut input.events);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.keep_settings();
        self.dialogs.finish();
        self.shell.end();
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use eframe::egui::{DroppedFile, RawInput};

    use super::*;
    use crate::session::Dialog;

    /// A file that a person has dropped.
    #[derive(Debug)]
    struct Dropped(PathBuf);

    impl DroppedFile for Dropped {
        fn path(&self) -> &Path {
            &self.0
        }

        fn bytes(&self) -> Result<Vec<u8>, String> {
            Err("files are read by their paths".to_owned())
        }
    }

    #[test]
    fn files_that_are_dropped_are_opened_together_whatever_dialog_was_open() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("date,event\n2024-01-01,{name}\n")).unwrap();
            path
        };
        let paths = [put("a.csv"), put("b.csv")];
        let ctx = Context::default();
        let mut app = App::new(&ctx, vec![put("first.csv")], Settings::default(), None);
        update(&mut app.shell.session, &Show::Dialog(Some(Dialog::Open)).into());
        let dropped = paths.iter().map(|path| Arc::new(Dropped(path.clone())) as _).collect();
        let input = RawInput { dropped_files: dropped, ..RawInput::default() };
        let mut output = ctx.run_ui(input, |ui| app.take_dropped_files(ui.ctx()));
        output.textures_delta.clear();
        assert_eq!(app.shell.session.panels.dialog, None);
        let begun = Instant::now();
        while app.shell.session.schema.as_ref().is_none_or(|schema| schema.origin.files.len() != 2) {
            assert!(begun.elapsed() < Duration::from_mins(1), "they did not open: {:?}", app.shell.around.file);
            app.shell.receive();
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(app.shell.session.schema.as_ref().map(|schema| schema.records), Some(2));
    }
}
