//! The fonts that ship with the service, and which characters they can show.

use std::collections::HashSet;
use std::sync::OnceLock;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// Source Serif 4 for letters, Source Sans 3 for tables; SIL Open Font License 1.1 (data/licenses/source-*-OFL.txt).
const FILES: [&[u8]; 6] = [
    include_bytes!("../../../data/fonts/SourceSerif4-Regular.otf"),
    include_bytes!("../../../data/fonts/SourceSerif4-It.otf"),
    include_bytes!("../../../data/fonts/SourceSerif4-Bold.otf"),
    include_bytes!("../../../data/fonts/SourceSans3-Regular.otf"),
    include_bytes!("../../../data/fonts/SourceSans3-Semibold.otf"),
    include_bytes!("../../../data/fonts/SourceSans3-Bold.otf"),
];

/// The fonts, read once.
#[derive(Debug)]
pub(super) struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    pub(super) all: Vec<Font>,
    /// The characters that every font has.
    common: HashSet<u32>,
}

/// The fonts; read when the first document is made.
pub(super) fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| {
        let all: Vec<Font> = FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
        let mut coverages = all
            .iter()
            .map(|font| font.info().coverage.iter().collect::<HashSet<u32>>());
        let first = coverages.next().unwrap_or_default();
        let common = coverages.fold(first, |common, coverage| &common & &coverage);
        Fonts {
            common,
            book: LazyHash::new(FontBook::from_fonts(&all)),
            all,
        }
    })
}

impl Fonts {
    /// Whether every font can show it, so that it can be shown wherever a template puts it.
    pub(super) fn show(&self, character: char) -> bool {
        self.common.contains(&u32::from(character))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_families_are_read_with_their_weights() {
        let fonts = fonts();
        assert_eq!(fonts.all.len(), FILES.len());
        for family in ["source serif 4", "source sans 3"] {
            assert_eq!(fonts.book.select_family(family).count(), 3, "{family}");
        }
    }

    #[test]
    fn every_sign_that_names_and_letters_need_can_be_shown() {
        let fonts = fonts();
        for character in "AZaz09 .,:;/()-–—'’“”&@%☐☑éèüñçāĀ".chars() {
            assert!(fonts.show(character), "{character}");
        }
        assert!(!fonts.show('\u{1F600}'));
        assert!(!fonts.show('م'));
    }
}
