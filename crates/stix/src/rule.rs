//! The catalogue of rules: every check of this crate, with its code, its clause in STIX 2.1, and
//! whether an object that breaks it is usable: whether it is taken in all the same.
//! `docs/conformance.md` is generated from it.

use schemars::JsonSchema;
use serde::Serialize;

/// Whether a rule is a must or a should of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A must: an object that breaks it is not valid.
    Error,
    /// A should: an object that does not follow it is valid all the same.
    Warning,
}

/// What becomes of an object that breaks a rule, where it is taken in. Usable is what keeps its
/// meaning all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// Nothing: it is a should.
    Should,
    /// It is taken in, with the flaw.
    Usable,
    /// It is taken in, unless the property is one of [`NEEDED`], or the place is inside one of
    /// [`DECIDING`].
    UnlessNeeded,
    /// It is taken in, unless the place is in a property of [`NEEDED`] or [`DECIDING`].
    UnlessDeciding,
    /// It is refused.
    Refused,
}

/// The properties without which an object cannot be known, ordered or matched.
pub const NEEDED: &[&str] = &[
    "type",
    "id",
    "spec_version",
    "created",
    "modified",
    "pattern",
    "pattern_type",
    "relationship_type",
    "source_ref",
    "target_ref",
    "sighting_of_ref",
    "object_ref",
    "value",
];

/// The properties that may be left out and decide, where they are given, who may see an object and
/// whether it still holds.
pub const DECIDING: &[&str] =
    &["object_marking_refs", "granular_markings", "revoked", "valid_until"];

/// One rule of the standard that can be checked on one object, or on the objects of one input.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code by which programs know the rule, such as `required-property`. It never changes.
    pub code: &'static str,
    /// What becomes of an object that breaks it.
    pub breach: Breach,
    /// The clause of STIX 2.1, such as `2.9`. `§` stands for the clause of the object's type.
    pub clause: &'static str,
    /// What the rule requires, in our words.
    pub asks: &'static str,
    /// Why an object that breaks it is usable, or is not; nothing for a should.
    pub because: &'static str,
}

/// The clause of rules that are in the table of each type.
pub(crate) const OF_TYPE: &str = "§";

impl Rule {
    /// Whether the rule is a must or a should.
    pub fn severity(&self) -> Severity {
        match self.breach {
            Breach::Should => Severity::Warning,
            Breach::Usable | Breach::UnlessNeeded | Breach::UnlessDeciding | Breach::Refused => {
                Severity::Error
            }
        }
    }

    /// Whether an object that breaks the rule in this property is usable. `inside` says whether the
    /// place is inside the property's value.
    pub fn is_usable_in(&self, property: &str, inside: bool) -> bool {
        let (needed, deciding) = (NEEDED.contains(&property), DECIDING.contains(&property));
        match self.breach {
            Breach::Should | Breach::Usable => true,
            Breach::UnlessNeeded => !(needed || (deciding && inside)),
            Breach::UnlessDeciding => !(needed || deciding),
            Breach::Refused => false,
        }
    }
}

