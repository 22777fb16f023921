// Keywords; see docs/design/lambda_extensions.md.
#include <string>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/lambda/texts.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {
namespace {

using runtime::HandleScope;
using runtime::Keyword;

Value IsKeyword(Vm&, Arguments arguments) {
  return Value::Boolean(Is(arguments[0], ObjectType::kKeyword));
}

Value KeywordToSymbol(Vm& vm, Arguments arguments) {
  if (!CheckType(vm, arguments, 0, ObjectType::kKeyword, "a keyword")) {
    return Value();
  }
  return Keyword(arguments[0]).symbol().value();
}

Value SymbolToKeyword(Vm& vm, Arguments arguments) {
  if (!CheckType(vm, arguments, 0, ObjectType::kSymbol, "a symbol")) {
    return Value();
  }
  const HandleScope scope(vm.mutator());
  return vm.KeywordOf(Local(vm.mutator(), arguments[0]));
}

Value KeywordToString(Vm& vm, Arguments arguments) {
  if (!CheckType(vm, arguments, 0, ObjectType::kKeyword, "a keyword")) {
    return Value();
  }
  // A copy outside the heap, where nothing moves.
  const std::string name{Keyword(arguments[0]).symbol().name().text()};
  return OrOutOfMemory(vm, TryMakeConstantText(vm.mutator(), name));
}

Value StringToKeyword(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  return vm.KeywordOf(Utf8Of(Text(arguments[0])));
}

constexpr Primitive kPrimitives[] = {
    {"keyword?", IsKeyword, 1, 1},
    {"keyword->symbol", KeywordToSymbol, 1, 1},
    {"symbol->keyword", SymbolToKeyword, 1, 1},
    {"keyword->string", KeywordToString, 1, 1},
    {"string->keyword", StringToKeyword, 1, 1},
};

}  // namespace

std::span<const Primitive> KeywordPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
