//! The canonical row of a batch: one expected slot of one person, or a share that nobody expected.

use crate::domain::access::AgencyCode;
use crate::domain::batch::distance::DistanceClass;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::check_in::TimeOutcome;
use crate::domain::digest::Digest;
use crate::domain::ids::CheckInId;
use crate::domain::instant::Instant;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What became of a unit.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// A share represents it.
    Received,
    /// Its window closed without a share that counts.
    Missed,
    /// Its window was still open when the batch was sealed. Only in a batch sealed early; a supplement follows.
    Open,
    /// Nobody waits for a share, for an accepted reason: leave, sickness, training, an accepted correction, or a slot that
    /// had passed on the person's first day on any staff list.
    Excused,
    /// The circular would have asked for a share, the roster or an approval took it back.
    NotRequired,
}

impl RowState {
    /// Every state, in the order of the documentation.
    pub const ALL: [Self; 5] = [
        Self::Received,
        Self::Missed,
        Self::Open,
        Self::Excused,
        Self::NotRequired,
    ];

    /// The spelling in files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Missed => "missed",
            Self::Open => "open",
            Self::Excused => "excused",
            Self::NotRequired => "not_required",
        }
    }
}

/// One line of `rows.ndjson`. Every field is always written; `null` stands for what there is not.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The unit in plain text.
    pub unit_id: SlotUnit,
    /// The agency's code, as in the unit.
    pub agency: AgencyCode,
    /// The work date, as in the unit.
    pub work_date: NaiveDate,
    /// The slot, as in the unit.
    pub slot: Slot,
    /// NIP, or the internal number of people without one, on that date.
    pub employee_number: String,
    /// The work group on that date: a stratum of samples.
    pub work_group: WorkGroup,
    /// The mode of that date.
    pub mode: WorkMode,
    /// Whether a share was expected.
    pub expected: bool,
    /// What became of it.
    pub state: RowState,
    /// Outcome of place.
    pub place: Option<Place>,
    /// How far from the fence's centre, roughly.
    pub distance_class: Option<DistanceClass>,
    /// Outcome of time.
    pub time: Option<TimeOutcome>,
    /// Capture by the service's clock.
    pub captured_at: Option<Instant>,
    /// How it came in: `app`, or a third-party channel.
    pub channel: Option<String>,
    /// What was odd about the share, sorted.
    pub flags: Vec<String>,
    /// The share that represents the slot.
    pub check_in_id: Option<CheckInId>,
    /// The commitment to the position; absent where the position was already forgotten.
    pub commitment: Option<Digest>,
}

impl Row {
    /// Whether the row's own agency, date and slot are those of its unit.
    pub fn agrees_with_its_unit(&self) -> bool {
        self.unit_id.agency() == self.agency.as_str()
            && self.unit_id.work_date() == self.work_date
            && self.unit_id.slot() == self.slot
    }

    /// Whether state, mode, expectation and outcome fit together.
    pub fn is_coherent(&self) -> bool {
        let has_all = self.place.is_some()
            && self.time.is_some()
            && self.captured_at.is_some()
            && self.channel.is_some()
            && self.check_in_id.is_some();
        let has_none = self.place.is_none()
            && self.distance_class.is_none()
            && self.time.is_none()
            && self.captured_at.is_none()
            && self.channel.is_none()
            && self.check_in_id.is_none()
            && self.commitment.is_none()
            && self.flags.is_empty();
        match self.state {
            RowState::Received => has_all && !(self.expected && self.mode.is_excusing()),
            RowState::Missed | RowState::Open => has_none && self.expected && !self.mode.is_excusing(),
            RowState::Excused | RowState::NotRequired => has_none && !self.expected,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::canonical;

    /// A missed midday of one person; `pseudonym` orders it.
    pub(crate) fn missed(pseudonym: &str) -> Row {
        Row {
            unit_id: format!("1.01/2026-03-02/{pseudonym}/midday").parse().unwrap(),
            agency: AgencyCode::parse("1.01").unwrap(),
            work_date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            slot: Slot::Midday,
            employee_number: "198609262015051001".to_owned(),
            work_group: WorkGroup::Administration,
            mode: WorkMode::Wfh,
            expected: true,
            state: RowState::Missed,
            place: None,
            distance_class: None,
            time: None,
            captured_at: None,
            channel: None,
            flags: Vec::new(),
            check_in_id: None,
            commitment: None,
        }
    }

    /// The same with a share.
    pub(crate) fn received(pseudonym: &str) -> Row {
        Row {
            state: RowState::Received,
            place: Some(Place::Inside),
            distance_class: Some(DistanceClass::Under100Metres),
            time: Some(TimeOutcome::OnTime),
            captured_at: Instant::parse("2026-03-02T05:01:00Z"),
            channel: Some("app".to_owned()),
            check_in_id: Some(CheckInId::from_client("019cac1d-7de0-7abc-8def-0123456789ab").unwrap()),
            commitment: Some(Digest::of(b"commitment")),
            ..missed(pseudonym)
        }
    }

    #[test]
    fn a_row_is_written_whole_and_reads_back() {
        let text = canonical::to_string(&missed("p1")).unwrap();
        assert_eq!(
            text,
            concat!(
                r#"{"agency":"1.01","captured_at":null,"channel":null,"check_in_id":null,"commitment":null,"#,
                r#""distance_class":null,"employee_number":"198609262015051001","expected":true,"flags":[],"#,
                r#""mode":"wfh","place":null,"slot":"midday","state":"missed","time":null,"#,
                r#""unit_id":"1.01/2026-03-02/p1/midday","work_date":"2026-03-02","work_group":"administration"}"#
            )
        );
        assert_eq!(canonical::from_str::<Row>(&text), Ok(missed("p1")));
    }

    #[test]
    fn no_row_has_a_field_for_a_position_a_distance_or_a_device() {
        let text = canonical::to_string(&received("p1")).unwrap();
        for word in ["latitude", "longitude", "metres", "accuracy", "device", "cell", "name"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }

    #[test]
    fn a_state_without_its_outcome_is_incoherent() {
        assert!(missed("p1").is_coherent() && received("p1").is_coherent());
        assert!(
            !Row {
                place: None,
                ..received("p1")
            }
            .is_coherent()
        );
        assert!(
            !Row {
                place: Some(Place::Inside),
                ..missed("p1")
            }
            .is_coherent()
        );
        assert!(
            !Row {
                mode: WorkMode::Leave,
                ..missed("p1")
            }
            .is_coherent()
        );
        assert!(
            !Row {
                mode: WorkMode::Sick,
                ..received("p1")
            }
            .is_coherent()
        );
        assert!(
            Row {
                mode: WorkMode::Sick,
                expected: false,
                ..received("p1")
            }
            .is_coherent()
        );
        assert!(
            !Row {
                state: RowState::Excused,
                ..missed("p1")
            }
            .is_coherent()
        );
        assert!(
            Row {
                state: RowState::Excused,
                expected: false,
                mode: WorkMode::Leave,
                ..missed("p1")
            }
            .is_coherent()
        );
    }
}
