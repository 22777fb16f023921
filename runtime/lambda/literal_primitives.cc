// What quasiquotations and map literals expand into calls of; see
// runtime/lambda/internal_procedures.h.
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/vm.h"
#include "runtime/map.h"
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

// (%map key value ...)
Value MakeMap(Vm& vm, Arguments arguments) {
  const runtime::HandleScope scope(vm.mutator());
  const Local map(vm.mutator(), runtime::MakeMap(vm.mutator()));
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    if (!runtime::IsHashable(arguments[i])) {
      return vm.RaiseWrongType(arguments, i,
                               "a key: a keyword, symbol, string, character, "
                               "boolean or small integer");
    }
    const runtime::HandleScope entry(vm.mutator());
    runtime::MapPut(vm.mutator(), map, Local(vm.mutator(), arguments[i]),
                    Local(vm.mutator(), arguments[i + 1]));
  }
  return map.get();
}

constexpr Primitive kPrimitives[] = {
    {"%list*", ListStar, 1, Primitive::kAnyNumber},
    {"%map", MakeMap, 0, Primitive::kAnyNumber},
};

}  // namespace

std::span<const Primitive> LiteralPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
