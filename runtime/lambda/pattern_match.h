// PatternMatch: what the variables of a pattern stand for in a use of a macro.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors:
// SyntaxError, if too much is matched or it is nested too deeply.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/lambda/expander.h"
#include "runtime/lambda/macro.h"

namespace fledge::lambda {

// Of a variable that an ellipsis follows, the matches, in turn; else `syntax`.
struct Match {
  const Syntax* syntax = nullptr;
  std::span<const Match> items;
};

class PatternMatcher {
 public:
  // For uses in `scope` of a macro that is defined in `macro_scope`.
  PatternMatcher(Expander& expander, const Scope& macro_scope,
                 const Scope& scope)
      : expander_(expander), macro_scope_(macro_scope), scope_(scope) {}

  // Whether the form matches, and if so what the rule's variables stand for, in
  // the expander's arena. O(size of what is matched).
  bool Matches(const Rule& rule, const Syntax& form,
               std::vector<Match>& matches);

 private:
  bool MatchPart(const Pattern& pattern, const Syntax& form);
  bool MatchList(const Pattern& pattern, const Syntax& form);
  // Takes `count` items of the list.
  bool MatchRepeated(const Pattern& pattern, std::size_t count,
                     const Syntax*& rest);

  Expander& expander_;
  const Scope& macro_scope_;
  const Scope& scope_;
  std::vector<Match>* matches_ = nullptr;
};

}  // namespace fledge::lambda
