//! What everybody may know about the keeping of personal data: for how long, and whom to ask.

use crate::app::App;
use crate::domain::retention::Retention;

/// Most characters of a contact.
pub const MOST_CONTACT_CHARACTERS: usize = 200;

/// How the data protection officer (pejabat pelindung data pribadi, UU 27/2022 article 53) is reached, as the operator
/// worded it: a name, an address, a number.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct DataProtectionContact(Option<String>);

impl DataProtectionContact {
    /// From the setting; none where the text is empty, longer than 200 characters, or holds control characters.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_sound =
            !text.is_empty() && text.chars().count() <= MOST_CONTACT_CHARACTERS && !text.chars().any(char::is_control);
        is_sound.then(|| Self(Some(text.to_owned())))
    }

    /// The text, where one is set.
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl App {
    /// How long this service keeps positions and shares.
    pub const fn retention(&self) -> Retention {
        self.retention
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_one_line_of_words() {
        let contact = DataProtectionContact::new("  PPDP Banten, ppdp@banten.example ").unwrap();
        assert_eq!(contact.text(), Some("PPDP Banten, ppdp@banten.example"));
        for wrong in ["", "  ", "a\nb", &"a".repeat(201)] {
            assert_eq!(DataProtectionContact::new(wrong), None, "{wrong:?}");
        }
        assert_eq!(DataProtectionContact::default().text(), None);
    }
}
