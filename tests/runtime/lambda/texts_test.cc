#include "runtime/lambda/texts.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/identity_hash.h"
#include "tests/runtime/lambda/machine.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

using runtime::HasIdentityHash;
using runtime::IdentityHash;

constexpr char32_t kWideOnes[] = {U'λ', U'€', U'漢', U'😀', 0x10ffff};

std::size_t SizeOf(Value value) {
  return runtime::SizeFrom(gc::LoadHeader(value.object()));
}

TEST(TextsTest, AHundredCharactersOfAsciiTakeAtMost120Bytes) {
  Machine machine;
  EXPECT_LE(SizeOf(machine.String(std::u32string(100, U'x')).get()), 120u);
}

TEST(TextsTest, ATextIsAsNarrowAsItCanBe) {
  Machine machine;
  EXPECT_FALSE(Text(machine.String(U"na\u00efve\u00ff").get()).is_wide());
  EXPECT_TRUE(Text(machine.String(U"\u0100").get()).is_wide());
  const Local mixed = machine.String(U"λabc");
  const Local part = machine.Keep(TryCopyText(machine.mutator, mixed, {1, 4}));
  EXPECT_FALSE(Text(part.get()).is_wide());
  EXPECT_EQ(Machine::TextOf(part.get()), U"abc");
}

TEST(TextsTest, ACharacterThatDoesNotFitMakesTheTextWideInPlace) {
  Machine::UnderEveryPolicy([](const gc::HeapOptions& options) {
    for (const std::size_t length : {1, 2, 7, 8, 9, 16, 100}) {
      Machine machine(options);
      const Local text = machine.String(std::u32string(length, U'a'));
      const Local box = machine.Keep(MakeBox(machine.mutator, text));
      ASSERT_TRUE(TrySetCharacter(machine.mutator, text, length - 1, U'λ'));
      machine.Keep(MakeBox(machine.mutator, text));  // May move everything.
      std::u32string expected(length, U'a');
      expected.back() = U'λ';
      EXPECT_EQ(Machine::TextOf(text.get()), expected);
      EXPECT_TRUE(Text(text.get()).is_wide());
      // It is the object that others know.
      EXPECT_EQ(runtime::Box(box.get()).content(), text.get());
      EXPECT_TRUE(Is(text.get(), ObjectType::kMovedText));
    }
  });
}

// With the hash in the header's salt, and as the last word.
TEST(TextsTest, AMovedTextKeepsItsIdentityHash) {
  Machine::UnderEveryPolicy([](const gc::HeapOptions& options) {
    for (const bool stored : {false, true}) {
      for (const std::size_t length : {1, 8, 9, 40}) {
        Machine machine(options);
        const Local text = machine.String(std::u32string(length, U'a'));
        const std::uint32_t hash = IdentityHash(text.get().object());
        if (stored) {
          for (int i = 0; i < 3; ++i) {
            machine.mutator.Collect(gc::CollectionKind::kMinor);
          }
        }
        ASSERT_TRUE(TryWiden(machine.mutator, text));
        EXPECT_TRUE(HasIdentityHash(text.get().object()));
        EXPECT_EQ(IdentityHash(text.get().object()), hash);
        machine.mutator.Collect(gc::CollectionKind::kMajor);
        EXPECT_EQ(IdentityHash(text.get().object()), hash);
        EXPECT_EQ(Machine::TextOf(text.get()), std::u32string(length, U'a'));
      }
    }
  });
}

// The wide text is young, and only the old one refers to it.
TEST(TextsTest, AnOldTextKeepsTheWideTextThatItBecame) {
  for (const std::size_t length :
       {std::size_t{20}, 2 * gc::kLargestYoungBytes}) {
    Machine machine(Machine::Quiet());
    const Local text = machine.String(std::u32string(length, U'a'));
    for (int i = 0; i < 5; ++i) {
      machine.mutator.Collect(gc::CollectionKind::kMinor);
    }
    ASSERT_TRUE(TrySetCharacter(machine.mutator, text, 3, U'λ'));
    machine.mutator.Collect(gc::CollectionKind::kMinor);
    for (int i = 0; i < 1000; ++i) {
      const runtime::HandleScope scope(machine.mutator);
      machine.String(U"something else");
    }
    machine.mutator.Collect(gc::CollectionKind::kMajor);
    std::u32string expected(length, U'a');
    expected[3] = U'λ';
    EXPECT_EQ(Machine::TextOf(text.get()), expected);
  }
}

TEST(TextsTest, CharactersAreCopiedOverThemselves) {
  for (const std::u32string before : {U"0123456789", U"012345678λ"}) {
    Machine machine;
    const auto copied = [&](std::size_t at, Range range) {
      const Local text = machine.String(before);
      EXPECT_TRUE(TryCopyCharacters(machine.mutator, text, at, text, range));
      return Machine::TextOf(text.get());
    };
    EXPECT_EQ(copied(2, {0, 6}), U"01012345" + before.substr(8));
    EXPECT_EQ(copied(0, {2, 8}), U"23456767" + before.substr(8));
  }
}

