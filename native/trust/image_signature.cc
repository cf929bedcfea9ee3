#include "trust/image_signature.h"

#include <string_view>
#include <utility>

#include "base/load_bytes.h"
#include "image/content_scan.h"
#include "image/image_hash.h"

namespace nuthatch {

Malformed CheckTablePlace(const ImageHeaders& headers) {
  const DataDirectory& entry = headers.directory(Directory::kCertificate);
  const uint64_t end = uint64_t{entry.address} + entry.size;
  if (entry.address == 0 && entry.size == 0) return nullptr;
  if (entry.address == 0 || entry.size == 0)
    return "the certificate table has a place or a size, but not both";
  if (entry.address % 8 != 0) return "the certificate table is not aligned to eight bytes";
  if (entry.address < headers.headers_size ||
      entry.address < headers.certificate_directory_offset.value_or(0) + 8)
    return "the certificate table lies in the headers";
  if (end > headers.file_size) return "the certificate table lies beyond the end of the file";
  if (end < headers.file_size)
    return "there are bytes after the certificate table, which nobody has signed";
  return nullptr;
}

FileHasher::FileHasher(std::shared_ptr<const Crypto> crypto) : crypto_(std::move(crypto)) {}

Hasher* FileHasher::HasherFor(DigestAlgorithm algorithm) {
  std::unique_ptr<Hasher>& hasher = hashers_[Index(algorithm)];
  if (!hasher) hasher = crypto_->NewHasher(algorithm);
  return hasher.get();
}

Status FileHasher::Hash(ByteSource* source, const ImageHeaders* image,
                        const std::vector<DigestAlgorithm>& algorithms,
                        const std::atomic<bool>& stop) {
  values_ = {};
  padded_ = {};
  std::vector<Hasher*> hashers;
  std::vector<DigestAlgorithm> known;
  for (const DigestAlgorithm algorithm : algorithms) {
    Hasher* const hasher = HasherFor(algorithm);
    if (hasher == nullptr) continue;
    hasher->Start();
    hashers.push_back(hasher);
    known.push_back(algorithm);
  }
  const auto keep = [&](std::array<Digest, kDigestAlgorithms>* out) {
    for (size_t i = 0; i < known.size(); ++i) (*out)[Index(known[i])] = hashers[i]->Current();
  };
  std::optional<ImageHashSink> image_sink;
  FileHashSink file_sink(hashers);
  if (image != nullptr) image_sink.emplace(*image, hashers);
  ContentSink* const sink = image_sink ? static_cast<ContentSink*>(&*image_sink) : &file_sink;
  Status status = ScanContent(source, {&sink, 1}, stop);
  if (!status.ok()) return status;
  keep(&values_);
  if (image_sink && image_sink->Pad()) keep(&padded_);
  return {};
}

// An entry: u32 position in the file, digest.
Status FileHasher::CheckPages(ByteSource* source, const ImageHeaders& image,
                              DigestAlgorithm algorithm, ByteSpan hashes,
                              const std::atomic<bool>& stop, bool* match) {
  *match = false;
  Hasher* const hasher = HasherFor(algorithm);
  const size_t size = 4 + DigestSize(algorithm);
  if (hasher == nullptr) return {};
  std::vector<PageHash> pages;
  Status status = HashPages(source, image, hasher, stop, &pages);
  // An image that cannot have page hashes has not these.
  if (!status.ok() && std::string_view(status.code()) == "NUTHATCH_PE_FORMAT") return {};
  if (!status.ok() || hashes.size() != pages.size() * size) return status;
  *match = true;
  for (const PageHash& page : pages) {
    const ByteSpan entry = hashes.first(size);
    hashes = hashes.subspan(size);
    if (LoadAt<uint32_t>(entry, 0) != page.offset || !Equal(entry.subspan(4), page.digest.span()))
      *match = false;
  }
  return {};
}

}  // namespace nuthatch
