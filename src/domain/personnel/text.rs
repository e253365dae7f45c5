//! The spellings of dates, kinds, statuses and contacts in personnel exports.

use crate::domain::employee_number::EmployeeNumberKind;
use crate::domain::employee_number::Sex;
use chrono::NaiveDate;

/// Reads `dd-mm-yyyy` and `yyyy-mm-dd`, with hyphens, slashes or dots; the day always comes before the month.
pub fn read_date(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.trim().split(['-', '/', '.']).collect();
    let [first, middle, last] = parts.as_slice() else {
        return None;
    };
    let number = |part: &str| -> Option<u32> {
        part.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| part.parse().ok())
            .flatten()
    };
    let (year, day) = match (first.len(), last.len()) {
        (4, 1..=2) => (first, last),
        (1..=2, 4) => (last, first),
        (_, _) => return None,
    };
    let year = i32::try_from(number(year)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(middle)?, number(day)?)
}

/// The letters and words of SIASN and SIMPEG. `P` is *perempuan* here, never *pria*.
pub(super) fn read_sex(text: &str) -> Option<Sex> {
    match text.to_lowercase().as_str() {
        "m" | "l" | "laki-laki" | "pria" | "1" => Some(Sex::Male),
        "f" | "p" | "perempuan" | "wanita" | "2" => Some(Sex::Female),
        _ => None,
    }
}

pub(super) fn read_kind(text: &str) -> Option<EmployeeNumberKind> {
    let words = text.to_lowercase();
    if words.contains("non asn") || words.contains("non-asn") || words.contains("honorer") {
        Some(EmployeeNumberKind::NonAsn)
    } else if words.contains("pppk") {
        Some(EmployeeNumberKind::Pppk)
    } else if words.contains("pns") {
        Some(EmployeeNumberKind::Pns)
    } else {
        None
    }
}

/// Whether a legal status (kedudukan hukum) ends the employment. Suspension, leave and study do not.
pub(super) fn has_left(status: &str) -> bool {
    let words = status.to_lowercase();
    let ends = [
        "pensiun",
        "meninggal",
        "mengundurkan diri",
        "diberhentikan dengan",
        "pemberhentian dengan",
        "pemberhentian tidak",
    ];
    ends.iter().any(|end| words.contains(end)) && !words.contains("masa persiapan pensiun")
}

/// Whether the text is an address that mail can be sent to: plain characters, a host with a dot, no formula.
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let is_plain = |part: &str, extra: &str| {
        part.chars()
            .all(|character| character.is_ascii_alphanumeric() || extra.contains(character))
    };
    !local.is_empty()
        && text.len() <= 254
        && is_plain(local, "._%+-'")
        && is_plain(host, ".-")
        && !local.starts_with(['+', '-', '\''])
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
}

/// Brings `+62 812-...`, `62812...` and a number that a spreadsheet robbed of its zero to `0812...`.
pub fn phone_digits(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .filter(|character| !matches!(character, ' ' | '-' | '.' | '(' | ')' | '\''))
        .collect();
    let digits = digits.strip_prefix('+').unwrap_or(&digits);
    let local = match digits.strip_prefix("62") {
        Some(rest) => format!("0{rest}"),
        None if digits.starts_with('8') => format!("0{digits}"),
        None => digits.to_owned(),
    };
    let is_number =
        local.starts_with('0') && (8..=15).contains(&local.len()) && local.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_day_first_or_year_first_and_never_month_first() {
        let date = NaiveDate::from_ymd_opt(1986, 9, 26);
        for text in ["26-09-1986", "1986-09-26", "26/9/1986", "26.09.1986", " 1986/09/26 "] {
            assert_eq!(read_date(text), date, "{text}");
        }
        for text in [
            "09-26-1986",
            "26-09-86",
            "30-02-1986",
            "26-09",
            "1986-09-26-1",
            "+6-09-1986",
            "",
            "198-09-26",
        ] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }

    #[test]
    fn p_is_perempuan_and_never_pria() {
        assert_eq!(read_sex("P"), Some(Sex::Female));
        assert_eq!(read_sex("L"), Some(Sex::Male));
        assert_eq!(read_sex("M"), Some(Sex::Male));
        assert_eq!(read_sex("?"), None);
    }

    #[test]
    fn non_asn_is_recognised_before_asn_words() {
        assert_eq!(read_kind("Non ASN"), Some(EmployeeNumberKind::NonAsn));
        assert_eq!(read_kind("PPPK Paruh Waktu"), Some(EmployeeNumberKind::Pppk));
        assert_eq!(read_kind("PNS Daerah Provinsi"), Some(EmployeeNumberKind::Pns));
        assert_eq!(read_kind("TNI"), None);
    }

    #[test]
    fn retirement_ends_employment_and_suspension_does_not() {
        assert!(has_left("Pensiun BUP"));
        assert!(has_left("Pemberhentian dengan hormat"));
        assert!(!has_left("Aktif"));
        assert!(!has_left("Pemberhentian sementara"));
        assert!(!has_left("Masa Persiapan Pensiun"));
        assert!(!has_left("Cuti Luar Tanggungan Negara"));
    }

    #[test]
    fn phone_numbers_come_to_one_form() {
        for text in [
            "+62 812-3456-7890",
            "6281234567890",
            "81234567890",
            "0812.3456.7890",
            "'081234567890",
        ] {
            assert_eq!(phone_digits(text).as_deref(), Some("081234567890"), "{text}");
        }
        for text in ["", "12345", "0812x", "=0812345678", "0812345678901234"] {
            assert_eq!(phone_digits(text), None, "{text}");
        }
    }

    #[test]
    fn e_mail_addresses_need_both_halves_and_no_formula() {
        assert!(is_email("siti.n+dinas@bantenprov.go.id"));
        for text in [
            "",
            "siti",
            "@x.id",
            "siti@",
            "siti@host",
            "a b@x.id",
            "=a@x.id",
            "+a@x.id",
            "a@x.id\r\nBcc: b@x.id",
        ] {
            assert!(!is_email(text), "{text}");
        }
    }
}
