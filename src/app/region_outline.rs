//! Outlines of regions: imported whole from a GeoJSON file, or left as they were.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::event::note_event;
use crate::domain::access::Scope;
use crate::domain::region_outline::OutlineFault;
use crate::domain::region_outline::RegionOutline;
use crate::domain::region_outline::check_all;
use crate::platform::outline_file;
use crate::platform::outline_file::FeatureFault;
use crate::platform::outline_file::FeatureFaultKind;
use crate::store;
pub use crate::store::region_outline::OutlineSet;
pub use crate::store::region_outline::OutlineSummary;

/// Most bytes of a file that is taken.
pub const FILE_LIMIT: usize = outline_file::MOST_BYTES;

/// Most faults that are told at once.
const FAULTS_TOLD: usize = 100;

impl App {
    /// Every outline without its corners, and the version of them all.
    pub fn region_outlines(&self, _scope: &Scope) -> Result<(OutlineSet, Vec<OutlineSummary>), Error> {
        self.store.read(|connection| {
            Ok((
                store::region_outline::find_set(connection)?,
                store::region_outline::list_summaries(connection)?,
            ))
        })
    }

    /// Replaces all outlines by those of a GeoJSON file, if `version` is the current one; all of them or nothing. What is
    /// wrong is named by its feature. Shares that were judged before stay as they are.
    pub fn import_region_outlines(
        &self,
        context: &Context,
        scope: &Scope,
        version: i32,
        file: &[u8],
    ) -> Result<(OutlineSet, Vec<OutlineSummary>), Error> {
        let outlines = outline_file::read(file)
            .map_err(|faults| Error::Invalid(faults.iter().take(FAULTS_TOLD).map(of_file).collect()))?;
        let faults = check_all(&outlines);
        if !faults.is_empty() {
            let told = faults.iter().take(FAULTS_TOLD);
            return Err(Error::Invalid(
                told.map(|(index, fault)| of_outline(*index, *fault, outlines.get(*index)))
                    .collect(),
            ));
        }
        self.store.write(|connection| {
            let replaced =
                store::region_outline::replace(connection, &outlines, version, context.account(), context.now);
            replaced.map_err(crate::app::activity::stale)?;
            let subject = version.saturating_add(1).to_string();
            note_event(connection, context, "region_outline_set", &subject, "import", None)?;
            self.move_rule_epoch(connection)
        })?;
        tracing::info!(outlines = outlines.len(), by = %context.account(), "region outlines imported");
        self.region_outlines(scope)
    }
}

/// What the reader of the file found, by feature and member.
fn of_file(fault: &FeatureFault) -> FieldError {
    let path = fault.feature.map_or_else(
        || fault.member.to_owned(),
        |index| format!("features[{index}].{}", fault.member),
    );
    let (code, indonesian, english) = match fault.kind {
        FeatureFaultKind::NotAFeatureCollection => (
            "not_a_feature_collection",
            "Berkas ini bukan FeatureCollection GeoJSON.",
            "This is no GeoJSON FeatureCollection.",
        ),
        FeatureFaultKind::OtherReferenceSystem => (
            "other_reference_system",
            "Sistem koordinatnya bukan WGS 84. Ubah dahulu ke EPSG:4326.",
            "The coordinates are not in WGS 84. Convert them to EPSG:4326 first.",
        ),
        FeatureFaultKind::Count => (
            "out_of_limits",
            "Satu berkas memuat 1 sampai 600 wilayah.",
            "A file has 1 to 600 regions.",
        ),
        FeatureFaultKind::TooManyCorners => (
            "out_of_limits",
            "Satu berkas memuat paling banyak 100.000 titik. Sederhanakan garisnya.",
            "A file has at most 100,000 corners. Simplify the lines.",
        ),
        FeatureFaultKind::NotFitting => (
            "not_fitting",
            "Sifat ini wajib ada: code (kode Kemendagri), name, source, date (2026-01-31), dan accuracy_metres (bilangan bulat).",
            "Needed are code (Kemendagri), name, source, date (2026-01-31) and accuracy_metres (a whole number).",
        ),
        FeatureFaultKind::NotAPolygon => (
            "not_a_polygon",
            "Bentuknya harus Polygon atau MultiPolygon.",
            "A Polygon or MultiPolygon is needed.",
        ),
        FeatureFaultKind::NotClosed => (
            "not_closed",
            "Titik terakhir setiap garis harus sama dengan titik pertamanya.",
            "The last position of each ring must be its first one again.",
        ),
        FeatureFaultKind::NotAPosition => (
            "not_a_position",
            "Setiap titik ditulis [bujur, lintang] dalam derajat; periksa urutannya.",
            "Each position is [longitude, latitude] in degrees; check the order.",
        ),
    };
    FieldError::new(path, code, indonesian, english)
}

/// What the rules of outlines found, by feature; the region is named, so that it is found in a long file.
fn of_outline(index: usize, fault: OutlineFault, outline: Option<&RegionOutline>) -> FieldError {
    let (member, code, indonesian) = match fault {
        OutlineFault::UnknownRegion => (
            "properties.code",
            "unknown_region",
            "tidak ada provinsi atau kabupaten/kota dengan kode ini",
        ),
        OutlineFault::Repeated => ("properties.code", "twice", "kode ini sudah disebut sebelumnya"),
        OutlineFault::Accuracy => (
            "properties.accuracy_metres",
            "out_of_limits",
            "ketelitian paling besar 50.000 meter",
        ),
        OutlineFault::Empty => ("geometry", "empty", "tidak ada garis batas"),
        OutlineFault::Corners => (
            "geometry",
            "out_of_limits",
            "setiap garis memiliki 3 sampai 10.000 titik",
        ),
        OutlineFault::TooManyCorners => (
            "geometry",
            "out_of_limits",
            "satu berkas memuat paling banyak 100.000 titik",
        ),
        OutlineFault::RepeatedCorner => ("geometry", "repeated", "ada dua titik berurutan yang sama"),
        OutlineFault::Crossing => (
            "geometry",
            "crossing",
            "garis batas saling memotong atau tidak melingkupi apa pun",
        ),
        OutlineFault::Hole => (
            "geometry",
            "hole_outside",
            "bagian yang dikecualikan tidak berada di dalam batas",
        ),
    };
    let named = outline.map_or_else(String::new, |outline| format!("{} ({})", outline.name, outline.code));
    FieldError::new(
        format!("features[{index}].{member}"),
        code,
        format!("{named}: {indonesian}."),
        format!("{named}: {fault}."),
    )
}
