#include "platform/srw_lock.h"

namespace nuthatch {

void SrwLock::lock() { lock_.lock(); }
void SrwLock::unlock() { lock_.unlock(); }
void SrwLock::lock_shared() { lock_.lock_shared(); }
void SrwLock::unlock_shared() { lock_.unlock_shared(); }

}  // namespace nuthatch
