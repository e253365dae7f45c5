//! Ranks by grade (pangkat menurut golongan ruang), as they stand under a signature, and the order of grades.

const GRADES: &str = include_str!("../../../data/reference/grades_pns.csv");

fn row(grade: &str) -> Option<(&'static str, u16)> {
    GRADES.lines().skip(1).find_map(|line| {
        let mut fields = line.split(',');
        let (code, name, order) = (fields.next()?, fields.next()?, fields.next()?);
        (code == grade).then_some((name, order.trim().parse().ok()?))
    })
}

/// `Penata Muda Tingkat I, III/b`; a grade that is not of the civil service's table stands alone.
pub fn rank(grade: &str) -> String {
    match row(grade) {
        Some((name, _)) => format!("{name}, {grade}"),
        None => grade.to_owned(),
    }
}

/// Its place among the grades, the highest greatest; 0 for one that is not in the table.
pub fn order(grade: Option<&str>) -> u16 {
    grade.and_then(row).map_or(0, |(_, order)| order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grade_has_its_rank_and_place() {
        assert_eq!(rank("III/b"), "Penata Muda Tingkat I, III/b");
        assert_eq!(rank("VII"), "VII");
        assert!(order(Some("IV/b")) > order(Some("III/d")));
        assert!(order(Some("III/a")) > order(Some("II/d")));
        assert_eq!((order(None), order(Some("VII"))), (0, 0));
    }
}
