#include "tools/fledge/workloads/arguments.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fledge::tools {
namespace {

constexpr std::uint64_t kFirst = 3;
constexpr std::uint64_t kLast = 90;

// Takes a number and a text.
class Taker final : public Workload {
 public:
  std::string_view name() const override { return "taker"; }
  std::string_view description() const override { return "takes arguments"; }
  std::vector<ArgumentRow> arguments() const override {
    return {{"COUNT", "50", "5", "a count"}, {"FILE", "usual", "small", ""}};
  }
  std::optional<std::string> Configure(std::span<const std::string> arguments,
                                       SizeClass size_class) override {
    ArgumentReader reader(*this, arguments, size_class);
    count = reader.Number(kFirst, kLast);
    file = reader.Text();
    return reader.Finish();
  }
  std::string Run(RunContext&) override { return ""; }

  std::uint64_t count = 0;
  std::string file;
};

class ArgumentsTest : public ::testing::Test {
 protected:
  // What is wrong with `arguments`, or "".
  std::string Take(const std::vector<std::string>& arguments,
                   SizeClass size_class = SizeClass::kUsual) {
    return taker_.Configure(arguments, size_class).value_or("");
  }

  Taker taker_;
};

TEST_F(ArgumentsTest, WhatIsMissingIsAsTheSizeClassSays) {
  EXPECT_EQ(Take({}), "");
  EXPECT_EQ(taker_.count, 50u);
  EXPECT_EQ(taker_.file, "usual");
  EXPECT_EQ(Take({}, SizeClass::kStress), "");
  EXPECT_EQ(taker_.count, 5u);
  EXPECT_EQ(taker_.file, "small");
}

TEST_F(ArgumentsTest, WhatIsGivenCountsInAnySizeClass) {
  EXPECT_EQ(Take({"7", "mine"}, SizeClass::kStress), "");
  EXPECT_EQ(taker_.count, 7u);
  EXPECT_EQ(taker_.file, "mine");
}

TEST_F(ArgumentsTest, BothEndsOfARangeAreInIt) {
  EXPECT_EQ(Take({std::to_string(kFirst)}), "");
  EXPECT_EQ(taker_.count, kFirst);
  EXPECT_EQ(Take({std::to_string(kLast)}), "");
  EXPECT_EQ(taker_.count, kLast);
}

TEST_F(ArgumentsTest, AMessageSaysWhatWouldBeRight) {
  for (const std::string text : {"2", "91", "abc", "", "-5", "+5", "5x", " 5",
                                 "0x5", "5.0", "18446744073709551621"}) {
    EXPECT_EQ(Take({text}),
              "COUNT: '" + text + "' is not a number from 3 to 90");
  }
}

TEST_F(ArgumentsTest, TooManyAreRefusedWithTheFirstThatIsTooMany) {
  EXPECT_EQ(Take({"5", "x", "y", "z"}),
            "'y' is too many: the arguments are COUNT FILE");
}

TEST_F(ArgumentsTest, TheFirstErrorIsReported) {
  EXPECT_EQ(Take({"no", "x", "y"}), "COUNT: 'no' is not a number from 3 to 90");
}

}  // namespace
}  // namespace fledge::tools
