//! A recorded session: the same pointer and wheel, frame for frame, drawn off-screen by the real shell, and what each frame cost.
//! It knows the window by the names of its parts alone, as a screen reader does; answers come from the background, as in the window.

mod clock;
mod script;

use std::time::{Duration, Instant};

use eframe::egui::{Context, Event, RawInput, Rect, Ui, ViewportId, pos2, vec2};
use serde::Serialize;

use self::script::{Places, Step};
use super::Shell;
use crate::data::{Field, FieldKind};
use crate::session::{Board, ChartMode, Edit, Navigate, Show, update};
use crate::work;

/// The window of the recording, in points.
const SIZE: [f32; 2] = [1_600.0, 1_000.0];
/// From one frame to the next.
const FRAME: Duration = Duration::from_micros(16_667);
/// How many charts are open.
const CHARTS: usize = 3;
/// How long the recording waits for answers before it goes on without them.
const SETTLE_MAX: Duration = Duration::from_secs(20);
/// Ticks of a brush, and clicks on a value, whose way to the last answer is measured.
const TICKS: usize = 40;

/// The middle, the end and the worst of many durations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// Half are at most this.
    pub p50_ms: f64,
    /// Of a hundred, ninety-nine are at most this.
    pub p99_ms: f64,
    /// None is more.
    pub max_ms: f64,
}

impl Spread {
    /// Of milliseconds in any order.
    fn of(mut times_ms: Vec<f64>) -> Self {
        times_ms.sort_by(f64::total_cmp);
        let at = |part: f64| times_ms.get((times_ms.len().saturating_sub(1) as f64 * part).round() as usize).copied().unwrap_or(0.0);
        Self { p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1.0) }
    }
}

/// What the frames of one kind of movement cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SceneTimes {
    /// Which movement.
    pub scene: &'static str,
    /// How many frames.
    pub count: usize,
    /// Taking answers in, layout and tessellation together.
    pub frame: Spread,
}

/// What the recording cost the thread that draws.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FrameTimes {
    /// How many frames were drawn.
    pub count: usize,
    /// Is it processor time of the thread? Else it is time on the wall, and whoever shares the processor is in it.
    pub is_cpu_time: bool,
    /// Taking in what has come from the background.
    pub receive: Spread,
    /// Views, questions and commands.
    pub layout: Spread,
    /// From shapes to triangles.
    pub tessellation: Spread,
    /// All three.
    pub frame: Spread,
    /// The same by movement.
    pub scenes: Vec<SceneTimes>,
    /// From a move of the brush until every view is right, on the wall.
    pub brush: Spread,
    /// From a click on a value of a list until every view is right, on the wall.
    pub filter: Spread,
}

