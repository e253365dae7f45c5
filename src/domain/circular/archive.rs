//! The circulars of Banten of 2020 to 2026 that press reports name, as data that ships with the service.
//!
//! They are examples and the demo's register; what is assumed where the reports are silent stands in each file.

use crate::domain::circular::content::Content;
use serde::Deserialize;

const FILES: [&str; 14] = [
    include_str!("../../../data/circulars/2020-03-22_734.json"),
    include_str!("../../../data/circulars/2020-03-30_789.json"),
    include_str!("../../../data/circulars/2020-04-20_899.json"),
    include_str!("../../../data/circulars/2020-06-12_1117.json"),
    include_str!("../../../data/circulars/2020-06-29_open_ended.json"),
    include_str!("../../../data/circulars/2020-10-15_1865.json"),
    include_str!("../../../data/circulars/2020-11-16_2688_pandeglang.json"),
    include_str!("../../../data/circulars/2021-06-21_1357.json"),
    include_str!("../../../data/circulars/2021-06-28_1421.json"),
    include_str!("../../../data/circulars/2023-08-25_2928.json"),
    include_str!("../../../data/circulars/2024-04-14_12.json"),
    include_str!("../../../data/circulars/2025-03-24_9.json"),
    include_str!("../../../data/circulars/2026-02-13_3.json"),
    include_str!("../../../data/circulars/2026-03-10_4.json"),
];

/// One circular with where it is known from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archived {
    /// The reports.
    pub sources: Vec<String>,
    /// What is assumed where they are silent.
    #[serde(default)]
    pub note: Option<String>,
    /// The circular. Its relations cite numbers; resolve them as the register grows.
    pub content: Content,
}

/// All of them in the order of their signatures, so that each cites only earlier ones.
pub fn archive() -> Vec<Archived> {
    // A test reads every file, so none is ever skipped.
    FILES
        .iter()
        .filter_map(|file| serde_json::from_str(file).ok())
        .collect()
}

#[cfg(test)]
pub(in crate::domain) mod tests {
    use super::*;
    use crate::domain::circular::in_force::Decided;
    use crate::domain::circular::in_force::in_force;
    use crate::domain::circular::lifecycle::Circular;
    use crate::domain::circular::lifecycle::CircularState;
    use crate::domain::circular::lifecycle::tests::day;
    use crate::domain::ids::CircularId;

    /// The archive as a register in which everything was issued in order.
    pub(in crate::domain) fn register() -> Vec<Circular> {
        let mut register: Vec<Circular> = Vec::new();
        for (index, archived) in (1_u128..).zip(archive()) {
            let mut content = archived.content;
            content.relations = content
                .relations
                .into_iter()
                .map(|relation| {
                    relation.resolved(|number| {
                        let cited = |known: &&Circular| known.content.number.key() == number.key();
                        register.iter().find(cited).map(|known| known.id)
                    })
                })
                .collect();
            assert_eq!(content.faults_at_issue(), [], "{}", content.number);
            register.push(Circular {
                id: CircularId::new(uuid::Uuid::from_u128(index)),
                content,
                state: CircularState::Issued,
                revoked_from: None,
            });
        }
        register
    }

    /// Who decides what, in words.
    fn told(jurisdiction: &str, date: &str) -> String {
        let rules = in_force(&register(), &jurisdiction.parse().unwrap(), day(date));
        let line = |entry: &Decided| {
            let carried = entry
                .carried_by
                .iter()
                .map(|carrier| format!(", carried by {}", carrier.number));
            let rules = serde_json::to_string(&entry.rules).unwrap();
            format!("{}{}: {rules}", entry.by.number, carried.collect::<String>())
        };
        let in_force: Vec<_> = rules.in_force.iter().map(|citation| citation.number.as_str()).collect();
        let decided: Vec<_> = rules.decided.iter().map(line).collect();
        format!("in force: {}\n{}", in_force.join("; "), decided.join("\n"))
    }

    #[test]
    fn every_file_is_read_and_fit_to_be_issued() {
        for file in FILES {
            serde_json::from_str::<Archived>(file).unwrap();
        }
        assert_eq!(register().len(), FILES.len());
        assert!(
            archive()
                .windows(2)
                .all(|pair| pair[0].content.signed_on <= pair[1].content.signed_on)
        );
    }

    #[test]
    fn the_first_week_of_2020_is_ruled_by_the_parent_circular() {
        insta::assert_snapshot!(told("36", "2020-03-24"));
    }

    #[test]
    fn the_chain_of_spring_2020_carries_the_parent_to_may() {
        insta::assert_snapshot!(told("36", "2020-05-13"));
        assert_eq!(told("36", "2020-05-14"), "in force: \n");
    }

    #[test]
    fn the_open_ended_extension_holds_until_1865_sets_an_end() {
        insta::assert_snapshot!("open_ended", told("36", "2020-10-14"));
        insta::assert_snapshot!("ended_by_1865", told("36", "2020-11-20"));
        assert_eq!(told("36", "2020-11-21"), "in force: \n");
    }

    #[test]
    fn pandeglang_has_its_own_circular_over_the_provinces() {
        insta::assert_snapshot!(told("36.01", "2020-11-20"));
        assert!(told("36.01", "2020-12-18").starts_with("in force: 800/2688-BKD/2020\n"));
    }

    #[test]
    fn the_quotas_of_2021_are_amended_for_twelve_days() {
        insta::assert_snapshot!("amended", told("36", "2021-07-09"));
        insta::assert_snapshot!("unamended_again", told("36", "2021-07-10"));
    }

    #[test]
    fn the_half_and_half_of_2023_has_priorities_and_exemptions() {
        insta::assert_snapshot!(told("36", "2023-08-28"));
    }

    #[test]
    fn the_short_circulars_hold_on_their_days_only() {
        for (last, next, number) in [
            ("2024-04-17", "2024-04-18", "Nomor 12 Tahun 2024"),
            ("2025-04-11", "2025-04-12", "Nomor 9 Tahun 2025"),
            ("2026-03-20", "2026-03-21", "Nomor 3 Tahun 2026"),
            ("2026-03-27", "2026-03-28", "Nomor 4 Tahun 2026"),
        ] {
            assert!(told("36", last).starts_with(&format!("in force: {number}\n")), "{last}");
            assert_eq!(told("36", next), "in force: \n");
        }
        insta::assert_snapshot!("ramadan_2026", told("36", "2026-03-02"));
        insta::assert_snapshot!("after_lebaran_2026", told("36", "2026-03-25"));
    }
}
