// Any bytes as an image: whatever there is to read is read, hashed and written as JSON, within the
// limits.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "image/export_table.h"
#include "image/headers.h"
#include "image/image_hash.h"
#include "image/import_table.h"
#include "image/read_image.h"
#include "pipeline/image_json.h"

namespace nuthatch {
namespace {

class CountingHasher : public Hasher {
 public:
  void Start() override { size_ = 0; }
  void Update(std::span<const uint8_t> bytes) override { size_ += bytes.size(); }
  Digest Current() override {
    Digest digest;
    digest.size = 1;
    return digest;
  }
  uint64_t size() const { return size_; }

 private:
  uint64_t size_ = 0;
};

void CheckLimits(const std::vector<ImportedModule>& modules) {
  size_t functions = 0;
  for (const ImportedModule& module : modules) functions += module.functions.size();
  if (modules.size() > kMaxImportedModules || functions > kMaxImportedFunctions) std::abort();
}

void Check(const Image& image, size_t size) {
  CheckLimits(image.directories->imports);
  CheckLimits(image.directories->delay_imports);
  if (image.headers.sections.size() > kMaxHeaderBytes / 40) std::abort();
  if (const auto& exports = image.directories->exports;
      exports && exports->functions.size() > size_t{2} * kMaxExports)
    std::abort();
  if (const auto& overlay = image.headers.overlay; overlay && overlay->size > size) std::abort();
  for (const Section& section : image.headers.sections) {
    if (section.entropy && !(*section.entropy >= 0 && *section.entropy <= 8)) std::abort();
  }
}

void Read(std::span<const uint8_t> bytes) {
  MemorySource source(bytes);
  const std::atomic<bool> stop = false;
  ImageRequest request;
  request.content = true;
  request.hashes = {DigestAlgorithm::kSha256};
  request.new_hasher = [](DigestAlgorithm) { return std::make_unique<CountingHasher>(); };
  Image image;
  if (!ReadImage(&source, request, stop, &image).ok()) return;
  Check(image, bytes.size());
  std::string json;
  AppendImageJson(image, &json);
  // The image hash leaves out no more than it must.
  CountingHasher hasher;
  ImageHashSink sink(image.headers, {&hasher});
  sink.Update(0, bytes);
  const uint64_t table =
      image.headers.certificate_table ? image.headers.certificate_table->size : 0;
  if (hasher.size() > bytes.size() || hasher.size() + table + 12 < bytes.size()) std::abort();
  std::vector<PageHash> pages;
  if (HashPages(&source, image.headers, &hasher, stop, &pages).ok() &&
      pages.size() > bytes.size() / 512 + image.headers.sections.size() + 2)
    std::abort();
}

}  // namespace
}  // namespace nuthatch

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  nuthatch::Read({data, size});
  return 0;
}
