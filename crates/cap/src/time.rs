//! Times as CAP writes them: to the second, with an offset, UTC as `-00:00` (CAP 1.2 §3.3.2).

use forewarn_stix::Timestamp;

const MICROS: i64 = 1_000_000;

/// A time as CAP writes it; a fraction of a second is cut off.
pub(crate) fn written(time: &Timestamp) -> String {
    let whole = Timestamp::from_micros(time.micros().div_euclid(MICROS) * MICROS);
    let text = whole.as_ref().unwrap_or(time).to_string();
    let seconds: String = text.chars().take(19).collect();
    format!("{seconds}-00:00")
}

/// Whether a text is of that form, with any offset.
pub(crate) fn is_written(text: &str) -> bool {
    let form = "dddd-dd-ddTdd:dd:ddsdd:dd";
    let fits = text.len() == form.len()
        && text.chars().zip(form.chars()).all(|(c, form)| match form {
            'd' => c.is_ascii_digit(),
            's' => matches!(c, '+' | '-'),
            other => c == other,
        });
    // The calendar is STIX's: a day and an hour that there are.
    let start: String = text.chars().take(19).collect();
    fits && Timestamp::parse(&format!("{start}Z")).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_cut_to_the_second_and_its_offset_is_that_of_utc() {
        for (time, expected) in [
            ("2017-12-15T09:30:00Z", "2017-12-15T09:30:00-00:00"),
            ("2017-12-15T09:30:59.999999Z", "2017-12-15T09:30:59-00:00"),
        ] {
            let time = Timestamp::parse(time).unwrap();
            assert_eq!(written(&time), expected);
            assert!(is_written(expected));
        }
    }

    #[test]
    fn other_forms_are_not_cap_s() {
        for bad in [
            "2017-12-15T09:30:00Z",
            "2017-12-15T09:30:00.5-00:00",
            "2017-12-15T09:30:00,00:00",
            "2017-12-15 09:30:00-00:00",
            "2017-13-15T09:30:00-00:00",
            "",
        ] {
            assert!(!is_written(bad), "{bad}");
        }
        assert!(is_written("2017-12-15T11:30:00+02:00"));
    }
}
