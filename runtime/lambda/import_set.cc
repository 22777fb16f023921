#include "runtime/lambda/import_set.h"

#include <string>
#include <utility>
#include <vector>

#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {
namespace {

[[noreturn]] void Fail(Position at, const std::string& message) {
  throw SyntaxError(at, message);
}

const Name* NameIn(const Syntax& syntax) {
  if (!syntax.IsIdentifier()) Fail(syntax.at, "this has to be a name");
  return SymbolOf(syntax);
}

// Modifiers are not bound anywhere: their symbols count.
bool IsModifier(const Syntax& syntax, std::string_view word) {
  return syntax.first->IsIdentifier() &&
         SymbolOf(*syntax.first)->text == word &&
         syntax.rest->Is(Syntax::Kind::kPair) &&
         syntax.rest->first->Is(Syntax::Kind::kPair);
}

class SetReader {
 public:
  explicit SetReader(Libraries& libraries) : libraries_(libraries) {}

  // Of the library, or of this reader's.
  const Exports& Read(const Syntax& syntax) {
    // The modifiers, outermost first.
    std::vector<const Syntax*> modifiers;
    const Syntax* at = &syntax;
    while (at->Is(Syntax::Kind::kPair) &&
           (IsModifier(*at, "only") || IsModifier(*at, "except") ||
            IsModifier(*at, "prefix") || IsModifier(*at, "rename"))) {
      modifiers.push_back(at);
      at = at->rest->first;
    }
    const LibraryName name = ReadLibraryName(*at);
    const Exports* set = &libraries_.Load(name, at->at).exports;
    for (auto one = modifiers.rbegin(); one != modifiers.rend(); ++one) {
      modified_ = Modify(*set, **one);
      set = &modified_;
    }
    return *set;
  }
  // Whether the set is not all of a library.
  bool IsModified(const Exports& set) const { return &set == &modified_; }

 private:
  Exports Modify(const Exports& set, const Syntax& modifier) {
    const std::string_view word = SymbolOf(*modifier.first)->text;
    std::vector<const Syntax*> arguments;
    const Syntax* rest = modifier.rest->rest;
    for (; rest->Is(Syntax::Kind::kPair); rest = rest->rest) {
      arguments.push_back(rest->first);
    }
    if (!rest->Is(Syntax::Kind::kNil)) Fail(rest->at, "a list ends in )");
    if (word == "prefix") return Prefix(set, modifier, arguments);
    if (word == "rename") return Rename(set, arguments);
    Exports chosen = word == "only" ? Exports() : set;
    for (const Syntax* argument : arguments) {
      const auto found = Find(set, *argument);
      if (word == "only") {
        chosen.insert(*found);
      } else {
        chosen.erase(found->first);
      }
    }
    return chosen;
  }

  static Exports::const_iterator Find(const Exports& set, const Syntax& name) {
    const auto found = set.find(NameIn(name));
    if (found == set.end()) {
      Fail(name.at, "the library does not export " + TextOf(name));
    }
    return found;
  }

  Exports Prefix(const Exports& set, const Syntax& modifier,
                 const std::vector<const Syntax*>& arguments) {
    if (arguments.size() != 1) {
      Fail(modifier.at, "prefix is written (prefix import-set name)");
    }
    const std::string prefix(NameIn(*arguments[0])->text);
    Exports prefixed;
    for (const auto& [name, denotation] : set) {
      prefixed.emplace(
          libraries_.names().Intern(prefix + std::string(name->text)),
          denotation);
    }
    return prefixed;
  }

  static Exports Rename(const Exports& set,
                        const std::vector<const Syntax*>& arguments) {
    Exports renamed = set;
    // All leave before the first comes back: names may be exchanged.
    std::vector<std::pair<const Syntax*, Denotation>> moved;
    for (const Syntax* argument : arguments) {
      const bool is_pair = argument->Is(Syntax::Kind::kPair) &&
                           argument->rest->Is(Syntax::Kind::kPair) &&
                           argument->rest->rest->Is(Syntax::Kind::kNil);
      if (!is_pair) {
        Fail(argument->at, "rename is written (rename import-set (name new))");
      }
      const auto found = Find(set, *argument->first);
      renamed.erase(found->first);
      moved.emplace_back(argument->rest->first, found->second);
    }
    for (const auto& [name, denotation] : moved) {
      if (!renamed.emplace(NameIn(*name), denotation).second) {
        Fail(name->at, TextOf(*name) + " is imported twice");
      }
    }
    return renamed;
  }

  Libraries& libraries_;
  Exports modified_;
};

void CheckConflicts(const Exports& set, const Namespace& into, Position at) {
  if (into.IsEmpty()) return;
  for (const auto& [name, denotation] : set) {
    const auto bound = into.Find({name, 0});
    if (bound.has_value() && bound->denotation != denotation) {
      Fail(at, std::string(name->text) +
                   " is imported twice, and means two things");
    }
  }
}

}  // namespace

void Import(Libraries& libraries, const Syntax& form, Namespace& into,
            ImportConflict conflict) {
  const Syntax* rest = form.rest;
  for (; rest->Is(Syntax::Kind::kPair); rest = rest->rest) {
    const Syntax& set = *rest->first;
    SetReader reader(libraries);
    const Exports& names = reader.Read(set);
    if (conflict == ImportConflict::kIsError) {
      CheckConflicts(names, into, set.at);
    }
    if (!reader.IsModified(names)) {
      into.ImportAll(names);
    } else {
      for (const auto& [name, denotation] : names) {
        into.Import(name, denotation);
      }
    }
  }
  if (!rest->Is(Syntax::Kind::kNil)) {
    Fail(rest->at, "import is written (import import-set ...)");
  }
}

}  // namespace fledge::lambda
