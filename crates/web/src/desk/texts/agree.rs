//! Agreements with partners.

super::texts! {
    /// What both sides have signed.
    Agree;
    heading: "Agreement with {}", "Vereinbarung mit {}";
    lead: "What both have signed binds the gate, the clocks and who may write. The newest version stands first.",
        "Was beide unterschrieben haben, bindet die Schleuse, die Uhren und wer schreiben darf. Die neueste Fassung steht zuerst.";
    none: "Nothing was agreed yet: each side has its own ceiling, clocks and rules.",
        "Noch ist nichts vereinbart: jede Seite hat ihre eigene Obergrenze, Uhren und Regeln.";
    link: "Agreement: read, sign, propose", "Vereinbarung: lesen, unterschreiben, vorschlagen";
    version: "Version {}", "Fassung {}";
    accept: "Propose to sign version {}", "Fassung {}: Unterschrift vorschlagen";
    accept_heading: "Sign version {}", "Fassung {} unterschreiben";
    accept_text: "A second person must agree. It is in force at both sides then.",
        "Eine zweite Person muss zustimmen. Dann gilt sie auf beiden Seiten.";
    decline: "Decline version {}", "Fassung {} ablehnen";
    decline_heading: "Decline version {}", "Fassung {} ablehnen";
    decline_text: "What counts now stays as it is.", "Was jetzt gilt, bleibt.";
    decline_hint: "The partner is told.", "Der Partner erfährt es.";
    propose: "Propose this version", "Diese Fassung vorschlagen";
    propose_heading: "Propose another version", "Eine andere Fassung vorschlagen";
    propose_text: "A second person must agree; then the partner is asked to sign. Until it has, nothing changes.",
        "Eine zweite Person muss zustimmen; dann wird der Partner um Unterschrift gebeten. Bis dahin ändert sich nichts.";
    ceiling: "Strictest marking of what either side releases", "Strengste Kennzeichnung dessen, was eine Seite freigibt";
    ceiling_hint: "Nothing above it passes the gate.", "Nichts darüber passiert die Schleuse.";
    handling: "Handling codes that a warning may bear", "Verwendungshinweise, die eine Warnung tragen darf";
    handling_hint: "H0 for preventing crime only, H1 not in court, H2 not to be passed on, H3 as is said in words.",
        "H0 nur zur Verhütung von Straftaten, H1 nicht vor Gericht, H2 nicht weiterzugeben, H3 wie in Worten gesagt.";
    immediate: "Minutes for what is immediate (all four, or none)", "Minuten für Unmittelbares (alle vier oder keine)";
    expected: "Minutes for what is expected", "Minuten für Erwartetes";
    future: "Minutes for what is in the near future", "Minuten für Künftiges";
    question: "Minutes to answer a question", "Minuten für die Antwort auf eine Frage";
    by_name: "Persons of either side by name", "Personen beider Seiten mit Namen";
    by_name_hint: "One a line: node, name and number on duty, with colons between. Where some of a side are named, TLP:RED goes to them alone.",
        "Je Zeile eine: Knoten, Name und Nummer im Dienst, mit Doppelpunkten dazwischen. Wo von einer Seite jemand genannt ist, geht TLP:RED nur an diese.";
    by_name_wrong: "Write each as NODE: NAME: NUMBER", "Schreiben Sie jede als KNOTEN: NAME: NUMMER";
}
