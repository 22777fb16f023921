// Instruction: a step of the interpreter, in 64 bits.
//
//    63        48 47        32 31        16 15         0
//   +------------+------------+------------+------------+
//   | c          | b          | a          | operation  |
//   +------------+------------+------------+------------+
//   | wide: 32 bits, signed   |
//   +-------------------------+
//
// Operands that are 32 bits wide take the place of b and c; a far target of an
// instruction that has no other operand is there too.
//
// Design: docs/design/lambda.md. Threads: plain data.
#pragma once

#include <cstdint>

#include "runtime/lambda/operation.h"

namespace fledge::lambda {

struct Instruction {
  // One word, so that the interpreter loads it once and keeps it in a register.
  std::uint64_t bits;

  static constexpr std::uint32_t kMostRegisters = 0xffff;

  static constexpr Instruction Make(Operation operation, std::uint32_t a = 0,
                                    std::uint32_t b = 0, std::uint32_t c = 0) {
    return {static_cast<std::uint64_t>(operation) |
            std::uint64_t{a & 0xffff} << 16 | std::uint64_t{b & 0xffff} << 32 |
            std::uint64_t{c & 0xffff} << 48};
  }
  static constexpr Instruction MakeWide(Operation operation, std::uint32_t a,
                                        std::int32_t wide) {
    const auto field = static_cast<std::uint32_t>(wide);
    return Make(operation, a, field & 0xffff, field >> 16);
  }

  constexpr Operation op() const {
    return static_cast<Operation>(bits & 0xffff);
  }
  constexpr std::uint16_t a() const { return Field(16); }
  constexpr std::uint16_t b() const { return Field(32); }
  constexpr std::uint16_t c() const { return Field(48); }
  constexpr std::int32_t wide() const {
    return static_cast<std::int32_t>(bits >> 32);
  }
  // The third operand, where it is a number with a sign.
  constexpr std::int16_t near() const { return static_cast<std::int16_t>(c()); }

 private:
  constexpr std::uint16_t Field(unsigned shift) const {
    return static_cast<std::uint16_t>(bits >> shift);
  }
};

static_assert(sizeof(Instruction) == 8);

}  // namespace fledge::lambda
