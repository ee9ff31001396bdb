//! `render`: a view as a picture file, the same that the window shows; it draws nothing itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ask::Opened;
use super::open::refuse_data_file;
use super::table::Given;
use super::{Ended, Failure, complain};
use crate::data::Field;
use crate::export::{PictureKind, PictureView, RenderRequest, ViewChoice, choose_view, render, write_atomically};
use crate::query::span_of;
use crate::session::{Edit, Navigate, Session, update};
use crate::time::{Span, Step};

/// Where the pictures go that are drawn when there is no display.
const PICTURES_FOLDER: &str = "dateline-pictures";

pub(super) fn run(given: &Given<'_>) -> Result<Ended, Failure> {
    let out = given.path("out").map(PathBuf::from).ok_or_else(|| Failure("-o: name the file to write".to_owned()))?;
    let kind = kind_of(&out)?;
    // A picture in a folder is none of the files that are read there.
    if !given.paths("file").iter().any(|path| path.is_dir()) {
        refuse_data_file(given, &out)?;
    }
    let scale = scale(given.text("scale")?)?;
    let opened = Opened::new(given)?;
    let mut session = session(&opened);
    set_up(&mut session, &opened, given)?;
    let key = given.word("view")?;
    let view = PictureView::from_key(key).ok_or_else(|| Failure(format!("--view: there is no view “{key}”")))?;
    let size_px = size(given.text("size")?)?.unwrap_or_else(|| view.size_px());
    let field = |flag: &str, key: &str| opened.field(flag, key).map(|info| info.field);
    let choice = ViewChoice {
        metric: given.text("metric")?.map(|name| opened.metric(name).map(str::to_owned)).transpose()?,
        by: given.text("by")?.map(step).transpose()?,
        group: given.text("group")?.map(|key| field("group", key)).transpose()?,
    };
    choose_view(&mut session, view, &choice).map_err(|error| Failure(error.to_string()))?;
    let is_dark = given.word("theme")? == "dark";
    let request = RenderRequest { engine: opened.engine(), session: &session, view, size_px, scale, is_dark };
    draw(&request, kind, &out)?;
    Ok(opened.ended_saying_so())
}

/// Without a display: says so, and draws every view that the file has something for.
pub(super) fn pictures(named: &[PathBuf]) -> Result<Ended, Failure> {
    let input = match named {
        [] => super::open::sample(),
        paths => crate::ingest::Input::of_paths(paths.to_vec()),
    };
    let opened = Opened::of(&super::open::read(&input, None)?)?;
    let folder = Path::new(PICTURES_FOLDER);
    let what = opened.schema.origin.file_name().to_owned();
    complain(&format!("there is no display (DISPLAY and WAYLAND_DISPLAY are not set): drawing {what} into {PICTURES_FOLDER}/"));
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure(format!("{PICTURES_FOLDER}: {error}; choose a folder that can be written to")))?;
    for view in PictureView::ALL {
        let mut session = session(&opened);
        if choose_view(&mut session, view, &ViewChoice::default()).is_err() {
            continue;
        }
        let request =
            RenderRequest { engine: opened.engine(), session: &session, view, size_px: view.size_px(), scale: 1.0, is_dark: false };
        let path = folder.join(format!("{}.png", view.key()));
        draw(&request, PictureKind::Png, &path)?;
        complain(&path.display().to_string());
    }
    Ok(opened.ended_saying_so())
}

/// The Session with which the window would open the file.
fn session(opened: &Opened) -> Session {
    let mut session = Session::default();
    session.receive_schema(Arc::new(opened.schema.clone()), true);
    session
}

fn draw(request: &RenderRequest<'_>, kind: PictureKind, path: &Path) -> Result<(), Failure> {
    let bytes = render(request, kind).map_err(|error| Failure(error.to_string()))?;
    write_atomically(path, &bytes).map_err(|error| Failure(format!("{}: {error}; nothing was written", path.display())))
}

/// Filter, window, lanes, colours and title as the flags say.
fn set_up(session: &mut Session, opened: &Opened, given: &Given<'_>) -> Result<(), Failure> {
    let filter = opened.filter(given)?;
    opened.tell_unknown_publication(&filter)?;
    update(session, &Edit::Filter(filter).into());
    let field = |flag: &str, key: &str| -> Result<Option<Field>, Failure> {
        if key == "none" { Ok(None) } else { opened.field(flag, key).map(|info| Some(info.field)) }
    };
    if let Some(key) = given.text("lane")? {
        update(session, &Edit::Lane(field("lane", key)?).into());
    }
    if let Some(key) = given.text("colour")? {
        update(session, &Edit::Colour(field("colour", key)?).into());
    }
    if let Some(title) = given.text("title")? {
        update(session, &Edit::Title(title.to_owned()).into());
    }
    if let Some(window) = window(session.place.window, given)? {
        update(session, &Navigate::Window(window).into());
    }
    Ok(())
}

/// `--from` and `--to`, both included; the end that is not given stays as the window opens.
fn window(opening: Span, given: &Given<'_>) -> Result<Option<Span>, Failure> {
    let date = |flag: &str| -> Result<Option<Span>, Failure> {
        let span = given.text(flag)?.map(span_of).transpose();
        span.map_err(|message| Failure(format!("--{flag}: {message}")))
    };
    let (from, to) = (date("from")?, date("to")?);
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    let window = Span::new(from.map_or(opening.start, |from| from.start), to.map_or(opening.end, |to| to.end));
    if !window.is_bounded() || window.start >= window.end {
        return Err(Failure("--from and --to: the window must start before it ends, at days that are known".to_owned()));
    }
    Ok(Some(window))
}

fn kind_of(out: &Path) -> Result<PictureKind, Failure> {
    let ending = out.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_ascii_lowercase();
    match ending.as_str() {
        "png" => Ok(PictureKind::Png),
        "svg" => Ok(PictureKind::Svg),
        _ => Err(Failure(format!("{}: the ending tells the kind of picture: name a file that ends in .png or .svg", out.display()))),
    }
}

fn size(text: Option<&str>) -> Result<Option<[u32; 2]>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let sides =
        text.split_once(['x', 'X', '×']).and_then(|(width, height)| Some([width.trim().parse().ok()?, height.trim().parse().ok()?]));
    sides.map(Some).ok_or_else(|| Failure(format!("--size: “{text}” is not a size such as 1600x900")))
}

fn scale(text: Option<&str>) -> Result<f32, Failure> {
    let Some(text) = text else { return Ok(1.0) };
    text.parse().ok().filter(|scale: &f32| scale.is_finite()).ok_or_else(|| Failure(format!("--scale: “{text}” is not a number such as 2")))
}

fn step(text: &str) -> Result<Step, Failure> {
    Step::parse(text).ok_or_else(|| Failure(format!("--by: “{text}” is not one of day, week, month, quarter, year and decade")))
}
