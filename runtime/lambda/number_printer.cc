#include "runtime/lambda/number_printer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "allocator/base/check.h"
#include "runtime/lambda/decimal.h"
#include "runtime/lambda/number_memory.h"

namespace fledge::lambda {
namespace {

std::string TextOf(const Fraction& number, int radix) {
  std::string text = TextOf(number.numerator, radix);
  if (!number.IsInteger()) text += "/" + TextOf(number.denominator, radix);
  return text;
}

// Without the prefix that a float in another radix than 10 has.
std::string TextOf(const Real& number, int radix) {
  if (number.is_exact()) return TextOf(number.exact(), radix);
  if (radix == 10 || !number.IsFinite())
    return lambda::TextOf(number.inexact());
  const std::string text = TextOf(number.ToFraction(), radix);
  const bool is_minus_zero =
      number.inexact() == 0 && std::signbit(number.inexact());
  return is_minus_zero ? "-" + text : text;
}

// With its sign, and without 1.
std::string TextOfImaginary(const Real& number, int radix) {
  std::string text = TextOf(number, radix);
  if (text[0] != '+' && text[0] != '-') text.insert(0, "+");
  const bool is_unit = number.is_exact() && (text == "+1" || text == "-1");
  if (is_unit) text.pop_back();
  return text + "i";
}

std::string TextOfSmall(std::int64_t number, int radix) {
  std::array<char, 65> digits;  // In radix 2, with a sign.
  const auto [end, error] = std::to_chars(
      digits.data(), digits.data() + digits.size(), number, radix);
  return {digits.data(), end};
}

}  // namespace

std::string TextOf(Value value, int radix) {
  FLEDGE_CHECK(radix >= 2 && radix <= 36, "no radix of a number's text");
  if (value.IsSmallInteger()) return TextOfSmall(value.integer(), radix);
  const Number number = ReadNumber(value);
  const bool is_inexact = !number.IsExact();
  std::string text = radix != 10 && is_inexact ? "#i" : "";
  if (number.IsReal() || !number.real.IsExactZero()) {
    text += TextOf(number.real, radix);
  }
  if (!number.IsReal()) text += TextOfImaginary(number.imaginary, radix);
  return text;
}

}  // namespace fledge::lambda
