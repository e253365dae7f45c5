//! The sentences of notices about requests for leave that go back to their applicants.

use crate::domain::language::Language;
use crate::domain::notice::sentence::NoticeText;
use crate::domain::notice::sentence::ended;
use crate::domain::notice::sentence::said;
use chrono::NaiveDate;

/// Told to the applicant: what is missing, and that it can be sent again.
pub(super) fn leave_returned(language: Language, (from, to): (NaiveDate, NaiveDate), note: &str) -> NoticeText {
    let (days, note) = (language.days(from, to), ended(note));
    match language {
        Language::Indonesian => said(
            "Permohonan cuti perlu dilengkapi",
            format!(
                "Permohonan cuti {days} dikembalikan untuk dilengkapi. Catatan: {note} Silakan lengkapi lalu \
                 kirim kembali."
            ),
        ),
        Language::English => said(
            "Your leave request needs completing",
            format!(
                "Your request for leave of {days} came back to be completed. Note: {note} Please complete it \
                 and send it again."
            ),
        ),
    }
}
