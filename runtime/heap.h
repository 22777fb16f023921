// The collector, compiled against the runtime's own value model: the names
// that the rest of runtime/ uses for it.
//
// Design: docs/design/value_model.md. Threads: as in gc/heap.h and
// gc/handles.h.
#pragma once

#include "gc/heap.h"
#include "runtime/value.h"
#include "runtime/value_model.h"

// The collections of these heaps are compiled once, in heap.cc, and not by each
// file that allocates. What is inline is inline all the same.
extern template class fledge::gc::Heap<fledge::runtime::ValueModel>;

namespace fledge::runtime {

using Heap = gc::Heap<ValueModel>;
using Mutator = gc::Mutator<ValueModel>;
using HandleScope = gc::HandleScope<ValueModel>;
using PinScope = gc::PinScope<ValueModel>;
using Persistent = gc::Persistent<ValueModel>;

// gc::Local that speaks of Values instead of words. Passed by value; copies
// name the same slot.
class Local : public gc::Local<ValueModel> {
 public:
  using Value = runtime::Value;

  // REQUIRES: a HandleScope of `mutator` is open, and outlives this.
  Local(Mutator& mutator, Value value)
      : gc::Local<ValueModel>(mutator, value.word()) {}

  // The value as it is now; not to be kept across a call that may collect.
  Value get() const { return Value::FromWord(gc::Local<ValueModel>::get()); }
  void set(Value value) { gc::Local<ValueModel>::set(value.word()); }
};

}  // namespace fledge::runtime
