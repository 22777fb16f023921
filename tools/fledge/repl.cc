#include "tools/fledge/repl.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "gc/clock.h"
#include "gc/option_text.h"
#include "runtime/heap.h"
#include "runtime/lambda/error_report.h"
#include "runtime/lambda/memory_services.h"
#include "runtime/lambda/port_arguments.h"
#include "runtime/lambda/printer.h"
#include "runtime/lambda/session.h"
#include "runtime/lambda/vm.h"
#include "runtime/procedure_layout.h"
#include "tools/fledge/collection_lines.h"
#include "tools/fledge/console.h"
#include "tools/fledge/exhaustion.h"
#include "tools/fledge/form_end.h"
#include "tools/fledge/listening.h"
#include "tools/fledge/text_table.h"
#include "tools/fledge/units.h"
#include "tools/fledge/user_interrupt.h"

namespace fledge::tools {

using gc::CollectionKind;
using runtime::ObjectType;
using runtime::Value;

// A heap with all that lives on it.
struct Repl::Machine {
  explicit Machine(const ReplOptions& options)
      : heap(options.heap), mutator(heap), lines(gc::NowNs()) {
    if (options.traces_collections) tracing.emplace(heap, lines);
    vm.emplace(heap, mutator,
               lambda::VmOptions{.on_exhaustion = EndOutOfMemory});
    vm->command_line().push_back("fledge");
    session.emplace(*vm, lambda::SessionOptions{.library_folders = {"."}});
  }

