// RuleReader: takes a rule of syntax-rules apart.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors:
// SyntaxError.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "runtime/lambda/expander.h"
#include "runtime/lambda/macro.h"

namespace fledge::lambda {

class RuleReader {
 public:
  // Of a macro in `scope` that lives in `memory`. `ellipsis` is null if it is
  // the usual one.
  RuleReader(Expander& expander, const Scope& scope, Arena& memory,
             const Syntax* ellipsis, std::span<const Syntax* const> literals);

  // REQUIRES: pattern.Is(Syntax::Kind::kPair).
  Rule Read(const Syntax& pattern, const Syntax& result);

 private:
  struct Variable {
    std::uint32_t index;
    std::uint32_t depth;  // How many ellipses are around it.
  };
  enum class Ellipses : std::uint8_t { kRepeat, kAreEscaped };

  bool IsEllipsis(const Syntax& syntax) const;
  bool IsLiteral(const Syntax& identifier) const;

  const Pattern* ReadPattern(const Syntax& syntax, std::uint32_t depth);
  const Pattern* ReadIdentifier(const Syntax& identifier, std::uint32_t depth);
  const Pattern* ReadSequence(Pattern::Kind kind,
                              std::span<const Syntax* const> items,
                              const Syntax* tail, std::uint32_t depth);

  const Template* ReadTemplate(const Syntax& syntax, std::uint32_t depth,
                               Ellipses ellipses);
  const Template* ReadTemplateIdentifier(const Syntax& identifier,
                                         std::uint32_t depth);
  const Template* ReadTemplateItems(Template::Kind kind,
                                    std::span<const Syntax* const> items,
                                    const Syntax* tail, std::uint32_t depth,
                                    Ellipses ellipses);
  // An item that `count` ellipses follow.
  const Template* ReadRepeated(const Syntax& item, std::uint32_t count,
                               std::uint32_t depth);

  const Syntax* Keep(const Syntax& leaf);

  Expander& expander_;
  const Scope& scope_;
  Arena& memory_;
  const Syntax* ellipsis_;
  std::span<const Syntax* const> literals_;
  std::unordered_map<Identifier, Variable, Identifier::Hash> variables_;
  std::vector<Variable> in_template_;  // In the order in which they are met.
  std::unordered_map<Identifier, std::uint32_t, Identifier::Hash> identifiers_;
};

}  // namespace fledge::lambda
