// FailingOs: an operating system that refuses one request.
//
// For stress (`fail-page=K`) and tests: whatever a heap asks for may be
// refused, and no object may be lost when it is.
//
// Design: docs/design/stress.md. Threads: thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "allocator/base/address.h"
#include "allocator/os.h"

namespace fledge::allocator {

class FailingOs final : public Os {
 public:
  // Refuses the k-th request for memory (Commit or Discard) after Arm(); none
  // if k is 0. Populate() is a hint of a thread that runs beside the others,
  // and would make k mean something else each time. Borrows `os`.
  FailingOs(Os& os, std::uint64_t k) : os_(os), k_(k) {}

  void Arm() { armed_.store(true, std::memory_order_relaxed); }
  // Requests since Arm().
  std::uint64_t requests() const { return requests_; }

  AddressRange Reserve(std::size_t bytes, std::size_t alignment) override {
    return os_.Reserve(bytes, alignment);
  }
  void Release(AddressRange range) override { os_.Release(range); }
  bool Commit(AddressRange pages) override {
    return !Refuses() && os_.Commit(pages);
  }
  bool Discard(AddressRange pages) override {
    return !Refuses() && os_.Discard(pages);
  }
  bool Populate(AddressRange pages) override { return os_.Populate(pages); }
  void PreferHugePages(AddressRange range) override {
    os_.PreferHugePages(range);
  }
  void PreferSmallPages(AddressRange range) override {
    os_.PreferSmallPages(range);
  }
  void SetAccessible(AddressRange pages, bool accessible) override {
    os_.SetAccessible(pages, accessible);
  }
  std::size_t MemoryBytes() override { return os_.MemoryBytes(); }
  std::size_t CacheBytes() override { return os_.CacheBytes(); }

 private:
  bool Refuses() {
    return armed_.load(std::memory_order_relaxed) &&
           requests_.fetch_add(1, std::memory_order_relaxed) + 1 == k_;
  }

  Os& os_;
  const std::uint64_t k_;
  std::atomic<bool> armed_{false};
  std::atomic<std::uint64_t> requests_{0};
};

}  // namespace fledge::allocator
