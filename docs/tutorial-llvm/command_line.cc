#include "docs/tutorial-llvm/command_line.h"

#include <charconv>
#include <cstdio>

namespace nest {

bool TakeOption(std::vector<std::string_view>& arguments, RunOptions& options,
                std::string& error) {
  if (arguments.empty()) return false;
  const std::string_view name = arguments[0];
  if (name == "--collect-at-polls" || name == "--time") {
    (name == "--time" ? options.times : options.collect_at_polls) = true;
    arguments.erase(arguments.begin());
    return true;
  }
  if (name != "--gc" && name != "--stress") return false;
  if (arguments.size() == 1) {
    error = std::string(name) + ": expected KEY=VALUE,...";
    return false;
  }
  const auto wrong =
      name == "--gc" ? ParseHeapOptions(arguments[1], options.heap)
                     : ParseStressOptions(arguments[1], options.heap.stress);
  if (wrong) {
    error = std::string(name) + ": " + wrong->message;
    return false;
  }
  arguments.erase(arguments.begin(), arguments.begin() + 2);
  return true;
}

bool ParseArgument(std::string_view text, std::int64_t& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

int Misuse(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  return 2;
}

}  // namespace nest
