// Writes the trace that etl_bench measures, of so many records, to a file: trace_writer FILE
// RECORDS
#include <cstdio>
#include <cstdlib>

#include "kernel_trace.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: trace_writer FILE RECORDS\n");
    return 2;
  }
  const nuthatch::Bytes bytes =
      nuthatch::KernelTrace::Write(static_cast<size_t>(std::atoll(argv[2])));
  std::FILE* const file = std::fopen(argv[1], "wb");
  if (file == nullptr || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size() ||
      std::fclose(file) != 0) {
    std::perror(argv[1]);
    return 1;
  }
  return 0;
}
