#include "tools/fledge/command_line.h"

#include <algorithm>
#include <utility>

#include "gc/option_text.h"
#include "tools/fledge/text_table.h"

namespace fledge::tools {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A value that looks like one is given behind an equals sign.
bool IsOption(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && !IsDigit(word[1]);
}

std::string UnknownOption(std::string_view name,
                          std::span<const OptionSpec> options) {
  std::vector<std::string_view> names;
  for (const OptionSpec& option : options) names.push_back(option.name);
  names.push_back("--help");
  return "unknown option " + gc::Quote(name) + " " +
         gc::KnownNames(name, names);
}

}  // namespace

std::string OptionTable(std::span<const OptionSpec> options) {
  std::vector<std::vector<std::string>> rows;
  for (const OptionSpec& option : options) {
    std::string left(option.name);
    if (!option.value.empty()) left += " " + std::string(option.value);
    rows.push_back({left, std::string(option.meaning)});
  }
  return TextTable(rows);
}

std::optional<std::string> CommandLine::Parse(
    std::span<const std::string> words, std::span<const OptionSpec> options,
    CommandLine& line) {
  std::optional<std::string> first_error;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") {
      line.operands_.insert(line.operands_.end(), words.begin() + i + 1,
                            words.end());
      break;
    }
    if (word == "--help" || word == "-h") {
      line.help_ = true;
    } else if (IsOption(word)) {
      auto error = line.TakeOption(words, options, i);
      if (!first_error) first_error = std::move(error);
    } else {
      line.operands_.push_back(word);
    }
  }
  return line.help_ ? std::nullopt : first_error;
}

std::optional<std::string> CommandLine::TakeOption(
    std::span<const std::string> words, std::span<const OptionSpec> options,
    std::size_t& i) {
  const std::string_view word = words[i];
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  const auto option =
      std::find_if(options.begin(), options.end(),
                   [&](const OptionSpec& known) { return known.name == name; });
  if (option == options.end()) return UnknownOption(name, options);

  const std::string where = std::string(name) + ": ";
  std::string value;
  if (option->value.empty()) {
    if (equals != std::string_view::npos) {
      return where + "takes no value, not even " +
             gc::Quote(word.substr(equals + 1)) + " (write " +
             std::string(name) + ")";
    }
  } else if (equals != std::string_view::npos) {
    value = word.substr(equals + 1);
  } else if (i + 1 < words.size() && !IsOption(words[i + 1])) {
    value = words[++i];
  }
  if (!option->value.empty() && value.empty()) {
    return where + "no " + std::string(option->value) + " (try " +
           std::string(name) + " " + std::string(option->example) + ")";
  }
  std::vector<std::string>& values = values_[std::string(name)];
  if (!values.empty() && !option->value.empty() && !option->repeats) {
    return where + "given twice (keep one of " + gc::Quote(values.front()) +
           " and " + gc::Quote(value) + ")";
  }
  values.push_back(value);
  return std::nullopt;
}

const std::string* CommandLine::ValueOf(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second.front();
}

std::vector<std::string> CommandLine::ValuesOf(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

}  // namespace fledge::tools
