#include "docs/tutorial-llvm/checker.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "docs/tutorial-llvm/object_model.h"

namespace nest {
namespace {

[[noreturn]] void Fail(Position at, const std::string& message) {
  throw SourceError{at, message};
}

// Whether every way through ends in a return.
bool Returns(const Block& block) {
  if (block.empty()) return false;
  const Statement& last = *block.back();
  return last.kind == Statement::Kind::kReturn ||
         (last.kind == Statement::Kind::kIf && Returns(last.body) &&
          Returns(last.otherwise));
}

class Checker {
 public:
  explicit Checker(Program& program)
      : program_(program), types_(program.types) {}

  void Run() {
    for (const auto& type : types_.all()) {
      if (!type->is_defined) {
        Fail(type->at, "there is no type " + type->name);
      }
      CheckSize(type->at, type->fields.size());
    }
    for (const auto& function : program_.functions) {
      SetType(*function);
      if (!functions_.emplace(function->name, function.get()).second) {
        Fail(function->at, "function " + function->name + " is defined twice");
      }
    }
    const auto main = functions_.find("main");
    if (main == functions_.end()) Fail({}, "there is no function main");
    if (main->second->type->name != "fn(int)") {
      Fail(main->second->at,
           "main is " + main->second->type->name + ", but has to be fn(int)");
    }
    for (const auto& function : program_.functions) CheckFunction(*function);
  }

 private:
  using Kind = Expression::Kind;

  // A function whose body is being checked, and its names, innermost last.
  struct Scope {
    Function& function;
    std::vector<const Variable*> names;
  };

  void SetType(Function& function) {
    std::vector<const Type*> parameters;
    for (const auto& one : function.parameters) parameters.push_back(one->type);
    function.type = types_.Function(std::move(parameters), function.result);
  }

  void CheckFunction(Function& function) {
    Scope scope{function, {}};
    for (const auto& parameter : function.parameters) {
      scope.names.push_back(parameter.get());
    }
    scopes_.push_back(&scope);
    CheckBlock(function.body);
    scopes_.pop_back();
    if (function.result != types_.nothing() && !Returns(function.body)) {
      Fail(function.at, "not every way through ends in a return of " +
                            function.result->name);
    }
  }

  static void CheckSize(Position at, std::size_t words) {
    if (words > ObjectModel::kMostWords) {
      Fail(at, "an object has at most " +
                   std::to_string(ObjectModel::kMostWords) + " words");
    }
  }

  Scope& scope() { return *scopes_.back(); }

  const Variable* Declare(const std::string& name, const Type* type) {
    auto& variables = scope().function.variables;
    variables.push_back(std::make_unique<Variable>(Variable{name, type}));
    scope().names.push_back(variables.back().get());
    return variables.back().get();
  }

  void CheckBlock(Block& block) {
    const std::size_t names = scope().names.size();
    for (auto& statement : block) CheckStatement(*statement);
    scope().names.resize(names);
  }

  void CheckStatement(Statement& statement) {
    using Of = Statement::Kind;
    Expressions& expressions = statement.expressions;
    switch (statement.kind) {
      case Of::kLet: {
        const Type* type = statement.declared;
        if (type != nullptr) {
          Expect(*expressions[0], type);
        } else {
          type = CheckValue(*expressions[0]);
          if (type == types_.nil()) {
            Fail(statement.at,
                 "write the type: let " + statement.name + ": ... = nil");
          }
        }
        statement.variable = Declare(statement.name, type);
        break;
      }
      case Of::kAssign: {
        Expression& target = *expressions[0];
        const Type* const type = CheckValue(target);
        const bool is_field =
            target.kind == Kind::kField &&
            target.operands[0]->type->kind == Type::Kind::kRecord;
        if (target.variable != nullptr && target.variable->is_captured) {
          Fail(target.at, target.text +
                              " is captured, which copies it, and "
                              "cannot be assigned to");
        }
        if (!is_field && target.variable == nullptr) {
          Fail(target.at, "only variables and fields are assigned to");
        }
        Expect(*expressions[1], type);
        break;
      }
      case Of::kIf:
      case Of::kWhile:
        Expect(*expressions[0], types_.boolean());
        CheckBlock(statement.body);
        CheckBlock(statement.otherwise);
        break;
      case Of::kFor: {
        Expect(*expressions[0], types_.integer());
        Expect(*expressions[1], types_.integer());
        const std::size_t names = scope().names.size();
        statement.variable = Declare(statement.name, types_.integer());
        CheckBlock(statement.body);
        scope().names.resize(names);
        break;
      }
      case Of::kReturn: {
        const Type* const result = scope().function.result;
        if (expressions.empty()) {
          if (result != types_.nothing()) {
            Fail(statement.at,
                 "a value of type " + result->name + " is to be returned");
          }
        } else if (result == types_.nothing()) {
          Fail(expressions[0]->at, "this function returns nothing");
        } else {
          Expect(*expressions[0], result);
        }
        break;
      }
      case Of::kPrint:
        for (auto& one : expressions) {
          if (one->kind != Kind::kText) Expect(*one, types_.integer());
        }
        break;
      case Of::kExpression:
        if (expressions[0]->kind != Kind::kCall) {
          Fail(statement.at, "this has no effect");
        }
        CheckExpression(*expressions[0]);
        break;
    }
  }

