// SyntaxError: what reader, expander and compiler throw at a mistake in a
// program; whoever compiles for a program catches it and makes it a condition.
// The reader tells apart input that is wrong and input that only ends too
// early.
//
// Design: docs/design/lambda.md. Threads: plain data.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace fledge::lambda {

// A place in a source; lines and columns count from 1. Line 0: no place.
struct Position {
  std::uint32_t source = 0;  // Which text: an index that the reader was given.
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  bool operator==(const Position&) const = default;
};

class SyntaxError : public std::runtime_error {
 public:
  // `message` says what is wrong and what would be right, without the place.
  SyntaxError(Position at, const std::string& message)
      : std::runtime_error(message), at_(at) {}

  Position at() const { return at_; }

 private:
  Position at_;
};

// The text ends within a form: more of it may make it right. Its place is where
// what has no end begins.
class IncompleteError : public SyntaxError {
 public:
  using SyntaxError::SyntaxError;
};

}  // namespace fledge::lambda
