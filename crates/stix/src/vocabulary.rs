//! The open vocabularies and closed enumerations of STIX 2.1 §10, with Errata 01.

/// An open vocabulary (§2.14): any value is allowed, one of these should be used.
#[derive(Debug, PartialEq, Eq)]
pub struct Vocabulary {
    /// The name in the standard, such as `region-ov`.
    pub name: &'static str,
    /// The clause of STIX 2.1 that lists the values, such as `10.21`.
    pub clause: &'static str,
    /// The suggested values, in the order of the standard.
    pub values: &'static [&'static str],
}

const fn open(
    name: &'static str,
    clause: &'static str,
    values: &'static [&'static str],
) -> Vocabulary {
    Vocabulary { name, clause, values }
}

pub(crate) static ACCOUNT_TYPE: Vocabulary = open(
    "account-type-ov",
    "10.1",
    &[
        "facebook",
        "ldap",
        "nis",
        "openid",
        "radius",
        "skype",
        "tacacs",
        "twitter",
        "unix",
        "windows-local",
        "windows-domain",
    ],
);
pub(crate) static MOTIVATION: Vocabulary = open(
    "attack-motivation-ov",
    "10.2",
    &[
        "accidental",
        "coercion",
        "dominance",
        "ideology",
        "notoriety",
        "organizational-gain",
        "personal-gain",
        "personal-satisfaction",
        "revenge",
        "unpredictable",
    ],
);
pub(crate) static RESOURCE_LEVEL: Vocabulary = open(
    "attack-resource-level-ov",
    "10.3",
    &["individual", "club", "contest", "team", "organization", "government"],
);
/// encryption-algorithm-enum (§10.4).
pub(crate) const ENCRYPTION: &[&str] = &["AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated"];
/// extension-type-enum (§10.5).
pub(crate) const EXTENSION_TYPE: &[&str] =
    &["new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension"];
pub(crate) static GROUPING_CONTEXT: Vocabulary = open(
    "grouping-context-ov",
    "10.6",
    &["suspicious-activity", "malware-analysis", "unspecified"],
);
pub(crate) static IDENTITY_CLASS: Vocabulary = open(
    "identity-class-ov",
    "10.8",
    &["individual", "group", "system", "organization", "class", "unknown"],
);
pub(crate) static IMPLEMENTATION_LANGUAGE: Vocabulary = open(
    "implementation-language-ov",
    "10.9",
    &[
        "applescript",
        "bash",
        "c",
        "c++",
        "c#",
        "go",
        "java",
        "javascript",
        "lua",
        "objective-c",
        "perl",
        "php",
        "powershell",
        "python",
        "ruby",
        "rust",
        "scala",
        "swift",
        "typescript",
        "visual-basic",
        "x86-32",
        "x86-64",
    ],
);
pub(crate) static INDICATOR_TYPE: Vocabulary = open(
    "indicator-type-ov",
    "10.10",
    &[
        "anomalous-activity",
        "anonymization",
        "benign",
        "compromised",
        "malicious-activity",
        "attribution",
        "unknown",
    ],
);
pub(crate) static SECTOR: Vocabulary = open(
    "industry-sector-ov",
    "10.11",
    &[
        "agriculture",
        "aerospace",
        "automotive",
        "chemical",
        "commercial",
        "communications",
        "construction",
        "defense",
        "education",
        "energy",
        "entertainment",
        "financial-services",
        "government",
        "emergency-services",
        "government-local",
        "government-national",
        "government-public-services",
        "government-regional",
        "healthcare",
        "hospitality-leisure",
        "infrastructure",
        "dams",
        "nuclear",
        "water",
        "insurance",
        "legal",
        "manufacturing",
        "mining",
        "non-profit",
        "pharmaceuticals",
        "retail",
        "technology",
        "telecommunications",
        "transportation",
        "utilities",
    ],
);
pub(crate) static INFRASTRUCTURE_TYPE: Vocabulary = open(
    "infrastructure-type-ov",
    "10.12",
    &[
        "amplification",
        "anonymization",
        "botnet",
        "command-and-control",
        "control-system",
        "exfiltration",
        "firewall",
        "hosting-malware",
        "hosting-target-lists",
        "phishing",
        "reconnaissance",
        "routers-switches",
        "staging",
        "workstation",
        "unknown",
    ],
);
pub(crate) static CAPABILITY: Vocabulary = open(
    "malware-capabilities-ov",
    "10.13",
    &[
        "accesses-remote-machines",
        "anti-debugging",
        "anti-disassembly",
        "anti-emulation",
        "anti-memory-forensics",
        "anti-sandbox",
        "anti-vm",
        "captures-input-peripherals",
        "captures-output-peripherals",
        "captures-system-state-data",
        "cleans-traces-of-infection",
        "commits-fraud",
        "communicates-with-c2",
        "compromises-data-availability",
        "compromises-data-integrity",
        "compromises-system-availability",
        "controls-local-machine",
        "degrades-security-software",
        "degrades-system-updates",
        "determines-c2-server",
        "emails-spam",
        "escalates-privileges",
        "evades-av",
        "exfiltrates-data",
        "fingerprints-host",
        "hides-artifacts",
        "hides-executing-code",
        "infects-files",
        "infects-remote-machines",
        "installs-other-components",
        "persists-after-system-reboot",
        "prevents-artifact-access",
        "prevents-artifact-deletion",
        "probes-network-environment",
        "self-modifies",
        "steals-authentication-credentials",
        "violates-system-operational-integrity",
    ],
);
pub(crate) static RESULT: Vocabulary =
    open("malware-result-ov", "10.14", &["malicious", "suspicious", "benign", "unknown"]);
