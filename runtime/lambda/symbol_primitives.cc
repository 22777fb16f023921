// Symbols: R7RS small, section 6.5.
#include <string>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/lambda/texts.h"

namespace fledge::lambda {
namespace {

Value IsSymbol(Vm&, Arguments arguments) {
  return Value::Boolean(Is(arguments[0], ObjectType::kSymbol));
}

Value AreSymbolsEqual(Vm& vm, Arguments arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!CheckType(vm, arguments, i, ObjectType::kSymbol, "a symbol")) {
      return Value();
    }
  }
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i] != arguments[0]) return Value::False();
  }
  return Value::True();
}

Value SymbolToString(Vm& vm, Arguments arguments) {
  if (!CheckType(vm, arguments, 0, ObjectType::kSymbol, "a symbol")) {
    return Value();
  }
  // A copy outside the heap, where nothing moves.
  const std::string name{runtime::Symbol(arguments[0]).name().text()};
  return OrOutOfMemory(vm, TryMakeConstantText(vm.mutator(), name));
}

Value StringToSymbol(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  const std::string name = Utf8Of(Text(arguments[0]));
  return vm.symbols().Intern(vm.mutator(), name);
}

constexpr Primitive kSymbolPrimitives[] = {
    {"symbol?", IsSymbol, 1, 1},
    {"symbol=?", AreSymbolsEqual, 1, Primitive::kAnyNumber},
    {"symbol->string", SymbolToString, 1, 1},
    {"string->symbol", StringToSymbol, 1, 1},
};

}  // namespace

std::span<const Primitive> SymbolPrimitives() { return kSymbolPrimitives; }

}  // namespace fledge::lambda
