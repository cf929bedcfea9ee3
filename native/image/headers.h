#ifndef NUTHATCH_IMAGE_HEADERS_H_
#define NUTHATCH_IMAGE_HEADERS_H_

#include "base/byte_source.h"
#include "base/status.h"
#include "image/image.h"

namespace nuthatch {

// Of headers no more than this is read: sections beyond are left out.
inline constexpr size_t kMaxHeaderBytes = size_t{64} << 10;
inline constexpr size_t kMaxCertificateEntries = 16;

// Reads what the first bytes of an image say, and the heads of its certificate table's entries: 4
// KiB where that is enough. Fails with NUTHATCH_PE_FORMAT for what is no image, and with
// NUTHATCH_INPUT_UNREADABLE.
Status ReadImageHeaders(ByteSource* source, ImageHeaders* headers, Anomalies* anomalies);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_HEADERS_H_
