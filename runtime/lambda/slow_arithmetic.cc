// The instructions of arithmetic where their operands are not small integers,
// or the result is none.
#include "runtime/lambda/arithmetic.h"
#include "runtime/lambda/number_errors.h"
#include "runtime/lambda/number_predicates.h"
#include "runtime/lambda/slow_instructions.h"

namespace fledge::lambda {
namespace {

NumberResult Apply(Mutator& mutator, Operation operation, Value a, Value b) {
  switch (operation) {
    case Operation::kAdd:
      return Add(mutator, a, b);
    case Operation::kSubtract:
      return Subtract(mutator, a, b);
    default:
      FLEDGE_DCHECK(operation == Operation::kMultiply);
      return Multiply(mutator, a, b);
  }
}

// Nothing if an operand is wrong.
std::optional<bool> Holds(Operation relation, Value a, Value b) {
  if (relation == Operation::kNumberEqual) return NumberEquals(a, b);
  const auto order = Compare(a, b);
  if (!order) return std::nullopt;
  switch (relation) {
    case Operation::kLess:
      return *order < 0;
    case Operation::kAtMost:
      return *order <= 0;
    case Operation::kGreater:
      return *order > 0;
    default:
      FLEDGE_DCHECK(relation == Operation::kAtLeast);
      return *order >= 0;
  }
}

}  // namespace

Value ArithmeticSlow(Vm& vm, Operation operation, Value a, Value b) {
  const NumberResult result = Apply(vm.mutator(), operation, a, b);
  if (result.ok()) [[likely]]
    return result.value;
  if (result.error != NumberError::kWrongType) {
    return RaiseNumberError(vm, result.error);
  }
  // A wrong type is found before anything is allocated: both are still there.
  const bool is_first = !IsNumber(a);
  RaiseWrongOperand(vm, operation, is_first ? 1 : 2, is_first ? a : b,
                    "a number");
  return Value();
}

Comparison CompareSlow(Vm& vm, Operation relation, Value a, Value b) {
  const std::optional<bool> holds = Holds(relation, a, b);
  if (holds) return *holds ? Comparison::kTrue : Comparison::kFalse;
  const bool is_equality = relation == Operation::kNumberEqual;
  const bool is_first = !(is_equality ? IsNumber(a) : IsReal(a));
  RaiseWrongOperand(vm, relation, is_first ? 1 : 2, is_first ? a : b,
                    is_equality ? "a number" : "a real number");
  return Comparison::kRaised;
}

}  // namespace fledge::lambda
