// Safepoints: stopping the mutators of a heap, and letting them go.
//
// A mutator is *running* or *parked*. It parks itself when it polls a request
// (an allocation's slow path polls too), and is parked for as long as it is in
// a BlockingRegion: entering is a store, leaving a store, a load and a branch,
// and a thread blocked in a system call is never woken for a collection.
//
// Design: docs/design/safepoints.md. Source: the GC Handbook, 2nd ed., section
// 11.6; the handshake is Dekker's with an asymmetric fence.
//
// Invariants:
//   [sp.parked]  A parked mutator does not touch the heap, its handles or its
//                allocation buffer.
//   [sp.stop]    Between TryStop() and Resume() every mutator but the caller
//                is parked.
//
// Threads: any attached thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

namespace fledge::gc {

class MutatorCore;

class Safepoints {
 public:
  static constexpr std::uint32_t kRunning = 0;
  static constexpr std::uint32_t kParked = 1;

  Safepoints();

  // Adds or removes a mutator; waits while the world is stopped.
  void Attach(MutatorCore& mutator);
  void Detach(MutatorCore& mutator);

  // Stops all mutators but `self` and returns true. If another thread is
  // stopping the world, parks `self` until that is over and returns false.
  bool TryStop(MutatorCore& self);
  void Resume();

  // The slow paths of polling and of leaving a blocking region: parks the
  // caller while the world is stopped.
  void ParkWhileStopped(MutatorCore& self);

  // Waits while the world is stopped, and keeps it from being stopped for as
  // long as the lock is held. For what the collector reads without a lock and
  // a thread that is not attached may change.
  [[nodiscard]] std::unique_lock<std::mutex> LockUnstopped();

  // Stable while the world is stopped, or under LockUnstopped().
  const std::vector<MutatorCore*>& mutators() const { return mutators_; }

 private:
  void ParkLocked(MutatorCore& self, std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable parked_;   // A mutator parked itself.
  std::condition_variable resumed_;  // The world goes on.
  bool stopping_ = false;            // From TryStop() to Resume();
  bool stopped_ = false;             // and all are parked.
  std::vector<MutatorCore*> mutators_;
};

}  // namespace fledge::gc
