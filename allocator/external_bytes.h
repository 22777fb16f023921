// ExternalBytes: how many bytes outside the heap its objects keep alive, by
// tag.
//
// A collector sees an object of 32 bytes and not the buffer, texture or file
// mapping of a megabyte that it owns. What is reported here is what it paces
// itself by, and what a report shows. A tag is a kind of memory ("buffers",
// "textures"): a program has a handful of them.
//
// Design: docs/design/external_memory.md. Source: V8's
// AdjustAmountOfExternalAllocatedMemory(), here with tags and an answer to
// mistakes.
//
// Invariants:
//   [em.tags-sum]   Between two calls of Adjust() the total is the sum over all
//                   tags.
//   [em.underflow]  No tag has less than nothing.
//
// Threads: all calls are thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "allocator/base/check.h"

namespace fledge::allocator {

class ExternalBytes {
 public:
  static constexpr std::size_t kMostTags = 64;

  // A small integer, so that a number of memory's kind costs nothing to keep.
  enum class Tag : std::uint8_t {};

  ExternalBytes() = default;
  ExternalBytes(const ExternalBytes&) = delete;
  ExternalBytes& operator=(const ExternalBytes&) = delete;

  // The tag with this name, which is copied: the same for the same name, and
  // valid as long as this object. More than kMostTags names are a mistake and
  // abort: tags are kinds of memory, not pieces. O(tags); takes a lock.
  Tag TagOf(std::string_view name);

  // Adds `delta_bytes` (to give back: negative) and returns the new total. A
  // tag that would have less than nothing aborts, and the message names it:
  // something was given back twice, or under another tag. Two atomic additions.
  // Does not collect, nor ask whether it is time to: the caller has the total.
  std::size_t Adjust(std::ptrdiff_t delta_bytes, Tag tag) {
    FLEDGE_DCHECK(Index(tag) < tag_count_.load(std::memory_order_acquire),
                  "a tag of another heap");
    // Unsigned, as a sum that wraps around is one of the mistakes to be found.
    const auto delta = static_cast<std::size_t>(delta_bytes);
    const std::size_t before =
        bytes_[Index(tag)].fetch_add(delta, std::memory_order_relaxed);
    if (before + delta > kMostBytes) [[unlikely]] {
      FailAdjust(delta_bytes, before, tag);
    }
    return total_bytes_.fetch_add(delta, std::memory_order_relaxed) + delta;
  }

  // Of all tags. Meant for the pacer and for limits. Never waits.
  std::size_t total_bytes() const {
    return total_bytes_.load(std::memory_order_relaxed);
  }
  std::size_t bytes(Tag tag) const {
    return bytes_[Index(tag)].load(std::memory_order_relaxed);
  }

  struct Row {
    std::string name;
    std::size_t bytes = 0;
  };
  // A row for each tag, in the order of their registration. What other threads
  // adjust meanwhile may be in it or not. O(tags); takes a lock.
  std::vector<Row> Rows() const;

 private:
  // What is more than this was less than nothing.
  static constexpr std::size_t kMostBytes = PTRDIFF_MAX;

  static std::size_t Index(Tag tag) { return static_cast<std::size_t>(tag); }
  [[noreturn]] void FailAdjust(std::ptrdiff_t delta_bytes,
                               std::size_t before_bytes, Tag tag) const;

  std::array<std::atomic<std::size_t>, kMostTags> bytes_{};
  std::atomic<std::size_t> total_bytes_{0};
  std::atomic<std::size_t> tag_count_{0};  // Written under mutex_.
  mutable std::mutex mutex_;               // Guards names_.
  std::array<std::string, kMostTags> names_;
};

}  // namespace fledge::allocator
