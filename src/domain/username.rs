//! Names that accounts sign in with.

use crate::domain::employee_number::username;

/// The text can't be the name of an account.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "a username is 3 to 64 letters, digits, dots, hyphens, underscores and at signs, beginning with a letter or digit"
)]
pub struct UsernameError;

/// A name for a new account, as it will be looked for when someone signs in: trimmed, a number in its bare form.
///
/// It stands in addresses and is compared without regard to case, so it is made of ASCII letters, digits, `.`, `-`, `_`
/// and `@`, begins with a letter or digit, and has 3 to 64 characters.
pub fn parse(text: &str) -> Result<String, UsernameError> {
    let name = username(text);
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_' | '@');
    let begins_well = name.starts_with(|first: char| first.is_ascii_alphanumeric());
    let fits = begins_well && (3..=64).contains(&name.len()) && name.chars().all(is_allowed);
    if fits { Ok(name) } else { Err(UsernameError) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_taken_as_they_are_looked_for() {
        assert_eq!(parse(" auditor.satu ").as_deref(), Ok("auditor.satu"));
        assert_eq!(parse("Budi_S@bkd-1").as_deref(), Ok("Budi_S@bkd-1"));
        assert_eq!(parse("19860926 201505 1 001").as_deref(), Ok("198609262015051001"));
        assert_eq!(parse(&"a".repeat(64)).map(|name| name.len()), Ok(64));
    }

    #[test]
    fn blanks_control_characters_and_what_an_address_cannot_name_are_refused() {
        let too_long = "a".repeat(65);
        for text in [
            "", "   ", "ab", "a\nb", "a\tbc", "a\u{7}bc", "dua kata", "a/bc", "a?bc", ".abc", "séri", &too_long,
        ] {
            assert_eq!(parse(text), Err(UsernameError), "{text:?}");
        }
    }
}
