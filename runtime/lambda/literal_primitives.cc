// What quasiquotations expand into calls of; see
// runtime/lambda/internal_procedures.h.
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/vm.h"
#include "runtime/objects.h"

namespace fledge::lambda {
namespace {

// (%list* item ... tail)
Value ListStar(Vm& vm, Arguments arguments) {
  // The list grows in the last argument.
  const std::size_t last = arguments.size() - 1;
  for (std::size_t i = last; i-- > 0;) {
    arguments.Set(
        last, runtime::MakePair(vm.mutator(), arguments[i], arguments[last]));
  }
  return arguments[last];
}

constexpr Primitive kPrimitives[] = {
    {"%list*", ListStar, 1, Primitive::kAnyNumber},
};

}  // namespace

std::span<const Primitive> LiteralPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
