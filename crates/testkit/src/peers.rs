//! Others' programs in Python, asked by `interop/peers.py`.

use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

/// What the peers answer to `input`; `what` is one of the questions of `interop/peers.py`. PYTHON
/// has them installed, and this runs in the project's folder.
pub fn ask(python: &Path, what: &str, input: &Value) -> Value {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(input.to_string().as_bytes()).expect("a write");
    let done = Command::new(python)
        .args(["interop/peers.py", what])
        .arg(file.path())
        .output()
        .expect("the peers run");
    let text = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_str(&text).expect("the peers answer in JSON")
}
