//! What to do after a refusal.

super::texts! {
    /// The next step.
    Hint;
    find: "Record a finding first.", "Halten Sie zuerst einen Befund fest.";
    draft: "Write a draft.", "Schreiben Sie einen Entwurf.";
    preview: "Look at the draft again.", "Sehen Sie den Entwurf noch einmal an.";
    keep: "Say why it stands, or draft it anew.", "Sagen Sie, warum es dabei bleibt, oder entwerfen Sie neu.";
    show_case: "Look at the case.", "Sehen Sie den Fall an.";
    show_warning: "Look at the warning.", "Sehen Sie die Warnung an.";
    show_proposal: "Look at the proposal.", "Sehen Sie den Vorschlag an.";
    accept: "Accept the warning first.", "Nehmen Sie die Warnung zuerst an.";
    ask_permission: "Ask its sender whether it may be passed on.",
        "Fragen Sie den Absender, ob sie weitergegeben werden darf.";
    show_agreement: "Look at the agreement with this partner.",
        "Sehen Sie die Vereinbarung mit diesem Partner an.";
    confirm: "Have {} read its ten words over a line that you trust, and confirm them. When they differ, do not use the card.",
        "Lassen Sie {} seine zehn Wörter über eine Leitung vorlesen, der Sie trauen, und bestätigen Sie sie. Wenn sie abweichen, benutzen Sie die Karte nicht.";
    await_keys: "Only words of new keys open it again, which the partner announced before the channel was closed.",
        "Nur die Wörter neuer Schlüssel öffnen ihn wieder, die der Partner angekündigt hat, bevor der Kanal geschlossen wurde.";
    ask_role: "Somebody who is {} may.", "Wer {} ist, darf es.";
    sign_in: "Sign in.", "Melden Sie sich an.";
    give_reason: "Say why.", "Sagen Sie, warum.";
    give_reason_target: "Say why, and who or what is threatened.", "Sagen Sie, warum, und wer oder was bedroht ist.";
    give_until: "Give a later time until which it holds.", "Geben Sie eine spätere Zeit an, bis zu der sie gilt.";
    give_role: "Give at least one role.", "Geben Sie mindestens eine Rolle an.";
    give_text: "Write the words.", "Schreiben Sie die Worte.";
    give_fact: "Count at least one fact.", "Zählen Sie mindestens eine Tatsache.";
    give_aside: "Set aside exactly these.", "Lassen Sie genau diese beiseite.";
    give_aside_reason: "Say why it is set aside.", "Sagen Sie, warum es beiseite gelassen wird.";
    give_corrects: "To correct it, tick that it corrects what was said before, and say why.",
        "Um es zu berichtigen, kreuzen Sie an, dass es das Frühere berichtigt, und sagen Sie, warum.";
    give_lowering: "Say on whose permission it is marked less strictly, and why.",
        "Sagen Sie, mit wessen Erlaubnis es weniger streng eingestuft ist, und warum.";
    give_handling: "Give the words of H3.", "Geben Sie die Worte zu H3 an.";
    give_notify: "Say why they are warned although the policy forbids it.",
        "Sagen Sie, warum sie gewarnt werden, obwohl die Regel es verbietet.";
    give_persons: "Name each person once.", "Nennen Sie jede Person einmal.";
    give_review: "Give another time at which it is looked at again.",
        "Geben Sie eine andere Zeit an, zu der es noch einmal angesehen wird.";
}
