// Listening: hears a heap's collections from construction to destruction.
//
// Threads: made and destroyed outside pauses.
#pragma once

#include "gc/collection.h"
#include "gc/heap_core.h"

namespace fledge::tools {

class Listening {
 public:
  // Both outlive it.
  Listening(gc::HeapCore& heap, gc::CollectionListener& listener)
      : heap_(heap), listener_(listener) {
    heap_.AddListener(&listener_);
  }
  ~Listening() { heap_.RemoveListener(&listener_); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  gc::HeapCore& heap_;
  gc::CollectionListener& listener_;
};

}  // namespace fledge::tools
