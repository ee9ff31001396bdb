//! Opens a file as the window does, without a window, and measures how long it takes until something and until everything is there.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use eframe::egui::{Context, RawInput, Rect, pos2, vec2};

use super::{Shell, prepare};
use crate::ingest::Shelf;
use crate::view::FileState;

/// The window, in points.
const SIZE: [f32; 2] = [1_600.0, 1_000.0];
/// The longest wait for something new before the next frame.
const WAIT_MAX: Duration = Duration::from_millis(50);

/// A file that is open, with everything drawn that the window shows of it.
pub struct Opened {
    /// The shell that has it open.
    pub shell: Shell,
    /// What it draws with.
    pub ctx: Context,
    /// From nothing to the first frame, which tells that the file is being read.
    pub first_frame: Duration,
    /// From opening to the first frame with records in it.
    pub first_picture: Duration,
    /// From opening until every view shows the whole file.
    pub usable: Duration,
}

/// Opens a file, or the bundled sample, and draws frames whenever something has come, until nothing more is to come. A shelf
/// of kept copies is used, and added to, only when one is given.
///
/// # Errors
/// What the window would say of a file that cannot be opened.
pub fn open(file: Option<&Path>, shelf: Option<Shelf>) -> Result<Opened, String> {
    let begin = Instant::now();
    let ctx = Context::default();
    prepare(&ctx);
    let (sender, news) = channel();
    // Nobody listens any more once the file is open.
    let mut shell = Shell::new(Arc::new(move || sender.send(()).unwrap_or_default()));
    shell.shelf = shelf;
    let opening = Instant::now();
    match file {
        Some(path) => shell.open(path),
        None => shell.open_sample(),
    }
    let (mut first_frame, mut first_picture) = (None, None);
    loop {
        shell.receive();
        if let FileState::Failed { message, .. } = &shell.around.file {
            return Err(message.clone());
        }
        let has_records = shell.session.schema.is_some() && shell.answers.get(&crate::session::Slot::Lanes).is_some();
        let input = RawInput { screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(SIZE[0], SIZE[1]))), ..RawInput::default() };
        let mut output = ctx.run_ui(input, |ui| drop(shell.frame(ui)));
        output.textures_delta.clear();
        drop(ctx.tessellate(output.shapes, output.pixels_per_point));
        first_frame.get_or_insert_with(|| begin.elapsed());
        if has_records {
            first_picture.get_or_insert_with(|| opening.elapsed());
        }
        if shell.around.file == FileState::Ready && !shell.is_busy() {
            break;
        }
        // Late news wake the loop at once; the wait is only for those that got lost.
        news.recv_timeout(WAIT_MAX).unwrap_or_default();
        while news.try_recv().is_ok() {}
    }
    let usable = opening.elapsed();
    let (first_frame, first_picture) = (first_frame.unwrap_or(usable), first_picture.unwrap_or(usable));
    Ok(Opened { shell, ctx, first_frame, first_picture, usable })
}
