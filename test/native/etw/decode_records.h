// Decodes records that tests write.
#ifndef NUTHATCH_TEST_ETW_DECODE_RECORDS_H_
#define NUTHATCH_TEST_ETW_DECODE_RECORDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "etw/etl_writer.h"
#include "etw/event_decoder.h"
#include "etw/event_text.h"
#include "etw/open_trace.h"

namespace nuthatch {

inline void PutWide(std::string_view text, ByteSink* sink) {
  for (const char c : text) sink->U16(static_cast<unsigned char>(c));
  sink->U16(0);
}
inline void PutNarrow(std::string_view text, ByteSink* sink) {
  sink->Append(text);
  sink->U8(0);
}

// Reads a trace of these records twice, as a file is read, and gives each but the trace's header.
template <typename Take>
void DecodeEach(const std::vector<Bytes>& records, const Take& take) {
  EtlWriter writer;
  writer.Add({.records = records});
  EventDecoder decoder;
  for (const bool learning : {true, false}) {
    const auto reader = Open(writer.bytes());
    EtwRecord record;
    for (reader->Next(&record); reader->Next(&record);) {
      if (learning) {
        decoder.Learn(record);
      } else {
        take(decoder.Decode(record));
      }
    }
  }
}

// "Provider/Event: Name=value; …", and what is left over.
inline std::vector<std::string> DecodeRecords(const std::vector<Bytes>& records) {
  std::vector<std::string> texts;
  DecodeEach(records, [&](const DecodedEvent& event) {
    std::string text =
        std::string(event.provider) + "/" + std::string(event.name) + ": " + TextOf(event);
    if (event.incomplete) text += " (incomplete)";
    if (!event.rest.empty()) text += " +" + std::to_string(event.rest.size());
    texts.push_back(text);
  });
  return texts;
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_ETW_DECODE_RECORDS_H_
