//! Warnings that came, and proposals.

super::texts! {
    /// A received warning and what is said of it.
    Warn;
    over: "Warning {} from {}", "Warnung {} von {}";
    red_heading: "A warning for named persons", "Eine Warnung für genannte Personen";
    for_named: "For {} only", "Nur für {}";
    facts: "Where it stands", "Wie es steht";
    held: "Our node holds it", "Unser Knoten hat sie";
    opened: "Opened", "Geöffnet";
    accepted: "Accepted", "Angenommen";
    declined: "Declined", "Abgelehnt";
    acting: "Acting", "Handelt";
    outcome: "Outcome", "Ergebnis";
    not_yet: "not yet", "noch nicht";
    by_at: "by {}, {}", "von {}, {}";
    closed_text: "Nobody here has opened it. Opening tells them that you did.",
        "Niemand hier hat sie geöffnet. Das Öffnen sagt ihnen, dass Sie es getan haben.";
    open_button: "Open warning {}", "Warnung {} öffnen";
    open_title: "Next: open it", "Nächster Schritt: öffnen";
    may_not_open: "You may not open warnings here.", "Sie dürfen hier keine Warnungen öffnen.";
    what_sent: "What {} sent us", "Was uns {} gesandt hat";
    plain: "their text, shown as plain text", "ihr Wortlaut, als reiner Text";
    valid_until: "Holds until", "Gilt bis";
    received: "Received", "Eingegangen";
    over_since: "Its time is over since {}.", "Ihre Zeit ist seit {} vorbei.";
    pap: "PAP", "PAP";
    recalled: "{} has taken it back, at {}", "{} hat sie zurückgerufen, um {}";
    recalled_reason: "Their reason", "Ihr Grund";
    recall_answered: "It was answered.", "Es wurde beantwortet.";
    recall_answer: "Answer the recall", "Den Rückruf beantworten";
    changed: "Changed in version {}", "Geändert in Fassung {}";
    kept_back: "An earlier version, or what was said of it, is TLP:RED and for others: it is not shown.",
        "Eine frühere Fassung oder was dazu gesagt wurde, ist TLP:RED und für andere: es wird nicht gezeigt.";
    owed_update: "They wait for an answer to the change.", "Sie warten auf Antwort zu der Änderung.";
    owed_expiry: "Its time is over: say whether what was done for it has ended.",
        "Ihre Zeit ist vorbei: sagen Sie, ob beendet ist, was dafür getan wurde.";
    accept: "Accept", "Annehmen";
    accept_title: "Accept warning {}?", "Warnung {} annehmen?";
    accept_note: "Who has it in hand here?", "Wer hat es hier in der Hand?";
    accept_hint: "They read these words. Leave them out, and one person is enough.",
        "Sie lesen diese Worte. Ohne Worte genügt eine Person.";
    accept_button: "Accept warning {}", "Warnung {} annehmen";
    decline: "Decline", "Ablehnen";
    decline_title: "Decline warning {}?", "Warnung {} ablehnen?";
    decline_ground: "Ground", "Grund";
    decline_other: "another, in words", "ein anderer, in Worten";
    decline_reason: "Why, in words", "Warum, in Worten";
    decline_button: "Decline warning {}", "Warnung {} ablehnen";
    ask: "Ask a question", "Eine Frage stellen";
    ask_title: "Ask {}", "{} fragen";
    ask_text: "Your question", "Ihre Frage";
    ask_hint: "It stands as unanswered on both sides, with a clock.",
        "Sie steht auf beiden Seiten als unbeantwortet, mit einer Uhr.";
    ask_button: "Ask {}", "{} fragen";
    act: "Say what is being done", "Sagen, was getan wird";
    act_title: "What is being done about warning {}?", "Was wird wegen Warnung {} getan?";
    act_text: "What is being done", "Was getan wird";
    act_class: "Of which kind", "Welcher Art";
    act_button: "Tell {} what is being done", "{} sagen, was getan wird";
    say_outcome: "Report an outcome", "Ein Ergebnis berichten";
    outcome_title: "What came of warning {}?", "Was kam bei Warnung {} heraus?";
    outcome_text: "In words", "In Worten";
    outcome_on: "Day", "Tag";
    outcome_on_hint: "As 2017-12-15; may be left out.", "Etwa 2017-12-15; darf fehlen.";
    outcome_button: "Tell {} what came of it", "{} sagen, was herauskam";
    thank: "Thank them", "Danken";
    thank_title: "Thank {}", "{} danken";
    thank_to: "Whom", "Wem";
    thank_text: "Words of thanks", "Dankesworte";
    thank_hint: "They reach whoever made the warning possible, whom you need not know.",
        "Sie erreichen, wer die Warnung möglich gemacht hat; Sie müssen ihn nicht kennen.";
    thank_button: "Thank {}", "{} danken";
    answer_title: "Answer {} on warning {}", "{} zu Warnung {} antworten";
    answer_what: "What you did", "Was Sie getan haben";
    answer_text: "In words", "In Worten";
    answer_corrects: "This corrects the answer before it", "Dies berichtigt die Antwort davor";
    answer_button: "Answer {}", "{} antworten";
    answer_update: "Answer the change", "Die Änderung beantworten";
    answer_expiry: "Answer that its time is over", "Zum Ablauf antworten";
    tell_more: "Tell them more", "Ihnen mehr sagen";
    two_persons: "Free text to {} is looked at by a second person before it leaves, unless the agreement says that one is enough.",
        "Freien Text an {} sieht eine zweite Person, bevor er hinausgeht, wenn die Vereinbarung nicht sagt, dass eine genügt.";
    p_heading: "Proposal {}", "Vorschlag {}";
    p_over: "{} proposes, at {}", "{} schlägt vor, um {}";
    p_words: "Exactly this would be done", "Genau dies würde getan";
    p_concerns: "Concerns", "Betrifft";
    p_marked: "Leaves as", "Geht hinaus als";
    p_digest: "Digest", "Prüfsumme";
    p_objection: "It cannot be done now", "Es kann jetzt nicht getan werden";
    p_approve: "Approve proposal {}", "Vorschlag {} billigen";
    p_approve_text: "It is then done, as your act and that of {}.",
        "Dann wird es getan, als Ihre Handlung und die von {}.";
    p_drop: "Drop proposal {}", "Vorschlag {} verwerfen";
    p_reason: "Why it is not done", "Warum es nicht getan wird";
    p_yours: "You proposed it, {}, so a second person must approve it. Nothing has been done.",
        "Sie haben es vorgeschlagen, {}; eine zweite Person muss es billigen. Noch ist nichts getan.";
    p_waiting: "waits for a second person", "wartet auf eine zweite Person";
    p_approved: "approved by {}, {}", "gebilligt von {}, {}";
    p_dropped: "dropped by {}, {}: {}", "verworfen von {}, {}: {}";
    p_shows: "Evidence would show", "Der Beweis würde zeigen";
    next: "Next", "Nächster Schritt";
    nothing_next: "Nothing is needed here now.", "Hier wird jetzt nichts gebraucht.";
}
