// Symbol syntax: which texts are symbols as they stand, and which are written
// between bars.
//
// Design: docs/design/lambda_syntax.md. Threads: pure functions.
#pragma once

#include <string_view>

namespace fledge::lambda {

// Whether symbols may have it without bars.
bool IsConstituent(char32_t character);

// Whether symbols may have all of its characters without bars. REQUIRES: `word`
// is UTF-8.
bool AreConstituents(std::string_view word);

// Whether a symbol that begins so looks as if a number was meant.
// REQUIRES: `word` is not empty.
bool BeginsLikeNumber(std::string_view word);

// Whether the reader takes `word` for a keyword, as :key.
bool IsKeyword(std::string_view word);

// Whether the reader, where it does not fold case, makes of `name` without bars
// the symbol of this name. O(length).
bool IsPlainSymbol(std::string_view name);

}  // namespace fledge::lambda
