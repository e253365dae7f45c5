//! Images reborn from their pixels: upright, bounded, without metadata, without whatever else the file was.

use super::{EVIDENCE_BYTES, EvidenceError, EvidenceKind};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::imageops::FilterType as Resampling;
use image::{DynamicImage, ImageDecoder, ImageError, Limits};
use std::io::Cursor;

/// Longest side of an image as sent, in pixels.
const SIDE_PIXELS: u32 = 16_384;
/// Most pixels of an image as sent: more than phones put into 5 MB, and few enough for the memory of a small server.
const PIXELS: u64 = 40_000_000;
/// Most bytes that a decoder may ask for.
const DECODER_BYTES: u64 = 256 * 1024 * 1024;
/// Longest side of an image as kept: enough to read a photographed page.
const KEPT_SIDE_PIXELS: u32 = 3_000;
const JPEG_QUALITY: u8 = 85;

/// A JPEG, encoded anew from its pixels.
pub fn clean_jpeg(bytes: &[u8]) -> Result<(EvidenceKind, Vec<u8>), EvidenceError> {
    if !is_whole_jpeg(bytes) {
        return Err(EvidenceError::Broken);
    }
    let image = decode(JpegDecoder::new(Cursor::new(bytes)).map_err(refusal)?)?;
    encode_jpeg(&image)
}

/// A PNG, encoded anew from its pixels; one that would pass 5 MB that way comes back as JPEG.
pub fn clean_png(bytes: &[u8]) -> Result<(EvidenceKind, Vec<u8>), EvidenceError> {
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(refusal)?;
    let image = decode(decoder)?;
    let image = if image.color().has_alpha() {
        DynamicImage::from(image.into_rgba8())
    } else {
        DynamicImage::from(image.into_rgb8())
    };
    let mut kept = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut kept, CompressionType::Default, FilterType::Adaptive);
    image.write_with_encoder(encoder).map_err(refusal)?;
    if kept.len() > EVIDENCE_BYTES {
        // A photo saved as PNG, packed better by its sender than here.
        return encode_jpeg(&image);
    }
    Ok((EvidenceKind::Png, kept))
}

fn encode_jpeg(image: &DynamicImage) -> Result<(EvidenceKind, Vec<u8>), EvidenceError> {
    let mut kept = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut kept, JPEG_QUALITY);
    image.to_rgb8().write_with_encoder(encoder).map_err(refusal)?;
    Ok((EvidenceKind::Jpeg, kept))
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_PIXELS);
    limits.max_image_height = Some(SIDE_PIXELS);
    limits.max_alloc = Some(DECODER_BYTES);
    limits
}

/// Pixels only: upright, of bounded size; whatever else the file held is not carried over.
fn decode(mut decoder: impl ImageDecoder) -> Result<DynamicImage, EvidenceError> {
    let (width, height) = decoder.dimensions();
    let is_bounded = width <= SIDE_PIXELS && height <= SIDE_PIXELS && u64::from(width) * u64::from(height) <= PIXELS;
    if !is_bounded || decoder.total_bytes() > DECODER_BYTES {
        return Err(EvidenceError::TooManyPixels);
    }
    decoder.set_limits(limits()).map_err(refusal)?;
    let orientation = decoder.orientation().map_err(refusal)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    if width.max(height) > KEPT_SIDE_PIXELS {
        image = image.resize(KEPT_SIDE_PIXELS, KEPT_SIDE_PIXELS, Resampling::Triangle);
    }
    image.apply_orientation(orientation);
    Ok(image)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn refusal(error: ImageError) -> EvidenceError {
    match error {
        ImageError::Limits(_) => EvidenceError::TooManyPixels,
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Unsupported(_)
        | ImageError::IoError(_) => EvidenceError::Broken,
    }
}

/// Walks the markers to the end of the image (ITU-T T.81, B.1.1). The decoder fills what is missing with grey, which
/// must not pass as evidence. Phones append a second picture or a video after the end: that is left behind.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let (Some(0xff), Some(marker)) = (bytes.get(at), bytes.get(at + 1)) {
        match marker {
            0xd9 => return true,
            // Fill bytes before a marker.
            0xff => at += 1,
            // Markers without a segment: TEM, restart.
            0x01 | 0xd0..=0xd7 => at += 2,
            _ => {
                let (Some(high), Some(low)) = (bytes.get(at + 2), bytes.get(at + 3)) else {
                    return false;
                };
                at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
                if *marker == 0xda {
                    at += entropy_coded_bytes(bytes.get(at..).unwrap_or_default());
                }
            }
        }
    }
    false
}

/// Length of a scan's coded bits: up to the first marker that is neither a stuffed zero nor a restart.
fn entropy_coded_bytes(scan: &[u8]) -> usize {
    scan.windows(2)
        .position(|pair| matches!(pair, [0xff, second] if !matches!(second, 0x00 | 0xd0..=0xd7)))
        .unwrap_or(scan.len())
}

#[cfg(test)]
mod tests {
    use super::super::holds;
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    const SECRET: &[u8] = b"GPS -6.1203,106.1503 milik Contoh";

