// Memory services: what of the collector a machine has for its programs.
//
// Design: docs/design/lambda_extensions.md. Threads: the machine's.
#pragma once

#include <cstddef>
#include <functional>

#include "runtime/finalizers.h"
#include "runtime/heap.h"
#include "runtime/lambda/collection_counts.h"
#include "runtime/weak_references.h"

namespace fledge::lambda {

struct MemoryServices {
  // Of `heap`, which must outlive it.
  explicit MemoryServices(runtime::Heap& heap)
      : references(heap),
        cleanups(heap, runtime::Finalizers::Mode::kCleanup),
        counts(heap) {}

  runtime::WeakReferences references;
  // What is held for an object is a thunk, to be called when it is dead.
  runtime::Finalizers cleanups;
  CollectionCounts counts;
  // What the program has of these, as far as somebody says it.
  std::function<std::size_t()> count_namespaces;
  std::function<std::size_t()> count_snapshots;
};

}  // namespace fledge::lambda
