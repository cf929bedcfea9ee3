// What is known of an image, that is a PE file. Nothing in it has been vouched for by anybody:
// texts are bytes as the file has them.
#ifndef NUTHATCH_IMAGE_IMAGE_H_
#define NUTHATCH_IMAGE_IMAGE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/guid.h"
#include "base/hasher.h"
#include "image/anomalies.h"

namespace nuthatch {

// IMAGE_FILE_MACHINE_…
inline constexpr uint16_t kMachineX86 = 0x14C;
inline constexpr uint16_t kMachineX64 = 0x8664;
inline constexpr uint16_t kMachineArm64 = 0xAA64;

// IMAGE_FILE_…
inline constexpr uint16_t kRelocationsStripped = 0x0001;
inline constexpr uint16_t kDll = 0x2000;

// IMAGE_DLLCHARACTERISTICS_…
inline constexpr uint16_t kHighEntropyVa = 0x0020;
inline constexpr uint16_t kDynamicBase = 0x0040;
inline constexpr uint16_t kForceIntegrity = 0x0080;
inline constexpr uint16_t kNxCompatible = 0x0100;
inline constexpr uint16_t kNoSeh = 0x0400;
inline constexpr uint16_t kAppContainer = 0x1000;
inline constexpr uint16_t kGuardCf = 0x4000;

// IMAGE_SCN_MEM_…
inline constexpr uint32_t kSectionExecutable = 0x20000000;
inline constexpr uint32_t kSectionReadable = 0x40000000;
inline constexpr uint32_t kSectionWritable = 0x80000000;

// IMAGE_DIRECTORY_ENTRY_…
enum class Directory : uint8_t {
  kExport = 0,
  kImport = 1,
  kResource = 2,
  kException = 3,    // the table of functions
  kCertificate = 4,  // the only one whose address is a file offset
  kDebug = 6,
  kTls = 9,
  kLoadConfig = 10,
  kDelayImport = 13,
  kClr = 14,
};
inline constexpr size_t kDirectories = 16;

struct DataDirectory {
  uint32_t address = 0;
  uint32_t size = 0;
};

struct Section {
  std::string name;
  uint32_t virtual_size = 0;
  uint32_t virtual_address = 0;
  uint32_t raw_size = 0;
  uint32_t raw_offset = 0;
  uint32_t characteristics = 0;
  std::optional<double> entropy;
};

struct RichEntry {
  uint16_t product = 0;
  uint16_t build = 0;
  uint32_t count = 0;
};

struct RichHeader {
  uint32_t key = 0;
  bool valid = false;
  std::vector<RichEntry> entries;
};

// WIN_CERTIFICATE.
struct CertificateEntry {
  uint64_t offset = 0;
  uint32_t size = 0;  // with its header of 8 bytes
  uint16_t revision = 0;
  uint16_t type = 0;
};

struct FileRange {
  uint64_t offset = 0;
  uint64_t size = 0;
};

struct ImageHeaders {
  uint64_t file_size = 0;
  uint32_t pe_offset = 0;
  uint16_t machine = 0;
  uint16_t characteristics = 0;
  uint32_t timestamp = 0;
  bool is_64_bit = false;  // PE32+, whatever the machine
  std::pair<uint8_t, uint8_t> linker_version;
  uint32_t entry_point = 0;
  uint64_t image_base = 0;
  uint32_t section_alignment = 0;
  uint32_t file_alignment = 0;
  std::pair<uint16_t, uint16_t> os_version;
  std::pair<uint16_t, uint16_t> subsystem_version;
  uint32_t image_size = 0;
  uint32_t headers_size = 0;
  uint32_t checksum = 0;
  uint16_t subsystem = 0;
  uint16_t dll_characteristics = 0;
  std::array<DataDirectory, kDirectories> directories;
  // Where the image hash leaves bytes out.
  uint64_t checksum_offset = 0;
  std::optional<uint64_t> certificate_directory_offset;

