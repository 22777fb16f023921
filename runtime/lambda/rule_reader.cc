#include "runtime/lambda/rule_reader.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {
namespace {

using Kind = Syntax::Kind;

// The items of a list, and what comes after the dot; null if nothing.
struct Dotted {
  std::vector<const Syntax*> items;
  const Syntax* tail = nullptr;
};

Dotted TakeApart(const Syntax& list) {
  Dotted dotted;
  const Syntax* rest = &list;
  for (; rest->Is(Kind::kPair); rest = rest->rest) {
    dotted.items.push_back(rest->first);
  }
  if (!rest->Is(Kind::kNil)) dotted.tail = rest;
  return dotted;
}

}  // namespace

RuleReader::RuleReader(Expander& expander, const Scope& scope, Arena& memory,
                       const Syntax* ellipsis,
                       std::span<const Syntax* const> literals)
    : expander_(expander),
      scope_(scope),
      memory_(memory),
      ellipsis_(ellipsis),
      literals_(literals) {}

Rule RuleReader::Read(const Syntax& pattern, const Syntax& result) {
  // The keyword is not looked at.
  if (!pattern.first->IsIdentifier()) {
    FailSyntax(pattern.first->at, "a pattern begins with a name or _");
  }
  const Pattern* const arguments = ReadPattern(*pattern.rest, 0);
  const Template* const made = ReadTemplate(result, 0, Ellipses::kRepeat);
  return {arguments, made, static_cast<std::uint32_t>(variables_.size()),
          static_cast<std::uint32_t>(identifiers_.size())};
}

bool RuleReader::IsLiteral(const Syntax& identifier) const {
  for (const Syntax* literal : literals_) {
    if (Identifier::Of(*literal) == Identifier::Of(identifier)) return true;
  }
  return false;
}

bool RuleReader::IsEllipsis(const Syntax& syntax) const {
  if (!syntax.IsIdentifier() || IsLiteral(syntax)) return false;
  return ellipsis_ == nullptr
             ? Means(syntax, scope_, CoreForm::kEllipsis)
             : Identifier::Of(syntax) == Identifier::Of(*ellipsis_);
}

const Pattern* RuleReader::ReadPattern(const Syntax& syntax,
                                       std::uint32_t depth) {
  expander_.CheckDepth(syntax.at);
  expander_.CountParts(1, syntax.at);
  switch (syntax.kind) {
    case Kind::kSymbol:
    case Kind::kAlias:
      return ReadIdentifier(syntax, depth);
    case Kind::kNil:
    case Kind::kPair: {
      const Dotted dotted = TakeApart(syntax);
      return ReadSequence(Pattern::Kind::kList, dotted.items, dotted.tail,
                          depth);
    }
    case Kind::kVector:
      return ReadSequence(Pattern::Kind::kVector, syntax.items, nullptr, depth);
    case Kind::kMap:
    case Kind::kLabelled:
    case Kind::kReference:
      FailSyntax(syntax.at, "maps and labels are not for patterns");
    default: {
      auto* const datum = memory_.Make<Pattern>(Pattern::Kind::kDatum);
      datum->syntax = Keep(syntax);
      return datum;
    }
  }
}

const Pattern* RuleReader::ReadIdentifier(const Syntax& identifier,
                                          std::uint32_t depth) {
  if (IsLiteral(identifier)) {
    auto* const literal = memory_.Make<Pattern>(Pattern::Kind::kLiteral);
    literal->syntax = Keep(identifier);
    return literal;
  }
  if (IsEllipsis(identifier)) {
    FailSyntax(identifier.at, "an ellipsis follows what it repeats");
  }
  if (Means(identifier, scope_, CoreForm::kUnderscore)) {
    return memory_.Make<Pattern>(Pattern::Kind::kAnything);
  }
  const auto index = static_cast<std::uint32_t>(variables_.size());
  if (!variables_
           .try_emplace(Identifier::Of(identifier), Variable{index, depth})
           .second) {
    FailSyntax(identifier.at, TextOf(identifier) +
                                  " occurs twice in the "
                                  "pattern");
  }
  return memory_.Make<Pattern>(Pattern::Kind::kVariable, index);
}

const Pattern* RuleReader::ReadSequence(Pattern::Kind kind,
                                        std::span<const Syntax* const> items,
                                        const Syntax* tail,
                                        std::uint32_t depth) {
  auto* const sequence = memory_.Make<Pattern>(kind);
  std::vector<const Pattern*> before;
  std::vector<const Pattern*> after;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool is_repeated = i + 1 < items.size() && IsEllipsis(*items[i + 1]);
    if (!is_repeated) {
      auto& place = sequence->repeated == nullptr ? before : after;
      place.push_back(ReadPattern(*items[i], depth));
      continue;
    }
    if (sequence->repeated != nullptr) {
      FailSyntax(items[i + 1]->at, "a list's pattern has one ellipsis");
    }
    const auto first = static_cast<std::uint32_t>(variables_.size());
    sequence->repeated = ReadPattern(*items[i], depth + 1);
    std::vector<std::uint32_t> variables;
    for (std::uint32_t v = first; v < variables_.size(); ++v) {
      variables.push_back(v);
    }
    sequence->variables =
        memory_.Copy(std::span<const std::uint32_t>(variables));
    ++i;
  }
  sequence->before = memory_.Copy(std::span<const Pattern* const>(before));
  sequence->after = memory_.Copy(std::span<const Pattern* const>(after));
  if (tail != nullptr) sequence->tail = ReadPattern(*tail, depth);
  return sequence;
}

