// syntax-rules: macros by patterns and templates, R7RS, section 4.3.2: with
// an ellipsis of one's own, patterns after an ellipsis, (... ...), and _.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors:
// SyntaxError, when a macro is defined for whatever is wrong with its rules.
#pragma once

#include "runtime/lambda/arena.h"
#include "runtime/lambda/environment.h"
#include "runtime/lambda/expander.h"
#include "runtime/lambda/macro.h"

namespace fledge::lambda {

// What define-syntax in `scope` binds a name to: a macro, which lives in
// `memory`, or, if `syntax` is a keyword, what that means.
Denotation ReadTransformer(Expander& expander, const Syntax& syntax,
                           const Scope& scope, Arena& memory);

// What a use of the macro in `scope` is expanded to, once.
const Syntax* ExpandMacro(Expander& expander, const Macro& macro,
                          const Syntax& use, const Scope& scope);

}  // namespace fledge::lambda
