//! Exercises.

super::texts! {
    /// What is played, and how it went.
    Play;
    title: "Exercises", "Übungen";
    lead: "A scenario is written as a file, and begun on the command line: forewarn exercise begin FILE. The node plays it from there.",
        "Ein Szenario wird als Datei geschrieben und auf der Befehlszeile begonnen: forewarn exercise begin FILE. Von da an spielt es der Knoten.";
    none: "There was no exercise.", "Es gab keine Übung.";
    heading: "Exercise {}: {}", "Übung {}: {}";
    about: "The exercise", "Die Übung";
    running: "running", "läuft";
    over: "over", "vorbei";
    begun: "Begun", "Begonnen";
    by: "By", "Von";
    ended: "Ended", "Beendet";
    speed: "Speed", "Tempo";
    speed_times: "{} minutes of it pass in one", "{} ihrer Minuten vergehen in einer";
    injects: "What comes", "Was kommt";
    at: "By its clock", "Nach ihrer Uhr";
    called: "Called", "Heißt";
    played: "Came", "Kam";
    waits: "due {}", "fällig {}";
    brought: "Items", "Meldungen";
    cases: "Cases", "Fälle";
    missing: "To be warned, and not so far", "Zu warnen, und bisher nicht gewarnt";
    course: "How it went", "Wie es lief";
    course_note: "By the exercise's clock, from when it came.", "Nach der Uhr der Übung, seit es kam.";
    no_cases: "No case was opened.", "Es wurde kein Fall eröffnet.";
    matched: "Matched", "Getroffen";
    decided: "Decided", "Entschieden";
    released: "Released", "Freigegeben";
    received: "Received", "Empfangen";
    acknowledged: "Acknowledged", "Bestätigt";
    outcome: "Outcome", "Ergebnis";
    due: "Due", "Fällig";
    judged: "In time", "Rechtzeitig";
    in_time: "in time", "rechtzeitig";
    late: "late", "zu spät";
    open: "open", "offen";
    end: "End the exercise", "Übung beenden";
    end_text: "Nothing more is played, and its cases need nobody any more. What partners were sent stays with them.",
        "Nichts wird mehr gespielt, und ihre Fälle brauchen niemanden mehr. Was Partnern gesendet wurde, bleibt bei ihnen.";
    end_why: "Why, or how it went", "Warum, oder wie es lief";
    item_of: "Of exercise {}: it is not meant.", "Aus Übung {}: Sie ist nicht ernst.";
}
