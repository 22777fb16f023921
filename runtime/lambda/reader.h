// Reader: a text as syntax, form after form: R7RS's lexical syntax whole, with
// keywords and maps.
//
//   'x `x ,x ,@x    lists whose first is the symbol quote and so on
//   #;x             nothing
//   {:a 1}          kMap
//   #0=(a . #0#)    kLabelled, with kReference in it
//
// Nests up to kMaxNesting forms, and uses no stack of C++'s for it.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors: throws
// SyntaxError with the place of what is wrong; IncompleteError if the text ends
// within a form, with the place where that begins. A reader that has thrown is
// not used again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/lexer.h"
#include "runtime/lambda/names.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

class Reader {
 public:
  static constexpr std::size_t kMaxNesting = 10'000;

  // `text` is borrowed; `source` is for positions. Letters are folded as
  // `letter_case` says until the text says something else.
  Reader(std::string_view text, std::uint32_t source, Names& names,
         LetterCase letter_case = LetterCase::kKept)
      : Reader(text, Position{source, 1, 1}, names, letter_case) {}
  // The same for a text that begins at `begin` of a longer one.
  Reader(std::string_view text, Position begin, Names& names,
         LetterCase letter_case)
      : lexer_(text, begin, names, letter_case), names_(names) {}

  // The next form, in `arena`; kEndOfFile after the last, as often as one asks.
  // O(size of the form).
  const Syntax* Read(Arena& arena);

  // Where the last form that was read ends.
  Position at() const { return lexer_.at(); }
  std::size_t offset_bytes() const { return lexer_.offset_bytes(); }
  // As the text has set it so far.
  LetterCase letter_case() const { return lexer_.letter_case(); }

 private:
  // A form that is not complete.
  struct Open {
    enum class Dot : std::uint8_t { kNone, kRead, kComplete };

    Token token;
    std::size_t first_item = 0;   // Of items_.
    std::size_t first_label = 0;  // Of labels_.
    Dot dot = Dot::kNone;
    const Syntax* tail = nullptr;  // What came after the dot.
  };

  void Begin(const Token& token);
  // The form that the token closes.
  const Syntax* Close(Arena& arena, const Token& token);
  // Gives a complete form to the one around it. Null if that is not complete
  // then, and the outermost form if it is.
  const Syntax* Add(Arena& arena, const Syntax* form);
  void AddDot(const Token& token);

  const Syntax* ListOf(Arena& arena, const Open& open, Position end);
  const Syntax* BytevectorOf(Arena& arena, const Open& open);
  const Syntax* Abbreviation(Arena& arena, const Token& token,
                             const Syntax* form);
  const Syntax* Reference(Arena& arena, const Token& token);

  Lexer lexer_;
  Names& names_;
  std::vector<Open> open_;            // Innermost last.
  std::vector<const Syntax*> items_;  // Of all that are open.
  std::vector<std::int64_t> labels_;  // Of the outermost form.
};

}  // namespace fledge::lambda
