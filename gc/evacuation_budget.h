// EvacuationBudget: how much of the candidates a minor pause has time for.
//
// What evacuation takes is what a pause took beyond a minor collection alone,
// which is told by the pauses without. Both are reckoned by the byte, and
// pessimistically: a slow pause counts at once, fast ones are believed slowly.
// The cost of a block is not only its bytes: the slots that refer into it are
// spread over the heap, and small objects cost more than large ones. A pause
// takes longer than was reckoned now and then all the same, so it aims at three
// quarters of the target.
//
// Design: docs/design/incremental_marking.md. Source: the pause prediction of
// D. Detlefs, C. Flood, S. Heller, T. Printezis, "Garbage-First Garbage
// Collection", ISMM 2004, whose estimates add a part of their spread.
//
// Threads: with the world stopped.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fledge::gc {

class EvacuationBudget {
 public:
  explicit EvacuationBudget(std::int64_t pause_target_ns)
      : target_ns_(pause_target_ns) {}

  // What candidates may cost, in bytes as Candidates reckons, in a minor
  // collection of so much nursery. An eighth of the target is for them even
  // where a minor collection takes it all, as they have to go one day.
  std::size_t BytesBeside(std::size_t nursery_bytes) const;
  // What the minor collection alone takes.
  std::int64_t MinorNs(std::size_t nursery_bytes) const;

  // A minor collection took so long that evacuated nothing,
  void AfterMinor(std::size_t nursery_bytes, std::int64_t pause_ns);
  // or candidates of this cost.
  void AfterEvacuation(std::size_t nursery_bytes, std::size_t cost_bytes,
                       std::int64_t pause_ns);

 private:
  // Of candidates, before any was evacuated.
  static constexpr double kFirstNsPerByte = 2;

  const std::int64_t target_ns_;
  double minor_ns_per_byte_ = 0;
  double ns_per_byte_ = kFirstNsPerByte;
};

}  // namespace fledge::gc
