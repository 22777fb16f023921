// LastPause: how long the last collection of a heap took, for benchmarks that
// report pauses.
#pragma once

#include <cstdint>

#include "gc/collection.h"

namespace fledge {

class LastPause final : public gc::CollectionListener {
 public:
  void OnCollection(const gc::CollectionEvent& event) override {
    pause_ns_ = event.pause_ns();
  }
  double seconds() const { return static_cast<double>(pause_ns_) * 1e-9; }

 private:
  std::int64_t pause_ns_ = 0;
};

}  // namespace fledge
