//! Search.

super::texts! {
    /// What was seen before.
    Find;
    title: "Search", "Suche";
    label: "Words, names, addresses, digests", "Wörter, Namen, Adressen, Prüfsummen";
    hint: "All of them are looked for; what stands in quotes, together. Names are found in other alphabets too.",
        "Alle werden gesucht; was in Anführungszeichen steht, zusammen. Namen finden sich auch in anderen Schriften.";
    kind: "Where", "Wo";
    everything: "everywhere", "überall";
    talk: "What was said", "Was gesagt wurde";
    warning_nr: "Warning {}", "Warnung {}";
    shown_some: "the newest {}; there are more", "die neuesten {}; es gibt weitere";
    nothing: "Nothing that you may read has these words.", "Nichts, was Sie lesen dürfen, hat diese Wörter.";
    cut: "The search is long: only its first words were looked for.",
        "Die Suche ist lang: nur ihre ersten Wörter wurden gesucht.";
    reading: "Older things are still being read for the search, and are not found yet.",
        "Ältere Dinge werden noch für die Suche gelesen und finden sich noch nicht.";
}
