// Sources: the texts that programs were read from, for places in them.
//
// A place (Position) has the number of its text, which is one of these for as
// long as the session lasts.
//
// Design: docs/design/lambda.md. Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/lambda/libraries.h"
#include "runtime/lambda/syntax_error.h"

namespace fledge::lambda {

class Sources {
 public:
  // Keeps a copy. `name` is that of a file, or what the text is otherwise.
  SourceText Add(std::string name, std::string text);
  // A text of Lambda's own library, which lives as long as the program.
  SourceText AddLibrary(std::string_view name, std::string_view text);
  // The file's text; nothing if it cannot be read, and then errno says why.
  std::optional<SourceText> AddFile(const std::string& path);

  std::size_t size() const { return sources_.size(); }
  // REQUIRES of the others: source < size().
  const std::string& NameOf(std::uint32_t source) const {
    return sources_[source].name;
  }
  bool IsLibrary(std::uint32_t source) const {
    return sources_[source].is_library;
  }
  // "program.scm:12:5"; the name only where there is no line.
  std::string PlaceOf(Position at) const;
  // The line without its end. Costs O(text).
  std::string_view LineOf(Position at) const;

 private:
  struct Source {
    std::string name;
    std::string own;
    std::string_view text;
    bool is_library = false;
  };

  SourceText Get(const Source& source) const;

  std::deque<Source> sources_;  // Which do not move.
};

}  // namespace fledge::lambda
