//! What the node knows: items, partners, channels, interests, what was given.

super::texts! {
    /// Pages of what is known.
    Know;
    id: "Id", "Kennung";
    grade: "Graded", "Bewertet";
    size: "Bytes", "Größe in Bytes";
    no_items: "Nothing has come in.", "Es ist nichts eingegangen.";
    deleted: "deleted from its collection since", "seither aus seiner Sammlung gelöscht";
    take_heading: "Take in a report", "Einen Bericht aufnehmen";
    take_lead: "Type or paste what was reported. Whom it concerns is looked for at once.",
        "Was gemeldet wurde, hier schreiben oder einfügen. Wen es angeht, wird sogleich gesucht.";
    take_text: "The report", "Der Bericht";
    take_text_hint: "As it came: what leaves later is written anew.",
        "Wie er kam: Was später hinausgeht, wird neu geschrieben.";
    take_source: "Source", "Quelle";
    take_source_hint: "Its handle, such as HERON-7. It stays here.", "Ihr Deckname, etwa HERON-7. Er bleibt hier.";
    take_grade: "Grade", "Bewertung";
    take_grade_hint: "Such as B2, by Admiralty; or empty.", "Etwa B2, nach Admiralty; oder leer.";
    take_bad_grade: "That is no grade: write B2, 4x4:A1, 3x5x2:1A or 5x5x5:B2",
        "Das ist keine Bewertung: B2, 4x4:A1, 3x5x2:1A oder 5x5x5:B2";
    take_button: "Take the report in", "Bericht aufnehmen";
    take_name: "typed at the desk", "am Pult geschrieben";
    open_heading: "Open a case", "Einen Fall eröffnen";
    open_lead: "Where it concerns a partner, and no interest has said so. Its clock runs from then on.",
        "Wenn es einen Partner angeht und kein Interesse das sagte. Seine Uhr läuft von da an.";
    open_exercise: "Is it meant?", "Ist es ernst?";
    open_exercise_tick: "No: it is an exercise", "Nein: Es ist eine Übung";
    open_button: "Open the case", "Fall eröffnen";
    original: "Keep the document as it came", "Das Dokument behalten, wie es kam";
    read_from: "Read from", "Gelesen aus";
    findings: "What was found", "Was gefunden wurde";
    findings_more: "The first are shown.", "Die ersten werden gezeigt.";
    no_findings: "Nothing was found in it.", "Nichts wurde darin gefunden.";
    finding: "Finding", "Fund";
    likely: "How likely", "Wie wahrscheinlich";
    only_named: "{}: only named", "{}: nur genannt";
    finding_words: "Words", "Worte";
    by_correction: "by correction {}", "nach Berichtigung {}";
    corrections: "What people said of it", "Was Leute dazu sagten";
    correction: "Correction", "Berichtigung";
    correction_said: "What is said", "Was gesagt wird";
    correction_by: "By whom, and when", "Von wem und wann";
    said_moved: "{} is wrong, {} is right", "{} ist falsch, {} ist richtig";
    said_wrong: "{} is wrong", "{} ist falsch";
    said_missing: "{} was missing", "{} fehlte";
    said_erased: "its words were erased", "seine Worte wurden gelöscht";
    correct_heading: "Correct a finding", "Einen Fund berichtigen";
    correct_lead: "What it meets is looked at again at once. Nothing that is open is closed by it.",
        "Was sie trifft, wird sogleich neu geprüft. Nichts Offenes wird damit geschlossen.";
    wrong: "What is wrong", "Was falsch ist";
    wrong_nothing: "nothing: something is missing", "nichts: Etwas fehlt";
    right: "What is right", "Was richtig ist";
    right_hint: "country:RU, nationality:RU, place:Moscow, RU, target:The old mill, RU, threat:killing, stage:thwarted or observable:c2.example.org; empty where nothing is.",
        "country:RU, nationality:RU, place:Moscow, RU, target:The old mill, RU, threat:killing, stage:thwarted oder observable:c2.example.org; leer, wo nichts richtig ist.";
    correct_reason_hint: "What the text says, in so many words.", "Was der Text sagt, mit seinen Worten.";
    correct_button: "Put the correction on record", "Berichtigung festhalten";
    bad_finding: "That cannot be found: write it as the hint says, with what there is",
        "Das kann nicht gefunden werden: schreiben, wie der Hinweis sagt, mit dem, was es gibt";
    exact_bytes: "Keep its exact bytes as a file", "Seine genauen Bytes als Datei behalten";
    neighbours: "What it is next to", "Woran sie grenzt";
    no_neighbours: "Nothing.", "Nichts.";
    neighbours_drawn: "Its neighbours, drawn", "Ihre Nachbarn, gezeichnet";
    graph_picture: "The item and its neighbours; the table says the same",
        "Die Meldung und ihre Nachbarn; die Tabelle sagt dasselbe";
    leads_to: "it leads there", "sie führt dorthin";
    led_from: "that leads to it", "das führt zu ihr";
    direction: "Direction", "Richtung";
    relation: "By", "Durch";
    called: "Called", "Heißt";
    not_here: "not here", "nicht hier";
    flaws: "Rules that it breaks, and is usable all the same", "Regeln, die sie verletzt und doch brauchbar ist";
    quarantine: "Quarantine", "Quarantäne";
    no_quarantine: "Nothing was refused on its way in.", "Nichts wurde beim Eingang abgelehnt.";
    refused_nr: "Refused: number {}", "Abgelehnt: Nummer {}";
    input: "Input", "Eingabe";
    organisation: "Organisation", "Organisation";
    no_partners: "There is no partner yet.", "Es gibt noch keinen Partner.";
    add_partner: "Add a partner by its card", "Einen Partner mit seiner Karte aufnehmen";
    add_partner_text: "Nothing is sent before its ten words were compared.",
        "Nichts wird gesendet, bevor seine zehn Wörter verglichen sind.";
    card: "Its card, whole", "Seine Karte, ganz";
    ceiling: "The most that it may get", "Das Höchste, das er bekommen darf";
    own_words: "Our own words", "Unsere eigenen Wörter";
    own_words_note: "read them aloud to a partner, by a line that both trust",
        "einem Partner vorlesen, über eine Leitung, der beide trauen";
    added: "added, not confirmed", "aufgenommen, nicht bestätigt";
    confirmed: "confirmed", "bestätigt";
    suspended: "suspended", "ausgesetzt";
    is_suspended: "{} is suspended since {}, by {}: {}. You can draft; nothing leaves.",
        "{} ist seit {} ausgesetzt, von {}: {}. Sie können entwerfen; nichts geht hinaus.";
    new_key: "{} has announced a new key. Nothing is sent to it until you confirm. Call a number that you already had. If they know nothing of it, suspend the channel now.",
        "{} hat einen neuen Schlüssel angekündigt. Bis Sie bestätigen, wird ihm nichts gesendet. Rufen Sie eine Nummer an, die Sie schon hatten. Wissen sie nichts davon, setzen Sie den Kanal jetzt aus.";
    new_url: "Its new address waits to be confirmed: {}", "Seine neue Adresse ist zu bestätigen: {}";
    confirm_title: "Is it their key?", "Ist es ihr Schlüssel?";
    to_confirm: "Compare their words", "Ihre Wörter vergleichen";
    to_confirm_text: "Telephone them, read ours aloud, and type theirs.",
        "Rufen Sie an, lesen Sie unsere vor und tippen Sie ihre.";
    confirm_heading: "Is it the key of {}?", "Ist es der Schlüssel von {}?";
    confirm_lead: "Their words are not shown here: comparing by eye and agreeing is what an attacker counts on.",
        "Ihre Wörter stehen nicht hier: Vergleichen nach Augenschein und Zustimmen ist, worauf ein Angreifer baut.";
    type_theirs: "Type the ten words that {} reads aloud", "Tippen Sie die zehn Wörter, die {} vorliest";
    type_theirs_text: "If they do not match, do not use the card, and suspend the channel.",
        "Stimmen sie nicht, benutzen Sie die Karte nicht und setzen Sie den Kanal aus.";
    word_nr: "Word {}", "Wort {}";
    confirm_button: "Confirm the key of {}", "Den Schlüssel von {} bestätigen";
    suspend: "Suspend {}", "{} aussetzen";
    suspend_text: "Nothing is sent to it or taken from it until it is confirmed again.",
        "Bis zur neuen Bestätigung wird ihm nichts gesendet und von ihm nichts genommen.";
    compromised: "Somebody else may hold its key: what it signs does not count any more",
        "Jemand anders könnte seinen Schlüssel haben: was er unterschreibt, zählt nicht mehr";
    one_person: "one person is enough", "eine Person genügt";
    two_persons: "two persons", "zwei Personen";
    read_by_them: "they read it aloud; type what you hear", "sie lesen ihn vor; tippen Sie, was Sie hören";
    agreement: "Agreement and key", "Vereinbarung und Schlüssel";
    sentences: "Free text", "Freier Text";
    url: "Address", "Adresse";
    key: "Key", "Schlüssel";
    fingerprint: "Fingerprint", "Fingerabdruck";
    channel: "Channel", "Kanal";
    channel_with: "Channel with {}", "Kanal mit {}";
    no_channel: "There is no channel with it.", "Es gibt keinen Kanal mit ihm.";
    log: "Log", "Protokoll";
    our_log: "Our log to them", "Unser Protokoll für sie";
    their_log: "Their log to us", "Ihr Protokoll für uns";
    entries: "Entries", "Einträge";
    entry: "Entry", "Eintrag";
    receipted: "With a receipt", "Mit Empfangsbestätigung";
    no_history: "Nothing has happened yet.", "Es ist noch nichts geschehen.";
    about: "About", "Betrifft";
    evidence: "Evidence for a third party", "Beweis für Dritte";
    evidence_text: "A file that proves what was said and when, to anybody, without this node. Fields that are not ticked stay hidden and are proven to exist.",
        "Eine Datei, die jedem ohne diesen Knoten beweist, was wann gesagt wurde. Was nicht angekreuzt ist, bleibt verborgen und ist als vorhanden bewiesen.";
    to_evidence: "Make evidence", "Beweis erstellen";
    make_evidence: "Make the file", "Datei erstellen";
    subject: "Of what", "Wovon";
    subject_hint: "As case-1 or warning-1.", "Etwa case-1 oder warning-1.";
    show_fields: "Fields that the file shows", "Felder, die die Datei zeigt";
    show_hint: "What was withheld from the partner is shown only after two persons have agreed.",
        "Was dem Partner vorenthalten wurde, wird nur gezeigt, wenn zwei Personen zugestimmt haben.";
    interests: "Interests", "Interessen";
    label: "Interest", "Interesse";
    clauses: "Met when", "Getroffen bei";
    matches: "Met", "Getroffen";
    last_match: "Last", "Zuletzt";
    no_interests: "There is no interest.", "Es gibt kein Interesse.";
    order: "Order", "Reihenfolge";
    order_registered: "As they were registered", "Wie sie angemeldet wurden";
    order_most: "Those that most items have met", "Die am meisten Meldungen getroffen haben";
    order_never: "Those that nothing has met", "Die nichts getroffen hat";
    ours_with: "ours", "unseres";
    theirs: "theirs", "ihres";
    try_title: "Try a text", "Einen Text versuchen";
    try_lead: "It is held against all interests and kept nowhere.",
        "Er wird an alle Interessen gehalten und nirgends behalten.";
    try_text: "A text, or STIX", "Ein Text oder STIX";
    try_hint: "As it would come in.", "So, wie er einginge.";
    try_button: "See whom it would concern", "Sehen, wen es beträfe";
    would_meet: "It would concern", "Es beträfe";
    would_meet_none: "It would concern nobody.", "Es beträfe niemanden.";
    would_be_refused: "It would be refused", "Es würde abgelehnt";
    why_met: "Why", "Warum";
    near: "comes near", "kommt nahe";
    audit_lead: "Who was given what, why and when, and on whose word.",
        "Wer was bekam, warum und wann, und auf wessen Wort.";
    no_ledger: "Nothing has been given to anybody.", "Niemandem wurde etwas gegeben.";
    who_decided: "Decided by", "Entschieden von";
    given_release: "warning released", "Warnung freigegeben";
    given_update: "warning changed", "Warnung geändert";
    given_recall: "warning recalled", "Warnung zurückgerufen";
    given_answer: "question answered", "Frage beantwortet";
    given_statement: "said on a warning", "zu einer Warnung gesagt";
    given_readout: "readout", "Mitteilung";
}
