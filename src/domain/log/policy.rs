//! Which logs and witnesses are believed (C2SP tlog-policy), and whether a checkpoint has signatures enough.

use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::key::{KeyError, KeyType, VerifyingKey};
use crate::domain::log::note::{NoteError, Signed};

/// Longest policy, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// Most logs, and most witnesses and groups together.
pub const MAX_NAMES: usize = 128;

/// What is wrong with a policy. Lines count from 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PolicyFault {
    /// Not UTF-8, or a control character other than tab and newline, or no newline at the end.
    #[error("it is not lines of text")]
    Text,
    /// Longer than [`MAX_BYTES`], or more than [`MAX_NAMES`] of a kind.
    #[error("it is too long")]
    TooLong,
    /// Neither `log`, `witness`, `group` nor `quorum` with the words that belong to it.
    #[error("it is no line of a policy")]
    Form,
    /// A key is malformed.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// A log's key is not of type 0x01, or a witness's not of type 0x04.
    #[error("the key is of another type than this line needs")]
    KeyType,
    /// The same public key on two lines.
    #[error("the key stands on another line too")]
    SameKey,
    /// A name that is taken, or `none`.
    #[error("the name is taken")]
    SameName,
    /// A name that no line before defines.
    #[error("a name is not defined on a line before")]
    UnknownName,
    /// A member that belongs to a group already.
    #[error("a member belongs to a group already")]
    SameMember,
    /// Not `all`, `any`, or a number from 1 to that of the members.
    #[error("the threshold is not all, any, or a number from 1 to that of the members")]
    Threshold,
    /// Two quorum lines, or none (then the line is the one behind the last).
    #[error("there is not exactly one quorum line")]
    Quorum,
}

/// Where a policy is wrong, and how.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("line {line} of the policy: {fault}")]
pub struct PolicyError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong.
    pub fault: PolicyFault,
}

/// Why a checkpoint is not believed under a policy.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TrustError {
    /// No log of this origin in the policy.
    #[error("the policy has no log of this origin")]
    Origin,
    /// A wrong signature, or no known one.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Witnesses have signed, but not the log.
    #[error("the log has not signed the checkpoint")]
    LogUnsigned,
    /// Fewer witnesses than the quorum asks for.
    #[error("the witnesses of the quorum have not cosigned the checkpoint")]
    Quorum,
}

/// A name that a quorum or a group may mean.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Member {
    Witness {
        name: String,
        key: VerifyingKey,
    },
    Group {
        name: String,
        threshold: usize,
        members: Vec<usize>,
    },
}

impl Member {
    fn name(&self) -> &str {
        match self {
            Self::Witness { name, .. } | Self::Group { name, .. } => name,
        }
    }
}

/// Logs, witnesses, and how many of these must have cosigned.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Policy {
    logs: Vec<VerifyingKey>,
    members: Vec<Member>,
    /// Index into `members`; `None` asks for no cosignature.
    quorum: Option<usize>,
    /// Members that belong to a group.
    grouped: Vec<usize>,
    /// Members that can be asked, with where.
    addresses: Vec<(usize, String)>,
}

/// A cosignature that a policy knows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Witnessed {
    /// The name of the witness in the policy.
    pub witness: String,
    /// When it had seen the checkpoint, in Unix seconds.
    pub time: u64,
}

impl Policy {
    /// One log and no witness.
    pub fn of_log(key: VerifyingKey) -> Result<Self, PolicyFault> {
        let mut policy = Self::default();
        policy.add_log(key)?;
        Ok(policy)
    }

