#include "runtime/lambda/text_order.h"

#include <gtest/gtest.h>

#include <string>

#include "runtime/text_contents.h"
#include "tests/runtime/lambda/machine.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

// The same characters in a wide text.
Local Widened(Machine& machine, std::u32string_view characters) {
  const Local text = machine.String(characters);
  EXPECT_TRUE(TryWiden(machine.mutator, text));
  return text;
}

std::u32string AnyString(Random& random) {
  constexpr char32_t kFew[] = {U'a', U'b', U'é', U'λ'};
  std::u32string string(random.Below(8), U' ');
  const std::size_t of = random.Between(1, 4);
  for (char32_t& c : string) c = kFew[random.Below(of)];
  return string;
}

TEST(TextOrderTest, TextsAreOrderedAsStringsOfCppAre) {
  const std::uint64_t seed = TestSeed();
  SCOPED_TRACE("FLEDGE_TEST_SEED=" + std::to_string(seed));
  Random random(seed);
  Machine machine(Machine::Quiet());
  for (int i = 0; i < 500; ++i) {
    const runtime::HandleScope scope(machine.mutator);
    const std::u32string a = AnyString(random);
    const std::u32string b = AnyString(random);
    const Local left =
        random.OneIn(3) ? Widened(machine, a) : machine.String(a);
    const Local right =
        random.OneIn(3) ? Widened(machine, b) : machine.String(b);
    const Text one(left.get());
    const Text other(right.get());
    EXPECT_EQ(CompareTexts(one, other), a.compare(b) <=> 0);
    EXPECT_EQ(CompareFoldedTexts(one, other), a.compare(b) <=> 0);
    EXPECT_EQ(runtime::HaveSameCharacters(one, other), a == b);
    EXPECT_EQ(runtime::HashOf(one) == runtime::HashOf(other), a == b);
    const std::size_t from = random.Below(a.size() + 1);
    const std::size_t found = a.find(b, from);
    const auto at = FindText(one, other, from);
    EXPECT_EQ(at.value_or(std::u32string::npos), found);
  }
}

TEST(TextOrderTest, FoldingMakesCasesAndLengthsAlike) {
  Machine machine;
  const auto compare = [&](std::u32string_view a, std::u32string_view b) {
    const Local one = machine.String(a);
    const Local other = machine.String(b);
    return CompareFoldedTexts(Text(one.get()), Text(other.get()));
  };
  EXPECT_EQ(compare(U"Straße", U"STRASSE"), std::strong_ordering::equal);
  EXPECT_EQ(compare(U"ΧΑΟΣ", U"χαος"), std::strong_ordering::equal);
  EXPECT_EQ(compare(U"", U""), std::strong_ordering::equal);
  EXPECT_EQ(compare(U"aB", U"Abc"), std::strong_ordering::less);
  EXPECT_EQ(compare(U"ß", U"s"), std::strong_ordering::greater);
  EXPECT_EQ(compare(U"z", U"A"), std::strong_ordering::greater);
}

}  // namespace
}  // namespace fledge::lambda
