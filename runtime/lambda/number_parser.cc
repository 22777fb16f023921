#include "runtime/lambda/number_parser.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "runtime/lambda/complex_numbers.h"
#include "runtime/lambda/decimal.h"
#include "runtime/lambda/number_memory.h"

namespace fledge::lambda {
namespace {

enum class Exactness : std::uint8_t { kAsWritten, kExact, kInexact };

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool IsDigit(char c, int radix) {
  c = Lower(c);
  if (c >= '0' && c <= '9') return c - '0' < radix;
  return c >= 'a' && c - 'a' + 10 < radix && c <= 'z';
}

// Goes over the text from left to right; what begins with Take... goes past
// what it finds, and stays if it finds nothing.
class Parser {
 public:
  Parser(std::string_view text, int radix) : rest_(text), radix_(radix) {}

  ParsedNumber Parse() {
    if (!TakePrefixes()) return {{}, NumberError::kSyntax};
    std::optional<Number> number = TakeComplex();
    if (error_ != NumberError::kNone) return {{}, error_};
    if (!number || !rest_.empty()) return {{}, NumberError::kSyntax};
    if (exactness_ == Exactness::kExact && !number->IsExact()) {
      if (!number->real.IsFinite() || !number->imaginary.IsFinite()) {
        return {{}, NumberError::kSyntax};
      }
      number =
          Number(number->real.ToFraction(), number->imaginary.ToFraction());
    }
    return {*std::move(number)};
  }

 private:
  char Next() const { return rest_.empty() ? '\0' : Lower(rest_[0]); }

  bool Take(char c) {
    if (Next() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // REQUIRES: `word` is in lower case.
  bool Take(std::string_view word) {
    const std::string_view before = rest_;
    for (const char c : word) {
      if (Take(c)) continue;
      rest_ = before;
      return false;
    }
    return true;
  }
  std::string_view TakeDigits(int radix) {
    std::size_t length = 0;
    while (length < rest_.size() && IsDigit(rest_[length], radix)) ++length;
    const std::string_view digits = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return digits;
  }

  // One of radix and one of exactness, in any order. False if there are others.
  bool TakePrefixes() {
    bool has_radix = false;
    while (Take('#')) {
      const char letter = Next();
      if (rest_.empty()) return false;
      rest_.remove_prefix(1);
      if (letter == 'e' || letter == 'i') {
        if (exactness_ != Exactness::kAsWritten) return false;
        exactness_ = letter == 'e' ? Exactness::kExact : Exactness::kInexact;
      } else {
        if (has_radix) return false;
        has_radix = true;
        switch (letter) {
          case 'b':
            radix_ = 2;
            break;
          case 'o':
            radix_ = 8;
            break;
          case 'd':
            radix_ = 10;
            break;
          case 'x':
            radix_ = 16;
            break;
          default:
            return false;
        }
      }
    }
    return true;
  }

  std::optional<Number> TakeComplex() {
    const bool has_sign = Next() == '+' || Next() == '-';
    if (const auto unit = TakeImaginaryUnit()) return Number(0, *unit);
    auto first = TakeReal();
    if (!first) return std::nullopt;
    if (has_sign && Take('i')) return Number(0, *std::move(first));
    if (Take('@')) {
      const auto angle = TakeReal();
      if (!angle) return std::nullopt;
      return FromPolar(*first, *angle);
    }
    if (rest_.empty()) return *std::move(first);
    if (const auto unit = TakeImaginaryUnit())
      return Number(*std::move(first), *unit);
    if (Next() != '+' && Next() != '-') return std::nullopt;
    auto second = TakeReal();
    if (!second || !Take('i')) return std::nullopt;
    return Number(*std::move(first), *std::move(second));
  }

  // +i or -i, at the end.
  std::optional<Real> TakeImaginaryUnit() {
    if (rest_.size() != 2 || Lower(rest_[1]) != 'i') return std::nullopt;
    if (Take("+i")) return AsWanted(1);
    if (Take("-i")) return AsWanted(-1);
    return std::nullopt;
  }

  std::optional<Real> TakeReal() {
    const bool is_negative = Next() == '-';
    const bool has_sign = Take('+') || Take('-');
    std::optional<Real> real;
    if (has_sign && Take("inf.0")) {
      real = Real(std::numeric_limits<double>::infinity());
    } else if (has_sign && Take("nan.0")) {
      real = Real(std::numeric_limits<double>::quiet_NaN());
    } else {
      real = TakeUnsigned();
    }
    // After it was made inexact, so that #i-0 is -0.0.
    if (real && is_negative) return -*real;
    return real;
  }

  std::optional<Real> TakeUnsigned() {
    const std::string_view start = rest_;
    const std::string_view whole = TakeDigits(radix_);
    if (radix_ == 10 && (Next() == '.' || Next() == 'e')) {
      rest_ = start;
      return TakeDecimal();
    }
    if (whole.empty()) return std::nullopt;
    BigInteger top = Integer(whole);
    if (!Take('/')) return AsWanted(std::move(top));
    const std::string_view below = TakeDigits(radix_);
    if (below.empty()) return std::nullopt;
    const BigInteger bottom = Integer(below);
    if (bottom.sign() == 0) return std::nullopt;
    return AsWanted(Fraction::Reduce(top, bottom));
  }

  std::optional<Real> TakeDecimal() {
    Decimal decimal;
    const std::string_view start = rest_;
    decimal.whole = TakeDigits(10);
    if (Take('.')) decimal.fraction = TakeDigits(10);
    if (decimal.whole.empty() && decimal.fraction.empty()) return std::nullopt;
    const std::string_view mantissa = rest_;
    if (Take('e')) {
      const bool is_negative = Next() == '-';
      if (!Take('+')) Take('-');
      const std::string_view digits = TakeDigits(10);
      // Then it was no exponent, and what follows no number.
      if (digits.empty()) {
        rest_ = mantissa;
      } else {
        decimal.SetExponent(digits, is_negative);
      }
    }
    decimal.text = start.substr(0, start.size() - rest_.size());
    if (exactness_ != Exactness::kExact) return Real(decimal.ToDouble());
    auto exact = decimal.ToFraction();
    if (!exact) {
      error_ = NumberError::kTooLarge;
      return std::nullopt;
    }
    return Real(*std::move(exact));
  }

  BigInteger Integer(std::string_view digits) const {
    std::int64_t small = 0;
    const auto [end, error] = std::from_chars(
        digits.data(), digits.data() + digits.size(), small, radix_);
    if (error == std::errc()) return small;
    return ParseDigits(digits, radix_);
  }

  // An exact number, or a double if the prefix says so.
  Real AsWanted(Fraction exact) const {
    if (exactness_ == Exactness::kInexact) return exact.ToDouble();
    return exact;
  }

  std::string_view rest_;
  int radix_;
  Exactness exactness_ = Exactness::kAsWritten;
  NumberError error_ = NumberError::kNone;
};

}  // namespace

ParsedNumber NumberFromText(std::string_view text, int radix) {
  return Parser(text, radix).Parse();
}

NumberResult NumberFromText(Mutator& mutator, std::string_view text,
                            int radix) {
  const ParsedNumber parsed = NumberFromText(text, radix);
  if (parsed.error != NumberError::kNone) return parsed.error;
  return MakeNumber(mutator, parsed.number);
}

}  // namespace fledge::lambda
