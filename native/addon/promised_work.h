// Work on one of libuv's threads that settles a promise.
#ifndef NUTHATCH_ADDON_PROMISED_WORK_H_
#define NUTHATCH_ADDON_PROMISED_WORK_H_

#include <napi.h>

#include <atomic>
#include <memory>
#include <new>
#include <utility>

#include "addon/error.h"

namespace nuthatch {

// Made on the JavaScript thread and queued by it; deletes itself. The end of an environment waits
// for what runs, so that long work has to be stopped by a cleanup hook.
class PromisedWork : public Napi::AsyncWorker {
 public:
  // `out_of_memory` is the error for std::bad_alloc in Run.
  PromisedWork(Napi::Env env, const char* name, Status out_of_memory)
      : AsyncWorker(env, name),
        promise_(Napi::Promise::Deferred::New(env)),
        out_of_memory_(std::move(out_of_memory)) {}

  // Queues it.
  Napi::Promise Begin() {
    Queue();
    return promise_.Promise();
  }

 protected:
  // On a thread of libuv's.
  virtual Status Run() = 0;
  // On the JavaScript thread, when Run has ended, in whatever way.
  virtual void Ended() {}
  // Then, when it has succeeded: what the promise resolves to.
  virtual Napi::Value Result() = 0;

 private:
  void Execute() final {
    try {
      status_ = Run();
    } catch (const std::bad_alloc&) {
      status_ = std::move(out_of_memory_);
    }
  }

  void OnOK() final {
    Ended();
    try {
      Settle();
    } catch (const Napi::Error&) {
      // The environment is ending and runs no JavaScript any more: nobody waits.
    }
  }

  void Settle() {
    if (status_.ok()) {
      promise_.Resolve(Result());
    } else {
      promise_.Reject(ErrorOf(Env(), status_).Value());
    }
  }

  const Napi::Promise::Deferred promise_;
  Status out_of_memory_;
  Status status_;
};

using StopFlag = std::shared_ptr<std::atomic<bool>>;
inline StopFlag MakeStopFlag() { return std::make_shared<std::atomic<bool>>(false); }

// Long work, which JavaScript and the end of an environment can stop: then `stop` is set.
class StoppableWork : public PromisedWork {
 public:
  StoppableWork(Napi::Env env, const char* name, Status out_of_memory,
                StopFlag stop = MakeStopFlag())
      : PromisedWork(env, name, std::move(out_of_memory)),
        stop_(std::move(stop)),
        cleanup_(env.AddCleanupHook(TearDown, this)) {}

  // Queues it; gives an object of its promise, `done`, and a function `stop`.
  Napi::Object Start() {
    const auto stop = [stop = stop_](const Napi::CallbackInfo&) { *stop = true; };
    Napi::Object object = Napi::Object::New(Env());
    object.Set("stop", Napi::Function::New(Env(), stop));
    object.Set("done", Begin());
    return object;
  }

 protected:
  // For Run: whether it is to return soon.
  const std::atomic<bool>& stop() const { return *stop_; }

 private:
  static void TearDown(StoppableWork* self) { *self->stop_ = true; }
  void Ended() final { cleanup_.Remove(Env()); }

  const StopFlag stop_;
  Napi::Env::CleanupHook<void (*)(StoppableWork*), StoppableWork> cleanup_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_PROMISED_WORK_H_
