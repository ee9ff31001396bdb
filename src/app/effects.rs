//! Effects: file dialogs, links, clipboard, pictures, leaving. Only the app performs them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use eframe::egui::{Context, OpenUrl, Theme, ViewportCommand};

use super::desktop::{Asked, ask};
use super::pictures::{Pictures, Ready, UNDER_WAY};
use super::shell::{Notify, Shell};
use crate::engine::Ask;
use crate::export::write_atomically;
use crate::ingest::{Beside, EXTENSIONS, MAPPING_BYTES_MAX, SavedMapping, stem, write_rejected};
use crate::layout::size_text;
use crate::query::{Answer, Query};
use crate::session::{Action, Dialog, PictureFormat, Show, update};
use crate::view::counted_noun;
use crate::work;

/// What is said where the desktop has no dialog for files.
const NO_DIALOG: &str = "This desktop has no dialog for files to show. Type the path instead.";

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
    /// The desktop has no dialog: what of the program's own takes a path instead.
    Unavailable(Option<Dialog>),
}

/// Effects under way.
pub(super) struct Dialogs {
    chosen: Arc<Mutex<Vec<Chosen>>>,
    is_open: bool,
    pictures: Pictures,
    notify: Notify,
}

impl Dialogs {
    pub(super) fn new(notify: Notify) -> Self {
        Self { chosen: Arc::new(Mutex::new(Vec::new())), is_open: false, pictures: Pictures::default(), notify }
    }

    /// Takes in what dialogs gave back, and pictures that are there.
    pub(super) fn receive(&mut self, ctx: &Context, shell: &mut Shell) {
        for ready in self.pictures.take() {
            match ready {
                Ready::Pixels(image) => {
                    ctx.copy_image(image);
                    notice(shell, "The picture is on the clipboard.");
                }
                Ready::Said(words) => notice(shell, &words),
            }
        }
        let chosen = self.chosen.lock().map(|mut list| std::mem::take(&mut *list)).unwrap_or_default();
        for choice in chosen {
            self.is_open &= matches!(choice, Chosen::Said(_));
            if matches!(choice, Chosen::Open(_) | Chosen::Compare(_) | Chosen::RejectedTo(_)) {
                // The program's own dialog, which asked the desktop, has its answer.
                update(&mut shell.session, &Show::Dialog(None).into());
            }
            match choice {
                Chosen::Said(words) => notice(shell, &words),
                Chosen::Open(paths) => shell.open_all(paths, Beside::Guess),
                Chosen::Compare(path) => shell.compare_with(&path),
                Chosen::RejectedTo(path) => {
                    let words = save_rejected(shell, &path);
                    notice(shell, &words);
                }
                Chosen::WriteMapping(mapping, path) => self.perform(ctx, shell, Action::WriteMapping(mapping, Some(path))),
                Chosen::TakeMapping(path) => self.perform(ctx, shell, Action::TakeMapping(Some(path))),
                Chosen::SaveTo(format, path) => {
                    // The desktop has asked about the name that was typed, not about the one with the right ending.
                    let own = format.path(&path);
                    if own != path && own.exists() {
                        notice(shell, &in_the_way(&own));
                    } else {
                        self.perform(ctx, shell, Action::ExportTo(format, own));
                    }
                }
                Chosen::Nothing => {}
                Chosen::Unavailable(own) => {
                    if own.is_some() {
                        update(&mut shell.session, &Show::Dialog(own).into());
                    }
                    notice(shell, NO_DIALOG);
                }
            }
        }
    }

    /// Waits for what must be whole before the program ends.
    pub(super) fn finish(&mut self) {
        self.pictures.finish();
    }

