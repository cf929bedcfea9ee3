// Sources: dumps of the manifests of Windows 10 and 11 (jdu2600/Windows10EtwEvents,
// nasbench/EVTX-ETW-Resources), PowerShell.Core.Instrumentation.man. Names of fields are theirs.
#include "etw/known_providers.h"
#include "etw/layout_tables.h"

namespace nuthatch {
namespace {

#define PROCESS_V3                                                                       \
  "pid ProcessID, u64 ProcessSequenceNumber, filetime CreateTime, pid ParentProcessID, " \
  "u64 ParentProcessSequenceNumber, u32 SessionID, hex32{ProcessFlags} Flags, "          \
  "u32 ProcessTokenElevationType, u32 ProcessTokenIsElevated, sid MandatoryLabel, "      \
  "wstr ImageName, hex32 ImageChecksum, hex32 TimeDateStamp, wstr PackageFullName, "     \
  "wstr PackageRelativeAppId"
#define PROCESS_V2                                                                        \
  "pid ProcessID, filetime CreateTime, pid ParentProcessID, u32 SessionID, "              \
  "hex32{ProcessFlags} Flags, wstr ImageName, hex32 ImageChecksum, hex32 TimeDateStamp, " \
  "wstr PackageFullName, wstr PackageRelativeAppId"
#define THREAD_V0                                                                   \
  "pid ProcessID, tid ThreadID, ptr StackBase, ptr StackLimit, ptr UserStackBase, " \
  "ptr UserStackLimit, ptr StartAddr, ptr Win32StartAddr, ptr TebBase"
#define PROCESS_STOP_TAIL                                                          \
  "filetime CreateTime, filetime ExitTime, u32 ExitCode, u32 TokenElevationType, " \
  "u32 HandleCount, u64 CommitCharge, u64 CommitPeak, "
#define PROCESS_STOP_IO                                                  \
  "u64 CPUCycleCount, u32 ReadOperationCount, u32 WriteOperationCount, " \
  "u32 ReadTransferKiloBytes, u32 WriteTransferKiloBytes, u32 HardFaultCount, "
constexpr LayoutRow kKernelProcess[] = {
    {"1 ProcessStart", 0,
     "pid ProcessID, filetime CreateTime, pid ParentProcessID, u32 SessionID, wstr ImageName"},
    {"1 ProcessStart", 1,
     "pid ProcessID, filetime CreateTime, pid ParentProcessID, u32 SessionID, "
     "hex32{ProcessFlags} Flags, wstr ImageName"},
    {"1 ProcessStart", 2, PROCESS_V2},
    {"1 ProcessStart", 3, PROCESS_V3},
    {"1 ProcessStart", 4, PROCESS_V3 ", hex32 SecurityMitigations"},
    {"1 ProcessStart", 5,
     PROCESS_V3 ", hex32 SecurityMitigations, u32 PartitionID, u16 ProcessMachine"},
    {"2 ProcessStop", 0, "pid ProcessID, " PROCESS_STOP_TAIL "astr ImageName"},
    {"2 ProcessStop", 1, "pid ProcessID, " PROCESS_STOP_TAIL PROCESS_STOP_IO "astr ImageName"},
    {"2 ProcessStop", 2,
     "pid ProcessID, u64 ProcessSequenceNumber, " PROCESS_STOP_TAIL PROCESS_STOP_IO
     "astr ImageName"},
    {"3 ThreadStart, 4 ThreadStop", 0, THREAD_V0},
    {"3 ThreadStart", 1, THREAD_V0 ", hex32 SubProcessTag"},
    {"4 ThreadStop", 1, THREAD_V0 ", hex32 SubProcessTag, u64 CycleTime"},
    {"5 ImageLoad, 6 ImageUnload", 0,
     "ptr ImageBase, size ImageSize, pid ProcessID, hex32 ImageCheckSum, hex32 TimeDateStamp, "
     "ptr DefaultBase, wstr ImageName"},
    {"7 CpuBasePriorityChange, 8 CpuPriorityChange, 9 PagePriorityChange, 10 IoPriorityChange", 0,
     "pid ProcessID, tid ThreadID, u8 OldPriority, u8 NewPriority"},
    {"11 ProcessFreeze, 12 ProcessThaw", 0, "pid FrozenProcessID"},
    {"11 ProcessFreeze, 12 ProcessThaw", 1, "pid FrozenProcessID, filetime CreateTime"},
    {"13 JobStart, 14 JobTerminate", 0, "guid ContainerID, u32 JobID, ntstatus StatusCode"},
    {"15 ProcessRundown", 0, PROCESS_V2},
    {"15 ProcessRundown", 1, PROCESS_V3},
    {"15 ProcessRundown", 2, PROCESS_V3 ", hex32 SecurityMitigations"},
    {"15 ProcessRundown", 3,
     PROCESS_V3 ", hex32 SecurityMitigations, u32 PartitionID, u16 ProcessMachine"},
    {"21 ThreadWorkOnBehalfUpdate", 0, "tid OldWorkOnBehalfThreadID, tid NewWorkOnBehalfThreadID"},
    {"22 JobServerSilo", 0, "guid ContainerID, u32 JobID, u16 State"},
    {"23 JobServerSiloStart, 25 JobServerSiloStart, 26 JobServerSiloStop", 0,
     "guid ContainerID, u32 JobID, wstr MonitorName"},
    {"24 JobServerSiloStop", 0, "guid ContainerID, u32 JobID, ntstatus Status, wstr MonitorName"},
};

#define FILE_SIMPLE "13 Cleanup, 14 Close, 21 Flush"
#define FILE_INFO \
  "17 SetInformation, 18 SetDelete, 19 Rename, 22 QueryInformation, 23 FSCTL, 29 Rename29"
#define FILE_SECURITY "31 SetSecurity, 32 QuerySecurity, 33 SetEA, 34 QueryEA"
constexpr LayoutRow kKernelFile[] = {
    {"10 NameCreate, 11 NameDelete", 0, "ptr FileKey, wstr FileName"},
    {"12 Create, 30 CreateNewFile", 0,
     "ptr Irp, ptr ThreadId, ptr FileObject, hex32 CreateOptions, hex32 CreateAttributes, "
     "hex32{ShareAccess} ShareAccess, wstr FileName"},
    {"12 Create, 30 CreateNewFile", 1,
     "ptr Irp, ptr FileObject, tid IssuingThreadId, hex32 CreateOptions, "
     "hex32 CreateAttributes, hex32{ShareAccess} ShareAccess, wstr FileName"},
    {FILE_SIMPLE, 0, "ptr Irp, ptr ThreadId, ptr FileObject, ptr FileKey"},
    {FILE_SIMPLE, 1, "ptr Irp, ptr FileObject, ptr FileKey, tid IssuingThreadId"},
    {"15 Read, 16 Write", 0,
     "u64 ByteOffset, ptr Irp, ptr ThreadId, ptr FileObject, ptr FileKey, u32 IOSize, "
     "hex32 IOFlags"},
    {"15 Read, 16 Write", 1,
     "u64 ByteOffset, ptr Irp, ptr FileObject, ptr FileKey, tid IssuingThreadId, u32 IOSize, "
     "hex32 IOFlags, hex32 ExtraFlags"},
    {FILE_INFO, 0,
     "ptr Irp, ptr ThreadId, ptr FileObject, ptr FileKey, ptr ExtraInformation, u32 InfoClass"},
    {FILE_INFO ", " FILE_SECURITY, 1,
     "ptr Irp, ptr FileObject, ptr FileKey, ptr ExtraInformation, tid IssuingThreadId, "
     "u32 InfoClass"},
    {"20 DirEnum, 25 DirNotify", 0,
     "ptr Irp, ptr ThreadId, ptr FileObject, ptr FileKey, u32 Length, u32 InfoClass, "
     "u32 FileIndex, wstr FileName"},
    {"20 DirEnum, 25 DirNotify", 1,
     "ptr Irp, ptr FileObject, ptr FileKey, tid IssuingThreadId, u32 Length, u32 InfoClass, "
     "u32 FileIndex, wstr FileName"},
    {"24 OperationEnd", 0, "ptr Irp, ptr ExtraInformation, ntstatus Status"},
    {"26 DeletePath, 27 RenamePath, 28 SetLinkPath", 0,
     "ptr Irp, ptr ThreadId, ptr FileObject, ptr FileKey, ptr ExtraInformation, u32 InfoClass, "
     "wstr FilePath"},
    {"26 DeletePath, 27 RenamePath, 28 SetLinkPath", 1,
     "ptr Irp, ptr FileObject, ptr FileKey, ptr ExtraInformation, tid IssuingThreadId, "
     "u32 InfoClass, wstr FilePath"},
};

constexpr LayoutRow kKernelRegistry[] = {
    {"1 CreateKey, 2 OpenKey", 0,
     "ptr BaseObject, ptr KeyObject, ntstatus Status, u32 Disposition, wstr BaseName, "
     "wstr RelativeName"},
    {"3 DeleteKey, 12 FlushKey, 13 CloseKey, 14 QuerySecurityKey, 15 SetSecurityKey", 0,
     "ptr KeyObject, ntstatus Status, wstr KeyName"},
    {"4 QueryKey, 11 SetInformationKey", 0,
     "ptr KeyObject, ntstatus Status, u32 InfoClass, u32 DataSize, wstr KeyName, "
     "u16 CapturedDataSize, bytes(CapturedDataSize) CapturedData"},
    {"5 SetValueKey", 0,
     "ptr KeyObject, ntstatus Status, u32 Type, u32 DataSize, wstr KeyName, wstr ValueName, "
     "u16 CapturedDataSize, bytes(CapturedDataSize) CapturedData, u32 PreviousDataType, "
     "u32 PreviousDataSize, u16 PreviousDataCapturedSize, "
     "bytes(PreviousDataCapturedSize) PreviousData"},
    {"6 DeleteValueKey", 0, "ptr KeyObject, ntstatus Status, wstr KeyName, wstr ValueName"},
    {"7 QueryValueKey", 0,
     "ptr KeyObject, ntstatus Status, u32 InfoClass, u32 DataSize, wstr KeyName, "
     "wstr ValueName, u16 CapturedDataSize, bytes(CapturedDataSize) CapturedData"},
    {"8 EnumerateKey, 9 EnumerateValueKey", 0,
     "ptr KeyObject, ntstatus Status, u32 Index, u32 InfoClass, u32 DataSize, wstr KeyName, "
     "u16 CapturedDataSize, bytes(CapturedDataSize) CapturedData"},
    {"10 QueryMultipleValueKey", 0,
     "ptr KeyObject, ntstatus Status, u32 EntryCount, u32 DataSize, wstr KeyName"},
    // Hives: mounted, unloaded, flushed, loaded, restored and exported.
    {"16 HiveMountStart, 23 HiveFlushBecameActiveFlusher, 28 HiveFlushBoostedActiveFlusher, "
     "29 HiveFlushStartWaitForActive, 30 HiveFlushFinishWaitForActive, 32 ShutdownStart, "
     "33 ShutdownStart, 34 ShutdownFlushStart, 35 ShutdownFlushStop, 36 ShutdownStop, "
     "42 SaveFileCopied, 43 SaveTreeCopied, 44 SaveFileWritten",
     0, ""},
    {"17 HiveMountBaseFileMounted", 0, "wstr HiveFilePath, u32 FileSize"},
    {"18 HiveMountLogEntryApplied", 0, "u32 TotalEntrySize, u32 BytesRecovered"},
    {"19 HiveMountStop, 21 HiveUnloadStop, 31 HiveFlushStop, 38 LoadStop, 40 RestoreStop, "
     "45 SaveStop",
     0, "ntstatus StatusCode"},
    {"20 HiveUnloadStart", 0, "wstr HiveFilePath, wstr HiveMountPoint"},
    {"22 HiveFlushStart", 0, "wstr HiveFilePath, wstr HiveMountPoint, hex32 FlushFlags"},
    {"24 HiveFlushGatheredLogData, 25 HiveFlushGatheredPrimaryData", 0, "u32 BytesGathered"},
    {"26 HiveFlushWroteLogFile, 27 HiveFlushWrotePrimaryFile", 0,
     "u32 WritesIssued, u32 BytesWritten"},
    {"37 LoadStart, 39 RestoreStart", 0, "wstr SourceFile, hex32 Flags"},
    {"41 SaveStart", 0, "wstr SourceKeyPath"},
};

// As the kernel's TcpIp and UdpIp, version 2: the manifest's connid of 4 bytes is wrong on 64 bits.
#define IP_ROWS(v4, v6, after)                                                          \
  {v4, 0, "pid PID, u32 size, ipv4 daddr, ipv4 saddr, port dport, port sport" after}, { \
    v6, 0, "pid PID, u32 size, ipv6 daddr, ipv6 saddr, port dport, port sport" after    \
  }
constexpr LayoutRow kKernelNetwork[] = {
    IP_ROWS("10 TcpSend", "26 TcpSendIPv6", ", u32 startime, u32 endtime, u32 seqnum, ptr connid"),
    IP_ROWS("11 TcpRecv, 13 TcpDisconnect, 14 TcpRetransmit, 16 TcpReconnect, 18 TcpCopy, "
            "42 UdpSend, 43 UdpRecv",
            "27 TcpRecvIPv6, 29 TcpDisconnectIPv6, 30 TcpRetransmitIPv6, 32 TcpReconnectIPv6, "
            "34 TcpCopyIPv6, 58 UdpSendIPv6, 59 UdpRecvIPv6",
            ", u32 seqnum, ptr connid"),
    IP_ROWS("12 TcpConnect, 15 TcpAccept", "28 TcpConnectIPv6, 31 TcpAcceptIPv6",
            ", u16 mss, u16 sackopt, u16 tsopt, u16 wsopt, u32 rcvwin, i16 rcvwinscale, "
            "i16 sndwinscale, u32 seqnum, ptr connid"),
    {"17 TcpFail, 49 UdpFail", 0, "u16 Proto, u16 FailureCode"},
};

#define DNS_ADDRESS "u32 AddressLength, sockaddr(AddressLength) Address"
#define DNS_ANSWERS                                                                            \
  "1013 AllServersTimeout, 1014 AllServersTimeoutSystem, 1015 ServerTimeout, 1016 NameError, " \
  "1017 AuthoritativeResponse, 1024 QueryBadXid, 1025 QueryInvalidServerIp"
constexpr LayoutRow kDnsClient[] = {
    {"1001 DnsServerForInterface", 0,
     "wstr Interface, u32 TotalServerCount, u32 Index, u8{DnsIpType} DynamicAddress, u32 "
     "AddressLength, "
     "sockaddr(AddressLength) Address"},
    {"1002 ServerQueryChange", 0, "wstr Interface, " DNS_ADDRESS},
    {"1002 ServerQueryChange", 1, "wstr Interface, " DNS_ADDRESS ", pid ClientPID"},
    {"1003 ServerValidationSuccess, 1005 ServerValidationFailure", 0, DNS_ADDRESS},
    {DNS_ANSWERS, 0, "wstr QueryName, " DNS_ADDRESS},
    {DNS_ANSWERS, 1, "wstr QueryName, " DNS_ADDRESS ", pid ClientPID"},
    {"1018 LinkLocal", 0,
     "wstr QueryName, " DNS_ADDRESS ", u32 DnsAddressLength, sockaddr(DnsAddressLength) "
     "DnsAddress"},
    {"1018 LinkLocal", 1,
     "wstr QueryName, " DNS_ADDRESS ", u32 DnsAddressLength, sockaddr(DnsAddressLength) "
     "DnsAddress, pid ClientPID"},
    {"1026 QueryInvalidQuestion", 0, "wstr QueryName, wstr ResponseQuestion, " DNS_ADDRESS},
    {"1026 QueryInvalidQuestion", 1,
     "wstr QueryName, wstr ResponseQuestion, " DNS_ADDRESS ", pid ClientPID"},
    {"3000, 3002, 3004", 0, "wstr QueryName, u32 QueryType, u64 QueryOptions"},
    {"3001", 0, "win32 Status"},
    {"3003, 3005", 0, "wstr QueryName, u32 QueryType, win32 Status"},
    {"3006 QueryCalled", 0,
     "wstr QueryName, u32 QueryType, u64 QueryOptions, wstr ServerList, u32 IsNetworkQuery, "
     "u32 NetworkQueryIndex, u32 InterfaceIndex, u32 IsAsyncQuery"},
    {"3008 QueryCompleted", 0,
     "wstr QueryName, u32 QueryType, u64 QueryOptions, win32 QueryStatus, wstr QueryResults"},
    {"3007, 3014, 3015", 0, "wstr QueryName"},
    {"3014", 1, "wstr QueryName, pid ClientPID"},
    {"3009 NetworkQuery", 0,
     "wstr QueryName, u32 IsParallelNetworkQuery, u32 NetworkIndex, u32 InterfaceCount, "
     "wstr AdapterName, wstr LocalAddress, wstr DNSServerAddress"},
    {"3009 NetworkQuery", 1,
     "wstr QueryName, u32 IsParallelNetworkQuery, u32 NetworkIndex, u32 InterfaceCount, "
     "wstr AdapterName, wstr LocalAddress, wstr DNSServerAddress, pid ClientPID"},
    {"3012 NetbiosQuery", 0,
     "wstr QueryName, u32 NetworkIndex, u32 InterfaceCount, wstr AdapterName, "
     "wstr LocalAddress"},
    {"3012 NetbiosQuery", 1,
     "wstr QueryName, u32 NetworkIndex, u32 InterfaceCount, wstr AdapterName, "
     "wstr LocalAddress, pid ClientPID"},
    {"3013 NetbiosCompleted", 0, "wstr QueryName, win32 Status, wstr QueryResults"},
    {"3013 NetbiosCompleted", 1, "wstr QueryName, win32 Status, wstr QueryResults, pid ClientPID"},
    {"3010 QuerySent", 0, "wstr QueryName, u32 QueryType, wstr DnsServerIpAddress"},
    {"3010 QuerySent", 1, "wstr QueryName, u32 QueryType, wstr DnsServerIpAddress, pid ClientPID"},
    {"3011 ResponseReceived", 0,
     "wstr QueryName, u32 QueryType, wstr DnsServerIpAddress, win32 ResponseStatus"},
    {"3011 ResponseReceived", 1,
     "wstr QueryName, u32 QueryType, wstr DnsServerIpAddress, win32 ResponseStatus, "
     "pid ClientPID"},
    {"3016 CacheLookupCalled", 0,
     "wstr QueryName, u32 QueryType, u64 QueryOptions, u32 InterfaceIndex"},
    {"3016 CacheLookupCalled", 1,
     "wstr QueryName, u32 QueryType, u64 QueryOptions, u32 InterfaceIndex, pid ClientPID"},
    {"3018 CacheLookupCompleted", 0,
     "wstr QueryName, u32 QueryType, u64 QueryOptions, win32 Status, wstr QueryResults"},
    {"3018 CacheLookupCompleted", 1,
     "wstr QueryName, u32 QueryType, u64 QueryOptions, win32 Status, wstr QueryResults, "
     "pid ClientPID"},
    {"3019", 0, "wstr QueryName, u32 QueryType, u32 InterfaceIndex, u32 NetworkIndex"},
    {"3019", 1,
     "wstr QueryName, u32 QueryType, u32 InterfaceIndex, u32 NetworkIndex, pid ClientPID"},
    {"3023", 0, "wstr OperationName, wstr Name, u32 Flag, pid ClientPID"},
    {"3020 QueryResponse", 0,
     "wstr QueryName, u32 QueryType, u32 NetworkIndex, u32 InterfaceIndex, win32 Status, "
     "wstr QueryResults"},
    {"3020 QueryResponse", 1,
     "wstr QueryName, u32 QueryType, u32 NetworkIndex, u32 InterfaceIndex, win32 Status, "
     "wstr QueryResults, pid ClientPID"},
};

constexpr LayoutRow kPowerShell[] = {
    {"4097 HostNameResolve, 4098 SchemeResolve, 4099 ShellResolve", 1, ""},
    // Error and health events of the host, and each command's invocation.
    {"4100 Error, 4101, 4102, 4103 CommandInvocation, 7937, 7938, 7939, 7940", 1,
     "wstr ContextInfo, wstr UserData, wstr Payload"},
    {"4104 ScriptBlock", 1,
     "i32 MessageNumber, i32 MessageTotal, wstr ScriptBlockText, wstr ScriptBlockId, wstr Path"},
    {"4105 ScriptBlockStart, 4106 ScriptBlockStop", 1, "wstr ScriptBlockId, wstr RunspaceId"},
    {"7941 ActivityTransfer", 1, "guid currentActivityId, guid parentActivityId"},
    {"7942 DebugMessage", 1,
     "wstr ClassName, wstr MethodName, wstr WorkflowGuid, wstr Message, wstr JobData, "
     "wstr ActivityName, wstr ActivityGuid, wstr Parameters"},
    {"8193 RunspaceConstructor, 8197 RunspacePoolOpen", 1, "wstr param1"},
    {"8194 RunspacePoolConstructor", 1, "wstr InstanceId, wstr MaxRunspaces, wstr MinRunspaces"},
    {"8195 RunspacePoolOpen, 8196 RunspacePoolOpen, 12037 RemoteConnection, 12039 Correlation", 1,
     ""},
    {"8198 RunspacePoolTransfer", 1, "wstr param1, wstr param2, wstr param3"},
    {"12033, 12034, 12035, 12036", 1, "wstr param1"},
    {"12038 RemoteConnection, 45062 RemoteConnection", 1,
     "wstr uri, wstr shell, wstr userName, wstr opentimeout, wstr idletimeout, "
     "wstr canceltimeout, u32{WSManAuthentication} auth, wstr thumbPrint, wstr redircount, "
     "wstr recvdDataSize, wstr recvdObjSize"},
    {"16385 AmsiState", 1, "wstr Action, wstr AmsiContext"},
    {"24577 IseScriptStart, 24578 IseSelectionStart", 1, "wstr FileName"},
    {"28673 Rehydration", 1, "wstr DeserializedType, wstr CastedToType, wstr RehydratedType"},
    {"32769 RemotingObjectReceived", 1,
     "wstr Runspace_InstanceId, wstr PowerShell_InstanceId, u32{RemotingDestination} Destination, "
     "u32 DataType, u32{RemotingTarget} TargetInterface"},
    {"32849 RemotingObjectSent", 1,
     "wstr Runspace_InstanceId, wstr PowerShell_InstanceId, wstr DataSize, u32 DataType, "
     "u32{RemotingTarget} TargetInterface"},
    {"32776 TransportError, 32784 TransportError", 1,
     "wstr SessionId, wstr PipelineId, wstr ErrorCode, wstr ErrorMessage, wstr StackTrace"},
    {"32867 FragmentReceived, 32868 FragmentSent", 1,
     "i64 ObjectId, i64 FragmentId, i32 sFlag, i32 eFlag, u32 FragmentLength, "
     "wstr FragmentPayload"},
    {"40961 ConsoleStarting, 40962 ConsoleReady", 1, ""},
    {"53249 ScheduledJobStarted", 1, "wstr ScheduledJobDefName, wstr StartTime"},
    {"53250 ScheduledJobCompleted", 1, "wstr ScheduledJobDefName, wstr StopTime, wstr State"},
    {"53251 ScheduledJobError", 1, "wstr Name, wstr Message, wstr StackTrace, wstr InnerException"},
    {"53504 NamedPipeIpcStart, 53505 NamedPipeIpcEnd", 1, "wstr param1, wstr param2"},
    {"53506 NamedPipeIpcError, 53507 NamedPipeIpcConnect, 53508 NamedPipeIpcDisconnect", 1,
     "wstr param1, wstr param2, wstr param3"},
};

constexpr LayoutTable Provider(const Guid& guid, std::span<const LayoutRow> rows) {
  return {guid, kNoGroup, EventForm::kId, rows};
}

constexpr LayoutTable kTables[] = {
    Provider(kKernelProcessProvider, kKernelProcess),
    Provider(ParseGuid("edd08927-9cc4-4e65-b970-c2560fb5c289"), kKernelFile),
    Provider(ParseGuid("70eb4f03-c1de-4f73-a051-33d13d5413bd"), kKernelRegistry),
    Provider(ParseGuid("7dd42a49-5329-4832-8dfd-43d979153a88"), kKernelNetwork),
    Provider(ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d"), kDnsClient),
    Provider(ParseGuid("a0c1853b-5c40-4b15-8766-3cf1c58f985a"), kPowerShell),
    // PowerShell 6 and later.
    Provider(ParseGuid("f90714a8-5509-434a-bf6d-b1624c8a19a2"), kPowerShell),
};

constexpr LayoutMap kMaps[] = {
    {"DnsIpType", false, "0 static, 1 dynamic"},
    {"ProcessFlags", true, "1 PackageId"},
    {"ShareAccess", true, "1 Read, 2 Write, 4 Delete"},  // FILE_SHARE_… of winnt.h
    {"WSManAuthentication", true,
     "0x1 NoAuthentication, 0x2 Digest, 0x4 Negotiate, 0x8 Basic, 0x10 Kerberos, "
     "0x20 ClientCertificate, 0x80 CredSsp"},
    {"RemotingDestination", true, "1 Client, 2 Server, 4 Listener"},
    {"RemotingTarget", false, "0 InvalidTargetInterface, 1 Session, 2 RunspacePool, 3 PowerShell"},
    // Of the kernel's Process class, as PerfView names them.
    {"KernelProcessFlags", true, "1 PackageFullName, 2 Wow64, 4 Protected"},
};

}  // namespace

std::span<const LayoutTable> ProviderLayouts() { return kTables; }

std::span<const LayoutMap> LayoutMaps() { return kMaps; }

}  // namespace nuthatch
