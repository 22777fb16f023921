// The fuzzer of Lambda's reader, expander and compiler, for libFuzzer, and for
// AFL++ which takes the same function. Docs: docs/design/testing.md.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/runtime/lambda/program_inputs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view program(reinterpret_cast<const char*>(data), size);
  if (const auto fault = fledge::lambda::RunProgramInput(program)) {
    std::fprintf(stderr, "%s\n", fault->c_str());
    std::abort();
  }
  return 0;
}
