#include "runtime/lambda/session.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "runtime/lambda/code_loader.h"
#include "runtime/lambda/constant_calls.h"
#include "runtime/lambda/control_procedures.h"
#include "runtime/lambda/datum_values.h"
#include "runtime/lambda/error_report.h"
#include "runtime/lambda/import_set.h"
#include "runtime/lambda/inlined.h"
#include "runtime/lambda/library_sources.h"
#include "runtime/lambda/memory_services.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/syntax_of_value.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/lambda/texts.h"
#include "runtime/lambda/top_level.h"
#include "runtime/objects.h"
#include "runtime/procedure_layout.h"

namespace fledge::lambda {

using runtime::HandleScope;

namespace {

// The libraries of runtime/lambda/library. A text may have several.
struct Embedded {
  std::string_view name;
  const std::string_view& text;
};
const Embedded kEmbedded[] = {
    {"(lambda control)", kControlLibrary},
    {"(lambda evaluation)", kEvaluationLibrary},
    {"(lambda maps)", kMapsLibrary},
    {"(lambda memory)", kMemoryLibrary},
    {"(lambda ports)", kPortsLibrary},
    {"(lambda sequences)", kSequencesLibrary},
    {"(lambda tables)", kTablesLibrary},
    {"(lambda weak)", kWeakLibrary},
    {"(srfi 69)", kSrfiLibrary},
};
// What every program without imports has.
constexpr std::string_view kOwnLibraries[] = {
    "core",       "primitives", "control", "sequences", "ports",
    "evaluation", "maps",       "tables",  "weak",      "memory"};

// All internal procedures are there after this one, and no sooner.
constexpr std::string_view kHasInternalProcedures = "control";

bool BeginsProgram(const Syntax& form) {
  if (!form.Is(Syntax::Kind::kPair) || !form.first->Is(Syntax::Kind::kSymbol)) {
    return false;
  }
  const std::string_view name = form.first->name->text;
  return name == "import" || name == "define-library";
}

}  // namespace

Session::Session(Vm& vm, SessionOptions options)
    : vm_(vm),
      options_(std::move(options)),
      libraries_(names_, *this),
      run_cleanups_(vm.mutator(), Value().word()) {
  spaces_.push_back(std::make_unique<Namespace>());
  ProvidePrimitives();
  Library& all = libraries_.Add({{"lambda", "all"}});
  spaces_.front()->ImportAll(all.exports);
  for (const std::string_view name : kOwnLibraries) {
    AddExports(name, all);
    if (name == kHasInternalProcedures) ProvideInternalProcedures();
  }
  all.is_complete = true;
  // What primitives raise is raised as by the program.
  vm_.SetRaiseHandler(ValueOf("raise"));
  for (const std::string_view name : {"raise", "error"}) {
    FindGlobal(name)->keeps_frames = true;
  }
  vm_.set_evaluator(this);
  run_cleanups_.set(vm_.mutator(), ValueOf("run-cleanups").word());
  vm_.memory().count_namespaces = [this] {
    return libraries_.count() + spaces_.size();
  };
}

Session::~Session() {
  vm_.set_evaluator(nullptr);
  vm_.memory().count_namespaces = nullptr;
}

void Session::ProvidePrimitives() {
  Library& library = libraries_.Add({{"lambda", "primitives"}});
  for (const auto& primitives :
       {BytevectorPrimitives(), CharacterPrimitives(),   ConditionPrimitives(),
        ControlPrimitives(),    EquivalencePrimitives(), EvaluationPrimitives(),
        FilePrimitives(),       InputPrimitives(),       KeywordPrimitives(),
        ListPrimitives(),       LiteralPrimitives(),     MapPrimitives(),
        MemoryPrimitives(),     NumberPrimitives(),      OutputPrimitives(),
        PortPrimitives(),       ProcessPrimitives(),     ReadPrimitives(),
        RecordPrimitives(),     SymbolPrimitives(),      TablePrimitives(),
        TextPrimitives(),       VectorPrimitives(),      WeakPrimitives()}) {
    for (const Primitive& primitive : primitives) {
      Provide(library, primitive.name, vm_.MakePrimitive(primitive));
    }
  }
  const StandardPorts& ports = vm_.standard_ports();
  Provide(library, "current-input-port", ports.input());
  Provide(library, "current-output-port", ports.output());
  Provide(library, "current-error-port", ports.error());
  Provide(library, "apply", LoadCode(vm_, *ApplyCode()));
  Provide(library, "%call/cc", LoadCode(vm_, *CallWithContinuationCode()));
  library.is_complete = true;
}

void Session::Provide(Library& library, std::string_view name, Value value) {
  Global* const global = library.Provide(names_.Intern(name));
  global->is_constant = true;
  global->operation = InlinedIndex(name);
  global->folding = FoldingIndex(name);
  global->keeps_frames = Is(value, ObjectType::kPrimitive);
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
  const Name* const wanted = names_.Intern(name);
  for (const std::string_view own : kOwnLibraries) {
    const Library* const library =
        libraries_.Find({{"lambda", std::string(own)}});
    if (library == nullptr) break;
    const auto found = library->exports.find(wanted);
    if (found != library->exports.end()) return found->second.global;
  }
  return nullptr;
}

Value Session::ValueOf(std::string_view name) {
  const Global* const global = FindGlobal(name);
  FLEDGE_CHECK(global != nullptr, "the library lacks a procedure");
  return runtime::Global(vm_.CellAt(global->cell)).content();
}

// Internal procedures are procedures of the library, of the same name or of the
// name that programs know.
void Session::ProvideInternalProcedures() {
  for (std::size_t i = 0; i < kInternalProcedureNames.size(); ++i) {
    const std::string_view name = kInternalProcedureNames[i];
    const std::string_view public_name = name.substr(1);
    const bool is_public = FindGlobal(public_name) != nullptr;
    const std::string_view known = is_public ? public_name : name;
    Global& global = *libraries_.internal(static_cast<InternalProcedure>(i));
    const Value value = ValueOf(known);
    global.is_constant = true;
    global.operation = InlinedIndex(known);
    global.folding = FoldingIndex(known);
    global.keeps_frames = Is(value, ObjectType::kPrimitive);
    Define(global, value);
  }
}

void Session::AddExports(std::string_view library, Library& all) {
  const LibraryName name = {{"lambda", std::string(library)}};
  for (const auto& [exported, denotation] : libraries_.Load(name, {}).exports) {
    // What begins so is for Lambda's own libraries.
    if (exported->text.starts_with('%')) continue;
    all.exports[exported] = denotation;
  }
  if (!RunWaiting()) {
    std::fputs(ErrorReport(sources_, vm_, vm_.TakeRaised()).c_str(), stderr);
    FLEDGE_CHECK(false, "Lambda's own library raises an error");
  }
}

// Running.

Value Session::Run(std::string_view text, std::string name) {
  const SourceText source = sources_.Add(std::move(name), std::string(text));
  Reader reader(source.text, source.source, names_);
  return RunForms(reader, *spaces_.front());
}

Value Session::Run(SourceText text, const std::function<void(Value)>& see) {
  Reader reader(text.text, text.source, names_);
  return RunForms(reader, *spaces_.front(), see);
}

Value Session::RunProgram(SourceText text) {
  Reader reader(text.text, text.source, names_);
  Arena arena;
  if (!BeginsProgram(*Reader(reader).Read(arena))) {
    return RunForms(reader, *spaces_.front());
  }
  spaces_.push_back(std::make_unique<Namespace>());
  return RunForms(reader, *spaces_.back());
}

Value Session::RunForms(Reader& reader, Namespace& space,
                        const std::function<void(Value)>& see) {
  const HandleScope scope(vm_.mutator());
  Local value(vm_.mutator(), Value::Undefined());
  while (true) {
    Arena arena;
    const Syntax* const form = reader.Read(arena);
    if (form->Is(Syntax::Kind::kEndOfFile)) return value.get();
    const HandleScope form_scope(vm_.mutator());
    const Local program(vm_.mutator(),
                        Load(arena, space, *form, LastCall::kAbove));
    if (!RunWaiting()) return Value();
    const Value result = vm_.Call(program, {});
    if (result.IsEmpty()) return result;
    value.set(result);
    if (see) see(result);
    if (!RunCleanups()) return Value();
  }
}

Value Session::Load(Arena& arena, Namespace& space, const Syntax& form,
                    LastCall last_call) {
  return LoadCode(
      vm_,
      *lambda::Compile(arena, ExpandTopLevel(libraries_, space, form, arena),
                       last_call));
}

void Session::RunLibrary(Library&, std::span<Expression* const> body) {
  if (body.empty()) return;
  Arena arena;
  auto* const program = arena.Make<Expression>(
      arena, Expression::Kind::kSequence, body.front()->at);
  for (Expression* expression : body) program->operands.push_back(expression);
  const Value run =
      LoadCode(vm_, *lambda::Compile(arena, program, LastCall::kAbove));
  waiting_.emplace_back(vm_.mutator(), run.word());
}

bool Session::RunWaiting() {
  while (!waiting_.empty()) {
    const HandleScope scope(vm_.mutator());
    const Local run(vm_.mutator(), Value::FromWord(waiting_.front().get()));
    waiting_.pop_front();
    if (vm_.Call(run, {}).IsEmpty()) return false;
  }
  return true;
}

bool Session::RunCleanups() {
  if (vm_.memory().cleanups.dead_count() == 0) [[likely]]
    return true;
  const HandleScope scope(vm_.mutator());
  const Local run(vm_.mutator(), Value::FromWord(run_cleanups_.get()));
  return !vm_.Call(run, {}).IsEmpty();
}

// Texts.

std::optional<SourceText> Session::FindLibrary(const LibraryName& name) {
  const std::string text = name.text();
  for (const Embedded& embedded : kEmbedded) {
    if (embedded.name != text) continue;
    return sources_.AddLibrary(embedded.name, embedded.text);
  }
  const std::string definition = "(define-library " + text + "\n";
  if (kSchemeLibrary.find(definition) != std::string_view::npos) {
    return sources_.AddLibrary("(scheme)", kSchemeLibrary);
  }
  std::string file;
  for (const std::string& part : name.parts) file += "/" + part;
  for (const std::string& folder : options_.library_folders) {
    if (auto source = sources_.AddFile(folder + file + ".sld")) return source;
  }
  return {};
}

// Beside the file that includes it.
std::optional<SourceText> Session::FindIncluded(std::string_view path,
                                                Position from) {
  const std::string& name = sources_.NameOf(from.source);
  const std::size_t end = name.rfind('/');
  const bool is_beside = !path.starts_with('/') && end != std::string::npos;
  return sources_.AddFile((is_beside ? name.substr(0, end + 1) : "") +
                          std::string(path));
}

// Eval and load.

std::optional<std::size_t> Session::MakeEnvironment(Value import_sets) {
  try {
    Arena arena;
    std::vector<Value> others;
    Syntax form;
    form.kind = Syntax::Kind::kPair;
    form.rest = SyntaxOfValue(import_sets, {}, arena, names_, others);
    auto space = std::make_unique<Namespace>();
    Import(libraries_, form, *space, ImportConflict::kHides);
    spaces_.push_back(std::move(space));
    return spaces_.size() - 1;
  } catch (const SyntaxError& error) {
    RaiseSyntaxError(error);
    return {};
  }
}

// Code that refers to its variables stays right, as they keep their cells.
void Session::ClearEnvironment(std::size_t environment) {
  for (const Global* global : spaces_[environment]->globals()) {
    if (global->cell == Global::kNoCell) continue;
    vm_.Define(global->cell, Value::Deleted());
  }
}

Value Session::Compile(Value datum, std::size_t environment) {
  try {
    Arena arena;
    std::vector<Value> others;
    const Syntax* const form = SyntaxOfValue(datum, {}, arena, names_, others);
    vm_.SetQuoted(others);
    return ListToRun(arena, *spaces_[environment], *form);
  } catch (const SyntaxError& error) {
    return RaiseSyntaxError(error);
  }
}

std::optional<std::size_t> Session::OpenFile(Value path) {
  const std::string name = Utf8Of(runtime::Text(path));
  const std::optional<SourceText> text = sources_.AddFile(name);
  if (!text.has_value()) {
    const HandleScope scope(vm_.mutator());
    const std::string why = std::strerror(errno);
    const Local irritant(vm_.mutator(),
                         TryMakeConstantText(vm_.mutator(), name));
    vm_.RaiseError("file-error", "load: cannot read this file: " + why,
                   {irritant});
    return {};
  }
  opened_.push_back(std::make_unique<Opened>(*text, names_));
  return opened_.size() - 1;
}

Value Session::CompileNext(std::size_t file, std::size_t environment) {
  // A continuation of a load comes back when the load has ended.
  if (opened_[file] == nullptr) return Value::False();
  try {
    Arena arena;
    const Syntax* const form = opened_[file]->reader.Read(arena);
    if (!form->Is(Syntax::Kind::kEndOfFile)) {
      return ListToRun(arena, *spaces_[environment], *form);
    }
    opened_[file].reset();
    return Value::False();
  } catch (const SyntaxError& error) {
    return RaiseSyntaxError(error);
  }
}

Value Session::ListToRun(Arena& arena, Namespace& space, const Syntax& form) {
  const HandleScope scope(vm_.mutator());
  const Local last(vm_.mutator(), Load(arena, space, form, LastCall::kTail));
  const Local nil(vm_.mutator(), Value::Nil());
  Local list(vm_.mutator(), runtime::MakePair(vm_.mutator(), last, nil));
  for (; !waiting_.empty(); waiting_.pop_back()) {
    const HandleScope item_scope(vm_.mutator());
    const Local run(vm_.mutator(), Value::FromWord(waiting_.back().get()));
    list.set(runtime::MakePair(vm_.mutator(), run, list));
  }
  return list.get();
}

Value Session::RaiseSyntaxError(const SyntaxError& error) {
  std::string message = error.what();
  if (error.at().line != 0) {
    message = sources_.PlaceOf(error.at()) + ": " + message;
  }
  const bool no_memory = dynamic_cast<const NoMemoryError*>(&error) != nullptr;
  return vm_.RaiseError(no_memory ? "out-of-memory" : "syntax-error", message);
}

}  // namespace fledge::lambda
