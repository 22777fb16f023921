#include "runtime/lambda/number_syntax.h"

#include "runtime/lambda/number_parser.h"

namespace fledge::lambda {

std::optional<NumberSyntax> ReadNumberSyntax(std::string_view text, int radix) {
  const ParsedNumber parsed = NumberFromText(text, radix);
  if (parsed.error != NumberError::kNone) return std::nullopt;
  const NumberSyntax other;
  if (!parsed.number.IsReal()) return other;
  const Real& real = parsed.number.real;
  if (!real.is_exact()) {
    return NumberSyntax{Syntax::Kind::kFloat, 0, real.inexact()};
  }
  const BigInteger& integer = real.exact().numerator;
  if (!real.IsInteger() || !integer.FitsInt64() ||
      integer.ToInt64() < Syntax::kSmallestInteger ||
      integer.ToInt64() > Syntax::kLargestInteger) {
    return other;
  }
  return NumberSyntax{Syntax::Kind::kInteger, integer.ToInt64(), 0};
}

}  // namespace fledge::lambda
