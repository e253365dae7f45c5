//! What a document says: JSON, bounded, and only with characters that can be printed.

use super::PrintError;
use super::fonts::fonts;
use super::qr;
use serde_json::Value;

/// The most JSON that a document is made from. A recap of 1,000 people has about half of it.
const MOST_BYTES: usize = 4 * 1_024 * 1_024;

/// What stands for a character that no font can show.
const REPLACEMENT: char = '□';

/// The shortest text of a fact that is hidden in a message; shorter ones are codes of days and counts.
const SHORTEST_HIDDEN: usize = 4;

/// Facts as a template gets them.
#[derive(Clone)]
pub(super) struct Facts {
    /// The JSON text.
    pub(super) json: String,
    /// The QR code of the fact `confirmation_url`, as SVG.
    pub(super) qr: Option<String>,
}

/// Names and numbers of people: not for showing.
impl std::fmt::Debug for Facts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Facts(hidden)")
    }
}

impl Facts {
    /// Takes facts over. Characters that no font can show become □, invisible ones that change the direction or the
    /// joining of letters are dropped: what is printed is what is read.
    pub(super) fn new(facts: &Value) -> Result<Self, PrintError> {
        let facts = printable(facts);
        let qr = match facts.get("confirmation_url").and_then(Value::as_str) {
            Some(url) if !url.is_empty() => Some(qr::svg(url).ok_or(PrintError::Code)?),
            Some(_) | None => None,
        };
        let json = facts.to_string();
        if json.len() > MOST_BYTES {
            return Err(PrintError::TooLarge(json.len()));
        }
        Ok(Self { json, qr })
    }

    /// A message without the texts of these facts that it may quote: no log shows names or numbers.
    pub(super) fn hidden_in(&self, message: &str) -> String {
        let mut texts = Vec::new();
        collect_texts(&serde_json::from_str(&self.json).unwrap_or_default(), &mut texts);
        // The longest first, so that a part does not leave the rest of a longer one standing.
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        texts
            .iter()
            .fold(message.to_owned(), |message, text| message.replace(text, "…"))
    }
}

fn collect_texts(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) if text.len() >= SHORTEST_HIDDEN => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect_texts(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| collect_texts(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn printable(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(printable_text(text)),
        Value::Array(values) => Value::Array(values.iter().map(printable).collect()),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), printable(value)))
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn printable_text(text: &str) -> String {
    let fonts = fonts();
    text.replace("\r\n", "\n")
        .chars()
        .filter_map(|character| match character {
            '\n' => Some('\n'),
            '\t' | '\r' => Some(' '),
            character if character.is_control() || is_invisible(character) => None,
            character if is_private(character) || !fonts.show(character) => Some(REPLACEMENT),
            character => Some(character),
        })
        .collect()
}

/// Characters that show nothing but change how others are joined, ordered or broken.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Characters whose meaning only one font knows.
const fn is_private(character: char) -> bool {
    matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_can_be_shown_stays_as_it_is() {
        let facts = json!({"a": "Nyi Ayu, S.Pd. — 76,5 %", "b": [1, 2.5, null, true], "c": {"d": "x\ny"}});
        let taken: Value = serde_json::from_str(&Facts::new(&facts).unwrap().json).unwrap();
        assert_eq!(taken, facts);
    }

    #[test]
    fn what_no_font_shows_is_marked_and_what_hides_is_dropped() {
        assert_eq!(printable_text("Siti 😀"), "Siti □");
        assert_eq!(printable_text("مرحبا"), "□□□□□");
        assert_eq!(printable_text("a\u{202e}b\u{200b}c\u{feff}d\0e"), "abcde");
        assert_eq!(printable_text("a\tb\r\nc\rd"), "a b\nc d");
        assert_eq!(printable_text("\u{e000}"), "□");
    }

    #[test]
    fn facts_beyond_four_mebibytes_are_refused() {
        let text = "a".repeat(MOST_BYTES - 10);
        // {"a":"..."} adds eight bytes.
        assert!(Facts::new(&json!({"a": text})).is_ok());
        let error = Facts::new(&json!({"a": format!("{text}aaa")})).unwrap_err();
        assert!(matches!(error, PrintError::TooLarge(bytes) if bytes == MOST_BYTES + 1));
    }

    #[test]
    fn only_a_confirmation_url_makes_a_code_and_it_must_fit() {
        assert!(Facts::new(&json!({"url": "https://a"})).unwrap().qr.is_none());
        assert!(Facts::new(&json!({"confirmation_url": ""})).unwrap().qr.is_none());
        assert!(Facts::new(&json!({"confirmation_url": 3})).unwrap().qr.is_none());
        assert!(
            Facts::new(&json!({"confirmation_url": "https://a"}))
                .unwrap()
                .qr
                .is_some()
        );
        let long = json!({"confirmation_url": "a".repeat(3_000)});
        assert!(matches!(Facts::new(&long), Err(PrintError::Code)));
    }

    #[test]
    fn a_message_for_the_log_names_nobody() {
        let facts =
            Facts::new(&json!({"people": [{"name": "Contoh Satu", "nip": "196802111993031901"}], "n": "Contoh"}));
        let facts = facts.unwrap();
        let message = facts.hidden_in("recap.typ:3:1: invalid integer: \"Contoh Satu\" (196802111993031901)");
        assert_eq!(message, "recap.typ:3:1: invalid integer: \"…\" (…)");
        assert!(!format!("{facts:?}").contains("Contoh"));
    }

    proptest! {
        #[test]
        fn taking_over_twice_changes_nothing_more(text in any::<String>()) {
            let once = printable_text(&text);
            prop_assert_eq!(printable_text(&once), once);
        }
    }
}
