// LineInput: where a prompt's lines come from: LineEditor at a terminal,
// PlainLines where nobody types.
//
// Threads: one at a time.
#pragma once

#include <cstdint>
#include <string>

namespace fledge::tools {

enum class LineOutcome : std::uint8_t {
  kLine,
  kInterrupted,  // The user has dropped the line.
  kEnd,          // No more come.
};

class LineInput {
 public:
  virtual ~LineInput() = default;

  // Sets `line` to the next one, without its end. Shows `prompt` if somebody
  // types.
  virtual LineOutcome Read(const std::string& prompt, std::string& line) = 0;
};

}  // namespace fledge::tools
