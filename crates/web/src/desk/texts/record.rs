//! The record: what is held, and what was erased.

super::texts! {
    /// What holds content, and what became of it.
    Record;
    title: "The record", "Die Akten";
    lead: "What is held goes for no reason. What was erased has no words any more, and every proof of it still verifies.",
        "Was gesperrt ist, wird aus keinem Grund gelöscht. Was gelöscht ist, hat keine Worte mehr, und jeder Nachweis darüber gilt weiter.";
    heading: "The record of {}", "Die Akte: {}";
    state: "As it stands", "Wie es steht";
    what: "What", "Was";
    held: "Held", "Gesperrt";
    erased: "Erased", "Gelöscht";
    none: "Nothing is held, and nothing was erased.", "Nichts ist gesperrt, und nichts wurde gelöscht.";
    link: "The record: hold, or erase", "Die Akte: sperren oder löschen";
    export: "The file of case {}", "Die Akte zu Fall {} als Datei";
    export_link: "Export the file of this case", "Die Akte dieses Falls als Datei ausgeben";
    export_text: "What you may read of it, without withheld names and without sources. That you carry it away is on record, with its digest.",
        "Was Sie davon lesen dürfen, ohne zurückgehaltene Namen und ohne Quellen. Dass Sie es mitnehmen, wird festgehalten, mit der Prüfsumme.";
    export_form: "In which form?", "In welcher Form?";
    export_button: "Make the file", "Datei erstellen";
    as_pdf: "Pages, with the marking on each: to be printed or kept for years.", "Seiten, jede mit der Kennzeichnung: zum Drucken oder für Jahre aufzubewahren.";
    as_csv: "A table, a row for each fact in the order of time.", "Eine Tabelle, je Tatsache eine Zeile, nach der Zeit geordnet.";
    as_stix: "A bundle of STIX 2.1: a report, notes, and the objects of the case.", "Ein Bündel in STIX 2.1: ein Bericht, Notizen und die Objekte des Falls.";
    as_cap: "The newest released version, or the recall, as CAP 1.2.", "Die neueste freigegebene Fassung oder der Widerruf als CAP 1.2.";
    ground: "On what ground?", "Aus welchem Grund?";
    reason_hint: "In words that say nothing of the content: they stay.", "In Worten, die nichts vom Inhalt sagen: sie bleiben.";
    hold: "Hold it", "Sperren";
    hold_text: "Nothing of it is erased, by nobody and no rule, until this is lifted by two persons.",
        "Nichts davon wird gelöscht, von niemandem und durch keine Regel, bis zwei Personen das aufheben.";
    hold_button: "Hold it from now on", "Von jetzt an sperren";
    lift: "Lift the hold", "Sperre aufheben";
    lift_text: "A second person must agree. It may be erased then, also by rule.",
        "Eine zweite Person muss zustimmen. Dann darf es gelöscht werden, auch durch die Regel.";
    lift_button: "Propose to lift the hold", "Aufheben der Sperre vorschlagen";
    erase: "Erase its content", "Den Inhalt löschen";
    erase_text: "A second person must agree. The words are gone for good then, here and in every file of this node; not at the partner, and not in backups.",
        "Eine zweite Person muss zustimmen. Dann sind die Worte für immer fort, hier und in jeder Datei dieses Knotens; nicht beim Partner, und nicht in Sicherungen.";
    erase_button: "Propose to erase it", "Löschen vorschlagen";
    by_time: "it was kept as long as it may be", "so lange aufbewahrt, wie es sein darf";
    by_order: "a court or an overseer has ordered it", "ein Gericht oder eine Aufsicht hat es angeordnet";
    by_request: "somebody of whom it tells has asked for it", "jemand, von dem es handelt, hat darum gebeten";
    unlawful: "it may never have been held", "es durfte nie aufbewahrt werden";
}
