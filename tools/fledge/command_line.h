// CommandLine: the words after a command, taken apart into options and
// operands.
//
//   fledge profile lru 1000 --out=/tmp/x --trace-gc -- --odd
//                  ^^^^^^^^ operands                   ^^^^^ operand
//
// Options may stand anywhere, with their value as the next word or after '='.
// A word that begins with a dash and a digit is an operand: a workload says
// better what is wrong with a negative number. Written here and not taken from
// a library, because each message has to say what would be right.
//
// Threads: pure functions of a value.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fledge::tools {

// One option that a command takes.
struct OptionSpec {
  std::string_view name;     // "--out"
  std::string_view value;    // "DIR"; empty if it takes none.
  std::string_view example;  // A value that is right.
  std::string_view meaning;  // "where the report goes"
  bool repeats = false;      // May be given several times.
};

// Their names and meanings, a line each, as for help.
std::string OptionTable(std::span<const OptionSpec> options);

class CommandLine {
 public:
  // Takes `words` apart into `line`. Returns what was wrong, where, and what
  // would be right, or nothing. `--help` (or -h) excuses everything else: who
  // asks for help gets it.
  static std::optional<std::string> Parse(std::span<const std::string> words,
                                          std::span<const OptionSpec> options,
                                          CommandLine& line);

  const std::vector<std::string>& operands() const { return operands_; }
  bool help() const { return help_; }

  // Whether option `name` was given, and with what; null if it was not.
  bool Has(std::string_view name) const { return values_.contains(name); }
  const std::string* ValueOf(std::string_view name) const;
  // All that a repeatable one was given with, in order.
  std::vector<std::string> ValuesOf(std::string_view name) const;

 private:
  // Takes the option in `words[i]`; moves `i` on if the next word is its value.
  std::optional<std::string> TakeOption(std::span<const std::string> words,
                                        std::span<const OptionSpec> options,
                                        std::size_t& i);

  std::vector<std::string> operands_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  bool help_ = false;
};

}  // namespace fledge::tools
