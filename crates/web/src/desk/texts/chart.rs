//! Charts.

super::texts! {
    /// How long, and how much.
    Chart;
    title: "Charts", "Auswertung";
    times: "How long warnings took", "Wie lange Warnungen brauchten";
    times_note: "Each beside its own deadline; the table says the same.",
        "Jede neben ihrer eigenen Frist; die Tabelle sagt dasselbe.";
    times_picture: "From the opening of each case to release, receipt and acknowledgement, beside its deadline",
        "Von der Eröffnung jedes Falls bis zu Freigabe, Empfang und Bestätigung, neben seiner Frist";
    lane: "case {}, {}", "Fall {}, {}";
    opened: "Opened", "Eröffnet";
    due: "Due", "Fällig";
    released: "Released", "Freigegeben";
    received: "Their node holds it", "Ihr Knoten hat sie";
    acknowledged: "Acknowledged", "Bestätigt";
    no_cases: "Nothing has been released yet.", "Es wurde noch nichts freigegeben.";
    weeks: "Week by week", "Woche für Woche";
    weeks_note: "Weeks begin on Monday, in UTC; exercises and tests count as items only.",
        "Wochen beginnen am Montag, in UTC; Übungen und Testläufe zählen nur als Meldungen.";
    weeks_picture: "a bar a week, oldest first", "ein Balken je Woche, älteste zuerst";
    week: "Week from", "Woche ab";
    came: "Came", "Eingegangen";
    matched: "Met an interest", "Trafen ein Interesse";
    warned: "Warned", "Gewarnt";
    waived: "Waived", "Verzichtet";
    dismissed: "Dismissed", "Verworfen";
    most: "most: {}", "höchstens: {}";
}
