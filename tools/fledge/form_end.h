// Form end: whether what was typed at a prompt is whole.
//
// Threads: pure.
#pragma once

#include <string_view>

namespace fledge::tools {

// Whether `text` ends within a form, so that more may make it right: an open
// list, text or comment. What is wrong whatever follows does not. O(text).
bool EndsWithinForm(std::string_view text);

}  // namespace fledge::tools
