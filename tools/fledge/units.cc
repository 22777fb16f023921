#include "tools/fledge/units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <span>

namespace fledge::tools {
namespace {

std::string Printed(double value, int decimals, std::string_view unit) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return std::string(text.data()) + std::string(unit);
}

// Three significant digits of a value below 1000 or so.
std::string ThreeDigits(double value, std::string_view unit) {
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return Printed(value, decimals, unit);
}

// The value in the first unit in which it is printed with at most `most`
// before the point; each unit is `factor` of the one before.
std::string Scaled(double value, double factor, double most,
                   std::span<const std::string_view> units) {
  std::size_t unit = 0;
  while (unit + 1 < units.size() && std::round(value) > most) {
    value /= factor;
    ++unit;
  }
  // The first unit is indivisible: nobody allocates half a byte.
  return unit == 0 ? Printed(value, 0, units[0])
                   : ThreeDigits(value, units[unit]);
}

}  // namespace

std::string HumanDuration(std::int64_t duration_ns) {
  if (duration_ns < 0) return "-" + HumanDuration(-duration_ns);
  constexpr std::string_view kUnits[] = {" ns", " µs", " ms", " s"};
  return Scaled(static_cast<double>(duration_ns), 1000, 999, kUnits);
}

std::string HumanBytes(std::uint64_t bytes) {
  constexpr std::string_view kUnits[] = {" B",   " KiB", " MiB",
                                         " GiB", " TiB", " PiB"};
  return Scaled(static_cast<double>(bytes), 1024, 1023, kUnits);
}

std::string HumanRate(double bytes_per_second) {
  return HumanBytes(
             static_cast<std::uint64_t>(std::llround(bytes_per_second))) +
         "/s";
}

std::string HumanCount(std::uint64_t count) {
  if (count < 100'000) {
    std::string text = std::to_string(count);
    if (count >= 1000) text.insert(text.size() - 3, ",");
    return text;
  }
  constexpr std::string_view kUnits[] = {"", " k", " M", " G", " T", " P"};
  return Scaled(static_cast<double>(count), 1000, 999, kUnits);
}

std::string HumanShare(double share) {
  const double percent = share * 100;
  const double distance = std::min(percent, 100 - percent);
  if (distance > 0 && distance < 0.005) {
    return percent < 50 ? "<0.01%" : ">99.99%";
  }
  // Near either end the next digit is the one that says something.
  return Printed(percent, distance > 0 && distance < 0.995 ? 2 : 1, "%");
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) {
    const bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    width += continues ? 0 : 1;
  }
  return width;
}

std::string PadLeft(std::string_view text, std::size_t width) {
  const std::size_t used = DisplayWidth(text);
  return std::string(width > used ? width - used : 0, ' ') + std::string(text);
}

std::string PadRight(std::string_view text, std::size_t width) {
  const std::size_t used = DisplayWidth(text);
  return std::string(text) + std::string(width > used ? width - used : 0, ' ');
}

}  // namespace fledge::tools
