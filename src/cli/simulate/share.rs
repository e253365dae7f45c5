//! A simulated share as the API takes it.

use crate::domain::instant::Instant;
use crate::domain::place::Position;
use crate::domain::simulation::day::Share;
use crate::domain::simulation::phone::Phone;
use crate::domain::simulation::random::Random;
use serde_json::Value;
use serde_json::json;

/// What `phone` reads at the true position `at`, now.
pub fn now(random: &mut Random, phone: &Phone, at: Position, now: Instant) -> Share {
    let fix = phone.read(random, at);
    Share {
        id: random.id(now),
        captured_at: now,
        position: fix.position,
        accuracy_metres: fix.accuracy_metres,
        provider: fix.provider,
        mock: false,
    }
}

/// The body of `POST /v1/check-ins`, and an element of a batch.
pub fn body(share: &Share, sent_at: Instant) -> Value {
    json!({
        "id": share.id,
        "captured_at": share.captured_at,
        "latitude": share.position.latitude(),
        "longitude": share.position.longitude(),
        "accuracy_metres": share.accuracy_metres,
        "provider": share.provider,
        "mock": share.mock,
        "sent_at": sent_at,
    })
}
