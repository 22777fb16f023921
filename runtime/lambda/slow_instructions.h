// What instructions do where their operands are not small integers, or not what
// they have to be.
//
// Design: docs/design/lambda.md. Threads: the machine's. All may collect.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/lambda/operation.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {

enum class Comparison : std::uint8_t { kFalse, kTrue, kRaised };

// kNumberEqual, kLess, kAtMost, kGreater or kAtLeast.
Comparison CompareSlow(Vm& vm, Operation relation, Value a, Value b);

// kAdd, kSubtract or kMultiply; empty if it raised.
Value ArithmeticSlow(Vm& vm, Operation operation, Value a, Value b);

void RaiseUnbound(Vm& vm, Value name);
void RaiseUsedTooEarly(Vm& vm);
void RaiseWrongOperand(Vm& vm, Operation operation, int argument, Value value,
                       std::string_view expected);
// By the accessor, modifier or whatever else it is that runs.
void RaiseOtherRecord(Vm& vm, std::string_view procedure, Value value,
                      Value type);
void RaiseWrongIndex(Vm& vm, Operation operation, Value vector, Value index);

}  // namespace fledge::lambda
