// Macro: what syntax-rules makes: for each rule, a pattern and a template that
// are taken apart once, when the macro is defined.
//
// A pattern of a list or vector is
//
//   before ...  repeated <ellipsis>  after ...  . tail
//
// and a template's is items, each with as many ellipses as follow it, and a
// tail. Nothing in a macro points to the form that defined it.
//
// Design: docs/design/lambda_syntax.md. Threads: plain data.
#pragma once

#include <cstdint>
#include <span>

#include "runtime/lambda/environment.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

struct Pattern {
  enum class Kind : std::uint8_t {
    kAnything,  // _
    kVariable,  // variable
    kLiteral,   // syntax: an identifier
    kDatum,     // syntax: one without parts
    kList,
    kVector,
  };

  Kind kind;
  std::uint32_t variable = 0;  // An index.
  const Syntax* syntax = nullptr;
  std::span<const Pattern* const> before = {};
  const Pattern* repeated = nullptr;              // Null: nothing is.
  std::span<const std::uint32_t> variables = {};  // Those in `repeated`.
  std::span<const Pattern* const> after = {};
  const Pattern* tail = nullptr;  // Null: ().
};

struct Template {
  enum class Kind : std::uint8_t {
    kDatum,       // syntax: one without parts
    kIdentifier,  // syntax: what an alias is made of; its index is `index`
    kVariable,    // index
    kRepeated,    // first, once for each match of `variables`
    kList,
    kVector,
    kMap,
  };

  Kind kind;
  std::uint32_t index = 0;
  const Syntax* syntax = nullptr;
  const Template* first = nullptr;
  std::span<const std::uint32_t> variables = {};
  std::span<const Template* const> items = {};  // kRepeated ones are spliced.
  const Template* tail = nullptr;               // Null: ().
};

struct Rule {
  const Pattern* pattern;  // Of what follows the keyword.
  const Template* result;
  std::uint32_t variable_count;
  std::uint32_t identifier_count;
};

struct Macro {
  const Scope* scope;  // Where it is defined.
  std::span<const Rule> rules;
};

}  // namespace fledge::lambda
