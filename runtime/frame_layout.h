// FrameLayout: which slots of an interpreter's frame hold references that are
// still needed, instruction by instruction.
//
// A compiler to bytecode knows for each instruction which locals and
// temporaries are read later: the others are dead, and must not keep what they
// last referred to alive. It says so once for each function, and a frame names
// its layout and the instruction that it is at.
//
//   FrameLayout layout(3);
//   layout.AddLiveness(0, {});            // Nothing yet,
//   layout.AddLiveness(2, {0, 2});        // from instruction 2 on two slots,
//   layout.AddLiveness(9, {2});           // from 9 on one.
//
// Design: docs/design/stack_maps.md. Source: O. Agesen, D. Detlefs, E. Moss,
// "Garbage Collection and Local Variable Type-Precision and Liveness in Java
// Virtual Machines", PLDI 1998.
//
// Threads: none; a layout does not change once a frame names it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fledge::runtime {

class FrameLayout {
 public:
  // Of frames with so many slots. Before the first AddLiveness() says otherwise
  // all of them are live, so they hold values from the start.
  explicit FrameLayout(std::uint32_t slot_count) : slot_count_(slot_count) {}

  // From `instruction` on, until the next one that is added, the slots with
  // the indices `live` are live, and no others.
  // REQUIRES: instructions ascend; indices are below slot_count().
  void AddLiveness(std::uint32_t instruction,
                   std::span<const std::uint32_t> live);

  // Calls visit(index) for each slot that is live at `instruction`, ascending.
  // O(log points + slot_count / 64 + live slots).
  template <typename Visitor>
  void VisitLive(std::uint32_t instruction, Visitor&& visit) const {
    const std::uint64_t* bits = BitsAt(instruction);
    if (bits == nullptr) {
      for (std::uint32_t i = 0; i < slot_count_; ++i) visit(i);
      return;
    }
    for (std::uint32_t word = 0; word < words(); ++word) {
      for (std::uint64_t left = bits[word]; left != 0; left &= left - 1) {
        visit(64 * word + static_cast<std::uint32_t>(std::countr_zero(left)));
      }
    }
  }

  std::uint32_t slot_count() const { return slot_count_; }

 private:
  // Where the liveness changes.
  struct Point {
    std::uint32_t instruction;
    std::uint32_t first_word;  // In bits_, of words().
  };

  std::uint32_t words() const { return (slot_count_ + 63) / 64; }
  // Null before the first point.
  const std::uint64_t* BitsAt(std::uint32_t instruction) const;

  const std::uint32_t slot_count_;
  std::vector<Point> points_;
  std::vector<std::uint64_t> bits_;
};

}  // namespace fledge::runtime
