// Readers of stack maps get any bytes: good maps with some of their bytes
// changed, cut, repeated. A short form of tests/fuzz/stack_map_fuzzer.cc.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "runtime/llvm_stack_map.h"
#include "tests/runtime/stack_map_inputs.h"
#include "tests/support/sanitizers.h"
#include "tests/support/seed.h"

namespace fledge::runtime {
namespace {

using Bytes = std::vector<std::byte>;

TEST(StackMapBytesTest, GoodMapsAreRead) {
  const auto inputs = GoodStackMapInputs();
  ASSERT_EQ(inputs.size(), static_cast<std::size_t>(StackMapReader::kCount));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(inputs[i][0]), i);
    EXPECT_FALSE(RunStackMapInput(inputs[i]));
    const std::span<const std::byte> bytes = std::span(inputs[i]).subspan(1);
    StackMap map;
    const auto error = i == 0   ? ReadLlvmStackMaps(bytes, map)
                       : i == 1 ? ReadLlvmStackMapsOfElf(bytes, 0, map)
                                : ReadCompactStackMap(bytes, 0, map);
    EXPECT_FALSE(error) << error->message;
    EXPECT_GE(map.sites().size(), 3u);
  }
}

TEST(StackMapBytesTest, ChangedMapsAreMapsOrErrors) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  const auto inputs = GoodStackMapInputs();
  constexpr std::byte kTelling[] = {std::byte{0}, std::byte{1}, std::byte{0x7f},
                                    std::byte{0x80}, std::byte{0xff}};
  for (std::uint64_t i = 0; i < Repetitions(100'000); ++i) {
    Bytes input = inputs[random() % inputs.size()];
    for (std::uint64_t changes = 1 + random() % 4; changes-- > 0;) {
      const std::size_t at = random() % input.size();
      const auto where = input.begin() + static_cast<std::ptrdiff_t>(at);
      switch (random() % 5) {
        case 0:
          *where = static_cast<std::byte>(random());
          break;
        case 1:
          *where = kTelling[random() % std::size(kTelling)];
          break;
        case 2:
          *where ^= std::byte{1} << (random() % 8);
          break;
        case 3:
          input.insert(where, 1 + random() % 9, *where);
          break;
        default:
          if (random() % 8 == 0 && at > 0) input.resize(at);
          break;
      }
    }
    input.shrink_to_fit();
    const auto fault = RunStackMapInput(input);
    ASSERT_FALSE(fault) << *fault << ", repetition " << i;
  }
}

}  // namespace
}  // namespace fledge::runtime
