// PlainLines: lines of a file or a pipe.
//
// Takes from it not a byte more than the lines that were read: what follows is
// for the program that a line runs, if that reads the same input.
//
// Threads: one at a time.
#pragma once

#include <string>

#include "tools/fledge/line_input.h"

namespace fledge::tools {

class PlainLines final : public LineInput {
 public:
  // `descriptor` is borrowed.
  explicit PlainLines(int descriptor) : descriptor_(descriptor) {}

  // A last line need not have an end. An error of reading is the end.
  LineOutcome Read(const std::string& prompt, std::string& line) override;

 private:
  const int descriptor_;
};

}  // namespace fledge::tools
