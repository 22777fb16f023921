// PhaseTimer: where the time of one collection goes.
//
// Design: docs/design/events.md.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gc/clock.h"
#include "gc/collection.h"

namespace fledge::gc {

class PhaseTimer {
 public:
  // Borrows `event` and adds to its phase_ns.
  explicit PhaseTimer(CollectionEvent& event) : event_(event) {}

  // Ends the present phase and begins `phase`; phases may be entered again.
  void Enter(Phase phase) {
    const std::int64_t now = NowNs();
    Close(now);
    phase_ = phase;
    since_ns_ = now;
  }
  void End() { Close(NowNs()); }

 private:
  void Close(std::int64_t now_ns) {
    if (since_ns_ != 0) {
      event_.phase_ns[static_cast<std::size_t>(phase_)] += now_ns - since_ns_;
    }
  }

  CollectionEvent& event_;
  Phase phase_ = Phase::kPrepare;
  std::int64_t since_ns_ = 0;
};

}  // namespace fledge::gc
