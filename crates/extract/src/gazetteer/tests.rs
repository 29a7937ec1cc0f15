//! Places found, told apart and passed over.

use super::*;

fn found(text: &str) -> Vec<PlaceMention> {
    find(text, &Words::new(text))
}

fn names(text: &str) -> Vec<String> {
    found(text).into_iter().map(|one| format!("{}, {}", one.name, one.country)).collect()
}

#[test]
fn a_city_and_its_cathedral_are_told_apart() {
    let found = found("Kazan Cathedral, not Kazan; a Russian city");
    let names: Vec<(&str, PlaceKind)> = found.iter().map(|m| (m.name, m.kind)).collect();
    assert_eq!(
        names,
        [
            ("Kazan Cathedral", PlaceKind::Site),
            ("Kazan", PlaceKind::City),
            ("Russia", PlaceKind::Nationality)
        ]
    );
}

#[test]
fn a_part_of_a_word_is_not_a_place() {
    assert!(found("omanyte Romeoville Nicely").is_empty());
}

#[test]
fn every_place_of_a_line_has_a_known_country_and_city() {
    for place in &GAZETTEER.places {
        assert!(country(place.country).is_some(), "{place:?}");
        assert!(place.within.is_none_or(|city| super::place(city).is_some()), "{place:?}");
    }
}

#[test]
fn a_place_is_found_by_any_spelling() {
    assert_eq!(place("leningrad").unwrap().name, "Saint Petersburg");
    assert_eq!(place("ru").unwrap().name, "Russia");
    assert!(place("Atlantisgrad").is_none());
}

#[test]
fn a_place_is_found_in_every_case_of_its_languages() {
    for (text, expected) in [
        ("взрыв в Санкт-Петербурге", "Saint Petersburg, RU"),
        ("из Петербурга", "Saint Petersburg, RU"),
        ("у Санкт-Петербурзі", "Saint Petersburg, RU"),
        ("in Sankt Petersburg", "Saint Petersburg, RU"),
        ("der Hafen St. Petersburgs", "Saint Petersburg, RU"),
        ("à Saint-Pétersbourg", "Saint Petersburg, RU"),
        ("A SAN PIETROBURGO", "Saint Petersburg, RU"),
        ("w Petersburgu", "Saint Petersburg, RU"),
        ("v Petrohradě", "Saint Petersburg, RU"),
        ("em São Petersburgo", "Saint Petersburg, RU"),
        ("i St. Petersborg", "Saint Petersburg, RU"),
        ("под Москвой", "Moscow, RU"),
        ("в москве", ""),
        ("в Германии", "Germany, DE"),
        ("v Německu", "Germany, DE"),
        ("w Niemczech", "Germany, DE"),
        ("v Nemecku", "Germany, DE"),
        ("u Njemačkoj", "Germany, DE"),
        ("у Немачкој", "Germany, DE"),
        ("v Nemčiji", "Germany, DE"),
        ("у Німеччині", "Germany, DE"),
        ("Deutschlands Netze", "Germany, DE"),
        ("Tysklands", "Germany, DE"),
        ("en Allemagne", "Germany, DE"),
        ("Germaniei", "Germany, DE"),
        ("в Україні", "Ukraine, UA"),
        ("dell'Ucraina", "Ukraine, UA"),
        ("w Stanach Zjednoczonych", "United States, US"),
        ("в США", "United States, US"),
        ("в Нижнем Новгороде", "Nizhny Novgorod, RU"),
        ("на Красной площади", "Red Square, RU"),
        ("w Berlinie", "Berlin, DE"),
        ("Parisului", "Paris, FR"),
        ("в Алжире", "Algeria, DZ"),
        ("w Krakowie", "Krakow, PL"),
        ("u Beču", "Vienna, AT"),
        ("v Římě", "Rome, IT"),
        ("the rim of it, Beha, sad", ""),
        ("Long Island", ""),
    ] {
        assert_eq!(names(text).join("; "), expected, "{text}");
    }
}

