#include "pipeline/call_stack.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iterator>

#include "base/ascii.h"
#include "pipeline/json_writer.h"

namespace nuthatch {
namespace {

void AppendHex(std::string_view before, uint64_t number, std::string* out) {
  char digits[16];
  out->append(before).append(digits, std::to_chars(digits, std::end(digits), number, 16).ptr);
}

void AppendItem(std::string_view text, std::string* list) {
  *list += list->empty() ? '[' : ',';
  AppendJsonString(text, list);
}

void CloseList(std::string* list) {
  if (!list->empty()) *list += ']';
}

// Through which programs call Windows.
bool IsOfWin32(const ImageFile& file) {
  if (file.system != SystemImage::kNone) return true;
  constexpr std::string_view kNames[] = {"kernelbase.dll", "kernel32.dll", "gdi32full.dll",
                                         "advapi32.dll", "sechost.dll"};
  constexpr std::string_view kFolders[] = {R"(\system32\)", R"(\syswow64\)"};
  const std::string_view name = file.name();
  const std::string_view folder(file.path.data(), file.path.size() - name.size());
  const auto ends = [&](std::string_view end) {
    return folder.size() >= end.size() &&
           EqualIgnoringAsciiCase(folder.substr(folder.size() - end.size()), end);
  };
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view known) { return EqualIgnoringAsciiCase(name, known); }) &&
         std::any_of(std::begin(kFolders), std::end(kFolders), ends);
}

}  // namespace

const CallStack& CallStackReader::Read(const MatchedStack& stack, uint64_t time,
                                       const SystemCall& call) {
  read_.Clear();
  knows_.reset();
  any_unbacked_ = any_unknown_ = false;
  last_file_ = nullptr;
  last_place_ = {};
  listed_.clear();
  for (const uint64_t& address : stack.kernel) {
    Locate(ImageMap::kKernel, address, time, /*returns_there=*/&address != stack.kernel.data());
    AppendFrame();
    AppendModule(&read_.kernel_modules);
  }
  listed_.clear();
  for (const uint64_t& address : stack.user) {
    const bool first = &address == stack.user.data();
    Locate(stack.pid, address, time, /*returns_there=*/true);
    if (first) innermost_ = frame_;
    AppendFrame();
    AppendUserFrame();
  }
  if (!stack.user.empty()) Judge(stack.pid, time, call);
  if (any_unknown_) read_.trace.clear();  // Sysmon says UNKNOWN of what is in no image
  for (std::string* list : {&read_.frames, &read_.modules, &read_.symbols, &read_.kernel_modules})
    CloseList(list);
  return read_;
}

// An address to which a call returns is behind it, which may be the end of its function.
void CallStackReader::Locate(uint32_t pid, uint64_t address, uint64_t time, bool returns_there) {
  const LocatedAddress found = joiner_.images()->Find(pid, address, time);
  frame_.address = address;
  frame_.file = found.file;
  frame_.mapping = found.mapping;
  frame_.offset = address - found.base;
  frame_.unbacked = false;
  frame_.symbol.clear();
  if (found.file == nullptr && pid != ImageMap::kKernel) {
    if (!knows_) knows_ = joiner_.images()->Knows(pid, time);
    frame_.unbacked = *knows_ && !found.gave_up;
    (frame_.unbacked ? any_unbacked_ : any_unknown_) = true;
  }
  if (symbols_ == nullptr || found.file == nullptr) return;
  const uint64_t before = returns_there && frame_.offset > 0 ? 1 : 0;
  Symbol symbol;
  const auto rva = static_cast<uint32_t>(frame_.offset - before);
  if (!symbols_->Find(*found.file, PathOf(*found.file), rva, &symbol)) return;
  frame_.symbol = symbol.name;
  frame_.symbol_offset = symbol.offset + static_cast<uint32_t>(before);
}

// "C:\Windows\System32\ntdll.dll!NtOpenProcess+0x14"
void CallStackReader::AppendFrame() {
  text_.assign(frame_.file == nullptr ? frame_.place() : std::string_view(PathOf(*frame_.file)));
  if (frame_.file == nullptr) {
    AppendHex("+0x", frame_.address, &text_);
  } else if (frame_.symbol.empty()) {
    AppendHex("+0x", frame_.offset, &text_);
  } else {
    text_.append("!").append(frame_.symbol);
    AppendHex("+0x", frame_.symbol_offset, &text_);
  }
  AppendItem(text_, &read_.frames);
}

