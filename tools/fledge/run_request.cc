#include "tools/fledge/run_request.h"

#include <cstdlib>
#include <utility>

#include "gc/option_text.h"
#include "tools/fledge/lambda_program.h"
#include "tools/fledge/lambda_workload.h"
#include "tools/fledge/text_table.h"

namespace fledge::tools {
namespace {

std::vector<std::string> WorkloadNames() {
  std::vector<std::string> names;
  for (const auto& workload : MakeWorkloads()) {
    names.emplace_back(workload->name());
  }
  return names;
}

std::string Bracketed(std::string_view name) {
  return " [" + std::string(name) + "]";
}

std::string ArgumentTable(const Workload& workload) {
  std::vector<std::vector<std::string>> rows = {
      {"ARGUMENT", "DEFAULT", "IN STRESS", "MEANING"}};
  for (const ArgumentRow& row : workload.arguments()) {
    rows.push_back({std::string(row.name), std::string(row.usual),
                    std::string(row.stress), std::string(row.meaning)});
  }
  return TextTable(rows);
}

}  // namespace

std::string RunRequest::Title() const {
  std::string title(workload->name());
  for (const std::string& argument : arguments) title += " " + argument;
  return title;
}

std::vector<OptionSpec> RunCommand::options() const {
  std::vector<OptionSpec> all = own_options;
  all.push_back({"--gc", "KEY=VALUE,...", "nursery=16M",
                 "sets up the heap (see fledge options); wins over the "
                 "environment's FLEDGE_GC"});
  all.push_back({"--trace-gc", "", "", "prints a line a collection to stderr"});
  all.push_back({"--json", "FILE", "summary.json",
                 "writes the run's figures there as well"});
  return all;
}

std::optional<std::string> TakeRunRequest(const RunCommand& command,
                                          const CommandLine& line,
                                          RunRequest& request) {
  const std::string where = std::string(command.name) + ": ";
  if (line.operands().empty()) {
    return where + "no workload (try fledge " + std::string(command.name) +
           " binary-trees; fledge workloads lists all)";
  }
  request.workload = WorkloadNamed(line.operands().front());
  if (request.workload == nullptr) {
    return where + UnknownWorkload(line.operands().front());
  }
  const auto take = IsLambdaProgram(line.operands().front())
                        ? TakeProgramGcSettings
                        : TakeGcSettings;
  auto error = take(std::getenv("FLEDGE_GC"), line.ValueOf("--gc"), request.gc);
  if (error) return error;
  if (line.Has("--trace-gc")) request.trace = GcTrace::kOn;
  request.given.assign(line.operands().begin() + 1, line.operands().end());
  error = request.workload->Configure(request.given, command.size_class);
  if (error) return std::string(request.workload->name()) + ": " + *error;

  request.arguments = request.given;
  const auto rows = request.workload->arguments();
  for (std::size_t i = request.given.size(); i < rows.size(); ++i) {
    request.arguments.emplace_back(command.size_class == SizeClass::kStress
                                       ? rows[i].stress
                                       : rows[i].usual);
  }
  return std::nullopt;
}

ExitStatus PrintRunHelp(const RunCommand& command, const CommandLine& line) {
  const std::string start = "usage: fledge " + std::string(command.name) + " ";
  std::string text;
  if (line.operands().empty()) {
    text = start + "WORKLOAD [ARGUMENTS] [OPTIONS]\n\n" +
           std::string(command.meaning) + "\n\nWorkloads (see also fledge " +
           std::string(command.name) + " WORKLOAD --help):\n" + WorkloadTable();
  } else {
    const std::string& name = line.operands().front();
    const auto workload = WorkloadNamed(name);
    if (workload == nullptr) {
      return BadInput(std::string(command.name) + ": " + UnknownWorkload(name));
    }
    text = start + name;
    for (const ArgumentRow& row : workload->arguments()) {
      text += Bracketed(row.name);
    }
    text += " [OPTIONS]\n\n" + std::string(workload->description()) + "\n";
    if (!workload->arguments().empty()) {
      text += "\nArguments, in this order:\n" + ArgumentTable(*workload);
    }
  }
  Print(text + "\nOptions:\n" + OptionTable(command.options()));
  return ExitStatus::kOk;
}

std::string WorkloadTable() {
  std::vector<std::vector<std::string>> rows;
  for (const auto& workload : MakeWorkloads()) {
    std::string call(workload->name());
    for (const ArgumentRow& row : workload->arguments()) {
      call += Bracketed(row.name);
    }
    rows.push_back({call, std::string(workload->description())});
  }
  return TextTable(rows);
}

std::unique_ptr<Workload> WorkloadNamed(std::string_view name) {
  if (IsLambdaProgram(std::string(name))) return MakeLambdaWorkload(name);
  for (auto& workload : MakeWorkloads()) {
    if (workload->name() == name) return std::move(workload);
  }
  return nullptr;
}

std::string UnknownWorkload(std::string_view name) {
  const auto names = WorkloadNames();
  const std::vector<std::string_view> views(names.begin(), names.end());
  return "unknown workload " + gc::Quote(name) + " " +
         gc::KnownNames(name, views);
}

}  // namespace fledge::tools
