// TemplateExpansion: what a template makes of the matches of a pattern.
//
// Each identifier of the template becomes an alias, one for the whole
// expansion: a name that nobody else has, which means, where it is not bound,
// what its symbol means where the macro was defined [Clinger and Rees].
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors:
// SyntaxError.
#pragma once

#include <span>
#include <vector>

#include "runtime/lambda/expander.h"
#include "runtime/lambda/macro.h"
#include "runtime/lambda/pattern_match.h"

namespace fledge::lambda {

class TemplateExpansion {
 public:
  // For one use, at `at`, of a macro. The matches are those of the rule's
  // variables.
  TemplateExpansion(Expander& expander, const Macro& macro, const Rule& rule,
                    std::vector<Match>& matches, Position at);

  // In the expander's arena. O(size of what is made).
  const Syntax* Make(const Template& part);

 private:
  const Syntax* MakeAlias(const Template& part);
  void AddItem(const Template& item, std::vector<const Syntax*>& items);
  void AddRepeated(const Template& repeated, std::vector<const Syntax*>& items);

  Expander& expander_;
  const Macro& macro_;
  std::vector<Match>& matches_;
  Position at_;
  std::vector<const Syntax*> aliases_;  // By index; null until it is needed.
};

}  // namespace fledge::lambda
