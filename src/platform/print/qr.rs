//! QR codes as SVG.

use qrcode::types::Color;
use qrcode::{EcLevel, QrCode};
use std::fmt::Write;

/// Light modules around the code: four by ISO/IEC 18004.
const QUIET_ZONE: usize = 4;

/// The QR code of a text as an SVG of black squares on nothing, or nothing where the text is too long (about 2,300
/// bytes). A code stays readable with 15 % of it damaged.
pub(super) fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let side = width.saturating_add(QUIET_ZONE.saturating_mul(2));
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        for (column, module) in modules.iter().enumerate() {
            if *module == Color::Dark {
                let (x, y) = (column.saturating_add(QUIET_ZONE), row.saturating_add(QUIET_ZONE));
                // Writing to a string can't fail.
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{side}\" height=\"{side}\" \
         shape-rendering=\"crispEdges\"><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_as_large_as_its_text_needs_and_has_its_quiet_zone() {
        let short = svg("https://sherlok.example.go.id/verify/4Q7ZK2M9TB6XW3H5").unwrap();
        // Version 4 of the standard: 33 modules for up to 62 bytes at level M, and twice four of quiet.
        assert!(short.contains("viewBox=\"0 0 41 41\""), "{short}");
        // The three corners begin with a dark module, and nothing stands in the quiet zone.
        for corner in ["M4 4h", "M36 4h", "M4 36h"] {
            assert!(short.contains(corner), "{corner}");
        }
        assert!(!short.contains("M3 ") && !short.contains("M37 "));
    }

    #[test]
    fn a_text_that_no_code_holds_gives_none() {
        assert!(svg(&"a".repeat(2_331)).is_some());
        assert!(svg(&"a".repeat(2_332)).is_none());
    }

    #[test]
    fn the_same_text_gives_the_same_code_and_another_another() {
        assert_eq!(svg("a"), svg("a"));
        assert_ne!(svg("a"), svg("b"));
    }
}
