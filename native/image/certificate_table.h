#ifndef NUTHATCH_IMAGE_CERTIFICATE_TABLE_H_
#define NUTHATCH_IMAGE_CERTIFICATE_TABLE_H_

#include "base/byte_source.h"
#include "base/status.h"
#include "image/image.h"

namespace nuthatch {

// Fills in where the certificate table is, and the heads of its entries. Without them when it is
// not all in the file.
Status ReadCertificateTable(ByteSource* source, ImageHeaders* headers, Anomalies* anomalies);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_CERTIFICATE_TABLE_H_
