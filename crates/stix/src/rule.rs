//! The catalogue of rules: every check of this crate, with its code, its clause in STIX 2.1, and
//! whether the standard says must or should. `docs/conformance.md` is generated from it.

use serde::Serialize;

/// Whether a rule is a must or a should of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A must: an object that breaks it is not valid.
    Error,
    /// A should: an object that does not follow it is valid all the same.
    Warning,
}

/// One rule of the standard that can be checked on one object, or on the objects of one input.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code by which programs know the rule, such as `required-property`. It never changes.
    pub code: &'static str,
    /// Whether the rule is a must or a should.
    pub severity: Severity,
    /// The clause of STIX 2.1, such as `2.9`. `§` stands for the clause of the object's type.
    pub clause: &'static str,
    /// What the rule requires, in our words.
    pub asks: &'static str,
}

/// The clause of rules that are in the table of each type.
pub(crate) const OF_TYPE: &str = "§";

macro_rules! catalogue {
    ($($name:ident $severity:ident $code:literal $clause:literal $asks:literal;)*) => {
        $(pub(crate) static $name: Rule = Rule {
            code: $code, severity: Severity::$severity, clause: $clause, asks: $asks,
        };)*
        /// Every rule, roughly in the order of the standard.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

catalogue! {
    // Reading
    JSON Error "json" "12.1" "An object is strict I-JSON (RFC 7493): one JSON object, no key twice, no lone surrogate, no number beyond 2^53 - 1, no deeper than 64 levels.";
    SIZE Error "size" "12.1" "An object has at most 8 MiB. This bound is ours, not the standard's.";
    // §2: types of data
    BINARY Error "binary" "2.1" "A property of type binary, and any whose name ends in _bin, is base64 of RFC 4648.";
    DICTIONARY_KEY Error "dictionary-key" "2.3" "A dictionary's key has 1 to 250 of a-z, A-Z, 0-9, hyphen and underscore.";
    DICTIONARY_CASE Warning "dictionary-key-case" "2.3" "The key of a dictionary is in lower case, unless it is a name of another standard.";
    EMPTY_DICTIONARY Error "empty-dictionary" "2.3" "A dictionary is not empty; it is left out.";
    NULL Error "null" "2.3" "No value is null; a property without a value is left out.";
    ENUM Error "enum" "2.4" "A value of an enumeration is one of those listed.";
    EXTERNAL_REFERENCE Error "external-reference" "2.5" "An external reference has a description, a url or an external_id beside its source_name.";
    EXTERNAL_HASHES Warning "external-reference-hashes" "2.5" "An external reference with a url has the hashes of what the url leads to.";
    CVE_ID Error "cve-id" "4.19.1" "A CVE identifier comes with the source_name cve, and that source_name with CVE-YYYY-NNNN.";
    CAPEC_ID Error "capec-id" "4.1.1" "A CAPEC identifier comes with the source_name capec, and that source_name with CAPEC-N.";
    HASH Error "hash" "2.7" "A hash has the form and length of its algorithm (§10.7).";
    HASH_NAME Error "hash-name" "2.7" "The name of a hash has 3 to 250 of a-z, A-Z, 0-9, hyphen and underscore; in an external reference, it is one of hash-algorithm-ov.";
    HASH_ALGORITHM Warning "hash-algorithm" "2.7" "The name of a hash is one of hash-algorithm-ov, or begins with x_.";
    HEX Error "hex" "2.8" "A property of type hex, and any whose name ends in _hex, has an even number of 0-9 and a-f.";
    IDENTIFIER Error "identifier" "2.9" "An identifier is a type, two hyphens and an RFC 4122 UUID.";
    ID_TYPE Error "id-type" "2.9" "The id begins with the object's own type.";
    UUID_VERSION Warning "uuid-version" "2.9" "Domain, relationship and meta objects and bundles have a random UUID (v4), observables a name-based one (v5), processes a random one.";
    UUID_RANDOM Error "uuid-random" "2.9" "An observable with none of its contributing properties has a random UUID (v4).";
    DETERMINISTIC_ID Warning "deterministic-id" "2.9" "An observable's name-based id (v5) is the one that its contributing properties give.";
    KILL_CHAIN Warning "kill-chain-case" "2.11" "The names of a kill chain and its phases are in lower case, with hyphens between words.";
    EMPTY_LIST Error "empty-list" "2.12" "A list is not empty; it is left out.";
    CONTAINER_REFERENCE Error "container-reference" "2.13" "A reference inside the deprecated objects of an observed-data is the key of an object in the same container, of a type that is allowed there.";
    CONTAINER_KEY Warning "container-key" "2.9" "The keys of the deprecated objects of an observed-data are counting numbers.";
    VOCABULARY Warning "open-vocabulary" "2.14" "A value of an open vocabulary is one of those suggested.";
    VOCABULARY_CASE Warning "open-vocabulary-case" "2.14" "A value of an open vocabulary is in lower case, with hyphens between words.";
    TIMESTAMP Error "timestamp" "2.16" "A timestamp is RFC 3339 in UTC: YYYY-MM-DDTHH:MM:SS, digits of a second if any, and Z.";
    // §3: all objects
    TYPE_NAME Error "type-name" "3.1" "A type's name has 3 to 250 of a-z, 0-9 and single hyphens, a letter first.";
    PROPERTY_NAME Error "property-name" "3.1" "A property's name has 3 to 250 of a-z, 0-9 and underscore, a letter first.";
    REQUIRED Error "required-property" "§" "Every required property is present.";
    FORBIDDEN Error "forbidden-property" "§" "A property that the object must not have, alone or beside another, is absent.";
    PROPERTY_TYPE Error "property-type" "§" "The value of a property has the type of the property.";
    RANGE Error "range" "§" "A number is within the bounds of its property.";
    RESERVED Error "reserved-name" "3.8" "Names kept for later versions (action, severity, username, phone_number) are not used.";
    MILLISECONDS Error "milliseconds" "3.2" "created and modified are given to the millisecond at least.";
    MILLISECONDS_MARKING Warning "milliseconds-marking" "3.2" "A marking definition's created is given to the millisecond at least.";
    MODIFIED_ORDER Error "modified-before-created" "3.6.1" "modified is not earlier than created.";
    LANGUAGE Error "language" "3.2" "A language is an RFC 5646 tag.";
    REFERENCE_TYPE Error "reference-type" "§" "A reference is to an object of a type that is allowed there.";
    TIME_ORDER Error "time-order" "§" "The end of a span of time is not before its beginning.";
    AT_LEAST_ONE Error "at-least-one" "§" "At least one of the properties that the type lists is present.";
    EITHER_OR Error "either-or" "§" "Exactly one of two properties is present.";
    VERSION_CONFLICT Error "version-conflict" "3.6" "Two objects with the same id and modified have the same content.";
    DUPLICATE Warning "duplicate" "3.6" "No version of an object occurs twice in one input.";
    CREATED_CHANGED Error "created-changed" "3.2" "created stays the same in every version.";
    CREATOR_CHANGED Error "creator-changed" "3.6" "Only the creator makes new versions: created_by_ref stays the same.";
    AFTER_REVOKED Error "version-after-revoked" "3.6" "A revoked object has no later version.";
    ENCODING Error "character-set" "3.9.1" "An _enc property is the name of a registered character set, and the property that it describes is present.";
    // §4
    PRODUCT Warning "product-case" "4.12.1" "A malware analysis names its product in lower case, with hyphens between words.";
    PATTERN Error "pattern" "9" "A pattern of the type stix is a STIX pattern.";
    PATTERN_NAME Error "pattern-name" "9.7" "The types and properties of a pattern have names that STIX allows.";
    PATTERN_HASH Error "pattern-hash" "9.7" "A hash in a pattern has the form and length of its algorithm.";
    UNSATISFIABLE Warning "pattern-unsatisfiable" "9.5" "One object can meet all comparisons that an AND inside one expression of a pattern joins.";
    INDICATOR_TEXT Warning "indicator-text" "4.7.1" "An indicator has a name and a description.";
    COUNTRY Warning "country" "4.10.1" "A country is an ISO 3166-1 alpha-2 code.";
    PLACE Error "location-place" "4.10" "A location has a region, a country, or a latitude and longitude.";
    COORDINATES Error "location-coordinates" "4.10.1" "Latitude and longitude are given together, and precision only with both.";
    DEPRECATED Warning "deprecated" "4.14" "observed-data refers to its objects (object_refs) rather than holding them (objects).";
    NO_OBSERVABLE Error "no-observable" "4.14.1" "An observed-data refers to at least one observable.";
    // §5
    RELATIONSHIP_NAME Error "relationship-type" "5.1.1" "A relationship's type has a-z, 0-9 and hyphens only.";
    RELATIONSHIP Warning "relationship-suggested" "5.1.1" "A relationship is one that the standard defines between its source and target.";
    // §6
    MIME_TYPE Error "mime-type" "6.1.1" "The MIME type of an artifact is in a registered tree.";
    MIME_TYPE_FILE Warning "mime-type-file" "6.7.1" "The MIME type of a file is in a registered tree.";
    URL Error "url" "6.15.1" "A URL is an RFC 3986 URI with a scheme.";
    DOMAIN Error "domain-name" "6.4.1" "A domain name follows RFC 1034 and RFC 5890.";
    EMAIL Error "email-address" "6.5.1" "An e-mail address is an RFC 5322 addr-spec, without a display name.";
    IPV4 Error "ipv4" "6.8.1" "An IPv4 address is four numbers with dots, or a CIDR block of them.";
    IPV6 Error "ipv6" "6.9.1" "An IPv6 address is in the form of RFC 5952 or another valid form, or is a CIDR block.";
    MAC Error "mac" "6.10.1" "A MAC address is six pairs of 0-9 and a-f with colons.";
    PORTS Warning "ports" "6.12.1" "Network traffic names both its ports.";
    PROTOCOL Warning "protocol" "6.12.1" "A protocol is a name in the registry of service names.";
    HEADER_NAME Warning "dictionary-name" "6.12.2" "A key that comes from another standard is a name of that standard.";
    SOCKET_OPTION Error "socket-option" "6.12.4" "A socket option begins with SO_, ICMP_, ICMP6_, IP_, IPV6_, MCAST_, TCP_ or IRLMP_ and is in capitals.";
    PRIORITY Warning "priority" "6.13.2" "The priority of a Windows process ends in _CLASS.";
    CPE Error "cpe" "6.14.1" "A CPE is a formatted string of version 2.3.";
    HIVE Error "registry-hive" "6.17.1" "A registry key begins with the full name of its hive: HKEY_LOCAL_MACHINE, not HKLM.";
    WHOLE_SECONDS Error "whole-seconds" "6.7.6" "The time of a PE file is given to the second.";
    BODY_PART Error "body-part" "6.6.2" "A part of a message has either a body or a body_raw_ref, not both.";
    // §7
    MARKING_DEFINITION Error "marking-definition" "7.2.1" "A marking definition has a definition with its type, or an extension.";
    MARKING_TYPE Warning "marking-definition-type" "7.2.1" "A new kind of marking is defined by an extension, not by a new definition_type.";
    TLP_DEFINITION Error "tlp-definition" "7.2.1.4" "A TLP marking definition is one of those published, unchanged.";
    MARKING_CIRCLE Error "marking-circle" "3.2" "A marking definition does not mark itself.";
    GRANULAR_MARKING Error "granular-marking" "7.2.3" "A granular marking has either a marking_ref or a lang.";
    SELECTOR Error "selector" "7.2.3" "A selector consists of names and [n] separated by dots, and points at something in the object.";
    EXTENSION_NAME Error "extension-name" "7.3" "An extension's key is the id of an extension definition, a name that the standard defines for the type, or another that ends in -ext.";
    EXTENSION_TYPE Error "extension-type" "3.2" "An extension that is made by an extension definition has an extension_type.";
    EXTENSION_EMPTY Error "extension-empty" "11.3" "An extension holds at least one property.";
    EXTENSION_PROPERTIES Error "extension-properties" "7.3.1" "extension_properties is given only with toplevel-property-extension.";
    EXTENSION_PROPERTIES_MISSING Warning "extension-properties-missing" "7.3.1" "A toplevel-property-extension lists its properties.";
    EXTENSION_TEXT Warning "extension-description" "7.3.1" "An extension definition has a description.";
    CONTENTS Error "language-contents" "7.1.1" "The contents of a language-content map language tags to properties, and these to their translations.";
    // §8
    NESTED_BUNDLE Error "nested-bundle" "8.1" "A bundle holds objects, not bundles.";
    // §11
    CUSTOM_PROPERTY Warning "custom-property" "11.1" "A property that the standard does not define is defined by an extension.";
    CUSTOM_VALUE Warning "custom-value" "2.12" "There is no null and no empty list inside a property that the standard does not define, either.";
    CUSTOM_OBJECT Warning "custom-object" "11.2" "A type that the standard does not define is defined by an extension.";
    CUSTOM_EXTENSION Warning "custom-extension" "11.3" "An extension that the standard does not define is made by an extension definition.";
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
}
