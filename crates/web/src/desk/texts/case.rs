//! Cases.

super::texts! {
    /// A case, its finding, its decision.
    Case;
    over: "Case {}: our duty to warn {}", "Fall {}: unsere Pflicht, {} zu warnen";
    heading: "Case {} for {}", "Fall {} für {}";
    ceiling: "their ceiling: {}", "ihre Obergrenze: {}";
    steps: "Steps of this case", "Schritte dieses Falls";
    step_finding: "Finding", "Befund";
    step_decision: "Decision", "Entscheidung";
    step_draft: "Draft", "Entwurf";
    step_gate: "Gate", "Schleuse";
    step_release: "Release", "Freigabe";
    step_receipt: "Receipt", "Empfang";
    step_accepted: "Accepted", "Angenommen";
    step_outcome: "Outcome", "Ergebnis";
    step_now: "now", "jetzt";
    gate_shut: "shut", "zu";
    gate_open: "passed", "bestanden";
    next: "Next: {}", "Nächster Schritt: {}";
    next_finding: "is there a duty to warn?", "gibt es eine Pflicht zu warnen?";
    next_finding_text: "Say whether the threat is credible, specific and impending, and why.",
        "Sagen Sie, ob die Bedrohung glaubhaft, bestimmt und nahe ist, und warum.";
    next_decision: "warn, waive, refer, or not met", "warnen, verzichten, verweisen oder keine Pflicht";
    next_decision_text: "The finding stands. Somebody who may release decides.",
        "Der Befund steht. Wer freigeben darf, entscheidet.";
    next_draft: "write the warning", "die Warnung schreiben";
    next_draft_text: "Nothing of the originals goes in by itself. What you include leaves; the rest stays.",
        "Von den Vorlagen kommt nichts von selbst hinein. Was Sie aufnehmen, geht hinaus; der Rest bleibt.";
    next_redraft: "correct the draft", "den Entwurf berichtigen";
    next_redraft_text: "The gate is shut. Nothing has left.", "Die Schleuse ist zu. Nichts ist hinausgegangen.";
    next_release: "read and release the draft", "den Entwurf lesen und freigeben";
    next_release_text: "{} wrote it; a second person releases it. The next page shows the exact bytes.",
        "{} hat ihn geschrieben; eine zweite Person gibt ihn frei. Die nächste Seite zeigt die genauen Bytes.";
    next_receipt: "wait for the receipt", "auf die Empfangsbestätigung warten";
    next_receipt_text: "It is released and not known to have arrived. It is tried again and will arrive once; until then nobody there knows: telephone.",
        "Es ist freigegeben, und es ist nicht bekannt, dass es angekommen ist. Es wird weiter versucht und kommt einmal an; bis dahin weiß dort niemand davon: rufen Sie an.";
    next_done: "nothing for now", "vorerst nichts";
    next_done_text: "The partner holds it.", "Der Partner hat es.";
    next_closed_text: "It was closed without a warning.", "Er wurde ohne Warnung geschlossen.";
    next_recalled_text: "It was taken back. The partner keeps what it holds, marked as recalled.",
        "Sie wurde zurückgerufen. Der Partner behält, was er hat, als zurückgerufen vermerkt.";
    record_finding: "Record the finding", "Befund festhalten";
    decide: "Decide", "Entscheiden";
    write: "Write the draft", "Entwurf schreiben";
    rewrite: "Write another draft", "Einen anderen Entwurf schreiben";
    read_release: "Read what {} will get", "Lesen, was {} bekommt";
    summary: "Summary", "Überblick";
    for_whom: "For", "Für";
    items: "Items", "Meldungen";
    source: "Source", "Quelle";
    graded: "graded {}", "bewertet {}";
    opened: "Opened", "Eröffnet";
    threat_of: "Same threat", "Gleiche Bedrohung";
    why: "Why it concerns them", "Warum es sie betrifft";
    words_met: "Words in the item", "Wörter der Meldung";
    clause_met: "Meet", "Treffen auf";
    of_interest: "Of interest", "Im Interesse";
    by_hand: "Opened by hand; no interest has met it.", "Von Hand eröffnet; kein Interesse hat es getroffen.";
    history: "History", "Verlauf";
    when: "UTC", "Zeit (UTC)";
    who: "Who", "Wer";
    what: "What", "Was";
    finding: "Finding", "Befund";
    decision: "Decision", "Entscheidung";
    talk: "What was said", "Was gesagt wurde";
    we: "We", "Wir";
    they: "They", "Sie";
    entry: "entry {}", "Eintrag {}";
    receipt: "What we know of it", "Was wir davon wissen";
    fact_held: "Their node holds it", "Ihr Knoten hat es";
    fact_opened: "Opened", "Geöffnet";
    fact_accepted: "Accepted", "Angenommen";
    fact_acting: "Acting", "Handelt";
    fact_outcome: "Outcome", "Ergebnis";
    yes: "yes", "ja";
    not_yet: "not yet", "noch nicht";
    declined: "declined", "abgelehnt";
    other_acts: "Other things to do", "Weiteres";
    recall: "Take the warning back", "Die Warnung zurückrufen";
    recall_text: "The partner must answer. They keep what they hold, marked as recalled. What they already did cannot be undone.",
        "Der Partner muss antworten. Er behält, was er hat, als zurückgerufen vermerkt. Was er schon getan hat, lässt sich nicht zurücknehmen.";
    pause: "Pause the clock", "Die Uhr anhalten";
    pause_text: "Needs a reason. The pause and its reason are kept.",
        "Braucht einen Grund. Die Pause und ihr Grund bleiben festgehalten.";
    resume: "Let the clock run on", "Die Uhr weiterlaufen lassen";
    keep: "Say that it stands", "Sagen, dass es dabei bleibt";
    keep_text: "What was decided or released stands, although something has changed since.",
        "Was entschieden oder freigegeben wurde, gilt weiter, obwohl sich seither etwas geändert hat.";
    reopen: "Take the case up again", "Den Fall wieder aufnehmen";
    reopen_text: "Its clock starts anew.", "Seine Uhr beginnt von vorn.";
    urgency_change: "Change the urgency", "Die Dringlichkeit ändern";
    urgency_text: "Its clock follows.", "Seine Uhr folgt.";
    answer: "Answer", "Antworten";
    question_open: "They ask, and wait for an answer", "Sie fragen und warten auf Antwort";
    paused_by: "Paused by {} until {}: {}", "Angehalten von {} bis {}: {}";
    undelivered: "Not delivered: {}", "Nicht zugestellt: {}";
    review: "To be looked at again: {}", "Noch einmal anzusehen: {}";
    merged: "Merged into case {} by {}: {}", "Zu Fall {} gelegt von {}: {}";
    linked: "Others who face the same", "Andere, die dasselbe trifft";
    linked_line: "Case {} for {}: {}", "Fall {} für {}: {}";
    muted_line: "{} is muted: {}", "{} ist stumm geschaltet: {}";
    item_text: "The item", "Die Meldung";
    version_sent: "Version {}: “{}”, drafted by {}, released by {} at {}, entry {}",
        "Fassung {}: „{}“, entworfen von {}, freigegeben von {} um {}, Eintrag {}";
    f_title: "Is there a duty to warn {}?", "Gibt es eine Pflicht, {} zu warnen?";
    f_credible: "Credible: the source can be believed", "Glaubhaft: der Quelle kann man glauben";
    f_specific: "Specific: it can be told who or what is threatened",
        "Bestimmt: es lässt sich sagen, wer oder was bedroht ist";
    f_impending: "Impending: it is about to happen", "Nahe: es steht bevor";
    f_three: "The three parts", "Die drei Teile";
    f_threat: "What would be done", "Was getan würde";
    f_target: "Who or what is threatened", "Wer oder was bedroht ist";
    f_reason: "Why", "Warum";
    f_reason_hint: "In words that someone else can follow in a year.",
        "In Worten, denen in einem Jahr jemand anders folgen kann.";
    f_likelihood: "How likely", "Wie wahrscheinlich";
    f_confidence: "How sure you are of that", "Wie sicher Sie sich dessen sind";
    f_unsaid: "not said", "nicht gesagt";
    f_button: "Record the finding for case {}", "Befund zu Fall {} festhalten";
    d_title: "What do we do for {}?", "Was tun wir für {}?";
    d_what: "Decision", "Entscheidung";
    d_warn: "Warn", "Warnen";
    d_warn_text: "A draft is written; the clock runs until the partner holds it.",
        "Ein Entwurf wird geschrieben; die Uhr läuft, bis der Partner ihn hat.";
    d_waive: "Waive", "Verzichten";
    d_waive_text: "The partner is not warned though the duty is there. A second person approves. It is looked at again.",
        "Der Partner wird nicht gewarnt, obwohl die Pflicht besteht. Eine zweite Person stimmt zu. Es wird noch einmal angesehen.";
    d_refer: "Refer", "Verweisen";
    d_refer_text: "Somebody else is to warn. An answer is expected in time.",
        "Jemand anders soll warnen. Eine Antwort wird rechtzeitig erwartet.";
    d_not_met: "Not met", "Keine Pflicht";
    d_not_met_text: "There is no duty to warn. The clock stops.", "Es besteht keine Pflicht zu warnen. Die Uhr bleibt stehen.";
    d_ground: "Ground, if you waive", "Grund, wenn Sie verzichten";
    d_to: "To whom, if you refer", "An wen, wenn Sie verweisen";
    d_tried: "What was tried, if you waive for want of a way", "Was versucht wurde, wenn Sie mangels eines Weges verzichten";
    d_tried_hint: "One a line; may be left out.", "Je Zeile eines; darf fehlen.";
    d_consulted: "Who was consulted, if you waive", "Wer gefragt wurde, wenn Sie verzichten";
    d_consulted_hint: "One a line; may be left out.", "Je Zeile einer; darf fehlen.";
    d_reason: "Why", "Warum";
    d_button: "Decide case {}", "Fall {} entscheiden";
    yes_no_finding: "credible {}, specific {}, impending {}", "glaubhaft {}, bestimmt {}, nahe {}";
    no: "no", "nein";
}
