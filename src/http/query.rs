//! Query parameters: unknown ones are refused as in bodies, and whatever is wrong is told by the parameter's name.

use crate::app::error::Error;
use crate::http::body::unreadable;
use crate::http::problem::Problem;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};
use std::ops::Deref;

/// What stands behind the question mark of an address, read into the parameters of one call.
#[derive(Clone, Debug)]
pub(crate) struct Query<T>(T);

impl<T> Query<T> {
    /// The parameters themselves.
    pub(crate) fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(read(request.query_string()).map(Self).map_err(Problem::from))
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let parameter = error.path().to_string();
        Error::Invalid(vec![unreadable(&parameter, &error.into_inner().to_string())])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Page {
        slot: String,
        date: Option<NaiveDate>,
        limit: Option<u32>,
    }

    /// The name and the code of what is wrong.
    fn fault(text: &str) -> (String, &'static str) {
        match read::<Page>(text) {
            Err(Error::Invalid(fields)) => (fields[0].field.clone(), fields[0].code),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn parameters_are_read_with_their_escapes() {
        let page = read::<Page>("slot=pagi%20ini+juga&limit=7&date=2026-03-02").unwrap();
        assert_eq!((page.slot.as_str(), page.limit), ("pagi ini juga", Some(7)));
        assert_eq!(page.date, NaiveDate::from_ymd_opt(2026, 3, 2));
    }

    #[test]
    fn whatever_is_wrong_is_told_by_the_name_of_its_parameter() {
        let named = |name: &str, code| (name.to_owned(), code);
        assert_eq!(fault("slot=a&limit=banyak"), named("limit", "wrong_type"));
        assert_eq!(fault("slot=a&limit="), named("limit", "wrong_type"));
        assert_eq!(fault("slot=a&date=`x`"), named("date", "wrong_type"));
        assert_eq!(fault("limit=1"), named("slot", "missing"));
        assert_eq!(fault(""), named("slot", "missing"));
        assert_eq!(fault("slot=a&halaman=2"), named("halaman", "unknown_field"));
        assert_eq!(fault("slot=a&limit=1&limit=2"), named("limit", "repeated"));
    }
}