void CallStackReader::AppendUserFrame() {
  const ImageFile* const file = frame_.file;
  const std::string_view name = file == nullptr ? frame_.place() : file->name();
  text_ = name;
  if (file != nullptr && !frame_.symbol.empty()) text_.append("!").append(frame_.symbol);
  if (file != nullptr && frame_.symbol.empty()) AppendHex("+0x", frame_.offset, &text_);
  AppendItem(text_, &read_.symbols);

  if (!read_.trace.empty()) read_.trace += '|';
  if (file != nullptr) {
    AppendHex(PathOf(*file) + "+", frame_.offset, &read_.trace);
  } else {
    char digits[17];
    std::snprintf(digits, sizeof(digits), "%016llX",
                  static_cast<unsigned long long>(frame_.address));
    read_.trace.append("UNKNOWN(").append(digits).append(")");
  }

  const bool repeated = file != nullptr ? file == last_file_ : frame_.place() == last_place_;
  if (!repeated) {
    if (!read_.summary.empty()) read_.summary += '|';
    read_.summary += name;
  }
  last_file_ = file;
  last_place_ = file == nullptr ? frame_.place() : std::string_view();

  AppendModule(&read_.modules);
  if (!read_.final_user_module.empty() || (file != nullptr && IsOfWin32(*file))) return;
  read_.final_user_module = file == nullptr ? std::string(frame_.place()) : PathOf(*file);
}

// Each once.
void CallStackReader::AppendModule(std::string* modules) {
  if (frame_.file == nullptr) return;
  if (std::find(listed_.begin(), listed_.end(), frame_.file) != listed_.end()) return;
  listed_.push_back(frame_.file);
  AppendItem(PathOf(*frame_.file), modules);
}

void CallStackReader::Judge(uint32_t pid, uint64_t time, const SystemCall& call) {
  if (any_unbacked_) {
    read_.contains_unbacked = true;
    if (!joiner_.images()->MakesCode(pid, time)) read_.unbacked_code = true;
  } else if (!any_unknown_) {
    read_.contains_unbacked = read_.unbacked_code = false;
  }
  if (!knows_) knows_ = joiner_.images()->Knows(pid, time);
  if (*knows_ && call.certain) JudgeSystemCall(call);
}

void CallStackReader::JudgeSystemCall(const SystemCall& call) {
  const ImageFile* const file = innermost_.file;
  if (file == nullptr && !innermost_.unbacked) return;
  const bool may_be_own = file != nullptr && MakesSystemCalls(*file);
  if (may_be_own && innermost_.mapping == Mapping::kUnknown) return;
  read_.direct_syscall = !may_be_own || innermost_.mapping == Mapping::kCopy;
  if (*read_.direct_syscall || file->system != SystemImage::kNtdll || call.functions.empty())
    return;
  // Only what is in another system call's stub is told: what else ntdll does is its own affair.
  std::string_view name = innermost_.symbol;
  if (!name.starts_with("Nt") && !name.starts_with("Zw")) return;
  name.remove_prefix(2);
  read_.indirect_syscall =
      std::none_of(call.functions.begin(), call.functions.end(),
                   [&](std::string_view function) { return function.substr(2) == name; });
}

// The very files of Windows that have such code. Before win32u.dll was, its callers had it.
bool CallStackReader::MakesSystemCalls(const ImageFile& file) const {
  const ImageMap& images = *joiner_.images();
  switch (file.system) {
    case SystemImage::kNone:
      return false;
    case SystemImage::kUser32:
    case SystemImage::kGdi32:
    case SystemImage::kImm32:
      return images.IsGenuine(file) && !images.Has(SystemImage::kWin32u);
    default:
      return images.IsGenuine(file);
  }
}

const std::string& CallStackReader::PathOf(const ImageFile& file) {
  const Volumes& volumes = joiner_.volumes();
  if (file.shown_revision == volumes.revision()) return file.shown;
  file.shown.clear();
  volumes.AppendPath(file.path, &file.shown);
  file.shown_revision = volumes.revision();
  return file.shown;
}

void CallStack::Clear() {
  for (std::string* text :
       {&frames, &modules, &symbols, &kernel_modules, &summary, &trace, &final_user_module})
    text->clear();
  contains_unbacked.reset();
  direct_syscall.reset();
  indirect_syscall.reset();
  unbacked_code.reset();
}

void AppendCallStackJson(const CallStack& stack, std::string* out) {
  const char* before = "";
  const auto key = [&](std::string_view name) {
    out->append(before).append("\"").append(name).append("\":");
    before = ",";
  };
  const auto list = [&](std::string_view name, const std::string& json) {
    if (json.empty()) return;
    key(name);
    *out += json;
  };
  const auto text = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    key(name);
    AppendJsonString(value, out);
  };
  const auto truth = [&](std::string_view name, std::optional<bool> value) {
    if (!value) return;
    key(name);
    *out += *value ? "true" : "false";
  };
  text("summary", stack.summary);
  list("frames", stack.frames);
  list("symbols", stack.symbols);
  list("modules", stack.modules);
  list("kernel_modules", stack.kernel_modules);
  text("final_user_module", stack.final_user_module);
  text("trace", stack.trace);
  truth("contains_unbacked", stack.contains_unbacked);
  truth("unbacked_code", stack.unbacked_code);
  truth("direct_syscall", stack.direct_syscall);
  truth("indirect_syscall", stack.indirect_syscall);
}

}  // namespace nuthatch
