// A lock that many may hold to read, or one to write: SRWLOCK on Windows, a pthread_rwlock
// elsewhere. For std::shared_lock and std::unique_lock.
#ifndef NUTHATCH_PLATFORM_SRW_LOCK_H_
#define NUTHATCH_PLATFORM_SRW_LOCK_H_

#ifndef _WIN32
#include <shared_mutex>
#endif

namespace nuthatch {

class SrwLock {
 public:
  SrwLock() = default;
  SrwLock(const SrwLock&) = delete;
  SrwLock& operator=(const SrwLock&) = delete;

  // Names as the standard library asks for them.
  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();

 private:
#ifdef _WIN32
  void* lock_ = nullptr;  // an SRWLOCK, which is a pointer that begins as null
#else
  std::shared_mutex lock_;
#endif
};

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_SRW_LOCK_H_
