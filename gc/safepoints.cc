#include "gc/safepoints.h"

#include <algorithm>
#include <chrono>

#include "allocator/base/check.h"
#include "gc/asymmetric_fence.h"
#include "gc/mutator_core.h"

namespace fledge::gc {

Safepoints::Safepoints() { AsymmetricFence::Prepare(); }

void Safepoints::Attach(MutatorCore& mutator) {
  std::unique_lock lock(mutex_);
  resumed_.wait(lock, [&] { return !stopping_; });
  mutators_.push_back(&mutator);
}

void Safepoints::Detach(MutatorCore& mutator) {
  std::unique_lock lock(mutex_);
  ParkLocked(mutator, lock);
  std::erase(mutators_, &mutator);
}

void Safepoints::ParkLocked(MutatorCore& self,
                            std::unique_lock<std::mutex>& lock) {
  while (stopping_) {
    self.state().store(kParked, std::memory_order_release);
    parked_.notify_one();
    resumed_.wait(lock, [&] { return !stopping_; });
  }
  self.state().store(kRunning, std::memory_order_relaxed);
}

void Safepoints::ParkWhileStopped(MutatorCore& self) {
  std::unique_lock lock(mutex_);
  ParkLocked(self, lock);
}

std::unique_lock<std::mutex> Safepoints::LockUnstopped() {
  std::unique_lock lock(mutex_);
  // An attached thread that is here is running, so it does not wait.
  resumed_.wait(lock, [&] { return !stopped_; });
  return lock;
}

bool Safepoints::TryStop(MutatorCore& self) {
  std::unique_lock lock(mutex_);
  if (stopping_) {
    ParkLocked(self, lock);
    return false;
  }
  stopping_ = true;
  for (MutatorCore* mutator : mutators_) {
    if (mutator == &self) continue;
    mutator->stop_request().store(1, std::memory_order_relaxed);
  }
  // It interrupts other processors: not for who is alone.
  if (mutators_.size() > 1) AsymmetricFence::Heavy();
  for (MutatorCore* mutator : mutators_) {
    if (mutator == &self) continue;
    // Entering a blocking region is a plain store that notifies no one, so the
    // wait looks again by itself.
    while (mutator->state().load(std::memory_order_acquire) != kParked) {
      parked_.wait_for(lock, std::chrono::microseconds(20));
    }
  }
  stopped_ = true;
  return true;
}

void Safepoints::Resume() {
  const std::lock_guard lock(mutex_);
  FLEDGE_DCHECK(stopping_);
  stopping_ = false;
  stopped_ = false;
  for (MutatorCore* mutator : mutators_) {
    mutator->stop_request().store(0, std::memory_order_release);
  }
  resumed_.notify_all();
}

}  // namespace fledge::gc
