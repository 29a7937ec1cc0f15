//! Readouts.

super::texts! {
    /// What is said in public.
    Read;
    title: "Readouts", "Mitteilungen";
    lead: "What both sides say in public of a warning, and until when neither does.",
        "Was beide Seiten öffentlich zu einer Warnung sagen, und bis wann keine.";
    none: "Nothing is said in public.", "Öffentlich wird nichts gesagt.";
    one: "Readout", "Mitteilung";
    of: "Readout of {}", "Mitteilung zu {}";
    traffic: "Traffic", "Verkehr";
    ours: "Our text", "Unser Text";
    theirs: "Their text", "Ihr Text";
    embargo: "Embargo", "Sperrfrist";
    agreed: "How both compare", "Wie sich beide vergleichen";
    write: "Write our text", "Unseren Text schreiben";
    write_text: "Nothing leaves by it. It may be changed until it is committed to.",
        "Damit geht nichts hinaus. Er kann geändert werden, bis er festgelegt ist.";
    text: "The text, as anybody may read it", "Der Text, wie ihn jeder lesen darf";
    text_hint: "What is withheld from anybody keeps the gate shut.",
        "Was irgendjemandem vorenthalten ist, hält die Schranke geschlossen.";
    facts: "What of it the transcript proves", "Was davon das Protokoll beweist";
    facts_hint: "One a line: theirs/5/facts/0/count=seven people",
        "Eines je Zeile: theirs/5/facts/0/count=sieben Personen";
    kept: "What is kept back and committed to", "Was zurückgehalten und festgelegt ist";
    kept_hint: "One a line: ours/1/names=nobody is named", "Eines je Zeile: ours/1/names=niemand wird genannt";
    not_a_place: "Write SIDE/ENTRY/FIELD=WORDS on each line", "Schreiben Sie in jede Zeile SEITE/EINTRAG/FELD=WÖRTER";
    commit: "Commit to this text", "Diesen Text festlegen";
    commit_text: "The partner gets its digest, and not a word of it. A second person approves it; then it stands as it is.",
        "Der Partner bekommt seine Prüfsumme und kein Wort davon. Eine zweite Person stimmt zu; dann bleibt er, wie er ist.";
    until: "Propose that neither side publishes until", "Vorschlagen, dass keine Seite veröffentlicht bis";
    until_hint: "As 2017-12-15 01:30Z; may stay empty.", "Etwa 2017-12-15 01:30Z; kann leer bleiben.";
    until_when: "Neither side publishes until", "Keine Seite veröffentlicht bis";
    time_hint: "As 2017-12-15 01:30Z.", "Etwa 2017-12-15 01:30Z.";
    reveal: "Publish our text", "Unseren Text veröffentlichen";
    reveal_text: "The partner gets it, and it is public from now on. It cannot be taken out.",
        "Der Partner bekommt ihn, und er ist von nun an öffentlich. Zurückholen lässt er sich nicht.";
    early: "Although an embargo binds, or they have committed to nothing", "Obwohl eine Sperrfrist bindet oder sie nichts festgelegt haben";
    early_text: "It shows as early on both sides.", "Auf beiden Seiten erscheint es als zu früh.";
    note: "Take note", "Zur Kenntnis nehmen";
    note_text: "The partner has published early.", "Der Partner hat zu früh veröffentlicht.";
    propose: "Propose an embargo", "Eine Sperrfrist vorschlagen";
    propose_text: "It binds once the partner has accepted it. No warning waits for it.",
        "Sie bindet, sobald der Partner zugestimmt hat. Keine Warnung wartet darauf.";
    accept: "Accept their embargo", "Ihre Sperrfrist annehmen";
    accept_text: "Neither side publishes before it ends.", "Keine Seite veröffentlicht vor ihrem Ende.";
    decline: "Decline their embargo", "Ihre Sperrfrist ablehnen";
    decline_text: "They are told why.", "Sie erfahren, warum.";
    leave: "Leave the embargo", "Die Sperrfrist verlassen";
    leave_text: "They are told why, and whether we comply all the same.",
        "Sie erfahren, warum, und ob wir sie trotzdem einhalten.";
    complies: "We comply with it all the same", "Wir halten sie trotzdem ein";
}
