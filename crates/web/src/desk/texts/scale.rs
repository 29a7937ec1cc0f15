//! The field's scales in words.

super::texts! {
    /// Words for values of fixed lists.
    Scale;
    immediate: "Immediate", "Sofort";
    expected: "Expected", "Binnen einer Stunde";
    future: "Future", "In nächster Zeit";
    open: "open", "offen";
    found: "found", "befunden";
    to_warn: "to warn", "zu warnen";
    closed: "closed", "geschlossen";
    drafted: "drafted", "entworfen";
    released: "released", "freigegeben";
    expired: "expired", "abgelaufen";
    recalled: "recalled", "zurückgerufen";
    standing_new: "not opened", "nicht geöffnet";
    standing_opened: "opened", "geöffnet";
    standing_accepted: "accepted", "angenommen";
    standing_declined: "declined", "abgelehnt";
    killing: "Intentional killing", "Vorsätzliche Tötung";
    injury: "Serious bodily injury", "Schwere Körperverletzung";
    kidnapping: "Kidnapping", "Entführung";
    destruction: "Destruction: bomb, arson, sabotage", "Zerstörung: Bombe, Brand, Sabotage";
    disruption: "Disruption of a service", "Störung eines Dienstes";
    compromise: "Compromise of a system", "Eindringen in ein System";
    low: "low", "gering";
    moderate: "moderate", "mäßig";
    high: "high", "hoch";
    detained: "detained", "festgehalten";
    charged: "charged", "angeklagt";
    arrested: "arrested", "festgenommen";
    set_free: "released", "freigelassen";
    seized: "seized", "sichergestellt";
    thwarted: "attacks thwarted", "Anschläge verhindert";
    occurred: "attacks took place", "Anschläge verübt";
    false_alarm: "false alarm", "Fehlalarm";
    log_search: "searched our own logs", "eigene Protokolle durchsucht";
    third_party: "asked a third party", "bei Dritten nachgefragt";
    block: "blocked it", "gesperrt";
    probe: "touched what belongs to the threat", "berührt, was zur Bedrohung gehört";
    not_ours: "It concerns nobody and nothing of ours", "Es betrifft niemanden und nichts von uns";
    known_already: "It was known here before", "Es war hier schon bekannt";
    cannot_act: "Nothing can be done about it here", "Hier kann nichts dagegen getan werden";
    not_credible: "It is not believed", "Es wird nicht geglaubt";
    complied: "Done", "Getan";
    could_not: "Could not be done", "Konnte nicht getan werden";
    refused: "Will not be done", "Wird nicht getan";
    read: "read", "lesen";
    take_in: "bring items in", "Meldungen einbringen";
    draft: "draft", "entwerfen";
    release: "release", "freigeben";
    receive: "answer warnings", "Warnungen beantworten";
    manage_partners: "manage partners", "Partner verwalten";
    administer: "administer", "verwalten";
    see_sources: "see who stands behind sources", "sehen, wer hinter Quellen steht";
    role_reader: "reader", "Leser";
    role_analyst: "analyst", "Auswertung";
    role_approver: "approver", "Freigabe";
    role_duty: "duty officer", "Wachdienst";
    role_partner: "partner admin", "Partnerverwaltung";
    role_node: "node admin", "Knotenverwaltung";
    role_service: "service", "Dienst";
    role_source: "source officer", "Quellenführung";
    role_auditor: "auditor", "Revision";
    role_subscriber: "subscriber", "Bezieher";
    aware: "The partner knows of it already", "Der Partner weiß es schon";
    hostilities: "At risk only by taking part in hostilities",
        "Gefährdet nur durch Teilnahme an Kampfhandlungen";
    sources: "It would endanger people, sources or methods",
        "Es würde Menschen, Quellen oder Methoden gefährden";
    criminal: "The victim is a terrorist or violent criminal",
        "Das Opfer ist Terrorist oder Gewaltverbrecher";
    liaison: "It would endanger work with a partner service",
        "Es würde die Arbeit mit einem Partnerdienst gefährden";
    no_way: "There is no reasonable way to warn", "Es gibt keinen vertretbaren Weg zu warnen";
}
