// Text literals: strings, symbols between bars, and characters.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors: throws
// SyntaxError, or IncompleteError if the text ends within a literal, with the
// place where that begins.
#pragma once

#include <string>

#include "runtime/lambda/text_cursor.h"
#include "runtime/lambda/utf8.h"

namespace fledge::lambda {

// The text between two marks, with its escapes as what they mean.
// REQUIRES: the cursor is at `mark`, which is " or |.
std::string TakeQuoted(TextCursor& cursor, char mark);

// The code point of #\a, #\x61 or #\newline. Names are folded if `letter_case`
// says so. REQUIRES: the cursor is at #\.
char32_t TakeCharacterLiteral(TextCursor& cursor, LetterCase letter_case);

}  // namespace fledge::lambda
