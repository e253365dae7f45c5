//! How an audit's seed is made, so that nobody could have chosen it. Norm: `api-spec/audit-sampling.md`, section 7.

use crate::domain::audit::beacon;
use crate::domain::audit::beacon::Beacon;
use crate::domain::audit::beacon::BeaconError;
use crate::domain::digest::Digest;
use crate::domain::instant::Instant;
use chrono::Duration;
use serde::{Deserialize, Serialize};

/// Fewest characters of a seed that is a text, and fewest digits of dice: 20 ten-sided dice are 66 bits.
pub const LEAST_CHARACTERS: usize = 20;
/// Most of either.
pub const MOST_CHARACTERS: usize = 200;
/// Fewest minutes from the plan to the beacon.
pub const LEAST_MINUTES: i64 = 10;
/// Most days from the plan to the beacon.
pub const MOST_DAYS: i64 = 92;

/// Out of what a seed is made, the strongest first.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeedKind {
    /// A round of the public beacon that the plan names, mixed with dice: nobody could know or choose it.
    BeaconAndDice,
    /// Dice alone, mixed with the plan: those in the room must be believed. The weaker kind.
    Dice,
    /// A text that somebody published: whoever wrote it must be believed. The weakest kind.
    Text,
}

impl SeedKind {
    /// The spelling in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BeaconAndDice => "beacon_and_dice",
            Self::Dice => "dice",
            Self::Text => "text",
        }
    }

    /// The inverse of [`SeedKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::BeaconAndDice, Self::Dice, Self::Text]
            .into_iter()
            .find(|kind| kind.code() == code)
    }

    /// How much has to be believed.
    pub const fn strength(self) -> SeedStrength {
        match self {
            Self::BeaconAndDice => SeedStrength::Strong,
            Self::Dice => SeedStrength::Weaker,
            Self::Text => SeedStrength::Weakest,
        }
    }
}

/// How much of a seed has to be believed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeedStrength {
    /// Nothing: anyone can check that nobody chose it.
    Strong,
    /// That the dice were rolled.
    Weaker,
    /// That whoever wrote it did not choose it.
    Weakest,
}

/// How the seed of a plan will be made; fixed with the plan.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedRule {
    /// Out of what.
    pub kind: SeedKind,
    /// The instant whose beacon is used; only with a beacon.
    pub draw_at: Option<Instant>,
    /// The round of the beacon at that instant; only with a beacon.
    pub round: Option<u64>,
}

/// What is wrong with a rule for a seed, or with a seed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SeedFault {
    /// A beacon asks for an instant, and nothing else does.
    #[error("a seed of this kind is made with an instant of drawing if, and only if, it uses the beacon")]
    DrawAt,
    /// The instant is too near to the plan.
    #[error("the instant of drawing is less than {LEAST_MINUTES} minutes after the plan")]
    TooSoon,
    /// The instant is too far.
    #[error("the instant of drawing is more than {MOST_DAYS} days after the plan")]
    TooLate,
    /// The plan asks for a beacon and there is none, or the other way round.
    #[error("the plan asks for a beacon if, and only if, its kind has one")]
    Beacon,
    /// The beacon is of another round than the plan says.
    #[error("the beacon is of another round than the plan says")]
    OtherRound,
    /// The beacon is not genuine.
    #[error(transparent)]
    Forged(#[from] BeaconError),
    /// The plan asks for dice and there are none, or the other way round.
    #[error("the plan asks for dice if, and only if, its kind has them")]
    Dice,
    /// The dice are not digits, or too few or too many.
    #[error("dice are {LEAST_CHARACTERS} to {MOST_CHARACTERS} digits of ten-sided dice, 0 to 9, without spaces")]
    DiceForm,
    /// The plan asks for a text and there is none, or the other way round.
    #[error("the plan asks for a text if, and only if, its kind is one")]
    Text,
    /// The text is too short, too long, or has white space at its ends or control characters.
    #[error("a seed is {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters, without white space at its ends")]
    TextForm,
}

impl SeedFault {
    /// The field of the wire body to blame.
    pub const fn field(self) -> &'static str {
        match self {
            Self::DrawAt | Self::TooSoon | Self::TooLate => "seed_rule.draw_at",
            Self::Beacon => "beacon",
            Self::OtherRound => "beacon.round",
            Self::Forged(BeaconError::Randomness) => "beacon.randomness",
            Self::Forged(BeaconError::Form | BeaconError::Signature) => "beacon.signature",
            Self::Dice | Self::DiceForm => "dice",
            Self::Text | Self::TextForm => "seed",
        }
    }

    /// The stable code of the fault.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DrawAt | Self::Beacon | Self::Dice | Self::Text => "other_kind",
            Self::TooSoon => "too_soon",
            Self::TooLate => "too_late",
            Self::OtherRound => "other_round",
            Self::Forged(_) => "not_genuine",
            Self::DiceForm | Self::TextForm => "malformed",
        }
    }
}

