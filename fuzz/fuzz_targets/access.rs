//! Request signatures: parameters have one form, and no signature but the key's own is taken.
#![no_main]

use forewarn_node::access::{self, Claim, Parameters, Signed, Stranger};
use forewarn_stix::Timestamp;
use forewarn_transcript::{Hash, SecretKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (header, signature) = text.split_once('\n').unwrap_or((text, ""));
    let at = Timestamp::parse("2017-12-15T09:30:00Z").unwrap();
    let stranger = Stranger::new(&Hash([9; 32]), &at).unwrap();
    let key = SecretKey::from_seed(&[1; 32]);
    let judged = |signature: &str| {
        let claim = Claim::read(("POST", "/x", "?"), |name| {
            Some(match name {
                "content-digest" => "d",
                "signature-input" => header,
                "signature" => signature,
                _ => "b.example",
            })
        });
        claim.judge("b.example", &[key.public()], &stranger)
    };
    assert!(judged(signature).is_err());
    let Some(parameters) = Parameters::parse(header) else { return };
    assert_eq!(parameters.header(), header);
    let signed = Signed { method: "POST", path: "/x", query: "?", digest: "d", to: "b.example" };
    let good = access::signature_header(&key.sign(access::base(&signed, &parameters).as_bytes()));
    assert!(judged(&good).is_ok());
});
