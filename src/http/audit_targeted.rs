//! Targeted picks of an audit on the wire.

use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::audit::targeted::TargetedRule;
use crate::domain::audit::targeted::USUAL_MOST;
use crate::domain::flag::Flag;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Characters that codes of flags may take in an address.
const MOST_CODE_CHARACTERS: usize = 200;

/// Which slots are picked beforehand.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetedBody {
    /// Codes of flags, each once: every slot is picked whose standing share has one of them.
    #[garde(length(min = 1, max = 7), inner(length(chars, min = 1, max = 30)))]
    #[schema(min_items = 1, max_items = 7)]
    flags: Vec<String>,
    /// How many slots the rule may pick, 1 to 10,000; 200 where it is absent. A rule that picks more is refused with the
    /// number found: nothing is chosen among them.
    #[garde(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10000)]
    most: Option<u32>,
}

impl TargetedBody {
    /// The rule; `Err` names every field that is wrong.
    pub(crate) fn rule(&self) -> Result<TargetedRule, Vec<FieldError>> {
        let mut fields = Vec::new();
        let mut flags = Vec::with_capacity(self.flags.len());
        for (index, code) in self.flags.iter().enumerate() {
            match Flag::from_code(code) {
                Some(flag) => flags.push(flag),
                None => fields.push(unknown_flag(format!("targeted.flags[{index}]"))),
            }
        }
        if !fields.is_empty() {
            return Err(fields);
        }
        TargetedRule::new(flags, self.most.unwrap_or(USUAL_MOST)).map_err(|fault| {
            let indonesian = "Aturan slot bertanda ini perlu diperbaiki.";
            vec![FieldError::new(
                fault.field(),
                fault.code(),
                indonesian,
                format!("Please check: {fault}."),
            )]
        })
    }
}

/// There is no flag of that code.
fn unknown_flag(field: impl Into<String>) -> FieldError {
    FieldError::new(field, "unknown", "Tanda ini tidak dikenal.", "There is no such flag.")
}

/// The flags of an address, with commas between them; none of an empty text.
pub(crate) fn flags(text: &str) -> Result<Vec<Flag>, Error> {
    let codes = text.split(',').filter(|_| !text.is_empty());
    let read = codes.map(|code| Flag::from_code(code).filter(|_| text.len() <= MOST_CODE_CHARACTERS));
    let read: Option<Vec<Flag>> = read.collect();
    read.ok_or_else(|| Error::Invalid(vec![unknown_flag("flags")]))
}

/// Which slots are picked beforehand.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetedView {
    /// Codes of the flags, in their order.
    flags: Vec<&'static str>,
    /// How many slots the rule may pick.
    most: u32,
}

impl From<&TargetedRule> for TargetedView {
    fn from(rule: &TargetedRule) -> Self {
        Self {
            flags: rule.flags().iter().map(|flag| flag.code()).collect(),
            most: rule.most(),
        }
    }
}