TEST(TextsTest, AnEmptyTextStaysWhatItIs) {
  Machine machine;
  const Local text = machine.String(U"");
  EXPECT_TRUE(TryWiden(machine.mutator, text));
  EXPECT_TRUE(TryFillText(machine.mutator, text, {0, 0}, U'λ'));
  EXPECT_TRUE(Is(text.get(), ObjectType::kText));
}

TEST(TextsTest, ATextOfUtf8IsItsCharacters) {
  Machine machine;
  const auto made = [&](std::string_view utf8) {
    return Machine::TextOf(TryMakeTextOfUtf8(machine.mutator, utf8));
  };
  EXPECT_EQ(made(""), U"");
  EXPECT_EQ(made("abc"), U"abc");
  EXPECT_EQ(made("\xc3\xa9\xce\xbb\xf0\x9f\x98\x80"), U"é\u03bb\U0001f600");
}

TEST(TextsTest, ALengthThatNoHeapHoldsIsRefused) {
  Machine machine(Machine::Quiet());
  for (const std::size_t length :
       {runtime::kLargestLength / 4, runtime::kLargestLength / 4 + 1,
        runtime::kLargestLength, ~std::size_t{0}}) {
    EXPECT_TRUE(TryMakeText(machine.mutator, length, U'λ').IsEmpty());
    EXPECT_TRUE(TryMakeText(machine.mutator, length, U'a').IsEmpty());
  }
}

// Random changes of a few texts, and the same of strings of C++.
class Shadows {
 public:
  Shadows(Machine& machine, Random& random)
      : machine_(machine), random_(random) {
    for (int i = 0; i < 4; ++i) {
      texts_.push_back(machine.Keep(Value::Nil()));
      strings_.emplace_back();
      Replace(texts_.size() - 1, AnyString());
    }
  }

  void Step() {
    const std::size_t i = random_.Below(texts_.size());
    const Local text = texts_[i];
    std::u32string& string = strings_[i];
    const Range range = AnyRange(string);
    switch (random_.Below(6)) {
      case 0:
        return Replace(i, AnyString());
      case 1:
        if (string.empty()) return;
        string[range.begin % string.size()] = AnyCharacter();
        ASSERT_TRUE(TrySetCharacter(machine_.mutator, text,
                                    range.begin % string.size(),
                                    string[range.begin % string.size()]));
        return;
      case 2: {
        const char32_t fill = AnyCharacter();
        string.replace(range.begin, range.size(), range.size(), fill);
        ASSERT_TRUE(TryFillText(machine_.mutator, text, range, fill));
        return;
      }
      case 3: {
        // Of another text, or within the same one.
        const std::size_t j = random_.Below(texts_.size());
        const std::u32string from = strings_[j];
        Range part = AnyRange(from);
        if (part.size() > string.size()) part.end = part.begin + string.size();
        const std::size_t at = random_.Below(string.size() - part.size() + 1);
        string.replace(at, part.size(), from, part.begin, part.size());
        ASSERT_TRUE(
            TryCopyCharacters(machine_.mutator, text, at, texts_[j], part));
        return;
      }
      case 4:
        texts_[i].set(TryCopyText(machine_.mutator, text, range));
        string = string.substr(range.begin, range.size());
        return;
      default:
        // Asking for a hash makes it grow when it moves.
        IdentityHash(text.get().object());
    }
  }

  void Compare() {
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      ASSERT_EQ(Machine::TextOf(texts_[i].get()), strings_[i]);
    }
  }

 private:
  void Replace(std::size_t i, const std::u32string& string) {
    strings_[i] = string;
    texts_[i].set(TryMakeText(machine_.mutator, string));
  }
  char32_t AnyCharacter() {
    if (random_.OneIn(8)) return random_.Pick(kWideOnes);
    return static_cast<char32_t>(random_.Below(256));
  }
  std::u32string AnyString() {
    std::u32string string(random_.Below(30), U' ');
    const bool ascii = random_.OneIn(2);
    for (char32_t& c : string) c = ascii ? U'a' : AnyCharacter();
    return string;
  }
  Range AnyRange(const std::u32string& string) {
    const std::size_t begin = random_.Below(string.size() + 1);
    return {begin, begin + random_.Below(string.size() - begin + 1)};
  }

  Machine& machine_;
  Random& random_;
  std::vector<Local> texts_;
  std::vector<std::u32string> strings_;
};

TEST(TextsTest, RandomChangesAreThoseOfAStringOfCpp) {
  const std::uint64_t seed = TestSeed();
  SCOPED_TRACE("FLEDGE_TEST_SEED=" + std::to_string(seed));
  Machine::UnderEveryPolicy([&](const gc::HeapOptions& options) {
    Random random(seed);
    Machine machine(options);
    Shadows shadows(machine, random);
    for (int i = 0; i < 400; ++i) {
      shadows.Step();
      ASSERT_NO_FATAL_FAILURE(shadows.Compare());
    }
  });
}

}  // namespace
}  // namespace fledge::lambda
