#include "runtime/lambda/pattern_match.h"

#include <cstddef>

namespace fledge::lambda {
namespace {

using Kind = Syntax::Kind;

// Of data without parts.
bool AreEqual(const Syntax& a, const Syntax& b) {
  return a.kind == b.kind && a.integer == b.integer && a.text == b.text &&
         (a.number == b.number ||
          (a.number != a.number && b.number != b.number));
}

}  // namespace

bool PatternMatcher::Matches(const Rule& rule, const Syntax& form,
                             std::vector<Match>& matches) {
  matches.assign(rule.variable_count, Match());
  matches_ = &matches;
  return MatchPart(*rule.pattern, form);
}

bool PatternMatcher::MatchPart(const Pattern& pattern, const Syntax& form) {
  expander_.CheckDepth(form.at);
  expander_.CountParts(1, form.at);
  switch (pattern.kind) {
    case Pattern::Kind::kAnything:
      return true;
    case Pattern::Kind::kVariable:
      (*matches_)[pattern.variable] = {&form, {}};
      return true;
    case Pattern::Kind::kLiteral:
      return form.IsIdentifier() &&
             MeansTheSame(*pattern.syntax, macro_scope_, form, scope_);
    case Pattern::Kind::kDatum:
      return AreEqual(*pattern.syntax, form);
    case Pattern::Kind::kList:
      return MatchList(pattern, form);
    case Pattern::Kind::kVector:
      return form.Is(Kind::kVector) &&
             MatchList(pattern, *expander_.ListOf(form.items, form.at));
  }
  return false;
}

bool PatternMatcher::MatchList(const Pattern& pattern, const Syntax& form) {
  const Syntax* rest = &form;
  const auto match_each = [&](std::span<const Pattern* const> items) {
    for (const Pattern* item : items) {
      if (!rest->Is(Kind::kPair) || !MatchPart(*item, *rest->first)) {
        return false;
      }
      rest = rest->rest;
    }
    return true;
  };
  if (!match_each(pattern.before)) return false;
  if (pattern.repeated != nullptr) {
    std::size_t count = 0;
    for (const Syntax* at = rest; at->Is(Kind::kPair); at = at->rest) ++count;
    if (count < pattern.after.size() ||
        !MatchRepeated(pattern, count - pattern.after.size(), rest)) {
      return false;
    }
  }
  if (!match_each(pattern.after)) return false;
  return pattern.tail == nullptr ? rest->Is(Kind::kNil)
                                 : MatchPart(*pattern.tail, *rest);
}

bool PatternMatcher::MatchRepeated(const Pattern& pattern, std::size_t count,
                                   const Syntax*& rest) {
  const std::size_t variables = pattern.variables.size();
  std::vector<std::vector<Match>> columns(variables);
  for (std::size_t i = 0; i < count; ++i, rest = rest->rest) {
    if (!MatchPart(*pattern.repeated, *rest->first)) return false;
    for (std::size_t j = 0; j < variables; ++j) {
      columns[j].push_back((*matches_)[pattern.variables[j]]);
    }
  }
  for (std::size_t j = 0; j < variables; ++j) {
    (*matches_)[pattern.variables[j]] = {
        nullptr, expander_.arena().Copy(std::span<const Match>(columns[j]))};
  }
  return true;
}

}  // namespace fledge::lambda
