// Names of functions from the exports of the files that are mapped, and from their PDBs.
#ifndef NUTHATCH_PIPELINE_IMAGE_SYMBOLS_H_
#define NUTHATCH_PIPELINE_IMAGE_SYMBOLS_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include "base/sip_hash.h"
#include "enrich/symbol_source.h"
#include "enrich/symbol_table.h"
#include "pipeline/debug_help.h"
#include "platform/random.h"

namespace nuthatch {

// Files are read by a thread of its own. A file is believed to be the one that was mapped when the
// numbers of its header are the event's.
class ImageSymbols final : public SymbolSource {
 public:
  struct Options {
    // The folder below which the machine's files are; none: they are where their paths say.
    std::optional<std::string> image_root;
    // Who asks waits until the file has been read: of recorded traces, so that it does not matter
    // how fast the machine is. Else there are no names until then.
    bool waits = true;
    // Reads PDBs; none: exports alone. Only of files that are where their paths say.
    std::shared_ptr<DebugHelp> debug = nullptr;
  };
  static constexpr size_t kMaxBytes = size_t{32} << 20;  // of tables; the longest unused go
  static constexpr size_t kMaxFiles = 4096;
  static constexpr size_t kMaxQueue = 512;

  explicit ImageSymbols(Options options);
  ~ImageSymbols() override;
  ImageSymbols(const ImageSymbols&) = delete;
  ImageSymbols& operator=(const ImageSymbols&) = delete;

  // Throws std::bad_alloc also when the thread has had no memory.
  bool Find(const ImageFile& file, std::string_view path, uint32_t rva, Symbol* symbol) override;

 private:
  using Table = std::shared_ptr<const SymbolTable>;
  struct Entry {
    Table table;  // nullptr: not read yet
    uint64_t used = 0;
  };
  struct Request {
    std::string key;
    std::string path;
    ImageNumbers numbers;
  };

  Table TableOf(const ImageFile& file, std::string_view path);
  void MakeRoom();
  void Run();
  void ReadFiles();

  const Options options_;
  const SipKey key_{RandomWord(), RandomWord()};
  // What the thread shares with who asks.
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable read_;
  std::deque<Request> queue_;
  std::unordered_map<std::string, Entry, TextHash, std::equal_to<>> entries_;
  size_t bytes_ = 0;
  bool stop_ = false;
  bool out_of_memory_ = false;  // and no file is read any more
  // Of who asks.
  uint64_t now_ = 0;
  std::string text_;
  Table last_;
  std::thread thread_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_IMAGE_SYMBOLS_H_
