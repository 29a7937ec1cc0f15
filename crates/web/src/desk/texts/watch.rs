//! The watch, and lists.

super::texts! {
    /// The queue.
    Watch;
    overdue: "overdue", "überfällig";
    soon: "due within 15 min", "fällig in 15 min";
    later: "due later, or without a deadline", "später fällig oder ohne Frist";
    exercise: "exercises and tests", "Übungen und Tests";
    summary: "Summary", "Überblick";
    needs: "Needs someone here", "Braucht hier jemanden";
    order: "real traffic first, then by deadline", "Echtes zuerst, dann nach Frist";
    nothing: "Nothing needs anyone here.", "Hier wird niemand gebraucht.";
    clock: "Clock", "Uhr";
    what: "What", "Was";
    about: "About", "Worum es geht";
    needed: "What is needed", "Was gebraucht wird";
    action: "Action", "Schritt";
    exercise_group: "EXERCISE: always below real traffic", "ÜBUNG: immer unter Echtem";
    for_partner: "for {}", "für {}";
    from_partner: "from {}", "von {}";
    taken: "{} has it, since {}.", "{} hat es, seit {}.";
    not_you: "You may not do this one; a second person must: not {}.",
        "Das dürfen Sie nicht selbst; eine zweite Person muss: nicht {}.";
    only: "{} alone may do it.", "Nur {} darf es tun.";
    may: "Whoever may {} does it.", "Wer {} darf, tut es.";
    take: "I have it", "Ich habe es";
    red_title: "For named persons only", "Nur für genannte Personen";
    your_case: "Case {}", "Fall {}";
    warning_nr: "Warning {}", "Warnung {}";
    question_on: "Question on case {}", "Frage zu Fall {}";
    proposal_nr: "Proposal {}", "Vorschlag {}";
    partner_about: "Partner {}", "Partner {}";
    feed_about: "Feed {}", "Quelle {}";
    quarantine_about: "{} refused on the way in", "{} beim Eingang abgelehnt";
    follower_about: "Part of the node: {}", "Teil des Knotens: {}";
    rota_about: "The rota", "Der Dienstplan";
    danger_about: "Danger {}", "Gefahr {}";
    notifier_about: "Notifier {}", "Melder {}";
    open_case: "Open case {}", "Fall {} öffnen";
    open_warning: "Open warning {}", "Warnung {} öffnen";
    look_warning: "Look at warning {}", "Warnung {} ansehen";
    read_proposal: "Read proposal {}", "Vorschlag {} lesen";
    answer_question: "Answer on case {}", "Zu Fall {} antworten";
    release_case: "Read and release, case {}", "Lesen und freigeben, Fall {}";
    case_list: "All cases", "Alle Fälle";
    warning_list: "All warnings", "Alle Warnungen";
    no_cases: "There is no case.", "Es gibt keinen Fall.";
    no_warnings: "No warning has come.", "Es ist keine Warnung gekommen.";
    no_proposals: "Nothing waits for a second person.", "Nichts wartet auf eine zweite Person.";
    number: "Number", "Nummer";
    partner: "Partner", "Partner";
    stage: "Stage", "Stand";
    urgency: "Urgency", "Dringlichkeit";
    title: "Title", "Titel";
    standing: "Standing", "Stand";
    received: "Received", "Eingegangen";
    by: "By", "Von";
    fate: "What became of it", "Was daraus wurde";
    questions: "{} open questions", "{} offene Fragen";
    undelivered: "not delivered", "nicht zugestellt";
    recalled: "recalled", "zurückgerufen";
    review: "to be looked at again", "noch einmal anzusehen";
    paused: "paused until {}", "angehalten bis {}";
}
