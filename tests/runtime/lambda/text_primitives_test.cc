#include <gtest/gtest.h>

#include <string>

#include "tests/runtime/lambda/machine.h"

namespace fledge::lambda {
namespace {

class TextPrimitivesTest : public PrimitivesTest {};

TEST_P(TextPrimitivesTest, OnlyTextsAreStrings) {
  const Local moved = Str(U"a");
  EXPECT_TRUE(IsTrue("string?", {moved}));
  machine_.Call("string-set!", {moved, Int(0), Char(U'λ')});
  EXPECT_TRUE(IsTrue("string?", {moved}));
  EXPECT_TRUE(IsTrue("string?", {Str(U"λ")}));
  EXPECT_FALSE(IsTrue("string?", {Int(1)}));
  EXPECT_FALSE(IsTrue("string?", {machine_.Symbol("a")}));
}

TEST_P(TextPrimitivesTest, StringsAreMadeOfCharacters) {
  EXPECT_EQ(TextOf("make-string", {Int(3), Char(U'λ')}), U"λλλ");
  EXPECT_EQ(TextOf("make-string", {Int(2)}).size(), 2u);
  EXPECT_EQ(TextOf("string", {}), U"");
  EXPECT_EQ(TextOf("string", {Char(U'a'), Char(U'λ')}), U"aλ");
  EXPECT_EQ(TextOf("list->string",
                   {machine_.List({Char(U'a'), Char(U'é'), Char(U'漢')})}),
            U"aé漢");
  EXPECT_EQ(TextOf("vector->string",
                   {machine_.Make("vector", {Int(1), Char(U'a'), Char(U'b')}),
                    Int(1)}),
            U"ab");
  EXPECT_EQ(ErrorOf("list->string", {machine_.List({Int(1)})}),
            "wrong-type: list->string: argument 1 is not a list of characters");
  EXPECT_EQ(ErrorOf("list->string", {Int(1)}),
            "wrong-type: list->string: argument 1 is not a list");
  EXPECT_EQ(ErrorOf("string", {Char(U'a'), Int(1)}),
            "wrong-type: string: argument 2 is not a character");
  EXPECT_EQ(ErrorOf("make-string", {Int(-1)}),
            "out-of-range: make-string: argument 1 is not a length from 0 to " +
                std::to_string(runtime::kLargestLength));
  EXPECT_EQ(ErrorOf("make-string", {Int(4'000'000'000)}),
            "out-of-memory: there is no memory for this");
}

TEST_P(TextPrimitivesTest, CharactersAreReadAndStoredByIndex) {
  const Local text = Str(U"abc");
  EXPECT_EQ(Shown("string-length", {text}), "3");
  EXPECT_EQ(Shown("string-ref", {text, Int(1)}), "b");
  machine_.Call("string-set!", {text, Int(1), Char(U'€')});
  EXPECT_EQ(Machine::TextOf(text.get()), U"a€c");
  EXPECT_EQ(Shown("string-length", {text}), "3");
  EXPECT_EQ(ErrorOf("string-ref", {text, Int(3)}),
            "out-of-range: string-ref: argument 2 is not an index below 3");
  EXPECT_EQ(ErrorOf("string-set!", {text, Int(-1), Char(U'a')}),
            "out-of-range: string-set!: argument 2 is not an index below 3");
  EXPECT_EQ(ErrorOf("string-ref", {text, text}),
            "wrong-type: string-ref: argument 2 is not an index, an exact "
            "integer");
  EXPECT_EQ(ErrorOf("string-set!", {text, Int(0), Int(1)}),
            "wrong-type: string-set!: argument 3 is not a character");
}

TEST_P(TextPrimitivesTest, ASymbolsNameIsNotChanged) {
  const Local name =
      machine_.Make("symbol->string", {machine_.Symbol("immutable")});
  const std::string error = "is not a string that may be changed";
  for (const std::string& message :
       {ErrorOf("string-set!", {name, Int(0), Char(U'?')}),
        ErrorOf("string-set!", {name, Int(0), Char(U'λ')}),
        ErrorOf("string-fill!", {name, Char(U'?')}),
        ErrorOf("string-copy!", {name, Int(0), name})}) {
    EXPECT_NE(message.find(error), std::string::npos) << message;
  }
  EXPECT_EQ(Machine::TextOf(name.get()), U"immutable");
  const Local copy = machine_.Make("string-copy", {name});
  machine_.Call("string-set!", {copy, Int(0), Char(U'λ')});
  EXPECT_EQ(Machine::TextOf(copy.get()), U"λmmutable");
}

TEST_P(TextPrimitivesTest, ComparisonsAreOfAllNeighbours) {
  const Local a = Str(U"a");
  const Local b = Str(U"b");
  const Local big = Str(U"B");
  EXPECT_TRUE(IsTrue("string<?", {a, b, Str(U"λ")}));
  EXPECT_FALSE(IsTrue("string<?", {a, b, b}));
  EXPECT_TRUE(IsTrue("string<=?", {a, b, b}));
  EXPECT_TRUE(IsTrue("string>?", {b, a}));
  EXPECT_TRUE(IsTrue("string>=?", {b, b, a}));
  EXPECT_TRUE(IsTrue("string=?", {a, Str(U"a")}));
  EXPECT_FALSE(IsTrue("string=?", {b, big}));
  EXPECT_TRUE(IsTrue("string-ci=?", {b, big, b}));
  EXPECT_TRUE(IsTrue("string-ci<?", {a, big}));
  EXPECT_TRUE(IsTrue("string-ci>?", {big, a}));
  EXPECT_TRUE(IsTrue("string-ci<=?", {a, big, b}));
  EXPECT_TRUE(IsTrue("string-ci>=?", {b, big, a}));
  // Also what comes after the answer is known must be a string.
  EXPECT_EQ(ErrorOf("string=?", {a, b, Int(1)}),
            "wrong-type: string=?: argument 3 is not a string");
}

TEST_P(TextPrimitivesTest, PartsAreCopied) {
  const Local text = Str(U"abλd");
  EXPECT_EQ(TextOf("substring", {text, Int(1), Int(3)}), U"bλ");
  EXPECT_EQ(TextOf("string-copy", {text}), U"abλd");
  EXPECT_EQ(TextOf("string-copy", {text, Int(4)}), U"");
  EXPECT_EQ(Shown("string->list", {Str(U"abc"), Int(1)}), "(b c)");
  EXPECT_EQ(Shown("string->vector", {Str(U"abc"), Int(0), Int(2)}), "#(a b)");
  EXPECT_EQ(TextOf("string-append", {}), U"");
  EXPECT_EQ(TextOf("string-append", {text, Str(U""), Str(U"é")}), U"abλdé");
  EXPECT_EQ(ErrorOf("substring", {text, Int(3), Int(2)}),
            "out-of-range: substring: argument 2 is not a start from 0 to 2");
  EXPECT_EQ(ErrorOf("substring", {text, Int(0), Int(5)}),
            "out-of-range: substring: argument 3 is not an end from 0 to 4");
}

TEST_P(TextPrimitivesTest, PartsAreStored) {
  const Local text = Str(U"12345");
  // R7RS's example, and places that overlap.
  machine_.Call("string-copy!", {text, Int(1), Str(U"ab"), Int(0), Int(2)});
  EXPECT_EQ(Machine::TextOf(text.get()), U"1ab45");
  machine_.Call("string-copy!", {text, Int(1), text, Int(0), Int(4)});
  EXPECT_EQ(Machine::TextOf(text.get()), U"11ab4");
  machine_.Call("string-copy!", {text, Int(0), text, Int(2)});
  EXPECT_EQ(Machine::TextOf(text.get()), U"ab4b4");
  machine_.Call("string-fill!", {text, Char(U'λ'), Int(3)});
  EXPECT_EQ(Machine::TextOf(text.get()), U"ab4λλ");
  EXPECT_EQ(ErrorOf("string-copy!", {text, Int(4), Str(U"ab")}),
            "out-of-range: string-copy!: argument 2 is not a place for 2 items "
            "from 0 to 3");
  EXPECT_EQ(ErrorOf("string-copy!", {text, Int(0), Str(U"abcdef")}),
            "out-of-range: string-copy!: argument 1 is not long enough for 6 "
            "items");
}

TEST_P(TextPrimitivesTest, CasesAreMappedAndTextsFound) {
  EXPECT_EQ(TextOf("string-upcase", {Str(U"Straße")}), U"STRASSE");
  EXPECT_EQ(TextOf("string-downcase", {Str(U"ΧΑΟΣ Σ")}), U"χαος σ");
  EXPECT_EQ(TextOf("string-foldcase", {Str(U"Straße")}), U"strasse");
  EXPECT_EQ(Shown("string-contains", {Str(U"banana"), Str(U"an")}), "1");
  EXPECT_EQ(Shown("string-contains", {Str(U"banana"), Str(U"an"), Int(2)}),
            "3");
  EXPECT_EQ(Shown("string-contains", {Str(U"banana"), Str(U"λ")}), "#f");
  const Local wide = Str(U"ab");
  machine_.Call("string-set!", {wide, Int(0), Char(U'λ')});
  machine_.Call("string-set!", {wide, Int(0), Char(U'a')});
  EXPECT_EQ(Shown("string-hash", {wide}), Shown("string-hash", {Str(U"ab")}));
}

TEST_P(TextPrimitivesTest, SymbolsAndStringsAreNamesOfEachOther) {
  const Local symbol = machine_.Symbol("λ-x");
  EXPECT_EQ(TextOf("symbol->string", {symbol}), U"λ-x");
  const Local again = machine_.Make("string->symbol", {Str(U"λ-x")});
  EXPECT_EQ(again.get(), symbol.get());
  EXPECT_TRUE(IsTrue("symbol?", {symbol}));
  EXPECT_FALSE(IsTrue("symbol?", {Str(U"a")}));
  EXPECT_TRUE(IsTrue("symbol=?", {symbol, machine_.Symbol("λ-x")}));
  EXPECT_FALSE(IsTrue("symbol=?", {symbol, symbol, machine_.Symbol("x")}));
  EXPECT_EQ(ErrorOf("symbol=?", {symbol, Int(1)}),
            "wrong-type: symbol=?: argument 2 is not a symbol");
}

TEST_P(TextPrimitivesTest, CharactersAreComparedMappedAndNumbered) {
  EXPECT_TRUE(IsTrue("char?", {Char(U'a')}));
  EXPECT_FALSE(IsTrue("char?", {Int(1)}));
  EXPECT_TRUE(IsTrue("char<?", {Char(U'a'), Char(U'b'), Char(U'λ')}));
  EXPECT_FALSE(IsTrue("char=?", {Char(U'a'), Char(U'A')}));
  EXPECT_TRUE(IsTrue("char-ci=?", {Char(U'a'), Char(U'A')}));
  EXPECT_TRUE(IsTrue("char-ci>?", {Char(U'Z'), Char(U'a')}));
  EXPECT_TRUE(IsTrue("char-alphabetic?", {Char(U'λ')}));
  EXPECT_TRUE(IsTrue("char-numeric?", {Char(U'٤')}));
  EXPECT_TRUE(IsTrue("char-whitespace?", {Char(U'\u3000')}));
  EXPECT_TRUE(IsTrue("char-upper-case?", {Char(U'Σ')}));
  EXPECT_FALSE(IsTrue("char-lower-case?", {Char(U'Σ')}));
  EXPECT_EQ(Shown("digit-value", {Char(U'٤')}), "4");
  EXPECT_EQ(Shown("digit-value", {Char(U'x')}), "#f");
  EXPECT_EQ(Shown("char-upcase", {Char(U'i')}), "I");
  EXPECT_EQ(Shown("char-downcase", {Char(U'I')}), "i");
  EXPECT_EQ(Shown("char-foldcase", {Char(U'I')}), "i");
  EXPECT_EQ(Shown("char->integer", {Char(U'λ')}), "955");
  EXPECT_EQ(Shown("integer->char", {Int(0x61)}), "a");
  for (const std::int64_t none : {-1, 0xd800, 0xdfff, 0x110000}) {
    EXPECT_EQ(ErrorOf("integer->char", {Int(none)}),
              "out-of-range: integer->char: argument 1 is not a code point, "
              "from 0 to #xD7FF or from #xE000 to #x10FFFF");
  }
  EXPECT_EQ(ErrorOf("char<?", {Char(U'b'), Char(U'a'), Int(1)}),
            "wrong-type: char<?: argument 3 is not a character");
}

INSTANTIATE_TEST_SUITE_P(Policies, TextPrimitivesTest, EveryPolicy(),
                         PolicyName);

}  // namespace
}  // namespace fledge::lambda
