//! The public page on which anyone verifies a letter: small, in Indonesian, without scripts or outside requests.

use crate::app::App;
use crate::app::letter::Verified;
use crate::domain::digest::Digest;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::letter::LetterState;
use crate::http::letter;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::rate::Limiter;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, ResponseError, get};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#faf9f6;margin:0}\
main{max-width:36rem;margin:0 auto;padding:32px 16px}\
h1{font-size:1.25rem;margin:0 0 16px}\
.state{border:2px solid;border-radius:8px;padding:16px;font-weight:600}\
.issued{color:#0f5257}.revoked{color:#8a2c0d}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:8px 16px;margin:24px 0}\
dt{color:#555}dd{margin:0;font-variant-numeric:tabular-nums}\
p{margin:16px 0}\
@media(prefers-color-scheme:dark){body{color:#ededea;background:#161616}dt{color:#b5b5b0}.issued{color:#7cc8cd}.revoked{color:#f0a58b}}";

/// Shows whether the letter behind a code holds, without sign-in: kind, number, date, agency, initials, nothing else.
#[utoipa::path(operation_id = "show_verification_page", tag = "letters", security(()), params(
    ("code" = String, Path, description = "The code on the letter"),
), responses(
    (status = 200, body = String, content_type = "text/html"),
    (status = "4XX", content(
        (ProblemView = "application/problem+json"),
        (String = "text/html"),
    )),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/verify/{code}")]
pub(crate) async fn show(app: Data<App>, limiter: Data<Limiter>, path: Path<String>) -> Result<HttpResponse, Problem> {
    match letter::find(&app, &limiter, path.into_inner()).await {
        Ok(letter) => Ok(page(StatusCode::OK, &about(&letter))),
        Err(problem) if problem.status_code() == StatusCode::NOT_FOUND => Ok(page(StatusCode::NOT_FOUND, UNKNOWN)),
        Err(problem) => Err(problem),
    }
}

const UNKNOWN: &str = "<h1>Surat tidak ditemukan</h1>\
<p>Tidak ada surat dengan kode ini. Periksa kembali kode pada surat, huruf besar dan kecilnya juga. \
Bila tetap tidak ditemukan, tanyakan kepada perangkat daerah yang namanya tertulis pada surat.</p>";

fn about(letter: &Verified) -> String {
    let (class, said) = match letter.state {
        LetterState::Issued => ("issued", "Surat ini tercatat dan berlaku.".to_owned()),
        LetterState::Revoked => {
            let on = letter
                .revoked_at
                .map(|at| format!(" pada {}", Language::Indonesian.date(Zone::default().date(at))));
            let on = on.unwrap_or_default();
            ("revoked", format!("Surat ini tercatat, tetapi sudah dicabut{on}."))
        }
    };
    let row = |name: &str, value: &str| format!("<dt>{name}</dt><dd>{}</dd>", escaped(value));
    [
        format!("<h1>Verifikasi surat</h1><p class=\"state {class}\">{said}</p><dl>"),
        row("Jenis", letter.kind.indonesian()),
        row("Nomor", &letter.number),
        row("Tanggal", &Language::Indonesian.date(letter.letter_date)),
        row("Perangkat daerah", &letter.agency_name),
        row("Atas nama", &letter.holder_initials),
        "</dl><p>Cocokkan keterangan ini dengan surat yang Anda pegang. Isi surat selengkapnya hanya untuk pemiliknya.</p>"
            .to_owned(),
    ]
    .concat()
}

fn page(status: StatusCode, content: &str) -> HttpResponse {
    let style = STANDARD.encode(Digest::of(STYLE.as_bytes()).bytes());
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::X_FRAME_OPTIONS, "DENY"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("X-Robots-Tag", "noindex"))
        .body(
            [
                "<!doctype html><html lang=\"id\"><head><meta charset=\"utf-8\">",
                "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">",
                "<title>Verifikasi surat</title><style>",
                STYLE,
                "</style></head><body><main>",
                content,
                "</main></body></html>",
            ]
            .concat(),
        )
}

/// Text as it may stand in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::letter::LetterKind;

    fn letter(state: LetterState) -> Verified {
        Verified {
            kind: LetterKind::Leave,
            number: "800/1-1.01/2026".to_owned(),
            letter_date: "2026-03-02".parse().unwrap(),
            agency_name: "Dinas <b>\"A\" & 'B'</b>".to_owned(),
            holder_initials: "C. S.".to_owned(),
            state,
            revoked_at: None,
        }
    }

    #[test]
    fn names_are_text_and_never_markup() {
        let html = about(&letter(LetterState::Issued));
        assert!(!html.contains("<b>"));
        assert!(
            html.contains("Dinas &lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;"),
            "{html}"
        );
        assert!(html.contains("2 Maret 2026") && html.contains("berlaku"));
    }

    #[test]
    fn a_revoked_letter_says_so() {
        assert!(about(&letter(LetterState::Revoked)).contains("sudah dicabut."));
    }
}
