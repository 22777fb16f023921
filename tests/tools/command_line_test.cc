#include "tools/fledge/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace fledge::tools {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pointee;
using Words = std::vector<std::string>;

constexpr std::array<OptionSpec, 3> kOptions = {
    {{"--out", "DIR", "fledge-out", "where it goes"},
     {"--policy", "NAME", "gencopy", "which", true},
     {"--trace-gc", "", "", "prints"}}};

std::optional<std::string> Error(const Words& words) {
  CommandLine line;
  return CommandLine::Parse(words, kOptions, line);
}

CommandLine Parsed(const Words& words) {
  CommandLine line;
  EXPECT_EQ(CommandLine::Parse(words, kOptions, line), std::nullopt);
  return line;
}

TEST(CommandLineTest, AnOptionThatRepeatsHasAllItsValuesInOrder) {
  const CommandLine line = Parsed({"--policy", "b", "x", "--policy=a"});
  EXPECT_THAT(line.ValuesOf("--policy"), ElementsAre("b", "a"));
  EXPECT_THAT(line.operands(), ElementsAre("x"));
  EXPECT_THAT(Parsed({}).ValuesOf("--policy"), IsEmpty());
}

TEST(CommandLineTest, NoWordsAreALineWithNothing) {
  const CommandLine line = Parsed({});
  EXPECT_THAT(line.operands(), IsEmpty());
  EXPECT_EQ(line.ValueOf("--out"), nullptr);
  EXPECT_FALSE(line.Has("--trace-gc"));
  EXPECT_FALSE(line.help());
}

TEST(CommandLineTest, OptionsStandAnywhereAmongOperands) {
  const CommandLine line = Parsed({"lru", "--out", "x", "7", "--trace-gc"});
  EXPECT_THAT(line.operands(), ElementsAre("lru", "7"));
  EXPECT_THAT(line.ValueOf("--out"), Pointee(std::string("x")));
  EXPECT_TRUE(line.Has("--trace-gc"));
}

TEST(CommandLineTest, AValueMayFollowAnEqualsSign) {
  const CommandLine line = Parsed({"--out=a=b"});
  EXPECT_THAT(line.ValueOf("--out"), Pointee(std::string("a=b")));
}

TEST(CommandLineTest, WordsBehindTwoDashesAreOperands) {
  const CommandLine line = Parsed({"a", "--", "--out", "--", "-h"});
  EXPECT_THAT(line.operands(), ElementsAre("a", "--out", "--", "-h"));
  EXPECT_FALSE(line.help());
}

TEST(CommandLineTest, NegativeNumbersAndOneDashAreOperands) {
  EXPECT_THAT(Parsed({"-5", "-"}).operands(), ElementsAre("-5", "-"));
}

TEST(CommandLineTest, AFlagMayBeGivenTwice) {
  EXPECT_TRUE(Parsed({"--trace-gc", "--trace-gc"}).Has("--trace-gc"));
}

TEST(CommandLineTest, HelpExcusesEverythingElse) {
  EXPECT_TRUE(Parsed({"--help"}).help());
  const CommandLine line = Parsed({"--what", "lru", "--out", "-h"});
  EXPECT_THAT(line.operands(), ElementsAre("lru"));
  EXPECT_EQ(line.ValueOf("--out"), nullptr);
  EXPECT_TRUE(line.help());
}

TEST(CommandLineTest, AnUnknownOptionIsToldTheNearest) {
  EXPECT_EQ(Error({"--oud"}),
            "unknown option '--oud' (did you mean '--out'? known: --out, "
            "--policy, --trace-gc, --help)");
  EXPECT_EQ(Error({"-x=1"}),
            "unknown option '-x' (known: --out, --policy, --trace-gc, --help)");
}

TEST(CommandLineTest, AMissingValueIsToldAnExample) {
  const std::string expected = "--out: no DIR (try --out fledge-out)";
  EXPECT_EQ(Error({"--out"}), expected);
  EXPECT_EQ(Error({"--out="}), expected);
  EXPECT_EQ(Error({"--out", ""}), expected);
  EXPECT_EQ(Error({"--out", "--trace-gc"}), expected);
}

TEST(CommandLineTest, AFlagTakesNoValue) {
  EXPECT_EQ(Error({"--trace-gc=on"}),
            "--trace-gc: takes no value, not even 'on' (write --trace-gc)");
}

TEST(CommandLineTest, AnOptionWithTwoValuesIsRefused) {
  EXPECT_EQ(Error({"--out", "a", "--out=b"}),
            "--out: given twice (keep one of 'a' and 'b')");
}

TEST(CommandLineTest, TheFirstErrorIsTheOneReported) {
  EXPECT_EQ(Error({"--out", "", "--nope"}),
            "--out: no DIR (try --out fledge-out)");
}

}  // namespace
}  // namespace fledge::tools
