// What runtime/lambda/library/evaluation.scm is built on.
#include <cstddef>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/evaluator.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/vm.h"
#include "runtime/objects.h"

namespace fledge::lambda {
namespace {

using runtime::HandleScope;

Evaluator& EvaluatorOf(Vm& vm) {
  FLEDGE_CHECK(vm.evaluator() != nullptr, "a machine without a session");
  return *vm.evaluator();
}

std::size_t IndexOf(Value value) {
  return static_cast<std::size_t>(value.integer());
}

Value Features(Vm& vm, Arguments) {
  const HandleScope scope(vm.mutator());
  Local list(vm.mutator(), Value::Nil());
  const auto& features = EvaluatorOf(vm).features();
  for (auto name = features.rbegin(); name != features.rend(); ++name) {
    const HandleScope item_scope(vm.mutator());
    const Local item(vm.mutator(), vm.symbols().Intern(vm.mutator(), *name));
    list.set(runtime::MakePair(vm.mutator(), item, list));
  }
  return list.get();
}

// The arguments of what follows come from the library, so their types are
// right.

// (%environment import-sets)
Value MakeEnvironment(Vm& vm, Arguments arguments) {
  const auto made = EvaluatorOf(vm).MakeEnvironment(arguments[0]);
  if (!made.has_value()) return Value();
  return Value::SmallInteger(static_cast<std::int64_t>(*made));
}

// (%clear-environment environment)
Value ClearEnvironment(Vm& vm, Arguments arguments) {
  EvaluatorOf(vm).ClearEnvironment(IndexOf(arguments[0]));
  return Value::Undefined();
}

// (%compile datum environment)
Value Compile(Vm& vm, Arguments arguments) {
  return EvaluatorOf(vm).Compile(arguments[0], IndexOf(arguments[1]));
}

// (%open-program path)
Value OpenProgram(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  const auto opened = EvaluatorOf(vm).OpenFile(arguments[0]);
  if (!opened.has_value()) return Value();
  return Value::SmallInteger(static_cast<std::int64_t>(*opened));
}

// (%compile-next program environment)
Value CompileNext(Vm& vm, Arguments arguments) {
  return EvaluatorOf(vm).CompileNext(IndexOf(arguments[0]),
                                     IndexOf(arguments[1]));
}

constexpr Primitive kPrimitives[] = {
    {"features", Features, 0, 0},
    {"%environment", MakeEnvironment, 1, 1},
    {"%clear-environment", ClearEnvironment, 1, 1},
    {"%compile", Compile, 2, 2},
    {"%open-program", OpenProgram, 1, 1},
    {"%compile-next", CompileNext, 2, 2},
};

}  // namespace

std::span<const Primitive> EvaluationPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
