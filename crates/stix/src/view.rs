//! Views of objects by their type: an accessor for each property of the standard, with the type
//! that the property has.
//!
//! A view borrows an [`Object`]; nothing is copied, and properties that the standard does not
//! define remain accessible by [`Object::get`]. The object is valid, so required texts are there
//! and timestamps can be parsed.

#[macro_use]
mod accessor;

use crate::object::Object;
use crate::time::Timestamp;
use serde_json::{Map, Value};

/// The object is not of the type that the view is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the object is not of the type `{expected}`")]
pub struct OfOtherType {
    /// The name of the type that the view is for.
    pub expected: &'static str,
}

views! {
    /// An attack pattern (§4.1): a way in which adversaries try to compromise targets.
    AttackPattern = "attack-pattern" {
        name: text,
        description: maybe,
        aliases: texts,
        kill_chain_phases: maps,
    }
    /// A campaign (§4.2): malicious activity against certain targets over a period of time.
    Campaign = "campaign" {
        name: text,
        description: maybe,
        aliases: texts,
        first_seen: time,
        last_seen: time,
        objective: maybe,
    }
    /// A course of action (§4.3): what to do against an attack.
    CourseOfAction = "course-of-action" {
        name: text,
        description: maybe,
    }
    /// A grouping (§4.4): objects that share a context.
    Grouping = "grouping" {
        name: maybe,
        description: maybe,
        context: text,
        object_refs: texts,
    }
    /// An identity (§4.5): a person, organisation, system or group of these.
    Identity = "identity" {
        name: text,
        description: maybe,
        roles: texts,
        identity_class: maybe,
        sectors: texts,
        contact_information: maybe,
    }
    /// An incident (§4.6); the standard defines only its name and description.
    Incident = "incident" {
        name: text,
        description: maybe,
    }
    /// An indicator (§4.7): a pattern by which suspicious activity is detected.
    Indicator = "indicator" {
        name: maybe,
        description: maybe,
        indicator_types: texts,
        pattern: text,
        pattern_type: text,
        pattern_version: maybe,
        valid_from: time,
        valid_until: time,
        kill_chain_phases: maps,
    }
    /// Infrastructure (§4.8): systems and services that support a purpose.
    Infrastructure = "infrastructure" {
        name: text,
        description: maybe,
        infrastructure_types: texts,
        aliases: texts,
        kill_chain_phases: maps,
        first_seen: time,
        last_seen: time,
    }
    /// An intrusion set (§4.9): behaviour and resources attributed to one actor.
    IntrusionSet = "intrusion-set" {
        name: text,
        description: maybe,
        aliases: texts,
        first_seen: time,
        last_seen: time,
        goals: texts,
        resource_level: maybe,
        primary_motivation: maybe,
        secondary_motivations: texts,
    }
    /// A location (§4.10): a region, a country, coordinates or an address.
    Location = "location" {
        name: maybe,
        description: maybe,
        latitude: number,
        longitude: number,
        precision: number,
        region: maybe,
        country: maybe,
        administrative_area: maybe,
        city: maybe,
        street_address: maybe,
        postal_code: maybe,
    }
    /// Malware (§4.11): a family of malicious code, or one instance.
    Malware = "malware" {
        name: maybe,
        description: maybe,
        malware_types: texts,
        is_family: flag,
        aliases: texts,
        kill_chain_phases: maps,
        first_seen: time,
        last_seen: time,
        operating_system_refs: texts,
        architecture_execution_envs: texts,
        implementation_languages: texts,
        capabilities: texts,
        sample_refs: texts,
    }
    /// A malware analysis (§4.12): the results of analysing malware.
    MalwareAnalysis = "malware-analysis" {
        product: text,
        version: maybe,
        configuration_version: maybe,
        modules: texts,
        analysis_engine_version: maybe,
        analysis_definition_version: maybe,
        submitted: time,
        analysis_started: time,
        analysis_ended: time,
        result_name: maybe,
        result: maybe,
        host_vm_ref: maybe,
        operating_system_ref: maybe,
        installed_software_refs: texts,
        analysis_sco_refs: texts,
        sample_ref: maybe,
    }
    /// A note (§4.13): further text about other objects.
    Note = "note" {
        summary = "abstract": maybe,
        content: text,
        authors: texts,
        object_refs: texts,
    }
    /// Observed data (§4.14): observables that were seen, when, and how many times.
    ObservedData = "observed-data" {
        first_observed: time,
        last_observed: time,
        number_observed: integer,
        objects: map,
        object_refs: texts,
    }
    /// An opinion (§4.15): whether somebody agrees with other objects.
    Opinion = "opinion" {
        explanation: maybe,
        authors: texts,
        opinion: text,
        object_refs: texts,
    }
    /// A report (§4.16): a collection of objects on one or more subjects.
    Report = "report" {
        name: text,
        description: maybe,
        report_types: texts,
        published: time,
        object_refs: texts,
    }
    /// A threat actor (§4.17): people or groups with malicious intent.
    ThreatActor = "threat-actor" {
        name: text,
        description: maybe,
        threat_actor_types: texts,
        aliases: texts,
        first_seen: time,
        last_seen: time,
        roles: texts,
        goals: texts,
        sophistication: maybe,
        resource_level: maybe,
        primary_motivation: maybe,
        secondary_motivations: texts,
        personal_motivations: texts,
    }
    /// A tool (§4.18): legitimate software that threat actors can use.
    Tool = "tool" {
        name: text,
        description: maybe,
        tool_types: texts,
        aliases: texts,
        kill_chain_phases: maps,
        tool_version: maybe,
    }
    /// A vulnerability (§4.19): a weakness that can be exploited.
    Vulnerability = "vulnerability" {
        name: text,
        description: maybe,
    }
    /// A relationship (§5.1): a typed link from one object to another.
    Relationship = "relationship" {
        relationship_type: text,
        description: maybe,
        source_ref: text,
        target_ref: text,
        start_time: time,
        stop_time: time,
    }
    /// A sighting (§5.2): something of threat intelligence was seen.
    Sighting = "sighting" {
        description: maybe,
        first_seen: time,
        last_seen: time,
        count: integer,
        sighting_of_ref: text,
        observed_data_refs: texts,
        where_sighted_refs: texts,
        summary: flag,
    }
    /// Language content (§7.1): translations of the texts of another object.
    LanguageContent = "language-content" {
        object_ref: text,
        object_modified: time,
        contents: map,
    }
    /// An extension definition (§7.3): who adds what to STIX, and where its schema is.
    ExtensionDefinition = "extension-definition" {
        created_by_ref: text,
        name: text,
        description: maybe,
        schema: text,
        version: text,
        extension_types: texts,
        extension_properties: texts,
    }
    /// A marking definition (§7.2.1): how marked objects may be used and shared.
    MarkingDefinition = "marking-definition" {
        name: maybe,
        definition_type: maybe,
        definition: map,
    }
    /// An artifact (§6.1): the bytes of a file, or a URL where they are.
    Artifact = "artifact" {
        mime_type: maybe,
        payload_bin: maybe,
        url: maybe,
        hashes: map,
        encryption_algorithm: maybe,
        decryption_key: maybe,
    }
    /// An autonomous system (AS) of the Internet (§6.2).
    AutonomousSystem = "autonomous-system" {
        number: integer,
        name: maybe,
        rir: maybe,
    }
    /// A directory of a file system (§6.3).
    Directory = "directory" {
        path: text,
        path_enc: maybe,
        ctime: time,
        mtime: time,
        atime: time,
        contains_refs: texts,
    }
    /// A domain name (§6.4).
    DomainName = "domain-name" {
        value: text,
        resolves_to_refs: texts,
    }
    /// An e-mail address (§6.5).
    EmailAddress = "email-addr" {
        value: text,
        display_name: maybe,
        belongs_to_ref: maybe,
    }
    /// An e-mail message, with one body or several parts (§6.6).
    EmailMessage = "email-message" {
        is_multipart: flag,
        date: time,
        content_type: maybe,
        from_ref: maybe,
        sender_ref: maybe,
        to_refs: texts,
        cc_refs: texts,
        bcc_refs: texts,
        message_id: maybe,
        subject: maybe,
        received_lines: texts,
        additional_header_fields: map,
        body: maybe,
        body_multipart: maps,
        raw_email_ref: maybe,
    }
    /// A file (§6.7): its hashes, name and properties.
    File = "file" {
        hashes: map,
        size: integer,
        name: maybe,
        name_enc: maybe,
        magic_number_hex: maybe,
        mime_type: maybe,
        ctime: time,
        mtime: time,
        atime: time,
        parent_directory_ref: maybe,
        contains_refs: texts,
        content_ref: maybe,
    }
    /// An IPv4 address or block of addresses (§6.8).
    Ipv4Address = "ipv4-addr" {
        value: text,
        resolves_to_refs: texts,
        belongs_to_refs: texts,
    }
    /// An IPv6 address or block of addresses (§6.9).
    Ipv6Address = "ipv6-addr" {
        value: text,
        resolves_to_refs: texts,
        belongs_to_refs: texts,
    }
    /// A MAC address (§6.10).
    MacAddress = "mac-addr" {
        value: text,
    }
    /// A mutual exclusion object, known by its name (§6.11).
    Mutex = "mutex" {
        name: text,
    }
    /// Network traffic from a source to a destination (§6.12).
    NetworkTraffic = "network-traffic" {
        start: time,
        end: time,
        is_active: flag,
        src_ref: maybe,
        dst_ref: maybe,
        src_port: integer,
        dst_port: integer,
        protocols: texts,
        src_byte_count: integer,
        dst_byte_count: integer,
        src_packets: integer,
        dst_packets: integer,
        ipfix: map,
        src_payload_ref: maybe,
        dst_payload_ref: maybe,
        encapsulates_refs: texts,
        encapsulated_by_ref: maybe,
    }
    /// A running instance of a program (§6.13).
    Process = "process" {
        is_hidden: flag,
        pid: integer,
        created_time: time,
        cwd: maybe,
        command_line: maybe,
        environment_variables: map,
        opened_connection_refs: texts,
        creator_user_ref: maybe,
        image_ref: maybe,
        parent_ref: maybe,
        child_refs: texts,
    }
    /// Software, including operating systems (§6.14).
    Software = "software" {
        name: text,
        cpe: maybe,
        swid: maybe,
        languages: texts,
        vendor: maybe,
        version: maybe,
    }
    /// A URL (§6.15).
    Url = "url" {
        value: text,
    }
    /// An account of a user of a system or service (§6.16).
    UserAccount = "user-account" {
        user_id: maybe,
        credential: maybe,
        account_login: maybe,
        account_type: maybe,
        display_name: maybe,
        is_service_account: flag,
        is_privileged: flag,
        can_escalate_privs: flag,
        is_disabled: flag,
        account_created: time,
        account_expires: time,
        credential_last_changed: time,
        account_first_login: time,
        account_last_login: time,
    }
    /// A key of the Windows registry with its values (§6.17).
    WindowsRegistryKey = "windows-registry-key" {
        key: maybe,
        values: maps,
        modified_time: time,
        creator_user_ref: maybe,
        number_of_subkeys: integer,
    }
    /// An X.509 certificate (§6.18).
    X509Certificate = "x509-certificate" {
        is_self_signed: flag,
        hashes: map,
        version: maybe,
        serial_number: maybe,
        signature_algorithm: maybe,
        issuer: maybe,
        validity_not_before: time,
        validity_not_after: time,
        subject: maybe,
        subject_public_key_algorithm: maybe,
        subject_public_key_modulus: maybe,
        subject_public_key_exponent: integer,
        x509_v3_extensions: map,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Prop, ValueKind};
    use serde_json::json;

    /// The accessor that fits a property's kind.
    fn accessor(prop: &Prop) -> &'static str {
        match prop.kind {
            ValueKind::List(ValueKind::Shape(_)) => "maps",
            ValueKind::List(_) => "texts",
            ValueKind::Dict
            | ValueKind::Hashes
            | ValueKind::Keyed(..)
            | ValueKind::Shape(_)
            | ValueKind::Container => "map",
            ValueKind::Time | ValueKind::TimeMillis | ValueKind::TimeSeconds => "time",
            ValueKind::Bool => "flag",
            ValueKind::Int(..) => "integer",
            ValueKind::Num(..) => "number",
            _ if prop.required => "text",
            _ => "maybe",
        }
    }

    #[test]
    fn there_is_a_view_of_every_type_with_every_property_as_its_kind() {
        for of in crate::types::all() {
            let (_, viewed) = TABLE.iter().find(|(name, _)| *name == of.name).unwrap();
            let expected: Vec<_> =
                of.props.iter().map(|prop| (prop.name, accessor(prop))).collect();
            assert_eq!(*viewed, expected, "{}", of.name);
        }
        assert_eq!(TABLE.len(), crate::types::all().len());
    }

    #[test]
    fn a_view_gives_what_the_object_has() {
        let text = json!({
            "type": "location", "spec_version": "2.1", "id": "location--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
            "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
            "name": "a", "latitude": 59.93, "longitude": 30, "x_own": [1]
        });
        let object = crate::judge(text.to_string().as_bytes()).object.unwrap();
        let View::Location(location) = object.view() else { panic!("a location") };
        assert_eq!((location.name(), location.city()), (Some("a"), None));
        assert_eq!((location.latitude(), location.longitude()), (Some(59.93), Some(30.0)));
        assert_eq!(location.object().get("x_own"), Some(&json!([1])));
        assert!(Indicator::try_from(&object).is_err());
    }
}
