//! What may be odd about a share, each with the words for its sender. Nothing here judges.

use serde::{Deserialize, Serialize};

/// Something odd about a share. Flags inform; people decide.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// The phone's system says that the position is made up.
    MockProvider,
    /// The phone's clock is off by more than 5 minutes.
    ClockSkew,
    /// Captured after it was received, by the phone's clock.
    CapturedAhead,
    /// Received more than 24 hours after capture: kept, but it fills no slot by itself.
    ReceivedLate,
    /// A channel that gives no accuracy.
    NoAccuracy,
    /// On that day nobody expected a share of this person.
    NotRequired,
    /// On a journey while travel out of the region is banned: clearly outside the outlines of the region and of the
    /// destination. Coarse outlines inform, they decide nothing.
    OutsideAllowedRegion,
}

impl Flag {
    /// Every flag, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::MockProvider,
        Self::ClockSkew,
        Self::CapturedAhead,
        Self::ReceivedLate,
        Self::NoAccuracy,
        Self::NotRequired,
        Self::OutsideAllowedRegion,
    ];

    /// The spelling in JSON and files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MockProvider => "mock_provider",
            Self::ClockSkew => "clock_skew",
            Self::CapturedAhead => "captured_ahead",
            Self::ReceivedLate => "received_late",
            Self::NoAccuracy => "no_accuracy",
            Self::NotRequired => "not_required",
            Self::OutsideAllowedRegion => "outside_allowed_region",
        }
    }

    /// The inverse of [`Flag::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.code() == code)
    }

    /// The flag in plain words for the employee, Indonesian then English.
    pub const fn sentences(self) -> (&'static str, &'static str) {
        match self {
            Self::MockProvider => (
                "Ponsel melaporkan lokasi buatan. Matikan aplikasi lokasi palsu, lalu kirim ulang.",
                "The phone reports a made-up position. Turn mock locations off and share again.",
            ),
            Self::ClockSkew => (
                "Jam ponsel berbeda lebih dari 5 menit; waktu sudah kami sesuaikan. Aktifkan waktu otomatis.",
                "The phone's clock is off by more than 5 minutes; we corrected the time. Turn automatic time on.",
            ),
            Self::CapturedAhead => (
                "Waktu lokasi mendahului jam kami. Aktifkan waktu otomatis, lalu kirim ulang.",
                "The share's time is ahead of our clock. Turn automatic time on and share again.",
            ),
            Self::ReceivedLate => (
                "Diterima lebih dari 24 jam setelah diambil. Tersimpan; ajukan koreksi agar dihitung.",
                "Received more than 24 hours after capture. It is kept; ask for a correction to have it counted.",
            ),
            Self::NoAccuracy => (
                "Saluran ini tidak memberi akurasi, jadi lokasi belum bisa dipastikan.",
                "This channel gives no accuracy, so the place can't be confirmed.",
            ),
            Self::NotRequired => (
                "Hari ini Anda tidak wajib berbagi lokasi. Kiriman tetap disimpan.",
                "You need not share your location today. The share is kept all the same.",
            ),
            Self::OutsideAllowedRegion => (
                "Lokasi ini tampak di luar wilayah yang dibuka selama pembatasan perjalanan. Kiriman tetap dihitung; bila tugas memang membawa Anda ke sana, beri tahu atasan agar perjalanannya dicatat.",
                "This seems to lie outside the region that is open while travel is restricted. The share counts all the same; if duty takes you there, tell your superior so that the journey is on record.",
            ),
        }
    }
}
