// Providers that exist to be watched. Sources: dumps of the manifests of Windows 10 and 11
// (jdu2600/Windows10EtwEvents, nasbench/EVTX-ETW-Resources, repnz/etw-providers-docs), which have
// the names and types of fields, but not the lengths of binary ones.
#include "etw/layout_tables.h"

namespace nuthatch {
namespace {

// 1803 names the events. CreateSymbolicLinkObject and OpenThread are written as the dumps have
// them: TargetThreatId is a thread.
constexpr LayoutRow kKernelAuditApiCalls[] = {
    {"1 PsSetLoadImageNotifyRoutine", 0, "ptr NotifyRoutineAddress, ntstatus ReturnCode"},
    {"2 TerminateProcess", 0, "pid TargetProcessId, ntstatus ReturnCode"},
    {"2 TerminateProcess", 1,
     "pid TargetProcessId, ntstatus ReturnCode, u64 TargetProcessStartKey, "
     "filetime TargetProcessCreationTime"},
    {"3 CreateSymbolicLinkObject", 0,
     "wstr LinkSourceName, wstr LinkTargetName, hex32 DesiredAccess, ntstatus ReturnCode"},
    {"4 SetContextThread", 0, "ntstatus ReturnCode"},
    {"5 OpenProcess", 0, "pid TargetProcessId, hex32 DesiredAccess, ntstatus ReturnCode"},
    {"6 OpenThread", 0,
     "pid TargetProcessId, tid TargetThreatId, hex32 DesiredAccess, ntstatus ReturnCode"},
    {"7 IoRegisterLastChanceShutdownNotification, 8 IoRegisterShutdownNotification", 0,
     "wstr DriverName, ntstatus ReturnCode"},
};

// Version 0 of 1803 lacks what 1809 has in version 0; from 1903 on that is version 1. Windows 11
// counts on; what it adds is not published, and stays in the rest.
#define TI_PROCESS(who)                                                                          \
  "pid " who "ProcessId, filetime " who "ProcessCreateTime, u64 " who "ProcessStartKey, u8 " who \
  "ProcessSignatureLevel, u8 " who "ProcessSectionSignatureLevel, u8 " who "ProcessProtection"
#define TI_CALLER TI_PROCESS("Calling") ", tid CallingThreadId, filetime CallingThreadCreateTime"
#define TI_BOTH TI_CALLER ", " TI_PROCESS("Target")
#define TI_ORIGINAL ", " TI_PROCESS("Original")
#define TI_THREAD ", tid TargetThreadId, filetime TargetThreadCreateTime"
#define TI_STATUS "ntstatus OperationStatus, "
#define TI_VAD(what)                                                                        \
  ", ntstatus " what "VadQueryResult, ptr " what "VadAllocationBase, hex32 " what           \
  "VadAllocationProtect, hex32 " what "VadRegionType, ptr " what "VadRegionSize, ptr " what \
  "VadCommitSize, wstr " what "VadMmfName"
#define TI_APC ", ptr ApcRoutine, ptr ApcArgument1, ptr ApcArgument2, ptr ApcArgument3"
#define TI_REGISTERS                                                                              \
  ", hex16 ContextMask, ptr Pc, ptr Sp, ptr Lr, ptr Fp, ptr Reg0, ptr Reg1, ptr Reg2, ptr Reg3, " \
  "ptr Reg4, ptr Reg5, ptr Reg6, ptr Reg7"
#define TI_ALLOC                                                         \
  "1 ALLOCVM_REMOTE, 6 ALLOCVM_LOCAL, 21 ALLOCVM_REMOTE_KERNEL_CALLER, " \
  "26 ALLOCVM_LOCAL_KERNEL_CALLER"
#define TI_PROTECT                                                             \
  "2 PROTECTVM_REMOTE, 7 PROTECTVM_LOCAL, 22 PROTECTVM_REMOTE_KERNEL_CALLER, " \
  "27 PROTECTVM_LOCAL_KERNEL_CALLER"
#define TI_QUEUE "4 QUEUEUSERAPC_REMOTE, 9 QUEUEUSERAPC_LOCAL, 24 QUEUEUSERAPC_REMOTE_KERNEL_CALLER"
#define TI_CONTEXT \
  "5 SETTHREADCONTEXT_REMOTE, 10 SETTHREADCONTEXT_LOCAL, 25 SETTHREADCONTEXT_REMOTE_KERNEL_CALLER"
#define TI_ALLOCATED ", ptr BaseAddress, ptr RegionSize, hex32 AllocationType, hex32 ProtectionMask"
#define TI_PROTECTED \
  ", ptr BaseAddress, ptr RegionSize, hex32 ProtectionMask, hex32 LastProtectionMask"
#define TI_QUEUED                                                               \
  TI_BOTH TI_THREAD TI_ORIGINAL ", bool8 TargetThreadAlertable" TI_APC          \
                                ", filetime RealEventTime" TI_VAD("ApcRoutine") \
                                    TI_VAD("ApcArgument1")
#define TI_SET_CONTEXT \
  TI_BOTH TI_THREAD ", hex32 ContextFlags" TI_REGISTERS ", filetime RealEventTime" TI_VAD("Pc")
constexpr LayoutRow kThreatIntelligence[] = {
    {TI_ALLOC, 0, TI_BOTH TI_ALLOCATED},
    {TI_ALLOC, 0, TI_BOTH TI_ORIGINAL TI_ALLOCATED},
    {TI_ALLOC, 1, TI_BOTH TI_ORIGINAL TI_ALLOCATED},
    {TI_PROTECT, 0, TI_BOTH TI_PROTECTED},
    {TI_PROTECT, 0, TI_BOTH TI_ORIGINAL TI_PROTECTED},
    {TI_PROTECT, 1, TI_BOTH TI_ORIGINAL TI_PROTECTED},
    {TI_QUEUE, 0, TI_STATUS TI_BOTH TI_THREAD TI_APC TI_VAD("ApcRoutine") TI_VAD("ApcArgument1")},
    {TI_QUEUE, 0, TI_QUEUED},
    {TI_QUEUE, 1, TI_QUEUED},
    {TI_CONTEXT, 0, TI_STATUS TI_BOTH TI_THREAD TI_REGISTERS TI_VAD("Pc")},
    {TI_CONTEXT, 0, TI_SET_CONTEXT},
    {TI_CONTEXT, 1, TI_SET_CONTEXT},
    {"3 MAPVIEW_REMOTE, 8 MAPVIEW_LOCAL, 23 MAPVIEW_REMOTE_KERNEL_CALLER, "
     "28 MAPVIEW_LOCAL_KERNEL_CALLER",
     0, TI_BOTH ", ptr BaseAddress, ptr ViewSize, hex32 AllocationType, hex32 ProtectionMask"},
    {"11 READVM_LOCAL, 12 WRITEVM_LOCAL, 13 READVM_REMOTE, 14 WRITEVM_REMOTE", 0,
     TI_STATUS TI_BOTH ", ptr BaseAddress, ptr BytesCopied"},
    {"15 SUSPEND_THREAD, 16 RESUME_THREAD", 0, TI_STATUS TI_BOTH TI_THREAD},
    {"17 SUSPEND_PROCESS, 18 RESUME_PROCESS, 19 FREEZE_PROCESS, 20 THAW_PROCESS", 0,
     TI_STATUS TI_BOTH},
    // Whether the length is of characters, and whether there is a NUL, is not published.
    {"29 DRIVER_OBJECT_LOAD", 1,
     "u16 DriverNameLength, wstr(DriverNameLength) DriverName, hex32 CodeIntegrityOption"},
    {"29 DRIVER_OBJECT_LOAD", 1,
     "u16 DriverNameLength, wstr DriverName, hex32 CodeIntegrityOption"},
    {"30 DRIVER_OBJECT_UNLOAD", 1, "u16 DriverNameLength, wstr(DriverNameLength) DriverName"},
    {"30 DRIVER_OBJECT_UNLOAD", 1, "u16 DriverNameLength, wstr DriverName"},
    {"31 DEVICE_OBJECT_LOAD, 32 DEVICE_OBJECT_UNLOAD", 1,
     "u16 DriverNameLength, wstr(DriverNameLength) DriverName, u16 DeviceNameLength, "
     "wstr(DeviceNameLength) DeviceName"},
    {"31 DEVICE_OBJECT_LOAD, 32 DEVICE_OBJECT_UNLOAD", 1,
     "u16 DriverNameLength, wstr DriverName, u16 DeviceNameLength, wstr DeviceName"},
};

// All are of version 0, to which later builds of Windows 10 added fields. The manifest has no names
// of events: these are ours, where Windows' messages leave no doubt.
#define WMI_CLIENT "wstr ClientMachine, wstr ClientMachineFQDN, wstr User, pid ClientProcessId, "
constexpr LayoutRow kWmiActivity[] = {
    {"1 OperationStart", 0,
     "u32 GroupOperationId, u32 OperationId, wstr Operation, wstr ClientMachine, wstr User, "
     "pid ClientProcessId, wstr NamespaceName"},
    {"2 ProviderStart", 0,
     "u32 GroupOperationId, wstr Operation, wstr ProviderName, wstr ProviderGuid, wstr Path"},
    {"3 OperationStop", 0, "u32 OperationId"},
    {"11 OperationStart", 0,
     "wstr CorrelationId, u32 GroupOperationId, u32 OperationId, wstr Operation, " WMI_CLIENT
     "filetime ClientProcessCreationTime, wstr NamespaceName, bool32 IsLocal"},
    {"11 OperationStart", 0,
     "wstr CorrelationId, u32 GroupOperationId, u32 OperationId, wstr Operation, "
     "wstr ClientMachine, wstr User, pid ClientProcessId, wstr NamespaceName"},
    {"12 ProviderStart", 0,
     "u32 GroupOperationId, wstr Operation, u32 HostId, wstr ProviderName, wstr ProviderGuid, "
     "wstr Path"},
    {"13 OperationStop", 0, "u32 OperationId, hresult ResultCode"},
    {"14", 0, "u32 OperationId, wstr Operation, u32 Channel, wstr Message"},
    {"15", 0,
     "u32 OperationId, wstr Operation, wstr ErrorId, u32 ErrorCategory, wstr Message, "
     "wstr TargetName"},
    {"16", 0, "u32 OperationId, wstr Operation, hresult ErrorId, wstr Message"},
    {"17", 0,
     "wstr CorrelationId, pid ProcessId, wstr Protocol, wstr Operation, wstr User, "
     "wstr Namespace"},
    {"18, 21", 0, "wstr ConsumerType, wstr PossibleCause"},
    {"19", 0,
     "u32 OperationID, wstr Operation, pid ClientProcessId, wstr ClientMachineFQDN, "
     "filetime ClientProcessCreationTime, bool32 IsLocal"},
    {"19", 0, "u32 OperationID, wstr Operation"},
    {"20", 0,
     "u32 OperationID, wstr Operation, hex32 Flags, pid ClientProcessId, wstr ClientMachineFQDN, "
     "filetime ClientProcessCreationTime, bool32 IsLocal"},
    {"20", 0, "u32 OperationID, wstr Operation, hex32 Flags"},
    {"22 MethodExecution", 0,
     "wstr CorrelationId, u32 GroupOperationId, u32 OperationId, wstr ClassName, wstr MethodName, "
     "wstr ImplementationClass, " WMI_CLIENT
     "filetime ClientProcessCreationTime, wstr NamespaceName, bool32 IsLocal"},
    {"23 ProcessCreation", 0,
     "wstr CorrelationId, u32 GroupOperationId, u32 OperationId, wstr Commandline, "
     "pid CreatedProcessId, filetime CreatedProcessCreationTime, " WMI_CLIENT
     "filetime ClientProcessCreationTime, bool32 IsLocal"},
    {"50", 0, ""},
    {"100 ComponentMessage", 0, "wstr ComponentName, wstr MessageDetail, wstr FileName"},
    {"101 ComponentError", 0,
     "wstr ComponentName, hresult ErrorId, wstr ErrorDetail, wstr FileName"},
    {"5857 ProviderStarted", 0,
     "wstr ProviderName, hresult Code, wstr HostProcess, pid ProcessID, wstr ProviderPath"},
    {"5858 OperationFailed", 0,
     "wstr Id, wstr ClientMachine, wstr User, pid ClientProcessId, wstr Component, "
     "wstr Operation, hresult ResultCode, wstr PossibleCause"},
    {"5859 EventProviderQuery", 0,
     "wstr NamespaceName, wstr Query, wstr User, pid processid, wstr providerName, u32 queryid, "
     "wstr PossibleCause"},
    {"5860 TemporarySubscription", 0,
     "wstr NamespaceName, wstr Query, wstr User, pid processid, wstr MachineName, "
     "wstr PossibleCause"},
    {"5861 PermanentSubscription", 0,
     "wstr Namespace, wstr ESS, wstr CONSUMER, wstr PossibleCause"},
};

// The hash is SHA-256. That content has contentsize bytes and the hash 32 is what consumers of the
// provider read; no trace of it is among our samples.
constexpr LayoutRow kAntimalwareScanInterface[] = {
    {"1101 Scan", 0,
     "ptr session, u8 scanStatus, u32 scanResult, wstr appname, wstr contentname, "
     "u32 contentsize, u32 originalsize, bytes(contentsize) content, bytes(32) hash, "
     "bool32 contentFiltered"},
};

constexpr LayoutTable Provider(const Guid& guid, std::span<const LayoutRow> rows) {
  return {guid, kNoGroup, EventForm::kId, rows};
}

constexpr LayoutTable kTables[] = {
    Provider(ParseGuid("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23"), kKernelAuditApiCalls),
    Provider(ParseGuid("f4e1897c-bb5d-5668-f1d8-040f4d8dd344"), kThreatIntelligence),
    Provider(ParseGuid("1418ef04-b0b4-4623-bf7e-d74ab47bbdaa"), kWmiActivity),
    Provider(ParseGuid("2a576b87-09a7-520e-c21a-4942f0271d67"), kAntimalwareScanInterface),
};

}  // namespace

std::span<const LayoutTable> SecurityLayouts() { return kTables; }

}  // namespace nuthatch
