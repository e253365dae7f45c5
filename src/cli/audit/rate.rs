//! Rates as people write them.

/// Basis points as people write them: 950 is `9.5 %`.
pub(super) fn percent(basis_points: u16) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    if rest == 0 {
        format!("{whole} %")
    } else {
        format!("{whole}.{rest:02} %").replace("0 %", " %")
    }
}

/// A share with one decimal, rounded up so that it promises nothing that is not true.
pub(super) fn tenths_of_percent(part: u64, whole: u64) -> String {
    let tenths = (u128::from(part) * 1_000).div_ceil(u128::from(whole.max(1)));
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basis_points_are_written_as_percent() {
        assert_eq!(
            [percent(500), percent(950), percent(9_999)],
            ["5 %", "9.5 %", "99.99 %"]
        );
    }

    #[test]
    fn shares_are_rounded_up() {
        assert_eq!(tenths_of_percent(25, 1_200), "2.1 %");
        assert_eq!([tenths_of_percent(0, 0), tenths_of_percent(1, 1)], ["0.0 %", "100.0 %"]);
    }
}
