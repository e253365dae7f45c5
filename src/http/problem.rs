//! Problems as RFC 9457 tells them: the one table from code to status and title, in Indonesian and English.

use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::language::Language;
use crate::http::language::language_of;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use std::fmt;
use utoipa::ToSchema;

/// What every refused call answers (`application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemView {
    /// `/problems#<code>`.
    #[serde(rename = "type")]
    kind: String,
    /// The kind of problem in words.
    title: String,
    /// The HTTP status again.
    status: u16,
    /// Stable name; match on this.
    code: &'static str,
    /// Which fields are wrong, if it is about fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldView>,
    /// Seconds to wait, as in Retry-After.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u64>,
}

/// One wrong field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldView {
    /// Path of the field.
    field: String,
    /// Stable name of what is wrong.
    code: &'static str,
    /// A sentence.
    message: String,
}

/// Status and titles of a code.
#[expect(clippy::too_many_lines, reason = "one line a code: a table, not a procedure")]
pub const fn describe(code: Code) -> (u16, &'static str, &'static str) {
    match code {
        Code::MalformedJson => (
            400,
            "Isi permintaan bukan JSON yang utuh.",
            "The body is not valid JSON.",
        ),
        Code::BodyIncomplete => (
            400,
            "Isi permintaan tidak sampai utuh. Silakan kirim ulang.",
            "The body did not arrive whole.",
        ),
        Code::Unauthenticated => (401, "Silakan masuk terlebih dahulu.", "Sign in first."),
        Code::InvalidCredentials => (
            401,
            "Nama pengguna atau kata sandi belum cocok.",
            "Username and password do not match.",
        ),
        Code::InvalidRefreshToken => (
            401,
            "Sesi sudah berakhir. Silakan masuk kembali.",
            "The session has ended. Sign in again.",
        ),
        Code::InvalidActivationCode => (
            401,
            "Kode aktivasi tidak berlaku. Mintalah kode baru kepada operator Anda.",
            "The activation code is not valid. Ask your operator for a new one.",
        ),
        Code::CsrfTokenNeeded => (
            403,
            "Halaman ini perlu dimuat ulang sebelum perubahan dapat disimpan.",
            "X-CSRF-Token must carry the session's token. Load the page again.",
        ),
        Code::Forbidden => (
            403,
            "Peran Anda tidak mencakup tindakan ini.",
            "None of your roles allows this.",
        ),
        Code::OwnDraft => (
            403,
            "Surat edaran diterbitkan oleh orang lain daripada penulisnya. Mintalah rekan atau Kepala BKD menerbitkannya.",
            "A circular is issued by somebody else than its writer. Ask a colleague or the head of BKD to issue it.",
        ),
        Code::NotFound => (404, "Tidak ditemukan.", "Not found."),
        Code::NoSuchRoute => (404, "Alamat ini tidak ada.", "There is no such address."),
        Code::MethodNotAllowed => (
            405,
            "Cara ini tidak berlaku untuk alamat tersebut.",
            "This method is not allowed here.",
        ),
        Code::IdConflict => (
            409,
            "Id ini sudah dipakai untuk isi yang lain.",
            "This id was used for another content.",
        ),
        Code::IdempotencyConflict => (
            409,
            "Idempotency-Key ini sudah dipakai untuk permintaan lain.",
            "This Idempotency-Key was used for another request.",
        ),
        Code::AlreadyExists => (409, "Sudah ada.", "It exists already."),
        Code::DispatchRefused => (
            422,
            "Paket kiriman ini tidak diterima; tidak ada yang disimpan.",
            "The dispatch was not taken; nothing of it was stored.",
        ),
        Code::FederatedAgency => (
            409,
            "Perangkat daerah ini menyegel kirimannya di layanannya sendiri.",
            "This agency seals its batches on an instance of its own.",
        ),
        Code::NotFederated => (
            409,
            "Layanan ini tidak diatur untuk mengirim ke layanan BKD.",
            "This instance is not set up to send to BKD's.",
        ),
        Code::AuditOverlap => (
            409,
            "Sudah ada rencana uji petik untuk perangkat daerah dan sebagian periode ini.",
            "A plan covers one of these agencies on some of these days already.",
        ),
        Code::SeedSet => (
            409,
            "Angka acak uji petik ini sudah ditetapkan dan tidak dapat diganti.",
            "The audit has another seed; a seed is set once.",
        ),
        Code::SeedMissing => (
            409,
            "Tetapkan angka acak terlebih dahulu, lalu undi.",
            "Set the seed first, then draw.",
        ),
        Code::NoIndependentAuditor => (
            409,
            "Belum ada auditor di luar perangkat daerah tersebut. Tambahkan auditor, lalu undi kembali.",
            "No auditor is independent of one of the agencies. Add one, then draw again.",
        ),
        Code::SampleSizeFixed => (
            409,
            "Rencana uji petik ini menetapkan ukuran sampel sejak awal. Menambah sampel setelah hasil terlihat membuat \
             kesimpulannya tidak lagi benar; rencanakan uji petik berikutnya dengan aturan sequence bila ingin menambah.",
            "This plan fixed the size of its sample. Adding to it after results were seen would make the claim untrue; plan \
             the next audit with the stopping rule sequence if it may have to be extended.",
        ),
        Code::CasesOpen => (
            409,
            "Masih ada kasus yang belum selesai.",
            "Some cases are not settled yet.",
        ),
        Code::ReplyPending => (
            409,
            "Pegawai masih berhak menanggapi. Keputusan diambil setelah tanggapan atau batas waktunya.",
            "The person may still reply. A decision comes after the reply or its time.",
        ),
        Code::ReplyOver => (409, "Waktu menanggapi sudah berakhir.", "The time to reply has passed."),
        Code::ObjectionOver => (
            409,
            "Waktu mengajukan keberatan sudah berakhir.",
            "The time to object has passed.",
        ),
        Code::SecondReviewPending => (
            409,
            "Kasus ini menunggu pemeriksaan kedua. Temuan dapat ditetapkan sesudahnya.",
            "The case waits for its second review; a finding can be upheld after that.",
        ),
        Code::TravelBanned => (
            409,
            "Surat edaran yang berlaku melarang perjalanan ini; diperlukan pengecualian dari pejabat yang disebutnya.",
            "A circular in force bans this journey; whoever it names has to except it first.",
        ),
        Code::SecondPersonNeeded => (
            409,
            "Langkah ini perlu dilakukan oleh orang kedua.",
            "This takes a second person.",
        ),
        Code::WrongState => (
            409,
            "Keadaannya tidak memungkinkan tindakan ini.",
            "Its state does not allow this.",
        ),
        Code::LastAdministrator => (
            409,
            "Akun ini administrator aktif yang terakhir. Angkat administrator lain terlebih dahulu.",
            "This is the last active administrator. Appoint another one first.",
        ),
        Code::Superseded => (
            409,
            "Sudah ada versi yang lebih baru. Gunakan versi itu.",
            "A newer version took its place. Use that one.",
        ),
        Code::StaleVersion => (
            412,
            "Sudah diubah orang lain. Muat ulang, lalu coba lagi.",
            "Changed by someone else. Load it again.",
        ),
        Code::BodyTooLarge => (413, "Isi permintaan terlalu besar.", "The body is too large."),
        Code::UnsupportedMediaType => (
            415,
            "Jenis isi ini tidak diterima di sini.",
            "This media type is not taken here.",
        ),
        Code::InvalidFields => (
            422,
            "Ada isian yang perlu diperbaiki.",
            "Some fields need to be corrected.",
        ),
        Code::CapturedTooOld => (
            422,
            "Lokasi diambil lebih dari 31 hari yang lalu, sehingga tidak dapat disimpan.",
            "The share was captured more than 31 days ago and can't be kept.",
        ),
        Code::CapturedInFuture => (
            422,
            "Waktu lokasi lebih dari 24 jam di depan. Periksa jam ponsel Anda.",
            "The share is dated more than 24 hours ahead. Check the phone's clock.",
        ),
        Code::NoLongerKept => (
            422,
            "Data lokasi hari-hari ini tidak lagi disimpan karena masa simpannya telah lewat.",
            "The shares of these days are no longer kept: their time is over.",
        ),
        Code::NoMembership => (
            422,
            "Anda belum terdaftar di perangkat daerah mana pun. Hubungi operator Anda.",
            "You belong to no agency yet. Ask your operator.",
        ),
        Code::VersionRequired => (
            428,
            "Sertakan If-Match dengan versi yang Anda muat.",
            "If-Match with the loaded version is required.",
        ),
        Code::TooManyAttempts => (
            429,
            "Terlalu banyak percobaan masuk. Tunggu sebentar.",
            "Too many attempts. Wait a moment.",
        ),
        Code::TooManyRequests => (
            429,
            "Terlalu banyak permintaan. Tunggu sebentar.",
            "Too many calls. Wait a moment.",
        ),
        Code::Internal => (
            500,
            "Terjadi kesalahan di sisi kami. Tidak ada yang tersimpan; silakan coba lagi.",
            "A mistake on our side. Nothing was stored; try again.",
        ),
        Code::Busy => (
            503,
            "Layanan sedang penuh. Kirim ulang sebentar lagi; tidak akan tercatat dua kali.",
            "Busy. Repeat shortly; nothing is counted twice.",
        ),
    }
}

