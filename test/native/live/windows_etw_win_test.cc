// The structures against those of Windows, and the functions that Wine has.
#include <windows.h>
// After windows.h.
#include <evntcons.h>
#include <evntrace.h>
#include <gtest/gtest.h>

#include <cstddef>

#include "live/etw_system.h"
#include "support/same_field.h"

namespace nuthatch {
namespace {

static_assert(sizeof(WinEventHeader) == sizeof(EVENT_HEADER));
EXPECT_SAME_FIELD(WinEventHeader, size, EVENT_HEADER, Size);
EXPECT_SAME_FIELD(WinEventHeader, flags, EVENT_HEADER, Flags);
EXPECT_SAME_FIELD(WinEventHeader, properties, EVENT_HEADER, EventProperty);
EXPECT_SAME_FIELD(WinEventHeader, tid, EVENT_HEADER, ThreadId);
EXPECT_SAME_FIELD(WinEventHeader, pid, EVENT_HEADER, ProcessId);
EXPECT_SAME_FIELD(WinEventHeader, time, EVENT_HEADER, TimeStamp);
EXPECT_SAME_FIELD(WinEventHeader, provider, EVENT_HEADER, ProviderId);
EXPECT_SAME_FIELD(WinEventHeader, processor_time, EVENT_HEADER, ProcessorTime);
EXPECT_SAME_FIELD(WinEventHeader, activity, EVENT_HEADER, ActivityId);
static_assert(offsetof(WinEventHeader, id) == offsetof(EVENT_HEADER, EventDescriptor));
static_assert(offsetof(WinEventHeader, version) - offsetof(WinEventHeader, id) ==
              offsetof(EVENT_DESCRIPTOR, Version));
static_assert(offsetof(WinEventHeader, channel) - offsetof(WinEventHeader, id) ==
              offsetof(EVENT_DESCRIPTOR, Channel));
static_assert(offsetof(WinEventHeader, level) - offsetof(WinEventHeader, id) ==
              offsetof(EVENT_DESCRIPTOR, Level));
static_assert(offsetof(WinEventHeader, opcode) - offsetof(WinEventHeader, id) ==
              offsetof(EVENT_DESCRIPTOR, Opcode));
static_assert(offsetof(WinEventHeader, task) - offsetof(WinEventHeader, id) ==
              offsetof(EVENT_DESCRIPTOR, Task));
static_assert(offsetof(WinEventHeader, keyword) - offsetof(WinEventHeader, id) ==
              offsetof(EVENT_DESCRIPTOR, Keyword));
static_assert(WinEventHeader::kExtendedInfo == EVENT_HEADER_FLAG_EXTENDED_INFO);
static_assert(WinEventHeader::k32Bit == EVENT_HEADER_FLAG_32_BIT_HEADER);
static_assert(WinEventHeader::kTraceMessage == EVENT_HEADER_FLAG_TRACE_MESSAGE);
static_assert(WinEventHeader::kClassic == EVENT_HEADER_FLAG_CLASSIC_HEADER);
static_assert(WinEventHeader::kProcessorIndex == EVENT_HEADER_FLAG_PROCESSOR_INDEX);

static_assert(sizeof(WinExtendedItem) == sizeof(EVENT_HEADER_EXTENDED_DATA_ITEM));
EXPECT_SAME_FIELD(WinExtendedItem, type, EVENT_HEADER_EXTENDED_DATA_ITEM, ExtType);
EXPECT_SAME_FIELD(WinExtendedItem, size, EVENT_HEADER_EXTENDED_DATA_ITEM, DataSize);
EXPECT_SAME_FIELD(WinExtendedItem, data, EVENT_HEADER_EXTENDED_DATA_ITEM, DataPtr);

static_assert(sizeof(WinEventRecord) == sizeof(EVENT_RECORD));
static_assert(offsetof(WinEventRecord, cpu) == offsetof(EVENT_RECORD, BufferContext));
EXPECT_SAME_FIELD(WinEventRecord, item_count, EVENT_RECORD, ExtendedDataCount);
EXPECT_SAME_FIELD(WinEventRecord, payload_size, EVENT_RECORD, UserDataLength);
EXPECT_SAME_FIELD(WinEventRecord, items, EVENT_RECORD, ExtendedData);
EXPECT_SAME_FIELD(WinEventRecord, payload, EVENT_RECORD, UserData);
EXPECT_SAME_FIELD(WinEventRecord, context, EVENT_RECORD, UserContext);

static_assert(WinTraceProperties::kHeadSize == sizeof(EVENT_TRACE_PROPERTIES));
static_assert(offsetof(WinTraceProperties, name) == sizeof(EVENT_TRACE_PROPERTIES));
EXPECT_SAME_FIELD(WinTraceProperties, buffer_kilobytes, EVENT_TRACE_PROPERTIES, BufferSize);
EXPECT_SAME_FIELD(WinTraceProperties, least_buffers, EVENT_TRACE_PROPERTIES, MinimumBuffers);
EXPECT_SAME_FIELD(WinTraceProperties, most_buffers, EVENT_TRACE_PROPERTIES, MaximumBuffers);
EXPECT_SAME_FIELD(WinTraceProperties, mode, EVENT_TRACE_PROPERTIES, LogFileMode);
EXPECT_SAME_FIELD(WinTraceProperties, flush_timer, EVENT_TRACE_PROPERTIES, FlushTimer);
EXPECT_SAME_FIELD(WinTraceProperties, enable_flags, EVENT_TRACE_PROPERTIES, EnableFlags);
EXPECT_SAME_FIELD(WinTraceProperties, events_lost, EVENT_TRACE_PROPERTIES, EventsLost);
EXPECT_SAME_FIELD(WinTraceProperties, real_time_buffers_lost, EVENT_TRACE_PROPERTIES,
                  RealTimeBuffersLost);
EXPECT_SAME_FIELD(WinTraceProperties, file_name_at, EVENT_TRACE_PROPERTIES, LogFileNameOffset);
EXPECT_SAME_FIELD(WinTraceProperties, name_at, EVENT_TRACE_PROPERTIES, LoggerNameOffset);
static_assert(offsetof(WinTraceProperties, clock) == offsetof(WNODE_HEADER, ClientContext));
static_assert(offsetof(WinTraceProperties, flags) == offsetof(WNODE_HEADER, Flags));
static_assert(WinTraceProperties::kRealTime == EVENT_TRACE_REAL_TIME_MODE);
static_assert(WinTraceProperties::kSystemLogger == EVENT_TRACE_SYSTEM_LOGGER_MODE);

static_assert(sizeof(WinEnableParameters) == sizeof(ENABLE_TRACE_PARAMETERS));
EXPECT_SAME_FIELD(WinEnableParameters, properties, ENABLE_TRACE_PARAMETERS, EnableProperty);
EXPECT_SAME_FIELD(WinEnableParameters, filters, ENABLE_TRACE_PARAMETERS, EnableFilterDesc);
EXPECT_SAME_FIELD(WinEnableParameters, filter_count, ENABLE_TRACE_PARAMETERS, FilterDescCount);
static_assert(WinEnableParameters::kWithoutFilters == ENABLE_TRACE_PARAMETERS_VERSION);
static_assert(WinEnableParameters{}.version == ENABLE_TRACE_PARAMETERS_VERSION_2);

static_assert(sizeof(WinFilter) == sizeof(EVENT_FILTER_DESCRIPTOR));
EXPECT_SAME_FIELD(WinFilter, data, EVENT_FILTER_DESCRIPTOR, Ptr);
EXPECT_SAME_FIELD(WinFilter, size, EVENT_FILTER_DESCRIPTOR, Size);
EXPECT_SAME_FIELD(WinFilter, type, EVENT_FILTER_DESCRIPTOR, Type);
// mingw-w64 10 does not have these; by Microsoft's description.
#ifdef EVENT_FILTER_TYPE_STACKWALK
static_assert(WinFilter::kStackWalk == EVENT_FILTER_TYPE_STACKWALK);
static_assert(WinEventIds::kMost == MAX_EVENT_FILTER_EVENT_ID_COUNT);
EXPECT_SAME_FIELD(WinEventIds, filter_in, EVENT_FILTER_EVENT_ID, FilterIn);
EXPECT_SAME_FIELD(WinEventIds, count, EVENT_FILTER_EVENT_ID, Count);
static_assert(offsetof(WinEventIds, events) == offsetof(EVENT_FILTER_EVENT_ID, Events));
#endif
static_assert(offsetof(WinEventIds, reserved) == 1);
static_assert(offsetof(WinEventIds, count) == 2);
static_assert(offsetof(WinEventIds, events) == 4);

static_assert(sizeof(WinTraceFile) == sizeof(EVENT_TRACE_LOGFILEW));
EXPECT_SAME_FIELD(WinTraceFile, session, EVENT_TRACE_LOGFILEW, LoggerName);
EXPECT_SAME_FIELD(WinTraceFile, mode, EVENT_TRACE_LOGFILEW, ProcessTraceMode);
EXPECT_SAME_FIELD(WinTraceFile, on_buffer, EVENT_TRACE_LOGFILEW, BufferCallback);
EXPECT_SAME_FIELD(WinTraceFile, events_lost, EVENT_TRACE_LOGFILEW, EventsLost);
EXPECT_SAME_FIELD(WinTraceFile, on_event, EVENT_TRACE_LOGFILEW, EventRecordCallback);
EXPECT_SAME_FIELD(WinTraceFile, context, EVENT_TRACE_LOGFILEW, Context);
static_assert(WinTraceFile::kRealTime == PROCESS_TRACE_MODE_REAL_TIME);
static_assert(WinTraceFile::kRawTime == PROCESS_TRACE_MODE_RAW_TIMESTAMP);
static_assert(WinTraceFile::kEventRecord == PROCESS_TRACE_MODE_EVENT_RECORD);

static_assert(static_cast<uint32_t>(TraceControl::kStop) == EVENT_TRACE_CONTROL_STOP);
static_assert(static_cast<uint32_t>(TraceControl::kFlush) == EVENT_TRACE_CONTROL_FLUSH);
static_assert(static_cast<uint32_t>(ProviderControl::kCaptureState) ==
              EVENT_CONTROL_CODE_CAPTURE_STATE);
static_assert(kEtwNoSession == ERROR_WMI_INSTANCE_NOT_FOUND);
static_assert(kEtwNotAllAssigned == ERROR_NOT_ALL_ASSIGNED);
static_assert(kEtwNoResources == ERROR_NO_SYSTEM_RESOURCES);
static_assert(kEtwNoneMapped == ERROR_NONE_MAPPED);
static_assert(kEtwNotEnoughMemory == ERROR_NOT_ENOUGH_MEMORY);

class WindowsEtwTest : public testing::Test {
 protected:
  void SetUp() override {
    const Status status = LoadWindowsEtw(&system_);
    ASSERT_TRUE(status.ok()) << status.message();
  }