#[test]
fn a_place_is_found_however_its_name_is_shortened_spelt_or_translated() {
    for (text, expected) in [
        ("à St-Pétersbourg", "Saint Petersburg, RU"),
        ("a S. Pietroburgo", "Saint Petersburg, RU"),
        ("Sankt Petersburgs Hafen", "Saint Petersburg, RU"),
        ("do Sankt Petersburga", "Saint Petersburg, RU"),
        ("в СПб.", "Saint Petersburg, RU"),
        ("MUENCHEN", "Munich, DE"),
        ("in Muenchen, Koeln und Zuerich", "Munich, DE; Cologne, DE; Zurich, CH"),
        ("KÖLN", "Cologne, DE"),
        ("KOLN", ""),
        ("Oesterreichs Netze", "Austria, AT"),
        ("a Ginevra", "Geneva, CH"),
        ("в Риме, РИМ", "Rome, IT; Rome, IT"),
        ("Pozsony és Kolozsvár", "Bratislava, SK; Cluj-Napoca, RO"),
        ("à la Nouvelle-Orléans", "New Orleans, US"),
    ] {
        assert_eq!(names(text).join("; "), expected, "{text}");
    }
}

#[test]
fn doubles_are_told_apart_without_a_comma_too() {
    for (text, expected) in [
        ("in St. Petersburg FL", "Florida, US"),
        ("St. Petersburg FL police", "Florida, US"),
        ("London ON, today", "Ontario, CA"),
        ("Vienna VA 22180", "Virginia, US"),
        ("Toronto ON", "Toronto, CA; Ontario, CA"),
        ("Санкт-Петербург, США", "United States, US"),
        ("Saint-Pétersbourg, aux États-Unis", "United States, US"),
        ("Saint-Pétersbourg aux États-Unis", "United States, US"),
        ("в Санкт-Петербурге в США", "United States, US"),
        ("St. Petersburg (in den USA)", "United States, US"),
        ("St. Petersburg USA.", "United States, US"),
        ("Valencia in Venezuela", "Venezuela, VE"),
        ("Paris, aux États-Unis", "United States, US"),
        ("LONDON ON TUESDAY", "London, GB"),
        ("London ON TUESDAY", "London, GB"),
        ("Moscow ID cards", "Moscow, RU"),
        ("Paris OR London", "Paris, FR; London, GB"),
        ("London. ON", "London, GB"),
        ("l'ambassadeur de Paris aux États-Unis", "Paris, FR; United States, US"),
        ("Moscow in the USA", "Moscow, RU; United States, US"),
        ("Hamburg in Germany", "Hamburg, DE; Germany, DE"),
        ("Odessa in Germany", "Odesa, UA; Germany, DE"),
        ("from Naples. USA", "Naples, IT; United States, US"),
    ] {
        assert_eq!(names(text).join("; "), expected, "{text}");
    }
    // Nor is it found by its sound what is another as it is written.
    let both = |text: &str| {
        let spelt = Words::read(text, crate::words::Spelling::SpeltOut);
        find_everywhere(text, &Words::new(text), Some(&spelt)).len()
    };
    assert_eq!(both("Санкт-Петербург, США"), 1);
    assert_eq!(both("Санкт-Петербург"), 1);
}

#[test]
fn a_person_called_like_a_place_is_none() {
    for (text, expected) in [
        ("Paris Hilton", ""),
        ("Paris Hilton in Paris", "Paris, FR"),
        ("the Paris Hilton", "Paris, FR"),
        ("im Paris Hilton", "Paris, FR"),
        ("Paris Hilton hotel", "Paris, FR"),
        ("in Paris. Hilton said", "Paris, FR"),
        ("Florence Nightingale, Jack London and Irving Berlin", ""),
        ("Mr. London, Frau Berlin", ""),
        ("Georgia O'Keeffe", ""),
        ("Michael Jordan", ""),
        ("the people of Jordan love", "Jordan, JO"),
        ("Paris Saint-Germain", "Paris, FR"),
        ("Bob in Paris", "Paris, FR"),
    ] {
        assert_eq!(names(text).join("; "), expected, "{text}");
    }
}

