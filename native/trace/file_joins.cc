#include "trace/file_joins.h"

#include "base/create_disposition.h"

namespace nuthatch {
namespace {

// Whether NtCreateFile was asked for a new file, or new content. That a folder is to be created is
// often said of one that exists.
bool AsksForNewFile(uint32_t create_options) {
  constexpr uint32_t kDirectoryFile = 1;
  if ((create_options & kDirectoryFile) != 0) return false;
  const CreateDisposition disposition = DispositionOf(create_options);
  return disposition == CreateDisposition::kCreate || ReplacesContent(disposition);
}

bool AsksToReplaceFile(const EventFields& fields) {
  constexpr uint32_t kOpen = 1u << 24;
  return ReplacesContent(DispositionOf(fields.Number32(FieldSlot::kCreateOptions, kOpen)));
}

// IO_STATUS_BLOCK.Information of NtCreateFile.
bool IsNew(uint64_t information) {
  constexpr uint64_t kSuperseded = 0;
  constexpr uint64_t kCreated = 2;
  constexpr uint64_t kOverwritten = 3;
  return information == kSuperseded || information == kCreated || information == kOverwritten;
}

constexpr uint64_t kNoFile = 0;  // the payload does not say which

bool IsAbsolute(std::string_view path) { return path.starts_with('\\'); }

uint64_t BitOf(TraceEvent event) { return uint64_t{1} << static_cast<unsigned>(event); }

}  // namespace

void FileJoins::Expect(TraceKind kind) {
  expected_[static_cast<size_t>(kind.source)] |= BitOf(kind.event);
}

bool FileJoins::Expects(TraceKind kind, TraceEvent event) const {
  return (expected_[static_cast<size_t>(kind.source)] & BitOf(event)) != 0;
}

// The first name is that of the earliest file with this key, for later ones are said when they are
// opened.
void FileJoins::Learn(const EventFields& fields) {
  fields.Text(FieldSlot::kPath, &text_);
  const uint64_t key = fields.Number(FieldSlot::kFileKey, fields.Number(FieldSlot::kFileObject));
  if (key != 0) names_.PutIfAbsent(key, text_);
}

void FileJoins::Take(TraceKind kind, const EventFields& fields, bool says, uint32_t pid,
                     JoinedEvent* joined) {
  previous_.clear();
  if (kind.event == TraceEvent::kFileName) {
    fields.Text(FieldSlot::kPath, &text_);
    const uint64_t key = fields.Number(FieldSlot::kFileKey, fields.Number(FieldSlot::kFileObject));
    if (key != 0) names_.Put(key, text_);
    text_.clear();
    return;
  }
  text_.clear();
  if (says) {
    TakeOperation(kind, fields, pid, joined);
  } else {
    NameOf(fields, &text_);
  }
}

void FileJoins::FillPaths(const Volumes& volumes, JoinedEvent* joined) const {
  if (!text_.empty()) volumes.AppendPath(text_, &joined->file_path);
  if (!previous_.empty()) volumes.AppendPath(previous_, &joined->file_previous_path);
}

void FileJoins::TakeOperation(TraceKind kind, const EventFields& fields, uint32_t pid,
                              JoinedEvent* joined) {
  const uint64_t file = fields.Number(FieldSlot::kFileObject);
  switch (kind.event) {
    case TraceEvent::kFileCreate:
    case TraceEvent::kFileCreateNew:
      return Open(kind, fields, pid, joined);
    case TraceEvent::kFileOperationEnd:
      return Complete(fields, joined);
    case TraceEvent::kFileRenamePath:
      return Rename(fields, joined);
    case TraceEvent::kFileLink:
      return Link(fields, joined);
    case TraceEvent::kFileRename:
      NameOf(fields, &previous_);
      if (!Expects(kind, TraceEvent::kFileRenamePath)) joined->happened = EventType::kFileRename;
      return;
    case TraceEvent::kFileDeletePath:
      fields.Text(FieldSlot::kPath, &text_);
      if (text_.empty()) NameOf(fields, &text_);
      return Once(file, kDeleted, EventType::kFileDelete, joined);
    default:
      NameOf(fields, &text_);
  }
  switch (kind.event) {
    case TraceEvent::kFileSetInfo:
      return Resize(fields, joined);
    case TraceEvent::kFileWrite:
      return Once(file, kModified, EventType::kFileModify, joined);
    case TraceEvent::kFileDelete:
      if (Expects(kind, TraceEvent::kFileDeletePath)) return;
      return Once(file, kDeleted, EventType::kFileDelete, joined);
    case TraceEvent::kFileClose: {
      const RecentNames::Name* opened = open_.Find(file);
      joined->file_changed = opened != nullptr && opened->note != 0;
      return open_.Erase(file);
    }
    default:
      return;
  }
}

void FileJoins::Open(TraceKind kind, const EventFields& fields, uint32_t pid, JoinedEvent* joined) {
  const uint64_t file = fields.Number(FieldSlot::kFileObject);
  fields.Text(FieldSlot::kPath, &text_);
  RecentPaths::Path& opened = open_.Put(file, text_);
  if (kind.event == TraceEvent::kFileCreateNew)
    return Once(file, kCreated, EventType::kFileCreate, joined);
  opened.note = 0;
  const bool completes = Expects(kind, TraceEvent::kFileOperationEnd);
  if (completes) {
    bool added = false;
    creating_.Put(fields.Number(FieldSlot::kIrp), &added) = {file, pid, joined->stack};
    if (AsksToReplaceFile(fields)) opened.note = kMayReplace;
  } else if (!Expects(kind, TraceEvent::kFileCreateNew) &&
             AsksForNewFile(fields.Number32(FieldSlot::kCreateOptions, /*otherwise=*/1))) {
    Once(file, kCreated, EventType::kFileCreate, joined);
  } else {
    joined->file_changed = AsksToReplaceFile(fields);
  }
}

void FileJoins::Complete(const EventFields& fields, JoinedEvent* joined) {
  const uint64_t irp = fields.Number(FieldSlot::kIrp);
  const Pending* found = creating_.Find(irp);
  if (found == nullptr) return;
  const Pending pending = *found;
  creating_.Erase(irp);
  NameOf(pending.file, 0, &text_);
  joined->process.pid = pending.pid;
  joined->stack = pending.stack;
  const bool failed = static_cast<int32_t>(fields.Number32(FieldSlot::kStatus)) < 0;
  if (failed) return open_.Erase(pending.file);
  if (RecentPaths::Path* opened = open_.Find(pending.file)) opened->note &= ~uint32_t{kMayReplace};
  if (IsNew(fields.Number(FieldSlot::kExtraInformation, /*otherwise=*/1)))
    Once(pending.file, kCreated, EventType::kFileCreate, joined);
}

// What is set can be the file's length.
void FileJoins::Resize(const EventFields& fields, JoinedEvent* joined) {
  constexpr uint32_t kAllocation = 19;  // FileAllocationInformation
  constexpr uint32_t kEndOfFile = 20;   // FileEndOfFileInformation
  const uint32_t what = fields.Number32(FieldSlot::kInfoClass);
  if (what != kAllocation && what != kEndOfFile) return;
  joined->file_changed = true;
  if (RecentPaths::Path* opened = open_.Find(fields.Number(FieldSlot::kFileObject)))
    opened->note |= kResized;
}

// The file has another name from now on; another file that had it may be gone.
void FileJoins::Link(const EventFields& fields, JoinedEvent* joined) {
  std::string old_name;
  NameOf(fields, &old_name);
  fields.Text(FieldSlot::kPath, &text_);
  CompleteNewName(old_name);
  joined->file_changed = true;
}

// Only a name: within the same folder.
void FileJoins::CompleteNewName(const std::string& old_name) {
  if (!text_.empty() && text_.find('\\') == text_.npos)
    text_.insert(0, old_name, 0, old_name.find_last_of('\\') + 1);
}

void FileJoins::Rename(const EventFields& fields, JoinedEvent* joined) {
  NameOf(fields, &previous_);
  fields.Text(FieldSlot::kPath, &text_);
  joined->happened = EventType::kFileRename;
  CompleteNewName(previous_);
  if (!IsAbsolute(text_)) return;
  const uint64_t file = fields.Number(FieldSlot::kFileObject);
  const uint64_t key = fields.Number(FieldSlot::kFileKey);
  if (open_.Find(file) != nullptr) open_.Put(file, text_);
  if (key != 0) names_.Put(key, text_);
}

// Of a file that was opened before the first record nothing was said yet.
void FileJoins::Once(uint64_t file, Done done, EventType happened, JoinedEvent* joined) {
  RecentPaths::Path* opened = open_.Find(file);
  if (opened == nullptr) opened = &open_.Put(file, {});
  if (file == kNoFile) opened->note = 0;
  if ((opened->note & done) != 0) {
    joined->file_changed = true;
    return;
  }
  opened->note |= done;
  joined->happened = happened;
}

void FileJoins::NameOf(const EventFields& fields, std::string* name) const {
  NameOf(fields.Number(FieldSlot::kFileObject), fields.Number(FieldSlot::kFileKey), name);
}

// How it was opened, for that is of this very file object. It may be relative to a folder that is
// open: then the name of its key.
void FileJoins::NameOf(uint64_t file, uint64_t key, std::string* name) const {
  name->clear();
  if (const RecentPaths::Path* opened = file == kNoFile ? nullptr : open_.Find(file)) {
    open_.TextOf(*opened, name);
    if (IsAbsolute(*name)) return;
  }
  const RecentPaths::Path* known = key == 0 ? nullptr : names_.Find(key);
  if (known == nullptr) known = names_.Find(file);
  if (known != nullptr) names_.TextOf(*known, name);
}

}  // namespace nuthatch
