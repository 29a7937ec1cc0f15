//! Policies as an organisation would write them.

use crate::{By, Does, House, PolicyFile, Question, SCHEMA, Trials, Verdict, Warned};
use forewarn_exchange::Code;

fn house(text: &str) -> House {
    House::new(&[PolicyFile { name: "house.cedar".into(), text: text.into() }])
}

fn warned(fields: &str) -> Question {
    let text =
        format!("partner = \"west.example\"\ntlp = \"amber\"\nurgency = \"expected\"\n{fields}");
    Question::Warning(Does::Release, Box::new(toml::from_str::<Warned>(&text).unwrap()))
}

fn olga() -> By {
    toml::from_str("name = \"olga\"\nroles = [\"approver\"]").unwrap()
}

fn forbidden(house: &House, question: &Question) -> Vec<String> {
    match house.ask(&olga(), question) {
        Verdict::Passes => Vec::new(),
        Verdict::Forbidden(all) => all.into_iter().map(|one| one.id).collect(),
        Verdict::Failed(why) => panic!("{why}"),
    }
}

const NO_MACHINES: &str = r#"
@id("no-names-by-machine")
@words("A person looks at what names somebody.")
forbid(principal, action == Action::"release", resource)
when { resource.standing && resource.kinds.contains("email") };
"#;

#[test]
fn every_field_of_a_warning_can_be_asked_about() {
    let cases = [
        ("resource.partner == \"west.example\"", ""),
        ("resource.tlp == \"amber\"", ""),
        ("resource.tlpLevel >= 2", ""),
        ("resource has pap && resource.pap == \"red\"", "pap = \"red\""),
        ("resource has papLevel && resource.papLevel == 3", "pap = \"red\""),
        ("resource.handling.contains(\"H2\")", "handling = [\"H2\"]"),
        ("resource.urgency == \"expected\"", ""),
        ("resource.exercise", "status = \"Exercise\""),
        ("resource has threat && resource.threat == \"killing\"", "threat = \"killing\""),
        ("resource.kinds.contains(\"domain\")", "kinds = [\"domain\"]"),
        ("resource.lowered", "lowered = true"),
        ("resource.sources.contains(\"feed-7\")", "sources = [\"feed-7\"]"),
        ("resource.grades.contains(\"C3\")", "grades = [\"C3\"]"),
        ("resource.ungraded", "ungraded = true"),
        ("resource.persons == 2", "persons = 2"),
        ("resource.approvers == 2", "approvers = 2"),
        ("resource.standing", "standing = true"),
        ("resource.version == 3", "version = 3"),
        ("principal.roles.contains(\"approver\")", ""),
        ("principal == Person::\"olga\"", ""),
    ];
    for (condition, fields) in cases {
        let text = format!(
            "@id(\"one\") forbid(principal, action in [Action::\"release\", Action::\"tell\"], resource) when {{ {condition} }};"
        );
        let house = house(&text);
        assert_eq!(house.bad(), [], "{condition}");
        assert_eq!(forbidden(&house, &warned(fields)), ["one"], "{condition}");
        let not = text.replace("when", "unless");
        assert!(forbidden(&self::house(&not), &warned(fields)).is_empty(), "{condition}");
    }
}

#[test]
fn the_deciding_policies_are_named_with_their_words() {
    let both = format!("{NO_MACHINES}\n@id(\"a-second\") forbid(principal, action, resource);");
    let house = house(&both);
    let question = warned("standing = true\nkinds = [\"email\"]");
    let refusal = house.ask(&olga(), &question).refuses().unwrap_err();
    assert_eq!(refusal.code, Code::Policy);
    assert_eq!(
        refusal.message,
        "this organisation's policy forbids it:\n  `a-second` (house.cedar)\n  `no-names-by-machine` \
         (house.cedar): A person looks at what names somebody."
    );
    assert_eq!(forbidden(&house, &warned("")), ["a-second"]);
}

#[test]
fn without_policies_everything_passes_and_with_broken_ones_nothing() {
    assert_eq!(House::new(&[]).ask(&olga(), &warned("")), Verdict::Passes);
    assert!(House::new(&[]).is_empty());
    let broken = house("forbid(principal, action, resource) when { resource.tpl == \"red\" };");
    assert!(!broken.is_empty());
    let refusal = broken.ask(&olga(), &warned("")).refuses().unwrap_err();
    assert!(refusal.message.contains("so nothing leaves"), "{refusal}");
}

