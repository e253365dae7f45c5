//! One part of a file, as RFC 9110 lets a call ask for it (section 14).

use actix_web::http::header;
use actix_web::http::header::HeaderMap;

/// What a call asks for of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Asked {
    /// The whole file.
    Whole,
    /// So many bytes from an offset on; at least one, and all of them within the file.
    Part {
        /// The first byte.
        offset: u64,
        /// How many.
        length: u64,
    },
    /// A part that lies behind the file's end.
    Beyond,
}

/// Reads `Range` and `If-Range` for a file of so many bytes with a strong tag. What is malformed, asks for several parts, or
/// was meant for another version of the file gets the whole, as the standard allows.
pub(crate) fn asked(headers: &HeaderMap, length: u64, tag: &str) -> Asked {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &header::HeaderValue| value.to_str().ok())
    };
    if headers.contains_key(header::IF_RANGE) && text(header::IF_RANGE) != Some(tag) {
        return Asked::Whole;
    }
    text(header::RANGE)
        .and_then(|range| part(range, length))
        .unwrap_or(Asked::Whole)
}

fn part(range: &str, length: u64) -> Option<Asked> {
    let (unit, range) = range.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = range.trim().split_once('-')?;
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // More digits than a number holds are beyond every file.
        is_number.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let (offset, end) = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => (first, last.saturating_add(1).min(length)),
        (Some(first), None) if last.is_empty() => (first, length),
        (None, Some(count)) if first.is_empty() => (
            if count == 0 {
                length
            } else {
                length.saturating_sub(count)
            },
            length,
        ),
        (_, _) => return None,
    };
    Some(if offset < end {
        Asked::Part {
            offset,
            length: end - offset,
        }
    } else {
        Asked::Beyond
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn ask(pairs: &[(HeaderName, &str)], length: u64) -> Asked {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        asked(&headers, length, "\"one\"")
    }

    #[test]
    fn one_range_is_the_bytes_that_it_names() {
        for (range, offset, length) in [
            ("bytes=0-0", 0, 1),
            ("bytes=0-99", 0, 100),
            ("bytes=10-19", 10, 10),
            ("bytes=90-1000", 90, 10),
            ("bytes=99-", 99, 1),
            ("bytes=-1", 99, 1),
            ("bytes=-1000", 0, 100),
            ("Bytes= 5-6", 5, 2),
            ("bytes=0-99999999999999999999999", 0, 100),
        ] {
            assert_eq!(
                ask(&[(header::RANGE, range)], 100),
                Asked::Part { offset, length },
                "{range}"
            );
        }
    }

    #[test]
    fn what_lies_behind_the_end_is_beyond() {
        for range in [
            "bytes=100-",
            "bytes=100-200",
            "bytes=-0",
            "bytes=99999999999999999999999-",
        ] {
            assert_eq!(ask(&[(header::RANGE, range)], 100), Asked::Beyond, "{range}");
        }
        assert_eq!(ask(&[(header::RANGE, "bytes=0-0")], 0), Asked::Beyond);
    }

    #[test]
    fn what_is_no_single_range_gets_the_whole() {
        for range in [
            "bytes=",
            "bytes=-",
            "bytes=5-4",
            "bytes=0-1,5-6",
            "lines=0-1",
            "0-1",
            "bytes=a-b",
            "bytes=+1-2",
        ] {
            assert_eq!(ask(&[(header::RANGE, range)], 100), Asked::Whole, "{range}");
        }
        assert_eq!(ask(&[], 100), Asked::Whole);
    }

    #[test]
    fn a_range_of_another_version_gets_the_whole() {
        let range = (header::RANGE, "bytes=0-1");
        let with = |tag| ask(&[range.clone(), (header::IF_RANGE, tag)], 100);
        assert_eq!(with("\"one\""), Asked::Part { offset: 0, length: 2 });
        for other in ["\"two\"", "W/\"one\"", "Sat, 28 Nov 2026 07:00:00 GMT"] {
            assert_eq!(with(other), Asked::Whole, "{other}");
        }
    }
}
