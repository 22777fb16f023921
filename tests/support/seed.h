// TestSeed: where the random numbers of a test begin.
//
// Fixed unless FLEDGE_TEST_SEED says otherwise, so that a test run twice does
// the same twice, and a run with another seed is one variable away. Random
// tests print their seed when they fail: SCOPED_TRACE is enough.
#pragma once

#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include "allocator/base/check.h"

namespace fledge {

inline constexpr std::uint64_t kDefaultTestSeed = 20'260'101;

// The seed: a decimal number from the environment's FLEDGE_TEST_SEED, or the
// default. Text that is no such number stops the test: a run with another
// seed than the one asked for would be worse.
inline std::uint64_t TestSeed() {
  const char* text = std::getenv("FLEDGE_TEST_SEED");
  if (text == nullptr || *text == '\0') return kDefaultTestSeed;
  char* end = nullptr;
  errno = 0;
  const std::uint64_t seed = std::strtoull(text, &end, 10);
  FLEDGE_CHECK(*text >= '0' && *text <= '9' && *end == '\0' && errno == 0,
               "FLEDGE_TEST_SEED is not a number of 64 bits");
  return seed;
}

}  // namespace fledge
