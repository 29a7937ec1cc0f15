//! Feeds and outlets.

super::texts! {
    /// What comes and goes by TAXII and MISP.
    Feed;
    title: "Feeds", "Zulieferungen";
    none: "There is no feed.", "Es gibt keine Zulieferung.";
    way: "Which way", "In welche Richtung";
    polled: "polled into {}", "abgefragt nach {}";
    pushed: "what is released to {} is pushed, from {}", "was an {} freigegeben ist, wird gesendet, aus {}";
    good: "Good", "Gut";
    refused: "Refused", "Abgelehnt";
    answered: "Last answered well", "Zuletzt gut geantwortet";
    trouble: "What is wrong", "Was nicht stimmt";
    served: "What is served here", "Was hier angeboten wird";
    none_served: "Nothing.", "Nichts.";
    inlet: "takes things in", "nimmt auf";
    outlet_of: "for {}: what is released to it", "für {}: was an sie freigegeben ist";
    shelf: "for our own tools: indicators that partners warned us of",
        "für unsere eigenen Werkzeuge: Indikatoren, vor denen Partner gewarnt haben";
    collection: "Collection", "Sammlung";
    readers: "Who may read it", "Wer sie lesen darf";
    anybody: "every user", "alle Benutzer";
    add: "Add a feed", "Eine Zulieferung aufnehmen";
    add_button: "Add the feed", "Zulieferung aufnehmen";
    name_hint: "Small letters, digits, - _ and .", "Kleinbuchstaben, Ziffern, - _ und .";
    kind: "What its server speaks", "Was der Server spricht";
    kind_misp: "MISP, a server", "MISP, ein Server";
    kind_misp_feed: "MISP, a folder with manifest.json", "MISP, ein Ordner mit manifest.json";
    url_hint: "As https://host/api-root/collections/ID/; of a MISP server https://host/",
        "Etwa https://host/api-root/collections/ID/; bei einem MISP-Server https://host/";
    way_poll: "It is polled", "Sie wird abgefragt";
    way_poll_text: "Its objects come in by a collection of ours.", "Ihre Objekte kommen durch eine unserer Sammlungen herein.";
    way_push: "It is pushed to", "An sie wird gesendet";
    way_push_text: "What is released to a partner goes to its server.", "Was an einen Partner freigegeben ist, geht an seinen Server.";
    into: "Polled: into which collection", "Abgefragt: in welche Sammlung";
    source_hint: "Polled: as which its objects count; may stay empty.", "Abgefragt: als welche ihre Objekte gelten; kann leer bleiben.";
    grade_hint: "Polled: such as B2; may stay empty.", "Abgefragt: etwa B2; kann leer bleiben.";
    outlet: "Pushed: from which outlet", "Gesendet: aus welcher Ausgabe";
    user: "Our name there", "Unser Name dort";
    user_hint: "Leave it empty with a bearer token, or a key of MISP.", "Bei einem Bearer-Token oder einem Schlüssel von MISP leer lassen.";
    secret: "File of its secret", "Datei des Geheimnisses";
    secret_hint: "A file in the folder secrets of the node: what is in it is never typed here.",
        "Eine Datei im Ordner secrets des Knotens: ihr Inhalt wird nie hier eingegeben.";
    every: "Seconds between two looks", "Sekunden zwischen zwei Blicken";
    one: "One of them", "Eine davon";
    one_button: "Do it", "Ausführen";
    now: "Ask it now", "Jetzt fragen";
    now_text: "It does not wait for its time.", "Sie wartet nicht auf ihre Zeit.";
    remove: "Remove it", "Entfernen";
    remove_text: "What it brought stays.", "Was sie gebracht hat, bleibt.";
}
