// Character names: those of R7RS, section 6.6, which the reader reads and the
// printer writes.
//
// Design: docs/design/lambda_syntax.md. Threads: constants.
#pragma once

#include <string_view>

namespace fledge::lambda {

struct CharacterName {
  std::string_view name;
  char32_t character;
};

inline constexpr CharacterName kCharacterNames[] = {
    {"alarm", 0x07},  {"backspace", 0x08}, {"delete", 0x7F},
    {"escape", 0x1B}, {"newline", 0x0A},   {"null", 0x00},
    {"return", 0x0D}, {"space", 0x20},     {"tab", 0x09},
};

}  // namespace fledge::lambda
