#include "runtime/lambda/code_loader.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/lambda/global.h"
#include "runtime/lambda/liveness.h"
#include "runtime/lambda/map_keys.h"
#include "runtime/lambda/number_parser.h"
#include "runtime/lambda/texts.h"
#include "runtime/map.h"
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
  function->parameter_count = draft.parameter_count;
  function->has_rest = draft.has_rest;
  function->capture_count = draft.capture_count;
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
  return MakeDatum(vm, *constant.datum);
}

Value MakeList(Vm& vm, const Syntax& list) {
  const HandleScope scope(vm.mutator());
  std::vector<const Syntax*> items;
  const Syntax* rest = &list;
  for (; rest->Is(Syntax::Kind::kPair); rest = rest->rest) {
    items.push_back(rest->first);
  }
  Local made(vm.mutator(), MakeDatum(vm, *rest));
  for (std::size_t i = items.size(); i-- > 0;) {
    const HandleScope item_scope(vm.mutator());
    const Local item(vm.mutator(), MakeDatum(vm, *items[i]));
    made.set(runtime::MakePair(vm.mutator(), item, made));
  }
  return made.get();
}

Value MakeItems(Vm& vm, const Syntax& datum) {
  const HandleScope scope(vm.mutator());
  const Local fill(vm.mutator(), Value::Undefined());
  const Local made(vm.mutator(),
                   runtime::MakeVector(vm.mutator(), datum.items.size(), fill));
  for (std::size_t i = 0; i < datum.items.size(); ++i) {
    const Value item = MakeDatum(vm, *datum.items[i]);
    runtime::SetItem(vm.mutator(), Vector(made.get()), i, item);
  }
  return made.get();
}

Value MakeMap(Vm& vm, const Syntax& datum) {
  const HandleScope scope(vm.mutator());
  const Local made(vm.mutator(), runtime::MakeMap(vm.mutator()));
  for (std::size_t i = 0; i < datum.items.size(); i += 2) {
    const HandleScope entry_scope(vm.mutator());
    const Local key(vm.mutator(), MakeDatum(vm, *datum.items[i]));
    if (!runtime::IsHashable(key.get())) {
      throw SyntaxError(datum.items[i]->at,
                        "a key of a map is " + std::string(kMapKeys));
    }
    const Local value(vm.mutator(), MakeDatum(vm, *datum.items[i + 1]));
    runtime::MapPut(vm.mutator(), made, key, value);
  }
  return made.get();
}

Value MakeNumber(Vm& vm, const Syntax& number) {
  const NumberResult made = NumberFromText(vm.mutator(), number.text);
  // The reader has seen that it is a number, and that it is not too large.
  FLEDGE_CHECK(made.ok(), "no room for a number of a program");
  return made.value;
}

Value MakeBytes(Vm& vm, std::string_view bytes) {
  const Value made = runtime::MakeBytes(vm.mutator(), bytes.size());
  std::ranges::copy(bytes, runtime::Bytes(made).bytes().begin());
  return made;
}

}  // namespace

Value MakeDatum(Vm& vm, const Syntax& datum) {
  switch (datum.kind) {
    case Syntax::Kind::kBoolean:
      return Value::Boolean(datum.integer != 0);
    case Syntax::Kind::kInteger:
      return Value::SmallInteger(datum.integer);
    case Syntax::Kind::kFloat:
      return runtime::MakeFloat(vm.mutator(), datum.number);
    case Syntax::Kind::kNumber:
      return MakeNumber(vm, datum);
    case Syntax::Kind::kCharacter:
      return Value::Character(static_cast<char32_t>(datum.integer));
    case Syntax::Kind::kString: {
      const Value text = TryMakeConstantText(vm.mutator(), datum.text);
      FLEDGE_CHECK(!text.IsEmpty(), "no room for a literal");
      return text;
    }
    case Syntax::Kind::kBytevector:
      return MakeBytes(vm, datum.text);
    case Syntax::Kind::kNil:
      return Value::Nil();
    case Syntax::Kind::kSymbol:
      return vm.symbols().Intern(vm.mutator(), datum.name->text);
    case Syntax::Kind::kAlias:
      return MakeDatum(vm, *datum.alias->identifier);
    case Syntax::Kind::kKeyword:
      return vm.KeywordOf(datum.text);
    case Syntax::Kind::kMap:
      return MakeMap(vm, datum);
    case Syntax::Kind::kPair:
      return MakeList(vm, datum);
    case Syntax::Kind::kVector:
      return MakeItems(vm, datum);
    case Syntax::Kind::kValue:
      return vm.quoted(static_cast<std::size_t>(datum.integer));
    default:
      throw SyntaxError(datum.at, "this kind of literal is not there yet");
  }
}

Value LoadCode(Vm& vm, const CodeDraft& draft) {
  const HandleScope scope(vm.mutator());
  const Local made(vm.mutator(), LoadTemplate(vm, draft));
  const Address object =
      vm.mutator().Allocate(runtime::SizeOf(ObjectType::kClosure, 1));
  return runtime::Closure::Initialize(object, made.get(), 0).value();
}

}  // namespace fledge::lambda
