//! Latency over time as a picture, so that a bad minute can't hide in a quantile of a quarter of an hour.

use crate::load::Second;
use image::{ExtendedColorType, ImageFormat};
use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};
use std::path::{Path, PathBuf};

/// Twice what a page shows it at: the font is placed on whole pixels.
const SIZE: (u32, u32) = (2_000, 940);
const INK: RGBColor = RGBColor(34, 34, 34);
const FAINT: RGBColor = RGBColor(222, 222, 222);
const MEDIAN: RGBColor = RGBColor(0, 96, 120);
const TAIL: RGBColor = RGBColor(196, 88, 0);
const LIMIT: RGBColor = RGBColor(170, 0, 40);

/// Draws the median and the 99th percentile of each second, with the bar that the latter must stay below, into
/// `bench/results/{file}`; gives the path.
pub(crate) fn latencies(file: &str, title: &str, seconds: &[Second], bar_ms: f64) -> PathBuf {
    // Noto Sans comes with the crate, under OFL-1.1: no font of the machine is looked for.
    let _ = register_font("sans-serif", FontStyle::Normal, notosans::REGULAR_TTF);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/results").join(file);
    let mut pixels = vec![0; SIZE.0 as usize * SIZE.1 as usize * 3];
    draw(&mut pixels, title, seconds, bar_ms).unwrap();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    image::save_buffer_with_format(
        &path,
        &pixels,
        SIZE.0,
        SIZE.1,
        ExtendedColorType::Rgb8,
        ImageFormat::Png,
    )
    .unwrap();
    path
}

fn draw(pixels: &mut [u8], title: &str, seconds: &[Second], bar_ms: f64) -> Result<(), Box<dyn std::error::Error>> {
    let area = BitMapBackend::with_buffer(pixels, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let length = f64::from(seconds.last().map_or(1, |second| second.at + 1)).max(1.0);
    let slowest = seconds.iter().map(|second| second.p99).fold(bar_ms * 2.0, f64::max);
    let fastest = seconds.iter().map(|second| second.p50).fold(1.0, f64::min);
    let (bottom, top) = (
        10f64.powf(fastest.max(0.01).log10().floor()),
        10f64.powf(slowest.log10().ceil()),
    );
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 40).into_font().color(&INK))
        .margin(28)
        .margin_right(48)
        .x_label_area_size(88)
        .y_label_area_size(128)
        .build_cartesian_2d(0.0..length, (bottom..top).log_scale())?;
    chart
        .configure_mesh()
        .bold_line_style(FAINT)
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .label_style(("sans-serif", 29).into_font().color(&INK))
        .axis_desc_style(("sans-serif", 30).into_font().color(&INK))
        .x_desc("time since the start, seconds")
        .y_desc("latency of a share, milliseconds (log)")
        .x_label_formatter(&|at| format!("{at:.0}"))
        .y_label_formatter(&|ms| format!("{ms}"))
        .draw()?;
    chart
        .draw_series(LineSeries::new(
            [(0.0, bar_ms), (length, bar_ms)],
            LIMIT.stroke_width(3),
        ))?
        .label(format!("the bar for the 99th percentile: {bar_ms} ms"))
        .legend(|(x, y)| PathElement::new([(x, y), (x + 48, y)], LIMIT.stroke_width(3)));
    let line = |value: fn(&Second) -> f64| {
        let middle = |second: &Second| (f64::from(second.at) + 0.5, value(second).max(0.01));
        seconds.iter().map(middle).collect::<Vec<_>>()
    };
    chart
        .draw_series(LineSeries::new(line(|second| second.p99), TAIL.stroke_width(3)))?
        .label("99th percentile of each second")
        .legend(|(x, y)| PathElement::new([(x, y), (x + 48, y)], TAIL.stroke_width(3)));
    chart
        .draw_series(LineSeries::new(line(|second| second.p50), MEDIAN.stroke_width(3)))?
        .label("median of each second")
        .legend(|(x, y)| PathElement::new([(x, y), (x + 48, y)], MEDIAN.stroke_width(3)));
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .legend_area_size(68)
        .margin(20)
        .background_style(WHITE)
        .border_style(FAINT)
        .label_font(("sans-serif", 29).into_font().color(&INK))
        .draw()?;
    area.present()?;
    Ok(())
}
