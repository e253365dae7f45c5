//! Lists: `{items, next_cursor}`, at most 200 at a time.

use crate::app::error::Error;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

/// Most items of one page.
pub const LARGEST_PAGE: u32 = 200;
/// Items of a page where nothing is asked for.
pub const DEFAULT_PAGE: u32 = 50;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T: ToSchema> {
    /// In the list's own order.
    pub items: Vec<T>,
    /// Give it back as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T: ToSchema> Page<T> {
    /// Makes a page of up to `limit` items from rows of which one more was loaded than asked for; `key` is where the
    /// next page begins after.
    pub fn new<R, K: Serialize>(mut rows: Vec<R>, limit: u32, key: impl Fn(&R) -> K, view: impl Fn(R) -> T) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| has_more).map(|last| encode(&key(last)));
        Self {
            items: rows.into_iter().map(view).collect(),
            next_cursor,
        }
    }
}

/// The page size asked for; 1 to 200.
pub fn limit(asked: Option<u32>) -> Result<u32, Error> {
    let limit = asked.unwrap_or(DEFAULT_PAGE);
    if (1..=LARGEST_PAGE).contains(&limit) {
        Ok(limit)
    } else {
        Err(Error::field(
            "limit",
            "out_of_limits",
            "Batas halaman 1 sampai 200.",
            "A page has 1 to 200 items.",
        ))
    }
}

/// Writes a list's key as an opaque cursor.
pub fn encode<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// Reads a cursor back; anything that was not made here is refused.
pub fn decode<K: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<K>, Error> {
    let read = |text: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        serde_json::from_slice(&bytes).ok()
    };
    cursor
        .map(|text| {
            read(text).ok_or_else(|| {
                Error::field(
                    "cursor",
                    "malformed",
                    "Penanda halaman tidak dikenal.",
                    "Not a cursor of this list.",
                )
            })
        })
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_a_strange_one_is_refused() {
        let cursor = encode(&("1.01", 7));
        assert_eq!(
            decode::<(String, i32)>(Some(&cursor)).unwrap(),
            Some(("1.01".to_owned(), 7))
        );
        assert!(decode::<(String, i32)>(Some("???")).is_err());
        assert_eq!(decode::<(String, i32)>(None).unwrap(), None);
    }

    #[test]
    fn only_a_page_with_more_behind_it_has_a_cursor() {
        let page = Page::new(vec![1, 2, 3], 2, |row| *row, |row: i32| row);
        assert_eq!((page.items, page.next_cursor.is_some()), (vec![1, 2], true));
        assert!(
            Page::new(vec![1, 2], 2, |row| *row, |row: i32| row)
                .next_cursor
                .is_none()
        );
        assert!(limit(Some(0)).is_err() && limit(Some(201)).is_err() && limit(Some(200)).is_ok());
    }
}
