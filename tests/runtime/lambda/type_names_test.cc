#include "runtime/lambda/type_names.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/runtime/lambda/machine.h"

namespace fledge::lambda {
namespace {

TEST(TypeNamesTest, EveryTypeHasANameAndTextsHaveOne) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < runtime::kObjectTypeCount; ++i) {
    const auto name = NameOfType(static_cast<ObjectType>(i));
    EXPECT_FALSE(name.empty());
    names.insert(std::string(name));
  }
  // Five kinds of text are strings, and names of symbols are symbols.
  EXPECT_EQ(names.size(), runtime::kObjectTypeCount - 5);
}

TEST(TypeNamesTest, ObjectsHaveTheNamesThatProgramsKnow) {
  Machine machine(Machine::Quiet());
  EXPECT_EQ(TypeNameOf(machine.List({machine.Integer(1)}).get().object()),
            "pair");
  EXPECT_EQ(TypeNameOf(machine.String(U"a").get().object()), "string");
  EXPECT_EQ(TypeNameOf(machine.String(U"\u03bb").get().object()), "string");
  EXPECT_EQ(TypeNameOf(machine.Symbol("a").get().object()), "symbol");
}

}  // namespace
}  // namespace fledge::lambda
