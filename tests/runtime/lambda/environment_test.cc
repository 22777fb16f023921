#include "runtime/lambda/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "runtime/lambda/macro.h"
#include "runtime/lambda/names.h"

namespace fledge::lambda {
namespace {

using ::testing::Contains;
using Kind = Denotation::Kind;

class EnvironmentTest : public ::testing::Test {
 protected:
  const Syntax& Symbol(std::string_view text) {
    auto* const symbol = arena_.Make<Syntax>(Syntax::Kind::kSymbol, Position());
    symbol->name = names_.Intern(text);
    return *symbol;
  }
  const Syntax& Alias(const Syntax& identifier, const Scope& scope) {
    auto* const alias = arena_.Make<Syntax>(Syntax::Kind::kAlias, Position());
    alias->alias = arena_.Make<Syntax::Alias>(&identifier, &scope, ++aliases_);
    return *alias;
  }
  Denotation Bind(Scope& scope, const Syntax& identifier) {
    const Denotation denotation =
        Denotation::Of(arena_.Make<Variable>(std::string_view("v")));
    EXPECT_TRUE(scope.Bind(Identifier::Of(identifier), denotation));
    return denotation;
  }
  static Denotation Of(const Syntax& identifier, const Scope& scope) {
    return Resolve(identifier, scope).denotation;
  }
  const Name* Named(std::string_view text) { return names_.Intern(text); }

