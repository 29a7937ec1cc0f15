//! How the node is kept: settings, feeds, how it fares.

super::texts! {
    /// What an administrator looks at.
    Keep;
    settings: "Settings", "Einstellungen";
    settings_lead: "As they count now. A change of the file counts once it is read again, or from the next start.",
        "So, wie sie jetzt gelten. Eine Änderung der Datei gilt, sobald sie neu gelesen wird, oder ab dem \
         nächsten Start.";
    at_once: "What reading the file again would change", "Was sich ändern würde, wenn die Datei neu gelesen wird";
    reload: "Read the file again", "Die Datei neu lesen";
    reload_lead: "The file is checked as a whole first. What it changes at once counts from then on, \
                  and is on record under your name.",
        "Die Datei wird zuerst als Ganzes geprüft. Was sie sofort ändert, gilt von da an und steht unter \
         Ihrem Namen im Protokoll.";
    next_start: "What needs a new start", "Was einen neuen Start braucht";
    nothing_changes: "Nothing.", "Nichts.";
    unusable: "With the file as it is now, the node would not start: {}",
        "Mit der Datei, wie sie jetzt ist, würde der Knoten nicht starten: {}";
    stands: "As it stands", "Wie es steht";
    key: "Key", "Schlüsselwort";
    value: "Value", "Wert";
    origin: "From", "Aus";
    now: "Now", "Jetzt";
    then: "Then", "Dann";
    environment: "the environment", "der Umgebung";
    file: "the file", "der Datei";
    on_record: "the record, not this node's file", "dem Verzeichneten, nicht der Datei dieses Knotens";
    default: "what is usual", "dem Üblichen";
    health: "How the node fares", "Wie es dem Knoten geht";
    node: "The node", "Der Knoten";
    writer: "Takes what is to be done", "Nimmt, was zu tun ist";
    proofs: "Proofs that a log was written twice", "Beweise, dass ein Protokoll zweimal geschrieben wurde";
    database: "Database", "Datenbank";
    search_file: "Search file", "Suchdatei";
    disk: "Left on its disk", "Frei auf seiner Platte";
    journal: "Commands of the journal", "Befehle des Journals";
    yes: "yes", "ja";
    no: "no", "nein";
    apart: "The journal on a server", "Das Journal auf einem Server";
    followers: "What follows the journal", "Was dem Journal folgt";
    part: "Part", "Teil";
    runs: "Runs", "Läuft";
    behind: "Commands before it", "Befehle vor ihm";
    restarts: "Started again", "Neu gestartet";
    ended: "How it last ended", "Wie es zuletzt endete";
    little: "The disk is nearly full: free some space before the node stops writing.",
        "Die Platte ist fast voll: schaffen Sie Platz, bevor der Knoten zu schreiben aufhört.";
    trouble: "A part of the node does not run.", "Ein Teil des Knotens läuft nicht.";
    copy: "Another copy of this node has written to {}: {}", "Eine andere Kopie dieses Knotens hat an {} geschrieben: {}";
}
