//! Why a dispatch did not arrive, by name and in words for whoever runs the agency's instance.

use crate::domain::dispatch::Check;
use crate::domain::language::Language;

/// What the last attempt to send a dispatch ended with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Problem {
    /// BKD's instance was not reached, or said that it can't now.
    Unreachable,
    /// BKD's instance does not sign the account of the settings in.
    SignIn,
    /// No key is registered for the agency at BKD's instance.
    Unregistered,
    /// BKD's instance found this check to fail.
    Failed(Check),
    /// BKD's instance refused for another reason, such as a role that its account lacks.
    Denied,
    /// Something at the agency's own instance, such as a full disk.
    Own,
}

impl Problem {
    /// All but those with a check.
    const OTHERS: [Self; 5] = [
        Self::Unreachable,
        Self::SignIn,
        Self::Unregistered,
        Self::Denied,
        Self::Own,
    ];

    /// What an answer of BKD's instance says: its status, the code of its problem, and that problem's first field.
    pub fn of_answer(status: u16, code: Option<&str>, field: Option<&str>) -> Self {
        match (code, field.and_then(Check::from_code)) {
            (Some("dispatch_refused"), Some(Check::Agency)) => Self::Unregistered,
            (Some("dispatch_refused"), Some(check)) => Self::Failed(check),
            _ if status == 404 => Self::Unregistered,
            _ if status == 401 => Self::SignIn,
            _ => Self::Denied,
        }
    }

    /// The name in answers: that of the check, or a word of its own.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::SignIn => "sign_in",
            Self::Unregistered => "unregistered",
            Self::Failed(check) => check.code(),
            Self::Denied => "denied",
            Self::Own => "own",
        }
    }

    /// Reads [`Problem::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        let other = Self::OTHERS.into_iter().find(|problem| problem.code() == code);
        other.or_else(|| Check::from_code(code).map(Self::Failed))
    }

    /// What happened and what comes next.
    pub const fn sentence(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Unreachable, Language::Indonesian) => {
                "Layanan BKD belum dapat dihubungi. Kiriman dicoba lagi dengan sendirinya."
            }
            (Self::Unreachable, Language::English) => "BKD's instance was not reached. It is tried again by itself.",
            (Self::SignIn, Language::Indonesian) => {
                "Layanan BKD tidak menerima akun pengirim. Minta pengelola layanan memeriksa nama dan kata sandinya di setelan."
            }
            (Self::SignIn, Language::English) => {
                "BKD's instance does not sign the sender's account in. Have its name and password in the settings looked at."
            }
            (Self::Unregistered, Language::Indonesian) => {
                "BKD belum mendaftarkan kunci log perangkat daerah ini untuk akun pengirim. Hubungi petugas BKD."
            }
            (Self::Unregistered, Language::English) => {
                "BKD has not registered the key of this agency's log for the sender's account. Get in touch with BKD."
            }
            (Self::Failed(check), Language::Indonesian) => check.indonesian(),
            (Self::Failed(check), Language::English) => check.english(),
            (Self::Denied, Language::Indonesian) => "Layanan BKD menolak panggilan akun pengirim. Hubungi petugas BKD.",
            (Self::Denied, Language::English) => "BKD's instance refused the sender's account. Get in touch with BKD.",
            (Self::Own, Language::Indonesian) => {
                "Paket belum dapat dibuat di layanan ini. Minta pengelola layanan melihat catatannya."
            }
            (Self::Own, Language::English) => {
                "The dispatch could not be made on this instance. Have its record of errors looked at."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn all() -> Vec<Problem> {
        let checks = Check::ALL.into_iter().filter(|check| *check != Check::Agency);
        Problem::OTHERS.into_iter().chain(checks.map(Problem::Failed)).collect()
    }

    #[test]
    fn every_problem_has_a_name_that_reads_back_and_two_sentences_of_its_own() {
        let mut said = BTreeSet::new();
        for problem in all() {
            assert_eq!(Problem::from_code(problem.code()), Some(problem));
            for language in [Language::Indonesian, Language::English] {
                assert!(said.insert(problem.sentence(language)), "{problem:?}");
            }
        }
        assert_eq!(Problem::from_code("else"), None);
    }

    #[test]
    fn an_answer_is_named_by_its_check_or_else_by_its_status() {
        let of = Problem::of_answer;
        assert_eq!(
            of(422, Some("dispatch_refused"), Some("rows")),
            Problem::Failed(Check::Rows)
        );
        assert_eq!(of(422, Some("dispatch_refused"), Some("agency")), Problem::Unregistered);
        assert_eq!(of(422, Some("dispatch_refused"), Some("else")), Problem::Denied);
        assert_eq!(of(422, Some("invalid"), Some("rows")), Problem::Denied);
        assert_eq!(of(404, Some("not_found"), None), Problem::Unregistered);
        assert_eq!(of(401, None, None), Problem::SignIn);
        assert_eq!(of(403, Some("forbidden"), None), Problem::Denied);
    }
}
