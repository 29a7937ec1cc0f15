//! The map.

super::texts! {
    /// Where.
    Map;
    title: "Map", "Karte";
    heading: "Places", "Orte";
    lead: "What open cases and warnings say is threatened, and parts of the map that were registered: {} threatened, {} registered.",
        "Was laut offenen Fällen und Warnungen bedroht ist, und eingetragene Teile der Karte: {} bedroht, {} eingetragen.";
    picture: "Places threatened and registered; the list below says the same.",
        "Bedrohte und eingetragene Orte; die Liste darunter sagt dasselbe.";
    all: "Everything", "Alles";
    world: "World", "Welt";
    nearer: "Nearer", "Näher";
    further: "Further", "Weiter weg";
    north: "North", "Norden";
    south: "South", "Süden";
    east: "East", "Osten";
    west: "West", "Westen";
    parts: "Part of the map", "Kartenausschnitt";
    threatened: "place threatened", "bedrohter Ort";
    played: "the same, exercise or test", "dasselbe, Übung oder Testlauf";
    registered: "registered area", "eingetragenes Gebiet";
    same: "The same as a list", "Dasselbe als Liste";
    place: "Place", "Ort";
    what: "What", "Was";
    clock: "Clock or matches", "Frist oder Treffer";
    none: "Nothing open names a place, and nobody has registered a part of the map.",
        "Nichts Offenes nennt einen Ort, und niemand hat einen Teil der Karte eingetragen.";
    case: "case {}", "Fall {}";
    warning: "warning {}", "Warnung {}";
    area: "registered: {}", "eingetragen: {}";
    ours: "our own", "unser eigenes";
    until: "until {}", "bis {}";
    matches: "met {} times", "{} Mal getroffen";
    outside: "outside this part of the map", "außerhalb dieses Ausschnitts";
    borders: "Outlines: Natural Earth, coarse. Borders are drawn as they are held in fact, and decide nothing.",
        "Umrisse: Natural Earth, grob. Grenzen sind gezeichnet, wie sie tatsächlich gehalten werden, und entscheiden nichts.";
    cut: "This map was cut", "Diese Karte ist gekürzt";
    cut_cases: "There are more open cases: the 100 due first are shown.", "Es gibt mehr offene Fälle: Die 100 mit der nächsten Frist sind gezeigt.";
    cut_undrafted: "More cases have no draft yet: of 20 is shown what their items name.",
        "Mehr Fälle haben noch keinen Entwurf: Von 20 ist gezeigt, was ihre Meldungen nennen.";
    cut_warnings: "There are more warnings: the newest 100 are shown.", "Es gibt mehr Warnungen: Die neuesten 100 sind gezeigt.";
    cut_interests: "More interests have areas: the newest 100 are shown.", "Mehr Interessen haben Gebiete: Die neuesten 100 sind gezeigt.";
    cut_old: "Areas are looked for among the newest 20,000 interests, and there are more.",
        "Gebiete werden unter den neuesten 20.000 Interessen gesucht, und es gibt mehr.";
    cut_of_one: "Of each case, warning and interest at most 10 places are shown, and one has more.",
        "Von jedem Fall, jeder Warnung und jedem Interesse sind höchstens 10 Orte gezeigt, und eines hat mehr.";
    cut_drawn: "The first 100 places are shown; /api/v1/places has the others.",
        "Die ersten 100 Orte sind gezeigt; /api/v1/places hat die anderen.";
}
