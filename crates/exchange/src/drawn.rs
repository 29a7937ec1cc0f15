//! Ids and salts, drawn from a command's seed.

use forewarn_transcript::Hash;

/// Ids and salts drawn from a command's seed: the same command draws the same ones.
#[derive(Debug, Clone)]
pub struct Ids {
    seed: Hash,
    drawn: u64,
}

impl Ids {
    /// Starts to draw from a seed, which must be used for one command only.
    pub fn new(seed: Hash) -> Ids {
        Ids { seed, drawn: 0 }
    }

    fn draw(&mut self) -> [u8; 16] {
        let mut input = self.seed.0.to_vec();
        input.extend(self.drawn.to_be_bytes());
        self.drawn += 1;
        let mut out = [0; 16];
        out.copy_from_slice(Hash::of(&input).0.first_chunk::<16>().unwrap_or(&[0; 16]));
        out
    }

    /// 128 bits for a disclosure.
    pub fn salt(&mut self) -> [u8; 16] {
        self.draw()
    }

    /// `kind--` and a version 4 UUID.
    pub fn id(&mut self, kind: &str) -> String {
        format!("{kind}--{}", self.uuid())
    }

    /// A version 4 UUID (RFC 9562 §5.4), in lower case.
    pub fn uuid(&mut self) -> String {
        let mut number = u128::from_be_bytes(self.draw());
        // RFC 9562 §5.4: version 4 and variant 10.
        number = number & !(0xf << 76) | (0x4 << 76);
        number = number & !(0x3 << 62) | (0x2 << 62);
        let hex = format!("{number:032x}");
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_4_and_the_same_for_the_same_seed() {
        let mut ids = Ids::new(Hash::of(b"seed"));
        let first = ids.id("report");
        assert!(forewarn_stix::StixId::parse(&first).is_ok());
        assert_eq!(first.as_bytes()[8 + 14], b'4');
        assert_eq!(Ids::new(Hash::of(b"seed")).id("report"), first);
        assert_ne!(ids.id("report"), first);
    }
}
