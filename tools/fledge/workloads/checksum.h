// Checksum: one number from the values that a workload met, in their order.
//
// Workloads print it as their result: a lost, torn or stale object changes it.
//
// Source: the FNV-1a hash (Fowler, Noll, Vo), by words instead of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

namespace fledge::tools {

// 16 hexadecimal digits.
inline std::string HexText(std::uint64_t word) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx",
                static_cast<unsigned long long>(word));
  return digits;
}

class Checksum {
 public:
  void Add(std::uint64_t word) {
    value_ = (value_ ^ word) * 0x0000'0100'0000'01b3;
    value_ ^= value_ >> 32;  // Else high bits would never reach low ones.
  }

  std::uint64_t value() const { return value_; }

  std::string Text() const { return HexText(value_); }

 private:
  std::uint64_t value_ = 0xcbf2'9ce4'8422'2325;
};

}  // namespace fledge::tools
