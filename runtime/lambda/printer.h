// Printer: values as text, as write, write-shared, write-simple and display
// have it.
//
//   WriteText(value)         "a\n" with escapes, #\a: what read takes
//   DisplayText(value)       strings and characters as they are
//   Print(value, {.style = ..., .labels = ...}, sink)
//
// What the reader cannot make is #<...>: records as #<point x: 1 y: 2>,
// procedures with their names. Nesting is only limited by memory.
//
// Nothing here collects, so values are plain. Where labels are asked for, it
// takes memory outside the heap for each pair or the like, unless there are
// few.
//
// Design: docs/design/lambda_ports.md. Source: R7RS small, section 6.13.3.
// Threads: as runtime/object_layout.h; a value that others change meanwhile may
// be written half before and half after the change.
#pragma once

#include <cstddef>
#include <limits>
#include <string>

#include "runtime/lambda/atom_text.h"
#include "runtime/lambda/print_buffer.h"
#include "runtime/lambda/shared_parts.h"
#include "runtime/value.h"

namespace fledge::lambda {

inline constexpr std::size_t kUnlimited =
    std::numeric_limits<std::size_t>::max();

struct PrintOptions {
  PrintStyle style = PrintStyle::kWritten;
  Labels labels = Labels::kCircles;
  // After so many bytes of UTF-8 it ends in "...".
  std::size_t limit_bytes = kUnlimited;
};

// Stops when `sink` wants no more, or the limit is reached; O(what is written).
void Print(runtime::Value value, const PrintOptions& options, PrintSink& sink);

// As write and display do, for messages and tests. With a limit, the time and
// memory that it takes are limited too, but for what a number takes.
std::string WriteText(runtime::Value value,
                      std::size_t limit_bytes = kUnlimited);
std::string DisplayText(runtime::Value value,
                        std::size_t limit_bytes = kUnlimited);

}  // namespace fledge::lambda
