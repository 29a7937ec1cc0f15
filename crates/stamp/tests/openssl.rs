//! Stamps by Debian's `openssl ts`: what it gives is read, what it would not accept is not accepted.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_stamp::{Authority, Nonce, Stamped, Token, request, token_in};
use forewarn_stix::Timestamp;
use forewarn_testkit::Stamping;
use forewarn_transcript::Hash;
use forewarn_transcript::evidence::Stamper as _;

fn authority(of: &Stamping) -> Authority {
    Authority::parse("stamps.example", &std::fs::read(of.root()).unwrap()).unwrap()
}

fn token(by: &Stamping, digest: Hash) -> Vec<u8> {
    token_in(&by.answer(&request(digest, Nonce::of([7; 8])))).unwrap()
}

#[test]
fn stamps_by_each_kind_of_key_are_read_as_openssl_reads_them() {
    let digest = Hash::of(b"a receipt");
    for (key, by) in [
        ("rsa:2048", "sha256"),
        ("rsa:3072", "sha512"),
        ("rsa:2048", "sha384"),
        ("ec:P-256", "sha256"),
        ("ec:P-384", "sha384"),
    ] {
        let stamping = Stamping::new(key, by);
        let token = token(&stamping, digest);
        assert!(stamping.knows(&token, &digest.to_string()), "{key}");
        let checked = authority(&stamping).check(&token, digest);
        assert!(matches!(checked, Ok(Stamped::By(_))), "{key} {by}: {checked:?}");
        let read = Token::parse(&token).unwrap();
        assert!(
            read.is_of(digest)
                && read.answers(Nonce::of([7; 8]))
                && !read.answers(Nonce::of([8; 8]))
        );
    }
}

#[test]
fn the_time_is_the_latest_that_the_clock_may_mean() {
    let (digest, stamping) = (Hash::of(b"x"), Stamping::new("ec:P-256", "sha256"));
    let answer = stamping.answer(&request(digest, Nonce::of([7; 8])));
    let token = token_in(&answer).unwrap();
    let Ok(Stamped::By(by)) = authority(&stamping).check(&token, digest) else {
        panic!("no stamp")
    };
    // Its own time, and 1.5 s that its clock may be off.
    let own = Timestamp::from_micros(by.micros() - 1_500_000).unwrap();
    let clock = own.as_str().split_once('T').unwrap().1.get(..8).unwrap().to_owned();
    let words = stamping.tells(&answer);
    assert!(words.contains(&format!(" {clock} ")), "{own}: {words}");
    assert!(words.contains("Accuracy: 0x01 seconds, 0x01F4 millis"), "{words}");
}

#[test]
fn what_is_anothers_is_told_from_what_is_made_up() {
    let (digest, stamping) = (Hash::of(b"a receipt"), Stamping::new("ec:P-256", "sha256"));
    let (token, authority) = (token(&stamping, digest), authority(&stamping));
    // Another authority, with a root of the same name.
    let other = self::authority(&Stamping::new("ec:P-256", "sha256"));
    assert!(matches!(other.check(&token, digest), Ok(Stamped::ByOthers(_))));
    // Another digest.
    assert_eq!(authority.check(&token, Hash::of(b"b")).unwrap_err(), "it stamps something else");
    // The same statement by one who is trusted, and by one whose certificate is for other things too.
    let Ok(Stamped::By(_)) = self::authority(&stamping).check(&stamping.signs(&token), digest)
    else {
        panic!("what is signed so is a stamp")
    };
    let loose = Stamping::for_anything();
    let checked = self::authority(&loose).check(&loose.signs(&token), digest);
    let Ok(Stamped::ByOthers(why)) = checked else { panic!("{checked:?}") };
    assert!(why.contains("not for time stamps alone"), "{why}");
    // Any bit turned: refused, or another's, or a bit of what nothing rests on; never with another time.
    let Ok(Stamped::By(time)) = authority.check(&token, digest) else { panic!("no stamp") };
    let mut refused = 0;
    for at in 0..token.len() {
        let mut forged = token.clone();
        forged[at] ^= 0x04;
        match authority.check(&forged, digest) {
            Ok(Stamped::By(told)) => assert_eq!(told, time, "byte {at}"),
            Ok(Stamped::ByOthers(_)) | Err(_) => refused += 1,
        }
    }
    assert!(refused * 10 > token.len() * 9, "{refused} of {}", token.len());
    for cut in 0..token.len() {
        assert!(authority.check(&token[..cut], digest).is_err());
    }
}

#[test]
fn a_file_without_roots_says_what_it_wants() {
    let none = Authority::parse("x", b"nothing").unwrap_err().to_string();
    assert!(none.contains("BEGIN CERTIFICATE"), "{none}");
    let bad = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(Authority::parse("x", bad).unwrap_err().to_string().contains("certificate 1"));
}
