// RefusingOs: the operating system, but from some request on it has no memory.
//
// allocator/failing_os.h refuses one request, as `fail-page=K` does; this one
// also goes on refusing, as a system does that has run out. Requests before
// Arm() are always granted: what a heap and its mutators cannot do without.
//
// Threads: all calls are thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "allocator/base/address.h"
#include "allocator/os.h"

namespace fledge {

class RefusingOs final : public allocator::Os {
 public:
  enum class Refuses : std::uint8_t { kOnce, kFromThenOn };

  // Refuses the k-th request for memory after Arm(), 1 being the first.
  RefusingOs(std::uint64_t k, Refuses refuses)
      : first_(k),
        last_(refuses == Refuses::kOnce
                  ? k
                  : std::numeric_limits<std::uint64_t>::max()) {}

  void Arm() { armed_ = true; }
  // And no more: whatever is left of the test gets its memory.
  void Disarm() { armed_ = false; }
  // For memory (Commit, Discard or Populate), while armed.
  std::uint64_t requests() const { return requests_; }

  AddressRange Reserve(std::size_t bytes, std::size_t alignment) override {
    return os_.Reserve(bytes, alignment);
  }
  void Release(AddressRange range) override { os_.Release(range); }
  bool Commit(AddressRange pages) override {
    return IsGranted() && os_.Commit(pages);
  }
  bool Discard(AddressRange pages) override {
    return IsGranted() && os_.Discard(pages);
  }
  bool Populate(AddressRange pages) override {
    return IsGranted() && os_.Populate(pages);
  }
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
  bool IsGranted() {
    if (!armed_) return true;
    const std::uint64_t number = ++requests_;
    return number < first_ || number > last_;
  }

  allocator::Os& os_ = allocator::SystemOs();
  const std::uint64_t first_;
  const std::uint64_t last_;
  std::atomic<bool> armed_{false};
  std::atomic<std::uint64_t> requests_{0};
};

}  // namespace fledge
