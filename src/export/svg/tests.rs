//! What an SVG must keep of the shapes it is made of.

use eframe::egui;
use eframe::egui::epaint::CircleShape;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{FontFamily, FontId, Mesh, Shape, Stroke, StrokeKind, Theme, Ui, pos2, vec2};

use super::*;
use crate::export::{draw, testing};

const INFO: SvgInfo<'_> = SvgInfo { title: "A & B", description: "", background: Color32::WHITE, scale: 1.0, zoom: 1.0 };
const SIZE: Vec2 = vec2(300.0, 100.0);

fn svg_of(mut ui: impl FnMut(&mut Ui)) -> String {
    let drawn = draw(SIZE, 1.0, Theme::Light, testing::set_up, |area| {
        ui(area);
        false
    });
    let svg = svg_from_shapes(&drawn.shapes, SIZE, &INFO);
    usvg::Tree::from_str(&svg, &usvg::Options::default()).unwrap_or_else(|error| panic!("{error}\n{svg}"));
    svg
}

fn svg_of_shape(shape: &Shape) -> String {
    svg_of(|ui| {
        ui.painter().add(shape.clone());
    })
}

fn letters_of(svg: &str) -> String {
    let document = usvg::roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts
        .map(|text| text.descendants().filter(usvg::roxmltree::Node::is_text).filter_map(|node| node.text()).collect::<String>())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn every_letter_of_every_script_is_kept_and_a_row_is_one_text() {
    let svg = svg_of(|ui| {
        let mut job = LayoutJob::default();
        job.append("fi ffl ", 0.0, TextFormat::simple(FontId::new(12.0, FontFamily::Proportional), Color32::BLACK));
        job.append("Київ <김정은>", 0.0, TextFormat::simple(FontId::new(14.0, FontFamily::Name("inter-600".into())), Color32::RED));
        ui.label(job);
    });
    assert_eq!(letters_of(&svg), "fi ffl Київ <김정은>");
    assert!(svg.contains("font-weight=\"600\" fill=\"#ff0000\" textLength="), "{svg}");
    assert!(svg.contains("font-size=\"12\" fill=\"#000000\" textLength="), "{svg}");
    assert_eq!(svg.matches("<tspan").count(), 2);
}

#[test]
fn words_from_right_to_left_keep_their_letters_in_order() {
    let text = "Kursk: דמשק תל אביב, سلام 12 ok";
    let svg = svg_of(|ui| {
        ui.label(text);
    });
    assert_eq!(letters_of(&svg), text);
}

#[test]
fn wrapped_and_cut_text_keeps_the_look_of_each_letter() {
    let svg = svg_of(|ui| {
        ui.set_max_width(60.0);
        let mut job = LayoutJob::default();
        let plain = TextFormat::simple(FontId::proportional(12.0), Color32::BLACK);
        job.append("first line\nsecond ", 0.0, plain.clone());
        job.append("and a long red tail of words that is cut", 0.0, TextFormat { color: Color32::RED, ..plain });
        job.wrap.max_width = 60.0;
        job.wrap.max_rows = 4;
        ui.label(job);
    });
    let letters = letters_of(&svg);
    assert!(letters.starts_with("first line\nsecond") && letters.ends_with('…'), "{letters}");
    let red = &svg[svg.find("#ff0000").unwrap()..];
    assert!(red.contains(">and"), "{svg}");
    assert!(!svg[..svg.find("#ff0000").unwrap()].contains("and"), "{svg}");
}

#[test]
fn the_width_of_a_run_is_the_width_of_its_letters() {
    let svg = svg_of(|ui| drop(ui.label("Reported totals")));
    let at = svg.find("textLength=\"").unwrap() + "textLength=\"".len();
    let width: f32 = svg[at..].split('"').next().unwrap().parse().unwrap();
    assert!((70.0..110.0).contains(&width), "{width}");
}

#[test]
fn the_same_clip_is_defined_once_and_the_whole_page_is_no_clip() {
    let clip = Rect::from_min_max(pos2(10.0, 10.0), pos2(50.0, 50.0));
    let svg = svg_of(|ui| {
        for x in [12.0, 20.0] {
            ui.painter().with_clip_rect(clip).circle_filled(pos2(x, 20.0), 3.0, Color32::RED);
            ui.painter().circle_filled(pos2(x + 100.0, 20.0), 3.0, Color32::BLUE);
        }
        ui.painter().with_clip_rect(clip).circle_filled(pos2(200.0, 20.0), 3.0, Color32::GREEN);
    });
    assert_eq!(svg.matches("<clipPath").count(), 1);
    assert_eq!(svg.matches("<g clip-path").count(), 2);
    assert_eq!(svg.matches("<circle").count(), 4, "what the clip hides is left out: {svg}");
}

#[test]
fn touching_cells_of_one_colour_become_one_rectangle() {
    let mut mesh = Mesh::default();
    for x in 0..4_u8 {
        let color = if x < 3 { Color32::RED } else { Color32::BLUE };
        mesh.add_colored_rect(Rect::from_min_size(pos2(f32::from(x) * 8.0, 4.0), vec2(8.0, 11.0)), color);
    }
    let svg = svg_of_shape(&Shape::mesh(mesh));
    assert!(svg.contains("<rect x=\"0\" y=\"4\" width=\"24\" height=\"11\" fill=\"#ff0000\" shape-rendering=\"crispEdges\"/>"), "{svg}");
    assert!(svg.contains("<rect x=\"24\" y=\"4\" width=\"8\" height=\"11\" fill=\"#0000ff\""), "{svg}");
}

#[test]
fn a_lone_triangle_stays_a_polygon() {
    let mut mesh = Mesh::default();
    for (x, y) in [(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)] {
        mesh.colored_vertex(pos2(x, y), Color32::RED);
    }
    mesh.add_triangle(0, 1, 2);
    let svg = svg_of_shape(&Shape::mesh(mesh));
    assert!(svg.contains("<polygon points=\"0,0 10,0 0,10\" fill=\"#ff0000\" shape-rendering=\"crispEdges\"/>"), "{svg}");
}

#[test]
fn a_stroke_lies_inside_on_or_outside_of_its_rectangle() {
    let rect = Rect::from_min_max(pos2(10.0, 10.0), pos2(30.0, 20.0));
    let x_of = |kind| {
        let svg = svg_of_shape(&Shape::rect_stroke(rect, 0.0, Stroke::new(2.0, Color32::RED), kind));
        assert!(svg.contains("fill=\"none\" stroke=\"#ff0000\" stroke-width=\"2\""), "{svg}");
        ["9", "10", "11"].into_iter().find(|x| svg.contains(&format!("<rect x=\"{x}\"")))
    };
    assert_eq!([StrokeKind::Outside, StrokeKind::Middle, StrokeKind::Inside].map(x_of), [Some("9"), Some("10"), Some("11")]);
}

#[test]
fn dashes_of_one_stroke_are_one_path() {
    let svg = svg_of(|ui| {
        ui.painter().extend(Shape::dashed_line(&[pos2(0.0, 50.5), pos2(40.0, 50.5)], Stroke::new(1.0, Color32::RED), 2.0, 2.0));
    });
    assert_eq!(svg.matches("<path").count(), 1);
    let path = svg.split(" d=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(path.starts_with("M0 50.5L2 50.5M4 50.5L6 50.5") && path.matches('M').count() == 10, "{path}");
}

#[test]
fn see_through_colours_turned_text_and_curves_are_kept() {
    let svg = svg_of(|ui| {
        ui.painter().add(CircleShape {
            center: pos2(20.0, 20.0),
            radius: 5.0,
            fill: Color32::from_rgba_unmultiplied(255, 0, 0, 128),
            stroke: Stroke::NONE,
        });
        let galley = ui.painter().layout_no_wrap("turned".to_owned(), FontId::proportional(12.0), Color32::BLACK);
        ui.painter().add(egui::epaint::TextShape::new(pos2(50.0, 80.0), galley, Color32::BLACK).with_angle(-std::f32::consts::FRAC_PI_2));
        let curve = [pos2(0.0, 0.0), pos2(5.0, 9.0), pos2(9.0, 5.0), pos2(20.0, 20.0)];
        ui.painter().add(egui::epaint::CubicBezierShape::from_points_stroke(
            curve,
            false,
            Color32::TRANSPARENT,
            Stroke::new(1.0, Color32::RED),
        ));
    });
    assert!(svg.contains("r=\"5\" fill=\"#ff0000\" fill-opacity=\"0.502\""), "{svg}");
    assert!(svg.contains("transform=\"rotate(-90 50 80)\""), "{svg}");
    assert!(svg.contains("<path d=\"M0 0C5 9 9 5 20 20\" fill=\"none\" stroke=\"#ff0000\""), "{svg}");
}

#[test]
fn numbers_are_short_and_letters_that_xml_forbids_are_replaced() {
    let numbers = [(1.0, "1"), (0.126, "0.13"), (-0.001, "0"), (-2.5, "-2.5"), (f32::NAN, "0"), (100.0, "100")];
    for (value, expected) in numbers {
        assert_eq!(number(value), expected);
    }
    assert_eq!(escaped("a<b>&\"\u{1}\u{ffff}"), "a&lt;b&gt;&amp;&quot;\u{fffd}\u{fffd}");
}
