#include "runtime/lambda/template_expansion.h"

#include <cstddef>

namespace fledge::lambda {

TemplateExpansion::TemplateExpansion(Expander& expander, const Macro& macro,
                                     const Rule& rule,
                                     std::vector<Match>& matches, Position at)
    : expander_(expander),
      macro_(macro),
      matches_(matches),
      at_(at),
      aliases_(rule.identifier_count) {}

const Syntax* TemplateExpansion::Make(const Template& part) {
  expander_.CheckDepth(at_);
  expander_.CountParts(1, at_);
  Arena& arena = expander_.arena();
  switch (part.kind) {
    case Template::Kind::kDatum:
      return part.syntax;
    case Template::Kind::kIdentifier:
      return MakeAlias(part);
    case Template::Kind::kVariable:
      return matches_[part.index].syntax;
    default:
      break;
  }
  std::vector<const Syntax*> items;
  for (const Template* item : part.items) AddItem(*item, items);
  if (part.kind == Template::Kind::kList) {
    return expander_.ListOf(items, at_,
                            part.tail == nullptr ? nullptr : Make(*part.tail));
  }
  const bool is_map = part.kind == Template::Kind::kMap;
  if (is_map && items.size() % 2 != 0) {
    FailSyntax(at_, "the last key of the map that this makes has no value");
  }
  auto* const made = arena.Make<Syntax>(
      is_map ? Syntax::Kind::kMap : Syntax::Kind::kVector, at_);
  made->items = arena.Copy(std::span<const Syntax* const>(items));
  return made;
}

const Syntax* TemplateExpansion::MakeAlias(const Template& part) {
  const Syntax*& alias = aliases_[part.index];
  if (alias == nullptr) {
    Arena& arena = expander_.arena();
    auto* const made = arena.Make<Syntax>(Syntax::Kind::kAlias, at_);
    made->alias = arena.Make<Syntax::Alias>(part.syntax, macro_.scope,
                                            expander_.libraries().NextAlias());
    alias = made;
  }
  return alias;
}

void TemplateExpansion::AddItem(const Template& item,
                                std::vector<const Syntax*>& items) {
  if (item.kind == Template::Kind::kRepeated) {
    AddRepeated(item, items);
  } else {
    items.push_back(Make(item));
  }
}

void TemplateExpansion::AddRepeated(const Template& repeated,
                                    std::vector<const Syntax*>& items) {
  expander_.CheckDepth(at_);
  std::vector<Match> whole;
  for (const std::uint32_t variable : repeated.variables) {
    whole.push_back(matches_[variable]);
  }
  const std::size_t count = whole[0].items.size();
  for (const Match& match : whole) {
    if (match.items.size() != count) {
      FailSyntax(at_,
                 "what is repeated together in this macro has to match "
                 "equally often");
    }
  }
  expander_.CountParts(count, at_);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < whole.size(); ++j) {
      matches_[repeated.variables[j]] = whole[j].items[i];
    }
    AddItem(*repeated.first, items);
  }
  for (std::size_t j = 0; j < whole.size(); ++j) {
    matches_[repeated.variables[j]] = whole[j];
  }
}

}  // namespace fledge::lambda
