// Expression: a program as the expander leaves it and the compiler reads it:
// no macros, every name resolved, a dozen kinds of nodes.
//
//   kConstant    syntax, quoted
//   kLocal       variable                      kSetLocal   variable = operand 0
//   kGlobal      global                        kSetGlobal  global = operand 0
//   kDefine      global = operand 0, which need not be defined before
//   kIf          operands: test, then, else
//   kSequence    operands, at least one; the value is the last one's
//   kLambda      lambda
//   kCall        operands: callee, arguments
//   kLetrec      variables = inits, in turn, then the body (letrec*); operands:
//                an init for each variable, then the body
//   kLet         the same, but the inits do not see the variables
//   kReceive     variables (the last takes the rest if has_rest) = the values
//                of operand 0, then operand 1
//   kUnspecified
//
// Design: docs/design/lambda.md. Threads: plain data.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

struct Expression;
struct Lambda;
struct Global;  // runtime/lambda/global.h

struct Variable {
  std::string_view name;
  // By the expander, as it meets them.
  std::uint32_t reference_count = 0;  // Without assignments.
  bool is_assigned = false;           // By set!, after it got its first value.

  // By runtime/lambda/constant_folding.h: what it is in all its uses.
  const Syntax* constant = nullptr;

  // By runtime/lambda/analysis.h. Whose frames it lies in:
  Lambda* owner = nullptr;
  // What it is bound to, once and for all, if that is a procedure.
  Lambda* procedure = nullptr;
  // Calls of it that are jumps if all uses of it are.
  std::uint32_t jump_count = 0;
  // Whether closures and continuations share it: it is in a box then.
  bool is_boxed = false;
  // Whether it may be used before it has a value.
  bool is_checked = false;
  // Of a letrec's: which of its inits is being looked at, and the first that
  // uses it.
  const std::uint32_t* stage = nullptr;
  std::uint32_t first_use = ~std::uint32_t{0};

  // By the compiler: its register in the owner's frame.
  std::uint32_t place = 0;
};

struct Expression {
  enum class Kind : std::uint8_t {
    kConstant,
    kUnspecified,
    kLocal,
    kSetLocal,
    kGlobal,
    kSetGlobal,
    kDefine,
    kIf,
    kSequence,
    kLambda,
    kCall,
    kLet,
    kLetrec,
    kReceive,
  };

  Kind kind;
  Position at;
  bool has_rest = false;
  const Syntax* syntax = nullptr;
  Variable* variable = nullptr;
  Global* global = nullptr;
  Lambda* lambda = nullptr;
  Arena::List<Variable*> variables;
  Arena::List<Expression*> operands;

  Expression(Arena& arena, Kind the_kind, Position place)
      : kind(the_kind),
        at(place),
        variables(arena.MakeList<Variable*>()),
        operands(arena.MakeList<Expression*>()) {}
};

struct Lambda {
  std::string_view name;  // Empty if it has none.
  Position at;
  Arena::List<Variable*> parameters;  // The last takes the rest if has_rest.
  bool has_rest = false;
  Expression* body = nullptr;
  // Calls in tail position keep its frame, which says where they were: of what
  // runs once.
  bool keeps_frame = false;

  // By runtime/lambda/analysis.h. Whose body it is in:
  Lambda* outer = nullptr;
  Arena::List<Variable*> captures;
  // What it is bound to, so that its closures find themselves under the name.
  Variable* self = nullptr;
  // Whether it is no procedure but a loop in its outer's code.
  bool is_loop = false;

  // By the compiler: it is so long that comparisons cannot jump everywhere.
  bool has_far_jumps = false;

  Lambda(Arena& arena, Position place)
      : at(place),
        parameters(arena.MakeList<Variable*>()),
        captures(arena.MakeList<Variable*>()) {}
};

}  // namespace fledge::lambda
