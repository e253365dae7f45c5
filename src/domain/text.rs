//! What free text of people may hold before it is kept: trimmed, bounded, without control characters.

/// Why a text can't be kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TextError {
    /// Nothing, or only white space.
    #[error("the text is empty")]
    Empty,
    /// Fewer characters than the field needs to say something.
    #[error("the text has fewer than {minimum} characters")]
    TooShort {
        /// Fewest characters.
        minimum: usize,
    },
    /// More characters than the field holds.
    #[error("the text has more than {maximum} characters")]
    TooLong {
        /// Most characters.
        maximum: usize,
    },
    /// A control character other than a line feed or tab; NUL is one, which PostgreSQL can't hold.
    #[error("the text holds a control character")]
    Control,
}

impl TextError {
    /// The stable code of the fault.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::Control => "control_character",
        }
    }
}

/// The text trimmed, with CRLF read as LF; between `minimum` and `maximum` characters (Unicode scalar values).
/// With `minimum` 0 an empty text is fine.
pub fn bounded(text: &str, minimum: usize, maximum: usize) -> Result<String, TextError> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 && minimum > 0 {
        return Err(TextError::Empty);
    }
    if length < minimum {
        return Err(TextError::TooShort { minimum });
    }
    if length > maximum {
        return Err(TextError::TooLong { maximum });
    }
    if text
        .chars()
        .any(|character| character.is_control() && character != '\n' && character != '\t')
    {
        return Err(TextError::Control);
    }
    Ok(text.to_owned())
}

/// Like [`bounded`], but nothing and white space are `None`.
pub fn optional(text: Option<&str>, maximum: usize) -> Result<Option<String>, TextError> {
    let Some(text) = text else { return Ok(None) };
    let text = bounded(text, 0, maximum)?;
    Ok((!text.is_empty()).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_edges_of_the_length_are_inside() {
        assert_eq!(bounded(" abc ", 3, 5), Ok("abc".to_owned()));
        assert_eq!(bounded("abcde", 3, 5), Ok("abcde".to_owned()));
        assert_eq!(bounded("ab", 3, 5), Err(TextError::TooShort { minimum: 3 }));
        assert_eq!(bounded("abcdef", 3, 5), Err(TextError::TooLong { maximum: 5 }));
        assert_eq!(bounded("  ", 3, 5), Err(TextError::Empty));
        assert_eq!(bounded("é́é", 3, 3), Ok("é́é".to_owned()));
    }

    #[test]
    fn control_characters_are_refused_and_line_feeds_kept() {
        assert_eq!(bounded("a\u{0}b", 1, 9), Err(TextError::Control));
        assert_eq!(bounded("a\u{1b}[31m", 1, 9), Err(TextError::Control));
        assert_eq!(bounded("a\r\nb\tc", 1, 9), Ok("a\nb\tc".to_owned()));
    }

    #[test]
    fn an_optional_text_of_blanks_is_absent() {
        assert_eq!(optional(Some("  "), 5), Ok(None));
        assert_eq!(optional(None, 5), Ok(None));
        assert_eq!(optional(Some("123456"), 5), Err(TextError::TooLong { maximum: 5 }));
    }
}
