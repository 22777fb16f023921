#include "runtime/lambda/cond_expand.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/lambda/core_form.h"
#include "runtime/lambda/reader.h"
#include "runtime/lambda/stack_limit.h"
#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {
namespace {

using Kind = Syntax::Kind;

[[noreturn]] void FailRequirement(const Syntax& syntax) {
  throw SyntaxError(syntax.at,
                    "a requirement is a feature, (library name), (and ...), "
                    "(or ...), (not requirement), or else");
}

// More than anybody writes; macros can make any number that share parts.
constexpr int kMaxRequirements = 10'000;

class Requirements {
 public:
  explicit Requirements(const Libraries& libraries) : libraries_(libraries) {}

  bool Hold(const Syntax& syntax) {
    if (stack_.IsReached() || ++count_ > kMaxRequirements) {
      throw SyntaxError(syntax.at, "there are too many requirements");
    }
    if (syntax.IsIdentifier()) {
      const std::string_view name = SymbolOf(syntax)->text;
      const auto& features = libraries_.features();
      return name == "else" || std::find(features.begin(), features.end(),
                                         name) != features.end();
    }
    if (!syntax.Is(Kind::kPair) || !syntax.first->IsIdentifier()) {
      FailRequirement(syntax);
    }
    const std::string_view word = SymbolOf(*syntax.first)->text;
    if (word == "and") return AreAll(*syntax.rest, true);
    if (word == "or") return !AreAll(*syntax.rest, false);
    if (!syntax.rest->Is(Kind::kPair) || !syntax.rest->rest->Is(Kind::kNil)) {
      FailRequirement(syntax);
    }
    const Syntax& only = *syntax.rest->first;
    if (word == "not") return !Hold(only);
    if (word == "library") return libraries_.CanLoad(ReadLibraryName(only));
    FailRequirement(syntax);
  }

 private:
  bool AreAll(const Syntax& list, bool value) {
    const Syntax* rest = &list;
    for (; rest->Is(Kind::kPair); rest = rest->rest) {
      if (Hold(*rest->first) != value) return false;
    }
    if (!rest->Is(Kind::kNil)) FailRequirement(list);
    return true;
  }

  const Libraries& libraries_;
  StackLimit stack_;
  int count_ = 0;
};

}  // namespace

const Syntax* ChooseClause(Libraries& libraries, const Syntax& form) {
  Requirements requirements(libraries);
  const Syntax* rest = form.rest;
  for (; rest->Is(Kind::kPair); rest = rest->rest) {
    const Syntax& clause = *rest->first;
    if (!clause.Is(Kind::kPair)) break;
    if (requirements.Hold(*clause.first)) return clause.rest;
  }
  if (!rest->Is(Kind::kNil)) {
    throw SyntaxError(form.at, "cond-expand is written " +
                                   std::string(ShapeOf(CoreForm::kCondExpand)));
  }
  return nullptr;
}

std::vector<const Syntax*> ReadIncluded(Libraries& libraries,
                                        const Syntax& form,
                                        LetterCase letter_case, Arena& arena) {
  std::vector<const Syntax*> forms;
  const Syntax* rest = form.rest;
  for (; rest->Is(Kind::kPair) && rest->first->Is(Kind::kString);
       rest = rest->rest) {
    const Syntax& path = *rest->first;
    const std::optional<SourceText> source =
        libraries.host().FindIncluded(path.text, path.at);
    if (!source.has_value()) {
      throw SyntaxError(path.at, "there is no file " + TextOf(path));
    }
    Reader reader(source->text, source->source, libraries.names(), letter_case);
    for (const Syntax* read = reader.Read(arena); !read->Is(Kind::kEndOfFile);
         read = reader.Read(arena)) {
      forms.push_back(read);
    }
  }
  if (!rest->Is(Kind::kNil) || form.rest->Is(Kind::kNil)) {
    throw SyntaxError(form.at, "include is written " +
                                   std::string(ShapeOf(CoreForm::kInclude)));
  }
  return forms;
}

}  // namespace fledge::lambda
