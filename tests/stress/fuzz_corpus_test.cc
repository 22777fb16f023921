// What the fuzzer kept: inputs that reach far, and every one that once found a
// fault.

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/support/byte_choices.h"
#include "tests/support/fuzz_input.h"

namespace fledge {
namespace {

TEST(FuzzCorpusTest, EveryInputLosesNothing) {
  const std::filesystem::path corpus =
      std::filesystem::path(FLEDGE_SOURCE_DIR) / "tests" / "fuzz" / "corpus";
  int inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
    SCOPED_TRACE(entry.path().filename());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::vector<std::uint8_t> input{std::istreambuf_iterator<char>(file),
                                          {}};
    EXPECT_FALSE(input.empty());
    const auto difference = RunFuzzInput(input);
    EXPECT_FALSE(difference.has_value()) << *difference;
    ++inputs;
  }
  EXPECT_GT(inputs, 0);
}

TEST(ByteChoicesTest, TakesAsManyBytesAsTheChoiceHas) {
  const std::uint8_t bytes[] = {7, 1, 2, 250};
  ByteChoices choices(bytes);
  EXPECT_EQ(choices.Below(1), 0u);
  EXPECT_EQ(choices.Below(256), 7u);
  EXPECT_EQ(choices.Below(257), (256u + 2) % 257);
  EXPECT_FALSE(choices.exhausted());
  EXPECT_EQ(choices.Below(100), 50u);
  EXPECT_TRUE(choices.exhausted());
  EXPECT_EQ(choices.Below(100), 0u);
}

}  // namespace
}  // namespace fledge
