// RunFuzzInput: the random program that some bytes say.
//
// The first choices are an object model, a policy and a setting, the others
// what the program does. The fuzzer and the replay of its findings use it.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>

#include "gc/heap_options.h"
#include "tests/support/byte_choices.h"
#include "tests/support/fake_models.h"
#include "tests/support/program_settings.h"
#include "tests/support/random_program.h"

namespace fledge {

// The difference between heap and shadow, or nothing.
inline std::optional<std::string> RunFuzzInput(
    std::span<const std::uint8_t> input) {
  using Run = std::optional<std::string> (*)(const ProgramSetting&, gc::Policy,
                                             RandomProgramOptions, ByteChoices,
                                             std::uint64_t&);
  constexpr std::array<Run, 3> kRuns = {
      &RunProgram<PlainModel, ByteChoices>,
      &RunProgram<OcamlLikeModel, ByteChoices>,
      &RunProgram<CompressedModel, ByteChoices>};

  ByteChoices choices(input);
  const Run run = choices.Pick(kRuns);
  const gc::Policy policy = choices.Pick(kPolicies);
  const ProgramSetting& setting = choices.Pick(kProgramSettings);
  RandomProgramOptions options;
  options.name = "a fuzzer's input";
  options.seed = choices.Below(256);  // Of stress.
  options.operations = std::numeric_limits<std::uint64_t>::max();
  options.one_in_compares = 40;
  options.one_in_collects = 40;
  std::uint64_t operations = 0;
  return run(setting, policy, options, choices, operations);
}

}  // namespace fledge
