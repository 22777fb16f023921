// CyclePacer: when a cycle of marking in steps starts, and how much of it an
// allocation has to make room for.
//
// Old space may grow by some room until it reaches the size at which the next
// major collection is due. The cycle is to end when half of that is used. How
// fast allocation in young space uses it is told by how much of it is promoted:
//
//   marked for a byte of nursery = left to mark * promoted part / room to there
//
// so marking ends there if promotion goes on as it did. The other half is for
// when it does not: there the rate rises steeply as the room shrinks. But a
// cycle starts so late that this rate is high from the start, since short
// cycles cost less than long ones: each minor collection of a cycle is a
// remark.
//
// Design: docs/design/incremental_marking.md. Source: the mutator assists of
// Go's pacer (R. Hudson and A. Clements, "Go 1.5 concurrent garbage collector
// pacing", 2015), which tie the work that is left to the heap that is left in
// the same way.
//
// Threads: with the world stopped, but Due...(), which any mutator may call.
#pragma once

#include <cstddef>

namespace fledge::gc {

class CyclePacer {
 public:
  // What a minor collection found; called after each, in a cycle or not.
  void AfterMinor(std::size_t nursery_bytes, std::size_t promoted_bytes);

  // The room until a major collection is due at which a cycle has to start,
  // where `live_bytes` are to be marked and there were `growth_bytes` of room
  // after the last mark.
  std::size_t StartRoom(std::size_t live_bytes, std::size_t growth_bytes) const;

  // A cycle starts, which must be done when old space has grown by so much.
  void Start(std::size_t room_bytes) { reserve_bytes_ = room_bytes / 2; }

  // Sets the rates: `left_bytes` are to be marked, and old space may grow by
  // `room_bytes`.
  void SetRates(std::size_t left_bytes, std::size_t room_bytes);

  // Whether so little of the room is left that steps may be longer.
  bool is_late() const { return is_late_; }

  // Bytes to be marked for so many that were taken in young, or old, space.
  std::size_t DueForYoung(std::size_t bytes) const {
    return static_cast<std::size_t>(static_cast<double>(bytes) * young_rate_);
  }
  std::size_t DueForOld(std::size_t bytes) const {
    return static_cast<std::size_t>(static_cast<double>(bytes) * old_rate_);
  }

 private:
  // Bytes marked for each of the nursery. `lru` took 1.06 of the time with 8,
  // and 0.96 with 16, but a heap near its limit ends its cycles later with it.
  static constexpr double kLeastRate = 12;
  // More is left to the deadline of a step.
  static constexpr double kMostRate = 64;

  std::size_t reserve_bytes_ = 0;  // Of room, not to be used if all goes well.
  double promoted_part_ = 0.5;     // Of nursery bytes: a mean, lately.
  double young_rate_ = kLeastRate;
  double old_rate_ = kLeastRate;
  bool is_late_ = false;
};

}  // namespace fledge::gc
