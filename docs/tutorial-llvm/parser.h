// Parser: a program's text as a tree, by recursive descent. The grammar is in
// README.md.
//
// Threads: none.
#pragma once

#include <memory>
#include <string_view>

#include "docs/tutorial-llvm/syntax.h"

namespace nest {

// Throws SourceError.
std::unique_ptr<Program> Parse(std::string_view source);

}  // namespace nest