  std::shared_ptr<EtwSystem> system_;
};

TEST_F(WindowsEtwTest, ReadsBothClocksAtOnce) {
  const ClockReading first = system_->ReadClock();
  Sleep(20);
  const ClockReading second = system_->ReadClock();
  EXPECT_GT(first.frequency, 0u);
  const double by_counter =
      static_cast<double>(second.ticks - first.ticks) / static_cast<double>(first.frequency);
  const double by_time = static_cast<double>(second.file_time - first.file_time) / 1e7;
  EXPECT_GE(by_counter, 0.019);
  EXPECT_NEAR(by_counter, by_time, 0.05);
}

TEST_F(WindowsEtwTest, KnowsItsProcessAndWhatRuns) {
  ProcessIdentity self = system_->CurrentProcess();
  EXPECT_EQ(self.pid, GetCurrentProcessId());
  EXPECT_NE(self.started, 0u);
  EXPECT_TRUE(system_->IsRunning(self));
  ++self.started;
  EXPECT_FALSE(system_->IsRunning(self)) << "another one had its number";
  EXPECT_FALSE(system_->IsRunning({0xFFFFFFF0, 1}));
}

TEST_F(WindowsEtwTest, DescribesTheMachine) {
  const Machine machine = system_->Describe();
  EXPECT_FALSE(machine.computer.empty());
  EXPECT_TRUE(machine.windows_folder.ends_with("indows")) << machine.windows_folder;
  const auto is_c = [](const Machine::Volume& volume) { return volume.drive == "C:"; };
  EXPECT_TRUE(std::any_of(machine.volumes.begin(), machine.volumes.end(), is_c));
}

// As this machine's language has them; Wine's is English.
TEST_F(WindowsEtwTest, NamesAccountsBySid) {
  std::string name;
  std::string domain;
  ASSERT_EQ(system_->LookupAccountSid("S-1-5-18", &name, &domain), kEtwSuccess);
  EXPECT_EQ(name, "SYSTEM");
  EXPECT_EQ(domain, "NT AUTHORITY");
  ASSERT_EQ(system_->LookupAccountSid("S-1-5-32-544", &name, &domain), kEtwSuccess);
  EXPECT_EQ(name, "Administrators");
  EXPECT_EQ(domain, "BUILTIN");
}

TEST_F(WindowsEtwTest, ASidThatNobodyHasOrThatIsNoneIsAnError) {
  std::string name;
  std::string domain;
  EXPECT_EQ(system_->LookupAccountSid("S-1-5-21-11-22-33-1104", &name, &domain), kEtwNoneMapped);
  EXPECT_EQ(system_->LookupAccountSid("no SID", &name, &domain), uint32_t{ERROR_INVALID_SID});
  EXPECT_EQ(name + domain, "");
}

TEST_F(WindowsEtwTest, APrivilegeThatThereIsNotIsAnError) {
  EXPECT_NE(system_->EnablePrivilege(u"SeNoSuchPrivilege"), kEtwSuccess);
}

TEST_F(WindowsEtwTest, ASessionThatThereIsNotCannotBeOpened) {
  WinTraceFile file;
  char16_t name[] = u"Nuthatch no such session";
  file.session = name;
  file.mode = WinTraceFile::kRealTime | WinTraceFile::kEventRecord;
  uint32_t error = 0;
  EXPECT_EQ(system_->OpenTrace(&file, &error), EtwSystem::kNoTrace);
  EXPECT_NE(error, kEtwSuccess);
}

}  // namespace
}  // namespace nuthatch
