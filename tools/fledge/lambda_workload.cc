#include "tools/fledge/lambda_workload.h"

#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>

#include "tools/fledge/lambda_program.h"
#include "tools/fledge/units.h"

namespace fledge::tools {
namespace {

// Takes what is written to stdout, from construction until Take().
class CapturedOutput {
 public:
  CapturedOutput() : file_(std::tmpfile()) {
    if (file_ == nullptr) throw std::runtime_error("no temporary file");
    std::fflush(stdout);
    stdout_ = ::dup(STDOUT_FILENO);
    ::dup2(::fileno(file_), STDOUT_FILENO);
  }
  ~CapturedOutput() {
    Restore();
    std::fclose(file_);
  }
  CapturedOutput(const CapturedOutput&) = delete;
  CapturedOutput& operator=(const CapturedOutput&) = delete;

  std::string Take() {
    Restore();
    std::string text;
    char part[1 << 14];
    std::rewind(file_);
    while (const std::size_t count = std::fread(part, 1, sizeof part, file_))
      text.append(part, count);
    return text;
  }

 private:
  void Restore() {
    if (stdout_ < 0) return;
    std::fflush(stdout);
    ::dup2(stdout_, STDOUT_FILENO);
    ::close(stdout_);
    stdout_ = -1;
  }

  std::FILE* file_;
  int stdout_ = -1;
};

// FNV-1a, 64 bits.
std::uint64_t Checksum(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

std::string Summary(std::string text) {
  constexpr std::size_t kMostBytes = 200;
  while (text.ends_with('\n')) text.pop_back();
  if (text.size() <= kMostBytes && text.find('\n') == std::string::npos) {
    return text;
  }
  char checksum[20];
  std::snprintf(checksum, sizeof checksum, "%016llx",
                static_cast<unsigned long long>(Checksum(text)));
  return HumanCount(text.size()) + " bytes of output, checksum " + checksum;
}

class LambdaWorkload : public Workload {
 public:
  explicit LambdaWorkload(std::string_view path) { program_.path = path; }

  std::string_view name() const override { return program_.path; }
  std::string_view description() const override {
    return "a program in Lambda; its arguments come behind it";
  }
  std::vector<ArgumentRow> arguments() const override { return {}; }

  std::optional<std::string> Configure(std::span<const std::string> arguments,
                                       SizeClass) override {
    if (program_.path == "-") return "a program from stdin runs once (try run)";
    program_.arguments.assign(arguments.begin(), arguments.end());
    return WhyUnreadable(program_);
  }

  std::string Run(RunContext& context) override {
    CapturedOutput output;
    const int status = RunLambdaProgram(context.heap, context.mutator, program_,
                                        context.profiling);
    std::string result = Summary(output.Take());
    if (status != 0) result += " (exit status " + std::to_string(status) + ")";
    return result;
  }

 private:
  LambdaProgram program_;
};

}  // namespace

std::unique_ptr<Workload> MakeLambdaWorkload(std::string_view path) {
  return std::make_unique<LambdaWorkload>(path);
}

}  // namespace fledge::tools
