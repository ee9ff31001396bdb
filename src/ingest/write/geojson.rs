//! Writes records as `GeoJSON`: points with all fields as properties; a record without a place on the globe has no geometry.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::table::{names, object};
use super::{Selection, meta};
use crate::data::{Dataset, Field, Row};

/// Writes these records, in this order; returns how many have no coordinates. Format: RFC 7946.
pub fn write_geojson(dataset: &Dataset, rows: &[Row], selection: &Selection, out: &mut dyn Write) -> io::Result<usize> {
    let fields = dataset.records.fields();
    let names = names(&fields);
    let (lat, lon) = (dataset.records.number(Field::LAT), dataset.records.number(Field::LON));
    out.write_all(b"{\n\"type\": \"FeatureCollection\",\n\"dateline\": ")?;
    serde_json::to_writer(&mut *out, &meta(dataset, rows.len(), selection))?;
    out.write_all(b",\n\"features\": [")?;
    let mut placeless = 0;
    for (place, row) in rows.iter().enumerate() {
        let at = |column: Option<&crate::data::Number>| column.and_then(|column| column.get(*row as usize));
        let mut properties = object(dataset, &fields, &names, *row);
        let geometry = if let (Some(lon), Some(lat)) = (at(lon), at(lat)) {
            for info in fields.iter().zip(&names).filter(|(info, _)| matches!(info.field, Field::LAT | Field::LON)) {
                properties.shift_remove(info.1);
            }
            json!({"type": "Point", "coordinates": [lon, lat]})
        } else {
            placeless += 1;
            Value::Null
        };
        let mut feature = Map::new();
        feature.insert("type".to_owned(), Value::from("Feature"));
        feature.insert("geometry".to_owned(), geometry);
        feature.insert("properties".to_owned(), Value::Object(properties));
        out.write_all(if place == 0 { b"\n " } else { b",\n " })?;
        serde_json::to_writer(&mut *out, &feature)?;
    }
    out.write_all(b"\n]\n}\n")?;
    Ok(placeless)
}
