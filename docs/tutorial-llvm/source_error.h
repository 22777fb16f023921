// SourceError: what is wrong with a program's text, and where.
//
// Threads: a value.
#pragma once

#include <string>

namespace nest {

struct Position {
  int line = 1;
  int column = 1;
};

// Thrown by the front end; nothing else of the compiler throws.
struct SourceError {
  Position at;
  std::string message;

  // "FILE:LINE:COLUMN: message", as editors read it.
  std::string In(const std::string& file) const {
    return file + ":" + std::to_string(at.line) + ":" +
           std::to_string(at.column) + ": " + message;
  }
};

}  // namespace nest
