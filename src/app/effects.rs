//! Effects: file dialogs, links, clipboard, pictures, leaving. Only the app performs them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use eframe::egui::{Context, OpenUrl, Theme, ViewportCommand};

use super::shell::{Notify, Shell};
use crate::engine::{Ask, Engine};
use crate::export::{PictureKind, PictureView, RenderRequest, render, render_image, write_atomically};
use crate::ingest::{Beside, EXTENSIONS, MAPPING_BYTES_MAX, SavedMapping, stem, write_rejected};
use crate::layout::size_text;
use crate::query::{Answer, Query};
use crate::session::{Action, PictureFormat, Session, Show, update};
use crate::work;

/// What is said instead of writing over data.
const IS_DATA: &str = "That is an open data file, which is never written to. Choose another name.";

/// What a dialog of the desktop gave back.
enum Chosen {
    Open(Vec<PathBuf>),
    Compare(PathBuf),
    RejectedTo(PathBuf),
    SaveTo(PictureFormat, PathBuf),
    WriteMapping(Box<SavedMapping>, PathBuf),
    TakeMapping(PathBuf),
    Said(String),
    Nothing,
}

/// Effects under way.
pub(super) struct Dialogs {
    chosen: Arc<Mutex<Vec<Chosen>>>,
    is_open: bool,
    notify: Notify,
}

impl Dialogs {
    pub(super) fn new(notify: Notify) -> Self {
        Self { chosen: Arc::new(Mutex::new(Vec::new())), is_open: false, notify }
    }

    /// Takes in what dialogs gave back.
    pub(super) fn receive(&mut self, ctx: &Context, shell: &mut Shell) {
        let chosen = self.chosen.lock().map(|mut list| std::mem::take(&mut *list)).unwrap_or_default();
        for choice in chosen {
            self.is_open &= matches!(choice, Chosen::Said(_));
            match choice {
                Chosen::Said(words) => notice(shell, &words),
                Chosen::Open(paths) => shell.open_all(paths, Beside::Guess),
                Chosen::Compare(path) => shell.compare_with(&path),
                Chosen::RejectedTo(path) => notice(shell, &save_rejected(shell, &path)),
                Chosen::WriteMapping(mapping, path) => self.perform(ctx, shell, Action::WriteMapping(mapping, Some(path))),
                Chosen::TakeMapping(path) => self.perform(ctx, shell, Action::TakeMapping(Some(path))),
                Chosen::SaveTo(format, path) => self.perform(ctx, shell, Action::ExportTo(format, path)),
                Chosen::Nothing => {}
            }
        }
    }

    /// Performs an action.
    pub(super) fn perform(&mut self, ctx: &Context, shell: &mut Shell, action: Action) {
        match action {
            Action::OpenDialog => self.ask(|| {
                // What is in a file decides, so that any file may be chosen too.
                let dialog = rfd::FileDialog::new().set_title("Open event records").add_filter("Records", EXTENSIONS);
                dialog.add_filter("All files", &["*"]).pick_files().map(Chosen::Open)
            }),
            Action::OpenFolderDialog => self.ask(|| {
                let dialog = rfd::FileDialog::new().set_title("Open a folder of event records");
                dialog.pick_folder().map(|folder| Chosen::Open(vec![folder]))
            }),
            Action::CompareDialog => self.ask(|| {
                let dialog = rfd::FileDialog::new().set_title("Compare with a newer release");
                dialog.pick_file().map(Chosen::Compare)
            }),
            Action::SaveRejected => {
                let name = rejected_name(shell);
                self.ask(move || {
                    let dialog = rfd::FileDialog::new().set_title("Save rejected rows").set_file_name(name).add_filter("CSV", &["csv"]);
                    dialog.save_file().map(Chosen::RejectedTo)
                });
            }
            Action::Export(format) => {
                let name = picture_name(shell, format);
                let (label, ending) = if format.is_svg { ("SVG", "svg") } else { ("PNG", "png") };
                self.ask(move || {
                    let dialog = rfd::FileDialog::new().set_title("Export a picture").set_file_name(name).add_filter(label, &[ending]);
                    dialog.save_file().map(|path| Chosen::SaveTo(format, path))
                });
            }
            Action::ExportTo(format, path) => {
                let words = save_picture(shell, ctx.theme() == Theme::Dark, format, &path);
                notice(shell, &words);
            }
            Action::CopyImage => {
                let words = copy_picture(ctx, shell);
                notice(shell, &words);
            }
            Action::CopyText(text) => {
                ctx.copy_text(text);
                notice(shell, "Copied.");
            }
            Action::OpenLink(address) => {
                if is_web_address(&address) {
                    ctx.open_url(OpenUrl::new_tab(address));
                } else {
                    notice(shell, "Only http and https addresses are opened.");
                }
            }
            Action::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            Action::ClearCopies => self.clear_copies(shell),
            action @ (Action::WriteMapping(..) | Action::TakeMapping(_)) => self.exchange_mapping(shell, action),
            Action::Open(_)
            | Action::OpenSample
            | Action::ReadAgain
            | Action::ReadWith(_)
            | Action::KeepMapping(_)
            | Action::ForgetMapping(_)
            | Action::OpenAll { .. }
            | Action::ShowLines(_)
            | Action::CloseStanding
            | Action::CancelLoad => {}
        }
    }

