// Printed parts: the values that are written within another.
//
// Only what has parts can be shared or part of a circle, as far as the printer
// is concerned; an empty vector is no part of one.
//
// Design: docs/design/lambda_ports.md. Threads: as runtime/object_layout.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "runtime/object_layout.h"
#include "runtime/procedure_layout.h"
#include "runtime/record_layout.h"
#include "runtime/value.h"

namespace fledge::lambda {

// The slots of what is written within `value`, in the order of writing; none if
// nothing is. Some of them may be empty or deleted. Valid until the next call
// that may collect.
inline std::span<runtime::Value::Word> PrintedParts(runtime::Value value) {
  using runtime::ObjectType;
  if (!value.IsReference()) return {};
  const auto slots_of = [](const auto& view, std::size_t first,
                           std::size_t count) {
    return std::span(reinterpret_cast<runtime::Value::Word*>(
                         view.object() + runtime::kHeaderBytes) +
                         first,
                     count);
  };
  switch (runtime::TypeFrom(gc::LoadHeader(value.object()))) {
    case ObjectType::kPair:
      return slots_of(runtime::Pair(value), 0, 2);
    case ObjectType::kBox:
      return slots_of(runtime::Box(value), 0, 1);
    case ObjectType::kVector:
      return slots_of(runtime::Vector(value), 0,
                      runtime::Vector(value).length());
    case ObjectType::kValues:
      return slots_of(runtime::Values(value), 0,
                      runtime::Values(value).length());
    case ObjectType::kRecord:
      return slots_of(runtime::Record(value), 1,
                      runtime::Record(value).field_count());
    case ObjectType::kCondition:  // Message and irritants.
      return slots_of(runtime::Condition(value), 1, 2);
    case ObjectType::kMap: {
      const runtime::Value table = runtime::Map(value).table();
      if (table.IsEmpty()) return {};
      return slots_of(runtime::Vector(table), 0,
                      runtime::Vector(table).length());
    }
    default:
      return {};
  }
}

}  // namespace fledge::lambda
