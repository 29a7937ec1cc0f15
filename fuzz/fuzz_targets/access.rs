//! Request signatures: parameters have one form, and no signature but the key's own is taken.
#![no_main]

use forewarn_node::access::{self, Parameters, Signed};
use forewarn_transcript::SecretKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (header, signature) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(parameters) = Parameters::parse(header) else { return };
    assert_eq!(parameters.header(), header);
    let signed = Signed { method: "POST", path: "/x", query: "?", digest: "d", to: "b.example" };
    let key = SecretKey::from_seed(&[1; 32]);
    assert!(access::verify(&signed, &parameters, signature, &key.public()).is_err());
    let good = access::signature_header(&key.sign(access::base(&signed, &parameters).as_bytes()));
    assert!(access::verify(&signed, &parameters, &good, &key.public()).is_ok());
});