    /// Writes a mapping to a file, or takes one from a file; a file that is not named is asked for.
    fn exchange_mapping(&mut self, shell: &mut Shell, action: Action) {
        match action {
            Action::WriteMapping(mapping, None) => self.ask(move || {
                let name = format!("{}.mapping.json", mapping.name);
                let dialog = rfd::FileDialog::new().set_title("Write the mapping").set_file_name(name).add_filter("Mapping", &["json"]);
                dialog.save_file().map(|path| Chosen::WriteMapping(mapping, path))
            }),
            Action::WriteMapping(mapping, Some(path)) => {
                let words = write_mapping(shell, &mapping, &path);
                notice(shell, &words);
            }
            Action::TakeMapping(None) => self.ask(|| {
                let dialog = rfd::FileDialog::new().set_title("Take a mapping from a file").add_filter("Mapping", &["json"]);
                dialog.pick_file().map(Chosen::TakeMapping)
            }),
            Action::TakeMapping(Some(path)) => match read_mapping(&path) {
                Ok(mapping) => update(&mut shell.session, &Show::Reading(Box::new(mapping.options)).into()),
                Err(words) => notice(shell, &words),
            },
            _ => {}
        }
    }

    /// Removes every kept copy, in the background: large files take their time to go.
    fn clear_copies(&self, shell: &mut Shell) {
        let Some(shelf) = shell.shelf.clone() else {
            notice(shell, "No copies of files are kept.");
            return;
        };
        let (chosen, notify) = (Arc::clone(&self.chosen), Arc::clone(&self.notify));
        work::spawn("clear", move || {
            let words = match shelf.clear() {
                0 => "There are no kept copies.".to_owned(),
                bytes => format!("The kept copies are removed: {} are free again.", size_text(bytes)),
            };
            if let Ok(mut list) = chosen.lock() {
                list.push(Chosen::Said(words));
            }
            notify();
        });
    }

    /// Shows a dialog of the desktop on a thread of its own; one at a time.
    fn ask(&mut self, dialog: impl FnOnce() -> Option<Chosen> + Send + 'static) {
        if self.is_open {
            return;
        }
        self.is_open = true;
        let (chosen, notify) = (Arc::clone(&self.chosen), Arc::clone(&self.notify));
        work::spawn("dialog", move || {
            let choice = dialog().unwrap_or(Chosen::Nothing);
            if let Ok(mut list) = chosen.lock() {
                list.push(choice);
            }
            notify();
        });
    }
}

/// Writes a mapping to a file; says what became of it. The open file itself is never written to.
fn write_mapping(shell: &Shell, mapping: &SavedMapping, path: &Path) -> String {
    if shell.is_data(path) {
        return IS_DATA.to_owned();
    }
    let text = mapping.to_text().unwrap_or_default();
    match write_atomically(path, text.as_bytes()) {
        Ok(()) => format!("Saved {}", path.display()),
        Err(error) => format!("{} could not be written: {error}", path.display()),
    }
}

