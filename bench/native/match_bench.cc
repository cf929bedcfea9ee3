// Measures PropertyMatcher: match_bench TERMS VALUES [ROUNDS]
// TERMS has a term a line: match kind, all (0 or 1), case-sensitive (0 or 1), then its strings, all
// separated by tabs. VALUES has a value a line. Times are CPU time of this thread.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "evaluate/property_matcher.h"
#include "input.h"

namespace nuthatch {
namespace {

std::vector<std::string> ReadLines(const char* path) {
  std::ifstream file(path);
  if (!file) {
    std::fprintf(stderr, "match_bench: cannot read %s\n", path);
    std::_Exit(1);
  }
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

Term ParseTerm(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == '\t') {
      cells.emplace_back();
    } else {
      cells.back().push_back(c);
    }
  }
  if (cells.size() < 4) {
    std::fprintf(stderr, "match_bench: not a term: %s\n", line.c_str());
    std::_Exit(1);
  }
  return {PropertyId{},
          static_cast<MatchKind>(std::stoi(cells[0])),
          cells[1] == "1",
          cells[2] == "1",
          {cells.begin() + 3, cells.end()},
          {}};
}

int Main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: match_bench TERMS VALUES [ROUNDS]\n");
    return 2;
  }
  std::vector<Term> terms;
  for (const std::string& line : ReadLines(argv[1])) terms.push_back(ParseTerm(line));
  std::vector<const Term*> pointers;
  size_t strings = 0;
  for (const Term& term : terms) {
    pointers.push_back(&term);
    strings += term.strings.size();
  }
  const std::vector<std::string> values = ReadLines(argv[2]);
  size_t bytes = 0;
  for (const std::string& value : values) bytes += value.size();

  double start = CpuSeconds();
  std::unique_ptr<const PropertyMatcher> matcher;
  if (Status status = PropertyMatcher::Build(pointers, &matcher); !status.ok()) {
    std::fprintf(stderr, "match_bench: %s\n", status.message().c_str());
    return 1;
  }
  size_t lazy = 0;
  for (uint32_t i = 0; i < terms.size(); ++i) lazy += matcher->IsLazy(i);
  std::printf("build %.1f ms: %zu terms, %zu strings, %zu lazy\n", (CpuSeconds() - start) * 1e3,
              terms.size(), strings, lazy);

  const auto scratch = NewMatchScratch();
  std::vector<uint32_t> hits;
  double best = 1e9;
  size_t total = 0;
  for (int round = argc > 3 ? std::atoi(argv[3]) : 5; round > 0; --round) {
    total = 0;
    start = CpuSeconds();
    for (const std::string& value : values) {
      matcher->Match(Value::String(value), scratch.get(), &hits);
      total += hits.size();
    }
    best = std::min(best, CpuSeconds() - start);
  }
  const auto count = static_cast<double>(values.size());
  std::printf("match %.0f ns a value of %.0f bytes, %.2f ns a byte, %.2f hits a value\n",
              best * 1e9 / count, static_cast<double>(bytes) / count,
              best * 1e9 / static_cast<double>(bytes), static_cast<double>(total) / count);
  return 0;
}

}  // namespace
}  // namespace nuthatch

int main(int argc, char** argv) { return nuthatch::Main(argc, argv); }
