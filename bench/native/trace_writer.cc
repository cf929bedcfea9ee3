// Writes a trace of so many records to a file; what is in it bench/native/kernel_trace.h says:
//   trace_writer FILE RECORDS [mixed|server|dense] [CPUS] [compressed|plain] [ATTACK_EVERY]
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "kernel_trace.h"

namespace {

nuthatch::TraceMix MixOf(std::string_view name) {
  if (name == "server") return nuthatch::TraceMix::kServer;
  return name == "dense" ? nuthatch::TraceMix::kDense : nuthatch::TraceMix::kMixed;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr,
                 "usage: trace_writer FILE RECORDS [mixed|server|dense] [CPUS] [compressed|plain] "
                 "[ATTACK_EVERY]\n");
    return 2;
  }
  const nuthatch::TraceShape shape{
      .cpus = static_cast<uint16_t>(argc > 4 ? std::atoi(argv[4]) : 1),
      .compressed = argc > 5 && std::string_view(argv[5]) == "compressed",
      .attack_every = static_cast<uint32_t>(argc > 6 ? std::atoi(argv[6]) : 0)};
  const nuthatch::Bytes bytes = nuthatch::KernelTrace::Write(
      static_cast<size_t>(std::atoll(argv[2])), MixOf(argc > 3 ? argv[3] : "mixed"), shape);
  std::FILE* const file = std::fopen(argv[1], "wb");
  if (file == nullptr || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size() ||
      std::fclose(file) != 0) {
    std::perror(argv[1]);
    return 1;
  }
  return 0;
}
