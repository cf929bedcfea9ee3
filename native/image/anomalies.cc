#include "image/anomalies.h"

namespace nuthatch {
namespace {

struct AnomalyText {
  const char* code;
  const char* reason;
};

constexpr AnomalyText kTexts[] = {
    {"NUTHATCH_PE_ALIGNMENT", "section and file alignment are not what Windows accepts"},
    {"NUTHATCH_PE_CERTIFICATE_ENTRY", "a certificate table entry has a size that cannot be"},
    {"NUTHATCH_PE_CERTIFICATE_TABLE", "the certificate table is where none can be"},
    {"NUTHATCH_PE_CHECKSUM", "the stored checksum is not that of the file"},
    {"NUTHATCH_PE_CLR_HEADER", "the .NET header is malformed"},
    {"NUTHATCH_PE_DATA_AFTER_CERTIFICATES", "there are bytes after the certificate table"},
    {"NUTHATCH_PE_DEBUG_DIRECTORY", "the debug directory is malformed"},
    {"NUTHATCH_PE_DIRECTORY_COUNT", "the header does not hold the directories that it declares"},
    {"NUTHATCH_PE_DIRECTORY_OUTSIDE", "a data directory is not inside the image"},
    {"NUTHATCH_PE_ENTRY_POINT_OUTSIDE", "the entry point is in no section"},
    {"NUTHATCH_PE_ENTRY_POINT_WRITABLE", "the entry point is in a section that can be written to"},
    {"NUTHATCH_PE_EXPORT_LIMIT", "there are more exports than are read"},
    {"NUTHATCH_PE_EXPORT_TABLE", "the export table is malformed"},
    {"NUTHATCH_PE_HEADER_OVERLAP", "the PE header begins inside the DOS header"},
    {"NUTHATCH_PE_HEADERS_TRUNCATED", "the file ends inside its headers"},
    {"NUTHATCH_PE_HIGH_ENTROPY", "code looks compressed or encrypted"},
    {"NUTHATCH_PE_IMAGE_SIZE", "the size of the image does not cover its sections"},
    {"NUTHATCH_PE_IMPORT_LIMIT", "there are more imports than are read"},
    {"NUTHATCH_PE_IMPORT_NAME", "an import has a name that is none"},
    {"NUTHATCH_PE_IMPORT_TABLE", "an import table is malformed"},
    {"NUTHATCH_PE_LOAD_CONFIG", "the load configuration is malformed"},
    {"NUTHATCH_PE_MACHINE", "the optional header is not of the machine's width"},
    {"NUTHATCH_PE_RESOURCE_LIMIT", "a resource directory has more entries than are read"},
    {"NUTHATCH_PE_RESOURCE_LOOP", "a resource directory refers to one above it"},
    {"NUTHATCH_PE_RESOURCE_TABLE", "the resources are malformed"},
    {"NUTHATCH_PE_RICH_CHECKSUM", "the rich header's key is not the checksum of what it covers"},
    {"NUTHATCH_PE_SECTION_COUNT", "the number of sections is not what Windows accepts"},
    {"NUTHATCH_PE_SECTION_ORDER", "sections do not follow each other in memory"},
    {"NUTHATCH_PE_SECTION_OVERLAP", "sections share bytes of the file"},
    {"NUTHATCH_PE_SECTION_TRUNCATED", "a section reaches beyond the end of the file"},
    {"NUTHATCH_PE_TEXT_LIMIT", "names take more memory than they are given; some are left out"},
    {"NUTHATCH_PE_TLS_CALLBACKS", "the list of TLS callbacks is malformed"},
    {"NUTHATCH_PE_VERSION_RESOURCE", "the version resource is malformed"},
    {"NUTHATCH_PE_WRITABLE_CODE", "a section can be both written to and executed"},
};
static_assert(std::size(kTexts) == kAnomalyKinds);

}  // namespace

const char* CodeOf(AnomalyKind kind) { return kTexts[static_cast<size_t>(kind)].code; }

void Anomalies::Add(AnomalyKind kind, const std::string& detail) {
  if (Has(kind)) return;
  seen_ |= uint64_t{1} << static_cast<unsigned>(kind);
  std::string message = kTexts[static_cast<size_t>(kind)].reason;
  if (!detail.empty()) message += ": " + detail;
  all_.push_back({kind, std::move(message)});
}

}  // namespace nuthatch
