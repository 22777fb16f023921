// Candidates: blocks of old space that the cycle under way will evacuate, and
// for each the slots of old space that refer into it.
//
// A cycle chooses them when it starts. Whoever scans a marked object records
// its slots into candidates, so that a later pause can empty a block without
// looking at the rest of the heap. A block with very many such slots, or with a
// pinned object, is dropped: it stays where it is. So is one for whose slots
// there is no memory.
//
// Design: docs/design/incremental_marking.md. Source: D. Detlefs, C. Flood, S.
// Heller, T. Printezis, "Garbage-First Garbage Collection", ISMM 2004 (as many
// blocks as a pause allows, by recorded slots).
//
// Invariants:
//   [ca.member]  A block whose membership is Candidate() is in `waiting_`.
//
// Threads: one, with the world stopped; empty() by any mutator.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/os.h"
#include "gc/block_table.h"
#include "gc/slot_records.h"

namespace fledge::gc {

class Candidates {
 public:
  // Beyond this, visiting the slots costs more than the block is worth.
  static constexpr std::size_t kMostSlots = 4096;

  // With so much memory for slots, and room for so many blocks: pauses add
  // them, and would wait for more. Borrows both.
  Candidates(BlockTable& blocks, allocator::Os& os, std::size_t record_bytes,
             std::size_t most_slots, std::size_t block_count)
      : blocks_(blocks), most_slots_(most_slots), records_(os, record_bytes) {
    chosen_.reserve(block_count);
    waiting_.reserve(block_count);
    done_.reserve(block_count);
    finished_.reserve(block_count);
    slots_.reserve(block_count);
  }

  // Those waiting to be evacuated.
  bool empty() const { return waiting_.empty(); }

  // For ChooseCandidates() to fill.
  std::vector<BlockIndex>& chosen() { return chosen_; }

  void Add(BlockIndex block) {
    blocks_.set_membership(block, Membership::Candidate());
    blocks_[block].head = static_cast<BlockIndex>(slots_.size());
    slots_.emplace_back();
    waiting_.push_back(block);
  }

  // Notes that `slot`, of a marked object in old space, refers into `block`.
  // REQUIRES: it is a candidate.
  void Record(BlockIndex block, Address slot) {
    Slots& slots = slots_[blocks_[block].head];
    if (slots.too_many) return;
    if (slots.list.size() >= most_slots_ || !records_.Append(slots.list, slot))
        [[unlikely]] {
      records_.Free(slots.list);
      slots.too_many = true;
    }
  }

  // Whether `block`, a candidate, has so many slots that it will stay. It is a
  // candidate until its turn comes all the same: nobody else may sort it out.
  bool Stays(BlockIndex block) const {
    return slots_[blocks_[block].head].too_many;
  }

  struct Taken {
    std::vector<BlockIndex> blocks;
    std::size_t cost_bytes = 0;  // Of objects, and what their slots weigh.
  };
  // Takes candidates for a pause that has time for `bytes`, at least one:
  // they are no longer candidates. `may_move(block)` says whether nothing holds
  // one back; if something does it is dropped.
  template <typename Predicate>
  Taken Take(std::size_t bytes, Predicate&& may_move) {
    Taken taken;
    while (!waiting_.empty()) {
      const BlockIndex block = waiting_.back();
      const std::size_t cost =
          blocks_[block].live_bytes +
          kBytesPerSlot * slots_[blocks_[block].head].list.size();
      if (!taken.blocks.empty() && taken.cost_bytes + cost > bytes) break;
      waiting_.pop_back();
      done_.push_back(block);
      blocks_.set_membership(block, Membership());
      if (Stays(block)) continue;
      if (!may_move(block)) {
        ForgetSlotsInto(block);
        continue;
      }
      taken.blocks.push_back(block);
      taken.cost_bytes += cost;
    }
    return taken;
  }

  // Calls `visit(Address)` for each slot recorded of a block that was taken, or
  // is a candidate.
  template <typename Visitor>
  void VisitSlotsInto(BlockIndex block, Visitor&& visit) const {
    SlotRecords::Visit(slots_[blocks_[block].head].list, visit);
  }
  // They were visited.
  void ForgetSlotsInto(BlockIndex block) {
    records_.Free(slots_[blocks_[block].head].list);
  }
  const std::vector<BlockIndex>& waiting() const { return waiting_; }

  // All that were candidates, taken or not, until the next call; forgets
  // everything.
  const std::vector<BlockIndex>& Finish() {
    for (const BlockIndex block : waiting_) {
      blocks_.set_membership(block, Membership());
      done_.push_back(block);
    }
    waiting_.clear();
    slots_.clear();
    records_.Clear();
    finished_.clear();
    finished_.swap(done_);
    return finished_;
  }

 private:
  // What visiting a slot costs, in bytes that could be copied meanwhile.
  static constexpr std::size_t kBytesPerSlot = 32;

  struct Slots {
    SlotRecords::List list;
    bool too_many = false;
  };

  BlockTable& blocks_;
  const std::size_t most_slots_;
  std::vector<BlockIndex> chosen_;
  std::vector<BlockIndex> waiting_;
  std::vector<BlockIndex> done_;
  std::vector<BlockIndex> finished_;
  std::vector<Slots> slots_;  // By BlockInfo::head.
  SlotRecords records_;
};

class HeapCore;

// World stopped. Puts the blocks worth evacuating in `chosen`, sparsest first,
// as many as half of the memory left can take, or none if that gives back next
// to nothing; `all` that can move, to compact what there is, and where the
// policy copies old space as many as there is room for. Source of the least
// that it has to give back: G1's G1HeapWastePercent.
void ChooseCandidates(HeapCore& heap, bool all,
                      std::vector<BlockIndex>& chosen);

}  // namespace fledge::gc
