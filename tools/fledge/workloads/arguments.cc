#include "tools/fledge/workloads/arguments.h"

#include <charconv>
#include <system_error>

#include "allocator/base/check.h"
#include "gc/option_text.h"

namespace fledge::tools {
namespace {

// All of `text` as a decimal number, or nothing.
std::optional<std::uint64_t> ParseNumber(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

}  // namespace

ArgumentReader::ArgumentReader(const Workload& workload,
                               std::span<const std::string> arguments,
                               SizeClass size_class)
    : rows_(workload.arguments()),
      arguments_(arguments),
      size_class_(size_class) {}

std::uint64_t ArgumentReader::Number(std::uint64_t first, std::uint64_t last) {
  const std::string_view name = rows_.at(next_).name;
  const std::string_view text = Text();
  const std::optional<std::uint64_t> number = ParseNumber(text);
  if (number && *number >= first && *number <= last) return *number;
  if (!error_) {
    error_ = std::string(name) + ": " + gc::Quote(text) +
             " is not a number from " + std::to_string(first) + " to " +
             std::to_string(last);
  }
  return first;
}

std::string_view ArgumentReader::Text() {
  FLEDGE_CHECK(next_ < rows_.size(), "an argument without a row");
  const ArgumentRow& row = rows_[next_];
  const std::size_t i = next_++;
  if (i < arguments_.size()) return arguments_[i];
  return size_class_ == SizeClass::kUsual ? row.usual : row.stress;
}

std::optional<std::string> ArgumentReader::Finish() const {
  FLEDGE_CHECK(next_ == rows_.size(), "a row whose argument was not read");
  if (error_ || arguments_.size() <= rows_.size()) return error_;
  std::string names;
  for (const ArgumentRow& row : rows_) names += " " + std::string(row.name);
  return gc::Quote(arguments_[rows_.size()]) +
         " is too many: the arguments are" + names;
}

}  // namespace fledge::tools
