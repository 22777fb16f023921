// Syntax: a form as it was read, or as a macro made it: a tree that does not
// change, with the place of each of its parts.
//
// A list is a chain of kPair nodes that ends in kNil, as lists of values are,
// so that a dotted one is nothing special. Numbers that are neither small
// integers nor floats are kept as text: the reader knows that it is a number,
// and whoever makes the constant makes its value. So it is with datum labels:
// trees have no cycles, and a value that has one is made of kReference.
//
// What macros make may share parts: (x x) with the same x twice. Whoever walks
// a tree that a macro made remembers where it was, or takes time exponential in
// the size of a malicious program.
//
// A macro's template brings identifiers that mean what they mean where the
// macro was defined: those are kAlias, a symbol with an environment. See
// runtime/lambda/syntax_rules.h.
//
// Design: docs/design/lambda.md. Threads: plain data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "runtime/lambda/syntax_error.h"

namespace fledge::lambda {

class Scope;  // runtime/lambda/environment.h

// The name of a symbol, one for each text: names are equal if they are the same
// object. Their owner outlives all syntax (runtime/lambda/names.h).
struct Name {
  std::string_view text;
};

struct Syntax {
  enum class Kind : std::uint8_t {
    kNil,         // ()
    kBoolean,     // integer: 0 or 1
    kInteger,     // integer, which fits a small integer
    kFloat,       // number
    kNumber,      // text: any other number, as it was written
    kCharacter,   // integer: its code point
    kString,      // text, UTF-8
    kSymbol,      // name
    kAlias,       // alias
    kKeyword,     // text, without the colon
    kPair,        // first, rest
    kVector,      // items
    kBytevector,  // text: its bytes
    kMap,         // items: keys and their values, in turn
    kLabelled,    // first, which references with the same integer mean
    kReference,   // integer: of the label that is around it or before it
    kEndOfFile,   // What comes after the last form.
    kValue,       // integer: the index of a value that has no text; of eval
  };

  // Of small integers, as runtime's values have them.
  static constexpr std::int64_t kSmallestInteger = -(std::int64_t{1} << 62);
  static constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 62) - 1;

  // An identifier that a macro made. Each expansion makes a new one for each
  // symbol of its template. Its number is what it is known by, so that it can
  // be copied: to where a macro's macro lives.
  struct Alias {
    const Syntax* identifier;  // A symbol, or an alias of a macro's macro.
    const Scope* scope;        // Where it is looked up if it is not bound.
    std::uint64_t number;      // From 1.
  };

  Kind kind = Kind::kNil;
  Position at;
  std::int64_t integer = 0;
  double number = 0;
  std::string_view text = {};
  const Name* name = nullptr;
  const Alias* alias = nullptr;
  const Syntax* first = nullptr;
  const Syntax* rest = nullptr;
  std::span<const Syntax* const> items = {};

  bool Is(Kind other) const { return kind == other; }
  bool IsIdentifier() const {
    return kind == Kind::kSymbol || kind == Kind::kAlias;
  }
};

}  // namespace fledge::lambda
