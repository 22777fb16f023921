#include "runtime/lambda/decimal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace fledge::lambda {
namespace {

// Numbers from 10^-7 to 10^21 are written without an exponent.
constexpr int kSmallestPlain = -7;
constexpr int kLargestPlain = 21;

std::string_view WithoutZeros(std::string_view digits) {
  const std::size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? "" : digits.substr(first);
}

}  // namespace

void Decimal::SetExponent(std::string_view digits, bool is_negative) {
  digits = WithoutZeros(digits);
  std::int64_t magnitude = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), magnitude);
  if (error == std::errc::result_out_of_range) magnitude = kLargestExponent;
  magnitude = std::min(magnitude, kLargestExponent);
  exponent = is_negative ? -magnitude : magnitude;
}

double Decimal::ToDouble() const {
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc::result_out_of_range) return number;
  // Either too large or too small: by the place of the first digit.
  const std::string_view digits = WithoutZeros(whole);
  const auto place =
      digits.empty()
          ? -static_cast<std::int64_t>(fraction.find_first_not_of('0'))
          : static_cast<std::int64_t>(digits.size());
  return place + exponent > 0 ? std::numeric_limits<double>::infinity() : 0;
}

std::optional<Fraction> Decimal::ToFraction() const {
  const BigInteger digits =
      ParseDigits(std::string(whole) + std::string(fraction), 10);
  if (digits.sign() == 0) return Fraction(0);
  const std::int64_t scale =
      exponent - static_cast<std::int64_t>(fraction.size());
  // A digit takes more than three bits.
  constexpr auto kLargest =
      static_cast<std::int64_t>(BigInteger::kLargestBits / 3);
  if (std::abs(scale) > kLargest) return std::nullopt;
  const BigInteger power =
      Power(10, static_cast<std::uint64_t>(std::abs(scale)));
  if (scale >= 0) return digits * power;
  return Fraction::Reduce(digits, power);
}

std::string TextOf(double number) {
  if (std::isnan(number)) return "+nan.0";
  if (std::isinf(number)) return number < 0 ? "-inf.0" : "+inf.0";
  // d.ddde-xxx, at most 17 digits.
  char buffer[32];
  const char* const end = std::to_chars(buffer, buffer + sizeof buffer, number,
                                        std::chars_format::scientific)
                              .ptr;
  const char* const letter = std::find<const char*>(buffer, end, 'e');
  const int exponent = std::atoi(std::string(letter + 1, end).c_str());
  std::string sign, digits;
  for (const char* c = buffer; c != letter; ++c) {
    if (*c == '-') {
      sign = "-";
    } else if (*c != '.') {
      digits += *c;
    }
  }
  const int length = static_cast<int>(digits.size());
  if (exponent < kSmallestPlain || exponent >= kLargestPlain) {
    if (length > 1) digits.insert(1, ".");
    return sign + digits + "e" + std::to_string(exponent);
  }
  if (exponent < 0) {
    return sign + "0." +
           std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  }
  if (exponent >= length - 1) {
    return sign + digits +
           std::string(static_cast<std::size_t>(exponent - length + 1), '0') +
           ".0";
  }
  digits.insert(static_cast<std::size_t>(exponent + 1), ".");
  return sign + digits;
}

}  // namespace fledge::lambda
