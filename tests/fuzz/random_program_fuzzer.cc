// The fuzzer of random programs, for libFuzzer, and for AFL++ which takes the
// same function. Docs: docs/design/testing.md.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/support/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (const auto difference = fledge::RunFuzzInput({data, size})) {
    std::fprintf(stderr, "%s\n", difference->c_str());
    std::abort();
  }
  return 0;
}
