#include "runtime/lambda/syntax_rules.h"

#include <string>
#include <vector>

#include "runtime/lambda/pattern_match.h"
#include "runtime/lambda/rule_reader.h"
#include "runtime/lambda/syntax_text.h"
#include "runtime/lambda/template_expansion.h"

namespace fledge::lambda {
namespace {

constexpr std::size_t kMaxShownBytes = 60;

const Macro* ReadSyntaxRules(Expander& expander, const Syntax& form,
                             const Scope& scope, Arena& memory) {
  const CoreUse use = expander.UseOf(CoreForm::kSyntaxRules, form, scope);
  use.Require(!use.items.empty());
  const Syntax* const ellipsis =
      use.items[0]->IsIdentifier() ? use.items[0] : nullptr;
  const auto parts = use.items.subspan(ellipsis == nullptr ? 0 : 1);
  use.Require(!parts.empty());
  const auto literals = expander.ItemsOf(*parts[0]);
  use.Require(literals.has_value());
  for (const Syntax* literal : *literals) {
    if (!literal->IsIdentifier()) {
      FailSyntax(literal->at, "a literal of syntax-rules is a name");
    }
  }
  std::vector<Rule> rules;
  for (const Syntax* rule : parts.subspan(1)) {
    const auto both = expander.ItemsOf(*rule);
    if (!both.has_value() || both->size() != 2 ||
        !both->front()->Is(Syntax::Kind::kPair)) {
      FailSyntax(rule->at, "a rule is written ((_ . pattern) template)");
    }
    rules.push_back(RuleReader(expander, scope, memory, ellipsis, *literals)
                        .Read(*(*both)[0], *(*both)[1]));
  }
  return memory.Make<Macro>(&scope, memory.Copy(std::span<const Rule>(rules)));
}

}  // namespace

Denotation ReadTransformer(Expander& expander, const Syntax& syntax,
                           const Scope& scope, Arena& memory) {
  if (syntax.Is(Syntax::Kind::kPair) &&
      Means(*syntax.first, scope, CoreForm::kSyntaxRules)) {
    return Denotation::Of(ReadSyntaxRules(expander, syntax, scope, memory));
  }
  if (syntax.IsIdentifier()) {
    const Denotation denotation = Resolve(syntax, scope).denotation;
    if (denotation.kind == Denotation::Kind::kMacro ||
        denotation.kind == Denotation::Kind::kCoreForm) {
      return denotation;
    }
  }
  FailSyntax(syntax.at, "a macro is written " +
                            std::string(ShapeOf(CoreForm::kSyntaxRules)));
}

const Syntax* ExpandMacro(Expander& expander, const Macro& macro,
                          const Syntax& use, const Scope& scope) {
  PatternMatcher matcher(expander, *macro.scope, scope);
  std::vector<Match> matches;
  for (const Rule& rule : macro.rules) {
    expander.CountParts(1, use.at);
    if (matcher.Matches(rule, *use.rest, matches)) {
      return TemplateExpansion(expander, macro, rule, matches, use.at)
          .Make(*rule.result);
    }
  }
  FailSyntax(use.at,
             "no rule of the macro matches " + TextOf(use, kMaxShownBytes));
}

}  // namespace fledge::lambda
