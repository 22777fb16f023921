#include "runtime/lambda/expression_text.h"

#include <cstddef>
#include <map>
#include <span>
#include <string_view>
#include <unordered_map>

#include "runtime/lambda/global.h"
#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {
namespace {

class Writer {
 public:
  std::string Text(const Expression& expression) {
    using Kind = Expression::Kind;
    const auto& operands = expression.operands;
    switch (expression.kind) {
      case Kind::kConstant:
        return "'" + TextOf(*expression.syntax);
      case Kind::kUnspecified:
        return "#!unspecified";
      case Kind::kLocal:
        return NameOf(*expression.variable);
      case Kind::kSetLocal:
        return "(set! " + NameOf(*expression.variable) + Each(operands) + ")";
      case Kind::kGlobal:
        return NameOf(*expression.global);
      case Kind::kSetGlobal:
        return "(set! " + NameOf(*expression.global) + Each(operands) + ")";
      case Kind::kDefine:
        return "(define " + NameOf(*expression.global) + Each(operands) + ")";
      case Kind::kIf:
        return "(if" + Each(operands) + ")";
      case Kind::kSequence:
        return "(begin" + Each(operands) + ")";
      case Kind::kLambda:
        return TextOfLambda(*expression.lambda);
      case Kind::kCall:
        return "(" + Each(operands).substr(1) + ")";
      case Kind::kLet:
        return Bindings("let", expression);
      case Kind::kLetrec:
        return Bindings("letrec*", expression);
      case Kind::kReceive: {
        const std::string values = Text(*operands[0]);
        return "(receive " +
               Variables(expression.variables, expression.has_rest) + " " +
               values + " " + Text(*operands[1]) + ")";
      }
    }
    return "";
  }

 private:
  std::string Each(std::span<Expression* const> operands) {
    std::string text;
    for (const Expression* operand : operands) text += " " + Text(*operand);
    return text;
  }

  static std::string NameOf(const Global& global) {
    return std::string(global.name->text);
  }
  std::string NameOf(const Variable& variable) {
    const auto [found, is_new] = names_.try_emplace(&variable);
    if (is_new) {
      found->second = std::string(variable.name) + "." +
                      std::to_string(counts_[variable.name]++);
    }
    return found->second;
  }

  std::string Variables(std::span<Variable* const> variables, bool has_rest) {
    std::string text = "(";
    for (std::size_t i = 0; i < variables.size(); ++i) {
      const bool is_rest = has_rest && i + 1 == variables.size();
      if (i > 0) text += " ";
      if (is_rest) text += ". ";
      text += NameOf(*variables[i]);
    }
    return text + ")";
  }

  std::string Bindings(std::string_view word, const Expression& expression) {
    std::string text = "(" + std::string(word) + " (";
    for (std::size_t i = 0; i < expression.variables.size(); ++i) {
      if (i > 0) text += " ";
      text += "(" + NameOf(*expression.variables[i]);
      text += " " + Text(*expression.operands[i]) + ")";
    }
    return text + ") " + Text(*expression.operands.back()) + ")";
  }

  std::string TextOfLambda(const Lambda& lambda) {
    std::string text = "(lambda ";
    text += Variables(lambda.parameters, lambda.has_rest);
    return text + " " + Text(*lambda.body) + ")";
  }

  std::unordered_map<const Variable*, std::string> names_;
  std::map<std::string_view, int> counts_;
};

}  // namespace

std::string TextOf(const Expression& expression) {
  return Writer().Text(expression);
}

}  // namespace fledge::lambda
