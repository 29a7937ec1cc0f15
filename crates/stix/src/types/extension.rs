//! The extensions that STIX 2.1 predefines for observables (§6.7, §6.12, §6.13, §6.16).

use super::{COUNT, Predefined, WHOLE};
use crate::form::{AS_WRITTEN, HEADER_NAMES, HEX, PDF_ENTRIES, PRIORITY, SOCKET_OPTIONS};
use crate::schema::ValueKind::{
    Bool, Enum, Form, Hashes, Keyed, List, Num, Open, Ref, Text, TextOrInt, TimeSeconds,
};
use crate::schema::{Least, Shape, ValueKind, may, must, shape, some_of};
use crate::vocabulary::{
    ADDRESS_FAMILY, INTEGRITY_LEVEL, PE_TYPE, SERVICE_START, SERVICE_STATUS, SERVICE_TYPE,
    SOCKET_TYPE,
};

pub(super) const FILE: &[Predefined] = &[
    ("archive-ext", &ARCHIVE),
    ("ntfs-ext", &NTFS),
    ("pdf-ext", &PDF),
    ("raster-image-ext", &RASTER_IMAGE),
    ("windows-pebinary-ext", &PE_BINARY),
];
pub(super) const NETWORK_TRAFFIC: &[Predefined] = &[
    ("http-request-ext", &HTTP_REQUEST),
    ("icmp-ext", &ICMP),
    ("socket-ext", &SOCKET),
    ("tcp-ext", &TCP),
];
pub(super) const PROCESS: &[Predefined] =
    &[("windows-process-ext", &WINDOWS_PROCESS), ("windows-service-ext", &WINDOWS_SERVICE)];
pub(super) const USER_ACCOUNT: &[Predefined] = &[("unix-account-ext", &UNIX_ACCOUNT)];

const HEXADECIMAL: ValueKind = Form(&HEX);

static ARCHIVE: Shape = shape(
    "6.7.2",
    &[must("contains_refs", List(&Ref(&["file", "directory"]))), may("comment", Text)],
);

static NTFS: Shape = some_of(
    "6.7.3",
    &[may("sid", Text), may("alternate_data_streams", List(&ValueKind::Shape(&STREAM)))],
);

static STREAM: Shape =
    shape("6.7.3", &[must("name", Text), may("hashes", Hashes), may("size", COUNT)]);

static PDF: Shape = some_of(
    "6.7.4",
    &[
        may("version", Text),
        may("is_optimized", Bool),
        may("document_info_dict", Keyed(&PDF_ENTRIES, &Text)),
        may("pdfid0", Text),
        may("pdfid1", Text),
    ],
);

static RASTER_IMAGE: Shape = some_of(
    "6.7.5",
    &[
        may("image_height", WHOLE),
        may("image_width", WHOLE),
        may("bits_per_pixel", WHOLE),
        may("exif_tags", Keyed(&AS_WRITTEN, &TextOrInt)),
    ],
);

static PE_BINARY: Shape = Shape {
    clause: "6.7.6",
    props: &[
        must("pe_type", Open(&PE_TYPE)),
        may("imphash", Text),
        may("machine_hex", HEXADECIMAL),
        may("number_of_sections", COUNT),
        may("time_date_stamp", TimeSeconds),
        may("pointer_to_symbol_table_hex", HEXADECIMAL),
        may("number_of_symbols", COUNT),
        may("size_of_optional_header", COUNT),
        may("characteristics_hex", HEXADECIMAL),
        may("file_header_hashes", Hashes),
        may("optional_header", ValueKind::Shape(&OPTIONAL_HEADER)),
        may("sections", List(&ValueKind::Shape(&SECTION))),
    ],
    least: Least::OneOf(&[
        "imphash",
        "machine_hex",
        "number_of_sections",
        "time_date_stamp",
        "pointer_to_symbol_table_hex",
        "number_of_symbols",
        "size_of_optional_header",
        "characteristics_hex",
        "file_header_hashes",
        "optional_header",
        "sections",
    ]),
};

