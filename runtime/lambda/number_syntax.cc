#include "runtime/lambda/number_syntax.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>
#include <system_error>

namespace fledge::lambda {
namespace {

constexpr char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// What from_chars leaves alone: infinite or zero.
double BeyondRange(std::string_view decimal) {
  // Where the first digit that counts stands, as a power of ten.
  const std::size_t mark = decimal.find_first_of("eE");
  const std::string_view digits = decimal.substr(0, mark);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.find_first_of("123456789");
  if (first == std::string_view::npos) return 0;
  const std::int64_t place =
      static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  std::int64_t exponent = 0;
  if (mark != std::string_view::npos) {
    std::string_view text = decimal.substr(mark + 1);
    const bool is_negative = text.front() == '-';
    if (text.front() == '+' || is_negative) text.remove_prefix(1);
    const char* const end = text.data() + text.size();
    if (std::from_chars(text.data(), end, exponent).ec != std::errc()) {
      exponent = std::numeric_limits<std::int32_t>::max();
    }
    if (is_negative) exponent = -exponent;
  }
  return place + exponent > 0 ? std::numeric_limits<double>::infinity() : 0;
}

class Scanner {
 public:
  Scanner(std::string_view text, int radix) : text_(text), radix_(radix) {}

  std::optional<NumberSyntax> Scan() {
    if (!ScanPrefix()) return std::nullopt;
    Real first;
    const std::size_t begin = next_;
    const bool has_sign = Peek() == '+' || Peek() == '-';
    if (!ScanReal(first)) {
      // +i and -i: the only numbers without digits.
      next_ = begin + 1;
      return has_sign && IsImaginaryEnd() ? Other() : std::nullopt;
    }
    if (AtEnd()) return ValueOf(first);
    if (has_sign && IsImaginaryEnd()) return Other();
    Real second;
    if (Peek() == '@') {
      ++next_;
      return ScanReal(second) && AtEnd() ? Other() : std::nullopt;
    }
    if (Peek() != '+' && Peek() != '-') return std::nullopt;
    const std::size_t sign = next_;
    if (!ScanReal(second)) next_ = sign + 1;
    return IsImaginaryEnd() ? Other() : std::nullopt;
  }

 private:
  struct Real {
    enum class Form : std::uint8_t { kInteger, kRational, kDecimal, kSpecial };
    Form form = Form::kInteger;
    bool is_negative = false;
    std::string_view digits;  // Without the sign.
  };

  bool AtEnd() const { return next_ == text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : Lower(text_[next_]); }
  static std::optional<NumberSyntax> Other() { return NumberSyntax(); }

  bool IsImaginaryEnd() { return Peek() == 'i' && next_ + 1 == text_.size(); }

  bool ScanPrefix() {
    bool has_radix = false;
    while (Peek() == '#') {
      ++next_;
      const char mark = Peek();
      ++next_;
      if (mark == 'e' || mark == 'i') {
        if (exactness_ != '\0') return false;
        exactness_ = mark;
        continue;
      }
      if (has_radix) return false;
      has_radix = true;
      switch (mark) {
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
    return !AtEnd();
  }

  // How many digits it takes.
  std::size_t ScanDigits(int radix) {
    const std::size_t begin = next_;
    for (; !AtEnd(); ++next_) {
      const char c = Peek();
      int digit = 16;
      if (c >= '0' && c <= '9') digit = c - '0';
      if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
      if (digit >= radix) break;
    }
    return next_ - begin;
  }

  bool ScanSpecial(std::string_view words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (next_ + i >= text_.size() || Lower(text_[next_ + i]) != words[i]) {
        return false;
      }
    }
    next_ += words.size();
    return true;
  }

  bool ScanReal(Real& real) {
    const bool has_sign = Peek() == '+' || Peek() == '-';
    real.is_negative = Peek() == '-';
    if (has_sign) ++next_;
    const std::size_t begin = next_;
    if (has_sign && (ScanSpecial("inf.0") || ScanSpecial("nan.0"))) {
      real.form = Real::Form::kSpecial;
    } else if (!ScanUnsigned(real)) {
      return false;
    }
    real.digits = text_.substr(begin, next_ - begin);
    return true;
  }

  bool ScanUnsigned(Real& real) {
    std::size_t digits = ScanDigits(radix_);
    if (digits > 0 && Peek() == '/') {
      ++next_;
      real.form = Real::Form::kRational;
      return ScanDigits(radix_) > 0;
    }
    if (radix_ != 10) return digits > 0;
    if (Peek() == '.') {
      ++next_;
      real.form = Real::Form::kDecimal;
      digits += ScanDigits(10);
    }
    if (digits == 0) return false;
    if (Peek() == 'e') {
      ++next_;
      real.form = Real::Form::kDecimal;
      if (Peek() == '+' || Peek() == '-') ++next_;
      return ScanDigits(10) > 0;
    }
    return true;
  }

  static NumberSyntax Float(const Real& real, double magnitude) {
    return {Syntax::Kind::kFloat, 0, real.is_negative ? -magnitude : magnitude};
  }
  static NumberSyntax FloatOf(const Real& real) {
    const char* const end = real.digits.data() + real.digits.size();
    double magnitude = 0;
    const auto result = std::from_chars(real.digits.data(), end, magnitude);
    if (result.ec != std::errc()) magnitude = BeyondRange(real.digits);
    return Float(real, magnitude);
  }

  NumberSyntax ValueOf(const Real& real) const {
    switch (real.form) {
      case Real::Form::kRational:
        break;
      case Real::Form::kSpecial:
        if (exactness_ == 'e') break;
        return Float(real, Lower(real.digits[0]) == 'i'
                               ? std::numeric_limits<double>::infinity()
                               : std::numeric_limits<double>::quiet_NaN());
      case Real::Form::kDecimal:
        if (exactness_ == 'e') break;
        return FloatOf(real);
      case Real::Form::kInteger:
        if (exactness_ == 'i' && radix_ == 10) return FloatOf(real);
        return IntegerOf(real);
    }
    return {};
  }

  NumberSyntax IntegerOf(const Real& real) const {
    const char* const end = real.digits.data() + real.digits.size();
    std::int64_t magnitude = 0;
    const auto result =
        std::from_chars(real.digits.data(), end, magnitude, radix_);
    if (result.ec != std::errc()) return {};
    const std::int64_t integer = real.is_negative ? -magnitude : magnitude;
    if (integer < Syntax::kSmallestInteger ||
        integer > Syntax::kLargestInteger) {
      return {};
    }
    if (exactness_ == 'i') return Float(real, static_cast<double>(magnitude));
    return {Syntax::Kind::kInteger, integer, 0};
  }

  std::string_view text_;
  int radix_;
  char exactness_ = '\0';
  std::size_t next_ = 0;
};

}  // namespace

std::optional<NumberSyntax> ReadNumberSyntax(std::string_view text, int radix) {
  return Scanner(text, radix).Scan();
}

}  // namespace fledge::lambda
