// CollectionTime: how long the collections of a run took, all together: the
// pauses, and the steps of marking between them.
//
// Threads: as CollectionListener; read outside pauses.
#pragma once

#include <cstdint>

#include "gc/collection.h"

namespace fledge::tools {

class CollectionTime final : public gc::CollectionListener {
 public:
  std::int64_t total_ns() const { return total_ns_; }

  void OnCollection(const gc::CollectionEvent& event) override {
    total_ns_ += event.pause_ns();
  }
  void OnStep(const gc::StepEvent& event) override {
    total_ns_ += event.pause_ns();
  }

 private:
  std::int64_t total_ns_ = 0;
};

}  // namespace fledge::tools
