// The fuzzer of what reads stack maps and ELF files, for libFuzzer, and for
// AFL++ which takes the same function. Docs: docs/design/testing.md.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>

#include "tests/runtime/stack_map_inputs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (const auto fault =
          fledge::RunStackMapInput(std::as_bytes(std::span(data, size)))) {
    std::fprintf(stderr, "%s\n", fault->c_str());
    std::abort();
  }
  return 0;
}

// Where no corpus is given it begins with good maps: a random header is none.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                        std::size_t most);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                               std::size_t size,
                                               std::size_t most,
                                               unsigned seed) {
  static const auto good = fledge::GoodStackMapInputs();
  if (seed % 64 == 0 || size < 2) {
    const auto& input = good[seed / 64 % good.size()];
    if (input.size() <= most) {
      for (std::size_t i = 0; i < input.size(); ++i) {
        data[i] = static_cast<std::uint8_t>(input[i]);
      }
      size = input.size();
    }
  }
  return LLVMFuzzerMutate(data, size, most);
}
