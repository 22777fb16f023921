// Datum: what a quoted form is, when macros have brought aliases into it.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time.
#pragma once

#include <unordered_map>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/stack_limit.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

// Takes aliases back to symbols. What has no alias in it stays the same, and
// what is shared stays shared.
class DatumMaker {
 public:
  DatumMaker(Arena& arena, const StackLimit& stack)
      : arena_(arena), stack_(stack) {}

  // O(parts that are not shared). Throws SyntaxError if it is nested too
  // deeply.
  const Syntax* Make(const Syntax& syntax);

 private:
  const Syntax* MakePairs(const Syntax& list);
  const Syntax* MakeItems(const Syntax& vector);

  Arena& arena_;
  const StackLimit& stack_;
  std::unordered_map<const Syntax*, const Syntax*> made_;
};

}  // namespace fledge::lambda
