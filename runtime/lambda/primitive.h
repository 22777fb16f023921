// Primitive: a procedure of the library that is written in C++.
//
//   Value Car(Vm& vm, Arguments arguments) {
//     if (!Is(arguments[0], ObjectType::kPair)) {
//       return vm.RaiseWrongType(arguments, 0, "a pair");
//     }
//     return Pair(arguments[0]).car();
//   }
//
// Arguments lie on the machine's stack and are roots while the primitive runs:
// they are up to date after a collection, and may be overwritten. A primitive
// that may collect reads them anew. It never calls a procedure of the program:
// what does that is written in Lambda.
//
// Design: docs/design/lambda.md. Threads: the machine's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "allocator/base/check.h"
#include "runtime/object_layout.h"
#include "runtime/value.h"

namespace fledge::lambda {

using runtime::Is;
using runtime::ObjectType;
using runtime::Value;

class Vm;

class Arguments {
 public:
  Arguments(Value::Word* first, std::size_t count)
      : first_(first), count_(count) {}

  std::size_t size() const { return count_; }
  // As it is now. REQUIRES: i < size().
  Value operator[](std::size_t i) const {
    FLEDGE_DCHECK(i < count_);
    return Value::FromWord(first_[i]);
  }
  void Set(std::size_t i, Value value) {
    FLEDGE_DCHECK(i < count_);
    first_[i] = value.word();
  }

 private:
  Value::Word* first_;
  std::size_t count_;
};

// Returns the result; empty after it has raised (Vm::Raise... return that).
using PrimitiveFunction = Value (*)(Vm& vm, Arguments arguments);

struct Primitive {
  static constexpr std::uint16_t kAnyNumber = 0xffff;

  std::string_view name;  // Static storage.
  PrimitiveFunction function;
  std::uint16_t least_arguments;
  std::uint16_t most_arguments;  // kAnyNumber: no limit.

  bool Takes(std::size_t count) const {
    return count >= least_arguments &&
           (count <= most_arguments || most_arguments == kAnyNumber);
  }
};

}  // namespace fledge::lambda
