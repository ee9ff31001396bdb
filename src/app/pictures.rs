//! Pictures of the view, drawn and written on threads of their own: a large one takes seconds, and so may its questions about millions of
//! records. The program does not end before they are there.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::ColorImage;

use super::effects::written;
use super::shell::{Notify, Shell};
use crate::engine::Engine;
use crate::export::{PictureKind, PictureView, RenderRequest, render, render_image};
use crate::jobs::once::Once;
use crate::session::{PictureFormat, Session};
use crate::work::walled;

/// What is said while pictures are drawn.
pub(super) const UNDER_WAY: &str = "Drawing the picture…";

/// What has become of a picture.
pub(super) enum Ready {
    /// It is to go to the clipboard.
    Pixels(ColorImage),
    /// Words about it.
    Said(String),
}

/// Pictures under way.
#[derive(Default)]
pub(super) struct Pictures(Vec<Once<Ready>>);

impl Pictures {
    /// Draws what is shown and writes it to a file, which must be no data file.
    pub(super) fn save(
        &mut self,
        shell: &Shell,
        is_dark: bool,
        format: PictureFormat,
        path: PathBuf,
        notify: &Notify,
    ) -> Result<(), String> {
        let what = What::of(shell, is_dark, format).ok_or("There is nothing to draw: no file is open.")?;
        let kind = if format.is_svg { PictureKind::Svg } else { PictureKind::Png };
        self.begin(notify, move || {
            Ready::Said(match render(&what.request(), kind) {
                Ok(bytes) => written(&path, &bytes),
                Err(error) => format!("No picture: {error}"),
            })
        });
        Ok(())
    }

    /// Draws what is shown for the clipboard, at two pixels a point.
    pub(super) fn copy(&mut self, shell: &Shell, is_dark: bool, notify: &Notify) -> Result<(), String> {
        let size = view_shown(&shell.session).size_px().map(|side| side as f32);
        let format = PictureFormat { is_svg: false, scale: 2.0, size };
        let what = What::of(shell, is_dark, format).ok_or("There is nothing to copy: no file is open.")?;
        self.begin(notify, move || match render_image(&what.request()) {
            Ok(image) => Ready::Pixels(image),
            Err(error) => Ready::Said(format!("No picture: {error}")),
        });
        Ok(())
    }

    fn begin(&mut self, notify: &Notify, work: impl FnOnce() -> Ready + Send + 'static) {
        let notify = Arc::clone(notify);
        let work = move |_: &_| walled(work).unwrap_or_else(|panic| Ready::Said(format!("No picture: {panic}")));
        self.0.push(Once::start("picture", work, move || notify()));
    }

    /// Those that have become something since the last time.
    pub(super) fn take(&mut self) -> Vec<Ready> {
        let mut ready = Vec::new();
        self.0.retain(|picture| {
            let one = picture.poll();
            let is_under_way = one.is_none();
            ready.extend(one);
            is_under_way
        });
        ready
    }

    /// Waits for all of them; what is said of them.
    pub(super) fn finish(&mut self) -> Vec<Ready> {
        self.0.drain(..).filter_map(Once::wait).collect()
    }
}

/// What is to be drawn.
struct What {
    engine: Arc<dyn Engine>,
    session: Session,
    is_dark: bool,
    format: PictureFormat,
}

impl What {
    /// `None` while no file is open.
    fn of(shell: &Shell, is_dark: bool, format: PictureFormat) -> Option<Self> {
        Some(Self { engine: shell.engine()?, session: shell.session.clone(), is_dark, format })
    }

    fn request(&self) -> RenderRequest<'_> {
        let Self { engine, session, is_dark, format } = self;
        let size_px = format.size.map(|side| side.clamp(0.0, 65_536.0) as u32);
        RenderRequest { engine: &**engine, session, view: view_shown(session), size_px, scale: format.scale, is_dark: *is_dark }
    }
}

/// What of the window a picture shows: the boards with the timeline when any is unfolded, else the timeline.
fn view_shown(session: &Session) -> PictureView {
    if session.document.boards.iter().any(|board| board.is_open && !board.metrics.is_empty()) {
        PictureView::Board
    } else {
        PictureView::Timeline
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    const PNG: PictureFormat = PictureFormat { is_svg: false, scale: 1.0, size: [1600.0, 900.0] };

    fn said(ready: &Ready) -> &str {
        if let Ready::Said(words) = ready { words } else { "pixels" }
    }

    fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(came) = look() {
                return came;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "it does not come");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn pictures_are_drawn_elsewhere_and_what_became_of_them_is_said_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let notify: Notify = Arc::new(|| ());
        let mut shell = Shell::new(Arc::clone(&notify));
        let mut pictures = Pictures::default();
        assert!(pictures.save(&shell, false, PNG, path("early.png"), &notify).is_err());
        shell.open_sample();
        until(|| {
            shell.receive();
            shell.engine().filter(|_| shell.session.schema.is_some())
        });
        pictures.save(&shell, false, PNG, path("a.png"), &notify).unwrap();
        let ready = until(|| pictures.take().pop());
        assert_eq!(said(&ready), format!("Saved {}", path("a.png").display()));
        assert!(std::fs::read(path("a.png")).unwrap().starts_with(b"\x89PNG"));
        assert!(pictures.take().is_empty());

        pictures.save(&shell, true, PictureFormat { is_svg: true, ..PNG }, path("b.svg"), &notify).unwrap();
        pictures.save(&shell, true, PNG, path("none/c.png"), &notify).unwrap();
        pictures.copy(&shell, true, &notify).unwrap();
        let ready = pictures.finish();
        assert!(std::fs::read_to_string(path("b.svg")).unwrap().contains("</svg>"));
        assert!(said(&ready[1]).contains("could not be written") && matches!(ready[2], Ready::Pixels(_)));
    }
}
