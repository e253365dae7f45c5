//! The one sentence that an audit stands for, in both languages.

use crate::domain::audit::report::AuditReport;
use crate::domain::audit::report::StratumCount;
use crate::domain::audit::report::StratumReport;
use crate::domain::language::Language;

/// The numbers of a claim as they are written.
struct Written {
    confidence: String,
    upper: String,
    population: String,
    rate: String,
    sample: String,
    looked: String,
    upheld: String,
    unsettled: String,
}

impl Written {
    /// Those of the random strata, whose bound rests on these counts.
    fn new(report: &AuditReport, counted: &StratumCount, language: Language) -> Self {
        let number = |value| language.grouped(value);
        let bound = &report.random;
        let doubtful = if report.stopping.may_extend() { 0 } else { counted.open };
        Self {
            confidence: percent(u64::from(report.confidence_bp), 10_000, language),
            upper: number(bound.upper),
            population: number(bound.count.population),
            rate: percent(bound.upper, bound.count.population, language),
            sample: number(bound.count.sample),
            looked: number(counted.sample),
            upheld: number(counted.upheld),
            unsettled: number(counted.inconclusive + doubtful),
        }
    }
}

impl AuditReport {
    /// The one sentence that the audit stands for. Where units were targeted, it says what is proved of the others, what
    /// was found among the targeted ones, and what follows for all of them.
    pub fn claim(&self, language: Language) -> String {
        let sentence = if self.stopping.may_extend() {
            at_any_look(&Written::new(self, &self.random.counted, language), language)
        } else {
            at_the_end(&Written::new(self, &self.random.count, language), language)
        };
        let sentence = match &self.targeted {
            None => format!("{sentence}."),
            Some(targeted) => format!("{sentence}; {}.", self.beside(targeted, language)),
        };
        match language {
            // The claim of a sequence is as true while cases are open.
            _ if self.is_final() || self.stopping.may_extend() => sentence,
            Language::Indonesian => format!("Sementara: {sentence}"),
            Language::English => format!("Provisional: {sentence}"),
        }
    }

    fn beside(&self, targeted: &StratumReport, language: Language) -> String {
        let number = |value| language.grouped(value);
        let (units, found) = (number(targeted.count.population), number(targeted.count.upheld));
        let doubtful = number(targeted.count.inconclusive + targeted.count.open);
        let (upper, all) = (number(self.total.upper), number(self.total.count.population));
        let rate = percent(self.total.upper, self.total.count.population, language);
        match language {
            Language::Indonesian => format!(
                "di samping itu {units} slot bertanda diperiksa semua, {found} di antaranya dinyatakan menyimpang dan \
                 {doubtful} belum dapat dipastikan: seluruhnya paling banyak {upper} dari {all} slot ({rate}) menyimpang"
            ),
            Language::English => format!(
                "beside these, all {units} flagged slots are checked, of which {found} were found to deviate and \
                 {doubtful} could not be settled: in all at most {upper} of {all} slots ({rate}) deviate"
            ),
        }
    }
}

fn at_the_end(numbers: &Written, language: Language) -> String {
    let Written {
        confidence,
        upper,
        population,
        rate,
        sample,
        upheld,
        unsettled,
        ..
    } = numbers;
    match language {
        Language::Indonesian => format!(
            "Dengan tingkat keyakinan {confidence}, paling banyak {upper} dari {population} slot ({rate}) menyimpang; dari \
             {sample} slot yang diperiksa, {upheld} dinyatakan menyimpang dan {unsettled} belum dapat dipastikan"
        ),
        Language::English => format!(
            "With {confidence} confidence at most {upper} of {population} slots ({rate}) deviate; of {sample} slots \
             checked, {upheld} were found to deviate and {unsettled} could not be settled"
        ),
    }
}

fn at_any_look(numbers: &Written, language: Language) -> String {
    let Written {
        confidence,
        upper,
        population,
        rate,
        sample,
        looked,
        upheld,
        unsettled,
    } = numbers;
    match language {
        Language::Indonesian => format!(
            "Dengan tingkat keyakinan {confidence}, kapan pun dilihat, paling banyak {upper} dari {population} slot \
             ({rate}) menyimpang; {looked} dari {sample} slot terundi sudah dihitung menurut urutan undian, {upheld} \
             dinyatakan menyimpang dan {unsettled} tidak dapat dipastikan"
        ),
        Language::English => format!(
            "With {confidence} confidence, whenever one looks, at most {upper} of {population} slots ({rate}) deviate; \
             {looked} of {sample} drawn slots are counted, in the order of the draw: {upheld} were found to deviate and \
             {unsettled} could not be settled"
        ),
    }
}

