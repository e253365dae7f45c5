//! Answers that are a PDF.

use actix_web::HttpResponse;
use actix_web::http::header;

/// A PDF of someone's, to be saved under this name.
pub(crate) fn answer(file_name: &str, pdf: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file_name}\""),
        ))
        .body(pdf)
}
