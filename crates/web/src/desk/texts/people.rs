//! People and their roles, and how the node is kept.

super::texts! {
    /// Who may do what here.
    People;
    title: "People", "Personen";
    display: "Called by colleagues", "Von Kollegen genannt";
    display_hint: "As partners name somebody; leave it empty if the name does.",
        "So, wie Partner jemanden nennen; leer, wenn der Name genügt.";
    name_hint: "Small letters, digits, - _ and .; it stays for good.", "Kleinbuchstaben, Ziffern, - _ und .; er bleibt für immer.";
    name_wrong: "1 to 64 of small letters, digits, - _ and .", "1 bis 64 Kleinbuchstaben, Ziffern, - _ und .";
    add: "Add somebody", "Jemanden aufnehmen";
    add_button: "Add with these roles", "Mit diesen Rollen aufnehmen";
    two: "Roles that draft, release or administer wait for a second administrator.",
        "Rollen, die entwerfen, freigeben oder verwalten, warten auf eine zweite verwaltende Person.";
    change: "Roles", "Rollen";
    change_button: "Give these roles in place of those", "Diese Rollen an ihrer Stelle geben";
    active: "comes in", "kommt herein";
    suspended: "suspended since {}: {}", "ausgesetzt seit {}: {}";
    removed: "removed since {}: {}", "entfernt seit {}: {}";
    invite: "Invitation", "Einladung";
    invite_text: "Sets a password, once, within a day: for whoever has none yet, or has lost it.",
        "Setzt einmal, binnen eines Tages, ein Passwort: für Personen, die noch keines haben oder es verloren haben.";
    invite_button: "Invite {}", "{} einladen";
    invited: "The invitation", "Die Einladung";
    invited_text: "Hand it to {} and to nobody else.", "Geben Sie sie {} und niemandem sonst.";
    back: "Back", "Zurück";
    suspend: "Suspend", "Aussetzen";
    suspend_text: "Nobody comes in under this name until it is resumed; sessions and tokens end.",
        "Niemand kommt unter diesem Namen herein, bis es aufgehoben wird; Sitzungen und Zugangsschlüssel enden.";
    suspend_button: "Suspend {}", "{} aussetzen";
    resume: "Resume", "Wieder zulassen";
    resume_button: "Let {} in again", "{} wieder hereinlassen";
    remove: "Remove for good", "Für immer entfernen";
    remove_text: "What was done under this name stays on record, and nobody else ever gets it.",
        "Was unter diesem Namen getan wurde, bleibt festgehalten, und niemand sonst bekommt ihn je.";
    remove_button: "Remove {} for good", "{} für immer entfernen";
}