pub(crate) static MALWARE_TYPE: Vocabulary = open(
    "malware-type-ov",
    "10.15",
    &[
        "adware",
        "backdoor",
        "bot",
        "bootkit",
        "ddos",
        "downloader",
        "dropper",
        "exploit-kit",
        "keylogger",
        "ransomware",
        "remote-access-trojan",
        "resource-exploitation",
        "rogue-security-software",
        "rootkit",
        "screen-capture",
        "spyware",
        "trojan",
        "unknown",
        "virus",
        "webshell",
        "wiper",
        "worm",
    ],
);
/// network-socket-address-family-enum (§10.16).
pub(crate) const ADDRESS_FAMILY: &[&str] = &[
    "AF_UNSPEC",
    "AF_INET",
    "AF_IPX",
    "AF_APPLETALK",
    "AF_NETBIOS",
    "AF_INET6",
    "AF_IRDA",
    "AF_BTH",
];
/// network-socket-type-enum (§10.17).
pub(crate) const SOCKET_TYPE: &[&str] =
    &["SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_RDM", "SOCK_SEQPACKET"];
/// opinion-enum (§10.18).
pub(crate) const OPINION: &[&str] =
    &["strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"];
pub(crate) static PATTERN_TYPE: Vocabulary =
    open("pattern-type-ov", "10.19", &["stix", "pcre", "sigma", "snort", "suricata", "yara"]);
pub(crate) static ARCHITECTURE: Vocabulary = open(
    "processor-architecture-ov",
    "10.20",
    &["alpha", "arm", "ia-64", "mips", "powerpc", "sparc", "x86", "x86-64"],
);
pub(crate) static REGION: Vocabulary = open(
    "region-ov",
    "10.21",
    &[
        "africa",
        "western-africa",
        "americas",
        "south-america",
        "asia",
        "western-asia",
        "europe",
        "western-europe",
        "oceania",
        "polynesia",
        "eastern-africa",
        "middle-africa",
        "northern-africa",
        "southern-africa",
        "caribbean",
        "central-america",
        "latin-america-caribbean",
        "northern-america",
        "central-asia",
        "eastern-asia",
        "southern-asia",
        "south-eastern-asia",
        "eastern-europe",
        "northern-europe",
        "southern-europe",
        "antarctica",
        "australia-new-zealand",
        "melanesia",
        "micronesia",
    ],
);
pub(crate) static REPORT_TYPE: Vocabulary = open(
    "report-type-ov",
    "10.22",
    &[
        "attack-pattern",
        "campaign",
        "identity",
        "incident",
        "indicator",
        "intrusion-set",
        "malware",
        "observed-data",
        "threat-actor",
        "threat-report",
        "tool",
        "vulnerability",
    ],
);
pub(crate) static ACTOR_TYPE: Vocabulary = open(
    "threat-actor-type-ov",
    "10.23",
    &[
        "activist",
        "competitor",
        "crime-syndicate",
        "criminal",
        "hacker",
        "insider-accidental",
        "insider-disgruntled",
        "nation-state",
        "private-sector",
        "sensationalist",
        "spy",
        "terrorist",
        "unknown",
    ],
);
pub(crate) static ACTOR_ROLE: Vocabulary = open(
    "threat-actor-role-ov",
    "10.24",
    &[
        "agent",
        "director",
        "independent",
        "infrastructure-architect",
        "infrastructure-operator",
        "malware-author",
        "sponsor",
    ],
);
pub(crate) static SOPHISTICATION: Vocabulary = open(
    "threat-actor-sophistication-ov",
    "10.25",
    &["none", "minimal", "intermediate", "advanced", "expert", "innovator", "strategic"],
);
pub(crate) static TOOL_TYPE: Vocabulary = open(
    "tool-type-ov",
    "10.26",
    &[
        "denial-of-service",
        "exploitation",
        "information-gathering",
        "network-capture",
        "credential-exploitation",
        "remote-access",
        "vulnerability-scanning",
        "unknown",
    ],
);
/// windows-integrity-level-enum (§10.27).
pub(crate) const INTEGRITY_LEVEL: &[&str] = &["low", "medium", "high", "system"];
pub(crate) static PE_TYPE: Vocabulary =
    open("windows-pebinary-type-ov", "10.28", &["dll", "exe", "sys"]);
