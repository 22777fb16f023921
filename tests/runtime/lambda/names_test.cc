#include "runtime/lambda/names.h"

#include <gtest/gtest.h>

#include <string>

namespace fledge::lambda {
namespace {

TEST(NamesTest, ThereIsOneNameForAText) {
  Names names;
  const Name* const car = names.Intern("car");
  const Name* const cdr = names.Intern("cdr");
  EXPECT_NE(car, cdr);
  EXPECT_EQ(names.Intern(std::string("c") + "ar"), car);
  EXPECT_EQ(car->text, "car");
  EXPECT_EQ(names.count(), 2u);
}

TEST(NamesTest, TheTextIsACopy) {
  Names names;
  std::string text = "short";
  const Name* const name = names.Intern(text);
  text = "other";
  EXPECT_EQ(name->text, "short");
  EXPECT_NE(names.Intern(text), name);
}

TEST(NamesTest, NamesMayHoldAnyBytes) {
  Names names;
  const std::string zero("a\0b", 3);
  EXPECT_EQ(names.Intern(zero)->text, zero);
  EXPECT_NE(names.Intern(zero), names.Intern("a"));
  EXPECT_EQ(names.Intern("")->text, "");
}

TEST(NamesTest, NamesStayWhereTheyAreAsMoreCome) {
  Names names;
  const Name* const first = names.Intern("name 0");
  for (int i = 1; i < 10'000; ++i) names.Intern("name " + std::to_string(i));
  EXPECT_EQ(names.Intern("name 0"), first);
  EXPECT_EQ(first->text, "name 0");
}

}  // namespace
}  // namespace fledge::lambda
