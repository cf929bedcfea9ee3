// Traces of what the kernel says of a busy machine, written for measuring.
#ifndef NUTHATCH_BENCH_KERNEL_TRACE_H_
#define NUTHATCH_BENCH_KERNEL_TRACE_H_

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "trace/trace_records.h"

namespace nuthatch {

enum class TraceMix : uint8_t {
  kMixed,   // processes start, load images, use files, the registry and the network, and end
  kServer,  // the same, with the names of very many files and keys
  kDense,   // nearly every record becomes a standard event: processes start, keys are opened
};

struct TraceShape {
  uint16_t cpus = 1;        // that write records in turns
  bool compressed = false;  // with buffers of 64 KiB, instead of 1 MiB
  // Of so many records of the mixed trace one is the start of a process that removes shadow copies,
  // which an example detector fires on; 0: none.
  uint32_t attack_every = 0;
};

// In what such a process is started with, and nowhere else.
constexpr std::string_view kAttack = "vssadmin.exe delete shadows";

class KernelTrace {
 public:
  // Some records more than `records`.
  static Bytes Write(size_t records, TraceMix mix = TraceMix::kMixed,
                     const TraceShape& shape = {}) {
    KernelTrace trace(shape);
    trace.Rundown();
    if (mix == TraceMix::kServer) trace.ServerRundown();
    for (uint32_t i = 0; trace.count_ < records; ++i) {
      const uint32_t pid = 1000 + i % 4000 * 4;
      if (mix == TraceMix::kDense) {
        trace.DenseProcess(pid);
      } else {
        trace.Process(pid);
      }
    }
    for (uint16_t cpu = 0; cpu < shape.cpus; ++cpu) trace.Flush(cpu);
    return trace.writer_.bytes();
  }

 private:
  static constexpr uint32_t kParents = 100;

  struct Filling {
    std::vector<Bytes> records;
    size_t size = 0;
  };

  explicit KernelTrace(const TraceShape& shape)
      : buffer_size_(shape.compressed ? 64 << 10 : 1 << 20),
        compressed_(shape.compressed),
        attack_every_(shape.attack_every),
        writer_({.buffer_size = buffer_size_, .mode = shape.compressed ? 0x04000000u : 0u}),
        filling_(shape.cpus) {}

  void Add(const Bytes& record) {
    const auto cpu = static_cast<uint16_t>(count_ % filling_.size());
    Filling* const filling = &filling_[cpu];
    if (filling->size + record.size() + 8 > buffer_size_ - kBufferHeaderSize) Flush(cpu);
    filling->size += (record.size() + 7) & ~size_t{7};
    filling->records.push_back(record);
    ++count_;
  }
  void Flush(uint16_t cpu) {
    writer_.Add({.cpu = cpu,
                 .sequence = sequence_++,
                 .compressed = compressed_,
                 .records = filling_[cpu].records});
    filling_[cpu].records.clear();
    filling_[cpu].size = 0;
  }
  Header Next(uint32_t pid = kNoId) { return {.tick = tick_ += 10, .pid = pid, .tid = pid + 1}; }

  void Rundown() {
    Add(VolumeMapping(0, "\\Device\\HarddiskVolume3\\", "C:\\"));
    for (uint32_t i = 1; i <= kParents; ++i) {
      Add(ProcessRecord(Next(), kDcStart, i * 4, 4, "parent.exe",
                        "parent --of " + std::to_string(i)));
    }
    for (uint32_t i = 0; i < 200; ++i) {
      Add(Kernel(Next(), 9, 0x18, 2,
                 RegistryName(0xA000 + i, "\\REGISTRY\\MACHINE\\SOFTWARE\\" + std::to_string(i))));
    }
  }

