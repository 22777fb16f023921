#include "runtime/lambda/code_loader.h"

#include <memory>
#include <utility>
#include <vector>

#include "runtime/lambda/datum_values.h"
#include "runtime/lambda/global.h"
#include "runtime/lambda/liveness.h"
#include "runtime/objects.h"
#include "runtime/procedure_layout.h"

namespace fledge::lambda {

using runtime::HandleScope;
using runtime::Vector;

namespace {

Value LoadConstant(Vm& vm, const CodeDraft::Constant& constant);

// An object that does not move, as instructions and constants are addressed
// directly.
Value LoadInstructions(Vm& vm, const CodeDraft& draft) {
  const Address object = vm.mutator().Allocate(
      runtime::SizeOf(ObjectType::kCode,
                      draft.instructions.size() * sizeof(Instruction)),
      gc::AllocationKind::kLeafImmovable);
  return runtime::Code::Initialize(
             object,
             {reinterpret_cast<const std::uint64_t*>(draft.instructions.data()),
              draft.instructions.size()})
      .value();
}

Value LoadConstants(Vm& vm, const CodeDraft& draft) {
  const std::size_t count = draft.constants.size();
  const Address object =
      vm.mutator().Allocate(runtime::SizeOf(ObjectType::kVector, count),
                            gc::AllocationKind::kTracedImmovable);
  const HandleScope scope(vm.mutator());
  const Local constants(
      vm.mutator(),
      Vector::Initialize(object, count, Value::Undefined()).value());
  for (std::size_t i = 0; i < count; ++i) {
    const Value value = LoadConstant(vm, draft.constants[i]);
    runtime::SetItem(vm.mutator(), Vector(constants.get()), i, value);
  }
  return constants.get();
}

Value LoadTemplate(Vm& vm, const CodeDraft& draft) {
  runtime::Mutator& mutator = vm.mutator();
  const HandleScope scope(mutator);
  const Local constants(mutator, LoadConstants(vm, draft));
  const Local code(mutator, LoadInstructions(vm, draft));
  const Local name(mutator, draft.name.empty()
                                ? Value::False()
                                : vm.symbols().Intern(mutator, draft.name));

  auto function = std::make_unique<Function>(draft.register_count);
  AddLiveness(draft, *function);
  function->name = draft.name;
  function->written_at = draft.at;
  function->is_form = draft.is_form;
  function->parameter_count = draft.parameter_count;
  function->has_rest = draft.has_rest;
  function->capture_count = draft.capture_count;
  function->access = RecordAccessOf(draft);
  if (!draft.has_rest && function->access.kind == RecordAccess::Kind::kNone) {
    function->simple_argument_count = draft.parameter_count;
  }
  function->positions = draft.positions;
  function->instruction_count =
      static_cast<std::uint32_t>(draft.instructions.size());
  const Address object =
      mutator.Allocate(runtime::SizeOf(ObjectType::kTemplate),
                       gc::AllocationKind::kTracedImmovable);
  function->code = reinterpret_cast<const Instruction*>(
      runtime::Code(code.get()).instructions());
  function->constants = reinterpret_cast<const Value::Word*>(
      constants.get().object() + runtime::kHeaderBytes);
  const Local made(mutator, runtime::Template::Initialize(
                                object, code.get(), constants.get(), name.get(),
                                function.get())
                                .value());
  vm.functions().Add(mutator, std::move(function), made.get());
  return made.get();
}

Value LoadConstant(Vm& vm, const CodeDraft::Constant& constant) {
  if (constant.procedure != nullptr) {
    return LoadTemplate(vm, *constant.procedure);
  }
  if (constant.global != nullptr) {
    Global& global = *constant.global;
    if (global.cell == Global::kNoCell) {
      global.cell = vm.MakeCell(global.name->text);
    }
    return vm.CellAt(global.cell);
  }
  return MakeDatum(vm, *constant.datum, Literals::kConstant);
}

}  // namespace

Value LoadCode(Vm& vm, const CodeDraft& draft) {
  const HandleScope scope(vm.mutator());
  const Local made(vm.mutator(), LoadTemplate(vm, draft));
  const Address object =
      vm.mutator().Allocate(runtime::SizeOf(ObjectType::kClosure, 1));
  return runtime::Closure::Initialize(object, made.get(), 0).value();
}

}  // namespace fledge::lambda