  // An expression where one of `type` is needed.
  void Expect(Expression& expression, const Type* type) {
    if (expression.kind == Kind::kBinary && expression.text == "::" &&
        type->kind == Type::Kind::kList) {
      // So that [] may be an item.
      Expect(*expression.operands[0], type->element);
      Expect(*expression.operands[1], type);
      expression.type = type;
      return;
    }
    const Type* const found = CheckExpression(expression);
    if (found == types_.nil() && type->MayBeNil()) {
      expression.type = type;
    } else if (found != type) {
      Fail(expression.at, "expected " + type->name + ", found " + found->name);
    }
  }
  // Where one of any type is needed.
  const Type* CheckValue(Expression& expression) {
    const Type* const type = CheckExpression(expression);
    if (type == types_.nothing()) Fail(expression.at, "this has no value");
    return type;
  }

  const Type* CheckExpression(Expression& expression) {
    expression.type = TypeOf(expression);
    return expression.type;
  }

  const Type* TypeOf(Expression& expression) {
    Expressions& operands = expression.operands;
    switch (expression.kind) {
      case Kind::kInteger:
        return types_.integer();
      case Kind::kBoolean:
        return types_.boolean();
      case Kind::kNil:
        return types_.nil();
      case Kind::kText:
        Fail(expression.at, "a text can only be printed");
      case Kind::kName:
        return TypeOfName(expression);
      case Kind::kField:
        return TypeOfField(expression);
      case Kind::kCall:
        return TypeOfCall(expression);
      case Kind::kNot:
        Expect(*operands[0], types_.boolean());
        return types_.boolean();
      case Kind::kNegate:
        Expect(*operands[0], types_.integer());
        return types_.integer();
      case Kind::kBinary:
        return TypeOfBinary(expression);
      case Kind::kLambda:
        SetType(*expression.function);
        CheckFunction(*expression.function);
        CheckSize(expression.at, 1 + expression.function->captures.size());
        return expression.function->type;
    }
    return nullptr;
  }

  const Type* TypeOfName(Expression& name) {
    name.variable = Find(name.text, scopes_.size());
    if (name.variable != nullptr) return name.variable->type;
    const auto function = functions_.find(name.text);
    if (function == functions_.end()) {
      Fail(name.at, "there is no variable or function " + name.text);
    }
    name.named = function->second;
    return name.named->type;
  }

  // A variable as the innermost of `depth` functions sees it: its own, or a
  // capture of one of the function around it; null if there is none.
  const Variable* Find(const std::string& name, std::size_t depth) {
    if (depth == 0) return nullptr;
    Scope& at = *scopes_[depth - 1];
    for (auto one = at.names.rbegin(); one != at.names.rend(); ++one) {
      if ((*one)->name == name) return *one;
    }
    for (const Function::Capture& capture : at.function.captures) {
      if (capture.inner->name == name) return capture.inner;
    }
    const Variable* const outer = Find(name, depth - 1);
    if (outer == nullptr) return nullptr;
    auto& variables = at.function.variables;
    variables.push_back(
        std::make_unique<Variable>(Variable{name, outer->type, true}));
    at.function.captures.push_back({outer, variables.back().get()});
    return variables.back().get();
  }

  const Type* TypeOfField(Expression& field) {
    const Type* const type = CheckValue(*field.operands[0]);
    if (type->kind == Type::Kind::kList) {
      if (field.text == "head") return type->element;
      if (field.text == "tail") return type;
    }
    for (const Field& one : type->fields) {
      if (one.name == field.text) return one.type;
    }
    Fail(field.at, type->name + " has no field " + field.text);
  }

  const Type* TypeOfCall(Expression& call) {
    Expression& callee = *call.operands[0];
    std::vector<const Type*> parameters;
    const Type* result = nullptr;
    const Type* const record = RecordNamed(callee);
    if (record != nullptr) {
      call.is_construction = true;
      for (const Field& field : record->fields) {
        parameters.push_back(field.type);
      }
      result = record;
    } else {
      const Type* const function = CheckValue(callee);
      if (function->kind != Type::Kind::kFunction) {
        Fail(callee.at, function->name + " is not a function");
      }
      parameters = function->parameters;
      result = function->result;
    }
    if (call.operands.size() - 1 != parameters.size()) {
      Fail(call.at, "expected " + std::to_string(parameters.size()) +
                        " arguments, found " +
                        std::to_string(call.operands.size() - 1));
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      Expect(*call.operands[i + 1], parameters[i]);
    }
    return result;
  }

  const Type* RecordNamed(const Expression& callee) const {
    if (callee.kind != Kind::kName) return nullptr;
    for (const auto& type : types_.all()) {
      if (type->kind == Type::Kind::kRecord && type->name == callee.text) {
        return type.get();
      }
    }
    return nullptr;
  }

  const Type* TypeOfBinary(Expression& binary) {
    Expression& left = *binary.operands[0];
    Expression& right = *binary.operands[1];
    const std::string& mark = binary.text;
    if (mark == "::") {
      const Type* const element = CheckValue(left);
      if (element == types_.nil()) {
        Fail(left.at, "of what type the list's items are is not known");
      }
      const Type* const list = types_.ListOf(element);
      Expect(right, list);
      return list;
    }
    if (mark == "&&" || mark == "||") {
      Expect(left, types_.boolean());
      Expect(right, types_.boolean());
      return types_.boolean();
    }
    if (mark == "==" || mark == "!=") {
      const Type* type = CheckValue(left);
      if (type == types_.nil()) {
        type = CheckValue(right);
        Expect(left, type);
      }
      Expect(right, type);
      return types_.boolean();
    }
    Expect(left, types_.integer());
    Expect(right, types_.integer());
    const bool compares = mark[0] == '<' || mark[0] == '>';
    return compares ? types_.boolean() : types_.integer();
  }

  Program& program_;
  Types& types_;
  std::map<std::string, Function*> functions_;
  std::vector<Scope*> scopes_;  // Of functions, innermost last.
};

}  // namespace

void Check(Program& program) { Checker(program).Run(); }

}  // namespace nest
