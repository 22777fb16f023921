// Awaited: objects that are not known to be alive yet, and the entries of weak
// sets for which that would matter.
//
// An entry whose key is not reached waits here for the key. When a tracer
// reaches an object it asks whether somebody waits for it, so each entry is
// looked at once more and no more: ephemerons take time linear in their number,
// however they are chained.
//
//   objects   |  a  |  b  |     c     |  d  |     16 bytes each, or more
//   slots     |  .  |  7  |  .  |  .  | *1  |     an entry, or several:
//                                       └── {9, then 4}
//
// A slot for each 16 bytes of heap, in memory that is there where somebody
// waits: neighbours are awaited by neighbouring slots, and a chain through
// objects that were allocated one after the other walks along them. A hash
// table has more misses and more memory. Objects of 8 bytes share a slot: who
// waits for one of them is ready too early, and waits again.
//
// Design: docs/design/weak_sets.md. Sources: A. Barros and R. Ierusalimschy,
// "Eliminating Cycles in Weak Tables", JUCS 2008; the GC Handbook, 2nd ed.,
// section 12.2 (ephemerons); a table of unmarked keys is what V8 and
// SpiderMonkey have.
//
// Threads: one, with the world stopped.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "allocator/os.h"
#include "allocator/reservation.h"

namespace fledge::gc {

class Awaited {
 public:
  // What waits: the pause or cycle under way gives it a number.
  using Entry = std::uint32_t;
  static constexpr Entry kMostEntries = (Entry{1} << 31) - 1;

  // For objects in `objects`. Takes no memory until somebody waits. Borrows
  // `os`.
  Awaited(allocator::Os& os, AddressRange objects)
      : os_(os), objects_(objects) {}
  Awaited(const Awaited&) = delete;
  Awaited& operator=(const Awaited&) = delete;

  // `entry` waits for `object`. O(1).
  void Add(Address object, Entry entry) {
    FLEDGE_DCHECK(objects_.Contains(object) && entry < kMostEntries);
    is_clear_ = false;
    const std::size_t i = SlotOf(object);
    if (i >= slot_count_ && !Commit(i)) [[unlikely]] {
      homeless_.push_back(entry);
      return;
    }
    Slot& slot = slots_[i];
    if (slot == kNobody) {
      slot = entry + 1;
      if (used_.size() < kMostUsed) used_.push_back(i);
    } else {
      others_.push_back({entry, slot});
      slot = kOthersBit | static_cast<Slot>(others_.size() - 1);
    }
  }

  // `object` was reached: who waited for it is ready.
  [[gnu::noinline]] void Reach(Address object) {
    any_reached_ = true;
    const std::size_t i = SlotOf(object);
    if (i >= slot_count_) return;
    Slot slot = std::exchange(slots_[i], kNobody);
    if (slot == kNobody) return;
    while ((slot & kOthersBit) != 0) {
      const Other& other = others_[slot & ~kOthersBit];
      ready_.push_back(other.entry);
      slot = other.next;
    }
    ready_.push_back(slot - 1);
  }

  // Takes those that are ready, in place of what is in `ready`.
  void TakeReady(std::vector<Entry>& ready) {
    ready.clear();
    ready.swap(ready_);
    // They are ready if anything may have changed.
    if (std::exchange(any_reached_, false)) {
      ready.insert(ready.end(), homeless_.begin(), homeless_.end());
      homeless_.clear();
    }
  }

  // Whether TakeReady() would take any.
  bool any_ready() const {
    return !ready_.empty() || (any_reached_ && !homeless_.empty());
  }

  // Forgets all, and gives memory back if it was much.
  void Clear() {
    while (!ClearSlice()) continue;
  }
  // The same, a slice of some hundred microseconds at a time; returns whether
  // nothing is left. Between two slices nothing else may be asked of it.
  bool ClearSlice() {
    others_ = {};
    ready_ = {};
    homeless_ = {};
    any_reached_ = false;
    if (used_.size() < kMostUsed) {
      for (const std::size_t i : used_) slots_[i] = kNobody;
      used_.clear();
    } else {
      const std::size_t bytes = slot_count_ * sizeof(Slot);
      const AddressRange slice = {
          reservation_.range().begin + cleared_bytes_,
          std::min(kSliceBytes, bytes - cleared_bytes_)};
      if (!os_.Discard(slice)) {
        std::fill_n(reinterpret_cast<std::byte*>(slice.begin), slice.bytes,
                    std::byte{0});
      }
      cleared_bytes_ += slice.bytes;
      if (cleared_bytes_ < bytes) return false;
      cleared_bytes_ = 0;
      used_ = {};
    }
    is_clear_ = true;
    return true;
  }
  bool is_clear() const { return is_clear_; }

 private:
  // Nobody; an entry's number and one; or a number of others_.
  using Slot = std::uint32_t;
  static constexpr Slot kNobody = 0;
  static constexpr Slot kOthersBit = Slot{1} << 31;
  static constexpr unsigned kSlotShift = 4;  // Of bytes of heap.
  // If there were more, all memory is given back.
  static constexpr std::size_t kMostUsed = 1 << 16;
  static constexpr std::size_t kCommitBytes = 2 * kMiB;
  static constexpr std::size_t kSliceBytes = 4 * kMiB;

  struct Other {
    Entry entry;
    Slot next;  // For the same object.
  };

  std::size_t SlotOf(Address object) const {
    return (object - objects_.begin) >> kSlotShift;
  }

  // Makes slot `i` usable; false if the OS refuses.
  [[gnu::noinline]] bool Commit(std::size_t i) {
    if (reservation_.empty()) {
      const std::size_t bytes = AlignUp(
          (SlotOf(objects_.end() - 1) + 1) * sizeof(Slot), kCommitBytes);
      reservation_ =
          allocator::Reservation::Create(os_, bytes, bytes, kCommitBytes);
      if (reservation_.empty()) return false;
      slots_ = reinterpret_cast<Slot*>(reservation_.range().begin);
    }
    const std::size_t from = slot_count_ * sizeof(Slot);
    const std::size_t to = AlignUp((i + 1) * sizeof(Slot), kCommitBytes);
    const AddressRange range = {reservation_.range().begin + from, to - from};
    if (!os_.Commit(range)) return false;
    // Who waits in the order of a table waits in no order of slots.
    os_.PreferHugePages(range);
    slot_count_ = to / sizeof(Slot);
    return true;
  }

  allocator::Os& os_;
  const AddressRange objects_;
  allocator::Reservation reservation_;
  Slot* slots_ = nullptr;
  std::size_t slot_count_ = 0;     // Usable, from the first on.
  std::vector<std::size_t> used_;  // Slots, as long as they are few.
  std::vector<Other> others_;
  std::vector<Entry> ready_;
  std::vector<Entry> homeless_;  // For which the OS had no memory.
  bool any_reached_ = false;
  bool is_clear_ = true;           // Nobody waits, and no memory is held.
  std::size_t cleared_bytes_ = 0;  // Of slots, where it goes by slices.
};

}  // namespace fledge::gc
