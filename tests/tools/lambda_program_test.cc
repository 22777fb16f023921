#include "tools/fledge/lambda_program.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "gc/option_text.h"
#include "tools/fledge/command_line.h"
#include "tools/fledge/run_request.h"

namespace fledge::tools {
namespace {

constexpr std::int64_t kMs = 1'000'000;

std::int64_t PauseTarget(const char* environment, const char* flag) {
  GcSettings settings;
  const std::string text = flag == nullptr ? "" : flag;
  EXPECT_EQ(TakeProgramGcSettings(environment,
                                  flag == nullptr ? nullptr : &text, settings),
            std::nullopt);
  return settings.options.pause_target_ns;
}

TEST(LambdaProgramTest, PausesMayBeLongUnlessTheyAreSaidNotTo) {
  EXPECT_EQ(PauseTarget(nullptr, nullptr), 20 * kMs);
  EXPECT_EQ(PauseTarget("tenuring=3", "nursery=1M"), 20 * kMs);
  EXPECT_EQ(PauseTarget(nullptr, "pause-target=3ms"), 3 * kMs);
  EXPECT_EQ(PauseTarget("pause-target=4ms", nullptr), 4 * kMs);
  EXPECT_EQ(PauseTarget("pause-target=4ms", "pause-target=3ms"), 3 * kMs);
}

TEST(LambdaProgramTest, WhatIsImpliedIsInTheReport) {
  GcSettings settings;
  const std::string flag = "nursery=1M";
  ASSERT_EQ(TakeProgramGcSettings(nullptr, &flag, settings), std::nullopt);
  EXPECT_EQ(settings.text, "nursery=1M,pause-target=20ms");
  gc::HeapOptions again;
  ASSERT_FALSE(gc::ParseHeapOptions(settings.text, again));
  EXPECT_EQ(again.pause_target_ns, 20 * kMs);
}

// `fledge profile` and `fledge compare` run a program as `fledge run` does.
TEST(LambdaProgramTest, ACommandThatRunsOneTakesItsSettings) {
  const std::string file = testing::TempDir() + "/lambda_program_test.scm";
  std::ofstream(file) << "1\n";
  const auto target_of = [](const std::string& name) {
    CommandLine line;
    const RunCommand command = {"profile", "", SizeClass::kUsual, {}};
    EXPECT_EQ(CommandLine::Parse(std::vector{name}, command.options(), line),
              std::nullopt);
    RunRequest request;
    EXPECT_EQ(TakeRunRequest(command, line, request), std::nullopt);
    return request.gc.options.pause_target_ns;
  };
  EXPECT_EQ(target_of(file), 20 * kMs);
  EXPECT_EQ(target_of("lru"), gc::HeapOptions().pause_target_ns);
}

TEST(LambdaProgramTest, WhoMarksInStepsWantsShortPauses) {
  const std::int64_t usual_ns = gc::HeapOptions().pause_target_ns;
  EXPECT_EQ(PauseTarget(nullptr, "marking=steps"), usual_ns);
  EXPECT_EQ(PauseTarget("marking=steps", "pause-target=20ms"), 20 * kMs);
}

TEST(LambdaProgramTest, WhatIsWrongIsTold) {
  GcSettings settings;
  const std::string flag = "pause-target=0ms";
  const auto error = TakeProgramGcSettings(nullptr, &flag, settings);
  ASSERT_TRUE(error.has_value());
  EXPECT_NE(error->find("more than zero"), std::string::npos) << *error;
}

}  // namespace
}  // namespace fledge::tools
