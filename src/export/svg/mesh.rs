//! Meshes to rectangles where two triangles make one, and to polygons where they do not.

use eframe::egui::epaint::{Mesh, TextureId, Vertex};
use eframe::egui::{Color32, Rect};

use super::super::raster::blend::mean;
use super::paint;
use super::shape::points;
use super::writer::Writer;

/// Writes a mesh. One that shows a picture is left out: only colours are drawn.
pub(super) fn write(writer: &mut Writer, mesh: &Mesh) {
    if mesh.texture_id != TextureId::default() {
        return;
    }
    let vertex = |index: u32| mesh.vertices.get(index as usize);
    let mut indices = mesh.indices.as_slice();
    while let [a, b, c, rest @ ..] = indices {
        indices = rest;
        let (Some(first), Some(second), Some(third)) = (vertex(*a), vertex(*b), vertex(*c)) else { continue };
        if let [d, e, f, after @ ..] = rest
            && let Some((rect, color)) = upright_rect(mesh, [*a, *b, *c, *d, *e, *f])
        {
            indices = after;
            writer.cell(rect, color);
            continue;
        }
        let color = mean(&[first.color, second.color, third.color]);
        if color.a() > 0 {
            let corners = points(&[first.pos, second.pos, third.pos]);
            writer.element(&format!("<polygon points=\"{corners}\"{} shape-rendering=\"crispEdges\"/>", paint("fill", color)));
        }
    }
}

/// The rectangle that two triangles cover exactly, with its one colour.
fn upright_rect(mesh: &Mesh, indices: [u32; 6]) -> Option<(Rect, Color32)> {
    let corners: Vec<&Vertex> = indices.iter().map(|&index| mesh.vertices.get(index as usize)).collect::<Option<_>>()?;
    let color = corners[0].color;
    let rect = Rect::from_points(&corners.iter().map(|corner| corner.pos).collect::<Vec<_>>());
    let is_corner = |vertex: &&Vertex| {
        (vertex.pos.x == rect.min.x || vertex.pos.x == rect.max.x) && (vertex.pos.y == rect.min.y || vertex.pos.y == rect.max.y)
    };
    if !rect.is_positive() || !corners.iter().all(is_corner) || corners.iter().any(|corner| corner.color != color) {
        return None;
    }
    // Each half is a triangle over three of the corners; they make the whole when the corners left out lie opposite.
    let left_out = |half: &[&Vertex]| {
        let all = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()];
        let mut missing = (0..4).filter(|&at| half.iter().all(|vertex| vertex.pos != all[at]));
        let first = missing.next()?;
        missing.next().is_none().then_some(first)
    };
    let (first, second) = (left_out(&corners[..3])?, left_out(&corners[3..])?);
    (first.abs_diff(second) == 2).then_some((rect, color))
}
