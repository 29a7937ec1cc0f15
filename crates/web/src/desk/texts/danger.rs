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
    look: "Look at danger {}", "Gefahr {} ansehen";
}
