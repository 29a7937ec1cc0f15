//! Forms.

super::texts! {
    /// What every form may say.
    Form;
    wrong: "Please look at this again", "Bitte sehen Sie sich das noch einmal an";
    refused: "That was not done. Nothing has left.", "Das wurde nicht getan. Nichts ist hinausgegangen.";
    missing: "Say something here", "Hier fehlt etwas";
    choose: "Choose one", "Wählen Sie eines";
    not_a_time: "That is no time. Write it as 2017-12-15 01:30Z", "Das ist keine Zeit. Schreiben Sie sie wie 2017-12-15 01:30Z";
    not_a_number: "That is no whole number", "Das ist keine ganze Zahl";
    optional: "may be left out", "darf fehlen";
    reason: "Why", "Warum";
    until: "Until", "Bis";
    clock_left: "{} left", "noch {}";
    clock_overdue: "Overdue by {}", "Überfällig seit {}";
    clock_by: "by {}", "bis {}";
    clock_paused: "Paused", "Angehalten";
    clock_done: "Done", "Erledigt";
    clock_late: "Done, after its time", "Erledigt, nach der Zeit";
    clock_none: "No deadline", "Ohne Frist";
    seconds: "{} s", "{} Sek.";
    minutes: "{} min {} s", "{} Min. {} Sek.";
    hours: "{} h {} min", "{} Std. {} Min.";
    days: "{} d {} h", "{} T. {} Std.";
    kept: "Kept here since {}, and not sent", "Hier aufbewahrt seit {}, nicht abgeschickt";
    writes_too: "{} is writing here too, last at {}", "{} schreibt hier auch, zuletzt um {}";
    too_long: "This is longer than what is kept here: send it, or save it elsewhere", "Das ist länger, als hier aufbewahrt wird: schicken Sie es ab, oder sichern Sie es anderswo";
    throw_away: "Throw away what was typed", "Getipptes verwerfen";
    signed_out_typing: "You were signed out. Sign in, and what you typed is there again.",
        "Sie wurden abgemeldet. Melden Sie sich an, dann ist wieder da, was Sie getippt haben.";
    begun_warning: "Warning {}", "Warnung {}";
    begun: "Begun and not sent", "Begonnen und nicht abgeschickt";
    sign_in_again: "You were signed out. Sign in again.", "Sie wurden abgemeldet. Melden Sie sich wieder an.";
}
