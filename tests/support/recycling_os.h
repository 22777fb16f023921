// RecyclingOs: the operating system, but what one heap gives back the next one
// gets, without asking the system.
//
// For many short programs with a heap each, which otherwise spend most of their
// time in the system. All of a reservation is accessible from the
// begin, so nobody hears of memory that is used before it is committed.
//
// Threads: all calls are thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/os.h"
#include "tests/support/sanitizers.h"

namespace fledge {

class RecyclingOs final : public allocator::Os {
 public:
  // The process's. Lives forever.
  static RecyclingOs& Get() {
    static RecyclingOs& os = *new RecyclingOs;
    return os;
  }

  AddressRange Reserve(std::size_t bytes, std::size_t alignment) override {
    {
      const std::lock_guard lock(mutex_);
      std::vector<AddressRange>& unused = unused_[{bytes, alignment}];
      if (!unused.empty()) {
        const AddressRange range = unused.back();
        unused.pop_back();
        return range;
      }
    }
    const AddressRange range = os_.Reserve(bytes, alignment);
    if (range.empty() || !os_.Commit(range)) return {};
    const std::lock_guard lock(mutex_);
    kinds_[range.begin] = {bytes, alignment};
    return range;
  }

  void Release(AddressRange range) override {
    std::vector<AddressRange> used;
    {
      const std::lock_guard lock(mutex_);
      std::erase_if(committed_, [&](AddressRange pages) {
        if (!range.Contains(pages.begin)) return false;
        used.push_back(pages);
        return true;
      });
    }
    for (const AddressRange pages : used) Discard(pages);
    const std::lock_guard lock(mutex_);
    unused_[kinds_.at(range.begin)].push_back(range);
  }

  bool Commit(AddressRange pages) override {
    const std::lock_guard lock(mutex_);
    const auto known = [&](AddressRange other) {
      return other.begin == pages.begin && other.bytes == pages.bytes;
    };
    if (std::none_of(committed_.begin(), committed_.end(), known)) {
      committed_.push_back(pages);
    }
    return true;
  }
  bool Discard(AddressRange pages) override {
    // Of what is large most was never touched; what is small may be poisoned.
    constexpr std::size_t kWorthAsking = kSanitized ? 0 : 512 * kKiB;
    if (pages.bytes >= kWorthAsking) return os_.Discard(pages);
    std::memset(reinterpret_cast<void*>(pages.begin), 0, pages.bytes);
    return true;
  }
  bool Populate(AddressRange) override { return true; }
  void PreferHugePages(AddressRange) override {}
  void PreferSmallPages(AddressRange) override {}
  void SetAccessible(AddressRange, bool) override {}
  std::size_t MemoryBytes() override { return os_.MemoryBytes(); }
  std::size_t CacheBytes() override { return os_.CacheBytes(); }

 private:
  // Size and alignment.
  using Kind = std::pair<std::size_t, std::size_t>;

  allocator::Os& os_ = allocator::SystemOs();
  std::mutex mutex_;
  std::map<Address, Kind> kinds_;
  std::map<Kind, std::vector<AddressRange>> unused_;
  std::vector<AddressRange> committed_;  // Of reservations that are in use.
};

}  // namespace fledge
