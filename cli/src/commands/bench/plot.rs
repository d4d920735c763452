//! The picture of a bench: time a signature by phase, and time and memory against the number of
//! signatures.

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::report::number;

const SIZE: (u32, u32) = (1100, 480);
const MARGIN: i32 = 14;
const LABELS: i32 = 60;
const CAPTION: (&str, i32) = ("sans-serif", 17);
const TEXT: (&str, i32) = ("sans-serif", 13);
/// Colours of the phases, in order.
const COLOURS: [RGBColor; 9] = [
    RGBColor(0x1f, 0x77, 0xb4),
    RGBColor(0xff, 0x7f, 0x0e),
    RGBColor(0x2c, 0xa0, 0x2c),
    RGBColor(0xd6, 0x27, 0x28),
    RGBColor(0x94, 0x67, 0xbd),
    RGBColor(0x8c, 0x56, 0x4b),
    RGBColor(0x17, 0xbe, 0xcf),
    RGBColor(0xbc, 0xbd, 0x22),
    RGBColor(0x7f, 0x7f, 0x7f),
];

/// What is drawn; each list has an entry for each size.
pub(crate) struct Plot<'a> {
    /// Numbers of signatures.
    pub(crate) sizes: &'a [usize],
    /// Seconds of each phase, by its name.
    pub(crate) phases: Vec<(&'a str, Vec<f64>)>,
    /// Seconds of an aggregate.
    pub(crate) seconds: Vec<f64>,
    /// MiB at most; none where the system does not report it.
    pub(crate) mebibytes: Option<Vec<f64>>,
}

type Panel<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

impl Plot<'_> {
    /// The picture as SVG.
    ///
    /// # Errors
    /// If a drawing does not fit into its panel.
    pub(crate) fn svg(&self) -> Result<String, String> {
        let mut text = String::new();
        {
            let area = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
            let (left, right) = area.split_horizontally(SIZE.0 / 2);
            area.fill(&WHITE)
                .map_err(Into::into)
                .and_then(|()| self.bars(&left))
                .and_then(|()| self.lines(&right))
                .and_then(|()| Ok(area.present()?))
                .map_err(|error| error.to_string())?;
        }
        Ok(text)
    }

    /// A bar for each size: milliseconds a signature, the phases above each other.
    fn bars(&self, panel: &Panel<'_>) -> Drawn {
        let each = |seconds: f64, index: usize| 1e3 * seconds / float(self.sizes[index]);
        let of_phases = |index: usize| {
            self.phases
                .iter()
                .map(move |(_, all)| each(all[index], index))
        };
        let bars = 0..self.sizes.len();
        let top = bars.clone().map(|i| of_phases(i).sum()).fold(0.0, f64::max);
        let mut chart = ChartBuilder::on(panel)
            .caption("milliseconds a signature, by phase", CAPTION)
            .margin(MARGIN)
            .x_label_area_size(LABELS / 2)
            .y_label_area_size(LABELS)
            .build_cartesian_2d((0..self.sizes.len() - 1).into_segmented(), 0.0..1.25 * top)?;
        let name = |at: &SegmentValue<usize>| match at {
            SegmentValue::CenterOf(i) => {
                self.sizes.get(*i).copied().map(number).unwrap_or_default()
            }
            _ => String::new(),
        };
        chart
            .configure_mesh()
            .disable_x_mesh()
            .max_light_lines(1)
            .x_labels(self.sizes.len())
            .x_label_formatter(&name)
            .label_style(TEXT)
            .draw()?;
        let mut below = vec![0.0; self.sizes.len()];
        for ((phase, all), colour) in self.phases.iter().zip(COLOURS.iter().cycle()) {
            let rectangles = bars.clone().map(|i| {
                let start = below[i];
                below[i] += each(all[i], i);
                let corners = [
                    (SegmentValue::Exact(i), start),
                    (SegmentValue::Exact(i + 1), below[i]),
                ];
                let mut rectangle = Rectangle::new(corners, colour.filled());
                rectangle.set_margin(0, 0, MARGIN.unsigned_abs(), MARGIN.unsigned_abs());
                rectangle
            });
            let rectangles: Vec<_> = rectangles.collect();
            chart
                .draw_series(rectangles)?
                .label(*phase)
                .legend(|(x, y)| Rectangle::new([(x, y - 5), (x + 10, y + 5)], colour.filled()));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .background_style(WHITE.mix(0.8))
            .label_font(TEXT)
            .draw()?;
        Ok(())
    }

    /// Seconds, and on the right MiB, against the number of signatures, with logarithmic axes.
    fn lines(&self, panel: &Panel<'_>) -> Drawn {
        let sizes: Vec<f64> = self.sizes.iter().copied().map(float).collect();
        let mebibytes = self.mebibytes.clone().unwrap_or_default();
        let mut chart = ChartBuilder::on(panel)
            .caption(
                "time (blue) and memory (red) by number of signatures",
                CAPTION,
            )
            .margin(MARGIN)
            .x_label_area_size(LABELS / 2)
            .y_label_area_size(LABELS)
            .right_y_label_area_size(LABELS)
            .build_cartesian_2d(
                around(&sizes).log_scale(),
                around(&self.seconds).log_scale(),
            )?
            .set_secondary_coord(around(&sizes).log_scale(), around(&mebibytes).log_scale());
        chart
            .configure_mesh()
            .max_light_lines(1)
            .x_labels(6)
            .x_label_formatter(&|size| format!("{size:.0}"))
            .y_label_formatter(&|seconds| match *seconds {
                long if long >= 1.0 => format!("{long:.0} s"),
                short => format!("{:.0} ms", 1e3 * short),
            })
            .label_style(TEXT)
            .draw()?;
        chart
            .configure_secondary_axes()
            .y_labels(6)
            .y_label_formatter(&|mebibytes| format!("{mebibytes:.0} MiB"))
            .label_style(TEXT)
            .draw()?;
        let points = |values: &[f64]| -> Vec<(f64, f64)> {
            let mut points: Vec<_> = sizes.iter().copied().zip(values.iter().copied()).collect();
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            points
        };
        let (time, memory) = (points(&self.seconds), points(&mebibytes));
        chart.draw_series(LineSeries::new(time, BLUE.stroke_width(2)).point_size(4))?;
        chart.draw_secondary_series(LineSeries::new(memory, RED.stroke_width(2)).point_size(4))?;
        Ok(())
    }
}

/// Powers of ten below and above the values: both ends of an axis have a label.
fn around(values: &[f64]) -> std::ops::Range<f64> {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(0.0, f64::max);
    if least > greatest {
        return 1.0..10.0;
    }
    let below = least.log10().floor();
    let above = greatest.log10().ceil().max(below + 1.0);
    10_f64.powf(below)..10_f64.powf(above)
}

#[expect(clippy::cast_precision_loss, reason = "for display")]
const fn float(size: usize) -> f64 {
    size as f64
}
