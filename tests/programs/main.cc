// fledge_random_programs: random programs for as long as one likes.
//
// Takes every policy, object model and setting in turn, a round of operations
// at a time, each with a seed of its own, and stops at the first difference
// between a heap and its shadow. The property test of CI,
// tests/stress/random_program_test.cc, does the same for a minute.
//
// Docs: docs/design/testing.md.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "gc/heap_options.h"
#include "gc/option_text.h"
#include "tests/support/fake_models.h"
#include "tests/support/fake_programs.h"
#include "tests/support/model_traits.h"
#include "tests/support/program_settings.h"
#include "tests/support/seed.h"
#include "tools/fledge/command_line.h"

namespace fledge {
namespace {

using tools::CommandLine;
using tools::OptionSpec;

constexpr const char* kProgram = "fledge_random_programs";

constexpr OptionSpec kOptions[] = {
    {"--operations", "N", "100000000", "how many, in all; 1000000"},
    {"--policy", "NAME", "genimmix", "one policy; all four in turn"},
    {"--model", "NAME", "Plain", "one object model; all three in turn"},
    {"--setting", "NAME", "tight", "one setting; all in turn"},
    {"--seed", "S", "1", "of the first round; FLEDGE_TEST_SEED or a fixed one"},
    {"--round", "N", "50000", "operations of one program; 50000"},
    {"--jobs", "N", "2", "programs at a time, each with a heap; 1"},
};

struct Model {
  std::string_view name;
  std::optional<std::string> (*run)(const ProgramSetting&, gc::Policy,
                                    RandomProgramOptions, std::uint64_t&);
};
template <typename M>
constexpr Model ModelOf() {
  return {ModelTraits<M>::kName, &RunProgram<M>};
}
constexpr Model kModels[] = {ModelOf<PlainModel>(), ModelOf<OcamlLikeModel>(),
                             ModelOf<CompressedModel>()};

struct Combination {
  gc::Policy policy;
  const Model* model;
  const ProgramSetting* setting;
};

struct Request {
  std::uint64_t operations = 1'000'000;
  std::uint64_t seed = 0;
  std::uint64_t round_operations = 50'000;
  std::uint64_t jobs = 1;
  std::vector<Combination> combinations;
};

// Prints what was wrong and what would be right.
int BadInput(const std::string& message) {
  std::fprintf(stderr, "%s: %s\n", kProgram, message.c_str());
  return 2;
}

void PrintHelp() {
  std::printf(
      "Usage: %s [OPTION]...\n\n"
      "Runs random programs of heap operations, each also done on a "
      "plain graph, and\ncompares. Exits with 1 at the first "
      "difference.\n\n",
      kProgram);
  for (const OptionSpec& option : kOptions) {
    std::printf("  %-12s %-5s %s\n", std::string(option.name).c_str(),
                std::string(option.value).c_str(),
                std::string(option.meaning).c_str());
  }
  std::printf("\nModels:");
  for (const Model& model : kModels) {
    std::printf(" %s", std::string(model.name).c_str());
  }
  std::printf("\nSettings:\n");
  for (const ProgramSetting& setting : kProgramSettings) {
    std::printf("  %-10s %s\n", setting.name, setting.meaning);
  }
}

std::optional<std::string> TakeNumber(const CommandLine& line,
                                      const char* option, std::uint64_t least,
                                      std::uint64_t& number) {
  const std::string* text = line.ValueOf(option);
  if (text == nullptr) return std::nullopt;
  if (gc::ParseNumber(*text, number) != gc::NumberFault::kNone ||
      number < least) {
    return std::string(option) + ": " + gc::Quote(*text) +
           " is not a number from " + std::to_string(least);
  }
  return std::nullopt;
}

// Whether `name` is the one that `option` asks for, if it asks for one.
bool IsWanted(const CommandLine& line, const char* option,
              std::string_view name) {
  const std::string* wanted = line.ValueOf(option);
  return wanted == nullptr || *wanted == name;
}

template <typename Range, typename Name>
std::optional<std::string> CheckName(const CommandLine& line,
                                     const char* option, const Range& range,
                                     Name&& name_of) {
  std::vector<std::string_view> names;
  for (const auto& element : range) {
    names.push_back(name_of(element));
    if (IsWanted(line, option, names.back())) return std::nullopt;
  }
  const std::string& text = *line.ValueOf(option);
  return std::string(option) + ": " + gc::Quote(text) + " is none " +
         gc::KnownNames(text, names);
}

std::optional<std::string> TakeRequest(const CommandLine& line,
                                       Request& request) {
  if (!line.operands().empty()) {
    return gc::Quote(line.operands()[0]) + " is no option (try --help)";
  }
  request.seed = TestSeed();
  std::optional<std::string> wrong;
  const auto model_name = [](const Model& model) { return model.name; };
  const auto setting_name = [](const ProgramSetting& setting) {
    return std::string_view(setting.name);
  };
  const auto policy_name = [](gc::Policy policy) { return NameOf(policy); };
  if ((wrong = TakeNumber(line, "--operations", 1, request.operations)) ||
      (wrong = TakeNumber(line, "--seed", 0, request.seed)) ||
      (wrong = TakeNumber(line, "--round", 1, request.round_operations)) ||
      (wrong = TakeNumber(line, "--jobs", 1, request.jobs)) ||
      (wrong = CheckName(line, "--policy", kPolicies, policy_name)) ||
      (wrong = CheckName(line, "--model", kModels, model_name)) ||
      (wrong = CheckName(line, "--setting", kProgramSettings, setting_name))) {
    return wrong;
  }
  for (const ProgramSetting& setting : kProgramSettings) {
    if (!IsWanted(line, "--setting", setting.name)) continue;
    for (const Model& model : kModels) {
      if (!IsWanted(line, "--model", model.name)) continue;
      for (const gc::Policy policy : kPolicies) {
        if (!IsWanted(line, "--policy", NameOf(policy))) continue;
        request.combinations.push_back({policy, &model, &setting});
      }
    }
  }
  return std::nullopt;
}

// Rounds, shared by the jobs. Round i has the seed of the request plus i, so
// that one of them is repeated alone.
class Rounds {
 public:
  explicit Rounds(const Request& request)
      : request_(request), sums_(request.combinations.size()) {}

