//! What a government makes its own without a build: its name, its crest, the colour of what can be pressed.

use crate::domain::colour::Colour;
use crate::domain::colour::LEAST_CONTRAST;
pub use crate::platform::crest::Crest;
use std::fmt::Write;

/// What stands on the action colour, and what it stands on as text, by the pages' own colours (`web/src/style/colours.css`).
const LIGHT: [(&str, Colour); 2] = [
    ("white text on it", Colour::new(0xff, 0xff, 0xff)),
    ("it as text on the light page", Colour::new(0xfb, 0xfa, 0xf7)),
];
const DARK: [(&str, Colour); 2] = [
    ("dark text on it", Colour::new(0x07, 0x28, 0x2a)),
    ("it as text on the dark page", Colour::new(0x1a, 0x22, 0x20)),
];
/// How much darker, or lighter where the page is dark, what is pressed gets.
const PRESSED_PARTS: u8 = 25;

/// The colour can't be read.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{what} has a contrast of {contrast:.2}, and {LEAST_CONTRAST} is needed")]
pub struct Unreadable {
    what: &'static str,
    contrast: f64,
}

/// What is one's own; nothing by default.
#[derive(Clone, Debug, Default)]
pub struct Branding {
    name: Option<String>,
    crest: Option<Crest>,
    light: Option<Colour>,
    dark: Option<Colour>,
}

impl Branding {
    /// With the name of the government and its crest.
    pub const fn new(name: Option<String>, crest: Option<Crest>) -> Self {
        Self {
            name,
            crest,
            light: None,
            dark: None,
        }
    }

    /// With the action colour of light pages.
    pub fn with_light(mut self, colour: Colour) -> Result<Self, Unreadable> {
        check(colour, &LIGHT)?;
        self.light = Some(colour);
        Ok(self)
    }

    /// With the action colour of dark pages.
    pub fn with_dark(mut self, colour: Colour) -> Result<Self, Unreadable> {
        check(colour, &DARK)?;
        self.dark = Some(colour);
        Ok(self)
    }

    /// The crest.
    pub const fn crest(&self) -> Option<&Crest> {
        self.crest.as_ref()
    }

    /// The stylesheet that pages load beside their own; it wins over theirs wherever it stands.
    pub fn stylesheet(&self) -> String {
        let mut own = String::new();
        // Writing to a String can't fail.
        if let Some(name) = &self.name {
            let _ = write!(own, "--government:\"{}\";", in_css(name));
        }
        if self.crest.is_some() {
            own.push_str("--crest:url(\"/branding/crest\");");
        }
        own.push_str(
            &self
                .light
                .map(|colour| action(colour, Colour::new(0, 0, 0)))
                .unwrap_or_default(),
        );
        let mut text = rule(&own);
        let dark = self.dark.map(|colour| action(colour, Colour::new(0xff, 0xff, 0xff)));
        if let Some(dark) = dark {
            let _ = writeln!(text, "@media (prefers-color-scheme:dark){{{}}}", rule(&dark).trim_end());
        }
        text
    }
}

fn rule(properties: &str) -> String {
    // Said twice, so that it weighs more than the pages' own `:root`.
    if properties.is_empty() {
        String::new()
    } else {
        format!(":root:root{{{properties}}}\n")
    }
}

fn action(colour: Colour, towards: Colour) -> String {
    let pressed = colour.mixed(towards, PRESSED_PARTS);
    format!("--action:{};--action-pressed:{};", colour.text(), pressed.text())
}

fn check(colour: Colour, partners: &[(&'static str, Colour)]) -> Result<(), Unreadable> {
    for (what, partner) in partners {
        let contrast = colour.contrast(*partner);
        if contrast < LEAST_CONTRAST {
            return Err(Unreadable { what, contrast });
        }
    }
    Ok(())
}

/// A text within quotes of a stylesheet, which nothing in it can end.
fn in_css(text: &str) -> String {
    let mut safe = String::new();
    for letter in text.chars() {
        if letter.is_alphanumeric() || " .,-()/".contains(letter) {
            safe.push(letter);
        } else {
            let _ = write!(safe, "\\{:x} ", u32::from(letter));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    #[test]
    fn a_colour_on_which_text_can_not_be_read_is_refused() {
        let refused = Branding::default().with_light(colour("#e08a00")).unwrap_err();
        assert!(
            refused
                .to_string()
                .starts_with("white text on it has a contrast of 2.6"),
            "{refused}"
        );
        // Good enough below white, and not beside the page's paper.
        let refused = Branding::default().with_light(colour("#767676")).unwrap_err();
        assert!(
            refused.to_string().starts_with("it as text on the light page"),
            "{refused}"
        );
        assert!(Branding::default().with_dark(colour("#0f5257")).is_err());
        assert!(Branding::default().with_light(colour("#8a1538")).is_ok());
        assert!(Branding::default().with_dark(colour("#f2a0b5")).is_ok());
    }

    #[test]
    fn the_stylesheet_says_what_is_set_and_nothing_else() {
        assert_eq!(Branding::default().stylesheet(), "");
        let name = "Pemerintah \"Kota\" }\n\\ Serang".to_owned();
        let branding = Branding::new(Some(name), None).with_light(colour("#8a1538")).unwrap();
        assert_eq!(
            branding.stylesheet(),
            ":root:root{--government:\"Pemerintah \\22 Kota\\22  \\7d \\a \\5c  Serang\";\
             --action:#8a1538;--action-pressed:#670f2a;}\n"
        );
        let dark = Branding::default().with_dark(colour("#f2a0b5")).unwrap().stylesheet();
        assert_eq!(
            dark,
            "@media (prefers-color-scheme:dark){:root:root{--action:#f2a0b5;--action-pressed:#f5b7c7;}}\n"
        );
    }

    #[test]
    fn the_colours_that_are_checked_against_are_those_of_the_pages() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/web/src/style/colours.css");
        let pages = std::fs::read_to_string(path).unwrap();
        let (light, dark) = pages.split_once("prefers-color-scheme: dark").unwrap();
        for (part, name, colour) in [
            (light, "--on-action", LIGHT[0].1),
            (light, "--paper", LIGHT[1].1),
            (dark, "--on-action", DARK[0].1),
            (dark, "--raised", DARK[1].1),
        ] {
            let line = format!("{name}: {};", colour.text());
            assert!(part.contains(&line), "{line}");
        }
    }
}
