// DatumScanner: takes from a stream the text of one datum and no more.
//
// It knows of the lexical syntax what it needs to see where a datum ends; the
// reader then reads the text, and says what is wrong with it. So each character
// is looked at twice, however the text comes: from a terminal, too, where the
// end of the datum is all that one waits for.
//
// Design: docs/design/lambda_ports.md. Threads: one at a time. Errors: throws
// PortError, as streams do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/heap.h"
#include "runtime/lambda/input_stream.h"

namespace fledge::lambda {

class DatumScanner {
 public:
  // Of an open stream. May collect, as reading it does.
  DatumScanner(runtime::Mutator& mutator, InputStream& stream)
      : mutator_(mutator), stream_(stream) {}

  // The next datum, with the space and comments before it. If the stream ends
  // before, what there was.
  std::string Take();

 private:
  // What comes before a datum and belongs to it.
  enum class Prefix : std::uint8_t {
    kMark,  // A quote, or a label.
    kSkip,  // #;
  };

  std::optional<char32_t> Peek() { return stream_.PeekCharacter(mutator_); }
  bool IsAt(char32_t character) { return Peek() == character; }
  // Adds the next character to the text; false at the end.
  bool Add();
  void AddWord();
  // The rest, up to `mark` without a backslash before it.
  void AddQuoted(char32_t mark);
  void AddLine();
  // The rest of a comment, after its first #|.
  void AddBlockComment();

  // Only before the datum that is outermost.
  void AddPrefix(Prefix prefix) {
    if (depth_ == 0) prefixes_.push_back(prefix);
  }
  // One token, comment or space; false at the end.
  bool AddToken();
  void AddHash();
  void Close();
  // A datum is complete, or is the part of another.
  void Complete();

  runtime::Mutator& mutator_;
  InputStream& stream_;
  std::string text_;
  std::size_t depth_ = 0;
  std::vector<Prefix> prefixes_;  // Of the datum that is outermost.
  bool is_complete_ = false;
};

}  // namespace fledge::lambda
