// Libraries: the libraries that programs import, by their names.
//
// One that is not there yet is read and expanded when it is imported; finding
// its text, and running its body, is its host's part. Core forms are exported
// by (lambda core), which is always there; a library such as (scheme base)
// imports them from there.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors: throws
// SyntaxError.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/lambda/environment.h"
#include "runtime/lambda/internal_procedures.h"
#include "runtime/lambda/names.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

// (scheme base) has the parts "scheme" and "base".
struct LibraryName {
  std::vector<std::string> parts;

  // As programs write it.
  std::string text() const;
  bool operator<(const LibraryName& other) const { return parts < other.parts; }
};

// Throws if `syntax` is no name of a library.
LibraryName ReadLibraryName(const Syntax& syntax);

struct Library {
  explicit Library(LibraryName the_name) : name(std::move(the_name)) {}

  // Defines a global and exports it. For the host's own libraries.
  Global* Provide(const Name* global_name);

  LibraryName name;
  Namespace space;
  Exports exports;
  // Its body is expanded and the host has it.
  bool is_complete = false;
};

struct SourceText {
  std::string_view text;  // Lives as long as the host says positions mean it.
  std::uint32_t source = 0;  // For positions.
};

class LibraryHost {
 public:
  virtual ~LibraryHost() = default;

  // The text of a file with the define-library of `name`, if there is one.
  virtual std::optional<SourceText> FindLibrary(const LibraryName& name) = 0;
  // The text of the file that an include at `from` names.
  virtual std::optional<SourceText> FindIncluded(std::string_view path,
                                                 Position from) = 0;
  // Compiles the body of `library`, which dies when this returns, and runs it:
  // now, or before any code that is compiled later. Its imports are complete.
  virtual void RunLibrary(Library& library,
                          std::span<Expression* const> body) = 0;
};

class Libraries {
 public:
  // Both outlive it.
  Libraries(Names& names, LibraryHost& host);
  Libraries(const Libraries&) = delete;
  Libraries& operator=(const Libraries&) = delete;

  Names& names() { return names_; }
  LibraryHost& host() { return host_; }

  // A new library, in place of one with this name; that one stays for those
  // that have imported it.
  Library& Add(LibraryName name);
  // Takes back an Add.
  void Remove(const Library& library);
  // Null if it is not there yet.
  Library* Find(const LibraryName& name) const;
  // Loads it if need be; throws if there is none, or if it imports itself.
  Library& Load(const LibraryName& name, Position at);
  // How many there are.
  std::size_t count() const { return libraries_.size(); }
  // Whether Load finds it.
  bool CanLoad(const LibraryName& name) const;

  Global* internal(InternalProcedure procedure) const {
    return internal_globals_[static_cast<std::size_t>(procedure)];
  }
  // Where internal procedures are defined, by primitives and by forms that are
  // expanded in its namespace; core forms are imported there. No program can
  // import it. Whoever has defined all of them completes the namespace.
  Library& internal_library() { return internal_; }

  // What cond-expand knows, beside `else` and libraries.
  std::vector<std::string>& features() { return features_; }
  const std::vector<std::string>& features() const { return features_; }

  // How many parts macros may match and make for a form, or for a library.
  std::uint64_t max_parts() const { return max_parts_; }
  void set_max_parts(std::uint64_t max_parts) { max_parts_ = max_parts; }

  // For aliases; never the same again.
  std::uint64_t NextAlias() { return ++aliases_; }

 private:
  Names& names_;
  LibraryHost& host_;
  std::map<LibraryName, Library*> libraries_;
  std::vector<std::unique_ptr<Library>> all_;
  Library internal_;
  std::array<Global*, kInternalProcedureNames.size()> internal_globals_;
  std::vector<std::string> features_;
  std::uint64_t max_parts_ = 2'000'000;
  std::uint64_t aliases_ = 0;
};

}  // namespace fledge::lambda
