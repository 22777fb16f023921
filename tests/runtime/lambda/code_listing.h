// CodeListing: the names of a procedure's instructions, for tests.
#pragma once

#include <string>

#include "runtime/lambda/code_draft.h"

namespace fledge::lambda {

// With those of the procedures in it in parentheses.
std::string Listing(const CodeDraft& draft);

}  // namespace fledge::lambda
