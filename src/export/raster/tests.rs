//! What the rasteriser must do to the pixel, and against a slow one that tests every pixel.

use eframe::egui;
use eframe::egui::epaint::{ImageData, ImageDelta, Shadow};
use eframe::egui::{Color32, ColorImage, Context, Mesh, Pos2, Rect, Shape, Stroke, TextureId, TextureOptions, TexturesDelta, pos2, vec2};

use super::*;

const WHITE_AT: Pos2 = pos2(0.0, 0.0);

fn white() -> Textures {
    textures_of(ColorImage::filled([1, 1], Color32::WHITE), TextureOptions::LINEAR)
}

fn textures_of(image: ColorImage, options: TextureOptions) -> Textures {
    let mut delta = TexturesDelta::default();
    delta.push(TextureId::default(), ImageDelta::full(ImageData::Color(image.into()), options));
    let mut textures = Textures::default();
    textures.apply(&mut delta);
    textures
}

fn paint_meshes(meshes: Vec<Mesh>, textures: &Textures, size_px: [usize; 2], pixels_per_point: f32) -> ColorImage {
    let everything = Rect::from_min_max(Pos2::ZERO, pos2(1e6, 1e6));
    let primitives: Vec<_> =
        meshes.into_iter().map(|mesh| ClippedPrimitive { clip_rect: everything, primitive: Primitive::Mesh(mesh) }).collect();
    paint(&primitives, textures, Frame { size_px, pixels_per_point, background: Color32::BLACK })
}

fn rect_mesh(rect: Rect, color: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    mesh.add_rect_with_uv(rect, Rect::from_min_max(WHITE_AT, WHITE_AT), color);
    mesh
}

fn picture(image: &ColorImage) -> Vec<String> {
    let row = |row: &[Color32]| row.iter().map(|pixel| if pixel.r() > 0 { '#' } else { '.' }).collect();
    image.pixels.chunks(image.width()).map(row).collect()
}

fn triangle(corners: [(f32, f32, Color32); 3]) -> Mesh {
    let mut mesh = Mesh::default();
    for (x, y, color) in corners {
        mesh.colored_vertex(pos2(x, y), color);
    }
    mesh.add_triangle(0, 1, 2);
    mesh
}

#[test]
fn a_rectangle_covers_the_pixels_whose_centres_it_holds_at_a_fractional_scale() {
    let rect = Rect::from_min_max(pos2(1.0, 1.0), pos2(3.0, 2.0));
    let image = paint_meshes(vec![rect_mesh(rect, Color32::WHITE)], &white(), [6, 4], 1.5);
    // 1.5..4.5 by 1.5..3.0 pixels: a centre on the left or upper edge is in, on the right or lower one is out.
    assert_eq!(picture(&image), ["......", ".###..", ".###..", "......"]);
}

#[test]
fn the_two_triangles_of_a_rectangle_cover_what_the_rectangle_covers_whatever_their_order() {
    for (left, top, right, bottom) in [(0.3, 0.2, 7.7, 5.5), (1.5, 1.5, 4.5, 3.5), (2.0, 2.0, 3.0, 7.0), (-3.0, -1.0, 20.0, 3.25)] {
        let rect = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
        let as_quad = paint_meshes(vec![rect_mesh(rect, Color32::from_white_alpha(90))], &white(), [8, 8], 1.0);
        let whole = rect_mesh(rect, Color32::from_white_alpha(90));
        let halves = [[0, 1, 2], [1, 3, 2], [3, 2, 1], [2, 1, 0]];
        for (first, second) in [(0, 1), (3, 2), (2, 0), (1, 3)] {
            let half = |at: usize| Mesh { indices: halves[at].to_vec(), ..whole.clone() };
            let as_triangles = paint_meshes(vec![half(first), half(second)], &white(), [8, 8], 1.0);
            assert_eq!(as_quad, as_triangles, "{rect:?}");
        }
    }
}

#[test]
fn triangles_around_a_point_leave_no_gap_and_no_overlap() {
    let centre = (8.3, 7.1);
    let around = [(0.1, 0.3), (9.7, -2.0), (17.0, 3.3), (16.2, 15.9), (6.6, 18.4), (-1.0, 12.2)];
    let half = Color32::from_white_alpha(128);
    let fan = (0..around.len()).map(|at| {
        let (a, b) = (around[at], around[(at + 1) % around.len()]);
        triangle([(centre.0, centre.1, half), (a.0, a.1, half), (b.0, b.1, half)])
    });
    let image = paint_meshes(fan.collect(), &white(), [16, 16], 1.0);
    let reds: std::collections::BTreeSet<u8> = image.pixels.iter().map(Color32::r).collect();
    assert!(reds.contains(&128) && reds.iter().all(|&red| red == 0 || red == 128), "{reds:?}");
    assert_eq!(image.pixels[7 * 16 + 8].r(), 128);
}

