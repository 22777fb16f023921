#include "runtime/lambda/library_definition.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/lambda/body.h"
#include "runtime/lambda/cond_expand.h"
#include "runtime/lambda/expander.h"
#include "runtime/lambda/import_set.h"
#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {
namespace {

using Kind = Syntax::Kind;

class Definition {
 public:
  Definition(Libraries& libraries, Library& library, Arena& arena)
      : libraries_(libraries),
        library_(library),
        arena_(arena),
        expander_(libraries, arena) {}

  // `declarations` is a list.
  void Run(const Syntax& declarations) {
    Push(declarations);
    while (!declarations_.empty()) {
      const Syntax& declaration = *declarations_.back();
      declarations_.pop_back();
      Declare(declaration);
    }
    Body body(expander_, library_.space, ImportConflict::kIsError);
    const std::vector<Expression*> expressions = body.ExpandTopLevel(forms_);
    if (const auto unbound = library_.space.FindUnbound()) {
      FailSyntax(unbound->second,
                 std::string(unbound->first->text) +
                     " is neither defined nor imported in library " +
                     library_.name.text());
    }
    for (const Syntax* exported : exports_) Export(*exported);
    libraries_.host().RunLibrary(library_, expressions);
    library_.space.Complete();
    library_.is_complete = true;
  }

 private:
  void Push(const Syntax& declarations) { Push(ItemsOf(declarations)); }
  void Push(std::span<const Syntax* const> declarations) {
    declarations_.insert(declarations_.end(), declarations.rbegin(),
                         declarations.rend());
  }
  std::span<const Syntax* const> ItemsOf(const Syntax& list) {
    const auto items = expander_.ItemsOf(list);
    if (!items.has_value())
      FailSyntax(list.at, "a list without a dot comes here");
    return *items;
  }

  void Declare(const Syntax& declaration) {
    std::string_view word;
    if (declaration.Is(Kind::kPair) && declaration.first->IsIdentifier()) {
      word = SymbolOf(*declaration.first)->text;
    }
    if (word == "export") {
      const auto items = ItemsOf(*declaration.rest);
      exports_.insert(exports_.end(), items.begin(), items.end());
    } else if (word == "import") {
      Import(libraries_, declaration, library_.space, ImportConflict::kIsError);
    } else if (word == "begin") {
      const auto items = ItemsOf(*declaration.rest);
      forms_.insert(forms_.end(), items.begin(), items.end());
    } else if (word == "include" || word == "include-ci") {
      const auto included =
          Include(declaration,
                  word == "include" ? LetterCase::kKept : LetterCase::kFolded);
      forms_.insert(forms_.end(), included.begin(), included.end());
    } else if (word == "include-library-declarations") {
      Push(Include(declaration, LetterCase::kKept));
    } else if (word == "cond-expand") {
      const Syntax* const chosen = ChooseClause(libraries_, declaration);
      if (chosen != nullptr) Push(*chosen);
    } else {
      FailSyntax(declaration.at,
                 "in a library come export, import, begin, include, "
                 "include-ci, include-library-declarations and cond-expand");
    }
  }

  std::vector<const Syntax*> Include(const Syntax& declaration,
                                     LetterCase letter_case) {
    expander_.CountParts(kPartsOfInclude, declaration.at);
    return ReadIncluded(libraries_, declaration, letter_case, arena_);
  }

  // name, or (rename name exported).
  void Export(const Syntax& syntax) {
    const Syntax* name = &syntax;
    const Syntax* exported = &syntax;
    if (const auto parts = expander_.ItemsOf(syntax);
        parts.has_value() && parts->size() == 3 &&
        (*parts)[0]->IsIdentifier() &&
        SymbolOf(*(*parts)[0])->text == "rename") {
      name = (*parts)[1];
      exported = (*parts)[2];
    }
    if (!name->IsIdentifier() || !exported->IsIdentifier()) {
      FailSyntax(syntax.at,
                 "an export is written name or "
                 "(rename name exported)");
    }
    const auto bound = library_.space.Find(Identifier::Of(*name));
    if (!bound.has_value()) {
      FailSyntax(name->at, TextOf(*name) +
                               " is exported, but neither defined "
                               "nor imported");
    }
    if (!library_.exports.emplace(SymbolOf(*exported), bound->denotation)
             .second) {
      FailSyntax(exported->at, TextOf(*exported) + " is exported twice");
    }
  }

  Libraries& libraries_;
  Library& library_;
  Arena& arena_;
  Expander expander_;
  std::vector<const Syntax*> declarations_;  // To come, the next last.
  std::vector<const Syntax*> exports_;
  std::vector<const Syntax*> forms_;  // Of the body.
};

}  // namespace

void DefineLibrary(Libraries& libraries, const Syntax& form, Arena& arena) {
  const bool has_shape = form.Is(Kind::kPair) && form.first->IsIdentifier() &&
                         SymbolOf(*form.first)->text == "define-library" &&
                         form.rest->Is(Kind::kPair);
  if (!has_shape) {
    FailSyntax(form.at, "a library is written " +
                            std::string(ShapeOf(CoreForm::kDefineLibrary)));
  }
  Library& library = libraries.Add(ReadLibraryName(*form.rest->first));
  try {
    Definition(libraries, library, arena).Run(*form.rest->rest);
  } catch (...) {
    libraries.Remove(library);
    throw;
  }
}

}  // namespace fledge::lambda
