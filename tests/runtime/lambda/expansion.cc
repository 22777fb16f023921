#include "tests/runtime/lambda/expansion.h"

#include <gtest/gtest.h>

#include "runtime/lambda/expression.h"
#include "runtime/lambda/expression_text.h"
#include "runtime/lambda/reader.h"
#include "runtime/lambda/syntax_error.h"
#include "runtime/lambda/top_level.h"

namespace fledge::lambda {

Expansion::Expansion() { Expand("(import (lambda core))"); }

std::string Expansion::Expand(std::string_view program) {
  Reader reader(program, 0, names_);
  std::string text;
  while (true) {
    const Syntax* const form = reader.Read(arena_);
    if (form->Is(Syntax::Kind::kEndOfFile)) return text;
    const Expression* const expression =
        ExpandTopLevel(libraries_, space_, *form, arena_);
    if (expression->kind == Expression::Kind::kUnspecified) continue;
    if (!text.empty()) text += " ";
    text += TextOf(*expression);
  }
}

std::string Expansion::ErrorOf(std::string_view program) {
  try {
    const std::string text = Expand(program);
    ADD_FAILURE() << program << " was expanded to " << text;
    return "";
  } catch (const SyntaxError& error) {
    return std::to_string(error.at().line) + ":" +
           std::to_string(error.at().column) + " " + error.what();
  }
}

std::optional<SourceText> Expansion::FindLibrary(const LibraryName& name) {
  return FindIncluded(name.text(), {});
}

std::optional<SourceText> Expansion::FindIncluded(std::string_view path,
                                                  Position) {
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  return SourceText{found->second, 1};
}

void Expansion::RunLibrary(Library& library,
                           std::span<Expression* const> body) {
  std::string text = library.name.text();
  for (const Expression* expression : body) text += " " + TextOf(*expression);
  run_.push_back(std::move(text));
}

}  // namespace fledge::lambda
