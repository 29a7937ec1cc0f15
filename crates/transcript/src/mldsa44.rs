//! ML-DSA-44 (FIPS 204) as second keys use it: with an empty context, and deterministically.
//!
//! The only place that knows which library computes it.

use libcrux_ml_dsa::ml_dsa_44::{
    self, MLDSA44Signature, MLDSA44SigningKey, MLDSA44VerificationKey,
};
use zeroize::Zeroize as _;

/// The context of every signature (FIPS 204 §5.2).
const CONTEXT: &[u8] = b"";
/// What the deterministic variant takes for randomness (FIPS 204 §3.4).
const NO_RANDOMNESS: [u8; 32] = [0; 32];

/// A secret key. Wiped when dropped.
pub(crate) struct Secret(Box<MLDSA44SigningKey>);

/// A public key, as it travels.
pub(crate) struct Public(MLDSA44VerificationKey);

/// Both halves of the key of this seed (FIPS 204, algorithm 6).
pub(crate) fn from_seed(seed: [u8; 32]) -> (Secret, Public) {
    let mut pair = ml_dsa_44::generate_key_pair(seed);
    let secret = Secret(Box::new(pair.signing_key.clone()));
    pair.signing_key.as_mut_slice().zeroize();
    (secret, Public(pair.verification_key))
}

impl Secret {
    /// The signature over `message`: the same each time.
    #[expect(
        clippy::expect_used,
        reason = "fails when 814 attempts were rejected: once in 2^256 signatures (FIPS 204, appendix C)"
    )]
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature = ml_dsa_44::sign(&self.0, message, CONTEXT, NO_RANDOMNESS);
        signature.expect("one attempt in four succeeds").as_slice().to_vec()
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

impl Public {
    /// From 1,312 bytes; there is no other condition.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Public> {
        Some(Public(MLDSA44VerificationKey::new(bytes.try_into().ok()?)))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Whether these are the 2,420 bytes of a signature over `message` by this key.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(bytes) = signature.try_into() else { return false };
        ml_dsa_44::verify(&self.0, message, CONTEXT, &MLDSA44Signature::new(bytes)).is_ok()
    }
}

impl PartialEq for Public {
    fn eq(&self, other: &Public) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Public {}

#[cfg(test)]
mod tests {
    use super::*;
    use ml_dsa::MlDsa44;
    use ml_dsa::signature::Keypair as _;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    /// Another library, beside which ours is held.
    struct Oracle {
        secret: ml_dsa::SigningKey<MlDsa44>,
        public: ml_dsa::VerifyingKey<MlDsa44>,
    }

    impl Oracle {
        fn from_seed(seed: [u8; 32]) -> Oracle {
            let secret = ml_dsa::SigningKey::from_seed(&seed.into());
            Oracle { public: secret.verifying_key(), secret }
        }

        fn sign(&self, message: &[u8]) -> Vec<u8> {
            ml_dsa::Signer::sign(&self.secret, message).encode().to_vec()
        }
    }

    fn oracle_verifies(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
        let public = ml_dsa::VerifyingKey::<MlDsa44>::decode(&public.try_into().unwrap());
        ml_dsa::Signature::try_from(signature)
            .is_ok_and(|signature| public.verify_with_context(message, CONTEXT, &signature))
    }

    /// What every implementation says: the one chosen for this machine, the one for any machine,
    /// and the oracle.
    fn all_say(public: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
        let ours = Public::from_bytes(public).unwrap();
        let portable = signature.try_into().is_ok_and(|bytes| {
            let signature = MLDSA44Signature::new(bytes);
            ml_dsa_44::portable::verify(&ours.0, message, CONTEXT, &signature).is_ok()
        });
        let said = ours.verifies(message, signature);
        let same = said == portable && said == oracle_verifies(public, message, signature);
        same.then_some(said)
    }

    /// Where the hints begin, and how many bytes they have (FIPS 204, algorithm 20).
    const HINTS: usize = 32 + 4 * 576;
    const OMEGA: usize = 80;

