// MemoryAccount: how many bytes are in use, and how many may be.
//
// Everything a heap takes from the OS for objects is charged here before it is
// used, so that one comparison decides whether a limit holds.
//
// Design: docs/design/memory.md. Threads: all calls are thread-safe.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace fledge::allocator {

class MemoryAccount {
 public:
  explicit MemoryAccount(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  MemoryAccount(const MemoryAccount&) = delete;
  MemoryAccount& operator=(const MemoryAccount&) = delete;

  // Charges `bytes`, all or nothing: false if that would pass the limit.
  [[nodiscard]] bool TryCharge(std::size_t bytes) {
    std::size_t used = used_bytes_.load(std::memory_order_relaxed);
    const std::size_t most = limit_bytes_ + allowance_bytes();
    do {
      if (bytes > most || used > most - bytes) return false;
    } while (!used_bytes_.compare_exchange_weak(used, used + bytes,
                                                std::memory_order_relaxed));
    std::size_t peak = peak_bytes_.load(std::memory_order_relaxed);
    while (used + bytes > peak &&
           !peak_bytes_.compare_exchange_weak(peak, used + bytes,
                                              std::memory_order_relaxed)) {
    }
    return true;
  }

  void Refund(std::size_t bytes) {
    used_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  }

  std::size_t limit_bytes() const { return limit_bytes_; }
  std::size_t used_bytes() const {
    return used_bytes_.load(std::memory_order_relaxed);
  }
  std::size_t peak_bytes() const {
    return peak_bytes_.load(std::memory_order_relaxed);
  }
  std::size_t left_bytes() const {
    const std::size_t most = limit_bytes_ + allowance_bytes();
    return most - std::min(most, used_bytes());
  }

  // What may be used above the limit for now: nothing, to begin with.
  std::size_t allowance_bytes() const {
    return allowance_bytes_.load(std::memory_order_relaxed);
  }
  void SetAllowance(std::size_t bytes) {
    allowance_bytes_.store(bytes, std::memory_order_relaxed);
  }

 private:
  const std::size_t limit_bytes_;
  std::atomic<std::size_t> allowance_bytes_{0};
  std::atomic<std::size_t> used_bytes_{0};
  std::atomic<std::size_t> peak_bytes_{0};
};

}  // namespace fledge::allocator
