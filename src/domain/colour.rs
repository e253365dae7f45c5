//! Colours and how well text can be read on them, as WCAG 2.2 measures it.

/// Least contrast of text with what is behind it (WCAG 2.2, 1.4.3, level AA).
pub const LEAST_CONTRAST: f64 = 4.5;

/// A colour of a screen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// From red, green and blue, 0 to 255 each.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// From `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = [0; 3];
        hex::decode_to_slice(text.strip_prefix('#')?, &mut parts).ok()?;
        Some(Self(parts))
    }

    /// As `#rrggbb`.
    pub fn text(self) -> String {
        format!("#{}", hex::encode(self.0))
    }

    /// How far two colours are apart in lightness: 1 (the same) to 21 (black and white).
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// So many of a hundred parts of `other` mixed in.
    #[must_use]
    pub fn mixed(self, other: Self, parts: u8) -> Self {
        let mut mixed = self.0;
        for (own, others) in mixed.iter_mut().zip(other.0) {
            let sum = u32::from(*own) * u32::from(100 - parts.min(100)) + u32::from(others) * u32::from(parts.min(100));
            *own = u8::try_from(sum / 100).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let share = f64::from(part) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    #[test]
    fn contrast_is_measured_as_the_standard_does() {
        let white = colour("#ffffff");
        for (other, ratio) in [
            ("#000000", 21.0),
            ("#ffffff", 1.0),
            ("#767676", 4.54),
            ("#777777", 4.48),
            ("#ff0000", 4.0),
        ] {
            let found = white.contrast(colour(other));
            assert!((found - ratio).abs() < 0.01, "{other}: {found}");
            assert!((found - colour(other).contrast(white)).abs() < 1e-9);
        }
    }

    #[test]
    fn only_six_digits_are_a_colour() {
        assert_eq!(colour("#0F5257").text(), "#0f5257");
        for wrong in [
            "",
            "#",
            "#fff",
            "0f5257",
            "#0f525",
            "#0f52570",
            "#0f525g",
            "red",
            "#0f5257;}",
        ] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn mixing_goes_from_one_colour_to_the_other() {
        let (black, white) = (Colour::new(0, 0, 0), Colour::new(255, 255, 255));
        assert_eq!(black.mixed(white, 0), black);
        assert_eq!(black.mixed(white, 100), white);
        assert_eq!(black.mixed(white, 50), Colour::new(127, 127, 127));
    }
}
