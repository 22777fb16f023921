#include "docs/tutorial-llvm/parser.h"

#include <set>
#include <string>
#include <utility>

#include "docs/tutorial-llvm/lexer.h"

namespace nest {
namespace {

const std::set<std::string, std::less<>> kKeywords = {
    "bool", "else", "false", "fn",     "for",    "if",   "in",   "int",
    "let",  "nil",  "print", "record", "return", "true", "while"};

// Operators by how strongly they bind, weakest first; "::" leans right.
constexpr std::string_view kLevels[][6] = {
    {"||"}, {"&&"},     {"==", "!=", "<", "<=", ">", ">="},
    {"::"}, {"+", "-"}, {"*", "/", "%"}};
constexpr std::size_t kConsLevel = 3;

class Parser {
 public:
  Parser(std::string_view source, Program& program)
      : lexer_(source), types_(program.types), program_(program) {
    token_ = lexer_.Next();
  }

  void Run() {
    while (token_.kind != Token::Kind::kEnd) {
      if (token_.Is("record")) {
        ParseRecord();
      } else if (token_.Is("fn")) {
        Take();
        const Position at = token_.at;
        const std::string name = TakeName();
        program_.functions.push_back(ParseFunction(at, name));
      } else {
        Fail("expected 'fn' or 'record'");
      }
    }
  }

 private:
  using Kind = Expression::Kind;

  [[noreturn]] void Fail(const std::string& what) const {
    const bool ends = token_.kind == Token::Kind::kEnd;
    throw SourceError{
        token_.at,
        what + ", found " + (ends ? "the end" : "'" + token_.text + "'")};
  }
  Token Take() {
    Token token = std::move(token_);
    token_ = lexer_.Next();
    return token;
  }
  bool TryTake(std::string_view words) {
    if (!token_.Is(words)) return false;
    Take();
    return true;
  }
  void Expect(std::string_view words) {
    if (!TryTake(words)) Fail("expected '" + std::string(words) + "'");
  }
  std::string TakeName() {
    if (token_.kind != Token::Kind::kName || kKeywords.contains(token_.text)) {
      Fail("expected a name");
    }
    return Take().text;
  }

  void ParseRecord() {
    Take();
    const Position at = token_.at;
    Type* const record = types_.Record(TakeName(), at);
    if (record->is_defined) {
      throw SourceError{at, "record " + record->name + " is defined twice"};
    }
    record->is_defined = true;
    Expect("{");
    while (!TryTake("}")) {
      const Position field_at = token_.at;
      const std::string name = TakeName();
      for (const Field& field : record->fields) {
        if (field.name == name) {
          throw SourceError{field_at, "field " + name + " occurs twice"};
        }
      }
      Expect(":");
      record->fields.push_back({name, ParseType()});
      if (!token_.Is("}")) Expect(",");
    }
  }

  const Type* ParseType() {
    if (TryTake("int")) return types_.integer();
    if (TryTake("bool")) return types_.boolean();
    if (TryTake("[")) {
      const Type* const element = ParseType();
      Expect("]");
      return types_.ListOf(element);
    }
    if (TryTake("fn")) {
      Expect("(");
      std::vector<const Type*> parameters;
      while (!TryTake(")")) {
        parameters.push_back(ParseType());
        if (!token_.Is(")")) Expect(",");
      }
      return types_.Function(std::move(parameters), ParseResult());
    }
    const Position at = token_.at;
    if (token_.kind != Token::Kind::kName || kKeywords.contains(token_.text)) {
      Fail("expected a type");
    }
    return types_.Record(TakeName(), at);
  }
  const Type* ParseResult() {
    return TryTake("->") ? ParseType() : types_.nothing();
  }

  // From the parameters on.
  std::unique_ptr<Function> ParseFunction(Position at, std::string name) {
    auto function = std::make_unique<Function>();
    function->name = std::move(name);
    function->at = at;
    Expect("(");
    while (!TryTake(")")) {
      auto parameter = std::make_unique<Variable>();
      parameter->name = TakeName();
      Expect(":");
      parameter->type = ParseType();
      function->parameters.push_back(std::move(parameter));
      if (!token_.Is(")")) Expect(",");
    }
    function->result = ParseResult();
    function->body = ParseBlock();
    return function;
  }

  Block ParseBlock() {
    Expect("{");
    Block block;
    while (!TryTake("}")) block.push_back(ParseStatement());
    return block;
  }

  std::unique_ptr<Statement> ParseStatement() {
    using Of = Statement::Kind;
    auto statement = std::make_unique<Statement>();
    statement->at = token_.at;
    Expressions& expressions = statement->expressions;
    if (TryTake("let")) {
      statement->kind = Of::kLet;
      statement->at = token_.at;
      statement->name = TakeName();
      if (TryTake(":")) statement->declared = ParseType();
      Expect("=");
      expressions.push_back(ParseExpression());
      Expect(";");
    } else if (TryTake("if")) {
      statement->kind = Of::kIf;
      expressions.push_back(ParseExpression());
      statement->body = ParseBlock();
      if (TryTake("else")) {
        if (token_.Is("if")) {
          statement->otherwise.push_back(ParseStatement());
        } else {
          statement->otherwise = ParseBlock();
        }
      }
    } else if (TryTake("while")) {
      statement->kind = Of::kWhile;
      expressions.push_back(ParseExpression());
      statement->body = ParseBlock();
    } else if (TryTake("for")) {
      statement->kind = Of::kFor;
      statement->name = TakeName();
      Expect("in");
      expressions.push_back(ParseExpression());
      Expect("..");
      expressions.push_back(ParseExpression());
      statement->body = ParseBlock();
    } else if (TryTake("return")) {
      statement->kind = Of::kReturn;
      if (!token_.Is(";")) expressions.push_back(ParseExpression());
      Expect(";");
    } else if (TryTake("print")) {
      statement->kind = Of::kPrint;
      Expect("(");
      expressions = ParseArguments();
      Expect(";");
    } else {
      statement->kind = Of::kExpression;
      expressions.push_back(ParseExpression());
      if (TryTake("=")) {
        statement->kind = Of::kAssign;
        expressions.push_back(ParseExpression());
      }
      Expect(";");
    }
    return statement;
  }

