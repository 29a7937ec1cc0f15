//! One's own account.

super::texts! {
    /// How one signs in.
    Account;
    roles: "Roles", "Rollen";
    password: "Password", "Passwort";
    password_now: "Your password so far", "Ihr bisheriges Passwort";
    password_new: "Another password", "Ein anderes Passwort";
    password_hint: "Long, and not one that others try first. Your other sessions end.",
        "Lang und keines, das andere zuerst versuchen. Ihre anderen Sitzungen enden.";
    set_password: "Set another password", "Anderes Passwort setzen";
    factor: "Second factor", "Zweiter Faktor";
    factor_none: "none", "keiner";
    factor_set: "set; {} recovery codes are left", "gesetzt; {} Ersatzcodes sind übrig";
    factor_text: "Codes of an authenticator, asked for at each sign-in; one is good for a release too.",
        "Codes einer Authenticator-App, bei jeder Anmeldung verlangt; einer gilt auch für eine Freigabe.";
    factor_begin: "Begin a second factor", "Zweiten Faktor beginnen";
    factor_another: "Begin another one", "Einen anderen beginnen";
    factor_secret: "Put this into your authenticator", "Geben Sie dies in Ihre Authenticator-App ein";
    factor_picture: "The same as a picture that a telephone reads", "Dasselbe als Bild, das ein Telefon liest";
    token_make: "Make a token for a program", "Zugangsschlüssel für ein Programm erstellen";
    token_text: "It does what you may do. It is shown once, and ends by itself.",
        "Er darf, was Sie dürfen. Er wird einmal gezeigt und endet von selbst.";
    token_name_hint: "Your own word for it; one is found when it is left empty.",
        "Ihr eigenes Wort dafür; bleibt es leer, wird eines gefunden.";
    token_name_wrong: "Small letters, digits, - _ and . only", "Nur Kleinbuchstaben, Ziffern, - _ und .";
    token_days: "Days that it counts", "Tage, die er gilt";
    token_from: "From where it counts", "Von wo er gilt";
    token_from_hint: "Addresses or blocks, one a line; from anywhere when empty.",
        "Adressen oder Blöcke, eine je Zeile; leer: von überall.";
    token_made: "Your new token", "Ihr neuer Zugangsschlüssel";
    factor_once: "it is shown once", "es wird nur einmal gezeigt";
    factor_confirm: "Confirm the second factor", "Zweiten Faktor bestätigen";
    factor_confirm_text: "It counts once you have shown a code of it.", "Er zählt, sobald Sie einen Code davon gezeigt haben.";
    factor_remove: "Remove the second factor", "Zweiten Faktor entfernen";
    recovery: "Recovery codes", "Ersatzcodes";
    recovery_once: "each counts once; they are shown once: keep them", "jeder gilt einmal; sie werden einmal gezeigt: bewahren Sie sie auf";
    lets_in: "What lets you in", "Was Sie hereinlässt";
    grant: "Name of it", "Sein Name";
    made: "Made", "Erstellt";
    ends: "Ends", "Endet";
    used: "Last used", "Zuletzt benutzt";
    no_grants: "Nothing.", "Nichts.";
    token: "token", "Zugangsschlüssel";
    certificate: "certificate", "Zertifikat";
    session: "session", "Sitzung";
    invitation: "invitation", "Einladung";
    this_one: " (this one)", " (diese)";
    end: "End one of them", "Eines davon beenden";
    end_text: "Whoever holds it is let in no more.", "Wer es hat, kommt nicht mehr herein.";
}
