// EvacuationBudget: how much of the candidates a minor pause has time for.
//
// A pause that evacuates takes what a minor collection takes, by the byte of
// nursery, and what its candidates take, by the byte of their cost, which is
// more than their objects: the slots that refer into them are spread over the
// heap. Pauses without candidates tell the first rate, and a pause with some
// corrects both, by how much longer or shorter it was than reckoned: what it
// spent on which is not known. Rates are pessimistic: a slower pause counts by
// half at once, and a faster one by a sixteenth. Pauses differ all the same, so
// they aim at half of the target.
//
// Design: docs/design/incremental_marking.md. Source: the pause prediction of
// D. Detlefs, C. Flood, S. Heller, T. Printezis, "Garbage-First Garbage
// Collection", ISMM 2004; instead of adding a part of the spread, as they do,
// the two speeds of learning keep the rates above the mean.
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

  // Takes in that a minor collection took so long. REQUIRES: without what a
  // cycle did in its pause.
  void AfterMinor(std::size_t nursery_bytes, std::int64_t pause_ns);
  // Takes in that a minor collection with candidates of this cost took so long,
  // all in all. Returns what of it the minor collection alone seems to have
  // taken. REQUIRES: cost_bytes > 0.
  std::int64_t AfterEvacuation(std::size_t nursery_bytes,
                               std::size_t cost_bytes, std::int64_t pause_ns);

 private:
  // Of candidates, before any was evacuated.
  static constexpr double kFirstNsPerByte = 2;

  double MinorNs(std::size_t nursery_bytes) const;

  const std::int64_t target_ns_;
  double minor_ns_per_byte_ = 0;  // Of nursery.
  double ns_per_byte_ = kFirstNsPerByte;
};

}  // namespace fledge::gc
