#include "runtime/lambda/library_definition.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/runtime/lambda/expansion.h"

namespace fledge::lambda {
namespace {

using ::testing::Test;

class LibraryDefinitionTest : public Test {
 protected:
  std::string Expand(std::string_view program) {
    return expansion_.Expand(program);
  }
  std::string ErrorOf(std::string_view program) {
    return expansion_.ErrorOf(program);
  }
  // A library (a) with declarations that import the core forms.
  std::string ErrorOfLibrary(const std::string& declarations) {
    return ErrorOf("(define-library (a)\n" + declarations + ")");
  }
  std::string LastRun() { return expansion_.libraries_run().back(); }

  Expansion expansion_;
};

TEST_F(LibraryDefinitionTest, ExportsAreImported) {
  EXPECT_EQ(Expand("(define-library (my lib) (export f (rename g h)) "
                   "(import (lambda core)) (begin (define (f) (g)) "
                   "(define (g) 1)))"),
            "");
  EXPECT_EQ(LastRun(),
            "(my lib) (define f (lambda () (g))) (define g (lambda () '1))");
  EXPECT_EQ(Expand("(import (my lib)) (f) (h)"), "(f) (g)");
  EXPECT_EQ(expansion_.libraries_run().size(), 1u);
}

TEST_F(LibraryDefinitionTest, LibrariesAreFoundWhenTheyAreImported) {
  expansion_.AddFile("(b 1)",
                     "(define-library (b 1) (export x) (import (lambda core) "
                     "(c)) (begin (define x (y))))");
  expansion_.AddFile("(c)",
                     "(define-library (c) (export y) (import (lambda core)) "
                     "(begin (define (y) 1)))");
  EXPECT_EQ(Expand("(import (b 1)) x"), "x");
  EXPECT_EQ(Expand("(import (b 1) (c)) (y)"), "(y)");
  ASSERT_EQ(expansion_.libraries_run().size(), 2u);
  EXPECT_EQ(expansion_.libraries_run()[0], "(c) (define y (lambda () '1))");
  EXPECT_EQ(expansion_.libraries_run()[1], "(b 1) (define x (y))");
}

TEST_F(LibraryDefinitionTest, MacrosMeanWhatTheyMeanInTheirLibrary) {
  Expand(
      "(define-library (a) (export m) (import (lambda core)) "
      "(begin (define (helper x) x) "
      "(define-syntax m (syntax-rules () ((_ x) (if (helper x) x))))))"
      "(import (a))");
  EXPECT_EQ(Expand("(define (helper) 1) (lambda (if) (m if))"),
            "(define helper (lambda () '1)) "
            "(lambda (if.0) (if (helper if.0) if.0 #!unspecified))");
  EXPECT_EQ(ErrorOf("(begin (set! helper 2) (m x) (helper . x))").substr(0, 4),
            "1:30");
}

TEST_F(LibraryDefinitionTest, WhatIsNotExportedIsHidden) {
  Expand(
      "(define-library (a) (export) (import (lambda core)) "
      "(begin (define hidden 1))) (import (a))");
  EXPECT_EQ(Expand("hidden"), "hidden");
  EXPECT_EQ(ErrorOf("(import (only (a) hidden))"),
            "1:19 the library does not export hidden");
}

TEST_F(LibraryDefinitionTest, DefinitionsHoldInTheWholeBody) {
  Expand(
      "(define-library (a) (begin (define (f) (m))) (export f) "
      "(begin (define-syntax m (syntax-rules () ((_) x))) (define x 1)) "
      "(import (lambda core)))");
  EXPECT_EQ(LastRun(), "(a) (define f (lambda () x)) (define x '1)");
}

TEST_F(LibraryDefinitionTest, DeclarationsMayBeChosenOrIncluded) {
  expansion_.AddFile("body.scm", "(define x 'A)");
  expansion_.AddFile("declarations.scm", "(export x y) (import (lambda core))");
  Expand(
      "(define-library (a) "
      "(include-library-declarations \"declarations.scm\") "
      "(cond-expand (no-such-feature (export z)) (r7rs "
      "(include \"body.scm\") (begin (define y 1)))))");
  EXPECT_EQ(LastRun(), "(a) (define x 'A) (define y '1)");
  Expand(
      "(define-library (b) (export x) (import (lambda core)) "
      "(include-ci \"body.scm\") (cond-expand (no-such-feature 1)))");
  EXPECT_EQ(LastRun(), "(b) (define x 'a)");
}

TEST_F(LibraryDefinitionTest, ImportsAreModified) {
  Expand(
      "(define-library (a) (export x y z) (import (lambda core)) "
      "(begin (define x 1) (define y 2) (define z 3)))");
  Expand(
      "(import (only (a) x) (prefix (except (a) x) a:) "
      "(rename (a) (x y2) (y x2) (z z2)))");
  EXPECT_EQ(Expand("x a:y a:z y2 x2 z2"), "x y z x y z");
  Expand("(import (rename (only (a) x y) (x y) (y x)))");
  EXPECT_EQ(Expand("x y"), "y x");
}

TEST_F(LibraryDefinitionTest, BadImportsAreErrors) {
  Expand(
      "(define-library (a) (export x y) (import (lambda core)) "
      "(begin (define x 1) (define y 2)))");
  EXPECT_EQ(ErrorOf("(import (no such))"), "1:9 there is no library (no such)");
  EXPECT_EQ(ErrorOf("(import (lambda internal))"),
            "1:9 there is no library (lambda internal)");
  EXPECT_EQ(ErrorOf("(import (a) . x)"),
            "1:15 import is written (import import-set ...)");
  const std::string name =
      " the name of a library is a list of symbols and integers: (scheme base)";
  EXPECT_EQ(ErrorOf("(import a)"), "1:9" + name);
  EXPECT_EQ(ErrorOf("(import ())"), "1:9" + name);
  EXPECT_EQ(ErrorOf("(import (a \"b\"))"), "1:12" + name);
  EXPECT_EQ(ErrorOf("(import (a -1))"), "1:12" + name);
  EXPECT_EQ(ErrorOf("(import (only (a) z))"),
            "1:19 the library does not export z");
  EXPECT_EQ(ErrorOf("(import (except (a) z))"),
            "1:21 the library does not export z");
  EXPECT_EQ(ErrorOf("(import (rename (a) (z w)))"),
            "1:22 the library does not export z");
  EXPECT_EQ(ErrorOf("(import (rename (a) z))"),
            "1:21 rename is written (rename import-set (name new))");
  EXPECT_EQ(ErrorOf("(import (rename (a) (x y)))"), "1:24 y is imported twice");
  EXPECT_EQ(ErrorOf("(import (prefix (a)))"),
            "1:9 prefix is written (prefix import-set name)");
  EXPECT_EQ(ErrorOf("(import (prefix (a) 1))"), "1:21 this has to be a name");
  EXPECT_EQ(ErrorOf("(import (only (a) x . y))"), "1:23 a list ends in )");
}

TEST_F(LibraryDefinitionTest, ImportsCannotBeAssigned) {
  Expand(
      "(define-library (a) (export x) (import (lambda core)) "
      "(begin (define x 1))) (import (a))");
  EXPECT_EQ(ErrorOf("(set! x 2)"),
            "1:7 x is imported, and cannot be assigned; define a variable of "
            "your own");
  // A program's own definition hides it.
  EXPECT_EQ(Expand("(define x 2) (set! x 3)"), "(define x '2) (set! x '3)");
  EXPECT_EQ(Expand("(import (a))"), "");
  EXPECT_EQ(ErrorOf("(set! x 2)").substr(0, 16), "1:7 x is importe");
}

TEST_F(LibraryDefinitionTest, LibrariesAreStricterThanPrograms) {
  const std::string core = "(import (lambda core))";
  Expand(
      "(define-library (b) (export x) (import (lambda core)) "
      "(begin (define x 1)))"
      "(define-library (c) (export x) (import (lambda core)) "
      "(begin (define x 1)))");
  EXPECT_EQ(ErrorOfLibrary(core + "(import (b) (c))"),
            "2:35 x is imported twice, and means two things");
  Expand("(define-library (d) (import (b) (only (b) x)))");
}

TEST_F(LibraryDefinitionTest, BadLibrariesAreErrors) {
  const std::string core = "(import (lambda core))";
  EXPECT_EQ(ErrorOf("(define-library)"),
            "1:1 a library is written (define-library (name ...) declaration "
            "...)");
  EXPECT_EQ(ErrorOf("(define-library a)"),
            "1:17 the name of a library is a list of symbols and integers: "
            "(scheme base)");
  const std::string declaration =
      "in a library come export, import, begin, include, include-ci, "
      "include-library-declarations and cond-expand";
  EXPECT_EQ(ErrorOfLibrary("(define x 1)"), "2:1 " + declaration);
  EXPECT_EQ(ErrorOfLibrary("x"), "2:1 " + declaration);
  EXPECT_EQ(ErrorOfLibrary("(begin . x)"),
            "2:10 a list without a dot comes here");
  EXPECT_EQ(ErrorOfLibrary("(export 1)"),
            "2:9 an export is written name or (rename name exported)");
  EXPECT_EQ(ErrorOfLibrary("(export (x y))"),
            "2:9 an export is written name or (rename name exported)");
  EXPECT_EQ(ErrorOfLibrary("(export x)"),
            "2:9 x is exported, but neither defined nor imported");
  EXPECT_EQ(ErrorOfLibrary(core + "(export if (rename cond if))"),
            "2:47 if is exported twice");
  EXPECT_EQ(ErrorOfLibrary(core + "(begin (define (f) (g)))"),
            "2:43 g is neither defined nor imported in library (a)");
  EXPECT_EQ(ErrorOfLibrary(core + "(begin (set! g 1))"),
            "2:36 g is neither defined nor imported in library (a)");
  EXPECT_EQ(ErrorOfLibrary(core + "(begin (define if 1))"),
            "2:38 if is imported, so the library cannot define it");
  // None of them is there.
  EXPECT_EQ(ErrorOf("(import (a))"), "1:9 there is no library (a)");
}

TEST_F(LibraryDefinitionTest, LibrariesDoNotImportThemselves) {
  expansion_.AddFile("(b)", "(define-library (b) (import (c)))");
  expansion_.AddFile("(c)", "(define-library (c) (import (b)))");
  EXPECT_EQ(ErrorOf("(import (b))"), "1:29 library (b) imports itself");
  expansion_.AddFile("(d)", "(define-library (e))");
  EXPECT_EQ(ErrorOf("(import (d))"),
            "1:9 the file of library (d) does not define it");
  expansion_.AddFile("(f)", "(define x 1)");
  EXPECT_EQ(ErrorOf("(import (f))"),
            "1:1 a library is written (define-library (name ...) declaration "
            "...)");
}

TEST_F(LibraryDefinitionTest, ALibraryMayBeDefinedAgain) {
  Expand(
      "(define-library (a) (export x) (import (lambda core)) "
      "(begin (define x 1))) (import (prefix (a) old:))");
  Expand(
      "(define-library (a) (export x y) (import (lambda core)) "
      "(begin (define x 2) (define y x))) (import (a))");
  EXPECT_EQ(Expand("old:x x y"), "x x y");
  // One that is wrong changes nothing.
  ErrorOf("(define-library (a) (export z))");
  EXPECT_EQ(Expand("(import (only (a) y))"), "");
}

TEST_F(LibraryDefinitionTest, GlobalsThatNobodyAssignsAreConstant) {
  Expand(
      "(define-library (a) (export kept m) (import (lambda core)) "
      "(begin (define kept 1) (define assigned 2) (set! assigned 3) "
      "(define counter 4) (define twice 5) (define twice 6) "
      "(define-syntax m (syntax-rules () ((_) (set! counter 5))))))");
  const Namespace& space =
      expansion_.libraries().Find(LibraryName{{"a"}})->space;
  const auto is_constant = [&](std::string_view name) {
    return space.Find({expansion_.names().Intern(name), 0})
        ->denotation.global->is_constant;
  };
  EXPECT_TRUE(is_constant("kept"));
  EXPECT_FALSE(is_constant("assigned"));
  EXPECT_FALSE(is_constant("counter"));
  EXPECT_FALSE(is_constant("twice"));
  EXPECT_EQ(Expand("(import (a)) (m)"), "(set! counter '5)");
}

TEST_F(LibraryDefinitionTest, TheHostProvidesLibrariesOfItsOwn) {
  Library& library = expansion_.libraries().Add({{"scheme", "base"}});
  Global* const car = library.Provide(expansion_.names().Intern("car"));
  library.is_complete = true;
  EXPECT_EQ(Expand("(import (scheme base)) (car x)"), "(car x)");
  EXPECT_EQ(expansion_.space()
                .Find({expansion_.names().Intern("car"), 0})
                ->denotation.global,
            car);
}

TEST_F(LibraryDefinitionTest, InternalProceduresAreDefinedInTheirNamespace) {
  Libraries& libraries = expansion_.libraries();
  Namespace& space = libraries.internal_library().space;
  for (std::size_t i = 0; i < kInternalProcedureNames.size(); ++i) {
    const Global* const global =
        libraries.internal(static_cast<InternalProcedure>(i));
    EXPECT_EQ(global->name->text, kInternalProcedureNames[i]);
    EXPECT_EQ(space.Define({global->name, 0}, global->name), global);
  }
  space.Complete();
  EXPECT_TRUE(libraries.internal(InternalProcedure::kGuard)->is_constant);
}

}  // namespace
}  // namespace fledge::lambda
