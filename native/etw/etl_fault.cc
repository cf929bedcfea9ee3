#include "etw/etl_fault.h"

namespace nuthatch {
namespace {

constexpr EtlFaultText kTexts[kEtlFaultKinds] = {
    {"NUTHATCH_ETL_TRUNCATED",
     "the file ends inside a buffer; the records that are whole were read"},
    {"NUTHATCH_ETL_BUFFERS_MISSING", "the session wrote more buffers than the file has",
     "are missing"},
    {"NUTHATCH_ETL_BUFFER_SIZE",
     "what should be a buffer is none, or has an impossible size; reading went on at the next one"},
    {"NUTHATCH_ETL_BUFFER_FILLED",
     "a buffer says that its records end in its header or beyond its end; it was skipped, or read "
     "to "
     "its end"},
    {"NUTHATCH_ETL_BUFFER_TYPE", "a buffer of a type that is not read was skipped"},
    {"NUTHATCH_ETL_TOO_MANY_BUFFERS",
     "there are more buffers than are read of one file; the rest was left out"},
    {"NUTHATCH_ETL_UNREADABLE", "the system could not read this part of the file"},
    {"NUTHATCH_ETL_COMPRESSION",
     "a buffer is compressed in a way that is not read (not XPRESS) and was skipped"},
    {"NUTHATCH_ETL_COMPRESSED_DATA",
     "a compressed buffer is corrupt; the records before the damage were read"},
    {"NUTHATCH_ETL_RECORD", "a record is malformed and was skipped, with what it hides"},
    {"NUTHATCH_ETL_RECORD_KIND", "a record of a kind that is not read was skipped"},
};

}  // namespace

const EtlFaultText& TextOf(EtlFaultKind kind) { return kTexts[static_cast<size_t>(kind)]; }

}  // namespace nuthatch
