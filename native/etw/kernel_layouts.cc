// Sources: the MOF classes of MSNT_SystemTrace as Microsoft documents them, and ntwmi.h; those that
// real traces show are checked against them (test/native/etw/decode_samples_test.cc). A name that
// MOF has is kept.
#include "etw/layout_tables.h"

namespace nuthatch {
namespace {

constexpr const char* kNothing = "";

constexpr LayoutRow kEventTrace[] = {
    {"0 Header", 0,
     "u32 BufferSize, u32 Version, u32 ProviderVersion, u32 NumberOfProcessors, filetime EndTime, "
     "u32 TimerResolution, u32 MaxFileSize, hex32 LogFileMode, u32 BuffersWritten, "
     "u32 StartBuffers, u32 PointerSize, u32 EventsLost, u32 CPUSpeed, ptr LoggerNamePointer, "
     "ptr LogFileNamePointer, i32 Bias, bytes(168) TimeZone, u32 Padding, filetime BootTime, "
     "u64 PerfFreq, filetime StartTime, u32 ReservedFlags, u32 BuffersLost, ?wstr SessionName, "
     "?wstr LogFileName"},
    {"0x05 Extension, 0x20 EndExtension", 0, "hex32[8] GroupMask, u32 KernelEventVersion"},
    {"0x08 RundownComplete", 0, kNothing},
    {"0x30 RundownBegin, 0x31 RundownEnd", 0, kNothing},
    {"0x40 DbgIdRsds", 0, "guid GuidSig, u32 Age, astr PdbFileName"},
    {"0x42 BuildLab", 0, "astr BuildLab"},
    {"0x43 ProviderBinaryPath", 0, "u32 Count, guid[Count] Providers, wstr Path"},
    {"0x50 PartitionInfo", 0,
     "u16 EventVersion, u16 Reserved, u32 PartitionType, i64 QpcOffsetFromRoot, "
     "guid PartitionId, guid ParentId"},
    {"0x50 PartitionInfo", 0,
     "u16 EventVersion, u16 Reserved, u32 PartitionType, i64 QpcOffsetFromRoot, "
     "wstr PartitionId, wstr ParentId"},
};

constexpr LayoutRow kDiskIo[] = {
    {"0x0A Read, 0x0B Write, 0x37 OpticalRead, 0x38 OpticalWrite", 2,
     "u32 DiskNumber, hex32 IrpFlags, u32 TransferSize, u32 Reserved, u64 ByteOffset, "
     "ptr FileObject, ptr Irp, u64 HighResResponseTime"},
    {"0x0A Read, 0x0B Write, 0x37 OpticalRead, 0x38 OpticalWrite", 3,
     "u32 DiskNumber, hex32 IrpFlags, u32 TransferSize, u32 Reserved, u64 ByteOffset, "
     "ptr FileObject, ptr Irp, u64 HighResResponseTime, tid IssuingThreadId"},
    {"0x0C ReadInit, 0x0D WriteInit, 0x0F FlushInit", 2, "ptr Irp"},
    {"0x0C ReadInit, 0x0D WriteInit, 0x0F FlushInit", 3, "ptr Irp, tid IssuingThreadId"},
    {"0x0E FlushBuffers", 2, "u32 DiskNumber, hex32 IrpFlags, u64 HighResResponseTime, ptr Irp"},
    {"0x0E FlushBuffers", 3,
     "u32 DiskNumber, hex32 IrpFlags, u64 HighResResponseTime, ptr Irp, tid IssuingThreadId"},
};

constexpr LayoutRow kPageFault[] = {
    {"0x0A TransitionFault, 0x0B DemandZeroFault, 0x0C CopyOnWrite, 0x0D GuardPageFault, "
     "0x0E HardPageFault, 0x0F AccessViolation",
     0, "ptr VirtualAddress, ptr ProgramCounter"},
    {"0x20 HardFault", 0,
     "i64 InitialTime, u64 ReadOffset, ptr VirtualAddress, ptr FileObject, tid TThreadId, "
     "u32 ByteCount"},
    {"0x62 VirtualAlloc, 0x63 VirtualFree", 0,
     "ptr BaseAddress, size RegionSize, pid ProcessId, hex32 Flags"},
    {"0x80 VirtualAllocDCStart, 0x81 VirtualAllocDCEnd", 0,
     "ptr BaseAddress, size RegionSize, pid ProcessId, hex32 Flags, size CommitSize"},
};

#define PROCESS_EVENTS "1 Start, 2 End, 3 DCStart, 4 DCEnd, 0x27 Defunct"
constexpr LayoutRow kProcess[] = {
    {PROCESS_EVENTS, 0, "ptr ProcessId, ptr ParentId, tokensid UserSID, astr ImageFileName"},
    {PROCESS_EVENTS, 1,
     "ptr PageDirectoryBase, pid ProcessId, pid ParentId, u32 SessionId, i32 ExitStatus, "
     "tokensid UserSID, astr ImageFileName"},
    {PROCESS_EVENTS, 2,
     "ptr UniqueProcessKey, pid ProcessId, pid ParentId, u32 SessionId, i32 ExitStatus, "
     "tokensid UserSID, astr ImageFileName, wstr CommandLine"},
    {PROCESS_EVENTS, 3,
     "ptr UniqueProcessKey, pid ProcessId, pid ParentId, u32 SessionId, i32 ExitStatus, "
     "ptr DirectoryTableBase, tokensid UserSID, astr ImageFileName, wstr CommandLine"},
    {PROCESS_EVENTS, 4,
     "ptr UniqueProcessKey, pid ProcessId, pid ParentId, u32 SessionId, i32 ExitStatus, "
     "ptr DirectoryTableBase, hex32{KernelProcessFlags} Flags, tokensid UserSID, astr "
     "ImageFileName, "
     "wstr CommandLine, wstr PackageFullName, wstr ApplicationId"},
    {PROCESS_EVENTS, 5,
     "ptr UniqueProcessKey, pid ProcessId, pid ParentId, u32 SessionId, i32 ExitStatus, "
     "ptr DirectoryTableBase, hex32{KernelProcessFlags} Flags, tokensid UserSID, astr "
     "ImageFileName, "
     "wstr CommandLine, wstr PackageFullName, wstr ApplicationId, ?filetime ExitTime"},
    {"0x0B Terminate", 0, "pid ProcessId"},
    {"0x20 PerfCtr, 0x21 PerfCtrRundown", 0,
     "pid ProcessId, u32 PageFaultCount, u32 HandleCount, u32 Reserved, size PeakVirtualSize, "
     "size PeakWorkingSetSize, size PeakPagefileUsage, size QuotaPeakPagedPoolUsage, "
     "size QuotaPeakNonPagedPoolUsage, size VirtualSize, size WorkingSetSize, "
     "size PagefileUsage, size QuotaPagedPoolUsage, size QuotaNonPagedPoolUsage, "
     "size PrivatePageCount"},
    {"0x23 InSwap", 0, "ptr DirectoryTableBase, pid ProcessId"},
};

#define IMAGE_V0 "ptr ImageBase, u32 ImageSize, wstr FileName"
#define IMAGE_V1 "ptr ImageBase, size ImageSize, pid ProcessId, wstr FileName"
#define IMAGE_V2                                                                           \
  "ptr ImageBase, size ImageSize, pid ProcessId, hex32 ImageChecksum, u32 TimeDateStamp, " \
  "u32 Reserved0, ptr DefaultBase, u32 Reserved1, u32 Reserved2, u32 Reserved3, "          \
  "u32 Reserved4, wstr FileName"
#define IMAGE_V3                                                                           \
  "ptr ImageBase, size ImageSize, pid ProcessId, hex32 ImageChecksum, u32 TimeDateStamp, " \
  "u8 SignatureLevel, u8 SignatureType, u16 Reserved0, ptr DefaultBase, u32 Reserved1, "   \
  "u32 Reserved2, u32 Reserved3, u32 Reserved4, wstr FileName"
#define IMAGE_EVENTS "2 Unload, 3 DCStart, 4 DCEnd, 0x0A Load"
constexpr LayoutRow kImage[] = {
    {IMAGE_EVENTS, 0, IMAGE_V0},
    {IMAGE_EVENTS, 1, IMAGE_V1},
    {IMAGE_EVENTS, 2, IMAGE_V2},
    {IMAGE_EVENTS, 3, IMAGE_V3},
    {"0x21 KernelBase", 0, "ptr ImageBase"},
    {"0x22 HypercallPage", 0, "ptr HypercallPageVa"},
};

constexpr LayoutRow kThread[] = {
    {"1 Start, 2 End, 3 DCStart, 4 DCEnd", 0, "tid TThreadId, pid ProcessId"},
    {"1 Start, 3 DCStart, 4 DCEnd", 1,
     "pid ProcessId, tid TThreadId, ptr StackBase, ptr StackLimit, ptr UserStackBase, "
     "ptr UserStackLimit, ptr StartAddr, ptr Win32StartAddr, i8 WaitMode"},
    {"2 End", 1, "pid ProcessId, tid TThreadId"},
    {"1 Start, 2 End, 3 DCStart, 4 DCEnd", 2,
     "pid ProcessId, tid TThreadId, ptr StackBase, ptr StackLimit, ptr UserStackBase, "
     "ptr UserStackLimit, ptr StartAddr, ptr Win32StartAddr, ptr TebBase, hex32 SubProcessTag"},
    // Windows 10 adds the name without another version.
    {"1 Start, 2 End, 3 DCStart, 4 DCEnd", 3,
     "pid ProcessId, tid TThreadId, ptr StackBase, ptr StackLimit, ptr UserStackBase, "
     "ptr UserStackLimit, ptr Affinity, ptr Win32StartAddr, ptr TebBase, hex32 SubProcessTag, "
     "u8 BasePriority, u8 PagePriority, u8 IoPriority, u8 ThreadFlags, ?wstr ThreadName"},
    {"0x24 CSwitch", 2,
     "tid NewThreadId, tid OldThreadId, i8 NewThreadPriority, i8 OldThreadPriority, "
     "u8 PreviousCState, i8 SpareByte, i8 OldThreadWaitReason, i8 OldThreadWaitMode, "
     "i8 OldThreadState, i8 OldThreadWaitIdealProcessor, u32 NewThreadWaitTime, u32 Reserved"},
    {"0x32 ReadyThread", 2,
     "tid TThreadId, i8 AdjustReason, i8 AdjustIncrement, i8 Flag, i8 Reserved"},
    {"0x48 SetName", 0, "pid ProcessId, tid ThreadId, wstr ThreadName"},
};

#define FILE_SIMPLE "0x41 Cleanup, 0x42 Close, 0x49 Flush"
#define FILE_TRANSFER "0x43 Read, 0x44 Write"
#define FILE_INFO \
  "0x45 SetInfo, 0x46 Delete, 0x47 Rename, 0x4A QueryInfo, 0x4B FSControl, 0x52 SetLink"
#define FILE_DIRECTORY "0x48 DirEnum, 0x4D DirNotify"
constexpr LayoutRow kFileIo[] = {
    {"0x00 Name, 0x20 FileCreate, 0x23 FileDelete, 0x24 FileRundown", 0,
     "ptr FileObject, wstr FileName"},
    {"0x25 MapFile, 0x26 UnmapFile, 0x27 MapFileDCStart, 0x28 MapFileDCEnd", 2,
     "ptr ViewBase, ptr FileObject, hex64 MiscInfo, size ViewSize, pid ProcessId"},
    {"0x25 MapFile, 0x26 UnmapFile, 0x27 MapFileDCStart, 0x28 MapFileDCEnd", 3,
     "ptr ViewBase, ptr FileObject, hex64 MiscInfo, size ViewSize, u64 ByteOffset, "
     "pid ProcessId"},
    {"0x40 Create, 0x4E CreateNew", 2,
     "ptr IrpPtr, ptr TTID, ptr FileObject, hex32 CreateOptions, hex32 FileAttributes, "
     "hex32 ShareAccess, wstr OpenPath"},
    {"0x40 Create, 0x4E CreateNew", 3,
     "ptr IrpPtr, ptr FileObject, tid TTID, hex32 CreateOptions, hex32 FileAttributes, "
     "hex32 ShareAccess, wstr OpenPath"},
    {FILE_SIMPLE, 2, "ptr IrpPtr, ptr TTID, ptr FileObject, ptr FileKey"},
    {FILE_SIMPLE, 3, "ptr IrpPtr, ptr FileObject, ptr FileKey, tid TTID"},
    {FILE_TRANSFER, 2,
     "u64 Offset, ptr IrpPtr, ptr TTID, ptr FileObject, ptr FileKey, u32 IoSize, hex32 IoFlags"},
    {FILE_TRANSFER, 3,
     "u64 Offset, ptr IrpPtr, ptr FileObject, ptr FileKey, tid TTID, u32 IoSize, hex32 IoFlags, "
     "?hex32 ExtraFlags"},
    {FILE_INFO, 2,
     "ptr IrpPtr, ptr TTID, ptr FileObject, ptr FileKey, ptr ExtraInfo, u32 InfoClass"},
    {FILE_INFO, 3,
     "ptr IrpPtr, ptr FileObject, ptr FileKey, ptr ExtraInfo, tid TTID, u32 InfoClass"},
    {FILE_DIRECTORY, 2,
     "ptr IrpPtr, ptr TTID, ptr FileObject, ptr FileKey, u32 Length, u32 InfoClass, "
     "u32 FileIndex, wstr FileName"},
    {FILE_DIRECTORY, 3,
     "ptr IrpPtr, ptr FileObject, ptr FileKey, tid TTID, u32 Length, u32 InfoClass, "
     "u32 FileIndex, wstr FileName"},
    {"0x4C OperationEnd", 2, "ptr IrpPtr, ptr ExtraInfo, ntstatus NtStatus"},
    {"0x4F DeletePath, 0x50 RenamePath, 0x51 SetLinkPath", 3,
     "ptr IrpPtr, ptr FileObject, ptr FileKey, ptr ExtraInfo, tid TTID, u32 InfoClass, "
     "wstr FileName"},
};

#define REGISTRY_EVENTS                                                                     \
  "0x0A Create, 0x0B Open, 0x0C Delete, 0x0D Query, 0x0E SetValue, 0x0F DeleteValue, "      \
  "0x10 QueryValue, 0x11 EnumerateKey, 0x12 EnumerateValueKey, 0x13 QueryMultipleValue, "   \
  "0x14 SetInformation, 0x15 Flush, 0x16 KCBCreate, 0x17 KCBDelete, 0x18 KCBRundownBegin, " \
  "0x19 KCBRundownEnd, 0x1A Virtualize, 0x1B Close, 0x1C SetSecurity, 0x1D QuerySecurity"
constexpr LayoutRow kRegistry[] = {
    {REGISTRY_EVENTS, 0, "ptr Status, ptr KeyHandle, i64 ElapsedTime, wstr KeyName"},
    {REGISTRY_EVENTS, 1, "ptr Status, ptr KeyHandle, i64 ElapsedTime, u32 Index, wstr KeyName"},
    {REGISTRY_EVENTS, 2,
     "i64 InitialTime, ntstatus Status, u32 Index, ptr KeyHandle, wstr KeyName"},
};

// A row for IPv4 and one for IPv6, whose types are 0x10 higher.
#define IP_ROWS(v4, v6, version, before, after)                                   \
  {v4, version, before "ipv4 daddr, ipv4 saddr, port dport, port sport" after}, { \
    v6, version, before "ipv6 daddr, ipv6 saddr, port dport, port sport" after    \
  }
#define TCP_SIMPLE_V4                                                           \
  "0x0B Recv, 0x0D Disconnect, 0x0E Retransmit, 0x10 Reconnect, 0x12 TCPCopy, " \
  "0x13 ARPCopy, 0x14 FullACK, 0x15 PartACK, 0x16 DupACK"
#define TCP_SIMPLE_V6                                                             \
  "0x1B RecvIPV6, 0x1D DisconnectIPV6, 0x1E RetransmitIPV6, 0x20 ReconnectIPV6, " \
  "0x22 TCPCopyIPV6, 0x23 ARPCopyIPV6, 0x24 FullACKIPV6, 0x25 PartACKIPV6, 0x26 DupACKIPV6"
#define TCP_CONNECT_V4 "0x0C Connect, 0x0F Accept"
#define TCP_CONNECT_V6 "0x1C ConnectIPV6, 0x1F AcceptIPV6"
#define TCP_CONNECT \
  ", u16 mss, u16 sackopt, u16 tsopt, u16 wsopt, u32 rcvwin, i16 rcvwinscale, i16 sndwinscale"
constexpr LayoutRow kTcpIp[] = {
    {"0x0A Send, 0x0C Connect, 0x0F Accept, " TCP_SIMPLE_V4, 0,
     "ipv4 daddr, ipv4 saddr, port dport, port sport, u32 size, pid PID"},
    IP_ROWS("0x0A Send, " TCP_SIMPLE_V4, "0x1A SendIPV6, " TCP_SIMPLE_V6, 1, "pid PID, u32 size, ",
            ", ptr connid, u32 seqnum"),
    IP_ROWS(TCP_CONNECT_V4, TCP_CONNECT_V6, 1, "pid PID, u32 size, ",
            TCP_CONNECT ", ptr connid, u32 seqnum"),
    {"0x11 Fail", 1, "u32 Proto"},
    IP_ROWS(TCP_SIMPLE_V4, TCP_SIMPLE_V6, 2, "pid PID, u32 size, ", ", u32 seqnum, ptr connid"),
    IP_ROWS("0x0A Send", "0x1A SendIPV6", 2, "pid PID, u32 size, ",
            ", u32 startime, u32 endtime, u32 seqnum, ptr connid"),
    IP_ROWS(TCP_CONNECT_V4, TCP_CONNECT_V6, 2, "pid PID, u32 size, ",
            TCP_CONNECT ", u32 seqnum, ptr connid"),
    {"0x11 Fail, 0x21 FailIPV6", 2, "u16 Proto, u16 FailureCode"},
};
constexpr LayoutRow kUdpIp[] = {
    {"0x0A Send, 0x0B Recv", 0,
     "ptr context, ipv4 saddr, port sport, u16 size, ipv4 daddr, port dport, u16 dsize"},
    IP_ROWS("0x0A Send, 0x0B Recv", "0x1A SendIPV6, 0x1B RecvIPV6", 1, "pid PID, u32 size, ", ""),
    {"0x11 Fail", 1, "u32 Proto"},
    IP_ROWS("0x0A Send, 0x0B Recv", "0x1A SendIPV6, 0x1B RecvIPV6", 2, "pid PID, u32 size, ",
            ", u32 seqnum, ptr connid"),
    {"0x11 Fail, 0x21 FailIPV6", 2, "u16 Proto, u16 FailureCode"},
};

constexpr LayoutRow kStackWalk[] = {
    {"0x20 Stack", 0, "u64 EventTimeStamp, pid StackProcess, tid StackThread, ptr[*] Stack"},
    {"0x22 KeyCreate, 0x23 KeyDelete, 0x24 KeyRundown", 0, "ptr StackKey, ptr[*] Stack"},
    {"0x25 StackKeyKernel, 0x26 StackKeyUser", 0,
     "u64 EventTimeStamp, pid StackProcess, tid StackThread, ptr StackKey"},
};

constexpr LayoutRow kPerfInfo[] = {
    {"0x2E SampledProfile", 2,
     "ptr InstructionPointer, tid ThreadId, u16 Count, u8 Flags, u8 Rank"},
    {"0x22 Mark", 0, "astr Message"},
    {"0x33 SysCallEnter", 0, "ptr SysCallAddress"},
    {"0x34 SysCallExit", 0, "ntstatus SysCallNtStatus"},
    {"0x42 ThreadedDPC, 0x44 DPC, 0x45 TimerDPC", 0, "u64 InitialTime, ptr Routine"},
    {"0x43 ISR", 0, "u64 InitialTime, ptr Routine, u8 ReturnValue, u16 Vector, u8 Reserved"},
    {"0x48 SetInterval, 0x49 CollectionStart, 0x4A CollectionEnd", 0,
     "u32 Source, u32 NewInterval, u32 OldInterval, ?wstr SourceName"},
};

constexpr LayoutRow kObject[] = {
    {"0x20 CreateHandle, 0x21 CloseHandle", 0,
     "ptr Object, u32 Handle, u16 ObjectType, ?wstr ObjectName"},
    {"0x22 DuplicateHandle", 0,
     "ptr Object, u32 SourceHandle, u32 TargetHandle, pid TargetProcessId, u16 ObjectType, "
     "pid SourceProcessId"},
    {"0x24 TypeDCStart, 0x25 TypeDCEnd", 0, "u16 ObjectType, u16 Reserved, wstr ObjectTypeName"},
    {"0x26 HandleDCStart, 0x27 HandleDCEnd", 0,
     "ptr Object, pid ProcessId, u32 Handle, u16 ObjectType, wstr ObjectName"},
    {"0x30 CreateObject, 0x31 DeleteObject", 0, "ptr Object, u16 ObjectType"},
    {"0x32 ReferenceObject, 0x33 DereferenceObject", 0, "ptr Object, hex32 Tag, u32 Count"},
};

constexpr LayoutRow kSystemConfig[] = {
    {"0x0A CPU", 2,
     "u32 MHz, u32 NumberOfProcessors, u32 MemSize, u32 PageSize, u32 AllocationGranularity, "
     "wstr(256) ComputerName, wstr(134) DomainName, ptr HyperThreadingFlag, "
     "?ptr HighestUserAddress, ?u16 ProcessorArchitecture, ?u16 ProcessorLevel, "
     "?u16 ProcessorRevision, ?bool8 NxEnabled, ?bool8 PaeEnabled, ?u32 MemorySpeed"},
    {"0x0B PhyDisk", 2,
     "u32 DiskNumber, u32 BytesPerSector, u32 SectorsPerTrack, u32 TracksPerCylinder, "
     "u64 Cylinders, u32 SCSIPort, u32 SCSIPath, u32 SCSITarget, u32 SCSILun, "
     "wstr(256) Manufacturer, u32 PartitionCount, u8 WriteCacheEnabled, u8 Pad, "
     "wstr(3) BootDriveLetter, wstr(2) Spare"},
    {"0x0C LogDisk", 2,
     "u64 StartOffset, u64 PartitionSize, u32 DiskNumber, u32 Size, u32 DriveType, "
     "wstr(4) DriveLetterString, u32 Pad1, u32 PartitionNumber, u32 SectorsPerCluster, "
     "u32 BytesPerSector, u32 Pad2, i64 NumberOfFreeClusters, i64 TotalNumberOfClusters, "
     "wstr(16) FileSystem, u32 VolumeExt, u32 Pad3"},
    {"0x0D NIC", 2,
     "u64 PhysicalAddr, u32 PhysicalAddrLen, u32 Ipv4Index, u32 Ipv6Index, wstr NICDescription, "
     "wstr IpAddresses, wstr DnsServerAddresses"},
    {"0x0F Services", 2,
     "pid ProcessId, u32 ServiceState, u32 SubProcessTag, wstr ServiceName, wstr DisplayName, "
     "wstr ProcessName"},
    {"0x0F Services", 3,
     "pid ProcessId, u32 ServiceState, u32 SubProcessTag, wstr ServiceName, wstr DisplayName, "
     "wstr ProcessName, wstr LoadOrderGroup, wstr SvchostGroup"},
    {"0x10 Power", 2, "u8 S1, u8 S2, u8 S3, u8 S4, u8 S5, ?u8 Pad1, ?u8 Pad2, ?u8 Pad3"},
    {"0x11 Network", 2,
     "u32 TcbTablePartitions, i32 MaxHashTableSize, u32 MaxUserPort, u32 TcpTimedWaitDelay"},
    {"0x16 PnP", 3,
     "guid ClassGuid, u32 UpperFiltersCount, u32 LowerFiltersCount, wstr DeviceID, "
     "wstr DeviceDescription, wstr FriendlyName, wstr PdoName, wstr ServiceName, "
     "wstr[UpperFiltersCount] UpperFilters, wstr[LowerFiltersCount] LowerFilters"},
    {"0x17 IDEChannel", 2,
     "u32 TargetID, hex32 DeviceType, hex32 DeviceTimingMode, u32 LocationInformationLen, "
     "wstr LocationInformation"},
};

constexpr LayoutRow kImageId[] = {
    {"0x00 Info", 2,
     "ptr ImageBase, size ImageSize, pid ProcessId, u32 TimeDateStamp, wstr OriginalFileName"},
    {"0x20 None", 0, "ptr ImageBase, pid ProcessId"},
    {"0x24 DbgIdRsds, 0x25 DbgIdIlRsds", 2,
     "ptr ImageBase, pid ProcessId, guid GuidSig, u32 Age, astr PdbFileName"},
    {"0x26 DbgIdPpdb", 0,
     "ptr ImageBase, pid ProcessId, u32 TimeDateStamp, u16 MajorVersion, u16 MinorVersion"},
    {"0x28 Deterministic", 0, "ptr ImageBase, pid ProcessId"},
    {"0x40 FileVersion", 0,
     "u32 ImageSize, u32 TimeDateStamp, wstr OrigFileName, wstr FileDescription, "
     "wstr FileVersion, wstr BinFileVersion, wstr VerLanguage, wstr ProductName, "
     "wstr CompanyName, wstr ProductVersion, wstr FileId, wstr ProgramId"},
};

constexpr LayoutRow kSystemConfigEx[] = {
    {"0x20 BuildInfo", 0, "filetime InstallDate, wstr BuildLab, wstr ProductName"},
    {"0x21 SystemPaths", 0, "wstr SystemDirectory, wstr SystemWindowsDirectory"},
    {"0x22 UnknownVolume", 0, "wstr Value"},
    {"0x23 VolumeMapping", 0, "wstr NtPath, wstr DosPath"},
};

constexpr LayoutRow kEventMetadata[] = {
    {"0x20 EventInfo", 0, "bytes(*) Info"},
    {"0x21 EventMapInfo", 0, "guid Provider, bytes(*) Map"},
};

constexpr LayoutRow kLostEvent[] = {{"32 Event, 33 Buffer, 34 BackupFile", 0, kNothing}};

constexpr LayoutTable Kernel(uint8_t group, std::span<const LayoutRow> rows) {
  return {{}, group, EventForm::kType, rows};
}
constexpr LayoutTable Class(const Guid& guid, std::span<const LayoutRow> rows) {
  return {guid, kNoGroup, EventForm::kType, rows};
}

constexpr LayoutTable kTables[] = {
    Kernel(0x00, kEventTrace),
    Kernel(0x01, kDiskIo),
    Kernel(0x02, kPageFault),
    Kernel(0x03, kProcess),
    Kernel(0x04, kFileIo),
    Kernel(0x05, kThread),
    Kernel(0x06, kTcpIp),
    Kernel(0x08, kUdpIp),
    Kernel(0x09, kRegistry),
    Kernel(0x0B, kSystemConfig),
    Kernel(0x0F, kPerfInfo),
    Kernel(0x11, kObject),
    Kernel(0x14, kImage),
    Kernel(0x18, kStackWalk),
    Class(ParseGuid("b3e675d7-2554-4f18-830b-2762732560de"), kImageId),
    Class(ParseGuid("9b79ee91-b5fd-41c0-a243-4248e266e9d0"), kSystemConfigEx),
    Class(ParseGuid("bbccf6c1-6cd1-48c4-80ff-839482e37671"), kEventMetadata),
    Class(ParseGuid("6a399ae0-4bc6-4de9-870b-3657f8947e7e"), kLostEvent),
};

}  // namespace

std::span<const LayoutTable> KernelLayouts() { return kTables; }

}  // namespace nuthatch
