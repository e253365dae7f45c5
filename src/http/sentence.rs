//! Sentences that only the wire says, and the outcome of a stored share in words.

use crate::app::check_in::CheckInRow;
use crate::domain::check_in_sentence::Outcome;
use crate::domain::language::Language;

/// Tells the operator that a home lies absurdly far from the village that it is said to lie in.
pub(crate) fn far_home(village: &str, metres: i32, language: Language) -> String {
    let kilometres = language.grouped(u64::from(metres.unsigned_abs() / 1_000));
    match language {
        Language::Indonesian => format!(
            "Titik rumah ini {kilometres} km dari {village}, desa atau kelurahan yang disebut. Tanyakan kepada pegawai \
             apakah titik atau kode desanya keliru."
        ),
        Language::English => format!(
            "The point is {kilometres} km from {village}, the village that is named. Ask the employee whether the point \
             or the village code is a slip."
        ),
    }
}

/// Tells an auditor why there is no point to look at.
pub(crate) const fn forgotten_position(language: Language) -> &'static str {
    match language {
        Language::Indonesian => {
            "Titik lokasi ini sudah tidak disimpan karena masa simpannya telah berakhir. Penilaian yang dibuat saat itu tetap \
             berlaku; periksa lewat keterangan pegawai atau dokumen."
        }
        Language::English => {
            "This position is no longer kept: its time of keeping is over. What it was judged to be still stands; go by the \
             person's account or by documents."
        }
    }
}

/// The same of a position that an agency had sealed on an instance of its own.
pub(crate) const fn forgotten_opening(language: Language) -> &'static str {
    match language {
        Language::Indonesian => {
            "Titik lokasi tersegel untuk sesi ini tidak ada atau sudah tidak disimpan. Tanpa titik itu, catatan perangkat \
             daerah tidak dapat diverifikasi; periksa lewat keterangan pegawai, kunjungan, atau dokumen."
        }
        Language::English => {
            "There is no sealed position for this slot, or it is no longer kept. Without it the agency's row can't be \
             verified; go by the person's account, a visit or documents."
        }
    }
}

/// Tells an auditor that a sealed position contradicts its row.
pub(crate) const fn unverifiable_position(language: Language) -> &'static str {
    match language {
        Language::Indonesian => {
            "Titik lokasi tersegel dari perangkat daerah tidak cocok dengan catatan yang disegelnya, sehingga sesi ini tidak \
             dapat diverifikasi dengan titik itu. Sesi dihitung menyimpang selama belum ada yang memutuskan lain."
        }
        Language::English => {
            "The position that the agency sealed is not what its row has committed to, so that the slot can't be verified by \
             it. The slot counts as a deviation unless a person decides otherwise."
        }
    }
}

/// What was made of a stored share, in words.
pub(crate) fn outcome(row: &CheckInRow, language: Language) -> String {
    let outcome = Outcome {
        mode: row.mode,
        slot: row.slot,
        place: row.place,
        distance_metres: row.distance_metres,
        time: row.time,
        is_countable: row.is_countable,
        is_counted: row.counted,
        flags: row.read_flags(),
    };
    outcome.sentence(language)
}
