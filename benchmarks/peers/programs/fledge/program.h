// What the programs on Fledge's runtime have in common: their arguments, and a
// watch. Threads: one.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "gc/heap_options.h"

namespace fledge::peers {

struct Arguments {
  gc::HeapOptions options;
  std::uint32_t count = 0;
};

// From OPTIONS, as `fledge --gc` takes them and empty for none, and N. Ends the
// process with status 2 if they are no such thing.
inline Arguments ParseArguments(int argc, char** argv) {
  Arguments arguments;
  if (argc == 3) {
    const std::string_view count = argv[2];
    std::from_chars(count.data(), count.data() + count.size(), arguments.count);
    const auto error = gc::ParseHeapOptions(argv[1], arguments.options);
    if (!error && arguments.count > 0) return arguments;
    if (error) std::fprintf(stderr, "%s\n", error->message.c_str());
  }
  std::fprintf(stderr, "usage: %s OPTIONS N\n", argv[0]);
  std::exit(2);
}

class Watch {
 public:
  // Microseconds since it was made or last started.
  double us() const {
    return std::chrono::duration<double, std::micro>(Clock::now() - start_)
        .count();
  }
  void Start() { start_ = Clock::now(); }

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point start_ = Clock::now();
};

}  // namespace fledge::peers