  Names names_;
  Arena arena_;
  std::uint64_t aliases_ = 0;
  Namespace space_;
};

TEST_F(EnvironmentTest, TheInnermostBindingHolds) {
  Scope outer(arena_, space_);
  Scope inner(arena_, outer);
  const Denotation first = Bind(outer, Symbol("x"));
  EXPECT_EQ(Of(Symbol("x"), inner), first);
  const Denotation second = Bind(inner, Symbol("x"));
  EXPECT_EQ(Of(Symbol("x"), inner), second);
  EXPECT_EQ(Of(Symbol("x"), outer), first);
  EXPECT_EQ(Of(Symbol("x"), space_).kind, Kind::kUnbound);
  EXPECT_FALSE(inner.Bind(Identifier::Of(Symbol("x")), first));
  EXPECT_EQ(&inner.space(), &space_);
}

TEST_F(EnvironmentTest, AnAliasThatNobodyBindsMeansWhatItsSymbolMeans) {
  Scope definition(arena_, space_);
  const Denotation x = Bind(definition, Symbol("x"));
  Scope use(arena_, space_);
  Bind(use, Symbol("x"));
  const Syntax& alias = Alias(Symbol("x"), definition);
  EXPECT_EQ(Of(alias, use), x);
  const Denotation bound = Bind(use, alias);
  EXPECT_EQ(Of(alias, use), bound);
  EXPECT_EQ(Of(Alias(Symbol("x"), definition), use), x);
  EXPECT_NE(Of(Symbol("x"), use), bound);
}

TEST_F(EnvironmentTest, AnAliasOfAnAliasGoesBackStepByStep) {
  Scope first(arena_, space_);
  Scope second(arena_, first);
  const Syntax& alias = Alias(Symbol("x"), space_);
  const Syntax& alias_of_alias = Alias(alias, second);
  EXPECT_EQ(Of(alias_of_alias, space_).kind, Kind::kUnbound);
  EXPECT_EQ(Resolve(alias_of_alias, space_).name, Named("x"));
  Bind(second, Symbol("x"));
  EXPECT_EQ(Of(alias_of_alias, space_).kind, Kind::kUnbound);
  const Denotation bound = Bind(first, alias);
  EXPECT_EQ(Of(alias_of_alias, space_), bound);
}

TEST_F(EnvironmentTest, UnboundNamesBelongToTheNamespaceOfTheirMacro) {
  Namespace other;
  const Syntax& alias = Alias(Symbol("x"), other);
  EXPECT_EQ(Resolve(alias, space_).space, &other);
  EXPECT_EQ(Resolve(Symbol("x"), space_).space, &space_);
}

TEST_F(EnvironmentTest, IdentifiersMeanTheSameIfTheirBindingIs) {
  Scope scope(arena_, space_);
  Namespace other;
  EXPECT_TRUE(MeansTheSame(Symbol("x"), scope, Symbol("x"), other));
  EXPECT_FALSE(MeansTheSame(Symbol("x"), scope, Symbol("y"), scope));
  EXPECT_TRUE(
      MeansTheSame(Alias(Symbol("x"), other), scope, Symbol("x"), scope));
  Bind(scope, Symbol("x"));
  EXPECT_FALSE(MeansTheSame(Symbol("x"), scope, Symbol("x"), space_));
  EXPECT_TRUE(MeansTheSame(Symbol("x"), scope, Symbol("x"), scope));
  // The same thing under two names.
  Global* const global = space_.Define({Named("g"), 0}, Named("g"));
  other.Import(Named("h"), Denotation::Of(global));
  EXPECT_TRUE(MeansTheSame(Symbol("g"), scope, Symbol("h"), other));
}

TEST_F(EnvironmentTest, KeywordsAreKnownByWhatTheyMean) {
  space_.Import(Named("wenn"), Denotation::Of(CoreForm::kIf));
  EXPECT_TRUE(Means(Symbol("wenn"), space_, CoreForm::kIf));
  EXPECT_TRUE(Means(Symbol("if"), space_, CoreForm::kIf));
  EXPECT_FALSE(Means(Symbol("if"), space_, CoreForm::kElse));
  Scope scope(arena_, space_);
  Bind(scope, Symbol("if"));
  EXPECT_FALSE(Means(Symbol("if"), scope, CoreForm::kIf));
  EXPECT_FALSE(Means(Syntax(), scope, CoreForm::kIf));
}

TEST_F(EnvironmentTest, ADefinitionGivesAReferenceItsValue) {
  Global* const global = space_.Reference(Named("x"), {0, 1, 1});
  EXPECT_EQ(Of(Symbol("x"), space_).kind, Kind::kUnbound);
  EXPECT_EQ(space_.Reference(Named("x"), {0, 2, 1}), global);
  EXPECT_EQ(space_.Define({Named("x"), 0}, Named("x")), global);
  EXPECT_EQ(Of(Symbol("x"), space_), Denotation::Of(global));
  EXPECT_FALSE(global->is_assigned);
  EXPECT_EQ(space_.Define({Named("x"), 0}, Named("x")), global);
  EXPECT_TRUE(global->is_assigned);
}

TEST_F(EnvironmentTest, ADefinitionHidesAnImport) {
  Namespace library;
  Global* const imported = library.Define({Named("car"), 0}, Named("car"));
  space_.Import(Named("car"), Denotation::Of(imported));
  EXPECT_TRUE(Resolve(Symbol("car"), space_).is_imported);
  Global* const own = space_.Define({Named("car"), 0}, Named("car"));
  EXPECT_NE(own, imported);
  EXPECT_FALSE(imported->is_assigned);
  EXPECT_FALSE(Resolve(Symbol("car"), space_).is_imported);
  space_.Import(Named("car"), Denotation::Of(imported));
  EXPECT_EQ(Of(Symbol("car"), space_), Denotation::Of(imported));
}

TEST_F(EnvironmentTest, WhatALibraryExportsIsImportedAllAtOnce) {
  Namespace library;
  Global* const car = library.Define({Named("car"), 0}, Named("car"));
  Exports exports = {{Named("car"), Denotation::Of(car)}};
  EXPECT_TRUE(space_.IsEmpty());
  Global* const hidden = space_.Define({Named("car"), 0}, Named("car"));
  space_.ImportAll(exports);
  EXPECT_FALSE(space_.IsEmpty());
  EXPECT_EQ(Of(Symbol("car"), space_), Denotation::Of(car));
  EXPECT_TRUE(Resolve(Symbol("car"), space_).is_imported);
  // Also what comes later.
  Global* const cdr = library.Define({Named("cdr"), 0}, Named("cdr"));
  exports[Named("cdr")] = Denotation::Of(cdr);
  EXPECT_EQ(Of(Symbol("cdr"), space_), Denotation::Of(cdr));
  // A definition hides it, and is hidden when it comes again.
  EXPECT_EQ(space_.Define({Named("car"), 0}, Named("car")), hidden);
  EXPECT_EQ(Of(Symbol("car"), space_), Denotation::Of(hidden));
  EXPECT_FALSE(Resolve(Symbol("car"), space_).is_imported);
  space_.ImportAll(exports);
  EXPECT_EQ(Of(Symbol("car"), space_), Denotation::Of(car));
}

TEST_F(EnvironmentTest, OfLibrariesTheLatestImportCounts) {
  const Exports one = {{Named("x"), Denotation::Of(CoreForm::kIf)},
                       {Named("y"), Denotation::Of(CoreForm::kIf)}};
  const Exports other = {{Named("x"), Denotation::Of(CoreForm::kAnd)}};
  space_.ImportAll(one);
  space_.ImportAll(other);
  EXPECT_TRUE(Of(Symbol("x"), space_).Is(CoreForm::kAnd));
  EXPECT_TRUE(Of(Symbol("y"), space_).Is(CoreForm::kIf));
  space_.ImportAll(one);
  EXPECT_TRUE(Of(Symbol("x"), space_).Is(CoreForm::kIf));
  space_.Import(Named("x"), Denotation::Of(CoreForm::kAnd));
  EXPECT_TRUE(Of(Symbol("x"), space_).Is(CoreForm::kAnd));
  std::vector<const Name*> names;
  space_.ForEachName([&](const Name* name) { names.push_back(name); });
  EXPECT_THAT(names, Contains(Named("x")));
  EXPECT_THAT(names, Contains(Named("y")));
}

TEST_F(EnvironmentTest, AnImportOfALibraryIsTakenBack) {
  const Exports first = {{Named("a"), Denotation::Of(CoreForm::kIf)}};
  const Exports second = {{Named("a"), Denotation::Of(CoreForm::kAnd)},
                          {Named("b"), Denotation::Of(CoreForm::kAnd)},
                          {Named("c"), Denotation::Of(CoreForm::kAnd)}};
  space_.ImportAll(first);
  Global* const b = space_.Define({Named("b"), 0}, Named("b"));
  space_.Begin();
  space_.ImportAll(second);
  EXPECT_TRUE(Of(Symbol("b"), space_).Is(CoreForm::kAnd));
  space_.TakeBack();
  EXPECT_TRUE(Of(Symbol("a"), space_).Is(CoreForm::kIf));
  EXPECT_EQ(Of(Symbol("b"), space_), Denotation::Of(b));
  EXPECT_EQ(Of(Symbol("c"), space_).kind, Kind::kUnbound);
}

TEST_F(EnvironmentTest, AMacroHidesAVariableAndTheOtherWayRound) {
  const Macro macro{&space_, {}};
  Global* const global = space_.Define({Named("x"), 0}, Named("x"));
  space_.DefineSyntax({Named("x"), 0}, Denotation::Of(&macro));
  EXPECT_EQ(Of(Symbol("x"), space_), Denotation::Of(&macro));
  EXPECT_EQ(space_.Define({Named("x"), 0}, Named("x")), global);
  EXPECT_EQ(Of(Symbol("x"), space_), Denotation::Of(global));
}

TEST_F(EnvironmentTest, WhatAnAliasDefinesIsOnlyItsOwn) {
  const Identifier alias{nullptr, 7};
  Global* const own = space_.Define(alias, Named("x"));
  EXPECT_EQ(own->name, Named("x"));
  EXPECT_EQ(Of(Symbol("x"), space_).kind, Kind::kUnbound);
  EXPECT_NE(space_.Define({Named("x"), 0}, Named("x")), own);
  EXPECT_EQ(space_.Define(alias, Named("x")), own);
}

TEST_F(EnvironmentTest, ChangesAreTakenBack) {
  Namespace library;
  Global* const imported = library.Define({Named("a"), 0}, Named("a"));
  space_.Import(Named("a"), Denotation::Of(imported));
  Global* const b = space_.Define({Named("b"), 0}, Named("b"));
  space_.Begin();
  space_.Define({Named("a"), 0}, Named("a"));
  space_.DefineSyntax({Named("a"), 0}, Denotation::Of(CoreForm::kIf));
  space_.DefineSyntax({Named("b"), 0}, Denotation::Of(CoreForm::kIf));
  Global* const c = space_.Define({Named("c"), 0}, Named("c"));
  space_.TakeBack();
  EXPECT_EQ(Of(Symbol("a"), space_), Denotation::Of(imported));
  EXPECT_TRUE(Resolve(Symbol("a"), space_).is_imported);
  EXPECT_EQ(Of(Symbol("b"), space_), Denotation::Of(b));
  EXPECT_EQ(Of(Symbol("c"), space_).kind, Kind::kUnbound);
  // Code that refers to it still gets the value of a later definition.
  EXPECT_EQ(space_.Define({Named("c"), 0}, Named("c")), c);
}

TEST_F(EnvironmentTest, TheFirstUnboundReferenceIsFound) {
  EXPECT_FALSE(space_.FindUnbound().has_value());
  space_.Reference(Named("late"), {0, 9, 1});
  space_.Reference(Named("early"), {0, 3, 5});
  space_.Reference(Named("bound"), {0, 1, 1});
  space_.Define({Named("bound"), 0}, Named("bound"));
  const auto unbound = space_.FindUnbound();
  ASSERT_TRUE(unbound.has_value());
  EXPECT_EQ(unbound->first, Named("early"));
  EXPECT_EQ(unbound->second, (Position{0, 3, 5}));
}

TEST_F(EnvironmentTest, WhatNobodyCanAssignIsConstantAtTheEnd) {
  const auto define = [&](std::string_view name) {
    return space_.Define({Named(name), 0}, Named(name));
  };
  Global* const kept = define("kept");
  Global* const assigned = define("assigned");
  assigned->is_assigned = true;
  Global* const mentioned = define("mentioned");
  space_.MentionInTemplate(Named("mentioned"));
  Global* const unnamed = space_.MakeGlobal(Named("unnamed"));
  EXPECT_FALSE(kept->is_constant);
  space_.Complete();
  EXPECT_TRUE(kept->is_constant);
  EXPECT_FALSE(assigned->is_constant);
  EXPECT_FALSE(mentioned->is_constant);
  EXPECT_TRUE(unnamed->is_constant);
}

TEST_F(EnvironmentTest, ScopesMayHaveManyBindings) {
  Scope scope(arena_, space_);
  for (int i = 0; i < 1'000; ++i) Bind(scope, Symbol(std::to_string(i)));
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(Of(Symbol(std::to_string(i)), scope).kind, Kind::kVariable);
  }
}

}  // namespace
}  // namespace fledge::lambda
