#ifndef NUTHATCH_PIPELINE_CACHE_NEWS_H_
#define NUTHATCH_PIPELINE_CACHE_NEWS_H_

#include <string_view>

#include "pipeline/program.h"
#include "pipeline/record_stage.h"
#include "trust/signature_cache.h"

namespace nuthatch {

// What a trace says of files, for a cache of signatures, as far as a program asks for such. Any
// thread.
class CacheNews final : public FileOutput {
 public:
  // `cache` may be nullptr: then nobody wants to know. Both outlive this.
  CacheNews(const Program& program, SignatureCache* cache) : program_(program), cache_(cache) {}

  void AddFile(FileNews news, std::string_view path, const ImageNumbers& numbers) override {
    if (cache_ == nullptr) return;
    switch (news) {
      case FileNews::kImageRuns:
        if (program_.asks_image_signatures) cache_->Prewarm({path, numbers});
        break;
      case FileNews::kProcessRuns:
        if (program_.asks_process_signatures) cache_->Prewarm({path, numbers});
        break;
      case FileNews::kImageLoaded:
        if (program_.asks_image_signatures) cache_->Loaded({path, numbers});
        break;
      case FileNews::kProcessStarted:
        if (program_.asks_process_signatures) cache_->Loaded({path, numbers});
        break;
      case FileNews::kChanged:
        cache_->Invalidate(path);
        break;
      case FileNews::kOnWindowsVolume:
        cache_->SayWindowsVolume(path);
        break;
    }
  }

 private:
  const Program& program_;
  SignatureCache* const cache_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_CACHE_NEWS_H_
