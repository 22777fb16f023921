// Expansion: expands programs for tests, with libraries that are given as text.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/environment.h"
#include "runtime/lambda/libraries.h"
#include "runtime/lambda/names.h"

namespace fledge::lambda {

class Expansion : public LibraryHost {
 public:
  // All core forms are imported, and nothing else.
  Expansion();

  // The expressions that the forms of a program come to, as text, with a space
  // between them; what has no effect at run time is left out. Throws
  // SyntaxError. Definitions stay.
  std::string Expand(std::string_view program);
  // "line:column message" of the SyntaxError that expanding throws.
  std::string ErrorOf(std::string_view program);

  // For import and include.
  void AddFile(std::string name, std::string text) {
    files_[std::move(name)] = std::move(text);
  }
  // What the bodies of libraries came to, in the order in which they ran:
  // "(name) expression ...".
  const std::vector<std::string>& libraries_run() const { return run_; }

  Names& names() { return names_; }
  Libraries& libraries() { return libraries_; }
  Namespace& space() { return space_; }

  std::optional<SourceText> FindLibrary(const LibraryName& name) override;
  std::optional<SourceText> FindIncluded(std::string_view path,
                                         Position from) override;
  void RunLibrary(Library& library, std::span<Expression* const> body) override;

 private:
  Names names_;
  Libraries libraries_{names_, *this};
  Namespace space_;
  Arena arena_;
  std::map<std::string, std::string, std::less<>> files_;
  std::vector<std::string> run_;
};

}  // namespace fledge::lambda