/// A refused call on its way out.
#[derive(Debug)]
pub struct Problem {
    code: Code,
    fields: Vec<FieldError>,
    retry_after: Option<u64>,
}

impl ProblemView {
    /// The HTTP status, also inside a batch.
    pub(crate) const fn status(&self) -> u16 {
        self.status
    }
}

impl Problem {
    /// A problem that is all said by its code.
    pub const fn new(code: Code) -> Self {
        Self {
            code,
            fields: Vec::new(),
            retry_after: None,
        }
    }

    /// The same problem for machines and people who read this language.
    pub fn view(&self, language: Language) -> ProblemView {
        let (status, indonesian, english) = describe(self.code);
        ProblemView {
            kind: format!("/problems#{}", self.code.text()),
            title: language.choose(indonesian, english).to_owned(),
            status,
            code: self.code.text(),
            fields: self
                .fields
                .iter()
                .map(|field| FieldView {
                    field: field.field.clone(),
                    code: field.code,
                    message: language.choose(&field.indonesian, &field.english).to_owned(),
                })
                .collect(),
            retry_after_seconds: self.retry_after,
        }
    }

    fn response(&self, language: Language) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.content_type("application/problem+json");
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if self.status_code() == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        response.json(self.view(language))
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Unauthenticated(code) | Error::Conflict(code) | Error::Refused(code) => Self::new(code),
            Error::Forbidden => Self::new(Code::Forbidden),
            Error::NotFound => Self::new(Code::NotFound),
            Error::Stale => Self::new(Code::StaleVersion),
            Error::Invalid(fields) => Self {
                fields,
                ..Self::new(Code::InvalidFields)
            },
            Error::RefusedField(code, field) => Self {
                fields: vec![field],
                ..Self::new(code)
            },
            Error::TooMany(code, seconds) => Self {
                retry_after: Some(seconds),
                ..Self::new(code)
            },
            Error::Busy(seconds) => Self {
                retry_after: Some(seconds),
                ..Self::new(Code::Busy)
            },
            Error::Internal(cause) => {
                // The chain is told once, here; the caller learns only that it was our mistake.
                let mut chain = cause.to_string();
                let mut source = cause.source();
                while let Some(inner) = source {
                    chain.push_str(": ");
                    chain.push_str(&inner.to_string());
                    source = inner.source();
                }
                tracing::error!(error = %chain, "internal error");
                Self::new(Code::Internal)
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code.text())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(describe(self.code).0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        // The request is not at hand here; `translate` writes the body again when another language was asked for.
        let english = self.response(Language::English);
        let mut response = self.response(Language::Indonesian);
        response
            .extensions_mut()
            .insert(InEnglish(std::sync::Mutex::new(Some(english))));
        response
    }
}

