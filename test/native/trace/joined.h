// What is joined to the records of a trace, for tests.
#ifndef NUTHATCH_TEST_TRACE_JOINED_H_
#define NUTHATCH_TEST_TRACE_JOINED_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "etw/etl_writer.h"
#include "etw/event_decoder.h"
#include "etw/open_trace.h"
#include "pipeline/joined_json.h"
#include "trace/trace_joiner.h"

namespace nuthatch {

// What joins to each record, in the order of their times, as members of JSON without the first
// comma; the trace's own header left out. Of a live session nothing is known before it comes.
class Joined {
 public:
  static std::vector<std::string> OfFile(const std::vector<Bytes>& records) {
    return Joined().Run(records, true);
  }
  static std::vector<std::string> OfSession(const std::vector<Bytes>& records) {
    return Joined().Run(records, false);
  }

 private:
  std::vector<std::string> Run(const std::vector<Bytes>& records, bool learns) {
    EtlWriter writer({.buffer_size = 1 << 20});
    writer.Add({.records = records});
    EventDecoder decoder;
    TraceJoiner joiner;
    EtwRecord record;
    if (learns) {
      const auto reader = Open(writer.bytes());
      while (reader->Next(&record)) {
        if (joiner.ObserveToLearn(record)) joiner.Learn(decoder.Decode(record));
      }
    }
    const auto reader = Open(writer.bytes());
    JoinedJson json(&joiner);
    std::vector<std::string> lines;
    reader->Next(&record);
    while (reader->Next(&record)) {
      joiner.Observe(record);
      std::string line;
      const DecodedEvent& event = decoder.Decode(record);
      EXPECT_FALSE(event.incomplete) << event.provider << " " << event.name;
      json.Append(joiner.Join(event), &line);
      lines.push_back(line.empty() ? line : line.substr(1));
    }
    EXPECT_EQ(lines.size(), records.size());
    return lines;
  }
};

// Where the JSON value at `at` ends.
inline size_t EndOfValue(const std::string& json, size_t at) {
  int depth = 0;
  bool text = false;
  for (; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '\\' && text) {
      ++at;
    } else if (c == '"') {
      text = !text;
    } else if (!text && (c == '{' || c == '}' || c == '[' || c == ']')) {
      depth += c == '{' || c == '[' ? 1 : -1;
    } else if (!text && c == ',' && depth == 0) {
      break;
    }
  }
  return at;
}

// The member of that name in what was joined, as JSON; empty when there is none.
inline std::string Member(const std::string& joined, const std::string& name) {
  const std::string key = "\"" + name + "\":";
  for (size_t at = 0; at < joined.size();) {
    const size_t end = EndOfValue(joined, at);
    if (joined.compare(at, key.size(), key) == 0)
      return joined.substr(at + key.size(), end - at - key.size());
    at = end + 1;
  }
  return "";
}

// "file_create", or "".
inline std::string HappenedIn(const std::string& joined) {
  const std::string text = Member(joined, "happened");
  return text.empty() ? text : text.substr(1, text.size() - 2);
}

inline std::vector<std::string> AllHappened(const std::vector<std::string>& lines) {
  std::vector<std::string> all;
  for (const std::string& line : lines) all.push_back(HappenedIn(line));
  return all;
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_TRACE_JOINED_H_
