// cond-expand, include: forms that stand for others, which depend on what is
// there when the program is expanded.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors:
// SyntaxError.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/lexer.h"
#include "runtime/lambda/libraries.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

// The forms of the first clause of (cond-expand (requirement form ...) ...)
// whose requirement holds: a feature, (library name), else, and those under
// and, or, not. Null if there is none. Words are known by their symbols.
const Syntax* ChooseClause(Libraries& libraries, const Syntax& form);

// What an include counts as (Expander::CountParts), so that a file that
// includes itself ends as a macro does that uses itself.
constexpr std::uint64_t kPartsOfInclude = 1'000;

// The forms of all the files that (include "file" ...) names, read into
// `arena`; included from where the file's name is written.
std::vector<const Syntax*> ReadIncluded(Libraries& libraries,
                                        const Syntax& form,
                                        LetterCase letter_case, Arena& arena);

}  // namespace fledge::lambda
