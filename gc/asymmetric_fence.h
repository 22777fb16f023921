// AsymmetricFence: a store-load fence whose cost is on one side.
//
// A mutator leaves a blocking region by storing its state and loading the stop
// request; the collector stores the request and loads the states. One of the
// two must see the other's store. The mutator's side, Light(), is a compiler
// fence; the collector's, Heavy(), makes every running thread of the process
// execute a full fence (membarrier). Where the kernel refuses that, both are
// full fences.
//
// Design: docs/design/safepoints.md. Source: membarrier(2); P. McKenney,
// expedited membarrier in liburcu.
#pragma once

#include <atomic>

namespace fledge::gc {

class AsymmetricFence {
 public:
  // Registers the process with the kernel, once.
  static void Prepare();

  static void Light() {
    if (expedited_.load(std::memory_order_relaxed)) [[likely]] {
      std::atomic_signal_fence(std::memory_order_seq_cst);
    } else {
      std::atomic_thread_fence(std::memory_order_seq_cst);
    }
  }
  static void Heavy();

 private:
  static std::atomic<bool> expedited_;
};

}  // namespace fledge::gc
