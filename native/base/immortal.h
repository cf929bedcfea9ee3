// Objects that are made once and never destroyed: when a process exits, destructors of static
// objects run while threads still use them (Node's process.exit waits for none).
#ifndef NUTHATCH_BASE_IMMORTAL_H_
#define NUTHATCH_BASE_IMMORTAL_H_

#include <new>
#include <utility>

namespace nuthatch {

// For function-local statics: static const Immortal<T> t(...).
template <typename T>
class Immortal {
 public:
  template <typename... Arguments>
  explicit Immortal(Arguments&&... arguments) {
    new (storage_) T(std::forward<Arguments>(arguments)...);
  }
  Immortal(const Immortal&) = delete;
  Immortal& operator=(const Immortal&) = delete;

  const T& operator*() const { return *std::launder(reinterpret_cast<const T*>(storage_)); }
  const T* operator->() const { return &**this; }

 private:
  alignas(T) unsigned char storage_[sizeof(T)];
};

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_IMMORTAL_H_