/// A share as percent with one decimal, rounded up so that the claim stays true: `4,9 %`.
pub(super) fn percent(part: u64, whole: u64, language: Language) -> String {
    let tenths = (u128::from(part) * 1_000).div_ceil(u128::from(whole.max(1)));
    let (whole, tenth) = (tenths / 10, tenths % 10);
    match (tenth, language) {
        (0, _) => format!("{whole} %"),
        (_, Language::Indonesian) => format!("{whole},{tenth} %"),
        (_, Language::English) => format!("{whole}.{tenth} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::report::tests::{fixed, sample, targeted, watched};
    use crate::domain::audit::report::{StratumSample, report};
    use crate::domain::audit::stopping::Stopping;
    use crate::domain::notice::CaseOutcome;

    #[test]
    fn the_claim_is_one_plain_sentence_with_written_numbers() {
        let report = fixed(&[sample("all", 1_200, 102, 1)], 9_000);
        assert_eq!(
            report.claim(Language::Indonesian),
            "Dengan tingkat keyakinan 90 %, paling banyak 43 dari 1.200 slot (3,6 %) menyimpang; dari 102 slot yang \
             diperiksa, 1 dinyatakan menyimpang dan 0 belum dapat dipastikan."
        );
        assert!(
            report
                .claim(Language::English)
                .starts_with("With 90 % confidence at most 43 of 1,200 slots (3.6 %)")
        );
    }

    #[test]
    fn a_claim_says_that_it_is_provisional_while_a_case_is_open() {
        let mut open = sample("all", 1_200, 102, 1);
        open.outcomes[0] = None;
        let open = fixed(&[open], 9_000);
        assert!(open.claim(Language::Indonesian).starts_with("Sementara: Dengan"));
        assert!(open.claim(Language::English).starts_with("Provisional: With"));
    }

    #[test]
    fn a_claim_of_a_sequence_says_how_much_is_counted_and_is_never_provisional() {
        let mut early = sample("all", 1_000, 80, 0);
        early.outcomes[74] = None;
        let found = watched(&[early]);
        let upper = found.total.upper;
        assert_eq!(
            found.claim(Language::English),
            format!(
                "With 95 % confidence, whenever one looks, at most {upper} of 1,000 slots (4.{} %) deviate; 74 of 80 drawn \
                 slots are counted, in the order of the draw: 0 were found to deviate and 0 could not be settled.",
                upper - 40
            )
        );
        assert!(found.claim(Language::Indonesian).contains("74 dari 80 slot terundi"));
    }

    #[test]
    fn a_claim_with_targeted_units_says_both_numbers_and_what_follows_for_all() {
        let mut flagged = targeted(12, 3);
        flagged.outcomes[0] = Some(CaseOutcome::Inconclusive);
        let samples = [sample("all", 1_200, 102, 1)];
        let found = report(&samples, Some(&flagged), 9_000, Stopping::Fixed).unwrap();
        assert_eq!(
            found.claim(Language::English),
            "With 90 % confidence at most 43 of 1,200 slots (3.6 %) deviate; of 102 slots checked, 1 were found to deviate \
             and 0 could not be settled; beside these, all 12 flagged slots are checked, of which 3 were found to deviate \
             and 1 could not be settled: in all at most 47 of 1,212 slots (3.9 %) deviate."
        );
        assert_eq!(
            found.claim(Language::Indonesian),
            "Dengan tingkat keyakinan 90 %, paling banyak 43 dari 1.200 slot (3,6 %) menyimpang; dari 102 slot yang \
             diperiksa, 1 dinyatakan menyimpang dan 0 belum dapat dipastikan; di samping itu 12 slot bertanda diperiksa \
             semua, 3 di antaranya dinyatakan menyimpang dan 1 belum dapat dipastikan: seluruhnya paling banyak 47 dari \
             1.212 slot (3,9 %) menyimpang."
        );
        flagged.outcomes[1] = None;
        let open = report(&samples, Some(&flagged), 9_000, Stopping::Fixed).unwrap();
        let claim = open.claim(Language::English);
        assert!(
            claim.starts_with("Provisional: With 90 % confidence at most 43"),
            "{claim}"
        );
        assert!(
            claim.contains("2 could not be settled: in all at most 48 of"),
            "{claim}"
        );
    }

    #[test]
    fn a_claim_of_a_sequence_with_targeted_units_says_how_much_is_counted() {
        let mut early = sample("all", 1_000, 80, 0);
        early.outcomes[74] = None;
        let rule = Stopping::from_weights(Some((1, 50))).unwrap();
        let found = report(&[early], Some(&targeted(5, 2)), 9_500, rule).unwrap();
        let claim = found.claim(Language::English);
        assert!(
            claim.contains("74 of 80 drawn slots are counted") && claim.contains("all 5 flagged slots"),
            "{claim}"
        );
        let expected = format!("in all at most {} of 1,005 slots", found.random.upper + 2);
        assert!(claim.contains(&expected), "{claim}");
    }

    #[test]
    fn where_no_slot_had_a_flag_the_claim_is_the_usual_one() {
        let samples = [sample("all", 1_200, 102, 1)];
        let none = StratumSample {
            name: "targeted".to_owned(),
            population: 0,
            outcomes: Vec::new(),
        };
        let found = report(&samples, Some(&none), 9_000, Stopping::Fixed).unwrap();
        let usual = fixed(&samples, 9_000);
        assert_eq!(found.claim(Language::English), usual.claim(Language::English));
        assert_eq!(found, usual);
    }

    #[test]
    fn rates_are_rounded_up_and_thousands_set_apart() {
        assert_eq!(percent(1, 3, Language::Indonesian), "33,4 %");
        assert_eq!(percent(9_500, 10_000, Language::English), "95 %");
    }
}
