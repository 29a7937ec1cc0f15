//! A text as a picture that a telephone reads (ISO/IEC 18004), as SVG without style.

use askama::Template;
use askama::filters::HtmlSafe;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// Modules of white around the picture (ISO/IEC 18004 §6.3.8).
const QUIET: i32 = 4;

/// The picture.
#[derive(Template)]
#[template(path = "desk/qr.html")]
pub(crate) struct Qr {
    size: i32,
    path: String,
    label: &'static str,
}

impl HtmlSafe for Qr {}

impl Qr {
    /// Of a text; `None` when it is too long for one.
    pub(crate) fn of(text: &str, label: &'static str) -> Option<Qr> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
        Some(Qr { size: code.size() + 2 * QUIET, path, label })
    }
}
