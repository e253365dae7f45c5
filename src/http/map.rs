//! What maps are drawn on: which basemap there is, its file in parts, province outlines and village names.

use crate::app::App;
use crate::app::basemap::LargeFile;
use crate::app::basemap::Tiles;
use crate::app::error::Error;
use crate::domain::village::villages;
use crate::http::actor::Caller;
use crate::http::byte_range::Asked;
use crate::http::byte_range::asked;
use crate::http::call;
use crate::http::entity_tag::is_known;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::body::SizedStream;
use actix_web::http::header;
use actix_web::web::{self, Bytes, Data, Json, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use futures_util::stream;
use serde::Serialize;
use std::io;
use std::sync::Arc;
use utoipa::ToSchema;

/// The provinces that ship, in the form that `PUT /v1/region-outlines` takes.
const PROVINCES: &str = include_str!("../../data/regions/outlines_coarse.geojson");
/// Most bytes of a basemap that are read at once.
const PIECE: u64 = 262_144;
/// Bundled files change with the version alone.
const CACHED_A_DAY: &str = "public, max-age=86400";

/// Where the ground of a map comes from.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BasemapView {
    /// From `/map/basemap.pmtiles`.
    File,
    /// From the tile server.
    Tiles,
    /// From nowhere: outlines and names only.
    None,
}

/// What maps are drawn on.
#[derive(Debug, Serialize, ToSchema)]
pub struct MapView {
    /// Where the ground comes from.
    basemap: BasemapView,
    /// Where it is read, with `{z}`, `{x}` and `{y}` for a tile server.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Who is to be named on the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<String>,
}

/// Tells what maps are drawn on. A file in the data directory goes before a tile server.
#[utoipa::path(operation_id = "read_map", tag = "maps", responses(
    (status = 200, body = MapView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/map")]
pub(crate) async fn read(app: Data<App>, tiles: Data<Option<Tiles>>, caller: Caller) -> Result<Json<MapView>, Problem> {
    // Whoever is signed in may see a map; nothing about anybody is on it.
    drop(caller);
    let has_file = call::run(&app, App::basemap).await?.is_some();
    Ok(Json(match tiles.as_ref() {
        _ if has_file => MapView {
            basemap: BasemapView::File,
            url: Some("/map/basemap.pmtiles".to_owned()),
            attribution: None,
        },
        Some(tiles) => MapView {
            basemap: BasemapView::Tiles,
            url: Some(tiles.url().to_owned()),
            attribution: Some(tiles.attribution().to_owned()).filter(|text| !text.is_empty()),
        },
        None => MapView {
            basemap: BasemapView::None,
            url: None,
            attribution: None,
        },
    }))
}

/// A village's name and where a map writes it.
#[derive(Serialize)]
struct VillageLabel {
    code: &'static str,
    name: &'static str,
    latitude: f64,
    longitude: f64,
}

/// Registers the files. Nothing in them is about anybody, so that no sign-in is asked for.
pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/map/basemap.pmtiles", web::get().to(basemap))
        .route("/map/provinces.geojson", web::get().to(provinces))
        .route("/map/villages.json", web::get().to(village_labels));
}

async fn provinces() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/geo+json")
        .insert_header((header::CACHE_CONTROL, CACHED_A_DAY))
        .body(PROVINCES)
}

async fn village_labels() -> HttpResponse {
    let labels = villages().into_iter().map(|village| VillageLabel {
        code: village.code,
        name: village.name,
        latitude: village.label.latitude(),
        longitude: village.label.longitude(),
    });
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, CACHED_A_DAY))
        .json(labels.collect::<Vec<_>>())
}

async fn basemap(request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Problem> {
    let file = call::run(&app, App::basemap).await?.ok_or(Error::NotFound)?;
    let (whole, tag) = (file.length(), file.tag());
    let asked = asked(request.headers(), whole, &tag);
    let is_known = is_known(request.headers(), &tag);
    let mut response = match asked {
        _ if is_known => HttpResponse::NotModified(),
        Asked::Whole => HttpResponse::Ok(),
        Asked::Part { .. } => HttpResponse::PartialContent(),
        Asked::Beyond => HttpResponse::RangeNotSatisfiable(),
    };
    response
        .content_type("application/vnd.pmtiles")
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "no-cache"));
    let (offset, length) = match asked {
        _ if is_known => return Ok(response.finish()),
        Asked::Beyond => {
            response.insert_header((header::CONTENT_RANGE, format!("bytes */{whole}")));
            return Ok(response.finish());
        }
        Asked::Whole => (0, whole),
        Asked::Part { offset, length } => {
            let last = offset + length - 1;
            response.insert_header((header::CONTENT_RANGE, format!("bytes {offset}-{last}/{whole}")));
            (offset, length)
        }
    };
    Ok(response.body(SizedStream::new(length, pieces(app, file, offset, offset + length))))
}

/// The bytes of a file from an offset to an end, a piece read only when the one before was taken.
fn pieces(
    app: Data<App>,
    file: LargeFile,
    offset: u64,
    end: u64,
) -> impl stream::Stream<Item = io::Result<Bytes>> + 'static {
    stream::try_unfold((app, Arc::new(file), offset), move |(app, file, offset)| async move {
        let length = (end - offset).min(PIECE);
        if length == 0 {
            return Ok(None);
        }
        let reader = Arc::clone(&file);
        let piece = move |_: &App| {
            let length = usize::try_from(length).map_err(Error::internal)?;
            reader.read_at(offset, length).map_err(Error::internal)
        };
        // A file cut short on the way must not look whole.
        let bytes = call::run(&app, piece).await;
        let bytes = bytes.map_err(|problem| io::Error::other(problem.to_string()))?;
        Ok(Some((Bytes::from(bytes), (app, file, offset + length))))
    })
}