impl SeedRule {
    /// A rule for a plan that is made at `planned_at`. `draw_at` belongs to a beacon alone.
    pub fn new(kind: SeedKind, draw_at: Option<Instant>, planned_at: Instant) -> Result<Self, SeedFault> {
        let round = match (kind, draw_at) {
            (SeedKind::BeaconAndDice, Some(draw_at)) => {
                if draw_at < planned_at.plus(Duration::minutes(LEAST_MINUTES)) {
                    return Err(SeedFault::TooSoon);
                }
                if draw_at > planned_at.plus(Duration::days(MOST_DAYS)) {
                    return Err(SeedFault::TooLate);
                }
                Some(beacon::round_at(draw_at).ok_or(SeedFault::TooSoon)?)
            }
            (SeedKind::Dice | SeedKind::Text, None) => None,
            (SeedKind::BeaconAndDice, None) | (SeedKind::Dice | SeedKind::Text, Some(_)) => {
                return Err(SeedFault::DrawAt);
            }
        };
        Ok(Self { kind, draw_at, round })
    }

    /// The seed out of what was published, checked against the rule. `plan` is the digest of the plan.
    pub fn seed(&self, plan: Digest, material: &SeedMaterial) -> Result<String, SeedFault> {
        if material.beacon.is_some() != (self.kind == SeedKind::BeaconAndDice) {
            return Err(SeedFault::Beacon);
        }
        if material.dice.is_some() != (self.kind != SeedKind::Text) {
            return Err(SeedFault::Dice);
        }
        if material.text.is_some() != (self.kind == SeedKind::Text) {
            return Err(SeedFault::Text);
        }
        if let Some(text) = &material.text {
            return text_seed(text);
        }
        let dice = material.dice.as_deref().ok_or(SeedFault::Dice)?;
        let is_sound = (LEAST_CHARACTERS..=MOST_CHARACTERS).contains(&dice.len())
            && dice.bytes().all(|digit| digit.is_ascii_digit());
        if !is_sound {
            return Err(SeedFault::DiceForm);
        }
        if let Some(beacon) = &material.beacon {
            if Some(beacon.round) != self.round {
                return Err(SeedFault::OtherRound);
            }
            beacon.verify()?;
        }
        let randomness = material.beacon.as_ref().map_or("", |beacon| beacon.randomness.as_str());
        Ok(mix(plan, randomness, dice))
    }
}

/// What was published to make a seed of.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedMaterial {
    /// The beacon.
    pub beacon: Option<Beacon>,
    /// The digits of the dice, in the order in which they were read.
    pub dice: Option<String>,
    /// The seed itself, where it is a text.
    pub text: Option<String>,
}

/// The seed out of plan, beacon and dice: lower-case hexadecimal SHA-256 of four lines. Without a beacon its line is empty.
pub fn mix(plan: Digest, randomness: &str, dice: &str) -> String {
    Digest::of(format!("bkd-audit-seed/v1\n{plan}\n{randomness}\n{dice}\n").as_bytes()).to_string()
}

