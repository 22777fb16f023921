// nest: compiles a program, and runs it or writes an object file.

#include <llvm/IR/LLVMContext.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "docs/tutorial-llvm/checker.h"
#include "docs/tutorial-llvm/code_generator.h"
#include "docs/tutorial-llvm/command_line.h"
#include "docs/tutorial-llvm/jit.h"
#include "docs/tutorial-llvm/machine_code.h"
#include "docs/tutorial-llvm/parser.h"
#include "docs/tutorial-llvm/thread.h"

namespace {

constexpr char kUsage[] =
    "usage: nest [-O0|-O1|-O2|-O3] [OPTION]... run FILE [N]\n"
    "       nest [-O0|-O1|-O2|-O3] compile FILE OBJECT\n";

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string_view> arguments(argv + 1, argv + argc);
  nest::RunOptions options;
  unsigned level = 2;
  std::string wrong;
  while (!arguments.empty()) {
    const std::string_view first = arguments[0];
    if (first.size() == 3 && first.substr(0, 2) == "-O" && first[2] >= '0' &&
        first[2] <= '3') {
      level = static_cast<unsigned>(first[2] - '0');
      arguments.erase(arguments.begin());
    } else if (!TakeOption(arguments, options, wrong)) {
      break;
    }
  }
  if (!wrong.empty()) return nest::Misuse("nest: " + wrong);
  const bool runs = !arguments.empty() && arguments[0] == "run";
  const bool compiles = !arguments.empty() && arguments[0] == "compile";
  if (!(runs && (arguments.size() == 2 || arguments.size() == 3)) &&
      !(compiles && arguments.size() == 3)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const std::string file(arguments[1]);
  std::ifstream in(file, std::ios::binary);
  if (!in) return nest::Misuse("nest: " + file + ": cannot be read");
  const std::string source{std::istreambuf_iterator<char>(in), {}};
  std::int64_t argument = 0;
  if (runs && arguments.size() == 3 &&
      !nest::ParseArgument(arguments[2], argument)) {
    return nest::Misuse("nest: '" + std::string(arguments[2]) +
                        "' is not a number");
  }

  llvm::LLVMContext context;
  nest::ObjectFile object;
  try {
    const auto program = nest::Parse(source);
    nest::Check(*program);
    const auto module = nest::GenerateCode(*program, file, context);
    object = nest::CompileModule(*module, level);
  } catch (const nest::SourceError& error) {
    return nest::Misuse(error.In(file));
  }
  if (compiles) {
    std::ofstream out(std::string(arguments[2]), std::ios::binary);
    out.write(object.data(), static_cast<std::streamsize>(object.size()));
    if (!out.flush()) {
      return nest::Misuse("nest: " + std::string(arguments[2]) +
                          ": cannot be written");
    }
    return 0;
  }
  nest::Thread thread(options);
  nest::Jit jit(thread.registry());
  thread.Run(jit.Load(object), argument);
  jit.Unload();
  return 0;
}
