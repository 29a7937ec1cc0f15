//! Punycode in domain names: `xn--…` (RFC 3492).

const PREFIX: &str = "xn--";
/// Longest label, without its prefix.
const MAX_LABEL: usize = 59;
const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;

/// `None` when nothing is encoded.
pub(super) fn decode(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    let mut found = false;
    for (at, _) in lower.match_indices(PREFIX) {
        let start = at + PREFIX.len();
        let label = lower.get(start..).unwrap_or_default();
        // One letter more is read, to see whether it is too long.
        let letters = label.bytes().take(MAX_LABEL + 1);
        let end = letters.take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
        let label = label.get(..end).filter(|_| end <= MAX_LABEL);
        if let Some(decoded) = label.and_then(unpacked).filter(|_| at >= from) {
            out.push_str(text.get(from..at).unwrap_or_default());
            out.push_str(&decoded);
            from = start + end;
            found = true;
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    found.then_some(out)
}

/// RFC 3492 §6.2. `None` when it is not punycode.
fn unpacked(label: &str) -> Option<String> {
    let (basic, packed) = label.rsplit_once('-').unwrap_or(("", label));
    let mut out: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128u32, 0u32, 72u32);
    let mut digits = packed.chars().peekable();
    while digits.peek().is_some() {
        let before = i;
        let mut weight = 1u32;
        let mut k = BASE;
        loop {
            let digit = match digits.next()? {
                c @ 'a'..='z' => u32::from(c) - u32::from('a'),
                c @ '0'..='9' => u32::from(c) - u32::from('0') + 26,
                _ => return None,
            };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            k += BASE;
        }
        let count = u32::try_from(out.len()).ok()? + 1;
        bias = adapted(i - before, count, before == 0);
        n = n.checked_add(i / count)?;
        i %= count;
        out.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(out.into_iter().collect())
}

fn adapted(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut k = 0;
    while delta > ((BASE - T_MIN) * T_MAX) / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + 38)
}
