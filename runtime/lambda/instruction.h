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
  std::uint16_t operation;
  std::uint16_t a = 0;
  std::uint16_t b = 0;
  std::uint16_t c = 0;

  static constexpr std::uint32_t kMostRegisters = 0xffff;

  static constexpr Instruction Make(Operation operation, std::uint32_t a = 0,
                                    std::uint32_t b = 0, std::uint32_t c = 0) {
    return {static_cast<std::uint16_t>(operation),
            static_cast<std::uint16_t>(a), static_cast<std::uint16_t>(b),
            static_cast<std::uint16_t>(c)};
  }
  static constexpr Instruction MakeWide(Operation operation, std::uint32_t a,
                                        std::int32_t wide) {
    const auto bits = static_cast<std::uint32_t>(wide);
    return Make(operation, a, bits & 0xffff, bits >> 16);
  }

  constexpr std::int32_t wide() const {
    return static_cast<std::int32_t>(std::uint32_t{b} | std::uint32_t{c} << 16);
  }
  constexpr std::int16_t near() const { return static_cast<std::int16_t>(c); }
  constexpr Operation op() const { return static_cast<Operation>(operation); }
};

static_assert(sizeof(Instruction) == 8);

}  // namespace fledge::lambda
