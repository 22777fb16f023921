// Lists: what primitives share that walk and make them.
//
// A list is nil, or a pair whose cdr is a list. What is none, improper or
// circular, is never walked for ever.
//
// Design: docs/design/lambda.md. Source: R. W. Floyd's two runners (D. Knuth,
// *The Art of Computer Programming* 2, section 3.1, exercise 6).
//
// Threads: by the mutator's thread.
#pragma once

#include <cstddef>
#include <optional>

#include "runtime/heap.h"
#include "runtime/objects.h"
#include "runtime/value.h"

namespace fledge::lambda {

// How many items; nothing if it is no list. Never collects. O(length).
std::optional<std::size_t> ListLength(runtime::Value list);
// Whether its cdrs go round for ever. Never collects. O(length).
bool IsCircular(runtime::Value list);

// Makes a list from its first item to its last.
class ListBuilder {
 public:
  // Its handles are in the scope that is open.
  explicit ListBuilder(runtime::Mutator& mutator)
      : mutator_(mutator),
        first_(mutator, runtime::Value::Nil()),
        last_(mutator, runtime::Value::Nil()) {}

  // May collect.
  void Add(runtime::Value item) {
    const runtime::Value pair = MakePair(mutator_, item, runtime::Value::Nil());
    End(pair);
    last_.set(pair);
  }
  // Makes `rest` what follows. Never collects.
  void End(runtime::Value rest) {
    if (last_.get().IsNil()) {
      first_.set(rest);
    } else {
      SetCdr(mutator_, runtime::Pair(last_.get()), rest);
    }
  }

  runtime::Value list() const { return first_.get(); }

 private:
  runtime::Mutator& mutator_;
  runtime::Local first_;
  runtime::Local last_;
};

}  // namespace fledge::lambda
