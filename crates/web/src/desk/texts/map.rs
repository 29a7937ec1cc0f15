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
}
