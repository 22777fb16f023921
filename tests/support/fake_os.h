// FakeOs: the operating system, but it counts, and refuses when told to.
//
// Requests go on to SystemOs(), so that what is granted is real memory. A test
// says which request fails, by kind and number, and looks at what was asked.
//
// Threads: all calls are thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/os.h"

namespace fledge {

class FakeOs final : public allocator::Os {
 public:
  enum class Request : std::uint8_t {
    kReserve,
    kRelease,
    kCommit,
    kDiscard,
    kPopulate,
    kPreferHugePages,
    kPreferSmallPages,
    kSetAccessible,
    kMemoryBytes,
  };
  static constexpr std::size_t kRequestCount = 9;

  explicit FakeOs(std::size_t memory_bytes = kGiB)
      : memory_bytes_(memory_bytes) {}

  // The `k`-th request of the kind from now on fails, once. 1 is the next.
  void Refuse(Request kind, std::size_t k) {
    const std::lock_guard lock(mutex_);
    Refusal& refusal = refusals_[Index(kind)];
    refusal.first = counts_[Index(kind)] + k;
    refusal.last = refusal.first;
  }
  // Every request of the kind fails until Grant().
  void RefuseAll(Request kind) {
    const std::lock_guard lock(mutex_);
    refusals_[Index(kind)] = {0, std::numeric_limits<std::size_t>::max()};
  }
  void Grant(Request kind) {
    const std::lock_guard lock(mutex_);
    refusals_[Index(kind)] = {};
  }
  // Reservations of more than `bytes` fail, as they do under valgrind.
  void set_largest_reservation(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    largest_reservation_ = bytes;
  }

  // Requests of the kind so far, refused ones included.
  std::size_t count(Request kind) const {
    const std::lock_guard lock(mutex_);
    return counts_[Index(kind)];
  }
  // Ranges that Reserve() granted and Release() did not take back.
  std::size_t reserved_ranges() const {
    const std::lock_guard lock(mutex_);
    return reserved_.size();
  }
  // Bytes that Commit() granted in reservations that are still there. Pages
  // that were committed twice count once.
  std::size_t committed_bytes() const {
    const std::lock_guard lock(mutex_);
    std::size_t bytes = 0;
    for (const auto& [begin, range] : committed_) bytes += range.bytes;
    return bytes;
  }
  // What Discard() was granted, oldest first.
  std::vector<AddressRange> discarded() const {
    const std::lock_guard lock(mutex_);
    return discarded_;
  }
  // What Populate() was granted, oldest first.
  std::vector<AddressRange> populated() const {
    const std::lock_guard lock(mutex_);
    return populated_;
  }
  // The sizes that Reserve() was asked for, oldest first.
  std::vector<std::size_t> wanted_reservations() const {
    const std::lock_guard lock(mutex_);
    return wanted_reservations_;
  }

  AddressRange Reserve(std::size_t bytes, std::size_t alignment) override {
    const std::lock_guard lock(mutex_);
    wanted_reservations_.push_back(bytes);
    if (IsRefused(Request::kReserve) || bytes > largest_reservation_) return {};
    const AddressRange range = allocator::SystemOs().Reserve(bytes, alignment);
    if (!range.empty()) reserved_[range.begin] = range;
    return range;
  }

  void Release(AddressRange range) override {
    const std::lock_guard lock(mutex_);
    IsRefused(Request::kRelease);
    reserved_.erase(range.begin);
    std::erase_if(committed_, [&](const auto& entry) {
      return range.Contains(entry.second.begin);
    });
    allocator::SystemOs().Release(range);
  }

  bool Commit(AddressRange pages) override {
    const std::lock_guard lock(mutex_);
    if (IsRefused(Request::kCommit) || !allocator::SystemOs().Commit(pages)) {
      return false;
    }
    NoteCommitted(pages);
    return true;
  }

  bool Discard(AddressRange pages) override {
    const std::lock_guard lock(mutex_);
    if (IsRefused(Request::kDiscard) || !allocator::SystemOs().Discard(pages)) {
      return false;
    }
    discarded_.push_back(pages);
    return true;
  }

  bool Populate(AddressRange pages) override {
    const std::lock_guard lock(mutex_);
    if (IsRefused(Request::kPopulate) ||
        !allocator::SystemOs().Populate(pages)) {
      return false;
    }
    populated_.push_back(pages);
    return true;
  }

  void PreferHugePages(AddressRange range) override {
    const std::lock_guard lock(mutex_);
    IsRefused(Request::kPreferHugePages);
    allocator::SystemOs().PreferHugePages(range);
  }

  void PreferSmallPages(AddressRange range) override {
    const std::lock_guard lock(mutex_);
    IsRefused(Request::kPreferSmallPages);
    allocator::SystemOs().PreferSmallPages(range);
  }

  void SetAccessible(AddressRange pages, bool accessible) override {
    const std::lock_guard lock(mutex_);
    IsRefused(Request::kSetAccessible);
    allocator::SystemOs().SetAccessible(pages, accessible);
  }

  std::size_t MemoryBytes() override {
    const std::lock_guard lock(mutex_);
    IsRefused(Request::kMemoryBytes);
    return memory_bytes_;
  }

  std::size_t CacheBytes() override { return kMiB; }

 private:
  // Numbers of requests that fail, both ends included. None is number 0.
  struct Refusal {
    std::size_t first = 0;
    std::size_t last = 0;
  };

  static std::size_t Index(Request kind) {
    return static_cast<std::size_t>(kind);
  }

  // Counts the request.
  bool IsRefused(Request kind) {
    const std::size_t number = ++counts_[Index(kind)];
    const Refusal& refusal = refusals_[Index(kind)];
    return number >= refusal.first && number <= refusal.last;
  }

  // Keeps `committed_` a set of ranges that do not touch.
  void NoteCommitted(AddressRange pages) {
    Address begin = pages.begin;
    Address end = pages.end();
    std::erase_if(committed_, [&](const auto& entry) {
      const AddressRange& other = entry.second;
      if (other.end() < begin || other.begin > end) return false;
      begin = std::min(begin, other.begin);
      end = std::max(end, other.end());
      return true;
    });
    committed_[begin] = RangeBetween(begin, end);
  }

  const std::size_t memory_bytes_;
  mutable std::mutex mutex_;
  std::array<std::size_t, kRequestCount> counts_{};
  std::array<Refusal, kRequestCount> refusals_{};
  std::size_t largest_reservation_ = std::numeric_limits<std::size_t>::max();
  std::map<Address, AddressRange> reserved_;
  std::map<Address, AddressRange> committed_;
  std::vector<AddressRange> discarded_;
  std::vector<AddressRange> populated_;
  std::vector<std::size_t> wanted_reservations_;
};

}  // namespace fledge
