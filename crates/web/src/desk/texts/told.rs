//! What is told beside the channel.

super::texts! {
    /// The telephone, and the second person after it.
    Told;
    tell: "Record that they were told otherwise", "Festhalten, dass sie anders erfahren haben";
    tell_text: "By telephone, in person, by letter or by a public alert. It is written into the channel too.",
        "Am Telefon, persönlich, brieflich oder öffentlich. Es wird auch in den Kanal geschrieben.";
    tell_title: "Who at {} was told, and how?", "Wer bei {} hat es wie erfahren?";
    tell_button: "Record it for case {}", "Für Fall {} festhalten";
    read_out: "Read out exactly what was released. Then put down who heard it.",
        "Lesen Sie genau vor, was freigegeben wurde. Halten Sie dann fest, wer es gehört hat.";
    not_released: "Nothing is released yet. In imminent danger you may telephone first: type here what you will say, see whether the gate lets it through, and say no more than that.",
        "Es ist noch nichts freigegeben. Bei unmittelbarer Gefahr dürfen Sie zuerst anrufen: Schreiben Sie hier, was Sie sagen werden, sehen Sie, ob die Schleuse es durchlässt, und sagen Sie nicht mehr.";
    way: "How", "Wie";
    telephone: "by telephone", "am Telefon";
    in_person: "in person", "persönlich";
    letter: "by letter", "brieflich";
    public_alert: "by a public alert", "durch eine öffentliche Warnung";
    to: "Who was told", "Wer es erfahren hat";
    to_hint: "A person, or a duty desk with its number.", "Eine Person, oder ein Dienst mit seiner Nummer.";
    at: "When", "Wann";
    deliverer: "Who told it", "Wer es gesagt hat";
    deliverer_hint: "You, when left empty. It stays here.", "Sie, wenn es leer bleibt. Es bleibt hier.";
    imminent: "Imminent danger: it is said before a second person agrees",
        "Unmittelbare Gefahr: es wird gesagt, bevor eine zweite Person zustimmt";
    imminent_hint: "A second person must confirm or strike it within the hour. It is loud until then.",
        "Eine zweite Person muss es binnen einer Stunde bestätigen oder streichen. Bis dahin ist es laut.";
    words: "What is said, in imminent danger", "Was bei unmittelbarer Gefahr gesagt wird";
    words_hint: "Word for word. Leave it empty where the released warning was read out.",
        "Wort für Wort. Leer lassen, wenn die freigegebene Warnung vorgelesen wurde.";
    verdict: "Does it hold?", "Gilt es?";
    verdict_title: "Does what {} was told hold?", "Gilt, was {} gesagt wurde?";
    verdict_lead: "It was said in imminent danger, before a second person had agreed. You are the second person.",
        "Es wurde bei unmittelbarer Gefahr gesagt, bevor eine zweite Person zugestimmt hatte. Sie sind die zweite Person.";
    verdict_button: "Decide number {}", "Nummer {} entscheiden";
    confirm: "Confirm", "Bestätigen";
    confirm_text: "You stand by what was said. Once the warning is released, it is written into the channel.",
        "Sie stehen zu dem, was gesagt wurde. Ist die Warnung freigegeben, wird es in den Kanal geschrieben.";
    strike: "Strike", "Streichen";
    strike_text: "It does not hold. Telephone them first, and put down that you did.",
        "Es gilt nicht. Rufen Sie zuerst an, und halten Sie das fest.";
    strike_reason: "Why it does not hold, if you strike it", "Warum es nicht gilt, wenn Sie streichen";
    strike_reason_hint: "They are told.", "Sie erfahren es.";
    taken_back: "How it was taken back, if you strike it", "Wie es zurückgenommen wurde, wenn Sie streichen";
    taken_back_hint: "Who was called, by whom, when. It stays here.", "Wer wann von wem angerufen wurde. Es bleibt hier.";
    said: "Told {} to {}", "Gesagt {}, zu {}";
    said_by: "by {} at {}", "von {} um {}";
    told_at: "They were told beside the channel at {}.", "Sie haben es um {} außerhalb des Kanals erfahren.";
    waits: "Told {} to {}, before a second person had agreed: “{}”. To be confirmed or struck by {}.",
        "Gesagt {}, zu {}, bevor eine zweite Person zugestimmt hatte: „{}“. Zu bestätigen oder zu streichen bis {}.";
    decide: "Confirm or strike it", "Bestätigen oder streichen";
    answer_title: "Were you told so?", "Haben Sie es so erfahren?";
    answer_button: "Tell {}", "{} sagen";
    answer_which: "What they say they told us", "Was sie uns gesagt haben wollen";
    answer_so: "We were told so", "So haben wir es erfahren";
    answer_not: "We were not told so", "So haben wir es nicht erfahren";
    answer_text: "What is not so", "Was nicht so ist";
}
