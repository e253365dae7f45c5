//! Cosignatures (C2SP tlog-cosignature, type 0x04): a witness says when it had seen a checkpoint.

use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::key::{KeyType, SIGNATURE_BYTES, SigningKey, VerifyingKey};
use crate::domain::log::note::SignatureLine;
use crate::domain::log::tree::MAX_SIZE;

/// Latest time that a cosignature may bear, in Unix seconds: 2^63 - 1.
pub const MAX_TIME: u64 = MAX_SIZE;

/// Why a key can't cosign.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CosignatureError {
    /// The key is for notes: one key must not sign both.
    #[error("the key is not one for cosignatures")]
    KeyType,
    /// Zero, which says that no time is meant, or beyond [`MAX_TIME`].
    #[error("the time of a cosignature lies between 1 and 2^63 - 1")]
    Time,
}

/// The bytes that are signed: a head line, the time, and the body of the checkpoint with its last newline.
fn message(time: u64, body: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{body}")
}

/// The witness's line for this checkpoint at `time`, in Unix seconds: always the same for the same three.
pub fn sign(checkpoint: &SignedCheckpoint, key: &SigningKey, time: u64) -> Result<SignatureLine, CosignatureError> {
    if key.verifying_key().key_type() != KeyType::Cosignature {
        return Err(CosignatureError::KeyType);
    }
    if !(1..=MAX_TIME).contains(&time) {
        return Err(CosignatureError::Time);
    }
    let signature = key.sign(message(time, checkpoint.note().text()).as_bytes());
    Ok(SignatureLine::new(
        key.verifying_key(),
        &[time.to_be_bytes().as_slice(), &signature].concat(),
    ))
}

/// The time of a cosignature, if it is this key's for the text: 8 bytes of time, most significant first, and 64 of
/// signature.
pub(super) fn check(text: &str, key: &VerifyingKey, bytes: &[u8]) -> Option<u64> {
    let (time, signature) = bytes.split_first_chunk::<8>()?;
    let signature: &[u8; SIGNATURE_BYTES] = signature.try_into().ok()?;
    let time = u64::from_be_bytes(*time);
    let is_time = (1..=MAX_TIME).contains(&time);
    (is_time && key.has_signed(message(time, text).as_bytes(), signature)).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::checkpoint::tests::EXAMPLE;
    use crate::domain::log::note::{Note, NoteError, Signed};

    fn witness() -> SigningKey {
        SigningKey::from_seed("witness.example/w", KeyType::Cosignature, &[9; 32]).unwrap()
    }

    fn checkpoint() -> SignedCheckpoint {
        SignedCheckpoint::parse(EXAMPLE.as_bytes()).unwrap()
    }

    #[test]
    fn the_signed_bytes_are_those_of_the_norm() {
        // C2SP tlog-cosignature, section "Ed25519 signed message".
        assert_eq!(
            message(1_679_315_147, checkpoint().note().text()),
            "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        );
    }

    #[test]
    fn a_cosignature_tells_its_time_and_is_the_same_again() {
        let (witness, mut signed) = (witness(), checkpoint());
        let line = sign(&signed, &witness, 1_774_224_000).unwrap();
        assert_eq!(sign(&signed, &witness, 1_774_224_000).as_ref(), Ok(&line));
        signed.add(line).unwrap();
        let read = Note::parse(signed.to_string().as_bytes()).unwrap();
        assert_eq!(
            read.verify(&[witness.verifying_key()]),
            Ok(vec![(witness.verifying_key(), Signed::At(1_774_224_000))])
        );
    }

    #[test]
    fn only_a_key_for_cosignatures_cosigns_and_only_at_a_time() {
        let note_key = SigningKey::from_seed("a", KeyType::Note, &[9; 32]).unwrap();
        assert_eq!(sign(&checkpoint(), &note_key, 1), Err(CosignatureError::KeyType));
        for time in [0, MAX_TIME + 1] {
            assert_eq!(sign(&checkpoint(), &witness(), time), Err(CosignatureError::Time));
        }
        assert!(sign(&checkpoint(), &witness(), MAX_TIME).is_ok());
    }

    #[test]
    fn a_changed_byte_another_length_and_a_signature_of_the_bare_text_are_refused() {
        let (witness, signed) = (witness(), checkpoint());
        let key = witness.verifying_key();
        let text = signed.note().text();
        let time = 1_774_224_000_u64;
        let sound = [
            time.to_be_bytes().as_slice(),
            &witness.sign(message(time, text).as_bytes()),
        ]
        .concat();
        assert_eq!(check(text, key, &sound), Some(time));
        for place in 0..sound.len() {
            let mut changed = sound.clone();
            changed[place] ^= 1;
            assert_eq!(check(text, key, &changed), None, "byte {place}");
            assert_eq!(check(text, key, &sound[..place]), None, "cut at {place}");
        }
        assert_eq!(check(text, key, &[sound.as_slice(), &[0]].concat()), None);
        let bare = [time.to_be_bytes().as_slice(), &witness.sign(text.as_bytes())].concat();
        assert_eq!(check(text, key, &bare), None);
        let timeless = [
            0_u64.to_be_bytes().as_slice(),
            &witness.sign(message(0, text).as_bytes()),
        ]
        .concat();
        assert_eq!(check(text, key, &timeless), None);
        let mut note = signed.note().clone();
        note.add(SignatureLine::new(key, &bare)).unwrap();
        assert!(matches!(note.verify(&[key]), Err(NoteError::BadSignature { .. })));
    }
}
