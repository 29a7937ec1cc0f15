//! Drafts and releases.

super::texts! {
    /// What goes into a warning, and its release.
    Send;
    w_title: "Write the warning for {}", "Die Warnung für {} schreiben";
    title: "Title", "Titel";
    title_hint: "As the partner will see it.", "Wie ihn der Partner sehen wird.";
    text: "Text", "Wortlaut";
    text_hint: "Written anew. No name, source or id of the originals.",
        "Neu geschrieben. Kein Name, keine Quelle, keine Kennung der Vorlagen.";
    tlp: "TLP", "TLP";
    tlp_hint: "How far they may pass it on; their agreement ends at {}.",
        "Wie weit sie es weitergeben dürfen; die Vereinbarung endet bei {}.";
    until: "Holds until", "Gilt bis";
    until_hint: "As 2017-12-15 01:30Z, in UTC.", "Etwa 2017-12-15 01:30Z, in UTC.";
    likelihood: "Likelihood", "Wahrscheinlichkeit";
    take: "Include from the items", "Aus den Meldungen aufnehmen";
    take_hint: "Nothing is included by default. Each stands with the words around it.",
        "Nichts ist von vornherein aufgenommen. Zu jedem stehen die Wörter um es her.";
    place: "Place", "Ort";
    time: "Time", "Zeit";
    target: "Target", "Ziel";
    observable: "To watch for", "Zu beobachten";
    sector: "Sector", "Branche";
    places: "Further places", "Weitere Orte";
    places_hint: "Names of the gazetteer or codes of countries, one a line.",
        "Namen des Ortsverzeichnisses oder Länderkürzel, je Zeile einer.";
    observables: "Further things to watch for", "Weiteres zu beobachten";
    observables_hint: "Addresses, domains, URLs, hashes, one a line.",
        "Adressen, Domains, URLs, Prüfsummen, je Zeile eines.";
    withhold: "Names that must not leave", "Namen, die nicht hinausgehen dürfen";
    withhold_hint: "One a line. The gate looks for each in any spelling; it is committed to, so that it can be proven later.",
        "Je Zeile einer. Die Schleuse sucht jeden in jeder Schreibweise; er wird festgelegt, damit er später bewiesen werden kann.";
    persons: "For these persons only", "Nur für diese Personen";
    persons_hint: "Names, one a line. At TLP:RED at least one.", "Namen, je Zeile einer. Bei TLP:RED mindestens einer.";
    lower_by: "Marked less strictly: on whose permission", "Weniger streng eingestuft: mit wessen Erlaubnis";
    lower_hint: "Only where the draft is marked less strictly than the originals, which are {}.",
        "Nur wenn der Entwurf weniger streng eingestuft ist als die Vorlagen: {}.";
    lower_why: "Why it may be marked so", "Warum es so eingestuft werden darf";
    set_aside: "Set aside", "Beiseite gelassen";
    set_aside_hint: "Withheld texts of which a possible finding of the gate does not count here, one a line.",
        "Zurückgehaltene Texte, deren möglicher Fund durch die Schleuse hier nicht zählt, je Zeile einer.";
    set_aside_why: "Why it is set aside", "Warum es beiseite gelassen wird";
    write_button: "Write the draft of case {}", "Entwurf zu Fall {} schreiben";
    write_after: "The gate then reads it. Nothing leaves by this.",
        "Danach liest ihn die Schleuse. Hierdurch geht nichts hinaus.";
    r_title: "Release this to {}?", "Dies an {} freigeben?";
    r_over: "Case {}, written by {}", "Fall {}, geschrieben von {}";
    exactly: "Exactly this leaves {}", "Genau dies verlässt {}";
    their_desk: "as their desk will show it", "wie es deren Arbeitsplatz zeigt";
    bytes_title: "The same, as bytes", "Dasselbe, als Bytes";
    bytes_size: "{} bytes, STIX 2.1, canonical", "{} Bytes, STIX 2.1, kanonisch";
    sha: "SHA-256", "SHA-256";
    four_words: "In four words", "In vier Wörtern";
    four_hint: "Whoever looks at the same bytes sees the same four.",
        "Wer dieselben Bytes ansieht, sieht dieselben vier.";
    show_bytes: "Show all {} bytes", "Alle {} Bytes zeigen";
    to: "To", "An";
    may_get: "May get", "Darf bekommen";
    up_to: "up to {}, by agreement", "bis {}, nach Vereinbarung";
    persons_only: "Persons", "Personen";
    withheld: "Stays here", "Bleibt hier";
    withheld_note: "looked for in the bytes, not found", "in den Bytes gesucht, nicht gefunden";
    kind_name: "Name", "Name";
    kind_source: "Source", "Quelle";
    kind_original: "Original id", "Kennung der Vorlage";
    kind_partner: "Partner", "Partner";
    gate_shut: "The gate is shut. Nothing has left.", "Die Schleuse ist zu. Nichts ist hinausgegangen.";
    gate_open: "The gate is open.", "Die Schleuse ist offen.";
    originals: "The originals are {}", "Die Vorlagen sind {}";
    lowered: "Marked less strictly on the permission of {}: {}",
        "Weniger streng eingestuft mit Erlaubnis von {}: {}";
    aside: "Set aside by the drafter", "Vom Verfasser beiseite gelassen";
    aside_tick: "“{}” does not mean what is withheld: {}", "„{}“ meint nicht, was zurückgehalten wird: {}";
    rests: "“{}” rests on {}", "„{}“ stützt sich auf {}";
    ended: "The original {} is {}", "Die Vorlage {} ist {}";
    changed: "Changed since version {}", "Geändert seit Fassung {}";
    if_release: "If you release it", "Wenn Sie es freigeben";
    happens_entry: "It becomes an entry of our log to {}. It can be recalled; it cannot be taken out.",
        "Es wird ein Eintrag unseres Protokolls für {}. Es lässt sich zurückrufen, nicht herausnehmen.";
    happens_sent: "It is sent at once. Until their receipt is here, this stays on the watch.",
        "Es wird sofort gesendet. Bis ihre Empfangsbestätigung da ist, bleibt dies auf der Wache.";
    happens_name: "Your name stands as the one who released it.",
        "Ihr Name steht dafür, es freigegeben zu haben.";
    password: "Your password or a code, {}", "Ihr Passwort oder ein Einmalcode, {}";
    password_hint: "Asked for each release, so that nobody else releases in your name.",
        "Wird bei jeder Freigabe verlangt, damit niemand sonst in Ihrem Namen freigibt.";
    password_wrong: "That is neither your password nor a code that counts now.",
        "Das ist weder Ihr Passwort noch ein Code, der jetzt gilt.";
    release_button: "Release to {}", "An {} freigeben";
    send_back: "Back to case {}", "Zurück zu Fall {}";
    wrote_it: "You wrote this draft, so you may not release it, {}.",
        "Sie haben diesen Entwurf geschrieben und dürfen ihn daher nicht freigeben, {}.";
    second_must: "A second person must do it. Nothing has left.",
        "Eine zweite Person muss es tun. Nichts ist hinausgegangen.";
    may_not: "You may not release. Nothing has left.", "Sie dürfen nicht freigeben. Nichts ist hinausgegangen.";
    wording: "Look at the wording again", "Sehen Sie sich den Wortlaut noch einmal an";
    valid_until: "Holds until", "Gilt bis";
    from: "From", "Von";
}
