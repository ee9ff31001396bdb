//! Reads features of `GeoJSON` as rows: properties as columns, a point as longitude and latitude, any other shape by its centre.
//!
//! The shapes are those of RFC 7946; the centre is that of the bounds of all positions.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::glimpse::Glimpse;
use crate::data::{DatasetBuilder, Issue, IssueKind};
use crate::ingest::json::cells;
use crate::ingest::rows::Rows;

/// The list of a collection.
pub(in crate::ingest) const LIST: &str = "features";
/// The shapes that a geometry can have.
const SHAPES: [&str; 7] = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"];
/// How deep collections inside collections are followed.
const COLLECTIONS_MAX: u32 = 16;

/// Is it a collection, a list, or lines of features?
pub(in crate::ingest) fn is_geojson(seen: &Glimpse) -> bool {
    let is_feature = |value: &Glimpse| value.text("type") == Some("Feature") && value.has_any(&["geometry", "properties"]);
    let is_collection = seen.text("type") == Some("FeatureCollection") || seen.first_of(LIST).is_some_and(is_feature);
    let shape = seen.element().text("type").is_some_and(|shape| SHAPES.contains(&shape));
    is_collection || is_feature(seen.element()) || (shape && seen.element().has_any(&["coordinates", "geometries"]))
}

/// How many shapes of each kind are shown by their centre, and the line of the first one.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Centred(BTreeMap<String, (u64, u64)>);

impl Centred {
    /// Says so, once for each kind of shape.
    pub(in crate::ingest) fn say(self, builder: &mut DatasetBuilder) {
        for (shape, (count, line)) in self.0 {
            builder.issue(Issue {
                line: Some(line),
                column: Some("geometry".to_owned()),
                value: shape,
                kind: IssueKind::Assumption,
                message: format!("a place that is no point; {count} of this kind"),
                action: "shown at the centre of its bounds; the shape is kept as text".to_owned(),
            });
        }
    }
}

/// Is the object a feature, or a geometry by itself?
pub(in crate::ingest) fn is_row(value: &Map<String, Value>) -> bool {
    let is_placed = value.contains_key("coordinates") || value.contains_key("geometries");
    value.get("type").and_then(Value::as_str).is_some_and(|shape| shape == "Feature" || (is_placed && SHAPES.contains(&shape)))
}

/// Puts a feature, or a geometry by itself, into the cells of a row; `false` when the value is neither.
pub(in crate::ingest) fn row(rows: &mut Rows<'_>, line: u64, value: &Map<String, Value>) -> bool {
    if !is_row(value) {
        return false;
    }
    let is_feature = value.get("type").is_some_and(|kind| kind == "Feature");
    if is_feature {
        feature(rows, line, value);
    } else {
        geometry(rows, line, &Value::Object(value.clone()));
    }
    true
}

fn feature(rows: &mut Rows<'_>, line: u64, fields: &Map<String, Value>) {
    // The feature's own members come first; a property of the same name keeps its way there in its name.
    let mut own = vec!["longitude", "latitude", "height"];
    if let Some(id) = fields.get("id").filter(|id| !id.is_null()) {
        cells(rows, "id", id);
        own.push("id");
    }
    if let Some(place) = fields.get("geometry").filter(|place| !place.is_null()) {
        geometry(rows, line, place);
    } else {
        own.clear();
    }
    for (key, value) in fields {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for (name, value) in properties {
                    let is_taken = own.contains(&name.as_str());
                    cells(rows, &if is_taken { format!("properties.{name}") } else { name.clone() }, value);
                }
            }
            ("type" | "id" | "geometry", _) => {}
            (key, value) => cells(rows, key, value),
        }
    }
}

fn geometry(rows: &mut Rows<'_>, line: u64, value: &Value) {
    let shape = value.get("type").and_then(Value::as_str).unwrap_or_default();
    if let ("Point", Some([lon, lat, height @ ..])) = (shape, value.get("coordinates").and_then(Value::as_array).map(Vec::as_slice)) {
        cells(rows, "longitude", lon);
        cells(rows, "latitude", lat);
        if let Some(height) = height.first() {
            cells(rows, "height", height);
        }
        return;
    }
    if let Some((lon, lat)) = centre(value) {
        rows.set("longitude", &lon.to_string());
        rows.set("latitude", &lat.to_string());
        let count = rows.centred.0.entry(shape.to_owned()).or_insert((0, line));
        count.0 += 1;
    }
    cells(rows, "geometry", value);
}

/// The middle between the outermost positions; `None` when there is none.
fn centre(geometry: &Value) -> Option<(f64, f64)> {
    let mut bounds = Bounds { lon: (f64::INFINITY, f64::NEG_INFINITY), lat: (f64::INFINITY, f64::NEG_INFINITY) };
    bounds.add_geometry(geometry, 0);
    let middle = |(low, high): (f64, f64)| (low <= high).then_some(f64::midpoint(low, high));
    middle(bounds.lon).zip(middle(bounds.lat))
}

struct Bounds {
    lon: (f64, f64),
    lat: (f64, f64),
}

impl Bounds {
    fn add_geometry(&mut self, geometry: &Value, depth: u32) {
        if let Some(coordinates) = geometry.get("coordinates") {
            self.add(coordinates);
        }
        let inner = geometry.get("geometries").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for geometry in inner.iter().filter(|_| depth < COLLECTIONS_MAX) {
            self.add_geometry(geometry, depth + 1);
        }
    }

    /// Adds a position, or everything in a list of them.
    fn add(&mut self, coordinates: &Value) {
        let Value::Array(items) = coordinates else { return };
        if let [lon, lat, ..] = items.as_slice()
            && let (Some(lon), Some(lat)) = (degrees(lon), degrees(lat))
        {
            self.lon = (self.lon.0.min(lon), self.lon.1.max(lon));
            self.lat = (self.lat.0.min(lat), self.lat.1.max(lat));
            return;
        }
        for inner in items {
            self.add(inner);
        }
    }
}

/// A number; one of very many digits comes as text.
fn degrees(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_centre_is_that_of_the_bounds_of_all_positions() {
        let of = |text: &str| centre(&serde_json::from_str(text).unwrap());
        assert_eq!(of(r#"{"type":"LineString","coordinates":[[10,20],[30,40,7]]}"#), Some((20.0, 30.0)));
        assert_eq!(of(r#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,2],[0,0]]]}"#), Some((2.0, 1.0)));
        let both =
            r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,1]},{"type":"Point","coordinates":[3,5]}]}"#;
        assert_eq!(of(both), Some((2.0, 3.0)));
        assert_eq!(of(r#"{"type":"Polygon","coordinates":[]}"#), None);
        assert_eq!(of(r#"{"type":"GeometryCollection","geometries":[]}"#), None);
    }
}