  // Runs rounds until enough was done or something is wrong.
  void Work() {
    while (operations_ < request_.operations && !failed_) RunRound();
  }

  bool failed() const { return failed_; }
  std::uint64_t operations() const { return operations_; }
  std::uint64_t programs() const { return programs_; }
  double seconds() const {
    const std::chrono::duration<double> passed =
        std::chrono::steady_clock::now() - start_;
    return passed.count();
  }
  double rate() const {
    return static_cast<double>(operations()) / std::max(seconds(), 1e-6);
  }

  // A line for each policy and each setting.
  void PrintSums() const {
    for (const gc::Policy policy : kPolicies) {
      PrintSum(NameOf(policy), [&](const Combination& combination) {
        return combination.policy == policy;
      });
    }
    for (const ProgramSetting& setting : kProgramSettings) {
      PrintSum(setting.name, [&](const Combination& combination) {
        return combination.setting == &setting;
      });
    }
  }

 private:
  struct Sum {
    std::uint64_t operations = 0;
    double seconds = 0;
  };

  void RunRound() {
    const std::uint64_t round = next_round_++;
    const std::size_t index = round % request_.combinations.size();
    const Combination& combination = request_.combinations[index];
    const std::string name =
        std::string(kProgram) + " --policy " +
        std::string(NameOf(combination.policy)) + " --model " +
        std::string(combination.model->name) + " --setting " +
        combination.setting->name + " --round " +
        std::to_string(request_.round_operations) + " --operations 1";
    RandomProgramOptions options;
    options.name = name.c_str();
    options.seed = request_.seed + round;
    options.operations = request_.round_operations;

    const double begin = seconds();
    std::uint64_t operations = 0;
    const auto difference = combination.model->run(
        *combination.setting, combination.policy, options, operations);
    const std::lock_guard lock(mutex_);
    operations_ += operations;
    ++programs_;
    sums_[index].operations += operations;
    sums_[index].seconds += seconds() - begin;
    if (!difference.has_value()) return;
    failed_ = true;
    std::fprintf(stderr, "%s\n", difference->c_str());
  }

  template <typename Predicate>
  void PrintSum(std::string_view name, Predicate&& belongs) const {
    Sum sum;
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      if (!belongs(request_.combinations[i])) continue;
      sum.operations += sums_[i].operations;
      sum.seconds += sums_[i].seconds;
    }
    if (sum.operations == 0) return;
    std::printf("%-12s %12" PRIu64 " operations %9.0f a second\n",
                std::string(name).c_str(), sum.operations,
                static_cast<double>(sum.operations) / sum.seconds);
  }

  const Request& request_;
  const std::chrono::steady_clock::time_point start_ =
      std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> next_round_{0};
  std::atomic<std::uint64_t> operations_{0};
  std::atomic<std::uint64_t> programs_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::vector<Sum> sums_;  // By combination.
};

int Main(std::span<const std::string> words) {
  CommandLine line;
  if (const auto wrong = CommandLine::Parse(words, kOptions, line)) {
    return BadInput(*wrong);
  }
  if (line.help()) {
    PrintHelp();
    return 0;
  }
  Request request;
  if (const auto wrong = TakeRequest(line, request)) return BadInput(*wrong);

  std::printf("seed %" PRIu64 ", %zu combinations\n", request.seed,
              request.combinations.size());
  std::fflush(stdout);
  Rounds rounds(request);
  std::atomic<std::uint64_t> working{request.jobs};
  std::vector<std::thread> jobs;
  for (std::uint64_t i = 0; i < request.jobs; ++i) {
    jobs.emplace_back([&] {
      rounds.Work();
      --working;
    });
  }
  constexpr int kNotesPerSecond = 10;
  for (int i = 1; working != 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1000) /
                                kNotesPerSecond);
    if (i % (10 * kNotesPerSecond) != 0) continue;
    std::fprintf(stderr,
                 "%" PRIu64 " of %" PRIu64 " operations, %.0f a second\n",
                 rounds.operations(), request.operations, rounds.rate());
  }
  for (std::thread& job : jobs) job.join();
  rounds.PrintSums();
  std::printf("%-12s %12" PRIu64 " operations %9.0f a second, %" PRIu64
              " programs, %s\n",
              "all", rounds.operations(), rounds.rate(), rounds.programs(),
              rounds.failed() ? "a difference" : "no difference");
  return rounds.failed() ? 1 : 0;
}

}  // namespace
}  // namespace fledge

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  return fledge::Main(words);
}
