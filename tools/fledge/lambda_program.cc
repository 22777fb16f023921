#include "tools/fledge/lambda_program.h"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "runtime/lambda/allocation_profile.h"
#include "runtime/lambda/error_report.h"
#include "runtime/lambda/live_types.h"
#include "runtime/lambda/session.h"
#include "runtime/lambda/vm.h"
#include "tools/fledge/console.h"
#include "tools/fledge/exhaustion.h"

namespace fledge::tools {

using runtime::Value;

namespace {

// Where a program's own libraries are: beside it.
std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// After what the program has written.
void Report(lambda::Vm& vm, const std::string& text) {
  vm.ports().FlushAll();
  std::fputs(text.c_str(), stderr);
}

int RunIn(lambda::Session& session, lambda::Vm& vm,
          const LambdaProgram& program) {
  const bool is_stdin = program.path == "-";
  const auto text =
      session.sources().AddFile(is_stdin ? "/dev/stdin" : program.path);
  if (!text.has_value()) {
    PrintError("cannot read " + QuotePath(program.path) + ": " +
               std::strerror(errno));
    return 1;
  }
  try {
    if (!session.RunProgram(*text).IsEmpty()) return 0;
    const Value raised = vm.TakeRaised();
    if (vm.exit_status().has_value()) return *vm.exit_status();
    Report(vm, lambda::ErrorReport(session.sources(), vm, raised));
  } catch (const lambda::SyntaxError& error) {
    Report(vm, lambda::ErrorReport(session.sources(), error));
  }
  return 1;
}

}  // namespace

std::optional<std::string> TakeProgramGcSettings(const char* environment,
                                                 const std::string* flag,
                                                 GcSettings& settings) {
  constexpr std::int64_t kUnset = 0;  // No target that can be set.
  gc::HeapOptions& options = settings.options;
  const std::int64_t usual_ns = std::exchange(options.pause_target_ns, kUnset);
  if (auto error = TakeGcSettings(environment, flag, settings)) return error;
  if (options.pause_target_ns != kUnset) return std::nullopt;
  if (options.marking == gc::Marking::kInSteps) {
    options.pause_target_ns = usual_ns;
    return std::nullopt;
  }
  // As if it were given, so that reports say it.
  const std::string implied = "pause-target=20ms";
  return TakeGcSettings(nullptr, &implied, settings);
}

bool IsLambdaProgram(const std::string& word) {
  if (word == "-") return true;
  for (const std::string_view end : {".scm", ".lisp", ".sps", ".ss"}) {
    if (word.ends_with(end)) return true;
  }
  return word.find('/') != std::string::npos;
}

std::optional<std::string> WhyUnreadable(const LambdaProgram& program) {
  if (program.path == "-") return {};
  std::error_code error;
  if (std::filesystem::is_directory(program.path, error)) {
    return QuotePath(program.path) + " is a folder, not a program";
  }
  std::FILE* const file = std::fopen(program.path.c_str(), "rb");
  if (file == nullptr) {
    return "cannot read " + QuotePath(program.path) + ": " +
           std::strerror(errno);
  }
  std::fclose(file);
  return {};
}

int RunLambdaProgram(runtime::Heap& heap, runtime::Mutator& mutator,
                     const LambdaProgram& program, MemoryProfiling* profiling) {
  lambda::Vm vm(heap, mutator, {.on_exhaustion = EndOutOfMemory});
  vm.command_line().push_back(program.path);
  vm.command_line().insert(vm.command_line().end(), program.arguments.begin(),
                           program.arguments.end());
  std::optional<lambda::AllocationProfile> samples;
  if (profiling != nullptr) samples.emplace(vm, profiling->sampling);
  lambda::Session session(vm, {.library_folders = {FolderOf(program.path)}});
  if (samples.has_value()) samples->SetSources(session.sources());
  const int status = RunIn(session, vm, program);
  if (samples.has_value()) {
    samples->End();
    profiling->end_run();
    profiling->profile =
        MakeMemoryProfile(*samples, session.sources(),
                          lambda::LiveTypes(vm.heap(), vm.mutator()));
  }
  return status;
}

}  // namespace fledge::tools
