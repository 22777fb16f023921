#include "gc/option_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <limits>
#include <numeric>
#include <system_error>
#include <utility>
#include <vector>

#include "allocator/base/address.h"

namespace fledge::gc {
namespace {

struct SizeUnit {
  char suffix;
  std::size_t bytes;
};
constexpr std::array<SizeUnit, 3> kSizeUnits = {
    {{'G', kGiB}, {'M', kMiB}, {'K', kKiB}}};

std::string Joined(std::span<const std::string_view> names,
                   std::string_view separator) {
  std::string joined;
  for (const std::string_view name : names) {
    if (!joined.empty()) joined += separator;
    joined += name;
  }
  return joined;
}

char LowerCase(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Insertions, deletions and replacements that turn `a` into `b`, case aside.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);  // From a prefix of `a`.
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced =
          diagonal + (LowerCase(a[i]) == LowerCase(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string Quote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text.substr(0, kLongestQuote)) {
    if (c >= ' ' && c <= '~' && c != '\'' && c != '\\') {
      quoted += c;
      continue;
    }
    char escape[sizeof "\\xff"];
    std::snprintf(escape, sizeof escape, "\\x%02x",
                  static_cast<unsigned char>(c));
    quoted += escape;
  }
  return quoted + (text.size() > kLongestQuote ? "...'" : "'");
}

std::string KnownNames(std::string_view text,
                       std::span<const std::string_view> names) {
  constexpr std::size_t kLongestName = 32;
  std::string_view nearest;
  std::size_t least = 3;  // Three typing errors are another word.
  if (text.size() <= kLongestName) {
    for (const std::string_view name : names) {
      const std::size_t distance = EditDistance(text, name);
      if (distance >= least || 2 * distance >= name.size()) continue;
      nearest = name;
      least = distance;
    }
  }
  std::string hint = "(";
  if (!nearest.empty()) hint += "did you mean " + Quote(nearest) + "? ";
  return hint + "known: " + Joined(names, ", ") + ")";
}

NumberFault ParseNumber(std::string_view text, std::uint64_t& number) {
  if (text.empty() || text.front() < '0' || text.front() > '9') {
    return NumberFault::kNotANumber;
  }
  std::uint64_t parsed = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (end != text.data() + text.size()) return NumberFault::kNotANumber;
  if (error == std::errc::result_out_of_range) return NumberFault::kTooLarge;
  number = parsed;
  return NumberFault::kNone;
}

NumberFault ParseSizeOrFault(std::string_view text, std::size_t& size_bytes) {
  std::size_t unit_bytes = 1;
  for (const SizeUnit unit : kSizeUnits) {
    if (text.empty() || text.back() != unit.suffix) continue;
    unit_bytes = unit.bytes;
    text.remove_suffix(1);
    break;
  }
  std::uint64_t count = 0;
  const NumberFault fault = ParseNumber(text, count);
  if (fault != NumberFault::kNone) return fault;
  if (count > std::numeric_limits<std::size_t>::max() / unit_bytes) {
    return NumberFault::kTooLarge;
  }
  size_bytes = count * unit_bytes;
  return NumberFault::kNone;
}

NumberFault ParseDuration(std::string_view text, std::int64_t& duration_ns) {
  struct Unit {
    std::string_view suffix;
    std::uint64_t ns;
  };
  // "s" last: it ends the others.
  constexpr Unit kUnits[] = {
      {"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}};
  for (const Unit unit : kUnits) {
    if (!text.ends_with(unit.suffix)) continue;
    text.remove_suffix(unit.suffix.size());
    std::uint64_t count = 0;
    const NumberFault fault = ParseNumber(text, count);
    if (fault != NumberFault::kNone) return fault;
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    if (count > kMost / unit.ns) return NumberFault::kTooLarge;
    duration_ns = static_cast<std::int64_t>(count * unit.ns);
    return NumberFault::kNone;
  }
  return NumberFault::kNotANumber;
}

std::string SizeText(std::size_t size_bytes) {
  for (const SizeUnit unit : kSizeUnits) {
    if (size_bytes == 0 || size_bytes % unit.bytes != 0) continue;
    return std::to_string(size_bytes / unit.bytes) + unit.suffix;
  }
  return std::to_string(size_bytes);
}

std::string SuggestedSize(std::string_view text, std::string_view example) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto letter = std::find_if_not(text.begin(), text.end(), is_digit);
  if (letter == text.begin() || letter == text.end()) {
    return std::string(example);
  }
  std::string size(text.begin(), letter);
  for (const SizeUnit unit : kSizeUnits) {
    if (LowerCase(*letter) == LowerCase(unit.suffix)) size += unit.suffix;
  }
  std::size_t size_bytes = 0;
  if (is_digit(size.back())) return std::string(example);
  if (ParseSizeOrFault(size, size_bytes) != NumberFault::kNone) {
    return std::string(example);
  }
  return size_bytes == 0 ? std::string(example) : size;
}

}  // namespace fledge::gc
