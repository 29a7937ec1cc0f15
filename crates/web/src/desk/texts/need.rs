//! What needs somebody.

super::texts! {
    /// A sentence for each kind of need.
    Need;
    finding: "Say whether there is a duty to warn.", "Sagen Sie, ob es eine Pflicht zu warnen gibt.";
    decision: "Decide what is done about it.", "Entscheiden Sie, was geschieht.";
    draft: "Write the warning.", "Schreiben Sie die Warnung.";
    release: "A second person must release the draft.", "Eine zweite Person muss den Entwurf freigeben.";
    undelivered: "Not delivered: no receipt has come. Telephone meanwhile.",
        "Nicht zugestellt: keine Empfangsbestätigung. Rufen Sie unterdessen an.";
    confirm_told: "Told in imminent danger, before a second person had agreed. Confirm or strike it.",
        "Bei unmittelbarer Gefahr gesagt, bevor eine zweite Person zugestimmt hatte. Bestätigen oder streichen.";
    review: "An original was revoked: recall it, change it, or say that it stands.",
        "Eine Vorlage wurde widerrufen: zurückrufen, ändern oder sagen, dass es dabei bleibt.";
    waiver_review: "It was waived, and is to be looked at again.",
        "Darauf wurde verzichtet; es ist noch einmal anzusehen.";
    referral: "It was referred, and nobody has said what became of it.",
        "Es wurde verwiesen, und niemand hat gesagt, was daraus wurde.";
    recall_unanswered: "They have not answered our recall. Telephone.",
        "Sie haben unseren Rückruf nicht beantwortet. Rufen Sie an.";
    update_unanswered: "They have not answered our change. Telephone.",
        "Sie haben unsere Änderung nicht beantwortet. Rufen Sie an.";
    expiry_unanswered: "Its time is over, and they have not said that what they did has ended. Telephone.",
        "Ihre Zeit ist vorbei, und sie haben nicht gesagt, dass beendet ist, was sie taten. Rufen Sie an.";
    renew: "Its time is nearly over: renew it, or let it end.",
        "Ihre Zeit ist fast vorbei: verlängern oder enden lassen.";
    outcome_awaited: "Its time is over, and they have not said what came of it.",
        "Ihre Zeit ist vorbei, und sie haben nicht gesagt, was herauskam.";
    question: "They ask, and wait for an answer.", "Sie fragen und warten auf Antwort.";
    open: "Nobody here has opened it. Opening tells them that you did.",
        "Niemand hier hat sie geöffnet. Das Öffnen sagt es ihnen.";
    accept: "Accept or decline it.", "Nehmen Sie sie an oder lehnen Sie ab.";
    answer_recall: "They have taken it back. Tell them what you did with it.",
        "Sie haben sie zurückgerufen. Sagen Sie, was Sie damit getan haben.";
    answer_update: "They have changed it. Say whether that is applied.",
        "Sie haben sie geändert. Sagen Sie, ob das umgesetzt ist.";
    answer_expiry: "Its time is over. Say whether what was done for it has ended.",
        "Ihre Zeit ist vorbei. Sagen Sie, ob beendet ist, was dafür getan wurde.";
    outcome: "Its time is past. What came of it?", "Ihre Zeit ist um. Was kam heraus?";
    question_unanswered: "They have not answered our question. Telephone.",
        "Sie haben unsere Frage nicht beantwortet. Rufen Sie an.";
    embargo: "They propose an embargo: accept or decline it.",
        "Sie schlagen eine Sperrfrist vor: annehmen oder ablehnen.";
    reveal: "Its readout may be revealed.", "Die Mitteilung darf veröffentlicht werden.";
    revealed_early: "They have published their readout early.", "Sie haben ihre Mitteilung zu früh veröffentlicht.";
    approval: "A second person approves or drops it.", "Eine zweite Person billigt oder verwirft es.";
    confirm_partner: "Its fingerprint is to be confirmed.", "Sein Fingerabdruck ist zu bestätigen.";
    confirm_move: "Its new address is to be confirmed.", "Seine neue Adresse ist zu bestätigen.";
    confirm_keys: "It has announced new keys. Nothing is sent to it until they are confirmed.",
        "Er hat neue Schlüssel angekündigt. Bis sie bestätigt sind, wird ihm nichts gesendet.";
    dispute: "A log was written twice. The proof is kept. Do not use the channel to speak of it; telephone.",
        "Ein Protokoll wurde zweimal geschrieben. Der Beweis ist gesichert. Sprechen Sie nicht über den Kanal davon; rufen Sie an.";
    delivery: "Deliveries to it fail.", "Zustellungen an ihn scheitern.";
    feed: "It fails.", "Sie scheitert.";
    quarantine: "Look why it was refused.", "Sehen Sie nach, warum es abgelehnt wurde.";
    follower: "It does not run.", "Er läuft nicht.";
    duty: "Nobody is on duty.", "Niemand hat Dienst.";
    permission: "They ask whether they may pass it on.", "Sie fragen, ob sie es weitergeben dürfen.";
    permission_unanswered: "They have not said whether it may be passed on. Telephone.",
        "Sie haben nicht gesagt, ob es weitergegeben werden darf. Rufen Sie an.";
    agreement: "They have signed other terms: accept or decline them.",
        "Sie haben andere Bedingungen unterschrieben: annehmen oder ablehnen.";
    agreement_unanswered: "They have not answered the terms that we have signed. Telephone.",
        "Sie haben die von uns unterschriebenen Bedingungen nicht beantwortet. Rufen Sie an.";
    source_danger: "A source is in danger: look at it. What rests on it waits.", "Eine Quelle ist in Gefahr: sehen Sie nach. Was auf ihr beruht, wartet.";
    notifier: "What it should tell does not arrive.", "Was er melden soll, kommt nicht an.";
}
