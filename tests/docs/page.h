// Page: a documentation page as tests read it: its code blocks and tables.
//
// Threads: plain functions of files that do not change.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fledge {

// The bytes of a file of the checkout, named from its root. Aborts if there is
// none.
std::string ReadCheckoutFile(std::string_view path);

// The contents of the page's fenced blocks of `language` ("cpp"), in order.
std::vector<std::string> CodeBlocks(std::string_view page,
                                    std::string_view language);

// The rows of the page's tables below the heading `heading` ("## Words") and
// above the next heading, without header rows; cells without spaces around
// them and without backticks.
std::vector<std::vector<std::string>> TableRows(std::string_view page,
                                                std::string_view heading);

// `code` without indentation and without empty lines, so that a block of a page
// can be found in a source file.
std::string Flattened(std::string_view code);

}  // namespace fledge
