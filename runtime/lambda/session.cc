#include "runtime/lambda/session.h"

#include <utility>

#include "runtime/lambda/code_loader.h"
#include "runtime/lambda/compiler.h"
#include "runtime/lambda/control_procedures.h"
#include "runtime/lambda/inlined.h"
#include "runtime/lambda/library_sources.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/reader.h"
#include "runtime/lambda/top_level.h"
#include "runtime/procedure_layout.h"

namespace fledge::lambda {

using runtime::HandleScope;

namespace {

// The libraries of runtime/lambda/library.
struct Embedded {
  std::string_view name;
  const std::string_view& text;
};
const Embedded kEmbedded[] = {{"(lambda control)", kControlLibrary}};

}  // namespace

Session::Session(Vm& vm) : vm_(vm), libraries_(names_, *this) {
  ProvidePrimitives();
  for (const std::string_view name : {"core", "primitives", "control"}) {
    ImportAll(name);
  }
  for (std::size_t i = 0; i < kInternalProcedureNames.size(); ++i) {
    ProvideInternal(static_cast<InternalProcedure>(i));
  }
  // What primitives raise is raised as by the program.
  vm_.SetRaiseHandler(ValueOf("raise"));
}

void Session::ProvidePrimitives() {
  Library& library = libraries_.Add({{"lambda", "primitives"}});
  for (const auto& primitives :
       {BytevectorPrimitives(), CharacterPrimitives(), ControlPrimitives(),
        EquivalencePrimitives(), ListPrimitives(), LiteralPrimitives(),
        NumberPrimitives(), RecordPrimitives(), SymbolPrimitives(),
        TextPrimitives(), VectorPrimitives()}) {
    for (const Primitive& primitive : primitives) {
      Provide(library, primitive.name, vm_.MakePrimitive(primitive));
    }
  }
  Provide(library, "apply", LoadCode(vm_, *ApplyCode()));
  Provide(library, "%call/cc", LoadCode(vm_, *CallWithContinuationCode()));
  library.is_complete = true;
}

void Session::Provide(Library& library, std::string_view name, Value value) {
  Global* const global = library.Provide(names_.Intern(name));
  global->is_constant = true;
  global->operation = InlinedIndex(name);
  Define(*global, value);
}

void Session::Define(Global& global, Value value) {
  const HandleScope scope(vm_.mutator());
  const Local defined(vm_.mutator(), value);
  if (global.cell == Global::kNoCell) {
    global.cell = vm_.MakeCell(global.name->text);
  }
  vm_.Define(global.cell, defined.get());
}

Global* Session::FindGlobal(std::string_view name) {
  const Scope::Binding* const binding = space_.Find({names_.Intern(name), 0});
  return binding == nullptr ? nullptr : binding->denotation.global;
}

Value Session::ValueOf(std::string_view name) {
  const Global* const global = FindGlobal(name);
  FLEDGE_CHECK(global != nullptr, "the library lacks a procedure");
  return runtime::Global(vm_.CellAt(global->cell)).content();
}

// Internal procedures are procedures of the library, of the same name or of the
// name that programs know.
void Session::ProvideInternal(InternalProcedure procedure) {
  const std::string_view name =
      kInternalProcedureNames[static_cast<std::size_t>(procedure)];
  const std::string_view public_name = name.substr(1);
  const bool is_public = FindGlobal(public_name) != nullptr;
  Define(*libraries_.internal(procedure),
         ValueOf(is_public ? public_name : name));
}

void Session::ImportAll(std::string_view library) {
  const LibraryName name = {{"lambda", std::string(library)}};
  for (const auto& [exported, denotation] : libraries_.Load(name, {}).exports) {
    space_.Import(exported, denotation);
  }
}

Value Session::Run(std::string_view text, std::string name) {
  const HandleScope scope(vm_.mutator());
  Local value(vm_.mutator(), Value::Undefined());
  Reader reader(text, AddSource(std::move(name)), names_);
  while (true) {
    Arena arena;
    const Syntax* const form = reader.Read(arena);
    if (form->Is(Syntax::Kind::kEndOfFile)) return value.get();
    const HandleScope form_scope(vm_.mutator());
    const Local program(
        vm_.mutator(),
        Load(arena, ExpandTopLevel(libraries_, space_, *form, arena)));
    const Value result = vm_.Call(program, {});
    if (result.IsEmpty()) return result;
    value.set(result);
  }
}

Value Session::Load(Arena& arena, Expression* program) {
  return LoadCode(vm_, *Compile(arena, program));
}

void Session::RunLibrary(Library& library, std::span<Expression* const> body) {
  if (body.empty()) return;
  Arena arena;
  auto* const program = arena.Make<Expression>(
      arena, Expression::Kind::kSequence, body.front()->at);
  for (Expression* expression : body) program->operands.push_back(expression);
  const HandleScope scope(vm_.mutator());
  const Local run(vm_.mutator(), Load(arena, program));
  if (vm_.Call(run, {}).IsEmpty()) {
    throw SyntaxError(body.front()->at, "the body of " + library.name.text() +
                                            " has raised an error");
  }
}

std::optional<SourceText> Session::FindLibrary(const LibraryName& name) {
  for (const Embedded& embedded : kEmbedded) {
    if (embedded.name != name.text()) continue;
    return SourceText{embedded.text, AddSource(std::string(embedded.name))};
  }
  return {};
}

std::optional<SourceText> Session::FindIncluded(std::string_view, Position) {
  return {};
}

std::uint32_t Session::AddSource(std::string name) {
  sources_.push_back(std::move(name));
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

}  // namespace fledge::lambda
