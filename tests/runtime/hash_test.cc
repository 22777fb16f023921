#include "runtime/hash.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>
#include <string>

namespace fledge::runtime {
namespace {

TEST(HashTest, DependsOnNothingButTheContents) {
  // Fixed, so that the order of tables is the same in every run and build.
  EXPECT_EQ(HashWord(1), 0xb456'bcfc'34c2'cb2cu);
  EXPECT_EQ(HashText("car"), HashText(std::string("car")));
}

TEST(HashTest, OneBitOfAWordChangesManyOfTheHash) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    const std::uint64_t word = std::uint64_t{1} << bit;
    EXPECT_GT(std::popcount(HashWord(word) ^ HashWord(0)), 12) << bit;
  }
}

TEST(HashTest, TextsThatDifferInAByteOrLengthDiffer) {
  std::set<std::uint64_t> hashes;
  std::string text;
  for (std::size_t length = 0; length < 40; ++length, text += '\0') {
    hashes.insert(HashText(text));
    for (std::size_t i = 0; i < length; ++i) {
      text[i] = 'x';
      hashes.insert(HashText(text));
      text[i] = '\0';
    }
  }
  EXPECT_EQ(hashes.size(), 40u + 39u * 40u / 2);
}

TEST(HashTest, LowBitsOfConsecutiveWordsSpread) {
  std::set<std::uint64_t> low;
  for (std::uint64_t word = 0; word < 256; ++word) {
    low.insert(HashWord(word << 1 | 1) % 256);
  }
  EXPECT_GT(low.size(), 128u);  // 162 are expected of random bits.
}

}  // namespace
}  // namespace fledge::runtime
