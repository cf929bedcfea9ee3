#include <windows.h>

#include "platform/srw_lock.h"

namespace nuthatch {

static_assert(sizeof(SRWLOCK) == sizeof(void*));

void SrwLock::lock() { AcquireSRWLockExclusive(reinterpret_cast<PSRWLOCK>(&lock_)); }
void SrwLock::unlock() { ReleaseSRWLockExclusive(reinterpret_cast<PSRWLOCK>(&lock_)); }
void SrwLock::lock_shared() { AcquireSRWLockShared(reinterpret_cast<PSRWLOCK>(&lock_)); }
void SrwLock::unlock_shared() { ReleaseSRWLockShared(reinterpret_cast<PSRWLOCK>(&lock_)); }

}  // namespace nuthatch