    /// Performs an action.
    pub(super) fn perform(&mut self, ctx: &Context, shell: &mut Shell, action: Action) {
        match action {
            Action::OpenDialog => self.ask(Some(Dialog::Open), Chosen::Open, || {
                // What is in a file decides, so that any file may be chosen too.
                let dialog = rfd::FileDialog::new().set_title("Open event records").add_filter("Records", EXTENSIONS);
                dialog.add_filter("All files", &["*"]).pick_files()
            }),
            Action::OpenFolderDialog => self.ask(Some(Dialog::Open), Chosen::Open, || {
                rfd::FileDialog::new().set_title("Open a folder of event records").pick_folder().map(|folder| vec![folder])
            }),
            Action::CompareDialog => self.ask_one(Some(Dialog::Compare), Chosen::Compare, || {
                rfd::FileDialog::new().set_title("Compare with a newer release").pick_file()
            }),
            Action::SaveRejected => {
                let name = rejected_name(shell);
                self.ask_one(Some(Dialog::SaveRejected), Chosen::RejectedTo, move || {
                    let dialog = rfd::FileDialog::new().set_title("Save rejected rows").set_file_name(name).add_filter("CSV", &["csv"]);
                    dialog.save_file()
                });
            }
            Action::SaveRejectedTo(path) => {
                let words = if path.exists() { in_the_way(&path) } else { save_rejected(shell, &path) };
                notice(shell, &words);
            }
            Action::Export(format) => {
                let name = picture_name(shell, format);
                let (label, ending) = (if format.is_svg { "SVG" } else { "PNG" }, format.ending());
                self.ask_one(
                    Some(Dialog::Export),
                    move |path| Chosen::SaveTo(format, path),
                    move || {
                        let dialog = rfd::FileDialog::new().set_title("Export a picture").set_file_name(name).add_filter(label, &[ending]);
                        dialog.save_file()
                    },
                );
            }
            Action::ExportTo(_, path) if shell.is_data(&path) => notice(shell, IS_DATA),
            Action::ExportTo(format, path) => {
                let begun = self.pictures.save(shell, ctx.theme() == Theme::Dark, format, path, &self.notify);
                notice(shell, begun.as_ref().map_or_else(String::as_str, |()| UNDER_WAY));
            }
            Action::CopyImage => {
                let begun = self.pictures.copy(shell, ctx.theme() == Theme::Dark, &self.notify);
                notice(shell, begun.as_ref().map_or_else(String::as_str, |()| UNDER_WAY));
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
            | Action::CompareWith(_)
            | Action::ShowLines(_)
            | Action::CloseStanding
            | Action::CancelLoad => {}
        }
    }

    /// Writes a mapping to a file, or takes one from a file; a file that is not named is asked for.
    fn exchange_mapping(&mut self, shell: &mut Shell, action: Action) {
        match action {
            Action::WriteMapping(mapping, None) => {
                let name = format!("{}.mapping.json", mapping.name);
                self.ask_one(
                    None,
                    move |path| Chosen::WriteMapping(mapping, path),
                    move || {
                        let dialog = rfd::FileDialog::new().set_title("Write the mapping").set_file_name(name);
                        dialog.add_filter("Mapping", &["json"]).save_file()
                    },
                );
            }
            Action::WriteMapping(mapping, Some(path)) => {
                let words = write_mapping(shell, &mapping, &path);
                notice(shell, &words);
            }
            Action::TakeMapping(None) => self.ask_one(None, Chosen::TakeMapping, || {
                rfd::FileDialog::new().set_title("Take a mapping from a file").add_filter("Mapping", &["json"]).pick_file()
            }),
            Action::TakeMapping(Some(path)) => match read_mapping(&path) {
                Ok(mapping) => {
                    let look = &shell.around.look;
                    let meaning = mapping.options.mapping.clone();
                    let draft = look.draft_with(&shell.session.draft, &mapping.options);
                    let draft = meaning.map_or_else(|| draft.clone(), |meaning| look.draft_with_mapping(&draft, &meaning));
                    update(&mut shell.session, &Show::Reading(Box::new(draft)).into());
                }
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

    /// Shows a dialog of the desktop on a thread of its own; one at a time. Where there is none, a dialog of the program's `own` opens.
    fn ask(
        &mut self,
        own: Option<Dialog>,
        chosen: impl FnOnce(Vec<PathBuf>) -> Chosen + Send + 'static,
        dialog: impl FnOnce() -> Option<Vec<PathBuf>> + Send + 'static,
    ) {
        if self.is_open {
            return;
        }
        self.is_open = true;
        let (list, notify) = (Arc::clone(&self.chosen), Arc::clone(&self.notify));
        work::spawn("dialog", move || {
            let choice = match ask(dialog) {
                Asked::Chosen(paths) => chosen(paths),
                Asked::Left => Chosen::Nothing,
                Asked::Unavailable => Chosen::Unavailable(own),
            };
            if let Ok(mut list) = list.lock() {
                list.push(choice);
            }
            notify();
        });
    }

    /// The same for a single path.
    fn ask_one(
        &mut self,
        own: Option<Dialog>,
        chosen: impl FnOnce(PathBuf) -> Chosen + Send + 'static,
        dialog: impl FnOnce() -> Option<PathBuf> + Send + 'static,
    ) {
        let first = |paths: Vec<PathBuf>| paths.into_iter().next().map_or(Chosen::Nothing, chosen);
        self.ask(own, first, || dialog().map(|path| vec![path]));
    }
}

/// Writes a mapping to a file; says what became of it. The open file itself is never written to.
fn write_mapping(shell: &Shell, mapping: &SavedMapping, path: &Path) -> String {
    if shell.is_data(path) {
        return IS_DATA.to_owned();
    }
    written(path, mapping.to_text().unwrap_or_default().as_bytes())
}

/// Writes a file; says what became of it.
pub(super) fn written(path: &Path, bytes: &[u8]) -> String {
    match write_atomically(path, bytes) {
        Ok(()) => format!("Saved {}", path.display()),
        Err(error) => format!("{} could not be written: {error}", path.display()),
    }
}

/// What is said instead of writing over a file whose path was typed: nobody was asked.
fn in_the_way(path: &Path) -> String {
    format!("{} is there already. Choose another name.", path.display())
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
    format!("{name}.{}", format.ending())
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
        Ok(()) => format!("Saved {} to {}", counted_noun(rows.len() as u64, "rejected row", "rejected rows"), path.display()),
        Err(error) => format!("{} could not be written: {error}", path.display()),
    }
}

/// A file name for the rejected rows: `events.rejected.csv`.
fn rejected_name(shell: &Shell) -> String {
    format!("{}.rejected.csv", file_stem(shell))
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
