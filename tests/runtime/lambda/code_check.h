// CodeCheck: whether code is as runtime/lambda/operation.h says, so that the
// interpreter, which checks none of it, may run it.
#pragma once

#include <optional>
#include <string>

#include "runtime/lambda/code_draft.h"

namespace fledge::lambda {

// What is wrong: an operand that names no register or no constant of the right
// kind, a jump out of the code, an end that is run into, a register that is
// read where nothing was written to it; nothing if all is well. Recursive.
std::optional<std::string> FindCodeFault(const CodeDraft& draft);

}  // namespace fledge::lambda
