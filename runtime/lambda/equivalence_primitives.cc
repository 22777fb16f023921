// Equivalence and booleans: R7RS small, sections 6.1 and 6.3.
#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/equivalence.h"
#include "runtime/lambda/primitives.h"

namespace fledge::lambda {
namespace {

bool AreTheSame(Value a, Value b) { return a == b; }

template <bool (*kAreEquivalent)(Value, Value)>
Value Compare(Vm&, Arguments arguments) {
  return Value::Boolean(kAreEquivalent(arguments[0], arguments[1]));
}

Value Not(Vm&, Arguments arguments) {
  return Value::Boolean(arguments[0].IsFalse());
}

Value IsBoolean(Vm&, Arguments arguments) {
  return Value::Boolean(arguments[0].IsBoolean());
}

Value AreBooleansEqual(Vm& vm, Arguments arguments) {
  bool are_equal = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].IsBoolean()) {
      return vm.RaiseWrongType(arguments, i, "a boolean");
    }
    are_equal &= arguments[i] == arguments[0];
  }
  return Value::Boolean(are_equal);
}

constexpr Primitive kEquivalencePrimitives[] = {
    {"eq?", Compare<AreTheSame>, 2, 2},
    {"eqv?", Compare<AreEqv>, 2, 2},
    {"equal?", Compare<AreEqual>, 2, 2},
    {"not", Not, 1, 1},
    {"boolean?", IsBoolean, 1, 1},
    {"boolean=?", AreBooleansEqual, 1, Primitive::kAnyNumber},
};

}  // namespace

std::span<const Primitive> EquivalencePrimitives() {
  return kEquivalencePrimitives;
}

}  // namespace fledge::lambda
