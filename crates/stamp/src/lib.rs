//! Time stamps by RFC 3161: what an authority is asked, what it answers, and whether a token is of one
//! digest and of an authority whose root somebody trusts. No I/O; the parsers of ASN.1, CMS and X.509 and the
//! check of a chain are others' (`docs/design/0046-time-stamps.md`).

mod asked;
mod authority;
mod signed;
mod token;

pub use asked::{MAX_ANSWER_BYTES, Nonce, NotStamped, request, token_in};
pub use authority::{Authority, BadAuthority};
pub use token::{BadToken, Token};

/// A stamp that is an authority's: when it had seen the digest.
pub use forewarn_transcript::evidence::Stamped;
