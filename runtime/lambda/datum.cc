#include "runtime/lambda/datum.h"

#include <span>
#include <vector>

#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {

const Syntax* DatumMaker::Make(const Syntax& syntax) {
  using Kind = Syntax::Kind;
  if (stack_.IsReached()) {
    throw SyntaxError(syntax.at, "this is nested too deeply");
  }
  switch (syntax.kind) {
    case Kind::kAlias: {
      auto* const symbol = arena_.Make<Syntax>(Kind::kSymbol, syntax.at);
      symbol->name = SymbolOf(syntax);
      return symbol;
    }
    case Kind::kPair:
      return MakePairs(syntax);
    case Kind::kVector:
    case Kind::kMap:
      return MakeItems(syntax);
    case Kind::kLabelled: {
      const Syntax* const first = Make(*syntax.first);
      if (first == syntax.first) return &syntax;
      auto* const labelled = arena_.Make<Syntax>(syntax);
      labelled->first = first;
      return labelled;
    }
    default:
      return &syntax;
  }
}

// Along the list, since lists are longer than they are deep.
const Syntax* DatumMaker::MakePairs(const Syntax& list) {
  std::vector<const Syntax*> pairs;
  const Syntax* rest = &list;
  while (rest->Is(Syntax::Kind::kPair) && !made_.contains(rest)) {
    pairs.push_back(rest);
    rest = rest->rest;
  }
  const auto known = made_.find(rest);
  const Syntax* made = known == made_.end() ? Make(*rest) : known->second;
  for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair) {
    const Syntax* const first = Make(*(*pair)->first);
    if (first == (*pair)->first && made == (*pair)->rest) {
      made = *pair;
    } else {
      auto* const copy = arena_.Make<Syntax>(**pair);
      copy->first = first;
      copy->rest = made;
      made = copy;
    }
    made_.emplace(*pair, made);
  }
  return made;
}

const Syntax* DatumMaker::MakeItems(const Syntax& vector) {
  const auto known = made_.find(&vector);
  if (known != made_.end()) return known->second;
  std::vector<const Syntax*> items;
  bool is_same = true;
  for (const Syntax* item : vector.items) {
    items.push_back(Make(*item));
    is_same = is_same && items.back() == item;
  }
  const Syntax* made = &vector;
  if (!is_same) {
    auto* const copy = arena_.Make<Syntax>(vector);
    copy->items = arena_.Copy(std::span<const Syntax* const>(items));
    made = copy;
  }
  made_.emplace(&vector, made);
  return made;
}

}  // namespace fledge::lambda
