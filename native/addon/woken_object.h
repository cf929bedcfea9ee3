// Objects whose work goes on on other threads, which wake the JavaScript thread.
#ifndef NUTHATCH_ADDON_WOKEN_OBJECT_H_
#define NUTHATCH_ADDON_WOKEN_OBJECT_H_

#include <napi.h>

#include <utility>

namespace nuthatch {

// `Object` derives from this and has OnWake(), which is called by the JavaScript thread after
// WakeUp(), once however often that was called meanwhile, and TearDown(), after which no thread
// calls WakeUp() any more. Its destructor calls End().
template <typename Object>
class WokenObject : public Napi::ObjectWrap<Object> {
 protected:
  WokenObject(const Napi::CallbackInfo& info, const char* name)
      : Napi::ObjectWrap<Object>(info), env_(info.Env()) {
    wake_ = Wake::New(env_, name, /*maxQueueSize=*/0, /*initialThreadCount=*/1, this);
    wake_.Unref(env_);
    // Runs before the cleanup of wake_, which was registered earlier.
    cleanup_ = env_.AddCleanupHook(TearDownObject, this);
  }

  ~WokenObject() override {
    if (std::exchange(torn_down_, true)) return;  // else its construction failed
    cleanup_.Remove(env_);
    wake_.Release();
  }

  Napi::Env env() const { return env_; }
  bool torn_down() const { return torn_down_; }

  // Any thread.
  void WakeUp() { wake_.NonBlockingCall(); }

  // Whether it keeps itself and the event loop alive.
  void HoldOn(bool holds) {
    if (torn_down_ || std::exchange(holds_, holds) == holds) return;
    if (holds) {
      this->Ref();
      wake_.Ref(env_);
    } else {
      this->Unref();
      wake_.Unref(env_);
    }
  }

  void End() {
    if (torn_down_) return;
    cleanup_.Remove(env_);
    EndWithEnvironment();
  }

 private:
  static void TearDownObject(WokenObject* self) { self->EndWithEnvironment(); }
  static void CallOnWake(Napi::Env env, Napi::Function, WokenObject* self, void*) {
    if (env == nullptr || self->torn_down_) return;
    try {
      const Napi::HandleScope scope(env);
      static_cast<Object*>(self)->OnWake();
    } catch (const Napi::Error&) {
      // JavaScript cannot be called any more: the environment is being torn down.
    }
  }
  using Wake = Napi::TypedThreadSafeFunction<WokenObject, void, CallOnWake>;

  void EndWithEnvironment() {
    torn_down_ = true;
    static_cast<Object*>(this)->TearDown();
    wake_.Release();
  }

  Napi::Env env_;
  Wake wake_;
  Napi::Env::CleanupHook<void (*)(WokenObject*), WokenObject> cleanup_;
  bool holds_ = false;
  bool torn_down_ = false;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_WOKEN_OBJECT_H_
