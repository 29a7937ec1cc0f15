//! Compressed answers: zstd or gzip, as the client prefers (RFC 9110 §12.5.3).

use axum::http::{HeaderMap, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

/// Shorter answers go as they are: what would be saved is less than a packet.
const LEAST: usize = 1_400;
/// Levels that compress several times as fast as the network carries.
const ZSTD_LEVEL: i32 = 1;
const GZIP_LEVEL: u32 = 3;

/// How an answer may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    Gzip,
    Zstd,
}

impl Coding {
    /// What the client takes; of those that it likes best, the best.
    pub(crate) fn of(headers: &HeaderMap) -> Coding {
        let text = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let weight = |name: &str| {
            let mut any = 0.0;
            for item in text.unwrap_or_default().split(',') {
                let (coding, rest) = item.split_once(';').unwrap_or((item, ""));
                let q = rest.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0));
                match coding.trim() {
                    known if known.eq_ignore_ascii_case(name) => return q,
                    "*" => any = q,
                    _ => {}
                }
            }
            any
        };
        let (zstd, gzip): (f32, f32) = (weight("zstd"), weight("gzip"));
        if zstd > 0.0 && zstd >= gzip {
            Coding::Zstd
        } else if gzip > 0.0 {
            Coding::Gzip
        } else {
            Coding::Identity
        }
    }

    /// The name in `Content-Encoding`; none for what goes as it is.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Coding::Identity => None,
            Coding::Gzip => Some("gzip"),
            Coding::Zstd => Some("zstd"),
        }
    }

    /// An answer's bytes as they are sent, and how they were coded in the end.
    pub(crate) fn apply(self, bytes: Vec<u8>) -> (Vec<u8>, Coding) {
        if bytes.len() < LEAST {
            return (bytes, Coding::Identity);
        }
        let coded = match self {
            Coding::Identity => None,
            Coding::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
                encoder.write_all(&bytes).and_then(|()| encoder.finish()).ok()
            }
            Coding::Zstd => zstd::bulk::compress(&bytes, ZSTD_LEVEL).ok(),
        };
        match coded {
            Some(coded) => (coded, self),
            None => (bytes, Coding::Identity),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn of(text: &str) -> Coding {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, text.parse().unwrap());
        Coding::of(&headers)
    }

    #[test]
    fn the_client_chooses() {
        assert_eq!(Coding::of(&HeaderMap::new()), Coding::Identity);
        assert_eq!(of("gzip, deflate"), Coding::Gzip);
        assert_eq!(of("gzip, deflate, zstd"), Coding::Zstd);
        assert_eq!(of("zstd;q=0.5, gzip;q=0.9"), Coding::Gzip);
        assert_eq!(of("zstd;q=0, gzip;q=0"), Coding::Identity);
        assert_eq!(of("*"), Coding::Zstd);
        assert_eq!(of("br"), Coding::Identity);
    }

    #[test]
    fn what_was_coded_reads_as_before() {
        let bytes = b"a warning in time ".repeat(1_000);
        let (coded, coding) = Coding::Gzip.apply(bytes.clone());
        assert!(coding == Coding::Gzip && coded.len() < bytes.len() / 10);
        let mut read = Vec::new();
        flate2::read::GzDecoder::new(&coded[..]).read_to_end(&mut read).unwrap();
        assert_eq!(read, bytes);
        let (coded, _) = Coding::Zstd.apply(bytes.clone());
        assert_eq!(zstd::bulk::decompress(&coded, bytes.len()).unwrap(), bytes);
        assert_eq!(Coding::Zstd.apply(b"short".to_vec()), (b"short".to_vec(), Coding::Identity));
    }
}