#[test]
fn colours_are_blended_premultiplied() {
    let rect = Rect::from_min_max(Pos2::ZERO, pos2(2.0, 2.0));
    let red = rect_mesh(rect, Color32::from_rgb(200, 0, 0));
    let veil = rect_mesh(rect, Color32::from_rgba_premultiplied(0, 0, 100, 100));
    let image = paint_meshes(vec![red, veil], &white(), [2, 2], 1.0);
    assert_eq!(image.pixels[0], Color32::from_rgb(122, 0, 100));
}

#[test]
fn a_gradient_runs_evenly_from_corner_to_corner() {
    let (dark, light) = (Color32::BLACK, Color32::WHITE);
    let left = triangle([(0.0, 0.0, dark), (10.0, 0.0, light), (0.0, 4.0, dark)]);
    let right = triangle([(10.0, 0.0, light), (10.0, 4.0, light), (0.0, 4.0, dark)]);
    let image = paint_meshes(vec![left, right], &white(), [10, 4], 1.0);
    for row in image.pixels.chunks(10) {
        for (x, pixel) in row.iter().enumerate() {
            let expected = (x as f32 + 0.5) * 25.5;
            assert!((f32::from(pixel.r()) - expected).abs() <= 1.0, "{x}: {pixel:?}");
        }
    }
}

#[test]
fn a_texture_at_its_own_size_is_copied_texel_by_texel() {
    let pixels: Vec<Color32> = (0..16_u8).map(|at| Color32::from_gray(at * 16)).collect();
    let textures = textures_of(ColorImage::new([4, 4], pixels.clone()), TextureOptions::LINEAR);
    let mut mesh = Mesh::default();
    mesh.add_rect_with_uv(
        Rect::from_min_max(pos2(1.0, 2.0), pos2(5.0, 6.0)),
        Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0)),
        Color32::WHITE,
    );
    let image = paint_meshes(vec![mesh], &textures, [6, 8], 1.0);
    for (at, texel) in pixels.iter().enumerate() {
        assert_eq!(image.pixels[(2 + at / 4) * 6 + 1 + at % 4], *texel);
    }
}

#[test]
fn an_enlarged_texture_is_smooth_or_square_as_asked() {
    let pixels = vec![Color32::BLACK, Color32::WHITE];
    let all = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let reds = |options| {
        let mut mesh = Mesh::default();
        mesh.add_rect_with_uv(Rect::from_min_max(Pos2::ZERO, pos2(8.0, 1.0)), all, Color32::WHITE);
        let textures = textures_of(ColorImage::new([2, 1], pixels.clone()), options);
        paint_meshes(vec![mesh], &textures, [8, 1], 1.0).pixels.iter().map(Color32::r).collect::<Vec<_>>()
    };
    assert_eq!(reds(TextureOptions::NEAREST), [0, 0, 0, 0, 255, 255, 255, 255]);
    assert_eq!(reds(TextureOptions::LINEAR), [0, 0, 32, 96, 159, 223, 255, 255]);
}

#[test]
fn nothing_is_painted_outside_the_clip_rectangle() {
    let mesh = rect_mesh(Rect::from_min_max(pos2(-50.0, -50.0), pos2(50.0, 50.0)), Color32::WHITE);
    let clip_rect = Rect::from_min_max(pos2(1.0, 1.0), pos2(3.0, 2.0));
    let primitives = [ClippedPrimitive { clip_rect, primitive: Primitive::Mesh(mesh) }];
    let image = paint(&primitives, &white(), Frame { size_px: [5, 4], pixels_per_point: 1.0, background: Color32::BLACK });
    assert_eq!(picture(&image), [".....", ".##..", ".....", "....."]);
}

#[test]
fn places_that_are_no_places_paint_nothing_and_huge_ones_do_not_overflow() {
    let broken = triangle([(f32::NAN, 0.0, Color32::WHITE), (4.0, 0.0, Color32::WHITE), (0.0, 4.0, Color32::WHITE)]);
    assert_eq!(paint_meshes(vec![broken], &white(), [4, 4], 1.0), ColorImage::filled([4, 4], Color32::BLACK));
    let huge = rect_mesh(Rect::from_min_max(pos2(-1e30, -1e9), pos2(1e30, 1e9)), Color32::WHITE);
    assert_eq!(paint_meshes(vec![huge], &white(), [4, 4], 4.0), ColorImage::filled([4, 4], Color32::WHITE));
    let missing =
        Mesh { indices: vec![0, 1, 9], ..triangle([(0.0, 0.0, Color32::WHITE), (4.0, 0.0, Color32::WHITE), (0.0, 4.0, Color32::WHITE)]) };
    assert_eq!(paint_meshes(vec![missing], &white(), [4, 4], 1.0), ColorImage::filled([4, 4], Color32::BLACK));
}

