// ExpressionCheck: whether an expression is as runtime/lambda/expression.h
// says.
#pragma once

#include <optional>
#include <string>

#include "runtime/lambda/expression.h"

namespace fledge::lambda {

// What is wrong: a node without one of its parts, a variable outside of what
// binds it, one that is bound twice or whose uses are miscounted; nothing if
// all is well. Recursive.
std::optional<std::string> FindFault(const Expression& expression);

}  // namespace fledge::lambda