    fn kept(bytes: &[u8]) -> Result<(EvidenceKind, Vec<u8>), EvidenceError> {
        if bytes.starts_with(b"\x89PNG") {
            clean_png(bytes)
        } else {
            clean_jpeg(bytes)
        }
    }

    /// A picture 40 wide and 20 high: its left half red, its right half blue.
    fn picture() -> RgbImage {
        RgbImage::from_fn(40, 20, |x, _| if x < 20 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) })
    }

    fn jpeg() -> Vec<u8> {
        let mut bytes = Vec::new();
        picture()
            .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 95))
            .unwrap();
        bytes
    }

    fn png(image: &DynamicImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
        bytes
    }

    /// Exif with orientation 6 (turn right to stand upright) and a description that must not survive.
    fn exif() -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
        exif.extend(b"\x01\x0e\0\x02\0\0\0\x21\0\0\0\x26");
        exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
        exif.extend([0; 4]);
        exif.extend(SECRET);
        exif
    }

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], content].concat()
    }

    fn jpeg_with_exif() -> Vec<u8> {
        let jpeg = jpeg();
        let xmp = segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0GPSLatitude 6,7.218S");
        let comment = segment(0xfe, b"Jl. Contoh No. 1");
        [&jpeg[..2], &segment(0xe1, &exif()), &xmp, &comment, &jpeg[2..]].concat()
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 {
                    (crc >> 1) ^ 0xedb8_8320
                } else {
                    crc >> 1
                }
            })
        })
    }

    #[test]
    fn a_jpeg_loses_every_segment_of_metadata() {
        let sent = jpeg_with_exif();
        assert!(holds(&sent, SECRET) && holds(&sent, b"GPSLatitude") && holds(&sent, b"Jl. Contoh"));
        let (kind, bytes) = kept(&sent).unwrap();
        assert_eq!(kind, EvidenceKind::Jpeg);
        for trace in [SECRET, b"Exif".as_slice(), b"GPSLatitude", b"Jl. Contoh", b"xap"] {
            assert!(!holds(&bytes, trace));
        }
    }

    #[test]
    fn a_jpeg_is_turned_upright_before_its_orientation_is_lost() {
        let (_, bytes) = kept(&jpeg_with_exif()).unwrap();
        let image = image::load_from_memory(&bytes).unwrap().into_rgb8();
        assert_eq!(image.dimensions(), (20, 40));
        let (top, bottom) = (image.get_pixel(10, 5), image.get_pixel(10, 35));
        assert!(top[0] > 200 && top[2] < 60, "{top:?}");
        assert!(bottom[2] > 200 && bottom[0] < 60, "{bottom:?}");
    }

    #[test]
    fn a_png_loses_its_texts_and_keeps_its_transparency() {
        let image = RgbaImage::from_pixel(8, 8, Rgba([1, 2, 3, 100]));
        let mut sent = png(&image.into());
        // A tEXt chunk with a right checksum, right after the header chunk.
        let chunk = b"tEXtComment\0rahasia";
        let text = [&[0, 0, 0, 15], &chunk[..], &crc32(chunk).to_be_bytes()].concat();
        sent.splice(33..33, text);
        assert!(holds(&sent, b"rahasia"));
        let (kind, bytes) = kept(&sent).unwrap();
        assert_eq!(kind, EvidenceKind::Png);
        assert!(!holds(&bytes, b"rahasia") && !holds(&bytes, b"tEXt"));
        let back = image::load_from_memory(&bytes).unwrap().into_rgba8();
        assert_eq!(back.get_pixel(3, 3), &Rgba([1, 2, 3, 100]));
    }

    #[test]
    fn what_is_appended_to_an_image_does_not_survive() {
        let sent = [jpeg().as_slice(), b"PK\x03\x04<script>alert(1)</script>"].concat();
        let (_, bytes) = kept(&sent).unwrap();
        assert!(!holds(&bytes, b"<script>") && !holds(&bytes, b"PK\x03\x04"));
    }

    #[test]
    fn a_cut_off_file_is_refused_at_every_length() {
        let (jpeg, png) = (jpeg_with_exif(), png(&picture().into()));
        // The last chunk of a PNG is empty: 12 bytes that say only that it ends.
        for (whole, end) in [(&jpeg, jpeg.len()), (&png, png.len() - 12)] {
            for length in (0..end).step_by(3) {
                assert!(kept(&whole[..length]).is_err(), "{length} of {}", whole.len());
            }
        }
    }

    #[test]
    fn a_header_that_promises_billions_of_pixels_is_refused_before_decoding() {
        let mut bomb = jpeg();
        let frame = bomb.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        bomb[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
        assert_eq!(kept(&bomb).unwrap_err(), EvidenceError::TooManyPixels);
        let mut bomb = png(&picture().into());
        bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        let checksum = crc32(&bomb[12..29]).to_be_bytes();
        bomb[29..33].copy_from_slice(&checksum);
        assert_eq!(kept(&bomb).unwrap_err(), EvidenceError::TooManyPixels);
    }

    #[test]
    fn a_large_photo_is_kept_smaller() {
        let sent = png(&RgbImage::new(3_200, 100).into());
        let (_, bytes) = kept(&sent).unwrap();
        let image = image::load_from_memory(&bytes).unwrap();
        assert_eq!((image.width(), image.height()), (3_000, 94));
    }
}