/// What the fast rasteriser must equal: every pixel near a triangle is tried against its edges.
fn paint_slowly(primitives: &[ClippedPrimitive], textures: &Textures, frame: Frame) -> ColorImage {
    let mut image = ColorImage::filled(frame.size_px, frame.background);
    for ClippedPrimitive { clip_rect, primitive } in primitives {
        let Primitive::Mesh(mesh) = primitive else { continue };
        let texture = textures.get(mesh.texture_id).unwrap();
        let clip = Area::of_clip(*clip_rect, frame);
        for indices in mesh.indices.chunks_exact(3) {
            let mut corners = [0, 1, 2].map(|at| Corner::of(&mesh.vertices[indices[at] as usize], frame.pixels_per_point).unwrap());
            let cross = |a: Corner, b: Corner, x: i64, y: i64| (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
            let area = cross(corners[0], corners[1], corners[2].x, corners[2].y);
            if area < 0 {
                corners.swap(1, 2);
            }
            let reach = |value: fn(&Corner) -> i64| {
                let places = corners.map(|corner| value(&corner) / 256);
                places.iter().min().unwrap() - 2..places.iter().max().unwrap() + 3
            };
            let (columns, rows) = (reach(|corner| corner.x), reach(|corner| corner.y));
            for y in clip.y0.max(rows.start)..clip.y1.min(rows.end) {
                for x in clip.x0.max(columns.start)..clip.x1.min(columns.end) {
                    let weights = [(1, 2), (2, 0), (0, 1)].map(|(from, to)| {
                        let (a, b) = (corners[from], corners[to]);
                        let is_inclusive = b.y < a.y || (b.y == a.y && b.x > a.x);
                        (cross(a, b, x * 256 + 128, y * 256 + 128), is_inclusive)
                    });
                    if area == 0 || weights.iter().any(|&(weight, is_inclusive)| weight < 0 || (weight == 0 && !is_inclusive)) {
                        continue;
                    }
                    let mix = |value: fn(&Corner) -> f32| -> f32 {
                        corners
                            .iter()
                            .zip(weights)
                            .map(|(corner, (weight, _))| value(corner) * (weight as f64 / area.abs() as f64) as f32)
                            .sum()
                    };
                    let texel = texture.at(pos2(mix(|corner| corner.uv.x), mix(|corner| corner.uv.y)));
                    let color = [
                        mix(|c| c.color.r().into()),
                        mix(|c| c.color.g().into()),
                        mix(|c| c.color.b().into()),
                        mix(|c| c.color.a().into()),
                    ];
                    let pixel = &mut image.pixels[y as usize * frame.size_px[0] + x as usize];
                    blend::over_floats(pixel, std::array::from_fn(|channel| color[channel] / 255.0 * texel[channel]));
                }
            }
        }
    }
    image
}

#[test]
fn a_page_of_everything_equals_the_slow_rasteriser_within_one_step() {
    for scale in [1.0, 1.25, 2.0] {
        let context = Context::default();
        crate::export::testing::set_up(&context);
        let mut textures = Textures::default();
        let mut input = egui::RawInput { screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(160.0, 90.0))), ..Default::default() };
        input.viewports.entry(egui::ViewportId::ROOT).or_default().native_pixels_per_point = Some(scale);
        let mut output = context.run_ui(input, |ui| {
            ui.heading("Reported totals 1,234");
            let painter = ui.painter();
            painter.circle(pos2(40.0, 50.0), 11.3, Color32::from_rgb(43, 143, 255), Stroke::new(1.5, Color32::WHITE));
            painter.line(vec![pos2(3.0, 80.0), pos2(60.0, 33.3), pos2(90.0, 79.0), pos2(150.0, 42.0)], Stroke::new(1.75, Color32::RED));
            painter.rect(
                Rect::from_min_max(pos2(80.2, 40.7), pos2(120.9, 60.1)),
                6.0,
                Color32::from_black_alpha(60),
                Stroke::new(1.0, Color32::GREEN),
                egui::StrokeKind::Middle,
            );
            painter.add(
                Shadow { offset: [2, 3], blur: 6, spread: 0, color: Color32::from_black_alpha(90) }
                    .as_shape(Rect::from_min_max(pos2(120.0, 20.0), pos2(150.0, 35.0)), 3),
            );
            painter.add(Shape::convex_polygon(vec![pos2(60.0, 70.0), pos2(75.0, 88.0), pos2(45.0, 86.0)], Color32::GOLD, Stroke::NONE));
        });
        textures.apply(&mut output.textures_delta);
        let primitives = context.tessellate(output.shapes, scale);
        let size_px = [(160.0 * scale) as usize, (90.0 * scale) as usize];
        let frame = Frame { size_px, pixels_per_point: scale, background: Color32::from_gray(240) };
        let (fast, slow) = (paint(&primitives, &textures, frame), paint_slowly(&primitives, &textures, frame));
        let difference = |(a, b): (&Color32, &Color32)| a.to_array().iter().zip(b.to_array()).map(|(a, b)| a.abs_diff(b)).max().unwrap();
        let worst = fast.pixels.iter().zip(&slow.pixels).map(difference).max().unwrap();
        assert!(worst <= 2, "at {scale}: {worst}");
        assert!(fast.pixels.iter().any(|pixel| *pixel != frame.background));
    }
}
