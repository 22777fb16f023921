#include "tools/fledge/lambda_program.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

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