#[test]
fn a_policy_that_fails_while_it_is_asked_lets_nothing_out() {
    // Cedar passes over what fails: a forbid that overflows would let it out.
    let text = "@id(\"big\") forbid(principal, action == Action::\"release\", resource) \
        when { resource.version * 9223372036854775807 > 5 && resource.version == 2 };";
    let house = house(text);
    assert_eq!(house.bad(), []);
    assert_eq!(house.ask(&olga(), &warned("version = 1")), Verdict::Passes);
    let verdict = house.ask(&olga(), &warned("version = 2"));
    assert!(matches!(&verdict, Verdict::Failed(why) if why.contains("big")), "{verdict:?}");
    assert_eq!(verdict.refuses().unwrap_err().code, Code::Policy);
}

#[test]
fn what_cannot_be_used_is_told_with_file_and_place() {
    let one = |condition: &str| {
        format!(
            "@id(\"x\") forbid(principal, action == Action::\"release\", resource) when {{ {condition} }};"
        )
    };
    let cases = [
        (one("resource.tpl == \"red\""), "tpl"),
        (one("resource.tlp > 2"), "x"),
        (one("resource.pap == \"red\""), "pap"),
        (one("resource.tlp == "), "line 1"),
        ("forbid(principal, action, resource);".to_owned(), "@id"),
        ("@id(\"a b\") forbid(principal, action, resource);".to_owned(), "@id"),
        ("@id(\"p\") permit(principal, action, resource);".to_owned(), "is a permit"),
        ("@id(\"t\") forbid(principal == ?principal, action, resource);".to_owned(), "templates"),
        (
            "@id(\"d\") forbid(principal, action, resource);\n@id(\"d\") forbid(principal, action, resource);".to_owned(),
            "two policies",
        ),
        (
            "@id(\"s\") forbid(principal, action == Action::\"send\", resource);".to_owned(),
            "send",
        ),
    ];
    for (text, expected) in cases {
        let house = house(&text);
        let told: Vec<String> = house.bad().iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|one| one.contains(expected)), "{text}: {told:?}");
        assert!(told.iter().all(|one| one.starts_with("house.cedar: ")), "{told:?}");
    }
}

#[test]
fn too_much_is_not_read() {
    let text = "// nothing\n".repeat(crate::set::MAX_BYTES / 11 + 1);
    assert!(house(&text).bad()[0].why.contains("at most"));
    let many: String = (0..501)
        .map(|n| format!("@id(\"p{n}\") forbid(principal, action, resource);"))
        .collect::<Vec<_>>()
        .join("\n");
    assert!(house(&many).bad()[0].why.contains("501 policies"));
}

#[test]
fn a_case_says_what_is_expected_and_which_policy_decides() {
    let text = r#"
[[case]]
name = "an address by machine"
by = { name = "olga" }
release = { partner = "west.example", tlp = "green", urgency = "immediate", standing = true, kinds = ["address"] }
expect = "pass"
[[case]]
name = "somebody's address by machine"
by = { name = "olga" }
release = { partner = "west.example", tlp = "green", urgency = "immediate", standing = true, kinds = ["email"] }
expect = "forbid"
policy = "no-names-by-machine"
[[case]]
name = "is expected wrongly"
by = { name = "olga" }
sentence = { partner = "west.example", says = "recall", urgency = "future" }
expect = "forbid"
"#;
    let trials: Trials = toml::from_str(text).unwrap();
    let house = house(NO_MACHINES);
    let tried: Vec<bool> =
        trials.cases.iter().map(|one| one.tried(&house).unwrap().as_expected).collect();
    assert_eq!(tried, [true, true, false]);
    let both = text.replace(
        "release = {",
        "tell = { partner = \"west.example\", tlp = \"green\", urgency = \"future\" }\nrelease = {",
    );
    let trials: Trials = toml::from_str(&both).unwrap();
    assert!(trials.cases[0].tried(&house).unwrap_err().contains("exactly one"));
}