  std::vector<Section> sections;
  std::optional<RichHeader> rich;
  // Of the certificate table, when it lies in the file.
  std::optional<FileRange> certificate_table;
  std::vector<CertificateEntry> certificates;
  // What lies behind the last section, without the certificate table.
  std::optional<FileRange> overlay;

  const DataDirectory& directory(Directory index) const {
    return directories[static_cast<size_t>(index)];
  }
};

struct ImportedFunction {
  std::string name;                 // empty when imported by an ordinal that has no known name
  std::optional<uint16_t> ordinal;  // when imported by it
};

struct ImportedModule {
  std::string name;
  std::vector<ImportedFunction> functions;
};

struct ExportedFunction {
  std::string name;  // empty without one
  uint32_t ordinal = 0;
  uint32_t rva = 0;
  std::string forwarder;  // "NTDLL.RtlAllocateHeap"; empty for code and data
};

struct Exports {
  std::string name;
  uint32_t timestamp = 0;
  std::vector<ExportedFunction> functions;
};

struct DebugEntry {
  uint32_t type = 0;
  uint32_t timestamp = 0;
  uint32_t size = 0;
};

struct PdbReference {
  std::string path;
  Guid guid;               // of RSDS
  uint32_t signature = 0;  // of the older NB10
  bool has_guid = false;
  uint32_t age = 0;
};

struct DebugDirectory {
  std::vector<DebugEntry> entries;
  std::optional<PdbReference> pdb;
  // The timestamps are hashes of what was built.
  bool reproducible = false;
  uint32_t extended_dll_characteristics = 0;
};

struct FixedVersion {
  std::array<uint16_t, 4> file{};
  std::array<uint16_t, 4> product{};
  uint32_t flags = 0;  // VS_FF_…, of the mask's bits
  uint32_t os = 0;
  uint32_t type = 0;
};

struct VersionResource {
  std::optional<FixedVersion> fixed;
  // The first table that has a name wins; UTF-8.
  std::vector<std::pair<std::string, std::string>> strings;
  // Of the tables: language and code page, "040904b0".
  std::vector<std::string> languages;
};

struct LoadConfig {
  uint32_t size = 0;
  uint32_t guard_flags = 0;
  bool has_chpe_metadata = false;
  uint64_t seh_table = 0;
  uint64_t seh_count = 0;
};

struct TlsDirectory {
  std::vector<uint32_t> callbacks;  // RVAs
};

struct ClrHeader {
  std::pair<uint16_t, uint16_t> runtime_version;
  uint32_t flags = 0;
  uint32_t entry_point = 0;  // a token, or an RVA with kNativeEntryPoint
  std::string metadata_version;

  static constexpr uint32_t kIlOnly = 0x1;
  static constexpr uint32_t k32BitRequired = 0x2;
  static constexpr uint32_t kStrongNameSigned = 0x8;
  static constexpr uint32_t kNativeEntryPoint = 0x10;
  static constexpr uint32_t k32BitPreferred = 0x20000;
};

// What the data directories lead to.
struct ImageDirectories {
  std::vector<ImportedModule> imports;
  std::vector<ImportedModule> delay_imports;
  std::optional<Exports> exports;
  std::optional<VersionResource> version;
  std::optional<DebugDirectory> debug;
  std::optional<LoadConfig> load_config;
  std::optional<TlsDirectory> tls;
  std::optional<ClrHeader> clr;
  Digest imphash;  // none without imports, and without MD5
};

struct ImageHashes {
  DigestAlgorithm algorithm = DigestAlgorithm::kSha256;
  Digest file;                   // of all bytes
  Digest image;                  // what Authenticode signs
  std::optional<Digest> padded;  // what catalogs have of it, where that is another
};

struct Image {
  ImageHeaders headers;
  std::optional<ImageDirectories> directories;  // when asked for
  std::optional<uint32_t> computed_checksum;    // when asked for
  std::vector<ImageHashes> hashes;              // as asked for
  Anomalies anomalies;
};

// "x64"; "arm64ec" and "arm64x" for x64 and ARM64 with CHPE metadata; "0x1234" when unknown.
std::string MachineName(uint16_t machine, bool has_chpe_metadata);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_IMAGE_H_