  runtime::Heap heap;
  runtime::Mutator mutator;
  CollectionLines lines;
  std::optional<Listening> tracing;
  std::optional<lambda::Vm> vm;
  std::optional<lambda::Session> session;
};

struct Repl::Command {
  std::string_view name;
  std::string_view argument;  // Empty if it takes none.
  std::string_view meaning;
  void (Repl::*run)(std::string_view argument);
};

const Repl::Command Repl::kCommands[] = {
    {":help", "", "lists the commands", &Repl::Help},
    {":load", "FILE", "runs the forms of a file here", &Repl::Load},
    {":stats", "", "shows memory and collections", &Repl::Stats},
    {":gc", "", "collects, and says what that freed", &Repl::Collect},
    {":reset", "", "forgets all, and begins on a new heap", &Repl::Reset},
};

namespace {

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// A line for each value; nothing for one that says nothing.
std::string Shown(Value value) {
  if (Is(value, ObjectType::kValues)) {
    const runtime::Values values(value);
    std::string text;
    for (std::size_t i = 0; i < values.length(); ++i) {
      text +=
          lambda::WriteText(values.value_at(i), Repl::kMostBytesOfValue) + "\n";
    }
    return text;
  }
  if (value.IsUndefined()) return {};
  return lambda::WriteText(value, Repl::kMostBytesOfValue) + "\n";
}

std::string Collections(const lambda::CollectionCounts::Row& row) {
  if (row.count == 0) return "none";
  return HumanCount(row.count) + " in " + HumanDuration(row.pause_ns) +
         ", longest " + HumanDuration(row.longest_pause_ns) + ", freed " +
         HumanBytes(row.freed_bytes);
}

}  // namespace

Repl::Repl(const ReplOptions& options, LineInput& input)
    : options_(options),
      input_(input),
      machine_(std::make_unique<Machine>(options)) {}

Repl::~Repl() = default;

int Repl::Run() {
  std::string line;
  while (!status_.has_value()) {
    BeginLine();
    switch (input_.Read(Prompt(), line)) {
      case LineOutcome::kLine:
        Take(line);
        break;
      case LineOutcome::kInterrupted:
        text_.clear();
        break;
      case LineOutcome::kEnd:
        // It says what was not whole.
        if (!text_.empty()) {
          Evaluate("input " + std::to_string(number_), std::move(text_));
        }
        return status_.value_or(0);
    }
  }
  return *status_;
}

std::string Repl::Prompt() const {
  const std::string number = std::to_string(number_);
  return text_.empty() ? number + "> " : std::string(number.size(), ' ') + "| ";
}

void Repl::Take(const std::string& line) {
  const std::string_view trimmed = Trimmed(line);
  if (text_.empty()) {
    if (trimmed.empty()) return;
    if (trimmed.starts_with(':')) return RunCommand(trimmed);
  }
  text_ += line + "\n";
  if (EndsWithinForm(text_)) return;
  Evaluate("input " + std::to_string(number_),
           std::exchange(text_, std::string()));
  ++number_;
}

// Running.

void Repl::Evaluate(std::string name, std::string text) {
  lambda::Session& session = *machine_->session;
  const lambda::SourceText source =
      session.sources().Add(std::move(name), std::move(text));
  Guarded([&] {
    return session.Run(source, [&](Value value) {
      const std::string shown = Shown(value);
      if (shown.empty()) return;
      BeginLine();
      Print(shown);
    });
  });
}

// Reports what `run` ends with, if it does not return.
template <typename Runner>
void Repl::Guarded(Runner run) {
  lambda::Vm& vm = *machine_->vm;
  try {
    const UserInterrupt::Running running(vm);
    if (!run().IsEmpty()) return;
  } catch (const lambda::SyntaxError& error) {
    return Report(lambda::ErrorReport(machine_->session->sources(), error));
  }
  const Value raised = vm.TakeRaised();
  if (vm.exit_status().has_value()) {
    status_ = vm.exit_status();
    return;
  }
  Report(lambda::ErrorReport(machine_->session->sources(), vm, raised));
}

void Repl::Report(const std::string& text) {
  BeginLine();
  // The terminal has shown the key.
  if (UserInterrupt::was_running()) std::fputs("\n", stderr);
  std::fputs(text.c_str(), stderr);
}

void Repl::BeginLine() {
  lambda::Vm& vm = *machine_->vm;
  vm.ports().FlushAll();
  lambda::Stream* const stream =
      lambda::StreamOf(vm.ParameterValue(vm.standard_ports().output()));
  if (stream == nullptr || !stream->is_open()) return;
  lambda::OutputStream* const output = stream->output();
  if (output == nullptr || output->is_in_memory() ||
      output->is_at_line_begin()) {
    return;
  }
  try {
    output->Write("\n");
    output->Flush();
  } catch (const lambda::PortError&) {
    // What is printed next says so.
  }
}

// Commands.

void Repl::RunCommand(std::string_view line) {
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view name = line.substr(0, end);
  const std::string_view argument = Trimmed(line.substr(end));
  std::vector<std::string_view> names;
  for (const Command& command : kCommands) {
    names.push_back(command.name);
    if (command.name != name) continue;
    if (command.argument.empty() != argument.empty()) {
      PrintNote(std::string(name) +
                (argument.empty() ? " takes an argument: " + std::string(name) +
                                        " " + std::string(command.argument)
                                  : " takes no argument"));
      return;
    }
    return (this->*command.run)(argument);
  }
  PrintNote("unknown command " + gc::Quote(name) + " " +
            gc::KnownNames(name, names) + "; a keyword is a value as '" +
            std::string(name));
}

void Repl::Help(std::string_view) {
  std::vector<std::vector<std::string>> rows;
  for (const Command& command : kCommands) {
    std::string left(command.name);
    if (!command.argument.empty()) left += " " + std::string(command.argument);
    rows.push_back({left, std::string(command.meaning)});
  }
  Print(
      TextTable(rows) +
      "\nA form that is not whole goes on in the next line. Ctrl-C drops what "
      "is typed\nor interrupts what runs; Ctrl-D and (exit) leave. Tab "
      "completes names.\n");
}

void Repl::Reset(std::string_view) {
  machine_.reset();
  machine_ = std::make_unique<Machine>(options_);
  number_ = 1;
}

void Repl::Load(std::string_view path) {
  lambda::Session& session = *machine_->session;
  const auto source = session.sources().AddFile(std::string(path));
  if (!source.has_value()) {
    PrintNote(":load: cannot read " + QuotePath(path) + ": " +
              std::strerror(errno));
    return;
  }
  Guarded([&] { return session.Run(*source, {}); });
}

void Repl::Collect(std::string_view) {
  const lambda::CollectionCounts& counts = machine_->vm->memory().counts;
  const std::size_t before = counts.of(CollectionKind::kMajor).freed_bytes;
  const std::int64_t begin_ns = gc::NowNs();
  if (!machine_->mutator.Collect(CollectionKind::kMajor)) {
    Print("this heap's policy does not collect\n");
    return;
  }
  const std::int64_t took_ns = gc::NowNs() - begin_ns;
  Print("freed " +
        HumanBytes(counts.of(CollectionKind::kMajor).freed_bytes - before) +
        " in " + HumanDuration(took_ns) + "; " +
        HumanBytes(machine_->heap.used_bytes()) + " are in use\n");
}

void Repl::Stats(std::string_view) {
  runtime::Heap& heap = machine_->heap;
  const lambda::CollectionCounts& counts = machine_->vm->memory().counts;
  const std::vector<std::vector<std::string>> rows = {
      {"heap", HumanBytes(heap.used_bytes()) + " used, " +
                   HumanBytes(heap.peak_used_bytes()) +
                   " at its peak, at most " +
                   HumanBytes(heap.account().limit_bytes())},
      {"outside", HumanBytes(heap.external().total_bytes()) +
                      " that objects own outside the heap"},
      {"allocated", HumanBytes(machine_->mutator.allocated_bytes())},
      {"minor", Collections(counts.of(CollectionKind::kMinor))},
      {"major", Collections(counts.of(CollectionKind::kMajor))},
  };
  Print(TextTable(rows));
}

// Completion.

std::vector<std::string> Repl::Completions(std::string_view line,
                                           std::string_view word) const {
  std::vector<std::string> found;
  const bool is_first = Trimmed(line) == word;
  if (is_first && text_.empty() && word.starts_with(':')) {
    for (const Command& command : kCommands) {
      if (command.name.starts_with(word)) found.emplace_back(command.name);
    }
    return found;
  }
  machine_->session->space().ForEachName([&](const lambda::Name* name) {
    if (name->text.starts_with(word)) found.emplace_back(name->text);
  });
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace fledge::tools
