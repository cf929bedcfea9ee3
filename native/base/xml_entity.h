#ifndef NUTHATCH_BASE_XML_ENTITY_H_
#define NUTHATCH_BASE_XML_ENTITY_H_

#include <string_view>

namespace nuthatch {

// The code point that `entity`, what stands between & and ;, means; 0 for none.
char32_t XmlEntityCode(std::string_view entity);

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_XML_ENTITY_H_