macro_rules! catalogue {
    ($($name:ident $breach:ident $code:literal $clause:literal $asks:literal $because:literal;)*) => {
        $(pub(crate) static $name: Rule = Rule {
            code: $code, breach: Breach::$breach, clause: $clause, asks: $asks, because: $because,
        };)*
        /// Every rule, roughly in the order of the standard.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

catalogue! {
    // Reading
    JSON Refused "json" "12.1" "An object is strict I-JSON (RFC 7493): one JSON object, no key twice, no lone surrogate, no number beyond 2^53 - 1, no deeper than 64 levels." "two readers could read it differently, or none can";
    SIZE Refused "size" "12.1" "An object has at most 8 MiB. This bound is ours, not the standard's." "it is beyond what a node keeps of one object";
    // §2: types of data
    BINARY Usable "binary" "2.1" "A property of type binary, and any whose name ends in _bin, is base64 of RFC 4648." "the value is kept as it stands; bytes that cannot be read match nothing";
    DICTIONARY_KEY Usable "dictionary-key" "2.3" "A dictionary's key has 1 to 250 of a-z, A-Z, 0-9, hyphen and underscore." "a name of another form names the same thing";
    DICTIONARY_CASE Should "dictionary-key-case" "2.3" "The key of a dictionary is in lower case, unless it is a name of another standard." "";
    EMPTY_DICTIONARY Usable "empty-dictionary" "2.3" "A dictionary is not empty; it is left out." "it says the same as when it is left out";
    NULL UnlessNeeded "null" "2.3" "No value is null; a property without a value is left out." "it says the same as when it is left out, where it may be left out";
    BOOLEAN_TEXT Usable "boolean-text" "2.2" "A boolean is true or false, and not a text." "the text `true` or `false` says the same, and is read so";
    ENUM UnlessDeciding "enum" "2.4" "A value of an enumeration is one of those listed." "a word that nobody knows says nothing, and what is beside it stands";
    EXTERNAL_REFERENCE Usable "external-reference" "2.5" "An external reference has a description, a url or an external_id beside its source_name." "it stands beside the object, and is for people";
    EXTERNAL_HASHES Should "external-reference-hashes" "2.5" "An external reference with a url has the hashes of what the url leads to." "";
    CVE_ID Usable "cve-id" "4.19.1" "A CVE identifier comes with the source_name cve, and that source_name with CVE-YYYY-NNNN." "it stands beside the object, and is for people";
    CAPEC_ID Usable "capec-id" "4.1.1" "A CAPEC identifier comes with the source_name capec, and that source_name with CAPEC-N." "it stands beside the object, and is for people";
    HASH Usable "hash" "2.7" "A hash has the form and length of its algorithm (§10.7)." "a hash of another form matches nothing; the others are as good as before";
    HASH_NAME Usable "hash-name" "2.7" "The name of a hash has 3 to 250 of a-z, A-Z, 0-9, hyphen and underscore; in an external reference, it is one of hash-algorithm-ov." "a name of another form names the same thing";
    HASH_ALGORITHM Should "hash-algorithm" "2.7" "The name of a hash is one of hash-algorithm-ov, or begins with x_." "";
    HEX Usable "hex" "2.8" "A property of type hex, and any whose name ends in _hex, has an even number of 0-9 and a-f." "the value is kept as it stands; bytes that cannot be read match nothing";
    IDENTIFIER UnlessDeciding "identifier" "2.9" "An identifier is a type, two hyphens and a UUID." "a reference that leads nowhere takes nothing from the object";
    UUID Usable "uuid" "2.9" "The UUID of an identifier has the variant and one of the versions 1 to 5 of RFC 4122." "the id is as unique as any other";
    ID_TYPE Refused "id-type" "2.9" "The id begins with the object's own type." "nobody can tell which of the two types is meant";
    UUID_VERSION Should "uuid-version" "2.9" "Domain, relationship and meta objects and bundles have a random UUID (v4), observables a name-based one (v5), processes a random one." "";
    UUID_RANDOM Usable "uuid-random" "2.9" "An observable with none of its contributing properties has a random UUID (v4)." "the id is as unique as any other";
    DETERMINISTIC_ID Should "deterministic-id" "2.9" "An observable's name-based id (v5) is the one that its contributing properties give." "";
    KILL_CHAIN Should "kill-chain-case" "2.11" "The names of a kill chain and its phases are in lower case, with hyphens between words." "";
    EMPTY_LIST Usable "empty-list" "2.12" "A list is not empty; it is left out." "it says the same as when it is left out";
    CONTAINER_REFERENCE Usable "container-reference" "2.13" "A reference inside the deprecated objects of an observed-data is the key of an object in the same container, of a type that is allowed there." "a reference that leads to nothing known takes nothing from the object";
    CONTAINER_KEY Should "container-key" "2.9" "The keys of the deprecated objects of an observed-data are counting numbers." "";
    VOCABULARY Should "open-vocabulary" "2.14" "A value of an open vocabulary is one of those suggested." "";
    VOCABULARY_CASE Should "open-vocabulary-case" "2.14" "A value of an open vocabulary is in lower case, with hyphens between words." "";
    TIMESTAMP UnlessDeciding "timestamp" "2.16" "A timestamp is one of RFC 3339: YYYY-MM-DDTHH:MM:SS, digits of a second if any, and Z." "a time that nobody can read is as good as none, where the time may be left out";
    TIMESTAMP_OFFSET Usable "timestamp-offset" "2.16" "A timestamp is in UTC with Z, with a capital T and Z, and not with an offset." "it names one moment all the same";
    // §3: all objects
    TYPE_NAME Refused "type-name" "3.1" "A type's name has 3 to 250 of a-z, 0-9 and single hyphens, a letter first." "nobody can tell what it is";
    PROPERTY_NAME Usable "property-name" "3.1" "A property's name has 3 to 250 of a-z, 0-9 and underscore, a letter first." "a name of another form names the same thing";
    REQUIRED UnlessDeciding "required-property" "§" "Every required property is present." "what is there stands, unless the object cannot be known, ordered or matched without it";
    SPEC_VERSION_NUMBER Usable "spec-version-number" "3.2" "spec_version is the text 2.1, and not a number." "the number 2.1 names the same version";
    MODIFIED Usable "modified-missing" "3.2" "An object with `created` has `modified` too." "it is taken for the first version, which was modified when it was created";
    FORBIDDEN Usable "forbidden-property" "§" "A property that the object must not have, alone or beside another, is absent." "what is beside it stands";
    PROPERTY_TYPE UnlessDeciding "property-type" "§" "The value of a property has the type of the property." "a value of another type is as good as none, where it may be left out";
    RANGE Usable "range" "§" "A number is within the bounds of its property." "what is beside it stands; a number out of bounds is not used";
    RESERVED UnlessDeciding "reserved-name" "3.8" "Names kept for later versions (action, severity, username, phone_number) are not used." "it is a name like any other today";
    MILLISECONDS Usable "milliseconds" "3.2" "created and modified are given to the millisecond at least." "a time in whole seconds is a time";
    MILLISECONDS_MARKING Should "milliseconds-marking" "3.2" "A marking definition's created is given to the millisecond at least." "";
    MODIFIED_ORDER Usable "modified-before-created" "3.6.1" "modified is not earlier than created." "versions are ordered by `modified` alone";
    LANGUAGE Usable "language" "3.2" "A language is an RFC 5646 tag." "the text is the same";
    REFERENCE_TYPE Usable "reference-type" "§" "A reference is to an object of a type that is allowed there." "a reference that leads to nothing known takes nothing from the object";
    TIME_ORDER Usable "time-order" "§" "The end of a span of time is not before its beginning." "both times stand as they were written, and nothing else depends on their order";
    AT_LEAST_ONE Usable "at-least-one" "§" "At least one of the properties that the type lists is present." "what is there stands";
    EITHER_OR Usable "either-or" "§" "Exactly one of two properties is present." "what is there stands";
    VERSION_CONFLICT Refused "version-conflict" "3.6" "Two objects with the same id and modified have the same content." "of two contents of one version, nobody can tell which is meant";
    DUPLICATE Should "duplicate" "3.6" "No version of an object occurs twice in one input." "";
    CREATED_CHANGED Usable "created-changed" "3.2" "created stays the same in every version." "each version is kept as it came; what one input shows of it is told";
    CREATOR_CHANGED Usable "creator-changed" "3.6" "Only the creator makes new versions: created_by_ref stays the same." "each version is kept as it came; what one input shows of it is told";
    AFTER_REVOKED Usable "version-after-revoked" "3.6" "A revoked object has no later version." "each version is kept as it came; what one input shows of it is told";
    ENCODING Usable "character-set" "3.9.1" "An _enc property is the name of a registered character set, and the property that it describes is present." "it describes a value that is kept as it stands";
    // §4
    PRODUCT Should "product-case" "4.12.1" "A malware analysis names its product in lower case, with hyphens between words." "";
    PATTERN Refused "pattern" "9" "A pattern of the type stix is a STIX pattern." "nothing can be matched by it, and who relies on it would not know";
    PATTERN_NAME Usable "pattern-name" "9.7" "The types and properties of a pattern have names that STIX allows." "the pattern says what to look for all the same";
    PATTERN_HASH Usable "pattern-hash" "9.7" "A hash in a pattern has the form and length of its algorithm." "a hash of another form matches nothing; the others are as good as before";
    UNSATISFIABLE Should "pattern-unsatisfiable" "9.5" "One object can meet all comparisons that an AND inside one expression of a pattern joins." "";
    INDICATOR_TEXT Should "indicator-text" "4.7.1" "An indicator has a name and a description." "";
    COUNTRY Should "country" "4.10.1" "A country is an ISO 3166-1 alpha-2 code." "";
    PLACE Usable "location-place" "4.10" "A location has a region, a country, or a latitude and longitude." "what is there stands";
    COORDINATES Usable "location-coordinates" "4.10.1" "Latitude and longitude are given together, and precision only with both." "what is there stands";
    DEPRECATED Should "deprecated" "4.14" "observed-data refers to its objects (object_refs) rather than holding them (objects)." "";
    NO_OBSERVABLE Usable "no-observable" "4.14.1" "An observed-data refers to at least one observable." "a reference that leads to nothing known takes nothing from the object";
    // §5
    RELATIONSHIP_NAME Usable "relationship-type" "5.1.1" "A relationship's type has a-z, 0-9 and hyphens only." "a name of another form names the same thing";
    RELATIONSHIP Should "relationship-suggested" "5.1.1" "A relationship is one that the standard defines between its source and target." "";
    // §6
    MIME_TYPE Usable "mime-type" "6.1.1" "The MIME type of an artifact is in a registered tree." "it describes a value that is kept as it stands";
    MIME_TYPE_FILE Should "mime-type-file" "6.7.1" "The MIME type of a file is in a registered tree." "";
    URL Usable "url" "6.15.1" "A URL is an RFC 3986 URI with a scheme." "the value is kept as it stands; it matches as far as it can be read";
    DOMAIN Usable "domain-name" "6.4.1" "A domain name follows RFC 1034 and RFC 5890." "the value is kept as it stands; it matches as far as it can be read";
    EMAIL Usable "email-address" "6.5.1" "An e-mail address is an RFC 5322 addr-spec, without a display name." "the value is kept as it stands; it matches as far as it can be read";
    IPV4 Usable "ipv4" "6.8.1" "An IPv4 address is four numbers with dots, or a CIDR block of them." "the value is kept as it stands; it matches as far as it can be read";
    IPV6 Usable "ipv6" "6.9.1" "An IPv6 address is in the form of RFC 5952 or another valid form, or is a CIDR block." "the value is kept as it stands; it matches as far as it can be read";
    MAC Usable "mac" "6.10.1" "A MAC address is six pairs of 0-9 and a-f with colons." "the value is kept as it stands; it matches as far as it can be read";
    PORTS Should "ports" "6.12.1" "Network traffic names both its ports." "";
    PROTOCOL Should "protocol" "6.12.1" "A protocol is a name in the registry of service names." "";
    HEADER_NAME Should "dictionary-name" "6.12.2" "A key that comes from another standard is a name of that standard." "";
    SOCKET_OPTION Usable "socket-option" "6.12.4" "A socket option begins with SO_, ICMP_, ICMP6_, IP_, IPV6_, MCAST_, TCP_ or IRLMP_ and is in capitals." "a name of another form names the same thing";
    PRIORITY Should "priority" "6.13.2" "The priority of a Windows process ends in _CLASS." "";
    CPE Usable "cpe" "6.14.1" "A CPE is a formatted string of version 2.3." "the value is kept as it stands; it matches as far as it can be read";
    HIVE Usable "registry-hive" "6.17.1" "A registry key begins with the full name of its hive: HKEY_LOCAL_MACHINE, not HKLM." "the value is kept as it stands; it matches as far as it can be read";
    WHOLE_SECONDS Usable "whole-seconds" "6.7.6" "The time of a PE file is given to the second." "a time with a fraction of a second is a time";
    BODY_PART Usable "body-part" "6.6.2" "A part of a message has either a body or a body_raw_ref, not both." "both are kept";
    // §7
    MARKING_DEFINITION Refused "marking-definition" "7.2.1" "A marking definition has a definition with its type, or an extension." "nobody can tell who may see what it marks";
    MARKING_TYPE Should "marking-definition-type" "7.2.1" "A new kind of marking is defined by an extension, not by a new definition_type." "";
    TLP_DEFINITION Refused "tlp-definition" "7.2.1.4" "A TLP marking definition is one of those published, unchanged." "it would pass for a marking that it is not";
    MARKING_CIRCLE Usable "marking-circle" "3.2" "A marking definition does not mark itself." "it adds nothing to the marking";
    GRANULAR_MARKING Refused "granular-marking" "7.2.3" "A granular marking has either a marking_ref or a lang." "nobody can tell who may see the marked part";
    SELECTOR Usable "selector" "7.2.3" "A selector consists of names and [n] separated by dots, and points at something in the object." "one that cannot be read marks the whole, and one that leads nowhere marks nothing";
    EXTENSION_NAME Usable "extension-name" "7.3" "An extension's key is the id of an extension definition, a name that the standard defines for the type, or another that ends in -ext." "a name of another form names the same thing";
    EXTENSION_TYPE Usable "extension-type" "3.2" "An extension that is made by an extension definition has an extension_type." "the object without the extension is what it was";
    EXTENSION_EMPTY Usable "extension-empty" "11.3" "An extension holds at least one property." "the object without the extension is what it was";
    EXTENSION_PROPERTIES Usable "extension-properties" "7.3.1" "extension_properties is given only with toplevel-property-extension." "it stands beside the object, and is for people";
    EXTENSION_PROPERTIES_MISSING Should "extension-properties-missing" "7.3.1" "A toplevel-property-extension lists its properties." "";
    EXTENSION_TEXT Should "extension-description" "7.3.1" "An extension definition has a description." "";
    CONTENTS Usable "language-contents" "7.1.1" "The contents of a language-content map language tags to properties, and these to their translations." "the translated object is what it was";
    // §8
    NESTED_BUNDLE Refused "nested-bundle" "8.1" "A bundle holds objects, not bundles." "the objects inside would not be seen";
    // §11
    CUSTOM_PROPERTY Should "custom-property" "11.1" "A property that the standard does not define is defined by an extension." "";
    CUSTOM_VALUE Should "custom-value" "2.12" "There is no null and no empty list inside a property that the standard does not define, either." "";
    CUSTOM_OBJECT Should "custom-object" "11.2" "A type that the standard does not define is defined by an extension." "";
    CUSTOM_EXTENSION Should "custom-extension" "11.3" "An extension that the standard does not define is made by an extension definition." "";
}

/// The rule with this code.
pub fn find(code: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.code == code).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_of_one_form() {
        let mut codes: Vec<_> = ALL.iter().map(|rule| rule.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
        assert!(
            codes.iter().all(|c| c.bytes().all(|b| matches!(b, b'a'..=b'z' | b'-' | b'0'..=b'9')))
        );
        assert_eq!(find("null").unwrap().clause, "2.3");
    }

    #[test]
    fn each_must_says_why_an_object_that_breaks_it_is_usable_or_not() {
        for rule in ALL {
            let is_must = rule.severity() == Severity::Error;
            assert_eq!(is_must, !rule.because.is_empty(), "{}", rule.code);
            assert!(is_must || rule.is_usable_in("id", true), "{}", rule.code);
        }
        let null = find("null").unwrap();
        assert!(null.is_usable_in("valid_until", false) && !null.is_usable_in("modified", false));
        assert!(!null.is_usable_in("granular_markings", true));
    }
}
