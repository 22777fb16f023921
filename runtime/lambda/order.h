// Order: the five comparisons that characters and texts have, of any number of
// arguments.
//
// Design: docs/design/lambda.md. Threads: pure functions.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "runtime/lambda/primitive.h"

namespace fledge::lambda {

enum class Order : std::uint8_t {
  kEqual,
  kLess,
  kGreater,
  kAtMost,
  kAtLeast,
};

constexpr bool Holds(Order order, std::strong_ordering found) {
  switch (order) {
    case Order::kEqual:
      return found == 0;
    case Order::kLess:
      return found < 0;
    case Order::kGreater:
      return found > 0;
    case Order::kAtMost:
      return found <= 0;
    case Order::kAtLeast:
      return found >= 0;
  }
  return false;
}

// Whether each argument and the next are in `order`, by compare(a, b).
template <typename Compare>
Value AreInOrder(const Arguments& arguments, Order order, Compare&& compare) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (!Holds(order, compare(arguments[i - 1], arguments[i]))) {
      return Value::False();
    }
  }
  return Value::True();
}

}  // namespace fledge::lambda