    proptest! {
        #[test]
        fn keys_and_signatures_are_those_of_the_oracle_and_each_verifies_the_others(
            seed in any::<[u8; 32]>(),
            message in proptest::collection::vec(any::<u8>(), 0..2_000),
            bit in any::<prop::sample::Index>(),
        ) {
            let (ours, oracle) = (from_seed(seed), Oracle::from_seed(seed));
            let public = ours.1.bytes();
            prop_assert_eq!(public, &oracle.public.encode()[..]);
            let mut signature = ours.0.sign(&message);
            prop_assert_eq!(&signature, &oracle.sign(&message));
            let portable = ml_dsa_44::portable::sign(&ours.0.0, &message, CONTEXT, NO_RANDOMNESS).unwrap();
            prop_assert_eq!(&signature[..], portable.as_slice());
            prop_assert_eq!(all_say(public, &message, &signature), Some(true));
            let at = bit.index(signature.len() * 8);
            signature[at / 8] ^= 1 << (at % 8);
            prop_assert_eq!(all_say(public, &message, &signature), Some(false));
        }

        /// Strings that nobody has signed: no verdict differs, and nothing panics.
        #[test]
        fn whatever_comes_is_judged_alike(
            seed in any::<[u8; 32]>(),
            public in proptest::collection::vec(any::<u8>(), 1_312),
            signature in proptest::collection::vec(any::<u8>(), 2_420),
            spoilt in proptest::collection::vec((HINTS..2_420, 0u8..90), 1..4),
        ) {
            prop_assert_eq!(all_say(&public, b"m", &signature), Some(false));
            let (secret, public) = from_seed(seed);
            let mut signature = secret.sign(b"m");
            for (at, byte) in spoilt {
                signature[at] = byte;
            }
            prop_assert!(all_say(public.bytes(), b"m", &signature).is_some());
        }
    }

    #[test]
    fn each_bit_of_key_message_and_signature_counts() {
        let (secret, public) = from_seed([1; 32]);
        let good = [public.bytes().to_vec(), b"message".to_vec(), secret.sign(b"message")];
        for part in 0..3 {
            for at in 0..good[part].len() * 8 {
                let mut bent = good.clone();
                bent[part][at / 8] ^= 1 << (at % 8);
                let [public, message, signature] = &bent;
                let said = Public::from_bytes(public).unwrap().verifies(message, signature);
                assert!(!said, "bit {at} of part {part}");
            }
        }
    }

    /// Each hint has one encoding (FIPS 204, algorithm 21): else whoever carries a signature could
    /// make another one of it.
    #[test]
    fn hints_in_another_form_are_refused() {
        let (secret, public) = from_seed([1; 32]);
        let good = secret.sign(b"m");
        let first = usize::from(good[HINTS + OMEGA]);
        let count = usize::from(good[HINTS + OMEGA + 3]);
        assert!((2..OMEGA).contains(&first.max(count)), "an example with hints and with room");
        let mut swapped = good.clone();
        swapped.swap(HINTS, HINTS + 1);
        let mut padded = good.clone();
        padded[HINTS + OMEGA - 1] = 1;
        let mut repeated = good.clone();
        repeated[HINTS + count] = repeated[HINTS + count - 1];
        repeated[HINTS + OMEGA + 3] += 1;
        let mut too_many = good.clone();
        too_many[HINTS + OMEGA + 3] = 81;
        let mut falling = good.clone();
        falling[HINTS + OMEGA + 1] = 0;
        for bent in [swapped, padded, repeated, too_many, falling] {
            assert_ne!(bent, good);
            assert_eq!(all_say(public.bytes(), b"m", &bent), Some(false));
        }
        for length in [0, 64, 2_419] {
            assert!(!public.verifies(b"m", &good[..length]));
        }
        assert!(!public.verifies(b"m", &[&good[..], &[0]].concat()));
        assert!(Public::from_bytes(&public.bytes()[1..]).is_none());
    }

    /// `cargo test --release -p forewarn-transcript -- --ignored --nocapture measured`: what
    /// docs/design/0002-dependencies.md states.
    #[test]
    #[ignore = "a measurement"]
    fn measured_beside_the_oracle() {
        const MESSAGES: u32 = 1_000;
        let (ours, oracle) = (from_seed([1; 32]), Oracle::from_seed([1; 32]));
        // As long as a cosigned message; another one each time, since the attempts depend on it.
        let messages: Vec<Vec<u8>> =
            (0..MESSAGES).map(|n| [7; 50].map(|_| n.to_be_bytes()).concat()).collect();
        let tell = |what: &str, spent: Duration| println!("{what}: {:?}", spent / MESSAGES);
        let start = Instant::now();
        let signed: Vec<_> = messages.iter().map(|message| ours.0.sign(message)).collect();
        tell("libcrux-ml-dsa signs", start.elapsed());
        let start = Instant::now();
        for (message, signature) in messages.iter().zip(&signed) {
            assert!(ours.1.verifies(message, signature));
        }
        tell("libcrux-ml-dsa checks", start.elapsed());
        let start = Instant::now();
        let same: Vec<_> = messages.iter().map(|message| oracle.sign(message)).collect();
        tell("ml-dsa signs", start.elapsed());
        assert!(same == signed);
        let start = Instant::now();
        for (message, signature) in messages.iter().zip(&signed) {
            let signature = ml_dsa::Signature::try_from(&signature[..]).unwrap();
            assert!(oracle.public.verify_with_context(message, CONTEXT, &signature));
        }
        tell("ml-dsa checks, its key made ready before", start.elapsed());
    }
}