static OPTIONAL_HEADER: Shape = some_of(
    "6.7.6",
    &[
        may("magic_hex", HEXADECIMAL),
        may("major_linker_version", WHOLE),
        may("minor_linker_version", WHOLE),
        may("size_of_code", COUNT),
        may("size_of_initialized_data", COUNT),
        may("size_of_uninitialized_data", COUNT),
        may("address_of_entry_point", WHOLE),
        may("base_of_code", WHOLE),
        may("base_of_data", WHOLE),
        may("image_base", WHOLE),
        may("section_alignment", WHOLE),
        may("file_alignment", WHOLE),
        may("major_os_version", WHOLE),
        may("minor_os_version", WHOLE),
        may("major_image_version", WHOLE),
        may("minor_image_version", WHOLE),
        may("major_subsystem_version", WHOLE),
        may("minor_subsystem_version", WHOLE),
        may("win32_version_value_hex", HEXADECIMAL),
        may("size_of_image", COUNT),
        may("size_of_headers", COUNT),
        may("checksum_hex", HEXADECIMAL),
        may("subsystem_hex", HEXADECIMAL),
        may("dll_characteristics_hex", HEXADECIMAL),
        may("size_of_stack_reserve", COUNT),
        may("size_of_stack_commit", COUNT),
        may("size_of_heap_reserve", COUNT),
        may("size_of_heap_commit", COUNT),
        may("loader_flags_hex", HEXADECIMAL),
        may("number_of_rva_and_sizes", WHOLE),
        may("hashes", Hashes),
    ],
);

static SECTION: Shape = shape(
    "6.7.6",
    &[
        must("name", Text),
        may("size", COUNT),
        may("entropy", Num(f64::MIN, f64::MAX)),
        may("hashes", Hashes),
    ],
);

static HTTP_REQUEST: Shape = shape(
    "6.12.2",
    &[
        must("request_method", Text),
        must("request_value", Text),
        may("request_version", Text),
        may("request_header", Keyed(&HEADER_NAMES, &List(&Text))),
        may("message_body_length", WHOLE),
        may("message_body_data_ref", Ref(&["artifact"])),
    ],
);

static ICMP: Shape =
    shape("6.12.3", &[must("icmp_type_hex", HEXADECIMAL), must("icmp_code_hex", HEXADECIMAL)]);

static SOCKET: Shape = shape(
    "6.12.4",
    &[
        must("address_family", Enum(ADDRESS_FAMILY)),
        may("is_blocking", Bool),
        may("is_listening", Bool),
        may("options", Keyed(&SOCKET_OPTIONS, &WHOLE)),
        may("socket_type", Enum(SOCKET_TYPE)),
        may("socket_descriptor", COUNT),
        may("socket_handle", WHOLE),
    ],
);

static TCP: Shape =
    some_of("6.12.5", &[may("src_flags_hex", HEXADECIMAL), may("dst_flags_hex", HEXADECIMAL)]);

static WINDOWS_PROCESS: Shape = some_of(
    "6.13.2",
    &[
        may("aslr_enabled", Bool),
        may("dep_enabled", Bool),
        may("priority", Form(&PRIORITY)),
        may("owner_sid", Text),
        may("window_title", Text),
        may("startup_info", Keyed(&AS_WRITTEN, &TextOrInt)),
        may("integrity_level", Enum(INTEGRITY_LEVEL)),
    ],
);

static WINDOWS_SERVICE: Shape = some_of(
    "6.13.3",
    &[
        may("service_name", Text),
        may("descriptions", List(&Text)),
        may("display_name", Text),
        may("group_name", Text),
        may("start_type", Enum(SERVICE_START)),
        may("service_dll_refs", List(&Ref(&["file"]))),
        may("service_type", Enum(SERVICE_TYPE)),
        may("service_status", Enum(SERVICE_STATUS)),
    ],
);

static UNIX_ACCOUNT: Shape = some_of(
    "6.16.2",
    &[may("gid", WHOLE), may("groups", List(&Text)), may("home_dir", Text), may("shell", Text)],
);
