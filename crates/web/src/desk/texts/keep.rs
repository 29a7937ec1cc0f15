//! How the node is kept: settings, feeds, how it fares.

super::texts! {
    /// What an administrator looks at.
    Keep;
    settings: "Settings", "Einstellungen";
    settings_lead: "As the node was started. A change of the file counts from the next start.",
        "So, wie der Knoten gestartet wurde. Eine Änderung der Datei gilt ab dem nächsten Start.";
    next_start: "What the next start would change", "Was der nächste Start ändern würde";
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
