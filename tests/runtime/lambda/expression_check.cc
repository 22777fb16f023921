#include "tests/runtime/lambda/expression_check.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>

namespace fledge::lambda {
namespace {

class Check {
 public:
  using Kind = Expression::Kind;

  std::optional<std::string> Run(const Expression& expression) {
    Visit(expression);
    for (const Variable* variable : all_) {
      const std::string name(variable->name);
      Require(variable->reference_count == references_[variable],
              "references of " + name);
      Require(variable->is_assigned == assigned_.contains(variable),
              "assignments of " + name);
    }
    return fault_;
  }

 private:
  void Require(bool holds, const std::string& what) {
    if (!holds && !fault_.has_value()) fault_ = what;
  }

  void Bind(std::span<Variable* const> variables) {
    for (const Variable* variable : variables) {
      Require(all_.insert(variable).second, "a variable is bound twice");
      bound_.insert(variable);
    }
  }
  void Unbind(std::span<Variable* const> variables) {
    for (const Variable* variable : variables) bound_.erase(variable);
  }

  void VisitEach(std::span<Expression* const> operands) {
    for (const Expression* operand : operands) Visit(*operand);
  }

  void Visit(const Expression& node) {
    const std::span<Expression* const> operands(node.operands);
    const auto has = [&](std::size_t count) {
      Require(operands.size() == count, "the number of operands");
      return operands.size() == count;
    };
    switch (node.kind) {
      case Kind::kConstant:
        Require(
            node.syntax != nullptr && !node.syntax->Is(Syntax::Kind::kAlias),
            "a constant");
        has(0);
        break;
      case Kind::kUnspecified:
        has(0);
        break;
      case Kind::kLocal:
        Require(bound_.contains(node.variable), "a variable is not bound");
        ++references_[node.variable];
        has(0);
        break;
      case Kind::kSetLocal:
        Require(bound_.contains(node.variable), "a variable is not bound");
        assigned_.insert(node.variable);
        if (has(1)) VisitEach(operands);
        break;
      case Kind::kGlobal:
        Require(node.global != nullptr, "a global");
        has(0);
        break;
      case Kind::kSetGlobal:
      case Kind::kDefine:
        Require(node.global != nullptr, "a global");
        if (has(1)) VisitEach(operands);
        break;
      case Kind::kIf:
        if (has(3)) VisitEach(operands);
        break;
      case Kind::kSequence:
      case Kind::kCall:
        Require(!operands.empty(), "the number of operands");
        VisitEach(operands);
        break;
      case Kind::kLambda:
        Require(node.lambda != nullptr && node.lambda->body != nullptr,
                "a lambda");
        Bind(node.lambda->parameters);
        Require(!node.lambda->has_rest || !node.lambda->parameters.empty(),
                "a rest parameter");
        Visit(*node.lambda->body);
        Unbind(node.lambda->parameters);
        break;
      case Kind::kLet:
      case Kind::kLetrec: {
        if (!has(node.variables.size() + 1)) break;
        const bool is_letrec = node.kind == Kind::kLetrec;
        if (is_letrec) Bind(node.variables);
        VisitEach(operands.first(operands.size() - 1));
        if (!is_letrec) Bind(node.variables);
        Visit(*operands.back());
        Unbind(node.variables);
        break;
      }
      case Kind::kReceive:
        if (!has(2)) break;
        Visit(*operands[0]);
        Bind(node.variables);
        Require(!node.has_rest || !node.variables.empty(), "a rest variable");
        Visit(*operands[1]);
        Unbind(node.variables);
        break;
    }
  }

  std::set<const Variable*> all_;
  std::set<const Variable*> bound_;
  std::map<const Variable*, std::uint32_t> references_;
  std::set<const Variable*> assigned_;
  std::optional<std::string> fault_;
};

}  // namespace

std::optional<std::string> FindFault(const Expression& expression) {
  return Check().Run(expression);
}

}  // namespace fledge::lambda
