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
// Slots are in chunks, and a chunk is touched once somebody waits there. It is
// kept for the next time, which is likely to need it.
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
#include <cstring>
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

  // Who waits in the order of a table waits in no order of slots, which is
  // faster in huge pages. The first touch of one may take 5 ms, for which a
  // step has no time.
  enum class Pages : std::uint8_t { kHuge, kSmall };

  // For objects in `objects`. Takes no memory until somebody waits. Borrows
  // `os`.
  Awaited(allocator::Os& os, AddressRange objects, Pages pages)
      : os_(os), objects_(objects), pages_(pages) {}
  Awaited(const Awaited&) = delete;
  Awaited& operator=(const Awaited&) = delete;

  // `entry` waits for `object`. O(1).
  void Add(Address object, Entry entry) {
    FLEDGE_DCHECK(objects_.Contains(object) && entry < kMostEntries);
    ++waits_;
    const std::size_t i = SlotOf(object);
    if (i >= slot_count_ && !Commit(i)) [[unlikely]] {
      homeless_.push_back(entry);
      return;
    }
    Slot& slot = slots_[i];
    if (slot == kNobody) {
      chunks_[i / kChunkSlots] = Chunk::kUsed;
      slot = entry + 1;
      if (!are_many()) used_.push_back(i);
    } else {
      others_.push_back({entry, slot});
      slot = kOthersBit | static_cast<Slot>(others_.size() - 1);
    }
  }

  // `object` was reached: who waited for it is ready.
  [[gnu::noinline]] void Reach(Address object) {
    any_reached_ = true;
    const std::size_t i = SlotOf(object);
    if (i >= slot_count_ || chunks_[i / kChunkSlots] != Chunk::kUsed) return;
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

  // Forgets all, and gives memory back if many waited.
  void Clear() {
    if (clearing_ == Clearing::kNone) {
      StartClearing(are_many() ? Clearing::kDiscard : Clearing::kFill);
    }
    while (!ClearSome()) continue;
  }
  // Forgets all by slices of some hundred microseconds; returns whether nothing
  // is left to do. Memory is kept for the next time, unless far fewer waited
  // than did once. Between two slices nothing else may be asked of it.
  bool ClearSlice() {
    if (clearing_ == Clearing::kNone) {
      const bool far_fewer = waits_ < most_waits_ / kLeastPart;
      StartClearing(far_fewer ? Clearing::kDiscard : Clearing::kFill);
    }
    return ClearSome();
  }
  // Whether nobody waits, and no memory is kept.
  bool is_clear() const { return waits_ == 0 && most_waits_ == 0; }

 private:
  // Nobody; an entry's number and one; or a number of others_.
  using Slot = std::uint32_t;
  static constexpr Slot kNobody = 0;
  static constexpr Slot kOthersBit = Slot{1} << 31;
  static constexpr unsigned kSlotShift = 4;  // Of bytes of heap.
  // If there were more, chunks are cleared whole.
  static constexpr std::size_t kMostUsed = 1 << 16;
  // As a huge page.
  static constexpr std::size_t kChunkBytes = 2 * kMiB;
  static constexpr std::size_t kChunkSlots = kChunkBytes / sizeof(Slot);
  static constexpr std::size_t kSliceBytes = 512 * kKiB;
  // Memory is given back if of those who waited once fewer than this part do.
  static constexpr std::size_t kLeastPart = 8;

  enum class Chunk : std::uint8_t { kUntouched, kClear, kUsed };
  enum class Clearing : std::uint8_t { kNone, kFill, kDiscard };

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
      const std::size_t bytes =
          AlignUp((SlotOf(objects_.end() - 1) + 1) * sizeof(Slot), kChunkBytes);
      reservation_ =
          allocator::Reservation::Create(os_, bytes, bytes, kChunkBytes);
      if (reservation_.empty()) return false;
      slots_ = reinterpret_cast<Slot*>(reservation_.range().begin);
    }
    const std::size_t from = slot_count_ * sizeof(Slot);
    const std::size_t to = AlignUp((i + 1) * sizeof(Slot), kChunkBytes);
    const AddressRange range = {reservation_.range().begin + from, to - from};
    if (!os_.Commit(range)) return false;
    if (pages_ == Pages::kHuge) {
      os_.PreferHugePages(range);
    } else {
      os_.PreferSmallPages(range);
    }
    slot_count_ = to / sizeof(Slot);
    chunks_.resize(slot_count_ / kChunkSlots, Chunk::kUntouched);
    return true;
  }

  bool are_many() const { return used_.size() == kMostUsed; }

  void StartClearing(Clearing how) {
    others_ = {};
    ready_ = {};
    homeless_ = {};
    any_reached_ = false;
    if (!are_many()) {
      for (const std::size_t i : used_) {
        slots_[i] = kNobody;
        chunks_[i / kChunkSlots] = Chunk::kClear;
      }
    }
    used_.clear();
    most_waits_ =
        how == Clearing::kDiscard ? waits_ : std::max(most_waits_, waits_);
    waits_ = 0;
    clearing_ = how;
  }

  // A chunk, or a part of one; returns whether nothing is left to do.
  bool ClearSome() {
    for (; next_chunk_ < chunks_.size(); ++next_chunk_) {
      const Chunk chunk = chunks_[next_chunk_];
      if (clearing_ == Clearing::kDiscard && chunk != Chunk::kUntouched) {
        DiscardChunk(next_chunk_++);
        return false;
      }
      if (clearing_ == Clearing::kFill && chunk == Chunk::kUsed) {
        FillSlice();
        return false;
      }
    }
    next_chunk_ = 0;
    clearing_ = Clearing::kNone;
    return true;
  }

  AddressRange ChunkAt(std::size_t i) const {
    return {reservation_.range().begin + i * kChunkBytes, kChunkBytes};
  }

  void DiscardChunk(std::size_t i) {
    const AddressRange chunk = ChunkAt(i);
    if (os_.Discard(chunk)) {
      chunks_[i] = Chunk::kUntouched;
    } else {
      FillWithNobody(chunk);
      chunks_[i] = Chunk::kClear;
    }
  }

  void FillSlice() {
    const AddressRange chunk = ChunkAt(next_chunk_);
    FillWithNobody({chunk.begin + filled_bytes_, kSliceBytes});
    filled_bytes_ += kSliceBytes;
    if (filled_bytes_ == kChunkBytes) {
      filled_bytes_ = 0;
      chunks_[next_chunk_] = Chunk::kClear;
    }
  }

  static void FillWithNobody(AddressRange slots) {
    static_assert(kNobody == 0);
    std::memset(reinterpret_cast<void*>(slots.begin), 0, slots.bytes);
  }

  allocator::Os& os_;
  const AddressRange objects_;
  const Pages pages_;
  allocator::Reservation reservation_;
  Slot* slots_ = nullptr;
  std::size_t slot_count_ = 0;     // Usable, from the first on.
  std::vector<Chunk> chunks_;      // Of slots.
  std::vector<std::size_t> used_;  // Slots, as long as they are few.
  std::vector<Other> others_;
  std::vector<Entry> ready_;
  std::vector<Entry> homeless_;  // For which the OS had no memory.
  bool any_reached_ = false;
  std::size_t waits_ = 0;       // Entries that were added since it was clear.
  std::size_t most_waits_ = 0;  // Since memory was given back.
  // Where clearing is.
  Clearing clearing_ = Clearing::kNone;
  std::size_t next_chunk_ = 0;
  std::size_t filled_bytes_ = 0;  // Of that chunk.
};

}  // namespace fledge::gc