const Template* RuleReader::ReadTemplate(const Syntax& syntax,
                                         std::uint32_t depth,
                                         Ellipses ellipses) {
  expander_.CheckDepth(syntax.at);
  expander_.CountParts(1, syntax.at);
  switch (syntax.kind) {
    case Kind::kSymbol:
    case Kind::kAlias:
      if (ellipses == Ellipses::kRepeat && IsEllipsis(syntax)) {
        FailSyntax(syntax.at,
                   "an ellipsis follows what it repeats; to mean "
                   "itself, it is written (... ...)");
      }
      return ReadTemplateIdentifier(syntax, depth);
    case Kind::kPair: {
      const Dotted dotted = TakeApart(syntax);
      if (ellipses == Ellipses::kRepeat && IsEllipsis(*syntax.first)) {
        if (dotted.items.size() != 2 || dotted.tail != nullptr) {
          FailSyntax(syntax.at, "an escape is written (... template)");
        }
        return ReadTemplate(*dotted.items[1], depth, Ellipses::kAreEscaped);
      }
      return ReadTemplateItems(Template::Kind::kList, dotted.items, dotted.tail,
                               depth, ellipses);
    }
    case Kind::kVector:
      return ReadTemplateItems(Template::Kind::kVector, syntax.items, nullptr,
                               depth, ellipses);
    case Kind::kMap:
      return ReadTemplateItems(Template::Kind::kMap, syntax.items, nullptr,
                               depth, ellipses);
    case Kind::kLabelled:
    case Kind::kReference:
      FailSyntax(syntax.at, "labels are not for templates");
    default: {
      auto* const datum = memory_.Make<Template>(Template::Kind::kDatum);
      datum->syntax = Keep(syntax);
      return datum;
    }
  }
}

const Template* RuleReader::ReadTemplateIdentifier(const Syntax& identifier,
                                                   std::uint32_t depth) {
  const auto variable = variables_.find(Identifier::Of(identifier));
  if (variable != variables_.end()) {
    if (variable->second.depth > depth) {
      FailSyntax(identifier.at, TextOf(identifier) +
                                    " is followed by more ellipses in the "
                                    "pattern than here");
    }
    in_template_.push_back(variable->second);
    return memory_.Make<Template>(Template::Kind::kVariable,
                                  variable->second.index);
  }
  const auto next = static_cast<std::uint32_t>(identifiers_.size());
  const std::uint32_t index =
      identifiers_.try_emplace(Identifier::Of(identifier), next).first->second;
  if (scope_.IsNamespace()) {
    scope_.space().MentionInTemplate(SymbolOf(identifier));
  }
  auto* const made = memory_.Make<Template>(Template::Kind::kIdentifier, index);
  made->syntax = Keep(identifier);
  return made;
}

const Template* RuleReader::ReadTemplateItems(
    Template::Kind kind, std::span<const Syntax* const> items,
    const Syntax* tail, std::uint32_t depth, Ellipses ellipses) {
  auto* const made = memory_.Make<Template>(kind);
  std::vector<const Template*> parts;
  for (std::size_t i = 0; i < items.size();) {
    const Syntax& item = *items[i++];
    std::uint32_t count = 0;
    while (ellipses == Ellipses::kRepeat && i < items.size() &&
           IsEllipsis(*items[i])) {
      ++count;
      ++i;
    }
    parts.push_back(count == 0 ? ReadTemplate(item, depth, ellipses)
                               : ReadRepeated(item, count, depth));
  }
  made->items = memory_.Copy(std::span<const Template* const>(parts));
  if (tail != nullptr) made->tail = ReadTemplate(*tail, depth, ellipses);
  return made;
}

const Template* RuleReader::ReadRepeated(const Syntax& item,
                                         std::uint32_t count,
                                         std::uint32_t depth) {
  const std::size_t first = in_template_.size();
  const Template* made = ReadTemplate(item, depth + count, Ellipses::kRepeat);
  // The innermost ellipsis first.
  for (std::uint32_t outside = depth + count; outside-- > depth;) {
    std::vector<std::uint32_t> variables;
    for (std::size_t i = first; i < in_template_.size(); ++i) {
      const auto& [index, variable_depth] = in_template_[i];
      const bool is_new = std::find(variables.begin(), variables.end(),
                                    index) == variables.end();
      if (variable_depth > outside && is_new) variables.push_back(index);
    }
    if (variables.empty()) {
      FailSyntax(item.at,
                 "an ellipsis follows this, but nothing in it is "
                 "repeated in the pattern");
    }
    auto* const repeated = memory_.Make<Template>(Template::Kind::kRepeated);
    repeated->first = made;
    repeated->variables =
        memory_.Copy(std::span<const std::uint32_t>(variables));
    made = repeated;
  }
  return made;
}

// A copy that lives as long as the macro. An alias may be one of an alias and
// so on, once for each macro that has defined a macro.
const Syntax* RuleReader::Keep(const Syntax& leaf) {
  expander_.CheckDepth(leaf.at);
  expander_.CountParts(1, leaf.at);
  auto* const kept = memory_.Make<Syntax>(leaf);
  kept->text = memory_.Copy(leaf.text);
  if (leaf.Is(Kind::kAlias)) {
    kept->alias = memory_.Make<Syntax::Alias>(
        Keep(*leaf.alias->identifier), leaf.alias->scope, leaf.alias->number);
  }
  return kept;
}

}  // namespace fledge::lambda
