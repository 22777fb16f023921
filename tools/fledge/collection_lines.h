// CollectionLines: prints one line for each collection to stderr, which is what
// --trace-gc asks for.
//
// Threads: as CollectionListener. Prints while the world is stopped, after the
// pause was timed: the line is part of the wall time, not of the pause.
#pragma once

#include <cstdint>
#include <string>

#include "gc/collection.h"

namespace fledge::tools {

// "[0.123 s] minor 12, nursery full: 0.84 ms, heap 12.0 -> 8.1 MiB, ...".
// Times are since `start_ns`.
std::string CollectionLine(const gc::CollectionEvent& event,
                           std::int64_t start_ns);

class CollectionLines final : public gc::CollectionListener {
 public:
  explicit CollectionLines(std::int64_t start_ns) : start_ns_(start_ns) {}

  void OnCollection(const gc::CollectionEvent& event) override;

 private:
  const std::int64_t start_ns_;
};

}  // namespace fledge::tools