/// Plays the recording on an open file, again and again until at least `frames_min` frames are drawn.
///
/// The session is left as the recording leaves it: table and charts open, a record selected.
pub fn play(shell: &mut Shell, ctx: &Context, frames_min: usize) -> FrameTimes {
    let mut player = Player { shell, ctx, frames: 0 };
    player.open_everything();
    let own_lane = player.shell.session.document.lane;
    let lanes = [own_lane, widest_field(player.shell).or(own_lane)];
    let mut costs: Vec<(&'static str, Cost)> = Vec::new();
    for turn in 0.. {
        if turn >= lanes.len() && costs.len() >= frames_min {
            break;
        }
        update(&mut player.shell.session, &Edit::Lane(lanes[turn % lanes.len()]).into());
        update(&mut player.shell.session, &Navigate::Fit.into());
        let places = player.find_places();
        player.play_steps(&script::session(&places), &mut costs);
    }
    update(&mut player.shell.session, &Edit::Lane(own_lane).into());
    update(&mut player.shell.session, &Navigate::Fit.into());
    let places = player.find_places();
    let brush = player.latency(&script::brush_ticks(&places, TICKS));
    let filter = player.latency(&script::value_clicks(&places, TICKS));
    summary(&costs, brush, filter)
}

fn summary(costs: &[(&'static str, Cost)], brush: Spread, filter: Spread) -> FrameTimes {
    let of = |part: fn(&Cost) -> f64| Spread::of(costs.iter().map(|(_, cost)| part(cost)).collect());
    let mut names: Vec<&'static str> = Vec::new();
    for (name, _) in costs {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let scene = |scene: &'static str| {
        let own: Vec<f64> = costs.iter().filter(|(name, _)| *name == scene).map(|(_, cost)| cost.all()).collect();
        SceneTimes { scene, count: own.len(), frame: Spread::of(own) }
    };
    FrameTimes {
        count: costs.len(),
        is_cpu_time: clock::IS_CPU_TIME,
        receive: of(|cost| cost.receive),
        layout: of(|cost| cost.layout),
        tessellation: of(|cost| cost.tessellation),
        frame: of(Cost::all),
        scenes: names.into_iter().map(scene).collect(),
        brush,
        filter,
    }
}

/// The category with the most values: as many lanes as the timeline ever asks for.
fn widest_field(shell: &Shell) -> Option<Field> {
    let schema = shell.session.schema.as_ref()?;
    let categories = schema.fields.iter().filter(|info| info.kind == FieldKind::Category);
    categories.max_by_key(|info| info.distinct).map(|info| info.field)
}

/// What one frame cost, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    receive: f64,
    layout: f64,
    tessellation: f64,
}

impl Cost {
    fn all(&self) -> f64 {
        self.receive + self.layout + self.tessellation
    }
}

/// The shell with what a window would give it.
struct Player<'a> {
    shell: &'a mut Shell,
    ctx: &'a Context,
    frames: u64,
}

impl Player<'_> {
    /// Opens the table, at least three charts and the inspector.
    fn open_everything(&mut self) {
        let session = &mut self.shell.session;
        update(session, &Show::Table(true).into());
        update(session, &Navigate::Select(vec![0]).into());
        let boards = session.document.boards.clone();
        let strips: usize = boards.iter().map(|board| board.metrics.len()).sum();
        if let Some(board) = boards.first().filter(|_| strips < CHARTS) {
            let group = session.document.lane.or(session.document.colour);
            let further = [
                Board { mode: ChartMode::PerPeriod, group, ..board.clone() },
                Board { mode: ChartMode::Cumulative, group: None, ..board.clone() },
            ];
            for (place, board) in further.into_iter().enumerate() {
                update(session, &Edit::Board(boards.len() + place, board).into());
            }
        }
        self.settle();
    }

    /// Scrolls the filter panel to its end, where ranges are, and notes where everything is that the recording touches.
    fn find_places(&mut self) -> Places {
        self.settle();
        let panel = pos2(100.0, 300.0);
        for _ in 0..60 {
            self.frame(script::wheel_events(panel, -10.0));
        }
        self.settle();
        self.ctx.enable_accesskit();
        let mut nodes = None;
        for _ in 0..2 {
            let (_, update) = self.draw(Vec::new());
            nodes = update.or(nodes);
        }
        self.ctx.disable_accesskit();
        Places::of(nodes.as_ref(), Rect::from_min_size(pos2(0.0, 0.0), SIZE.into()))
    }

    /// Plays steps at the pace of a display.
    fn play_steps(&mut self, steps: &[Step], costs: &mut Vec<(&'static str, Cost)>) {
        let mut due = Instant::now();
        for step in steps {
            let cost = self.frame(step.events.clone());
            costs.push((step.scene, cost));
            due += FRAME;
            let now = Instant::now();
            if due > now {
                work::pause(due - now);
            } else {
                due = now;
            }
        }
    }

    /// Plays steps one by one, each until every view is right; the last event of each step is the change that is waited for.
    fn latency(&mut self, steps: &[Step]) -> Spread {
        self.settle();
        let mut times = Vec::new();
        for step in steps {
            let start = Instant::now();
            self.frame(step.events.clone());
            self.settle();
            if step.is_measured {
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
        Spread::of(times)
    }

    /// Draws until nothing is asked that is not answered.
    fn settle(&mut self) {
        let start = Instant::now();
        loop {
            self.frame(Vec::new());
            if !self.shell.is_busy() || start.elapsed() > SETTLE_MAX {
                return;
            }
            while self.shell.is_busy() && start.elapsed() < SETTLE_MAX {
                work::pause(Duration::from_micros(100));
                self.shell.receive();
            }
        }
    }

    /// Receives and draws one frame.
    fn frame(&mut self, events: Vec<Event>) -> Cost {
        self.draw(events).0
    }

    fn draw(&mut self, events: Vec<Event>) -> (Cost, Option<eframe::egui::accesskit::TreeUpdate>) {
        let begin = clock::now_ms();
        self.shell.receive();
        let received = clock::now_ms();
        let input = self.input(events);
        let shell = &mut *self.shell;
        let mut output = self.ctx.run_ui(input, |ui: &mut Ui| drop(shell.frame(ui)));
        let laid_out = clock::now_ms();
        output.textures_delta.clear();
        let primitives = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let tessellated = clock::now_ms();
        drop(primitives);
        let cost = Cost { receive: received - begin, layout: laid_out - received, tessellation: tessellated - laid_out };
        (cost, output.platform_output.accesskit_update)
    }

    fn input(&mut self, events: Vec<Event>) -> RawInput {
        self.frames += 1;
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(SIZE[0], SIZE[1]))),
            time: Some(self.frames as f64 * FRAME.as_secs_f64()),
            predicted_dt: FRAME.as_secs_f32(),
            events,
            ..RawInput::default()
        };
        input.viewports.entry(ViewportId::ROOT).or_default().native_pixels_per_point = Some(1.0);
        input
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::view::FileState;

    #[test]
    fn the_recording_plays_on_the_sample_and_moves_everything() {
        let ctx = Context::default();
        crate::app::prepare(&ctx);
        let mut shell = Shell::new(Arc::new(|| {}));
        shell.open_sample();
        let start = Instant::now();
        while shell.around.file != FileState::Ready || shell.is_busy() {
            assert!(start.elapsed() < Duration::from_mins(1), "the sample did not open");
            shell.receive();
            work::pause(Duration::from_millis(2));
        }
        let times = play(&mut shell, &ctx, 600);
        assert!(times.count >= 600);
        let scenes: Vec<&str> = times.scenes.iter().map(|scene| scene.scene).collect();
        assert_eq!(scenes, script::SCENES, "a movement found nothing to move");
        assert!(shell.session.can_go_back() && shell.session.can_undo() && shell.session.panels.has_table);
        assert!(times.frame.max_ms >= times.frame.p50_ms && times.frame.p50_ms > 0.0);
        assert!(times.brush.p50_ms > 0.0 && times.filter.p50_ms > 0.0);
    }

    #[test]
    fn a_spread_names_the_middle_and_the_worst() {
        let spread = Spread::of((1..=101).rev().map(f64::from).collect());
        assert_eq!(spread, Spread { p50_ms: 51.0, p99_ms: 100.0, max_ms: 101.0 });
        assert_eq!(Spread::of(Vec::new()), Spread::default());
    }
}
