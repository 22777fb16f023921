// SharedParts: which parts of a value are to be written with a label.
//
// Design: docs/design/lambda_ports.md. Source: R. Tarjan, "Depth-First Search
// and Linear Graph Algorithms", SIAM Journal on Computing 1972: each circle has
// an edge that leads back to where the search still is.
//
// Threads: one at a time. Nothing may collect while it is used, as objects are
// known by their addresses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "allocator/base/address.h"
#include "runtime/value.h"

namespace fledge::lambda {

enum class Labels : std::uint8_t {
  kNone,
  kCircles,  // One on each circle at least: what is written ends.
  kShared,   // All that occurs more than once.
};

class SharedParts {
 public:
  // Looks through `value` as far as is needed to write `limit_bytes` of it.
  // O(parts), and nearly nothing for a small one without labels.
  void Find(runtime::Value value, Labels labels, std::size_t limit_bytes);

  struct Label {
    std::size_t number;
    bool is_new;  // The value is to be written after it.
  };
  // The label of `value`, which is about to be written; nothing if it has none.
  std::optional<Label> LabelOf(runtime::Value value);
  bool HasLabel(runtime::Value value) const;

 private:
  // What is known of an object; labels count from 0.
  static constexpr std::int64_t kOnPath = -1;
  static constexpr std::int64_t kDone = -2;
  static constexpr std::int64_t kToBeLabelled = -3;

  std::unordered_map<Address, std::int64_t> objects_;
  std::size_t labelled_ = 0;
  std::size_t numbered_ = 0;
};

}  // namespace fledge::lambda