/// The English twin of an Indonesian answer, kept beside it until the language is known.
struct InEnglish(std::sync::Mutex<Option<HttpResponse>>);

/// Middleware: gives the answer's English twin to whoever asked for English.
pub async fn translate(
    request: actix_web::dev::ServiceRequest,
    next: actix_web::middleware::Next<impl actix_web::body::MessageBody + 'static>,
) -> Result<actix_web::dev::ServiceResponse<BoxBody>, actix_web::Error> {
    let language = language_of(request.request());
    let response = next.call(request).await?.map_into_boxed_body();
    if language == Language::Indonesian {
        return Ok(response);
    }
    let twin = response
        .response()
        .extensions()
        .get::<InEnglish>()
        .and_then(|twin| twin.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
    Ok(match twin {
        Some(english) => response.into_response(english),
        None => response,
    })
}

/// The table of `api-spec/problems.md`.
pub fn table() -> String {
    let mut text = String::from(
        "# Problems\n\nEvery refused call answers `application/problem+json` (RFC 9457) with one of these codes. Generated by `sherlok spec`; a test holds it to the code.\n\n| code | status | Indonesian | English |\n| --- | --- | --- | --- |\n",
    );
    for code in Code::ALL {
        let (status, indonesian, english) = describe(*code);
        text.push_str(
            &[
                "| `",
                code.text(),
                "` | ",
                &status.to_string(),
                " | ",
                indonesian,
                " | ",
                english,
                " |\n",
            ]
            .concat(),
        );
    }
    text
}
