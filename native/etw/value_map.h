// Names of the values of a field.
#ifndef NUTHATCH_ETW_VALUE_MAP_H_
#define NUTHATCH_ETW_VALUE_MAP_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/guid.h"

namespace nuthatch {

struct ValueMap {
  static constexpr size_t kMaxNames = 4096;

  bool bits = false;  // names are of bits, of which a value has several
  std::map<uint64_t, std::string> names;

  // Appends the name of a value; the names of a value's bits as "Read|Write|0x40", where those
  // without a name are one number. False, and nothing, when no name fits.
  bool Append(uint64_t value, std::string* out) const;
};

// Those that a trace has. A schema may refer to one before the trace gives it: it is empty until
// then, and stays where it is.
class ValueMaps {
 public:
  static constexpr size_t kMaxBytes = size_t{4} << 20;

  // nullptr when there is no room for another.
  ValueMap* Get(const Guid& provider, std::string_view name);
  // The first one of a name stays.
  void Learn(const Guid& provider, std::string_view name, ValueMap map);

 private:
  std::map<std::pair<Guid, std::string>, ValueMap> maps_;
  size_t bytes_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_VALUE_MAP_H_
