// Text order: comparing and finding what texts say.
//
// Whether a text is wide makes no difference. Order is that of code points.
// None of this collects or allocates; costs are O(length), of finding
// O(length * length of the pattern).
//
// Design: docs/design/lambda.md. Source: R7RS small, section 6.7.
//
// Threads: of texts as runtime/text_layout.h has it.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>

#include "runtime/text_layout.h"

namespace fledge::lambda {

std::strong_ordering CompareTexts(runtime::Text a, runtime::Text b);
// As if both were folded by Unicode's full case folding.
std::strong_ordering CompareFoldedTexts(runtime::Text a, runtime::Text b);

// Where `pattern` first begins in `text`, from character `from` on.
std::optional<std::size_t> FindText(runtime::Text text, runtime::Text pattern,
                                    std::size_t from);

}  // namespace fledge::lambda
