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
  // What primitives raise is raised as by the program.
  const Scope::Binding* const raise = space_.Find({names_.Intern("raise"), 0});
  vm_.SetRaiseHandler(
      runtime::Global(vm_.CellAt(raise->denotation.global->cell)).content());
}

void Session::ProvidePrimitives() {
  Library& library = libraries_.Add({{"lambda", "primitives"}});
  for (const auto& primitives :
       {ControlPrimitives(), NumberPrimitives(), RecordPrimitives()}) {
    for (const Primitive& primitive : primitives) {
      Provide(library, primitive.name, vm_.MakePrimitive(primitive));
    }
  }
  Provide(library, "apply", LoadCode(vm_, *ApplyCode()));
  Provide(library, "%call/cc", LoadCode(vm_, *CallWithContinuationCode()));
  library.is_complete = true;
}

void Session::Provide(Library& library, std::string_view name, Value value) {
  const HandleScope scope(vm_.mutator());
  const Local provided(vm_.mutator(), value);
  Global* const global = library.Provide(names_.Intern(name));
  global->is_constant = true;
  global->operation = InlinedIndex(name);
  global->cell = vm_.MakeCell(name);
  vm_.Define(global->cell, provided.get());
}

Value Session::ValueOf(std::string_view name) {
  const Scope::Binding* const binding = space_.Find({names_.Intern(name), 0});
  FLEDGE_CHECK(binding != nullptr, "the library lacks a procedure");
  return runtime::Global(vm_.CellAt(binding->denotation.global->cell))
      .content();
}

// Internal procedures are procedures of the library, of the same name or of the
// name that programs know.
void Session::ProvideInternal(std::string_view name) {
  const std::string_view public_name = name.substr(1);
  const bool is_public =
      space_.Find({names_.Intern(public_name), 0}) != nullptr;
  Provide(libraries_.internal_library(), name,
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
