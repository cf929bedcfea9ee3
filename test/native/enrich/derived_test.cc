#include "enrich/derived.h"

#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "enrich/path_parts.h"

namespace nuthatch {
namespace {

TEST(PathDirectory, IsWhatIsBeforeTheLastSeparator) {
  EXPECT_EQ(PathDirectory("C:\\Windows\\System32\\cmd.exe"), "C:\\Windows\\System32");
  EXPECT_EQ(PathDirectory("/usr/bin/env"), "/usr/bin");
  EXPECT_EQ(PathDirectory("C:/a\\b"), "C:/a");
  EXPECT_EQ(PathDirectory("\\\\server\\share\\x"), "\\\\server\\share");
  EXPECT_EQ(PathDirectory("C:\\x"), "C:\\");
  EXPECT_EQ(PathDirectory("/x"), "/");
  EXPECT_EQ(PathDirectory("cmd.exe"), "");
  EXPECT_EQ(PathDirectory(""), "");
}

TEST(PathExtension, IsWhatFollowsTheLastDotOfTheName) {
  EXPECT_EQ(PathExtension("C:\\a.b\\archive.tar.gz"), "gz");
  EXPECT_EQ(PathExtension("C:\\a.b\\name"), "");
  EXPECT_EQ(PathExtension("/home/x/.bashrc"), "");
  EXPECT_EQ(PathExtension("name."), "");
  EXPECT_EQ(PathExtension("x.EXE"), "EXE");
}

class OneProperty : public PropertySource {
 public:
  OneProperty(PropertyId id, Value value) : id_(id), value_(value) {}
  Value Resolve(Event* event, PropertyId id) override {
    if (id == id_) return value_;
    return PropertyIsDerived(id) ? DeriveProperty(event, id) : Value::Missing();
  }

 private:
  PropertyId id_;
  Value value_;
};

Value Derive(PropertyId derived, PropertyId from, Value value, Event* event) {
  static OneProperty* source = nullptr;
  delete source;
  source = new OneProperty(from, value);
  event->Reset(EventType::kProcessStart, source);
  return event->Get(derived);
}

TEST(DeriveProperty, ComputesFromItsSource) {
  Event event;
  const Value path = Value::String("C:\\Windows\\cmd.exe");
  EXPECT_EQ(
      Derive(PropertyId::kProcessDirectory, PropertyId::kProcessPath, path, &event).strings()[0],
      "C:\\Windows");
  EXPECT_EQ(Derive(PropertyId::kFileExtension, PropertyId::kFilePath, path, &event).strings()[0],
            "exe");
  EXPECT_EQ(Derive(PropertyId::kImageDirectory, PropertyId::kImagePath, path, &event).strings()[0],
            "C:\\Windows");
  const Value line = Value::String("p^owershell");
  EXPECT_EQ(Derive(PropertyId::kCommandLineLength, PropertyId::kCommandLine, line, &event).number(),
            11);
  EXPECT_GT(
      Derive(PropertyId::kCommandLineEntropy, PropertyId::kCommandLine, line, &event).number(), 2);
  const Value plain =
      Derive(PropertyId::kDeobfuscatedCommandLine, PropertyId::kCommandLine, line, &event);
  ASSERT_EQ(plain.strings().size(), 2u);
  EXPECT_EQ(plain.strings()[1], "powershell");
}

// Of some properties.
class Properties : public PropertySource {
 public:
  explicit Properties(std::map<PropertyId, Value> values) : values_(std::move(values)) {}
  Value Resolve(Event* event, PropertyId id) override {
    if (const auto known = values_.find(id); known != values_.end()) return known->second;
    return PropertyIsDerived(id) ? DeriveProperty(event, id) : Value::Missing();
  }
  Value Get(PropertyId id) {
    event_.Reset(EventType::kProcessEnd, this);
    return event_.Get(id);
  }

