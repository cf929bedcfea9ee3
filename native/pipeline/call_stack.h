// What a call stack says: where each address is, and what follows from that.
#ifndef NUTHATCH_PIPELINE_CALL_STACK_H_
#define NUTHATCH_PIPELINE_CALL_STACK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enrich/symbol_source.h"
#include "pipeline/system_calls.h"
#include "trace/trace_joiner.h"

namespace nuthatch {

// Texts are empty where there is nothing, and truth values where it is not known. Lists are arrays
// of JSON. All but frames and kernel_modules are of the process's part.
struct CallStack {
  std::string frames;
  std::string modules;
  std::string symbols;
  std::string kernel_modules;
  std::string summary;
  std::string trace;  // as Sysmon has it; empty where an address may be in an image or not
  std::string final_user_module;
  std::optional<bool> contains_unbacked;
  std::optional<bool> direct_syscall;
  std::optional<bool> indirect_syscall;
  std::optional<bool> unbacked_code;

  // Keeps the texts' memory.
  void Clear();
};

class CallStackReader {
 public:
  // Both outlive this; without `symbols` there are no names.
  CallStackReader(TraceJoiner* joiner, SymbolSource* symbols)
      : joiner_(*joiner), symbols_(symbols) {}

  // Of a stack that was taken at that time. What it returns lasts until the next call.
  const CallStack& Read(const MatchedStack& stack, uint64_t time, const SystemCall& call);

 private:
  // What an address is in, and how lists name that.
  struct Frame {
    uint64_t address = 0;
    uint64_t offset = 0;  // in its image
    const ImageFile* file = nullptr;
    Mapping mapping = Mapping::kOwn;
    bool unbacked = false;  // else, without a file, unknown
    std::string symbol;     // empty without one
    uint32_t symbol_offset = 0;

    std::string_view place() const { return unbacked ? "unbacked" : "unknown"; }
  };

  void Locate(uint32_t pid, uint64_t address, uint64_t time, bool returns_there);
  void AppendFrame();
  void AppendUserFrame();
  void AppendModule(std::string* modules);
  void Judge(uint32_t pid, uint64_t time, const SystemCall& call);
  void JudgeSystemCall(const SystemCall& call);
  bool MakesSystemCalls(const ImageFile& file) const;
  const std::string& PathOf(const ImageFile& file);

  TraceJoiner& joiner_;
  SymbolSource* const symbols_;
  CallStack read_;
  Frame frame_;
  Frame innermost_;            // of the process's part
  std::optional<bool> knows_;  // all images of the process; asked for when it matters
  bool any_unbacked_ = false;
  bool any_unknown_ = false;
  const ImageFile* last_file_ = nullptr;
  std::string_view last_place_;
  std::vector<const ImageFile*> listed_;  // whose paths are in the list of modules
  std::string text_;
};

// Members of JSON, each with a comma before it but the first.
void AppendCallStackJson(const CallStack& stack, std::string* out);

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_CALL_STACK_H_
