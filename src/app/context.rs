//! Who calls, and when: the first argument of every use case.

use crate::domain::access::Actor;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;

/// One call's circumstances. The time is read once, so that everything in a call happens at one moment.
#[derive(Clone, Debug)]
pub struct Context {
    /// Whoever signed in.
    pub actor: Actor,
    /// When the call came in.
    pub now: Instant,
}

impl Context {
    /// The account that calls.
    pub const fn account(&self) -> AccountId {
        self.actor.account()
    }

    /// The member of staff that calls, if it is one.
    pub const fn employee(&self) -> Option<EmployeeId> {
        self.actor.employee()
    }
}
