#include "trust/trust_status.h"

namespace nuthatch {
namespace {

struct Facts {
  const char* name;
  uint32_t hresult;
};
// By status. HRESULTs are of winerror.h.
constexpr Facts kFacts[kTrustStatuses] = {
    {"trusted", 0},
    {"unsigned", 0x800b0100},           // TRUST_E_NOSIGNATURE
    {"unknownFormat", 0x800b0003},      // TRUST_E_SUBJECT_FORM_UNKNOWN
    {"badDigest", 0x80096010},          // TRUST_E_BAD_DIGEST
    {"badSignature", 0x80096004},       // TRUST_E_CERT_SIGNATURE
    {"malformed", 0x800b0100},          // TRUST_E_NOSIGNATURE: Windows does not tell them apart
    {"unsupported", 0x80090008},        // NTE_BAD_ALGID
    {"weak", 0x80096010},               // TRUST_E_BAD_DIGEST
    {"untrustedRoot", 0x800b0109},      // CERT_E_UNTRUSTEDROOT
    {"incompleteChain", 0x800b010a},    // CERT_E_CHAINING
    {"invalidChain", 0x80096019},       // TRUST_E_BASIC_CONSTRAINTS
    {"expired", 0x800b0101},            // CERT_E_EXPIRED
    {"notYetValid", 0x800b0101},        // CERT_E_EXPIRED
    {"wrongUsage", 0x800b0110},         // CERT_E_WRONG_USAGE
    {"revoked", 0x800b010c},            // CERT_E_REVOKED
    {"revocationUnknown", 0x800b010e},  // CERT_E_REVOCATION_FAILURE
    {"fileGone", 0x80070002},           // ERROR_FILE_NOT_FOUND
    {"permissionDenied", 0x80070005},   // ERROR_ACCESS_DENIED
    {"locked", 0x80070020},             // ERROR_SHARING_VIOLATION
    {"notRegularFile", 0x80070057},     // ERROR_INVALID_PARAMETER
    {"unreadable", 0x8007001e},         // ERROR_READ_FAULT
    {"unstable", 0x800703ee},           // ERROR_FILE_INVALID
    {"imageMismatch", 0x8007051a},      // ERROR_REVISION_MISMATCH
    {"tooLarge", 0x800700df},           // ERROR_FILE_TOO_LARGE
    {"timedOut", 0x800705b4},           // ERROR_TIMEOUT
    {"dropped", 0x800705aa},            // ERROR_NO_SYSTEM_RESOURCES
};

}  // namespace

const char* NameOf(TrustStatus status) { return kFacts[static_cast<int>(status)].name; }

uint32_t HresultOf(TrustStatus status) { return kFacts[static_cast<int>(status)].hresult; }

}  // namespace nuthatch
