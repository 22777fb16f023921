// Numbers as the reader has them: R7RS, section 7.1.1, with radix and
// exactness.
//
// Tells what is a number and makes the value of the common ones: small integers
// and floats. The others stay text until there is a heap for them; that it is a
// number that can be made is known here (runtime/lambda/number_parser.h).
//
// Design: docs/design/lambda_syntax.md, docs/design/numbers.md. Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

struct NumberSyntax {
  // kInteger, kFloat, or kNumber: a big integer, a rational or a complex
  // number.
  Syntax::Kind kind = Syntax::Kind::kNumber;
  std::int64_t integer = 0;
  double number = 0;
};

// Nothing if `text`, all of it, is not a number. `radix` is 2, 8, 10 or 16, and
// what holds if the text has no prefix. Nothing, too, if the number has too
// many digits. Costs what it costs to make the number.
std::optional<NumberSyntax> ReadNumberSyntax(std::string_view text,
                                             int radix = 10);

}  // namespace fledge::lambda
