//! Sources in danger.

super::texts! {
    /// Sources in danger.
    Danger;
    title: "Sources in danger", "Quellen in Gefahr";
    lead: "Nothing leaves that rests on a source in danger, until a second person has looked at it.",
        "Nichts verlässt das Haus, das auf einer Quelle in Gefahr beruht, bis eine zweite Person nachgesehen hat.";
    none: "No source that you may see is or was in danger.",
        "Keine Quelle, die Sie sehen dürfen, ist oder war in Gefahr.";
    source: "Source", "Quelle";
    since: "Since", "Seit";
    why: "What endangers it", "Was sie gefährdet";
    found: "What was found", "Was festgestellt wurde";
    holds: "It holds", "Sie besteht";
    lifted: "Lifted", "Aufgehoben";
    hidden: "Its source is not for you. That it holds, you may know: it stops what rests on it.",
        "Ihre Quelle ist nicht für Sie bestimmt. Dass sie besteht, dürfen Sie wissen: sie hält an, was auf ihr beruht.";
    raise: "Say that a source is in danger", "Sagen, dass eine Quelle in Gefahr ist";
    raise_text: "It holds at once, and whoever releases is told.",
        "Es gilt sofort, und wer freigibt, erfährt es.";
    handle_hint: "The handle as the items have it.", "Die Bezeichnung, wie die Meldungen sie tragen.";
    lift: "Lift danger {}", "Gefahr {} aufheben";
    lift_text: "What rests on the source may leave again. Somebody else than who has raised it.",
        "Was auf der Quelle beruht, darf wieder hinaus. Jemand anders, als wer sie gemeldet hat.";
    names: "Names behind sources", "Namen hinter Quellen";
    names_lead: "Who stands behind a handle. Each reading is on record, with its reason; the gate looks for these names in whatever leaves.",
        "Wer hinter einer Bezeichnung steht. Jedes Lesen wird mit seinem Grund festgehalten; die Schleuse sucht diese Namen in allem, was hinausgeht.";
    names_none: "No source has a name here.", "Zu keiner Quelle ist hier ein Name hinterlegt.";
    kept_by: "Kept by", "Hinterlegt von";
    cover: "What may be said to the source instead", "Was der Quelle stattdessen gesagt werden darf";
    cover_hint: "Without the name and the handle.", "Ohne den Namen und ohne die Bezeichnung.";
    times_read: "Read", "Gelesen";
    true_name: "True name", "Wirklicher Name";
    contact: "How the source is reached", "Wie die Quelle erreicht wird";
    look_name: "Read a name", "Einen Namen lesen";
    look_why: "Why you must know", "Warum Sie es wissen müssen";
    keep_name: "Keep a name", "Einen Namen hinterlegen";
    keep_text: "A corrected name takes the place of the one before; that one is still looked for.",
        "Ein berichtigter Name tritt an die Stelle des früheren; nach diesem wird weiter gesucht.";
    forget_name: "Erase a name", "Einen Namen löschen";
    forget_text: "It is gone for good, from every file of this node; not from backups. Nothing looks for it any more.",
        "Er ist für immer fort, aus jeder Datei dieses Knotens; nicht aus Sicherungen. Nichts sucht mehr nach ihm.";
    forget_why: "Why", "Warum";
    look: "Look at danger {}", "Gefahr {} ansehen";
}
