//! Permission to pass on.

super::texts! {
    /// What a partner may pass on.
    Permit;
    action: "Permit or deny, case {}", "Erlauben oder ablehnen, Fall {}";
    heading: "May {} pass it on?", "Darf {} es weitergeben?";
    lead: "What you tick is permitted, to whom you tick. The rest is denied.",
        "Was Sie ankreuzen, ist erlaubt, für die, die Sie ankreuzen. Der Rest ist abgelehnt.";
    asked: "Why they ask", "Warum sie fragen";
    parts: "What may be passed on", "Was weitergegeben werden darf";
    parts_hint: "Nothing ticked here and below: nothing may.", "Hier und unten nichts angekreuzt: nichts darf es.";
    to: "To whom", "An wen";
    conditions: "On which conditions", "Unter welchen Bedingungen";
    until_hint: "Nothing is passed on later.", "Später wird nichts weitergegeben.";
    reason: "Why not, or not all", "Warum nicht, oder nicht alles";
    reason_hint: "Needed when nothing is permitted. The partner reads it.", "Nötig, wenn nichts erlaubt wird. Der Partner liest es.";
    button: "Answer {}", "{} antworten";
    after: "It becomes an entry of our log. Whoever passes on more than this breaks it.",
        "Es wird ein Eintrag unseres Protokolls. Wer mehr weitergibt, verletzt es.";
}
