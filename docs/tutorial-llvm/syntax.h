// Syntax: a program as a tree. The parser makes it, the checker adds types and
// what names refer to, and the code generator reads it.
//
// Threads: none.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "docs/tutorial-llvm/source_error.h"
#include "docs/tutorial-llvm/types.h"

namespace nest {

struct Expression;
struct Statement;
struct Function;
using Expressions = std::vector<std::unique_ptr<Expression>>;
using Block = std::vector<std::unique_ptr<Statement>>;

struct Variable {
  std::string name;
  const Type* type = nullptr;
  bool is_captured = false;  // By this function: a copy, which stays as it is.
};

struct Expression {
  enum class Kind : std::uint8_t {
    kInteger,  // number
    kBoolean,  // number
    kText,     // text; an argument of print only
    kNil,      // nil or []
    kName,     // text; a variable or a function
    kField,    // operands[0].text; head and tail of a list, too
    kCall,     // operands[0](the others); a record's name makes one
    kNot,      // operands[0]; also kNegate
    kNegate,
    kBinary,  // operands[0] text operands[1]; text "::" makes a cell
    kLambda,  // function
  };

  Kind kind;
  Position at;
  std::string text;
  std::int64_t number = 0;
  Expressions operands;
  std::unique_ptr<Function> function;

  // By the checker.
  const Type* type = nullptr;
  const Variable* variable = nullptr;  // A name's; null if of a function.
  Function* named = nullptr;           // A name's.
  bool is_construction = false;        // A call that makes a record.
};

struct Statement {
  enum class Kind : std::uint8_t {
    kLet,         // let name = expressions[0]
    kAssign,      // expressions[0] = expressions[1]
    kIf,          // if expressions[0] body else otherwise
    kWhile,       // while expressions[0] body
    kFor,         // for name in expressions[0] .. expressions[1] body
    kReturn,      // return expressions[0], if there is one
    kPrint,       // print(expressions)
    kExpression,  // expressions[0]
  };

  Kind kind;
  Position at;
  std::string name;
  const Type* declared = nullptr;  // let name: declared
  Expressions expressions;
  Block body;
  Block otherwise;

  const Variable* variable = nullptr;  // By the checker: let and for.
};

struct Function {
  std::string name;  // Empty if it is a lambda.
  Position at;
  std::vector<std::unique_ptr<Variable>> parameters;
  const Type* result = nullptr;
  Block body;

  // By the checker.
  const Type* type = nullptr;
  std::vector<std::unique_ptr<Variable>>
      variables;  // Parameters not among them.
  struct Capture {
    const Variable* outer;
    const Variable* inner;
  };
  std::vector<Capture> captures;  // Of a lambda.
};

struct Program {
  Types types;
  std::vector<std::unique_ptr<Function>> functions;
};

}  // namespace nest