/// windows-registry-datatype-enum (§10.29).
pub(crate) const REGISTRY_TYPE: &[&str] = &[
    "REG_NONE",
    "REG_SZ",
    "REG_EXPAND_SZ",
    "REG_BINARY",
    "REG_DWORD",
    "REG_DWORD_BIG_ENDIAN",
    "REG_DWORD_LITTLE_ENDIAN",
    "REG_LINK",
    "REG_MULTI_SZ",
    "REG_RESOURCE_LIST",
    "REG_FULL_RESOURCE_DESCRIPTION",
    "REG_RESOURCE_REQUIREMENTS_LIST",
    "REG_QWORD",
    "REG_INVALID_TYPE",
];
/// windows-service-start-type-enum (§10.30).
pub(crate) const SERVICE_START: &[&str] = &[
    "SERVICE_AUTO_START",
    "SERVICE_BOOT_START",
    "SERVICE_DEMAND_START",
    "SERVICE_DISABLED",
    "SERVICE_SYSTEM_ALERT",
];
/// windows-service-type-enum (§10.31).
pub(crate) const SERVICE_TYPE: &[&str] = &[
    "SERVICE_KERNEL_DRIVER",
    "SERVICE_FILE_SYSTEM_DRIVER",
    "SERVICE_WIN32_OWN_PROCESS",
    "SERVICE_WIN32_SHARE_PROCESS",
];
/// windows-service-status-enum (§10.32).
pub(crate) const SERVICE_STATUS: &[&str] = &[
    "SERVICE_CONTINUE_PENDING",
    "SERVICE_PAUSE_PENDING",
    "SERVICE_PAUSED",
    "SERVICE_RUNNING",
    "SERVICE_START_PENDING",
    "SERVICE_STOP_PENDING",
    "SERVICE_STOPPED",
];

/// The algorithms of hash-algorithm-ov (§10.7), with the number of hexadecimal digits where a hash
/// has a fixed length.
pub(crate) const HASHES: &[(&str, Option<usize>)] = &[
    ("MD5", Some(32)),
    ("SHA-1", Some(40)),
    ("SHA-256", Some(64)),
    ("SHA-512", Some(128)),
    ("SHA3-256", Some(64)),
    ("SHA3-512", Some(128)),
    ("SSDEEP", None),
    ("TLSH", None),
];

/// The officially assigned codes of ISO 3166-1 alpha-2.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN \
    BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE \
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU \
    ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY \
    MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM \
    PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS \
    ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS \
    YE YT ZA ZM ZW";

/// Whether a text is the code of a country, in upper or lower case.
pub fn is_country(code: &str) -> bool {
    COUNTRIES.split(' ').any(|known| known.eq_ignore_ascii_case(code))
}

/// Every open vocabulary but hash-algorithm-ov, in the order of the standard.
pub static ALL: &[&Vocabulary] = &[
    &ACCOUNT_TYPE,
    &MOTIVATION,
    &RESOURCE_LEVEL,
    &GROUPING_CONTEXT,
    &IDENTITY_CLASS,
    &IMPLEMENTATION_LANGUAGE,
    &INDICATOR_TYPE,
    &SECTOR,
    &INFRASTRUCTURE_TYPE,
    &CAPABILITY,
    &RESULT,
    &MALWARE_TYPE,
    &PATTERN_TYPE,
    &ARCHITECTURE,
    &REGION,
    &REPORT_TYPE,
    &ACTOR_TYPE,
    &ACTOR_ROLE,
    &SOPHISTICATION,
    &TOOL_TYPE,
    &PE_TYPE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_the_249_of_the_standard() {
        assert_eq!(COUNTRIES.split(' ').count(), 249);
        assert!(is_country("RU") && is_country("de") && !is_country("XX"));
    }
}
