// The tags of XML, as far as manifests need it: elements and their attributes, no text.
#ifndef NUTHATCH_ETW_XML_TAGS_H_
#define NUTHATCH_ETW_XML_TAGS_H_

#include <string>
#include <string_view>

namespace nuthatch {

struct XmlTag {
  std::string_view name;  // without a namespace's prefix
  bool closing = false;   // </name>
  bool empty = false;     // <name/>
  std::string_view attributes;

  // Of an attribute, with entities replaced; empty when there is none.
  std::string Get(std::string_view attribute) const;
};

// Comments, declarations and processing instructions are skipped.
class XmlTags {
 public:
  explicit XmlTags(std::string_view text) : rest_(text) {}
  // False at the end, and where a tag does not end.
  bool Next(XmlTag* tag);

 private:
  std::string_view rest_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_XML_TAGS_H_
