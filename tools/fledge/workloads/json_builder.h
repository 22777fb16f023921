// JSON texts as objects of the runtime:
//
//   object   map from strings     number   small integer if it fits, or float
//   array    vector               others   boolean, nil
//   string   string
//
// Threads: CheckJson() by any; BuildJson() by the mutator's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/heap.h"
#include "runtime/value.h"

namespace fledge::tools {

// Where a text stops being JSON, and why.
struct JsonError {
  std::size_t line = 0;    // From 1.
  std::size_t column = 0;  // From 1, in characters of UTF-8.
  std::string message;     // "syntax error while parsing array - ...".
};

// The first error of `text`, or nothing. O(length), for any depth of nesting.
std::optional<JsonError> CheckJson(std::string_view text);

struct BuiltJson {
  runtime::Value document;
  std::uint64_t objects_made = 0;
};

// The document that `text` describes. Of equal keys in one object the last
// counts. May collect. Needs no more of the C++ stack for deeper nesting.
// REQUIRES: CheckJson(text) has found no error; `text` is not in the heap.
BuiltJson BuildJson(runtime::Mutator& mutator, std::string_view text);

}  // namespace fledge::tools
