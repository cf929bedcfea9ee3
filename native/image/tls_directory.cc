#include "image/tls_directory.h"

namespace nuthatch {

std::optional<TlsDirectory> ReadTlsDirectory(ImageView* view) {
  const DataDirectory& directory = view->headers().directory(Directory::kTls);
  if (directory.address == 0) return std::nullopt;
  const size_t width = view->pointer_size();
  TlsDirectory tls;
  uint64_t list = 0;
  // After where the data begin, where they end, and where the index is.
  if (!view->ReadPointer(directory.address + 3 * width, &list)) {
    view->anomalies()->Add(AnomalyKind::kTlsCallbacks);
    return std::nullopt;
  }
  if (list == 0) return tls;
  const auto first = view->RvaOf(list);
  for (size_t i = 0; first; ++i) {
    uint64_t address = 0;
    if (!view->ReadPointer(*first + i * width, &address)) break;
    if (address == 0) return tls;
    const auto callback = view->RvaOf(address);
    if (!callback || i == kMaxTlsCallbacks) break;
    tls.callbacks.push_back(*callback);
  }
  view->anomalies()->Add(AnomalyKind::kTlsCallbacks);
  return tls;
}

}  // namespace nuthatch
