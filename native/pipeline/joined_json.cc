#include "pipeline/joined_json.h"

#include <array>
#include <charconv>

#include "base/ip_address.h"
#include "pipeline/json_writer.h"

namespace nuthatch {
namespace {

void Text(std::string_view key, std::string_view value, std::string* out) {
  if (value.empty()) return;
  out->append(key);
  AppendJsonString(value, out);
}

void Number(std::string_view key, uint32_t value, std::string* out) {
  if (value == 0) return;
  out->append(key);
  AppendJsonNumber(uint64_t{value}, out);
}

void AppendIds(uint32_t pid, uint64_t start, std::string* out) {
  *out += "{\"guid\":\"";
  AppendProcessGuid(pid, start, out);
  *out += "\",\"pid\":";
  AppendJsonNumber(uint64_t{pid}, out);
}

// Replaces the comma after which members come by an opening brace.
void BeginObject(std::string_view key, size_t begin, std::string* out) {
  (*out)[begin] = '{';
  out->insert(begin, key);
  *out += '}';
}

void Ip(std::string_view key, std::span<const uint8_t> ip, std::string* out) {
  if (ip.empty()) return;
  out->append(key) += '"';
  AppendIp(ip, out);
  *out += '"';
}

void AppendConnection(const JoinedConnection& connection, std::string* out) {
  *out += connection.inbound ? ",\"network\":{\"direction\":\"inbound\""
                             : ",\"network\":{\"direction\":\"outbound\"";
  *out += connection.udp ? ",\"protocol\":\"udp\"" : ",\"protocol\":\"tcp\"";
  Ip(",\"local_ip\":", connection.local_ip, out);
  *out += ",\"local_port\":";
  AppendJsonNumber(uint64_t{connection.local_port}, out);
  Ip(",\"remote_ip\":", connection.remote_ip, out);
  *out += ",\"remote_port\":";
  AppendJsonNumber(uint64_t{connection.remote_port}, out);
  *out += '}';
}

void AppendFile(const JoinedEvent& joined, std::string* out) {
  const size_t begin = out->size();
  Text(",\"path\":", joined.file_path, out);
  Text(",\"previous_path\":", joined.file_previous_path, out);
  if (out->size() > begin) BeginObject(",\"file\":", begin, out);
}

void AppendKey(const JoinedEvent& joined, std::string* out) {
  const size_t begin = out->size();
  Text(",\"path\":", joined.key_path, out);
  if (joined.has_value) {
    *out += ",\"value\":";
    AppendJsonString(joined.value_name, out);
  }
  if (!joined.data_type.empty()) {
    *out += ",\"data\":";
    AppendJsonString(joined.data, out);
    Text(",\"data_type\":", joined.data_type, out);
  }
  if (out->size() > begin) BeginObject(",\"key\":", begin, out);
}

// `text_of` gives the text of a process, or none.
template <typename TextOf>
bool AppendTexts(Processes processes, TextOf text_of, std::string* out) {
  const size_t begin = out->size();
  for (const Process* process : processes) {
    const std::string_view text = text_of(*process);
    if (text.empty()) continue;
    *out += out->size() == begin ? '[' : ',';
    AppendJsonString(text, out);
  }
  if (out->size() == begin) return false;
  *out += ']';
  return true;
}

}  // namespace

bool AppendNames(Processes processes, std::string* out) {
  return AppendTexts(
      processes, [](const Process& process) { return process.name(); }, out);
}

bool AppendPaths(Processes processes, const Volumes& volumes, std::string* scratch,
                 std::string* out) {
  const auto path_of = [&](const Process& process) {
    scratch->clear();
    if (!process.path.empty()) volumes.AppendPath(process.path, scratch);
    return std::string_view(*scratch);
  };
  return AppendTexts(processes, path_of, out);
}

void AppendProcessGuid(uint32_t pid, uint64_t start, std::string* out) {
  AppendJsonNumber(uint64_t{pid}, out);
  *out += '-';
  char digits[16];
  out->append(digits, std::to_chars(digits, digits + sizeof(digits), start, 16).ptr);
}

void AppendIp(std::span<const uint8_t> ip, std::string* out) {
  char text[kLongestIpText];
  char* const end = ip.size() == 4 ? FormatIpv4(ip.data(), text) : FormatIpv6(ip.data(), text);
  out->append(text, end);
}

void JoinedJson::Append(const JoinedEvent& joined, std::string* out) {
  Text(",\"device\":", joiner_.computer(), out);
  if (joined.happened) Text(",\"happened\":", EventTypeName(*joined.happened), out);
  if (joined.process.pid != kNoProcess) {
    *out += ",\"process\":";
    AppendProcess(joined.process, out);
  }
  if (joined.target.pid != kNoProcess) {
    *out += ",\"target\":";
    if (joined.target.known != nullptr) {
      AppendIdentity(*joined.target.known, out);
    } else {
      AppendIds(joined.target.pid, 0, out);
    }
    *out += '}';
  }
  if (!joined.image_path.empty()) {
    Text(",\"image\":{\"path\":", joined.image_path, out);
    *out += '}';
  }
  AppendFile(joined, out);
  AppendKey(joined, out);
  if (joined.network.known) AppendConnection(joined.network, out);
}

void JoinedJson::AppendProcess(const JoinedProcess& process, std::string* out) {
  if (process.known == nullptr) {
    AppendIds(process.pid, 0, out);
    *out += '}';
    return;
  }
  const RecentNames::Name* made = processes_.Find(process.known->id);
  const auto revision = static_cast<uint32_t>(joiner_.revision());
  if (made == nullptr || made->note != revision) {
    text_.clear();
    AppendAncestry(*process.known, &text_);
    RecentNames::Name& put = processes_.Put(process.known->id, text_);
    put.note = revision;
    made = &put;
  }
  *out += made->text();
}

void JoinedJson::AppendAncestry(const Process& process, std::string* out) {
  AppendIdentity(process, out);
  AppendFacts(process, out);
  Number(",\"image_timestamp\":", process.image_timestamp, out);
  Number(",\"image_checksum\":", process.image_checksum, out);
  AppendParents(process, out);
  if (process.is_created_by_other()) {
    *out += ",\"creator\":";
    if (const Process* creator = joiner_.history().CreatorOf(process)) {
      AppendIdentity(*creator, out);
      AppendFacts(*creator, out);
    } else {
      *out += "{\"pid\":";
      AppendJsonNumber(uint64_t{process.creator_pid}, out);
    }
    *out += '}';
  }
  *out += '}';
}

void JoinedJson::AppendParents(const Process& process, std::string* out) {
  std::array<const Process*, ProcessHistory::kMaxAncestors> all;
  const size_t size = joiner_.history().AncestorsOf(process, all);
  if (size == 0) {
    if (process.parent_pid == kNoProcess) return;
    *out += ",\"parent\":{\"pid\":";
    AppendJsonNumber(uint64_t{process.parent_pid}, out);
    *out += '}';
    return;
  }
  *out += ",\"parent\":";
  AppendIdentity(*all[0], out);
  AppendFacts(*all[0], out);
  if (size > 1 && !all[1]->name().empty()) {
    Text(",\"parent\":{\"name\":", all[1]->name(), out);
    *out += '}';
  }
  *out += '}';
  const Processes ancestors(all.data(), size);
  const auto member = [&](std::string_view key, auto append) {
    const size_t before = out->size();
    *out += key;
    if (!append()) out->resize(before);
  };
  member(",\"ancestor_names\":", [&] { return AppendNames(ancestors, out); });
  member(",\"ancestor_paths\":",
         [&] { return AppendPaths(ancestors, joiner_.volumes(), &path_, out); });
}

// Without its closing brace.
void JoinedJson::AppendIdentity(const Process& process, std::string* out) {
  AppendIds(process.pid, process.start_time(), out);
  Text(",\"name\":", process.name(), out);
  AppendPath(process.path, out);
}

void JoinedJson::AppendFacts(const Process& process, std::string* out) {
  Text(",\"command_line\":", process.command_line, out);
  Text(",\"user_sid\":", process.user_sid, out);
  if (const Account* const account = joiner_.AccountOf(process)) {
    Text(",\"username\":", account->name, out);
    Text(",\"user_domain\":", account->domain, out);
  }
  if (process.session != kNoProcess) {
    *out += ",\"session_id\":";
    AppendJsonNumber(uint64_t{process.session}, out);
  }
  Text(",\"integrity\":", process.integrity, out);
}

void JoinedJson::AppendPath(std::string_view nt_path, std::string* out) {
  if (nt_path.empty()) return;
  path_.clear();
  joiner_.volumes().AppendPath(nt_path, &path_);
  Text(",\"path\":", path_, out);
}

}  // namespace nuthatch
