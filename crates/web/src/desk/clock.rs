//! A clock: words, a bar of what is left, and the absolute time. The bar is drawn by attributes, so
//! that paper shows it and no inline style is needed.

use super::show::At;
use super::texts::{Words, fill};
use askama::Template;
use askama::filters::HtmlSafe;
use forewarn_exchange::case::Pause;
use forewarn_exchange::need::{SOON_MINUTES, State};
use forewarn_stix::Timestamp;

/// How much time is left.
#[derive(Template)]
#[template(path = "desk/clock.html")]
pub(crate) struct Clock {
    class: &'static str,
    left: String,
    /// Hundredths of the bar.
    fill: i64,
    by: Option<At>,
    /// The words before and after that time.
    by_words: (&'static str, &'static str),
    /// For the script: since when, and whether it runs.
    since: Option<At>,
    runs: bool,
    big: bool,
}

impl HtmlSafe for Clock {}

const MICROS: i64 = 1_000_000;

impl Clock {
    /// A deadline, as of now; `since` is when its time began.
    pub(crate) fn due(
        w: &Words,
        due: Option<&Timestamp>,
        since: Option<&Timestamp>,
        now: &Timestamp,
    ) -> Clock {
        let Some(due) = due else {
            return Clock { left: w.form.clock_none.to_owned(), ..Clock::still("none", w) };
        };
        let left = (due.micros() - now.micros()) / MICROS;
        let state = match left {
            ..0 => State::Overdue,
            left if left <= SOON_MINUTES * 60 => State::Soon,
            _ => State::Running,
        };
        let words = if left < 0 { w.form.clock_overdue } else { w.form.clock_left };
        let whole = since.map_or(0, |since| (due.micros() - since.micros()) / MICROS);
        let fill_of = if whole > 0 { (left * 100 / whole).clamp(0, 100) } else { 100 };
        Clock {
            class: class(state),
            left: fill(words, &[&length(w, left.abs())]),
            fill: if left < 0 { 100 } else { fill_of },
            by: Some(At(due.clone())),
            by_words: around(w),
            since: since.cloned().map(At),
            runs: true,
            big: false,
        }
    }

    /// A clock that somebody has paused.
    pub(crate) fn paused(w: &Words, pause: &Pause) -> Clock {
        Clock {
            left: w.form.clock_paused.to_owned(),
            by: Some(At(pause.until.clone())),
            ..Clock::still("paused", w)
        }
    }

    /// A clock that has stopped, in time or after it.
    pub(crate) fn done(w: &Words, late: bool) -> Clock {
        let words = if late { w.form.clock_late } else { w.form.clock_done };
        Clock { left: words.to_owned(), fill: 100, ..Clock::still("done", w) }
    }

    /// The clock of a page.
    pub(crate) fn big(self) -> Clock {
        Clock { big: true, ..self }
    }

    fn still(class: &'static str, w: &Words) -> Clock {
        Clock {
            class,
            left: String::new(),
            fill: 0,
            by: None,
            by_words: around(w),
            since: None,
            runs: false,
            big: false,
        }
    }
}

/// The words before and after a deadline.
fn around(w: &Words) -> (&'static str, &'static str) {
    w.form.clock_by.split_once("{}").unwrap_or((w.form.clock_by, ""))
}

/// The class of how a need stands to its deadline.
pub(crate) fn class(state: State) -> &'static str {
    match state {
        State::Overdue => "overdue",
        State::Soon => "soon",
        State::Running => "running",
    }
}

/// A length of time, in its two largest units.
pub(crate) fn length(w: &Words, seconds: i64) -> String {
    let form = &w.form;
    match seconds {
        ..60 => fill(form.seconds, &[&seconds]),
        60..3_600 => fill(form.minutes, &[&(seconds / 60), &(seconds % 60)]),
        3_600..86_400 => fill(form.hours, &[&(seconds / 3_600), &(seconds % 3_600 / 60)]),
        _ => fill(form.days, &[&(seconds / 86_400), &(seconds % 86_400 / 3_600)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_says_how_much_is_left_and_draws_it() {
        let at = |text| Timestamp::parse(text).unwrap();
        let w = Words::of("en");
        let (since, due) = (at("2017-12-15T02:00:00Z"), at("2017-12-15T03:00:00Z"));
        let clock = |now| Clock::due(w, Some(&due), Some(&since), &at(now));
        for (now, left, fill, class) in [
            ("2017-12-15T02:15:00Z", "45 min 0 s left", 75, "running"),
            ("2017-12-15T02:54:01Z", "5 min 59 s left", 9, "soon"),
            ("2017-12-15T03:04:21Z", "Overdue by 4 min 21 s", 100, "overdue"),
            ("2017-12-17T04:04:21Z", "Overdue by 2 d 1 h", 100, "overdue"),
        ] {
            let clock = clock(now);
            assert_eq!((clock.left.as_str(), clock.fill, clock.class), (left, fill, class));
        }
        let drawn = clock("2017-12-15T02:15:00Z").render().unwrap();
        assert!(drawn.contains("width=\"75\"") && !drawn.contains("style="), "{drawn}");
    }
}