    /// Reads a policy file.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyError> {
        let whole = |fault| PolicyError { line: 1, fault };
        if bytes.len() > MAX_BYTES {
            return Err(whole(PolicyFault::TooLong));
        }
        let text = str::from_utf8(bytes).ok().ok_or(whole(PolicyFault::Text))?;
        let text = text.strip_suffix('\n').ok_or(whole(PolicyFault::Text))?;
        let mut policy = Self::default();
        let mut quorums = 0_u32;
        for (line, content) in (1..).zip(text.split('\n')) {
            let words: Vec<&str> = content.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
            let read = if content
                .bytes()
                .any(|byte| byte != b'\t' && (byte < b' ' || byte == 0x7f))
            {
                Err(PolicyFault::Text)
            } else {
                policy.read_line(&words, &mut quorums)
            };
            read.map_err(|fault| PolicyError { line, fault })?;
        }
        if quorums == 1 {
            Ok(policy)
        } else {
            let line = text.split('\n').count() + 1;
            Err(PolicyError {
                line,
                fault: PolicyFault::Quorum,
            })
        }
    }

    fn read_line(&mut self, words: &[&str], quorums: &mut u32) -> Result<(), PolicyFault> {
        match words {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["log", key] | ["log", key, _] => self.add_log(key.parse()?),
            ["witness", name, key] => self.add_witness(name, key.parse()?),
            ["witness", name, key, address] => {
                self.add_witness(name, key.parse()?)?;
                self.addresses.push((self.place(name)?, (*address).to_owned()));
                Ok(())
            }
            ["group", name, threshold, members @ ..] if !members.is_empty() => self.add_group(name, threshold, members),
            ["quorum", name] => {
                *quorums += 1;
                if *quorums > 1 {
                    return Err(PolicyFault::Quorum);
                }
                self.quorum = if *name == "none" { None } else { Some(self.place(name)?) };
                Ok(())
            }
            _ => Err(PolicyFault::Form),
        }
    }

    fn add_log(&mut self, key: VerifyingKey) -> Result<(), PolicyFault> {
        if key.key_type() != KeyType::Note {
            return Err(PolicyFault::KeyType);
        }
        if self.logs.iter().any(|log| log.public_bytes() == key.public_bytes()) {
            return Err(PolicyFault::SameKey);
        }
        if self.logs.len() >= MAX_NAMES {
            return Err(PolicyFault::TooLong);
        }
        self.logs.push(key);
        Ok(())
    }

    fn add_witness(&mut self, name: &str, key: VerifyingKey) -> Result<(), PolicyFault> {
        if key.key_type() != KeyType::Cosignature {
            return Err(PolicyFault::KeyType);
        }
        if self
            .witness_keys()
            .any(|other| other.public_bytes() == key.public_bytes())
        {
            return Err(PolicyFault::SameKey);
        }
        self.add_member(Member::Witness {
            name: name.to_owned(),
            key,
        })
    }

    fn add_group(&mut self, name: &str, threshold: &str, names: &[&str]) -> Result<(), PolicyFault> {
        let mut members = Vec::new();
        for name in names {
            let place = self.place(name)?;
            if self.grouped.contains(&place) {
                return Err(PolicyFault::SameMember);
            }
            self.grouped.push(place);
            members.push(place);
        }
        let threshold = match threshold {
            "all" => members.len(),
            "any" => 1,
            number => super::line::number(number)
                .and_then(|number| usize::try_from(number).ok())
                .filter(|number| (1..=members.len()).contains(number))
                .ok_or(PolicyFault::Threshold)?,
        };
        self.add_member(Member::Group {
            name: name.to_owned(),
            threshold,
            members,
        })
    }

    fn add_member(&mut self, member: Member) -> Result<(), PolicyFault> {
        if member.name() == "none" || self.place(member.name()).is_ok() {
            return Err(PolicyFault::SameName);
        }
        if self.members.len() >= MAX_NAMES {
            return Err(PolicyFault::TooLong);
        }
        self.members.push(member);
        Ok(())
    }

    fn place(&self, name: &str) -> Result<usize, PolicyFault> {
        self.members
            .iter()
            .position(|member| member.name() == name)
            .ok_or(PolicyFault::UnknownName)
    }

    fn witness_keys(&self) -> impl Iterator<Item = &VerifyingKey> {
        self.members.iter().filter_map(|member| match member {
            Member::Witness { key, .. } => Some(key),
            Member::Group { .. } => None,
        })
    }

    /// The witnesses that can be asked, with the address below which `add-checkpoint` is, in the order of the policy.
    pub fn reachable_witnesses(&self) -> impl Iterator<Item = (&VerifyingKey, &str)> {
        self.addresses
            .iter()
            .filter_map(|(place, address)| match self.members.get(*place) {
                Some(Member::Witness { key, .. }) => Some((key, address.as_str())),
                Some(Member::Group { .. }) | None => None,
            })
    }

    /// Checks a checkpoint: signed by a log whose key bears the origin's name, no known signature wrong, and the
    /// quorum fulfilled. Gives the known cosignatures, one a witness (its earliest), in the order of the policy.
    pub fn check(&self, signed: &SignedCheckpoint) -> Result<Vec<Witnessed>, TrustError> {
        let origin = signed.checkpoint().origin();
        let mut keys: Vec<&VerifyingKey> = self.logs.iter().filter(|key| key.name() == origin).collect();
        if keys.is_empty() {
            return Err(TrustError::Origin);
        }
        keys.extend(self.witness_keys());
        let verified = signed.note().verify(&keys)?;
        if !verified.iter().any(|(_, said)| *said == Signed::Text) {
            return Err(TrustError::LogUnsigned);
        }
        let mut witnessed = Vec::new();
        let mut fulfilled: Vec<bool> = Vec::new();
        for member in &self.members {
            fulfilled.push(match member {
                Member::Witness { name, key } => {
                    let times = verified.iter().filter_map(|(by, said)| match said {
                        Signed::At(time) if *by == key => Some(*time),
                        Signed::At(_) | Signed::Text => None,
                    });
                    let time = times.min();
                    witnessed.extend(time.map(|time| Witnessed {
                        witness: name.clone(),
                        time,
                    }));
                    time.is_some()
                }
                Member::Group { threshold, members, .. } => {
                    let is_fulfilled = |place: &&usize| fulfilled.get(**place).is_some_and(|done| *done);
                    members.iter().filter(is_fulfilled).count() >= *threshold
                }
            });
        }
        let is_enough = self
            .quorum
            .is_none_or(|place| fulfilled.get(place).is_some_and(|done| *done));
        if is_enough {
            Ok(witnessed)
        } else {
            Err(TrustError::Quorum)
        }
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
