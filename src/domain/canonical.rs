//! Canonical JSON (RFC 8785) over a closed schema without floats: what is hashed, sealed and signed.
//! Does not normalise text: two strings are the same when their code points are.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The largest integer that every JSON reader keeps exactly: 2^53 - 1 (RFC 8785, section 3.2.2.3).
pub const MAX_INTEGER: u64 = 9_007_199_254_740_991;

/// Why a value has no canonical form here, or a text is not in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CanonicalError {
    /// A number with a fraction or an exponent, or the negative zero. The schema has none.
    #[error("a number is not an integer")]
    Float,
    /// Beyond [`MAX_INTEGER`] in magnitude, where readers in other languages would silently merge neighbours.
    #[error("an integer is beyond 2^53 - 1")]
    TooLarge,
    /// The type cannot be written as JSON at all.
    #[error("the value is not JSON")]
    Unwritable,
    /// Not JSON, or not of the expected fields and types.
    #[error("the text does not have the expected fields and types")]
    Unreadable,
    /// Readable, but not byte for byte the canonical form: spaces, order of keys, a key twice, an unknown key.
    #[error("the text is not in canonical form")]
    NotCanonical,
}

/// Writes a value in canonical form, without a line end.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, CanonicalError> {
    let value = serde_json::to_value(value).ok().ok_or(CanonicalError::Unwritable)?;
    let mut text = String::with_capacity(512);
    write_value(&value, &mut text)?;
    Ok(text)
}

/// Reads one value and holds the text to its canonical form: what was read, written again, must be the same bytes.
///
/// That one comparison finds spaces, reordered, doubled and unknown keys and other spellings of the same number.
pub fn from_str<T: Serialize + DeserializeOwned>(text: &str) -> Result<T, CanonicalError> {
    let value: T = serde_json::from_str(text).ok().ok_or(CanonicalError::Unreadable)?;
    if to_string(&value)? == text {
        Ok(value)
    } else {
        Err(CanonicalError::NotCanonical)
    }
}

fn write_value(value: &Value, text: &mut String) -> Result<(), CanonicalError> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => {
            if number.is_f64() {
                return Err(CanonicalError::Float);
            }
            let magnitude = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
            if magnitude.is_none_or(|magnitude| magnitude > MAX_INTEGER) {
                return Err(CanonicalError::TooLarge);
            }
            text.push_str(&number.to_string());
        }
        Value::String(string) => write_string(string, text)?,
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(item, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            // RFC 8785, section 3.2.3: by UTF-16 code units, which differs from bytes beyond the basic plane.
            members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            text.push('{');
            for (index, (name, member)) in members.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_string(name, text)?;
                text.push(':');
                write_value(member, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

/// The escapes of `serde_json` are those of RFC 8785, section 3.2.2.2: the short ones where they exist, `\u00xx` in
/// lower case for other control characters, everything else as it is.
fn write_string(string: &str, text: &mut String) -> Result<(), CanonicalError> {
    text.push_str(&serde_json::to_string(string).ok().ok_or(CanonicalError::Unwritable)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_by_utf16_code_units() {
        // The example of RFC 8785, section 3.2.3.
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis"
        });
        let text = to_string(&value).unwrap();
        let order: Vec<usize> = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"]
            .iter()
            .map(|word| text.find(word).unwrap())
            .collect();
        assert!(order.is_sorted(), "{text}");
    }

    #[test]
    fn strings_keep_everything_but_quotes_backslashes_and_controls() {
        // The string of RFC 8785, section 3.2.2 ("string" of its sample).
        let value = json!("\u{20ac}$\u{f}\nA'B\"\\\\\"/");
        assert_eq!(
            to_string(&value).unwrap(),
            "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\""
        );
    }

    #[test]
    fn floats_and_integers_that_readers_would_merge_have_no_canonical_form() {
        assert_eq!(to_string(&json!(1.0)), Err(CanonicalError::Float));
        assert_eq!(
            to_string(&json!(9_007_199_254_740_992_u64)),
            Err(CanonicalError::TooLarge)
        );
        assert_eq!(
            to_string(&json!(-9_007_199_254_740_992_i64)),
            Err(CanonicalError::TooLarge)
        );
        assert_eq!(
            to_string(&json!(-9_007_199_254_740_991_i64)).unwrap(),
            "-9007199254740991"
        );
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Pair {
        b: i64,
        a: Option<String>,
    }

    #[test]
    fn only_the_canonical_spelling_of_a_value_is_read() {
        let pair: Pair = from_str(r#"{"a":null,"b":-7}"#).unwrap();
        assert_eq!(pair, Pair { b: -7, a: None });
        for text in [
            r#"{"b":-7,"a":null}"#,
            r#"{"a":null, "b":-7}"#,
            r#"{"a":null,"b":-7,"c":1}"#,
            r#"{"b":-7}"#,
            r#"{"a":"\u0041","b":-7}"#,
            "{\"a\":null,\"b\":-7}\n",
        ] {
            assert_eq!(from_str::<Pair>(text), Err(CanonicalError::NotCanonical), "{text}");
        }
        for text in [
            r#"{"a":null,"b":1,"b":2}"#,
            r#"{"a":null,"b":-0}"#,
            r#"{"a":null,"b":1e2}"#,
            "\u{feff}{\"a\":null,\"b\":1}",
        ] {
            assert_eq!(from_str::<Pair>(text), Err(CanonicalError::Unreadable), "{text}");
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn canonical_text_reads_back_to_the_same_value_and_the_same_text(value in any_value()) {
            let text = to_string(&value).unwrap();
            prop_assert_eq!(&from_str::<Value>(&text).unwrap(), &value);
        }
    }
}
