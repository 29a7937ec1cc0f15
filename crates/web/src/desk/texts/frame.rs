//! The frame, sign-in, errors.

super::texts! {
    /// What stands around every page, and on those that have no subject.
    Frame;
    skip: "Skip to the content", "Zum Inhalt springen";
    marking_top: "Marking of this page, top", "Einstufung dieser Seite, oben";
    marking_bottom: "Marking of this page, bottom", "Einstufung dieser Seite, unten";
    highest: "Highest marking on this page", "Höchste Einstufung auf dieser Seite";
    unmarked: "No marking", "Ohne Einstufung";
    no_content: "Nothing on this page is marked", "Nichts auf dieser Seite ist eingestuft";
    exercise_tag: "EXERCISE", "ÜBUNG";
    exercise_band: "Nothing here is real; what you send says so in its own bytes.",
        "Nichts hier ist echt; was Sie senden, sagt es in seinen eigenen Bytes.";
    test_tag: "TEST", "TESTLAUF";
    desk: "Desk", "Arbeitsplatz";
    watch: "Watch", "Wache";
    cases: "Cases", "Fälle";
    warnings: "Warnings", "Warnungen";
    partners: "Partners", "Partner";
    items: "Items", "Meldungen";
    audit: "Audit", "Nachweis";
    account: "Your account", "Ihr Konto";
    proposals: "Second person", "Zweite Person";
    sign_out: "Sign out", "Abmelden";
    utc_note: "Times are UTC; yours is given beside deadlines.",
        "Zeiten sind UTC; Ihre steht neben den Fristen.";
    live: "Live: last news {}", "Live: zuletzt gehört {}";
    not_live: "Not live since {}. Reload.", "Nicht live seit {}. Laden Sie neu.";
    changes: "Changes: {}. Show", "Änderungen: {}. Zeigen";
    fresh: "new", "neu";
    changed: "This has changed since the page was loaded.", "Dies hat sich geändert, seit die Seite geladen wurde.";
    read_again: "Read it", "Lesen";
    reload: "Reload", "Neu laden";
    more: "More", "Weitere";
    shown_all: "all {}", "alle {}";
    shown_some: "the first {}; there are more", "die ersten {}; es gibt weitere";
    sign_in: "Sign in", "Anmelden";
    sign_in_to: "Sign in to {}", "Anmelden bei {}";
    desk_of: "The desk of {}", "Der Arbeitsplatz von {}";
    name_label: "Name", "Name";
    password: "Password", "Passwort";
    code: "Code", "Einmalcode";
    code_hint: "From your authenticator, or a recovery code; leave it empty if you have none.",
        "Aus Ihrer Authenticator-App oder ein Ersatzcode; leer lassen, wenn Sie keinen haben.";
    invitation: "I have an invitation", "Ich habe eine Einladung";
    invitation_label: "Invitation", "Einladung";
    invitation_hint: "It sets the password that you type above, once.",
        "Sie setzt einmal das Passwort, das Sie oben eingeben.";
    not_signed_in: "Not signed in", "Nicht angemeldet";
    recorded: "For people whom {} has named. What you do here is recorded under your name.",
        "Für Personen, die {} benannt hat. Was Sie hier tun, wird unter Ihrem Namen festgehalten.";
    signed_out: "You are signed out.", "Sie sind abgemeldet.";
    sign_in_first: "Sign in first. You are then led back to where you were going.",
        "Melden Sie sich zuerst an. Danach geht es dorthin, wohin Sie wollten.";
    tls_needed: "This desk is reached in the clear from another machine. Nobody signs in so: use https.",
        "Dieser Arbeitsplatz wird unverschlüsselt von einem anderen Rechner erreicht. So meldet sich niemand an: benutzen Sie https.";
    error_refused: "That was not done", "Das wurde nicht getan";
    error_unknown: "There is no such page", "Diese Seite gibt es nicht";
    error_forbidden: "You may not do this", "Das dürfen Sie nicht";
    error_ours: "The node failed", "Der Knoten hat versagt";
    error_busy: "The node is busy", "Der Knoten ist ausgelastet";
    nothing_left: "Nothing has left.", "Nichts ist hinausgegangen.";
    read_out: "If you ask for help, read out this number: {}",
        "Wenn Sie um Hilfe bitten, lesen Sie diese Nummer vor: {}";
    to_watch: "Back to the watch", "Zurück zur Wache";
    what_to_do: "What to do", "Was zu tun ist";
}
