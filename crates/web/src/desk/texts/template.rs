//! Texts to begin drafts with.

super::texts! {
    /// Texts to begin drafts with.
    Template;
    title: "Templates", "Vorlagen";
    lead: "Texts to begin a draft with, by kind of threat. Whoever drafts fills in the places; nothing of an original goes in by itself.",
        "Texte, mit denen ein Entwurf beginnt, nach Art der Bedrohung. Wer entwirft, füllt die Stellen aus; nichts aus einer Meldung gelangt von selbst hinein.";
    none: "There is no template yet.", "Es gibt noch keine Vorlage.";
    any: "any", "alle";
    language: "Language", "Sprache";
    language_hint: "A tag such as en or de.", "Ein Kürzel wie en oder de.";
    places: "Places", "Stellen";
    name: "Name", "Bezeichnung";
    name_hint: "Small letters, digits and hyphens.", "Kleinbuchstaben, Ziffern und Bindestriche.";
    text_hint: "With places such as {target}: what is left unfilled stops the draft.",
        "Mit Stellen wie {target}: was nicht ausgefüllt wird, hält den Entwurf an.";
    set: "Write a template", "Vorlage schreiben";
    set_text: "One of the same name takes its place.", "Eine gleichen Namens wird ersetzt.";
    remove: "Remove a template", "Vorlage entfernen";
    remove_text: "Drafts that began with it stay as they are.", "Entwürfe, die mit ihr begannen, bleiben, wie sie sind.";
    begin: "Begin with this template", "Mit dieser Vorlage beginnen";
}
