#include "image/read_image.h"

#include <algorithm>
#include <memory>

#include "image/clr_header.h"
#include "image/content_scan.h"
#include "image/debug_directory.h"
#include "image/export_table.h"
#include "image/headers.h"
#include "image/image_hash.h"
#include "image/image_view.h"
#include "image/imphash.h"
#include "image/import_table.h"
#include "image/load_config.h"
#include "image/tls_directory.h"
#include "image/version_resource.h"

namespace nuthatch {
namespace {

// More bits a byte than code has that is not packed.
constexpr double kHighEntropyBits = 7.2;

Status ReadDirectories(ByteSource* source, Image* image) {
  ImageView view(source, image->headers, &image->anomalies);
  ImageDirectories directories;
  directories.imports = ReadImports(&view);
  directories.delay_imports = ReadDelayImports(&view);
  directories.exports = ReadExports(&view);
  directories.version = ReadVersionResource(&view);
  directories.debug = ReadDebugDirectory(&view);
  directories.load_config = ReadLoadConfig(&view);
  directories.tls = ReadTlsDirectory(&view);
  directories.clr = ReadClrHeader(&view);
  image->directories = std::move(directories);
  if (view.failed())
    return Status::Error("NUTHATCH_INPUT_UNREADABLE", "the system cannot read all of it");
  return {};
}

void SetImphash(const NewHasher& new_hasher, ImageDirectories* directories) {
  const std::string text = ImphashText(directories->imports);
  const auto hasher = text.empty() ? nullptr : new_hasher(DigestAlgorithm::kMd5);
  if (!hasher) return;
  hasher->Update({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  directories->imphash = hasher->Current();
}

// The hashers of one kind of hash, in the order of the request.
class Hashers {
 public:
  // False when the provider does not have one of them.
  bool Make(const ImageRequest& request) {
    for (const DigestAlgorithm algorithm : request.hashes) {
      owned_.push_back(request.new_hasher ? request.new_hasher(algorithm) : nullptr);
      if (!owned_.back()) return false;
      all_.push_back(owned_.back().get());
    }
    return true;
  }
  const std::vector<Hasher*>& all() const { return all_; }

 private:
  std::vector<std::unique_ptr<Hasher>> owned_;
  std::vector<Hasher*> all_;
};

void CheckContent(Image* image) {
  const ImageHeaders& headers = image->headers;
  if (headers.checksum != 0 && headers.checksum != image->computed_checksum)
    image->anomalies.Add(AnomalyKind::kChecksum);
  for (const Section& section : headers.sections) {
    const bool is_code = (section.characteristics & kSectionExecutable) != 0;
    if (is_code && section.entropy > kHighEntropyBits)
      image->anomalies.Add(AnomalyKind::kHighEntropy, section.name);
  }
}

Status ReadContent(ByteSource* source, const ImageRequest& request, const std::atomic<bool>& stop,
                   Image* image) {
  Hashers file;
  Hashers linear;
  if (!file.Make(request) || !linear.Make(request))
    return Status::Error("NUTHATCH_PE_NO_HASH", "this Node has no such hash");
  ChecksumSink checksum(image->headers);
  EntropySink entropy(image->headers);
  FileHashSink file_hash(file.all());
  ImageHashSink image_hash(image->headers, linear.all());
  std::vector<ContentSink*> sinks;
  if (request.content) sinks = {&checksum, &entropy};
  if (!request.hashes.empty()) sinks.insert(sinks.end(), {&file_hash, &image_hash});
  if (Status status = ScanContent(source, sinks, stop); !status.ok()) return status;
  if (request.content) {
    image->computed_checksum = checksum.Checksum();
    entropy.SetEntropies(&image->headers.sections);
    CheckContent(image);
  }
  for (size_t i = 0; i < request.hashes.size(); ++i) {
    image->hashes.push_back(
        {request.hashes[i], file.all()[i]->Current(), linear.all()[i]->Current(), std::nullopt});
  }
  if (!image_hash.Pad()) return {};
  for (size_t i = 0; i < request.hashes.size(); ++i)
    image->hashes[i].padded = linear.all()[i]->Current();
  return {};
}

}  // namespace

Status ReadImage(ByteSource* source, const ImageRequest& request, const std::atomic<bool>& stop,
                 Image* image) {
  Status status = ReadImageHeaders(source, &image->headers, &image->anomalies);
  if (status.ok() && request.directories) status = ReadDirectories(source, image);
  if (status.ok() && request.directories && request.new_hasher)
    SetImphash(request.new_hasher, &*image->directories);
  if (status.ok() && (request.content || !request.hashes.empty()))
    status = ReadContent(source, request, stop, image);
  return status;
}

}  // namespace nuthatch
