#include "runtime/lambda/libraries.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "runtime/lambda/library_definition.h"
#include "runtime/lambda/reader.h"
#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {

std::string LibraryName::text() const {
  std::string text = "(";
  for (const std::string& part : parts) {
    if (text.size() > 1) text += " ";
    text += part;
  }
  return text + ")";
}

LibraryName ReadLibraryName(const Syntax& syntax) {
  LibraryName name;
  const Syntax* rest = &syntax;
  for (; rest->Is(Syntax::Kind::kPair); rest = rest->rest) {
    const Syntax& part = *rest->first;
    const bool is_number = part.Is(Syntax::Kind::kInteger) && part.integer >= 0;
    if (!is_number && !part.IsIdentifier()) break;
    name.parts.push_back(is_number ? std::to_string(part.integer)
                                   : std::string(SymbolOf(part)->text));
  }
  if (!rest->Is(Syntax::Kind::kNil) || name.parts.empty()) {
    throw SyntaxError(
        rest->Is(Syntax::Kind::kPair) ? rest->first->at : syntax.at,
        "the name of a library is a list of symbols and "
        "integers: (scheme base)");
  }
  return name;
}

Global* Library::Provide(const Name* global_name) {
  Global* const global = space.Define({global_name, 0}, global_name);
  exports[global_name] = Denotation::Of(global);
  return global;
}

Libraries::Libraries(Names& names, LibraryHost& host)
    : names_(names),
      host_(host),
      internal_({{"lambda", "internal"}}),
      features_({"r7rs", "exact-closed", "ieee-float", "full-unicode", "ratios",
                 "fledge", "lambda"}) {
  Library& core = Add({{"lambda", "core"}});
  for (const CoreFormText& form : CoreForms()) {
    const Name* const name = names_.Intern(form.name);
    core.exports[name] = Denotation::Of(form.form);
    internal_.space.Import(name, Denotation::Of(form.form));
  }
  core.is_complete = true;
  for (std::size_t i = 0; i < kInternalProcedureNames.size(); ++i) {
    internal_globals_[i] = internal_.space.Reference(
        names_.Intern(kInternalProcedureNames[i]), Position());
  }
}

Library& Libraries::Add(LibraryName name) {
  all_.push_back(std::make_unique<Library>(std::move(name)));
  Library& library = *all_.back();
  libraries_[library.name] = &library;
  return library;
}

void Libraries::Remove(const Library& library) {
  const auto found = libraries_.find(library.name);
  if (found == libraries_.end() || found->second != &library) return;
  libraries_.erase(found);
  // One that it was in place of is there again.
  for (const auto& other : all_) {
    if (other->is_complete && other->name.parts == library.name.parts) {
      libraries_[other->name] = other.get();
    }
  }
}

Library* Libraries::Find(const LibraryName& name) const {
  const auto found = libraries_.find(name);
  return found == libraries_.end() ? nullptr : found->second;
}

bool Libraries::CanLoad(const LibraryName& name) const {
  return Find(name) != nullptr || host_.FindLibrary(name).has_value();
}

Library& Libraries::Load(const LibraryName& name, Position at) {
  Library* library = Find(name);
  if (library == nullptr) {
    const std::optional<SourceText> source = host_.FindLibrary(name);
    if (!source.has_value()) {
      throw SyntaxError(at, "there is no library " + name.text());
    }
    Arena arena;
    Reader reader(source->text, source->source, names_);
    for (const Syntax* form = reader.Read(arena);
         !form->Is(Syntax::Kind::kEndOfFile); form = reader.Read(arena)) {
      DefineLibrary(*this, *form, arena);
    }
    library = Find(name);
    if (library == nullptr) {
      throw SyntaxError(
          at, "the file of library " + name.text() + " does not define it");
    }
  }
  if (!library->is_complete) {
    throw SyntaxError(at, "library " + name.text() + " imports itself");
  }
  return *library;
}

}  // namespace fledge::lambda
