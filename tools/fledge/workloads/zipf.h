// Zipf: ranks by Zipf's law with the exponent 1: the second is half as frequent
// as the first, the third a third.
//
// Without a table and without floating point, so that the ranks are the same on
// every machine. All ranks from 2^j to 2^(j+1) - 1 together are about as
// frequent for each j: an octave is chosen, then a rank of it, and rank r is
// taken with the probability 2^j / r, so that each is drawn with
//
//   1/octaves * 1/2^j * 2^j/r  =  1 / (octaves * r).
//
// Half of the draws are taken at the least.
//
// Source: the rejection method of J. von Neumann, in L. Devroye, Non-Uniform
// Random Variate Generation, section II.3; the law is G. K. Zipf's. Threads:
// one.
#pragma once

#include <bit>
#include <cstdint>

#include "allocator/base/check.h"
#include "tools/fledge/workloads/xorshift.h"

namespace fledge::tools {

class Zipf {
 public:
  // REQUIRES: 0 < ranks < 2^31.
  explicit Zipf(std::uint32_t ranks) : ranks_(ranks) {
    FLEDGE_CHECK(ranks > 0 && ranks >> 31 == 0);
  }

  // 1 to `ranks`. O(1) expected.
  std::uint32_t Next(Xorshift& random) const {
    const auto octaves = static_cast<std::uint32_t>(std::bit_width(ranks_));
    for (;;) {
      const std::uint32_t first = std::uint32_t{1} << random.Below(octaves);
      const std::uint32_t rank = first + random.Below(first);
      if (rank <= ranks_ && random.Below(rank) < first) return rank;
    }
  }

 private:
  const std::uint32_t ranks_;
};

}  // namespace fledge::tools
