// Names: one Name for each text of a symbol.
//
// Two symbols are the same if their names are the same object. A name lives as
// long as the Names it is of, and its text is a copy.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time.
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

class Names {
 public:
  Names() = default;
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  // The name with this text, which may be any bytes. O(length).
  const Name* Intern(std::string_view text);

  std::size_t count() const { return names_.size(); }

 private:
  Arena memory_;
  std::unordered_map<std::string_view, const Name*> names_;
};

}  // namespace fledge::lambda