#[test]
fn the_tables_are_of_known_places() {
    let is_known = |name: &str, country: Option<&str>| {
        let mut all = GAZETTEER.places.iter();
        all.any(|one| one.name == name && country.is_none_or(|code| one.country == code))
    };
    for (name, code, others) in namesakes::all() {
        assert!(is_known(name, Some(code)), "{name}");
        assert!(others.iter().all(|other| country(other).is_some()), "{name}");
    }
    for name in persons::all() {
        assert!(is_known(name, None), "{name}");
    }
    for line in lines(include_str!("../../gazetteer/exonyms.txt")) {
        let mut parts = line.split('|');
        let (name, code) = (parts.next().unwrap(), parts.next().unwrap());
        assert!(is_known(name, Some(code)), "{name}");
    }
}

#[test]
fn doubles_are_told_apart_by_what_follows() {
    for (text, expected) in [
        ("in St. Petersburg, Florida, today", "Florida, US"),
        ("St Petersburg (Florida)", "Florida, US"),
        ("St. Petersburg, FL 33701", "Florida, US"),
        ("St. Petersburg, Fla., was", "Florida, US"),
        ("в Санкт-Петербурге во Флориде", "Florida, US"),
        ("Санкт-Петербург (штат Флорида)", "Florida, US"),
        ("Florida's St. Petersburg", "Florida, US"),
        ("Paris, Texas", "Texas, US"),
        ("Paris in Texas", "Texas, US"),
        ("the Texas town of Paris", "Texas, US"),
        ("Cambridge, Massachusetts", "Massachusetts, US"),
        ("Cambridge, MA", "Massachusetts, US"),
        ("Birmingham, Alabama, USA", "Alabama, US; United States, US"),
        ("London, Ontario", "Ontario, CA"),
        ("St. Petersburg in Pinellas County, Florida", "Florida, US"),
        ("Moscow, Idaho", "Idaho, US"),
        ("Manchester, N.H., and", "New Hampshire, US"),
        ("Athens, Georgia", "Georgia, US"),
        ("Tbilisi, Georgia", "Tbilisi, GE"),
        ("London/Ontario", "Ontario, CA"),
        ("Valencia, Venezuela", "Venezuela, VE"),
        ("Tripoli (Lebanon)", "Lebanon, LB"),
        ("Berlin, DE", "Berlin, DE"),
        ("Paris, France", "Paris, FR; France, FR"),
        ("Chicago, Illinois", "Chicago, US; Illinois, US"),
        ("Moscow, Germany and Poland", "Moscow, RU; Germany, DE; Poland, PL"),
        ("Leningrad, USSR", "Saint Petersburg, RU; Soviet Union, SU"),
        ("Sevastopol, Russia", "Sevastopol, UA; Russia, RU"),
        ("from Paris to Texas", "Paris, FR"),
        ("Paris. Texas", "Paris, FR"),
        ("Paris\nTexas", "Paris, FR"),
    ] {
        assert_eq!(names(text).join("; "), expected, "{text}");
    }
}

#[test]
fn a_value_says_its_place_in_any_spelling() {
    let said = |value: &str| said(value).first().map(|place| (place.name, place.country));
    assert_eq!(said("Санкт-Петербург"), Some(("Saint Petersburg", "RU")));
    assert_eq!(said("St. Petersburg, Florida"), Some(("Florida", "US")));
    assert_eq!(said("Atlantisgrad"), None);
    assert_eq!(country_of_state("US-FL"), Some("US"));
    assert_eq!(country_of_state("Флорида"), Some("US"));
}