#[test]
fn the_document_shows_the_schema_as_it_is() {
    let document = include_str!("../../../docs/operating/policies.md");
    assert!(document.contains(SCHEMA.trim_end()), "docs/operating/policies.md has another schema");
}

/// A rule with a word that its attribute never has shuts nothing, and nobody notices.
#[test]
fn a_word_that_an_attribute_never_has_is_refused_with_those_that_it_has() {
    let rule = |when: &str| {
        let scope = "principal, action in [Action::\"release\", Action::\"tell\"], resource";
        format!("@id(\"a\") forbid ({scope}) when {{ {when} }};")
    };
    for (when, says) in [
        ("resource.tlp == \"AMBER\"", "amber+strict"),
        ("\"amber-strict\" != resource.tlp", "amber+strict"),
        ("resource has threat && resource.threat == \"kiling\"", "killing"),
        ("resource.kinds.contains(\"e-mail\")", "email"),
        ("resource.handling.containsAny([\"H1\", \"h2\"])", "H0, H1"),
        ("principal.roles.contains(\"aprover\")", "approver"),
        ("resource.grades.contains(\"B7\")", "such as B2"),
        ("resource.standing && (resource.urgency == \"now\" || resource.exercise)", "immediate"),
    ] {
        let house = house(&rule(when));
        assert!(
            house.bad().first().is_some_and(|bad| bad.why.contains(says)),
            "{when}: {:?}",
            house.bad()
        );
    }
    for when in [
        "resource.tlp == \"amber+strict\"",
        "resource.partner == \"west.example\"",
        "resource.sources.contains(\"HERON-7\")",
        "resource.grades.containsAny([\"A1\", \"B2\"])",
    ] {
        assert_eq!(house(&rule(when)).bad(), [], "{when}");
    }
    let misspelt = rule("resource.standing").replace("forbid", "@wrds(\"x\") forbid");
    assert!(house(&misspelt).bad()[0].why.contains("@wrds"));
}

#[test]
fn what_is_nested_more_deeply_than_anybody_reads_is_refused() {
    for n in [1_000, 20_000] {
        let deep = format!("{}true{}", "(".repeat(n), ")".repeat(n));
        let branches = format!("{}true", "if true then true else ".repeat(n / 10));
        for when in [deep, branches] {
            let text =
                format!("@id(\"a\") forbid (principal, action, resource) when {{ {when} }};");
            assert!(house(&text).bad()[0].why.contains("within each other"));
        }
    }
}

/// What was written for our own warnings shuts nothing that is said of others', and the other way
/// round.
#[test]
fn replies_and_shelves_are_actions_of_their_own() {
    let own = house("@id(\"a\") forbid (principal, action == Action::\"sentence\", resource);");
    let rule = "@id(\"b\") forbid (principal, action in [Action::\"reply\", Action::\"shelve\"], resource) \
                when { resource.tlpLevel >= 2 };";
    let others = house(rule);
    assert_eq!(others.bad(), []);
    let text = "partner = \"west.example\"\nurgency = \"expected\"\n";
    let reply = |tlp: &str| {
        let text = format!("{text}says = \"decline\"\ntlp = \"{tlp}\"");
        Question::Reply(toml::from_str(&text).unwrap())
    };
    let shelve = |tlp: &str| {
        let text = format!("{text}shelf = \"x\"\ntlp = \"{tlp}\"\npap = \"green\"");
        Question::Shelve(toml::from_str(&text).unwrap())
    };
    for question in [reply("amber"), shelve("amber")] {
        assert_eq!(forbidden(&own, &question), Vec::<String>::new());
        assert_eq!(forbidden(&others, &question), ["b"]);
    }
    for question in [reply("green"), shelve("green"), warned("")] {
        assert_eq!(forbidden(&others, &question), Vec::<String>::new());
    }
    let never = house(
        "@id(\"c\") forbid (principal, action == Action::\"reply\", resource) \
                       when { resource.says == \"refuse\" };",
    );
    assert!(never.bad()[0].why.contains("ask-permission"), "{:?}", never.bad());
    assert!(
        toml::from_str::<crate::Reply>(&format!("{text}says = \"shout\"\ntlp = \"red\"")).is_err()
    );
}
