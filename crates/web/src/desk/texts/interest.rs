//! An interest of ours, made and changed.

super::texts! {
    /// The form, the map in it, and the withdrawal.
    Interest;
    new: "Add an interest", "Ein Interesse anmelden";
    new_lead: "What a partner should warn us of. It is sent to the partner, signed, and held against all that comes in there.",
        "Wovor ein Partner uns warnen soll. Es geht signiert an den Partner und wird dort an alles gehalten, was eingeht.";
    change_lead: "Our interest with {}, as it stands. A change is sent to the partner, signed.",
        "Unser Interesse bei {}, wie es jetzt ist. Eine Änderung geht signiert an den Partner.";
    with: "The partner that should warn us", "Der Partner, der uns warnen soll";
    label: "What people call it", "Wie Leute es nennen";
    any: "At least one of these", "Mindestens eines von diesen";
    any_hint: "A line each: place Riga, LV · country RU · words night fall · domain example.org · block 198.51.100.0/24 · organisation Acme Power · person Jan Kowalski; every word of docs/interests.md, and tables such as { at-least = { count = 2, of = [{ words = \"drone\" }, { words = \"rail\" }] } }",
        "Je eine Zeile: place Riga, LV · country RU · words night fall · domain example.org · block 198.51.100.0/24 · organisation Acme Power · person Jan Kowalski; jedes Wort aus docs/interests.md und Tabellen wie { at-least = { count = 2, of = [{ words = \"drone\" }, { words = \"rail\" }] } }";
    all: "And each of these", "Und jedes von diesen";
    all_hint: "May be empty. Such as threat disruption", "Darf leer sein. Etwa threat disruption";
    not: "And none of these", "Und keines von diesen";
    not_hint: "May be empty. Such as words exercise", "Darf leer sein. Etwa words exercise";
    threshold: "How strong a match must be, 1 to 100; 30 when empty", "Wie stark ein Treffer sein muss, 1 bis 100; leer: 30";
    concern: "How likely a country that a text names must be concerned, 0 to 100; 0 when empty",
        "Wie wahrscheinlich ein genanntes Land betroffen sein muss, 0 bis 100; leer: 0";
    credibility: "Graded so, or better", "So bewertet oder besser";
    credibility_hint: "By Admiralty, such as C3; or empty", "Nach Admiralty, etwa C3; oder leer";
    bad_grade: "That is no grade of Admiralty: write it as C3", "Das ist keine Bewertung nach Admiralty: etwa C3 schreiben";
    from: "Items taken in from", "Meldungen, die eingehen ab";
    until: "Items taken in before", "Meldungen, die eingehen vor";
    time_hint: "Such as 2027-01-01 00:00Z; or empty", "Etwa 2027-01-01 00:00Z; oder leer";
    sample: "Try it on a text first", "Zuerst an einem Text versuchen";
    sample_hint: "A report or STIX, as it would come in. It is kept nowhere, and sent to nobody.",
        "Ein Bericht oder STIX, so wie er einginge. Er wird nirgends behalten und geht an niemanden.";
    try_button: "Try it, and change nothing", "Versuchen, ohne etwas zu ändern";
    add_button: "Register it with the partner", "Beim Partner anmelden";
    change_button: "Change it, and tell {}", "Ändern und {} mitteilen";
    tried: "On this text", "An diesem Text";
    tried_none: "It would not meet this text.", "Es träfe diesen Text nicht.";
    withdraw: "Withdraw this interest", "Dieses Interesse zurückziehen";
    withdraw_lead: "{} is told, and warns us of it no more. What it met before stays on record.",
        "{} erfährt es und warnt uns davor nicht mehr. Was es vorher traf, bleibt festgehalten.";
    withdraw_button: "Withdraw it from {}", "Bei {} zurückziehen";
    no_partner: "Nobody can take an interest yet: no partner's words have been compared.",
        "Noch kann niemand ein Interesse annehmen: Von keinem Partner sind die Wörter verglichen.";
    areas: "Circles and polygons", "Kreise und Vielecke";
    areas_hint: "They count as further lines of the first list. Type them here: circle 59.93, 30.32, 5 is latitude, longitude and kilometres; polygon 59 30, 59 31, 60.5 31 has latitude and longitude of each corner. An empty row is left out.",
        "Sie zählen als weitere Zeilen der ersten Liste. Hier schreiben: circle 59.93, 30.32, 5 ist Breite, Länge und Kilometer; polygon 59 30, 59 31, 60.5 31 hat Breite und Länge jeder Ecke. Eine leere Zeile fällt weg.";
    area: "Area {}", "Gebiet {}";
    number: "Number", "Nummer";
    written: "Circle or polygon", "Kreis oder Vieleck";
    map: "Drawn on the map", "Auf der Karte gezeichnet";
    map_hint: "What is drawn stands in the table, which can be typed without the map.",
        "Was gezeichnet ist, steht in der Tabelle; sie lässt sich auch ohne Karte ausfüllen.";
    tool: "A click on the map", "Ein Klick auf die Karte";
    tool_circle: "draws a circle around the place", "zeichnet einen Kreis um die Stelle";
    tool_middle: "moves a circle there", "verschiebt einen Kreis dorthin";
    tool_edge: "lets a circle reach as far", "lässt einen Kreis bis dorthin reichen";
    tool_corner: "adds a corner to a polygon, or begins one", "gibt einem Vieleck eine Ecke mehr oder beginnt eines";
    tool_look: "shows the place from nearer", "zeigt die Stelle aus der Nähe";
    which: "Which area, by its number; empty: the last", "Welches Gebiet, nach Nummer; leer: das letzte";
    click: "The map: click on a place", "Die Karte: auf eine Stelle klicken";
    again: "Draw what the table says", "Zeichnen, was die Tabelle sagt";
}