fn text_seed(text: &str) -> Result<String, SeedFault> {
    let fits = (LEAST_CHARACTERS..=MOST_CHARACTERS).contains(&text.chars().count());
    let is_plain = text.trim() == text && !text.chars().any(char::is_control);
    if fits && is_plain {
        Ok(text.to_owned())
    } else {
        Err(SeedFault::TextForm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::beacon::tests::round_123;

    const DICE: &str = "63454660390103169462";

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn plan() -> Digest {
        Digest::of(b"plan")
    }

    fn rule() -> SeedRule {
        let draw_at = at("2023-08-23T15:15:34Z");
        SeedRule::new(SeedKind::BeaconAndDice, Some(draw_at), at("2023-08-23T15:00:00Z")).unwrap()
    }

    fn material() -> SeedMaterial {
        SeedMaterial {
            beacon: Some(round_123()),
            dice: Some(DICE.to_owned()),
            text: None,
        }
    }

    #[test]
    fn the_round_is_fixed_with_the_plan_and_lies_ahead_of_it() {
        assert_eq!(rule().round, Some(123));
        let planned = at("2026-03-02T00:00:00Z");
        let with = |draw_at| SeedRule::new(SeedKind::BeaconAndDice, draw_at, planned);
        assert_eq!(with(None), Err(SeedFault::DrawAt));
        assert_eq!(with(Some(at("2026-03-02T00:09:59.999Z"))), Err(SeedFault::TooSoon));
        assert!(with(Some(at("2026-03-02T00:10:00Z"))).is_ok());
        assert!(with(Some(at("2026-06-02T00:00:00Z"))).is_ok());
        assert_eq!(with(Some(at("2026-06-02T00:00:00.001Z"))), Err(SeedFault::TooLate));
        for kind in [SeedKind::Dice, SeedKind::Text] {
            assert_eq!(SeedRule::new(kind, Some(planned), planned), Err(SeedFault::DrawAt));
            assert!(SeedRule::new(kind, None, planned).is_ok());
        }
    }

    #[test]
    fn a_seed_is_mixed_of_plan_beacon_and_dice() {
        let seed = rule().seed(plan(), &material()).unwrap();
        let lines = format!("bkd-audit-seed/v1\n{}\n{}\n{DICE}\n", plan(), round_123().randomness);
        assert_eq!(seed, Digest::of(lines.as_bytes()).to_string());
        assert_ne!(rule().seed(Digest::of(b"other"), &material()).as_ref(), Ok(&seed));
        let other_dice = SeedMaterial {
            dice: Some(DICE.replace('6', "7")),
            ..material()
        };
        assert_ne!(rule().seed(plan(), &other_dice), Ok(seed));
    }

    #[test]
    fn a_beacon_of_another_round_or_of_nobody_makes_no_seed() {
        let mut other = material();
        other.beacon.as_mut().unwrap().round = 122;
        assert_eq!(rule().seed(plan(), &other), Err(SeedFault::OtherRound));
        let mut forged = material();
        forged.beacon.as_mut().unwrap().randomness = "00".repeat(32);
        let refused = SeedFault::Forged(BeaconError::Randomness);
        assert_eq!(rule().seed(plan(), &forged), Err(refused));
        let bare = SeedMaterial {
            beacon: None,
            ..material()
        };
        assert_eq!(rule().seed(plan(), &bare), Err(SeedFault::Beacon));
        let without_dice = SeedMaterial {
            dice: None,
            ..material()
        };
        assert_eq!(rule().seed(plan(), &without_dice), Err(SeedFault::Dice));
    }

    #[test]
    fn dice_are_twenty_digits_or_more() {
        let rule = SeedRule::new(SeedKind::Dice, None, at("2026-03-02T00:00:00Z")).unwrap();
        let seed = |dice: &str| {
            rule.seed(
                plan(),
                &SeedMaterial {
                    dice: Some(dice.to_owned()),
                    ..SeedMaterial::default()
                },
            )
        };
        assert_eq!(seed(DICE), Ok(mix(plan(), "", DICE)));
        for bad in [
            "",
            "1",
            DICE.split_at(1).1,
            "6345466039010316946 ",
            &"1".repeat(201),
            "٠٠٠٠٠٠٠٠٠٠",
        ] {
            assert_eq!(seed(bad), Err(SeedFault::DiceForm), "{bad}");
        }
        assert_eq!(rule.seed(plan(), &material()), Err(SeedFault::Beacon));
    }

    #[test]
    fn a_text_is_the_seed_itself_and_no_short_one() {
        let rule = SeedRule::new(SeedKind::Text, None, at("2026-03-02T00:00:00Z")).unwrap();
        let seed = |text: &str| {
            rule.seed(
                plan(),
                &SeedMaterial {
                    text: Some(text.to_owned()),
                    ..SeedMaterial::default()
                },
            )
        };
        assert_eq!(seed(DICE), Ok(DICE.to_owned()));
        let spaced = format!(" {DICE}");
        let controlled = format!("{DICE}\u{0}x");
        for bad in ["", "1", "0042", spaced.as_str(), controlled.as_str(), &"9".repeat(201)] {
            assert_eq!(seed(bad), Err(SeedFault::TextForm), "{bad}");
        }
        assert_eq!(SeedKind::Text.strength(), SeedStrength::Weakest);
    }

    #[test]
    fn kinds_read_back_from_their_codes() {
        for kind in [SeedKind::BeaconAndDice, SeedKind::Dice, SeedKind::Text] {
            assert_eq!(SeedKind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
    }
}
