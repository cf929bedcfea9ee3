// Writes self-describing events: the items EVENT_SCHEMA_TL and PROV_TRAITS.
#ifndef NUTHATCH_TEST_ETW_TRACE_LOGGING_WRITER_H_
#define NUTHATCH_TEST_ETW_TRACE_LOGGING_WRITER_H_

#include <string_view>

#include "etw/decode_records.h"
#include "etw/etl_writer.h"

namespace nuthatch {

// `tags`: of the event, each byte but the last with its high bit set.
inline Bytes TraceLoggingSchema(std::string_view name, const ByteSink& fields,
                                const Bytes& tags = {0}) {
  ByteSink sink;
  sink.U16(2 + tags.size() + name.size() + 1 + fields.bytes().size());
  Append(tags, &sink);
  PutNarrow(name, &sink);
  Append(fields.bytes(), &sink);
  return sink.bytes();
}

// "Mine/Event". Its time is after that of the trace's header.
inline EventRecord SelfDescribing(const ByteSink& fields, const ByteSink& payload,
                                  const Bytes& tags = {0}) {
  return {.time = 2'000'000,
          .channel = 11,
          .items = {{11, TraceLoggingSchema("Event", fields, tags)},
                    {12, BytesOf(std::string_view("\6\0Mine\0", 7))}},
          .payload = payload.bytes()};
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_ETW_TRACE_LOGGING_WRITER_H_