  // After "(", up to and with ")".
  Expressions ParseArguments() {
    Expressions arguments;
    while (!TryTake(")")) {
      arguments.push_back(ParseExpression());
      if (!token_.Is(")")) Expect(",");
    }
    return arguments;
  }

  static std::unique_ptr<Expression> Make(Kind kind, Position at,
                                          std::string text = {},
                                          std::int64_t number = 0) {
    auto made = std::make_unique<Expression>();
    made->kind = kind;
    made->at = at;
    made->text = std::move(text);
    made->number = number;
    return made;
  }
  static std::unique_ptr<Expression> MakeCons(
      Position at, std::unique_ptr<Expression> head,
      std::unique_ptr<Expression> tail) {
    auto cons = Make(Kind::kBinary, at, "::");
    cons->operands.push_back(std::move(head));
    cons->operands.push_back(std::move(tail));
    return cons;
  }

  std::unique_ptr<Expression> ParseExpression() { return ParseLevel(0); }

  bool IsOperatorOf(std::size_t level) const {
    for (const std::string_view mark : kLevels[level]) {
      if (!mark.empty() && token_.Is(mark)) return true;
    }
    return false;
  }

  std::unique_ptr<Expression> ParseLevel(std::size_t level) {
    if (level == std::size(kLevels)) return ParseUnary();
    auto left = ParseLevel(level + 1);
    while (IsOperatorOf(level)) {
      const Token mark = Take();
      auto binary = Make(Kind::kBinary, mark.at, mark.text);
      binary->operands.push_back(std::move(left));
      binary->operands.push_back(
          ParseLevel(level == kConsLevel ? level : level + 1));
      left = std::move(binary);
    }
    return left;
  }

  std::unique_ptr<Expression> ParseUnary() {
    if (!token_.Is("-") && !token_.Is("!")) return ParsePostfix();
    const Token mark = Take();
    auto unary = Make(mark.text == "-" ? Kind::kNegate : Kind::kNot, mark.at);
    unary->operands.push_back(ParseUnary());
    return unary;
  }

  std::unique_ptr<Expression> ParsePostfix() {
    auto expression = ParsePrimary();
    while (token_.Is(".") || token_.Is("(")) {
      const Token mark = Take();
      if (mark.text == ".") {
        auto field = Make(Kind::kField, token_.at);
        field->text = TakeName();
        field->operands.push_back(std::move(expression));
        expression = std::move(field);
      } else {
        auto call = Make(Kind::kCall, expression->at);
        call->operands.push_back(std::move(expression));
        for (auto& argument : ParseArguments()) {
          call->operands.push_back(std::move(argument));
        }
        expression = std::move(call);
      }
    }
    return expression;
  }

  std::unique_ptr<Expression> ParsePrimary() {
    const Position at = token_.at;
    if (token_.kind == Token::Kind::kInteger) {
      return Make(Kind::kInteger, at, {}, Take().number);
    }
    if (token_.kind == Token::Kind::kText) {
      return Make(Kind::kText, at, Take().text);
    }
    if (token_.Is("true") || token_.Is("false")) {
      return Make(Kind::kBoolean, at, {}, Take().text == "true" ? 1 : 0);
    }
    if (TryTake("nil")) return Make(Kind::kNil, at);
    if (TryTake("(")) {
      auto inner = ParseExpression();
      Expect(")");
      return inner;
    }
    if (TryTake("[")) {
      Expressions items;
      while (!TryTake("]")) {
        items.push_back(ParseExpression());
        if (!token_.Is("]")) Expect(",");
      }
      auto list = Make(Kind::kNil, at);
      for (auto item = items.rbegin(); item != items.rend(); ++item) {
        const Position item_at = (*item)->at;
        list = MakeCons(item_at, std::move(*item), std::move(list));
      }
      return list;
    }
    if (TryTake("fn")) {
      auto lambda = Make(Kind::kLambda, at);
      lambda->function = ParseFunction(at, {});
      return lambda;
    }
    if (token_.kind != Token::Kind::kName || kKeywords.contains(token_.text)) {
      Fail("expected an expression");
    }
    return Make(Kind::kName, at, Take().text);
  }

  Lexer lexer_;
  Types& types_;
  Program& program_;
  Token token_;
};

}  // namespace

std::unique_ptr<Program> Parse(std::string_view source) {
  auto program = std::make_unique<Program>();
  Parser(source, *program).Run();
  return program;
}

}  // namespace nest