/// Reads a mapping file.
fn read_mapping(path: &Path) -> Result<SavedMapping, String> {
    let failed = |why: String| format!("{} is no mapping that can be used: {why}", path.display());
    let size = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
    if size > MAPPING_BYTES_MAX {
        return Err(failed("it is too large".to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    SavedMapping::of_text(&text).map_err(|error| failed(error.to_string()))
}

/// Is it an address that a browser may open?
pub(super) fn is_web_address(address: &str) -> bool {
    let lower = address.trim().to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://")) && !address.chars().any(char::is_control)
}

fn notice(shell: &mut Shell, text: &str) {
    update(&mut shell.session, &Show::Notice(Some(text.to_owned())).into());
}

/// What the open file is called, without its endings.
fn file_stem(shell: &Shell) -> String {
    shell.session.schema.as_ref().map_or_else(|| "dateline".to_owned(), |schema| stem(schema.origin.file_name()))
}

/// A file name from what is shown: `dprk_russia_facts.png`.
fn picture_name(shell: &Shell, format: PictureFormat) -> String {
    let name = file_stem(shell);
    format!("{name}.{}", if format.is_svg { "svg" } else { "png" })
}

/// What of the window a picture shows: the boards with the timeline when any is unfolded, else the timeline.
fn view_shown(session: &Session) -> PictureView {
    if session.document.boards.iter().any(|board| board.is_open && !board.metrics.is_empty()) {
        PictureView::Board
    } else {
        PictureView::Timeline
    }
}

/// Draws a picture and writes it; says what became of it. The open file itself is never written to.
fn save_picture(shell: &Shell, is_dark: bool, format: PictureFormat, path: &Path) -> String {
    if shell.is_data(path) {
        return IS_DATA.to_owned();
    }
    let Some(engine) = shell.engine() else { return "There is nothing to draw: no file is open.".to_owned() };
    let kind = if format.is_svg { PictureKind::Svg } else { PictureKind::Png };
    let result = render(&request(&*engine, &shell.session, is_dark, format), kind);
    match result {
        Ok(bytes) => match write_atomically(path, &bytes) {
            Ok(()) => format!("Saved {}", path.display()),
            Err(error) => format!("{} could not be written: {error}", path.display()),
        },
        Err(error) => format!("No picture: {error}"),
    }
}

/// Writes the rows that could not be read; says what became of it.
fn save_rejected(shell: &Shell, path: &Path) -> String {
    if shell.is_data(path) {
        return IS_DATA.to_owned();
    }
    let (Some(engine), Some(schema)) = (shell.engine(), shell.session.schema.as_ref()) else {
        return "There is nothing to save: no file is open.".to_owned();
    };
    let Ok(Answer::Rejected(rows)) = engine.answer(&Query::Rejected, &Ask::plainly()) else {
        return "The rejected rows could not be had.".to_owned();
    };
    let mut bytes = Vec::new();
    let written = write_rejected(&rows, &schema.origin, &mut bytes).and_then(|()| write_atomically(path, &bytes));
    match written {
        Ok(()) => format!("Saved {} rejected rows to {}", rows.len(), path.display()),
        Err(error) => format!("{} could not be written: {error}", path.display()),
    }
}

/// A file name for the rejected rows: `events.rejected.csv`.
fn rejected_name(shell: &Shell) -> String {
    format!("{}.rejected.csv", file_stem(shell))
}

fn request<'a>(engine: &'a dyn Engine, session: &'a Session, is_dark: bool, format: PictureFormat) -> RenderRequest<'a> {
    let size_px = format.size.map(|side| side.clamp(0.0, 65_536.0) as u32);
    RenderRequest { engine, session, view: view_shown(session), size_px, scale: format.scale, is_dark }
}

/// Puts a picture on the clipboard, at two pixels a point.
fn copy_picture(ctx: &Context, shell: &Shell) -> String {
    let Some(engine) = shell.engine() else { return "There is nothing to copy: no file is open.".to_owned() };
    let format = PictureFormat { is_svg: false, scale: 2.0, size: view_shown(&shell.session).size_px().map(|side| side as f32) };
    match render_image(&request(&*engine, &shell.session, ctx.theme() == Theme::Dark, format)) {
        Ok(image) => {
            ctx.copy_image(image);
            "The picture is on the clipboard.".to_owned()
        }
        Err(error) => format!("No picture: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_web_address;

    #[test]
    fn only_web_addresses_are_opened() {
        assert!(is_web_address("https://example.org/a"));
        assert!(is_web_address("HTTP://example.org"));
        for address in ["file:///etc/passwd", "javascript:alert(1)", "ftp://x", "https://a\nb", ""] {
            assert!(!is_web_address(address), "{address}");
        }
    }
}
