// The main of a program that was compiled ahead of time: `PROGRAM [OPTION]...
// [N]`. Registers the program's code with the stack maps of its own executable.

#include <link.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "docs/tutorial-llvm/command_line.h"
#include "docs/tutorial-llvm/thread.h"
#include "runtime/llvm_stack_map.h"

// The program's, and where its code begins and ends: the linker defines these
// two for every section whose name could be one in C.
extern "C" nest::Main nest_main;
extern "C" [[gnu::visibility("hidden")]] const char __start_nest_code[];
extern "C" [[gnu::visibility("hidden")]] const char __stop_nest_code[];

namespace {

namespace runtime = fledge::runtime;

// How far from where it was linked for the executable was loaded.
fledge::Address LoadBias() {
  fledge::Address bias = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* result) {
        *static_cast<fledge::Address*>(result) = info->dlpi_addr;
        return 1;  // The first is the executable.
      },
      &bias);
  return bias;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string_view> arguments(argv + 1, argv + argc);
  nest::RunOptions options;
  std::string wrong;
  while (TakeOption(arguments, options, wrong)) {
  }
  if (!wrong.empty()) return nest::Misuse(wrong);
  std::int64_t argument = 0;
  if (arguments.size() > 1 ||
      (arguments.size() == 1 && !nest::ParseArgument(arguments[0], argument))) {
    return nest::Misuse("usage: " + std::string(argv[0]) + " [OPTION]... [N]");
  }

  nest::Thread thread(options);
  runtime::Code code;
  code.name = "the program";
  code.range = {reinterpret_cast<fledge::Address>(__start_nest_code),
                static_cast<std::size_t>(__stop_nest_code - __start_nest_code)};
  code.walk = runtime::FrameWalk::kBoth;
  if (const auto error = runtime::ReadLlvmStackMapsOfFile(
          "/proc/self/exe", LoadBias(), code.map)) {
    return nest::Misuse(error->message);
  }
  runtime::CodeRegistry::Registration registration;
  if (const auto error =
          thread.registry().RegisterCode(std::move(code), registration)) {
    return nest::Misuse(error->message);
  }
  thread.Run(&nest_main, argument);
  return 0;
}