  static std::string ServerPath(std::string_view folder, uint32_t i) {
    return "\\Device\\HarddiskVolume3\\" + std::string(folder) + "\\component_" +
           std::to_string(i / 20) + "_31bf3856ad364e35_10.0.19041.1\\file" + std::to_string(i) +
           ".dll";
  }
  // What a server with many open files and keys has.
  void ServerRundown() {
    for (uint32_t i = 0; i < 150'000; ++i) {
      Add(Kernel(
          Next(), 4, 0x24, 2,
          Payload().Ptr(0xFFFF'9000'0000'0000 + i * 0x40).Wide(ServerPath("Windows\\WinSxS", i))));
    }
    for (uint32_t i = 0; i < 65'000; ++i) {
      Add(Kernel(
          Next(), 9, 0x18, 2,
          RegistryName(0xB'0000 + i * 0x40,
                       "\\REGISTRY\\MACHINE\\SOFTWARE\\Classes\\CLSID\\{00021401-0000-0000-C000-" +
                           std::to_string(100'000'000 + i) + "}\\InprocServer32")));
    }
    for (uint32_t i = 0; i < 60'000; ++i) {
      Add(Kernel(Next(), 4, 0x40, 3,
                 Payload()
                     .Ptr(0x100)
                     .Ptr(0xFFFF'A000'0000'0000 + i * 0x40)
                     .U32(5)
                     .U32(1u << 24)
                     .U32(0)
                     .U32(7)
                     .Wide(ServerPath("ProgramData\\Server\\Data", i))));
    }
  }

  void DenseProcess(uint32_t pid) {
    const uint32_t parent = pid % kParents * 4 + 4;
    Add(ProcessRecord(Next(parent), kStart, pid, parent, "child.exe",
                      "child --of " + std::to_string(pid)));
    for (uint32_t i = 0; i < 8; ++i)
      Add(Kernel(Next(pid), 9, 0x0A, 2, RegistryName(0xA000 + i, "Sub")));
  }

  bool IsAttack() {
    if (attack_every_ == 0 || count_ < attack_every_ * (attacks_ + 1)) return false;
    ++attacks_;
    return true;
  }

  void Process(uint32_t pid) {
    const uint32_t parent = pid % kParents * 4 + 4;
    Add(ProcessRecord(
        Next(parent), kStart, pid, parent, "child.exe",
        (IsAttack() ? std::string(kAttack) + " --of " : "child --of ") + std::to_string(pid)));
    Add(ThreadRecord(Next(parent), kStart, pid, pid + 1));
    Add(ImageLoad(Next(pid), pid,
                  "\\Device\\HarddiskVolume3\\Program Files\\A program\\child.exe"));
    for (int i = 0; i < 12; ++i) {
      Add(ImageLoad(
          Next(pid), pid,
          "\\Device\\HarddiskVolume3\\Windows\\System32\\library" + std::to_string(i) + ".dll"));
    }
    for (uint32_t i = 0; i < 20; ++i) File(pid, i);
    for (uint32_t i = 0; i < 30; ++i) Registry(pid, i);
    for (uint16_t i = 0; i < 6; ++i) Network(pid, i);
    Add(ThreadRecord(Next(pid), kEnd, pid, pid + 1));
    Add(ProcessRecord(Next(pid), kEnd, pid, parent, "child.exe"));
  }

  // As FileIo of Windows 8 and later: without a process, but with a thread.
  void File(uint32_t pid, uint32_t i) {
    constexpr uint32_t kCreate = 2u << 24;
    constexpr uint32_t kOpen = 1u << 24;
    const uint64_t file = 0xFFFF'8000'0000'0000 + i * 0x100;
    const uint32_t tid = pid + 1;
    const bool creates = i % 4 == 0;
    const uint64_t irp = 0x100 + i;
    Add(Kernel(Next(), 4, 0x40, 3,
               Payload()
                   .Ptr(irp)
                   .Ptr(file)
                   .U32(tid)
                   .U32(creates ? kCreate : kOpen)
                   .U32(0)
                   .U32(7)
                   .Wide("\\Device\\HarddiskVolume3\\Users\\somebody\\AppData\\Local\\Temp\\file" +
                         std::to_string(pid * 100 + i) + ".tmp")));
    Add(Kernel(Next(), 4, 0x4C, 2, Payload().Ptr(irp).Ptr(creates ? 2 : 1).U32(0)));
    for (int n = 0; n < 3; ++n) Add(Transfer(0x43, file, tid));
    if (creates) {
      for (int n = 0; n < 3; ++n) Add(Transfer(0x44, file, tid));
    }
    if (i == 0)
      Add(Kernel(Next(), 4, 0x46, 3,
                 Payload().Ptr(irp).Ptr(file).Ptr(file).Ptr(1).U32(tid).U32(13)));
    for (const uint8_t type : {0x41, 0x42})
      Add(Kernel(Next(), 4, type, 3, Payload().Ptr(irp).Ptr(file).Ptr(file).U32(tid)));
  }
  Bytes Transfer(uint8_t type, uint64_t file, uint32_t tid) {
    return Kernel(Next(), 4, type, 3,
                  Payload().U64(0).Ptr(1).Ptr(file).Ptr(file + 8).U32(tid).U32(4096).U32(0));
  }

  static Payload RegistryName(uint64_t key, const std::string& name) {
    return Payload().U64(0).U32(0).U32(0).Ptr(key).Wide(name);
  }
  void Registry(uint32_t pid, uint32_t i) {
    const uint64_t key = 0xA000 + i;
    Add(Kernel(Next(pid), 9, 0x0B, 2, RegistryName(key, "Sub")));
    for (int n = 0; n < 3; ++n) Add(Kernel(Next(pid), 9, 0x10, 2, RegistryName(key, "A value")));
    if (i % 5 == 0) Add(Kernel(Next(pid), 9, 0x0E, 2, RegistryName(key, "A value")));
  }

  void Network(uint32_t pid, uint16_t i) {
    Payload ends;
    ends.U32(pid)
        .U32(5)
        .U32(0x0100000A)
        .U32(0x0200000A)
        .U16(0xBB01)
        .U16(static_cast<uint16_t>(pid + i));
    Payload connect = ends;
    connect.U16(0).U16(0).U16(0).U16(0).U32(0).U16(0).U16(0).U32(0).Ptr(0);
    Add(Kernel(Next(), 6, 0x0C, 2, connect));
    ends.U32(0).Ptr(0);
    for (int n = 0; n < 4; ++n) {
      Add(Kernel(Next(), 6, 0x0B, 2, ends));
      Add(Kernel(Next(), 8, 0x0A, 2, ends));
    }
  }

  const uint32_t buffer_size_;
  const bool compressed_;
  const size_t attack_every_;
  EtlWriter writer_;
  std::vector<Filling> filling_;  // by CPU
  size_t count_ = 0;
  size_t attacks_ = 0;
  int64_t sequence_ = 1;
  uint64_t tick_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_BENCH_KERNEL_TRACE_H_