 private:
  std::map<PropertyId, Value> values_;
  Event event_;
};

constexpr PropertyId kBroker = PropertyId::kProcessBroker;
constexpr PropertyId kSpoofed = PropertyId::kEvasionParentSpoofed;
constexpr PropertyId kRewritten = PropertyId::kEvasionCommandLineRewritten;
const std::pair<const PropertyId, Value> kSpooler = {
    PropertyId::kParentPath, Value::String("C:\\Windows\\System32\\services.exe")};

TEST(DeriveProperty, ABrokerIsTheParentWhereNoOtherCreatorIsTold) {
  EXPECT_EQ(Properties({kSpooler}).Get(kBroker).strings()[0], "service_control");
  Properties by_other({kSpooler, {PropertyId::kProcessCreatorPid, Value::Number(500)}});
  EXPECT_EQ(by_other.Get(kBroker).state(), ValueState::kMissing);
  Properties by_uac(
      {kSpooler,
       {PropertyId::kProcessCreatorPid, Value::Number(500)},
       {PropertyId::kProcessCreatorPath, Value::String("C:\\Windows\\System32\\svchost.exe")},
       {PropertyId::kProcessCreatorCommandLine,
        Value::String("svchost.exe -k netsvcs -s Appinfo")}});
  EXPECT_EQ(by_uac.Get(kBroker).strings()[0], "uac");
  EXPECT_EQ(by_uac.Get(kSpoofed).boolean(), false);
}

TEST(DeriveProperty, AParentIsSpoofedByWhoIsNoneOfWindowsServices) {
  const Value path = Value::String("C:\\x.exe");
  Properties by_other({kSpooler,
                       {PropertyId::kProcessCreatorPid, Value::Number(500)},
                       {PropertyId::kProcessCreatorPath, path}});
  EXPECT_TRUE(by_other.Get(kSpoofed).boolean());
  Properties by_kernel({kSpooler,
                        {PropertyId::kProcessCreatorPid, Value::Number(4)},
                        {PropertyId::kProcessCreatorPath, path}});
  EXPECT_FALSE(by_kernel.Get(kSpoofed).boolean());
  // Whose path is not known.
  Properties by_somebody({kSpooler, {PropertyId::kProcessCreatorPid, Value::Number(500)}});
  EXPECT_EQ(by_somebody.Get(kSpoofed).state(), ValueState::kMissing);
  EXPECT_EQ(Properties({kSpooler}).Get(kSpoofed).state(), ValueState::kMissing);
}

TEST(DeriveProperty, ACommandLineIsRewrittenWhenItEndsAsAnother) {
  const auto derive = [](Value at_start, Value at_end) {
    return Properties(
               {{PropertyId::kCommandLine, at_start}, {PropertyId::kCommandLineAtEnd, at_end}})
        .Get(kRewritten);
  };
  const Value line = Value::String("cmd /c a");
  EXPECT_TRUE(derive(line, Value::String("cmd /c b")).boolean());
  EXPECT_FALSE(derive(line, Value::String("cmd /c a")).boolean());
  EXPECT_EQ(derive(Value::Missing(), line).state(), ValueState::kMissing);
  EXPECT_EQ(derive(line, Value::Missing()).state(), ValueState::kMissing);
  EXPECT_EQ(derive(Value::Pending(), line).state(), ValueState::kPending);
}

TEST(DeriveProperty, IsMissingOrPendingWithItsSource) {
  Event event;
  for (int i = 0; i < static_cast<int>(kPropertyCount); ++i) {
    const auto id = static_cast<PropertyId>(i);
    if (!PropertyIsDerived(id)) continue;
    const PropertyId from = RowOf(id).derived_from;
    EXPECT_EQ(Derive(id, from, Value::Missing(), &event).state(), ValueState::kMissing);
    EXPECT_EQ(Derive(id, from, Value::Pending(), &event).state(), ValueState::kPending);
  }
  EXPECT_EQ(Derive(PropertyId::kProcessDirectory, PropertyId::kProcessPath,
                   Value::String("cmd.exe"), &event)
                .state(),
            ValueState::kMissing);
}

}  // namespace
}  // namespace nuthatch
