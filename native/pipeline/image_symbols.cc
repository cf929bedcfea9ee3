#include "pipeline/image_symbols.h"

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "image/exported_code.h"
#include "image/headers.h"
#include "platform/file.h"
#include "trust/image_root.h"

namespace nuthatch {
namespace {

bool Agree(uint32_t told, uint32_t read) { return told == 0 || read == 0 || told == read; }

std::unique_ptr<RegularFile> OpenImage(const std::optional<std::string>& folder, ImageRoot* root,
                                       const std::string& path) {
  std::unique_ptr<RegularFile> file;
  if (!folder) {
    OpenRegularFile(path, /*follow_links=*/false, &file);
  } else if (const auto below = root->Find(path)) {
    OpenRegularFileBelow(*folder, *below, &file);
  }
  return file;
}

// Empty where the file is no image, or another one.
SymbolTable ReadTable(RegularFile* file, const std::string& path, const ImageNumbers& numbers,
                      DebugHelp* debug) {
  SymbolTable table;
  ImageHeaders headers;
  Anomalies anomalies;
  if (file == nullptr || !ReadImageHeaders(file, &headers, &anomalies).ok()) return table;
  if (!Agree(numbers.timestamp, headers.timestamp) || !Agree(numbers.checksum, headers.checksum) ||
      !Agree(numbers.mapped_size, headers.image_size))
    return table;
  ImageView view(file, headers, &anomalies);
  std::vector<ExportedCode> functions = ReadExportedCode(&view);
  if (debug != nullptr)
    functions = MergeFunctions(std::move(functions), debug->Read(path, headers.timestamp));
  for (const ExportedCode& function : functions)
    table.Add(function.begin, function.end, function.name);
  return table;
}

}  // namespace

ImageSymbols::ImageSymbols(Options options)
    : options_(std::move(options)),
      entries_(/*bucket_count=*/64, TextHash{key_}),
      thread_([this] { Run(); }) {}

ImageSymbols::~ImageSymbols() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool ImageSymbols::Find(const ImageFile& file, std::string_view path, uint32_t rva,
                        Symbol* symbol) {
  Table table = TableOf(file, path);
  if (table == nullptr) return false;
  last_ = std::move(table);  // which has the name that is given out
  return last_->Find(rva, symbol);
}

// nullptr when it has not been read yet.
ImageSymbols::Table ImageSymbols::TableOf(const ImageFile& file, std::string_view path) {
  text_ = path;
  const ImageNumbers& numbers = file.numbers;
  for (const uint32_t number : {numbers.timestamp, numbers.checksum, numbers.mapped_size})
    text_.append(reinterpret_cast<const char*>(&number), sizeof(number));
  std::unique_lock lock(mutex_);
  if (out_of_memory_) throw std::bad_alloc();
  auto at = entries_.find(text_);
  if (at == entries_.end()) {
    if (queue_.size() >= kMaxQueue) return nullptr;  // it is asked for again
    MakeRoom();
    at = entries_.try_emplace(text_).first;
    queue_.push_back({text_, std::string(path), numbers});
    wake_.notify_one();
  }
  Entry& entry = at->second;  // stays: only who asks takes any away
  entry.used = ++now_;
  if (options_.waits) read_.wait(lock, [&] { return entry.table != nullptr || out_of_memory_; });
  if (out_of_memory_) throw std::bad_alloc();
  return entry.table;
}

// What is being read stays.
void ImageSymbols::MakeRoom() {
  while (bytes_ > kMaxBytes || entries_.size() >= kMaxFiles) {
    auto oldest = entries_.end();
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
      if (at->second.table == nullptr) continue;
      if (oldest == entries_.end() || at->second.used < oldest->second.used) oldest = at;
    }
    if (oldest == entries_.end()) return;
    bytes_ -= oldest->second.table->bytes();
    entries_.erase(oldest);
  }
}

void ImageSymbols::Run() {
  try {
    ReadFiles();
  } catch (const std::bad_alloc&) {
    const std::lock_guard lock(mutex_);
    out_of_memory_ = true;
    read_.notify_one();
  }
}

void ImageSymbols::ReadFiles() {
  std::optional<ImageRoot> root;
  if (options_.image_root) root.emplace(*options_.image_root);
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stop_ || !queue_.empty(); });
    if (stop_) return;
    const Request request = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    const auto file = OpenImage(options_.image_root, root ? &*root : nullptr, request.path);
    auto table = std::make_shared<const SymbolTable>(
        ReadTable(file.get(), request.path, request.numbers, options_.debug.get()));
    lock.lock();
    bytes_ += table->bytes();
    const auto at = entries_.find(request.key);
    if (at != entries_.end()) at->second.table = std::move(table);
    read_.notify_one();
  }
}

}  // namespace nuthatch
